//! Finding roles.

use std::collections::HashMap;

use async_trait::async_trait;
use sqlx::postgres::PgRow;
use sqlx::{Executor as _, PgConnection, Row as _};

use super::fault::Fault;
use super::question::Question;
use super::rank::Ranks;
use super::token::{Field, all_of};
use super::{Postgres, row, skills};
use crate::store::StoreError;
use crate::store::document::Slice;
use crate::store::search::*;

#[async_trait]
impl Finder for Postgres {
    async fn find(&self, search: &Search) -> Result<Found, StoreError> {
        self.read(|mut lease| async move {
            // All statements see the same roles.
            lease.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
            let found = find(&mut lease, search).await?;
            lease.execute("COMMIT").await?;
            Ok((found, lease))
        })
        .await
    }

    async fn skills(
        &self,
        words: &[String],
        after: Option<&str>,
        limit: usize,
    ) -> Result<(Slice<SkillCount>, u64), StoreError> {
        self.read(
            |mut lease| async move { Ok((skills::list(&mut lease, words, after, limit).await?, lease)) },
        )
        .await
    }
}

async fn find(connection: &mut PgConnection, search: &Search) -> Result<Found, Fault> {
    let sort = match search.sort {
        Sort::Relevance if search.words.is_empty() => Sort::Id,
        sort => sort,
    };
    if search.after.as_ref().is_some_and(|after| !after.is_of(sort)) {
        return Err(StoreError::failed("a place in a list of another order").into());
    }
    let all = Question::new(search, sort, all_of(Field::Text, &search.words));
    let (mut page, total) = if sort == Sort::Relevance {
        let all = all.roll(connection).await?;
        let total = all.numbers.len() as u64;
        (Ranks::new(search, all).page(connection).await?, total)
    } else {
        let total = all.count(connection).await?;
        let numbers = all.page(connection, search.after.as_ref(), search.limit + 1, total > COUNTED).await?;
        (numbers.into_iter().map(|number| (Tier::TextHas, number)).collect(), total)
    };
    let more = page.len() > search.limit;
    page.truncate(search.limit);
    let total = if total > COUNTED { Total::AtLeast(COUNTED) } else { Total::Exactly(total) };
    let places = places(connection, sort, &page).await?;
    let next = places.last().filter(|_| more).map(|(_, position)| position.clone());
    Ok(Found { hits: places.into_iter().map(|(hit, _)| hit).collect(), total, next })
}

/// What is told of the roles of a page, and where each stands.
async fn places(
    connection: &mut PgConnection,
    sort: Sort,
    page: &[(Tier, i64)],
) -> Result<Vec<(Hit, Position)>, Fault> {
    let sql = "SELECT number, id, title, at, revision, summary FROM role_index WHERE number = ANY ($1)";
    let numbers: Vec<i64> = page.iter().map(|(_, number)| *number).collect();
    let mut rows = HashMap::new();
    for row in sqlx::query(sql).bind(numbers).fetch_all(connection).await? {
        rows.insert(row.try_get::<i64, _>(0)?, row);
    }
    let place = |(tier, number): &(Tier, i64)| {
        let row = rows.get(number)?;
        Some(position(row, sort, *tier, *number).and_then(|position| Ok((hit(row)?, position))))
    };
    page.iter().filter_map(place).collect()
}

fn position(row: &PgRow, sort: Sort, tier: Tier, number: i64) -> Result<Position, Fault> {
    let id = row.try_get(1)?;
    Ok(match sort {
        Sort::Relevance => Position::Rank(tier, number),
        Sort::Id => Position::Id(id),
        Sort::Title => Position::Title(row.try_get(2)?, id),
        Sort::Updated => Position::Updated(row.try_get(3)?, id),
    })
}

fn hit(row: &PgRow) -> Result<Hit, Fault> {
    Ok(Hit { summary: row.try_get(5)?, revision: row::revision(row, 4)?, at: row::at(row, 3)? })
}

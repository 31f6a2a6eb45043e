//! Finding roles: by rank, or in the order of an index.

use async_trait::async_trait;
use rusqlite::{Connection, Row, ToSql};

use super::document::one_more;
use super::facts::{Bound, Facts};
use super::order::{Line, Stretch, another_order, place};
use super::query::Query;
use super::time::at;
use super::{Sqlite, skills, token};
use crate::store::StoreError;
use crate::store::document::Slice;
use crate::store::search::*;

/// Up to so many roles are sorted when all of them were found. Of more, the index of the order is
/// walked until enough of them were met.
const SORTED: u64 = 2_000;
/// What is read of a role that was found, and its keys in every order.
const HIT: &str = "r.summary, r.revision, r.updated, r.id, r.title, r.number";
/// The roles that the full-text index has, in the order of their numbers.
const BY_NUMBER: &str = "role_words CROSS JOIN role_index r ON r.number = role_words.rowid";
/// Those of them that it finds.
const MATCHES: &str = "role_words MATCH :query";

#[async_trait]
impl Finder for Sqlite {
    async fn find(&self, search: &Search) -> Result<Found, StoreError> {
        let search = search.clone();
        self.read(move |c| {
            // All statements see the same roles.
            let snapshot = c.unchecked_transaction()?;
            Seeker::new(&snapshot, &search)?.find()
        })
        .await
    }

    async fn skills(
        &self,
        words: &[String],
        after: Option<&str>,
        limit: usize,
    ) -> Result<(Slice<SkillCount>, u64), StoreError> {
        let (words, after) = (words.to_vec(), after.map(str::to_owned));
        self.read(move |c| Ok(skills::list(c, &words, after.as_deref(), limit)?)).await
    }
}

/// A search that is under way.
struct Seeker<'s> {
    connection: &'s Connection,
    search: &'s Search,
    /// Words and facets, if there are any.
    query: Option<Query>,
    facts: Facts,
}

impl<'s> Seeker<'s> {
    fn new(connection: &'s Connection, search: &'s Search) -> Result<Self, StoreError> {
        if search.words.len() > MAX_WORDS || !search.words.iter().all(|word| token::is_word(word)) {
            return Err(StoreError::failed("a search is for a few words as `index::words` makes them"));
        }
        let query = Query::of(connection, search)?;
        Ok(Self { connection, search, query, facts: Facts::of(search) })
    }

    fn find(&self) -> Result<Found, StoreError> {
        let ranked = self.query.as_ref().filter(|q| self.search.sort == Sort::Relevance && q.has_words());
        let (mut hits, total) = match ranked {
            // To compare role by role takes long, and after the last one there is nothing to be found.
            Some(query) if !self.facts.is_empty() => {
                let total = self.count()?;
                (self.ranked(query, total)?, total)
            }
            Some(query) => {
                let hits = self.ranked(query, u64::MAX)?;
                let whole = self.search.after.is_none() && hits.len() <= self.search.limit;
                let total = if whole { hits.len() as u64 } else { self.count()? };
                (hits, total)
            }
            None => {
                let total = self.count()?;
                (self.ordered(total)?, total)
            }
        };
        let more = hits.len() > self.search.limit;
        hits.truncate(self.search.limit);
        let next = hits.last().filter(|_| more).map(|(_, position)| position.clone());
        let total = if total > COUNTED { Total::AtLeast(COUNTED) } else { Total::Exactly(total) };
        Ok(Found { hits: hits.into_iter().map(|(hit, _)| hit).collect(), total, next })
    }

    /// One more than a page, tier by tier; no further than to the last one of `total`.
    fn ranked(&self, query: &Query, total: u64) -> Result<Vec<(Hit, Position)>, StoreError> {
        let (first, after) = match &self.search.after {
            None => (Tier::TitleIs, i64::MIN),
            Some(Position::Rank(tier, number)) => (*tier, *number),
            Some(_) => return Err(another_order()),
        };
        let mut hits = Vec::new();
        for tier in TIERS.into_iter().filter(|tier| *tier >= first) {
            let after = if tier == first { after } else { i64::MIN };
            let stretch = Stretch {
                condition: "role_words.rowid > :after",
                order: "role_words.rowid",
                values: vec![(":query", query.tier(tier).into()), (":after", after.into())],
            };
            if hits.len() > self.search.limit || hits.len() as u64 >= total {
                break;
            }
            let wanted = self.search.limit + 1 - hits.len();
            let place = |row: &Row<'_>| Ok(Position::Rank(tier, row.get(5)?));
            hits.extend(self.rows(BY_NUMBER, MATCHES, &stretch, wanted, &place)?);
        }
        Ok(hits)
    }

    /// One more than a page, in the order of an index.
    fn ordered(&self, total: u64) -> Result<Vec<(Hit, Position)>, StoreError> {
        let line = Line::of(self.search)?;
        let by_index = || format!("role_index r INDEXED BY {}", line.index);
        let (from, matches) = match &self.query {
            Some(_) if total <= SORTED => (BY_NUMBER.to_owned(), MATCHES),
            Some(_) => {
                (by_index(), "+r.number IN (SELECT rowid FROM role_words WHERE role_words MATCH :query)")
            }
            None => (by_index(), "TRUE"),
        };
        let place = |row: &Row<'_>| place(self.search.sort, row, 2);
        let mut hits = Vec::new();
        for mut stretch in line.stretches {
            stretch.values.extend(self.query.iter().map(|query| (":query", query.all().into())));
            let wanted = self.search.limit + 1 - hits.len();
            hits.extend(self.rows(&from, matches, &stretch, wanted, &place)?);
            if hits.len() > self.search.limit {
                break;
            }
        }
        Ok(hits)
    }

    fn rows(
        &self,
        from: &str,
        matches: &str,
        stretch: &Stretch,
        limit: usize,
        place: &dyn Fn(&Row<'_>) -> rusqlite::Result<Position>,
    ) -> Result<Vec<(Hit, Position)>, StoreError> {
        let Stretch { condition, order, values } = stretch;
        let conditions = [matches, condition].into_iter().chain(self.facts.conditions());
        let sql = format!(
            "SELECT {HIT} FROM {from}{} WHERE {} ORDER BY {order} LIMIT :limit",
            self.facts.joined("r.number"),
            conditions.collect::<Vec<_>>().join(" AND "),
        );
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let values = values.iter().cloned().chain(self.facts.values()).chain([(":limit", limit.into())]);
        let values: Vec<Bound> = values.collect();
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows = statement.query_map(&*named(&values), |row| {
            let hit = Hit { summary: row.get(0)?, revision: row.get(1)?, at: at(row, 2)? };
            Ok((hit, place(row)?))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// How many roles are found, no further than one more than [`COUNTED`].
    fn count(&self) -> Result<u64, StoreError> {
        let (table, number, matches) = match &self.query {
            Some(_) => ("role_words", "role_words.rowid", MATCHES),
            None if self.facts.is_empty() => ("role_facts", "number", "TRUE"),
            None => ("role_facts f", "f.number", "TRUE"),
        };
        let joined = if self.query.is_some() { self.facts.joined(number) } else { String::new() };
        let conditions = [matches].into_iter().chain(self.facts.conditions());
        let sql = format!(
            "SELECT count(*) FROM (SELECT 1 FROM {table}{joined} WHERE {} LIMIT :limit)",
            conditions.collect::<Vec<_>>().join(" AND "),
        );
        let query = self.query.iter().map(|query| (":query", query.all().into()));
        let limit = one_more(usize::try_from(COUNTED).unwrap_or(usize::MAX));
        let values: Vec<Bound> = query.chain(self.facts.values()).chain([(":limit", limit.into())]).collect();
        let count: i64 =
            self.connection.prepare_cached(&sql)?.query_row(&*named(&values), |row| row.get(0))?;
        Ok(count.unsigned_abs())
    }
}

fn named(values: &[Bound]) -> Vec<(&str, &dyn ToSql)> {
    values.iter().map(|(name, value)| (*name, value as &dyn ToSql)).collect()
}

//! One question to the index of roles.
//!
//! How a page is found depends on how many roles there are to choose from. If they are few, all are
//! taken from the index and sorted. If they are many, the list is walked from where the page starts:
//! it does not take long until the page is full. Should it take long nevertheless (the roles in
//! question may all stand at the end), all are sorted after all. Either way a page deep in the list
//! costs what the first one does. The server's planner would have to guess what is counted here.

use std::collections::HashSet;

use sqlx::{PgConnection, Postgres as Server, QueryBuilder};

use super::fault::Fault;
use super::row;
use super::time::millis;
use super::token::{self, Field, quoted};
use crate::store::search::{COUNTED, Position, Search, Sort};

/// How many roles a walk passes, at most.
const WALK: i64 = 2000;

/// What is asked of the index.
pub struct Question<'s> {
    search: &'s Search,
    sort: Sort,
    /// A `tsquery`, unless neither words nor facets were given.
    terms: Option<String>,
}

impl<'s> Question<'s> {
    /// Roles with these words, and with the facets of a search.
    pub fn new(search: &'s Search, sort: Sort, words: impl IntoIterator<Item = String>) -> Self {
        let money = search.salary.as_ref().map(|band| token::money(&band.currency, &band.period));
        let facet = |field: Field, value: &Option<String>| value.as_ref().map(|value| field.facet(value));
        let facets = [
            facet(Field::Family, &search.family),
            facet(Field::Skill, &search.skill),
            facet(Field::Tag, &search.tag),
            money,
        ];
        let facets = facets.iter().flatten().map(|lexeme| quoted(lexeme));
        let parts: Vec<String> = words.into_iter().chain(facets).collect();
        Self { search, sort, terms: (!parts.is_empty()).then(|| parts.join(" & ")) }
    }

    /// How many there are; one more than [`COUNTED`] if there are more.
    pub async fn count(&self, connection: &mut PgConnection) -> Result<u64, Fault> {
        let mut sql = QueryBuilder::new("SELECT count(*) FROM (SELECT FROM role_index WHERE ");
        self.conditions(&mut sql);
        sql.push(" LIMIT ").push_bind(row::whole(COUNTED + 1)).push(") AS found");
        row::number(&sql.build().fetch_one(connection).await?, 0)
    }

    /// Which they are.
    pub async fn roll(&self, connection: &mut PgConnection) -> Result<Roll, Fault> {
        let mut sql =
            QueryBuilder::new("SELECT array_agg(number) FROM (SELECT number FROM role_index WHERE ");
        self.conditions(&mut sql);
        sql.push(" LIMIT ").push_bind(row::whole(COUNTED + 1)).push(") AS found");
        let numbers: Option<Vec<i64>> = sql.build_query_scalar().fetch_one(connection).await?;
        Ok(Roll { numbers: numbers.unwrap_or_default().into_iter().collect() })
    }

    /// Those after a place, at most so many.
    pub async fn page(
        &self,
        connection: &mut PgConnection,
        after: Option<&Position>,
        limit: usize,
        many: bool,
    ) -> Result<Vec<i64>, Fault> {
        let limit = row::whole(limit as u64);
        if self.is_open() {
            return self.walk(connection, after, limit, limit).await;
        }
        if many {
            let numbers = self.walk(connection, after, limit, WALK).await?;
            if numbers.len() as i64 == limit {
                return Ok(numbers);
            }
        }
        self.choose(connection, after, limit).await
    }

    /// Sorts all that there are.
    async fn choose(
        &self,
        connection: &mut PgConnection,
        after: Option<&Position>,
        limit: i64,
    ) -> Result<Vec<i64>, Fault> {
        // The OFFSET keeps the planner from walking.
        let mut sql =
            QueryBuilder::new("SELECT number FROM (SELECT number, id, title, at FROM role_index WHERE ");
        self.conditions(&mut sql);
        sql.push(" OFFSET 0) AS found WHERE ");
        self.after(&mut sql, after);
        sql.push(" ORDER BY ").push(self.order()).push(" LIMIT ").push_bind(limit);
        Ok(sql.build_query_scalar().fetch_all(connection).await?)
    }

    /// Walks past so many, and picks.
    async fn walk(
        &self,
        connection: &mut PgConnection,
        after: Option<&Position>,
        limit: i64,
        past: i64,
    ) -> Result<Vec<i64>, Fault> {
        let mut sql = QueryBuilder::new("SELECT number FROM (SELECT * FROM role_index WHERE ");
        self.after(&mut sql, after);
        sql.push(" ORDER BY ").push(self.order()).push(" LIMIT ").push_bind(past);
        sql.push(") AS passed WHERE ");
        self.conditions(&mut sql);
        sql.push(" ORDER BY ").push(self.order()).push(" LIMIT ").push_bind(limit);
        Ok(sql.build_query_scalar().fetch_all(connection).await?)
    }

    /// Whether all roles are meant.
    fn is_open(&self) -> bool {
        let band = self.search.salary.as_ref().is_some_and(|band| band.min.is_some() || band.max.is_some());
        self.terms.is_none() && !band && self.search.updated_since.is_none()
    }

    fn conditions(&self, sql: &mut QueryBuilder<Server>) {
        sql.push("true");
        if let Some(terms) = &self.terms {
            // Read once, not for each row.
            sql.push(" AND terms @@ (SELECT ").push_bind(terms.clone()).push("::tsquery)");
        }
        if let Some(since) = self.search.updated_since {
            sql.push(" AND - at <= ").push_bind(-millis(since));
        }
        let band = self.search.salary.as_ref();
        if let Some(min) = band.and_then(|band| band.min) {
            sql.push(" AND band_max >= ").push_bind(min);
        }
        if let Some(max) = band.and_then(|band| band.max) {
            sql.push(" AND band_min <= ").push_bind(max);
        }
    }

    fn order(&self) -> &'static str {
        match self.sort {
            Sort::Relevance => "number",
            Sort::Id => "id",
            Sort::Title => "title, id",
            Sort::Updated => "- at, id",
        }
    }

    fn after(&self, sql: &mut QueryBuilder<Server>, position: Option<&Position>) {
        match position {
            None => sql.push("true"),
            Some(Position::Rank(_, number)) => sql.push("number > ").push_bind(*number),
            Some(Position::Id(id)) => sql.push("id > ").push_bind(id.clone()),
            Some(Position::Title(title, id)) => {
                sql.push("(title, id) > (").push_bind(title.clone()).push(", ");
                sql.push_bind(id.clone()).push(")")
            }
            Some(Position::Updated(at, id)) => {
                sql.push("(- at, id) > (").push_bind(-*at).push(", ").push_bind(id.clone()).push(")")
            }
        };
    }
}

/// The numbers of the roles that a question finds: all of them, or one more than [`COUNTED`].
#[derive(Debug)]
pub struct Roll {
    /// In no order.
    pub numbers: HashSet<i64>,
}

impl Roll {
    /// Whether these are all.
    pub fn is_whole(&self) -> bool {
        self.numbers.len() as u64 <= COUNTED
    }
}

//! Finding roles: by rank, or in the order of an index.

use async_trait::async_trait;
use rusqlite::types::Value;
use rusqlite::{Connection, Row, ToSql};

use super::document::one_more;
use super::facts::{Bound, Facts};
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
const HIT: &str = "r.summary, r.revision, r.updated, r.number, r.id, r.title";
/// The roles that the full-text index has for a query, in the order of their numbers.
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

/// A part of an order: the roles that come after the page's start, and how they follow each other.
struct Stretch {
    condition: &'static str,
    order: &'static str,
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
            Some(query) => {
                let hits = self.ranked(query)?;
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

    /// One more than a page, tier by tier.
    fn ranked(&self, query: &Query) -> Result<Vec<(Hit, Position)>, StoreError> {
        let (first, after) = match &self.search.after {
            None => (Tier::TitleIs, i64::MIN),
            Some(Position::Rank(tier, number)) => (*tier, *number),
            Some(_) => return Err(another_order()),
        };
        let from = "role_words CROSS JOIN role_index r ON r.number = role_words.rowid";
        let stretch = Stretch { condition: "role_words.rowid > :after", order: "role_words.rowid" };
        let mut hits = Vec::new();
        for tier in TIERS.into_iter().filter(|tier| *tier >= first) {
            let after = if tier == first { after } else { i64::MIN };
            let values = [(":query", query.tier(tier).into()), (":after", after.into())];
            let wanted = self.search.limit + 1 - hits.len();
            let place = |row: &Row<'_>| Ok(Position::Rank(tier, row.get(3)?));
            hits.extend(self.rows(from, MATCHES, &stretch, &values, wanted, &place)?);
            if hits.len() > self.search.limit {
                break;
            }
        }
        Ok(hits)
    }

    /// One more than a page, in the order of an index.
    fn ordered(&self, total: u64) -> Result<Vec<(Hit, Position)>, StoreError> {
        let (index, stretches, mut values) = self.line()?;
        if let Some(query) = &self.query {
            values.push((":query", query.all().into()));
        }
        let (from, matches) = match &self.query {
            Some(_) if total <= SORTED => {
                ("role_words CROSS JOIN role_index r ON r.number = role_words.rowid".to_owned(), MATCHES)
            }
            Some(_) => (
                format!("role_index r INDEXED BY {index}"),
                "+r.number IN (SELECT rowid FROM role_words WHERE role_words MATCH :query)",
            ),
            None => (format!("role_index r INDEXED BY {index}"), "TRUE"),
        };
        let place = |row: &Row<'_>| {
            Ok(match self.search.sort {
                Sort::Relevance | Sort::Id => Position::Id(row.get(4)?),
                Sort::Title => Position::Title(row.get(5)?, row.get(4)?),
                Sort::Updated => Position::Updated(row.get(2)?, row.get(4)?),
            })
        };
        let mut hits = Vec::new();
        for stretch in &stretches {
            let wanted = self.search.limit + 1 - hits.len();
            let named = |value: &&Bound| stretch.condition.contains(value.0) || matches.contains(value.0);
            let values: Vec<_> = values.iter().filter(named).cloned().collect();
            hits.extend(self.rows(&from, matches, stretch, &values, wanted, &place)?);
            if hits.len() > self.search.limit {
                break;
            }
        }
        Ok(hits)
    }

    /// The index of the search's order, and what of it is still to come.
    fn line(&self) -> Result<(&'static str, Vec<Stretch>, Vec<Bound>), StoreError> {
        let after_id = |id: &str| (":id", Value::from(id.to_owned()));
        Ok(match (self.search.sort, &self.search.after) {
            (Sort::Relevance | Sort::Id, after) => {
                let id = match after {
                    None => "",
                    Some(Position::Id(id)) => id,
                    Some(_) => return Err(another_order()),
                };
                let stretch = Stretch { condition: "r.id > :id", order: "r.id" };
                ("role_index_by_id", vec![stretch], vec![after_id(id)])
            }
            (Sort::Title, after) => {
                let (title, id) = match after {
                    None => ("", ""),
                    Some(Position::Title(title, id)) => (title.as_str(), id.as_str()),
                    Some(_) => return Err(another_order()),
                };
                let stretch =
                    Stretch { condition: "(r.title, r.id) > (:title, :id)", order: "r.title, r.id" };
                (
                    "role_index_by_title",
                    vec![stretch],
                    vec![(":title", title.to_owned().into()), after_id(id)],
                )
            }
            (Sort::Updated, after) => {
                let (updated, id) = match after {
                    None => (i64::MAX, ""),
                    Some(Position::Updated(updated, id)) => (*updated, id.as_str()),
                    Some(_) => return Err(another_order()),
                };
                // Many may have been written in the same millisecond.
                let same = Stretch { condition: "r.updated = :updated AND r.id > :id", order: "r.id" };
                let older = Stretch { condition: "r.updated < :updated", order: "r.updated DESC, r.id" };
                let values = vec![(":updated", updated.into()), after_id(id)];
                ("role_index_by_update", vec![same, older], values)
            }
        })
    }

    fn rows(
        &self,
        from: &str,
        matches: &str,
        stretch: &Stretch,
        values: &[Bound],
        limit: usize,
        place: &dyn Fn(&Row<'_>) -> rusqlite::Result<Position>,
    ) -> Result<Vec<(Hit, Position)>, StoreError> {
        let Stretch { condition, order } = stretch;
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

fn another_order() -> StoreError {
    StoreError::failed("the position is one of another order")
}

//! A search over postings that is under way.
//!
//! How a page is found depends on how many there are to choose from. If they are few, all are taken from
//! the index of words and facets, and sorted. If they are many, the list is walked from where the page
//! starts: it does not take long until the page is full. Should it take long nevertheless (those in
//! question may all stand at the end), all are sorted after all.

use rusqlite::types::Value;
use rusqlite::{Connection, Row, ToSql};

use super::beginning::{Beginning, Vocabulary, quoted};
use super::document::one_more;
use super::facts::Bound;
use super::posting_order::{Line, place};
use super::time::{at, millis};
use super::token::{self, Field};
use crate::domain::kept_posting::PostingState;
use crate::store::StoreError;
use crate::store::document::Listed;
use crate::store::posting_facets;
use crate::store::postings::{FoundPostings, PostingPosition, PostingSearch};
use crate::store::search::{COUNTED, Total};

/// Up to so many are sorted at once. A walk passes as many, or twice as many as there are to be found.
const SORTED: u64 = 2_000;
/// The postings that the index of words and facets finds.
const MATCHING: &str = "posting_words CROSS JOIN posting_index p ON p.number = posting_words.rowid";

/// What is read of a posting: its number, and its keys in every order.
const KEYS: &str = "p.number, p.id, p.title, p.age, p.opens";
/// Facets of a search that are looked for posting by posting.
const FACETS: [&str; 5] = [":facet1", ":facet2", ":facet3", ":facet4", ":facet5"];

/// The state of `posting_index p` at the moment `:now`.
pub fn state() -> String {
    let [_, _, published, closed] = PostingState::ALL.map(PostingState::as_str);
    format!(
        "CASE WHEN p.due IS NULL OR p.due > :now THEN p.state WHEN p.closes <= :now THEN '{closed}'
            ELSE '{published}' END"
    )
}

/// A posting of a page: its number, and its place.
type Hit = (i64, PostingPosition);

/// A search that is under way, within one transaction.
pub struct Seeker<'s> {
    connection: &'s Connection,
    search: &'s PostingSearch,
    /// Words and facets in FTS5's language; nothing if there are none.
    query: Option<String>,
    /// What is compared posting by posting, by columns of `posting_index p`.
    conditions: Vec<String>,
    values: Vec<Bound>,
    /// Whether some are in another state than the one that is written down, and that matters.
    overdue: bool,
}

impl<'s> Seeker<'s> {
    /// Prepares a search.
    ///
    /// # Errors
    /// A search that cannot be answered, and what SQLite says.
    pub fn new(connection: &'s Connection, search: &'s PostingSearch) -> Result<Self, StoreError> {
        search.check()?;
        if !search.words.iter().all(|word| token::is_word(word)) {
            return Err(StoreError::failed("a search is for words as `index::words` makes them"));
        }
        let overdue = posting_facets::states(search).is_some() && is_overdue(connection, millis(search.now))?;
        let facets = posting_facets::of_search(search, overdue).into_iter().map(|group| {
            let tokens: Vec<_> = group.iter().map(|token| quoted(token)).collect();
            format!("({})", tokens.join(" OR "))
        });
        let words = Beginning::all(connection, Vocabulary::Postings, &search.words)?;
        let parts: Vec<_> = words.iter().map(|word| word.in_field(Field::Text)).chain(facets).collect();
        let query = (!parts.is_empty()).then(|| parts.join(" AND "));
        let mut seeker =
            Self { connection, search, query, conditions: Vec::new(), values: Vec::new(), overdue };
        seeker.compare();
        Ok(seeker)
    }

    /// What no index of tokens can tell. The states are only compared where what is written down is not
    /// true of all any more.
    fn compare(&mut self) {
        let search = self.search;
        if self.overdue {
            self.require_state();
        }
        self.require("p.age <= :oldest", ":oldest", search.updated_since.map(|since| -millis(since)));
        let band = search.salary.as_ref();
        self.require("p.high >= :least", ":least", band.and_then(|band| band.min));
        self.require("p.low <= :most", ":most", band.and_then(|band| band.max));
    }

    fn require_state(&mut self) {
        let states = posting_facets::states(self.search).map(|states| {
            let states: Vec<_> = states.into_iter().map(PostingState::as_str).collect();
            array(&states)
        });
        self.require(&format!("{} IN (SELECT value FROM json_each(:states))", state()), ":states", states);
        self.values.push((":now", millis(self.search.now).into()));
    }

    fn require(&mut self, condition: &str, name: &'static str, value: Option<impl Into<Value>>) {
        if let Some(value) = value {
            self.conditions.push(condition.to_owned());
            self.values.push((name, value.into()));
        }
    }

    /// Finds a page.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn find(&self) -> rusqlite::Result<FoundPostings> {
        if self.search.employers.as_ref().is_some_and(Vec::is_empty) {
            return Ok(FoundPostings { items: Vec::new(), total: Total::Exactly(0), next: None });
        }
        let total = self.count()?;
        let mut hits = self.page(total)?;
        let more = hits.len() > self.search.limit;
        hits.truncate(self.search.limit);
        let items = hits.iter().map(|(number, _)| self.listed(*number)).collect::<Result<_, _>>()?;
        let next = hits.pop().filter(|_| more).map(|(_, place)| place);
        let total = if total > COUNTED { Total::AtLeast(COUNTED) } else { Total::Exactly(total) };
        Ok(FoundPostings { items, total, next })
    }

    /// How many there are; one more than [`COUNTED`], or another number above it, if there are more.
    fn count(&self) -> rusqlite::Result<u64> {
        if posting_facets::is_counted(self.search) && !self.overdue {
            return self.known_count();
        }
        let (from, matching) = match &self.query {
            Some(_) if self.conditions.is_empty() => ("posting_words", "posting_words MATCH :query"),
            Some(_) => (MATCHING, "posting_words MATCH :query"),
            None => ("posting_index p", "TRUE"),
        };
        let conditions = [matching].into_iter().chain(self.conditions.iter().map(String::as_str));
        let sql = format!(
            "SELECT count(*) FROM (SELECT 1 FROM {from} WHERE {} LIMIT :limit)",
            conditions.collect::<Vec<_>>().join(" AND "),
        );
        let limit = one_more(usize::try_from(COUNTED).unwrap_or(usize::MAX));
        let mut values = self.values.clone();
        values.extend(self.query.iter().map(|query| (":query", query.clone().into())));
        values.push((":limit", limit.into()));
        let count = self.connection.prepare_cached(&sql)?.query_row(&*named(&values), |row| row.get(0));
        count.map(i64::unsigned_abs)
    }

    /// How many there are, where nothing is asked but states and employers: that is kept count of.
    fn known_count(&self) -> rusqlite::Result<u64> {
        let states = posting_facets::states(self.search);
        let states = states.unwrap_or_else(|| PostingState::ALL.into());
        let states: Vec<_> = states.into_iter().map(PostingState::as_str).collect();
        let sql = format!(
            "SELECT coalesce(sum({}), 0) FROM posting_lists
             WHERE employer IN (SELECT value FROM json_each(?1))",
            states.join(" + "),
        );
        let lists = array(&posting_facets::counted_lists(self.search));
        let count = self.connection.prepare_cached(&sql)?.query_row([lists], |row| row.get(0));
        count.map(i64::unsigned_abs)
    }

    /// One more than a page.
    fn page(&self, total: u64) -> rusqlite::Result<Vec<Hit>> {
        let state = posting_facets::only_state(self.search).filter(|_| !self.overdue);
        let line = Line::of(self.search.sort, state, self.search.after.as_ref());
        let all = self.query.is_none() && self.conditions.is_empty();
        if all || total > SORTED {
            let past = if all { u64::MAX } else { total.saturating_mul(2) };
            if let Some(hits) = self.walk(&line, past)? {
                return Ok(hits);
            }
        }
        self.choose(&line)
    }

    /// Sorts all that there are.
    fn choose(&self, line: &Line) -> rusqlite::Result<Vec<Hit>> {
        let (from, matching) = match &self.query {
            Some(_) => (MATCHING, "posting_words MATCH :query"),
            None => ("posting_index p INDEXED BY posting_index_by_age", "TRUE"),
        };
        let conditions = [matching, &line.condition].into_iter();
        let conditions = conditions.chain(self.conditions.iter().map(String::as_str));
        let sql = format!(
            "SELECT {KEYS} FROM {from} WHERE {} ORDER BY {} LIMIT :limit",
            conditions.collect::<Vec<_>>().join(" AND "),
            line.order,
        );
        let mut values = [&*self.values, &*line.values].concat();
        values.extend(self.query.iter().map(|query| (":query", query.clone().into())));
        values.push((":limit", one_more(self.search.limit).into()));
        let mut statement = self.connection.prepare_cached(&sql)?;
        statement.query_map(&*named(&values), |row| self.hit(row))?.collect()
    }

    /// Walks the list, and picks; nothing if the page is not full after so many postings.
    fn walk(&self, line: &Line, past: u64) -> rusqlite::Result<Option<Vec<Hit>>> {
        let (conditions, mut values) = self.one_by_one();
        let sql = format!(
            "SELECT {KEYS}, {} FROM posting_index p INDEXED BY {} WHERE {} ORDER BY {}",
            if conditions.is_empty() { "TRUE".to_owned() } else { conditions.join(" AND ") },
            line.index,
            line.condition,
            line.order,
        );
        values.extend(line.values.iter().cloned());
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query(&*named(&values))?;
        let (mut hits, mut passed) = (Vec::new(), 0);
        while let Some(row) = rows.next()? {
            if row.get::<_, Option<bool>>(5)? == Some(true) {
                hits.push(self.hit(row)?);
                if hits.len() > self.search.limit {
                    break;
                }
            }
            passed += 1;
            if passed >= past {
                return Ok(None);
            }
        }
        Ok(Some(hits))
    }

    /// All that is asked for, as conditions on a row of `posting_index p`.
    fn one_by_one(&self) -> (Vec<String>, Vec<Bound>) {
        let (mut conditions, mut values) = (self.conditions.clone(), self.values.clone());
        if let (Some(states), false) = (posting_facets::states(self.search), self.overdue) {
            let states: Vec<_> = states.into_iter().map(|state| format!("'{}'", state.as_str())).collect();
            conditions.insert(0, format!("p.state IN ({})", states.join(", ")));
        }
        if let Some(employers) = &self.search.employers {
            conditions.insert(0, "p.employer IN (SELECT value FROM json_each(:employers))".to_owned());
            values.push((":employers", array(employers).into()));
        }
        match &self.query {
            // Words are not kept posting by posting.
            Some(query) if !self.search.words.is_empty() => {
                let found = "p.number IN (SELECT rowid FROM posting_words WHERE posting_words MATCH :query)";
                conditions.push(found.to_owned());
                values.push((":query", query.clone().into()));
            }
            _ => {
                let mut sql = "SELECT 1 FROM posting_facets f WHERE f.number = p.number".to_owned();
                let facets = posting_facets::singles(self.search);
                for (name, facet) in FACETS.into_iter().zip(&facets) {
                    sql += &format!(" AND instr(f.facets, {name})");
                    values.push((name, format!(" {facet} ").into()));
                }
                if !facets.is_empty() {
                    conditions.push(format!("EXISTS ({sql})"));
                }
            }
        }
        (conditions, values)
    }

    fn hit(&self, row: &Row<'_>) -> rusqlite::Result<Hit> {
        Ok((row.get(0)?, place(self.search.sort, row, 1)?))
    }

    fn listed(&self, number: i64) -> rusqlite::Result<Listed> {
        let sql = "SELECT d.id, d.revision, d.at, r.body
            FROM documents d JOIN revisions r ON r.sequence = d.sequence WHERE d.number = ?1";
        self.connection.prepare_cached(sql)?.query_row([number], listed)
    }
}

/// A posting of a list, from four columns: id, revision, moment, and body.
///
/// # Errors
/// What SQLite says.
pub fn listed(row: &Row<'_>) -> rusqlite::Result<Listed> {
    Ok(Listed { id: row.get(0)?, revision: row.get(1)?, at: at(row, 2)?, body: row.get(3)? })
}

fn is_overdue(connection: &Connection, now: i64) -> rusqlite::Result<bool> {
    connection.prepare_cached("SELECT 1 FROM posting_index WHERE due <= ?1 LIMIT 1")?.exists([now])
}

fn named(values: &[Bound]) -> Vec<(&str, &dyn ToSql)> {
    values.iter().map(|(name, value)| (*name, value as &dyn ToSql)).collect()
}

/// Texts as an array in JSON, which always serializes.
fn array(texts: &[impl serde::Serialize]) -> String {
    serde_json::to_string(texts).unwrap_or_default()
}

//! Finding postings.

use async_trait::async_trait;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, ToSql};

use super::Sqlite;
use super::document::{one_more, slice};
use super::facts::Bound;
use super::posting_search::{Seeker, listed, state};
use super::time::{at, at_or_none, millis};
use crate::store::StoreError;
use crate::store::document::{DocumentId, Listed, Slice};
use crate::store::postings::{Address, Edition, FoundPostings, Numbered, PostingSearch, Postings};

#[async_trait]
impl Postings for Sqlite {
    async fn locate(&self, id: &str) -> Result<Option<DocumentId>, StoreError> {
        let id = id.to_owned();
        self.read(move |c| {
            let sql = "SELECT owner FROM documents WHERE kind = 'posting' AND id = ?1";
            let owner: Option<String> =
                c.prepare_cached(sql)?.query_row([&id], |row| row.get(0)).optional()?;
            Ok(owner.map(|owner| DocumentId::posting(owner, id)))
        })
        .await
    }

    async fn by_slug(&self, employer: &str, slug: &str) -> Result<Option<DocumentId>, StoreError> {
        let (employer, slug) = (employer.to_owned(), slug.to_owned());
        self.read(move |c| {
            let sql = "SELECT id FROM posting_index WHERE employer = ?1 AND slug = ?2";
            let id: Option<String> =
                c.prepare_cached(sql)?.query_row((&employer, slug), |row| row.get(0)).optional()?;
            Ok(id.map(|id| DocumentId::posting(employer, id)))
        })
        .await
    }

    async fn by_number(&self, employer: &str, number: u64) -> Result<Option<DocumentId>, StoreError> {
        let Ok(number) = i64::try_from(number) else { return Ok(None) };
        let employer = employer.to_owned();
        self.read(move |c| {
            let sql = "SELECT d.id FROM revisions r CROSS JOIN documents d ON d.number = r.document
                WHERE r.sequence = ?1 AND r.revision = 1 AND d.kind = 'posting' AND d.owner = ?2";
            let id: Option<String> =
                c.prepare_cached(sql)?.query_row((number, &employer), |row| row.get(0)).optional()?;
            Ok(id.map(|id| DocumentId::posting(employer, id)))
        })
        .await
    }

    async fn number_of(&self, id: &str) -> Result<Option<u64>, StoreError> {
        let id = id.to_owned();
        self.read(move |c| {
            let sql = "SELECT r.sequence FROM documents d
                CROSS JOIN revisions r ON r.document = d.number AND r.revision = 1
                WHERE d.kind = 'posting' AND d.id = ?1";
            let number: Option<i64> = c.prepare_cached(sql)?.query_row([&id], |row| row.get(0)).optional()?;
            Ok(number.map(i64::unsigned_abs))
        })
        .await
    }

    async fn find_postings(&self, search: &PostingSearch) -> Result<FoundPostings, StoreError> {
        let search = search.clone();
        self.read(move |c| {
            // All statements see the same postings.
            let snapshot = c.unchecked_transaction()?;
            Ok(Seeker::new(&snapshot, &search)?.find()?)
        })
        .await
    }

    async fn public(
        &self,
        employer: Option<&str>,
        now: Timestamp,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Slice<Listed>, StoreError> {
        let public = Public::of(employer);
        let after = after.unwrap_or_default().to_owned();
        self.read(move |c| Ok(public.documents(c, millis(now), after, limit)?)).await
    }

    async fn public_numbered(
        &self,
        employer: &str,
        now: Timestamp,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Slice<Numbered>, StoreError> {
        let public = Public::of(Some(employer));
        let after = after.unwrap_or_default().to_owned();
        self.read(move |c| Ok(public.numbered(c, millis(now), after, limit)?)).await
    }

    async fn public_addresses(
        &self,
        employer: Option<&str>,
        now: Timestamp,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Slice<Address>, StoreError> {
        let public = Public::of(employer);
        let after = after.unwrap_or_default().to_owned();
        self.read(move |c| Ok(public.addresses(c, millis(now), after, limit)?)).await
    }

    async fn public_marks(
        &self,
        employer: Option<&str>,
        now: Timestamp,
        size: usize,
    ) -> Result<Vec<String>, StoreError> {
        let public = Public::of(employer);
        self.read(move |c| Ok(public.marks(c, millis(now), size)?)).await
    }

    async fn edition(&self, employer: Option<&str>, now: Timestamp) -> Result<Edition, StoreError> {
        // The row of nobody is that of all.
        if employer == Some("") {
            return Ok(Edition { count: 0, sequence: 0, at: None });
        }
        let employer = employer.unwrap_or_default().to_owned();
        self.read(move |c| Ok(edition(c, &employer, millis(now))?)).await
    }

    async fn due(&self, now: Timestamp, limit: usize) -> Result<Vec<DocumentId>, StoreError> {
        self.read(move |c| {
            let sql = "SELECT employer, id FROM posting_index INDEXED BY posting_index_by_due
                WHERE due <= ?1 ORDER BY due, id LIMIT ?2";
            let limit = i64::try_from(limit).unwrap_or(i64::MAX);
            let mut statement = c.prepare_cached(sql)?;
            let due = statement.query_map((millis(now), limit), |row| {
                Ok(DocumentId::posting(row.get::<_, String>(0)?, row.get::<_, String>(1)?))
            })?;
            Ok(due.collect::<Result<_, _>>()?)
        })
        .await
    }

    async fn next_due(&self) -> Result<Option<Timestamp>, StoreError> {
        self.read(|c| {
            let sql =
                "SELECT min(due) FROM posting_index INDEXED BY posting_index_by_due WHERE due IS NOT NULL";
            Ok(c.prepare_cached(sql)?.query_row([], |row| at_or_none(row, 0))?)
        })
        .await
    }
}

/// The public postings of an employer, or of all.
struct Public {
    employer: Option<String>,
}

impl Public {
    fn of(employer: Option<&str>) -> Self {
        Self { employer: employer.map(str::to_owned) }
    }

    /// The index to walk, what is joined to it, and what it is walked for.
    fn source(&self, joined: &str) -> String {
        let (index, of_employer) = match self.employer {
            Some(_) => ("posting_index_public_of_employer", "p.employer = :employer AND"),
            None => ("posting_index_public", ""),
        };
        format!(
            "posting_index p INDEXED BY {index} {joined}
             WHERE {of_employer} p.state IN ('scheduled', 'published') AND {} = 'published'",
            state(),
        )
    }

    fn documents(
        &self,
        c: &Connection,
        now: i64,
        after: String,
        limit: usize,
    ) -> rusqlite::Result<Slice<Listed>> {
        let joined = "CROSS JOIN documents d ON d.number = p.number
            CROSS JOIN revisions r ON r.sequence = d.sequence";
        self.walk(c, "p.id, p.revision, d.at, r.body", joined, (now, after, limit), listed)
    }

    fn numbered(
        &self,
        c: &Connection,
        now: i64,
        after: String,
        limit: usize,
    ) -> rusqlite::Result<Slice<Numbered>> {
        let joined = "CROSS JOIN documents d ON d.number = p.number
            CROSS JOIN revisions r ON r.sequence = d.sequence
            CROSS JOIN revisions f ON f.document = p.number AND f.revision = 1";
        let columns = "p.id, p.revision, d.at, r.body, f.sequence";
        self.walk(c, columns, joined, (now, after, limit), |row| {
            Ok(Numbered { number: row.get::<_, i64>(4)?.unsigned_abs(), posting: listed(row)? })
        })
    }

    fn addresses(
        &self,
        c: &Connection,
        now: i64,
        after: String,
        limit: usize,
    ) -> rusqlite::Result<Slice<Address>> {
        self.walk(c, "p.id, p.employer, p.slug, -p.age", "", (now, after, limit), |row| {
            Ok(Address { id: row.get(0)?, employer: row.get(1)?, slug: row.get(2)?, at: at(row, 3)? })
        })
    }

    /// A page of the walk; no id is empty, so that all come after the empty one.
    fn walk<T>(
        &self,
        connection: &Connection,
        columns: &str,
        joined: &str,
        (now, after, limit): (i64, String, usize),
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<Slice<T>> {
        let source = self.source(joined);
        let sql = format!("SELECT {columns} FROM {source} AND p.id > :after ORDER BY p.id LIMIT :limit");
        let page = [(":after", after.into()), (":limit", one_more(limit).into())];
        let values = self.values(now, page);
        slice(connection, &sql, &*named(&values), limit, read)
    }

    /// Walks through them all, and keeps nothing but the marks: a window function would keep every id.
    fn marks(&self, connection: &Connection, now: i64, size: usize) -> rusqlite::Result<Vec<String>> {
        let sql = format!("SELECT p.id FROM {} ORDER BY p.id", self.source(""));
        let values = self.values(now, []);
        let mut statement = connection.prepare_cached(&sql)?;
        let mut rows = statement.query(&*named(&values))?;
        let (mut marks, mut place, mut last) = (Vec::new(), 0_usize, None);
        while let Some(row) = rows.next()? {
            // After a mark there is something.
            marks.extend(last.take());
            place += 1;
            if place.checked_rem(size) == Some(0) {
                last = Some(row.get(0)?);
            }
        }
        Ok(marks)
    }

    fn values(&self, now: i64, more: impl IntoIterator<Item = Bound>) -> Vec<Bound> {
        let employer = self.employer.iter().map(|employer| (":employer", employer.clone().into()));
        std::iter::once((":now", now.into())).chain(employer).chain(more).collect()
    }
}

fn named(values: &[Bound]) -> Vec<(&str, &dyn ToSql)> {
    values.iter().map(|(name, value)| (*name, value as &dyn ToSql)).collect()
}

/// What is kept count of, and what the time has changed since.
fn edition(connection: &Connection, employer: &str, now: i64) -> rusqlite::Result<Edition> {
    let snapshot = connection.unchecked_transaction()?;
    let sql = "SELECT published, sequence, at FROM posting_lists WHERE employer = ?1";
    let written = snapshot
        .prepare_cached(sql)?
        .query_row([employer], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?, Some(at(row, 2)?))));
    let (published, sequence, changed) = written.optional()?.unwrap_or_default();
    let sql = "SELECT
            coalesce(sum(CASE WHEN state = 'published' THEN -1 WHEN closes <= ?1 THEN 0 ELSE 1 END), 0),
            max(max(CASE WHEN state = 'scheduled' AND opens <= ?1 THEN opens ELSE due END,
                CASE WHEN closes <= ?1 THEN closes ELSE due END))
        FROM posting_index INDEXED BY posting_index_by_due
        WHERE due <= ?1 AND (?2 = '' OR employer = ?2)";
    let (more, turned) = snapshot
        .prepare_cached(sql)?
        .query_row((now, employer), |row| Ok((row.get::<_, i64>(0)?, at_or_none(row, 1)?)))?;
    Ok(Edition {
        count: (published + more).unsigned_abs(),
        sequence: sequence.unsigned_abs(),
        at: changed.max(turned),
    })
}

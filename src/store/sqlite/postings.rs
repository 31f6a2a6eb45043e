//! Finding postings.

use async_trait::async_trait;
use jiff::Timestamp;
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, ToSql};

use super::Sqlite;
use super::document::{one_more, slice};
use super::posting_search::{Seeker, listed, state};
use super::time::{at, at_or_none, millis};
use crate::store::StoreError;
use crate::store::document::{DocumentId, Listed, Slice};
use crate::store::postings::{Edition, FoundPostings, PostingSearch, Postings};

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
        let employer = employer.map(str::to_owned);
        let after = after.unwrap_or_default().to_owned();
        self.read(move |c| Ok(public(c, employer, millis(now), after, limit)?)).await
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

fn public(
    connection: &Connection,
    employer: Option<String>,
    now: i64,
    after: String,
    limit: usize,
) -> rusqlite::Result<Slice<Listed>> {
    let (index, of_employer) = match employer {
        Some(_) => ("posting_index_public_of_employer", "p.employer = :employer AND"),
        None => ("posting_index_public", ""),
    };
    // No id is empty: all come after the empty one.
    let sql = format!(
        "SELECT p.id, p.revision, d.at, r.body FROM posting_index p INDEXED BY {index}
         CROSS JOIN documents d ON d.number = p.number CROSS JOIN revisions r ON r.sequence = d.sequence
         WHERE {of_employer} p.state IN ('scheduled', 'published') AND p.id > :after
            AND {} = 'published'
         ORDER BY p.id LIMIT :limit",
        state(),
    );
    let mut values: Vec<(&str, Value)> =
        vec![(":now", now.into()), (":after", after.into()), (":limit", one_more(limit).into())];
    values.extend(employer.map(|employer| (":employer", employer.into())));
    let values: Vec<_> = values.iter().map(|(name, value)| (*name, value as &dyn ToSql)).collect();
    slice(connection, &sql, &*values, limit, listed)
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

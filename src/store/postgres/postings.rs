//! Finding postings.

use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::{Executor as _, QueryBuilder, Row as _};

use super::posting_search::{self, listed, push_state};
use super::time::millis;
use super::{Postgres, row};
use crate::store::StoreError;
use crate::store::document::{DocumentId, Listed, Slice};
use crate::store::postings::{Address, Edition, FoundPostings, Numbered, PostingSearch, Postings};

/// Begins a question that walks an index in its order, however few rows the server believes there are: it
/// would fetch all of them for each page of a list, to sort them.
const WALKING: &str = "BEGIN READ ONLY; SET LOCAL enable_sort = off; SET LOCAL enable_incremental_sort = off; \
                       SET LOCAL enable_bitmapscan = off";

#[async_trait]
impl Postings for Postgres {
    async fn locate(&self, id: &str) -> Result<Option<DocumentId>, StoreError> {
        self.read(|mut lease| async move {
            let sql = "SELECT owner FROM documents WHERE kind = 'posting' AND id = $1";
            let owner: Option<String> = sqlx::query_scalar(sql).bind(id).fetch_optional(&mut *lease).await?;
            Ok((owner.map(|owner| DocumentId::posting(owner, id)), lease))
        })
        .await
    }

    async fn by_slug(&self, employer: &str, slug: &str) -> Result<Option<DocumentId>, StoreError> {
        self.read(|mut lease| async move {
            let sql = "SELECT id FROM posting_index WHERE employer = $1 AND slug = $2";
            let query = sqlx::query_scalar(sql).bind(employer).bind(slug);
            let id: Option<String> = query.fetch_optional(&mut *lease).await?;
            Ok((id.map(|id| DocumentId::posting(employer, id)), lease))
        })
        .await
    }

    async fn by_number(&self, employer: &str, number: u64) -> Result<Option<DocumentId>, StoreError> {
        let Ok(number) = i64::try_from(number) else { return Ok(None) };
        self.read(|mut lease| async move {
            let sql = "SELECT id FROM revisions
                WHERE sequence = $1 AND revision = 1 AND kind = 'posting' AND owner = $2";
            let query = sqlx::query_scalar(sql).bind(number).bind(employer);
            let id: Option<String> = query.fetch_optional(&mut *lease).await?;
            Ok((id.map(|id| DocumentId::posting(employer, id)), lease))
        })
        .await
    }

    async fn number_of(&self, id: &str) -> Result<Option<u64>, StoreError> {
        self.read(|mut lease| async move {
            let sql = "SELECT r.sequence FROM documents d JOIN revisions r USING (kind, owner, id)
                WHERE d.kind = 'posting' AND d.id = $1 AND r.revision = 1";
            let number: Option<i64> = sqlx::query_scalar(sql).bind(id).fetch_optional(&mut *lease).await?;
            Ok((number.map(i64::unsigned_abs), lease))
        })
        .await
    }

    async fn find_postings(&self, search: &PostingSearch) -> Result<FoundPostings, StoreError> {
        self.read(|mut lease| async move {
            // All statements see the same postings.
            lease.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
            let found = posting_search::find(&mut lease, search).await?;
            lease.execute("COMMIT").await?;
            Ok((found, lease))
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
        self.read(|mut lease| async move {
            lease.execute(WALKING).await?;
            let mut sql = QueryBuilder::new(
                "SELECT id, revision, found.at, body FROM (
                    SELECT employer, id, revision, at FROM posting_index",
            );
            let order = push_public(&mut sql, employer, now, after, limit);
            sql.push(
                ") AS found JOIN revisions r USING (id, revision)
                WHERE r.kind = 'posting' AND r.owner = employer",
            );
            sql.push(order);
            let rows = sql.build().fetch_all(&mut *lease).await?;
            lease.execute("COMMIT").await?;
            Ok((row::slice(rows, limit, listed)?, lease))
        })
        .await
    }

    async fn public_numbered(
        &self,
        employer: &str,
        now: Timestamp,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Slice<Numbered>, StoreError> {
        self.read(|mut lease| async move {
            lease.execute(WALKING).await?;
            let mut sql = QueryBuilder::new(
                "SELECT id, found.revision, found.at, r.body, f.sequence FROM (
                    SELECT employer, id, revision, at FROM posting_index",
            );
            let order = push_public(&mut sql, Some(employer), now, after, limit);
            sql.push(
                ") AS found
                JOIN revisions r USING (id, revision)
                JOIN revisions f USING (id)
                WHERE r.kind = 'posting' AND r.owner = employer
                    AND f.kind = 'posting' AND f.owner = employer AND f.revision = 1",
            );
            sql.push(order);
            let rows = sql.build().fetch_all(&mut *lease).await?;
            lease.execute("COMMIT").await?;
            let numbered = |row: &sqlx::postgres::PgRow| {
                Ok(Numbered { number: row::number(row, 4)?, posting: listed(row)? })
            };
            Ok((row::slice(rows, limit, numbered)?, lease))
        })
        .await
    }

    async fn public_addresses(
        &self,
        employer: Option<&str>,
        now: Timestamp,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Slice<Address>, StoreError> {
        self.read(|mut lease| async move {
            lease.execute(WALKING).await?;
            let mut sql = QueryBuilder::new("SELECT id, employer, slug, at FROM posting_index");
            push_public(&mut sql, employer, now, after, limit);
            let rows = sql.build().fetch_all(&mut *lease).await?;
            lease.execute("COMMIT").await?;
            let address = |row: &sqlx::postgres::PgRow| {
                let (id, employer, slug) = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
                Ok(Address { id, employer, slug, at: row::at(row, 3)? })
            };
            Ok((row::slice(rows, limit, address)?, lease))
        })
        .await
    }

    async fn public_marks(
        &self,
        employer: Option<&str>,
        now: Timestamp,
        size: usize,
    ) -> Result<Vec<String>, StoreError> {
        self.read(|mut lease| async move {
            let mut sql = QueryBuilder::new(
                "SELECT id FROM (
                    SELECT id, row_number() OVER (ORDER BY id) AS place, count(*) OVER () AS total
                    FROM posting_index WHERE state IN ('scheduled', 'published') AND ",
            );
            push_state(&mut sql, millis(now));
            sql.push(" = 'published' AND ")
                .push_bind(employer.unwrap_or_default().to_owned())
                .push(" IN ('', employer)");
            let size = i64::try_from(size).unwrap_or(i64::MAX);
            sql.push(") AS numbered WHERE place % ").push_bind(size);
            sql.push(" = 0 AND place < total ORDER BY place");
            let marks: Vec<String> = sql.build_query_scalar().fetch_all(&mut *lease).await?;
            Ok((marks, lease))
        })
        .await
    }

    async fn edition(&self, employer: Option<&str>, now: Timestamp) -> Result<Edition, StoreError> {
        // The row of nobody is that of all.
        if employer == Some("") {
            return Ok(Edition { count: 0, sequence: 0, at: None });
        }
        self.read(|mut lease| async move {
            // What is kept count of, and what the time has changed since.
            let sql = "SELECT coalesce(published, 0) + more, coalesce(sequence, 0), greatest(at, turned)
                FROM (
                    SELECT count(*) FILTER (WHERE state = 'scheduled' AND (closes <= $2) IS NOT TRUE)
                            - count(*) FILTER (WHERE state = 'published') AS more,
                        max(greatest(CASE WHEN state = 'scheduled' AND opens <= $2 THEN opens END,
                            CASE WHEN closes <= $2 THEN closes END)) AS turned
                    FROM posting_index WHERE due <= $2 AND $1 IN ('', employer)
                ) AS overdue
                LEFT JOIN posting_lists ON posting_lists.employer = $1";
            let query = sqlx::query(sql).bind(employer.unwrap_or_default()).bind(millis(now));
            let found = query.fetch_one(&mut *lease).await?;
            let (count, sequence) = (row::number(&found, 0)?, row::number(&found, 1)?);
            Ok((Edition { count, sequence, at: row::at_or_none(&found, 2)? }, lease))
        })
        .await
    }

    async fn due(&self, now: Timestamp, limit: usize) -> Result<Vec<DocumentId>, StoreError> {
        self.read(|mut lease| async move {
            let sql = "SELECT employer, id FROM posting_index WHERE due <= $1 ORDER BY due, id LIMIT $2";
            let limit = i64::try_from(limit).unwrap_or(i64::MAX);
            let rows = sqlx::query(sql).bind(millis(now)).bind(limit).fetch_all(&mut *lease).await?;
            let document = |row: &sqlx::postgres::PgRow| {
                Ok(DocumentId::posting(row.try_get::<String, _>(0)?, row.try_get::<String, _>(1)?))
            };
            Ok((rows.iter().map(document).collect::<Result<_, sqlx::Error>>()?, lease))
        })
        .await
    }

    async fn next_due(&self) -> Result<Option<Timestamp>, StoreError> {
        self.read(|mut lease| async move {
            let sql = "SELECT min(due) FROM posting_index";
            let found = sqlx::query(sql).fetch_one(&mut *lease).await?;
            Ok((row::at_or_none(&found, 0)?, lease))
        })
        .await
    }
}

/// The part of a question that finds public postings after an id, and their order: that of their ids.
fn push_public(
    sql: &mut QueryBuilder<sqlx::Postgres>,
    employer: Option<&str>,
    now: Timestamp,
    after: Option<&str>,
    limit: usize,
) -> &'static str {
    sql.push(" WHERE state IN ('scheduled', 'published') AND ");
    push_state(sql, millis(now));
    // No id is empty: all come after the empty one.
    let after = after.unwrap_or_default().to_owned();
    sql.push(" = 'published' AND ");
    let order = match employer.map(str::to_owned) {
        Some(employer) => {
            // One index alone has this order, and is entered where the page starts.
            sql.push("(employer, id) > (").push_bind(employer.clone()).push(", ").push_bind(after);
            sql.push(") AND employer <= ").push_bind(employer);
            " ORDER BY employer, id"
        }
        None => {
            sql.push("id > ").push_bind(after);
            " ORDER BY id"
        }
    };
    sql.push(order).push(" LIMIT ").push_bind(row::one_more(limit));
    order
}

//! Reading documents and their history.

use async_trait::async_trait;
use sqlx::Row as _;
use sqlx::postgres::PgRow;

use super::fault::Fault;
use super::{Postgres, row, seed, write};
use crate::store::StoreError;
use crate::store::document::*;
use crate::store::seed::{Seed, Seeded};

#[async_trait]
impl Documents for Postgres {
    async fn head(&self, document: &DocumentId) -> Result<Option<Head>, StoreError> {
        self.read(|mut lease| async move {
            let sql = "SELECT revision, deleted, at FROM documents
                WHERE kind = $1 AND owner = $2 AND id = $3";
            let query =
                sqlx::query(sql).bind(document.kind.as_str()).bind(&document.owner).bind(&document.id);
            let found = query.fetch_optional(&mut *lease).await?;
            Ok((found.map(|found| row::head(&found, 0)).transpose()?, lease))
        })
        .await
    }

    async fn revision(
        &self,
        document: &DocumentId,
        revision: Option<u32>,
    ) -> Result<Option<Revision>, StoreError> {
        self.read(|mut lease| async move {
            let sql =
                "SELECT r.kind, r.owner, r.id, r.sequence, r.revision, r.action, r.at, r.author, r.message,
                    r.body
                FROM documents d JOIN revisions r USING (kind, owner, id)
                WHERE d.kind = $1 AND d.owner = $2 AND d.id = $3 AND r.revision = coalesce($4, d.revision)";
            let query =
                sqlx::query(sql).bind(document.kind.as_str()).bind(&document.owner).bind(&document.id);
            let found = query.bind(revision.map(row::of_revision)).fetch_optional(&mut *lease).await?;
            Ok((found.as_ref().map(whole).transpose()?, lease))
        })
        .await
    }

    async fn history(
        &self,
        document: &DocumentId,
        before: Option<u32>,
        limit: usize,
    ) -> Result<Slice<Change>, StoreError> {
        self.read(|mut lease| async move {
            let sql = "SELECT kind, owner, id, sequence, revision, action, at, author, message FROM revisions
                WHERE kind = $1 AND owner = $2 AND id = $3 AND revision < $4
                ORDER BY revision DESC LIMIT $5";
            let before = before.and_then(|before| i32::try_from(before).ok()).unwrap_or(i32::MAX);
            let query =
                sqlx::query(sql).bind(document.kind.as_str()).bind(&document.owner).bind(&document.id);
            let rows = query.bind(before).bind(row::one_more(limit)).fetch_all(&mut *lease).await?;
            Ok((row::slice(rows, limit, change)?, lease))
        })
        .await
    }

    async fn list(
        &self,
        kind: Kind,
        owner: &str,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Slice<Listed>, StoreError> {
        self.read(|mut lease| async move {
            // No id is empty: all come after the empty one.
            let sql = "SELECT d.id, d.revision, d.at, r.body
                FROM documents d JOIN revisions r USING (kind, owner, id, revision)
                WHERE d.kind = $1 AND d.owner = $2 AND d.id > $3 AND NOT d.deleted
                ORDER BY d.id LIMIT $4";
            let query = sqlx::query(sql).bind(kind.as_str()).bind(owner).bind(after.unwrap_or_default());
            let rows = query.bind(row::one_more(limit)).fetch_all(&mut *lease).await?;
            Ok((row::slice(rows, limit, listed)?, lease))
        })
        .await
    }

    async fn count(&self, kind: Kind, owner: &str) -> Result<u64, StoreError> {
        self.read(|mut lease| async move {
            let sql = "SELECT count(*) FROM documents WHERE kind = $1 AND owner = $2 AND NOT deleted";
            let found = sqlx::query(sql).bind(kind.as_str()).bind(owner).fetch_one(&mut *lease).await?;
            Ok((row::number(&found, 0)?, lease))
        })
        .await
    }

    async fn changes(&self, since: u64, limit: usize) -> Result<Slice<Change>, StoreError> {
        self.read(|mut lease| async move {
            let sql = "SELECT kind, owner, id, sequence, revision, action, at, author, message FROM revisions
                WHERE sequence > $1 ORDER BY sequence LIMIT $2";
            let query = sqlx::query(sql).bind(row::whole(since)).bind(row::one_more(limit));
            let rows = query.fetch_all(&mut *lease).await?;
            Ok((row::slice(rows, limit, change)?, lease))
        })
        .await
    }

    async fn write(&self, batch: Batch) -> Result<Vec<Outcome>, StoreError> {
        write::batch(self, batch).await
    }

    async fn seed(&self, seeds: Vec<Seed>) -> Result<Vec<Seeded>, StoreError> {
        seed::take_over(self, seeds).await
    }
}

fn change(row: &PgRow) -> Result<Change, Fault> {
    Ok(Change {
        document: row::document(row, 0)?,
        sequence: row::number(row, 3)?,
        revision: row::revision(row, 4)?,
        action: row::word(row, 5, &Action::ALL, Action::as_str)?,
        at: row::at(row, 6)?,
        author: row.try_get(7)?,
        message: row.try_get(8)?,
    })
}

fn whole(row: &PgRow) -> Result<Revision, Fault> {
    Ok(Revision { change: change(row)?, body: row.try_get(9)? })
}

fn listed(row: &PgRow) -> Result<Listed, Fault> {
    Ok(Listed {
        id: row.try_get(0)?,
        revision: row::revision(row, 1)?,
        at: row::at(row, 2)?,
        body: row.try_get(3)?,
    })
}

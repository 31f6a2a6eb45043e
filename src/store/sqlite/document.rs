//! Reading documents and their history.

use async_trait::async_trait;
use rusqlite::types::Type;
use rusqlite::{Connection, Error, OptionalExtension, Params, Row};

use super::time::at;
use super::{Sqlite, seed, write};
use crate::store::StoreError;
use crate::store::document::*;
use crate::store::indexed::Indexed;
use crate::store::seed::{Seed, Seeded};

/// The columns of a change, in the order in which [`change`] reads them; of `documents d` and `revisions r`.
const CHANGE: &str = "d.kind, d.owner, d.id, r.sequence, r.revision, r.action, r.at, r.author, r.message";

#[async_trait]
impl Documents for Sqlite {
    async fn head(&self, document: &DocumentId) -> Result<Option<Head>, StoreError> {
        if let Some(known) = self.glance.head(document) {
            return Ok(known);
        }
        let document = document.clone();
        self.read(move |c| Ok(head(c, &document)?)).await
    }

    async fn revision(
        &self,
        document: &DocumentId,
        revision: Option<u32>,
    ) -> Result<Option<Revision>, StoreError> {
        let document = document.clone();
        self.read(move |c| {
            let which = if revision.is_some() {
                "r.document = d.number AND r.revision = ?4"
            } else {
                "r.sequence = d.sequence AND ?4 IS NULL"
            };
            let sql = format!(
                "SELECT {CHANGE}, r.body FROM documents d JOIN revisions r ON {which}
                 WHERE d.kind = ?1 AND d.owner = ?2 AND d.id = ?3"
            );
            let key = (document.kind.as_str(), &document.owner, &document.id, revision);
            let read = |row: &Row<'_>| Ok(Revision { change: change(row)?, body: row.get(9)? });
            Ok(c.prepare_cached(&sql)?.query_row(key, read).optional()?)
        })
        .await
    }

    async fn history(
        &self,
        document: &DocumentId,
        before: Option<u32>,
        limit: usize,
    ) -> Result<Slice<Change>, StoreError> {
        let document = document.clone();
        self.read(move |c| {
            let sql = format!(
                "SELECT {CHANGE} FROM documents d JOIN revisions r ON r.document = d.number
                 WHERE d.kind = ?1 AND d.owner = ?2 AND d.id = ?3 AND r.revision < ?4
                 ORDER BY r.revision DESC LIMIT ?5"
            );
            let before = before.map_or(i64::MAX, i64::from);
            let key = (document.kind.as_str(), &document.owner, &document.id, before, one_more(limit));
            Ok(slice(c, &sql, key, limit, change)?)
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
        let (owner, after) = (owner.to_owned(), after.unwrap_or_default().to_owned());
        self.read(move |c| {
            // No id is empty: all come after the empty one.
            let sql = "SELECT d.id, d.revision, d.at, r.body
                FROM documents d INDEXED BY documents_present JOIN revisions r ON r.sequence = d.sequence
                WHERE d.kind = ?1 AND d.owner = ?2 AND d.id > ?3 AND d.deleted = 0
                ORDER BY d.id LIMIT ?4";
            let read = |row: &Row<'_>| {
                Ok(Listed { id: row.get(0)?, revision: row.get(1)?, at: at(row, 2)?, body: row.get(3)? })
            };
            Ok(slice(c, sql, (kind.as_str(), owner, after, one_more(limit)), limit, read)?)
        })
        .await
    }

    async fn count(&self, kind: Kind, owner: &str) -> Result<u64, StoreError> {
        let owner = owner.to_owned();
        self.read(move |c| {
            let sql = "SELECT count(*) FROM documents INDEXED BY documents_present
                WHERE kind = ?1 AND owner = ?2 AND deleted = 0";
            let count: i64 = c.prepare_cached(sql)?.query_row((kind.as_str(), owner), |row| row.get(0))?;
            Ok(count.unsigned_abs())
        })
        .await
    }

    async fn changes(&self, since: u64, limit: usize) -> Result<Slice<Change>, StoreError> {
        self.read(move |c| {
            let sql = format!(
                "SELECT {CHANGE} FROM revisions r JOIN documents d ON d.number = r.document
                 WHERE r.sequence > ?1 ORDER BY r.sequence LIMIT ?2"
            );
            let since = i64::try_from(since).unwrap_or(i64::MAX);
            Ok(slice(c, &sql, (since, one_more(limit)), limit, change)?)
        })
        .await
    }

    async fn write(&self, batch: Batch) -> Result<Vec<Outcome>, StoreError> {
        let prepared = super::blocking(move || {
            let indexes = batch.orders.iter().map(Indexed::of_order).collect::<Result<_, _>>()?;
            Ok((batch, indexes))
        });
        let (batch, indexes) = prepared.await?;
        self.change(move |tx| write::batch(tx, &batch, indexes)).await
    }

    async fn seed(&self, seeds: Vec<Seed>) -> Result<Vec<Seeded>, StoreError> {
        self.change(move |tx| seed::take_over(tx, seeds)).await
    }
}

/// The current state of a document.
pub fn head(connection: &Connection, document: &DocumentId) -> rusqlite::Result<Option<Head>> {
    let sql = "SELECT revision, deleted, at FROM documents WHERE kind = ?1 AND owner = ?2 AND id = ?3";
    let key = (document.kind.as_str(), &document.owner, &document.id);
    connection.prepare_cached(sql)?.query_row(key, |row| head_of(row, 0)).optional()
}

/// A head from three columns: revision, whether it is a deletion, and moment.
pub fn head_of(row: &Row<'_>, column: usize) -> rusqlite::Result<Head> {
    Ok(Head { revision: row.get(column)?, deleted: row.get(column + 1)?, at: at(row, column + 2)? })
}

/// The name of a document from three columns: kind, owner, and id.
pub fn document_id(row: &Row<'_>, column: usize) -> rusqlite::Result<DocumentId> {
    let kind = word(row, column, &Kind::ALL, Kind::as_str)?;
    Ok(DocumentId { kind, owner: row.get(column + 1)?, id: row.get(column + 2)? })
}

/// One of a few words from a column.
pub fn word<T: Copy>(
    row: &Row<'_>,
    column: usize,
    all: &[T],
    name: fn(T) -> &'static str,
) -> rusqlite::Result<T> {
    let text = row.get_ref(column)?.as_str()?;
    let unknown =
        || Error::FromSqlConversionFailure(column, Type::Text, format!("{text} is no word here").into());
    all.iter().copied().find(|one| name(*one) == text).ok_or_else(unknown)
}

/// How many rows to ask for, to know whether there are more than `limit`.
pub fn one_more(limit: usize) -> i64 {
    i64::try_from(limit).map_or(i64::MAX, |limit| limit.saturating_add(1))
}

/// At most `limit` rows of a query that yields one more if there are more.
pub fn slice<T>(
    connection: &Connection,
    sql: &str,
    params: impl Params,
    limit: usize,
    read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> rusqlite::Result<Slice<T>> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut items = statement.query_map(params, read)?.collect::<Result<Vec<_>, _>>()?;
    let more = items.len() > limit;
    items.truncate(limit);
    Ok(Slice { items, more })
}

fn change(row: &Row<'_>) -> rusqlite::Result<Change> {
    Ok(Change {
        document: document_id(row, 0)?,
        sequence: row.get::<_, i64>(3)?.unsigned_abs(),
        revision: row.get(4)?,
        action: word(row, 5, &Action::ALL, Action::as_str)?,
        at: at(row, 6)?,
        author: row.get(7)?,
        message: row.get(8)?,
    })
}

//! The audit log: written with what it tells.

use async_trait::async_trait;
use jiff::Timestamp;
use rusqlite::{Connection, Row};

use super::Sqlite;
use super::document::{one_more, slice};
use super::time::{at, millis};
use crate::store::document::{Action, Author, Kind, Order, Slice};
use crate::store::{Audit, AuditEntry, StoreError};

#[async_trait]
impl Audit for Sqlite {
    async fn audit(&self, before: Option<u64>, limit: usize) -> Result<Slice<AuditEntry>, StoreError> {
        self.read(move |c| {
            let sql = "SELECT number, at, author, key, request, action, target, revision FROM audit
                WHERE number < ?1 ORDER BY number DESC LIMIT ?2";
            let before = before.and_then(|before| i64::try_from(before).ok()).unwrap_or(i64::MAX);
            Ok(slice(c, sql, (before, one_more(limit)), limit, entry)?)
        })
        .await
    }
}

/// Notes a write of a document.
pub fn note_document(tx: &Connection, order: &Order, action: Action, revision: u32) -> rusqlite::Result<()> {
    let document = &order.document;
    let action = format!("{}.{}", document.kind.as_str(), action.as_str());
    let target = match document.kind {
        Kind::Tone => format!("{}/{}", document.owner, document.id),
        Kind::Role | Kind::Employer | Kind::Posting => document.id.clone(),
    };
    note(tx, order.at, &order.author, &action, &target, Some(revision))
}

/// Notes something.
pub fn note(
    tx: &Connection,
    at: Timestamp,
    by: &Author,
    action: &str,
    target: &str,
    revision: Option<u32>,
) -> rusqlite::Result<()> {
    let sql = "INSERT INTO audit (at, author, key, request, action, target, revision)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    tx.prepare_cached(sql)?.execute((
        millis(at),
        &by.name,
        &by.key,
        &by.request,
        action,
        target,
        revision,
    ))?;
    Ok(())
}

fn entry(row: &Row<'_>) -> rusqlite::Result<AuditEntry> {
    Ok(AuditEntry {
        number: row.get::<_, i64>(0)?.unsigned_abs(),
        at: at(row, 1)?,
        author: row.get(2)?,
        key: row.get(3)?,
        request: row.get(4)?,
        action: row.get(5)?,
        target: row.get(6)?,
        revision: row.get(7)?,
    })
}

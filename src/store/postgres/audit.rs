//! The audit log: written with what it tells.

use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::postgres::PgRow;
use sqlx::{PgConnection, Row as _};

use super::Postgres;
use super::fault::Fault;
use super::row;
use super::time::millis;
use crate::store::document::{Action, Author, Kind, Order, Slice};
use crate::store::{Audit, AuditEntry, StoreError};

#[async_trait]
impl Audit for Postgres {
    async fn audit(&self, before: Option<u64>, limit: usize) -> Result<Slice<AuditEntry>, StoreError> {
        self.read(|mut lease| async move {
            let sql = "SELECT number, at, author, key, request, action, target, revision FROM audit
                WHERE number < $1 ORDER BY number DESC LIMIT $2";
            let query = sqlx::query(sql).bind(before.map_or(i64::MAX, row::whole)).bind(row::one_more(limit));
            let entries = row::slice(query.fetch_all(&mut *lease).await?, limit, entry)?;
            Ok((entries, lease))
        })
        .await
    }
}

/// What the log calls what an order did.
pub fn action(order: &Order, action: Action) -> String {
    format!("{}.{}", order.document.kind.as_str(), action.as_str())
}

/// What the log says that an order did it to.
pub fn target(order: &Order) -> String {
    let document = &order.document;
    match document.kind {
        Kind::Tone => format!("{}/{}", document.owner, document.id),
        Kind::Role | Kind::Employer | Kind::Posting => document.id.clone(),
    }
}

/// Notes what was done to a key.
pub async fn note_key(
    connection: &mut PgConnection,
    at: Timestamp,
    by: &Author,
    action: &str,
    key: &str,
) -> Result<(), Fault> {
    let sql = "INSERT INTO audit (at, author, key, request, action, target) VALUES ($1, $2, $3, $4, $5, $6)";
    let query = sqlx::query(sql).bind(millis(at)).bind(&by.name).bind(&by.key).bind(&by.request);
    query.bind(action).bind(key).execute(connection).await?;
    Ok(())
}

fn entry(row: &PgRow) -> Result<AuditEntry, Fault> {
    Ok(AuditEntry {
        number: row::number(row, 0)?,
        at: row::at(row, 1)?,
        author: row.try_get(2)?,
        key: row.try_get(3)?,
        request: row.try_get(4)?,
        action: row.try_get(5)?,
        target: row.try_get(6)?,
        revision: row.try_get::<Option<i32>, _>(7)?.map(i32::unsigned_abs),
    })
}

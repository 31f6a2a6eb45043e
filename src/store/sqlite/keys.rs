//! API keys.

use async_trait::async_trait;
use jiff::Timestamp;
use rusqlite::types::Type;
use rusqlite::{Connection, Error, OptionalExtension, Row};

use super::time::{at, at_or_none, millis};
use super::writer::Keep;
use super::{Sqlite, audit};
use crate::store::StoreError;
use crate::store::document::Author;
use crate::store::keys::{KeyRecord, Keys, Scope, starter};

const COLUMNS: &str = "id, name, digest, scopes, employers, created_at, expires_at, last_used_at, revoked_at";

#[async_trait]
impl Keys for Sqlite {
    async fn add_key(&self, key: KeyRecord, by: Author) -> Result<(), StoreError> {
        self.change(move |tx| {
            add(tx, &key, &by)?;
            Ok(Keep::All(()))
        })
        .await
    }

    async fn add_first_key(&self, key: KeyRecord) -> Result<bool, StoreError> {
        self.change(move |tx| {
            let governs = |other: &KeyRecord| other.allows(Scope::Admin) && other.is_good(key.created_at);
            if all(tx)?.iter().any(governs) {
                return Ok(Keep::Nothing(false));
            }
            add(tx, &key, &starter())?;
            Ok(Keep::All(true))
        })
        .await
    }

    async fn put_key(&self, key: KeyRecord) -> Result<(), StoreError> {
        self.change(move |tx| {
            let Some(old) = self::key(tx, &key.id)? else {
                add(tx, &key, &starter())?;
                return Ok(Keep::All(()));
            };
            if (&old.digest, &old.scopes, &old.name) == (&key.digest, &key.scopes, &key.name) {
                return Ok(Keep::Nothing(()));
            }
            tx.prepare_cached("UPDATE keys SET digest = ?2, scopes = ?3, name = ?4 WHERE id = ?1")?
                .execute((&key.id, key.digest, words(&key.scopes), &key.name))?;
            audit::note(tx, key.created_at, &starter(), "key.replace", &key.id, None)?;
            Ok(Keep::All(()))
        })
        .await
    }

    async fn key(&self, id: &str) -> Result<Option<KeyRecord>, StoreError> {
        if let Some(known) = self.glance.key(id) {
            return Ok(known);
        }
        let id = id.to_owned();
        self.read(move |c| Ok(key(c, &id)?)).await
    }

    async fn keys(&self) -> Result<Vec<KeyRecord>, StoreError> {
        self.read(|c| Ok(all(c)?)).await
    }

    async fn revoke_key(&self, id: &str, at: Timestamp, by: Author) -> Result<bool, StoreError> {
        let id = id.to_owned();
        self.change(move |tx| {
            let sql = "UPDATE keys SET revoked_at = ?2 WHERE id = ?1 AND revoked_at IS NULL";
            if tx.prepare_cached(sql)?.execute((&id, millis(at)))? == 0 {
                return Ok(Keep::Nothing(false));
            }
            audit::note(tx, at, &by, "key.revoke", &id, None)?;
            Ok(Keep::All(true))
        })
        .await
    }

    async fn note_use(&self, used: Vec<(String, Timestamp)>) -> Result<(), StoreError> {
        self.change(move |tx| {
            let sql = "UPDATE keys SET last_used_at = ?2
                WHERE id = ?1 AND (last_used_at IS NULL OR last_used_at < ?2)";
            let mut statement = tx.prepare_cached(sql)?;
            for (id, at) in &used {
                statement.execute((id, millis(*at)))?;
            }
            Ok(Keep::All(()))
        })
        .await
    }
}

/// The key with a public id.
pub fn key(connection: &Connection, id: &str) -> rusqlite::Result<Option<KeyRecord>> {
    let sql = format!("SELECT {COLUMNS} FROM keys WHERE id = ?1");
    connection.prepare_cached(&sql)?.query_row([id], record).optional()
}

fn all(connection: &Connection) -> rusqlite::Result<Vec<KeyRecord>> {
    let sql = format!("SELECT {COLUMNS} FROM keys ORDER BY created_at, number");
    connection.prepare_cached(&sql)?.query_map([], record)?.collect()
}

fn add(tx: &Connection, key: &KeyRecord, by: &Author) -> Result<(), StoreError> {
    let employers = serde_json::to_string(&key.employers).map_err(StoreError::failed)?;
    let sql = format!("INSERT INTO keys ({COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");
    tx.prepare_cached(&sql)?.execute((
        &key.id,
        &key.name,
        key.digest,
        words(&key.scopes),
        employers,
        millis(key.created_at),
        key.expires_at.map(millis),
        key.last_used_at.map(millis),
        key.revoked_at.map(millis),
    ))?;
    Ok(audit::note(tx, key.created_at, by, "key.create", &key.id, None)?)
}

/// Scopes as an array in JSON: their words need no escaping.
fn words(scopes: &[Scope]) -> String {
    let words: Vec<String> = scopes.iter().map(|scope| format!("\"{}\"", scope.as_str())).collect();
    format!("[{}]", words.join(","))
}

fn record(row: &Row<'_>) -> rusqlite::Result<KeyRecord> {
    let scopes = array(row, 3)?;
    Ok(KeyRecord {
        id: row.get(0)?,
        name: row.get(1)?,
        digest: row.get(2)?,
        // A scope that only a newer release knows allows nothing here.
        scopes: Scope::ALL
            .into_iter()
            .filter(|scope| scopes.iter().any(|word| word == scope.as_str()))
            .collect(),
        employers: array(row, 4)?,
        created_at: at(row, 5)?,
        expires_at: at_or_none(row, 6)?,
        last_used_at: at_or_none(row, 7)?,
        revoked_at: at_or_none(row, 8)?,
    })
}

fn array(row: &Row<'_>, column: usize) -> rusqlite::Result<Vec<String>> {
    serde_json::from_str(row.get_ref(column)?.as_str()?)
        .map_err(|e| Error::FromSqlConversionFailure(column, Type::Text, e.into()))
}

//! API keys.

use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::postgres::PgRow;
use sqlx::{PgConnection, Row as _};

use super::fault::Fault;
use super::time::millis;
use super::{Postgres, audit, row};
use crate::store::StoreError;
use crate::store::document::Author;
use crate::store::keys::{KeyRecord, Keys, Scope, starter};

#[async_trait]
impl Keys for Postgres {
    async fn add_key(&self, key: KeyRecord, by: Author) -> Result<(), StoreError> {
        self.change(|mut lease| {
            let (key, by) = (&key, &by);
            async move { Ok((add(&mut lease, key, by).await?, lease)) }
        })
        .await
    }

    async fn add_first_key(&self, key: KeyRecord) -> Result<bool, StoreError> {
        let (key, governs) =
            (&key, |other: &KeyRecord| other.allows(Scope::Admin) && other.is_good(key.created_at));
        self.change(|mut lease| async move {
            let is_first = !all(&mut lease).await?.iter().any(governs);
            if is_first {
                add(&mut lease, key, &starter()).await?;
            }
            Ok((is_first, lease))
        })
        .await
    }

    async fn put_key(&self, key: KeyRecord) -> Result<(), StoreError> {
        let key = &key;
        self.change(|mut lease| async move {
            match self::key(&mut lease, &key.id).await? {
                None => add(&mut lease, key, &starter()).await?,
                Some(old) => replace(&mut lease, &old, key).await?,
            }
            Ok(((), lease))
        })
        .await
    }

    async fn key(&self, id: &str) -> Result<Option<KeyRecord>, StoreError> {
        self.read(|mut lease| async move { Ok((key(&mut lease, id).await?, lease)) }).await
    }

    async fn keys(&self) -> Result<Vec<KeyRecord>, StoreError> {
        self.read(|mut lease| async move { Ok((all(&mut lease).await?, lease)) }).await
    }

    async fn revoke_key(&self, id: &str, at: Timestamp, by: Author) -> Result<bool, StoreError> {
        let by = &by;
        self.change(|mut lease| async move {
            let sql = "UPDATE keys SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL";
            let query = sqlx::query(sql).bind(id).bind(millis(at));
            let was_good = query.execute(&mut *lease).await?.rows_affected() > 0;
            if was_good {
                audit::note_key(&mut lease, at, by, "key.revoke", id).await?;
            }
            Ok((was_good, lease))
        })
        .await
    }

    async fn note_use(&self, used: Vec<(String, Timestamp)>) -> Result<(), StoreError> {
        let (ids, moments): (Vec<&str>, Vec<i64>) = used.iter().map(|(id, at)| (&**id, millis(*at))).unzip();
        let (ids, moments) = (&ids, &moments);
        self.change(|mut lease| async move {
            let sql = "UPDATE keys SET last_used_at = used.at
                FROM (SELECT id, max(at) AS at FROM unnest($1::text[], $2::bigint[]) AS used (id, at)
                    GROUP BY id) AS used
                WHERE keys.id = used.id AND (last_used_at IS NULL OR last_used_at < used.at)";
            sqlx::query(sql).bind(ids).bind(moments).execute(&mut *lease).await?;
            Ok(((), lease))
        })
        .await
    }
}

async fn key(connection: &mut PgConnection, id: &str) -> Result<Option<KeyRecord>, Fault> {
    let sql = "SELECT id, name, digest, scopes, employers, created_at, expires_at, last_used_at, revoked_at
        FROM keys WHERE id = $1";
    sqlx::query(sql).bind(id).fetch_optional(connection).await?.as_ref().map(record).transpose()
}

async fn all(connection: &mut PgConnection) -> Result<Vec<KeyRecord>, Fault> {
    let sql = "SELECT id, name, digest, scopes, employers, created_at, expires_at, last_used_at, revoked_at
        FROM keys ORDER BY created_at, number";
    sqlx::query(sql).fetch_all(connection).await?.iter().map(record).collect()
}

async fn add(connection: &mut PgConnection, key: &KeyRecord, by: &Author) -> Result<(), Fault> {
    let sql = "INSERT INTO keys
            (id, name, digest, scopes, employers, created_at, expires_at, last_used_at, revoked_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    sqlx::query(sql)
        .bind(&key.id)
        .bind(&key.name)
        .bind(key.digest.as_slice())
        .bind(words(&key.scopes))
        .bind(&key.employers)
        .bind(millis(key.created_at))
        .bind(key.expires_at.map(millis))
        .bind(key.last_used_at.map(millis))
        .bind(key.revoked_at.map(millis))
        .execute(&mut *connection)
        .await?;
    audit::note_key(connection, key.created_at, by, "key.create", &key.id).await
}

async fn replace(connection: &mut PgConnection, old: &KeyRecord, key: &KeyRecord) -> Result<(), Fault> {
    if (&old.digest, &old.scopes, &old.name) == (&key.digest, &key.scopes, &key.name) {
        return Ok(());
    }
    let sql = "UPDATE keys SET digest = $2, scopes = $3, name = $4 WHERE id = $1";
    let query = sqlx::query(sql).bind(&key.id).bind(key.digest.as_slice()).bind(words(&key.scopes));
    query.bind(&key.name).execute(&mut *connection).await?;
    audit::note_key(connection, key.created_at, &starter(), "key.replace", &key.id).await
}

fn words(scopes: &[Scope]) -> Vec<&'static str> {
    scopes.iter().map(|scope| scope.as_str()).collect()
}

fn record(row: &PgRow) -> Result<KeyRecord, Fault> {
    let scopes: Vec<String> = row.try_get(3)?;
    Ok(KeyRecord {
        id: row.try_get(0)?,
        name: row.try_get(1)?,
        digest: row::bytes(row, 2)?,
        // A scope that only a newer release knows allows nothing here.
        scopes: Scope::ALL
            .into_iter()
            .filter(|scope| scopes.iter().any(|word| word == scope.as_str()))
            .collect(),
        employers: row.try_get(4)?,
        created_at: row::at(row, 5)?,
        expires_at: row::at_or_none(row, 6)?,
        last_used_at: row::at_or_none(row, 7)?,
        revoked_at: row::at_or_none(row, 8)?,
    })
}

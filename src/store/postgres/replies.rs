//! Answers that are kept under an `Idempotency-Key`.

use async_trait::async_trait;
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};
use sqlx::postgres::PgRow;
use sqlx::{PgConnection, Row as _};

use super::fault::Fault;
use super::time::millis;
use super::{Postgres, row};
use crate::store::StoreError;
use crate::store::document::Outcome;
use crate::store::replies::{CLAIMED_FOR, Claim, Claimed, Completion, KEPT_FOR, Replies, Reply};

#[async_trait]
impl Replies for Postgres {
    async fn claim(&self, claim: &Claim, now: Timestamp) -> Result<Claimed, StoreError> {
        self.read(|mut lease| async move {
            loop {
                if take(&mut lease, claim, now).await? {
                    return Ok((Claimed::New, lease));
                }
                // Between the two looks it may have been given up.
                if let Some(claimed) = look(&mut lease, claim).await? {
                    return Ok((claimed, lease));
                }
            }
        })
        .await
    }

    async fn release(&self, claim: &Claim) -> Result<(), StoreError> {
        self.read(|mut lease| async move { Ok((give_up(&mut lease, claim).await?, lease)) }).await
    }

    async fn forget_replies(&self, now: Timestamp) -> Result<u64, StoreError> {
        self.change(|mut lease| async move {
            let sql = "DELETE FROM replies WHERE claimed_at < $1 AND (status IS NULL OR claimed_at < $2)";
            let query = sqlx::query(sql).bind(oldest(now, CLAIMED_FOR)).bind(oldest(now, KEPT_FOR));
            let done = query.execute(&mut *lease).await?;
            Ok((done.rows_affected(), lease))
        })
        .await
    }
}

/// Stores the answer to what was done, in the same transaction; or gives the claim up.
pub async fn complete(
    transaction: &mut PgConnection,
    completion: &Completion,
    outcomes: &[Outcome],
) -> Result<(), Fault> {
    let claim = &completion.claim;
    let Some(reply) = (completion.reply)(outcomes) else { return give_up(transaction, claim).await };
    let headers = serde_json::to_string(&reply.headers).map_err(StoreError::failed)?;
    let sql = "UPDATE replies SET status = $3, headers = $4, body = $5
        WHERE id = $1 AND attempt = $2 AND status IS NULL";
    let query = sqlx::query(sql).bind(id(claim)).bind(claim.attempt.as_slice());
    let query = query.bind(i32::from(reply.status)).bind(headers).bind(&*reply.body);
    if query.execute(transaction).await?.rows_affected() == 0 {
        // Somebody else is doing it, or has done it: it must not be done twice.
        return Err(StoreError::Unavailable("the claim was lost to another attempt".into()).into());
    }
    Ok(())
}

/// Makes the claim, or takes over one that no longer counts.
async fn take(connection: &mut PgConnection, claim: &Claim, now: Timestamp) -> Result<bool, Fault> {
    let sql = "INSERT INTO replies AS old (id, digest, attempt, claimed_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (id) DO UPDATE SET digest = excluded.digest, attempt = excluded.attempt,
            claimed_at = excluded.claimed_at, status = NULL, headers = NULL, body = NULL
        WHERE old.claimed_at < CASE WHEN old.status IS NULL THEN $5 ELSE $6 END";
    let query = sqlx::query(sql).bind(id(claim)).bind(claim.digest.as_slice()).bind(claim.attempt.as_slice());
    let query = query.bind(millis(now)).bind(oldest(now, CLAIMED_FOR)).bind(oldest(now, KEPT_FOR));
    Ok(query.execute(connection).await?.rows_affected() > 0)
}

async fn look(connection: &mut PgConnection, claim: &Claim) -> Result<Option<Claimed>, Fault> {
    let sql = "SELECT digest, status, headers, body FROM replies WHERE id = $1";
    let found = sqlx::query(sql).bind(id(claim)).fetch_optional(connection).await?;
    found.map(|found| claimed(&found, claim)).transpose()
}

fn claimed(row: &PgRow, claim: &Claim) -> Result<Claimed, Fault> {
    if row::bytes(row, 0)? != claim.digest {
        return Ok(Claimed::Mismatch);
    }
    let Some(status) = row.try_get::<Option<i32>, _>(1)? else { return Ok(Claimed::InFlight) };
    Ok(Claimed::Done(Reply {
        status: u16::try_from(status).map_err(StoreError::failed)?,
        headers: serde_json::from_str(row.try_get(2)?).map_err(StoreError::failed)?,
        body: row.try_get::<&[u8], _>(3)?.into(),
    }))
}

async fn give_up(connection: &mut PgConnection, claim: &Claim) -> Result<(), Fault> {
    let sql = "DELETE FROM replies WHERE id = $1 AND attempt = $2 AND status IS NULL";
    sqlx::query(sql).bind(id(claim)).bind(claim.attempt.as_slice()).execute(connection).await?;
    Ok(())
}

/// A key of the table, of one size whatever the client sends.
fn id(claim: &Claim) -> Vec<u8> {
    let digest = Sha256::new().chain_update(claim.scope.len().to_be_bytes());
    digest.chain_update(&claim.scope).chain_update(&claim.key).finalize().to_vec()
}

/// The moment of the oldest claim that still counts.
fn oldest(now: Timestamp, kept_for: jiff::SignedDuration) -> i64 {
    millis(now) - kept_for.as_secs() * 1000
}

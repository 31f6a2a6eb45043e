//! Answers that are kept under an `Idempotency-Key`.

use async_trait::async_trait;
use jiff::Timestamp;
use rusqlite::types::Type;
use rusqlite::{Connection, Error, OptionalExtension, Row};

use super::Sqlite;
use super::time::millis;
use super::writer::Keep;
use crate::store::StoreError;
use crate::store::document::Outcome;
use crate::store::replies::{CLAIMED_FOR, Claim, Claimed, Completion, KEPT_FOR, Replies, Reply};

/// A row.
struct Kept {
    digest: [u8; 32],
    claimed_at: i64,
    reply: Option<Reply>,
}

#[async_trait]
impl Replies for Sqlite {
    async fn claim(&self, claim: &Claim, now: Timestamp) -> Result<Claimed, StoreError> {
        let claim = claim.clone();
        self.change(move |tx| {
            let kept = kept(tx, &claim)?;
            let Some(kept) = kept.filter(|kept| kept.claimed_at >= oldest(now, kept.reply.is_some())) else {
                let sql = "INSERT OR REPLACE INTO replies (scope, key, digest, attempt, claimed_at)
                    VALUES (?1, ?2, ?3, ?4, ?5)";
                let row = (&claim.scope, &claim.key, claim.digest, claim.attempt, millis(now));
                tx.prepare_cached(sql)?.execute(row)?;
                return Ok(Keep::All(Claimed::New));
            };
            Ok(Keep::Nothing(match kept.reply {
                _ if kept.digest != claim.digest => Claimed::Mismatch,
                Some(reply) => Claimed::Done(reply),
                None => Claimed::InFlight,
            }))
        })
        .await
    }

    async fn release(&self, claim: &Claim) -> Result<(), StoreError> {
        let claim = claim.clone();
        self.change(move |tx| {
            give_up(tx, &claim)?;
            Ok(Keep::All(()))
        })
        .await
    }

    async fn forget_replies(&self, now: Timestamp) -> Result<u64, StoreError> {
        self.change(move |tx| {
            let sql = "DELETE FROM replies
                WHERE claimed_at < ?1 AND (status IS NULL OR claimed_at < ?2)";
            let forgotten = tx.prepare_cached(sql)?.execute((oldest(now, false), oldest(now, true)))?;
            Ok(Keep::All(forgotten as u64))
        })
        .await
    }
}

/// Stores the answer to what was done, in the same transaction; or gives the claim up.
pub fn complete(tx: &Connection, completion: &Completion, outcomes: &[Outcome]) -> Result<(), StoreError> {
    let claim = &completion.claim;
    let Some(reply) = (completion.reply)(outcomes) else { return give_up(tx, claim) };
    let headers = serde_json::to_string(&reply.headers).map_err(StoreError::failed)?;
    let sql = "UPDATE replies SET status = ?4, headers = ?5, body = ?6
        WHERE scope = ?1 AND key = ?2 AND attempt = ?3 AND status IS NULL";
    let row = (&claim.scope, &claim.key, claim.attempt, reply.status, headers, &*reply.body);
    if tx.prepare_cached(sql)?.execute(row)? == 0 {
        // Somebody else is doing it, or has done it: it must not be done twice.
        return Err(StoreError::Unavailable("the claim was lost to another attempt".into()));
    }
    Ok(())
}

fn give_up(tx: &Connection, claim: &Claim) -> Result<(), StoreError> {
    let sql = "DELETE FROM replies WHERE scope = ?1 AND key = ?2 AND attempt = ?3 AND status IS NULL";
    tx.prepare_cached(sql)?.execute((&claim.scope, &claim.key, claim.attempt))?;
    Ok(())
}

/// The moment of the oldest claim that still counts: one with an answer, or one without.
fn oldest(now: Timestamp, done: bool) -> i64 {
    millis(now) - (if done { KEPT_FOR } else { CLAIMED_FOR }).as_secs() * 1000
}

fn kept(tx: &Connection, claim: &Claim) -> rusqlite::Result<Option<Kept>> {
    let sql = "SELECT digest, claimed_at, status, headers, body FROM replies WHERE scope = ?1 AND key = ?2";
    let read = |row: &Row<'_>| {
        let status: Option<u16> = row.get(2)?;
        let reply = status.map(|status| reply(row, status)).transpose()?;
        Ok(Kept { digest: row.get(0)?, claimed_at: row.get(1)?, reply })
    };
    tx.prepare_cached(sql)?.query_row((&claim.scope, &claim.key), read).optional()
}

fn reply(row: &Row<'_>, status: u16) -> rusqlite::Result<Reply> {
    let headers = serde_json::from_str(row.get_ref(3)?.as_str()?)
        .map_err(|e| Error::FromSqlConversionFailure(3, Type::Text, e.into()))?;
    Ok(Reply { status, headers, body: row.get_ref(4)?.as_blob()?.into() })
}

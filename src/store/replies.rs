//! Answers that are kept under an `Idempotency-Key`, so that a request that is sent twice is done
//! once.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};

use super::document::Outcome;
use super::error::StoreError;

/// How long an answer is kept.
pub const KEPT_FOR: SignedDuration = SignedDuration::from_hours(24);
/// How long a claim without an answer holds: longer than any request takes, and no longer than a
/// client should wait after a node has died.
pub const CLAIMED_FOR: SignedDuration = SignedDuration::from_mins(1);

/// Names a request that is to be done once.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Claim {
    /// Whose keys are told apart: the API key's public id, the method, and the path.
    pub scope: String,
    /// The client's own key.
    pub key: String,
    /// A digest of what was asked: another request under the same key is refused.
    pub digest: [u8; 32],
    /// Tells this attempt from others under the same key.
    pub attempt: [u8; 16],
}

/// An answer, as it is given again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The HTTP status, which the store does not interpret.
    pub status: u16,
    /// Names and values of the headers that belong to it.
    pub headers: Vec<(String, String)>,
    /// Its body.
    pub body: Arc<[u8]>,
}

/// How a claim was met.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claimed {
    /// Nobody did it before: go on, and write with a [`Completion`], or [`release`](Replies::release).
    New,
    /// It was done: this was the answer.
    Done(Reply),
    /// Somebody is at it now.
    InFlight,
    /// The key was used for another request.
    Mismatch,
}

/// Turns the outcome of a batch into the answer to keep; nothing releases the claim.
pub type ReplyTo = Arc<dyn Fn(&[Outcome]) -> Option<Reply> + Send + Sync>;

/// An answer to be stored in the same transaction as the writes that it is of. If the claim is no
/// longer this attempt's, somebody else has done it or is doing it: then nothing is written, and the
/// store is [`Unavailable`](StoreError::Unavailable), so that the client asks again.
#[derive(Clone)]
pub struct Completion {
    /// The claim, which was [`Claimed::New`].
    pub claim: Claim,
    /// The answer.
    pub reply: ReplyTo,
}

impl fmt::Debug for Completion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Completion").field("claim", &self.claim).finish_non_exhaustive()
    }
}

/// Answers by `Idempotency-Key`.
#[async_trait]
pub trait Replies {
    /// Claims a key, unless it is taken: of several at once, one gets [`Claimed::New`]. A claim
    /// older than [`CLAIMED_FOR`] without an answer, and one older than [`KEPT_FOR`] with its answer,
    /// no longer count.
    async fn claim(&self, claim: &Claim, now: Timestamp) -> Result<Claimed, StoreError>;

    /// Gives a claim up: nothing was done, and the key may be used again. Only the attempt that
    /// claimed it can.
    async fn release(&self, claim: &Claim) -> Result<(), StoreError>;

    /// Forgets answers and claims that no longer count; tells how many.
    async fn forget_replies(&self, now: Timestamp) -> Result<u64, StoreError>;
}

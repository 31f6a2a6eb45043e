//! The audit log: who wrote what, and when. It is only ever added to.

use async_trait::async_trait;
use jiff::Timestamp;

use super::document::Slice;
use super::error::StoreError;

/// An entry of the audit log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEntry {
    /// Its number, from 1.
    pub number: u64,
    /// When.
    pub at: Timestamp,
    /// Who: the name of an API key, or of what loaded a file.
    pub author: String,
    /// The public id of the API key, if it was one.
    pub key: Option<String>,
    /// The id of the request, if it was one.
    pub request: Option<String>,
    /// What was done: `role.create`, `employer.delete`, `key.create`, `key.revoke` …
    pub action: String,
    /// To what: the id of a role or employer, `employer/tone`, or the public id of a key.
    pub target: String,
    /// The revision that it made, of what has revisions.
    pub revision: Option<u32>,
}

/// The audit log.
#[async_trait]
pub trait Audit {
    /// The entries, the newest first: those before the number `before`, at most `limit`.
    async fn audit(&self, before: Option<u64>, limit: usize) -> Result<Slice<AuditEntry>, StoreError>;
}

//! What can go wrong with a database, whichever it is.

use std::error::Error;

/// What lies behind an error: for the log.
pub type Cause = Box<dyn Error + Send + Sync>;

/// Why the store could not do what it was asked to. Nothing that it had acknowledged is lost.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database is away, or busy for longer than anybody should wait. It may be back soon.
    #[error("the database cannot be reached")]
    Unavailable(#[source] Cause),
    /// There is no room for a write. Reads go on.
    #[error("the database has no room left")]
    Full(#[source] Cause),
    /// The database belongs to a newer release.
    #[error("the database was made by a newer release of Rolewright")]
    Newer(#[source] Cause),
    /// Anything else: a fault of ours, or a database that is damaged.
    #[error("the database failed")]
    Failed(#[source] Cause),
}

impl StoreError {
    /// A fault of ours.
    pub fn failed(cause: impl Into<Cause>) -> Self {
        Self::Failed(cause.into())
    }
}

//! Questions that every request asks, and that are answered on the spot: heads of documents, and keys.
//!
//! The connection for them is asked where the request is, without a thread in between: an answer takes
//! 3 to 6 µs, of which 2 go into SQLite's locks. To ask only whether anybody wrote since (`PRAGMA
//! data_version`) takes as long; so nothing is remembered, and nothing can be stale.

use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use rusqlite::Connection;

use super::document::head;
use super::keys;
use crate::store::StoreError;
use crate::store::document::{DocumentId, Head};
use crate::store::keys::KeyRecord;

/// A connection for short questions.
pub struct Glance(Mutex<Option<Connection>>);

impl fmt::Debug for Glance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Glance").finish_non_exhaustive()
    }
}

impl Glance {
    /// Asks this connection.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn new(connection: Connection) -> Result<Self, StoreError> {
        // Nobody may be kept waiting here; whoever gets no answer asks elsewhere.
        connection.busy_timeout(Duration::ZERO)?;
        Ok(Self(Mutex::new(Some(connection))))
    }

    /// The head of a document, or nothing if this cannot be told without waiting.
    pub fn head(&self, document: &DocumentId) -> Option<Option<Head>> {
        self.ask(|connection| head(connection, document))
    }

    /// The key with a public id, or nothing if this cannot be told without waiting.
    pub fn key(&self, id: &str) -> Option<Option<KeyRecord>> {
        self.ask(|connection| keys::key(connection, id))
    }

    /// Asks nothing any more.
    pub fn close(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
    }

    fn ask<T>(&self, question: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Option<T> {
        question(self.0.lock().unwrap_or_else(PoisonError::into_inner).as_ref()?).ok()
    }
}

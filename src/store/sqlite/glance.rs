//! Questions that every request asks, and that are answered on the spot: heads of documents, and keys.
//!
//! The connection for them is asked where the request is, without a thread in between: an answer takes
//! 3 to 6 µs, of which 2 go into SQLite's locks. To ask only whether anybody wrote since (`PRAGMA
//! data_version`) takes as long; so nothing is remembered, and nothing can be stale.

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::Connection;

use super::connection::{Opened, open_to_read};
use super::document::head;
use super::keys;
use super::place::Place;
use crate::store::StoreError;
use crate::store::document::{DocumentId, Head};
use crate::store::keys::KeyRecord;

/// A connection for short questions.
pub struct Glance {
    place: Place,
    state: Mutex<State>,
}

enum State {
    Open(Opened),
    Lost,
    Closed,
}

impl fmt::Debug for Glance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Glance").field("place", &self.place).finish_non_exhaustive()
    }
}

impl Glance {
    /// It is not open yet.
    pub fn new(place: Place) -> Self {
        Self { place, state: Mutex::new(State::Lost) }
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
        *self.lock() = State::Closed;
    }

    fn ask<T>(&self, question: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Option<T> {
        let mut state = self.lock();
        let opened = match &*state {
            State::Open(opened) if opened.file == self.place.known() => opened,
            State::Closed => return None,
            State::Open(_) | State::Lost => {
                *state = State::Open(self.open().ok()?);
                let State::Open(opened) = &*state else { return None };
                opened
            }
        };
        let answer = question(&opened.connection);
        if answer.is_err() {
            *state = State::Lost;
        }
        answer.ok()
    }

    fn open(&self) -> Result<Opened, StoreError> {
        let opened = open_to_read(&self.place)?;
        // Nobody may be kept waiting here; whoever gets no answer asks elsewhere.
        opened.connection.busy_timeout(Duration::ZERO)?;
        Ok(opened)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

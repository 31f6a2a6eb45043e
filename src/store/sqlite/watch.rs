//! Answers that every request needs, from memory: heads of documents, and keys.
//!
//! A connection of its own is asked each time whether anybody wrote since (`PRAGMA data_version`,
//! about a microsecond); if so, it reads which documents changed. All of it happens under one lock
//! and on that one connection: what is remembered is never older than what was acknowledged.

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use quick_cache::unsync::Cache;
use rusqlite::{Connection, OptionalExtension};

use super::document::{document_id, head, head_of, one_more};
use super::keys;
use crate::store::StoreError;
use crate::store::document::{DocumentId, Head};
use crate::store::keys::KeyRecord;

/// How many heads are remembered.
const HEADS: usize = 65_536;
/// How many keys are remembered.
const KEYS: usize = 4_096;
/// More changes than this are forgotten about: everything is read again when it is asked for.
const CHANGES: usize = 1_000;

/// A connection that watches, and what it knows.
pub struct Watch(Mutex<Option<Watching>>);

struct Watching {
    connection: Connection,
    /// Of the database, as this connection counts.
    version: i64,
    /// The newest change that is known here.
    sequence: i64,
    heads: Cache<DocumentId, Head>,
    keys: Cache<String, KeyRecord>,
}

impl fmt::Debug for Watch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Watch").finish_non_exhaustive()
    }
}

impl Watch {
    /// Watches by this connection.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn new(connection: Connection) -> Result<Self, StoreError> {
        // It is asked where nobody may be kept waiting; whoever gets no answer asks elsewhere.
        connection.busy_timeout(Duration::ZERO)?;
        let (heads, keys) = (Cache::new(HEADS), Cache::new(KEYS));
        // No version is negative: the first look finds a change.
        let watching = Watching { connection, version: -1, sequence: i64::MAX, heads, keys };
        Ok(Self(Mutex::new(Some(watching))))
    }

    /// The head of a document, or nothing if this cannot be told without waiting.
    pub fn head(&self, document: &DocumentId) -> Option<Option<Head>> {
        self.lock().as_mut()?.head(document).ok()
    }

    /// The key with a public id, or nothing if this cannot be told without waiting.
    pub fn key(&self, id: &str) -> Option<Option<KeyRecord>> {
        self.lock().as_mut()?.key(id).ok()
    }

    /// Stops watching.
    pub fn close(&self) {
        self.lock().take();
    }

    fn lock(&self) -> MutexGuard<'_, Option<Watching>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Watching {
    fn head(&mut self, document: &DocumentId) -> rusqlite::Result<Option<Head>> {
        self.catch_up()?;
        if let Some(head) = self.heads.get(document) {
            return Ok(Some(*head));
        }
        let found = head(&self.connection, document)?;
        // That there is none is not remembered: anybody can ask for any number of those.
        if let Some(head) = found {
            self.heads.insert(document.clone(), head);
        }
        Ok(found)
    }

    fn key(&mut self, id: &str) -> rusqlite::Result<Option<KeyRecord>> {
        self.catch_up()?;
        if let Some(key) = self.keys.get(id) {
            return Ok(Some(key.clone()));
        }
        let found = keys::key(&self.connection, id)?;
        if let Some(key) = &found {
            self.keys.insert(id.to_owned(), key.clone());
        }
        Ok(found)
    }

    /// Takes in what anybody wrote since the last look. What is read here may be newer than the
    /// version, never older; then the next look reads it once more.
    fn catch_up(&mut self) -> rusqlite::Result<()> {
        let version: i64 =
            self.connection.prepare_cached("PRAGMA data_version")?.query_row([], |row| row.get(0))?;
        if version == self.version {
            return Ok(());
        }
        self.keys.clear();
        let changed = self.changed()?;
        if changed.len() > CHANGES || self.version < 0 {
            self.heads.clear();
            let newest = "SELECT max(sequence) FROM revisions";
            let newest: Option<i64> =
                self.connection.prepare_cached(newest)?.query_row([], |row| row.get(0)).optional()?.flatten();
            self.sequence = newest.unwrap_or(0);
        } else {
            for (sequence, document, head) in changed {
                if let Some(known) = self.heads.peek_mut(&document) {
                    let mut known = known;
                    *known = head;
                }
                self.sequence = sequence;
            }
        }
        self.version = version;
        Ok(())
    }

    /// The changes that are not known here, the oldest first; one more than [`CHANGES`] at most.
    fn changed(&self) -> rusqlite::Result<Vec<(i64, DocumentId, Head)>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT d.kind, d.owner, d.id, r.revision, r.action = 'delete', r.at, r.sequence
             FROM revisions r JOIN documents d ON d.number = r.document
             WHERE r.sequence > ?1 ORDER BY r.sequence LIMIT ?2",
        )?;
        let rows = statement.query_map((self.sequence, one_more(CHANGES)), |row| {
            Ok((row.get(6)?, document_id(row, 0)?, head_of(row, 3)?))
        })?;
        rows.collect()
    }
}

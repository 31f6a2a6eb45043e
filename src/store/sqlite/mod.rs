//! The embedded database: one SQLite file, for one node.
//!
//! One connection writes, one transaction at a time ([`writer`]); a few read ([`readers`]); one answers
//! short questions on the spot ([`glance`]). Other processes may use the file at the same time: the
//! command line makes keys while the server runs. SQLite's own locks keep them apart, and since nothing
//! is remembered here, nothing that they write is missed.

mod address;
mod audit;
mod beginning;
mod connection;
mod document;
mod facts;
mod fault;
mod glance;
mod index;
mod keys;
mod order;
mod place;
mod posting_index;
mod posting_order;
mod posting_search;
mod postings;
mod query;
mod readers;
mod replies;
mod search;
mod seed;
mod skills;
#[cfg(test)]
mod tests;
mod time;
mod token;
mod write;
mod writer;

use std::path::PathBuf;

use async_trait::async_trait;
use rusqlite::{Connection, Transaction};
use tokio::task::spawn_blocking;

use self::glance::Glance;
use self::place::Place;
use self::readers::Readers;
use self::writer::{Keep, Writer};
use super::{ConnectError, Location, Store, StoreError};

/// The embedded database.
#[derive(Debug)]
pub struct Sqlite {
    place: Place,
    writer: Writer,
    readers: Readers,
    glance: Glance,
}

impl Sqlite {
    /// Opens the file, which is made if it is not there, and brings its tables up to date.
    ///
    /// # Errors
    /// An address that names no file, and what SQLite says.
    pub async fn open(location: &Location) -> Result<Self, ConnectError> {
        let file = address::file(location)?;
        Ok(blocking(move || Self::open_file(file)).await?)
    }

    fn open_file(file: PathBuf) -> Result<Self, StoreError> {
        address::prepare(&file)?;
        connection::prepare(&file)?;
        let place = Place::new(file);
        Ok(Self {
            writer: Writer::new(place.clone()),
            readers: Readers::new(place.clone()),
            glance: Glance::new(place.clone()),
            place,
        })
    }

    /// Reads, in a thread of its own.
    async fn read<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    {
        self.readers.read(work).await
    }

    /// Writes, when it is this write's turn, in a thread of its own. What was kept is on disk when
    /// this returns. It is done to the end even if nobody waits for it any more.
    async fn change<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Transaction<'_>) -> Result<Keep<T>, StoreError> + Send + 'static,
    {
        self.writer.change(work).await
    }
}

/// Does work that waits for the disk in a thread where nobody else is kept waiting.
async fn blocking<T, F>(work: F) -> Result<T, StoreError>
where
    T: Send + 'static,
    F: FnOnce() -> Result<T, StoreError> + Send + 'static,
{
    // A panic in there, or a runtime that is shutting down.
    spawn_blocking(work).await.unwrap_or_else(|e| Err(StoreError::failed(e)))
}

#[async_trait]
impl Store for Sqlite {
    async fn ready(&self) -> Result<(), StoreError> {
        self.read(|c| Ok(c.query_row("SELECT 1 FROM documents LIMIT 1", [], |_| Ok(())).or_else(none)?))
            .await?;
        // Takes the lock that a write needs, and writes nothing.
        self.change(|_| Ok(Keep::Nothing(()))).await
    }

    async fn close(&self) {
        self.writer.close().await;
        self.readers.close().await;
        self.glance.close();
        log::debug!("closed {}", self.place.path().display());
    }
}

/// No row is an answer, too.
fn none<T: Default>(error: rusqlite::Error) -> rusqlite::Result<T> {
    if error == rusqlite::Error::QueryReturnedNoRows { Ok(T::default()) } else { Err(error) }
}

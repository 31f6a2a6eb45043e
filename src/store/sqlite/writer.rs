//! The connection that writes: one transaction at a time.

use std::sync::Arc;

use rusqlite::{Connection, Transaction, TransactionBehavior};
use tokio::sync::Mutex;
use tokio::time::timeout;

use super::blocking;
use super::connection::{Opened, PATIENCE, open};
use super::place::Place;
use crate::store::StoreError;

/// The connection that writes.
#[derive(Debug)]
pub struct Writer {
    place: Place,
    turn: Arc<Mutex<State>>,
}

#[derive(Debug)]
enum State {
    Open(Opened),
    /// It is opened by the next write.
    Lost,
    /// For good.
    Closed,
}

/// What becomes of what a transaction did.
#[derive(Debug)]
pub enum Keep<T> {
    /// It is kept.
    All(T),
    /// It is undone.
    Nothing(T),
}

impl Writer {
    /// It is not open yet.
    pub fn new(place: Place) -> Self {
        Self { place, turn: Arc::new(Mutex::new(State::Lost)) }
    }

    /// Writes in a transaction, when it is this write's turn, in a thread of its own.
    ///
    /// # Errors
    /// What the work says, and what SQLite says to the commit: nothing was done then.
    /// [`StoreError::Unavailable`] when its turn does not come in time.
    pub async fn change<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Transaction<'_>) -> Result<Keep<T>, StoreError> + Send + 'static,
    {
        let turn = timeout(PATIENCE, Arc::clone(&self.turn).lock_owned()).await;
        let mut state = turn.map_err(|e| StoreError::Unavailable(e.into()))?;
        let place = self.place.clone();
        blocking(move || state.change(&place, work)).await
    }

    /// Waits for the write that is under way, and closes the connection.
    pub async fn close(&self) {
        let mut state = Arc::clone(&self.turn).lock_owned().await;
        let closed = blocking(move || {
            *state = State::Closed;
            Ok(())
        });
        if let Err(error) = closed.await {
            log::warn!("the database was not closed in order: {error}");
        }
    }
}

impl State {
    fn change<T>(
        &mut self,
        place: &Place,
        work: impl FnOnce(&Transaction<'_>) -> Result<Keep<T>, StoreError>,
    ) -> Result<T, StoreError> {
        let file = place.look();
        let opened = match self {
            Self::Open(opened) if opened.file == file => opened,
            Self::Closed => return Err(StoreError::Unavailable("the database is closed".into())),
            lost => {
                *lost = Self::Open(open(place)?);
                return lost.change(place, work);
            }
        };
        let result = transact(&mut opened.connection, work);
        // One that is in trouble is not used again; and a transaction that could not even be undone
        // must not swallow the next one.
        let sound = !matches!(result, Err(StoreError::Unavailable(_) | StoreError::Failed(_)));
        if !sound || !opened.connection.is_autocommit() {
            *self = Self::Lost;
        }
        result
    }
}

fn transact<T>(
    connection: &mut Connection,
    work: impl FnOnce(&Transaction<'_>) -> Result<Keep<T>, StoreError>,
) -> Result<T, StoreError> {
    // Takes the lock at once: a transaction that reads first could find that it may not write.
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Dropped by an error, it is undone; so is one whose commit fails.
    match work(&transaction)? {
        Keep::All(done) => {
            transaction.commit()?;
            Ok(done)
        }
        Keep::Nothing(told) => {
            transaction.rollback()?;
            Ok(told)
        }
    }
}

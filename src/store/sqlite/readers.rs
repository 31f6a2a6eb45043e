//! The connections that read: a few, opened when they are first needed.

use std::sync::{Arc, Mutex, PoisonError};
use std::thread::available_parallelism;

use rusqlite::Connection;
use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::blocking;
use super::connection::{Opened, PATIENCE, open_to_read};
use super::place::Place;
use crate::store::StoreError;

/// The connections that read.
#[derive(Debug)]
pub struct Readers {
    place: Place,
    count: u32,
    turns: Arc<Semaphore>,
    idle: Arc<Mutex<Vec<Opened>>>,
}

impl Readers {
    /// None is open yet.
    pub fn new(place: Place) -> Self {
        let cores = available_parallelism().map_or(2, usize::from).clamp(2, 8);
        let turns = Arc::new(Semaphore::new(cores));
        Self { place, count: u32::try_from(cores).unwrap_or(8), turns, idle: Arc::default() }
    }

    /// Reads, in a thread of its own.
    ///
    /// # Errors
    /// What the work says; [`StoreError::Unavailable`] when no connection comes free in time.
    pub async fn read<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    {
        let turn = timeout(PATIENCE, Arc::clone(&self.turns).acquire_owned()).await;
        let turn = turn.map_err(|e| StoreError::Unavailable(e.into()))?;
        let turn = turn.map_err(|e| StoreError::Unavailable(e.into()))?;
        let (place, idle) = (self.place.clone(), Arc::clone(&self.idle));
        blocking(move || {
            let file = place.look();
            let waiting = idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let waiting = waiting.filter(|opened| opened.file == file);
            let opened = waiting.map_or_else(|| open_to_read(&place), Ok)?;
            let result = work(&opened.connection);
            // One that is in trouble is not used again.
            let sound = !matches!(result, Err(StoreError::Unavailable(_) | StoreError::Failed(_)));
            if sound && opened.connection.is_autocommit() {
                idle.lock().unwrap_or_else(PoisonError::into_inner).push(opened);
            }
            drop(turn);
            result
        })
        .await
    }

    /// Waits for those that are reading, and closes all connections.
    pub async fn close(&self) {
        let all = Arc::clone(&self.turns).acquire_many_owned(self.count).await;
        self.turns.close();
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).clear();
        drop(all);
    }
}

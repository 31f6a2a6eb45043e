//! The embedded database.

use async_trait::async_trait;
use jiff::Timestamp;

use super::document::*;
use super::keys::KeyRecord;
use super::replies::{Claim, Claimed};
use super::search::{Found, Search, SkillCount};
use super::seed::{Seed, Seeded};
use super::{Audit, AuditEntry, ConnectError, Finder, Keys, Location, Replies, Store, StoreError};

/// The embedded database.
#[derive(Debug)]
pub struct Sqlite;

fn nothing<T>() -> Result<T, StoreError> {
    Err(StoreError::failed("not there yet"))
}

impl Sqlite {
    /// Opens it.
    ///
    /// # Errors
    /// Always.
    pub async fn open(_: &Location) -> Result<Self, ConnectError> {
        Ok(nothing()?)
    }
}

#[async_trait]
impl Documents for Sqlite {
    async fn head(&self, _: &DocumentId) -> Result<Option<Head>, StoreError> {
        nothing()
    }
    async fn revision(&self, _: &DocumentId, _: Option<u32>) -> Result<Option<Revision>, StoreError> {
        nothing()
    }
    async fn history(&self, _: &DocumentId, _: Option<u32>, _: usize) -> Result<Slice<Change>, StoreError> {
        nothing()
    }
    async fn list(&self, _: Kind, _: &str, _: Option<&str>, _: usize) -> Result<Slice<Listed>, StoreError> {
        nothing()
    }
    async fn count(&self, _: Kind, _: &str) -> Result<u64, StoreError> {
        nothing()
    }
    async fn changes(&self, _: u64, _: usize) -> Result<Slice<Change>, StoreError> {
        nothing()
    }
    async fn write(&self, _: Batch) -> Result<Vec<Outcome>, StoreError> {
        nothing()
    }
    async fn seed(&self, _: Vec<Seed>) -> Result<Vec<Seeded>, StoreError> {
        nothing()
    }
}

#[async_trait]
impl Finder for Sqlite {
    async fn find(&self, _: &Search) -> Result<Found, StoreError> {
        nothing()
    }
    async fn skills(
        &self,
        _: &[String],
        _: Option<&str>,
        _: usize,
    ) -> Result<(Slice<SkillCount>, u64), StoreError> {
        nothing()
    }
}

#[async_trait]
impl Keys for Sqlite {
    async fn add_key(&self, _: KeyRecord, _: Author) -> Result<(), StoreError> {
        nothing()
    }
    async fn add_first_key(&self, _: KeyRecord) -> Result<bool, StoreError> {
        nothing()
    }
    async fn put_key(&self, _: KeyRecord) -> Result<(), StoreError> {
        nothing()
    }
    async fn key(&self, _: &str) -> Result<Option<KeyRecord>, StoreError> {
        nothing()
    }
    async fn keys(&self) -> Result<Vec<KeyRecord>, StoreError> {
        nothing()
    }
    async fn revoke_key(&self, _: &str, _: Timestamp, _: Author) -> Result<bool, StoreError> {
        nothing()
    }
    async fn note_use(&self, _: Vec<(String, Timestamp)>) -> Result<(), StoreError> {
        nothing()
    }
}

#[async_trait]
impl Replies for Sqlite {
    async fn claim(&self, _: &Claim, _: Timestamp) -> Result<Claimed, StoreError> {
        nothing()
    }
    async fn release(&self, _: &Claim) -> Result<(), StoreError> {
        nothing()
    }
    async fn forget_replies(&self, _: Timestamp) -> Result<u64, StoreError> {
        nothing()
    }
}

#[async_trait]
impl Audit for Sqlite {
    async fn audit(&self, _: Option<u64>, _: usize) -> Result<Slice<AuditEntry>, StoreError> {
        nothing()
    }
}

#[async_trait]
impl Store for Sqlite {
    async fn ready(&self) -> Result<(), StoreError> {
        nothing()
    }
    async fn close(&self) {}
}

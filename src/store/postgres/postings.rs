//! Finding postings.

use async_trait::async_trait;
use jiff::Timestamp;

use super::Postgres;
use crate::store::StoreError;
use crate::store::document::{DocumentId, Listed, Slice};
use crate::store::postings::{Edition, FoundPostings, PostingSearch, Postings};

#[async_trait]
impl Postings for Postgres {
    async fn locate(&self, _id: &str) -> Result<Option<DocumentId>, StoreError> {
        Err(StoreError::failed("not there yet"))
    }

    async fn by_slug(&self, _employer: &str, _slug: &str) -> Result<Option<DocumentId>, StoreError> {
        Err(StoreError::failed("not there yet"))
    }

    async fn find_postings(&self, _search: &PostingSearch) -> Result<FoundPostings, StoreError> {
        Err(StoreError::failed("not there yet"))
    }

    async fn public(
        &self,
        _employer: Option<&str>,
        _now: Timestamp,
        _after: Option<&str>,
        _limit: usize,
    ) -> Result<Slice<Listed>, StoreError> {
        Err(StoreError::failed("not there yet"))
    }

    async fn public_addresses(
        &self,
        _employer: Option<&str>,
        _now: Timestamp,
        _after: Option<&str>,
        _limit: usize,
    ) -> Result<Slice<crate::store::postings::Address>, StoreError> {
        Err(StoreError::failed("not there yet"))
    }

    async fn public_marks(
        &self,
        _employer: Option<&str>,
        _now: Timestamp,
        _size: usize,
    ) -> Result<Vec<String>, StoreError> {
        Err(StoreError::failed("not there yet"))
    }

    async fn edition(&self, _employer: Option<&str>, _now: Timestamp) -> Result<Edition, StoreError> {
        Err(StoreError::failed("not there yet"))
    }

    async fn due(&self, _now: Timestamp, _limit: usize) -> Result<Vec<DocumentId>, StoreError> {
        Err(StoreError::failed("not there yet"))
    }

    async fn next_due(&self) -> Result<Option<Timestamp>, StoreError> {
        Err(StoreError::failed("not there yet"))
    }
}

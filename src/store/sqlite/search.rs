//! Finding roles.

use async_trait::async_trait;

use super::Sqlite;
use crate::store::StoreError;
use crate::store::document::Slice;
use crate::store::search::{Finder, Found, Search, SkillCount};

#[async_trait]
impl Finder for Sqlite {
    async fn find(&self, _: &Search) -> Result<Found, StoreError> {
        Err(StoreError::failed("not there yet"))
    }

    async fn skills(
        &self,
        _: &[String],
        _: Option<&str>,
        _: usize,
    ) -> Result<(Slice<SkillCount>, u64), StoreError> {
        Err(StoreError::failed("not there yet"))
    }
}

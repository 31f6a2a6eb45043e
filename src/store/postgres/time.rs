//! Moments as the database keeps them: milliseconds since 1970.

use jiff::Timestamp;

use crate::store::StoreError;

/// A moment as it is kept.
pub fn millis(at: Timestamp) -> i64 {
    at.as_millisecond()
}

/// A moment as it will be read again.
pub fn kept(at: Timestamp) -> Timestamp {
    Timestamp::from_millisecond(millis(at)).unwrap_or(at)
}

/// The moment that is kept so.
pub fn moment(millis: i64) -> Result<Timestamp, StoreError> {
    Timestamp::from_millisecond(millis).map_err(StoreError::failed)
}

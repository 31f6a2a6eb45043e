//! What SQLite's errors mean to the store.

use rusqlite::{Error, ErrorCode, ffi};

use crate::store::StoreError;

impl From<Error> for StoreError {
    fn from(error: Error) -> Self {
        let Error::SqliteFailure(cause, _) = &error else { return Self::failed(error) };
        match cause.code {
            ErrorCode::DiskFull => Self::Full(error.into()),
            // The index of the write-ahead log could not grow.
            _ if cause.extended_code == ffi::SQLITE_IOERR_SHMSIZE => Self::Full(error.into()),
            ErrorCode::DatabaseBusy
            | ErrorCode::DatabaseLocked
            | ErrorCode::CannotOpen
            | ErrorCode::SystemIoFailure
            | ErrorCode::FileLockingProtocolFailed
            | ErrorCode::PermissionDenied
            | ErrorCode::ReadOnly => Self::Unavailable(error.into()),
            _ => Self::failed(error),
        }
    }
}

/// Whether waiting may help.
pub fn is_busy(error: &Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked))
}

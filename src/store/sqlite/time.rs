//! Moments as the database keeps them: milliseconds since 1970.

use jiff::Timestamp;
use rusqlite::types::Type;
use rusqlite::{Error, Row};

/// A moment as it is kept.
pub fn millis(at: Timestamp) -> i64 {
    at.as_millisecond()
}

/// A moment as it will be read again.
pub fn kept(at: Timestamp) -> Timestamp {
    moment(millis(at)).unwrap_or(at)
}

/// The moment of a column.
pub fn at(row: &Row<'_>, column: usize) -> rusqlite::Result<Timestamp> {
    moment(row.get(column)?).map_err(|e| Error::FromSqlConversionFailure(column, Type::Integer, e.into()))
}

/// The moment of a column that may be empty.
pub fn at_or_none(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Timestamp>> {
    row.get::<_, Option<i64>>(column)?.map(|_| at(row, column)).transpose()
}

fn moment(millis: i64) -> Result<Timestamp, jiff::Error> {
    Timestamp::from_millisecond(millis)
}

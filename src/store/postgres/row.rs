//! Values as the tables keep them.

use sqlx::Row as _;
use sqlx::postgres::PgRow;

use super::fault::Fault;
use super::time;
use crate::store::StoreError;
use crate::store::document::{DocumentId, Head, Kind, Slice};

/// The moment of a column.
pub fn at(row: &PgRow, column: usize) -> Result<jiff::Timestamp, Fault> {
    Ok(time::moment(row.try_get(column)?)?)
}

/// The moment of a column that may be empty.
pub fn at_or_none(row: &PgRow, column: usize) -> Result<Option<jiff::Timestamp>, Fault> {
    let millis: Option<i64> = row.try_get(column)?;
    Ok(millis.map(time::moment).transpose()?)
}

/// The number of a revision from a column.
pub fn revision(row: &PgRow, column: usize) -> Result<u32, Fault> {
    Ok(row.try_get::<i32, _>(column)?.unsigned_abs())
}

/// A place in the line of changes or in the audit log, or a count.
pub fn number(row: &PgRow, column: usize) -> Result<u64, Fault> {
    Ok(row.try_get::<i64, _>(column)?.unsigned_abs())
}

/// One of a few words from a column.
pub fn word<T: Copy>(row: &PgRow, column: usize, all: &[T], name: fn(T) -> &'static str) -> Result<T, Fault> {
    let text: &str = row.try_get(column)?;
    let unknown = || StoreError::failed(format!("{text} is no word here"));
    Ok(all.iter().copied().find(|one| name(*one) == text).ok_or_else(unknown)?)
}

/// A digest, or what else has a fixed number of bytes.
pub fn bytes<const N: usize>(row: &PgRow, column: usize) -> Result<[u8; N], Fault> {
    Ok(row.try_get::<&[u8], _>(column)?.try_into().map_err(StoreError::failed)?)
}

/// A head from three columns: revision, whether it is a deletion, and moment.
pub fn head(row: &PgRow, column: usize) -> Result<Head, Fault> {
    Ok(Head { revision: revision(row, column)?, deleted: row.try_get(column + 1)?, at: at(row, column + 2)? })
}

/// The name of a document from three columns: kind, owner, and id.
pub fn document(row: &PgRow, column: usize) -> Result<DocumentId, Fault> {
    let kind = word(row, column, &Kind::ALL, Kind::as_str)?;
    Ok(DocumentId { kind, owner: row.try_get(column + 1)?, id: row.try_get(column + 2)? })
}

/// How many rows to ask for, to know whether there are more than `limit`.
pub fn one_more(limit: usize) -> i64 {
    i64::try_from(limit).map_or(i64::MAX, |limit| limit.saturating_add(1))
}

/// At most `limit` of rows that are one more if there are more.
pub fn slice<T>(
    mut rows: Vec<PgRow>,
    limit: usize,
    read: impl FnMut(&PgRow) -> Result<T, Fault>,
) -> Result<Slice<T>, Fault> {
    let more = rows.len() > limit;
    rows.truncate(limit);
    Ok(Slice { items: rows.iter().map(read).collect::<Result<_, _>>()?, more })
}

/// A number that a column of a whole number holds, or its greatest.
pub fn whole(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// A revision as a column holds it; 0, which none has, for one that none can have.
pub fn of_revision(revision: u32) -> i32 {
    i32::try_from(revision).unwrap_or(0)
}

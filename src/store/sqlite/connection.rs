//! Opening the database file, and bringing its tables up to date.

use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::{Connection, OpenFlags, TransactionBehavior};
use rusqlite_migration::{Error as MigrationError, M, MigrationDefinitionError, Migrations};

use super::fault::is_busy;
use super::place::{FileId, Place};
use crate::store::StoreError;

/// How long anybody waits for a lock before the database counts as away.
pub const PATIENCE: Duration = Duration::from_secs(5);
/// How many prepared statements a connection keeps.
const STATEMENTS: usize = 96;
/// What a connection keeps of the database in memory, in KiB.
const PAGES_KIB: i64 = 16 * 1024;
/// The log of writes is cut back to this size, in bytes, when it has been taken over.
const LOG_BYTES: i64 = 64 * 1024 * 1024;

/// In order; there are databases that have them, and none is ever changed.
const STEPS: &[M<'static>] =
    &[M::up(include_str!("migrations/0001.sql")), M::up(include_str!("migrations/0002.sql"))];
const MIGRATIONS: Migrations<'static> = Migrations::from_slice(STEPS);

/// A connection, and the file that it has opened.
#[derive(Debug)]
pub struct Opened {
    /// The connection.
    pub connection: Connection,
    /// Its file, if that was what the name meant then.
    pub file: FileId,
}

/// Opens a database that is up to date, to write.
///
/// # Errors
/// What SQLite says; a file that is not there is [`StoreError::Unavailable`].
pub fn open(place: &Place) -> Result<Opened, StoreError> {
    let file = place.look();
    Ok(Opened { connection: configured(place.path())?, file })
}

/// Opens a database that is up to date, to read.
///
/// # Errors
/// As [`open`].
pub fn open_to_read(place: &Place) -> Result<Opened, StoreError> {
    let opened = open(place)?;
    opened.connection.pragma_update(None, "query_only", true)?;
    Ok(opened)
}

/// Makes the tables of a database, or brings them up to date. Others may do so at once.
///
/// # Errors
/// [`StoreError::Newer`], and as [`open`].
pub fn prepare(file: &Path) -> Result<(), StoreError> {
    // SQLite does not wait for every lock that a change of the journal's mode needs.
    let started = Instant::now();
    let mut connection = loop {
        match logged(file) {
            Err(error) if is_busy(&error) && started.elapsed() < PATIENCE => {
                thread::sleep(Duration::from_millis(10));
            }
            other => break other?,
        }
    };
    migrate(&mut connection)
}

fn configured(file: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(file, flags)?;
    connection.busy_timeout(PATIENCE)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "cache_size", -PAGES_KIB)?;
    connection.pragma_update(None, "journal_size_limit", LOG_BYTES)?;
    Ok(connection)
}

fn logged(file: &Path) -> rusqlite::Result<Connection> {
    let connection = configured(file)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    Ok(connection)
}

fn migrate(connection: &mut Connection) -> Result<(), StoreError> {
    connection.set_transaction_behavior(TransactionBehavior::Immediate);
    loop {
        let pending = MIGRATIONS.pending_migrations(connection).map_err(fault)?;
        let Err(error) = MIGRATIONS.to_latest(connection) else { return Ok(()) };
        // Another process may have done the same between our look at the version and our lock.
        if MIGRATIONS.pending_migrations(connection).map_err(fault)? >= pending {
            return Err(fault(error));
        }
    }
}

fn fault(error: MigrationError) -> StoreError {
    match error {
        MigrationError::MigrationDefinition(MigrationDefinitionError::DatabaseTooFarAhead) => {
            StoreError::Newer(error.into())
        }
        MigrationError::RusqliteError { err, .. } => err.into(),
        other => StoreError::failed(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_migrations_run_and_every_release_knows_the_older_ones() {
        MIGRATIONS.validate().unwrap();
    }

    #[test]
    fn a_database_of_the_first_release_gets_what_is_new_and_keeps_what_it_has() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("r.db");
        std::fs::File::create(&file).unwrap();
        let mut old = logged(&file).unwrap();
        MIGRATIONS.to_version(&mut old, 1).unwrap();
        let sql = "INSERT INTO documents (kind, owner, id, revision, deleted, at, sequence)
            VALUES ('employer', '', 'acme', 1, 0, 0, 1)";
        old.execute(sql, []).unwrap();
        drop(old);
        prepare(&file).unwrap();
        let new = configured(&file).unwrap();
        let count = |table: &str| {
            new.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get::<_, i64>(0)).unwrap()
        };
        assert_eq!((count("documents"), count("posting_index"), count("posting_lists")), (1, 0, 0));
    }

    #[test]
    fn a_database_of_a_newer_release_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("r.db");
        Connection::open(&file).unwrap().pragma_update(None, "user_version", 1000).unwrap();
        assert!(matches!(prepare(&file), Err(StoreError::Newer(_))));
    }
}

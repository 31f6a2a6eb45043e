//! What the errors of the server, and of the way to it, mean to the store.

use std::io::ErrorKind;

use sqlx::Error;
use sqlx::migrate::MigrateError;

use crate::store::StoreError;

/// Why something on a connection failed.
#[derive(Debug)]
pub enum Fault {
    /// The server says so, or cannot be reached.
    Server(Error),
    /// We say so.
    Own(StoreError),
}

/// What an error of the server means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Meaning {
    /// This connection is good for nothing more; another may be.
    Broken,
    /// The transaction came to nothing, through no fault of its own; another try may succeed.
    Again,
    /// The server is away, or too busy.
    Away,
    /// The server's disk is full.
    Full,
    /// Anything else.
    Wrong,
}

impl Fault {
    /// Whether the connection is good for nothing more.
    pub fn is_of_connection(&self) -> bool {
        matches!(self, Self::Server(error) if meaning(error) == Meaning::Broken)
    }

    /// Whether a transaction was undone that may succeed if it is tried again.
    pub fn is_of_transaction(&self) -> bool {
        matches!(self, Self::Server(error) if meaning(error) == Meaning::Again)
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self::Server(error)
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        Self::Own(error)
    }
}

impl From<Fault> for StoreError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Server(error) => error.into(),
            Fault::Own(error) => error,
        }
    }
}

impl From<Error> for StoreError {
    fn from(error: Error) -> Self {
        match meaning(&error) {
            Meaning::Broken | Meaning::Again | Meaning::Away => Self::Unavailable(error.into()),
            Meaning::Full => Self::Full(error.into()),
            Meaning::Wrong => Self::Failed(error.into()),
        }
    }
}

/// What an error of a migration means, where `newest` is the last that this program knows.
pub fn of_migration(error: MigrateError, newest: i64) -> StoreError {
    match error {
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => error.into(),
        MigrateError::VersionMissing(version) if version > newest => StoreError::Newer(error.into()),
        other => StoreError::failed(other),
    }
}

fn meaning(error: &Error) -> Meaning {
    match error {
        // A server that cannot prove who it is.
        Error::Io(error) if error.kind() == ErrorKind::InvalidData => Meaning::Wrong,
        Error::Io(_) | Error::Protocol(_) => Meaning::Broken,
        Error::PoolTimedOut | Error::PoolClosed | Error::WorkerCrashed => Meaning::Away,
        Error::Database(error) => error.code().map_or(Meaning::Wrong, |code| of_code(&code)),
        _ => Meaning::Wrong,
    }
}

/// Codes are those of PostgreSQL's manual, appendix A.
fn of_code(code: &str) -> Meaning {
    match code {
        // Plans that outlived a migration, or a pooler's change of servers.
        "0A000" | "26000" => Meaning::Broken,
        // A server that has become a standby, and takes no writes.
        "25006" => Meaning::Broken,
        // Serialization failure, deadlock.
        "40001" | "40P01" => Meaning::Again,
        // Too many connections; a lock, an answer, or a client that took too long.
        "53300" | "55P03" | "57014" | "25P03" => Meaning::Away,
        "53100" => Meaning::Full,
        _ if code.starts_with("08") || code.starts_with("57P") => Meaning::Broken,
        _ => Meaning::Wrong,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_tell_a_server_that_is_away_from_a_fault_of_ours() {
        for code in ["57P01", "57P03", "08006", "08P01", "25006"] {
            assert_eq!(of_code(code), Meaning::Broken, "{code}");
        }
        for code in ["40001", "40P01"] {
            assert_eq!(of_code(code), Meaning::Again, "{code}");
        }
        for code in ["53300", "55P03", "57014"] {
            assert_eq!(of_code(code), Meaning::Away, "{code}");
        }
        assert_eq!(of_code("53100"), Meaning::Full);
        for code in ["42703", "23505", "53200", "22P05"] {
            assert_eq!(of_code(code), Meaning::Wrong, "{code}");
        }
    }
}

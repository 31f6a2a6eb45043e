//! What is kept: roles, employers, their tones, the history of all of them, API keys, the audit log.
//!
//! One trait, [`Store`], in parts of one topic each; one folder an engine, whose files have the names
//! of the parts. What holds on every engine is written once, beside the traits: which writes are
//! permitted ([`document::permit`]), what a search looks at ([`index`], [`posting_index`]), what becomes of
//! roles that come with the program ([`seed`]).
//!
//! To add an engine: a folder that implements the parts, an arm in [`connect`], and a row in the
//! conformance suite (`tests/store/`). To add a place that roles come from: a module beside
//! [`builtin`] that yields [`StoredRole`]s, and a line in [`Shelf::load`].

mod audit;
mod builtin;
pub mod document;
mod error;
mod folder;
pub mod index;
mod indexed;
pub mod keys;
pub mod postgres;
mod posting_facets;
pub mod posting_index;
pub mod postings;
pub mod replies;
pub mod search;
pub mod seed;
mod shelf;
pub mod sqlite;

use std::fmt::Debug;
use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;

use crate::domain::{Document, DocumentError, Role, Violation};

pub use audit::{Audit, AuditEntry};
pub use document::{DocumentId, Documents, Slice};
pub use error::StoreError;
pub use keys::Keys;
pub use postings::Postings;
pub use replies::Replies;
pub use search::Finder;
pub use shelf::Shelf;

/// A database.
#[async_trait]
pub trait Store: Documents + Finder + Postings + Keys + Replies + Audit + Debug + Send + Sync {
    /// Whether the database answers and takes writes now.
    async fn ready(&self) -> Result<(), StoreError>;

    /// Finishes what is under way and closes all connections.
    async fn close(&self);
}

/// Where the database is.
#[derive(Clone, Debug)]
pub struct Location {
    /// `sqlite://` and a path, relative to `folder`; or `postgres://…`.
    pub url: String,
    /// The folder of the embedded database.
    pub folder: PathBuf,
    /// The most connections to a database server.
    pub pool: u32,
}

/// Why a database cannot be used at all.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// No engine has this scheme.
    #[error("must start with sqlite:// or postgres://")]
    Scheme,
    /// The rest of the address cannot be read.
    #[error("is not an address of a database: {0}")]
    Address(String),
    /// The database itself.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Opens the database, and brings its tables up to date; several nodes may do so at once.
///
/// # Errors
/// An address that cannot be read, and what the database says.
pub async fn connect(location: &Location) -> Result<Arc<dyn Store>, ConnectError> {
    match location.url.split_once("://").map(|(scheme, _)| scheme) {
        Some("sqlite") => Ok(Arc::new(sqlite::Sqlite::open(location).await?)),
        Some("postgres" | "postgresql") => Ok(Arc::new(postgres::Postgres::connect(location).await?)),
        _ => Err(ConnectError::Scheme),
    }
}

/// The most roles on a page.
pub const MAX_PAGE: usize = 100;

/// A revision of a role.
#[derive(Clone, Debug)]
pub struct StoredRole {
    /// The role.
    pub role: Role,
    /// Its revision, from 1.
    pub revision: u32,
    /// The role as compact JSON.
    pub json: Vec<u8>,
}

impl StoredRole {
    /// The first revision of `role`.
    fn first(role: Role) -> Result<Self, serde_json::Error> {
        let json = serde_json::to_vec(&role)?;
        Ok(Self { role, revision: 1, json })
    }
}

/// Why the roles cannot be loaded.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// The folder, or a file in it, cannot be read.
    #[error("{} cannot be read", path.display())]
    Unreadable {
        /// The folder or file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file is not JSON.
    #[error("{}:{line}:{column}: {detail}", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
        /// What the parser met.
        detail: String,
    },
    /// A file is JSON, but not a role.
    #[error("{}: {}", path.display(), listed(violations))]
    Invalid {
        /// The file.
        path: PathBuf,
        /// Everything that is wrong with it.
        violations: Vec<Violation>,
    },
    /// Two files have the same id.
    #[error("{}: /id: `{id}` is the id of {other} already", path.display())]
    Taken {
        /// The later file.
        path: PathBuf,
        /// The id.
        id: String,
        /// Whose it is.
        other: String,
    },
}

/// Each violation on a line of its own: a JSON Pointer and the reason.
fn listed(violations: &[Violation]) -> String {
    let line =
        |v: &Violation| format!("{}: {}", if v.pointer.is_empty() { "/" } else { &v.pointer }, v.detail);
    violations.iter().map(line).collect::<Vec<_>>().join("\n  ")
}

/// Reads the role that `path` holds.
///
/// # Errors
/// [`FileError::Malformed`] and [`FileError::Invalid`], naming the file.
pub fn read_role(path: PathBuf, bytes: &[u8]) -> Result<StoredRole, FileError> {
    let role = match Role::from_json(bytes) {
        Ok(role) => role,
        Err(DocumentError::Malformed { line, column, detail }) => {
            return Err(FileError::Malformed { path, line, column, detail });
        }
        Err(DocumentError::Invalid(violations)) => return Err(FileError::Invalid { path, violations }),
    };
    StoredRole::first(role).map_err(|source| FileError::Unreadable { path, source: source.into() })
}

//! Where roles are kept. For now they are read once, at start: the built-in ones and those of a
//! folder.
//!
//! To add a place that roles come from: a module beside [`builtin`] that yields [`StoredRole`]s,
//! and a line in [`Catalogue::load`].

mod builtin;
mod catalogue;
mod folder;

use std::path::PathBuf;

use crate::domain::{Document, DocumentError, Role, Violation};

pub use catalogue::{Catalogue, Page, Search};

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
pub enum StoreError {
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
/// [`StoreError::Malformed`] and [`StoreError::Invalid`], naming the file.
pub fn read_role(path: PathBuf, bytes: &[u8]) -> Result<StoredRole, StoreError> {
    let role = match Role::from_json(bytes) {
        Ok(role) => role,
        Err(DocumentError::Malformed { line, column, detail }) => {
            return Err(StoreError::Malformed { path, line, column, detail });
        }
        Err(DocumentError::Invalid(violations)) => return Err(StoreError::Invalid { path, violations }),
    };
    StoredRole::first(role).map_err(|source| StoreError::Unreadable { path, source: source.into() })
}

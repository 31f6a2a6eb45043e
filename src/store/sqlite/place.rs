//! The database file, which may go away and come back, or be another one, while the service runs.
//!
//! A connection goes on with the file that it has opened, whatever happens to its name: what it writes
//! to a file that was deleted would be acknowledged, and lost. So every connection knows which file it
//! has opened, and is opened anew when the name means another one.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// The name of the database file, and which file it meant when somebody last looked.
#[derive(Clone, Debug)]
pub struct Place(Arc<Named>);

#[derive(Debug)]
struct Named {
    path: PathBuf,
    file: AtomicU64,
}

/// Tells a file from others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileId(u64);

impl Place {
    /// The place of this file.
    pub fn new(path: PathBuf) -> Self {
        let place = Self(Arc::new(Named { path, file: AtomicU64::new(0) }));
        place.look();
        place
    }

    /// The name of the file.
    pub fn path(&self) -> &Path {
        &self.0.path
    }

    /// Looks which file it is now.
    pub fn look(&self) -> FileId {
        let id = std::fs::metadata(&self.0.path).map_or(0, |found| number(&found));
        self.0.file.store(id, Ordering::Release);
        FileId(id)
    }

    /// Which file it was when somebody last looked.
    pub fn known(&self) -> FileId {
        FileId(self.0.file.load(Ordering::Acquire))
    }
}

#[cfg(unix)]
fn number(found: &std::fs::Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(found)
}

#[cfg(not(unix))]
fn number(_: &std::fs::Metadata) -> u64 {
    // A file that is open cannot be replaced there.
    1
}

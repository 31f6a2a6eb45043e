//! The roles of a folder: every `*.json` file in it, in the order of their names.

use std::fs;
use std::path::{Path, PathBuf};

use super::{FileError, StoredRole, read_role};

/// Reads them all, with the file that each came from.
///
/// # Errors
/// The first file that cannot be read, with everything that is wrong with it.
pub fn roles(folder: &Path) -> Result<Vec<(PathBuf, StoredRole)>, FileError> {
    files(folder)?
        .into_iter()
        .map(|path| {
            let bytes = fs::read(&path).map_err(unreadable(&path))?;
            read_role(path.clone(), &bytes).map(|role| (path, role))
        })
        .collect()
}

fn files(folder: &Path) -> Result<Vec<PathBuf>, FileError> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable(folder))? {
        let path = entry.map_err(unreadable(folder))?.path();
        if path.extension().is_some_and(|extension| extension == "json") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn unreadable(path: &Path) -> impl Fn(std::io::Error) -> FileError {
    move |source| FileError::Unreadable { path: path.to_owned(), source }
}

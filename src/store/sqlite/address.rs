//! Where the database file is.

use std::fs::{DirBuilder, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use crate::store::{ConnectError, Location, StoreError};

/// The file that a location names: `sqlite://` and a path, relative to the location's folder.
///
/// # Errors
/// [`ConnectError::Address`].
pub fn file(location: &Location) -> Result<PathBuf, ConnectError> {
    let refuse = |why: &str| Err(ConnectError::Address(why.to_owned()));
    let name = location.url.strip_prefix("sqlite://").unwrap_or_default();
    if name.is_empty() || name.ends_with('/') {
        return refuse("a file is missing after sqlite://");
    }
    if name.contains(":memory:") {
        return refuse("a database in memory would lose what it acknowledged; name a file");
    }
    if name.contains(['?', '#', '%', '\0']) {
        return refuse("the path after sqlite:// is taken as it is, and must be without ?, #, and %");
    }
    // An absolute path stays what it is.
    std::path::absolute(location.folder.join(name)).map_err(|e| ConnectError::Address(e.to_string()))
}

/// Makes the file, and the folder that it is in, unless they are there: for the owner alone, since
/// the database holds who may do what.
///
/// # Errors
/// [`StoreError::Full`] and [`StoreError::Unavailable`].
pub fn prepare(file: &Path) -> Result<(), StoreError> {
    make(file).map_err(|e| match e.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => StoreError::Full(e.into()),
        _ => StoreError::Unavailable(e.into()),
    })
}

fn make(file: &Path) -> io::Result<()> {
    let mut folders = DirBuilder::new();
    folders.recursive(true);
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
        folders.mode(0o700);
        options.mode(0o600);
    }
    if let Some(folder) = file.parent() {
        folders.create(folder)?;
    }
    if !file.exists() {
        options.open(file)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(url: &str) -> Result<PathBuf, ConnectError> {
        file(&Location { url: url.into(), folder: "/data".into(), pool: 1 })
    }

    #[test]
    fn a_path_is_relative_to_the_data_folder() {
        assert_eq!(at("sqlite://rolewright.db").unwrap(), Path::new("/data/rolewright.db"));
        assert_eq!(at("sqlite://sub/my file.db").unwrap(), Path::new("/data/sub/my file.db"));
        assert_eq!(at("sqlite:///elsewhere/r.db").unwrap(), Path::new("/elsewhere/r.db"));
    }

    #[test]
    fn what_names_no_file_is_refused() {
        for url in ["sqlite://", "sqlite://folder/", "sqlite://:memory:", "sqlite://r.db?mode=memory"] {
            assert!(matches!(at(url), Err(ConnectError::Address(_))), "{url}");
        }
    }
}

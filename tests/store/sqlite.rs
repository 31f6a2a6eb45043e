//! SQLite, on a file of its own for each test.

use std::path::Path;

use rolewright::store::Location;

use crate::fixture::Fixture;

/// An empty database.
pub async fn fresh() -> Option<Fixture> {
    let folder = tempfile::tempdir().unwrap();
    let location = location(folder.path());
    Some(Fixture::connect(location, folder).await)
}

/// The database of a folder.
pub fn location(folder: &Path) -> Location {
    Location { url: "sqlite://rolewright.db".into(), folder: folder.to_owned(), pool: 1 }
}

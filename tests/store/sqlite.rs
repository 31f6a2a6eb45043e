//! SQLite, on a file of its own for each test.

use std::path::Path;

use rolewright::store::Location;

use crate::fixture::Fixture;

/// An empty database.
pub async fn fresh() -> Option<Fixture> {
    let folder = tempfile::tempdir().unwrap();
    let location = location(folder.path());
    Some(Fixture::connect(location, check, folder).await)
}

/// The database of a folder.
pub fn location(folder: &Path) -> Location {
    Location { url: "sqlite://rolewright.db".into(), folder: folder.to_owned(), pool: 1 }
}

/// Panics if the file is damaged, or its full-text index.
pub fn check(location: &Location) {
    let connection = rusqlite::Connection::open(location.folder.join("rolewright.db")).unwrap();
    let number = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    let verdict: String = connection.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(verdict, "ok");
    connection
        .execute("INSERT INTO role_words (role_words, rank) VALUES ('integrity-check', 0)", [])
        .unwrap();
    let roles = number("SELECT count(*) FROM documents WHERE kind = 'role' AND deleted = 0");
    for table in ["role_index", "role_facts", "role_words"] {
        assert_eq!(number(&format!("SELECT count(*) FROM {table}")), roles, "{table}");
    }
    let dangling = connection.prepare("PRAGMA foreign_key_check").unwrap().exists([]).unwrap();
    assert!(!dangling);
}

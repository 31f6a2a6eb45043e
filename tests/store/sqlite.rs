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
    for table in ["role_words", "posting_words"] {
        let check = format!("INSERT INTO {table} ({table}, rank) VALUES ('integrity-check', 0)");
        connection.execute(&check, []).unwrap();
    }
    let kinds = [
        ("role", ["role_index", "role_facts", "role_words"]),
        ("posting", ["posting_index", "posting_facets", "posting_words"]),
    ];
    for (kind, tables) in kinds {
        let there = number(&format!("SELECT count(*) FROM documents WHERE kind = '{kind}' AND deleted = 0"));
        for table in tables {
            assert_eq!(number(&format!("SELECT count(*) FROM {table}")), there, "{table}");
        }
    }
    for sql in CONTRADICTIONS {
        assert_eq!(number(sql), 0, "{sql}");
    }
    let dangling = connection.prepare("PRAGMA foreign_key_check").unwrap().exists([]).unwrap();
    assert!(!dangling);
}

/// Each counts what must not be.
const CONTRADICTIONS: [&str; 3] = [
    "SELECT count(*) FROM posting_index i JOIN documents d USING (number)
    WHERE (i.employer, i.id, i.revision, - i.age) IS NOT (d.owner, d.id, d.revision, d.at)",
    "SELECT count(*) FROM posting_lists l JOIN (
        SELECT l.employer, count(i.number) AS whole, count(*) FILTER (WHERE state = 'draft') AS draft,
            count(*) FILTER (WHERE state = 'scheduled') AS scheduled,
            count(*) FILTER (WHERE state = 'published') AS published,
            count(*) FILTER (WHERE state = 'closed') AS closed
        FROM posting_lists l LEFT JOIN posting_index i ON l.employer IN ('', i.employer) GROUP BY 1
    ) c USING (employer)
    WHERE (l.draft, l.scheduled, l.published, l.closed)
        IS NOT (c.draft, c.scheduled, c.published, c.closed)",
    "SELECT count(*) FROM posting_lists l JOIN (
        SELECT l.employer, max(d.sequence) AS sequence FROM posting_lists l
        JOIN documents d ON d.kind = 'posting' AND l.employer IN ('', d.owner) GROUP BY 1
    ) c USING (employer) WHERE l.sequence <> c.sequence",
];

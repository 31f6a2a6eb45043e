//! What can only be brought about from within: a database that may not grow, and a commit that fails.

#![allow(clippy::unwrap_used, reason = "tests may fail")]

use jiff::Timestamp;
use tempfile::TempDir;

use super::Sqlite;
use super::writer::Keep;
use crate::store::document::*;
use crate::store::search::{Search, Total};
use crate::store::{Finder, Location, Store, StoreError};

async fn open(folder: &TempDir) -> Sqlite {
    let location = Location { url: "sqlite://r.db".into(), folder: folder.path().into(), pool: 1 };
    Sqlite::open(&location).await.unwrap()
}

fn put(document: DocumentId, body: &str) -> Batch {
    Batch::of(Order {
        document,
        edit: Edit::Put(body.into()),
        expected: Expected::Anything,
        skip_same: false,
        at: Timestamp::UNIX_EPOCH,
        author: Author { name: "me".into(), key: None, request: None },
        message: None,
    })
}

fn run(test: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(test);
}

async fn count(store: &Sqlite, table: &'static str) -> i64 {
    let sql = format!("SELECT count(*) FROM {table}");
    store.read(move |c| Ok(c.query_row(&sql, [], |row| row.get(0))?)).await.unwrap()
}

/// Lets the file grow by so many pages from now on.
async fn allow(store: &Sqlite, pages: i64) {
    let allowed = store.change(move |tx| {
        let now: i64 = tx.query_row("PRAGMA page_count", [], |row| row.get(0))?;
        tx.query_row(&format!("PRAGMA max_page_count = {}", now + pages), [], |_| Ok(()))?;
        Ok(Keep::Nothing(()))
    });
    allowed.await.unwrap();
}

/// Writes until there is no room; how many were acknowledged.
async fn fill(store: &Sqlite, name: &str, body: &str) -> usize {
    for n in 0.. {
        match store.write(put(DocumentId::employer(format!("{name}-{n}")), body)).await {
            Ok(_) => {}
            Err(StoreError::Full(_)) => return n,
            Err(other) => panic!("{other:?}"),
        }
    }
    unreachable!()
}

async fn all_there(store: &Sqlite, name: &str, count: usize, body: &str) {
    for n in 0..count {
        let document = DocumentId::employer(format!("{name}-{n}"));
        let revision = store.revision(&document, None).await.unwrap().unwrap();
        assert_eq!(revision.body.as_deref(), Some(body), "{document}");
    }
    let missing = DocumentId::employer(format!("{name}-{count}"));
    assert_eq!(store.head(&missing).await.unwrap(), None, "what was refused is not there");
}

#[test]
fn a_full_database_refuses_writes_and_loses_nothing() {
    run(async {
        let folder = tempfile::tempdir().unwrap();
        let store = open(&folder).await;
        let role = std::fs::read_to_string("roles/tech-manager.json").unwrap();
        store.write(put(DocumentId::role("tech-manager"), &role)).await.unwrap();
        let body = format!("\"{}\"", "x".repeat(20_000));

        allow(&store, 100).await;
        let first = fill(&store, "first", &body).await;
        assert!(first > 5);
        assert_eq!(fill(&store, "more", &body).await, 0);
        all_there(&store, "first", first, &body).await;
        store.ready().await.unwrap();
        let found = store.find(&Search { words: vec!["tech".into()], ..Search::default() }).await.unwrap();
        assert_eq!(found.total, Total::Exactly(1));

        allow(&store, 100).await;
        let second = fill(&store, "second", &body).await;
        assert!(second > 5, "there is room again");
        store.close().await;
        let store = open(&folder).await;
        all_there(&store, "first", first, &body).await;
        all_there(&store, "second", second, &body).await;
        assert_eq!(store.changes(0, 1_000).await.unwrap().items.len(), 1 + first + second);
    });
}

#[test]
fn a_commit_that_fails_is_undone_and_the_next_one_is_kept() {
    run(async {
        let folder = tempfile::tempdir().unwrap();
        let store = open(&folder).await;
        for _ in 0..3 {
            let failed = store.change(|tx| {
                // SQLite keeps the transaction open after a commit that fails so.
                tx.execute_batch(
                    "PRAGMA defer_foreign_keys = ON; INSERT INTO role_facts (number, updated) VALUES (7, 0);",
                )?;
                Ok(Keep::All(()))
            });
            assert!(failed.await.is_err());
        }
        store.write(put(DocumentId::employer("kept"), "{}")).await.unwrap();
        store.close().await;
        let store = open(&folder).await;
        assert_eq!(store.changes(0, 10).await.unwrap().items.len(), 1);
        assert_eq!(count(&store, "role_facts").await, 0);
    });
}

#[test]
fn a_write_that_panics_is_undone_and_the_next_one_is_kept() {
    run(async {
        let folder = tempfile::tempdir().unwrap();
        let store = open(&folder).await;
        let failed = store.change::<(), _>(|tx| {
            tx.execute("INSERT INTO vocabulary (word) VALUES ('gone')", [])?;
            panic!("this is meant to happen");
        });
        assert!(matches!(failed.await, Err(StoreError::Failed(_))));
        store.write(put(DocumentId::employer("kept"), "{}")).await.unwrap();
        assert_eq!(count(&store, "vocabulary").await, 0);
    });
}

#[cfg(unix)]
#[test]
fn a_file_that_is_away_takes_no_writes_and_is_used_again_when_it_is_back() {
    run(async {
        let folder = tempfile::tempdir().unwrap();
        let store = open(&folder).await;
        let (one, two) = (DocumentId::employer("one"), DocumentId::employer("two"));
        store.write(put(one.clone(), "{}")).await.unwrap();
        let names = ["r.db", "r.db-wal", "r.db-shm"].map(|name| folder.path().join(name));
        let away = |path: &std::path::Path| path.with_extension("away");
        std::fs::rename(&names[0], away(&names[0])).unwrap();
        let refused = store.write(put(two.clone(), "{}")).await;
        assert!(matches!(refused, Err(StoreError::Unavailable(_))), "{refused:?}");
        assert!(matches!(store.ready().await, Err(StoreError::Unavailable(_))));
        assert!(!names[0].exists(), "none is made in its place");
        std::fs::rename(away(&names[0]), &names[0]).unwrap();
        store.ready().await.unwrap();
        store.write(put(two.clone(), "{}")).await.unwrap();

        // Another one is put in its place.
        let backup = tempfile::tempdir().unwrap();
        let other = open(&backup).await;
        other.write(put(two.clone(), "[]")).await.unwrap();
        other.write(put(two.clone(), "[]")).await.unwrap();
        other.close().await;
        for name in &names {
            std::fs::remove_file(name).ok();
        }
        std::fs::copy(backup.path().join("r.db"), &names[0]).unwrap();
        store.ready().await.unwrap();
        assert_eq!(store.head(&one).await.unwrap(), None);
        assert_eq!(store.head(&two).await.unwrap().unwrap().revision, 2);
        assert_eq!(store.write(put(two, "{}")).await.unwrap()[0].as_ref().unwrap().revision, 3);
    });
}

#[cfg(unix)]
#[test]
fn the_folder_and_the_file_are_for_the_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    run(async {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("new/data");
        let location = Location { url: "sqlite://r.db".into(), folder: data.clone(), pool: 1 };
        let store = Sqlite::open(&location).await.unwrap();
        store.write(put(DocumentId::employer("kept"), "{}")).await.unwrap();
        let mode = |path: &std::path::Path| path.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&data), 0o700);
        for name in ["r.db", "r.db-wal", "r.db-shm"] {
            assert_eq!(mode(&data.join(name)), 0o600, "{name}");
        }
    });
}

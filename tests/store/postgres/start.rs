//! Connecting: to a server that is there or not, to a database of this or of another release.

use std::sync::Arc;
use std::time::{Duration, Instant};

use rolewright::store::document::DocumentId;
use rolewright::store::keys::{KeyRecord, Scope};
use rolewright::store::{ConnectError, Store, StoreError, connect};
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::{Connection as _, PgConnection, SqlSafeStr as _};

use super::{Database, location, server};
use crate::fixture::*;
use crate::kept::Draft;

/// Runs a test on a database of its own without tables.
fn on_nothing(options: &str, test: impl AsyncFnOnce(Database)) {
    let Some(server) = server() else { return };
    block_on(async { test(Database::make(&server, options).await).await });
}

async fn refused(url: &str) -> ConnectError {
    connect(&location(url, 2)).await.map(drop).unwrap_err()
}

fn key(id: usize) -> KeyRecord {
    KeyRecord {
        id: format!("{id:016x}"),
        name: "first".into(),
        digest: [7; 32],
        scopes: vec![Scope::Admin],
        employers: Vec::new(),
        created_at: at(0),
        expires_at: None,
        last_used_at: None,
        revoked_at: None,
    }
}

async fn start(url: String, number: usize) -> bool {
    let store: Arc<dyn Store> = connect(&location(&url, 2)).await.unwrap();
    let first = store.add_first_key(key(number)).await.unwrap();
    store.ready().await.unwrap();
    first
}

#[test]
fn of_eight_nodes_that_start_at_once_one_makes_the_tables_and_one_the_first_key() {
    on_nothing("", async |database: Database| {
        let nodes: Vec<_> = (0..8).map(|n| tokio::spawn(start(database.url.clone(), n))).collect();
        let mut first = 0;
        for node in nodes {
            first += usize::from(node.await.unwrap());
        }
        assert_eq!(first, 1);
        let store = connect(&location(&database.url, 2)).await.unwrap();
        assert_eq!(store.keys().await.unwrap().len(), 1);
    });
}

#[test]
fn a_database_of_the_first_release_gets_what_is_new_and_keeps_what_it_has() {
    on_nothing("", async |database: Database| {
        let sql = include_str!("../../../src/store/postgres/migrations/0001_store.sql");
        let first = Migration::new(1, "store".into(), MigrationType::Simple, sql.into_sql_str(), false);
        let mut old = PgConnection::connect(&database.url).await.unwrap();
        Migrator::with_migrations(vec![first]).run(&mut old).await.unwrap();
        let sql = "INSERT INTO documents VALUES ('employer', '', 'acme', 1, false, 0, 1)";
        sqlx::query(sql).execute(&mut old).await.unwrap();
        let store = connect(&location(&database.url, 2)).await.unwrap();
        assert!(store.head(&DocumentId::employer("acme")).await.unwrap().is_some());
        done(&*store, Draft::new("acme", "one").put()).await;
        assert_eq!(store.locate("one").await.unwrap(), Some(DocumentId::posting("acme", "one")));
    });
}

#[test]
fn a_database_of_a_newer_release_is_left_alone() {
    let Some(server) = server() else { return };
    block_on(async {
        let database = Database::fresh(&server).await;
        let mut other = PgConnection::connect(&database.url).await.unwrap();
        let sql = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
            VALUES (999, 'later', true, '', 1)";
        sqlx::query(sql).execute(&mut other).await.unwrap();
        let refused = refused(&database.url).await;
        assert!(matches!(refused, ConnectError::Store(StoreError::Newer(_))), "{refused:?}");
        // It must not leave the lock behind that all migrations wait for.
        sqlx::query("DELETE FROM _sqlx_migrations WHERE version = 999").execute(&mut other).await.unwrap();
        connect(&location(&database.url, 2)).await.unwrap();
    });
}

#[test]
fn a_database_of_another_encoding_is_refused() {
    on_nothing("TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'", async |database: Database| {
        let ConnectError::Store(StoreError::Failed(cause)) = refused(&database.url).await else { panic!() };
        assert_eq!(cause.to_string(), "the database's encoding is LATIN1, and must be UTF8");
    });
}

/// A collation for people ignores hyphens, and has ä beside a.
#[test]
fn lists_are_in_the_order_of_bytes_whatever_the_database_sorts_by() {
    let options = "TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'en-US-u-ka-shifted' LOCALE 'C.UTF-8'";
    on_nothing(options, async |database: Database| {
        let store = connect(&location(&database.url, 2)).await.unwrap();
        for id in ["ab", "a-c", "aa", "a-a"] {
            done(&*store, put_role(id, "Role")).await;
        }
        let list = store.list(rolewright::store::document::Kind::Role, "", Some("a-a"), 10).await.unwrap();
        let ids: Vec<_> = list.items.iter().map(|role| &*role.id).collect();
        assert_eq!(ids, ["a-c", "aa", "ab"]);
        let found = store.find(&rolewright::store::search::Search::default()).await.unwrap();
        assert!(found.hits[1].summary.contains("\"a-c\""), "{found:?}");
    });
}

#[test]
fn who_cannot_get_in_is_told_why() {
    let Some(server) = server() else { return };
    block_on(async {
        let started = Instant::now();
        let away = refused("postgres://rolewright:secret@127.0.0.1:1/postgres").await;
        assert!(matches!(away, ConnectError::Store(StoreError::Unavailable(_))), "{away:?}");
        assert!(started.elapsed() < Duration::from_secs(3));
        let (user, place) = server.split_once('@').unwrap();
        let wrong = format!("{}:wrong@{place}", user.rsplit_once(':').unwrap().0);
        let elsewhere = format!("{user}@{}/nowhere", place.split_once('/').unwrap().0);
        for url in [wrong, elsewhere] {
            let failed = refused(&url).await;
            assert!(matches!(failed, ConnectError::Store(StoreError::Failed(_))), "{failed:?}");
        }
        for url in ["postgres://me:secret@host:x/", "postgres://me:secret@host/?sslmode=perhaps"] {
            let address = refused(url).await;
            assert!(matches!(address, ConnectError::Address(_)), "{address:?}");
            assert!(!format!("{address} {address:?}").contains("secret"));
        }
    });
}

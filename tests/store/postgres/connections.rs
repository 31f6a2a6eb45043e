//! What is left of connections that something happened to.

use std::sync::Arc;
use std::time::{Duration, Instant};

use rolewright::store::document::*;
use rolewright::store::replies::{Claim, Claimed};
use rolewright::store::{Store, StoreError, connect};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};
use tokio::time::timeout;

use super::hole::Hole;
use super::{Database, location};
use crate::fixture::*;

fn employer(n: usize) -> DocumentId {
    DocumentId::employer(format!("e{n}"))
}

async fn count(connection: &mut PgConnection, sql: &'static str) -> i64 {
    sqlx::query_scalar(sql).fetch_one(connection).await.unwrap()
}

/// Waits until so many of the database's sessions are in a state.
async fn until(connection: &mut PgConnection, sessions: i64, state: &str) {
    let sql = format!(
        "SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid() AND {state}"
    );
    let sql: &'static str = sql.leak();
    while count(connection, sql).await != sessions {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

async fn a_write_that_is_abandoned_while_it_waits_is_never_done(database: Database) {
    let store = connect(&location(&database.url, 3)).await.unwrap();
    done(&*store, put(employer(0), "{}")).await;
    let mut other = PgConnection::connect(&database.url).await.unwrap();
    other.execute("BEGIN; SELECT last FROM sequence FOR UPDATE").await.unwrap();
    let node = Arc::clone(&store);
    let abandoned = tokio::spawn(async move { node.write(Batch::of(put(employer(1), "{}"))).await });
    until(&mut other, 1, "wait_event_type = 'Lock'").await;
    abandoned.abort();
    assert!(abandoned.await.unwrap_err().is_cancelled());
    other.execute("COMMIT").await.unwrap();
    assert_eq!(done(&*store, put(employer(2), "{}")).await.revision, 1);
    assert_eq!(store.head(&employer(1)).await.unwrap(), None);
    until(&mut other, 0, "state LIKE 'idle in transaction%'").await;
}

/// Wherever it was: what was begun is never ended by those who come after.
async fn a_write_that_is_abandoned_anywhere_is_whole_or_not_there(database: Database) {
    let store = connect(&location(&database.url, 3)).await.unwrap();
    let mut cut = 0;
    for n in 0..120 {
        let order = put_role(&format!("r{n}"), "Role");
        let patience = Duration::from_micros(50 * n);
        cut += usize::from(timeout(patience, store.write(Batch::of(order))).await.is_err());
        done(&*store, put(employer(0), format!("{{\"n\":{n}}}"))).await;
    }
    assert!(cut > 3, "only {cut} were cut off");
    let mut other = PgConnection::connect(&database.url).await.unwrap();
    until(&mut other, 0, "state LIKE 'idle in transaction%'").await;
    let roles = store.count(Kind::Role, "").await.unwrap();
    let changes = store.changes(0, 1000).await.unwrap().items;
    assert_eq!(store.head(&employer(0)).await.unwrap().unwrap().revision, 120);
    assert_eq!(changes.len() as u64, roles + 120);
    assert_eq!(store.audit(None, 1000).await.unwrap().items.len(), changes.len());
    assert_eq!(count(&mut other, "SELECT count(*) FROM role_index").await as u64, roles);
}

async fn a_commit_that_fails_keeps_nothing_and_harms_nobody(database: Database) {
    let store = connect(&location(&database.url, 3)).await.unwrap();
    let mut other = PgConnection::connect(&database.url).await.unwrap();
    let refuse = "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql
            AS $$ BEGIN RAISE EXCEPTION 'no'; END $$;
        CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON documents DEFERRABLE INITIALLY DEFERRED
            FOR EACH ROW WHEN (NEW.id = 'e1') EXECUTE FUNCTION refuse()";
    other.execute(refuse).await.unwrap();
    for n in 0..5 {
        let failed = store.write(Batch::of(put(employer(1), "{}"))).await;
        assert!(matches!(failed, Err(StoreError::Failed(_))), "{failed:?}");
        done(&*store, put(employer(n + 2), "{}")).await;
    }
    assert_eq!(store.head(&employer(1)).await.unwrap(), None);
    assert_eq!(store.changes(0, 100).await.unwrap().items.len(), 5);
    other.execute("DROP TRIGGER refuse ON documents").await.unwrap();
    assert_eq!(done(&*store, put(employer(1), "{}")).await.revision, 1);
}

async fn a_deadlock_or_a_conflict_is_tried_again(database: Database) {
    let store = connect(&location(&database.url, 3)).await.unwrap();
    let mut other = PgConnection::connect(&database.url).await.unwrap();
    // Fails the first two times: a sequence is not rolled back.
    let fail = "CREATE SEQUENCE tries;
        CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            IF nextval('tries') < 3 THEN RAISE EXCEPTION 'again' USING ERRCODE = '40P01'; END IF;
            RETURN NEW;
        END $$;
        CREATE TRIGGER fail BEFORE INSERT ON audit FOR EACH ROW EXECUTE FUNCTION fail()";
    other.execute(fail).await.unwrap();
    assert_eq!(done(&*store, put(employer(1), "{}")).await.revision, 1);
    assert_eq!(store.changes(0, 100).await.unwrap().items.len(), 1);
}

async fn who_writes_while_another_node_does_waits_for_two_seconds_at_most(database: Database) {
    let store = connect(&location(&database.url, 3)).await.unwrap();
    let mut other = PgConnection::connect(&database.url).await.unwrap();
    other.execute("BEGIN; SELECT last FROM sequence FOR UPDATE").await.unwrap();
    let started = Instant::now();
    let refused = store.write(Batch::of(put(employer(1), "{}"))).await;
    assert!(matches!(refused, Err(StoreError::Unavailable(_))), "{refused:?}");
    assert!(started.elapsed() < Duration::from_secs(4), "{:?}", started.elapsed());
    assert_eq!(store.head(&employer(1)).await.unwrap(), None, "reads do not wait");
    other.execute("COMMIT").await.unwrap();
    done(&*store, put(employer(1), "{}")).await;
}

/// As on a disk of the server's that is full.
async fn a_server_without_room_refuses_writes_until_there_is_some(database: Database) {
    let store = connect(&location(&database.url, 3)).await.unwrap();
    let mut other = PgConnection::connect(&database.url).await.unwrap();
    done(&*store, put(employer(0), "{}")).await;
    let fill = "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql
            AS $$ BEGIN RAISE EXCEPTION 'no space left' USING ERRCODE = 'disk_full'; END $$;
        CREATE TRIGGER refuse BEFORE INSERT ON audit FOR EACH ROW EXECUTE FUNCTION refuse()";
    other.execute(fill).await.unwrap();
    for _ in 0..3 {
        let full = store.write(Batch::of(put(employer(0), "{}"))).await;
        assert!(matches!(full, Err(StoreError::Full(_))), "{full:?}");
        assert_eq!(store.head(&employer(0)).await.unwrap().unwrap().revision, 1);
    }
    other.execute("DROP TRIGGER refuse ON audit").await.unwrap();
    assert_eq!(done(&*store, put(employer(0), "{}")).await.revision, 2);
}

/// A web server has a runtime for each of its threads, and they do not end at once.
async fn a_connection_may_outlive_the_runtime_that_made_it(database: Database) {
    let store = connect(&location(&database.url, 4)).await.unwrap();
    let node = Arc::clone(&store);
    let thread = std::thread::spawn(move || {
        block_on(async {
            done(&*node, put(employer(0), "{}")).await;
            let heads = (0..3).map(|_| {
                let node = Arc::clone(&node);
                tokio::spawn(async move { node.head(&employer(0)).await.unwrap() })
            });
            for head in heads.collect::<Vec<_>>() {
                assert!(head.await.unwrap().is_some());
            }
        });
    });
    tokio::task::spawn_blocking(|| thread.join().unwrap()).await.unwrap();
    for _ in 0..3 {
        assert!(store.head(&employer(0)).await.unwrap().is_some());
    }
    assert_eq!(done(&*store, put(employer(0), "{}")).await.revision, 2);
}

/// Whatever the database's own settings are.
async fn writes_are_durable_and_see_each_other_on_any_settings(database: Database) {
    let name = database.url.rsplit('/').next().unwrap();
    let mut other = PgConnection::connect(&database.url).await.unwrap();
    for setting in ["default_transaction_isolation = 'serializable'", "synchronous_commit = off"] {
        other.execute(AssertSqlSafe(format!("ALTER DATABASE {name} SET {setting}"))).await.unwrap();
    }
    let spy = "CREATE TABLE seen (setting text);
        CREATE FUNCTION see() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            INSERT INTO seen VALUES (current_setting('synchronous_commit')),
                (current_setting('transaction_isolation')); RETURN NEW; END $$;
        CREATE TRIGGER see BEFORE INSERT ON documents FOR EACH ROW EXECUTE FUNCTION see();
        CREATE TRIGGER see BEFORE INSERT ON replies FOR EACH ROW EXECUTE FUNCTION see()";
    other.execute(spy).await.unwrap();
    let nodes = [
        connect(&location(&database.url, 3)).await.unwrap(),
        connect(&location(&database.url, 3)).await.unwrap(),
    ];
    let tasks: Vec<_> = (0..20)
        .map(|n| {
            let node = Arc::clone(&nodes[n % 2]);
            tokio::spawn(
                async move { done(&*node, put(employer(0), format!("{{\"n\":{n}}}"))).await.revision },
            )
        })
        .collect();
    let mut revisions = Vec::new();
    for task in tasks {
        revisions.push(task.await.unwrap());
    }
    revisions.sort_unstable();
    assert_eq!(revisions, (1..=20).collect::<Vec<_>>());
    let claims: Vec<_> = (0..20)
        .map(|n| {
            let node = Arc::clone(&nodes[n % 2]);
            let (scope, key) = ("me POST /x".into(), format!("k{}", n / 10));
            let claim = Claim { scope, key, digest: [1; 32], attempt: [n as u8; 16] };
            tokio::spawn(async move { node.claim(&claim, at(0)).await.unwrap() })
        })
        .collect();
    let mut new = 0;
    for claim in claims {
        new += usize::from(claim.await.unwrap() == Claimed::New);
    }
    assert_eq!(new, 2);
    let others = "SELECT count(*) FROM seen WHERE setting NOT IN ('on', 'read committed')";
    assert_eq!(count(&mut other, others).await, 0);
    assert!(count(&mut other, "SELECT count(*) FROM seen").await >= 6);
}

/// As when a network swallows what is sent: nobody says that the server is away.
async fn a_server_that_no_longer_answers_is_away_within_seconds(database: Database) {
    let hole = Hole::before(&database.url).await;
    let store = connect(&location(&hole.url, 4)).await.unwrap();
    done(&*store, put(employer(0), "{}")).await;
    for _ in 0..3 {
        hole.swallow();
        let asked: Vec<_> = (0..10).map(|_| tokio::spawn(ask(Arc::clone(&store), false))).collect();
        let written = tokio::spawn(ask(Arc::clone(&store), true));
        for answer in asked.into_iter().chain([written]) {
            let waited = answer.await.unwrap();
            assert!(waited < Duration::from_secs(4), "{waited:?}");
        }
        hole.let_through();
        assert!(store.head(&employer(0)).await.unwrap().is_some());
        done(&*store, put(employer(0), "{}")).await;
    }
}

/// How long it took until the store said that the server is away.
async fn ask(store: Arc<dyn Store>, write: bool) -> Duration {
    let started = Instant::now();
    let error = if write {
        store.write(Batch::of(put(employer(1), "{}"))).await.map(drop).unwrap_err()
    } else {
        store.head(&employer(0)).await.map(drop).unwrap_err()
    };
    assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}");
    started.elapsed()
}

on_a_database!(
    a_write_that_is_abandoned_while_it_waits_is_never_done,
    a_write_that_is_abandoned_anywhere_is_whole_or_not_there,
    a_commit_that_fails_keeps_nothing_and_harms_nobody,
    a_deadlock_or_a_conflict_is_tried_again,
    who_writes_while_another_node_does_waits_for_two_seconds_at_most,
    a_server_without_room_refuses_writes_until_there_is_some,
    a_connection_may_outlive_the_runtime_that_made_it,
    writes_are_durable_and_see_each_other_on_any_settings,
    a_server_that_no_longer_answers_is_away_within_seconds,
);

//! Many at once: nobody's work is lost, and nobody is told what is over.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use rolewright::store::Store;
use rolewright::store::document::*;
use rolewright::store::keys::{KeyRecord, Scope};

use crate::fixture::*;

fn counter() -> DocumentId {
    DocumentId::employer("counter")
}

async fn number(node: &dyn Store) -> (u32, u64) {
    let revision = node.revision(&counter(), None).await.unwrap().unwrap();
    let body: serde_json::Value = serde_json::from_str(&revision.body.unwrap()).unwrap();
    (revision.change.revision, body["n"].as_u64().unwrap())
}

/// Reads, adds one, and writes, until nobody was faster.
async fn add_one(node: Arc<dyn Store>) {
    loop {
        let (revision, n) = number(&*node).await;
        let order = put(counter(), format!(r#"{{"n":{}}}"#, n + 1));
        let order = Order { expected: Expected::OneOf(vec![revision]), ..order };
        match write(&*node, order).await {
            Ok(_) => return,
            Err(Refusal::Stale(head)) => assert!(head.revision > revision),
            Err(other) => panic!("{other}"),
        }
    }
}

async fn no_update_is_lost(store: Fixture) {
    done(&*store, put(counter(), r#"{"n":0}"#)).await;
    let nodes = [store.node(), store.another_node().await];
    let tasks: Vec<_> = (0..50).map(|n| tokio::spawn(add_one(Arc::clone(&nodes[n % 2])))).collect();
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(number(&*store).await, (51, 50));
}

async fn of_many_who_create_one_does(store: Fixture) {
    let nodes = [store.node(), store.another_node().await];
    let tasks: Vec<_> = (0..20)
        .map(|n| {
            let node = Arc::clone(&nodes[n % 2]);
            let order = Order { expected: Expected::Absent, ..put(counter(), format!("{{\"n\":{n}}}")) };
            tokio::spawn(async move { write(&*node, order).await })
        })
        .collect();
    let mut created = 0;
    for task in tasks {
        match task.await.unwrap() {
            Ok(_) => created += 1,
            Err(refusal) => assert!(matches!(refusal, Refusal::Exists(_))),
        }
    }
    assert_eq!(created, 1);
}

/// Whoever asks after a write was acknowledged is told of it, on every node.
async fn a_head_is_never_older_than_what_was_acknowledged(store: Fixture) {
    done(&*store, put(counter(), "{}")).await;
    let nodes = [store.node(), store.another_node().await];
    let acknowledged = Arc::new(AtomicU32::new(1));
    let writers: Vec<_> = (0..2_usize)
        .map(|n| {
            let (node, acknowledged) = (Arc::clone(&nodes[n]), Arc::clone(&acknowledged));
            tokio::spawn(async move {
                for _ in 0..40 {
                    let written = done(&*node, put(counter(), "{}")).await;
                    acknowledged.fetch_max(written.revision, Ordering::SeqCst);
                }
            })
        })
        .collect();
    let readers: Vec<_> = (0..4_usize)
        .map(|n| {
            let (node, acknowledged) = (Arc::clone(&nodes[n % 2]), Arc::clone(&acknowledged));
            tokio::spawn(async move {
                while acknowledged.load(Ordering::SeqCst) < 81 {
                    let known = acknowledged.load(Ordering::SeqCst);
                    let head = node.head(&counter()).await.unwrap().unwrap();
                    assert!(head.revision >= known, "{} was acknowledged, not {}", known, head.revision);
                    let read = node.revision(&counter(), None).await.unwrap().unwrap();
                    assert!(read.change.revision >= head.revision);
                    tokio::task::yield_now().await;
                }
            })
        })
        .collect();
    for task in writers.into_iter().chain(readers) {
        task.await.unwrap();
    }
}

async fn another_node_sees_a_removal_and_a_restore_at_once(store: Fixture) {
    let (one, two) = (store.node(), store.another_node().await);
    done(&*one, put(counter(), "{}")).await;
    for n in 0..10 {
        assert_eq!(two.head(&counter()).await.unwrap().unwrap().revision, 2 * n + 1);
        done(&*one, delete(counter())).await;
        assert!(two.head(&counter()).await.unwrap().unwrap().deleted);
        done(&*two, restore(counter())).await;
        assert!(!one.head(&counter()).await.unwrap().unwrap().deleted);
    }
}

async fn more_changes_than_a_node_follows_are_noticed(store: Fixture) {
    let (one, two) = (store.node(), store.another_node().await);
    let document = |n: usize| DocumentId::employer(format!("e{n}"));
    let orders = || (0..1_200).map(|n| put(document(n), "{}")).collect();
    for revision in 1..=3 {
        one.write(Batch { orders: orders(), commit: true, completion: None }).await.unwrap();
        for n in [0, 1, 600, 1_199] {
            assert_eq!(two.head(&document(n)).await.unwrap().unwrap().revision, revision);
        }
    }
}

/// The command line makes a key while the server runs, and revokes it.
async fn what_another_process_wrote_is_seen_at_once(store: Fixture) {
    let id = "0123456789abcdef";
    for revision in 1..=4 {
        let known = store.head(&counter()).await.unwrap().map_or(0, |head| head.revision);
        assert_eq!(known, revision - 1);
        let status = process("concurrency::another_process", store.location()).status().unwrap();
        assert!(status.success());
        assert_eq!(store.head(&counter()).await.unwrap().unwrap().revision, revision);
        let key = store.key(id).await.unwrap().unwrap();
        assert_eq!(key.revoked_at.is_some(), revision > 1);
    }
}

/// Not a test of its own: what [`what_another_process_wrote_is_seen_at_once`] runs.
#[test]
#[ignore = "a process of another test, which runs it"]
fn another_process() {
    let Some(location) = given() else { return };
    block_on(async {
        let node = rolewright::store::connect(&location).await.unwrap();
        done(&*node, put(counter(), "{}")).await;
        let key = KeyRecord {
            id: "0123456789abcdef".into(),
            name: "hr-sync".into(),
            digest: [1; 32],
            scopes: vec![Scope::Admin],
            employers: Vec::new(),
            created_at: at(0),
            expires_at: None,
            last_used_at: None,
            revoked_at: None,
        };
        match node.key(&key.id).await.unwrap() {
            None => node.add_key(key, author("ada")).await.unwrap(),
            Some(_) => drop(node.revoke_key(&key.id, at(1), author("ada")).await.unwrap()),
        }
        node.close().await;
    });
}

async fn several_nodes_may_start_at_once(store: Fixture) {
    let nodes = futures_util::future::join_all((0..4).map(|_| store.another_node())).await;
    for (n, node) in nodes.iter().enumerate() {
        assert_eq!(done(&**node, put(counter(), "{}")).await.revision, n as u32 + 1);
    }
}

for_every_engine!(
    no_update_is_lost,
    of_many_who_create_one_does,
    a_head_is_never_older_than_what_was_acknowledged,
    another_node_sees_a_removal_and_a_restore_at_once,
    more_changes_than_a_node_follows_are_noticed,
    what_another_process_wrote_is_seen_at_once,
    several_nodes_may_start_at_once,
);

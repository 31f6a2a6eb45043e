//! The line of all changes, which other systems follow.

use std::sync::Arc;

use rolewright::store::Store;
use rolewright::store::document::*;

use crate::fixture::*;

async fn every_change_is_told_in_order_tombstones_included(store: Fixture) {
    let (a, b) = (DocumentId::employer("a"), DocumentId::tone("a", "b"));
    let orders = [put(a.clone(), "{}"), put(b.clone(), "{}"), delete(a.clone()), restore(a.clone())];
    for (n, order) in orders.into_iter().enumerate() {
        done(&*store, Order { at: at(n as i64), message: Some(format!("{n}")), ..order }).await;
    }
    let changes = store.changes(0, 10).await.unwrap();
    assert!(!changes.more);
    let told: Vec<_> = changes.items.iter().map(|c| (&c.document, c.revision, c.action)).collect();
    let expected =
        [(&a, 1, Action::Create), (&b, 1, Action::Create), (&a, 2, Action::Delete), (&a, 3, Action::Restore)];
    assert_eq!(told, expected);
    for (n, change) in changes.items.iter().enumerate() {
        assert_eq!((change.at, change.message.as_deref()), (at(n as i64), Some(n.to_string().as_str())));
        let revision = store.revision(&change.document, Some(change.revision)).await.unwrap().unwrap();
        assert_eq!(revision.change, *change);
    }
    assert!(changes.items[0].sequence >= 1);
    assert!(changes.items.is_sorted_by(|one, next| one.sequence < next.sequence));
}

async fn changes_are_followed_page_by_page(store: Fixture) {
    for n in 0..7 {
        done(&*store, put(DocumentId::employer(format!("e{n}")), "{}")).await;
    }
    let mut followed = Vec::new();
    let mut since = 0;
    loop {
        let page = store.changes(since, 3).await.unwrap();
        since = page.items.last().map_or(since, |last| last.sequence);
        followed.extend(page.items.into_iter().map(|change| change.document.id));
        if !page.more {
            break;
        }
    }
    assert_eq!(followed, ["e0", "e1", "e2", "e3", "e4", "e5", "e6"]);
    let end = store.changes(since, 3).await.unwrap();
    assert!(end.items.is_empty() && !end.more);
    assert!(store.changes(u64::MAX, 3).await.unwrap().items.is_empty());
}

/// Writes in batches of several sizes, so that some transactions are open longer than others.
async fn write_for_a_while(node: Arc<dyn Store>, writer: usize) {
    for round in 0..12 {
        let size = 1 + (writer * 7 + round * 5) % 23;
        let documents = (0..size).map(|n| DocumentId::employer(format!("w{writer}-{n}")));
        let orders = documents.map(|document| put(document, "{}")).collect();
        node.write(Batch { orders, commit: true, completion: None }).await.unwrap();
    }
}

async fn a_lower_number_never_appears_after_a_higher_one(store: Fixture) {
    let (one, two) = (store.node(), store.another_node().await);
    let writers: Vec<_> = (0..8)
        .map(|writer| {
            let node = if writer % 2 == 0 { &one } else { &two };
            tokio::spawn(write_for_a_while(Arc::clone(node), writer))
        })
        .collect();
    let mut seen = Vec::new();
    let mut since = 0;
    loop {
        // Whoever finds no writer before the look finds all changes in it.
        let over = writers.iter().all(tokio::task::JoinHandle::is_finished);
        let node = if seen.len() % 2 == 0 { &two } else { &one };
        let page = node.changes(since, 50).await.unwrap();
        since = page.items.last().map_or(since, |last| last.sequence);
        seen.extend(page.items.into_iter().map(|change| change.sequence));
        if over && !page.more {
            break;
        }
        tokio::task::yield_now().await;
    }
    for writer in writers {
        writer.await.unwrap();
    }
    let all: Vec<_> = store.changes(0, 100_000).await.unwrap().items;
    let all: Vec<_> = all.into_iter().map(|change| change.sequence).collect();
    assert_eq!(seen, all, "somebody who followed has missed a change");
}

for_every_engine!(
    every_change_is_told_in_order_tombstones_included,
    changes_are_followed_page_by_page,
    a_lower_number_never_appears_after_a_higher_one,
);

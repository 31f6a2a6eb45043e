//! The audit log.

use rolewright::store::document::*;

use crate::fixture::*;

async fn every_write_is_an_entry_that_says_who_did_what(store: Fixture) {
    let by = Author { name: "ada".into(), key: Some("00ff".into()), request: Some("r-1".into()) };
    let orders = [
        put_role("a", "A"),
        put(DocumentId::employer("acme"), "{}"),
        put(DocumentId::tone("acme", "loud"), "{}"),
        put(DocumentId::tone("acme", "loud"), "{}"),
        delete(DocumentId::employer("acme")),
        restore(DocumentId::employer("acme")),
    ];
    for (n, order) in orders.into_iter().enumerate() {
        done(&*store, Order { author: by.clone(), at: at(n as i64), ..order }).await;
    }
    let mut entries = store.audit(None, 10).await.unwrap().items;
    entries.reverse();
    let told: Vec<_> = entries.iter().map(|e| (e.action.as_str(), e.target.as_str(), e.revision)).collect();
    let expected = [
        ("role.create", "a", Some(1)),
        ("employer.create", "acme", Some(1)),
        ("tone.create", "acme/loud", Some(1)),
        ("tone.replace", "acme/loud", Some(2)),
        ("employer.delete", "acme", Some(2)),
        ("employer.restore", "acme", Some(3)),
    ];
    assert_eq!(told, expected);
    for (n, entry) in entries.iter().enumerate() {
        assert_eq!(entry.at, at(n as i64));
        let author =
            Author { name: entry.author.clone(), key: entry.key.clone(), request: entry.request.clone() };
        assert_eq!(author, by);
    }
}

async fn the_log_is_the_newest_first_page_by_page(store: Fixture) {
    for n in 0..7 {
        done(&*store, put(DocumentId::employer(format!("e{n}")), "{}")).await;
    }
    let mut told = Vec::new();
    let mut before = None;
    loop {
        let page = store.audit(before, 3).await.unwrap();
        before = page.items.last().map(|last| last.number);
        told.extend(page.items);
        if !page.more {
            break;
        }
    }
    let targets: Vec<_> = told.iter().map(|entry| entry.target.as_str()).collect();
    assert_eq!(targets, ["e6", "e5", "e4", "e3", "e2", "e1", "e0"]);
    assert!(told.is_sorted_by(|one, next| one.number > next.number) && told[6].number >= 1);
    assert!(!store.audit(None, 7).await.unwrap().more);
    assert_eq!(store.audit(Some(u64::MAX), 1).await.unwrap().items.len(), 1);
}

for_every_engine!(every_write_is_an_entry_that_says_who_did_what, the_log_is_the_newest_first_page_by_page,);

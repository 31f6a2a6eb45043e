//! Documents in their current state: what may be written, and what is there then.

use rolewright::store::document::*;

use crate::fixture::*;

const A: &str = r#"{"v":"a"}"#;
const B: &str = r#"{"v":"b"}"#;

fn acme() -> DocumentId {
    DocumentId::employer("acme")
}

fn expecting(expected: Expected, order: Order) -> Order {
    Order { expected, ..order }
}

async fn body(store: &Fixture, document: &DocumentId) -> Option<String> {
    store.revision(document, None).await.unwrap()?.body.map(|body| body.to_string())
}

async fn what_was_never_written_is_not_there(store: Fixture) {
    assert_eq!(store.head(&acme()).await.unwrap(), None);
    assert_eq!(store.revision(&acme(), None).await.unwrap(), None);
    assert_eq!(store.revision(&acme(), Some(1)).await.unwrap(), None);
    assert!(store.history(&acme(), None, 10).await.unwrap().items.is_empty());
    for order in [
        delete(acme()),
        restore(acme()),
        expecting(Expected::Present, put(acme(), A)),
        expecting(Expected::OneOf(vec![1]), put(acme(), A)),
        expecting(Expected::Present, delete(acme())),
    ] {
        assert_eq!(write(&*store, order).await, Err(Refusal::Missing));
    }
    assert_eq!(store.head(&acme()).await.unwrap(), None);
    assert!(store.changes(0, 10).await.unwrap().items.is_empty());
}

async fn a_write_tells_what_is_there_now(store: Fixture) {
    let first = done(&*store, Order { at: at(1), ..put(acme(), A) }).await;
    let created =
        Written { revision: 1, at: at(1), action: Action::Create, unchanged: false, body: Some(A.into()) };
    assert_eq!(first, created);
    assert_eq!(store.head(&acme()).await.unwrap(), Some(Head { revision: 1, deleted: false, at: at(1) }));
    let second = done(&*store, Order { at: at(2), ..put(acme(), B) }).await;
    let replaced =
        Written { revision: 2, at: at(2), action: Action::Replace, unchanged: false, body: Some(B.into()) };
    assert_eq!(second, replaced);
    let third = done(&*store, Order { at: at(3), ..delete(acme()) }).await;
    let removed = Written { revision: 3, at: at(3), action: Action::Delete, unchanged: false, body: None };
    assert_eq!(third, removed);
    assert_eq!(store.head(&acme()).await.unwrap(), Some(Head { revision: 3, deleted: true, at: at(3) }));
    let fourth = done(&*store, Order { at: at(4), ..restore(acme()) }).await;
    let restored =
        Written { revision: 4, at: at(4), action: Action::Restore, unchanged: false, body: Some(B.into()) };
    assert_eq!(fourth, restored);
    assert_eq!(body(&store, &acme()).await.as_deref(), Some(B));
    assert_eq!(store.head(&acme()).await.unwrap(), Some(Head { revision: 4, deleted: false, at: at(4) }));
}

async fn a_write_that_expects_something_else_is_refused_and_changes_nothing(store: Fixture) {
    done(&*store, put(acme(), A)).await;
    done(&*store, put(acme(), A)).await;
    let now = Head { revision: 2, deleted: false, at: at(0) };
    let refused = [
        (expecting(Expected::Absent, put(acme(), B)), Refusal::Exists(now)),
        (expecting(Expected::OneOf(vec![1]), put(acme(), B)), Refusal::Stale(now)),
        (expecting(Expected::OneOf(vec![]), put(acme(), B)), Refusal::Stale(now)),
        (expecting(Expected::OneOf(vec![1, 3]), delete(acme())), Refusal::Stale(now)),
        (restore(acme()), Refusal::NotDeleted(now)),
    ];
    for (order, refusal) in refused {
        assert_eq!(write(&*store, order).await, Err(refusal));
    }
    assert_eq!(store.head(&acme()).await.unwrap(), Some(now));
    assert_eq!(store.changes(0, 10).await.unwrap().items.len(), 2);
    assert_eq!(store.audit(None, 10).await.unwrap().items.len(), 2);
    for expected in [Expected::Present, Expected::OneOf(vec![7, 3]), Expected::Anything] {
        done(&*store, expecting(expected, put(acme(), B))).await;
    }
}

async fn only_a_restore_brings_a_removed_document_back(store: Fixture) {
    done(&*store, put(acme(), A)).await;
    done(&*store, delete(acme())).await;
    let removed = Head { revision: 2, deleted: true, at: at(0) };
    for expected in [Expected::Anything, Expected::Present, Expected::OneOf(vec![2])] {
        let order = expecting(expected.clone(), put(acme(), B));
        assert_eq!(write(&*store, order).await, Err(Refusal::Deleted(removed)));
        let order = expecting(expected, delete(acme()));
        assert_eq!(write(&*store, order).await, Err(Refusal::Deleted(removed)));
    }
    let absent = expecting(Expected::Absent, put(acme(), B));
    assert_eq!(write(&*store, absent).await, Err(Refusal::Exists(removed)));
    let stale = expecting(Expected::OneOf(vec![1]), restore(acme()));
    assert_eq!(write(&*store, stale).await, Err(Refusal::Stale(removed)));
    assert_eq!(body(&store, &acme()).await, None);
    done(&*store, expecting(Expected::OneOf(vec![2]), restore(acme()))).await;
    assert_eq!(body(&store, &acme()).await.as_deref(), Some(A));
    done(&*store, delete(acme())).await;
    done(&*store, restore(acme())).await;
    assert_eq!(body(&store, &acme()).await.as_deref(), Some(A));
}

async fn the_same_content_makes_no_revision_where_that_is_asked_for(store: Fixture) {
    let same = |body| Order { skip_same: true, at: at(9), ..put(acme(), body) };
    assert_eq!(done(&*store, same(A)).await.action, Action::Create);
    let written = done(&*store, Order { at: at(10), ..same(A) }).await;
    let unchanged =
        Written { revision: 1, at: at(9), action: Action::Create, unchanged: true, body: Some(A.into()) };
    assert_eq!(written, unchanged);
    assert_eq!(done(&*store, same(B)).await.revision, 2);
    assert_eq!(done(&*store, put(acme(), B)).await.revision, 3);
    let stale = expecting(Expected::OneOf(vec![1]), same(B));
    assert!(matches!(write(&*store, stale).await, Err(Refusal::Stale(_))));
    done(&*store, delete(acme())).await;
    assert!(matches!(write(&*store, same(B)).await, Err(Refusal::Deleted(_))));
    assert_eq!(store.changes(0, 10).await.unwrap().items.len(), 4);
    assert_eq!(store.audit(None, 10).await.unwrap().items.len(), 4);
}

async fn a_batch_does_each_order_for_itself_and_a_later_one_sees_an_earlier_one(store: Fixture) {
    let orders = vec![
        put(acme(), A),
        expecting(Expected::Absent, put(acme(), B)),
        expecting(Expected::OneOf(vec![1]), put(acme(), B)),
        put(DocumentId::employer("other"), A),
        delete(acme()),
    ];
    let outcomes = store.write(Batch { orders, commit: true, completion: None }).await.unwrap();
    let told: Vec<_> =
        outcomes.iter().map(|outcome| outcome.as_ref().ok().map(|w| (w.revision, w.action))).collect();
    assert_eq!(
        told,
        [
            Some((1, Action::Create)),
            None,
            Some((2, Action::Replace)),
            Some((1, Action::Create)),
            Some((3, Action::Delete))
        ]
    );
    assert_eq!(store.changes(0, 10).await.unwrap().items.len(), 4);
}

async fn an_empty_batch_does_nothing(store: Fixture) {
    let outcomes = store.write(Batch { orders: vec![], commit: true, completion: None }).await.unwrap();
    assert!(outcomes.is_empty());
}

async fn a_batch_that_is_only_tried_leaves_no_trace(store: Fixture) {
    done(&*store, put_role("kept", "Kept")).await;
    let orders = vec![
        put_role("tried", "Tried"),
        expecting(Expected::Absent, put_role("tried", "Tried")),
        delete(DocumentId::role("kept")),
        restore(DocumentId::role("kept")),
    ];
    let outcomes = store.write(Batch { orders, commit: false, completion: None }).await.unwrap();
    assert_eq!(outcomes.iter().map(Result::is_ok).collect::<Vec<_>>(), [true, false, true, true]);
    assert_eq!(store.head(&DocumentId::role("tried")).await.unwrap(), None);
    assert_eq!(store.head(&DocumentId::role("kept")).await.unwrap().unwrap().revision, 1);
    assert_eq!(store.changes(0, 10).await.unwrap().items.len(), 1);
    assert_eq!(store.audit(None, 10).await.unwrap().items.len(), 1);
    assert_eq!(store.count(Kind::Role, "").await.unwrap(), 1);
}

async fn kinds_and_owners_are_worlds_of_their_own(store: Fixture) {
    let all = [
        DocumentId::role("same"),
        DocumentId::employer("same"),
        DocumentId::tone("same", "same"),
        DocumentId::tone("other", "same"),
    ];
    for document in &all {
        let body =
            if document.kind == Kind::Role { role("same", "Same", serde_json::json!({})) } else { A.into() };
        assert_eq!(done(&*store, put(document.clone(), body)).await.revision, 1);
    }
    done(&*store, delete(all[2].clone())).await;
    assert_eq!(store.count(Kind::Role, "").await.unwrap(), 1);
    assert_eq!(store.count(Kind::Tone, "same").await.unwrap(), 0);
    assert_eq!(store.count(Kind::Tone, "other").await.unwrap(), 1);
    assert_eq!(store.count(Kind::Tone, "").await.unwrap(), 0);
    let changes = store.changes(0, 10).await.unwrap().items;
    let documents: Vec<_> = changes.into_iter().map(|change| change.document).collect();
    assert_eq!(documents[..4], all);
}

async fn a_list_has_what_is_there_in_the_order_of_ids_page_by_page(store: Fixture) {
    // A hyphen comes before digits and letters, whatever the locale of a server is.
    let ids = ["a", "a-b", "a0", "ab", "b", "z-9", "z9"];
    for id in ids.iter().rev() {
        done(&*store, put(DocumentId::employer(*id), A)).await;
    }
    done(&*store, delete(DocumentId::employer("ab"))).await;
    done(&*store, put(DocumentId::employer("z9"), B)).await;
    let mut listed = Vec::new();
    let mut after = None;
    loop {
        let page = store.list(Kind::Employer, "", after.as_deref(), 2).await.unwrap();
        assert!(page.items.len() == 2 || !page.more);
        after = page.items.last().map(|last| last.id.clone());
        listed.extend(page.items);
        if !page.more {
            break;
        }
    }
    let found: Vec<_> = listed.iter().map(|one| one.id.as_str()).collect();
    assert_eq!(found, ["a", "a-b", "a0", "b", "z-9", "z9"]);
    let last = Listed { id: "z9".into(), revision: 2, at: at(0), body: B.into() };
    assert_eq!(listed.last(), Some(&last));
    assert_eq!(store.count(Kind::Employer, "").await.unwrap(), 6);
    let page = store.list(Kind::Employer, "", None, 6).await.unwrap();
    assert!(!page.more, "a page that ends with the list says so");
}

async fn a_document_keeps_every_character(store: Fixture) {
    let body = format!(r#"{{"v":"{}"}}"#, "é ß 漢字 🦒 \u{10FFFD} ' \" % _ \\ \r\n\t ".repeat(2000));
    done(&*store, put(acme(), &body)).await;
    assert_eq!(self::body(&store, &acme()).await, Some(body));
    let message = "‘why’ — «porque» 🦒".to_owned();
    let mut order = put(acme(), A);
    order.message = Some(message.clone());
    order.author = author("Zoë O'Neil; DROP TABLE documents --");
    done(&*store, order).await;
    let change = store.revision(&acme(), None).await.unwrap().unwrap().change;
    assert_eq!(
        (change.message, change.author.as_str()),
        (Some(message), "Zoë O'Neil; DROP TABLE documents --")
    );
}

async fn moments_are_kept_to_the_millisecond(store: Fixture) {
    let exact: jiff::Timestamp = "2027-01-02T03:04:05.678912345Z".parse().unwrap();
    let kept: jiff::Timestamp = "2027-01-02T03:04:05.678Z".parse().unwrap();
    let written = done(&*store, Order { at: exact, ..put(acme(), A) }).await;
    let told = store.revision(&acme(), None).await.unwrap().unwrap().change.at;
    let head = store.head(&acme()).await.unwrap().unwrap().at;
    assert_eq!([written.at, told, head], [kept; 3]);
}

async fn what_was_written_is_there_after_a_restart(store: Fixture) {
    done(&*store, put(acme(), A)).await;
    store.ready().await.unwrap();
    store.close().await;
    assert!(store.ready().await.is_err(), "a closed store is not ready");
    let again = store.another_node().await;
    again.ready().await.unwrap();
    assert_eq!(again.revision(&acme(), None).await.unwrap().unwrap().body.as_deref(), Some(A));
    assert_eq!(done(&*again, put(acme(), B)).await.revision, 2);
}

for_every_engine!(
    what_was_never_written_is_not_there,
    a_write_tells_what_is_there_now,
    a_write_that_expects_something_else_is_refused_and_changes_nothing,
    only_a_restore_brings_a_removed_document_back,
    the_same_content_makes_no_revision_where_that_is_asked_for,
    a_batch_does_each_order_for_itself_and_a_later_one_sees_an_earlier_one,
    an_empty_batch_does_nothing,
    a_batch_that_is_only_tried_leaves_no_trace,
    kinds_and_owners_are_worlds_of_their_own,
    a_list_has_what_is_there_in_the_order_of_ids_page_by_page,
    a_document_keeps_every_character,
    moments_are_kept_to_the_millisecond,
    what_was_written_is_there_after_a_restart,
);

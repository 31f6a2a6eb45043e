//! The history of a document: every revision, whole, for ever.

use rolewright::store::document::*;

use crate::fixture::*;

fn acme() -> DocumentId {
    DocumentId::employer("acme")
}

fn body(n: u32) -> String {
    format!(r#"{{"n":{n}}}"#)
}

/// Revisions 1 to 5 put, 6 removes, 7 restores.
async fn seven_revisions(store: &Fixture) {
    for n in 1..=5 {
        let order = Order {
            at: at(n.into()),
            author: author(&format!("author {n}")),
            message: (n % 2 == 0).then(|| format!("message {n}")),
            ..put(acme(), body(n))
        };
        done(&**store, order).await;
        done(&**store, put(DocumentId::employer("other"), body(n))).await;
    }
    done(&**store, Order { at: at(6), ..delete(acme()) }).await;
    done(&**store, Order { at: at(7), ..restore(acme()) }).await;
}

async fn every_revision_is_kept_with_who_when_and_why(store: Fixture) {
    seven_revisions(&store).await;
    for n in 1..=5_u32 {
        let revision = store.revision(&acme(), Some(n)).await.unwrap().unwrap();
        assert_eq!(revision.body.as_deref(), Some(body(n).as_str()));
        let change = revision.change;
        assert_eq!((change.revision, change.at, change.document), (n, at(n.into()), acme()));
        assert_eq!(change.author, format!("author {n}"));
        assert_eq!(change.message, (n % 2 == 0).then(|| format!("message {n}")));
        assert_eq!(change.action, if n == 1 { Action::Create } else { Action::Replace });
    }
    let removed = store.revision(&acme(), Some(6)).await.unwrap().unwrap();
    assert_eq!((removed.change.action, removed.body), (Action::Delete, None));
    let newest = store.revision(&acme(), None).await.unwrap().unwrap();
    assert_eq!((newest.change.revision, newest.change.action), (7, Action::Restore));
    assert_eq!(newest.body.as_deref(), Some(body(5).as_str()));
    assert_eq!(store.revision(&acme(), Some(7)).await.unwrap(), Some(newest));
    for n in [0, 8, u32::MAX] {
        assert_eq!(store.revision(&acme(), Some(n)).await.unwrap(), None);
    }
}

async fn the_history_is_the_newest_first_page_by_page(store: Fixture) {
    seven_revisions(&store).await;
    let mut told = Vec::new();
    let mut before = None;
    loop {
        let page = store.history(&acme(), before, 3).await.unwrap();
        before = page.items.last().map(|last| last.revision);
        told.extend(page.items);
        if !page.more {
            break;
        }
    }
    assert_eq!(told.iter().map(|change| change.revision).collect::<Vec<_>>(), [7, 6, 5, 4, 3, 2, 1]);
    for change in &told {
        let revision = store.revision(&acme(), Some(change.revision)).await.unwrap().unwrap();
        assert_eq!(*change, revision.change);
    }
    assert!(!store.history(&acme(), None, 7).await.unwrap().more);
    assert!(store.history(&acme(), Some(1), 7).await.unwrap().items.is_empty());
}

for_every_engine!(every_revision_is_kept_with_who_when_and_why, the_history_is_the_newest_first_page_by_page,);

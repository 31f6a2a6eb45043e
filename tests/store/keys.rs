//! API keys.

use std::sync::Arc;

use rolewright::store::keys::{KeyRecord, Scope};

use crate::fixture::*;

fn key(n: u8, scopes: &[Scope]) -> KeyRecord {
    KeyRecord {
        id: format!("{n:016x}"),
        name: format!("key {n}"),
        digest: [n; 32],
        scopes: scopes.to_vec(),
        employers: Vec::new(),
        created_at: at(n.into()),
        expires_at: None,
        last_used_at: None,
        revoked_at: None,
    }
}

async fn actions(store: &Fixture) -> Vec<(String, String)> {
    let entries = store.audit(None, 100).await.unwrap().items;
    entries.into_iter().rev().map(|entry| (entry.action, entry.target)).collect()
}

async fn a_key_is_kept_as_it_was_made(store: Fixture) {
    let full = KeyRecord {
        employers: vec!["acme".into(), "globex".into()],
        expires_at: Some(at(100)),
        ..key(1, &[Scope::Read, Scope::Publish])
    };
    let bare = key(2, &[]);
    store.add_key(full.clone(), author("root")).await.unwrap();
    store.add_key(bare.clone(), author("root")).await.unwrap();
    assert_eq!(store.key(&full.id).await.unwrap().as_ref(), Some(&full));
    assert_eq!(store.key(&full.id).await.unwrap().as_ref(), Some(&full), "from memory");
    assert_eq!(store.key("ffffffffffffffff").await.unwrap(), None);
    assert_eq!(store.keys().await.unwrap(), [full, bare]);
    let create = |n: u8| ("key.create".to_owned(), format!("{n:016x}"));
    assert_eq!(actions(&store).await, [create(1), create(2)]);
}

async fn an_id_is_taken_once(store: Fixture) {
    store.add_key(key(1, &[]), author("root")).await.unwrap();
    let other = KeyRecord { name: "other".into(), ..key(1, &[Scope::Admin]) };
    assert!(store.add_key(other, author("root")).await.is_err());
    assert_eq!(store.keys().await.unwrap(), [key(1, &[])]);
    assert_eq!(actions(&store).await.len(), 1);
}

async fn a_revoked_key_is_revoked_for_good_on_every_node(store: Fixture) {
    let other = store.another_node().await;
    store.add_key(key(1, &[Scope::Admin]), author("root")).await.unwrap();
    let id = key(1, &[]).id;
    assert_eq!(other.key(&id).await.unwrap().unwrap().revoked_at, None);
    assert!(store.revoke_key(&id, at(50), author("root")).await.unwrap());
    for node in [store.node(), Arc::clone(&other)] {
        assert_eq!(node.key(&id).await.unwrap().unwrap().revoked_at, Some(at(50)));
    }
    assert!(!other.revoke_key(&id, at(60), author("root")).await.unwrap());
    assert!(!other.revoke_key("ffffffffffffffff", at(60), author("root")).await.unwrap());
    assert_eq!(store.key(&id).await.unwrap().unwrap().revoked_at, Some(at(50)));
    store.put_key(KeyRecord { digest: [9; 32], ..key(1, &[Scope::Admin]) }).await.unwrap();
    assert_eq!(store.key(&id).await.unwrap().unwrap().revoked_at, Some(at(50)));
    let entries = store.audit(None, 10).await.unwrap().items;
    let revoke = entries.iter().find(|entry| entry.action == "key.revoke").unwrap();
    assert_eq!((revoke.at, revoke.author.as_str(), revoke.revision), (at(50), "root", None));
}

async fn a_use_is_noted_and_never_goes_back(store: Fixture) {
    store.add_key(key(1, &[]), author("root")).await.unwrap();
    store.add_key(key(2, &[]), author("root")).await.unwrap();
    let ids = [key(1, &[]).id, key(2, &[]).id];
    let used = async |n: usize| store.key(&ids[n]).await.unwrap().unwrap().last_used_at;
    let note = |n: usize, second| (ids[n].clone(), at(second));
    store.note_use(vec![note(0, 10), note(1, 20), ("nobody".into(), at(1))]).await.unwrap();
    assert_eq!((used(0).await, used(1).await), (Some(at(10)), Some(at(20))));
    store.note_use(vec![note(0, 9), note(1, 21)]).await.unwrap();
    assert_eq!((used(0).await, used(1).await), (Some(at(10)), Some(at(21))));
    store.note_use(vec![]).await.unwrap();
    assert_eq!(actions(&store).await.len(), 2, "a use is no entry");
}

async fn of_many_first_keys_one_is_added(store: Fixture) {
    let nodes = [store.node(), store.another_node().await];
    let tasks: Vec<_> = (0..8_u8)
        .map(|n| {
            let node = Arc::clone(&nodes[usize::from(n) % 2]);
            tokio::spawn(async move { node.add_first_key(key(n, &[Scope::Admin])).await.unwrap() })
        })
        .collect();
    let mut added = Vec::new();
    for (n, task) in (0..8).zip(tasks) {
        if task.await.unwrap() {
            added.push(key(n, &[Scope::Admin]));
        }
    }
    assert_eq!(added.len(), 1);
    assert_eq!(store.keys().await.unwrap(), added);
    assert_eq!(actions(&store).await.len(), 1);
}

async fn a_first_key_is_added_where_none_is_good_for_administration(store: Fixture) {
    store.add_key(key(1, &[Scope::Read, Scope::Write, Scope::Publish]), author("root")).await.unwrap();
    let expired = KeyRecord { expires_at: Some(at(5)), ..key(2, &[Scope::Admin]) };
    store.add_key(expired, author("root")).await.unwrap();
    store.add_key(key(3, &[Scope::Admin]), author("root")).await.unwrap();
    assert!(!store.add_first_key(key(4, &[Scope::Admin])).await.unwrap());
    store.revoke_key(&key(3, &[]).id, at(3), author("root")).await.unwrap();
    assert!(store.add_first_key(key(5, &[Scope::Admin])).await.unwrap());
    assert!(!store.add_first_key(key(6, &[Scope::Admin])).await.unwrap());
    assert_eq!(store.keys().await.unwrap().len(), 4);
    let newest = store.audit(None, 1).await.unwrap().items.remove(0);
    assert_eq!((newest.action.as_str(), newest.author.as_str()), ("key.create", "Rolewright"));
}

async fn a_key_that_is_put_is_added_or_changed(store: Fixture) {
    let first = key(1, &[Scope::Admin]);
    store.put_key(first.clone()).await.unwrap();
    assert_eq!(store.key(&first.id).await.unwrap().as_ref(), Some(&first));
    store.note_use(vec![(first.id.clone(), at(7))]).await.unwrap();
    store.put_key(KeyRecord { created_at: at(90), ..first.clone() }).await.unwrap();
    let used = KeyRecord { last_used_at: Some(at(7)), ..first.clone() };
    assert_eq!(store.keys().await.unwrap(), [used], "the same again changes nothing");
    let second =
        KeyRecord { digest: [7; 32], name: "other".into(), created_at: at(91), ..key(1, &[Scope::Write]) };
    store.put_key(second.clone()).await.unwrap();
    let expected = KeyRecord { created_at: first.created_at, last_used_at: Some(at(7)), ..second };
    assert_eq!(store.key(&first.id).await.unwrap(), Some(expected));
    let told: Vec<_> = actions(&store).await.into_iter().map(|(action, _)| action).collect();
    assert_eq!(told, ["key.create", "key.replace"]);
}

for_every_engine!(
    a_key_is_kept_as_it_was_made,
    an_id_is_taken_once,
    a_revoked_key_is_revoked_for_good_on_every_node,
    a_use_is_noted_and_never_goes_back,
    of_many_first_keys_one_is_added,
    a_first_key_is_added_where_none_is_good_for_administration,
    a_key_that_is_put_is_added_or_changed,
);

//! Roles that come with the program or in a folder.

use std::sync::Arc;

use rolewright::store::document::*;
use rolewright::store::seed::*;
use serde_json::json;

use crate::fixture::*;

fn seed(id: &str, title: &str, origin: Origin) -> Seed {
    let body = role(id, title, json!({})).into();
    Seed { document: DocumentId::role(id), origin, body, at: at(0) }
}

fn built_in(title: &str, release: u32) -> Seed {
    seed("a", title, Origin::BuiltIn(Release(0, release, 0)))
}

fn file(title: &str) -> Seed {
    seed("a", title, Origin::File("a.json".into()))
}

async fn decide(store: &Fixture, seed: Seed) -> Decision {
    let document = seed.document.clone();
    let mut seeded = store.seed(vec![seed]).await.unwrap();
    assert_eq!((seeded.len(), &seeded[0].document), (1, &document));
    seeded.remove(0).decision
}

async fn revision(store: &Fixture) -> u32 {
    store.head(&DocumentId::role("a")).await.unwrap().unwrap().revision
}

async fn a_new_role_is_taken_over_once(store: Fixture) {
    let seeds = vec![built_in("A", 1), seed("b", "B", Origin::File("b.json".into()))];
    let seeded = store.seed(seeds.clone()).await.unwrap();
    let expected = ["a", "b"].map(|id| Seeded { document: DocumentId::role(id), decision: Decision::Take });
    assert_eq!(seeded, expected);
    let again = store.seed(seeds).await.unwrap();
    assert!(again.iter().all(|seeded| seeded.decision == Decision::Leave));
    let changes = store.changes(0, 10).await.unwrap().items;
    let authors: Vec<_> = changes.iter().map(|c| (c.author.as_str(), c.action)).collect();
    assert_eq!(authors, [("Rolewright 0.1.0", Action::Create), ("b.json", Action::Create)]);
    let entry = store.audit(None, 1).await.unwrap().items.remove(0);
    assert_eq!((entry.action.as_str(), entry.author.as_str()), ("role.create", "b.json"));
}

async fn an_upgrade_is_a_revision_where_nobody_changed_the_role(store: Fixture) {
    decide(&store, built_in("Old", 1)).await;
    assert_eq!(decide(&store, built_in("New", 2)).await, Decision::Take);
    assert_eq!(revision(&store).await, 2);
    assert_eq!(decide(&store, built_in("New", 2)).await, Decision::Leave);
    assert_eq!(
        decide(&store, built_in("Old", 1)).await,
        Decision::Leave,
        "an older node brings nothing back"
    );
    assert_eq!(revision(&store).await, 2);
}

async fn what_the_api_wrote_stands(store: Fixture) {
    decide(&store, file("One")).await;
    done(&*store, put_role("a", "Mine")).await;
    assert_eq!(decide(&store, file("One")).await, Decision::Leave, "the file is as it was");
    assert_eq!(decide(&store, file("Two")).await, Decision::Conflict);
    assert_eq!(decide(&store, file("Two")).await, Decision::Conflict);
    done(&*store, put_role("b", "Mine")).await;
    let taken = seed("b", "Theirs", Origin::File("b.json".into()));
    assert_eq!(decide(&store, taken).await, Decision::Conflict);
    assert_eq!(revision(&store).await, 2);
}

async fn a_removed_role_stays_removed(store: Fixture) {
    decide(&store, built_in("Old", 1)).await;
    done(&*store, delete(DocumentId::role("a"))).await;
    assert_eq!(decide(&store, built_in("Old", 1)).await, Decision::Leave);
    assert_eq!(decide(&store, built_in("New", 2)).await, Decision::Conflict);
    assert!(store.head(&DocumentId::role("a")).await.unwrap().unwrap().deleted);
}

async fn a_release_that_says_the_same_has_spoken(store: Fixture) {
    decide(&store, built_in("A", 1)).await;
    assert_eq!(decide(&store, built_in("A", 3)).await, Decision::Leave);
    assert_eq!(decide(&store, built_in("B", 2)).await, Decision::Leave, "it is older than the last word");
    assert_eq!(decide(&store, built_in("C", 4)).await, Decision::Take);
}

async fn files_and_the_program_are_remembered_apart(store: Fixture) {
    decide(&store, built_in("A", 1)).await;
    assert_eq!(decide(&store, file("A")).await, Decision::Conflict);
    assert_eq!(decide(&store, built_in("B", 2)).await, Decision::Take);
}

async fn of_many_nodes_that_start_one_takes_a_role_over(store: Fixture) {
    let nodes = [store.node(), store.another_node().await];
    let tasks: Vec<_> = (0..8)
        .map(|n| {
            let node = Arc::clone(&nodes[n % 2]);
            tokio::spawn(async move { node.seed(vec![built_in("A", 1)]).await.unwrap() })
        })
        .collect();
    let mut taken = 0;
    for task in tasks {
        taken += usize::from(task.await.unwrap()[0].decision == Decision::Take);
    }
    assert_eq!((taken, revision(&store).await), (1, 1));
}

for_every_engine!(
    a_new_role_is_taken_over_once,
    an_upgrade_is_a_revision_where_nobody_changed_the_role,
    what_the_api_wrote_stands,
    a_removed_role_stays_removed,
    a_release_that_says_the_same_has_spoken,
    files_and_the_program_are_remembered_apart,
    of_many_nodes_that_start_one_takes_a_role_over,
);

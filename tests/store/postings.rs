//! Postings: their slugs, their states at a moment, and the lists of those that are public or due.

use jiff::{SignedDuration, Timestamp};
use rolewright::domain::kept_posting::PostingState;
use rolewright::store::document::*;
use rolewright::store::index;
use rolewright::store::postings::*;
use rolewright::store::search::Total;
use rolewright::store::{Store, StoreError};
use serde_json::json;

use crate::fixture::*;
use crate::kept::*;

async fn all(store: &dyn Store) -> Vec<String> {
    ids(store, PostingSearch { sort: PostingSort::Id, ..search() }).await
}

fn search() -> PostingSearch {
    PostingSearch::at(at(0))
}

/// The ids of a page, which must be the only one.
async fn ids(store: &dyn Store, search: PostingSearch) -> Vec<String> {
    let found = store.find_postings(&search).await.unwrap();
    assert_eq!(found.next, None);
    assert_eq!(found.total, Total::Exactly(found.items.len() as u64));
    found.items.into_iter().map(|posting| posting.id).collect()
}

async fn public(store: &dyn Store, employer: Option<&str>, now: Timestamp) -> Vec<String> {
    let list = store.public(employer, now, None, 1_000).await.unwrap();
    assert!(!list.more);
    list.items.into_iter().map(|posting| posting.id).collect()
}

async fn a_posting_is_located_by_its_id_alone_also_when_it_was_removed(store: Fixture) {
    let (one, two) = (Draft::new("acme", "one"), Draft::new("blue", "two"));
    for draft in [&one, &two] {
        done(&*store, draft.put()).await;
    }
    assert_eq!(store.locate("one").await.unwrap(), Some(DocumentId::posting("acme", "one")));
    assert_eq!(store.locate("two").await.unwrap(), Some(DocumentId::posting("blue", "two")));
    done(&*store, delete(one.document())).await;
    assert_eq!(store.locate("one").await.unwrap(), Some(one.document()));
    for id in ["", "ONE", "three", "' OR 1 = 1 --"] {
        assert_eq!(store.locate(id).await.unwrap(), None);
    }
    // Others have ids of their own.
    done(&*store, put_role("four", "Four")).await;
    assert_eq!(store.locate("four").await.unwrap(), None);
}

async fn an_id_is_that_of_one_employer(store: Fixture) {
    done(&*store, Draft::new("acme", "one").put()).await;
    let other = Draft::new("blue", "one");
    let head = store.head(&DocumentId::posting("acme", "one")).await.unwrap().unwrap();
    assert_eq!(write(&*store, other.put()).await, Err(Refusal::Exists(head)));
    done(&*store, delete(DocumentId::posting("acme", "one"))).await;
    assert!(matches!(write(&*store, other.put()).await, Err(Refusal::Exists(_))), "nor one that was removed");
    let orders = vec![Draft::new("acme", "two").put(), Draft::new("blue", "two").put()];
    let outcomes = store.write(Batch { orders, commit: true, completion: None }).await.unwrap();
    assert!(outcomes[0].is_ok());
    assert!(matches!(outcomes[1], Err(Refusal::Exists(head)) if head.revision == 1), "{:?}", outcomes[1]);
    assert_eq!(store.head(&other.document()).await.unwrap(), None);
    assert_eq!(all(&*store).await, ["two"]);
    store.check();
}

async fn what_is_put_in_place_of_a_posting_must_be_one_of_this_id(store: Fixture) {
    let draft = Draft::new("acme", "one");
    for document in [DocumentId::posting("acme", "two"), DocumentId::posting("blue", "one")] {
        let failed = store.write(Batch::of(put(document, draft.json()))).await;
        assert!(matches!(failed, Err(StoreError::Failed(_))), "{failed:?}");
    }
}

async fn a_slug_is_taken_until_its_posting_has_another_one_or_is_removed(store: Fixture) {
    let slug = |id: &str, slug: &str| Draft::new("acme", id).with(json!({"slug": slug}));
    let taken = |by: &str| Err(Refusal::SlugTaken(by.into()));
    let is = async |slug: &str, id: Option<&str>| {
        let found = store.by_slug("acme", slug).await.unwrap();
        assert_eq!(found, id.map(|id| DocumentId::posting("acme", id)), "{slug}");
    };
    done(&*store, slug("one", "cook").put()).await;
    done(&*store, slug("one", "cook").put()).await;
    assert_eq!(write(&*store, slug("two", "cook").put()).await, taken("one"));
    assert_eq!(store.head(&slug("two", "cook").document()).await.unwrap(), None, "nothing is written");
    done(&*store, Draft::new("blue", "blue").with(json!({"slug": "cook"})).put()).await;
    done(&*store, slug("two", "chef").put()).await;
    assert_eq!(write(&*store, slug("two", "cook").put()).await, taken("one"));
    is("cook", Some("one")).await;
    is("chef", Some("two")).await;

    done(&*store, slug("one", "baker").put()).await;
    is("cook", None).await;
    done(&*store, slug("two", "cook").put()).await;
    is("cook", Some("two")).await;
    is("chef", None).await;

    done(&*store, delete(slug("two", "").document())).await;
    is("cook", None).await;
    done(&*store, slug("one", "cook").put()).await;
    assert_eq!(write(&*store, restore(slug("two", "").document())).await, taken("one"));
    done(&*store, slug("one", "baker").put()).await;
    done(&*store, restore(slug("two", "").document())).await;
    is("cook", Some("two")).await;
    assert_eq!(store.by_slug("blue", "cook").await.unwrap(), Some(DocumentId::posting("blue", "blue")));
    assert_eq!(store.by_slug("", "cook").await.unwrap(), None);
    store.check();
}

/// Each order of a batch sees what those before it did.
async fn slugs_change_hands_within_a_batch(store: Fixture) {
    let slug = |id: &str, slug: &str| Draft::new("acme", id).with(json!({"slug": slug}));
    done(&*store, slug("one", "a").put()).await;
    done(&*store, slug("two", "b").put()).await;
    let orders = vec![
        slug("one", "c").put(),
        slug("two", "a").put(),
        slug("one", "b").put(),
        slug("three", "a").put(),
        slug("three", "c").put(),
        delete(slug("two", "").document()),
        slug("three", "a").put(),
        restore(slug("two", "").document()),
        slug("three", "c").put(),
        restore(slug("two", "").document()),
        slug("four", "c").put(),
    ];
    let told = |outcomes: Vec<Outcome>| {
        let refused = |outcome: Outcome| outcome.err().map(|refusal| refusal.to_string());
        outcomes.into_iter().map(refused).collect::<Vec<_>>()
    };
    let expected: Vec<Option<String>> =
        [None, None, None, Some("two"), None, None, None, Some("three"), None, None, Some("three")]
            .map(|by| by.map(|by| format!("the posting {by} has this slug")))
            .into();
    let tried = Batch { orders: orders.clone(), commit: false, completion: None };
    assert_eq!(told(store.write(tried).await.unwrap()), expected);
    assert_eq!(store.by_slug("acme", "a").await.unwrap(), Some(slug("one", "").document()));
    let batch = Batch { orders, commit: true, completion: None };
    assert_eq!(told(store.write(batch).await.unwrap()), expected);
    for (slug, id) in [("a", "two"), ("b", "one"), ("c", "three")] {
        assert_eq!(store.by_slug("acme", slug).await.unwrap(), Some(DocumentId::posting("acme", id)));
    }
    assert_eq!(store.edition(Some("acme"), at(0)).await.unwrap().count, 0);
    store.check();
}

async fn of_many_who_want_a_slug_one_gets_it(store: Fixture) {
    let nodes = [store.node(), store.another_node().await];
    let tasks: Vec<_> = (0..20)
        .map(|n| {
            let node = nodes[n % 2].clone();
            let order = Draft::new("acme", &format!("p{n}")).with(json!({"slug": "cook"})).put();
            tokio::spawn(async move { write(&*node, order).await })
        })
        .collect();
    let mut outcomes = Vec::new();
    for task in tasks {
        outcomes.push(task.await.unwrap());
    }
    let holder = store.by_slug("acme", "cook").await.unwrap().unwrap().id;
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
    let taken = Err(Refusal::SlugTaken(holder));
    assert_eq!(outcomes.into_iter().filter(|outcome| *outcome == taken).count(), 19);
    store.check();
}

async fn a_removed_posting_is_in_no_list_and_comes_back_when_it_is_restored(store: Fixture) {
    let posting = Draft::new("acme", "one").published("published", at(1), Some(at(9)));
    done(&*store, posting.put()).await;
    done(&*store, delete(posting.document())).await;
    assert!(all(&*store).await.is_empty());
    assert!(public(&*store, None, at(2)).await.is_empty());
    assert_eq!(store.next_due().await.unwrap(), None);
    assert_eq!(store.edition(None, at(2)).await.unwrap().count, 0);
    let restored = done(&*store, Order { at: at(3), ..restore(posting.document()) }).await;
    let found = store.find_postings(&search()).await.unwrap();
    let body = restored.body.unwrap();
    assert_eq!(found.items, [Listed { id: "one".into(), revision: 3, at: at(3), body: body.clone() }]);
    let list = store.public(Some("acme"), at(2), None, 1).await.unwrap();
    assert_eq!(list.items, [Listed { id: "one".into(), revision: 3, at: at(3), body }]);
    assert_eq!(store.next_due().await.unwrap(), Some(at(9)));
    assert_eq!(store.edition(None, at(2)).await.unwrap().count, 1);
    store.check();
}

async fn in_state(store: &dyn Store, state: PostingState, now: Timestamp) -> Vec<String> {
    ids(store, PostingSearch { states: vec![state], sort: PostingSort::Id, ..PostingSearch::at(now) }).await
}

/// At the very moment it is so, whether or not anybody has written that down.
async fn a_posting_opens_and_closes_at_its_moments(store: Fixture) {
    let soon = Draft::new("acme", "soon").published("scheduled", at(10), Some(at(20)));
    let open = Draft::new("acme", "open").published("published", at(0), Some(at(20)));
    let ever = Draft::new("acme", "ever").published("published", at(0), None);
    let over = Draft::new("acme", "over").published("closed", at(0), Some(at(20)));
    let draft = Draft::new("acme", "draft");
    for posting in [&soon, &open, &ever, &over, &draft] {
        done(&*store, posting.put()).await;
    }
    let least = SignedDuration::from_millis(1);
    let states = async |now: Timestamp| {
        let mut told = Vec::new();
        for state in PostingState::ALL {
            told.push(in_state(&*store, state, now).await.join(" "));
        }
        assert_eq!(told[2], public(&*store, None, now).await.join(" "));
        assert_eq!(told[2], public(&*store, Some("acme"), now).await.join(" "));
        assert_eq!(public(&*store, Some("blue"), now).await.join(" "), "");
        for employer in [None, Some("acme")] {
            let count = store.edition(employer, now).await.unwrap().count;
            assert_eq!(count as usize, told[2].split_whitespace().count());
        }
        told
    };
    assert_eq!(states(at(10) - least).await, ["draft", "soon", "ever open", "over"]);
    assert_eq!(states(at(10)).await, ["draft", "", "ever open soon", "over"]);
    assert_eq!(states(at(20) - least).await, ["draft", "", "ever open soon", "over"]);
    assert_eq!(states(at(20)).await, ["draft", "", "ever", "open over soon"]);
    assert_eq!(states(at(1_000_000)).await, ["draft", "", "ever", "open over soon"]);
}

/// What is done before its time would be done for nothing.
async fn a_moment_between_two_milliseconds_is_the_later_one(store: Fixture) {
    let moment = at(10) + SignedDuration::from_micros(300);
    done(&*store, Draft::new("acme", "one").published("scheduled", moment, None).put()).await;
    let due = at(10) + SignedDuration::from_millis(1);
    assert_eq!(store.next_due().await.unwrap(), Some(due));
    assert!(store.due(at(10), 1).await.unwrap().is_empty());
    assert_eq!(in_state(&*store, PostingState::Scheduled, at(10)).await, ["one"]);
    assert_eq!(store.due(due, 1).await.unwrap().len(), 1);
    assert_eq!(in_state(&*store, PostingState::Published, due).await, ["one"]);
}

async fn what_is_due_comes_in_its_order(store: Fixture) {
    let postings = [
        Draft::new("acme", "c").published("scheduled", at(10), Some(at(12))),
        Draft::new("blue", "b").published("published", at(0), Some(at(10))),
        Draft::new("acme", "a").published("published", at(0), Some(at(11))),
        Draft::new("acme", "d").published("published", at(0), None),
        Draft::new("acme", "e").published("closed", at(0), Some(at(5))),
        Draft::new("acme", "f"),
    ];
    assert_eq!(store.next_due().await.unwrap(), None);
    for posting in &postings {
        done(&*store, posting.put()).await;
    }
    let due = async |now, limit| {
        let due = store.due(now, limit).await.unwrap();
        due.into_iter().map(|posting| format!("{}/{}", posting.owner, posting.id)).collect::<Vec<_>>()
    };
    assert_eq!(store.next_due().await.unwrap(), Some(at(10)));
    assert!(due(at(9), 10).await.is_empty());
    assert_eq!(due(at(10), 10).await, ["blue/b", "acme/c"]);
    assert_eq!(due(at(99), 10).await, ["blue/b", "acme/c", "acme/a"]);
    assert_eq!(due(at(99), 2).await, ["blue/b", "acme/c"]);
    assert!(due(at(99), 0).await.is_empty());
    done(&*store, Draft::new("acme", "c").published("published", at(10), Some(at(12))).put()).await;
    done(&*store, Draft::new("blue", "b").published("closed", at(0), Some(at(10))).put()).await;
    assert_eq!(due(at(99), 10).await, ["acme/a", "acme/c"]);
    assert_eq!(store.next_due().await.unwrap(), Some(at(11)));
}

async fn an_edition_changes_with_every_write_and_not_otherwise(store: Fixture) {
    let edition = async |employer| store.edition(employer, at(5)).await.unwrap();
    let none = Edition { count: 0, sequence: 0, at: None };
    assert_eq!((edition(None).await, edition(Some("acme")).await), (none, none));
    let posting = Draft::new("acme", "one").published("published", at(0), None);
    let writes = [
        Draft::new("acme", "one").put(),
        posting.put(),
        posting.put(),
        delete(posting.document()),
        restore(posting.document()),
        Draft::new("acme", "two").put(),
    ];
    let mut before = none;
    for (n, (order, count)) in writes.into_iter().zip([0, 1, 1, 0, 1, 1]).enumerate() {
        done(&*store, Order { at: at(n as i64), ..order }).await;
        let now = edition(Some("acme")).await;
        assert!(now.sequence > before.sequence, "{n}");
        assert_eq!((now.count, now.at), (count, Some(at(n as i64))), "{n}");
        assert_eq!(edition(None).await, now);
        assert_eq!(edition(Some("blue")).await, none);
        before = now;
    }
    // What is refused, tried, the same, or something else.
    let taken = Draft::new("acme", "three").with(json!({"slug": "one"}));
    assert!(write(&*store, taken.put()).await.is_err());
    store.write(Batch { commit: false, ..Batch::of(Draft::new("acme", "four").put()) }).await.unwrap();
    assert!(done(&*store, Order { skip_same: true, ..posting.put() }).await.unchanged);
    done(&*store, put(DocumentId::employer("acme"), "{}")).await;
    done(&*store, put_role("cook", "Cook")).await;
    assert_eq!(edition(Some("acme")).await, before);
    // Another employer's is one of all.
    done(&*store, Order { at: at(3), ..Draft::new("blue", "blue").put() }).await;
    assert_eq!(edition(Some("acme")).await, before);
    let all = edition(None).await;
    assert!(all.sequence > before.sequence);
    assert_eq!((all.count, all.at), (1, Some(at(3))), "that of the last change, not the last moment");
    assert_eq!(edition(Some("blue")).await, Edition { count: 0, ..all });
    store.check();
}

async fn an_edition_changes_when_the_time_of_a_posting_comes_or_is_over(store: Fixture) {
    let soon = Draft::new("acme", "soon").published("scheduled", at(10), Some(at(20)));
    let open = Draft::new("blue", "open").published("published", at(0), Some(at(15)));
    for posting in [&soon, &open] {
        done(&*store, Order { at: at(1), ..posting.put() }).await;
    }
    let told = async |employer, now| {
        let edition = store.edition(employer, at(now)).await.unwrap();
        (edition.count, edition.at.unwrap())
    };
    for (now, all, acme) in [
        (9, (1, at(1)), (0, at(1))),
        (10, (2, at(10)), (1, at(10))),
        (14, (2, at(10)), (1, at(10))),
        (15, (1, at(15)), (1, at(10))),
        (20, (0, at(20)), (0, at(20))),
        (99, (0, at(20)), (0, at(20))),
    ] {
        assert_eq!(told(None, now).await, all, "{now}");
        assert_eq!(told(Some("acme"), now).await, acme, "{now}");
    }
    // Once it is written down, that is the last change.
    let written = Draft::new("acme", "soon").published("published", at(10), Some(at(20)));
    done(&*store, Order { at: at(11), ..written.put() }).await;
    assert_eq!(told(Some("acme"), 12).await, (1, at(11)));
}

async fn those_that_are_public_are_walked_by_their_ids(store: Fixture) {
    let states = ["published", "closed", "scheduled", "draft"];
    let mut public = Vec::new();
    for n in 0..40 {
        let (id, employer) = (format!("p{n:02}"), if n % 3 == 0 { "acme" } else { "blue" });
        let posting = Draft::new(employer, &id);
        let posting = match states[n % 4] {
            "draft" => posting,
            state => posting.published(state, at(n as i64), Some(at(30))),
        };
        done(&*store, posting.put()).await;
        if posting.kept().state_at(at(20)) == PostingState::Published {
            public.push((employer, id));
        }
    }
    assert_eq!(public.len(), 15, "of ten that were scheduled five have opened");
    for employer in [None, Some("acme"), Some("blue"), Some("nobody")] {
        for limit in [1, 4, 100] {
            let mut walked = Vec::new();
            loop {
                let after = walked.last().map(String::as_str);
                let some = store.public(employer, at(20), after, limit).await.unwrap();
                assert_eq!(some.more, some.items.len() == limit && some.more);
                walked.extend(some.items.into_iter().map(|posting| posting.id));
                if !some.more {
                    break;
                }
            }
            let of = |owner: &str| employer.is_none_or(|employer| employer == owner);
            let expected: Vec<_> =
                public.iter().filter(|(owner, _)| of(owner)).map(|(_, id)| id.clone()).collect();
            assert_eq!(walked, expected, "{employer:?} by {limit}");
            // After each mark but none at the very end.
            let marks: Vec<_> = expected.chunks_exact(limit).map(|part| part[limit - 1].clone()).collect();
            let marks: Vec<_> = marks.into_iter().filter(|mark| Some(mark) != expected.last()).collect();
            assert_eq!(store.public_marks(employer, at(20), limit).await.unwrap(), marks);
            let addresses = store.public_addresses(employer, at(20), None, limit).await.unwrap();
            assert_eq!(addresses.more, expected.len() > limit);
            let posting = |address: &Address| {
                assert!(public.contains(&(address.employer.as_str(), address.id.clone())));
                address.id.clone()
            };
            let listed: Vec<_> = addresses.items.iter().map(posting).collect();
            assert_eq!(listed, expected[..limit.min(expected.len())]);
        }
    }
}

/// Pages through a list while postings are added, changed, and removed in it: whoever was there all
/// along, unchanged, is met once.
async fn the_number_of_a_posting_never_changes_and_is_its_own(store: Fixture) {
    let public = |employer: &str, id: &str| Draft::new(employer, id).published("published", at(0), None);
    for (employer, id) in [("acme", "c"), ("blue", "b"), ("acme", "a"), ("acme", "d")] {
        done(&*store, public(employer, id).put()).await;
    }
    let numbers = async |employer: &str| {
        let list = store.public_numbered(employer, at(1), None, 100).await.unwrap();
        let plain = store.public(Some(employer), at(1), None, 100).await.unwrap();
        let (numbers, postings): (Vec<_>, Vec<_>) =
            list.items.into_iter().map(|one| ((one.posting.id.clone(), one.number), one.posting)).unzip();
        assert_eq!((postings, list.more), (plain.items, plain.more));
        numbers
    };
    let before = numbers("acme").await;
    assert_eq!(before.iter().map(|(id, _)| id.as_str()).collect::<Vec<_>>(), ["a", "c", "d"]);
    for (id, number) in &before {
        assert!(*number > 0 && *number < 1 << 53, "{number}");
        assert_eq!(store.by_number("acme", *number).await.unwrap(), Some(DocumentId::posting("acme", id)));
        assert_eq!(store.by_number("blue", *number).await.unwrap(), None, "another employer's");
        assert_eq!(store.number_of(id).await.unwrap(), Some(*number));
    }
    assert_ne!(store.number_of("b").await.unwrap(), store.number_of("a").await.unwrap());

    done(&*store, public("acme", "c").saying("Another", json!([])).put()).await;
    done(&*store, delete(DocumentId::posting("acme", "d"))).await;
    assert_eq!(numbers("acme").await, before[..2], "a change keeps the number");
    done(&*store, restore(DocumentId::posting("acme", "d"))).await;
    assert_eq!(numbers("acme").await, before, "and so does a restore");
    let changes = store.changes(0, 100).await.unwrap().items;
    for change in changes.iter().filter(|change| change.revision > 1) {
        assert_eq!(store.by_number("acme", change.sequence).await.unwrap(), None, "no later revision counts");
    }
    done(&*store, put_role("cook", "Cook")).await;
    let role = store.changes(0, 100).await.unwrap().items.pop().unwrap().sequence;
    for none in [0, role, role + 1, u64::MAX, i64::MAX as u64] {
        assert_eq!(store.by_number("acme", none).await.unwrap(), None, "{none}");
    }
    assert_eq!(store.by_number("", before[0].1).await.unwrap(), None);
    for none in ["", "cook", "nobody"] {
        assert_eq!(store.number_of(none).await.unwrap(), None, "{none}");
    }
}

async fn numbered_postings_are_walked_as_the_others_are(store: Fixture) {
    for n in 0..7 {
        done(&*store, Draft::new("acme", &format!("p{n}")).published("published", at(n), None).put()).await;
    }
    let (mut after, mut seen) = (None, Vec::new());
    loop {
        let page = store.public_numbered("acme", at(4), after.as_deref(), 2).await.unwrap();
        seen.extend(page.items.iter().map(|one| (one.posting.id.clone(), one.number)));
        after = page.items.last().map(|one| one.posting.id.clone());
        if !page.more {
            break;
        }
    }
    let whole = store.public_numbered("acme", at(4), None, 100).await.unwrap().items;
    assert_eq!(seen, whole.into_iter().map(|one| (one.posting.id, one.number)).collect::<Vec<_>>());
    assert_eq!(seen.len(), public(&*store, Some("acme"), at(4)).await.len());
    assert!(store.public_numbered("", at(4), None, 100).await.unwrap().items.is_empty());
}

async fn paging_survives_what_happens_meanwhile(store: Fixture) {
    for sort in PostingSort::ALL {
        let name = |n: usize| format!("{}-{n:02}", sort.as_str());
        let posting = |n: usize, title: &str| {
            let options = json!({"title": title, "department": sort.as_str()});
            let posting = Draft::new("acme", &name(n)).with(json!({"options": options}));
            if n.is_multiple_of(3) { posting } else { posting.published("published", at(n as i64 / 4), None) }
        };
        for n in 0..20 {
            let order = posting(n * 2, &format!("Cook {:02}", 40 - n)).put();
            done(&*store, Order { at: at(n as i64 / 3), ..order }).await;
        }
        let department = Some(sort.as_str().to_owned());
        let mut search = PostingSearch { department, sort, limit: 3, ..search() };
        let mut met = Vec::new();
        for round in 0_usize.. {
            let found = store.find_postings(&search).await.unwrap();
            met.extend(found.items.into_iter().map(|posting| posting.id));
            let added = posting(round * 6 + 1, "Cook 35").put();
            done(&*store, Order { at: at(round as i64), ..added }).await;
            if round < 4 {
                done(&*store, delete(DocumentId::posting("acme", name(round * 10)))).await;
            }
            let Some(next) = found.next else { break };
            search.after = Some(next);
        }
        for id in (0..20).map(|n| n * 2).filter(|n| n % 10 != 0).map(name) {
            assert_eq!(met.iter().filter(|other| **other == id).count(), 1, "{id} in {met:?}");
        }
        met.sort();
        let whole = met.len();
        met.dedup();
        assert_eq!(met.len(), whole, "nobody is met twice");
    }
}

async fn the_orders_of_a_list(store: Fixture) {
    let titled = |id: &str, title: &str| Draft::new("acme", id).with(json!({"options": {"title": title}}));
    let postings = [
        (titled("a", "Äpfel"), 0),
        (titled("c", "apfel"), 2),
        (titled("b", "apfel").published("published", at(7), None), 2),
        (titled("e", "Zebra").published("scheduled", at(9), None), 1),
        (titled("d", "—").published("closed", at(7), None), 3),
    ];
    for (posting, second) in postings {
        done(&*store, Order { at: at(second), ..posting.put() }).await;
    }
    let sorted = async |sort| ids(&*store, PostingSearch { sort, ..search() }).await.join(" ");
    assert_eq!(sorted(PostingSort::Newest).await, "e d b c a");
    assert_eq!(sorted(PostingSort::Id).await, "a b c d e");
    assert_eq!(sorted(PostingSort::Title).await, "d a b c e");
    assert_eq!(sorted(PostingSort::Updated).await, "d b c e a");
    let mut pages = PostingSearch { limit: 1, ..search() };
    let mut walked = Vec::new();
    loop {
        let found = store.find_postings(&pages).await.unwrap();
        assert_eq!(found.total, Total::Exactly(5));
        walked.extend(found.items.into_iter().map(|posting| posting.id));
        let Some(next) = found.next else { break };
        pages.after = Some(next);
    }
    assert_eq!(walked.join(" "), "e d b c a");
}

async fn a_position_of_another_order_is_refused(store: Fixture) {
    let positions = [
        PostingPosition::Newest(None, "a".into()),
        PostingPosition::Id("a".into()),
        PostingPosition::Title("a".into(), "a".into()),
        PostingPosition::Updated(0, "a".into()),
    ];
    for sort in PostingSort::ALL {
        assert_eq!(positions.iter().filter(|position| position.is_of(sort)).count(), 1);
        for position in &positions {
            let search = PostingSearch { sort, after: Some(position.clone()), ..search() };
            assert_eq!(store.find_postings(&search).await.is_ok(), position.is_of(sort));
        }
    }
}

async fn one_place_must_have_it_all(store: Fixture) {
    let places = json!([
        {"city": "Zürich", "country": "CH", "workplace": "on_site"},
        {"city": "Denver", "region": "US-CO", "workplace": "hybrid"},
    ]);
    let options = json!({"locations": places, "remote_within": ["DE-BE", "FR"]});
    done(&*store, Draft::new("acme", "one").with(json!({"options": options})).put()).await;
    use rolewright::domain::place::Workplace::{self, Hybrid, OnSite, Remote};
    type Asked<'a> = (Option<&'a str>, Option<&'a str>, Option<&'a str>, Option<Workplace>);
    let found: [Asked<'_>; 11] = [
        (Some("CH"), None, None, None),
        (Some("CH"), None, Some("zurich"), Some(OnSite)),
        (Some("US"), None, None, None),
        (Some("US"), Some("US-CO"), Some("denver"), Some(Hybrid)),
        (None, Some("US-CO"), None, Some(Hybrid)),
        (None, None, Some("denver"), None),
        (None, None, None, Some(Remote)),
        (Some("DE"), None, None, Some(Remote)),
        (Some("DE"), Some("DE-BE"), None, Some(Remote)),
        (Some("FR"), None, None, Some(Remote)),
        (Some("DE"), None, None, None),
    ];
    let not_found: [Asked<'_>; 7] = [
        (Some("CH"), None, Some("denver"), None),
        (Some("US"), None, None, Some(OnSite)),
        (Some("CH"), None, None, Some(Remote)),
        (Some("CH"), Some("US-CO"), None, None),
        (None, None, Some("den"), None),
        (None, None, Some(""), None),
        (Some("ch"), None, None, None),
    ];
    let asked = |(country, region, city, workplace): Asked<'_>| {
        let [country, region, city] = [country, region, city].map(|text| text.map(str::to_owned));
        PostingSearch { country, region, city, workplace, ..search() }
    };
    for place in found {
        assert_eq!(ids(&*store, asked(place)).await, ["one"], "{place:?}");
    }
    for place in not_found {
        assert!(ids(&*store, asked(place)).await.is_empty(), "{place:?}");
    }
}

async fn a_posting_is_found_by_the_words_of_all_that_it_says(store: Fixture) {
    let options = json!({
        "title": "Chef de Café",
        "department": "Küche & Keller",
        "team": "Nightshift",
        "requisition_id": "ENG-42",
        "locations": [{"city": "Saint-Étienne", "country": "FR"}],
    });
    let facts = "chef cafe kuche keller nightshift eng 42 saint etienne acme-gmbh slugged tech-manager";
    let draft = Draft::new("acme-gmbh", "one").with(json!({"slug": "slugged", "options": options}));
    done(&*store, draft.put()).await;
    let by = |words: &str| PostingSearch { words: index::words(words), ..search() };
    for word in facts.split_whitespace() {
        assert_eq!(ids(&*store, by(word)).await, ["one"], "{word}");
    }
    assert_eq!(ids(&*store, by("etien ni 4 tech")).await, ["one"]);
    assert!(ids(&*store, by("chef oven")).await.is_empty());
    let blocks = json!([
        {"kind": "paragraph", "text": {"words": "You bake C++ bread.", "sources": [{"origin": "tone"}]}},
        {"kind": "facts", "items": [{"label": "Where", "words": "Overseas", "source": {"origin": "role"}}]},
    ]);
    let published = draft.published("published", at(0), None).saying("Pâtissier", blocks);
    done(&*store, published.put()).await;
    for word in "patissier bake c++ bread where overseas gmbh keller".split_whitespace() {
        assert_eq!(ids(&*store, by(word)).await, ["one"], "{word}");
    }
    assert!(ids(&*store, by("heading")).await.is_empty());
    assert!(ids(&*store, by("chef")).await.is_empty(), "the title is that which was published");
}

async fn pay_is_found_where_it_is_shown(store: Fixture) {
    let paid = |id: &str, salary: serde_json::Value| {
        Draft::new("acme", id).with(json!({"options": {"salary": salary}}))
    };
    let band = json!({"min": 10, "max": 20, "currency": "USD", "period": "hour"});
    let yearly = json!({"min": 10, "max": 20, "currency": "USD"});
    let hidden = json!({"min": 10, "max": 20, "currency": "USD", "period": "hour", "show": false});
    done(&*store, paid("hour", band.clone()).put()).await;
    done(&*store, paid("year", yearly).put()).await;
    done(&*store, paid("hidden", hidden).put()).await;
    done(&*store, paid("role", json!({"min": 10, "max": 20})).put()).await;
    done(&*store, Draft::new("acme", "none").put()).await;
    // What was composed shows what it shows.
    done(&*store, paid("unshown", band.clone()).published("published", at(0), None).put()).await;
    done(&*store, Draft::new("acme", "shown").published("published", at(0), None).paying(band).put()).await;
    let search = |min: Option<i64>, max: Option<i64>, period: &str| {
        let [min, max] = [min, max].map(|amount| amount.map(|amount| amount * 10_000));
        let (currency, period) = ("USD".to_owned(), period.to_owned());
        let salary = Some(rolewright::store::search::SalaryFilter { min, max, currency, period });
        PostingSearch { salary, sort: PostingSort::Id, ..search() }
    };
    assert_eq!(ids(&*store, search(None, None, "hour")).await, ["hour", "shown"]);
    assert_eq!(ids(&*store, search(None, None, "year")).await, ["year"]);
    assert_eq!(ids(&*store, search(Some(20), None, "hour")).await, ["hour", "shown"]);
    assert!(ids(&*store, search(Some(21), None, "hour")).await.is_empty());
    assert_eq!(ids(&*store, search(Some(1), Some(10), "hour")).await, ["hour", "shown"]);
    assert!(ids(&*store, search(None, Some(9), "hour")).await.is_empty());
}

async fn hostile_texts_find_nothing_and_break_nothing(store: Fixture) {
    done(&*store, Draft::new("acme", "one").put()).await;
    for text in ["' OR 1 = 1 --", "\" OR \"", "% _ \\", "\u{202E}\u{1F600}]]>", "", &"x".repeat(10_000)] {
        let some = Some(text.to_owned());
        let searches = [
            PostingSearch { employers: Some(vec![text.into()]), ..search() },
            PostingSearch { role: some.clone(), ..search() },
            PostingSearch { country: some.clone(), ..search() },
            PostingSearch { city: some.clone(), region: some.clone(), ..search() },
            PostingSearch { department: some, ..search() },
            PostingSearch { employers: Some(vec![]), ..search() },
        ];
        for search in searches {
            assert!(ids(&*store, search).await.is_empty(), "{text}");
        }
        assert_eq!(store.by_slug(text, text).await.unwrap(), None);
        assert_eq!(store.by_slug("acme", text).await.unwrap(), None);
        assert!(public(&*store, Some(text), at(0)).await.is_empty());
        let none = Edition { count: 0, sequence: 0, at: None };
        assert_eq!(store.edition(Some(text), at(0)).await.unwrap(), none);
        if let Ok(found) = store.find_postings(&PostingSearch { words: vec![text.into()], ..search() }).await
        {
            assert!(found.items.is_empty() || text.is_empty());
        }
    }
    let many = PostingSearch { words: vec!["a".into(); 17], ..search() };
    assert!(matches!(store.find_postings(&many).await, Err(StoreError::Failed(_))));
    assert_eq!(all(&*store).await, ["one"]);
}

async fn a_total_is_exact_to_ten_thousand(store: Fixture) {
    let write = async |numbers: std::ops::Range<u32>| {
        let orders = numbers.map(|n| Draft::new("acme", &format!("p{n}")).put()).collect();
        store.write(Batch { orders, commit: true, completion: None }).await.unwrap();
    };
    write(0..5_000).await;
    write(5_000..10_000).await;
    let acme = || Some(vec!["acme".to_owned()]);
    let searches = [
        search(),
        PostingSearch { employers: acme(), ..search() },
        PostingSearch { states: vec![PostingState::Draft], sort: PostingSort::Title, ..search() },
        PostingSearch { role: Some("tech-manager".into()), ..search() },
        PostingSearch { words: vec!["tech".into()], ..search() },
        PostingSearch { updated_since: Some(at(0)), ..search() },
    ];
    for search in &searches {
        assert_eq!(store.find_postings(search).await.unwrap().total, Total::Exactly(10_000));
    }
    write(10_000..10_001).await;
    for search in &searches {
        let found = store.find_postings(search).await.unwrap();
        assert_eq!((found.total, found.items.len()), (Total::AtLeast(10_000), 20), "{search:?}");
        assert_eq!(walk(&*store, search).await, 10_001, "{search:?}");
    }
    store.check();
}

/// Those in question stand behind more others than anybody would walk past.
async fn every_list_of_many_has_each_posting_once_in_every_order(store: Fixture) {
    let options = |title: &str, department: &str| json!({"title": title, "department": department});
    let posting = |n: usize| {
        let (name, opens, options) = match n {
            0..2_200 => (format!("z{n:04}"), at(0), options("Zookeeper", "Zoo")),
            _ => (format!("a{n:04}"), at(9), options("Architect", "Construction")),
        };
        Draft::new("acme", &name).with(json!({"options": options})).published("published", opens, None)
    };
    for start in (0..7_000).step_by(1_000) {
        let orders = (start..start + 1_000).map(|n| Order { at: at(n as i64), ..posting(n).put() });
        let batch = Batch { orders: orders.collect(), commit: true, completion: None };
        assert!(store.write(batch).await.unwrap().iter().all(Result::is_ok));
    }
    for sort in PostingSort::ALL {
        let department = PostingSearch { department: Some("zoo".into()), sort, ..search() };
        let state = PostingSearch { states: vec![PostingState::Published], ..department.clone() };
        let words = PostingSearch { words: vec!["zoo".into()], sort, ..search() };
        for search in [department, state, words] {
            let found = store.find_postings(&search).await.unwrap();
            assert_eq!((found.total, found.items.len()), (Total::Exactly(2_200), 20), "{search:?}");
            assert_eq!(walk(&*store, &search).await, 2_200, "{search:?}");
        }
    }
}

/// How many different postings all pages have.
async fn walk(store: &dyn Store, search: &PostingSearch) -> usize {
    let mut search = PostingSearch { limit: 1_000, ..search.clone() };
    let mut met = std::collections::BTreeSet::new();
    loop {
        let found = store.find_postings(&search).await.unwrap();
        let count = met.len() + found.items.len();
        met.extend(found.items.into_iter().map(|posting| posting.id));
        assert_eq!(met.len(), count, "nobody is met twice");
        let Some(next) = found.next else { return met.len() };
        search.after = Some(next);
    }
}

async fn postings_are_documents_like_others(store: Fixture) {
    done(&*store, Draft::new("acme", "b").put()).await;
    done(&*store, Draft::new("acme", "a").put()).await;
    done(&*store, Draft::new("blue", "c").put()).await;
    assert_eq!(store.count(Kind::Posting, "acme").await.unwrap(), 2);
    let list = store.list(Kind::Posting, "acme", None, 10).await.unwrap();
    let ids: Vec<_> = list.items.iter().map(|posting| &*posting.id).collect();
    assert_eq!(ids, ["a", "b"]);
    let changes = store.changes(0, 10).await.unwrap().items;
    assert_eq!(changes[2].document, DocumentId::posting("blue", "c"));
    let entry = store.audit(None, 1).await.unwrap().items.remove(0);
    assert_eq!((entry.action.as_str(), entry.target.as_str()), ("posting.create", "c"));
    let head = store.head(&DocumentId::posting("acme", "a")).await.unwrap().unwrap();
    assert_eq!((head.revision, head.deleted), (1, false));
}

/// As large as the schema allows: a body of about a megabyte, with hundreds of places.
async fn a_posting_as_large_as_it_may_be_is_kept_and_found(store: Fixture) {
    let places: Vec<_> = (0..200)
        .map(|n| json!({"city": format!("{n} {}", "\u{FDFA}".repeat(90)), "region": "US-CO", "workplace": "hybrid"}))
        .collect();
    let words =
        |from: usize| (from..from + 250).map(|n| format!("{n:x}ö\u{10400}'\\")).collect::<Vec<_>>().join(" ");
    let block = |n: usize| json!({"kind": "paragraph", "text": {"words": words(n * 250), "sources": [{"origin": "tone"}]}});
    let options = json!({"title": "\u{10400}".repeat(2000), "locations": places});
    let posting = Draft::new("acme", "huge").with(json!({"options": options}));
    let posting = posting.published("published", at(0), None).saying("Huge", (0..200).map(block).collect());
    assert!(posting.json().len() > 700_000);
    done(&*store, posting.put()).await;
    done(&*store, posting.put()).await;
    let by = |words: &str| PostingSearch { words: index::words(words), ..search() };
    for words in ["huge", "1ö", "acme huge", "199"] {
        assert_eq!(ids(&*store, by(words)).await, ["huge"], "{words}");
    }
    let city = index::fold(&format!("7 {}", "\u{FDFA}".repeat(90)));
    assert_eq!(ids(&*store, PostingSearch { city: Some(city), ..search() }).await, ["huge"]);
    store.check();
}

for_every_engine!(
    a_posting_is_located_by_its_id_alone_also_when_it_was_removed,
    an_id_is_that_of_one_employer,
    what_is_put_in_place_of_a_posting_must_be_one_of_this_id,
    a_slug_is_taken_until_its_posting_has_another_one_or_is_removed,
    slugs_change_hands_within_a_batch,
    of_many_who_want_a_slug_one_gets_it,
    a_removed_posting_is_in_no_list_and_comes_back_when_it_is_restored,
    a_posting_opens_and_closes_at_its_moments,
    a_moment_between_two_milliseconds_is_the_later_one,
    what_is_due_comes_in_its_order,
    an_edition_changes_with_every_write_and_not_otherwise,
    an_edition_changes_when_the_time_of_a_posting_comes_or_is_over,
    those_that_are_public_are_walked_by_their_ids,
    the_number_of_a_posting_never_changes_and_is_its_own,
    numbered_postings_are_walked_as_the_others_are,
    paging_survives_what_happens_meanwhile,
    the_orders_of_a_list,
    a_position_of_another_order_is_refused,
    one_place_must_have_it_all,
    a_posting_is_found_by_the_words_of_all_that_it_says,
    pay_is_found_where_it_is_shown,
    hostile_texts_find_nothing_and_break_nothing,
    a_total_is_exact_to_ten_thousand,
    every_list_of_many_has_each_posting_once_in_every_order,
    postings_are_documents_like_others,
    a_posting_as_large_as_it_may_be_is_kept_and_found,
);

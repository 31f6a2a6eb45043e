//! Answers under an `Idempotency-Key`: what is asked for twice is done once.

use std::sync::Arc;

use jiff::Timestamp;
use rolewright::store::document::*;
use rolewright::store::replies::*;
use rolewright::store::{Store, StoreError};

use crate::fixture::*;

fn claim(key: &str, digest: u8, attempt: u8) -> Claim {
    Claim { scope: "me POST /x".into(), key: key.into(), digest: [digest; 32], attempt: [attempt; 16] }
}

fn reply(body: &str) -> Reply {
    let headers = vec![("etag".into(), "\"é1\"".into()), ("location".into(), "/x".into())];
    Reply { status: 201, headers, body: body.as_bytes().into() }
}

/// A write that is done under a claim, and answered with how many orders were done.
fn batch(claim: Claim, order: Order) -> Batch {
    let reply: ReplyTo = Arc::new(|outcomes: &[Outcome]| {
        let done = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
        Some(reply(&format!("{done} of {}\0", outcomes.len())))
    });
    Batch { orders: vec![order], commit: true, completion: Some(Completion { claim, reply }) }
}

fn acme() -> DocumentId {
    DocumentId::employer("acme")
}

fn create() -> Order {
    Order { expected: Expected::Absent, ..put(acme(), "{}") }
}

async fn claimed(store: &dyn Store, claim: &Claim, now: Timestamp) -> Claimed {
    store.claim(claim, now).await.unwrap()
}

async fn what_was_done_is_answered_as_before(store: Fixture) {
    let first = claim("k", 1, 1);
    assert_eq!(claimed(&*store, &first, at(0)).await, Claimed::New);
    store.write(batch(first, create())).await.unwrap();
    let again = claimed(&*store, &claim("k", 1, 2), at(1)).await;
    assert_eq!(again, Claimed::Done(reply("1 of 1\0")));
    let other = store.another_node().await;
    assert_eq!(claimed(&*other, &claim("k", 1, 3), at(2)).await, again);
    assert_eq!(claimed(&*other, &claim("k", 2, 4), at(3)).await, Claimed::Mismatch);
}

async fn a_refusal_is_an_answer_too(store: Fixture) {
    done(&*store, create()).await;
    let first = claim("k", 1, 1);
    assert_eq!(claimed(&*store, &first, at(0)).await, Claimed::New);
    let outcomes = store.write(batch(first, create())).await.unwrap();
    assert!(outcomes[0].is_err());
    assert_eq!(claimed(&*store, &claim("k", 1, 2), at(1)).await, Claimed::Done(reply("0 of 1\0")));
}

async fn somebody_is_at_it_until_it_is_done_or_given_up(store: Fixture) {
    let first = claim("k", 1, 1);
    assert_eq!(claimed(&*store, &first, at(0)).await, Claimed::New);
    assert_eq!(claimed(&*store, &claim("k", 1, 2), at(1)).await, Claimed::InFlight);
    assert_eq!(claimed(&*store, &claim("k", 2, 3), at(1)).await, Claimed::Mismatch);
    store.release(&claim("k", 1, 2)).await.unwrap();
    let in_flight = claimed(&*store, &claim("k", 1, 2), at(1)).await;
    assert_eq!(in_flight, Claimed::InFlight, "only who claimed it gives it up");
    store.release(&first).await.unwrap();
    assert_eq!(claimed(&*store, &claim("k", 2, 4), at(2)).await, Claimed::New);
}

async fn an_answer_is_not_given_up(store: Fixture) {
    let first = claim("k", 1, 1);
    claimed(&*store, &first, at(0)).await;
    store.write(batch(first.clone(), create())).await.unwrap();
    store.release(&first).await.unwrap();
    assert!(matches!(claimed(&*store, &claim("k", 1, 2), at(1)).await, Claimed::Done(_)));
}

async fn a_completion_without_an_answer_gives_the_claim_up(store: Fixture) {
    let first = claim("k", 1, 1);
    claimed(&*store, &first, at(0)).await;
    let completion = Completion { claim: first, reply: Arc::new(|_: &[Outcome]| None) };
    let batch = Batch { orders: vec![create()], commit: true, completion: Some(completion) };
    store.write(batch).await.unwrap();
    assert_eq!(claimed(&*store, &claim("k", 1, 2), at(1)).await, Claimed::New);
}

async fn scopes_and_keys_are_worlds_of_their_own(store: Fixture) {
    let one = claim("k", 1, 1);
    let other = Claim { scope: "you POST /x".into(), ..one.clone() };
    assert_eq!(claimed(&*store, &one, at(0)).await, Claimed::New);
    assert_eq!(claimed(&*store, &other, at(0)).await, Claimed::New);
    assert_eq!(claimed(&*store, &claim("l", 1, 1), at(0)).await, Claimed::New);
    store.release(&other).await.unwrap();
    assert_eq!(claimed(&*store, &one, at(0)).await, Claimed::InFlight);
}

async fn of_many_claims_one_is_new(store: Fixture) {
    let nodes = [store.node(), store.another_node().await];
    let tasks: Vec<_> = (0..100_u8)
        .map(|n| {
            let node = Arc::clone(&nodes[usize::from(n) % 2]);
            tokio::spawn(async move { claimed(&*node, &claim("k", 1, n), at(0)).await })
        })
        .collect();
    let mut new = 0;
    for task in tasks {
        match task.await.unwrap() {
            Claimed::New => new += 1,
            other => assert_eq!(other, Claimed::InFlight),
        }
    }
    assert_eq!(new, 1);
}

async fn claims_and_answers_expire_by_the_clock_that_is_passed_in(store: Fixture) {
    let (minute, day) = (CLAIMED_FOR.as_secs(), KEPT_FOR.as_secs());
    let first = claim("k", 1, 1);
    assert_eq!(claimed(&*store, &first, at(0)).await, Claimed::New);
    assert_eq!(claimed(&*store, &claim("k", 1, 2), at(minute)).await, Claimed::InFlight);
    let second = claim("k", 2, 2);
    assert_eq!(claimed(&*store, &second, at(minute + 1)).await, Claimed::New, "the first one is dead");
    store.write(batch(second, create())).await.unwrap();
    let third = claim("k", 2, 3);
    assert!(matches!(claimed(&*store, &third, at(minute + 1 + day)).await, Claimed::Done(_)));
    assert_eq!(claimed(&*store, &claim("k", 3, 4), at(minute + 2 + day)).await, Claimed::New);
}

async fn what_is_done_under_a_lost_claim_is_not_done(store: Fixture) {
    let (slow, fast) = (claim("k", 1, 1), claim("k", 1, 2));
    let later = at(CLAIMED_FOR.as_secs() + 1);
    assert_eq!(claimed(&*store, &slow, at(0)).await, Claimed::New);
    assert_eq!(claimed(&*store, &fast, later).await, Claimed::New);
    let lost = store.write(batch(slow.clone(), create())).await;
    assert!(matches!(lost, Err(StoreError::Unavailable(_))));
    assert_eq!(store.head(&acme()).await.unwrap(), None);
    store.write(batch(fast, create())).await.unwrap();
    let lost = store.write(batch(slow, put(acme(), "{}"))).await;
    assert!(matches!(lost, Err(StoreError::Unavailable(_))));
    assert_eq!(store.head(&acme()).await.unwrap().unwrap().revision, 1);
}

async fn a_batch_that_is_only_tried_leaves_the_claim_alone(store: Fixture) {
    let first = claim("k", 1, 1);
    claimed(&*store, &first, at(0)).await;
    store.write(Batch { commit: false, ..batch(first.clone(), create()) }).await.unwrap();
    assert_eq!(claimed(&*store, &claim("k", 1, 2), at(1)).await, Claimed::InFlight);
    store.write(batch(first, create())).await.unwrap();
    assert!(matches!(claimed(&*store, &claim("k", 1, 2), at(1)).await, Claimed::Done(_)));
}

async fn what_no_longer_counts_is_forgotten(store: Fixture) {
    let day = KEPT_FOR.as_secs();
    for (n, second) in [(1, 0), (2, 100)] {
        let done = claim(&format!("done {n}"), 1, n);
        claimed(&*store, &done, at(second)).await;
        store.write(batch(done, create())).await.unwrap();
        claimed(&*store, &claim(&format!("open {n}"), 1, n), at(second)).await;
    }
    assert_eq!(store.forget_replies(at(60)).await.unwrap(), 0);
    assert_eq!(store.forget_replies(at(61)).await.unwrap(), 1);
    assert_eq!(store.forget_replies(at(day + 1)).await.unwrap(), 2);
    assert_eq!(store.forget_replies(at(day + 101)).await.unwrap(), 1);
    assert_eq!(store.forget_replies(at(day + 101)).await.unwrap(), 0);
}

for_every_engine!(
    what_was_done_is_answered_as_before,
    a_refusal_is_an_answer_too,
    somebody_is_at_it_until_it_is_done_or_given_up,
    an_answer_is_not_given_up,
    a_completion_without_an_answer_gives_the_claim_up,
    scopes_and_keys_are_worlds_of_their_own,
    of_many_claims_one_is_new,
    claims_and_answers_expire_by_the_clock_that_is_passed_in,
    what_is_done_under_a_lost_claim_is_not_done,
    a_batch_that_is_only_tried_leaves_the_claim_alone,
    what_no_longer_counts_is_forgotten,
);

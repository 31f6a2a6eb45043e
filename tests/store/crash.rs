//! A node that is killed while it writes: whatever it acknowledged is there, whole, and whatever it
//! did not is there whole or not at all.
//!
//! The node is another process of this very test: it writes under load, and tells each write before it
//! is done (`try`) and when it was acknowledged (`ack`). It is killed after some of them, wherever it
//! happens to be, again and again on one database.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};
use std::sync::Arc;

use rolewright::store::document::*;
use rolewright::store::replies::*;
use rolewright::store::search::{Search, Sort, Total};
use rolewright::store::{Location, Store, connect};
use serde_json::json;

use crate::fixture::*;

/// How often the node is killed.
const ROUNDS: u32 = 24;
/// How many write at once.
const WRITERS: u32 = 6;
/// How many roles each of them writes, again and again.
const ROLES: u32 = 5;

/// What a node told of its writes.
#[derive(Default)]
struct Ledger {
    /// Digests of bodies by role and revision; nothing for a deletion.
    acknowledged: BTreeMap<(String, u32), String>,
    /// Employers that were to be made under an `Idempotency-Key` of the same name, and whether that
    /// was acknowledged.
    once: BTreeMap<String, bool>,
}

async fn nothing_acknowledged_is_lost(store: Fixture) {
    store.close().await;
    let mut ledger = Ledger::default();
    for round in 1..=ROUNDS {
        let before = ledger.acknowledged.len();
        // From the first moments of the process to some checkpoints of the log.
        let writes = 1 + (round * round * 7) % 160;
        run_and_kill(store.location(), round, writes, &mut ledger);
        assert!(ledger.acknowledged.len() > before, "round {round} did nothing");
        let node = store.another_node().await;
        check_once(&*node, &ledger).await;
        check_search(&*node).await;
        node.close().await;
        store.check();
    }
    let node = store.another_node().await;
    check_revisions(&*node, &ledger).await;
    let once = ledger.once.len();
    eprintln!(
        "{ROUNDS} kills, {} acknowledged revisions, {once} requests to be done once",
        ledger.acknowledged.len()
    );
}

/// Kills the node however the test ends.
struct Node(Child);

impl Drop for Node {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

fn run_and_kill(location: &Location, round: u32, writes: u32, ledger: &mut Ledger) {
    let child = process("crash::a_node_that_writes_until_it_is_killed", location)
        .env("ROLEWRIGHT_TEST_ROUND", round.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .spawn()
        .unwrap();
    let mut node = Node(child);
    let mut told = BufReader::new(node.0.stdout.take().unwrap());
    let mut line = String::new();
    let mut acknowledged = 0;
    // What was told before the kill is still in the pipe after it.
    while told.read_line(&mut line).unwrap() > 0 {
        if line.ends_with('\n') && ledger.note(&line) {
            acknowledged += 1;
            if acknowledged == writes {
                node.0.kill().unwrap();
            }
        }
        line.clear();
    }
    assert!(acknowledged >= writes, "the node ended by itself");
}

impl Ledger {
    /// Whether the line tells an acknowledged write.
    fn note(&mut self, line: &str) -> bool {
        match line.split_whitespace().collect::<Vec<_>>()[..] {
            ["ack", id, revision, digest] => {
                let key = (id.to_owned(), revision.parse().unwrap());
                let twice = self.acknowledged.insert(key, digest.to_owned());
                assert_eq!(twice, None, "{line} was acknowledged before");
                true
            }
            ["try", key] => {
                self.once.entry(key.to_owned()).or_insert(false);
                false
            }
            ["once", key] => {
                self.once.insert(key.to_owned(), true);
                true
            }
            _ => false,
        }
    }
}

async fn check_revisions(node: &dyn Store, ledger: &Ledger) {
    for ((id, number), digest) in &ledger.acknowledged {
        let revision = node.revision(&DocumentId::role(id), Some(*number)).await.unwrap();
        let revision = revision.unwrap_or_else(|| panic!("{id} has lost its revision {number}"));
        assert_eq!(digest_of(revision.body.as_deref()), *digest, "{id}, revision {number}");
    }
    let changes = node.changes(0, 1_000_000).await.unwrap().items;
    assert!(changes.is_sorted_by(|one, next| one.sequence < next.sequence));
    assert!(changes.len() >= ledger.acknowledged.len());
}

/// A request is done and answered, or neither.
async fn check_once(node: &dyn Store, ledger: &Ledger) {
    for (key, acknowledged) in &ledger.once {
        let there = node.head(&DocumentId::employer(key)).await.unwrap();
        let told = node.claim(&claim(key, 2), at(1)).await.unwrap();
        assert!(there.is_some() || !acknowledged, "{key} was acknowledged");
        match told {
            Claimed::Done(reply) => {
                assert!(there.is_some_and(|head| head.revision == 1), "{key} was answered, and not done");
                assert_eq!(&*reply.body, key.as_bytes());
            }
            Claimed::New | Claimed::InFlight => assert_eq!(there, None, "{key} was done, and not answered"),
            Claimed::Mismatch => panic!("{key} was claimed for something else"),
        }
    }
}

/// Every role that is there is found, and no other one.
async fn check_search(node: &dyn Store) {
    let count = node.count(Kind::Role, "").await.unwrap();
    for words in [vec![], vec!["crashworthy".to_owned()]] {
        let search = Search { words, sort: Sort::Relevance, limit: 1_000, ..Search::default() };
        let found = node.find(&search).await.unwrap();
        assert_eq!((found.total, found.hits.len() as u64), (Total::Exactly(count), count));
        for hit in found.hits {
            let summary: rolewright::store::index::Summary = serde_json::from_str(&hit.summary).unwrap();
            let head = node.head(&DocumentId::role(summary.id)).await.unwrap().unwrap();
            assert_eq!((hit.revision, hit.at, head.deleted), (head.revision, head.at, false));
        }
    }
}

fn claim(key: &str, attempt: u8) -> Claim {
    Claim { scope: "crash".into(), key: key.into(), digest: [1; 32], attempt: [attempt; 16] }
}

fn digest_of(body: Option<&str>) -> String {
    use sha2::Digest as _;
    body.map_or("-".into(), |body| {
        sha2::Sha256::digest(body).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
    })
}

/// Not a test of its own: the node that [`nothing_acknowledged_is_lost`] kills.
#[test]
#[ignore = "a process of the crash test, which runs it"]
fn a_node_that_writes_until_it_is_killed() {
    let Some(location) = given() else { return };
    let round: u32 = std::env::var("ROLEWRIGHT_TEST_ROUND").unwrap().parse().unwrap();
    block_on(async {
        let node = connect(&location).await.unwrap();
        let writers =
            (0..WRITERS).map(|writer| tokio::spawn(write_for_ever(Arc::clone(&node), round, writer)));
        futures_util::future::join_all(writers.collect::<Vec<_>>()).await;
    });
}

async fn write_for_ever(node: Arc<dyn Store>, round: u32, writer: u32) {
    for n in 0.. {
        if n % 5 == 4 {
            write_once(&*node, &format!("once-{round}-{writer}-{n}")).await;
        }
        let size = if n % 7 == 6 { ROLES } else { 1 };
        let mut orders = Vec::new();
        for k in 0..size {
            orders.push(next_order(&*node, &format!("r{writer}-{}", (n + k) % ROLES), round, n).await);
        }
        let documents: Vec<_> = orders.iter().map(|order| order.document.clone()).collect();
        let outcomes = node.write(Batch { orders, commit: true, completion: None }).await.unwrap();
        for (document, outcome) in documents.iter().zip(outcomes) {
            let written = outcome.unwrap();
            println!("ack {} {} {}", document.id, written.revision, digest_of(written.body.as_deref()));
        }
    }
}

/// Puts a role in place, now and then removes it, and then restores it.
async fn next_order(node: &dyn Store, id: &str, round: u32, n: u32) -> Order {
    let document = DocumentId::role(id);
    match node.head(&document).await.unwrap() {
        Some(head) if head.deleted => restore(document),
        Some(_) if n % 11 == 10 => delete(document),
        _ => {
            let summary = "crashworthy ".repeat(1 + (n as usize * 13) % 90);
            let more = json!({"summary": summary, "keywords": [format!("round {round} {n}")]});
            put(document, role(id, &format!("Role {n}"), more))
        }
    }
}

/// Makes an employer under an `Idempotency-Key`.
async fn write_once(node: &dyn Store, key: &str) {
    println!("try {key}");
    assert_eq!(node.claim(&claim(key, 1), at(0)).await.unwrap(), Claimed::New);
    let body: Arc<[u8]> = key.as_bytes().into();
    let reply: ReplyTo = Arc::new(move |_: &[Outcome]| {
        Some(Reply { status: 201, headers: Vec::new(), body: Arc::clone(&body) })
    });
    let completion = Some(Completion { claim: claim(key, 1), reply });
    let orders = vec![put(DocumentId::employer(key), "{}")];
    node.write(Batch { orders, commit: true, completion }).await.unwrap();
    println!("once {key}");
}

for_every_engine!(nothing_acknowledged_is_lost);

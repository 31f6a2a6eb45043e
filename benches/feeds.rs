//! Fills a database with published postings, for `scripts/feeds`, and reads them all once: the least that
//! a feed of them can take.
//!
//! ```sh
//! cargo bench --bench feeds -- FOLDER COUNT
//! ```
//!
//! The database is that of a server's data folder, or the one that `DATABASE_URL` names. It must have
//! published postings of the role `Tech Manager` in `Denver`: they are copied, in turn, each with an id, a
//! slug, a title, a city, and a moment of its own, until there are so many. Prints an object on a line.

#![allow(
    missing_docs,
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a bench may fail"
)]

use std::env;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use rolewright::domain::KeptPosting;
use rolewright::store::document::*;
use rolewright::store::{Location, Store, connect};
use serde_json::json;
use uuid::Uuid;

/// How many are written in a transaction.
const BATCH: usize = 200;
/// How many bytes of documents are read at once, as by a feed.
const PAGE_BYTES: usize = 512 * 1024;

const LEVELS: [&str; 5] = ["Junior", "Senior", "Lead", "Principal", "Associate"];
const FIELDS: [&str; 8] =
    ["Cloud", "Data", "Payments", "Search", "Mobile", "Platform", "Security", "Research"];
/// All in Colorado, as Denver is.
const CITIES: [&str; 7] =
    ["Denver", "Boulder", "Aurora", "Pueblo", "Fort Collins", "Lakewood", "Colorado Springs"];

fn main() {
    // `cargo bench` runs every bench, with words of its own; this one does nothing unless it is told where.
    let words: Vec<String> = env::args().skip(1).filter(|word| !word.starts_with("--")).collect();
    let [folder, count] = &*words else { return };
    let (folder, count) = (PathBuf::from(folder), count.parse().unwrap());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(fill(folder, count));
}

async fn fill(folder: PathBuf, count: usize) {
    let url = env::var("DATABASE_URL").unwrap_or("sqlite://rolewright.db".into());
    let store = connect(&Location { url, folder, pool: 2 }).await.unwrap();
    let models = store.public(None, Timestamp::now(), None, 100).await.unwrap().items;
    assert!(!models.is_empty(), "there is no published posting to copy");
    let started = Instant::now();
    for start in (models.len()..count).step_by(BATCH) {
        let numbers = start..(start + BATCH).min(count);
        let orders = numbers.map(|n| order(&copy(&models[n % models.len()].body, n))).collect();
        let written = store.write(Batch { orders, commit: true, completion: None }).await.unwrap();
        written.into_iter().for_each(|outcome| assert!(outcome.is_ok(), "{outcome:?}"));
    }
    let filled = started.elapsed();
    // What was just written lies in memory; a second time as the first.
    walk(&store).await;
    let (there, bytes, walked) = walk(&store).await;
    assert_eq!(there, count.max(models.len()));
    store.close().await;
    let (filled, walked) = (filled.as_secs_f64(), walked.as_secs_f64());
    println!("{}", json!({"postings": there, "bytes": bytes, "filled": filled, "walked": walked}));
}

/// A posting like the one in `body`, but another.
fn copy(body: &str, n: usize) -> KeptPosting {
    let title = format!("{} {} Manager", LEVELS[n / 8 % 5], FIELDS[n % 8]);
    let body = body.replace("Tech Manager", &title).replace("Denver", CITIES[n % 7]);
    let mut posting: KeptPosting = serde_json::from_str(&body).unwrap();
    posting.id = Uuid::now_v7().to_string().try_into().unwrap();
    posting.slug = format!("posting-{n}").try_into().unwrap();
    let publication = posting.publication.as_mut().unwrap();
    let earlier = publication.opens_at.timestamp() - Duration::from_millis(n as u64);
    publication.opens_at = earlier.into();
    posting
}

fn order(posting: &KeptPosting) -> Order {
    Order {
        document: DocumentId::posting(posting.employer_id.as_str(), posting.id.as_str()),
        edit: Edit::Put(serde_json::to_string(posting).unwrap().into()),
        expected: Expected::Absent,
        skip_same: false,
        at: Timestamp::now(),
        author: Author { name: "bench".into(), key: None, request: None },
        message: None,
    }
}

/// Reads all that is public, page by page: how many postings, how many bytes, how long.
async fn walk(store: &Arc<dyn Store>) -> (usize, usize, Duration) {
    let (now, started) = (Timestamp::now(), Instant::now());
    let (mut after, mut page, mut there, mut bytes) = (None, 16, 0, 0);
    loop {
        let slice = store.public(None, now, after.as_deref(), page).await.unwrap();
        let read: usize = slice.items.iter().map(|listed| listed.body.len()).sum();
        page = (slice.items.len() * PAGE_BYTES / read.max(1)).clamp(1, 500);
        (there, bytes) = (there + slice.items.len(), bytes + read);
        after = slice.items.last().map(|last| last.id.clone());
        if !slice.more {
            return (there, bytes, started.elapsed());
        }
    }
}

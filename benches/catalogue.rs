//! The catalogue at 100,000 roles: searching, reading, and writing, on SQLite, or on the database that
//! `ROLEWRIGHT_BENCH_DATABASE` names.
//!
//! The catalogue is generated once, into `target/catalogue-bench` or that database, and stays there.

#![allow(
    missing_docs,
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a bench may fail"
)]

mod generated;

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use generated::Generator;
use jiff::Timestamp;
use rolewright::store::document::*;
use rolewright::store::index;
use rolewright::store::search::*;
use rolewright::store::{Location, Store, connect};
use tokio::runtime::Runtime;

/// How many roles the catalogue has.
const ROLES: usize = 100_000;
/// How many are written in a transaction.
const BATCH: usize = 200;

fn order(id: &str, body: String) -> Order {
    Order {
        document: DocumentId::role(id),
        edit: Edit::Put(body.into()),
        expected: Expected::Anything,
        skip_same: false,
        at: Timestamp::from_second(1_800_000_000).unwrap(),
        author: Author { name: "bench".into(), key: None, request: None },
        message: None,
    }
}

fn batch(generator: &mut Generator, numbers: std::ops::Range<usize>) -> Batch {
    let orders = numbers.map(|n| {
        let id = format!("role-{n}");
        let body = generator.role(&id);
        Order { at: Timestamp::from_millisecond(1_800_000_000_000 + n as i64).unwrap(), ..order(&id, body) }
    });
    Batch { orders: orders.collect(), commit: true, completion: None }
}

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

fn location(folder: &Path) -> Location {
    let url = elsewhere().unwrap_or("sqlite://catalogue.db".into());
    Location { url, folder: folder.to_owned(), pool: 8 }
}

/// The address of a database that is not in a folder.
fn elsewhere() -> Option<String> {
    std::env::var("ROLEWRIGHT_BENCH_DATABASE").ok()
}

/// The catalogue, generated where it is not there yet.
fn catalogue(runtime: &Runtime) -> Arc<dyn Store> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/catalogue-bench");
    let store = runtime.block_on(connect(&location(&folder))).unwrap();
    let there = usize::try_from(runtime.block_on(store.count(Kind::Role, "")).unwrap()).unwrap();
    if there < ROLES {
        let mut generator = Generator::new(there as u64 + 1);
        let (mut writing, begun) = (Duration::ZERO, Instant::now());
        for start in (there..ROLES).step_by(BATCH) {
            let batch = batch(&mut generator, start..(start + BATCH).min(ROLES));
            let started = Instant::now();
            runtime.block_on(store.write(batch)).unwrap();
            writing += started.elapsed();
        }
        let (writing, all) = (writing.as_secs_f64(), begun.elapsed().as_secs_f64());
        let rate = (ROLES - there) as f64 / writing;
        eprintln!(
            "imported {} roles in {writing:.1} s ({rate:.0} a second), {all:.1} s with generating them",
            ROLES - there
        );
    }
    if let Ok(file) = std::fs::metadata(folder.join("catalogue.db")) {
        eprintln!("the database has {} MB", file.len() / 1_000_000);
    }
    store
}

fn find(runtime: &Runtime, store: &Arc<dyn Store>, search: &Search) -> Found {
    runtime.block_on(store.find(search)).unwrap()
}

/// The place after so many roles of a search.
fn deep(runtime: &Runtime, store: &Arc<dyn Store>, search: &Search, depth: usize) -> Search {
    let mut search = Search { limit: 1_000, ..search.clone() };
    for _ in 0..depth / 1_000 {
        search.after = find(runtime, store, &search).next;
    }
    assert!(search.after.is_some(), "the list is not that long");
    Search { limit: 20, ..search }
}

fn searching(c: &mut Criterion) {
    let runtime = runtime();
    let store = catalogue(&runtime);
    let generator = Generator::new(1);
    let words = |ranks: &[usize]| ranks.iter().map(|rank| generator.word(*rank)).collect::<Vec<_>>();
    let ranked = |words: Vec<String>| Search { words, sort: Sort::Relevance, ..Search::default() };
    let common = ranked(words(&[1]));
    let begun = |rank: usize, length: usize| ranked(vec![generator.word(rank)[..length].to_owned()]);
    let family = Some(index::fold(&generator.family(3)));
    let euros =
        |min| SalaryFilter { min: Some(min), max: None, currency: "EUR".into(), period: "year".into() };
    let sorted = |sort| Search { sort, ..Search::default() };
    let searches = [
        ("rare word", ranked(words(&[40_000]))),
        ("middling word", ranked(words(&[300]))),
        ("very common word", common.clone()),
        ("two words", ranked(words(&[30, 200]))),
        ("two common words", ranked(words(&[1, 2]))),
        ("three words", ranked(words(&[5, 30, 60]))),
        ("one letter", begun(1, 1)),
        ("two letters", begun(1, 2)),
        ("three letters", begun(1, 3)),
        ("four letters", begun(1, 4)),
        ("common word, family", Search { family: family.clone(), ..common.clone() }),
        ("common word, band", Search { salary: Some(euros(1_500_000_000)), ..common.clone() }),
        ("common word, band of nobody", Search { salary: Some(euros(9_000_000_000)), ..common.clone() }),
        ("common word, depth 10,000", deep(&runtime, &store, &common, 10_000)),
        ("common word, depth 80,000", deep(&runtime, &store, &common, 80_000)),
        ("common word by title", Search { sort: Sort::Title, ..common.clone() }),
        ("middling word by title", Search { sort: Sort::Title, ..ranked(words(&[300])) }),
        ("family by id", Search { family, ..sorted(Sort::Id) }),
        ("all by id", sorted(Sort::Id)),
        ("all by title", sorted(Sort::Title)),
        ("all by title, depth 80,000", deep(&runtime, &store, &sorted(Sort::Title), 80_000)),
        ("all by update", sorted(Sort::Updated)),
    ];
    let mut group = c.benchmark_group("search");
    for (name, search) in &searches {
        let found = find(&runtime, &store, search);
        eprintln!("{name}: {:?} in all, {} on the page", found.total, found.hits.len());
        group.bench_with_input(BenchmarkId::from_parameter(name), search, |b, search| {
            b.iter(|| find(&runtime, &store, black_box(search)));
        });
    }
    group.bench_function("skills", |b| {
        b.iter(|| runtime.block_on(store.skills(&[], None, 100)).unwrap());
    });
    group.finish();
}

fn reading(c: &mut Criterion) {
    let runtime = runtime();
    let store = catalogue(&runtime);
    let mut group = c.benchmark_group("read");
    let documents: Vec<_> = (0..1_000).map(|n| DocumentId::role(format!("role-{}", n * 97))).collect();
    let mut next = documents.iter().cycle();
    group.bench_function("head", |b| {
        b.iter(|| runtime.block_on(store.head(next.next().unwrap())).unwrap());
    });
    let mut next = documents.iter().cycle();
    group.bench_function("revision", |b| {
        b.iter(|| runtime.block_on(store.revision(next.next().unwrap(), None)).unwrap());
    });
    group.bench_function("changes, 100", |b| {
        b.iter(|| runtime.block_on(store.changes(50_000, 100)).unwrap());
    });
    group.finish();
}

/// On a copy where that is a file, so that the catalogue stays what it is.
fn writing(c: &mut Criterion) {
    let runtime = runtime();
    runtime.block_on(catalogue(&runtime).close());
    let folder = tempfile::tempdir_in(concat!(env!("CARGO_MANIFEST_DIR"), "/target")).unwrap();
    let original = concat!(env!("CARGO_MANIFEST_DIR"), "/target/catalogue-bench/catalogue.db");
    if elsewhere().is_none() {
        std::fs::copy(original, folder.path().join("catalogue.db")).unwrap();
    }
    let store = runtime.block_on(connect(&location(folder.path()))).unwrap();
    let mut generator = Generator::new(7);
    let mut group = c.benchmark_group("write");
    let bodies: Vec<_> = (0..100)
        .map(|n| (format!("role-{}", n * 991), generator.role(&format!("role-{}", n * 991))))
        .collect();
    let mut next = bodies.iter().cycle();
    group.sample_size(20);
    group.bench_function("one role", |b| {
        b.iter(|| {
            let (id, body) = next.next().unwrap();
            runtime.block_on(store.write(Batch::of(order(id, body.clone())))).unwrap()
        });
    });
    let mut number = ROLES;
    group.throughput(Throughput::Elements(BATCH as u64));
    group.bench_function("a batch of new roles", |b| {
        b.iter_custom(|rounds| {
            (0..rounds)
                .map(|_| {
                    let batch = batch(&mut generator, number..number + BATCH);
                    number += BATCH;
                    let started = Instant::now();
                    runtime.block_on(store.write(batch)).unwrap();
                    started.elapsed()
                })
                .sum()
        });
    });
    group.finish();
}

criterion_group!(benches, searching, reading, writing);
criterion_main!(benches);

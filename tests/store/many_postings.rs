//! What it costs to find postings among 100,000. It is run on purpose, without a limit of time:
//! `scripts/postgres run cargo test --release --test store many_postings -- --ignored --nocapture --test-threads 1`.

use std::time::{Duration, Instant};

use jiff::SignedDuration;
use rolewright::domain::kept_posting::PostingState;
use rolewright::domain::place::Workplace;
use rolewright::store::Store;
use rolewright::store::document::*;
use rolewright::store::index;
use rolewright::store::postings::*;
use rolewright::store::search::SalaryFilter;
use serde_json::{Value, json};

use crate::fixture::*;
use crate::kept::Draft;

const POSTINGS: usize = 100_000;
const BATCH: usize = 200;

/// A posting of some 250 words: of ten, six are published, two closed, one scheduled, one a draft.
fn posting(n: usize) -> Draft {
    // Spread without a pattern that the order of numbers would show.
    let spread =
        |salt: usize, of: usize| (n.wrapping_mul(2_654_435_761) ^ salt.wrapping_mul(40_503)) / 7 % of;
    let word = |k: usize| {
        let rank = (spread(k + 1, 100_000) as f64 / 100_000.0).powi(4) * 20_000.0;
        format!("w{:x}", rank as usize)
    };
    let text = |from: usize, count: usize| (from..from + count).map(word).collect::<Vec<_>>().join(" ");
    let regions = ["US-CO", "US-NY", "US-CA", "DE-BE", "FR-75C"];
    let region = regions[spread(11, 5)];
    let workplace = ["on_site", "hybrid", "remote"][spread(15, 3)];
    let options = json!({
        "title": format!("{} {}", text(1000, 2), spread(5, 500)),
        "department": format!("Department {}", spread(13, 40)),
        "employment_type": if spread(14, 10) < 8 { "full_time" } else { "part_time" },
        "locations": [{"city": format!("City {}", spread(12, 2_000)), "region": region,
            "workplace": workplace}],
        "salary": {"min": 50_000 + spread(16, 50) * 1_000, "max": 110_000, "currency": "USD"},
    });
    let employer =
        if spread(17, 4) == 0 { "acme".to_owned() } else { format!("employer-{}", spread(18, 500)) };
    let more = json!({"slug": format!("slug-{n}"), "role_id": format!("role-{}", spread(19, 1_000)), "options": options});
    let draft = Draft::new(&employer, &format!("0193a5e8-7b1c-7d3e-9f00-{n:012x}")).with(more);
    let state = match spread(20, 10) {
        0 => return draft,
        1 => "scheduled",
        2 | 3 => "closed",
        _ => "published",
    };
    let opens = at(if state == "scheduled" { 1_000 } else { -1_000 } + spread(21, 500) as i64);
    let closes = (spread(22, 2) == 0).then(|| at(10_000 + spread(23, 1_000) as i64));
    let blocks: Vec<Value> = (0..10)
        .map(|k| json!({"kind": "paragraph", "text": {"words": text(k * 25, 25), "sources": []}}))
        .collect();
    draft.published(state, opens, closes).saying(&text(1000, 2), json!(blocks)).paying(
        json!({"min": 50_000 + spread(16, 50) * 1_000, "max": 110_000, "currency": "USD", "period": "year"}),
    )
}

async fn fill(store: &dyn Store) {
    let (mut writing, there) = (Duration::ZERO, store.edition(None, at(0)).await.unwrap().sequence as usize);
    for start in (there..POSTINGS).step_by(BATCH) {
        let numbers = start..(start + BATCH).min(POSTINGS);
        let orders = numbers.map(|n| {
            let moment = at(0) + SignedDuration::from_millis(n as i64);
            Order { at: moment, ..posting(n).put() }
        });
        let batch = Batch { orders: orders.collect(), commit: true, completion: None };
        let started = Instant::now();
        for outcome in store.write(batch).await.unwrap() {
            outcome.unwrap();
        }
        writing += started.elapsed();
    }
    let rate = (POSTINGS - there) as f64 / writing.as_secs_f64();
    eprintln!("written: {rate:.0} a second, in batches of {BATCH}");
}

/// The median of some.
async fn measure<T>(name: &str, what: impl AsyncFn() -> T, told: impl Fn(T) -> String) {
    let mut took = Vec::new();
    let mut last = None;
    for _ in 0..15 {
        let started = Instant::now();
        last = Some(what().await);
        took.push(started.elapsed());
    }
    took.sort();
    let last = last.map(told).unwrap_or_default();
    eprintln!("{:>8.2} ms  {name} ({last})", took[took.len() / 2].as_secs_f64() * 1e3);
}

fn searches() -> Vec<(&'static str, PostingSearch)> {
    let all = || PostingSearch::at(at(100));
    let public = || PostingSearch { states: vec![PostingState::Published], ..all() };
    let employers = |ids: &[&str]| Some(ids.iter().map(|id| (*id).to_owned()).collect());
    let (country, region) = (Some("US".to_owned()), Some("US-CO".to_owned()));
    let city = Some("city 7".to_owned());
    let words = |text: &str| index::words(text);
    let pay = |min: i64| {
        let (currency, period) = ("USD".into(), "year".into());
        Some(SalaryFilter { min: Some(min * 10_000), max: None, currency, period })
    };
    vec![
        ("all, newest", all()),
        ("public, newest", public()),
        ("public, by title", PostingSearch { sort: PostingSort::Title, ..public() }),
        ("drafts, newest", PostingSearch { states: vec![PostingState::Draft], ..all() }),
        ("a large employer's", PostingSearch { employers: employers(&["acme"]), ..public() }),
        ("a small employer's", PostingSearch { employers: employers(&["employer-7"]), ..public() }),
        (
            "two employers', all states",
            PostingSearch { employers: employers(&["employer-7", "acme"]), ..all() },
        ),
        ("a country", PostingSearch { country: country.clone(), ..public() }),
        (
            "a country, by title",
            PostingSearch { country: country.clone(), sort: PostingSort::Title, ..public() },
        ),
        ("a region, hybrid", PostingSearch { region, workplace: Some(Workplace::Hybrid), ..public() }),
        ("a city", PostingSearch { city: city.clone(), ..public() }),
        ("a role", PostingSearch { role: Some("role-7".into()), ..public() }),
        ("a department", PostingSearch { department: Some("department 7".into()), ..public() }),
        (
            "a country, a department",
            PostingSearch { country: country.clone(), department: Some("department 7".into()), ..public() },
        ),
        ("pay of many", PostingSearch { salary: pay(60_000), ..public() }),
        ("pay of nobody", PostingSearch { salary: pay(200_000), ..public() }),
        ("changed lately", PostingSearch { updated_since: Some(at(99)), ..all() }),
        (
            "changed, by title",
            PostingSearch { updated_since: Some(at(50)), sort: PostingSort::Title, ..public() },
        ),
        ("a rare word", PostingSearch { words: words("w4e1f"), ..public() }),
        ("a common word", PostingSearch { words: words("w0"), ..public() }),
        (
            "a common word in a country",
            PostingSearch { words: words("w0"), country: country.clone(), ..public() },
        ),
        ("two words in a city", PostingSearch { words: words("w0 w1"), city, ..public() }),
        (
            "public, some overdue",
            PostingSearch { states: vec![PostingState::Published], ..PostingSearch::at(at(1_250)) },
        ),
        (
            "a country, some overdue",
            PostingSearch { states: vec![PostingState::Published], country, ..PostingSearch::at(at(1_250)) },
        ),
    ]
}

async fn postings_are_found_among_many(store: Fixture) {
    fill(&*store).await;
    for (name, search) in searches() {
        let found = async || store.find_postings(&search).await.unwrap();
        measure(name, found, |found| format!("{:?}", found.total)).await;
        let mut deep = PostingSearch { limit: 1_000, ..search.clone() };
        let mut depth = 0;
        for _ in 0..8 {
            let Some(next) = store.find_postings(&deep).await.unwrap().next else { break };
            (deep.after, depth) = (Some(next), depth + 1_000);
        }
        if depth == 8_000 {
            let deep = PostingSearch { limit: search.limit, ..deep };
            measure("    8,000 deep", async || store.find_postings(&deep).await.unwrap(), |_| String::new())
                .await;
        }
    }
    for (name, now) in [("an edition", at(100)), ("an edition, 5,000 overdue", at(1_250))] {
        measure(name, async || store.edition(None, now).await.unwrap(), |told| told.count.to_string()).await;
        measure(
            "    of an employer",
            async || store.edition(Some("acme"), now).await.unwrap(),
            |told| told.count.to_string(),
        )
        .await;
    }
    let page = async || {
        store.public(None, at(100), Some("0193a5e8-7b1c-7d3e-9f00-00000000c350"), 100).await.unwrap()
    };
    measure("100 public ones", page, |list| list.items.len().to_string()).await;
    let page = async || store.public(Some("acme"), at(100), None, 100).await.unwrap();
    measure("100 of an employer", page, |list| list.items.len().to_string()).await;
    measure("due", async || store.due(at(1_250), 100).await.unwrap(), |due| due.len().to_string()).await;
    measure("next due", async || store.next_due().await.unwrap(), |_| String::new()).await;
    measure("by slug", async || store.by_slug("acme", "slug-7").await.unwrap(), |_| String::new()).await;
    measure(
        "located",
        async || store.locate("0193a5e8-7b1c-7d3e-9f00-00000000c350").await.unwrap(),
        |_| String::new(),
    )
    .await;
    let n = std::cell::Cell::new(0);
    let write = async || {
        n.set(n.get() + 997);
        done(&*store, posting(n.get()).put()).await
    };
    measure("one is written", write, |_| String::new()).await;
}

mod sqlite {
    #[test]
    #[ignore = "takes minutes"]
    fn postings_are_found_among_many() {
        crate::fixture::run(crate::sqlite::fresh(), super::postings_are_found_among_many);
    }
}

mod postgres {
    #[test]
    #[ignore = "takes minutes"]
    fn postings_are_found_among_many() {
        crate::fixture::run(crate::postgres::fresh(), super::postings_are_found_among_many);
    }
}

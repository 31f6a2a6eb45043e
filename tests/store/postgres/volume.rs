//! Searches among many roles, and roles as large as they may be.

use rolewright::store::document::*;
use rolewright::store::search::*;
use rolewright::store::{Store, connect, index};
use serde_json::json;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};

use super::{Database, location};
use crate::fixture::*;

/// Puts copies of a role into the index, before or after it, by their numbers.
async fn copy(database: &Database, id: &str, numbers: &str) {
    let mut connection = PgConnection::connect(&database.url).await.unwrap();
    let sql = format!(
        "INSERT INTO role_index (number, id, title, revision, at, band_min, band_max, summary, skills, terms)
        SELECT n, id || '-' || n, title || n % 7, revision, at + n % 11, band_min, band_max,
            json_build_object('id', id || '-' || n, 'title', title, 'summary', ''), skills, terms
        FROM role_index, generate_series({numbers}) AS n WHERE id = '{id}'"
    );
    connection.execute(AssertSqlSafe(sql)).await.unwrap();
}

fn by(words: &str, sort: Sort) -> Search {
    Search { words: index::words(words), sort, limit: 1000, ..Search::default() }
}

/// The ids of a list, page by page.
async fn walk(store: &dyn Store, mut search: Search) -> Vec<String> {
    let mut ids = Vec::new();
    loop {
        let found = store.find(&search).await.unwrap();
        ids.extend(found.hits.iter().map(|hit| {
            let summary: index::Summary = serde_json::from_str(&hit.summary).unwrap();
            summary.id
        }));
        let Some(next) = found.next else { return ids };
        search.after = Some(next);
    }
}

async fn every_list_of_many_has_each_role_once_in_every_order(database: Database) {
    let store = connect(&location(&database.url, 4)).await.unwrap();
    done(&*store, put_role("plumber", "Plumber")).await;
    done(&*store, put_role("nurse", "Night Nurse")).await;
    // All plumbers come after more others than a walk passes.
    copy(&database, "nurse", "100001, 103000").await;
    copy(&database, "plumber", "200001, 210500").await;
    let mut plumbers: Vec<_> = (200_001..=210_500).map(|n| format!("plumber-{n}")).collect();
    plumbers.insert(0, "plumber".into());
    let found = store.find(&by("plumb", Sort::Relevance)).await.unwrap();
    assert_eq!(found.total, Total::AtLeast(COUNTED));
    for words in ["plumb", "plumber"] {
        assert_eq!(walk(&*store, by(words, Sort::Relevance)).await, plumbers, "one tier, by number");
    }
    for sort in [Sort::Id, Sort::Title, Sort::Updated] {
        let mut ids = walk(&*store, by("p", sort)).await;
        ids.sort();
        let mut wanted = plumbers.clone();
        wanted.sort();
        assert_eq!(ids, wanted, "{sort:?}");
    }
    let everybody = walk(&*store, Search { limit: 1000, ..Search::default() }).await;
    assert_eq!(everybody.len(), 13_502);
    assert!(everybody.is_sorted());
}

/// Ranked above thousands that have it in their text.
async fn the_few_with_a_common_word_in_their_title_come_first(database: Database) {
    let store = connect(&location(&database.url, 4)).await.unwrap();
    let text = json!({"summary": "Works with the team."});
    done(&*store, put(DocumentId::role("text"), role("text", "Nurse", text))).await;
    copy(&database, "text", "-12000, -1").await;
    for (id, title) in [("is", "Team"), ("has", "Team Lead")] {
        done(&*store, put_role(id, title)).await;
    }
    let keyword = role("names", "Coach", json!({"keywords": ["team"]}));
    done(&*store, put(DocumentId::role("names"), keyword)).await;
    let mut search = Search { limit: 2, ..by("team", Sort::Relevance) };
    let first = store.find(&search).await.unwrap();
    search.after = first.next;
    let second = store.find(&search).await.unwrap();
    let ids: Vec<_> =
        first.hits.iter().chain(&second.hits).map(|hit| hit.summary.split('"').nth(3)).collect();
    assert_eq!(ids, ["is", "has", "names", "text--12000"].map(Some));
    assert_eq!(second.total, Total::AtLeast(COUNTED));
}

async fn a_role_as_large_as_it_may_be_is_kept_and_found(database: Database) {
    let store = connect(&location(&database.url, 4)).await.unwrap();
    // One letter that is eighteen when it is taken apart, and words of the greatest length.
    let (long, longest) = ("\u{FDFA}".repeat(2000), "\u{10400}".repeat(2000));
    let words = |from: usize| (from..from + 200).map(|n| format!("{n:x}ö'\\")).collect::<Vec<_>>().join(" ");
    let duties: Vec<_> = (0..200)
        .map(|n| json!({"id": format!("duty-{n}"), "action": words(n * 600), "detail": words(n * 600 + 200)}))
        .collect();
    let skills: Vec<_> =
        (0..50).map(|n| json!({"id": format!("s-{n}"), "name": longest, "description": long})).collect();
    let more = json!({
        "family": long,
        "alternate_titles": [longest, "It's \\ \"quoted\" & (odd) | !:*"],
        "keywords": [long],
        "responsibilities": {"primary": duties},
        "skills": {"hard": skills},
    });
    let body = role("huge", &long, more);
    assert!(body.len() > 800_000);
    done(&*store, put(DocumentId::role("huge"), &body)).await;
    done(&*store, put(DocumentId::role("huge"), &body)).await;
    let found = async |search: Search| store.find(&search).await.unwrap().hits.len();
    assert_eq!(found(by("it s quoted odd", Sort::Relevance)).await, 1);
    assert_eq!(found(by(&longest, Sort::Title)).await, 1);
    let family = Some(index::fold(&long));
    assert_eq!(found(Search { family, ..Search::default() }).await, 1);
    assert_eq!(found(Search { skill: Some(index::fold(&longest)), ..Search::default() }).await, 1);
    let (skills, total) = store.skills(&index::words(&longest), None, 100).await.unwrap();
    assert_eq!((skills.items.len(), total), (50, 50));
    assert_eq!(skills.items[0].name, longest);
    let revision = store.revision(&DocumentId::role("huge"), None).await.unwrap().unwrap();
    assert_eq!(revision.body.as_deref(), Some(&*body));
}

on_a_database!(
    every_list_of_many_has_each_role_once_in_every_order,
    the_few_with_a_common_word_in_their_title_come_first,
    a_role_as_large_as_it_may_be_is_kept_and_found,
);

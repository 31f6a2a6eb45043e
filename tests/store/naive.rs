//! A search that looks at every role, to compare with: random roles, random searches.

use std::collections::BTreeMap;

use jiff::Timestamp;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use rolewright::domain::Role;
use rolewright::store::Store;
use rolewright::store::document::*;
use rolewright::store::index::{self, RoleIndex};
use rolewright::store::search::*;
use serde_json::{Value, json};

use crate::fixture::*;

/// How often roles are changed and searched for.
const ROUNDS: usize = 60;
/// Few words, many of which begin like others.
const WORDS: [&str; 16] = [
    "lead", "leader", "Leaders", "team", "teams", "tea", "c++", "C#", "c", "Café", "cafe", "über", "data",
    "database", "Straße", "漢字",
];
const FAMILIES: [&str; 3] = ["Data", "Data Teams", "Lead"];
const SKILLS: [(&str, &str); 4] =
    [("sql", "SQL"), ("teams", "Teams & more"), ("rust", "Rust"), ("sharp", "sql")];
const TAGS: [&str; 3] = ["people", "data", "lead"];

/// A role as the naive search knows it.
#[derive(Debug)]
struct Known {
    /// Its place in the order in which roles were added.
    number: usize,
    index: RoleIndex,
    revision: u32,
    at: Timestamp,
    deleted: bool,
}

fn text(most: usize) -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(&WORDS[..]), 1..=most).prop_map(|words| words.join(" "))
}

fn some_of<T: Clone + std::fmt::Debug + 'static>(all: &'static [T]) -> impl Strategy<Value = Vec<T>> {
    prop::sample::subsequence(all, 0..=all.len())
}

fn any_role() -> impl Strategy<Value = Value> {
    let names = (text(3), prop::collection::vec(text(3), 0..3), prop::collection::vec(text(1), 0..3));
    let facets = (prop::option::of(prop::sample::select(&FAMILIES[..])), some_of(&SKILLS), some_of(&TAGS));
    let salary = prop::option::of((1..5_u32, 0..3_u32, prop::sample::select(vec!["USD", "EUR"])));
    (names, text(6), facets, salary).prop_map(|((title, alternates, keywords), summary, facets, salary)| {
        let (family, skills, tags) = facets;
        let skills: Vec<_> = skills.iter().map(|(id, name)| json!({"id": id, "name": name})).collect();
        let mut role = json!({
            "title": title,
            "alternate_titles": alternates,
            "keywords": keywords,
            "summary": summary,
            "skills": {"hard": skills},
            "responsibilities": {"primary": [{"id": "duty", "action": "do it", "tags": tags}]},
        });
        if let Some(family) = family {
            role["family"] = json!(family);
        }
        if let Some((min, more, currency)) = salary {
            role["salary"] = json!({"min": min, "max": min + more, "currency": currency, "period": "hour"});
        }
        role
    })
}

/// A change of one of a few roles.
fn any_change() -> impl Strategy<Value = (usize, u8, Value, i64)> {
    (0..14_usize, 0..8_u8, any_role(), 0..6_i64)
}

/// The beginnings of words, up to the whole.
fn any_words() -> impl Strategy<Value = Vec<String>> {
    let word = (prop::sample::select(&WORDS[..]), 1..9_usize).prop_map(|(word, length)| {
        let word = index::words(word).remove(0);
        word.chars().take(length).collect()
    });
    prop::collection::vec(word, 0..4)
}

fn any_search() -> impl Strategy<Value = Search> {
    let facet = |all: Vec<&'static str>| prop::option::weighted(0.2, prop::sample::select(all));
    let skills = vec!["sql", "teams", "teams more", "rust", "team"];
    let salary =
        (prop::option::of(1..7_i64), prop::option::of(1..7_i64), prop::sample::select(vec!["USD", "EUR"]));
    (
        any_words(),
        (facet(FAMILIES.to_vec()), facet(skills), facet(TAGS.to_vec())),
        prop::option::weighted(0.2, salary),
        prop::option::weighted(0.2, 0..6_i64),
        prop::sample::select(&Sort::ALL[..]),
        1..5_usize,
    )
        .prop_map(|(words, (family, skill, tag), salary, since, sort, limit)| Search {
            words,
            family: family.map(index::fold),
            skill: skill.map(str::to_owned),
            tag: tag.map(str::to_owned),
            salary: salary.map(|(min, max, currency)| SalaryFilter {
                min: min.map(|amount| amount * 10_000),
                max: max.map(|amount| amount * 10_000),
                currency: currency.into(),
                period: "hour".into(),
            }),
            updated_since: since.map(at),
            sort,
            after: None,
            limit,
        })
}

fn all_begin(words: &[String], own: &[String]) -> bool {
    words.iter().all(|word| own.iter().any(|own| own.starts_with(word.as_str())))
}

fn is_found(search: &Search, known: &Known) -> bool {
    let index = &known.index;
    let in_band = |filter: &SalaryFilter| {
        index.band.as_ref().is_some_and(|(low, high, currency, period)| {
            *currency == filter.currency
                && *period == filter.period
                && filter.min.is_none_or(|min| *high >= min)
                && filter.max.is_none_or(|max| *low <= max)
        })
    };
    !known.deleted
        && all_begin(&search.words, &index.all_words)
        && search.family.as_ref().is_none_or(|family| index.family.as_ref() == Some(family))
        && search.skill.as_ref().is_none_or(|skill| index.skill_keys.contains(skill))
        && search.tag.as_ref().is_none_or(|tag| index.tags.contains(tag))
        && search.salary.as_ref().is_none_or(in_band)
        && search.updated_since.is_none_or(|since| known.at >= since)
}

fn tier(search: &Search, index: &RoleIndex) -> Tier {
    if index.titles.contains(&search.words.join(" ")) {
        Tier::TitleIs
    } else if all_begin(&search.words, &index.title_words) {
        Tier::TitleHas
    } else if all_begin(&search.words, &index.name_words) {
        Tier::NamesHave
    } else {
        Tier::TextHas
    }
}

/// What must be found, in order.
fn expected(search: &Search, roles: &BTreeMap<String, Known>) -> Vec<Hit> {
    let mut found: Vec<(&String, &Known)> =
        roles.iter().filter(|(_, known)| is_found(search, known)).collect();
    match search.sort {
        Sort::Relevance if search.words.is_empty() => {}
        Sort::Relevance => found.sort_by_key(|(_, known)| (tier(search, &known.index), known.number)),
        Sort::Id => {}
        Sort::Title => found.sort_by_key(|(id, known)| (&known.index.titles[0], *id)),
        Sort::Updated => found.sort_by_key(|(id, known)| (std::cmp::Reverse(known.at), *id)),
    }
    let hit = |known: &Known| Hit {
        summary: known.index.summary.as_str().into(),
        revision: known.revision,
        at: known.at,
    };
    found.into_iter().map(|(_, known)| hit(known)).collect()
}

async fn change(store: &dyn Store, roles: &mut BTreeMap<String, Known>, change: (usize, u8, Value, i64)) {
    let (slot, kind, mut role, second) = change;
    let id = format!("role-{slot}");
    role["id"] = json!(id);
    let role = crate::fixture::role(&id, "", role);
    let there = roles.get(&id).map(|known| known.deleted);
    let order = match (there, kind) {
        (Some(true), _) => restore(DocumentId::role(&id)),
        (Some(false), 0..=2) => delete(DocumentId::role(&id)),
        _ => put(DocumentId::role(&id), &role),
    };
    let written = done(store, Order { at: at(second), ..order }).await;
    let number = roles.get(&id).map_or(roles.len(), |known| known.number);
    let body = written.body.as_deref();
    let index = body.map(|body| RoleIndex::of(&serde_json::from_str::<Role>(body).unwrap()));
    let index = index.unwrap_or_else(|| roles.remove(&id).unwrap().index);
    let deleted = written.body.is_none();
    roles.insert(id, Known { number, index, revision: written.revision, at: written.at, deleted });
}

async fn walk(store: &dyn Store, search: &Search) -> (Vec<Hit>, Vec<Total>) {
    let mut search = search.clone();
    let (mut hits, mut totals) = (Vec::new(), Vec::new());
    loop {
        let found = store.find(&search).await.unwrap();
        hits.extend(found.hits);
        totals.push(found.total);
        match found.next {
            Some(next) => search.after = Some(next),
            None => return (hits, totals),
        }
    }
}

async fn a_search_finds_what_a_look_at_every_role_finds(store: Fixture) {
    let mut runner = TestRunner::deterministic();
    let mut roles = BTreeMap::new();
    let mut some = 0;
    for _ in 0..ROUNDS {
        for _ in 0..4 {
            let one = any_change().new_tree(&mut runner).unwrap().current();
            change(&*store, &mut roles, one).await;
        }
        for _ in 0..10 {
            let search = any_search().new_tree(&mut runner).unwrap().current();
            let expected = expected(&search, &roles);
            let (hits, totals) = walk(&*store, &search).await;
            assert_eq!(hits, expected, "{search:#?}");
            let total = Total::Exactly(expected.len() as u64);
            assert!(totals.iter().all(|told| *told == total), "{totals:?} of {total:?} by {search:#?}");
            some += usize::from(!expected.is_empty());
        }
    }
    assert!(some > ROUNDS * 3, "only {some} searches found anything");
}

for_every_engine!(a_search_finds_what_a_look_at_every_role_finds);

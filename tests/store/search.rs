//! Finding roles: what is found, in which order, and page by page.

use rolewright::store::Store;
use rolewright::store::document::*;
use rolewright::store::index;
use rolewright::store::search::*;
use serde_json::{Value, json};

use crate::fixture::*;

/// A search by relevance, as the API makes it of what somebody typed.
fn by(words: &str) -> Search {
    Search { words: index::words(words), sort: Sort::Relevance, ..Search::default() }
}

fn id_of(hit: &Hit) -> String {
    serde_json::from_str::<index::Summary>(&hit.summary).unwrap().id
}

async fn page(store: &dyn Store, search: &Search) -> (Vec<String>, Found) {
    let found = store.find(search).await.unwrap();
    (found.hits.iter().map(id_of).collect(), found)
}

/// The ids that are found on the first page, with one space between them.
async fn ids(store: &dyn Store, search: Search) -> String {
    let (ids, found) = page(store, &search).await;
    assert_eq!(found.total, Total::Exactly(ids.len() as u64));
    assert_eq!(found.next, None);
    ids.join(" ")
}

/// The ids of all pages.
async fn walk(store: &dyn Store, search: &Search) -> Vec<String> {
    let mut search = search.clone();
    let mut all = Vec::new();
    loop {
        let (ids, found) = page(store, &search).await;
        all.extend(ids);
        if found.next.is_none() {
            return all;
        }
        assert_eq!(found.hits.len(), search.limit);
        search.after = found.next;
    }
}

async fn add(store: &Fixture, id: &str, title: &str, more: Value) {
    done(&**store, put(DocumentId::role(id), role(id, title, more))).await;
}

async fn a_word_is_the_beginning_of_a_word(store: Fixture) {
    add(&store, "a", "Tech Manager", json!({})).await;
    add(&store, "b", "Biotechnology Lead", json!({})).await;
    assert_eq!(ids(&*store, by("tech")).await, "a");
    assert_eq!(ids(&*store, by("t")).await, "a");
    assert_eq!(ids(&*store, by("manager TECH")).await, "a");
    assert_eq!(ids(&*store, by("bio lea")).await, "b");
    assert_eq!(ids(&*store, by("tech lead")).await, "");
    assert_eq!(ids(&*store, by("managers")).await, "");
    assert_eq!(ids(&*store, by("technology")).await, "");
}

async fn case_and_accents_do_not_matter(store: Fixture) {
    add(&store, "a", "Chef de Café", json!({"summary": "Führt die Straßenküche; ﬁne Ｆｏｏｄ."})).await;
    for words in ["cafe", "CAFÉ", "cafe\u{301}", "fuhrt", "führt", "strassenk", "straßen", "fine", "food"]
    {
        assert_eq!(ids(&*store, by(words)).await, "a", "{words}");
    }
    add(&store, "b", "C++ und C#", json!({})).await;
    add(&store, "c", "C, Objective-C", json!({})).await;
    assert_eq!(ids(&*store, by("C++")).await, "b");
    assert_eq!(ids(&*store, by("C#")).await, "b");
    assert_eq!(ids(&*store, by("c objective")).await, "c");
}

async fn words_of_every_script_are_found(store: Fixture) {
    let titles = ["Инженер", "工程师", "مهندس", "अभियंता", "🅐 Ⓑ", "ǅ Ω 𝔸", "Ⅷ ½", "\u{1E00}b"];
    for (n, title) in titles.into_iter().enumerate() {
        add(&store, &format!("r{n}"), title, json!({})).await;
    }
    for (n, title) in titles.into_iter().enumerate() {
        for word in index::words(title) {
            let (found, _) = page(&*store, &by(&word)).await;
            assert!(found.contains(&format!("r{n}")), "{title}: {word}");
        }
    }
}

async fn all_texts_of_a_role_are_looked_at(store: Fixture) {
    let more = json!({
        "alternate_titles": ["Alternatively"],
        "family": "Familiar",
        "keywords": ["keyed"],
        "summary": "Summed up.",
        "mission": "missionize all",
        "responsibilities": {
            "primary": [{"id": "one", "action": "actuate", "detail": "detailed", "outcome": "outcoming"}],
            "secondary": [{"id": "two", "action": "secondly"}],
        },
        "skills": {
            "hard": [{"id": "h", "name": "Hardening", "description": "described"}],
            "soft": [{"id": "s", "name": "Softening"}],
        },
        "education": {"minimum": [{"text": "educated"}]},
    });
    add(&store, "a", "Titular", more).await;
    let found = "titular alternatively familiar keyed summed missionize actuate detailed outcoming secondly \
        hardening described softening";
    for word in found.split_whitespace() {
        assert_eq!(ids(&*store, by(word)).await, "a", "{word}");
    }
    assert_eq!(ids(&*store, by(found)).await, "a");
    assert_eq!(ids(&*store, by("educated")).await, "");
}

async fn titles_come_first_and_then_names_and_then_texts(store: Fixture) {
    add(&store, "text", "A", json!({"summary": "Not a data engineer."})).await;
    add(&store, "names", "B Engineer", json!({"keywords": ["data"]})).await;
    add(&store, "title", "Senior Data Engineer", json!({})).await;
    add(&store, "alternate", "C", json!({"alternate_titles": ["D", "Data Engineer"]})).await;
    add(&store, "other", "Data Scientist", json!({})).await;
    add(&store, "is", "data engineer", json!({"keywords": ["data engineer"]})).await;
    add(&store, "turned", "Engineer, Data", json!({})).await;
    add(&store, "longer", "Database Engineering", json!({"alternate_titles": ["Data Engineer II"]})).await;
    let ranked = "alternate is title turned longer names text";
    assert_eq!(ids(&*store, by("data engineer")).await, ranked);
    assert_eq!(ids(&*store, by("Data Engineer data")).await, "title is turned longer names alternate text");
    for limit in 1..8 {
        let pages = walk(&*store, &Search { limit, ..by("data engineer") }).await;
        assert_eq!(pages.join(" "), ranked, "by {limit}");
    }
}

async fn facets_are_whole_and_go_together_with_words(store: Fixture) {
    let skill = |id: &str, name: &str| json!({"hard": [{"id": id, "name": name, "tags": ["craft"]}]});
    let duty = json!({"primary": [{"id": "duty", "action": "do it", "tags": ["people", "team-lead"]}]});
    add(&store, "a", "One", json!({"family": "Human  Resources", "skills": skill("sql", "SQL & more")}))
        .await;
    add(&store, "b", "Two", json!({"family": "human resources", "responsibilities": duty})).await;
    add(&store, "c", "One", json!({"family": "Human", "skills": skill("more", "sql")})).await;
    let family = |family: &str| Search { family: Some(index::fold(family)), ..Search::default() };
    let skill = |skill: &str| Search { skill: Some(skill.into()), ..Search::default() };
    let tag = |tag: &str| Search { tag: Some(tag.into()), ..Search::default() };
    assert_eq!(ids(&*store, family("HUMAN RESOURCES")).await, "a b");
    assert_eq!(ids(&*store, family("human")).await, "c");
    assert_eq!(ids(&*store, family("")).await, "");
    assert_eq!(ids(&*store, skill("sql")).await, "a c");
    assert_eq!(ids(&*store, skill("sql more")).await, "a");
    assert_eq!(ids(&*store, skill("sq")).await, "");
    assert_eq!(ids(&*store, tag("craft")).await, "a c");
    assert_eq!(ids(&*store, tag("people")).await, "b");
    assert_eq!(ids(&*store, tag("team")).await, "");
    let both = Search { skill: Some("sql".into()), family: Some("human".into()), ..Search::default() };
    assert_eq!(ids(&*store, both).await, "c");
    assert_eq!(ids(&*store, Search { tag: Some("craft".into()), ..by("one") }).await, "a c");
    assert_eq!(ids(&*store, Search { tag: Some("craft".into()), ..by("two") }).await, "");
    let hostile = Search { tag: Some("x\" OR tokens : \"a' --".into()), ..Search::default() };
    assert_eq!(ids(&*store, hostile).await, "");
}

async fn bands_that_reach_into_the_one_asked_for_are_found(store: Fixture) {
    let band = |min: u32, max: u32, currency: &str, period: &str| json!({"salary": {"min": min, "max": max, "currency": currency, "period": period}});
    add(&store, "low", "A", band(10, 20, "USD", "hour")).await;
    add(&store, "high", "A", band(20, 30, "USD", "hour")).await;
    add(&store, "euro", "A", band(10, 20, "EUR", "hour")).await;
    add(&store, "year", "A", band(10, 20, "USD", "year")).await;
    add(&store, "none", "A", json!({})).await;
    let search = |min: Option<i64>, max: Option<i64>, currency: &str| {
        let scaled = |amount: Option<i64>| amount.map(|amount| amount * 10_000);
        let (min, max) = (scaled(min), scaled(max));
        let salary = SalaryFilter { min, max, currency: currency.into(), period: "hour".into() };
        Search { salary: Some(salary), ..Search::default() }
    };
    assert_eq!(ids(&*store, search(None, None, "USD")).await, "high low");
    assert_eq!(ids(&*store, search(Some(20), None, "USD")).await, "high low");
    assert_eq!(ids(&*store, search(Some(21), None, "USD")).await, "high");
    assert_eq!(ids(&*store, search(None, Some(20), "USD")).await, "high low");
    assert_eq!(ids(&*store, search(None, Some(19), "USD")).await, "low");
    assert_eq!(ids(&*store, search(Some(31), Some(40), "USD")).await, "");
    assert_eq!(ids(&*store, search(Some(12), Some(15), "USD")).await, "low");
    assert_eq!(ids(&*store, search(Some(1), Some(99), "EUR")).await, "euro");
    assert_eq!(ids(&*store, search(Some(1), Some(99), "GBP")).await, "");
    assert_eq!(
        ids(&*store, Search { words: vec!["a".into()], ..search(Some(21), None, "USD") }).await,
        "high"
    );
}

async fn what_was_changed_at_a_moment_or_later_is_found(store: Fixture) {
    for n in 0..4 {
        let id = format!("r{n}");
        done(&*store, Order { at: at(n), ..put_role(&id, "Role") }).await;
    }
    done(&*store, Order { at: at(9), ..put_role("r0", "Role") }).await;
    let since = |second| Search { updated_since: Some(at(second)), ..Search::default() };
    assert_eq!(ids(&*store, since(0)).await, "r0 r1 r2 r3");
    assert_eq!(ids(&*store, since(2)).await, "r0 r2 r3");
    assert_eq!(ids(&*store, Search { updated_since: Some(at(3)), ..by("role") }).await, "r0 r3");
    assert_eq!(ids(&*store, since(10)).await, "");
    assert_eq!(ids(&*store, Search { sort: Sort::Updated, ..since(2) }).await, "r0 r3 r2");
}

async fn a_list_is_in_the_order_that_was_asked_for(store: Fixture) {
    for (n, (id, title)) in
        [("b", "Äpfel"), ("a", "apfel"), ("a-a", "Zebra"), ("a0", "Apfel!"), ("c", "apfel baum")]
            .iter()
            .enumerate()
    {
        let at = at(if n == 2 { 1 } else { n as i64 });
        done(&*store, Order { at, ..put_role(id, title) }).await;
    }
    let sorted = |sort| Search { sort, ..Search::default() };
    assert_eq!(ids(&*store, sorted(Sort::Id)).await, "a a-a a0 b c");
    assert_eq!(ids(&*store, sorted(Sort::Title)).await, "a a0 b c a-a");
    assert_eq!(ids(&*store, sorted(Sort::Updated)).await, "c a0 a a-a b");
    assert_eq!(ids(&*store, sorted(Sort::Relevance)).await, "a a-a a0 b c", "without words, as by id");
    let words = |sort| Search { sort, ..by("ap") };
    assert_eq!(ids(&*store, words(Sort::Relevance)).await, "b a a0 c");
    assert_eq!(ids(&*store, words(Sort::Id)).await, "a a0 b c");
    assert_eq!(ids(&*store, words(Sort::Title)).await, "a a0 b c");
    assert_eq!(ids(&*store, words(Sort::Updated)).await, "c a0 a b");
}

async fn what_is_told_of_a_role_is_its_summary_and_its_revision(store: Fixture) {
    let more = json!({"family": "F", "alternate_titles": ["Other"], "keywords": ["k"]});
    let first = Order { at: at(1), ..put(DocumentId::role("a"), role("a", "T \"<é>", more)) };
    done(&*store, first.clone()).await;
    done(&*store, Order { at: at(2), ..first }).await;
    let found = store.find(&Search::default()).await.unwrap();
    let summary =
        r#"{"id":"a","title":"T \"<é>","alternate_titles":["Other"],"family":"F","summary":"A job."}"#;
    assert_eq!(found.hits, [Hit { summary: summary.into(), revision: 2, at: at(2) }]);
}

async fn a_change_is_found_at_once_and_what_was_there_before_is_not(store: Fixture) {
    add(&store, "a", "Old", json!({"family": "Before", "keywords": ["gone"]})).await;
    add(&store, "a", "New", json!({"family": "After"})).await;
    assert_eq!(ids(&*store, by("old")).await, "");
    assert_eq!(ids(&*store, by("gone")).await, "");
    assert_eq!(ids(&*store, Search { family: Some("before".into()), ..Search::default() }).await, "");
    assert_eq!(ids(&*store, by("new")).await, "a");
    assert_eq!(ids(&*store, Search { family: Some("after".into()), ..by("after") }).await, "a");
    let tried = Batch { commit: false, ..Batch::of(put_role("b", "New")) };
    store.write(tried).await.unwrap();
    assert_eq!(ids(&*store, by("new")).await, "a");
}

async fn a_removed_role_is_found_again_when_it_is_restored(store: Fixture) {
    let skills = json!({"skills": {"hard": [{"id": "s", "name": "S"}]}});
    add(&store, "a", "Role", skills).await;
    add(&store, "b", "Role", json!({})).await;
    done(&*store, delete(DocumentId::role("a"))).await;
    assert_eq!(ids(&*store, by("role")).await, "b");
    assert_eq!(ids(&*store, Search::default()).await, "b");
    assert_eq!(store.skills(&[], None, 10).await.unwrap().1, 0);
    done(&*store, restore(DocumentId::role("a"))).await;
    assert_eq!(ids(&*store, by("role")).await, "a b", "it has kept its place");
    assert_eq!(ids(&*store, Search { skill: Some("s".into()), ..Search::default() }).await, "a");
    assert_eq!(store.find(&by("role")).await.unwrap().hits[0].revision, 3);
    assert_eq!(store.skills(&[], None, 10).await.unwrap().1, 1);
}

/// Pages through a list while roles are added, changed, and removed in it: whoever was there all
/// along, unchanged, is met once.
async fn paging_survives_what_happens_meanwhile(store: Fixture) {
    for sort in Sort::ALL {
        let name = |n: usize| format!("{}-{n:02}", sort.as_str());
        for n in 0..20 {
            let order = put_role(&name(n * 2), &format!("Role {:02} {}", 40 - n, sort.as_str()));
            done(&*store, Order { at: at(n as i64 / 3), ..order }).await;
        }
        let words = index::words(sort.as_str());
        let mut search = Search { words, sort, limit: 3, ..Search::default() };
        let mut met = Vec::new();
        for round in 0_usize.. {
            let (ids, found) = page(&*store, &search).await;
            met.extend(ids);
            let added = put_role(&name(round * 6 + 1), &format!("Role 35 {}", sort.as_str()));
            done(&*store, Order { at: at(round as i64), ..added }).await;
            let gone = DocumentId::role(name(round * 10));
            if round < 4 {
                done(&*store, delete(gone)).await;
            }
            let Some(next) = found.next else { break };
            search.after = Some(next);
        }
        let stayed = (0..20).map(|n| n * 2).filter(|n| n % 10 != 0).map(name);
        for id in stayed {
            assert_eq!(met.iter().filter(|other| **other == id).count(), 1, "{id} in {met:?}");
        }
        met.sort();
        let whole = met.len();
        met.dedup();
        assert_eq!(met.len(), whole, "nobody is met twice");
    }
}

async fn a_position_of_another_order_is_refused(store: Fixture) {
    let positions = [
        Position::Rank(Tier::TitleHas, 0),
        Position::Id("a".into()),
        Position::Title("a".into(), "a".into()),
        Position::Updated(0, "a".into()),
    ];
    for sort in Sort::ALL {
        let fitting = positions.iter().filter(|position| position.is_of(sort));
        assert_eq!(fitting.count(), 1);
        for position in &positions {
            let search = Search { sort, after: Some(position.clone()), ..by("a") };
            assert_eq!(store.find(&search).await.is_ok(), position.is_of(sort));
        }
    }
}

async fn hostile_words_find_nothing_and_break_nothing(store: Fixture) {
    add(&store, "a", "Role", json!({})).await;
    let many: Vec<String> = (0..2_000).map(|n| format!("w{n}")).collect();
    let searches = [
        vec!["\"".to_owned()],
        vec!["a* OR b".to_owned()],
        vec!["'); DROP TABLE documents; --".to_owned()],
        vec!["x".repeat(100_000)],
        vec!["%".to_owned()],
        vec!["\u{10FFFF}".to_owned()],
        many,
    ];
    for words in searches {
        let search = Search { words, sort: Sort::Relevance, ..Search::default() };
        match store.find(&search).await {
            Ok(found) => assert!(found.hits.is_empty()),
            // These are no words that `index::words` makes.
            Err(error) => assert!(matches!(error, rolewright::store::StoreError::Failed(_))),
        }
    }
    assert_eq!(ids(&*store, by("role")).await, "a");
}

async fn a_total_is_exact_to_ten_thousand(store: Fixture) {
    let orders = |from, to| (from..to).map(|n: u32| put_role(&format!("r{n}"), "Role")).collect::<Vec<_>>();
    let write = async |from, to| {
        store.write(Batch { orders: orders(from, to), commit: true, completion: None }).await.unwrap();
    };
    write(0, 5_000).await;
    write(5_000, 10_000).await;
    let searches = [Search::default(), by("role"), Search { sort: Sort::Title, ..by("role") }];
    for search in &searches {
        assert_eq!(store.find(search).await.unwrap().total, Total::Exactly(10_000));
    }
    write(10_000, 10_001).await;
    for search in &searches {
        let found = store.find(search).await.unwrap();
        assert_eq!((found.total, found.hits.len()), (Total::AtLeast(10_000), 20));
    }
    assert_eq!(store.count(Kind::Role, "").await.unwrap(), 10_001);
    let last = Search { after: Some(Position::Id("r9999".into())), ..Search::default() };
    assert_eq!(store.find(&last).await.unwrap().total, Total::AtLeast(10_000), "on every page");
}

async fn skills_are_listed_with_their_commonest_name_and_counts(store: Fixture) {
    let skills = |all: &[(&str, &str)]| {
        let one = |(id, name): &(&str, &str)| json!({"id": id, "name": name});
        json!({"skills": {"soft": all.iter().map(one).collect::<Vec<_>>()}})
    };
    add(&store, "a", "A", skills(&[("sql", "SQL"), ("rust", "Rust")])).await;
    add(&store, "b", "B", skills(&[("sql", "Structured Queries"), ("c-sharp", "C#")])).await;
    add(&store, "c", "C", skills(&[("sql", "Structured Queries")])).await;
    add(&store, "d", "D", skills(&[("rust", "Oxide")])).await;
    let count = |id: &str, name: &str, roles| SkillCount { id: id.into(), name: name.into(), roles };
    let all = [count("c-sharp", "C#", 1), count("rust", "Oxide", 2), count("sql", "Structured Queries", 3)];
    let (list, total) = store.skills(&[], None, 3).await.unwrap();
    assert_eq!((list.items.as_slice(), list.more, total), (all.as_slice(), false, 3));
    let (list, total) = store.skills(&[], None, 2).await.unwrap();
    assert_eq!((list.items.as_slice(), list.more, total), (&all[..2], true, 3));
    let (list, total) = store.skills(&[], Some("rust"), 2).await.unwrap();
    assert_eq!((list.items.as_slice(), list.more, total), (&all[2..], false, 3));
    let found = async |words: &str| {
        let (list, total) = store.skills(&index::words(words), None, 10).await.unwrap();
        assert_eq!(list.items.len() as u64, total);
        list.items.into_iter().map(|skill| skill.id).collect::<Vec<_>>()
    };
    assert_eq!(found("quer struct").await, ["sql"]);
    assert_eq!(found("C#").await, ["c-sharp"]);
    assert!(found("uctured").await.is_empty());
    add(&store, "b", "B", skills(&[("rust", "Rust")])).await;
    let (list, _) = store.skills(&[], None, 10).await.unwrap();
    assert_eq!(list.items, [count("rust", "Rust", 3), count("sql", "SQL", 2)]);
}

for_every_engine!(
    a_word_is_the_beginning_of_a_word,
    case_and_accents_do_not_matter,
    words_of_every_script_are_found,
    all_texts_of_a_role_are_looked_at,
    titles_come_first_and_then_names_and_then_texts,
    facets_are_whole_and_go_together_with_words,
    bands_that_reach_into_the_one_asked_for_are_found,
    what_was_changed_at_a_moment_or_later_is_found,
    a_list_is_in_the_order_that_was_asked_for,
    what_is_told_of_a_role_is_its_summary_and_its_revision,
    a_change_is_found_at_once_and_what_was_there_before_is_not,
    a_removed_role_is_found_again_when_it_is_restored,
    paging_survives_what_happens_meanwhile,
    a_position_of_another_order_is_refused,
    hostile_words_find_nothing_and_break_nothing,
    a_total_is_exact_to_ten_thousand,
    skills_are_listed_with_their_commonest_name_and_counts,
);

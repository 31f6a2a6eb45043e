//! A search that looks at every posting, to compare with: random postings, random searches.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use jiff::Timestamp;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use rolewright::domain::KeptPosting;
use rolewright::domain::kept_posting::PostingState;
use rolewright::domain::options::EmploymentType;
use rolewright::domain::place::Workplace;
use rolewright::store::Store;
use rolewright::store::document::*;
use rolewright::store::index;
use rolewright::store::posting_index::PostingIndex;
use rolewright::store::postings::*;
use rolewright::store::search::{SalaryFilter, Total};
use serde_json::{Value, json};

use crate::fixture::*;
use crate::kept::Draft;

/// How often postings are changed and searched for.
const ROUNDS: usize = 60;
/// Few words, many of which begin like others.
const WORDS: [&str; 12] =
    ["lead", "leader", "Leaders", "team", "teams", "c++", "C#", "c", "Café", "cafe", "Straße", "漢字"];
const EMPLOYERS: [&str; 3] = ["acme", "blue", "acme-north"];
const ROLES: [&str; 3] = ["tech-manager", "cook", "team-lead"];
const REGIONS: [&str; 4] = ["US-CO", "US-NY", "DE-BE", "DE-BY"];
const CITIES: [&str; 3] = ["Denver", "Köln", "Team City"];
const PLACES: [&str; 3] = ["on_site", "hybrid", "remote"];
const DEPARTMENTS: [&str; 3] = ["Team", "Teams & Leads", "Café"];
const KINDS: [&str; 3] = ["full_time", "part_time", "intern"];

/// A posting as the naive search knows it.
#[derive(Debug)]
struct Known {
    kept: KeptPosting,
    index: PostingIndex,
    revision: u32,
    at: Timestamp,
    deleted: bool,
}

impl Known {
    fn is_there(&self, employer: Option<&str>) -> bool {
        !self.deleted && employer.is_none_or(|employer| employer == self.index.employer)
    }

    /// The moments that have changed its state, since it was written down.
    fn turns(&self, now: Timestamp) -> impl Iterator<Item = Timestamp> {
        let publication = self.kept.publication.as_ref();
        let scheduled = self.kept.state == PostingState::Scheduled;
        let live = scheduled || self.kept.state == PostingState::Published;
        let opens = publication.filter(|_| scheduled).map(|p| p.opens_at.timestamp());
        let closes = publication.filter(|_| live).and_then(|p| p.closes_at).map(|end| end.timestamp());
        [opens, closes].into_iter().flatten().filter(move |at| *at <= now)
    }
}

/// All postings, by id, and the last change of each employer's.
#[derive(Debug, Default)]
struct Model {
    postings: BTreeMap<String, Known>,
    last: BTreeMap<String, (u64, Timestamp)>,
}

fn one_of<T: Clone + std::fmt::Debug + 'static>(all: &'static [T]) -> impl Strategy<Value = T> {
    prop::sample::select(all)
}

fn text(most: usize) -> impl Strategy<Value = String> {
    prop::collection::vec(one_of(&WORDS), 1..=most).prop_map(|words| words.join(" "))
}

/// Moments around those at which searches are made.
fn moment() -> impl Strategy<Value = Timestamp> {
    (0..12_i64).prop_map(at)
}

fn any_location() -> impl Strategy<Value = Value> {
    let maybe = prop::option::of;
    let place = (maybe(one_of(&REGIONS)), maybe(one_of(&CITIES)), maybe(one_of(&PLACES)));
    (place, any::<bool>()).prop_map(|((region, city, workplace), with_country)| {
        let mut location = json!({"street": "A street"});
        let members = [("region", region), ("city", city), ("workplace", workplace)];
        for (name, value) in members.into_iter().filter_map(|(name, value)| Some((name, value?))) {
            location[name] = json!(value);
        }
        if with_country {
            location["country"] = json!(region.map_or("US", |region| &region[..2]));
        }
        location
    })
}

fn any_salary() -> impl Strategy<Value = Value> {
    let period = prop::option::of(one_of(&["year", "hour"]));
    (1..5_u32, 0..3_u32, one_of(&["USD", "EUR"]), period).prop_map(|(min, more, currency, period)| {
        let mut salary = json!({"min": min, "max": min + more, "currency": currency});
        if let Some(period) = period {
            salary["period"] = json!(period);
        }
        salary
    })
}

fn any_options() -> impl Strategy<Value = Value> {
    let maybe = prop::option::of::<BoxedStrategy<Value>>;
    let texts = |all: &'static [&'static str]| one_of(all).prop_map(Value::from).boxed();
    let areas = prop::collection::vec(one_of(&["US", "US-CO", "DE"]), 0..3);
    (
        maybe(text(3).prop_map(Value::from).boxed()),
        maybe(texts(&DEPARTMENTS)),
        maybe(text(1).prop_map(Value::from).boxed()),
        maybe(texts(&KINDS)),
        maybe((any_salary(), prop::option::of(any::<bool>())).prop_map(show).boxed()),
        prop::collection::vec(any_location(), 0..3),
        areas,
    )
        .prop_map(|(title, department, team, kind, salary, locations, areas)| {
            let members = [
                ("title", title),
                ("department", department),
                ("team", team),
                ("employment_type", kind),
                ("salary", salary),
            ];
            let mut options = json!({"locations": locations, "remote_within": areas});
            for (name, value) in members.into_iter().filter_map(|(name, value)| Some((name, value?))) {
                options[name] = value;
            }
            options
        })
}

fn show((mut salary, show): (Value, Option<bool>)) -> Value {
    if let Some(show) = show {
        salary["show"] = json!(show);
    }
    salary
}

/// A posting of one of a few ids, with one of a few slugs.
fn any_posting() -> impl Strategy<Value = Draft> {
    let life = (
        prop::option::weighted(0.75, one_of(&["scheduled", "published", "closed", "draft"])),
        moment(),
        prop::option::of(moment()),
    );
    let words = (text(2), text(4), prop::option::of(any_salary()));
    (0..16_usize, 0..20_usize, one_of(&ROLES), any_options(), life, words).prop_map(
        |(id, slug, role, options, (state, opens, closes), (title, words, salary))| {
            let draft = Draft::new(EMPLOYERS[id % 3], &format!("p{id:02}"));
            let more = json!({"slug": format!("s{slug}"), "role_id": role, "options": options});
            let Some(state) = state else { return draft.with(more) };
            let block = json!({"kind": "paragraph", "text": {"words": words, "sources": []}});
            let posting = draft.with(more).published(state, opens, closes).saying(&title, json!([block]));
            match salary {
                Some(mut range) => {
                    range["period"] = json!("year");
                    posting.paying(range)
                }
                None => posting,
            }
        },
    )
}

/// The beginnings of words, up to the whole.
fn any_words() -> impl Strategy<Value = Vec<String>> {
    let word = (one_of(&WORDS), 1..9_usize).prop_map(|(word, length)| {
        let word = index::words(word).remove(0);
        word.chars().take(length).collect()
    });
    prop::collection::vec(word, 0..3)
}

/// How likely it is that a search asks for something.
const SELDOM: f64 = 0.15;

fn any_search() -> impl Strategy<Value = PostingSearch> {
    let seldom = |all: &'static [&'static str]| prop::option::weighted(SELDOM, one_of(all));
    let employers = prop::collection::vec(one_of(&["acme", "blue", "acme-north", "nobody"]), 0..3);
    let states = prop::collection::vec(one_of(&PostingState::ALL), 0..4);
    let place = (seldom(&["US", "DE", "FR"]), seldom(&REGIONS), seldom(&CITIES));
    let workplace = prop::option::weighted(SELDOM, one_of(&Workplace::ALL));
    let kind = prop::option::weighted(SELDOM, one_of(&[EmploymentType::FullTime, EmploymentType::Intern]));
    let band = (prop::option::of(1..7_i64), prop::option::of(1..7_i64), one_of(&["USD", "EUR"]));
    (
        (moment(), prop::option::weighted(SELDOM, employers), states, seldom(&ROLES)),
        prop_oneof![3 => Just(Vec::new()), 2 => any_words()],
        (place, workplace, seldom(&DEPARTMENTS), kind),
        (prop::option::weighted(SELDOM, band), prop::option::weighted(SELDOM, 0..8_i64)),
        (one_of(&PostingSort::ALL), 1..6_usize),
    )
        .prop_map(|((now, employers, states, role), words, rest, (band, since), (sort, limit))| {
            let ((country, region, city), workplace, department, employment_type) = rest;
            PostingSearch {
                now,
                employers: employers.map(|all| all.into_iter().map(str::to_owned).collect()),
                states,
                role: role.map(str::to_owned),
                words,
                country: country.map(str::to_owned),
                region: region.map(str::to_owned),
                city: city.map(index::fold),
                workplace,
                department: department.map(index::fold),
                employment_type,
                salary: band.map(|(min, max, currency)| SalaryFilter {
                    min: min.map(|amount| amount * 10_000),
                    max: max.map(|amount| amount * 10_000),
                    currency: currency.into(),
                    period: "year".into(),
                }),
                updated_since: since.map(at),
                sort,
                after: None,
                limit,
            }
        })
}

fn is_found(search: &PostingSearch, known: &Known) -> bool {
    let index = &known.index;
    let same = |asked: &Option<String>, own: Option<&String>| asked.is_none() || asked.as_ref() == own;
    let in_band = |filter: &SalaryFilter| {
        index.salary.as_ref().is_some_and(|(low, high, currency, period)| {
            *currency == filter.currency
                && *period == filter.period
                && filter.min.is_none_or(|min| *high >= min)
                && filter.max.is_none_or(|max| *low <= max)
        })
    };
    let no_place = search.country.is_none() && search.region.is_none() && search.city.is_none();
    let placed = index.places.iter().any(|place| {
        same(&search.country, place.country.as_ref())
            && same(&search.region, place.region.as_ref())
            && same(&search.city, place.city.as_ref())
            && (search.workplace.is_none() || search.workplace == place.workplace)
    });
    known.is_there(None)
        && search.employers.as_ref().is_none_or(|employers| employers.contains(&index.employer))
        && (search.states.is_empty() || search.states.contains(&known.kept.state_at(search.now)))
        && same(&search.role, Some(&index.role))
        && search.words.iter().all(|word| index.words.iter().any(|own| own.starts_with(word.as_str())))
        && (no_place && search.workplace.is_none() || placed)
        && same(&search.department, index.department.as_ref())
        && (search.employment_type.is_none() || search.employment_type == index.employment_type)
        && search.salary.as_ref().is_none_or(in_band)
        && search.updated_since.is_none_or(|since| known.at >= since)
}

impl Model {
    /// What must be found, in order: ids and revisions.
    fn expected(&self, search: &PostingSearch) -> Vec<(String, u32)> {
        let mut found: Vec<_> = self.postings.iter().filter(|(_, known)| is_found(search, known)).collect();
        match search.sort {
            PostingSort::Id => {}
            PostingSort::Newest => found.sort_by_key(|(id, known)| Reverse((known.index.opens_at, *id))),
            PostingSort::Title => found.sort_by_key(|(id, known)| (&known.index.title, *id)),
            PostingSort::Updated => found.sort_by_key(|(id, known)| (Reverse(known.at), *id)),
        }
        found.into_iter().map(|(id, known)| (id.clone(), known.revision)).collect()
    }

    fn edition(&self, employer: Option<&str>, now: Timestamp) -> Edition {
        let there = || self.postings.values().filter(|known| known.is_there(employer));
        let is_public = |known: &&Known| known.kept.state_at(now) == PostingState::Published;
        let last = match employer {
            Some(employer) => self.last.get(employer).copied(),
            None => self.last.values().max().copied(),
        };
        let turned = there().flat_map(|known| known.turns(now)).max();
        Edition {
            count: there().filter(is_public).count() as u64,
            sequence: last.map_or(0, |(sequence, _)| sequence),
            at: last.map(|(_, at)| at).max(turned),
        }
    }

    fn public(&self, employer: Option<&str>, now: Timestamp) -> Vec<String> {
        let there = self.postings.iter().filter(|(_, known)| known.is_there(employer));
        let public = there.filter(|(_, known)| known.kept.state_at(now) == PostingState::Published);
        public.map(|(id, _)| id.clone()).collect()
    }

    /// When each is due, the earliest first.
    fn due(&self) -> Vec<(Timestamp, String)> {
        let there = self.postings.iter().filter(|(_, known)| known.is_there(None));
        let mut due: Vec<_> = there.filter_map(|(id, known)| Some((known.index.due?, id.clone()))).collect();
        due.sort();
        due
    }

    fn holder(&self, employer: &str, slug: &str) -> Option<String> {
        let holds = |known: &Known| known.is_there(Some(employer)) && known.index.slug == slug;
        self.postings.iter().find(|(_, known)| holds(known)).map(|(id, _)| id.clone())
    }

    /// Writes, and notes what must have come of it.
    async fn change(&mut self, store: &dyn Store, draft: Draft, kind: u8, second: i64) {
        let document = draft.document();
        let there = self.postings.get(&document.id).map(|known| known.deleted);
        let (order, kept) = match (there, kind) {
            (Some(true), _) => (restore(document.clone()), self.postings[&document.id].kept.clone()),
            (Some(false), 0..=2) => (delete(document.clone()), self.postings[&document.id].kept.clone()),
            _ => (draft.put(), draft.kept()),
        };
        let deletes = order.edit == Edit::Delete;
        let holder = self.holder(&document.owner, kept.slug.as_str()).filter(|id| *id != document.id);
        let outcome = write(store, Order { at: at(second), ..order }).await;
        if let Some(holder) = holder.filter(|_| !deletes) {
            assert_eq!(outcome, Err(Refusal::SlugTaken(holder)));
            return;
        }
        let written = outcome.unwrap();
        let changes = store.changes(self.sequence(), 10).await.unwrap().items;
        assert_eq!(changes.len(), 1);
        self.last.insert(document.owner.clone(), (changes[0].sequence, at(second)));
        let (index, revision, at) = (PostingIndex::of(&kept), written.revision, written.at);
        self.postings.insert(document.id, Known { kept, index, revision, at, deleted: deletes });
    }

    fn sequence(&self) -> u64 {
        self.last.values().map(|(sequence, _)| *sequence).max().unwrap_or_default()
    }

    /// Compares everything that is no search.
    async fn check(&self, store: &dyn Store, now: Timestamp) {
        for employer in [None, Some("acme"), Some("blue"), Some("acme-north"), Some("nobody")] {
            assert_eq!(store.edition(employer, now).await.unwrap(), self.edition(employer, now));
            let public = store.public(employer, now, None, 100).await.unwrap().items;
            let public: Vec<_> = public.into_iter().map(|posting| posting.id).collect();
            assert_eq!(public, self.public(employer, now), "{employer:?} at {now}");
        }
        let due = self.due();
        assert_eq!(store.next_due().await.unwrap(), due.first().map(|(at, _)| *at));
        let told = store.due(now, 100).await.unwrap();
        let expected: Vec<_> = due.iter().filter(|(at, _)| *at <= now).map(|(_, id)| id).collect();
        assert_eq!(told.iter().map(|document| &document.id).collect::<Vec<_>>(), expected);
        for employer in EMPLOYERS {
            for slug in (0..20).map(|n| format!("s{n}")) {
                let found = store.by_slug(employer, &slug).await.unwrap().map(|document| document.id);
                assert_eq!(found, self.holder(employer, &slug));
            }
        }
    }
}

async fn walk(store: &dyn Store, search: &PostingSearch) -> (Vec<(String, u32)>, Vec<Total>) {
    let mut search = search.clone();
    let (mut all, mut totals) = (Vec::new(), Vec::new());
    loop {
        let found = store.find_postings(&search).await.unwrap();
        all.extend(found.items.into_iter().map(|posting| (posting.id, posting.revision)));
        totals.push(found.total);
        match found.next {
            Some(next) => search.after = Some(next),
            None => return (all, totals),
        }
    }
}

async fn a_search_finds_what_a_look_at_every_posting_finds(store: Fixture) {
    let mut runner = TestRunner::deterministic();
    let mut model = Model::default();
    let mut some = 0;
    for _ in 0..ROUNDS {
        for _ in 0..5 {
            let change = (any_posting(), 0..9_u8, 0..8_i64).new_tree(&mut runner).unwrap();
            let (draft, kind, second) = change.current();
            model.change(&*store, draft, kind, second).await;
        }
        model.check(&*store, moment().new_tree(&mut runner).unwrap().current()).await;
        for _ in 0..16 {
            let search = any_search().new_tree(&mut runner).unwrap().current();
            let expected = model.expected(&search);
            let (found, totals) = walk(&*store, &search).await;
            assert_eq!(found, expected, "{search:#?}");
            let total = Total::Exactly(expected.len() as u64);
            assert!(totals.iter().all(|told| *told == total), "{totals:?} of {total:?} by {search:#?}");
            some += usize::from(!expected.is_empty());
        }
    }
    assert!(some > ROUNDS * 4, "only {some} searches found anything");
    store.check();
}

for_every_engine!(a_search_finds_what_a_look_at_every_posting_finds);

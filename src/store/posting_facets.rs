//! The facets of postings: what a search asks for as a whole. Each is a token of an index of words, and
//! a posting that has all tokens of a search is found, on every engine alike.

use std::collections::BTreeSet;

use sha2::{Digest as _, Sha256};

use super::posting_index::{Place, PostingIndex};
use super::postings::PostingSearch;
use crate::domain::kept_posting::PostingState;

/// What a facet is of.
#[derive(Clone, Copy, Debug)]
enum Facet {
    Employer,
    State,
    Role,
    Department,
    EmploymentType,
    Money,
    Place,
}

impl Facet {
    /// The token: `f`, and 16 hexadecimal digits that stand for the value, which may be any text.
    fn token(self, value: &str) -> String {
        let mut digest = Sha256::new();
        digest.update([self as u8]);
        digest.update(value.as_bytes());
        format!("f{}", hex::encode(&digest.finalize()[..8]))
    }
}

/// All facets of a posting, each once.
pub fn of_posting(index: &PostingIndex) -> Vec<String> {
    let mut tokens = BTreeSet::from([
        Facet::Employer.token(&index.employer),
        Facet::State.token(index.state.as_str()),
        Facet::Role.token(&index.role),
    ]);
    tokens.extend(index.department.iter().map(|name| Facet::Department.token(name)));
    tokens.extend(index.employment_type.map(|kind| Facet::EmploymentType.token(kind.as_str())));
    tokens.extend(index.salary.iter().map(|(_, _, currency, period)| money(currency, period)));
    for place in &index.places {
        tokens.extend(of_place(place));
    }
    tokens.into_iter().collect()
}

/// A place can be asked for by any of what is known of it.
fn of_place(place: &Place) -> impl Iterator<Item = String> {
    let known = place_values(place);
    (1..1_u8 << known.len()).filter_map(move |choice| {
        let chosen = |n: usize| choice & (1 << n) != 0;
        let exists = known.iter().enumerate().all(|(n, value)| !chosen(n) || value.is_some());
        exists.then(|| place_token(std::array::from_fn(|n| known[n].filter(|_| chosen(n)))))
    })
}

fn place_values(place: &Place) -> [Option<&str>; 4] {
    let workplace = place.workplace.map(|workplace| workplace.as_str());
    [place.country.as_deref(), place.region.as_deref(), place.city.as_deref(), workplace]
}

fn place_token(values: [Option<&str>; 4]) -> String {
    // What is not asked for differs from what is empty.
    let text = values.map(|value| value.map_or_else(|| "-".to_owned(), |value| format!("={value}")));
    Facet::Place.token(&text.join("\t"))
}

fn money(currency: &str, period: &str) -> String {
    Facet::Money.token(&format!("{currency}\t{period}"))
}

/// What a search asks for as a whole: of each group, a posting must have one.
pub type Groups = Vec<Vec<String>>;

/// The facets of a search. Where some postings are `overdue`, in another state than the one that is written
/// down, the group of states has all that may have become the ones asked for.
pub fn of_search(search: &PostingSearch, overdue: bool) -> Groups {
    let mut groups = Vec::new();
    if let Some(employers) = &search.employers {
        let employers: BTreeSet<&String> = employers.iter().collect();
        groups.push(employers.into_iter().map(|id| Facet::Employer.token(id)).collect());
    }
    if let Some(states) = states(search) {
        let written = |state: &PostingState| if overdue { may_become(*state) } else { vec![*state] };
        let written: BTreeSet<PostingState> = states.iter().flat_map(written).collect();
        groups.push(written.into_iter().map(|state| Facet::State.token(state.as_str())).collect());
    }
    groups.extend(singles(search).into_iter().map(|token| vec![token]));
    groups
}

/// The facets of a search of which there can be only one each, five at most: all but employers and states.
pub fn singles(search: &PostingSearch) -> Vec<String> {
    let workplace = search.workplace.map(|workplace| workplace.as_str());
    let place = [search.country.as_deref(), search.region.as_deref(), search.city.as_deref(), workplace];
    let tokens = [
        search.role.as_ref().map(|role| Facet::Role.token(role)),
        search.department.as_ref().map(|name| Facet::Department.token(name)),
        search.employment_type.map(|kind| Facet::EmploymentType.token(kind.as_str())),
        search.salary.as_ref().map(|band| money(&band.currency, &band.period)),
        place.iter().any(Option::is_some).then(|| place_token(place)),
    ];
    tokens.into_iter().flatten().collect()
}

/// The states that a search is narrowed to, if it is.
pub fn states(search: &PostingSearch) -> Option<BTreeSet<PostingState>> {
    let states: BTreeSet<PostingState> = search.states.iter().copied().collect();
    (!states.is_empty() && states.len() < PostingState::ALL.len()).then_some(states)
}

/// The state that a search is narrowed to, if it is one alone.
pub fn only_state(search: &PostingSearch) -> Option<PostingState> {
    states(search).filter(|states| states.len() == 1)?.into_iter().next()
}

/// Whether a search asks for nothing but states and employers.
pub fn is_counted(search: &PostingSearch) -> bool {
    search.words.is_empty() && singles(search).is_empty() && search.updated_since.is_none()
}

/// The employers whose postings are kept count of that a search asks for; the empty one for that of all.
/// No employer's id is empty.
pub fn counted_lists(search: &PostingSearch) -> Vec<String> {
    match &search.employers {
        Some(employers) => employers.iter().filter(|id| !id.is_empty()).cloned().collect(),
        None => vec![String::new()],
    }
}

/// The states that may be written down of a posting that is in this one.
fn may_become(state: PostingState) -> Vec<PostingState> {
    match state {
        PostingState::Draft | PostingState::Scheduled => vec![state],
        PostingState::Published => vec![PostingState::Scheduled, state],
        PostingState::Closed => vec![PostingState::Scheduled, PostingState::Published, state],
    }
}

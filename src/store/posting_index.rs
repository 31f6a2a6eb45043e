//! What a search looks at in a posting, made from it when it is written, for every engine alike.

use jiff::Timestamp;

use super::index::{distinct, fold, words};
use crate::domain::KeptPosting;
use crate::domain::kept_posting::PostingState;
use crate::domain::options::{EmploymentType, SalaryOptions};
use crate::domain::place::Workplace;
use crate::domain::posting::Block;

/// The most words of a posting, and the most bytes of them, that can be searched for: more than anybody
/// writes, and no more than a database takes.
const MAX_WORDS: usize = 10_000;
const MAX_BYTES: usize = 500_000;

/// What a search looks at in a posting. Moments are whole milliseconds, rounded up: nothing is done
/// before its time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostingIndex {
    /// The id of the employer.
    pub employer: String,
    /// Names it among the postings of its employer.
    pub slug: String,
    /// The id of the role.
    pub role: String,
    /// The state that is written down.
    pub state: PostingState,
    /// From when on it is, or was, public; nothing for a draft.
    pub opens_at: Option<Timestamp>,
    /// From when on it is not public any more, if its last day is known; nothing for a draft.
    pub closes_at: Option<Timestamp>,
    /// From when on it is in another state than the one that is written down, if that comes by itself.
    pub due: Option<Timestamp>,
    /// The folded title.
    pub title: String,
    /// The folded department.
    pub department: Option<String>,
    /// `full_time` and so on.
    pub employment_type: Option<EmploymentType>,
    /// Where the work is done, and where a remote worker may be.
    pub places: Vec<Place>,
    /// The pay that it shows: lower end, upper end (ten-thousandths of a major unit), currency, period.
    pub salary: Option<(i64, i64, String, String)>,
    /// The folded words of title, employer, department, team, cities, requisition id, slug, and role id,
    /// and of what the posting says.
    pub words: Vec<String>,
}

/// A place, as a search looks at it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// ISO 3166-1.
    pub country: Option<String>,
    /// ISO 3166-2.
    pub region: Option<String>,
    /// Folded.
    pub city: Option<String>,
    /// How much of the work is done there.
    pub workplace: Option<Workplace>,
}

impl PostingIndex {
    /// The index of a posting.
    pub fn of(posting: &KeptPosting) -> Self {
        let options = posting.shown_options();
        let published = posting.publication.as_ref().filter(|_| posting.state != PostingState::Draft);
        let opens_at = published.map(|publication| rounded_up(publication.opens_at.timestamp()));
        let closes_at =
            published.and_then(|publication| publication.closes_at).map(|end| rounded_up(end.timestamp()));
        Self {
            employer: posting.employer_id.to_string(),
            slug: posting.slug.to_string(),
            role: posting.role_id.to_string(),
            state: posting.state,
            opens_at,
            closes_at,
            due: match posting.state {
                PostingState::Scheduled => opens_at.into_iter().chain(closes_at).min(),
                PostingState::Published => closes_at,
                PostingState::Draft | PostingState::Closed => None,
            },
            title: fold(&title(posting)),
            department: options.department.as_ref().and_then(|name| folded(name.as_str())),
            employment_type: options.employment_type,
            places: places(posting),
            salary: salary(posting),
            words: bounded(distinct(texts(posting).iter().flat_map(|text| words(text)).collect())),
        }
    }
}

fn rounded_up(at: Timestamp) -> Timestamp {
    let floor = at.as_millisecond();
    let whole = Timestamp::from_millisecond(floor).unwrap_or(at);
    if whole < at { Timestamp::from_millisecond(floor + 1).unwrap_or(at) } else { whole }
}

fn folded(text: &str) -> Option<String> {
    Some(fold(text)).filter(|folded| !folded.is_empty())
}

fn title(posting: &KeptPosting) -> String {
    match (&posting.publication, &posting.options.title) {
        (Some(publication), _) => publication.vacancy.title.clone(),
        (None, Some(title)) => title.to_string(),
        (None, None) => posting.role_id.as_str().replace('-', " "),
    }
}

fn places(posting: &KeptPosting) -> Vec<Place> {
    let options = posting.shown_options();
    let locations = options.locations.iter().map(|location| Place {
        country: location.country_code().map(str::to_owned),
        region: location.region.map(|region| region.code().to_owned()),
        city: location.city.as_ref().and_then(|city| folded(city.as_str())),
        workplace: location.workplace,
    });
    let areas = options.remote_within.iter().map(|area| Place {
        country: Some(area.country_code().to_owned()),
        region: area.region().map(|region| region.code().to_owned()),
        city: None,
        workplace: Some(Workplace::Remote),
    });
    locations.chain(areas).collect()
}

/// What it shows, once it was composed; until then, what it says itself that it will show.
fn salary(posting: &KeptPosting) -> Option<(i64, i64, String, String)> {
    let range = match &posting.publication {
        Some(publication) => publication.vacancy.salary.as_ref()?.range.clone(),
        None => {
            let shown = |salary: &&SalaryOptions| salary.show != Some(false);
            posting.options.salary.as_ref().filter(shown)?.range(None)?
        }
    };
    let (currency, period) = (range.currency.code().to_owned(), range.period.as_str().to_owned());
    Some((range.min.scaled(), range.max.scaled(), currency, period))
}

/// What can be searched for, the most telling first.
fn texts(posting: &KeptPosting) -> Vec<String> {
    let options = posting.shown_options();
    let employer = options.employer.as_ref().map(|employer| employer.name.to_string());
    let facts = [&options.department, &options.team, &options.requisition_id].into_iter().flatten();
    let cities = options.locations.iter().filter_map(|location| location.city.as_ref());
    let ids = [&posting.employer_id, &posting.slug, &posting.role_id];
    let mut texts: Vec<String> = std::iter::once(title(posting)).chain(employer).collect();
    texts.extend(facts.chain(cities).map(ToString::to_string));
    texts.extend(ids.map(ToString::to_string));
    let sections = posting.publication.iter().flat_map(|publication| &publication.posting.sections);
    for block in sections.flat_map(|section| &section.blocks) {
        texts.extend(said(block).map(str::to_owned));
    }
    texts
}

fn said<'b>(block: &'b Block<'_>) -> impl Iterator<Item = &'b str> {
    let items = block.items.iter().flat_map(|item| item.label.iter().chain([&item.words]));
    block.text.iter().map(|passage| &passage.words).chain(items).map(|words| &**words)
}

fn bounded(mut words: Vec<String>) -> Vec<String> {
    let mut bytes = 0;
    let fits = |word: &&String| {
        bytes += word.len();
        bytes <= MAX_BYTES
    };
    let count = words.iter().take(MAX_WORDS).take_while(fits).count();
    words.truncate(count);
    words
}

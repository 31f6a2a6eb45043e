//! What a query asks of the postings, and where a page of them starts.

use std::str::FromStr;

use jiff::Timestamp;
use utoipa::IntoParams;

use super::super::caller::{Caller, no_employer};
use super::super::cursor::{Listing, Place, id};
use super::super::extract::{Names, Query, SearchText, names};
use super::super::problem::Problem;
use super::super::roles::list::salary;
use super::super::since::Since;
use super::super::spec::words;
use crate::domain::kept_posting::PostingState;
use crate::domain::options::EmploymentType;
use crate::domain::place::{Country, Region, Workplace};
use crate::domain::salary::{Amount, Currency, Period};
use crate::domain::{Slug, Violation};
use crate::store::MAX_PAGE;
use crate::store::postings::{PostingPosition, PostingSearch, PostingSort};

const DEFAULT_PAGE: usize = 20;

/// What to find, and which page of it. Whatever is given must hold; an empty text asks for nothing.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "documents the query")]
pub struct PostingsQuery {
    /// Up to 16 words, each of which must be the beginning of a word of the posting; case and accents do not matter.
    #[param(inline, nullable = false, example = "engineering manag")]
    q: Option<SearchText>,
    /// The id of the employer.
    #[param(inline, nullable = false, example = "acme")]
    employer: Option<Slug>,
    /// The state. Without a key only `published` can be had, and that is the default then.
    #[param(inline, nullable = false, example = "published")]
    state: Option<StateWord>,
    /// The id of the role.
    #[param(inline, nullable = false, example = "tech-manager")]
    role: Option<Slug>,
    /// The country of the work (ISO 3166-1 alpha-2). Country, region, and city must be those of one place.
    #[param(inline, nullable = false, example = "US")]
    country: Option<Country>,
    /// The region of the work (ISO 3166-2).
    #[param(inline, nullable = false, example = "US-CO")]
    region: Option<Region>,
    /// The whole name of the city; case and accents do not matter.
    #[param(inline, nullable = false, example = "Denver")]
    city: Option<SearchText>,
    /// How much of the work is done at the employer's place.
    #[param(inline, nullable = false, example = "hybrid")]
    workplace: Option<Workplace>,
    /// The whole name of the department; case and accents do not matter.
    #[param(inline, nullable = false, example = "Engineering")]
    department: Option<SearchText>,
    /// The kind of employment.
    #[param(inline, nullable = false, example = "full_time")]
    employment_type: Option<EmploymentType>,
    /// Finds pay that reaches this amount, in major units: its upper end is not below it. Needs `currency`.
    #[param(inline, nullable = false, example = 150_000)]
    salary_min: Option<Amount>,
    /// Finds pay that starts at this amount or below: its lower end is not above it. Needs `currency`.
    #[param(inline, nullable = false, example = 185_000)]
    salary_max: Option<Amount>,
    /// The currency of the pay that is shown. Nothing is converted.
    #[param(inline, nullable = false, example = "USD")]
    currency: Option<Currency>,
    /// What the pay is for. Needs `currency`. Default `year`.
    #[param(inline, nullable = false, example = "year")]
    period: Option<Period>,
    /// Finds postings that were changed at this moment or later (a date means its midnight UTC).
    #[param(inline, nullable = false, example = "2020-01-31")]
    updated_since: Option<Since>,
    /// The order. `newest`, the default, puts those first that became public last; `title` is alphabetical; `updated` puts the
    /// last changed first.
    #[param(inline, nullable = false, example = "newest")]
    sort: Option<SortWord>,
    /// The most postings on a page. Default 20.
    #[param(nullable = false, minimum = 1, maximum = 100, example = 20)]
    limit: Option<u8>,
    /// The page to read: the `next_cursor` of the page before, with the same parameters but for `limit`. Leave out for the
    /// first.
    #[param(nullable = false, max_length = 2000, pattern = "^[A-Za-z0-9_-]+$")]
    cursor: Option<String>,
}

words!(StateWord: PostingState::ALL.map(PostingState::as_str));
words!(SortWord: PostingSort::ALL.map(PostingSort::as_str));

/// The names of its parameters.
pub static POSTINGS_QUERY: Names = Names::new(names::<PostingsQuery>);

/// What a query asks for, and the list that it is.
///
/// # Errors
/// Problems that name the parameter, and an employer that the caller does not see.
pub fn search(mut query: Query, caller: &Caller) -> Result<(PostingSearch, Listing), Problem> {
    let mut search = PostingSearch {
        employers: caller.limited_to().map(<[String]>::to_vec),
        states: states(&mut query, caller),
        role: query.parse("role", |id| Slug::try_from(id)).map(|id| id.to_string()),
        words: query.words("q"),
        country: query.parse("country", Country::from_str).map(|country| country.code().to_owned()),
        region: query.parse("region", Region::from_str).map(|region| region.code().to_owned()),
        city: query.folded("city"),
        workplace: query.choose("workplace", &Workplace::ALL, Workplace::as_str),
        department: query.folded("department"),
        employment_type: query.choose("employment_type", &EmploymentType::ALL, EmploymentType::as_str),
        salary: salary(&mut query),
        updated_since: query.parse("updated_since", Since::from_str).map(Since::timestamp),
        sort: query.choose("sort", &PostingSort::ALL, PostingSort::as_str).unwrap_or_default(),
        limit: query.integer("limit", 1, MAX_PAGE).unwrap_or(DEFAULT_PAGE),
        ..PostingSearch::at(Timestamp::now())
    };
    let employer = query.parse("employer", |id| Slug::try_from(id));
    let cursor = query.text("cursor").map(str::to_owned);
    query.finish()?;
    if let Some(employer) = employer {
        if !caller.sees(employer.as_str()) {
            return Err(no_employer(employer.as_str()));
        }
        search.employers = Some(vec![employer.to_string()]);
    }
    let listing = listing(&search);
    if let Some(cursor) = cursor {
        let position: PostingPosition = listing.place("cursor", &cursor)?;
        if !position.is_of(search.sort) {
            return Err(listing.unknown("cursor"));
        }
        search.after = Some(position);
    }
    Ok((search, listing))
}

/// The states that may be found: without a key, what is public.
fn states(query: &mut Query, caller: &Caller) -> Vec<PostingState> {
    let asked = query.choose("state", &PostingState::ALL, PostingState::as_str);
    match asked {
        Some(state) if caller.has_key() || state == PostingState::Published => vec![state],
        Some(_) => {
            query.refuse("state", Violation::new("", "can only be `published` without an API key"));
            Vec::new()
        }
        None if caller.has_key() => Vec::new(),
        None => vec![PostingState::Published],
    }
}

/// The list that a search makes, whatever the page.
fn listing(search: &PostingSearch) -> Listing {
    // `now` goes on from page to page.
    let asked = PostingSearch { now: Timestamp::UNIX_EPOCH, after: None, limit: 0, ..search.clone() };
    Listing::of("postings", &[&format!("{asked:?}")])
}

/// A place in a list of postings: a letter for the order, and the keys in it.
impl Place for PostingPosition {
    fn write(&self, bytes: &mut Vec<u8>) {
        let mut keys = |order: u8, number: Option<i64>, id: &str| {
            bytes.push(order);
            bytes.extend(number.into_iter().flat_map(i64::to_be_bytes));
            bytes.extend_from_slice(id.as_bytes());
        };
        match self {
            Self::Newest(Some(at), id) => keys(b'n', Some(*at), id),
            Self::Newest(None, id) => keys(b'd', None, id),
            Self::Id(id) => keys(b'i', None, id),
            Self::Title(title, id) => keys(b't', None, &format!("{id}/{title}")),
            Self::Updated(at, id) => keys(b'u', Some(*at), id),
        }
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let (order, keys) = bytes.split_first()?;
        let timed = || {
            let (at, rest) = keys.split_first_chunk()?;
            let at = i64::from_be_bytes(*at);
            Timestamp::from_millisecond(at).ok()?;
            Some((at, id(rest)?))
        };
        match order {
            b'n' => timed().map(|(at, id)| Self::Newest(Some(at), id)),
            b'd' => id(keys).map(|id| Self::Newest(None, id)),
            b'i' => id(keys).map(Self::Id),
            b't' => {
                let (id_, title) = std::str::from_utf8(keys).ok()?.split_once('/')?;
                let folded = title.chars().all(|c| c.is_alphanumeric() || c == ' ');
                folded.then_some(Self::Title(title.to_owned(), id(id_.as_bytes())?))
            }
            b'u' => timed().map(|(at, id)| Self::Updated(at, id)),
            _ => None,
        }
    }
}

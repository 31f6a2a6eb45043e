//! The list of postings: what is found, and a page of it.

use std::str::FromStr;

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::super::caller::{Caller, no_employer};
use super::super::cursor::{Listing, Place, id};
use super::super::extract::{Names, Query, SearchText, names};
use super::super::problem::{Problem, problems};
use super::super::roles::list::salary;
use super::super::since::Since;
use super::super::spec::{NotModified, words};
use super::super::{State, answer};
use crate::domain::kept_posting::PostingState;
use crate::domain::options::EmploymentType;
use crate::domain::place::{Area, Country, Location, Region, Workplace};
use crate::domain::posting::ShownSalary;
use crate::domain::salary::{Amount, Currency, Period};
use crate::domain::{Date, KeptPosting, Moment, PostingOptions, Slug, Text, Violation};
use crate::store::MAX_PAGE;
use crate::store::document::Listed;
use crate::store::keys::Scope;
use crate::store::postings::{FoundPostings, PostingPosition, PostingSearch, PostingSort};
use crate::store::search::Total;

problems!(
    ListProblems: UnknownParameter, DuplicateParameter, InvalidCursor, EmployerNotFound, InvalidParameter, Unavailable,
);

const DEFAULT_PAGE: usize = 20;

/// A page of the postings that a search found.
#[derive(Debug, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PostingPage {
    /// The postings of this page, in the order of `sort`.
    #[schema(max_items = 100)]
    pub items: Vec<PostingSummary>,
    /// How many postings the search found on all pages; counting ends at 10,000.
    #[schema(minimum = 0)]
    pub total: u64,
    /// Whether there are exactly `total`; else there are so many at least.
    pub total_is_exact: bool,
    /// The `cursor` of the next page, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_length = 2000, example = "wpSGhHNWsKJpdGVjaC1tYW5hZ2Vy")]
    pub next_cursor: Option<String>,
}

/// A posting in a list: as it was published, or as it will be by its own options.
#[derive(Debug, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PostingSummary {
    /// Identifies the posting.
    #[schema(example = "0193a5e8-7b1c-7d3e-9f00-2b6c1d0e4a55")]
    pub id: String,
    /// Where it is in its life.
    pub state: PostingState,
    /// The kept employer whose posting it is.
    pub employer_id: Slug,
    /// The role that is posted.
    pub role_id: Slug,
    /// Names the posting in URLs, among those of its employer.
    pub slug: Slug,
    /// Where its public page is, or will be.
    #[schema(max_length = 3000)]
    pub url: String,
    /// Its title; of what was never published, only if its options name one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub title: Option<String>,
    /// The department that hires.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub department: Option<Text>,
    /// The team that hires.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub team: Option<Text>,
    /// The employer's own number for the opening.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub requisition_id: Option<Text>,
    /// Kind of employment.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub employment_type: Option<EmploymentType>,
    /// Where the work is done.
    #[schema(max_items = 200)]
    pub locations: Vec<Location>,
    /// Where a remote worker may be.
    #[schema(max_items = 200)]
    pub remote_within: Vec<Area>,
    /// The pay that it shows.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub salary: Option<ShownSalary>,
    /// First day on which it is public.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub date_posted: Option<Date>,
    /// Last day for applications.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub valid_through: Option<Date>,
    /// From when on it is, was, or will be public.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub opens_at: Option<Moment>,
    /// From when on it is public no more.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub closes_at: Option<Moment>,
    /// The revision.
    #[schema(minimum = 1)]
    pub revision: u32,
    /// When that was made.
    pub updated_at: Moment,
}

/// What a list reads of a posting: all but its words.
#[derive(Deserialize)]
struct Glimpse {
    state: PostingState,
    employer_id: Slug,
    role_id: Slug,
    slug: Slug,
    #[serde(default)]
    options: PostingOptions,
    publication: Option<Publication>,
}

#[derive(Deserialize)]
struct Publication {
    opens_at: Moment,
    closes_at: Option<Moment>,
    vacancy: crate::domain::Vacancy,
}

impl PostingSummary {
    /// What a list tells of a published posting, for the specification.
    pub fn of_published(
        posting: &KeptPosting,
        publication: &crate::domain::kept_posting::Publication,
        revision: u32,
        at: Timestamp,
        address: impl Fn(&str) -> String,
    ) -> Self {
        let glimpse = Glimpse {
            state: posting.state,
            employer_id: posting.employer_id.clone(),
            role_id: posting.role_id.clone(),
            slug: posting.slug.clone(),
            options: posting.options.clone(),
            publication: Some(Publication {
                opens_at: publication.opens_at,
                closes_at: publication.closes_at,
                vacancy: publication.vacancy.clone(),
            }),
        };
        Self::of_glimpse(posting.id.to_string(), revision, at, glimpse, posting.state, address)
    }

    fn of(listed: Listed, now: Timestamp, api: &State) -> Result<Self, Problem> {
        let Listed { id, revision, at, body } = listed;
        let glimpse: Glimpse = serde_json::from_str(&body).map_err(Problem::internal)?;
        let state = glimpse.state_at(now);
        Ok(Self::of_glimpse(id, revision, at, glimpse, state, |path| api.told(path)))
    }

    fn of_glimpse(
        id: String,
        revision: u32,
        at: Timestamp,
        glimpse: Glimpse,
        state: PostingState,
        address: impl Fn(&str) -> String,
    ) -> Self {
        let url = address(&format!("/careers/{}/{}", glimpse.employer_id, glimpse.slug));
        let Glimpse { employer_id, role_id, slug, options, publication, .. } = glimpse;
        let blank = Self {
            id,
            state,
            employer_id,
            role_id,
            slug,
            url,
            title: None,
            department: None,
            team: None,
            requisition_id: None,
            employment_type: None,
            locations: Vec::new(),
            remote_within: Vec::new(),
            salary: None,
            date_posted: None,
            valid_through: None,
            opens_at: publication.as_ref().map(|publication| publication.opens_at),
            closes_at: publication.as_ref().and_then(|publication| publication.closes_at),
            revision,
            updated_at: at.into(),
        };
        match publication {
            Some(Publication { vacancy, .. }) => Self {
                title: Some(vacancy.title),
                department: vacancy.department,
                team: vacancy.team,
                requisition_id: vacancy.requisition_id,
                employment_type: vacancy.employment_type,
                locations: vacancy.locations,
                remote_within: vacancy.remote_within,
                salary: vacancy.salary,
                date_posted: vacancy.date_posted,
                valid_through: vacancy.valid_through,
                ..blank
            },
            None => Self {
                title: options.title.as_ref().map(ToString::to_string),
                locations: options.locations.to_vec(),
                remote_within: options.remote_within.to_vec(),
                department: options.department,
                team: options.team,
                requisition_id: options.requisition_id,
                employment_type: options.employment_type,
                date_posted: options.date_posted,
                valid_through: options.valid_through,
                ..blank
            },
        }
    }
}

impl Glimpse {
    fn state_at(&self, now: Timestamp) -> PostingState {
        let times = self.publication.as_ref();
        let times = times.map(|times| (times.opens_at.timestamp(), times.closes_at.map(Moment::timestamp)));
        self.state.at(times, now)
    }
}

/// What to find, and which page of it. Whatever is given must hold; an empty text asks for nothing.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "documents the query")]
struct PostingsQuery {
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

static POSTINGS_QUERY: Names = Names::new(names::<PostingsQuery>);

/// Find postings
///
/// Lists the postings that a search finds, a page at a time. Without a key it finds what is public; with one, drafts and what
/// was closed, too. A key that is limited to employers sees theirs.
#[utoipa::path(
    tag = "Postings",
    operation_id = "list_postings",
    security(("key" = ["read"])),
    params(PostingsQuery),
    responses((status = 200, description = "A page of postings.", body = PostingPage), NotModified, ListProblems),
)]
#[get("/api/v1/postings")]
pub async fn list_postings(
    request: HttpRequest,
    caller: Caller,
    state: Data<State>,
) -> Result<HttpResponse, Problem> {
    caller.may(Scope::Read)?;
    let query = Query::of(&request, &POSTINGS_QUERY)?;
    let (search, listing) = search(query, &caller)?;
    let FoundPostings { items, total, next } = state.store.find_postings(&search).await?;
    let (total, total_is_exact) = match total {
        Total::Exactly(total) => (total, true),
        Total::AtLeast(total) => (total, false),
    };
    let items = items.into_iter().map(|listed| PostingSummary::of(listed, search.now, &state));
    let page = PostingPage {
        items: items.collect::<Result<_, _>>()?,
        total,
        total_is_exact,
        next_cursor: next.map(|position| listing.cursor(&position)),
    };
    answer::json(&request, &page)
}

/// What a query asks for, and the list that it is.
fn search(mut query: Query, caller: &Caller) -> Result<(PostingSearch, Listing), Problem> {
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

//! The list of postings: what is found, and a page of it.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::caller::Caller;
use super::super::extract::Query;
use super::super::problem::{Problem, problems};
use super::super::spec::NotModified;
use super::super::{State, answer};
use super::search::{POSTINGS_QUERY, PostingsQuery, search};
use crate::domain::kept_posting::PostingState;
use crate::domain::options::EmploymentType;
use crate::domain::place::{Area, Location};
use crate::domain::posting::ShownSalary;
use crate::domain::{Date, KeptPosting, Moment, PostingOptions, Slug, Text, Vacancy};
use crate::store::document::Listed;
use crate::store::keys::Scope;
use crate::store::postings::FoundPostings;
use crate::store::search::Total;

problems!(
    ListProblems: UnknownParameter, DuplicateParameter, InvalidCursor, EmployerNotFound, InvalidParameter, Unavailable,
);

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
    vacancy: Vacancy,
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

//! Finding roles.

use std::str::FromStr;

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::super::State;
use super::super::answer;
use super::super::caller::Caller;
use super::super::cursor::Listing;
use super::super::extract::{Names, Query, SearchText, names};
use super::super::problem::{Problem, problems};
use super::super::since::Since;
use super::super::spec::{NotModified, words};
use crate::domain::salary::{Amount, Currency, Period};
use crate::domain::{Moment, Role, Slug, Violation};
use crate::store::MAX_PAGE;
use crate::store::index::{RoleIndex, Summary};
use crate::store::keys::Scope;
use crate::store::search::{Found, Hit, Position, SalaryFilter, Search, Sort, Total};

problems!(ListProblems: UnknownParameter, DuplicateParameter, InvalidCursor, InvalidParameter, Unavailable);

const DEFAULT_PAGE: usize = 20;

/// A page of the roles that a search found.
#[derive(Debug, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RolePage {
    /// The roles of this page, in the order of `sort`.
    #[schema(max_items = 100)]
    pub items: Vec<RoleSummary>,
    /// How many roles the search found on all pages; counting ends at 10,000.
    #[schema(minimum = 0)]
    pub total: u64,
    /// Whether there are exactly `total`; else there are so many at least.
    pub total_is_exact: bool,
    /// The `cursor` of the next page, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_length = 2000, example = "wpSGhHNWsKJpdGVjaC1tYW5hZ2Vy")]
    pub next_cursor: Option<String>,
}

/// A role in a list.
#[derive(Debug, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RoleSummary {
    /// Identifies the role in URLs.
    #[schema(example = "tech-manager")]
    pub id: String,
    /// The job title.
    #[schema(example = "Tech Manager")]
    pub title: String,
    /// Other titles that the same job goes by.
    #[schema(max_items = 200)]
    pub alternate_titles: Vec<String>,
    /// The job family.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "Technology")]
    pub family: Option<String>,
    /// What the job is, in a few sentences.
    pub summary: String,
    /// The revision.
    #[schema(minimum = 1)]
    pub revision: u32,
    /// When that was made.
    pub updated_at: Moment,
}

impl RolePage {
    /// A page of what was found; cursors lead on in `listing`.
    ///
    /// # Errors
    /// A fault of ours, when the index has what is no summary.
    pub fn of(found: Found, listing: Listing) -> Result<Self, Problem> {
        let (total, total_is_exact) = match found.total {
            Total::Exactly(total) => (total, true),
            Total::AtLeast(total) => (total, false),
        };
        Ok(Self {
            items: found.hits.iter().map(RoleSummary::of).collect::<Result<_, _>>()?,
            total,
            total_is_exact,
            next_cursor: found.next.map(|position| listing.cursor(&position)),
        })
    }

    /// A page with one role, for the specification.
    pub fn of_one(role: &Role, at: Timestamp) -> Self {
        let summary = RoleIndex::of(role).summary.into();
        let hit = Hit { summary, revision: 1, at };
        let items = RoleSummary::of(&hit).into_iter().collect();
        Self { items, total: 1, total_is_exact: true, next_cursor: None }
    }
}

impl RoleSummary {
    fn of(hit: &Hit) -> Result<Self, Problem> {
        let summary: Summary = serde_json::from_str(&hit.summary).map_err(Problem::internal)?;
        let Summary { id, title, alternate_titles, family, summary } = summary;
        let updated_at = hit.at.into();
        Ok(Self { id, title, alternate_titles, family, summary, revision: hit.revision, updated_at })
    }
}

/// What to find, and which page of it. Whatever is given must hold; an empty text asks for nothing.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "documents the query")]
struct RolesQuery {
    /// Up to 16 words, each of which must be the beginning of a word of the title, alternate titles, keywords, family,
    /// summary, mission, responsibilities, or skills; case and accents do not matter.
    #[param(inline, nullable = false, example = "engineering manag")]
    q: Option<SearchText>,
    /// The whole name of a job family; case and accents do not matter.
    #[param(inline, nullable = false, example = "Technology")]
    family: Option<SearchText>,
    /// The id or the whole name of a skill; in a name, case and accents do not matter.
    #[param(inline, nullable = false, example = "Conflict Resolution")]
    skill: Option<SearchText>,
    /// A tag of a responsibility or a skill.
    #[param(inline, nullable = false, example = "leadership")]
    tag: Option<Slug>,
    /// Finds pay bands that reach this amount, in major units: their upper end is not below it. Needs `currency`.
    #[param(inline, nullable = false, example = 150_000)]
    salary_min: Option<Amount>,
    /// Finds pay bands that start at this amount or below: their lower end is not above it. Needs `currency`.
    #[param(inline, nullable = false, example = 185_000)]
    salary_max: Option<Amount>,
    /// The currency of the pay band. Nothing is converted: bands in other currencies are not found.
    #[param(inline, nullable = false, example = "USD")]
    currency: Option<Currency>,
    /// What the pay band is for; bands for another period are not found. Needs `currency`. Default `year`.
    #[param(inline, nullable = false, example = "year")]
    period: Option<Period>,
    /// Finds roles that were changed at this moment or later (a date means its midnight UTC). Those that were removed are
    /// not in the list, but in the changes.
    #[param(inline, nullable = false, example = "2020-01-31")]
    updated_since: Option<Since>,
    /// The order. `relevance`, the default with `q`, needs `q`, and puts those first whose title is what is asked for, then
    /// those whose title has all the words, then those whose names have, then the others. `id` is the default
    /// without `q`; `title` is alphabetical; `updated` puts the last changed first.
    #[param(inline, nullable = false, example = "relevance")]
    sort: Option<SortWord>,
    /// The most roles on a page. Default 20.
    #[param(nullable = false, minimum = 1, maximum = 100, example = 20)]
    limit: Option<u8>,
    /// The page to read: the `next_cursor` of the page before, with the same parameters but for `limit`. Leave out for the
    /// first.
    #[param(nullable = false, max_length = 2000, pattern = "^[A-Za-z0-9_-]+$")]
    cursor: Option<String>,
}

words!(SortWord: Sort::ALL.map(Sort::as_str));

static ROLES_QUERY: Names = Names::new(names::<RolesQuery>);

/// Find roles
///
/// Lists the roles that a search finds, a page at a time; without parameters all of them. Roles that are added, changed, or
/// removed meanwhile move nobody: a page starts after the last role of the page before, wherever that is now.
#[utoipa::path(
    tag = "Roles",
    operation_id = "list_roles",
    security(("key" = ["read"])),
    params(RolesQuery),
    responses((status = 200, description = "A page of roles.", body = RolePage), NotModified, ListProblems),
    security(("key" = ["read"])),
)]
#[get("/api/v1/roles")]
pub async fn list_roles(
    request: HttpRequest,
    caller: Caller,
    state: Data<State>,
) -> Result<HttpResponse, Problem> {
    caller.may(Scope::Read)?;
    let query = Query::of(&request, &ROLES_QUERY)?;
    let (search, listing) = search(query)?;
    answer::json(&request, &RolePage::of(state.store.find(&search).await?, listing)?)
}

/// What a query asks for, and the list that it is.
fn search(mut query: Query) -> Result<(Search, Listing), Problem> {
    let words = query.words("q");
    let default = if words.is_empty() { Sort::Id } else { Sort::Relevance };
    let sort = query.choose("sort", &Sort::ALL, Sort::as_str).unwrap_or(default);
    if sort == Sort::Relevance && query.text("q").is_none_or(|q| q.trim().is_empty()) {
        query.refuse("sort", Violation::new("", "`relevance` needs words to look for, in `q`"));
    }
    let mut search = Search {
        words,
        family: query.folded("family"),
        skill: query.folded("skill").map(|folded| skill_key(query.text("skill"), folded)),
        tag: query.parse("tag", |tag| Slug::try_from(tag)).map(|tag| tag.to_string()),
        salary: salary(&mut query),
        updated_since: query.parse("updated_since", Since::from_str).map(Since::timestamp),
        sort,
        after: None,
        limit: query.integer("limit", 1, MAX_PAGE).unwrap_or(DEFAULT_PAGE),
    };
    let listing = listing(&search);
    let cursor = query.text("cursor").map(str::to_owned);
    query.finish()?;
    if let Some(cursor) = cursor {
        let position: Position = listing.place("cursor", &cursor)?;
        if !position.is_of(sort) {
            return Err(listing.unknown("cursor"));
        }
        search.after = Some(position);
    }
    Ok((search, listing))
}

/// An id as it is, a name folded.
fn skill_key(given: Option<&str>, folded: String) -> String {
    given.and_then(|text| Slug::try_from(text).ok()).map_or(folded, |id| id.to_string())
}

/// The band that a query asks for.
pub fn salary(query: &mut Query) -> Option<SalaryFilter> {
    let min = query.parse("salary_min", Amount::from_str);
    let max = query.parse("salary_max", Amount::from_str);
    let currency = query.parse("currency", Currency::from_str);
    let period = query.choose("period", &Period::ALL, Period::as_str);
    if let (Some(min), Some(max)) = (min, max)
        && min > max
    {
        query.refuse("salary_min", Violation::new("", format!("is above salary_max ({min} > {max})")));
    }
    let needs_currency = ["salary_min", "salary_max", "period"].iter().any(|name| query.text(name).is_some());
    if needs_currency && query.text("currency").is_none() {
        let detail = "is missing: amounts are compared with bands in the same currency";
        query.refuse("currency", Violation::new("", detail));
    }
    Some(SalaryFilter {
        min: min.map(Amount::scaled),
        max: max.map(Amount::scaled),
        currency: currency?.code().to_owned(),
        period: period.unwrap_or(Period::Year).as_str().to_owned(),
    })
}

/// The list that a search makes, whatever the page.
fn listing(search: &Search) -> Listing {
    let some = |text: &Option<String>| text.clone().unwrap_or_default();
    let salary = search.salary.as_ref().map(|salary| {
        let bound = |bound: Option<i64>| bound.map(|bound| bound.to_string()).unwrap_or_default();
        [bound(salary.min), bound(salary.max), salary.currency.clone(), salary.period.clone()].join("/")
    });
    Listing::of(
        "roles",
        &[
            &search.words.join(" "),
            &some(&search.family),
            &some(&search.skill),
            &some(&search.tag),
            &some(&salary),
            &search.updated_since.map(|at| at.to_string()).unwrap_or_default(),
            search.sort.as_str(),
        ],
    )
}

//! Finding roles.

use std::fmt::Write;

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::super::State;
use super::super::answer;
use super::super::caller::Caller;
use super::super::extract::{Names, Query, SearchText, names};
use super::super::problem::{FieldError, Kind, Problem, problems};
use super::super::spec::NotModified;
use crate::domain::{Role, Slug, Violation};
use crate::store::MAX_PAGE;
use crate::store::index::{RoleIndex, Summary, fold, words};
use crate::store::keys::Scope;
use crate::store::search::{Found, Hit, Position, Search, Sort, Total};

problems!(ListProblems: UnknownParameter, DuplicateParameter, InvalidCursor, InvalidParameter, Unavailable);

const DEFAULT_PAGE: usize = 20;

/// A page of the roles that a search found, in the order of their ids.
#[derive(Debug, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RolePage {
    /// The roles of this page.
    #[schema(max_items = 100)]
    pub items: Vec<RoleSummary>,
    /// How many roles the search found on all pages.
    #[schema(minimum = 0)]
    pub total: u64,
    /// Whether there are exactly `total`; else there are so many at least.
    pub total_is_exact: bool,
    /// The `cursor` of the next page, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_length = 200, example = "746563682d6d616e61676572")]
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
}

impl RolePage {
    /// A page of what was found.
    ///
    /// # Errors
    /// A fault of ours, when the index has what is no summary.
    pub fn of(found: Found) -> Result<Self, Problem> {
        let (total, total_is_exact) = match found.total {
            Total::Exactly(total) => (total, true),
            Total::AtLeast(total) => (total, false),
        };
        Ok(Self {
            items: found.hits.iter().map(RoleSummary::of).collect::<Result<_, _>>()?,
            total,
            total_is_exact,
            next_cursor: found.next.as_ref().map(cursor_at),
        })
    }

    /// A page with one role, for the specification.
    pub fn of_one(role: &Role) -> Self {
        let summary = RoleIndex::of(role).summary.into();
        let hit = Hit { summary, revision: 1, at: Timestamp::UNIX_EPOCH };
        let items = RoleSummary::of(&hit).into_iter().collect();
        Self { items, total: 1, total_is_exact: true, next_cursor: None }
    }
}

impl RoleSummary {
    fn of(hit: &Hit) -> Result<Self, Problem> {
        let summary: Summary = serde_json::from_str(&hit.summary).map_err(Problem::internal)?;
        let Summary { id, title, alternate_titles, family, summary } = summary;
        Ok(Self { id, title, alternate_titles, family, summary, revision: hit.revision })
    }
}

/// What to find, and which page of it.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "documents the query")]
struct RolesQuery {
    /// Words that must all occur in the id, title, alternate titles, family, keywords, or summary; case does not matter.
    #[param(inline, nullable = false, example = "engineering manager")]
    q: Option<SearchText>,
    /// The job family; case does not matter.
    #[param(inline, nullable = false, example = "Technology")]
    family: Option<SearchText>,
    /// The most roles on a page. Default 20.
    #[param(nullable = false, minimum = 1, maximum = 100, example = 20)]
    limit: Option<u8>,
    /// The page to read: the `next_cursor` of the page before. Leave out for the first.
    #[param(nullable = false, max_length = 200, pattern = "^([0-9a-f]{2})+$")]
    cursor: Option<String>,
}

static ROLES_QUERY: Names = Names::new(names::<RolesQuery>);

/// Find roles
///
/// Lists the roles that a search finds, in the order of their ids, a page at a time. Without parameters it lists all.
#[utoipa::path(
    tag = "Roles",
    operation_id = "list_roles",
    security(("key" = ["read"])),
    params(RolesQuery),
    responses((status = 200, description = "A page of roles.", body = RolePage), NotModified, ListProblems),
)]
#[get("/api/v1/roles")]
pub async fn list_roles(
    request: HttpRequest,
    caller: Caller,
    state: Data<State>,
) -> Result<HttpResponse, Problem> {
    caller.may(Scope::Read)?;
    let mut query = Query::of(&request, &ROLES_QUERY)?;
    let after = query.text("cursor").map(id_before).transpose()?;
    let q = query.parse("q", str::parse::<SearchText>);
    let family = query.parse("family", str::parse::<SearchText>);
    let limit = query.integer("limit", 1, MAX_PAGE).unwrap_or(DEFAULT_PAGE);
    query.finish()?;
    let search = Search {
        words: q.map(|text| words(text.as_str())).unwrap_or_default(),
        family: family.map(|text| fold(text.as_str())),
        sort: Sort::Id,
        after: after.map(Position::Id),
        limit,
        ..Search::default()
    };
    answer::json(&request, &RolePage::of(state.store.find(&search).await?)?)
}

fn cursor_at(position: &Position) -> String {
    match position {
        Position::Id(id) => cursor_after(id),
        _ => String::new(),
    }
}

/// The cursor of the page that starts after `id`: its bytes in hexadecimal digits.
fn cursor_after(id: &str) -> String {
    id.bytes().fold(String::new(), |mut cursor, byte| {
        let _ = write!(cursor, "{byte:02x}");
        cursor
    })
}

fn id_before(cursor: &str) -> Result<String, Problem> {
    let digits: Option<Vec<u32>> = cursor.chars().map(|c| c.to_digit(16)).collect();
    let id = digits.filter(|digits| digits.len() % 2 == 0).map(|digits| {
        digits
            .chunks_exact(2)
            .filter_map(|pair| char::from_u32(pair.iter().fold(0, |n, d| n * 16 + d)))
            .collect()
    });
    let id = id.and_then(|id: String| Slug::try_from(id).ok()).map(|id| id.to_string());
    id.ok_or_else(|| {
        let violation = Violation::new("", "is not a cursor that this API gave out");
        Kind::InvalidCursor.with(
            "`cursor` is not one that this API gave out",
            vec![FieldError::in_query("cursor", violation)],
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_leads_back_to_its_id() {
        assert_eq!(id_before(&cursor_after("tech-manager")).unwrap(), "tech-manager");
    }

    #[test]
    fn what_is_not_a_cursor_is_refused() {
        for bad in ["", "6", "zz", "ÿÿ", "2f2f", "C3A4"] {
            assert!(id_before(bad).is_err(), "{bad}");
        }
    }
}

//! Roles: finding them, and reading one.

use std::fmt::Write;

use actix_web::http::header::HeaderName;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::State;
use super::answer::{self, Answer, Kept, REVALIDATE};
use super::extract::{Names, Query, SearchText, names};
use super::problem::{FieldError, Kind, Problem, problems};
use super::spec::NotModified;
use crate::domain::{Slug, Violation};
use crate::store::{self, MAX_PAGE, Search, StoredRole};

problems!(ListProblems: UnknownParameter, DuplicateParameter, InvalidCursor, InvalidParameter);
problems!(RoleProblems: UnknownParameter, DuplicateParameter, RoleNotFound);

/// The revision of the role that an answer is or is made of.
pub const REVISION: HeaderName = HeaderName::from_static("rolewright-revision");
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
    pub total: usize,
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
    /// A page of the catalogue.
    pub fn of(page: &store::Page<'_>) -> Self {
        let last = page.roles.last().filter(|_| page.more);
        Self {
            items: page.roles.iter().map(|stored| RoleSummary::of(stored)).collect(),
            total: page.total,
            next_cursor: last.map(|stored| cursor_after(stored.role.id.as_str())),
        }
    }
}

impl RoleSummary {
    fn of(stored: &StoredRole) -> Self {
        let role = &stored.role;
        Self {
            id: role.id.to_string(),
            title: role.title.to_string(),
            alternate_titles: role.alternate_titles.iter().map(ToString::to_string).collect(),
            family: role.family.as_ref().map(ToString::to_string),
            summary: role.summary.to_string(),
            revision: stored.revision,
        }
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
    params(RolesQuery),
    responses((status = 200, description = "A page of roles.", body = RolePage), NotModified, ListProblems),
)]
#[get("/api/v1/roles")]
pub async fn list_roles(request: HttpRequest, state: Data<State>) -> Result<HttpResponse, Problem> {
    let mut query = Query::of(&request, &ROLES_QUERY)?;
    let after = query.text("cursor").map(id_before).transpose()?;
    let words = query.parse("q", str::parse::<SearchText>);
    let family = query.parse("family", str::parse::<SearchText>);
    let limit = query.integer("limit", 1, MAX_PAGE).unwrap_or(DEFAULT_PAGE);
    query.finish()?;
    let search = Search {
        words: words.as_ref().map(SearchText::as_str),
        family: family.as_ref().map(SearchText::as_str),
        after: after.as_deref(),
        limit,
    };
    answer::json(&request, &RolePage::of(&state.catalogue.search(&search)))
}

/// Get a role
///
/// The role document and nothing else: it can be sent back as it is, for instance as the `role` of `POST /api/v1/render`.
/// Its revision is in `Rolewright-Revision`.
#[utoipa::path(
    tag = "Roles",
    operation_id = "get_role",
    params(("id" = inline(Slug), Path, description = "The id of the role.")),
    responses(
        (status = 200, description = "The role.", body = crate::domain::Role, headers(
            ("Rolewright-Revision" = u32, description = "The revision of the role."),
        )),
        NotModified,
        RoleProblems,
    ),
)]
#[get("/api/v1/roles/{id}")]
pub async fn get_role(request: HttpRequest, state: Data<State>) -> Result<HttpResponse, Problem> {
    Query::of(&request, &[])?;
    state.role(&request)?.document.answer.send(&request)
}

/// The answer that a role is.
pub fn document(stored: &StoredRole) -> Kept {
    let answer = Answer::new("application/json", REVALIDATE).header(REVISION, stored.revision);
    Kept::new(answer, stored.json.clone())
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

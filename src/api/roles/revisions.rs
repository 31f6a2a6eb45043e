//! The history of a role.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};

use super::super::caller::Caller;
use super::super::extract::Query;
use super::super::history::{self, HistoryQuery, RevisionPage};
use super::super::problem::{Problem, problems};
use super::super::spec::NotModified;
use super::super::{State, answer};
use super::path_id;
use crate::domain::Slug;
use crate::store::keys::Scope;

problems!(
    HistoryProblems: UnknownParameter, DuplicateParameter, InvalidCursor, RoleNotFound, InvalidParameter, Unavailable,
);
problems!(
    RevisionProblems: UnknownParameter, DuplicateParameter, RoleNotFound, RevisionNotFound, Deleted, Unavailable,
);

/// List the revisions of a role
///
/// Lists the revisions, the newest first, a page at a time; those of a removed role too.
#[utoipa::path(
    tag = "History",
    operation_id = "list_role_revisions",
    security(("key" = ["read"])),
    params(("id" = inline(Slug), Path, description = "The id of the role."), HistoryQuery),
    responses((status = 200, description = "A page of revisions.", body = RevisionPage), NotModified, HistoryProblems),
)]
#[get("/api/v1/roles/{id}/revisions")]
pub async fn list_role_revisions(
    request: HttpRequest,
    caller: Caller,
    state: Data<State>,
) -> Result<HttpResponse, Problem> {
    caller.may(Scope::Read)?;
    answer::json(&request, &state.history(&request, &path_id(&request)?).await?)
}

/// Get a revision of a role
///
/// The role as it was. That never changes, so the answer may be kept.
#[utoipa::path(
    tag = "History",
    operation_id = "get_role_revision",
    security(("key" = ["read"])),
    params(
        ("id" = inline(Slug), Path, description = "The id of the role."),
        ("n" = u32, Path, description = "The revision.", minimum = 1),
    ),
    responses(
        (status = 200, description = "The role as it was.", body = crate::domain::Role, headers(
            ("Rolewright-Revision" = u32, description = "The revision."),
        )),
        NotModified,
        RevisionProblems,
    ),
)]
#[get("/api/v1/roles/{id}/revisions/{n}")]
pub async fn get_role_revision(
    request: HttpRequest,
    caller: Caller,
    state: Data<State>,
) -> Result<HttpResponse, Problem> {
    caller.may(Scope::Read)?;
    Query::of(&request, &[])?;
    let (id, number) = (path_id(&request)?, history::number(&request, "n")?);
    let (change, body) = state.revision(&id, number).await?;
    history::answer(&request, &change, &*body)
}

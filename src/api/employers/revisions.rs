//! The history of an employer.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};

use super::super::caller::Caller;
use super::super::diff::DocumentDiff;
use super::super::extract::Query;
use super::super::history::{self, HistoryQuery, RevisionPage};
use super::super::problem::{Problem, problems};
use super::super::spec::NotModified;
use super::super::{State, answer};
use super::path_id;
use crate::domain::{KeptEmployer, Slug};
use crate::store::keys::Scope;

problems!(
    HistoryProblems: UnknownParameter, DuplicateParameter, InvalidCursor, EmployerNotFound, InvalidParameter,
    Unavailable,
);
problems!(
    RevisionProblems: UnknownParameter, DuplicateParameter, EmployerNotFound, RevisionNotFound, Deleted, Unavailable,
);

/// List the revisions of an employer
///
/// Lists the revisions, the newest first, a page at a time; those of a removed employer too.
#[utoipa::path(
    tag = "History",
    operation_id = "list_employer_revisions",
    security(("key" = ["read"])),
    params(("id" = inline(Slug), Path, description = "The id of the employer."), HistoryQuery),
    responses((status = 200, description = "A page of revisions.", body = RevisionPage), NotModified, HistoryProblems),
)]
#[get("/api/v1/employers/{id}/revisions")]
pub async fn list_employer_revisions(
    request: HttpRequest,
    caller: Caller,
    state: Data<State>,
) -> Result<HttpResponse, Problem> {
    caller.may(Scope::Read)?;
    answer::json(&request, &state.history(&request, &path_id(&request, &caller)?).await?)
}

/// Get a revision of an employer
///
/// The employer as it was. That never changes, so the answer may be kept.
#[utoipa::path(
    tag = "History",
    operation_id = "get_employer_revision",
    security(("key" = ["read"])),
    params(
        ("id" = inline(Slug), Path, description = "The id of the employer."),
        ("n" = u32, Path, description = "The revision.", minimum = 1),
    ),
    responses(
        (status = 200, description = "The employer as it was.", body = KeptEmployer, headers(
            ("Rolewright-Revision" = u32, description = "The revision."),
        )),
        NotModified,
        RevisionProblems,
    ),
)]
#[get("/api/v1/employers/{id}/revisions/{n}")]
pub async fn get_employer_revision(
    request: HttpRequest,
    caller: Caller,
    state: Data<State>,
) -> Result<HttpResponse, Problem> {
    caller.may(Scope::Read)?;
    let (id, number) = (path_id(&request, &caller)?, history::number(&request, "n")?);
    Query::of(&request, &[])?;
    let (change, body) = state.revision(&id, number).await?;
    history::answer(&request, &change, &*body)
}

/// Compare two revisions of an employer
///
/// Tells what is different in revision `b`, seen from revision `a`, as a JSON Patch. Either may be the older one.
#[utoipa::path(
    tag = "History",
    operation_id = "get_employer_diff",
    security(("key" = ["read"])),
    params(
        ("id" = inline(Slug), Path, description = "The id of the employer."),
        ("a" = u32, Path, description = "The revision to compare.", minimum = 1),
        ("b" = u32, Path, description = "The revision to compare it with.", minimum = 1),
    ),
    responses((status = 200, description = "The differences.", body = DocumentDiff), NotModified, RevisionProblems),
)]
#[get("/api/v1/employers/{id}/revisions/{a}/diff/{b}")]
pub async fn get_employer_diff(
    request: HttpRequest,
    caller: Caller,
    state: Data<State>,
) -> Result<HttpResponse, Problem> {
    caller.may(Scope::Read)?;
    let [from, to] = state.two_revisions(&request, &path_id(&request, &caller)?).await?;
    answer::json(&request, &DocumentDiff::of(from, to).map_err(Problem::internal)?)
}

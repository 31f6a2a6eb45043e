//! The history of a posting: the record of what was posted, and when.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};

use super::super::caller::Caller;
use super::super::extract::Query;
use super::super::history::{self, HistoryQuery, RevisionPage};
use super::super::problem::{Problem, problems};
use super::super::spec::NotModified;
use super::super::{State, answer};
use super::resource::PostingResource;
use crate::domain::{KeptPosting, Slug};
use crate::store::keys::Scope;

problems!(
    HistoryProblems: UnknownParameter, DuplicateParameter, InvalidCursor, PostingNotFound, InvalidParameter, Unavailable,
);
problems!(
    RevisionProblems: UnknownParameter, DuplicateParameter, PostingNotFound, RevisionNotFound, Deleted, Unavailable,
);

/// List the revisions of a posting
///
/// Lists the revisions, the newest first, a page at a time: what was written, published, refreshed, and closed, when, and by
/// whom. Needs a key.
#[utoipa::path(
    tag = "History",
    operation_id = "list_posting_revisions",
    security(("key" = ["read"])),
    params(("id" = inline(Slug), Path, description = "The id of the posting."), HistoryQuery),
    responses((status = 200, description = "A page of revisions.", body = RevisionPage), NotModified, HistoryProblems),
)]
#[get("/api/v1/postings/{id}/revisions")]
pub async fn list_posting_revisions(
    request: HttpRequest,
    caller: Caller,
    state: Data<State>,
) -> Result<HttpResponse, Problem> {
    let seen = state.own_posting(&request, &caller, Scope::Read).await?;
    answer::json(&request, &state.history(&request, &seen.document).await?)
}

/// Get a revision of a posting
///
/// The posting as it was, with the words that were public then. That never changes, so the answer may be kept. Needs a key.
#[utoipa::path(
    tag = "History",
    operation_id = "get_posting_revision",
    security(("key" = ["read"])),
    params(
        ("id" = inline(Slug), Path, description = "The id of the posting."),
        ("n" = u32, Path, description = "The revision.", minimum = 1),
    ),
    responses(
        (status = 200, description = "The posting as it was.", body = PostingResource<'static>, headers(
            ("Rolewright-Revision" = u32, description = "The revision."),
        )),
        NotModified,
        RevisionProblems,
    ),
)]
#[get("/api/v1/postings/{id}/revisions/{n}")]
pub async fn get_posting_revision(
    request: HttpRequest,
    caller: Caller,
    state: Data<State>,
) -> Result<HttpResponse, Problem> {
    let seen = state.own_posting(&request, &caller, Scope::Read).await?;
    Query::of(&request, &[])?;
    let (change, body) = state.revision(&seen.document, history::number(&request, "n")?).await?;
    let posting: KeptPosting = serde_json::from_str(&body).map_err(Problem::internal)?;
    let body = PostingResource::of(&posting, posting.state, true, &|path| state.told(path)).to_json()?;
    history::answer(&request, &change, body)
}

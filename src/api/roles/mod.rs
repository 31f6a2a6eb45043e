//! Roles: reading one, and what all answers about roles share. One file a topic.
//!
//! To add an operation: a function in the file of its topic, and one `.service()` in the routes.

pub mod diff;
pub mod export;
pub mod import;
mod intake;
pub mod list;
mod rehearsal;
pub mod revisions;
pub mod write;

use actix_web::http::header::HeaderName;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};

use super::State;
use super::caller::Caller;
use super::extract::Query;
use super::kept::{named, segment};
use super::problem::{Problem, problems};
use super::spec::NotModified;
use crate::domain::Slug;
use crate::store::DocumentId;
use crate::store::keys::Scope;

problems!(RoleProblems: UnknownParameter, DuplicateParameter, RoleNotFound, Deleted, Unavailable);

/// The revision of the role that an answer is or is made of.
pub const REVISION: HeaderName = HeaderName::from_static("rolewright-revision");

/// Get a role
///
/// The role document and nothing else: it can be sent back as it is, for instance as the `role` of `POST /api/v1/render`.
/// Its revision is in `Rolewright-Revision`.
#[utoipa::path(
    tag = "Roles",
    operation_id = "get_role",
    security(("key" = ["read"])),
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
pub async fn get_role(
    request: HttpRequest,
    caller: Caller,
    state: Data<State>,
) -> Result<HttpResponse, Problem> {
    caller.may(Scope::Read)?;
    Query::of(&request, &[])?;
    state.role(segment(&request, "id")).await?.answer.send(&request)
}

/// The role that the path names.
fn path_id(request: &HttpRequest) -> Result<DocumentId, Problem> {
    named(DocumentId::role(segment(request, "id")))
}

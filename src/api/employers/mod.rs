//! Kept employers: reading one. One file a topic.

pub mod list;
pub mod revisions;
pub mod write;

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};

use super::State;
use super::caller::Caller;
use super::extract::Query;
use super::kept::{named, segment};
use super::problem::{Problem, problems};
use super::spec::NotModified;
use crate::domain::{KeptEmployer, Slug};
use crate::store::DocumentId;
use crate::store::keys::Scope;

problems!(EmployerProblems: UnknownParameter, DuplicateParameter, EmployerNotFound, Deleted, Unavailable);

/// Get an employer
///
/// The employer and nothing else: it can be sent back as it is. Its revision is in `Rolewright-Revision`.
#[utoipa::path(
    tag = "Employers",
    operation_id = "get_employer",
    security(("key" = ["read"])),
    params(("id" = inline(Slug), Path, description = "The id of the employer.")),
    responses(
        (status = 200, description = "The employer.", body = KeptEmployer, headers(
            ("Rolewright-Revision" = u32, description = "The revision of the employer."),
        )),
        NotModified,
        EmployerProblems,
    ),
)]
#[get("/api/v1/employers/{id}")]
pub async fn get_employer(
    request: HttpRequest,
    caller: Caller,
    state: Data<State>,
) -> Result<HttpResponse, Problem> {
    caller.may(Scope::Read)?;
    let id = path_id(&request, &caller)?;
    Query::of(&request, &[])?;
    state.current::<KeptEmployer>(&id).await?.answer.send(&request)
}

/// The employer that the path names, if the caller may see it.
fn path_id(request: &HttpRequest, caller: &Caller) -> Result<DocumentId, Problem> {
    let id = segment(request, "id");
    caller.must_see(id)?;
    named(DocumentId::employer(id))
}

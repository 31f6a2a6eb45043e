//! Employers' own tones: reading one. One file a topic.

pub mod list;
pub mod revisions;
pub mod write;

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};

use super::State;
use super::caller::Caller;
use super::catalogue::ToneContent;
use super::extract::Query;
use super::kept::{named, segment};
use super::problem::{Problem, problems};
use super::spec::NotModified;
use crate::domain::{OwnTone, Slug};
use crate::store::DocumentId;
use crate::store::keys::Scope;

problems!(
    ToneProblems: UnknownParameter, DuplicateParameter, EmployerNotFound, ToneNotFound, Deleted, Unavailable,
);

/// Get an own tone
///
/// The tone as data and nothing else: it can be sent back as it is. Its revision is in `Rolewright-Revision`.
#[utoipa::path(
    tag = "Employers",
    operation_id = "get_own_tone",
    security(("key" = ["read"])),
    params(
        ("employer" = inline(Slug), Path, description = "The id of the employer."),
        ("id" = inline(Slug), Path, description = "The id of the tone."),
    ),
    responses(
        (status = 200, description = "The tone.", body = OwnTone, headers(
            ("Rolewright-Revision" = u32, description = "The revision of the tone."),
        )),
        NotModified,
        ToneProblems,
    ),
)]
#[get("/api/v1/employers/{employer}/tones/{id}")]
pub async fn get_own_tone(
    request: HttpRequest,
    caller: Caller,
    state: Data<State>,
) -> Result<HttpResponse, Problem> {
    caller.may(Scope::Read)?;
    let id = path_id(&request, &caller, &state).await?;
    Query::of(&request, &[])?;
    state.current::<ToneContent>(&id).await?.answer.send(&request)
}

/// The tone that the path names, of an employer that is there and that the caller may see.
async fn path_id(request: &HttpRequest, caller: &Caller, state: &State) -> Result<DocumentId, Problem> {
    let employer = employer_of(request, caller, state).await?;
    named(DocumentId::tone(employer, segment(request, "id")))
}

/// The id of the employer that the path names, if it is there and the caller may see it.
async fn employer_of<'r>(
    request: &'r HttpRequest,
    caller: &Caller,
    state: &State,
) -> Result<&'r str, Problem> {
    let id = segment(request, "employer");
    state.present_employer(caller, id).await.map(|_| id)
}

impl State {
    /// The employer with this id.
    ///
    /// # Errors
    /// That there is none for this caller, or that it was removed.
    pub(super) async fn present_employer(&self, caller: &Caller, id: &str) -> Result<DocumentId, Problem> {
        caller.must_see(id)?;
        let employer = named(DocumentId::employer(id))?;
        let head = self.head(&employer).await?;
        if head.deleted { Err(Problem::deleted(&employer, head.revision)) } else { Ok(employer) }
    }
}

//! Roles: reading one, and what all answers about roles share. One file a topic.
//!
//! To add an operation: a function in the file of its topic, and one `.service()` in the routes.

pub mod diff;
pub mod export;
pub mod impact;
pub mod import;
mod intake;
pub mod list;
mod rehearsal;
pub mod revisions;
pub mod write;

use actix_web::http::header::{self, HeaderName};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};

use utoipa::IntoParams;

use super::answer::{Answer, REVALIDATE};
use super::caller::Caller;
use super::catalogue::{Known, RoleContent};
use super::compress::Body;
use super::conditional::Tag;
use super::extract::{Names, Query, names};
use super::kept::{named, segment};
use super::problem::{Problem, problems};
use super::spec::{NotModified, words};
use super::{State, negotiate};
use crate::domain::Slug;
use crate::render::{Format, occupation};
use crate::store::DocumentId;
use crate::store::keys::Scope;

problems!(RoleProblems: UnknownParameter, DuplicateParameter, RoleNotFound, Deleted, InvalidParameter, Unavailable);

/// The revision of the role that an answer is or is made of.
pub const REVISION: HeaderName = HeaderName::from_static("rolewright-revision");

/// How a role is told.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "documents the query")]
struct RoleQuery {
    /// `json`, the document; or `json-ld`, an `Occupation` of schema.org. Default: what `Accept` asks for, else `json`.
    #[param(inline, nullable = false, example = "json-ld")]
    format: Option<RoleFormat>,
}

words!(RoleFormat: [Format::Json, Format::JsonLd].map(Format::as_str));

static ROLE_QUERY: Names = Names::new(names::<RoleQuery>);

/// Get a role
///
/// The role document and nothing else: it can be sent back as it is, for instance as the `role` of `POST /api/v1/render`.
/// Its revision is in `Rolewright-Revision`. With `format=json-ld` it is an `Occupation` of schema.org instead.
#[utoipa::path(
    tag = "Roles",
    operation_id = "get_role",
    security(("key" = ["read"])),
    params(("id" = inline(Slug), Path, description = "The id of the role."), RoleQuery),
    responses(
        (status = 200, description = "The role.", content(
            (crate::domain::Role = "application/json"), (serde_json::Value = "application/ld+json"),
        ), headers(
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
    let mut query = Query::of(&request, &ROLE_QUERY)?;
    let is_linked = negotiate::is_linked(&request, &mut query);
    query.finish()?;
    let known = state.role(segment(&request, "id")).await?;
    if is_linked { linked(&state, &request, &known) } else { known.answer.send(&request) }
}

/// Answers with the role as an `Occupation`.
fn linked(
    state: &State,
    request: &HttpRequest,
    known: &Known<RoleContent>,
) -> Result<HttpResponse, Problem> {
    let RoleContent { role, fingerprint } = &known.content;
    let url = state.absolute(&format!("/api/v1/roles/{}?format=json-ld", role.id));
    let parts: [&[u8]; 4] = [
        b"occupation",
        &fingerprint.0,
        &state.renderer.fingerprint().0,
        url.as_deref().unwrap_or_default().as_bytes(),
    ];
    Answer::new(Format::JsonLd.media_type(), REVALIDATE)
        .tagged(Tag::of(&parts))
        .header(header::VARY, "Accept, Accept-Encoding")
        .header(REVISION, known.revision)
        .send(request, || occupation(role, url.as_deref()).map(Body::Fresh).map_err(Problem::internal))
}

/// The role that the path names.
fn path_id(request: &HttpRequest) -> Result<DocumentId, Problem> {
    named(DocumentId::role(segment(request, "id")))
}

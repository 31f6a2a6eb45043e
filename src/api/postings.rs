//! Postings: a role, composed and written.

use std::sync::Arc;

use actix_web::http::header;
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse, get, post};

use super::answer::{Answer, NEVER, SHORT};
use super::caller::Caller;
use super::catalogue::Known;
use super::compress::Body;
use super::conditional::Tag;
use super::extract::Query;
use super::extract::{body, document};
use super::problem::{Problem, problems};
use super::query::{self, FormatQuery, PostingQuery, RevisionQuery};
use super::roles::REVISION;
use super::spec::{NotModified, PostingAnswer, PostingAnswerOfRevision};
use super::{State, negotiate};
use crate::domain::document::RenderRequest;
use crate::domain::{PostingOptions, Role, Slug};
use crate::render::{Format, LANGUAGE, Subject};
use crate::store::keys::Scope;

problems!(ReadProblems: UnknownParameter, DuplicateParameter, RoleNotFound, RevisionNotFound, Deleted, Unavailable, NotAcceptable, InvalidParameter);
problems!(
    CreateProblems: UnknownParameter, DuplicateParameter, MalformedJson, IncompleteBody, RoleNotFound, RevisionNotFound, Deleted, Unavailable, NotAcceptable,
    BodyTimeout, BodyTooLarge, UnsupportedMediaType, InvalidParameter, InvalidDocument,
);
problems!(
    RenderProblems: UnknownParameter, DuplicateParameter, MalformedJson, IncompleteBody, NotAcceptable, BodyTimeout,
    BodyTooLarge, UnsupportedMediaType, InvalidParameter, InvalidDocument,
);

/// Get a posting
///
/// Composes the role with the options in the query, and writes the posting. The same query gives the same bytes until the
/// role or the templates change, so that answers can be cached and embedded. The format is that of `format`, else
/// what `Accept` asks for (`text/html` means `page`), else `json`.
#[utoipa::path(
    tag = "Postings",
    operation_id = "get_role_posting",
    security(("key" = ["read"])),
    params(("id" = inline(Slug), Path, description = "The id of the role."), RevisionQuery, PostingQuery, FormatQuery),
    responses(PostingAnswerOfRevision, NotModified, ReadProblems),
)]
#[get("/api/v1/roles/{id}/posting")]
pub async fn get_role_posting(
    request: HttpRequest,
    caller: Caller,
    state: Data<State>,
) -> Result<HttpResponse, Problem> {
    caller.may(Scope::Read)?;
    let mut query = query::of_posting(&request)?;
    let known = known(&state, &request, &mut query).await?;
    let format = negotiate::format(&request, &mut query)?;
    let options = query::options(&mut query, &known.role, &state.renderer);
    query::check(query, state.renderer.violations(&known.role, &options))?;
    let answer = answer(&state, &request, format, SHORT)
        .tagged(tag(&state, &known, &options, format)?)
        .header(REVISION, known.revision);
    answer.send(&request, || write(&state, known.subject(), &options, format))
}

/// Write a posting with full options
///
/// Composes the role with the options in the body, and writes the posting. Without a body every option has its default.
#[utoipa::path(
    tag = "Postings",
    operation_id = "create_role_posting",
    security(("key" = ["read"])),
    params(("id" = inline(Slug), Path, description = "The id of the role."), RevisionQuery, FormatQuery),
    request_body(content = PostingOptions, description = "How the role is to be posted."),
    responses(PostingAnswerOfRevision, CreateProblems),
)]
#[post("/api/v1/roles/{id}/posting")]
pub async fn create_role_posting(
    request: HttpRequest,
    payload: Payload,
    caller: Caller,
    state: Data<State>,
) -> Result<HttpResponse, Problem> {
    caller.may(Scope::Read)?;
    let mut query = query::of_stored(&request)?;
    let known = known(&state, &request, &mut query).await?;
    let format = negotiate::format(&request, &mut query)?;
    query.finish()?;
    let body = body(&request, payload, state.setup.body_timeout).await?;
    let options = if body.is_empty() { PostingOptions::default() } else { document(&request, &body)? };
    check(&state, &known.role, &options, "")?;
    let answer = answer(&state, &request, format, NEVER).header(REVISION, known.revision);
    answer.send(&request, || write(&state, known.subject(), &options, format))
}

/// Write a posting of a role in the request
///
/// Composes a role that is not kept here with options, and writes the posting. Nothing of either is stored.
#[utoipa::path(
    tag = "Postings",
    operation_id = "render_posting",
    security(("key" = ["read"])),
    params(FormatQuery),
    request_body(content = RenderRequest, description = "The role, and how it is to be posted."),
    responses(PostingAnswer, RenderProblems),
)]
#[post("/api/v1/render")]
pub async fn render_posting(
    request: HttpRequest,
    payload: Payload,
    caller: Caller,
    state: Data<State>,
) -> Result<HttpResponse, Problem> {
    caller.may(Scope::Read)?;
    let mut query = query::of_format(&request)?;
    let format = negotiate::format(&request, &mut query)?;
    query.finish()?;
    let body = body(&request, payload, state.setup.body_timeout).await?;
    let RenderRequest { role, options } = document(&request, &body)?;
    let options = options.unwrap_or_default();
    check(&state, &role, &options, "/options")?;
    let answer = answer(&state, &request, format, NEVER);
    answer.send(&request, || write(&state, Subject::Inline(&role), &options, format))
}

/// The role that the path names, at the revision that the query asks for.
async fn known(state: &State, request: &HttpRequest, query: &mut Query) -> Result<Arc<Known>, Problem> {
    match query::revision(query) {
        Some(revision) => {
            state.role_revision(request.match_info().get("id").unwrap_or_default(), revision).await
        }
        None => state.role(request).await,
    }
}

/// Refuses options of a body that cannot be met; `prefix` says where they stand in it.
fn check(state: &State, role: &Role, options: &PostingOptions, prefix: &str) -> Result<(), Problem> {
    let violations = state.renderer.violations(role, options);
    if violations.is_empty() { Ok(()) } else { Err(Problem::of_body(prefix, violations)) }
}

/// What the bytes of a posting depend on. Cheaper than the bytes: a client that has them costs no
/// rendering.
fn tag(state: &State, known: &Known, options: &PostingOptions, format: Format) -> Result<Tag, Problem> {
    let options = serde_json::to_vec(options).map_err(Problem::internal)?;
    let revision = known.revision.to_be_bytes();
    let (role, templates) = (known.fingerprint.0, state.renderer.fingerprint().0);
    Ok(Tag::of(&[&role, &revision, &templates, &options, format.as_str().as_bytes()]))
}

fn answer(state: &State, request: &HttpRequest, format: Format, cache: &'static str) -> Answer {
    let answer = Answer::new(format.media_type(), cache)
        .header(header::VARY, negotiate::vary(request))
        .header(header::CONTENT_LANGUAGE, LANGUAGE);
    if format != Format::Page {
        return answer;
    }
    let style = state.renderer.page_style_hash();
    let policy = format!(
        "default-src 'none'; style-src {style}; img-src https: data:; base-uri 'none'; form-action 'none'"
    );
    answer.header(header::CONTENT_SECURITY_POLICY, policy)
}

/// The bytes. The options were checked: what fails now is a fault of ours.
fn write(
    state: &State,
    subject: Subject<'_>,
    options: &PostingOptions,
    format: Format,
) -> Result<Body, Problem> {
    state.renderer.render(subject, options, format).map(Body::Fresh).map_err(Problem::internal)
}

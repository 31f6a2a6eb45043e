//! Postings: a role, composed and written.

use std::sync::Arc;

use actix_web::http::header;
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse, get, post};

use super::answer::{Answer, NEVER, SHORT};
use super::caller::Caller;
use super::catalogue::{Known, RoleContent};
use super::compress::Body;
use super::conditional::Tag;
use super::extract::Query;
use super::extract::{body, document};
use super::kept::segment;
use super::problem::{Problem, problems};
use super::query::{self, FormatQuery, PostingQuery, RevisionQuery};
use super::roles::REVISION;
use super::spec::{NotModified, PostingAnswer, PostingAnswerOfRevision};
use super::terms::Terms;
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
/// role, the kept employer, its tone, or the templates change, so that answers can be cached and embedded. The format is that of `format`, else
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
    let options = query::options(&mut query, &known.content.role, &state.renderer);
    let (terms, violations) = state.terms(&caller, &known.content.role, options).await?;
    query::check(query, violations)?;
    let answer = answer(&state, &request, format, SHORT)
        .tagged(tag(&state, &known, &terms, format)?)
        .header(REVISION, known.revision);
    answer.send(&request, || write(&state, known.subject(), &terms, format))
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
    let terms = checked(&state, &caller, &known.content.role, options, "").await?;
    let answer = answer(&state, &request, format, NEVER).header(REVISION, known.revision);
    answer.send(&request, || write(&state, known.subject(), &terms, format))
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
    let terms = checked(&state, &caller, &role, options, "/options").await?;
    let answer = answer(&state, &request, format, NEVER);
    answer.send(&request, || write(&state, Subject::Inline(&role), &terms, format))
}

/// The role that the path names, at the revision that the query asks for.
async fn known(
    state: &State,
    request: &HttpRequest,
    query: &mut Query,
) -> Result<Arc<Known<RoleContent>>, Problem> {
    let id = segment(request, "id");
    match query::revision(query) {
        Some(revision) => state.role_revision(id, revision).await,
        None => state.role(id).await,
    }
}

/// The terms that options of a body ask for, if they can be met; `prefix` says where they stand in it.
async fn checked(
    state: &State,
    caller: &Caller,
    role: &Role,
    options: PostingOptions,
    prefix: &str,
) -> Result<Terms, Problem> {
    let (terms, violations) = state.terms(caller, role, options).await?;
    if violations.is_empty() { Ok(terms) } else { Err(Problem::of_body(prefix, violations)) }
}

/// What the bytes of a posting depend on. Cheaper than the bytes: a client that has them costs no
/// rendering.
fn tag(state: &State, known: &Known<RoleContent>, terms: &Terms, format: Format) -> Result<Tag, Problem> {
    let terms = terms.to_bytes().map_err(Problem::internal)?;
    let revision = known.revision.to_be_bytes();
    let (role, templates) = (known.content.fingerprint.0, state.renderer.fingerprint().0);
    Ok(Tag::of(&[&role, &revision, &templates, &terms, format.as_str().as_bytes()]))
}

/// An answer with a posting in a format: all but its bytes.
pub fn answer(state: &State, request: &HttpRequest, format: Format, cache: &'static str) -> Answer {
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

/// The bytes. The terms were checked: what fails now is a fault of ours.
fn write(state: &State, subject: Subject<'_>, terms: &Terms, format: Format) -> Result<Body, Problem> {
    let renderer = terms.renderer(&state.renderer);
    renderer.render(subject, &terms.options, format).map(Body::Fresh).map_err(Problem::internal)
}

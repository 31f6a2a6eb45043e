//! Reading a posting: as a resource, and in every format.

use std::time::SystemTime;

use actix_web::http::header::{self, HttpDate};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};
use utoipa::IntoParams;

use super::super::State;
use super::super::answer::{Answer, NEVER, REVALIDATE, SHORT};
use super::super::caller::Caller;
use super::super::compress::Body;
use super::super::conditional::Tag;
use super::super::extract::{Names, Query, names};
use super::super::negotiate;
use super::super::problem::{Problem, problems};
use super::super::query::FormatQuery;
use super::super::role_postings;
use super::super::roles::REVISION;
use super::super::spec::{NotModified, PostingResourceAnswer};
use super::Seen;
use super::resource::{PostingResource, page_path};
use crate::domain::Slug;
use crate::domain::kept_posting::{PostingState, Publication};
use crate::render::{Composed, Format, Links};

problems!(
    GetProblems: UnknownParameter, DuplicateParameter, PostingNotFound, NotAcceptable, PostingClosed, InvalidParameter,
    InvalidDocument, Unavailable,
);

/// How the posting is seen.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "documents the query")]
struct PreviewQuery {
    /// The token of the posting's `preview_url`: shows a draft without a key.
    #[param(nullable = false, pattern = "^[0-9a-f]{32}$")]
    preview: Option<String>,
}

static GET_QUERY: Names = Names::new(|| [names::<PreviewQuery>(), names::<FormatQuery>()].concat());

/// Get a posting
///
/// The posting in the format that is asked for. `json` is the resource, with the words that were published in `publication`; the
/// other formats are written from those words, exactly as they were published. A draft is composed for the answer, and is seen with
/// a key or by its preview link only. Without a key, a closed posting is a 410.
#[utoipa::path(
    tag = "Postings",
    operation_id = "get_posting",
    security(("key" = ["read"])),
    params(("id" = inline(Slug), Path, description = "The id of the posting."), PreviewQuery, FormatQuery),
    responses(PostingResourceAnswer, NotModified, GetProblems),
)]
#[get("/api/v1/postings/{id}")]
pub async fn get_posting(
    request: HttpRequest,
    caller: Caller,
    state: Data<State>,
) -> Result<HttpResponse, Problem> {
    let mut query = Query::of(&request, &GET_QUERY)?;
    let token = query.text("preview").map(str::to_owned);
    let seen = state.seen_posting(&request, &caller, token.as_deref()).await?;
    let format = negotiate::format(&request, &mut query)?;
    query.finish()?;
    match &seen.posting().publication {
        _ if format == Format::Json => resource(&state, &request, &seen),
        Some(publication) => written(&state, &request, &seen, publication, format),
        None => drafted(&state, &request, &caller, &seen, format).await,
    }
}

/// Answers with a posting as it was published.
///
/// # Errors
/// None in fact.
pub fn written(
    state: &State,
    request: &HttpRequest,
    seen: &Seen,
    publication: &Publication,
    format: Format,
) -> Result<HttpResponse, Problem> {
    let posting = seen.posting();
    let page = state.absolute(&page_path(posting));
    let role = state.absolute(&format!("/api/v1/roles/{}?format=json-ld", posting.role_id));
    let links = Links {
        id: Some(posting.id.as_str()),
        page: page.as_deref(),
        role: role.as_deref(),
        modified: Some(publication.composed_at),
    };
    let composed = Composed { markup: is_public(seen), ..Composed::of(publication, links) };
    let cache = if is_public(seen) { SHORT } else { NEVER };
    let parts: [&[u8]; 5] = [
        &seen.known.revision.to_be_bytes(),
        &state.renderer.fingerprint().0,
        page.as_deref().unwrap_or_default().as_bytes(),
        format.as_str().as_bytes(),
        &[u8::from(is_public(seen))],
    ];
    let modified = SystemTime::from(publication.composed_at.timestamp());
    let answer = role_postings::answer(state, request, format, cache)
        .tagged(Tag::of(&parts))
        .header(header::LAST_MODIFIED, HttpDate::from(modified))
        .header(REVISION, seen.known.revision);
    answer
        .send(request, || state.renderer.write(&composed, format).map(Body::Fresh).map_err(Problem::internal))
}

/// Answers with a draft as it would be published now.
async fn drafted(
    state: &State,
    request: &HttpRequest,
    caller: &Caller,
    seen: &Seen,
    format: Format,
) -> Result<HttpResponse, Problem> {
    // Whoever has the preview link sees what its author sees.
    let composition = state.composition(caller, &seen.posting().request()).await?;
    let composition = composition.map_err(|violations| Problem::of_body("", violations))?;
    let answer = role_postings::answer(state, request, format, NEVER).header(REVISION, seen.known.revision);
    let renderer = composition.terms.renderer(&state.renderer);
    answer.send(request, || {
        let bytes = renderer.render(composition.role.subject(), &composition.terms.options, format);
        bytes.map(Body::Fresh).map_err(Problem::internal)
    })
}

/// Answers with the resource: all of it, or what is public.
fn resource(state: &State, request: &HttpRequest, seen: &Seen) -> Result<HttpResponse, Problem> {
    let resource = PostingResource::of(seen.posting(), seen.state, seen.whole, &|path| state.told(path));
    let tag = if seen.whole {
        Tag::of_revision(seen.known.revision)
    } else {
        Tag::of(&[b"public", &seen.known.revision.to_be_bytes(), resource.url.as_bytes()])
    };
    let cache = if seen.whole { REVALIDATE } else { SHORT };
    Answer::new("application/json", cache)
        .tagged(tag)
        .header(header::VARY, negotiate::vary(request))
        .header(header::LAST_MODIFIED, HttpDate::from(SystemTime::from(seen.known.at)))
        .header(REVISION, seen.known.revision)
        .send(request, || resource.to_json().map(Body::Fresh))
}

fn is_public(seen: &Seen) -> bool {
    seen.state == PostingState::Published
}

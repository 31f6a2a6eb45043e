//! Comparing a posting with what stands elsewhere.

use actix_web::web::{Data, Payload, block};
use actix_web::{HttpRequest, HttpResponse, post};
use jiff::Timestamp;

use super::super::State;
use super::super::answer::{Answer, NEVER};
use super::super::caller::Caller;
use super::super::compress::Body;
use super::super::extract::{Query, body, document};
use super::super::problem::{Problem, problems};
use crate::domain::Slug;
use crate::domain::live_text::{LiveText, MediaType};
use crate::import;
use crate::review::comparison::{Comparison, compare};
use crate::store::keys::Scope;

problems!(
    CompareProblems: UnknownParameter, DuplicateParameter, MalformedJson, IncompleteBody, PostingNotFound, BodyTimeout,
    BodyTooLarge, UnsupportedMediaType, InvalidDocument, Unavailable,
);

/// Compare a posting with a text found elsewhere
///
/// Takes the text of the posting as it stands on a job board or on another site, and tells what is missing there, what was added,
/// and what was altered, sentence by sentence, and whether title, pay, and dates are the same. A draft is compared as it would be
/// published now. Needs a key. Nothing is fetched: the text comes with the request.
#[utoipa::path(
    tag = "Postings",
    operation_id = "compare_posting",
    security(("key" = ["read"])),
    params(("id" = inline(Slug), Path, description = "The id of the posting.")),
    request_body(content = LiveText, description = "The text that was found."),
    responses((status = 200, description = "What is different there.", body = Comparison), CompareProblems),
)]
#[post("/api/v1/postings/{id}/compare")]
pub async fn compare_posting(
    request: HttpRequest,
    caller: Caller,
    payload: Payload,
    state: Data<State>,
) -> Result<HttpResponse, Problem> {
    let seen = state.own_posting(&request, &caller, Scope::Read).await?;
    Query::of(&request, &[])?;
    let body = body(&request, payload, state.setup.body_timeout).await?;
    let live: LiveText = document(&request, &body)?;
    let publication = state.shown(&caller, &seen, Timestamp::now()).await?;
    // A long page takes longer than a worker should be kept.
    let comparison = block(move || {
        let paragraphs = match live.media_type {
            MediaType::Html => import::html::paragraphs(&live.text),
            MediaType::Plain | MediaType::Markdown => import::text::paragraphs(&live.text),
        };
        compare(&publication.posting, &publication.vacancy, &paragraphs)
    });
    let comparison = comparison.await.map_err(Problem::internal)?;
    let bytes = serde_json::to_vec(&comparison).map_err(Problem::internal)?;
    Answer::new("application/json", NEVER).send(&request, || Ok(Body::Fresh(bytes)))
}

//! Writing documents that are kept, of whatever kind: every write makes a revision.
//!
//! Who may write what is checked before, by the handlers.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use serde_json::Value;

use super::State;
use super::caller::Caller;
use super::conditional::Condition;
use super::extract::{body, document, require_merge_patch};
use super::idempotency::Key;
use super::kept::{KeptDocument, named_anew, path};
use super::problem::Problem;
use super::refusal::{Asked, permit, refused};
use super::writing::{self, Writing, reply, response};
use crate::domain::{Violation, merge};
use crate::store::DocumentId;
use crate::store::document::{Action, Edit, Expected, Refusal};

/// How often a patch is made anew for a document that somebody else is changing all the time.
const ATTEMPTS: usize = 5;

/// Adds the document in the body, as what `name` calls it.
///
/// # Errors
/// What `name` says, and what stands against the write.
pub async fn create<D: KeptDocument>(
    request: &HttpRequest,
    payload: Payload,
    caller: &Caller,
    state: &Data<State>,
    name: impl FnOnce(&D) -> Result<DocumentId, Problem>,
) -> Result<HttpResponse, Problem> {
    let (writing, key) = (Writing::of(request, caller)?, Key::of(request)?);
    let body = body(request, payload, state.setup.body_timeout).await?;
    let new: D = document(request, &body)?;
    let id = name(&new)?;
    let new = new.admitted(&id, state).await?;
    let order = writing.order(&id, writing::put(&new)?, Expected::Absent);
    let claim = key.map(|key| key.claim(request, caller, &body));
    let url = state.url(&path(&id));
    state
        .write_once(claim, order, Asked::Create, move |written| reply(StatusCode::CREATED, &url, written))
        .await
}

/// Adds the document in the body, or puts it in place of what is there.
///
/// # Errors
/// What stands against the write.
pub async fn put<D: KeptDocument>(
    request: &HttpRequest,
    payload: Payload,
    caller: &Caller,
    state: &Data<State>,
    id: DocumentId,
) -> Result<HttpResponse, Problem> {
    let writing = Writing::of(request, caller)?;
    let id = named_anew(id)?;
    let body = body(request, payload, state.setup.body_timeout).await?;
    let edit = put_at(&id, document::<D>(request, &body)?, state).await?;
    let order = writing.order(&id, edit, writing.condition.expected(Expected::Absent));
    let written = state.write(order).await?;
    let written = written.map_err(|refusal| refused(&id, refusal, Asked::Put(&writing.condition)))?;
    let status = if written.action == Action::Create { StatusCode::CREATED } else { StatusCode::OK };
    Ok(response(&reply(status, &state.url(&path(&id)), &written)))
}

/// Changes what is there by the merge patch in the body.
///
/// # Errors
/// What stands against the write.
pub async fn patch<D: KeptDocument>(
    request: &HttpRequest,
    payload: Payload,
    caller: &Caller,
    state: &Data<State>,
    id: &DocumentId,
) -> Result<HttpResponse, Problem> {
    let writing = Writing::of(request, caller)?;
    require_merge_patch(request)?;
    let patch = body(request, payload, state.setup.body_timeout).await?;
    let mut left = ATTEMPTS;
    loop {
        let (edit, revision) = patched::<D>(state, id, &writing, &patch).await?;
        let order = writing.order(id, edit, Expected::OneOf(vec![revision]));
        left -= 1;
        match state.write(order).await? {
            Ok(written) => return Ok(response(&reply(StatusCode::OK, &state.url(&path(id)), &written))),
            // It may still be at a revision that the condition allows.
            Err(Refusal::Stale(_)) if left > 0 => {}
            Err(refusal) => return Err(refused(id, refusal, Asked::Change)),
        }
    }
}

/// Removes what is there.
///
/// # Errors
/// What stands against the write.
pub async fn delete(
    request: &HttpRequest,
    caller: &Caller,
    state: &Data<State>,
    id: &DocumentId,
) -> Result<HttpResponse, Problem> {
    let writing = Writing::of(request, caller)?;
    let order = writing.order(id, Edit::Delete, writing.condition.expected(Expected::Anything));
    let written = state.write(order).await?;
    let written = written.map_err(|refusal| refused(id, refusal, Asked::Change))?;
    Ok(response(&reply(StatusCode::NO_CONTENT, &state.url(&path(id)), &written)))
}

/// Brings back what was removed.
///
/// # Errors
/// What stands against the write.
pub async fn restore(
    request: &HttpRequest,
    caller: &Caller,
    state: &Data<State>,
    id: &DocumentId,
) -> Result<HttpResponse, Problem> {
    let (writing, key) = (Writing::of(request, caller)?, Key::of(request)?);
    let expected = match &writing.condition {
        Condition::OneOf(revisions) => Expected::OneOf(revisions.clone()),
        // What was removed is nothing that `*` could be about.
        Condition::None | Condition::Absent | Condition::Present => Expected::Anything,
    };
    let order = writing.order(id, Edit::Restore, expected);
    let claim = key.map(|key| key.claim(request, caller, &[]));
    let url = state.url(&path(id));
    state.write_once(claim, order, Asked::Change, move |written| reply(StatusCode::OK, &url, written)).await
}

/// What a document becomes by the patch, and the revision that it was read at.
async fn patched<D: KeptDocument>(
    state: &Data<State>,
    id: &DocumentId,
    writing: &Writing,
    patch: &[u8],
) -> Result<(Edit, u32), Problem> {
    let head = state.head(id).await?;
    permit(id, head, &writing.condition)?;
    let (_, current) = state.revision(id, head.revision).await?;
    let current: Value = serde_json::from_str(&current).map_err(Problem::internal)?;
    let changed: D = merge::merge(current, patch)?;
    Ok((put_at(id, changed, state).await?, head.revision))
}

/// Puts a document where its id says it is.
async fn put_at<D: KeptDocument>(id: &DocumentId, new: D, state: &Data<State>) -> Result<Edit, Problem> {
    if new.id().as_str() != id.id {
        let violation = Violation::new("/id", format!("must be `{}`, as in the path", id.id));
        return Err(Problem::of_body("", vec![violation]));
    }
    writing::put(&new.admitted(id, state).await?)
}

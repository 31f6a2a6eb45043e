//! Writing roles: every write makes a revision.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse, delete, patch, post, put};
use serde_json::Value;
use utoipa::ToSchema;

use super::super::State;
use super::super::caller::Caller;
use super::super::catalogue::role_id;
use super::super::conditional::{Condition, OptionalCondition, PatchCondition, PutConditions};
use super::super::extract::{body, document, require_merge_patch};
use super::super::idempotency::{IdempotencyHeader, Key};
use super::super::problem::{FieldError, Problem, problems};
use super::super::refusal::{Asked, permit, refused};
use super::super::spec::{Created, Written};
use super::super::writing::{self, WriteQuery, Writing, reply, response};
use crate::domain::{Role, Slug, Violation, merge};
use crate::store::DocumentId;
use crate::store::document::{self as stored, Action, Edit, Expected, Refusal};

problems!(
    CreateProblems: UnknownParameter, DuplicateParameter, ScopeMissing, KeyLimited, MalformedJson, IncompleteBody, InvalidIdempotencyKey,
    RoleExists, IdempotencyKeyInUse, BodyTimeout, BodyTooLarge, UnsupportedMediaType, InvalidParameter,
    InvalidDocument, IdempotencyKeyReused, Unavailable, NoRoom,
);
problems!(
    PutProblems: UnknownParameter, DuplicateParameter, ScopeMissing, KeyLimited, MalformedJson, IncompleteBody, Deleted, PreconditionFailed,
    BodyTimeout, BodyTooLarge, UnsupportedMediaType, InvalidParameter, InvalidDocument, PreconditionRequired,
    Unavailable, NoRoom,
);
problems!(
    PatchProblems: UnknownParameter, DuplicateParameter, ScopeMissing, KeyLimited, MalformedJson, IncompleteBody, RoleNotFound, Deleted,
    PreconditionFailed, BodyTimeout, BodyTooLarge, UnsupportedMediaType, InvalidParameter, InvalidDocument,
    PreconditionRequired, Unavailable, NoRoom,
);
problems!(
    DeleteProblems: UnknownParameter, DuplicateParameter, ScopeMissing, KeyLimited, RoleNotFound, Deleted, PreconditionFailed, InvalidParameter,
    Unavailable, NoRoom,
);
problems!(
    RestoreProblems: UnknownParameter, DuplicateParameter, ScopeMissing, KeyLimited, InvalidIdempotencyKey, RoleNotFound, NotDeleted,
    IdempotencyKeyInUse, PreconditionFailed, InvalidParameter, IdempotencyKeyReused, Unavailable, NoRoom,
);

/// How often a patch is made anew for a role that somebody else is changing all the time.
const ATTEMPTS: usize = 5;

/// Add a role
///
/// Adds a role of a new id, as its revision 1. An id that was a role's before it was removed stays taken: a restore
/// brings that role back.
#[utoipa::path(
    tag = "Roles",
    operation_id = "create_role",
    security(("key" = ["write"])),
    params(WriteQuery, IdempotencyHeader),
    request_body(content = Role, description = "The role."),
    responses(Created<Role>, CreateProblems),
)]
#[post("/api/v1/roles")]
pub async fn create_role(
    request: HttpRequest,
    caller: Caller,
    payload: Payload,
    state: Data<State>,
) -> Result<HttpResponse, Problem> {
    caller.may_share()?;
    let (writing, key) = (Writing::of(&request, &caller)?, Key::of(&request)?);
    let body = body(&request, payload, state.setup.body_timeout).await?;
    let role: Role = document(&request, &body)?;
    let id = DocumentId::role(role.id.as_str());
    let order = writing.order(&id, writing::put(&role)?, Expected::Absent);
    let claim = key.map(|key| key.claim(&request, &caller, &body));
    let url = url(&state, &id);
    state
        .write_once(claim, order, Asked::Create, move |written| reply(StatusCode::CREATED, &url, written))
        .await
}

/// Put a role in place
///
/// Adds the role, or replaces the one that is there: whole, by the document in the body. A replacement needs `If-Match`
/// with the entity tag of the revision that the caller saw, so that nobody's work is overwritten unseen. Every `PUT` makes
/// a revision, also one with the content that is there already.
#[utoipa::path(
    tag = "Roles",
    operation_id = "put_role",
    security(("key" = ["write"])),
    params(("id" = inline(Slug), Path, description = "The id of the role."), WriteQuery, PutConditions),
    request_body(content = Role, description = "The whole role; its id is that of the path."),
    responses(Written<Role>, Created<Role>, PutProblems),
)]
#[put("/api/v1/roles/{id}")]
pub async fn put_role(
    request: HttpRequest,
    caller: Caller,
    payload: Payload,
    state: Data<State>,
) -> Result<HttpResponse, Problem> {
    caller.may_share()?;
    let writing = Writing::of(&request, &caller)?;
    let id = new_id(&request)?;
    let body = body(&request, payload, state.setup.body_timeout).await?;
    let role: Role = document(&request, &body)?;
    let edit = put_at(&id, &role)?;
    let order = writing.order(&id, edit, writing.condition.expected(Expected::Absent));
    let written = state.write(order).await?;
    let written = written.map_err(|refusal| refused(&id, refusal, Asked::Put(&writing.condition)))?;
    let status = if written.action == Action::Create { StatusCode::CREATED } else { StatusCode::OK };
    Ok(response(&reply(status, &url(&state, &id), &written)))
}

/// Change a role
///
/// Changes the fields that the merge patch (RFC 7396) has, and removes those that are `null` in it; lists are replaced
/// whole. The result must be a valid role, and has the same id.
#[utoipa::path(
    tag = "Roles",
    operation_id = "patch_role",
    security(("key" = ["write"])),
    params(("id" = inline(Slug), Path, description = "The id of the role."), WriteQuery, PatchCondition),
    request_body(
        content = MergePatch,
        content_type = "application/merge-patch+json",
        description = "What is to be different."
    ),
    responses(Written<Role>, PatchProblems),
)]
#[patch("/api/v1/roles/{id}")]
pub async fn patch_role(
    request: HttpRequest,
    caller: Caller,
    payload: Payload,
    state: Data<State>,
) -> Result<HttpResponse, Problem> {
    caller.may_share()?;
    let (writing, id) = (Writing::of(&request, &caller)?, path_id(&request)?);
    require_merge_patch(&request)?;
    let patch = body(&request, payload, state.setup.body_timeout).await?;
    let mut left = ATTEMPTS;
    loop {
        let (edit, revision) = patched(&state, &id, &writing, &patch).await?;
        let order = writing.order(&id, edit, Expected::OneOf(vec![revision]));
        left -= 1;
        match state.write(order).await? {
            Ok(written) => return Ok(response(&reply(StatusCode::OK, &url(&state, &id), &written))),
            // It may still be at a revision that the condition allows.
            Err(Refusal::Stale(_)) if left > 0 => {}
            Err(refusal) => return Err(refused(&id, refusal, Asked::Change)),
        }
    }
}

/// A JSON Merge Patch (RFC 7396) of a role: the fields that are to be different; `null` removes one.
#[derive(ToSchema)]
#[schema(value_type = Object)]
#[allow(dead_code, reason = "documents the body")]
struct MergePatch(Value);

/// What the role becomes by the patch, and the revision that it was read at.
async fn patched(
    state: &State,
    id: &DocumentId,
    writing: &Writing,
    patch: &[u8],
) -> Result<(Edit, u32), Problem> {
    let head = state.head(id).await?;
    permit(id, head, &writing.condition)?;
    let (_, current) = state.revision(id, head.revision).await?;
    let current: Value = serde_json::from_str(&current).map_err(Problem::internal)?;
    let role: Role = merge::merge(current, patch)?;
    Ok((put_at(id, &role)?, head.revision))
}

/// Remove a role
///
/// Removes the role. Its history stays, its id stays taken, and a restore brings it back.
#[utoipa::path(
    tag = "Roles",
    operation_id = "delete_role",
    security(("key" = ["write"])),
    params(("id" = inline(Slug), Path, description = "The id of the role."), WriteQuery, OptionalCondition),
    responses(
        (status = 204, description = "It is removed.", headers(
            ("Rolewright-Revision" = u32, description = "The revision that removed it."),
        )),
        DeleteProblems,
    ),
)]
#[delete("/api/v1/roles/{id}")]
pub async fn delete_role(
    request: HttpRequest,
    caller: Caller,
    state: Data<State>,
) -> Result<HttpResponse, Problem> {
    caller.may_share()?;
    let (writing, id) = (Writing::of(&request, &caller)?, path_id(&request)?);
    let order = writing.order(&id, Edit::Delete, writing.condition.expected(Expected::Anything));
    let written = state.write(order).await?;
    let written = written.map_err(|refusal| refused(&id, refusal, Asked::Change))?;
    Ok(response(&reply(StatusCode::NO_CONTENT, &url(&state, &id), &written)))
}

/// Restore a role
///
/// Brings a removed role back, as it was before it was removed.
#[utoipa::path(
    tag = "Roles",
    operation_id = "restore_role",
    security(("key" = ["write"])),
    params(
        ("id" = inline(Slug), Path, description = "The id of the role."),
        WriteQuery,
        OptionalCondition,
        IdempotencyHeader,
    ),
    responses(Written<Role>, RestoreProblems),
)]
#[post("/api/v1/roles/{id}/restore")]
pub async fn restore_role(
    request: HttpRequest,
    caller: Caller,
    state: Data<State>,
) -> Result<HttpResponse, Problem> {
    caller.may_share()?;
    let (writing, key) = (Writing::of(&request, &caller)?, Key::of(&request)?);
    let id = path_id(&request)?;
    let expected = match &writing.condition {
        Condition::OneOf(revisions) => Expected::OneOf(revisions.clone()),
        // What was removed is nothing that `*` could be about.
        Condition::None | Condition::Absent | Condition::Present => Expected::Anything,
    };
    let order = writing.order(&id, Edit::Restore, expected);
    let claim = key.map(|key| key.claim(&request, &caller, &[]));
    let url = url(&state, &id);
    state.write_once(claim, order, Asked::Change, move |written| reply(StatusCode::OK, &url, written)).await
}

/// The role that the path names.
pub fn path_id(request: &HttpRequest) -> Result<DocumentId, Problem> {
    role_id(request.match_info().get("id").unwrap_or_default())
}

/// The role that the path names, which need not be there yet.
fn new_id(request: &HttpRequest) -> Result<DocumentId, Problem> {
    let id = Slug::try_from(request.match_info().get("id").unwrap_or_default());
    id.map(|id| DocumentId::role(id.as_str())).map_err(|error| {
        Problem::of_query(vec![FieldError::in_query("id", Violation::new("", error.to_string()))])
    })
}

/// Puts a role where its id says it is.
fn put_at(id: &stored::DocumentId, role: &Role) -> Result<Edit, Problem> {
    if role.id.as_str() != id.id {
        let violation = Violation::new("/id", format!("must be `{}`, as in the path", id.id));
        return Err(Problem::of_body("", vec![violation]));
    }
    writing::put(role)
}

fn url(state: &State, id: &DocumentId) -> String {
    state.url(&format!("/api/v1/roles/{}", id.id))
}

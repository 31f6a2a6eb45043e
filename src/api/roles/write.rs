//! Writing roles: every write makes a revision.

use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse, delete, patch, post, put};

use super::super::caller::Caller;
use super::super::conditional::{OptionalCondition, PatchCondition, PutConditions};
use super::super::idempotency::IdempotencyHeader;
use super::super::kept::segment;
use super::super::problem::{Problem, problems};
use super::super::spec::{Created, Written};
use super::super::writing::{MergePatch, WriteQuery};
use super::super::{State, write};
use super::path_id;
use crate::domain::{Role, Slug};
use crate::store::DocumentId;

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
    let name = |role: &Role| Ok(DocumentId::role(role.id.as_str()));
    write::create(&request, payload, &caller, &state, name).await
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
    let id = DocumentId::role(segment(&request, "id"));
    write::put::<Role>(&request, payload, &caller, &state, id).await
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
    write::patch::<Role>(&request, payload, &caller, &state, &path_id(&request)?).await
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
    write::delete(&request, &caller, &state, &path_id(&request)?).await
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
    write::restore(&request, &caller, &state, &path_id(&request)?).await
}

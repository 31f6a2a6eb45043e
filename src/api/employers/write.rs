//! Writing employers.

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
use crate::domain::{KeptEmployer, Slug};
use crate::store::DocumentId;
use crate::store::keys::Scope;

problems!(
    CreateProblems: UnknownParameter, DuplicateParameter, MalformedJson, IncompleteBody, InvalidIdempotencyKey,
    ScopeMissing, KeyLimited, EmployerExists, IdempotencyKeyInUse, BodyTimeout, BodyTooLarge, UnsupportedMediaType,
    InvalidParameter, InvalidDocument, IdempotencyKeyReused, Unavailable, NoRoom,
);
problems!(
    PutProblems: UnknownParameter, DuplicateParameter, MalformedJson, IncompleteBody, EmployerNotFound, Deleted,
    PreconditionFailed, BodyTimeout, BodyTooLarge, UnsupportedMediaType, InvalidParameter, InvalidDocument,
    PreconditionRequired, Unavailable, NoRoom,
);
problems!(
    DeleteProblems: UnknownParameter, DuplicateParameter, EmployerNotFound, Deleted, PreconditionFailed,
    InvalidParameter, Unavailable, NoRoom,
);
problems!(
    RestoreProblems: UnknownParameter, DuplicateParameter, InvalidIdempotencyKey, EmployerNotFound, NotDeleted,
    IdempotencyKeyInUse, PreconditionFailed, InvalidParameter, IdempotencyKeyReused, Unavailable, NoRoom,
);

/// Add an employer
///
/// Adds an employer of a new id, as its revision 1. An id that was an employer's before it was removed stays taken: a
/// restore brings that employer back. A key that is limited to employers may add those.
#[utoipa::path(
    tag = "Employers",
    operation_id = "create_employer",
    security(("key" = ["write"])),
    params(WriteQuery, IdempotencyHeader),
    request_body(content = KeptEmployer, description = "The employer."),
    responses(Created<KeptEmployer>, CreateProblems),
)]
#[post("/api/v1/employers")]
pub async fn create_employer(
    request: HttpRequest,
    caller: Caller,
    payload: Payload,
    state: Data<State>,
) -> Result<HttpResponse, Problem> {
    caller.may(Scope::Write)?;
    let name = |employer: &KeptEmployer| {
        let id = employer.id.as_str();
        caller.may_add(id).map(|()| DocumentId::employer(id))
    };
    write::create(&request, payload, &caller, &state, name).await
}

/// Put an employer in place
///
/// Adds the employer, or replaces the one that is there: whole, by the document in the body. A replacement needs `If-Match`
/// with the entity tag of the revision that the caller saw. Every `PUT` makes a revision, also one with the content that is
/// there already.
#[utoipa::path(
    tag = "Employers",
    operation_id = "put_employer",
    security(("key" = ["write"])),
    params(("id" = inline(Slug), Path, description = "The id of the employer."), WriteQuery, PutConditions),
    request_body(content = KeptEmployer, description = "The whole employer; its id is that of the path."),
    responses(Written<KeptEmployer>, Created<KeptEmployer>, PutProblems),
)]
#[put("/api/v1/employers/{id}")]
pub async fn put_employer(
    request: HttpRequest,
    caller: Caller,
    payload: Payload,
    state: Data<State>,
) -> Result<HttpResponse, Problem> {
    caller.may(Scope::Write)?;
    let id = segment(&request, "id");
    caller.must_see(id)?;
    write::put::<KeptEmployer>(&request, payload, &caller, &state, DocumentId::employer(id)).await
}

/// Change an employer
///
/// Changes the fields that the merge patch (RFC 7396) has, and removes those that are `null` in it; lists are replaced
/// whole. The result must be a valid employer, and has the same id.
#[utoipa::path(
    tag = "Employers",
    operation_id = "patch_employer",
    security(("key" = ["write"])),
    params(("id" = inline(Slug), Path, description = "The id of the employer."), WriteQuery, PatchCondition),
    request_body(
        content = MergePatch,
        content_type = "application/merge-patch+json",
        description = "What is to be different."
    ),
    responses(Written<KeptEmployer>, PutProblems),
)]
#[patch("/api/v1/employers/{id}")]
pub async fn patch_employer(
    request: HttpRequest,
    caller: Caller,
    payload: Payload,
    state: Data<State>,
) -> Result<HttpResponse, Problem> {
    caller.may(Scope::Write)?;
    let id = path_id(&request, &caller)?;
    write::patch::<KeptEmployer>(&request, payload, &caller, &state, &id).await
}

/// Remove an employer
///
/// Removes the employer; its tones are out of reach with it. The history stays, the id stays taken, and a restore brings
/// all of it back.
#[utoipa::path(
    tag = "Employers",
    operation_id = "delete_employer",
    security(("key" = ["write"])),
    params(("id" = inline(Slug), Path, description = "The id of the employer."), WriteQuery, OptionalCondition),
    responses(
        (status = 204, description = "It is removed.", headers(
            ("Rolewright-Revision" = u32, description = "The revision that removed it."),
        )),
        DeleteProblems,
    ),
)]
#[delete("/api/v1/employers/{id}")]
pub async fn delete_employer(
    request: HttpRequest,
    caller: Caller,
    state: Data<State>,
) -> Result<HttpResponse, Problem> {
    caller.may(Scope::Write)?;
    write::delete(&request, &caller, &state, &path_id(&request, &caller)?).await
}

/// Restore an employer
///
/// Brings a removed employer back, as it was before it was removed.
#[utoipa::path(
    tag = "Employers",
    operation_id = "restore_employer",
    security(("key" = ["write"])),
    params(
        ("id" = inline(Slug), Path, description = "The id of the employer."),
        WriteQuery,
        OptionalCondition,
        IdempotencyHeader,
    ),
    responses(Written<KeptEmployer>, RestoreProblems),
)]
#[post("/api/v1/employers/{id}/restore")]
pub async fn restore_employer(
    request: HttpRequest,
    caller: Caller,
    state: Data<State>,
) -> Result<HttpResponse, Problem> {
    caller.may(Scope::Write)?;
    write::restore(&request, &caller, &state, &path_id(&request, &caller)?).await
}

//! Writing employers' own tones.

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
use super::{employer_of, path_id};
use crate::domain::{OwnTone, Slug};
use crate::store::DocumentId;
use crate::store::keys::Scope;

problems!(
    CreateProblems: UnknownParameter, DuplicateParameter, MalformedJson, IncompleteBody, InvalidIdempotencyKey,
    EmployerNotFound, ToneExists, TooManyTones, IdempotencyKeyInUse, Deleted, BodyTimeout, BodyTooLarge, UnsupportedMediaType,
    InvalidParameter, InvalidDocument, IdempotencyKeyReused, Unavailable, NoRoom,
);
problems!(
    PutProblems: UnknownParameter, DuplicateParameter, MalformedJson, IncompleteBody, EmployerNotFound, TooManyTones, Deleted,
    PreconditionFailed, BodyTimeout, BodyTooLarge, UnsupportedMediaType, InvalidParameter, InvalidDocument,
    PreconditionRequired, Unavailable, NoRoom,
);
problems!(
    PatchProblems: UnknownParameter, DuplicateParameter, MalformedJson, IncompleteBody, EmployerNotFound, ToneNotFound,
    Deleted, PreconditionFailed, BodyTimeout, BodyTooLarge, UnsupportedMediaType, InvalidParameter, InvalidDocument,
    PreconditionRequired, Unavailable, NoRoom,
);
problems!(
    DeleteProblems: UnknownParameter, DuplicateParameter, EmployerNotFound, ToneNotFound, Deleted, PreconditionFailed,
    InvalidParameter, Unavailable, NoRoom,
);
problems!(
    RestoreProblems: UnknownParameter, DuplicateParameter, InvalidIdempotencyKey, EmployerNotFound, ToneNotFound,
    TooManyTones, NotDeleted, IdempotencyKeyInUse, Deleted, PreconditionFailed, InvalidParameter, IdempotencyKeyReused, Unavailable, NoRoom,
);

/// Add an own tone
///
/// Adds a tone of the employer's own, as its revision 1: data, not a template. It is checked as a whole, and says every
/// phrase and two samples before it is stored. An employer has 100 tones at the most, none of them with the id of a tone
/// that comes with the server.
#[utoipa::path(
    tag = "Employers",
    operation_id = "create_own_tone",
    security(("key" = ["write"])),
    params(
        ("employer" = inline(Slug), Path, description = "The id of the employer."),
        WriteQuery,
        IdempotencyHeader,
    ),
    request_body(content = OwnTone, description = "The tone."),
    responses(Created<OwnTone>, CreateProblems),
)]
#[post("/api/v1/employers/{employer}/tones")]
pub async fn create_own_tone(
    request: HttpRequest,
    caller: Caller,
    payload: Payload,
    state: Data<State>,
) -> Result<HttpResponse, Problem> {
    caller.may(Scope::Write)?;
    let employer = employer_of(&request, &caller, &state).await?;
    let name = |tone: &OwnTone| Ok(DocumentId::tone(employer, tone.id.as_str()));
    write::create(&request, payload, &caller, &state, name).await
}

/// Put an own tone in place
///
/// Adds the tone, or replaces the one that is there: whole, by the document in the body. A replacement needs `If-Match`
/// with the entity tag of the revision that the caller saw. Every `PUT` makes a revision, also one with the content that is
/// there already.
#[utoipa::path(
    tag = "Employers",
    operation_id = "put_own_tone",
    security(("key" = ["write"])),
    params(
        ("employer" = inline(Slug), Path, description = "The id of the employer."),
        ("id" = inline(Slug), Path, description = "The id of the tone."),
        WriteQuery,
        PutConditions,
    ),
    request_body(content = OwnTone, description = "The whole tone; its id is that of the path."),
    responses(Written<OwnTone>, Created<OwnTone>, PutProblems),
)]
#[put("/api/v1/employers/{employer}/tones/{id}")]
pub async fn put_own_tone(
    request: HttpRequest,
    caller: Caller,
    payload: Payload,
    state: Data<State>,
) -> Result<HttpResponse, Problem> {
    caller.may(Scope::Write)?;
    let employer = employer_of(&request, &caller, &state).await?;
    let id = DocumentId::tone(employer, segment(&request, "id"));
    write::put::<OwnTone>(&request, payload, &caller, &state, id).await
}

/// Change an own tone
///
/// Changes the fields that the merge patch (RFC 7396) has, and removes those that are `null` in it; lists are replaced
/// whole. The result must be a valid tone, and has the same id.
#[utoipa::path(
    tag = "Employers",
    operation_id = "patch_own_tone",
    security(("key" = ["write"])),
    params(
        ("employer" = inline(Slug), Path, description = "The id of the employer."),
        ("id" = inline(Slug), Path, description = "The id of the tone."),
        WriteQuery,
        PatchCondition,
    ),
    request_body(
        content = MergePatch,
        content_type = "application/merge-patch+json",
        description = "What is to be different."
    ),
    responses(Written<OwnTone>, PatchProblems),
)]
#[patch("/api/v1/employers/{employer}/tones/{id}")]
pub async fn patch_own_tone(
    request: HttpRequest,
    caller: Caller,
    payload: Payload,
    state: Data<State>,
) -> Result<HttpResponse, Problem> {
    caller.may(Scope::Write)?;
    let id = path_id(&request, &caller, &state).await?;
    write::patch::<OwnTone>(&request, payload, &caller, &state, &id).await
}

/// Remove an own tone
///
/// Removes the tone: postings that ask for it are refused. Its history stays, its id stays taken, and a restore brings it
/// back.
#[utoipa::path(
    tag = "Employers",
    operation_id = "delete_own_tone",
    security(("key" = ["write"])),
    params(
        ("employer" = inline(Slug), Path, description = "The id of the employer."),
        ("id" = inline(Slug), Path, description = "The id of the tone."),
        WriteQuery,
        OptionalCondition,
    ),
    responses(
        (status = 204, description = "It is removed.", headers(
            ("Rolewright-Revision" = u32, description = "The revision that removed it."),
        )),
        DeleteProblems,
    ),
)]
#[delete("/api/v1/employers/{employer}/tones/{id}")]
pub async fn delete_own_tone(
    request: HttpRequest,
    caller: Caller,
    state: Data<State>,
) -> Result<HttpResponse, Problem> {
    caller.may(Scope::Write)?;
    write::delete(&request, &caller, &state, &path_id(&request, &caller, &state).await?).await
}

/// Restore an own tone
///
/// Brings a removed tone back, as it was before it was removed.
#[utoipa::path(
    tag = "Employers",
    operation_id = "restore_own_tone",
    security(("key" = ["write"])),
    params(
        ("employer" = inline(Slug), Path, description = "The id of the employer."),
        ("id" = inline(Slug), Path, description = "The id of the tone."),
        WriteQuery,
        OptionalCondition,
        IdempotencyHeader,
    ),
    responses(Written<OwnTone>, RestoreProblems),
)]
#[post("/api/v1/employers/{employer}/tones/{id}/restore")]
pub async fn restore_own_tone(
    request: HttpRequest,
    caller: Caller,
    state: Data<State>,
) -> Result<HttpResponse, Problem> {
    caller.may(Scope::Write)?;
    let id = path_id(&request, &caller, &state).await?;
    state.make_room(&id).await?;
    write::restore(&request, &caller, &state, &id).await
}

//! API keys: making, listing, and revoking them. The secret of a key is in one answer only.

use actix_web::http::header;
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse, delete, get, post};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::State;
use super::answer::NEVER;
use super::caller::Caller;
use super::extract::{Query, body, document};
use super::problem::{Kind, Problem, problems};
use crate::domain::key::{ApiKey, KeyId, KeyName, NewKey};
use crate::domain::{Moment, Slug, Violation};
use crate::store::keys::{KeyRecord, Scope};

problems!(ListProblems: UnknownParameter, DuplicateParameter);
problems!(KeyProblems: UnknownParameter, DuplicateParameter, KeyNotFound);
problems!(RevokeProblems: UnknownParameter, DuplicateParameter, KeyNotFound, LastAdminKey, NoRoom);
problems!(
    CreateProblems: UnknownParameter, DuplicateParameter, MalformedJson, IncompleteBody, BodyTimeout, BodyTooLarge,
    UnsupportedMediaType, InvalidDocument, NoRoom,
);

/// An API key, without its secret.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Key {
    /// The part of the key that is no secret.
    #[schema(value_type = KeyId)]
    pub id: String,
    /// What the owner calls it: the author of its writes.
    #[schema(value_type = KeyName, example = "hr-sync")]
    pub name: String,
    /// What it allows.
    pub scopes: Vec<Scope>,
    /// The ids of the employers that it is limited to; left out where it is not limited.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(nullable = false, value_type = Option<Vec<Slug>>)]
    pub employers: Vec<String>,
    /// When it was made.
    pub created_at: Moment,
    /// From when on it is no longer good, if it ends by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub expires_at: Option<Moment>,
    /// When it was last used, to the minute.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub last_used_at: Option<Moment>,
    /// When it was revoked, if it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub revoked_at: Option<Moment>,
}

/// All API keys.
#[derive(Debug, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KeyList {
    /// The keys, in the order in which they were made; those that are no longer good, too.
    pub items: Vec<Key>,
}

/// A key that was just made, with its secret.
#[derive(Debug, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreatedKey {
    /// The whole key. It is shown here and never again.
    #[schema(
        max_length = 92,
        pattern = "^rolewright_[0-9a-f]{16}_[0-9a-f]{64}$",
        example = "rolewright_0f1e2d3c4b5a6978_0000000000000000000000000000000000000000000000000000000000000000"
    )]
    key: String,
    /// All that is kept of it.
    record: Key,
}

impl Key {
    /// A key as it is kept.
    pub fn of(record: &KeyRecord) -> Self {
        let KeyRecord {
            id, name, scopes, employers, created_at, expires_at, last_used_at, revoked_at, ..
        } = record.clone();
        Self {
            id,
            name,
            scopes,
            employers,
            created_at: created_at.into(),
            expires_at: expires_at.map(Moment::from),
            last_used_at: last_used_at.map(Moment::from),
            revoked_at: revoked_at.map(Moment::from),
        }
    }
}

impl CreatedKey {
    /// A key that is good for nothing, for the specification.
    pub fn example() -> Self {
        let record = Key {
            id: "0f1e2d3c4b5a6978".to_owned(),
            name: "hr-sync".to_owned(),
            scopes: vec![Scope::Write],
            employers: Vec::new(),
            created_at: Timestamp::UNIX_EPOCH.into(),
            expires_at: None,
            last_used_at: None,
            revoked_at: None,
        };
        Self { key: format!("rolewright_{}_{}", record.id, "0".repeat(64)), record }
    }

    /// What is kept of it.
    pub fn into_record(self) -> Key {
        self.record
    }
}

/// Make a key
///
/// The answer has the whole key, this one time: only a digest of it is kept. For that reason, `Idempotency-Key` is not
/// honoured here: where an answer was lost, revoke the key and make another.
#[utoipa::path(
    tag = "Keys",
    operation_id = "create_key",
    security(("key" = ["admin"])),
    request_body(content = NewKey, description = "What the key is to be."),
    responses(
        (status = 201, description = "The key.", body = CreatedKey, headers(
            ("Location" = String, description = "Where the record of the key is."),
        )),
        CreateProblems,
    ),
)]
#[post("/api/v1/keys")]
pub async fn create_key(
    request: HttpRequest,
    payload: Payload,
    caller: Caller,
    state: Data<State>,
) -> Result<HttpResponse, Problem> {
    caller.may(Scope::Admin)?;
    Query::of(&request, &[])?;
    let body = body(&request, payload, state.setup.body_timeout).await?;
    let order: NewKey = document(&request, &body)?;
    let now = Timestamp::now();
    if order.expires_at.is_some_and(|expires| expires.timestamp() <= now) {
        return Err(Problem::of_body("", vec![Violation::new("/expires_at", "must lie in the future")]));
    }
    let key = ApiKey::generate().map_err(Problem::internal)?;
    let record = KeyRecord::new(&key, order, now);
    state.store.add_key(record.clone(), caller.author()).await?;
    let location = format!("/api/v1/keys/{}", record.id);
    let created = CreatedKey { key: key.reveal(), record: Key::of(&record) };
    Ok(HttpResponse::Created()
        .insert_header((header::CACHE_CONTROL, NEVER))
        .insert_header((header::LOCATION, location))
        .json(created))
}

/// List the keys
///
/// All keys, without their secrets, in the order in which they were made.
#[utoipa::path(
    tag = "Keys",
    operation_id = "list_keys",
    security(("key" = ["admin"])),
    responses((status = 200, description = "The keys.", body = KeyList), ListProblems),
)]
#[get("/api/v1/keys")]
pub async fn list_keys(
    request: HttpRequest,
    caller: Caller,
    state: Data<State>,
) -> Result<HttpResponse, Problem> {
    caller.may(Scope::Admin)?;
    Query::of(&request, &[])?;
    let items = state.store.keys().await?.iter().map(Key::of).collect();
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, NEVER)).json(KeyList { items }))
}

/// Get a key
///
/// What is kept of a key; its secret is not.
#[utoipa::path(
    tag = "Keys",
    operation_id = "get_key",
    security(("key" = ["admin"])),
    params(("id" = inline(KeyId), Path, description = "The id of the key.")),
    responses((status = 200, description = "The key.", body = Key), KeyProblems),
)]
#[get("/api/v1/keys/{id}")]
pub async fn get_key(
    request: HttpRequest,
    caller: Caller,
    state: Data<State>,
) -> Result<HttpResponse, Problem> {
    caller.may(Scope::Admin)?;
    Query::of(&request, &[])?;
    let record = record(&request, &state).await?;
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, NEVER)).json(Key::of(&record)))
}

/// Revoke a key
///
/// The key is refused from now on, for good; its record stays. A key that was revoked before may be revoked again. The last
/// key that is good for administration cannot be revoked here, only on the server's command line.
#[utoipa::path(
    tag = "Keys",
    operation_id = "revoke_key",
    security(("key" = ["admin"])),
    params(("id" = inline(KeyId), Path, description = "The id of the key.")),
    responses((status = 204, description = "The key is revoked."), RevokeProblems),
)]
#[delete("/api/v1/keys/{id}")]
pub async fn revoke_key(
    request: HttpRequest,
    caller: Caller,
    state: Data<State>,
) -> Result<HttpResponse, Problem> {
    caller.may(Scope::Admin)?;
    Query::of(&request, &[])?;
    let record = record(&request, &state).await?;
    let now = Timestamp::now();
    let is_admin = |key: &KeyRecord| key.is_good(now) && key.allows(Scope::Admin);
    // One at a time here; two nodes at once could still revoke each other's, and then the next start
    // makes a key.
    let _turn = state.gate.revoking().await;
    if is_admin(&record) && !state.store.keys().await?.iter().any(|key| key.id != record.id && is_admin(key))
    {
        return Err(Kind::LastAdminKey.because(
            "it is the last key that is good for administration; make another one before you revoke it",
        ));
    }
    if record.revoked_at.is_none() {
        state.store.revoke_key(&record.id, now, caller.author()).await?;
    }
    Ok(HttpResponse::NoContent().finish())
}

/// The key that the path names.
async fn record(request: &HttpRequest, state: &State) -> Result<KeyRecord, Problem> {
    let id = request.match_info().get("id").unwrap_or_default();
    let missing = || Kind::KeyNotFound.because(format!("there is no key with the id `{id}`"));
    let known: KeyId = id.parse().map_err(|_| missing())?;
    state.store.key(known.as_str()).await?.ok_or_else(missing)
}

//! Problems: every error answer, as RFC 9457 has it.
//!
//! To add a kind of problem: one row of the table below. The specification follows.

use std::collections::BTreeMap;
use std::fmt;
use std::num::NonZeroU32;

use actix_web::http::StatusCode;
use actix_web::http::header::{self, ETag, HeaderName, HeaderValue, TryIntoHeaderValue};
use actix_web::{HttpResponse, ResponseError};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa::openapi::example::ExampleBuilder;
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::{ContentBuilder, Ref, RefOr, Response, ResponseBuilder};

use super::compress::Coding;
use super::conditional::Tag;
use super::roles::REVISION;
use crate::domain::{DocumentError, Violation};
use crate::store::document::Head;
use crate::store::{DocumentId, StoreError};

/// The media type of a problem.
pub const MEDIA_TYPE: &str = "application/problem+json";
/// The type of patches that a resource takes (RFC 5789, section 3.1).
pub const ACCEPT_PATCH: HeaderName = HeaderName::from_static("accept-patch");
/// Seconds after which a database may be back.
const RETRY_AFTER: u32 = 2;
const TYPES: &str = "https://rolewright.dev/problems/";

macro_rules! kinds {
    ($($name:ident $status:literal $slug:literal $title:literal $description:literal)+) => {
        /// What kind of problem it is.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Kind {
            $(#[doc = $description] $name,)+
        }

        impl Kind {
            /// All kinds, in the order of the table.
            pub const ALL: &[Self] = &[$(Self::$name,)+];

            fn row(self) -> (u16, &'static str, &'static str, &'static str) {
                match self {
                    $(Self::$name => ($status, $slug, $title, $description),)+
                }
            }
        }
    };
}

kinds! {
    UnknownParameter 400 "unknown-parameter" "Unknown query parameter"
        "The query has a parameter that this operation does not know; `errors` names it and lists the known ones."
    DuplicateParameter 400 "duplicate-parameter" "Duplicate query parameter"
        "The query has a parameter twice; `errors` names it."
    InvalidCursor 400 "invalid-cursor" "Invalid cursor"
        "The cursor is not one that this API gave out."
    MalformedJson 400 "malformed-json" "Malformed JSON"
        "The body is not JSON; `line` and `column` say where."
    IncompleteBody 400 "incomplete-body" "Incomplete body"
        "The body ended before it was complete."
    InvalidIdempotencyKey 400 "invalid-idempotency-key" "Invalid idempotency key"
        "`Idempotency-Key` is not 1 to 255 visible ASCII characters, bare or as a quoted string."
    PreflightRefused 400 "preflight-refused" "Preflight refused"
        "Pages of that origin may not make that request; others may read with GET and HEAD."
    KeyRequired 401 "key-required" "Key required"
        "This needs an API key, as `Authorization: Bearer`."
    InvalidKey 401 "invalid-key" "Invalid key"
        "The API key is malformed, unknown, revoked, or expired."
    ScopeMissing 403 "scope-missing" "Scope missing"
        "The API key lacks the scope that this needs; `detail` names it."
    KeyLimited 403 "key-limited" "Key limited to employers"
        "The API key is limited to employers: it may not write what all of them share, nor add others."
    NotFound 404 "not-found" "Not found"
        "There is nothing at this path."
    RoleNotFound 404 "role-not-found" "Role not found"
        "There is no role with this id."
    RevisionNotFound 404 "revision-not-found" "Revision not found"
        "It has no revision of this number."
    EmployerNotFound 404 "employer-not-found" "Employer not found"
        "There is no employer with this id, or none that the API key may see."
    ToneNotFound 404 "tone-not-found" "Tone not found"
        "The employer has no tone of its own with this id."
    PostingNotFound 404 "posting-not-found" "Posting not found"
        "There is no posting with this id or slug, or none that the caller may see."
    KeyNotFound 404 "key-not-found" "Key not found"
        "There is no API key with this id."
    MethodNotAllowed 405 "method-not-allowed" "Method not allowed"
        "The path exists, but not for this method; `Allow` lists those that it has."
    NotAcceptable 406 "not-acceptable" "No acceptable format"
        "`Accept` allows none of the formats; `errors` lists them."
    BodyTimeout 408 "body-timeout" "Body timed out"
        "The body stood still for too long."
    RoleExists 409 "role-exists" "Role exists"
        "There is a role with this id, or there was one that was removed."
    EmployerExists 409 "employer-exists" "Employer exists"
        "There is an employer with this id, or there was one that was removed."
    ToneExists 409 "tone-exists" "Tone exists"
        "The employer has a tone with this id, or had one that was removed."
    TooManyTones 409 "too-many-tones" "Too many tones"
        "The employer has as many tones as it may have."
    SlugTaken 409 "slug-taken" "Slug taken"
        "Another posting of the employer has this slug."
    WrongState 409 "wrong-state" "Wrong state"
        "The posting is in a state in which this cannot be done; `detail` names it."
    NotDeleted 409 "not-deleted" "Not deleted"
        "There is nothing to restore: it is there."
    IdempotencyKeyInUse 409 "idempotency-key-in-use" "Idempotency key in use"
        "A request with this `Idempotency-Key` is being answered now; ask again after `Retry-After` seconds."
    LastAdminKey 409 "last-admin-key" "Last admin key"
        "It is the last API key that is good for administration; make another one before it is revoked."
    Deleted 410 "deleted" "Deleted"
        "It was removed; its history stays, and a restore brings it back."
    PostingClosed 410 "posting-closed" "Posting closed"
        "The posting is public no more."
    PreconditionFailed 412 "precondition-failed" "Precondition failed"
        "It is not at a revision that the request allows; `revision` and `etag` tell where it is now."
    BodyTooLarge 413 "body-too-large" "Body too large"
        "The body has more than 1 MiB."
    LineTooLong 413 "line-too-long" "Line too long"
        "The line has more than 1 MiB."
    UnsupportedMediaType 415 "unsupported-media-type" "Unsupported media type"
        "The body must have the media type of the operation, without a content coding."
    InvalidParameter 422 "invalid-parameter" "Invalid parameter"
        "Values of the query cannot be met; `errors` names each parameter."
    InvalidDocument 422 "invalid-document" "Invalid document"
        "The body is JSON, but not the document asked for; `errors` has a JSON Pointer for each bad field."
    IdempotencyKeyReused 422 "idempotency-key-reused" "Idempotency key reused"
        "Another request was sent under this `Idempotency-Key` before."
    PreconditionRequired 428 "precondition-required" "Precondition required"
        "A write over what is there needs `If-Match`; `revision` and `etag` tell where it is now."
    TooManyRequests 429 "too-many-requests" "Too many requests"
        "More requests came than are allowed; try again after `Retry-After` seconds."
    NoPublicUrl 503 "no-public-url" "No public URL"
        "This needs absolute addresses, and the server has not been told its own: ROLEWRIGHT_PUBLIC_URL."
    Unavailable 503 "unavailable" "Unavailable"
        "The database cannot be reached; try again after `Retry-After` seconds."
    NoRoom 507 "no-room" "No room"
        "The database has no room left for writes; reads go on, and nothing that was acknowledged is lost."
    Internal 500 "internal" "Internal error"
        "Something went wrong here; the log has it under the request's id."
}

impl Kind {
    /// The URI that identifies the kind.
    pub fn uri(self) -> String {
        format!("{TYPES}{}", self.row().1)
    }

    /// The status of its answers.
    pub fn status(self) -> StatusCode {
        StatusCode::from_u16(self.row().0).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// A problem of this kind.
    pub fn because(self, detail: impl Into<String>) -> Problem {
        let (status, _, title, _) = self.row();
        Problem {
            kind: self,
            title,
            status,
            detail: detail.into(),
            errors: Vec::new(),
            line: None,
            column: None,
            revision: None,
            etag: None,
            headers: Vec::new(),
        }
    }

    /// A problem of this kind that names what is wrong.
    pub fn with(self, detail: impl Into<String>, errors: Vec<FieldError>) -> Problem {
        Problem { errors, ..self.because(detail) }
    }
}

impl Serialize for Kind {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.uri())
    }
}

/// An error answer (RFC 9457).
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Problem {
    /// A URI that identifies the kind of problem.
    #[serde(rename = "type")]
    #[schema(value_type = String, max_length = 200, example = "https://rolewright.dev/problems/invalid-document")]
    pub kind: Kind,
    /// The kind in words.
    #[schema(value_type = String, max_length = 200, example = "Invalid document")]
    pub title: &'static str,
    /// The HTTP status.
    #[schema(minimum = 400, maximum = 599, example = 422)]
    pub status: u16,
    /// What happened this time.
    #[schema(max_length = 10_000)]
    pub detail: String,
    /// Each bad field or parameter.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 100_000, nullable = false, value_type = Option<Vec<FieldError>>)]
    pub errors: Vec<FieldError>,
    /// The line of malformed JSON, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, minimum = 0, maximum = 4_294_967_295_i64)]
    pub line: Option<u32>,
    /// The column of malformed JSON, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, minimum = 0, maximum = 2_000_000)]
    pub column: Option<u32>,
    /// The revision that it is at now.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = u32, required = false, minimum = 1, example = 3)]
    pub revision: Option<NonZeroU32>,
    /// The entity tag of that, for `If-Match`.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "entity_tag")]
    #[schema(value_type = String, required = false, max_length = 20, example = "\"3\"")]
    pub etag: Option<NonZeroU32>,
    /// The headers that belong to it.
    #[serde(skip)]
    pub headers: Vec<(HeaderName, HeaderValue)>,
}

/// One bad field of a body, or one bad parameter of a query.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FieldError {
    /// Where in the body: a JSON Pointer (RFC 6901).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_length = 10_000, example = "/salary/min")]
    pub pointer: Option<String>,
    /// Which parameter of the query, or which header.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_length = 10_000, example = "salary_min")]
    pub parameter: Option<String>,
    /// What is wrong, in a sentence.
    #[schema(max_length = 10_000)]
    pub detail: String,
    /// The values that would have been accepted, when they can be listed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 10_000, nullable = false, value_type = Option<Vec<String>>)]
    pub valid: Vec<String>,
    /// The accepted value that looks most like what was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_length = 10_000)]
    pub nearest: Option<String>,
}

impl FieldError {
    /// A violation at its own pointer, below `prefix`.
    pub fn in_body(prefix: &str, violation: Violation) -> Self {
        let pointer = Some(format!("{prefix}{}", violation.pointer));
        Self { pointer, ..Self::in_query("", violation) }.without_parameter()
    }

    /// A violation by the value of `parameter`.
    pub fn in_query(parameter: &str, violation: Violation) -> Self {
        let Violation { detail, valid, nearest, .. } = violation;
        Self { pointer: None, parameter: Some(parameter.to_owned()), detail, valid, nearest }
    }

    fn without_parameter(self) -> Self {
        Self { parameter: None, ..self }
    }
}

impl Problem {
    /// The answer to a fault of our own. The cause goes to the log, never to the caller.
    pub fn internal(cause: impl fmt::Display) -> Self {
        log::error!("{cause}");
        Kind::Internal.because("The request could not be answered. Please quote the X-Request-Id.")
    }

    /// The answer where something was, and was removed.
    pub fn deleted(document: &DocumentId, revision: u32) -> Self {
        let detail =
            format!("the {document} was removed, by revision {revision}; POST …/restore brings it back");
        Kind::Deleted.because(detail).at_revision(revision)
    }

    /// The same problem, with the state that the document is in.
    pub fn at(self, head: Head) -> Self {
        let problem = self.at_revision(head.revision);
        if head.deleted {
            return problem;
        }
        let tag = ETag(Tag::of_revision(head.revision).in_coding(Coding::Identity));
        Self { etag: problem.revision, ..problem }.header(header::ETAG, tag)
    }

    fn at_revision(self, revision: u32) -> Self {
        Self { revision: NonZeroU32::new(revision), ..self }.header(REVISION, revision)
    }

    /// The same problem with a header. A value that cannot stand in one is left out.
    pub fn header(mut self, name: HeaderName, value: impl TryIntoHeaderValue) -> Self {
        self.headers.extend(value.try_into_value().ok().map(|value| (name, value)));
        self
    }

    /// Everything that is wrong with a body, its pointers below `prefix`.
    pub fn of_body(prefix: &str, violations: Vec<Violation>) -> Self {
        let errors: Vec<_> = violations.into_iter().map(|v| FieldError::in_body(prefix, v)).collect();
        Kind::InvalidDocument.with(summary(&errors, "field"), errors)
    }

    /// Everything that is wrong with the values of a query.
    pub fn of_query(errors: Vec<FieldError>) -> Self {
        Kind::InvalidParameter.with(summary(&errors, "parameter"), errors)
    }

    /// The body.
    pub fn to_json(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }
}

impl From<DocumentError> for Problem {
    fn from(error: DocumentError) -> Self {
        match error {
            DocumentError::Malformed { line, column, detail } => {
                let text = format!("line {line}, column {column}: {detail}");
                Self {
                    line: u32::try_from(line).ok(),
                    column: u32::try_from(column).ok(),
                    ..Kind::MalformedJson.because(text)
                }
            }
            DocumentError::Invalid(violations) => Self::of_body("", violations),
        }
    }
}

impl From<StoreError> for Problem {
    /// The cause goes to the log, never to the caller.
    fn from(error: StoreError) -> Self {
        let cause = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
        match error {
            StoreError::Unavailable(_) => {
                log::warn!("{error}: {cause}");
                let problem = Kind::Unavailable.because("the database cannot be reached; please try again");
                problem.header(header::RETRY_AFTER, RETRY_AFTER)
            }
            StoreError::Full(_) => {
                log::error!("{error}: {cause}");
                let problem = Kind::NoRoom.because("there is no room for a write; nothing was changed");
                problem.header(header::RETRY_AFTER, RETRY_AFTER)
            }
            StoreError::Newer(_) | StoreError::Failed(_) => Self::internal(format!("{error}: {cause}")),
        }
    }
}

fn entity_tag<S: serde::Serializer>(revision: &Option<NonZeroU32>, serializer: S) -> Result<S::Ok, S::Error> {
    let tag =
        revision.map(|revision| Tag::of_revision(revision.get()).in_coding(Coding::Identity).to_string());
    tag.serialize(serializer)
}

fn summary(errors: &[FieldError], what: &str) -> String {
    match errors {
        [] => format!("a {what} cannot be accepted"),
        [only] => {
            let name = only.parameter.as_deref().or(only.pointer.as_deref()).unwrap_or_default();
            format!("`{name}`: {}", only.detail)
        }
        many => format!("{} {what}s cannot be accepted; see `errors`", many.len()),
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.title, self.detail)
    }
}

/// Where a body fails, the status was sent before: the connection ends.
impl std::error::Error for Problem {}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status_code());
        response.insert_header((header::CONTENT_TYPE, MEDIA_TYPE));
        response.insert_header((header::CACHE_CONTROL, "no-store"));
        for (name, value) in &self.headers {
            response.insert_header((name.clone(), value.clone()));
        }
        if self.status == 406 {
            response.insert_header((header::VARY, "Accept"));
        }
        if matches!(self.status, 408 | 413) {
            // What is left of the body will not be read.
            response.force_close();
        }
        response.body(self.to_json())
    }
}

/// What the specification says of these kinds: one response a status.
pub fn responses(kinds: &[Kind]) -> BTreeMap<String, RefOr<Response>> {
    let mut by_status: BTreeMap<u16, Vec<Kind>> = BTreeMap::new();
    for &kind in kinds {
        by_status.entry(kind.row().0).or_default().push(kind);
    }
    by_status.into_iter().map(|(status, kinds)| (status.to_string(), response(&kinds).into())).collect()
}

fn response(kinds: &[Kind]) -> Response {
    let examples = kinds.iter().map(|kind| {
        let (_, slug, title, description) = kind.row();
        let value = serde_json::to_value(kind.because(description)).ok();
        (slug, ExampleBuilder::new().summary(title).value(value).build())
    });
    let schema = Ref::from_schema_name("Problem");
    let content = ContentBuilder::new().schema(Some(schema)).examples_from_iter(examples).build();
    let descriptions: Vec<_> = kinds.iter().map(|kind| kind.row().3).collect();
    let response =
        ResponseBuilder::new().description(descriptions.join(" Or: ")).content(MEDIA_TYPE, content);
    kinds
        .iter()
        .flat_map(|kind| headers(*kind))
        .fold(response, |response, (name, description)| {
            response.header(*name, HeaderBuilder::new().description(Some(*description)).build())
        })
        .build()
}

/// The headers that tell something of a kind of problem.
fn headers(kind: Kind) -> &'static [(&'static str, &'static str)] {
    match kind {
        Kind::PreconditionFailed | Kind::PreconditionRequired => &[
            ("ETag", "The entity tag of what is there now, if it is."),
            ("Rolewright-Revision", "The revision that it is at now, if there ever was one."),
        ],
        Kind::IdempotencyKeyInUse => &[("Retry-After", "Seconds after which to ask again.")],
        Kind::KeyRequired | Kind::InvalidKey | Kind::ScopeMissing => {
            &[("WWW-Authenticate", "What is asked for, and what was wrong (RFC 6750).")]
        }
        Kind::TooManyRequests => &[
            ("Retry-After", "Seconds after which to ask again."),
            ("RateLimit", "What is left (draft-ietf-httpapi-ratelimit-headers)."),
            ("RateLimit-Policy", "What is allowed (the same draft)."),
        ],
        _ => &[],
    }
}

/// Declares the problems of an operation, for its specification. `Internal` needs no mention.
macro_rules! problems {
    ($name:ident: $($kind:ident),* $(,)?) => {
        #[doc = "The problems that an operation answers with."]
        pub struct $name;

        impl utoipa::IntoResponses for $name {
            fn responses()
            -> std::collections::BTreeMap<String, utoipa::openapi::RefOr<utoipa::openapi::Response>> {
                use $crate::api::problem::{Kind, responses};
                responses(&[$(Kind::$kind,)* Kind::Internal])
            }
        }
    };
}
pub(crate) use problems;

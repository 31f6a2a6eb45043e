//! The audit log: who wrote what, and when.

use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::State;
use super::answer::NEVER;
use super::caller::Caller;
use super::extract::{Names, Query, names};
use super::problem::{FieldError, Kind, Problem, problems};
use crate::domain::key::KeyId;
use crate::domain::{Moment, Violation};
use crate::store::keys::Scope;
use crate::store::{AuditEntry, MAX_PAGE, Slice};

problems!(AuditProblems: UnknownParameter, DuplicateParameter, InvalidCursor, InvalidParameter);

const DEFAULT_PAGE: usize = 20;
/// The most digits of a cursor: databases count to 2^63 - 1.
const MAX_DIGITS: usize = 18;

/// A part of the audit log, the newest first.
#[derive(Debug, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AuditPage {
    /// The entries of this page.
    #[schema(max_items = 100)]
    pub items: Vec<AuditRecord>,
    /// The `cursor` of the next page, with older entries, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_length = 20, example = "1041")]
    pub next_cursor: Option<String>,
}

/// An entry of the audit log.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AuditRecord {
    /// Its number; a newer entry has a higher one.
    #[schema(minimum = 1)]
    pub number: u64,
    /// When.
    pub at: Moment,
    /// Who: the name of an API key, or of what loaded a file.
    pub author: String,
    /// The id of the API key, if it was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, value_type = Option<KeyId>)]
    pub key: Option<String>,
    /// The id of the request, if it was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_length = 64, example = "7f8e0a6c-1b1e-7c1e-9d5c-5f0a3b2c1d0e")]
    pub request_id: Option<String>,
    /// What was done.
    #[schema(example = "role.replace")]
    pub action: String,
    /// To what: the id of a role, employer, or key, or `employer/tone`.
    #[schema(example = "tech-manager")]
    pub target: String,
    /// The revision that it made, of what has revisions.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, minimum = 1)]
    pub revision: Option<u32>,
}

impl AuditRecord {
    fn of(entry: AuditEntry) -> Self {
        let AuditEntry { number, at, author, key, request, action, target, revision } = entry;
        Self { number, at: at.into(), author, key, request_id: request, action, target, revision }
    }
}

impl AuditPage {
    fn of(slice: Slice<AuditEntry>) -> Self {
        let Slice { items, more } = slice;
        let last = items.last().map(|entry| entry.number.to_string());
        Self { next_cursor: last.filter(|_| more), items: items.into_iter().map(AuditRecord::of).collect() }
    }

    /// A page with one entry, for the specification.
    pub fn example() -> Self {
        let entry = AuditEntry {
            number: 1042,
            at: jiff::Timestamp::UNIX_EPOCH,
            author: "hr-sync".to_owned(),
            key: Some("0f1e2d3c4b5a6978".to_owned()),
            request: Some("7f8e0a6c-1b1e-7c1e-9d5c-5f0a3b2c1d0e".to_owned()),
            action: "role.replace".to_owned(),
            target: "tech-manager".to_owned(),
            revision: Some(2),
        };
        Self::of(Slice { items: vec![entry], more: true })
    }
}

/// Which part of the log.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "documents the query")]
struct AuditQuery {
    /// The most entries on a page. Default 20.
    #[param(nullable = false, minimum = 1, maximum = 100, example = 20)]
    limit: Option<u8>,
    /// The page to read: the `next_cursor` of the page before. Leave out for the newest entries.
    #[param(nullable = false, max_length = 18, pattern = "^[1-9][0-9]*$")]
    cursor: Option<String>,
}

static AUDIT_QUERY: Names = Names::new(names::<AuditQuery>);

/// Read the audit log
///
/// Every write of roles, employers, tones, and keys, the newest first, a page at a time.
#[utoipa::path(
    tag = "Keys",
    operation_id = "list_audit",
    security(("key" = ["admin"])),
    params(AuditQuery),
    responses((status = 200, description = "A page of the log.", body = AuditPage), AuditProblems),
)]
#[get("/api/v1/audit")]
pub async fn list_audit(
    request: HttpRequest,
    caller: Caller,
    state: Data<State>,
) -> Result<HttpResponse, Problem> {
    caller.may(Scope::Admin)?;
    let mut query = Query::of(&request, &AUDIT_QUERY)?;
    let before = query.text("cursor").map(number).transpose()?;
    let limit = query.integer("limit", 1, MAX_PAGE).unwrap_or(DEFAULT_PAGE);
    query.finish()?;
    let page = AuditPage::of(state.store.audit(before, limit).await?);
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, NEVER)).json(page))
}

/// The number that a cursor is.
fn number(cursor: &str) -> Result<u64, Problem> {
    let plain = cursor.bytes().all(|b| b.is_ascii_digit()) && !cursor.starts_with('0');
    let number = cursor.parse().ok().filter(|_| plain && cursor.len() <= MAX_DIGITS);
    number.ok_or_else(|| {
        let violation = Violation::new("", "is not a cursor that this API gave out");
        let errors = vec![FieldError::in_query("cursor", violation)];
        Kind::InvalidCursor.with("`cursor` is not one that this API gave out", errors)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_a_number_from_1() {
        assert_eq!(number("1042").unwrap(), 1042);
        assert_eq!(number("999999999999999999").unwrap(), 999_999_999_999_999_999);
        for bad in ["", "0", "01", "+1", "-1", "1.0", "x", "1000000000000000000"] {
            assert_eq!(number(bad).unwrap_err().kind, Kind::InvalidCursor, "{bad}");
        }
    }
}

//! From a request to an order for the store, and from what became of it to an answer; the same for
//! documents of every kind.

use std::time::SystemTime;

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HttpDate};
use actix_web::{HttpRequest, HttpResponse};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::State;
use super::answer::NEVER;
use super::caller::Caller;
use super::compress::Coding;
use super::conditional::{Condition, Tag};
use super::extract::{MAX_BODY, Names, Query, SearchText, names};
use super::problem::Problem;
use super::roles::REVISION;
use crate::domain::Violation;
use crate::store::DocumentId;
use crate::store::document::{Author, Batch, Edit, Expected, Order, Outcome, Written};
use crate::store::replies::Reply;

/// What every write may say.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "documents the query")]
pub struct WriteQuery {
    /// Why: it stands in the history.
    #[param(inline, nullable = false, example = "pay reviewed")]
    message: Option<SearchText>,
}

/// A JSON Merge Patch (RFC 7396): the fields that are to be different; `null` removes one.
#[derive(ToSchema)]
#[schema(value_type = Object)]
#[allow(dead_code, reason = "documents the body")]
pub struct MergePatch(Value);

static WRITE_QUERY: Names = Names::new(names::<WriteQuery>);

/// What a request to write brings beside the document.
#[derive(Clone, Debug)]
pub struct Writing {
    /// What it says of the state that it is made for.
    pub condition: Condition,
    author: Author,
    message: Option<String>,
    at: Timestamp,
}

impl Writing {
    /// Reads the query and the headers.
    ///
    /// # Errors
    /// Problems that name the parameter or header.
    pub fn of(request: &HttpRequest, caller: &Caller) -> Result<Self, Problem> {
        let mut query = Query::of(request, &WRITE_QUERY)?;
        let message = query.parse("message", str::parse::<SearchText>);
        query.finish()?;
        let message = message.map(|text| text.as_str().trim().to_owned()).filter(|text| !text.is_empty());
        let condition = Condition::of(request)?;
        Ok(Self { condition, author: caller.author(), message, at: Timestamp::now() })
    }

    /// What the program itself writes.
    pub fn without_request(author: Author, at: Timestamp) -> Self {
        Self { condition: Condition::None, author, message: None, at }
    }

    /// When it is done.
    pub fn at(&self) -> Timestamp {
        self.at
    }

    /// The same, which says `why` if the request does not.
    #[must_use]
    pub fn because(self, why: &str) -> Self {
        Self { message: self.message.or_else(|| Some(why.to_owned())), ..self }
    }

    /// The order to do `edit` to `document`.
    pub fn order(&self, document: &DocumentId, edit: Edit, expected: Expected) -> Order {
        Order {
            document: document.clone(),
            edit,
            expected,
            skip_same: false,
            at: self.at,
            author: self.author.clone(),
            message: self.message.clone(),
        }
    }
}

impl State {
    /// Writes one document.
    ///
    /// # Errors
    /// What the database says; a refusal is no error.
    pub(super) async fn write(&self, order: Order) -> Result<Outcome, Problem> {
        let mut outcomes = self.store.write(Batch::of(order)).await?;
        outcomes.pop().ok_or_else(|| Problem::internal("the store told nothing of a write"))
    }
}

/// A document that was checked, as the store takes it.
///
/// # Errors
/// A problem for one that could not be sent back: merged from patches, or written out, it is larger
/// than a body may be.
pub fn put(document: &impl Serialize) -> Result<Edit, Problem> {
    let body = serde_json::to_string(document).map_err(Problem::internal)?;
    if body.len() > MAX_BODY {
        let detail = format!("would have {} bytes as JSON; {MAX_BODY} are the most", body.len());
        return Err(Problem::of_body("", vec![Violation::new("", detail)]));
    }
    Ok(Edit::Put(body.into()))
}

/// The answer to a write of the document at `url`: what it is now, and where, if that is new.
pub fn reply(status: StatusCode, url: &str, written: &Written) -> Reply {
    let mut headers = vec![
        (header::CACHE_CONTROL, NEVER.to_owned()),
        (header::LAST_MODIFIED, HttpDate::from(SystemTime::from(written.at)).to_string()),
        (REVISION, written.revision.to_string()),
    ];
    if written.body.is_some() {
        let tag = Tag::of_revision(written.revision).in_coding(Coding::Identity);
        headers.push((header::ETAG, tag.to_string()));
        headers.push((header::CONTENT_TYPE, "application/json".to_owned()));
        headers.push((header::CONTENT_LOCATION, url.to_owned()));
    }
    if status == StatusCode::CREATED {
        headers.push((header::LOCATION, url.to_owned()));
    }
    let headers = headers.into_iter().map(|(name, value)| (name.as_str().to_owned(), value)).collect();
    let body = written.body.as_deref().unwrap_or_default();
    Reply { status: status.as_u16(), headers, body: body.as_bytes().into() }
}

/// A reply as it is sent.
pub fn response(reply: &Reply) -> HttpResponse {
    let status = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::OK);
    let mut response = HttpResponse::build(status);
    for (name, value) in &reply.headers {
        response.insert_header((name.as_str(), value.as_str()));
    }
    response.body(reply.body.to_vec())
}

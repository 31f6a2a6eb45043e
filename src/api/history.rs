//! The history of documents of every kind: lists of revisions, and single ones.

use std::sync::Arc;
use std::time::SystemTime;

use actix_web::http::header::{self, HttpDate};
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::State;
use super::answer::{Answer, IMMUTABLE};
use super::changes::ChangeAction;
use super::compress::Body;
use super::conditional::Tag;
use super::cursor::Listing;
use super::extract::{Names, Query, names};
use super::problem::{Kind, Problem};
use super::refusal::missing;
use super::roles::REVISION;
use crate::store::document::{Change, Head, Slice};
use crate::store::{DocumentId, MAX_PAGE};

const DEFAULT_PAGE: usize = 20;

/// A page of the revisions of a document, the newest first.
#[derive(Debug, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RevisionPage {
    /// The revisions of this page.
    #[schema(max_items = 100)]
    pub items: Vec<RevisionEntry>,
    /// The `cursor` of the next page, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_length = 2000, example = "5CbRK3UmEVQAAAAAAAAAAw")]
    pub next_cursor: Option<String>,
}

/// A revision, without its content.
#[derive(Debug, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RevisionEntry {
    /// Its number.
    #[schema(minimum = 1)]
    pub revision: u32,
    /// What it did.
    #[schema(value_type = ChangeAction)]
    pub action: &'static str,
    /// Who made it: the name of an API key, of a file, or of the release that brought it.
    #[schema(max_length = 1000, example = "hr-sync")]
    pub author: String,
    /// When it was made (RFC 3339).
    #[schema(format = DateTime, max_length = 40, example = "2026-12-01T09:30:00.123Z")]
    pub at: String,
    /// Why, if the author said so.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_length = 1000, example = "pay reviewed")]
    pub message: Option<String>,
}

impl RevisionEntry {
    /// What is told of a revision.
    pub fn of(change: Change) -> Self {
        let Change { revision, action, at, author, message, .. } = change;
        Self { revision, action: action.as_str(), author, at: at.to_string(), message }
    }
}

impl RevisionPage {
    /// A page of the revisions of a document that the store has.
    pub fn of(document: &DocumentId, slice: Slice<Change>) -> Self {
        let last = slice.items.last().filter(|_| slice.more);
        let next_cursor = last.map(|change| listing(document).cursor(&u64::from(change.revision)));
        Self { items: slice.items.into_iter().map(RevisionEntry::of).collect(), next_cursor }
    }
}

/// Which page of the revisions.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "documents the query")]
pub struct HistoryQuery {
    /// The most revisions on a page. Default 20.
    #[param(nullable = false, minimum = 1, maximum = 100, example = 20)]
    limit: Option<u8>,
    /// The page to read: the `next_cursor` of the page before. Leave out for the first.
    #[param(nullable = false, max_length = 2000, pattern = "^[A-Za-z0-9_-]+$")]
    cursor: Option<String>,
}

static HISTORY_QUERY: Names = Names::new(names::<HistoryQuery>);

impl State {
    /// A page of the revisions of a document, removed or not.
    pub(super) async fn history(
        &self,
        request: &HttpRequest,
        document: &DocumentId,
    ) -> Result<RevisionPage, Problem> {
        let mut query = Query::of(request, &HISTORY_QUERY)?;
        let before = query.text("cursor").map(|cursor| revision_before(document, cursor)).transpose()?;
        let limit = query.integer("limit", 1, MAX_PAGE).unwrap_or(DEFAULT_PAGE);
        query.finish()?;
        let slice = self.store.history(document, before, limit).await?;
        if slice.items.is_empty() {
            self.head(document).await?;
        }
        Ok(RevisionPage::of(document, slice))
    }

    /// The state of a document, which may be removed.
    pub(super) async fn head(&self, document: &DocumentId) -> Result<Head, Problem> {
        self.store.head(document).await?.ok_or_else(|| missing(document))
    }

    /// A revision of a document, as it was written.
    pub(super) async fn revision(
        &self,
        document: &DocumentId,
        number: u32,
    ) -> Result<(Change, Arc<str>), Problem> {
        let Some(revision) = self.store.revision(document, Some(number)).await? else {
            let newest = self.head(document).await?.revision;
            let detail = format!("the {document} has the revisions 1 to {newest}, and no {number}");
            return Err(Kind::RevisionNotFound.because(detail));
        };
        match revision.body {
            Some(body) => Ok((revision.change, body)),
            None => {
                let detail = format!("revision {number} of the {document} removed it, and has no content");
                Err(Kind::Deleted.because(detail))
            }
        }
    }
}

/// Answers with a revision as it was: that never changes.
///
/// # Errors
/// None in fact.
pub fn answer(
    request: &HttpRequest,
    change: &Change,
    body: impl Into<Vec<u8>>,
) -> Result<HttpResponse, Problem> {
    Answer::new("application/json", IMMUTABLE)
        .header(REVISION, change.revision)
        .header(header::LAST_MODIFIED, HttpDate::from(SystemTime::from(change.at)))
        .tagged(Tag::of_revision(change.revision))
        .send(request, || Ok(Body::Fresh(body.into())))
}

/// The number of a revision that a path names.
///
/// # Errors
/// That there is none, for what is no number.
pub fn number(request: &HttpRequest, name: &str) -> Result<u32, Problem> {
    let text = request.match_info().get(name).unwrap_or_default();
    let number = text.parse().ok().filter(|number: &u32| number.to_string() == text);
    number.ok_or_else(|| Kind::RevisionNotFound.because(format!("there is no revision `{text}`")))
}

fn revision_before(document: &DocumentId, cursor: &str) -> Result<u32, Problem> {
    let listing = listing(document);
    let place: u64 = listing.place("cursor", cursor)?;
    u32::try_from(place).map_err(|_| listing.unknown("cursor"))
}

/// The revisions of one document.
fn listing(document: &DocumentId) -> Listing {
    Listing::of("revisions", &[document.kind.as_str(), &document.owner, &document.id])
}

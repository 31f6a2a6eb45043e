//! Paths of other systems, at the root, so that their clients read what is published here. They are
//! public, whoever may read the API.
//!
//! To add a system: a file here with its paths, its documents in `render/boards/`, and its routes. What a
//! client asks for that is not known is passed over, as those systems do. That something is not there is
//! told in the words of the system; what is wrong with the server, or with a key, by problems.

pub mod ashby;
mod directory;
pub mod greenhouse;
pub mod lever;
pub mod smartrecruiters;
mod writing;

use std::sync::Arc;

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::web::Data;
use actix_web::{HttpResponse, HttpResponseBuilder};
use jiff::Timestamp;
use serde::Serialize;

use super::State;
use super::answer::{Answer, SHORT};
use super::catalogue::Known;
use super::compress::Body;
use super::conditional::Tag;
use super::feeds::{self, Started};
use super::kept::segment;
use super::postings::resource::page_path;
use super::problem::{Problem, problems};
use crate::domain::kept_posting::PostingState;
use crate::domain::{KeptEmployer, KeptPosting, Slug, TimeZone};
use crate::render::boards::Entry;
use crate::store::postings::{Edition, Numbered};
use crate::store::{DocumentId, Slice, StoreError};

problems!(BoardProblems: NoPublicUrl, Unavailable);

const JSON: &str = "application/json";

/// The published postings of an employer, at a moment.
#[derive(Clone, Debug)]
pub struct Board {
    state: Data<State>,
    employer: Arc<Known<KeptEmployer>>,
    zone: TimeZone,
    site: String,
    now: Timestamp,
}

impl Board {
    /// The board of the employer that the path names, if there is one.
    ///
    /// # Errors
    /// That the server does not know its own address, and what the database says.
    pub async fn of(request: &HttpRequest, state: &Data<State>) -> Result<Option<Self>, Problem> {
        let employer = match state.public_employer(segment(request, "employer")).await {
            Ok(employer) => employer,
            Err(problem) if problem.status == StatusCode::NOT_FOUND.as_u16() => return Ok(None),
            Err(problem) => return Err(problem),
        };
        Ok(Some(Self {
            zone: employer.content.time_zone.clone().unwrap_or_default(),
            site: state.absolute_or_refuse("")?,
            employer,
            state: state.clone(),
            now: Timestamp::now(),
        }))
    }

    /// A part of the walk through its postings, in the order in which they were made.
    async fn page(&self, after: Option<&str>, limit: usize) -> Result<Slice<Numbered>, StoreError> {
        let employer = self.employer.content.id.as_str();
        self.state.store.public_numbered(employer, self.now, after, limit).await
    }

    async fn edition(&self) -> Result<Edition, Problem> {
        Ok(self.state.store.edition(Some(self.employer.content.id.as_str()), self.now).await?)
    }

    /// Reads a posting of the board; nothing of one that has no words yet.
    fn read<T>(&self, numbered: &Numbered, read: impl FnOnce(&Entry<'_>) -> T) -> Result<Option<T>, Problem> {
        let kept: KeptPosting = serde_json::from_str(&numbered.posting.body).map_err(Problem::internal)?;
        Ok(self.entry(&kept, numbered.number, read))
    }

    fn entry<T>(&self, kept: &KeptPosting, number: u64, read: impl FnOnce(&Entry<'_>) -> T) -> Option<T> {
        let publication = kept.publication.as_ref()?;
        let url = format!("{}{}", self.site, page_path(kept));
        Some(read(&Entry {
            id: kept.id.as_str(),
            number,
            employer: self.employer.content.id.as_str(),
            url: &url,
            site: &self.site,
            posting: &publication.posting,
            vacancy: &publication.vacancy,
            zone: &self.zone,
            published: publication.opens_at.timestamp(),
            updated: publication.composed_at.timestamp().max(publication.opens_at.timestamp()),
            closes: publication.closes_at.map(|at| at.timestamp()),
        }))
    }

    /// Reads its public posting with a number.
    async fn with_number<T>(
        &self,
        number: &str,
        read: impl FnOnce(&Entry<'_>) -> T,
    ) -> Result<Option<T>, Problem> {
        let Some(number) = plain_number(number) else { return Ok(None) };
        match self.state.store.by_number(self.employer.content.id.as_str(), number).await? {
            Some(document) => self.published(document, number, read).await,
            None => Ok(None),
        }
    }

    /// Reads its public posting with an id.
    async fn with_id<T>(&self, id: &str, read: impl FnOnce(&Entry<'_>) -> T) -> Result<Option<T>, Problem> {
        if Slug::try_from(id).is_err() {
            return Ok(None);
        }
        let document = self.state.store.locate(id).await?;
        let Some(document) = document.filter(|one| one.owner == self.employer.content.id.as_str()) else {
            return Ok(None);
        };
        match self.state.store.number_of(id).await? {
            Some(number) => self.published(document, number, read).await,
            None => Ok(None),
        }
    }

    async fn published<T>(
        &self,
        document: DocumentId,
        number: u64,
        read: impl FnOnce(&Entry<'_>) -> T,
    ) -> Result<Option<T>, Problem> {
        let head = self.state.store.head(&document).await?;
        if head.is_none_or(|head| head.deleted) {
            return Ok(None);
        }
        let seen = self.state.seen(document, false, self.now).await?;
        if seen.state != PostingState::Published {
            return Ok(None);
        }
        Ok(self.entry(seen.posting(), number, read))
    }

    /// Starts an answer with its postings; or it is all there is to say, since the client has them already.
    async fn start(&self, request: &HttpRequest, media_type: &'static str) -> Result<Started, Problem> {
        let edition = self.edition().await?;
        let address = [
            self.site.as_str(),
            request.path(),
            request.query_string(),
            self.zone.name(),
            self.employer.content.profile.name.as_str(),
            media_type,
        ];
        let tag = feeds::tag(&self.state, &address.join("\n"), &edition);
        Ok(feeds::start(request, &tag, &edition, self.now, media_type))
    }
}

/// A number as it stands in a path: digits alone.
fn plain_number(text: &str) -> Option<u64> {
    let plain = !text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| plain)
}

/// What a client asks for: names and values as they come, known or not.
#[derive(Clone, Debug)]
pub struct Asked(Vec<(String, String)>);

impl Asked {
    /// The query of a request. One that is not a query asks for nothing.
    pub fn of(request: &HttpRequest) -> Self {
        Self(serde_urlencoded::from_str(request.query_string()).unwrap_or_default())
    }

    /// The first value of a name, unless it is empty.
    pub fn first(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str()).filter(|v| !v.is_empty())
    }

    /// All values of a name that are not empty.
    pub fn all(&self, name: &str) -> Vec<String> {
        let named = self.0.iter().filter(|(key, value)| key == name && !value.is_empty());
        named.map(|(_, value)| value.clone()).collect()
    }

    /// Whether it says `true`.
    pub fn is_true(&self, name: &str) -> bool {
        self.first(name) == Some("true")
    }

    /// A whole number; nothing for what is none.
    pub fn number(&self, name: &str) -> Option<u64> {
        let text = self.first(name)?;
        let digits = text.bytes().all(|byte| byte.is_ascii_digit());
        // What is too large to be a number is larger than everything.
        digits.then(|| text.parse().unwrap_or(u64::MAX))
    }
}

/// Answers with a small document.
fn json(request: &HttpRequest, document: &impl Serialize) -> Result<HttpResponse, Problem> {
    let bytes = serde_json::to_vec(document).map_err(Problem::internal)?;
    bytes_of(request, JSON, bytes)
}

fn bytes_of(
    request: &HttpRequest,
    media_type: &'static str,
    bytes: Vec<u8>,
) -> Result<HttpResponse, Problem> {
    let answer = Answer::new(media_type, SHORT).tagged(Tag::of(&[&bytes]));
    answer.send(request, || Ok(Body::Fresh(bytes)))
}

/// That something is not there, in the words of the system.
fn missing(document: &impl Serialize) -> Result<HttpResponse, Problem> {
    let bytes = serde_json::to_vec(document).map_err(Problem::internal)?;
    Ok(not_found(JSON).body(bytes))
}

fn not_found(media_type: &'static str) -> HttpResponseBuilder {
    let mut response = HttpResponse::NotFound();
    response.insert_header((header::CONTENT_TYPE, HeaderValue::from_static(media_type)));
    response.insert_header((header::CACHE_CONTROL, HeaderValue::from_static("no-store")));
    response
}

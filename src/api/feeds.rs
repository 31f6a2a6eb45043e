//! Feeds of the published postings: for job boards, readers of news, and search engines. They are public,
//! whoever may read the API, and are sent while they are made.

use std::sync::Arc;
use std::time::SystemTime;

use actix_web::http::header::{self, ETag, HttpDate};
use actix_web::web::{Bytes, Data, block};
use actix_web::{HttpMessage, HttpRequest, HttpResponse, HttpResponseBuilder, get};
use async_trait::async_trait;
use jiff::Timestamp;

use super::State;
use super::answer::SHORT;
use super::caller::no_employer;
use super::catalogue::{Found, Known};
use super::chunks::{self, Chunks, Walk};
use super::compress::accepted;
use super::conditional::{Tag, unchanged};
use super::extract::Query;
use super::kept::segment;
use super::postings::resource::page_path;
use super::problem::{Kind, Problem, problems};
use super::spec::{NotModified, words};
use crate::domain::kept_posting::Publication;
use crate::domain::{KeptEmployer, KeptPosting, Slug, Violation};
use crate::render::feed::{Channel, Entry, Feed};
use crate::review::preflight::{self, Severity, Target};
use crate::store::DocumentId;
use crate::store::document::Listed;
use crate::store::postings::Edition;

problems!(FeedProblems: UnknownParameter, DuplicateParameter, NotFound, NoPublicUrl, Unavailable);
problems!(
    EmployerFeedProblems: UnknownParameter, DuplicateParameter, NotFound, EmployerNotFound, NoPublicUrl, Unavailable,
);

words!(FeedName: Feed::ALL.map(Feed::as_str));

/// Get a feed
///
/// All published postings, for job boards (`indeed.xml`, `linkedin.xml`) and for readers of news (`atom.xml`, `rss.xml`,
/// `jobs.json`). A posting that a board would refuse is left out of that board's feed; `GET /api/v1/preflight` names it, and says
/// why. An answer that ends before its time (without the last, empty chunk) is not the whole feed.
#[utoipa::path(
    tag = "Public pages and feeds",
    operation_id = "get_feed",
    security(()),
    params(("feed" = inline(FeedName), Path, description = "Which feed.")),
    responses(
        (status = 200, description = "The feed.", content(
            (String = "application/xml"), (String = "application/atom+xml"), (String = "application/rss+xml"),
            (serde_json::Value = "application/feed+json"),
        )),
        NotModified,
        FeedProblems,
    ),
)]
#[get("/feeds/{feed}")]
pub async fn get_feed(request: HttpRequest, state: Data<State>) -> Result<HttpResponse, Problem> {
    answer(&request, &state, None).await
}

/// Get a feed of an employer
///
/// The same of one employer.
#[utoipa::path(
    tag = "Public pages and feeds",
    operation_id = "get_employer_feed",
    security(()),
    params(
        ("employer" = inline(Slug), Path, description = "The id of the employer."),
        ("feed" = inline(FeedName), Path, description = "Which feed."),
    ),
    responses(
        (status = 200, description = "The feed.", content(
            (String = "application/xml"), (String = "application/atom+xml"), (String = "application/rss+xml"),
            (serde_json::Value = "application/feed+json"),
        )),
        NotModified,
        EmployerFeedProblems,
    ),
)]
#[get("/feeds/{employer}/{feed}")]
pub async fn get_employer_feed(request: HttpRequest, state: Data<State>) -> Result<HttpResponse, Problem> {
    let employer = state.public_employer(segment(&request, "employer")).await?;
    answer(&request, &state, Some(&employer.content)).await
}

async fn answer(
    request: &HttpRequest,
    state: &Data<State>,
    employer: Option<&KeptEmployer>,
) -> Result<HttpResponse, Problem> {
    Query::of(request, &[])?;
    let feed = named(segment(request, "feed"))?;
    let (site, address) = (state.absolute_or_refuse("")?, state.absolute_or_refuse(request.path())?);
    let id = employer.map(|employer| employer.id.as_str());
    let now = Timestamp::now();
    let edition = state.store.edition(id, now).await?;
    let tag = tag(state, &address, &edition);
    let response = match start(request, &tag, &edition, now, feed.media_type()) {
        Started::Fresh(response) => response,
        Started::Unchanged(response) => return Ok(response),
    };
    let name = employer.map(|employer| employer.profile.name.as_str());
    let channel = Channel {
        title: &name.map_or_else(|| "Jobs".to_owned(), |name| format!("Jobs at {name}")),
        publisher: name.unwrap_or("Rolewright"),
        site: &site,
        address: &address,
        updated: edition.at.unwrap_or(Timestamp::UNIX_EPOCH),
    };
    let writing = Writing {
        feed,
        api: state.clone(),
        employer: id.map(str::to_owned),
        now,
        walk: Walk::default(),
        head: Some(feed.head(&channel)),
        any: false,
        ended: false,
    };
    chunks::answer(response, writing, accepted(request)).await
}

/// The feed of this name.
fn named(name: &str) -> Result<Feed, Problem> {
    Feed::ALL.into_iter().find(|feed| feed.as_str() == name).ok_or_else(|| {
        let violation = Violation::unknown("", "feed", name, Feed::ALL.map(Feed::as_str));
        Kind::NotFound.because(violation.detail)
    })
}

/// What identifies a list of public postings at an address.
pub fn tag(state: &State, address: &str, edition: &Edition) -> Tag {
    let (count, sequence) = (edition.count.to_be_bytes(), edition.sequence.to_be_bytes());
    Tag::of(&[address.as_bytes(), &state.renderer.fingerprint().0, &count, &sequence])
}

/// An answer with such a list, but for the list.
pub enum Started {
    /// It goes on with the list.
    Fresh(HttpResponseBuilder),
    /// It is all there is to say: the client has the list already.
    Unchanged(HttpResponse),
}

/// Starts an answer with such a list. A client is known to have it by its tag, or else by the moment of the
/// last change.
pub fn start(
    request: &HttpRequest,
    tag: &Tag,
    edition: &Edition,
    now: Timestamp,
    media_type: &'static str,
) -> Started {
    let coding = accepted(request);
    let modified = edition.at.and_then(|at| last_modified(at, now));
    let since = request
        .get_header::<header::IfModifiedSince>()
        .filter(|_| !request.headers().contains_key(header::IF_NONE_MATCH));
    let same = since.zip(modified).is_some_and(|(since, modified)| modified <= since.0);
    let had = unchanged(request, tag, coding).or_else(|| same.then(|| tag.in_coding(coding)));
    let mut response = if had.is_some() { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    if let Some(modified) = modified {
        response.insert_header((header::LAST_MODIFIED, modified));
    }
    response.insert_header((header::CACHE_CONTROL, SHORT)).insert_header((header::VARY, "Accept-Encoding"));
    match had {
        Some(had) => Started::Unchanged(response.insert_header(ETag(had)).finish()),
        None => {
            response
                .insert_header(ETag(tag.in_coding(coding)))
                .insert_header((header::CONTENT_TYPE, media_type));
            Started::Fresh(response)
        }
    }
}

/// The moment of a change in whole seconds. A change of this very second may not be the last one in it, and
/// would be taken for the next (RFC 9110, section 8.8.2.2): it has none yet.
fn last_modified(at: Timestamp, now: Timestamp) -> Option<HttpDate> {
    let second = Timestamp::from_second(at.as_second()).ok()?;
    (second.as_second() < now.as_second()).then(|| HttpDate::from(SystemTime::from(second)))
}

/// A feed that is being written.
struct Writing {
    feed: Feed,
    api: Data<State>,
    employer: Option<String>,
    now: Timestamp,
    walk: Walk,
    head: Option<Vec<u8>>,
    any: bool,
    ended: bool,
}

#[async_trait]
impl Chunks for Writing {
    async fn next(&mut self) -> Result<Option<Bytes>, Problem> {
        if self.ended {
            return Ok(None);
        }
        let (store, employer, now) = (&self.api.store, self.employer.as_deref(), self.now);
        let read = |after: Option<String>, limit| async move {
            store.public(employer, now, after.as_deref(), limit).await
        };
        let head = self.head.take().unwrap_or_default();
        let Some(items) = self.walk.next(read).await? else {
            self.ended = true;
            return Ok(Some(self.feed.tail().into()));
        };
        let (feed, api, any) = (self.feed, self.api.clone(), self.any);
        let written =
            block(move || entries(feed, &api, &items, any, head)).await.map_err(Problem::internal)?;
        let (bytes, any) = written?;
        self.any = any;
        Ok(Some(bytes.into()))
    }
}

/// Appends the entries of some postings to `out`; `any` says whether there are entries before them.
fn entries(
    feed: Feed,
    api: &State,
    items: &[Listed],
    mut any: bool,
    mut out: Vec<u8>,
) -> Result<(Vec<u8>, bool), Problem> {
    for listed in items {
        let posting: KeptPosting = serde_json::from_str(&listed.body).map_err(Problem::internal)?;
        let (Some(publication), Some(url)) = (&posting.publication, api.absolute(&page_path(&posting)))
        else {
            continue;
        };
        if is_refused(feed, &posting, publication, &url) {
            continue;
        }
        let entry = Entry {
            id: posting.id.as_str(),
            url: &url,
            posting: &publication.posting,
            vacancy: &publication.vacancy,
            published: publication.opens_at.timestamp(),
            updated: publication.composed_at.timestamp().max(publication.opens_at.timestamp()),
            closes: publication.closes_at.map(|at| at.timestamp()),
        };
        out.extend_from_slice(&feed.entry(&entry, !any));
        any = true;
    }
    Ok((out, any))
}

/// Whether the board that a feed is for would refuse the posting.
fn is_refused(feed: Feed, kept: &KeptPosting, publication: &Publication, url: &str) -> bool {
    let target = match feed {
        Feed::Indeed => Target::Indeed,
        Feed::Linkedin => Target::Linkedin,
        Feed::Atom | Feed::Rss | Feed::Jobs => return false,
    };
    let Publication { posting, vacancy, options, .. } = publication;
    let own_options = &kept.options;
    let subject = preflight::Subject { posting, vacancy, options, own_options, url: Some(url) };
    preflight::preflight(target, &subject).iter().any(|finding| finding.severity == Severity::Error)
}

impl State {
    /// The employer with this id, for everybody.
    ///
    /// # Errors
    /// That there is none.
    pub(super) async fn public_employer(&self, id: &str) -> Result<Arc<Known<KeptEmployer>>, Problem> {
        let found = match Slug::try_from(id) {
            Ok(_) => self.find::<KeptEmployer>(&DocumentId::employer(id)).await?,
            Err(_) => Found::Nothing,
        };
        match found {
            Found::There(known) => Ok(known),
            Found::Removed(_) | Found::Nothing => Err(no_employer(id)),
        }
    }
}

//! The sitemap of the published postings, and what search engines are told of the site.

use std::sync::Arc;

use actix_web::http::header;
use actix_web::web::{Bytes, Data};
use actix_web::{HttpRequest, HttpResponse, get};
use async_trait::async_trait;
use jiff::Timestamp;
use utoipa::IntoParams;

use super::State;
use super::answer::{Answer, SHORT};
use super::chunks::{self, Chunks};
use super::compress::{Body, accepted};
use super::extract::{Names, Query, names};
use super::feeds::{Started, start, tag};
use super::kept::segment;
use super::problem::{Problem, problems};
use super::spec::NotModified;
use crate::domain::Slug;
use crate::render::feed::{MAX_SITEMAP_ENTRIES, Sitemap, robots};
use crate::store::{Slice, Store};

problems!(SitemapProblems: UnknownParameter, DuplicateParameter, InvalidParameter, NoPublicUrl, Unavailable);
problems!(
    EmployerSitemapProblems: UnknownParameter, DuplicateParameter, EmployerNotFound, InvalidParameter, NoPublicUrl,
    Unavailable,
);
problems!(RobotsProblems: UnknownParameter, DuplicateParameter, NoPublicUrl);

/// How many addresses are read at once.
const AT_ONCE: usize = 1000;

/// Which part.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "documents the query")]
struct SitemapQuery {
    /// The part after the posting with this id, as the index names it. Without it, the whole sitemap; or the index, if the
    /// sitemap has more than 50,000 addresses.
    #[param(inline, nullable = false, example = "0193a5e8-7b1c-7d3e-9f00-2b6c1d0e4a55")]
    after: Option<Slug>,
    /// The first part, where the whole would be an index.
    #[param(inline, nullable = false, minimum = 1, maximum = 1, example = 1)]
    part: Option<u8>,
}

static SITEMAP_QUERY: Names = Names::new(names::<SitemapQuery>);

/// Get the sitemap
///
/// The addresses of all published postings, with the day on which each was last changed (sitemaps.org). Above 50,000, it is an index
/// of parts.
#[utoipa::path(
    tag = "Public pages and feeds",
    operation_id = "get_sitemap",
    security(()),
    params(SitemapQuery),
    responses(
        (status = 200, description = "The sitemap.", body = String, content_type = "application/xml"),
        NotModified,
        SitemapProblems,
    ),
)]
#[get("/sitemap.xml")]
pub async fn get_sitemap(request: HttpRequest, state: Data<State>) -> Result<HttpResponse, Problem> {
    answer(&request, &state, None).await
}

/// Get the sitemap of an employer
///
/// The same of one employer.
#[utoipa::path(
    tag = "Public pages and feeds",
    operation_id = "get_employer_sitemap",
    security(()),
    params(("employer" = inline(Slug), Path, description = "The id of the employer."), SitemapQuery),
    responses(
        (status = 200, description = "The sitemap.", body = String, content_type = "application/xml"),
        NotModified,
        EmployerSitemapProblems,
    ),
)]
#[get("/careers/{employer}/sitemap.xml")]
pub async fn get_employer_sitemap(request: HttpRequest, state: Data<State>) -> Result<HttpResponse, Problem> {
    let employer = state.public_employer(segment(&request, "employer")).await?;
    answer(&request, &state, Some(employer.content.id.as_str())).await
}

/// Get what robots are told
///
/// Tells search engines where the sitemap is, and that the API is not for them (RFC 9309).
#[utoipa::path(
    tag = "Public pages and feeds",
    operation_id = "get_robots",
    security(()),
    responses(
        (status = 200, description = "The rules.", body = String, content_type = "text/plain"),
        NotModified,
        RobotsProblems,
    ),
)]
#[get("/robots.txt")]
pub async fn get_robots(request: HttpRequest, state: Data<State>) -> Result<HttpResponse, Problem> {
    Query::of(&request, &[])?;
    let text = robots(&state.absolute_or_refuse("/sitemap.xml")?, &["/api/", "/docs"]);
    let tag = super::conditional::Tag::of(&[text.as_bytes()]);
    Answer::new("text/plain; charset=utf-8", SHORT)
        .tagged(tag)
        .send(&request, || Ok(Body::Fresh(text.into())))
}

async fn answer(
    request: &HttpRequest,
    state: &Data<State>,
    employer: Option<&str>,
) -> Result<HttpResponse, Problem> {
    let mut query = Query::of(request, &SITEMAP_QUERY)?;
    let after = query.parse("after", |id| Slug::try_from(id)).map(|id| id.to_string());
    let first = query.integer("part", 1, 1).is_some();
    query.finish()?;
    let (site, address) = (state.absolute_or_refuse("")?, state.absolute_or_refuse(request.path())?);
    let now = Timestamp::now();
    let edition = state.store.edition(employer, now).await?;
    let part = after.clone().unwrap_or_else(|| first.to_string());
    let tag = tag(state, &format!("{address}?{part}"), &edition);
    let mut response = match start(request, &tag, &edition, now, Sitemap::MEDIA_TYPE) {
        Started::Fresh(response) => response,
        Started::Unchanged(response) => return Ok(response),
    };
    let is_part = after.is_some() || first;
    if !is_part && edition.count > MAX_SITEMAP_ENTRIES as u64 {
        let marks = state.store.public_marks(employer, now, MAX_SITEMAP_ENTRIES).await?;
        response.insert_header((header::CACHE_CONTROL, SHORT));
        return Ok(response.body(index(&address, &marks)));
    }
    let pages = Pages {
        store: Arc::clone(&state.store),
        site,
        employer: employer.map(str::to_owned),
        now,
        after,
        left: if is_part { MAX_SITEMAP_ENTRIES } else { usize::MAX },
        stage: Stage::Head,
    };
    chunks::answer(response, pages, accepted(request)).await
}

/// The index of a sitemap whose parts start after the `marks`, the first one apart.
fn index(address: &str, marks: &[String]) -> Vec<u8> {
    let mut out = Sitemap::Index.head();
    out.extend(Sitemap::Index.url(&format!("{address}?part=1"), None));
    for mark in marks {
        out.extend(Sitemap::Index.url(&format!("{address}?after={mark}"), None));
    }
    out.extend(Sitemap::Index.tail());
    out
}

/// A sitemap that is being written.
struct Pages {
    store: Arc<dyn Store>,
    site: String,
    employer: Option<String>,
    now: Timestamp,
    after: Option<String>,
    left: usize,
    stage: Stage,
}

#[derive(PartialEq, Eq)]
enum Stage {
    Head,
    Pages,
    Tail,
    Ended,
}

#[async_trait]
impl Chunks for Pages {
    async fn next(&mut self) -> Result<Option<Bytes>, Problem> {
        let mut out = match self.stage {
            Stage::Ended => return Ok(None),
            Stage::Tail => {
                self.stage = Stage::Ended;
                return Ok(Some(Sitemap::Pages.tail().into()));
            }
            Stage::Head => Sitemap::Pages.head(),
            Stage::Pages => Vec::new(),
        };
        let (employer, limit) = (self.employer.as_deref(), AT_ONCE.min(self.left));
        let Slice { items, more } =
            self.store.public_addresses(employer, self.now, self.after.as_deref(), limit).await?;
        for address in &items {
            let path = format!("{}/careers/{}/{}", self.site, address.employer, address.slug);
            out.extend(Sitemap::Pages.url(&path, Some(address.at)));
        }
        self.left -= items.len().min(self.left);
        self.stage = if more && self.left > 0 { Stage::Pages } else { Stage::Tail };
        self.after = items.into_iter().next_back().map(|address| address.id);
        Ok(Some(out.into()))
    }
}

//! The public page of a posting.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};
use jiff::Timestamp;

use super::State;
use super::extract::Query;
use super::kept::segment;
use super::postings::{get::written, no_posting, public};
use super::problem::{Problem, problems};
use super::spec::NotModified;
use crate::domain::Slug;
use crate::render::Format;

problems!(PageProblems: UnknownParameter, DuplicateParameter, PostingNotFound, PostingClosed, Unavailable);

/// Show a posting
///
/// The page of a published posting, with its schema.org markup. Everybody may see it, whoever may read the API. A posting that
/// is closed is a 410.
#[utoipa::path(
    tag = "Public pages and feeds",
    operation_id = "get_posting_page",
    security(()),
    params(
        ("employer" = inline(Slug), Path, description = "The id of the employer."),
        ("slug" = inline(Slug), Path, description = "The slug of the posting."),
    ),
    responses(
        (status = 200, description = "The page.", body = String, content_type = "text/html"),
        NotModified,
        PageProblems,
    ),
)]
#[get("/careers/{employer}/{slug}")]
pub async fn get_posting_page(request: HttpRequest, state: Data<State>) -> Result<HttpResponse, Problem> {
    Query::of(&request, &[])?;
    let (employer, slug) = (segment(&request, "employer"), segment(&request, "slug"));
    let document = match (Slug::try_from(employer), Slug::try_from(slug)) {
        (Ok(_), Ok(_)) => state.store.by_slug(employer, slug).await?,
        _ => None,
    };
    let document = document.ok_or_else(|| no_posting(slug))?;
    let now = Timestamp::now();
    let seen = public(state.seen(document, false, now).await?, now)?;
    match &seen.posting().publication {
        Some(publication) => written(&state, &request, &seen, publication, Format::Page),
        None => Err(no_posting(slug)),
    }
}

//! Ashby's public job posting API.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};
use utoipa::IntoParams;

use super::super::State;
use super::super::feeds::Started;
use super::super::problem::Problem;
use super::super::spec::NotModified;
use super::writing::{self, Frame, Step};
use super::{Asked, Board, BoardProblems, JSON, not_found};
use crate::domain::Slug;
use crate::render::boards::ashby::{self, Job, VERSION};

/// What is told of each job.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "documents the query")]
struct AshbyQuery {
    /// `true`: with the pay.
    #[param(rename = "includeCompensation", nullable = false, pattern = "^[a-z]*$", example = "true")]
    include_compensation: Option<String>,
}

/// List jobs as Ashby does
///
/// All published postings of an employer, as clients of Ashby's public job posting API read them.
#[utoipa::path(
    tag = "Other systems' answers",
    operation_id = "get_ashby_board",
    security(()),
    params(("employer" = inline(Slug), Path, description = "The id of the employer."), AshbyQuery),
    responses(
        (status = 200, description = "The jobs.", body = ashby::Board),
        (status = 404, description = "There is no such employer.", body = String, content_type = "text/plain"),
        NotModified,
        BoardProblems,
    ),
)]
#[get("/posting-api/job-board/{employer}")]
pub async fn get_ashby_board(request: HttpRequest, state: Data<State>) -> Result<HttpResponse, Problem> {
    let Some(board) = Board::of(&request, &state).await? else {
        return Ok(not_found("text/plain; charset=utf-8").body("Not Found"));
    };
    let response = match board.start(&request, JSON).await? {
        Started::Fresh(response) => response,
        Started::Unchanged(response) => return Ok(response),
    };
    let pay = Asked::of(&request).is_true("includeCompensation");
    let frame = Frame::array(&format!("{{\"apiVersion\":\"{VERSION}\",\"jobs\":"), "}");
    writing::answer(&request, response, board, frame, move |entry| {
        Ok(Step::Write(serde_json::to_vec(&Job::of(entry, pay))?))
    })
    .await
}

//! Greenhouse's Job Board API.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};
use serde::Serialize;
use utoipa::IntoParams;

use super::super::State;
use super::super::chunks;
use super::super::compress::accepted;
use super::super::feeds::Started;
use super::super::kept::segment;
use super::super::problem::Problem;
use super::super::spec::{NotModified, words};
use super::directory::Directory;
use super::writing::{self, Frame, Pieces, Step};
use super::{Asked, Board, BoardProblems, JSON, bytes_of, missing, plain_number};
use crate::domain::Slug;
use crate::render::boards::greenhouse::{
    self, DepartmentJobs, Departments, Education, Job, Jobs, Kin, NotFound, OfficeJobs, Offices, Section,
    Sections,
};

const SCRIPT: &str = "application/javascript; charset=utf-8";
/// The most characters of a callback.
const MAX_CALLBACK: usize = 128;

words!(EducationName: ["degrees", "disciplines", "schools"]);

/// How everything can be asked for.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "documents the query")]
struct CallbackQuery {
    /// JSONP: the name of the function to call with the answer, of letters, digits, `_`, and `.`. Another one is passed over.
    #[param(nullable = false, max_length = 128, pattern = "^[A-Za-z0-9_.]*$")]
    callback: Option<String>,
}

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "documents the query")]
struct JobsQuery {
    /// `true`: with the words of each job, its department, and its offices.
    #[param(nullable = false, pattern = "^[a-z]*$", example = "true")]
    content: Option<String>,
}

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "documents the query")]
struct JobQuery {
    /// `true`: with the questions of the form, of which there are none.
    #[param(nullable = false, pattern = "^[a-z]*$", example = "true")]
    questions: Option<String>,
    /// `true`: with the pay.
    #[param(nullable = false, pattern = "^[a-z]*$", example = "true")]
    pay_transparency: Option<String>,
}

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "documents the query")]
struct RenderQuery {
    /// `tree`: with `children`. Default: `list`.
    #[param(nullable = false, pattern = "^[a-z]*$", example = "list")]
    render_as: Option<String>,
}

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "documents the query")]
struct EducationQuery {
    /// What an item must contain.
    #[param(nullable = false, pattern = "^.*$")]
    term: Option<String>,
    /// The page, from 1.
    #[param(nullable = false, pattern = "^[0-9]*$", example = "1")]
    page: Option<String>,
}

/// Get a job board as Greenhouse does
///
/// The employer, as clients of Greenhouse's Job Board API read it. `content` is what the employer says of itself.
#[utoipa::path(
    tag = "Other systems' answers",
    operation_id = "get_greenhouse_board",
    security(()),
    params(("employer" = inline(Slug), Path, description = "The id of the employer."), CallbackQuery),
    responses(
        (status = 200, description = "The board.", content(
            (greenhouse::Board = "application/json"), (String = "application/javascript"),
        )),
        (status = 404, description = "There is no such employer.", body = NotFound),
        NotModified,
        BoardProblems,
    ),
)]
#[get("/v1/boards/{employer}")]
pub async fn get_greenhouse_board(request: HttpRequest, state: Data<State>) -> Result<HttpResponse, Problem> {
    let Some(board) = Board::of(&request, &state).await? else { return no_board() };
    answer(&request, &greenhouse::Board::of(&board.employer.content.profile))
}

/// List jobs as Greenhouse does
///
/// All published postings of an employer, as clients of Greenhouse's Job Board API read them.
#[utoipa::path(
    tag = "Other systems' answers",
    operation_id = "list_greenhouse_jobs",
    security(()),
    params(("employer" = inline(Slug), Path, description = "The id of the employer."), JobsQuery, CallbackQuery),
    responses(
        (status = 200, description = "The jobs.", content(
            (Jobs = "application/json"), (String = "application/javascript"),
        )),
        (status = 404, description = "There is no such employer.", body = NotFound),
        NotModified,
        BoardProblems,
    ),
)]
#[get("/v1/boards/{employer}/jobs")]
pub async fn list_greenhouse_jobs(request: HttpRequest, state: Data<State>) -> Result<HttpResponse, Problem> {
    let Some(board) = Board::of(&request, &state).await? else { return no_board() };
    let asked = Asked::of(&request);
    let callback = callback(&asked);
    let response = match board.start(&request, media_type(callback)).await? {
        Started::Fresh(response) => response,
        Started::Unchanged(response) => return Ok(response),
    };
    let (opening, closing) = wrapping(callback);
    let tail = move |total| format!("],\"meta\":{{\"total\":{total}}}}}{closing}").into_bytes();
    let head = format!("{opening}{{\"jobs\":[").into_bytes();
    let frame = Frame { head, separator: ",", tail: Box::new(tail) };
    let content = asked.is_true("content");
    writing::answer(&request, response, board, frame, move |entry| {
        Ok(Step::Write(serde_json::to_vec(&Job::listed(entry, content))?))
    })
    .await
}

/// Get a job as Greenhouse does
///
/// A published posting, as clients of Greenhouse's Job Board API read it. Its number never changes.
#[utoipa::path(
    tag = "Other systems' answers",
    operation_id = "get_greenhouse_job",
    security(()),
    params(
        ("employer" = inline(Slug), Path, description = "The id of the employer."),
        ("id" = u64, Path, description = "The number of the posting."),
        JobQuery,
        CallbackQuery,
    ),
    responses(
        (status = 200, description = "The job.", content(
            (Job = "application/json"), (String = "application/javascript"),
        )),
        (status = 404, description = "There is no such job.", body = NotFound),
        NotModified,
        BoardProblems,
    ),
)]
#[get("/v1/boards/{employer}/jobs/{id}")]
pub async fn get_greenhouse_job(request: HttpRequest, state: Data<State>) -> Result<HttpResponse, Problem> {
    let Some(board) = Board::of(&request, &state).await? else { return no_board() };
    let asked = Asked::of(&request);
    let (questions, pay) = (asked.is_true("questions"), asked.is_true("pay_transparency"));
    let number = segment(&request, "id");
    let found =
        board.with_number(number, |entry| answer(&request, &Job::single(entry, questions, pay))).await?;
    found.unwrap_or_else(|| none("Job not found"))
}

/// List departments as Greenhouse does
///
/// The departments of the published postings with their jobs, as clients of Greenhouse's Job Board API read them.
#[utoipa::path(
    tag = "Other systems' answers",
    operation_id = "list_greenhouse_departments",
    security(()),
    params(("employer" = inline(Slug), Path, description = "The id of the employer."), RenderQuery, CallbackQuery),
    responses(
        (status = 200, description = "The departments.", content(
            (Departments = "application/json"), (String = "application/javascript"),
        )),
        (status = 404, description = "There is no such employer.", body = NotFound),
        NotModified,
        BoardProblems,
    ),
)]
#[get("/v1/boards/{employer}/departments")]
pub async fn list_greenhouse_departments(
    request: HttpRequest,
    state: Data<State>,
) -> Result<HttpResponse, Problem> {
    let Some(board) = Board::of(&request, &state).await? else { return no_board() };
    let started = board.start(&request, media_type(callback(&Asked::of(&request)))).await?;
    let directory = |kin| async move { Ok(Directory::of(&board).await?.departments(kin)) };
    listed(&request, started, "departments", directory).await
}

/// Get a department as Greenhouse does
///
/// A department of the published postings with its jobs, as clients of Greenhouse's Job Board API read it.
#[utoipa::path(
    tag = "Other systems' answers",
    operation_id = "get_greenhouse_department",
    security(()),
    params(
        ("employer" = inline(Slug), Path, description = "The id of the employer."),
        ("id" = u64, Path, description = "The number of the department; 0 for the jobs that have none."),
        RenderQuery,
        CallbackQuery,
    ),
    responses(
        (status = 200, description = "The department.", content(
            (DepartmentJobs = "application/json"), (String = "application/javascript"),
        )),
        (status = 404, description = "There is no such department.", body = NotFound),
        NotModified,
        BoardProblems,
    ),
)]
#[get("/v1/boards/{employer}/departments/{id}")]
pub async fn get_greenhouse_department(
    request: HttpRequest,
    state: Data<State>,
) -> Result<HttpResponse, Problem> {
    let Some(board) = Board::of(&request, &state).await? else { return no_board() };
    let id = named(&request);
    let directory = match id {
        Some(id) => Directory::of(&board).await?.only_department(id),
        None => None,
    };
    let kin = kin(&Asked::of(&request));
    let first = directory.and_then(|directory| directory.departments(kin).next());
    single(&request, first, "Department not found")
}

/// List offices as Greenhouse does
///
/// The places of the published postings with their departments and jobs, as clients of Greenhouse's Job Board API read them.
#[utoipa::path(
    tag = "Other systems' answers",
    operation_id = "list_greenhouse_offices",
    security(()),
    params(("employer" = inline(Slug), Path, description = "The id of the employer."), RenderQuery, CallbackQuery),
    responses(
        (status = 200, description = "The offices.", content(
            (Offices = "application/json"), (String = "application/javascript"),
        )),
        (status = 404, description = "There is no such employer.", body = NotFound),
        NotModified,
        BoardProblems,
    ),
)]
#[get("/v1/boards/{employer}/offices")]
pub async fn list_greenhouse_offices(
    request: HttpRequest,
    state: Data<State>,
) -> Result<HttpResponse, Problem> {
    let Some(board) = Board::of(&request, &state).await? else { return no_board() };
    let started = board.start(&request, media_type(callback(&Asked::of(&request)))).await?;
    let directory = |kin| async move { Ok(Directory::of(&board).await?.offices(kin)) };
    listed(&request, started, "offices", directory).await
}

/// Get an office as Greenhouse does
///
/// A place of the published postings with its departments and jobs, as clients of Greenhouse's Job Board API read it.
#[utoipa::path(
    tag = "Other systems' answers",
    operation_id = "get_greenhouse_office",
    security(()),
    params(
        ("employer" = inline(Slug), Path, description = "The id of the employer."),
        ("id" = u64, Path, description = "The number of the office; 0 for the jobs that have none."),
        RenderQuery,
        CallbackQuery,
    ),
    responses(
        (status = 200, description = "The office.", content(
            (OfficeJobs = "application/json"), (String = "application/javascript"),
        )),
        (status = 404, description = "There is no such office.", body = NotFound),
        NotModified,
        BoardProblems,
    ),
)]
#[get("/v1/boards/{employer}/offices/{id}")]
pub async fn get_greenhouse_office(
    request: HttpRequest,
    state: Data<State>,
) -> Result<HttpResponse, Problem> {
    let Some(board) = Board::of(&request, &state).await? else { return no_board() };
    let directory = match named(&request) {
        Some(id) => Directory::of(&board).await?.only_office(id),
        None => None,
    };
    let kin = kin(&Asked::of(&request));
    let first = directory.and_then(|directory| directory.offices(kin).next());
    single(&request, first, "Office not found")
}

/// List sections as Greenhouse does
///
/// Sections of prospect posts. There are no such posts here: the list is empty.
#[utoipa::path(
    tag = "Other systems' answers",
    operation_id = "list_greenhouse_sections",
    security(()),
    params(("employer" = inline(Slug), Path, description = "The id of the employer."), CallbackQuery),
    responses(
        (status = 200, description = "No sections.", content(
            (Sections = "application/json"), (String = "application/javascript"),
        )),
        (status = 404, description = "There is no such employer.", body = NotFound),
        NotModified,
        BoardProblems,
    ),
)]
#[get("/v1/boards/{employer}/sections")]
pub async fn list_greenhouse_sections(
    request: HttpRequest,
    state: Data<State>,
) -> Result<HttpResponse, Problem> {
    match Board::of(&request, &state).await? {
        Some(_) => answer(&request, &Sections::default()),
        None => no_board(),
    }
}

/// Get a section as Greenhouse does
///
/// A section of prospect posts. There is only the one of those that have none, 0, and it is empty.
#[utoipa::path(
    tag = "Other systems' answers",
    operation_id = "get_greenhouse_section",
    security(()),
    params(
        ("employer" = inline(Slug), Path, description = "The id of the employer."),
        ("id" = u64, Path, description = "The number of the section: 0."),
        CallbackQuery,
    ),
    responses(
        (status = 200, description = "The section.", content(
            (Section = "application/json"), (String = "application/javascript"),
        )),
        (status = 404, description = "There is no such section.", body = NotFound),
        NotModified,
        BoardProblems,
    ),
)]
#[get("/v1/boards/{employer}/sections/{id}")]
pub async fn get_greenhouse_section(
    request: HttpRequest,
    state: Data<State>,
) -> Result<HttpResponse, Problem> {
    match Board::of(&request, &state).await? {
        Some(_) if named(&request) == Some(0) => answer(&request, &Section::NONE),
        Some(_) => none("Section not found"),
        None => no_board(),
    }
}

/// List degrees, disciplines, or schools as Greenhouse does
///
/// What a form for applications would offer. There is no such form here: the lists are empty.
#[utoipa::path(
    tag = "Other systems' answers",
    operation_id = "list_greenhouse_education",
    security(()),
    params(
        ("employer" = inline(Slug), Path, description = "The id of the employer."),
        ("list" = inline(EducationName), Path, description = "Which list."),
        EducationQuery,
        CallbackQuery,
    ),
    responses(
        (status = 200, description = "No items.", content(
            (Education = "application/json"), (String = "application/javascript"),
        )),
        (status = 404, description = "There is no such employer or list.", body = NotFound),
        NotModified,
        BoardProblems,
    ),
)]
#[get("/v1/boards/{employer}/education/{list}")]
pub async fn list_greenhouse_education(
    request: HttpRequest,
    state: Data<State>,
) -> Result<HttpResponse, Problem> {
    let known = matches!(segment(&request, "list"), "degrees" | "disciplines" | "schools");
    match Board::of(&request, &state).await? {
        Some(_) if known => answer(&request, &Education::default()),
        Some(_) => none("Not found"),
        None => no_board(),
    }
}

fn no_board() -> Result<HttpResponse, Problem> {
    none("Job board not found")
}

fn none(error: &'static str) -> Result<HttpResponse, Problem> {
    missing(&NotFound { status: 404, error })
}

/// The number that the path names.
fn named(request: &HttpRequest) -> Option<u64> {
    let id = segment(request, "id");
    if id == "0" { Some(0) } else { plain_number(id) }
}

fn kin(asked: &Asked) -> Kin {
    if asked.first("render_as") == Some("tree") { Kin::TREE } else { Kin::LIST }
}

/// The function to call, if one is asked for that can be one.
fn callback(asked: &Asked) -> Option<&str> {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'.';
    asked.first("callback").filter(|name| name.len() <= MAX_CALLBACK && name.bytes().all(fits))
}

fn media_type(callback: Option<&str>) -> &'static str {
    if callback.is_some() { SCRIPT } else { JSON }
}

/// What stands before and after a document. The comment keeps the name from being the first bytes of
/// another format. JSON is a script: texts cannot hold the line ends that older scripts do not take.
fn wrapping(callback: Option<&str>) -> (String, &'static str) {
    callback.map_or((String::new(), ""), |name| (format!("/**/{name}("), ")"))
}

fn answer(request: &HttpRequest, document: &impl Serialize) -> Result<HttpResponse, Problem> {
    wrapped(request, serde_json::to_vec(document).map_err(Problem::internal)?)
}

fn wrapped(request: &HttpRequest, json: Vec<u8>) -> Result<HttpResponse, Problem> {
    let asked = Asked::of(request);
    let callback = callback(&asked);
    let (opening, closing) = wrapping(callback);
    bytes_of(request, media_type(callback), [opening.as_bytes(), &json, closing.as_bytes()].concat())
}

/// Answers with one department or office.
fn single(
    request: &HttpRequest,
    found: Option<Result<Vec<u8>, serde_json::Error>>,
    error: &'static str,
) -> Result<HttpResponse, Problem> {
    match found.transpose().map_err(Problem::internal)? {
        Some(json) => wrapped(request, json),
        None => none(error),
    }
}

/// Answers with departments or offices, one after another.
async fn listed<I, R>(
    request: &HttpRequest,
    started: Started,
    name: &str,
    read: impl FnOnce(Kin) -> R,
) -> Result<HttpResponse, Problem>
where
    I: Iterator<Item = Result<Vec<u8>, serde_json::Error>> + Send + 'static,
    R: Future<Output = Result<I, Problem>>,
{
    let response = match started {
        Started::Fresh(response) => response,
        Started::Unchanged(response) => return Ok(response),
    };
    let asked = Asked::of(request);
    let callback = callback(&asked);
    let (opening, closing) = wrapping(callback);
    let head = format!("{opening}{{\"{name}\":[").into_bytes();
    let tail = format!("]}}{closing}").into_bytes();
    let items = read(kin(&asked)).await?.enumerate().map(move |(index, item)| {
        let comma: &[u8] = if index == 0 { b"" } else { b"," };
        item.map(|json| [comma, &json].concat())
    });
    let pieces = std::iter::once(Ok(head)).chain(items).chain(std::iter::once(Ok(tail)));
    chunks::answer(response, Pieces(pieces), accepted(request)).await
}

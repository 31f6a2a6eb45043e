//! Lever's Postings API, version 0.

use std::collections::BTreeMap;

use actix_web::http::header::{self, HeaderValue};
use actix_web::web::{Bytes, Data};
use actix_web::{HttpRequest, HttpResponse, get};
use async_trait::async_trait;
use utoipa::IntoParams;

use super::super::State;
use super::super::chunks::{self, Chunks};
use super::super::compress::accepted;
use super::super::feeds::Started;
use super::super::kept::segment;
use super::super::problem::Problem;
use super::super::spec::NotModified;
use super::writing::{self, Frame, Step};
use super::{Asked, Board, BoardProblems, JSON, json, missing};
use crate::domain::Slug;
use crate::render::boards::lever::{self, Filter, GroupBy, Item, NotFound, Posting};
use crate::render::boards::{Entry, escaped};

const HTML: &str = "text/html; charset=utf-8";

/// Which postings, and how.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "documents the query")]
struct LeverQuery {
    /// `json`, or `html` for a list to put into a page (`iframe` is the same). Default: what `Accept` asks for.
    #[param(nullable = false, pattern = "^[a-z]*$", example = "json")]
    mode: Option<String>,
    /// How many to pass over.
    #[param(nullable = false, pattern = "^[0-9]*$", example = "0")]
    skip: Option<String>,
    /// The most to list.
    #[param(nullable = false, pattern = "^[0-9]*$", example = "10")]
    limit: Option<String>,
    /// A place. Given several times: one of them, with capitals as they are.
    #[param(nullable = false, pattern = "^.*$", example = "Denver, CO")]
    location: Option<String>,
    /// A kind of employment. As `location`.
    #[param(nullable = false, pattern = "^.*$", example = "Full-time")]
    commitment: Option<String>,
    /// A team. As `location`.
    #[param(nullable = false, pattern = "^.*$")]
    team: Option<String>,
    /// A department. As `location`.
    #[param(nullable = false, pattern = "^.*$")]
    department: Option<String>,
    /// A level: no posting has one.
    #[param(nullable = false, pattern = "^.*$")]
    level: Option<String>,
    /// `location`, `commitment`, or `team`: postings in groups.
    #[param(nullable = false, pattern = "^[a-z]*$")]
    group: Option<String>,
}

/// List postings as Lever does
///
/// The published postings of an employer, as clients of Lever's Postings API (version 0) read them: a bare array, or groups of postings
/// with `group`. A value that cannot be used is passed over.
#[utoipa::path(
    tag = "Other systems' answers",
    operation_id = "list_lever_postings",
    security(()),
    params(("employer" = inline(Slug), Path, description = "The id of the employer."), LeverQuery),
    responses(
        (status = 200, description = "The postings.", content(
            (Vec<Item> = "application/json"), (String = "text/html"),
        )),
        (status = 404, description = "There is no such employer.", body = NotFound),
        NotModified,
        BoardProblems,
    ),
)]
#[get("/v0/postings/{employer}")]
pub async fn list_lever_postings(request: HttpRequest, state: Data<State>) -> Result<HttpResponse, Problem> {
    let Some(board) = Board::of(&request, &state).await? else { return missing(&NotFound::DOCUMENT) };
    let asked = Asked::of(&request);
    let html = wants_html(&request, &asked);
    let vary = (header::VARY, HeaderValue::from_static("Accept, Accept-Encoding"));
    let response = match board.start(&request, if html { HTML } else { JSON }).await? {
        Started::Fresh(mut response) => {
            response.insert_header(vary);
            response
        }
        Started::Unchanged(mut response) => {
            response.headers_mut().insert(vary.0, vary.1);
            return Ok(response);
        }
    };
    let mut choice = Choice::of(&asked);
    if let Some(by) = asked.first("group").and_then(GroupBy::named) {
        let parts = groups(&board, by, choice).await?.into_iter();
        let listing = GroupListing { board, parts, html, started: false, follows: false, ended: false };
        return chunks::answer(response, listing, accepted(&request)).await;
    }
    let frame = if html { html_frame() } else { Frame::array("", "") };
    writing::answer(&request, response, board, frame, move |entry| match choice.step(entry) {
        Chosen::Yes => Ok(Step::Write(written(entry, html)?.into_bytes())),
        Chosen::No => Ok(Step::Pass),
        Chosen::Enough => Ok(Step::End),
    })
    .await
}

/// Get a posting as Lever does
///
/// A published posting, as clients of Lever's Postings API (version 0) read it.
#[utoipa::path(
    tag = "Other systems' answers",
    operation_id = "get_lever_posting",
    security(()),
    params(
        ("employer" = inline(Slug), Path, description = "The id of the employer."),
        ("id" = inline(Slug), Path, description = "The id of the posting."),
    ),
    responses(
        (status = 200, description = "The posting.", body = Posting),
        (status = 404, description = "There is no such posting.", body = NotFound),
        NotModified,
        BoardProblems,
    ),
)]
#[get("/v0/postings/{employer}/{id}")]
pub async fn get_lever_posting(request: HttpRequest, state: Data<State>) -> Result<HttpResponse, Problem> {
    let Some(board) = Board::of(&request, &state).await? else { return missing(&NotFound::DOCUMENT) };
    let answer = board.with_id(segment(&request, "id"), |entry| json(&request, &Posting::of(entry))).await?;
    answer.unwrap_or_else(|| missing(&NotFound::DOCUMENT))
}

/// Whether a list is to be HTML: `mode` decides, then the first of the two that `Accept` names.
fn wants_html(request: &HttpRequest, asked: &Asked) -> bool {
    match asked.first("mode") {
        Some("html" | "iframe") => return true,
        Some("json") => return false,
        _ => {}
    }
    let accept = request.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok());
    let types = accept.unwrap_or_default().split(',');
    let known = |name: &str| matches!(name, "text/html" | "application/json" | "*/*");
    let named = types.filter_map(|part| part.split(';').next()).map(str::trim).find(|name| known(name));
    named == Some("text/html")
}

/// Which postings are asked for, and how many of them are still to come.
#[derive(Debug)]
struct Choice {
    filter: Filter,
    skip: u64,
    left: u64,
}

enum Chosen {
    Yes,
    No,
    Enough,
}

impl Choice {
    fn of(asked: &Asked) -> Self {
        let filter = Filter {
            locations: asked.all("location"),
            commitments: asked.all("commitment"),
            teams: asked.all("team"),
            departments: asked.all("department"),
            levels: asked.all("level"),
        };
        let skip = asked.number("skip").unwrap_or(0);
        Self { filter, skip, left: asked.number("limit").unwrap_or(u64::MAX) }
    }

    fn step(&mut self, entry: &Entry<'_>) -> Chosen {
        if self.left == 0 {
            return Chosen::Enough;
        }
        if !self.filter.takes(entry) {
            return Chosen::No;
        }
        if self.skip > 0 {
            self.skip -= 1;
            return Chosen::No;
        }
        self.left -= 1;
        Chosen::Yes
    }
}

fn written(entry: &Entry<'_>, html: bool) -> Result<String, serde_json::Error> {
    if html { Ok(lever::html_item(entry)) } else { serde_json::to_string(&Posting::of(entry)) }
}

fn html_frame() -> Frame {
    let head = b"<div class='lever'>\n<ul>\n".to_vec();
    Frame { head, separator: "", tail: Box::new(|_| b"</ul>\n</div>\n".to_vec()) }
}

/// A part of a list in groups.
enum Part {
    /// A group starts; whether it is the first.
    Open(String, bool),
    /// A posting of the group, by its id.
    Posting(String),
    /// A group ends.
    Close,
}

/// The list in groups, by their titles; what has no category comes last, in a group without a title.
async fn groups(board: &Board, by: GroupBy, choice: Choice) -> Result<Vec<Part>, Problem> {
    let start = (choice, BTreeMap::new());
    let add = move |(choice, groups): &mut (Choice, BTreeMap<_, Vec<String>>), entry: &Entry<'_>| {
        if let Chosen::Yes = choice.step(entry) {
            let title = by.title(entry);
            groups.entry((title.is_empty(), title)).or_default().push(entry.id.to_owned());
        }
    };
    let (_, groups) = writing::read_all(board, start, add).await?;
    let mut parts = Vec::new();
    for ((_, title), ids) in groups {
        parts.push(Part::Open(title, parts.is_empty()));
        parts.extend(ids.into_iter().map(Part::Posting));
        parts.push(Part::Close);
    }
    Ok(parts)
}

/// How many parts are written at once.
const AT_ONCE: usize = 32;

/// A list in groups that is being written: a posting is read again when it is its turn.
struct GroupListing {
    board: Board,
    parts: std::vec::IntoIter<Part>,
    html: bool,
    started: bool,
    /// Whether the group that is open has a posting already.
    follows: bool,
    ended: bool,
}

#[async_trait]
impl Chunks for GroupListing {
    async fn next(&mut self) -> Result<Option<Bytes>, Problem> {
        if self.ended {
            return Ok(None);
        }
        let (start, end) = if self.html { ("<div class='lever'>\n", "</div>\n") } else { ("[", "]") };
        let mut out = if self.started { String::new() } else { start.to_owned() };
        self.started = true;
        for _ in 0..AT_ONCE {
            match self.parts.next() {
                Some(part) => self.write(&mut out, part).await?,
                None => {
                    self.ended = true;
                    out.push_str(end);
                    break;
                }
            }
        }
        Ok(Some(out.into()))
    }
}

impl GroupListing {
    async fn write(&mut self, out: &mut String, part: Part) -> Result<(), Problem> {
        match (part, self.html) {
            (Part::Open(title, _), true) => out.extend(["<h3>", &escaped(&title), "</h3>\n<ul>\n"]),
            (Part::Open(title, first), false) => {
                let title = serde_json::to_string(&title).map_err(Problem::internal)?;
                let comma = if first { "" } else { "," };
                out.extend([comma, "{\"title\":", &title, ",\"postings\":["]);
                self.follows = false;
            }
            (Part::Close, html) => out.push_str(if html { "</ul>\n" } else { "]}" }),
            (Part::Posting(id), html) => {
                let written = self.board.with_id(&id, |entry| written(entry, html)).await?;
                // One that was closed meanwhile leaves no gap.
                let Some(text) = written.transpose().map_err(Problem::internal)? else { return Ok(()) };
                out.extend([if html || !self.follows { "" } else { "," }, &text]);
                self.follows = true;
            }
        }
        Ok(())
    }
}

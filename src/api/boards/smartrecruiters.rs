//! SmartRecruiters' Posting API.

use std::collections::BTreeSet;

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};
use utoipa::IntoParams;

use super::super::State;
use super::super::chunks;
use super::super::compress::accepted;
use super::super::feeds::Started;
use super::super::kept::segment;
use super::super::problem::Problem;
use super::super::spec::NotModified;
use super::writing::{self, Pieces};
use super::{Asked, Board, BoardProblems, JSON, json, missing};
use crate::domain::Slug;
use crate::render::boards::Entry;
use crate::render::boards::smartrecruiters::{
    Departments, Details, Errors, Filter, Named, Page, Posting, words_of,
};

/// How many postings are on a page, unless the client says so, and the most.
const DEFAULT_LIMIT: u64 = 10;
const MAX_LIMIT: u64 = 100;
/// The most words that are looked for.
const MAX_WORDS: usize = 16;
/// How many addresses are passed over at once.
const PASSED_AT_ONCE: usize = 1000;

/// Which postings.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "documents the query")]
struct SmartRecruitersQuery {
    /// Words that title or places must have, each at least its beginning.
    #[param(nullable = false, pattern = "^.*$", example = "manager")]
    q: Option<String>,
    /// The most postings on the page: up to 100. Default 10.
    #[param(nullable = false, pattern = "^[0-9]*$", example = "10")]
    limit: Option<String>,
    /// How many to pass over.
    #[param(nullable = false, pattern = "^[0-9]*$", example = "0")]
    offset: Option<String>,
    /// A country (ISO 3166-1), in any case.
    #[param(nullable = false, pattern = "^[A-Za-z]*$", example = "us")]
    country: Option<String>,
    /// A region: its code or its name.
    #[param(nullable = false, pattern = "^.*$", example = "CO")]
    region: Option<String>,
    /// A city.
    #[param(nullable = false, pattern = "^.*$", example = "Denver")]
    city: Option<String>,
    /// A department: its id or its name.
    #[param(nullable = false, pattern = "^.*$")]
    department: Option<String>,
    /// Languages (ISO 639-1), comma-separated.
    #[param(nullable = false, pattern = "^[A-Za-z,-]*$", example = "en")]
    language: Option<String>,
}

/// List postings as SmartRecruiters does
///
/// The published postings of an employer, as clients of SmartRecruiters' Posting API read them. As there, an employer that does not
/// exist has none, and a value that cannot be used is passed over; `custom_field` is, too.
#[utoipa::path(
    tag = "Other systems' answers",
    operation_id = "list_smartrecruiters_postings",
    security(()),
    params(("employer" = inline(Slug), Path, description = "The id of the employer."), SmartRecruitersQuery),
    responses(
        (status = 200, description = "A page of postings.", body = Page),
        NotModified,
        BoardProblems,
    ),
)]
#[get("/v1/companies/{employer}/postings")]
pub async fn list_smartrecruiters_postings(
    request: HttpRequest,
    state: Data<State>,
) -> Result<HttpResponse, Problem> {
    let asked = Asked::of(&request);
    let limit = asked.number("limit").unwrap_or(DEFAULT_LIMIT).min(MAX_LIMIT);
    let mut collected =
        Collected { offset: asked.number("offset").unwrap_or(0), limit, ..Collected::default() };
    let Some(board) = Board::of(&request, &state).await? else { return json(&request, &collected.page()) };
    let response = match board.start(&request, JSON).await? {
        Started::Fresh(response) => response,
        Started::Unchanged(response) => return Ok(response),
    };
    let filter = filter(&asked);
    if filter.is_empty() {
        plain(&board, &mut collected).await?;
    } else {
        let add = move |collected: &mut Collected, entry: &Entry<'_>| {
            if filter.takes(entry) {
                collected.add(entry);
            }
        };
        collected = writing::read_all(&board, collected, add).await?;
    }
    let page = serde_json::to_vec(&collected.page());
    chunks::answer(response, Pieces(std::iter::once(page)), accepted(&request)).await
}

/// Get a posting as SmartRecruiters does
///
/// A published posting, as clients of SmartRecruiters' Posting API read it: by its number or its UUID.
#[utoipa::path(
    tag = "Other systems' answers",
    operation_id = "get_smartrecruiters_posting",
    security(()),
    params(
        ("employer" = inline(Slug), Path, description = "The id of the employer."),
        ("id" = inline(Slug), Path, description = "The number of the posting, or its id."),
    ),
    responses(
        (status = 200, description = "The posting.", body = Details),
        (status = 404, description = "There is no such posting.", body = Errors),
        NotModified,
        BoardProblems,
    ),
)]
#[get("/v1/companies/{employer}/postings/{id}")]
pub async fn get_smartrecruiters_posting(
    request: HttpRequest,
    state: Data<State>,
) -> Result<HttpResponse, Problem> {
    let Some(board) = Board::of(&request, &state).await? else { return missing(&Errors::NO_POSTING) };
    let id = segment(&request, "id");
    let read = |entry: &Entry<'_>| json(&request, &Details::of(entry));
    let found = match id.contains('-') {
        true => board.with_id(id, read).await?,
        false => board.with_number(id, read).await?,
    };
    found.unwrap_or_else(|| missing(&Errors::NO_POSTING))
}

/// List departments as SmartRecruiters does
///
/// The departments of the published postings, as clients of SmartRecruiters' Posting API read them.
#[utoipa::path(
    tag = "Other systems' answers",
    operation_id = "list_smartrecruiters_departments",
    security(()),
    params(("employer" = inline(Slug), Path, description = "The id of the employer.")),
    responses(
        (status = 200, description = "The departments.", body = Departments),
        NotModified,
        BoardProblems,
    ),
)]
#[get("/v1/companies/{employer}/departments")]
pub async fn list_smartrecruiters_departments(
    request: HttpRequest,
    state: Data<State>,
) -> Result<HttpResponse, Problem> {
    let mut departments = BTreeSet::new();
    if let Some(board) = Board::of(&request, &state).await? {
        let add = |departments: &mut BTreeSet<(String, String)>, entry: &Entry<'_>| {
            let name = entry.vacancy.department.as_ref().map(|name| name.as_str());
            let Named { id: Some(id), label: Some(label) } = name.map(Named::department).unwrap_or_default()
            else {
                return;
            };
            departments.insert((label, id));
        };
        departments = writing::read_all(&board, departments, add).await?;
    }
    // Names that differ in capitals and spaces alone have one id, and are one.
    let mut known = BTreeSet::new();
    let content: Vec<Named> = departments
        .into_iter()
        .filter(|(_, id)| known.insert(id.clone()))
        .map(|(label, id)| Named { id: Some(id), label: Some(label) })
        .collect();
    json(&request, &Departments { total_found: content.len() as u64, content })
}

fn filter(asked: &Asked) -> Filter {
    let text = |name: &str| asked.first(name).map(str::to_owned);
    let languages = asked.first("language").unwrap_or_default().split(',').filter(|code| !code.is_empty());
    Filter {
        words: words_of(asked.first("q").unwrap_or_default()).take(MAX_WORDS).collect(),
        country: text("country"),
        region: text("region"),
        city: text("city"),
        department: text("department"),
        languages: languages.map(|code| code.split('-').next().unwrap_or(code).to_owned()).collect(),
    }
}

/// The page of a client that looks for nothing: what is passed over is not read.
async fn plain(board: &Board, collected: &mut Collected) -> Result<(), Problem> {
    let store = &board.state.store;
    let employer = board.employer.content.id.as_str();
    collected.found = board.edition().await?.count;
    if collected.limit == 0 || collected.offset >= collected.found {
        return Ok(());
    }
    let (mut after, mut left) = (None::<String>, usize::try_from(collected.offset).unwrap_or(usize::MAX));
    while left > 0 {
        let slice = store
            .public_addresses(Some(employer), board.now, after.as_deref(), PASSED_AT_ONCE.min(left))
            .await?;
        let Some(last) = slice.items.last() else { return Ok(()) };
        left -= slice.items.len();
        after = Some(last.id.clone());
    }
    let limit = usize::try_from(collected.limit).unwrap_or_default();
    for item in board.page(after.as_deref(), limit).await?.items {
        let posting = board.read(&item, |entry| to_raw_value(&Posting::of(entry)))?;
        collected.content.extend(posting.transpose().map_err(Problem::internal)?);
    }
    Ok(())
}

/// A page that is being filled.
#[derive(Default)]
struct Collected {
    offset: u64,
    limit: u64,
    found: u64,
    content: Vec<Box<RawValue>>,
}

/// A [`Page`] whose postings are written already.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WrittenPage {
    offset: u64,
    limit: u64,
    total_found: u64,
    content: Vec<Box<RawValue>>,
}

impl Collected {
    fn add(&mut self, entry: &Entry<'_>) {
        if self.found >= self.offset && (self.content.len() as u64) < self.limit {
            self.content.extend(to_raw_value(&Posting::of(entry)));
        }
        self.found += 1;
    }

    fn page(self) -> WrittenPage {
        let Self { offset, limit, found, content } = self;
        WrittenPage { offset, limit, total_found: found, content }
    }
}

//! Taking in many roles at once: a role a line, a result a line.

use actix_web::http::header;
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse, post};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::super::State;
use super::super::answer::NEVER;
use super::super::caller::Caller;
use super::super::extract::{Names, Query, SearchText, names, require_lines};
use super::super::lines::Lines;
use super::super::problem::{Kind, Problem, problems};
use super::super::spec::{LINES, LinesAnswer, words};
use super::super::spool::Spool;
use super::intake::{Intake, OnConflict, Wishes};
use crate::domain::Role;
use crate::store::DocumentId;
use crate::store::document::{Action, Outcome, Refusal};

problems!(
    ImportProblems: UnknownParameter, DuplicateParameter, InvalidParameter, KeyLimited, UnsupportedMediaType, NoRoom,
);

/// What became of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LineResult {
    /// There is a role more.
    Created,
    /// The role has a new revision.
    Replaced,
    /// The role had this content already.
    Unchanged,
    /// There was such a role, and it was left alone.
    Skipped,
    /// Nothing was done; `problem` says why.
    Failed,
}

/// The result of a line.
#[derive(Debug, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportResult {
    /// The line, from 1. Blank lines count, and have no result.
    #[schema(minimum = 1)]
    pub line: u64,
    /// The role that it is about, if the line says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_length = 100, example = "tech-manager")]
    pub id: Option<String>,
    /// What became of it.
    pub result: LineResult,
    /// The revision that the role is at now.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, minimum = 1)]
    pub revision: Option<u32>,
    /// Why nothing was done; of the fields that cannot be accepted, the first 20.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub problem: Option<Problem>,
}

impl ImportResult {
    /// The result of a line that led to a write.
    pub fn of(line: u64, id: String, outcome: Outcome, on_conflict: OnConflict) -> Self {
        let done = |id, result, revision| {
            let (id, revision) = (Some(id), Some(revision));
            Self { line, id, result, revision, problem: None }
        };
        match outcome {
            Ok(written) if written.unchanged => done(id, LineResult::Unchanged, written.revision),
            Ok(written) if written.action == Action::Create => {
                done(id, LineResult::Created, written.revision)
            }
            Ok(written) => done(id, LineResult::Replaced, written.revision),
            Err(Refusal::Exists(head) | Refusal::Deleted(head)) if head.deleted => {
                let problem = Problem::deleted(&DocumentId::role(&id), head.revision);
                Self::failed(line, Some(id), problem)
            }
            Err(Refusal::Exists(head)) if on_conflict == OnConflict::Skip => {
                done(id, LineResult::Skipped, head.revision)
            }
            Err(Refusal::Exists(head)) => {
                let exists = format!("there is a role `{id}` already, at revision {}", head.revision);
                Self::failed(line, Some(id), Kind::RoleExists.because(exists))
            }
            Err(refusal) => Self::failed(line, Some(id), Problem::internal(refusal)),
        }
    }

    /// The result of a line with a new role, for the specification.
    pub fn created(role: &Role) -> Self {
        let id = Some(role.id.to_string());
        Self { line: 1, id, result: LineResult::Created, revision: Some(1), problem: None }
    }

    /// The result of a line that led to nothing.
    pub fn failed(line: u64, id: Option<String>, problem: Problem) -> Self {
        Self { line, id, result: LineResult::Failed, revision: None, problem: Some(problem) }
    }
}

/// How to import.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "documents the query")]
struct ImportQuery {
    /// What to do with a line whose role exists: `fail` the line, the default; `skip` it; or `replace` the role, unless
    /// its content is the same. A role that was removed is not brought back: its line fails.
    #[param(inline, nullable = false)]
    on_conflict: Option<ConflictWord>,
    /// Whether only to tell what would happen. Default `false`.
    #[param(nullable = false)]
    dry_run: Option<bool>,
    /// Why: it stands in the history of each role.
    #[param(inline, nullable = false, example = "first load")]
    message: Option<SearchText>,
}

words!(ConflictWord: OnConflict::ALL.map(OnConflict::as_str));

static IMPORT_QUERY: Names = Names::new(names::<ImportQuery>);

/// Import roles
///
/// Takes a role a line (NDJSON, each line at most 1 MiB; any number of lines), and answers with a result a line, in their
/// order, once the last line was read: a client may send everything before it reads anything. A line that fails does not
/// keep the others from being done. What is told to be done is stored for good. If the body stands still for longer than the server's patience,
/// or the database goes away, or has no room, the lines until then are done, and the first line that was not has a result
/// that says why. A dry run needs some 50 bytes of the server's memory for each role.
#[utoipa::path(
    tag = "Roles",
    operation_id = "import_roles",
    params(ImportQuery),
    request_body(
        content((String = "application/x-ndjson"), (String = "application/jsonl")),
        description = "Roles, each in a line of its own. Blank lines are passed over.",
    ),
    responses(LinesAnswer<ImportResult>, ImportProblems),
    security(("key" = ["write"])),
)]
#[post("/api/v1/roles:import")]
pub async fn import_roles(
    request: HttpRequest,
    caller: Caller,
    payload: Payload,
    state: Data<State>,
) -> Result<HttpResponse, Problem> {
    caller.may_share()?;
    require_lines(&request)?;
    let wishes = wishes(Query::of(&request, &IMPORT_QUERY)?, &caller)?;
    let lines = Lines::of(payload, state.setup.body_timeout);
    let intake = Intake::new(state.store.clone(), wishes, Spool::new(state.setup.scratch.clone()));
    let (results, complete) = intake.run(lines).await?;
    let mut response = HttpResponse::Ok();
    response.insert_header((header::CONTENT_TYPE, LINES)).insert_header((header::CACHE_CONTROL, NEVER));
    if !complete {
        // What is left of the body will not be read.
        response.force_close();
    }
    Ok(response.body(results.into_body()))
}

fn wishes(mut query: Query, caller: &Caller) -> Result<Wishes, Problem> {
    let on_conflict = query.choose("on_conflict", &OnConflict::ALL, OnConflict::as_str);
    let dry_run = query.choose("dry_run", &[true, false], |dry| if dry { "true" } else { "false" });
    let message = query.sought("message").map(|text| text.as_str().trim().to_owned());
    query.finish()?;
    Ok(Wishes {
        on_conflict: on_conflict.unwrap_or(OnConflict::Fail),
        dry_run: dry_run.unwrap_or(false),
        author: caller.author(),
        message,
    })
}

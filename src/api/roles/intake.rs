//! The work of an import: lines to roles, roles to the store in batches, results to a spool.
//!
//! The results are not sent while lines are still coming. A client that writes all it has before it
//! reads (most do: curl, Python's requests, a browser) would else stand still as soon as they fill
//! the buffers between us: it waits for us to read, and we for it. So they are spooled, and sent in
//! one piece after the last line; what it costs is a file of a hundredth of the size of the body.

use std::sync::Arc;

use actix_web::web::block;
use jiff::Timestamp;

use super::super::lines::{Line, Lines, MAX_LINE};
use super::super::problem::{Kind, Problem};
use super::super::spool::{Spool, Spooled};
use super::import::ImportResult;
use super::rehearsal::Rehearsal;
use crate::domain::{Document, DocumentError, Role, Slug};
use crate::store::document::{Author, Batch, Edit, Expected, Order, Outcome};
use crate::store::{DocumentId, Store};

/// The most lines that are written in one transaction; others who write wait for so long.
const BATCH_LINES: usize = 64;
/// A batch with more bytes than this takes no further line.
const BATCH_BYTES: usize = 1024 * 1024;
/// The most bytes of results: who sends gigabytes of short bad lines gets no more for them.
const MAX_RESULTS: u64 = 1024 * 1024 * 1024;
/// The most errors that are told of a line.
const MAX_ERRORS: usize = 20;

/// What to do with a role that exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnConflict {
    /// Its line fails.
    Fail,
    /// It stays as it is.
    Skip,
    /// It gets the new content.
    Replace,
}

impl OnConflict {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Fail, Self::Skip, Self::Replace];

    /// The word in URLs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Fail => "fail",
            Self::Skip => "skip",
            Self::Replace => "replace",
        }
    }
}

/// What is asked of an import.
#[derive(Clone, Debug)]
pub struct Wishes {
    /// What to do with roles that exist.
    pub on_conflict: OnConflict,
    /// Whether only to tell what would happen.
    pub dry_run: bool,
    /// Who imports.
    pub author: Author,
    /// Why.
    pub message: Option<String>,
}

/// An import under way.
#[derive(Debug)]
pub struct Intake {
    store: Arc<dyn Store>,
    wishes: Wishes,
    rehearsal: Option<Rehearsal>,
    spool: Spool,
    /// Why the store takes no more: the lines after that are not tried.
    down: Option<Problem>,
}

/// A line that was read.
struct Read {
    line: u64,
    id: Option<String>,
    /// The role as compact JSON.
    role: Result<Arc<str>, Problem>,
}

impl Intake {
    /// An import into `store`, whose results go to `spool`.
    pub fn new(store: Arc<dyn Store>, wishes: Wishes, spool: Spool) -> Self {
        let rehearsal = wishes.dry_run.then(Rehearsal::default);
        Self { store, wishes, rehearsal, spool, down: None }
    }

    /// Does it, to the last line. Gives the results, and whether all lines were read.
    ///
    /// # Errors
    /// When results cannot be kept: what was done so far stays done.
    pub async fn run(mut self, mut lines: Lines) -> Result<(Spooled, bool), Problem> {
        let (mut batch, mut bytes) = (Vec::new(), 0);
        let end = loop {
            match lines.next().await {
                Ok(Some(line)) => {
                    bytes += line.bytes.as_ref().map_or(0, |bytes| bytes.len());
                    batch.push(line);
                }
                Ok(None) => break None,
                Err(problem) => break Some(problem),
            }
            if batch.len() == BATCH_LINES || bytes >= BATCH_BYTES {
                bytes = 0;
                self.settle(std::mem::take(&mut batch)).await?;
                if self.spool.len() > MAX_RESULTS {
                    break Some(Kind::BodyTooLarge.because("there are more results than an answer may have"));
                }
            }
        };
        self.settle(batch).await?;
        let complete = end.is_none();
        if let Some(problem) = end {
            let next = lines.number() + 1;
            let detail = format!("{}; neither this line nor any after it was imported", problem.detail);
            self.keep(vec![ImportResult::failed(next, None, Problem { detail, ..problem })]).await?;
        }
        let spool = self.spool;
        let results = block(move || spool.into_body()).await.map_err(Problem::internal)?;
        Ok((results.map_err(lost)?, complete))
    }

    /// Writes the roles of some lines, and keeps the results.
    async fn settle(&mut self, lines: Vec<Line>) -> Result<(), Problem> {
        if let Some(problem) = &self.down {
            let failed = |line: Line| ImportResult::failed(line.number, None, problem.clone());
            return self.keep(lines.into_iter().map(failed).collect()).await;
        }
        let read = block(move || lines.into_iter().map(read).collect::<Vec<Read>>());
        let read = read.await.map_err(Problem::internal)?;
        let results = self.write(read).await;
        self.keep(results).await
    }

    async fn write(&mut self, read: Vec<Read>) -> Vec<ImportResult> {
        // A dry run knows itself what becomes of a role that stood in an earlier batch.
        let known: Vec<bool> = read.iter().map(|read| self.is_rehearsed(read)).collect();
        let new = read.iter().zip(&known).filter(|(_, known)| !**known);
        let orders: Vec<Order> = new.filter_map(|(read, _)| self.order(read)).collect();
        let mut outcomes = self.outcomes(orders).await.into_iter();
        let mut results = Vec::with_capacity(read.len());
        for (Read { line, id, role }, known) in read.into_iter().zip(known) {
            let (id, body) = match (id, role) {
                (Some(id), Ok(body)) => (id, body),
                (id, role) => {
                    let problem = role.err().unwrap_or_else(|| Problem::internal("a role without an id"));
                    results.push(ImportResult::failed(line, id, problem));
                    continue;
                }
            };
            let rehearsed = || self.rehearsal.as_ref()?.outcome(&id, &body, self.wishes.on_conflict);
            let outcome = if known { rehearsed() } else { outcomes.next() };
            if let (Some(rehearsal), Some(Ok(written))) = (&mut self.rehearsal, &outcome) {
                rehearsal.note(&id, &body, written.revision);
            }
            results.push(match outcome {
                Some(outcome) => ImportResult::of(line, id, outcome, self.wishes.on_conflict),
                None => ImportResult::failed(line, Some(id), self.why_not()),
            });
        }
        results
    }

    /// What became of orders; nothing if the store does not take them.
    async fn outcomes(&mut self, orders: Vec<Order>) -> Vec<Outcome> {
        if orders.is_empty() {
            return Vec::new();
        }
        let batch = Batch { orders, commit: !self.wishes.dry_run, completion: None };
        self.store.write(batch).await.unwrap_or_else(|error| {
            self.down = Some(error.into());
            Vec::new()
        })
    }

    fn is_rehearsed(&self, read: &Read) -> bool {
        let id = read.id.as_ref().filter(|_| read.role.is_ok());
        id.zip(self.rehearsal.as_ref()).is_some_and(|(id, rehearsal)| rehearsal.knows(id))
    }

    fn order(&self, read: &Read) -> Option<Order> {
        let (id, body) = (read.id.as_ref()?, read.role.as_ref().ok()?);
        let replace = self.wishes.on_conflict == OnConflict::Replace;
        Some(Order {
            document: DocumentId::role(id),
            edit: Edit::Put(Arc::clone(body)),
            expected: if replace { Expected::Anything } else { Expected::Absent },
            skip_same: replace,
            at: Timestamp::now(),
            author: self.wishes.author.clone(),
            message: self.wishes.message.clone(),
        })
    }

    fn why_not(&self) -> Problem {
        let down = self.down.clone();
        down.unwrap_or_else(|| Problem::internal("the store told fewer outcomes than it had orders"))
    }

    async fn keep(&mut self, results: Vec<ImportResult>) -> Result<(), Problem> {
        let mut spool = std::mem::replace(&mut self.spool, Spool::new(Default::default()));
        let kept = block(move || {
            let mut bytes = Vec::with_capacity(results.len() * 80);
            for result in &results {
                serde_json::to_writer(&mut bytes, result)?;
                bytes.push(b'\n');
            }
            spool.write(&bytes).map(|()| spool)
        });
        self.spool = kept.await.map_err(Problem::internal)?.map_err(lost)?;
        Ok(())
    }
}

/// The problem that results are lost.
fn lost(error: std::io::Error) -> Problem {
    log::error!("the results of an import cannot be kept: {error}");
    let detail = "there is no room for the results; some of the lines were imported, from the first on";
    Kind::NoRoom.because(detail)
}

fn read(line: Line) -> Read {
    let Line { number, bytes } = line;
    let Some(bytes) = bytes else {
        let problem = Kind::LineTooLong.because(format!("the line has more than {MAX_LINE} bytes"));
        return Read { line: number, id: None, role: Err(problem) };
    };
    match Role::from_json(&bytes) {
        Ok(role) => Read { line: number, id: Some(role.id.to_string()), role: compact(&role) },
        Err(error) => Read { line: number, id: id_of(&bytes), role: Err(refused(number, error)) },
    }
}

/// A role as compact JSON, which an import must be able to take again.
fn compact(role: &Role) -> Result<Arc<str>, Problem> {
    let body = serde_json::to_string(role).map_err(Problem::internal)?;
    if body.len() > MAX_LINE {
        let detail = format!("the role would have {} bytes as JSON; {MAX_LINE} are the most", body.len());
        return Err(Kind::LineTooLong.because(detail));
    }
    Ok(body.into())
}

/// The problem of a line that is no role: where it says a line, that is the line of the body.
fn refused(number: u64, error: DocumentError) -> Problem {
    if let DocumentError::Malformed { column, detail, .. } = error {
        let detail = format!("line {number}, column {column}: {detail}");
        let (line, column) = (u32::try_from(number).ok(), u32::try_from(column).ok());
        return Problem { line, column, ..Kind::MalformedJson.because(detail) };
    }
    let mut problem = Problem::from(error);
    problem.errors.truncate(MAX_ERRORS);
    problem
}

/// The id of what is no role for other reasons.
fn id_of(bytes: &[u8]) -> Option<String> {
    #[derive(serde::Deserialize)]
    struct Identified {
        id: Slug,
    }
    serde_json::from_slice::<Identified>(bytes).ok().map(|identified| identified.id.to_string())
}

//! The line of all changes, for systems that keep a copy.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::State;
use super::answer;
use super::caller::Caller;
use super::cursor::Listing;
use super::extract::{Names, Query, names};
use super::problem::{Problem, problems};
use super::spec::{NotModified, words};
use crate::domain::{Moment, Role};
use crate::store::document::{Action, Change, Kind};
use crate::store::keys::Scope;
use crate::store::{DocumentId, Slice, Store};

problems!(ChangesProblems: UnknownParameter, DuplicateParameter, InvalidCursor, InvalidParameter, Unavailable);

const DEFAULT_PAGE: usize = 100;
const MAX_PAGE: usize = 1000;
/// How many changes a request looks at, at the most, for those that it may tell of.
const MOST_LOOKED_AT: usize = 10_000;

/// A part of the line of changes.
#[derive(Debug, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangePage {
    /// The changes, in the order in which they were made.
    #[schema(max_items = 1000)]
    pub items: Vec<ChangeItem>,
    /// The `since` of the next request; always there, so that a poller goes on with it later when nothing is new.
    #[schema(max_length = 2000, example = "5CbRK3UmEVQAAAAAAAAAAQ")]
    pub next_cursor: String,
    /// Whether there is more now. A page may have fewer than `limit` changes, or none, and there may still be more.
    pub more: bool,
}

/// A change: a new revision of a role, an employer, a tone, or a posting.
#[derive(Debug, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeItem {
    /// What was changed.
    #[schema(value_type = ChangeKind)]
    pub kind: &'static str,
    /// Its id; of a tone, its id among those of its employer.
    #[schema(example = "tech-manager")]
    pub id: String,
    /// The employer that a tone or a posting belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub employer: Option<String>,
    /// The revision that the change made.
    #[schema(minimum = 1)]
    pub revision: u32,
    /// What it did.
    #[schema(value_type = ChangeAction)]
    pub action: &'static str,
    /// Whether it was removed by that; its history stays.
    pub deleted: bool,
    /// When.
    pub at: Moment,
    /// Who: the name of an API key, or of what loaded a file.
    #[schema(example = "hr-sync")]
    pub author: String,
    /// Why, if the author said so.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub message: Option<String>,
}

words!(ChangeKind: Kind::ALL.map(Kind::as_str));
words!(pub ChangeAction: Action::ALL.map(Action::as_str));

impl ChangeItem {
    fn of(change: Change) -> Self {
        let Change { document, revision, action, at, author, message, sequence: _ } = change;
        let DocumentId { kind, owner, id } = document;
        Self {
            kind: kind.as_str(),
            id,
            employer: matches!(kind, Kind::Tone | Kind::Posting).then_some(owner),
            revision,
            action: action.as_str(),
            deleted: action == Action::Delete,
            at: at.into(),
            author,
            message,
        }
    }
}

impl ChangePage {
    /// A page with one change, for the specification.
    pub fn of_one(role: &Role, at: Timestamp) -> Self {
        let item = ChangeItem::of(Change {
            sequence: 1,
            document: DocumentId::role(role.id.as_str()),
            revision: 1,
            action: Action::Create,
            at,
            author: "hr-sync".to_owned(),
            message: Some("First take".to_owned()),
        });
        Self { items: vec![item], next_cursor: line().cursor(&1), more: false }
    }
}

/// Which changes.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "documents the query")]
struct ChangesQuery {
    /// Where to go on: the `next_cursor` of the answer before. Leave out for the beginning.
    #[param(nullable = false, max_length = 2000, pattern = "^[A-Za-z0-9_-]+$")]
    since: Option<String>,
    /// Only changes of such things. The cursor stays good without it, and with another.
    #[param(inline, nullable = false, example = "role")]
    kind: Option<ChangeKind>,
    /// The most changes in the answer. Default 100.
    #[param(nullable = false, minimum = 1, maximum = 1000, example = 100)]
    limit: Option<u16>,
}

static CHANGES_QUERY: Names = Names::new(names::<ChangesQuery>);

/// List the changes
///
/// Every change of roles, employers, their tones, and (with a key) postings, in the order in which they were made: once a
/// change was told, none comes before it any more. A removal is a change, too, so that a copy can follow. Ask again with `next_cursor` until
/// `more` is false, and from then on as often as the copy is to be fresh.
#[utoipa::path(
    tag = "Changes",
    operation_id = "list_changes",
    params(ChangesQuery),
    responses((status = 200, description = "Changes.", body = ChangePage), NotModified, ChangesProblems),
    security(("key" = ["read"])),
)]
#[get("/api/v1/changes")]
pub async fn list_changes(
    request: HttpRequest,
    caller: Caller,
    state: Data<State>,
) -> Result<HttpResponse, Problem> {
    caller.may(Scope::Read)?;
    let mut query = Query::of(&request, &CHANGES_QUERY)?;
    let kind = query.choose("kind", &Kind::ALL, Kind::as_str);
    let limit = query.integer("limit", 1, MAX_PAGE).unwrap_or(DEFAULT_PAGE);
    let since = query.text("since").map(str::to_owned);
    query.finish()?;
    let since = match since {
        Some(cursor) => place(state.store.as_ref(), &cursor).await?,
        None => 0,
    };
    let wanted = |change: &Change| {
        kind.is_none_or(|kind| kind == change.document.kind) && may_see(&caller, &change.document)
    };
    answer::json(&request, &page(state.store.as_ref(), since, limit, wanted).await?)
}

/// The place that a cursor names in the line of this database.
async fn place(store: &dyn Store, cursor: &str) -> Result<u64, Problem> {
    let since: u64 = line().place("since", cursor)?;
    let Some(before) = since.checked_sub(1) else { return Ok(0) };
    // What is numbered once is there for ever, unless an older state of the database was restored: a
    // client that went on from there would miss whatever is made until the numbers have caught up.
    let Slice { items, .. } = store.changes(before, 1).await?;
    if items.first().is_some_and(|change| change.sequence == since) {
        Ok(since)
    } else {
        Err(line().stale("since"))
    }
}

async fn page(
    store: &dyn Store,
    mut since: u64,
    limit: usize,
    wanted: impl Fn(&Change) -> bool,
) -> Result<ChangePage, Problem> {
    let (mut items, mut looked_at) = (Vec::new(), 0);
    loop {
        let Slice { items: changes, more } = store.changes(since, limit).await?;
        looked_at += changes.len();
        let mut changes = changes.into_iter();
        while items.len() < limit
            && let Some(change) = changes.next()
        {
            since = change.sequence;
            items.extend(wanted(&change).then(|| ChangeItem::of(change)));
        }
        let more = more || changes.len() > 0;
        if !more || items.len() == limit || looked_at >= MOST_LOOKED_AT {
            return Ok(ChangePage { items, next_cursor: line().cursor(&since), more });
        }
    }
}

/// The one line of changes.
fn line() -> Listing {
    Listing::of("changes", &[])
}

/// Whether a caller may know of a document: roles belong to nobody, employers and what is theirs to the
/// employer. Of postings, which may be drafts, only those with a key know.
fn may_see(caller: &Caller, document: &DocumentId) -> bool {
    let secret = document.kind == Kind::Posting && !caller.has_key();
    !secret && document.employer_id().is_none_or(|employer| caller.sees(employer))
}

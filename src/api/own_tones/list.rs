//! The list of an employer's own tones.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::super::caller::Caller;
use super::super::cursor::Listing;
use super::super::kept::MAX_TONES;
use super::super::paging::{Page, PageQuery};
use super::super::problem::{Problem, problems};
use super::super::spec::NotModified;
use super::super::{State, answer};
use super::employer_of;
use crate::domain::{Moment, OwnTone, Slug};
use crate::store::Slice;
use crate::store::document::{Kind, Listed};
use crate::store::keys::Scope;

problems!(
    ListProblems: UnknownParameter, DuplicateParameter, InvalidCursor, EmployerNotFound, Deleted, InvalidParameter,
    Unavailable,
);

/// A page of an employer's own tones, in the order of their ids.
#[derive(Debug, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OwnTonePage {
    /// The tones of this page.
    #[schema(max_items = 100)]
    pub items: Vec<OwnToneSummary>,
    /// How many there are on all pages.
    #[schema(minimum = 0)]
    pub total: u64,
    /// The `cursor` of the next page, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_length = 2000)]
    pub next_cursor: Option<String>,
}

/// An own tone in a list.
#[derive(Debug, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OwnToneSummary {
    /// Identifies the tone among those of its employer, in `tone` of posting options.
    #[schema(example = "acme-voice")]
    pub id: String,
    /// What people call it.
    #[schema(example = "Acme's voice")]
    pub name: String,
    /// What it is for, in a sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "As we speak to engineers.")]
    pub description: Option<String>,
    /// The tone that it builds on.
    #[schema(example = "friendly")]
    pub base: String,
    /// The revision.
    #[schema(minimum = 1)]
    pub revision: u32,
    /// When that was made.
    pub updated_at: Moment,
}

impl OwnToneSummary {
    fn of(tone: &OwnTone, revision: u32, at: Timestamp) -> Self {
        Self {
            id: tone.id.to_string(),
            name: tone.name.to_string(),
            description: tone.description.as_ref().map(ToString::to_string),
            base: tone.base.to_string(),
            revision,
            updated_at: at.into(),
        }
    }
}

impl OwnTonePage {
    /// A page with one tone, for the specification.
    pub fn of_one(tone: &OwnTone, at: Timestamp) -> Self {
        Self { items: vec![OwnToneSummary::of(tone, 1, at)], total: 1, next_cursor: None }
    }
}

/// List an employer's own tones
///
/// Lists the tones in the order of their ids, a page at a time.
#[utoipa::path(
    tag = "Employers",
    operation_id = "list_own_tones",
    security(("key" = ["read"])),
    params(("employer" = inline(Slug), Path, description = "The id of the employer."), PageQuery),
    responses((status = 200, description = "A page of tones.", body = OwnTonePage), NotModified, ListProblems),
)]
#[get("/api/v1/employers/{employer}/tones")]
pub async fn list_own_tones(
    request: HttpRequest,
    caller: Caller,
    state: Data<State>,
) -> Result<HttpResponse, Problem> {
    caller.may(Scope::Read)?;
    let employer = employer_of(&request, &caller, &state).await?;
    let page = Page::of(&request, Listing::of("own tones", &[employer]))?;
    let Slice { items, more } = state.store.list(Kind::Tone, employer, page.after(), page.limit).await?;
    let next_cursor = page.next(items.last().map(|last| last.id.as_str()), more)?;
    let summary = |listed: Listed| {
        let tone: OwnTone = serde_json::from_str(&listed.body).map_err(Problem::internal)?;
        Ok(OwnToneSummary::of(&tone, listed.revision, listed.at))
    };
    let items = items.into_iter().map(summary).collect::<Result<_, Problem>>()?;
    let total = state.store.count(Kind::Tone, employer).await?;
    answer::json(&request, &OwnTonePage { items, total, next_cursor })
}

impl State {
    /// All tones of an employer.
    pub(in super::super) async fn own_tones(&self, employer: &str) -> Result<Vec<Listed>, Problem> {
        Ok(self.store.list(Kind::Tone, employer, None, MAX_TONES).await?.items)
    }
}

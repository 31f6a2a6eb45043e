//! What an edit of a role would change of the postings that are public.

use std::sync::Arc;

use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse, post};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::super::State;
use super::super::answer::{Answer, NEVER};
use super::super::caller::Caller;
use super::super::catalogue::{Known, RoleContent};
use super::super::compress::Body;
use super::super::cursor::Listing;
use super::super::extract::{body, document};
use super::super::kept::segment;
use super::super::paging::{Page, PageQuery};
use super::super::problem::{FieldError, Problem, problems};
use crate::domain::kept_posting::PostingState;
use crate::domain::{KeptPosting, Role, Slug, Violation};
use crate::review::drift::{Drift, drift};
use crate::store::document::Listed;
use crate::store::keys::Scope;
use crate::store::postings::{PostingPosition, PostingSearch, PostingSort};

problems!(
    ImpactProblems: UnknownParameter, DuplicateParameter, MalformedJson, IncompleteBody, InvalidCursor, RoleNotFound,
    Deleted, BodyTimeout, BodyTooLarge, UnsupportedMediaType, InvalidParameter, InvalidDocument, Unavailable,
);

/// A page of the postings that an edit of a role would change.
#[derive(Debug, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ImpactPage {
    /// The postings, in the order of their ids.
    #[schema(max_items = 100)]
    pub items: Vec<PostingImpact>,
    /// The `cursor` of the next page, if there may be more. A page may be empty, and there may still be more.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_length = 2000)]
    pub next_cursor: Option<String>,
}

impl ImpactPage {
    /// A page with one posting, for the specification.
    pub fn of_one(posting: &KeptPosting, drift: Drift) -> Self {
        Self { items: vec![PostingImpact { drift: Some(drift), ..blank(posting) }], next_cursor: None }
    }
}

/// What an edit of its role would change of a posting.
#[derive(Debug, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PostingImpact {
    /// The posting.
    #[schema(example = "0193a5e8-7b1c-7d3e-9f00-2b6c1d0e4a55")]
    pub posting_id: String,
    /// Its employer.
    pub employer_id: Slug,
    /// What would be different after a refresh: of what it would say without the edit.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub drift: Option<Drift>,
    /// Why it could not be refreshed any more.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(nullable = false, value_type = Option<Vec<FieldError>>, max_items = 1000)]
    pub errors: Vec<FieldError>,
}

/// See what an edit would change
///
/// Takes the role as it would be, stores nothing, and lists the published and scheduled postings of it that would say something else
/// after a refresh, each with what would be different. Postings that are bound to a revision of the role are not touched by an edit.
/// Needs a key; one that is limited to employers sees the postings of those.
#[utoipa::path(
    tag = "Roles",
    operation_id = "preview_role_impact",
    security(("key" = ["read"])),
    params(("id" = inline(Slug), Path, description = "The id of the role."), PageQuery),
    request_body(content = Role, description = "The role as it would be."),
    responses((status = 200, description = "A page of postings.", body = ImpactPage), ImpactProblems),
)]
#[post("/api/v1/roles/{id}/impact")]
pub async fn preview_role_impact(
    request: HttpRequest,
    caller: Caller,
    payload: Payload,
    state: Data<State>,
) -> Result<HttpResponse, Problem> {
    caller.may_with_key(Scope::Read)?;
    let id = segment(&request, "id");
    let current = state.role(id).await?;
    let page = Page::of(&request, Listing::of("impact", &[id]))?;
    let body = body(&request, payload, state.setup.body_timeout).await?;
    let role: Role = document(&request, &body)?;
    if role.id.as_str() != id {
        let violation = Violation::new("/id", format!("must be `{id}`, as in the path"));
        return Err(Problem::of_body("", vec![violation]));
    }
    let text = serde_json::to_string(&role).map_err(Problem::internal)?;
    let edited = Known::read(&text, current.revision + 1, Timestamp::now(), &state.renderer)?;
    let pair = (current, Arc::new(edited));
    let found = impact(&state, &caller, &pair, &page).await?;
    let bytes = serde_json::to_vec(&found).map_err(Problem::internal)?;
    Answer::new("application/json", NEVER).send(&request, || Ok(Body::Fresh(bytes)))
}

/// The role as it is, and as it would be.
type Pair = (Arc<Known<RoleContent>>, Arc<Known<RoleContent>>);

async fn impact(state: &State, caller: &Caller, pair: &Pair, page: &Page) -> Result<ImpactPage, Problem> {
    let search = PostingSearch {
        employers: caller.limited_to().map(<[String]>::to_vec),
        states: vec![PostingState::Scheduled, PostingState::Published],
        role: Some(pair.0.content.role.id.to_string()),
        sort: PostingSort::Id,
        after: page.after().map(|id| PostingPosition::Id(id.to_owned())),
        limit: page.limit,
        ..PostingSearch::at(Timestamp::now())
    };
    let found = state.store.find_postings(&search).await?;
    let next_cursor = page.next(found.items.last().map(|last| last.id.as_str()), found.next.is_some())?;
    let mut items = Vec::new();
    for listed in &found.items {
        items.extend(of_one(state, caller, pair, listed).await?);
    }
    Ok(ImpactPage { items, next_cursor })
}

async fn of_one(
    state: &State,
    caller: &Caller,
    (current, edited): &Pair,
    listed: &Listed,
) -> Result<Option<PostingImpact>, Problem> {
    let posting: KeptPosting = serde_json::from_str(&listed.body).map_err(Problem::internal)?;
    if posting.role_revision.is_some() {
        return Ok(None);
    }
    let now = Timestamp::now();
    let day = posting.posted_at(now);
    let mut sides = Vec::with_capacity(2);
    for role in [current, edited] {
        match state.composition_of(caller, &posting.request(), Arc::clone(role)).await? {
            Ok(composition) => sides.push(state.publication(&composition, now, day)?),
            Err(violations) if Arc::ptr_eq(role, edited) => {
                let errors = violations.into_iter().map(|one| FieldError::in_body("", one)).collect();
                return Ok(Some(PostingImpact { drift: None, errors, ..blank(&posting) }));
            }
            // It cannot be refreshed as it is: the edit changes nothing of that.
            Err(_) => return Ok(None),
        }
    }
    let [before, after] = sides.as_slice() else { return Ok(None) };
    let drift = drift((&before.posting, &before.vacancy), (&after.posting, &after.vacancy));
    let changes = !drift.is_empty();
    Ok(changes.then(|| PostingImpact { drift: Some(drift), ..blank(&posting) }))
}

fn blank(posting: &KeptPosting) -> PostingImpact {
    let (posting_id, employer_id) = (posting.id.to_string(), posting.employer_id.clone());
    PostingImpact { posting_id, employer_id, drift: None, errors: Vec::new() }
}

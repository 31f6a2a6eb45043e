//! Whether a posting still says what it would say if it were composed now.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::super::caller::Caller;
use super::super::extract::Query;
use super::super::problem::{Kind, Problem, problems};
use super::super::spec::NotModified;
use super::super::{State, answer};
use crate::domain::Slug;
use crate::domain::kept_posting::Publication;
use crate::review::drift::{Drift, drift};
use crate::store::keys::Scope;

problems!(
    DriftProblems: UnknownParameter, DuplicateParameter, PostingNotFound, WrongState, InvalidDocument, Unavailable,
);

/// What would change if a posting were refreshed now.
#[derive(Debug, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PostingDrift {
    /// Whether anything that it says would change.
    pub drifted: bool,
    /// What it was composed of, and what there is now.
    pub sources: Sources,
    /// What would change.
    pub drift: Drift,
}

/// What a posting was composed of, and what there is now.
#[derive(Debug, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Sources {
    /// The revisions of the role.
    pub role: Revisions,
    /// The revisions of the employer.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub employer: Option<Revisions>,
    /// The revisions of the employer's own tone, if the posting was or would be in one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub tone: Option<Revisions>,
    /// Whether the templates are others now.
    pub templates_changed: bool,
    /// Whether the options are others now: the posting's own, or the employer's defaults.
    pub options_changed: bool,
}

/// Two revisions.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Revisions {
    /// The one that is published.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, minimum = 1)]
    pub published: Option<u32>,
    /// The one that would be.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, minimum = 1)]
    pub current: Option<u32>,
}

impl PostingDrift {
    /// What changes from what was published to what would be.
    pub fn of(published: &Publication, current: &Publication) -> Self {
        let drift = drift((&published.posting, &published.vacancy), (&current.posting, &current.vacancy));
        Self { drifted: !drift.is_empty(), sources: Sources::of(published, current), drift }
    }
}

impl Sources {
    fn of(published: &Publication, current: &Publication) -> Self {
        let revisions = |read: fn(&Publication) -> Option<u32>| {
            let pair = Revisions { published: read(published), current: read(current) };
            (pair != Revisions { published: None, current: None }).then_some(pair)
        };
        Self {
            role: Revisions {
                published: published.posting.role.revision,
                current: current.posting.role.revision,
            },
            employer: revisions(|one| one.posting.employer.as_ref().map(|employer| employer.revision)),
            tone: revisions(|one| one.posting.tone_revision),
            templates_changed: published.templates != current.templates,
            options_changed: published.options != current.options,
        }
    }
}

/// See what would change
///
/// Composes a published, scheduled, or closed posting anew, with its options and the newest role (or the revision that it names),
/// employer, tone, and templates, and tells what is different: sentences that are added, removed, or altered, pay, requirements,
/// and other facts. Nothing is stored: `POST …/refresh` takes it over. Needs a key.
#[utoipa::path(
    tag = "Postings",
    operation_id = "get_posting_drift",
    security(("key" = ["read"])),
    params(("id" = inline(Slug), Path, description = "The id of the posting.")),
    responses((status = 200, description = "What would change.", body = PostingDrift), NotModified, DriftProblems),
)]
#[get("/api/v1/postings/{id}/drift")]
pub async fn get_posting_drift(
    request: HttpRequest,
    caller: Caller,
    state: Data<State>,
) -> Result<HttpResponse, Problem> {
    let seen = state.own_posting(&request, &caller, Scope::Read).await?;
    Query::of(&request, &[])?;
    let Some(published) = &seen.posting().publication else {
        return Err(
            Kind::WrongState.because("the posting was never published: there is nothing to compare with")
        );
    };
    let composition = state.composition(&caller, &seen.posting().request()).await?;
    let composition = composition.map_err(|violations| Problem::of_body("", violations))?;
    let now = Timestamp::now();
    let current = state.publication(&composition, now, seen.posting().posted_at(now))?;
    answer::json(&request, &PostingDrift::of(published, &current))
}

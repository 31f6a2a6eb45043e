//! The life of a posting: publishing, refreshing, closing, reopening.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, post};
use jiff::Timestamp;

use super::super::State;
use super::super::caller::Caller;
use super::super::conditional::{Condition, OptionalCondition};
use super::super::idempotency::{IdempotencyHeader, Key};
use super::super::problem::{Kind, Problem, problems};
use super::super::refusal::permit;
use super::super::spec::Written;
use super::super::writing::{self, WriteQuery, Writing};
use super::Seen;
use super::resource::PostingResource;
use super::write::told;
use crate::domain::kept_posting::{ClosedBecause, Closing, PostingState, Publication};
use crate::domain::{KeptPosting, Slug, Violation};
use crate::store::document::{Expected, Head, Order};
use crate::store::keys::Scope;

problems!(
    LifeProblems: UnknownParameter, DuplicateParameter, ScopeMissing, InvalidIdempotencyKey, PostingNotFound,
    WrongState, IdempotencyKeyInUse, PreconditionFailed, InvalidParameter, InvalidDocument, IdempotencyKeyReused,
    Unavailable, NoRoom,
);

/// A step in the life of a posting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Publish,
    Refresh,
    Close,
    Reopen,
}

impl Step {
    /// What the history says of it, unless the request says something else.
    fn message(self) -> &'static str {
        match self {
            Self::Publish => "published",
            Self::Refresh => "refreshed",
            Self::Close => "closed",
            Self::Reopen => "reopened",
        }
    }
}

/// Publish a posting
///
/// Composes the draft with the newest role (or the revision that it names), employer, tone, and templates, and stores the
/// result: every format is written from that from then on. It is public at once, or from the day that `date_posted` names in the
/// employer's time zone: until then it is `scheduled`. After the day that `valid_through` names it is closed by itself.
#[utoipa::path(
    tag = "Postings",
    operation_id = "publish_posting",
    security(("key" = ["publish"])),
    params(
        ("id" = inline(Slug), Path, description = "The id of the posting."),
        WriteQuery,
        OptionalCondition,
        IdempotencyHeader,
    ),
    responses(Written<PostingResource<'static>>, LifeProblems),
)]
#[post("/api/v1/postings/{id}/publish")]
pub async fn publish_posting(
    request: HttpRequest,
    caller: Caller,
    state: Data<State>,
) -> Result<HttpResponse, Problem> {
    take(Step::Publish, &request, &caller, &state).await
}

/// Refresh a posting
///
/// Composes a published or scheduled posting anew, with its options, the newest role (or the revision that it names), employer,
/// tone, and templates, and puts that in place of what is public. `GET …/drift` tells beforehand what will change. If nothing
/// would, no revision is made.
#[utoipa::path(
    tag = "Postings",
    operation_id = "refresh_posting",
    security(("key" = ["publish"])),
    params(
        ("id" = inline(Slug), Path, description = "The id of the posting."),
        WriteQuery,
        OptionalCondition,
        IdempotencyHeader,
    ),
    responses(Written<PostingResource<'static>>, LifeProblems),
)]
#[post("/api/v1/postings/{id}/refresh")]
pub async fn refresh_posting(
    request: HttpRequest,
    caller: Caller,
    state: Data<State>,
) -> Result<HttpResponse, Problem> {
    take(Step::Refresh, &request, &caller, &state).await
}

/// Close a posting
///
/// Ends a posting: its public page answers 410, and the feeds leave it out. What was published stays on record. A draft is
/// put away by this.
#[utoipa::path(
    tag = "Postings",
    operation_id = "close_posting",
    security(("key" = ["publish"])),
    params(
        ("id" = inline(Slug), Path, description = "The id of the posting."),
        WriteQuery,
        OptionalCondition,
        IdempotencyHeader,
    ),
    responses(Written<PostingResource<'static>>, LifeProblems),
)]
#[post("/api/v1/postings/{id}/close")]
pub async fn close_posting(
    request: HttpRequest,
    caller: Caller,
    state: Data<State>,
) -> Result<HttpResponse, Problem> {
    take(Step::Close, &request, &caller, &state).await
}

/// Reopen a posting
///
/// Publishes a closed posting again: it is composed anew, and counts as posted today unless its `date_posted` says something
/// else. A `valid_through` that has passed must be changed before. What was closed as a draft is a draft again.
#[utoipa::path(
    tag = "Postings",
    operation_id = "reopen_posting",
    security(("key" = ["publish"])),
    params(
        ("id" = inline(Slug), Path, description = "The id of the posting."),
        WriteQuery,
        OptionalCondition,
        IdempotencyHeader,
    ),
    responses(Written<PostingResource<'static>>, LifeProblems),
)]
#[post("/api/v1/postings/{id}/reopen")]
pub async fn reopen_posting(
    request: HttpRequest,
    caller: Caller,
    state: Data<State>,
) -> Result<HttpResponse, Problem> {
    take(Step::Reopen, &request, &caller, &state).await
}

/// Takes a step, unless the posting is in a state that it does not lead from.
async fn take(
    step: Step,
    request: &HttpRequest,
    caller: &Caller,
    state: &Data<State>,
) -> Result<HttpResponse, Problem> {
    let Seen { document, .. } = state.own_posting(request, caller, Scope::Publish).await?;
    let writing = Writing::of(request, caller)?.because(step.message());
    let claim = Key::of(request)?.map(|key| key.claim(request, caller, &[]));
    let (api, by, at) = (state.clone(), caller.clone(), writing.at());
    let (id, writing) = (document.clone(), Arc::new(writing));
    let decide = move || {
        let (api, by, id, writing) = (api.clone(), by.clone(), id.clone(), Arc::clone(&writing));
        async move {
            let seen = api.seen(id, true, writing.at()).await?;
            hold(&seen, &writing.condition)?;
            let next = api.after(step, &seen, &by, &writing).await?;
            let expected = Expected::OneOf(vec![seen.known.revision]);
            let order = writing.order(&seen.document, writing::put(&next)?, expected);
            Ok(Order { skip_same: true, ..order })
        }
    };
    let api = state.clone();
    let reply = move |written: &_| told(&api, StatusCode::OK, written);
    state.decide_once(claim, at, &document, decide, reply).await
}

impl State {
    /// What the posting is after the step.
    async fn after(
        &self,
        step: Step,
        seen: &Seen,
        caller: &Caller,
        writing: &Writing,
    ) -> Result<KeptPosting, Problem> {
        use PostingState::{Closed, Draft, Published, Scheduled};
        let posting = seen.posting().clone();
        match (step, seen.state) {
            (Step::Publish, Draft) => self.opened(posting, caller, writing).await,
            (Step::Refresh, Scheduled | Published) => self.refreshed(posting, caller, writing).await,
            (Step::Close, Draft | Scheduled | Published) => Ok(closed(posting, writing.at())),
            (Step::Reopen, Closed) if posting.publication.is_none() => {
                Ok(KeptPosting { state: Draft, closing: None, ..posting })
            }
            (Step::Reopen, Closed) => self.opened(posting, caller, writing).await,
            (_, state) => Err(wrong_state(step, state)),
        }
    }

    /// The posting, composed anew and public from its day on.
    async fn opened(
        &self,
        posting: KeptPosting,
        caller: &Caller,
        writing: &Writing,
    ) -> Result<KeptPosting, Problem> {
        let composition = self.composition(caller, &posting.request()).await?;
        let composition = composition.map_err(|violations| Problem::of_body("", violations))?;
        let publication = self.publication(&composition, writing.at(), None)?;
        published(posting, publication, writing.at())
    }

    /// The posting, composed anew, and as old as it was.
    async fn refreshed(
        &self,
        posting: KeptPosting,
        caller: &Caller,
        writing: &Writing,
    ) -> Result<KeptPosting, Problem> {
        let composition = self.composition(caller, &posting.request()).await?;
        let composition = composition.map_err(|violations| Problem::of_body("", violations))?;
        let old = posting.publication.as_ref();
        let mut new = self.publication(&composition, writing.at(), posting.posted_at(writing.at()))?;
        if let Some(old) = old {
            if posting.state_at(writing.at()) == PostingState::Published
                && new.opens_at.timestamp() <= writing.at()
            {
                new.opens_at = old.opens_at;
            }
            if same(old, &new) {
                new.composed_at = old.composed_at;
                new.opens_at = old.opens_at;
            }
        }
        published(posting, new, writing.at())
    }
}

/// The posting as it is published at a moment.
///
/// # Errors
/// A problem for one that would be closed at once.
pub(super) fn published(
    posting: KeptPosting,
    publication: Publication,
    at: Timestamp,
) -> Result<KeptPosting, Problem> {
    if publication.closes_at.is_some_and(|end| end.timestamp() <= at) {
        let violation =
            Violation::new("/options/valid_through", "has passed: the posting would be closed at once");
        return Err(Problem::of_body("", vec![violation]));
    }
    let waits = publication.opens_at.timestamp() > at;
    let state = if waits { PostingState::Scheduled } else { PostingState::Published };
    Ok(KeptPosting { state, publication: Some(publication), closing: None, ..posting })
}

/// The posting as somebody closes it at a moment.
pub(super) fn closed(posting: KeptPosting, at: Timestamp) -> KeptPosting {
    let closing = Closing { at: at.into(), because: ClosedBecause::Request };
    KeptPosting { state: PostingState::Closed, closing: Some(closing), ..posting }
}

/// Whether two publications say the same, made of the same.
fn same(old: &Publication, new: &Publication) -> bool {
    old.templates == new.templates
        && old.options == new.options
        && old.vacancy == new.vacancy
        && old.posting == new.posting
}

/// Lets the step be taken if the request's condition holds; it need not have one.
fn hold(seen: &Seen, condition: &Condition) -> Result<(), Problem> {
    match condition {
        Condition::None => Ok(()),
        condition => {
            let at = seen.known.at;
            permit(&seen.document, Head { revision: seen.known.revision, deleted: false, at }, condition)
        }
    }
}

fn wrong_state(step: Step, state: PostingState) -> Problem {
    let needed = match step {
        Step::Publish => {
            "only a draft can be published; `refresh` composes anew what is public already, and `reopen` publishes what was closed"
        }
        Step::Refresh => "only what is published or scheduled can be refreshed",
        Step::Close => "it cannot be closed once more",
        Step::Reopen => "only what was closed can be reopened",
    };
    Kind::WrongState.because(format!("the posting is {}: {needed}", state.as_str()))
}

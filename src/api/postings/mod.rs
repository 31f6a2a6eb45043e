//! Postings that are kept: finding the one that is asked for, and who sees it. One file a topic.
//!
//! A draft is seen with a key or by its preview link; what is public, by everybody who may read; what is
//! closed, with a key again. To add an operation: a function in the file of its topic, and one
//! `.service()` in the routes.

pub mod compare;
pub mod compose;
pub mod direct;
pub mod drift;
pub mod get;
pub mod life;
pub mod list;
pub mod preflight;
pub mod resource;
pub mod revisions;
pub mod schedule;
mod search;
pub mod write;

use std::sync::Arc;

use actix_web::HttpRequest;
use jiff::Timestamp;
use subtle::ConstantTimeEq as _;

use super::State;
use super::caller::Caller;
use super::catalogue::{Found, Known};
use super::kept::segment;
use super::problem::{Kind, Problem};
use super::refusal::missing;
use crate::domain::kept_posting::PostingState;
use crate::domain::{KeptPosting, Slug};
use crate::store::DocumentId;
use crate::store::keys::Scope;

/// A posting that the caller may see.
#[derive(Clone, Debug)]
pub struct Seen {
    /// Names it.
    pub document: DocumentId,
    /// The posting, in its current revision.
    pub known: Arc<Known<KeptPosting>>,
    /// Where it is in its life now.
    pub state: PostingState,
    /// Whether the caller may see all of it, and not only what is public.
    pub whole: bool,
}

impl Seen {
    /// The posting.
    pub fn posting(&self) -> &KeptPosting {
        &self.known.content
    }
}

impl State {
    /// The posting that the path names, for a caller with a key and the scope.
    ///
    /// # Errors
    /// What [`Caller::may_with_key`] says, and that there is no such posting for the caller.
    async fn own_posting(
        &self,
        request: &HttpRequest,
        caller: &Caller,
        scope: Scope,
    ) -> Result<Seen, Problem> {
        caller.may_with_key(scope)?;
        let id = segment(request, "id");
        let document = self.located(id).await?;
        if !caller.sees(&document.owner) {
            return Err(no_posting(id));
        }
        self.seen(document, true, Timestamp::now()).await
    }

    /// The posting that the path names, for whoever may see it: with `token`, if that is the one of its
    /// preview link.
    ///
    /// # Errors
    /// That the caller may not read, and that there is no such posting for the caller, or no more.
    async fn seen_posting(
        &self,
        request: &HttpRequest,
        caller: &Caller,
        token: Option<&str>,
    ) -> Result<Seen, Problem> {
        if token.is_none() && caller.has_key() {
            return self.own_posting(request, caller, Scope::Read).await;
        }
        if token.is_none() {
            caller.may(Scope::Read)?;
        }
        let id = segment(request, "id");
        let now = Timestamp::now();
        let seen = self.seen(self.located(id).await?, false, now).await?;
        match token {
            Some(token) if opens(seen.posting(), token) => Ok(Seen { whole: true, ..seen }),
            Some(_) => Err(no_posting(id)),
            None => public(seen, now),
        }
    }

    /// The posting with this id, whoever may see it.
    async fn located(&self, id: &str) -> Result<DocumentId, Problem> {
        let located = match Slug::try_from(id) {
            Ok(_) => self.store.locate(id).await?,
            Err(_) => None,
        };
        located.ok_or_else(|| no_posting(id))
    }

    /// The posting, after what is due of it has been done.
    pub(super) async fn seen(
        &self,
        document: DocumentId,
        whole: bool,
        now: Timestamp,
    ) -> Result<Seen, Problem> {
        let Found::There(known) = self.find::<KeptPosting>(&document).await? else {
            return Err(missing(&document));
        };
        let state = known.content.state_at(now);
        if state == known.content.state {
            return Ok(Seen { document, known, state, whole });
        }
        let known = self.settled(&document, known, now).await?;
        Ok(Seen { document, state: known.content.state_at(now), known, whole })
    }
}

/// The posting, if everybody may see it.
///
/// # Errors
/// That it was closed; that there is none, for what was never public.
pub fn public(seen: Seen, now: Timestamp) -> Result<Seen, Problem> {
    let was_public = seen.posting().was_public_at(now);
    match seen.state {
        PostingState::Published => Ok(seen),
        PostingState::Closed if was_public => {
            Err(Kind::PostingClosed.because("the posting is closed: applications are not taken any more"))
        }
        _ => Err(no_posting(seen.document.id.as_str())),
    }
}

/// Whether a token is that of the posting's preview link. It opens nothing once the posting is public: there
/// is nothing to preview then.
fn opens(posting: &KeptPosting, token: &str) -> bool {
    let waiting = matches!(posting.state, PostingState::Draft | PostingState::Scheduled);
    let own = posting.preview_token.as_deref().filter(|_| waiting);
    own.is_some_and(|own| bool::from(own.as_bytes().ct_eq(token.as_bytes())))
}

/// That there is no such posting, or not for the caller: nobody can tell which.
pub fn no_posting(id: &str) -> Problem {
    missing(&DocumentId::posting("", id))
}

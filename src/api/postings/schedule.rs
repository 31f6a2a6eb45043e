//! What happens to postings by itself: they become public on their day, and are closed after their last.
//!
//! Each transition is a revision, written on the condition that nobody else has written it: whichever node
//! comes first does it, and no other does it again. Whoever reads a posting that is due does the same, so
//! that no answer is ever behind the clock.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::time::sleep;

use super::super::State;
use super::super::catalogue::{Found, Known};
use super::super::problem::Problem;
use super::super::writing;
use crate::domain::KeptPosting;
use crate::domain::kept_posting::{ClosedBecause, Closing, PostingState};
use crate::store::document::{Author, Expected, Order};
use crate::store::{DocumentId, StoreError};

/// Who it is that does it.
const AUTHOR: &str = "schedule";
/// The longest time that passes until it is looked again: another node may have written what is due sooner.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// How many are done before it is looked again.
const AT_ONCE: usize = 100;

impl State {
    /// Does what is due, as long as the server runs.
    pub async fn keep_schedule(&self) {
        loop {
            let wait = match self.do_what_is_due(Timestamp::now()).await {
                Ok(next) => next,
                Err(error) => {
                    log::warn!("what is due of postings cannot be done: {error}");
                    LOOK_EVERY
                }
            };
            sleep(wait).await;
        }
    }

    /// Does what is due at a moment, and tells how long to wait for the next.
    async fn do_what_is_due(&self, now: Timestamp) -> Result<Duration, StoreError> {
        let due = self.store.due(now, AT_ONCE).await?;
        let mut done = true;
        for document in &due {
            done &= self.is_done(document, now).await;
        }
        if !done {
            // It stays due: to try again at once would only keep the database busy.
            return Ok(LOOK_EVERY);
        }
        if due.len() == AT_ONCE {
            return Ok(Duration::ZERO);
        }
        let next = self.store.next_due().await?;
        let wait = next.map_or(LOOK_EVERY, |next| next.duration_since(now).try_into().unwrap_or_default());
        Ok(wait.clamp(Duration::from_millis(1), LOOK_EVERY))
    }

    /// Does what is due of a posting; whether it is done now.
    async fn is_done(&self, document: &DocumentId, now: Timestamp) -> bool {
        let Ok(Found::There(known)) = self.find::<KeptPosting>(document).await else { return false };
        let settled = self.settled(document, known, now).await;
        settled.is_ok_and(|settled| settled.content.state == settled.content.state_at(now))
    }

    /// The posting after what is due of it was done, by us or by somebody else.
    pub(super) async fn settled(
        &self,
        document: &DocumentId,
        known: Arc<Known<KeptPosting>>,
        now: Timestamp,
    ) -> Result<Arc<Known<KeptPosting>>, Problem> {
        let Some(next) = next(&known.content, now) else { return Ok(known) };
        let order = Order {
            document: document.clone(),
            edit: writing::put(&next)?,
            expected: Expected::OneOf(vec![known.revision]),
            skip_same: false,
            at: now,
            author: Author { name: AUTHOR.to_owned(), key: None, request: None },
            message: Some(next.state.as_str().to_owned()),
        };
        // Whoever wrote meanwhile has done it, or something else that counts. What cannot be written now
        // is known all the same: the state is reckoned from the moments at each read.
        if let Err(problem) = self.write(order).await {
            log::warn!(
                "the {document} is {} and that cannot be written down: {problem}",
                next.state.as_str()
            );
            return Ok(known);
        }
        match self.find::<KeptPosting>(document).await? {
            Found::There(settled) => Ok(settled),
            Found::Removed(_) | Found::Nothing => Ok(known),
        }
    }
}

/// What a posting becomes by itself at a moment, if it becomes anything.
fn next(posting: &KeptPosting, now: Timestamp) -> Option<KeptPosting> {
    let state = posting.state_at(now);
    if state == posting.state {
        return None;
    }
    let closing = (state == PostingState::Closed)
        .then(|| Closing { at: now.into(), because: ClosedBecause::ValidThrough })
        .or(posting.closing);
    Some(KeptPosting { state, closing, ..posting.clone() })
}

//! What a dry run remembers of the lines that it has seen: a role that stands in two lines of an
//! import exists when the second one comes.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;

use jiff::Timestamp;

use super::intake::OnConflict;
use crate::store::document::{Action, Head, Outcome, Refusal, Written};

/// The roles that would have been put in place, by digests: of the id 64 bits, of the content 32.
/// That is some 50 bytes a role at the most; that two of a million ids have the same digest has a
/// chance of one in thirty million, and nobody can choose them so.
#[derive(Debug, Default)]
pub struct Rehearsal {
    hasher: RandomState,
    seen: HashMap<u64, Seen>,
}

#[derive(Clone, Copy, Debug)]
struct Seen {
    content: u32,
    revision: u32,
}

impl Rehearsal {
    /// Notes that a role would be at this revision, with this content.
    pub fn note(&mut self, id: &str, body: &str, revision: u32) {
        let seen = Seen { content: self.content(body), revision };
        self.seen.insert(self.hasher.hash_one(id), seen);
    }

    /// Whether a role was noted.
    pub fn knows(&self, id: &str) -> bool {
        self.seen.contains_key(&self.hasher.hash_one(id))
    }

    /// What would happen to a role that was noted.
    pub fn outcome(&self, id: &str, body: &Arc<str>, on_conflict: OnConflict) -> Option<Outcome> {
        let Seen { content, revision } = *self.seen.get(&self.hasher.hash_one(id))?;
        let at = Timestamp::now();
        if on_conflict != OnConflict::Replace {
            return Some(Err(Refusal::Exists(Head { revision, deleted: false, at })));
        }
        let unchanged = content == self.content(body);
        let revision = if unchanged { revision } else { revision.saturating_add(1) };
        Some(Ok(Written { revision, at, action: Action::Replace, unchanged, body: None }))
    }

    fn content(&self, body: &str) -> u32 {
        // The upper half is as good as any.
        (self.hasher.hash_one(body) >> 32) as u32
    }
}

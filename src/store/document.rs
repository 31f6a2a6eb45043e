//! Documents with a history: what the catalogue keeps, whatever its kind.
//!
//! Every write makes a revision, and every revision has a number of its own in the one line of
//! changes. Writes are serialised, on every engine: a change with a lower number never appears
//! after one with a higher number. Moments are kept to the millisecond.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;

use super::error::StoreError;
use super::replies::Completion;
use super::seed::{Seed, Seeded};

/// What a document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A role.
    Role,
    /// An employer.
    Employer,
    /// An employer's own tone; its owner is the employer.
    Tone,
    /// A posting; its owner is the employer, and its id is unique among the postings of all.
    Posting,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 4] = [Self::Role, Self::Employer, Self::Tone, Self::Posting];

    /// The word in the database and in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Role => "role",
            Self::Employer => "employer",
            Self::Tone => "tone",
            Self::Posting => "posting",
        }
    }
}

/// Names a document.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DocumentId {
    /// What it is.
    pub kind: Kind,
    /// The id of the employer that it belongs to; empty for what belongs to nobody.
    pub owner: String,
    /// Its own id, unique for its kind and owner.
    pub id: String,
}

impl DocumentId {
    /// A role.
    pub fn role(id: impl Into<String>) -> Self {
        Self { kind: Kind::Role, owner: String::new(), id: id.into() }
    }

    /// An employer.
    pub fn employer(id: impl Into<String>) -> Self {
        Self { kind: Kind::Employer, owner: String::new(), id: id.into() }
    }

    /// A tone of an employer.
    pub fn tone(employer: impl Into<String>, id: impl Into<String>) -> Self {
        Self { kind: Kind::Tone, owner: employer.into(), id: id.into() }
    }

    /// A posting of an employer.
    pub fn posting(employer: impl Into<String>, id: impl Into<String>) -> Self {
        Self { kind: Kind::Posting, owner: employer.into(), id: id.into() }
    }

    /// The employer that it belongs to, or is.
    pub fn employer_id(&self) -> Option<&str> {
        match self.kind {
            Kind::Role => None,
            Kind::Employer => Some(&self.id),
            Kind::Tone | Kind::Posting => Some(&self.owner),
        }
    }
}

impl fmt::Display for DocumentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            Kind::Tone => write!(f, "{} {}/{}", self.kind.as_str(), self.owner, self.id),
            _ => write!(f, "{} {}", self.kind.as_str(), self.id),
        }
    }
}

/// What a revision did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// The first revision.
    Create,
    /// Put another content in place.
    Replace,
    /// Removed the document; its history stays.
    Delete,
    /// Brought back what had been removed.
    Restore,
}

impl Action {
    /// All actions.
    pub const ALL: [Self; 4] = [Self::Create, Self::Replace, Self::Delete, Self::Restore];

    /// The word in the database and in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Replace => "replace",
            Self::Delete => "delete",
            Self::Restore => "restore",
        }
    }
}

/// The current state of a document, without its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// Its newest revision, from 1.
    pub revision: u32,
    /// Whether that removed it.
    pub deleted: bool,
    /// When that was made.
    pub at: Timestamp,
}

/// One revision, without its content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Its number in the line of all changes, from 1; gaps are possible.
    pub sequence: u64,
    /// Whose revision it is.
    pub document: DocumentId,
    /// The revision, from 1.
    pub revision: u32,
    /// What it did.
    pub action: Action,
    /// When it was made.
    pub at: Timestamp,
    /// Who made it: the name of an API key, or of what loaded a file.
    pub author: String,
    /// Why, if the author said so.
    pub message: Option<String>,
}

/// A revision with its content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision {
    /// All but its content.
    pub change: Change,
    /// The document as compact JSON; nothing for a deletion.
    pub body: Option<Arc<str>>,
}

/// A document of a list, in its current state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its id.
    pub id: String,
    /// Its revision.
    pub revision: u32,
    /// When that was made.
    pub at: Timestamp,
    /// The document as compact JSON.
    pub body: Arc<str>,
}

impl AsRef<Self> for Listed {
    fn as_ref(&self) -> &Self {
        self
    }
}

/// Who writes, for the history and for the audit log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Author {
    /// The name that the history shows.
    pub name: String,
    /// The public id of the API key, if it was one.
    pub key: Option<String>,
    /// The id of the request, if it was one.
    pub request: Option<String>,
}

/// What a write does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// Puts a content in place: the document as compact JSON, checked.
    Put(Arc<str>),
    /// Removes the document.
    Delete,
    /// Brings the document back, as it was before it was removed.
    Restore,
}

/// What a write expects of the document, so that nobody's work is overwritten unseen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    /// Nothing.
    Anything,
    /// That there is none, and never was.
    Absent,
    /// That there is one, in whatever revision.
    Present,
    /// That it is at one of these revisions.
    OneOf(Vec<u32>),
}

/// One write.
#[derive(Clone, Debug)]
pub struct Order {
    /// What to write.
    pub document: DocumentId,
    /// What to do to it.
    pub edit: Edit,
    /// What must hold, or the write is refused.
    pub expected: Expected,
    /// Leaves a document alone that has this very content already: [`Written::unchanged`].
    pub skip_same: bool,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub author: Author,
    /// Why.
    pub message: Option<String>,
}

/// What a write did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The revision that the document is at now.
    pub revision: u32,
    /// When that was made.
    pub at: Timestamp,
    /// What the revision did.
    pub action: Action,
    /// Whether no revision was made, since the content was the same.
    pub unchanged: bool,
    /// The content now; nothing after a deletion.
    pub body: Option<Arc<str>>,
}

/// Why a write was refused. Nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It should not have been there.
    #[error("there is one already, at revision {}", .0.revision)]
    Exists(Head),
    /// There never was one.
    #[error("there is none")]
    Missing,
    /// It was removed; only a restore brings it back.
    #[error("it was removed, by revision {}", .0.revision)]
    Deleted(Head),
    /// There is nothing to restore: it is there.
    #[error("it is there, at revision {}", .0.revision)]
    NotDeleted(Head),
    /// Another posting of the employer, with this id, has its slug.
    #[error("the posting {0} has this slug")]
    SlugTaken(String),
    /// It has moved on.
    #[error("it is at revision {} now", .0.revision)]
    Stale(Head),
}

/// Whether a write may be done to a document in this state; what holds on every engine.
///
/// # Errors
/// The refusal that the caller is told.
pub fn permit(order: &Order, head: Option<Head>) -> Result<Action, Refusal> {
    let stale = |head: Head| match &order.expected {
        Expected::OneOf(revisions) => !revisions.contains(&head.revision),
        _ => false,
    };
    match (&order.edit, head) {
        (_, None) if matches!(order.expected, Expected::Present | Expected::OneOf(_)) => {
            Err(Refusal::Missing)
        }
        (Edit::Put(_), None) => Ok(Action::Create),
        (Edit::Delete | Edit::Restore, None) => Err(Refusal::Missing),
        (_, Some(head)) if order.expected == Expected::Absent => Err(Refusal::Exists(head)),
        (Edit::Put(_) | Edit::Delete, Some(head)) if head.deleted => Err(Refusal::Deleted(head)),
        (Edit::Restore, Some(head)) if !head.deleted => Err(Refusal::NotDeleted(head)),
        (_, Some(head)) if stale(head) => Err(Refusal::Stale(head)),
        (Edit::Put(_), Some(_)) => Ok(Action::Replace),
        (Edit::Delete, Some(_)) => Ok(Action::Delete),
        (Edit::Restore, Some(_)) => Ok(Action::Restore),
    }
}

/// Writes that are done together: each is done or refused for itself, and either all that were
/// done are kept, or the whole batch fails.
#[derive(Clone, Debug)]
pub struct Batch {
    /// The writes, in order; a later one sees what an earlier one did.
    pub orders: Vec<Order>,
    /// Whether to keep what was done; `false` only tells what would happen.
    pub commit: bool,
    /// The answer to store with the writes, under an `Idempotency-Key`.
    pub completion: Option<Completion>,
}

impl Batch {
    /// One write, kept.
    pub fn of(order: Order) -> Self {
        Self { orders: vec![order], commit: true, completion: None }
    }
}

/// The outcome of one write of a batch.
pub type Outcome = Result<Written, Refusal>;

/// A part of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slice<T> {
    /// The entries.
    pub items: Vec<T>,
    /// Whether there are more after them.
    pub more: bool,
}

/// Documents, their revisions, and the line of all changes.
#[async_trait]
pub trait Documents {
    /// The current state of a document. Cheap enough to check a memory against at each read: it
    /// sees every write that was acknowledged before, by whichever node.
    async fn head(&self, document: &DocumentId) -> Result<Option<Head>, StoreError>;

    /// A revision of a document: the newest (which may be a deletion), or the one asked for.
    async fn revision(
        &self,
        document: &DocumentId,
        revision: Option<u32>,
    ) -> Result<Option<Revision>, StoreError>;

    /// The revisions of a document, the newest first: those before `before`, at most `limit`.
    async fn history(
        &self,
        document: &DocumentId,
        before: Option<u32>,
        limit: usize,
    ) -> Result<Slice<Change>, StoreError>;

    /// The documents of a kind and owner that are not removed, in the order of their ids: those
    /// after `after`, at most `limit`.
    async fn list(
        &self,
        kind: Kind,
        owner: &str,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Slice<Listed>, StoreError>;

    /// How many documents of a kind and owner are not removed.
    async fn count(&self, kind: Kind, owner: &str) -> Result<u64, StoreError>;

    /// All changes in order: those after the number `since`, at most `limit`. Once a change was
    /// told, no change with a lower number appears any more.
    async fn changes(&self, since: u64, limit: usize) -> Result<Slice<Change>, StoreError>;

    /// Writes. What was not refused is durable when this returns, together with its place in the
    /// search index, its number, its entry in the audit log, and the batch's completion.
    async fn write(&self, batch: Batch) -> Result<Vec<Outcome>, StoreError>;

    /// Takes over roles that came with the program or in a folder, where [`Seed::decide`] says so.
    async fn seed(&self, seeds: Vec<Seed>) -> Result<Vec<Seeded>, StoreError>;
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: Timestamp = Timestamp::UNIX_EPOCH;

    fn order(edit: Edit, expected: Expected) -> Order {
        let author = Author { name: "me".into(), key: None, request: None };
        let document = DocumentId::role("a");
        Order { document, edit, expected, skip_same: false, at: AT, author, message: None }
    }

    fn put(expected: Expected) -> Order {
        order(Edit::Put("{}".into()), expected)
    }

    fn head(revision: u32, deleted: bool) -> Head {
        Head { revision, deleted, at: AT }
    }

    #[test]
    fn a_removed_document_only_comes_back_by_a_restore() {
        let removed = head(2, true);
        for expected in [Expected::Anything, Expected::Present, Expected::OneOf(vec![2])] {
            assert_eq!(permit(&put(expected.clone()), Some(removed)), Err(Refusal::Deleted(removed)));
            assert_eq!(permit(&order(Edit::Restore, expected), Some(removed)), Ok(Action::Restore));
        }
        assert_eq!(permit(&put(Expected::Absent), Some(removed)), Err(Refusal::Exists(removed)));
    }

    #[test]
    fn a_write_that_saw_another_revision_is_refused() {
        let now = head(3, false);
        assert_eq!(permit(&put(Expected::OneOf(vec![2])), Some(now)), Err(Refusal::Stale(now)));
        assert_eq!(permit(&put(Expected::OneOf(vec![2, 3])), Some(now)), Ok(Action::Replace));
        assert_eq!(permit(&put(Expected::OneOf(vec![1])), None), Err(Refusal::Missing));
        let stale = order(Edit::Restore, Expected::OneOf(vec![1]));
        assert_eq!(permit(&stale, Some(head(2, true))), Err(Refusal::Stale(head(2, true))));
    }

    #[test]
    fn what_is_there_cannot_be_restored_and_what_is_not_cannot_be_removed() {
        let now = head(1, false);
        assert_eq!(
            permit(&order(Edit::Restore, Expected::Anything), Some(now)),
            Err(Refusal::NotDeleted(now))
        );
        assert_eq!(permit(&order(Edit::Delete, Expected::Anything), None), Err(Refusal::Missing));
    }
}

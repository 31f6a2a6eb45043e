//! Finding postings, on every engine alike: by where they are in their lives, by facets, by words;
//! those that are public; those that are due.

use async_trait::async_trait;
use jiff::Timestamp;

use super::document::{DocumentId, Listed, Slice};
use super::error::StoreError;
use super::search::{MAX_WORDS, SalaryFilter, Total};
use crate::domain::kept_posting::PostingState;
use crate::domain::options::EmploymentType;
use crate::domain::place::Workplace;

/// The order of what was found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PostingSort {
    /// The newest first: by the moment from when on they are public, then those that have none; among
    /// equals, by id from the last, since ids are in the order in which postings were made.
    #[default]
    Newest,
    /// By id.
    Id,
    /// By title (folded), then id.
    Title,
    /// The last changed first, then by id.
    Updated,
}

impl PostingSort {
    /// All orders.
    pub const ALL: [Self; 4] = [Self::Newest, Self::Id, Self::Title, Self::Updated];

    /// The word in URLs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Newest => "newest",
            Self::Id => "id",
            Self::Title => "title",
            Self::Updated => "updated",
        }
    }
}

/// A place in a list, after which a page starts: the keys of the posting before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PostingPosition {
    /// By the moment (in milliseconds; none for a draft) and id.
    Newest(Option<i64>, String),
    /// By id.
    Id(String),
    /// By folded title and id.
    Title(String, String),
    /// By moment (in milliseconds) and id.
    Updated(i64, String),
}

impl PostingPosition {
    /// Whether it is a place in a list of this order.
    pub fn is_of(&self, sort: PostingSort) -> bool {
        matches!(
            (self, sort),
            (Self::Newest(..), PostingSort::Newest)
                | (Self::Id(_), PostingSort::Id)
                | (Self::Title(..), PostingSort::Title)
                | (Self::Updated(..), PostingSort::Updated)
        )
    }
}

/// What to look for. Everything that is given must hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostingSearch {
    /// Now: postings are found in the states that they are in at this moment, also if nobody has written
    /// that down yet.
    pub now: Timestamp,
    /// The employers whose postings may be found; nothing for those of all.
    pub employers: Option<Vec<String>>,
    /// The states that they may be in; none for all of them.
    pub states: Vec<PostingState>,
    /// The id of the role.
    pub role: Option<String>,
    /// Folded words ([`super::index::words`]), each of which must be the beginning of a word of the posting.
    pub words: Vec<String>,
    /// A country (ISO 3166-1), region (ISO 3166-2), and city (folded): one place must have them all.
    pub country: Option<String>,
    /// See `country`.
    pub region: Option<String>,
    /// See `country`.
    pub city: Option<String>,
    /// How much of the work is done at one of the places.
    pub workplace: Option<Workplace>,
    /// The department, folded.
    pub department: Option<String>,
    /// The kind of employment.
    pub employment_type: Option<EmploymentType>,
    /// Postings whose shown pay reaches into this band.
    pub salary: Option<SalaryFilter>,
    /// Postings that were changed at this moment or later.
    pub updated_since: Option<Timestamp>,
    /// The order.
    pub sort: PostingSort,
    /// Where the page starts.
    pub after: Option<PostingPosition>,
    /// The most postings on the page.
    pub limit: usize,
}

impl PostingSearch {
    /// All postings, at a moment.
    pub fn at(now: Timestamp) -> Self {
        Self {
            now,
            employers: None,
            states: Vec::new(),
            role: None,
            words: Vec::new(),
            country: None,
            region: None,
            city: None,
            workplace: None,
            department: None,
            employment_type: None,
            salary: None,
            updated_since: None,
            sort: PostingSort::Newest,
            after: None,
            limit: 20,
        }
    }

    /// Whether it can be answered: its start is a place in its own order, and its words are not too many.
    ///
    /// # Errors
    /// What is wrong: a fault of ours.
    pub fn check(&self) -> Result<(), StoreError> {
        if self.after.as_ref().is_some_and(|after| !after.is_of(self.sort)) {
            return Err(StoreError::failed("a place in a list of another order"));
        }
        if self.words.len() > MAX_WORDS {
            return Err(StoreError::failed("a search is for a few words"));
        }
        Ok(())
    }
}

/// A page of what was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundPostings {
    /// The postings of this page, in order, as they are kept: [`crate::domain::KeptPosting`].
    pub items: Vec<Listed>,
    /// How many there are on all pages.
    pub total: Total,
    /// Where the next page starts, if there is one.
    pub next: Option<PostingPosition>,
}

/// What decides whether a list of public postings has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edition {
    /// How many are public.
    pub count: u64,
    /// The number of the last change of any posting of the employer (or of all), public or not; 0 if there
    /// was none.
    pub sequence: u64,
    /// The last moment at which the list changed: by that change, or since the time of a posting came or was
    /// over and nobody has written that down yet.
    pub at: Option<Timestamp>,
}

/// Where a public posting is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// Its id.
    pub id: String,
    /// Its employer.
    pub employer: String,
    /// Names it among the postings of its employer.
    pub slug: String,
    /// When it was last changed.
    pub at: Timestamp,
}

/// A posting of a list, with its number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Numbered {
    /// Names the posting where names are numbers: the place of its first revision in the line of changes. It
    /// never changes, no other posting has it, and it is below 2^53, so that JavaScript reads it as it is.
    pub number: u64,
    /// The posting.
    pub posting: Listed,
}

impl AsRef<Listed> for Numbered {
    fn as_ref(&self) -> &Listed {
        &self.posting
    }
}

/// Search over the postings.
#[async_trait]
pub trait Postings {
    /// The posting with this id, and so its employer; also one that was removed.
    async fn locate(&self, id: &str) -> Result<Option<DocumentId>, StoreError>;

    /// The posting of an employer that has this slug.
    async fn by_slug(&self, employer: &str, slug: &str) -> Result<Option<DocumentId>, StoreError>;

    /// The posting of an employer that has this number ([`Numbered`]); also one that was removed.
    async fn by_number(&self, employer: &str, number: u64) -> Result<Option<DocumentId>, StoreError>;

    /// The number of the posting with this id; also of one that was removed.
    async fn number_of(&self, id: &str) -> Result<Option<u64>, StoreError>;

    /// A page of the postings that a search finds. One that cannot be answered ([`PostingSearch::check`]) fails.
    async fn find_postings(&self, search: &PostingSearch) -> Result<FoundPostings, StoreError>;

    /// The postings of an employer (or of all) that are public at a moment, in the order of their ids: those
    /// after `after`, at most `limit`. A walk through all of them costs as much a page at its end as at its
    /// beginning.
    async fn public(
        &self,
        employer: Option<&str>,
        now: Timestamp,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Slice<Listed>, StoreError>;

    /// The same walk, of one employer, with the number of each.
    async fn public_numbered(
        &self,
        employer: &str,
        now: Timestamp,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Slice<Numbered>, StoreError>;

    /// Where those postings are: the same walk without their documents.
    async fn public_addresses(
        &self,
        employer: Option<&str>,
        now: Timestamp,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Slice<Address>, StoreError>;

    /// The ids of every `size`th of those postings: after each, a part of the walk starts that has at most as
    /// many.
    async fn public_marks(
        &self,
        employer: Option<&str>,
        now: Timestamp,
        size: usize,
    ) -> Result<Vec<String>, StoreError>;

    /// The edition of the list of public postings of an employer (or of all) at a moment.
    async fn edition(&self, employer: Option<&str>, now: Timestamp) -> Result<Edition, StoreError>;

    /// The postings whose time has come to enter their next state, the earliest first; at most `limit`.
    async fn due(&self, now: Timestamp, limit: usize) -> Result<Vec<DocumentId>, StoreError>;

    /// When the next posting is due, if any is; in the past, if that was not written down yet.
    async fn next_due(&self) -> Result<Option<Timestamp>, StoreError>;
}

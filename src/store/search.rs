//! Finding roles, on every engine alike: by words, by facets, page by page.
//!
//! Words are ranked by where they stand, in [`TIERS`]; within a tier, by the number that a role was
//! given when it was added. So an engine never ranks more than it shows, a page deep in the list
//! costs what the first one does, and a role that is added meanwhile moves nobody.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;

use super::error::StoreError;

/// Totals are counted up to here.
pub const COUNTED: u64 = 10_000;
/// The most words of a search: each costs up to some milliseconds. A search with more fails.
pub const MAX_WORDS: usize = 16;
/// The ranks of a role that has all words of a search, the best first. Each has what the one above
/// it has not.
pub const TIERS: [Tier; 4] = [Tier::TitleIs, Tier::TitleHas, Tier::NamesHave, Tier::TextHas];

/// Where the words of a search stand in a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tier {
    /// They are the title, or one of the alternate titles.
    TitleIs,
    /// They all stand in the title.
    TitleHas,
    /// They all stand in the title, the alternate titles, the keywords, and the family.
    NamesHave,
    /// They all stand somewhere in the role.
    TextHas,
}

/// The order of what was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// By [`Tier`]; without words, by id.
    Relevance,
    /// By id.
    Id,
    /// By title (folded), then id.
    Title,
    /// The last changed first, then by id.
    Updated,
}

impl Sort {
    /// All orders.
    pub const ALL: [Self; 4] = [Self::Relevance, Self::Id, Self::Title, Self::Updated];

    /// The word in URLs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Relevance => "relevance",
            Self::Id => "id",
            Self::Title => "title",
            Self::Updated => "updated",
        }
    }
}

/// A place in a list, after which a page starts: the keys of the role before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Position {
    /// By relevance: a tier, and the role's number.
    Rank(Tier, i64),
    /// By id.
    Id(String),
    /// By folded title and id.
    Title(String, String),
    /// By moment (in milliseconds) and id.
    Updated(i64, String),
}

impl Position {
    /// Whether it is a place in a list of this order, where there are words. A search from a place of
    /// another order fails.
    pub fn is_of(&self, sort: Sort) -> bool {
        matches!(
            (self, sort),
            (Self::Rank(..), Sort::Relevance)
                | (Self::Id(_), Sort::Id)
                | (Self::Title(..), Sort::Title)
                | (Self::Updated(..), Sort::Updated)
        )
    }
}

/// What to look for. Everything that is given must hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Search {
    /// Folded words ([`super::index::words`]), each of which must be the beginning of a word of the role.
    pub words: Vec<String>,
    /// The job family, folded ([`super::index::fold`]).
    pub family: Option<String>,
    /// The id or the folded name of a skill.
    pub skill: Option<String>,
    /// A tag of a duty or skill.
    pub tag: Option<String>,
    /// Roles whose band reaches into this one.
    pub salary: Option<SalaryFilter>,
    /// Roles that were changed at this moment or later.
    pub updated_since: Option<Timestamp>,
    /// The order.
    pub sort: Sort,
    /// Where the page starts.
    pub after: Option<Position>,
    /// The most roles on the page.
    pub limit: usize,
}

impl Default for Search {
    fn default() -> Self {
        Self {
            words: Vec::new(),
            family: None,
            skill: None,
            tag: None,
            salary: None,
            updated_since: None,
            sort: Sort::Id,
            after: None,
            limit: 20,
        }
    }
}

/// A band to compare with. Bands in another currency or for another period never match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SalaryFilter {
    /// The least that the upper end must be, in ten-thousandths of a major unit.
    pub min: Option<i64>,
    /// The most that the lower end may be, in ten-thousandths of a major unit.
    pub max: Option<i64>,
    /// ISO 4217.
    pub currency: String,
    /// `hour`, `day`, `week`, `month`, or `year`.
    pub period: String,
}

/// A role that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// What a list shows of it, as compact JSON: [`super::index::RoleIndex::summary`].
    pub summary: Arc<str>,
    /// Its revision.
    pub revision: u32,
    /// When that was made.
    pub at: Timestamp,
}

/// How many were found on all pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Total {
    /// So many.
    Exactly(u64),
    /// So many at least: counting stopped at [`COUNTED`].
    AtLeast(u64),
}

/// A page of what was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The roles of this page, in order.
    pub hits: Vec<Hit>,
    /// How many there are on all pages.
    pub total: Total,
    /// Where the next page starts, if there is one.
    pub next: Option<Position>,
}

/// A skill of the catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SkillCount {
    /// The id that roles give it.
    pub id: String,
    /// The name that most roles give it; of those that as many do, the first in the order of bytes.
    pub name: String,
    /// How many roles have it.
    pub roles: u64,
}

/// Search over the roles that are not removed.
#[async_trait]
pub trait Finder {
    /// A page of the roles that a search finds.
    async fn find(&self, search: &Search) -> Result<Found, StoreError>;

    /// The skills of all roles, by id: those after `after`, at most `limit`; and how many there
    /// are in all. `words` narrows it to those whose name has words that begin so.
    async fn skills(
        &self,
        words: &[String],
        after: Option<&str>,
        limit: usize,
    ) -> Result<(super::Slice<SkillCount>, u64), StoreError>;
}

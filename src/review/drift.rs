//! The drift of a posting: what would change if it were composed anew.

mod facts;
mod order;
mod requirements;
mod sections;

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::passages::Part;
use crate::domain::posting::{SectionId, ShownSalary};
use crate::domain::{Posting, Vacancy};

/// What is different between two compositions of a posting: in their words, and in what they announce.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Drift {
    /// The title, if it is another.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub title: Option<TitleChange>,
    /// The pay that is shown, if it is other pay.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub salary: Option<SalaryChange>,
    /// Education, experience, and skills that are asked for.
    #[schema(max_items = 2000)]
    pub requirements: Vec<RequirementChange>,
    /// Everything else that is announced: employer, places, dates, how to apply …
    #[schema(max_items = 10_000)]
    pub facts: Vec<FactChange>,
    /// The words, section by section: what was removed from a section first, then the others in the order
    /// of the later posting.
    #[schema(max_items = 1_000_000)]
    pub sentences: Vec<SentenceChange>,
}

/// What happened to a part of a posting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = DriftKind)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// It is only in the later one.
    Added,
    /// It is only in the earlier one.
    Removed,
    /// It says something else, with at least half of the words.
    Altered,
    /// It says the same at another place of its section; of a heading: its section stands elsewhere.
    Moved,
}

/// Another title.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TitleChange {
    /// The earlier one.
    pub before: String,
    /// The later one.
    pub after: String,
}

/// Other pay.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SalaryChange {
    /// The pay that the earlier one shows, if it shows any.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub before: Option<ShownSalary>,
    /// The pay that the later one shows, if it shows any.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub after: Option<ShownSalary>,
}

/// What a requirement is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Requirement {
    /// A degree or certificate, a field of study, or whether experience counts instead.
    Education,
    /// Years and kind of experience.
    Experience,
    /// A skill.
    Skill,
}

/// Another requirement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RequirementChange {
    /// What it is about.
    pub requirement: Requirement,
    /// What happened to it; never `moved`.
    pub kind: ChangeKind,
    /// A JSON Pointer (RFC 6901) into the later vacancy; for what was removed, into the earlier one.
    #[schema(max_length = 200, example = "/experience/minimum_years")]
    pub pointer: String,
    /// What was asked for before, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_length = 4000)]
    pub before: Option<String>,
    /// What is asked for after, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_length = 4000)]
    pub after: Option<String>,
}

/// Another fact.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FactChange {
    /// A JSON Pointer (RFC 6901) into the later vacancy; for what was removed, into the earlier one.
    #[schema(max_length = 200, example = "/valid_through")]
    pub pointer: String,
    /// The earlier value, as the vacancy has it, if there was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, value_type = Value)]
    pub before: Option<Value>,
    /// The later value, as the vacancy has it, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, value_type = Value)]
    pub after: Option<Value>,
}

/// Other words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SentenceChange {
    /// What happened.
    pub kind: ChangeKind,
    /// The section.
    pub section: SectionId,
    /// The heading of the section, in the later posting if it is there.
    #[schema(max_length = 4000)]
    pub heading: String,
    /// What of the section it is.
    pub part: Part,
    /// The earlier words.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub before: Option<String>,
    /// The later words.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub after: Option<String>,
}

/// What `after` says and announces that `before` does not, and the reverse; each posting with its vacancy.
///
/// Sections are compared with those of the same kind, locked sections with those of the same heading.
/// Sentences and items are the same if they have the same words; one that was removed and one that was
/// added are one that was altered if at least half of the words of both are the same, without case and
/// punctuation. The time is bounded by the number of words. Revisions, provenance, notes, and the choice
/// of tone, length, and locale are no drift by themselves.
pub fn drift(before: (&Posting<'_>, &Vacancy), after: (&Posting<'_>, &Vacancy)) -> Drift {
    let ((old, from), (new, to)) = (before, after);
    let title = TitleChange { before: old.title.to_string(), after: new.title.to_string() };
    let salary = SalaryChange { before: from.salary.clone(), after: to.salary.clone() };
    Drift {
        title: Some(title).filter(|title| title.before != title.after),
        salary: Some(salary).filter(|salary| salary.before != salary.after),
        requirements: requirements::changes(from, to),
        facts: facts::changes(from, to),
        sentences: sections::changes(old, new),
    }
}

impl Drift {
    /// Whether nothing would change.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

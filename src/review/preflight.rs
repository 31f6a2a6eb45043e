//! Preflight: the rules of boards over a posting that is to be sent to them.
//!
//! One file a board, each rule a row of its table: what it asks for, how severe it is, who says so, and the
//! check. To add a rule: a row, and its tests in `tests/review/`. To add a board: a variant of [`Target`],
//! a file with its table, and an arm of [`Target::rules`].

mod case;
mod description;
mod google;
mod indeed;
mod linkedin;
mod places;
mod title;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::patch::PatchOperation;
use crate::domain::{Posting, PostingOptions, Vacancy};
use case::{Case, Flaw};

/// A search engine or job board that postings are sent to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// Google's job search, which reads the JSON-LD of public pages.
    Google,
    /// Indeed, which reads its XML feed.
    Indeed,
    /// LinkedIn, which reads its XML feed.
    Linkedin,
}

impl Target {
    /// All targets.
    pub const ALL: [Self; 3] = [Self::Google, Self::Indeed, Self::Linkedin];

    /// The value in JSON and in queries.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Google => "google",
            Self::Indeed => "indeed",
            Self::Linkedin => "linkedin",
        }
    }

    fn rules(self) -> &'static [Rule] {
        match self {
            Self::Google => google::RULES,
            Self::Indeed => indeed::RULES,
            Self::Linkedin => linkedin::RULES,
        }
    }
}

/// How much a finding matters to the board.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The board refuses the posting, or does not list it.
    Error,
    /// The board lists it lower, or not everywhere.
    Warning,
    /// The board would show more of it.
    Info,
}

impl Severity {
    /// All severities, the gravest first.
    pub const ALL: [Self; 3] = [Self::Error, Self::Warning, Self::Info];

    /// The value in JSON and in queries.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Info => "info",
        }
    }
}

/// A posting that is to be sent to boards.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// Its words.
    pub posting: &'a Posting<'a>,
    /// What it announces.
    pub vacancy: &'a Vacancy,
    /// The options that hold: its own over the employer's defaults, with the employer's profile.
    pub options: &'a PostingOptions,
    /// The options that its document has. They decide where patches and pointers lead.
    pub own_options: &'a PostingOptions,
    /// The address of its public page, if it has one.
    pub url: Option<&'a str>,
}

/// A rule of a board.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Names the rule: the board, and what is wrong where it is broken.
    #[schema(value_type = String, max_length = 100, example = "google/missing-country")]
    pub id: &'static str,
    /// Whose rule it is.
    pub target: Target,
    /// How much it matters.
    pub severity: Severity,
    /// What it asks for.
    #[schema(value_type = String, max_length = 1000)]
    pub summary: &'static str,
    /// Where the board says so.
    #[schema(value_type = String, max_length = 1000)]
    pub source: &'static str,
    #[serde(skip)]
    #[schema(ignore)]
    check: Check,
}

/// Finds what breaks a rule.
type Check = fn(&Case<'_>) -> Vec<Flaw>;

/// What a board would say of a posting.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PreflightFinding {
    /// The board.
    pub target: Target,
    /// The rule that is broken.
    #[schema(value_type = String, max_length = 100, example = "google/missing-country")]
    pub rule: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// Where: a JSON Pointer (RFC 6901) into the posting document. What the employer's defaults or its profile
    /// bring is at `/employer_id`, what the role brings is at `/role_id`; empty, if it is no field's.
    #[schema(max_length = 200, example = "/options/locations/0/country")]
    pub pointer: String,
    /// What is wrong, in a sentence.
    #[schema(max_length = 5000)]
    pub detail: String,
    /// Where the board says so.
    #[schema(value_type = String, max_length = 1000)]
    pub source: &'static str,
    /// A JSON Patch (RFC 6902) of the posting document that mends it, where one exists.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_items = 10, value_type = Option<Vec<PatchOperation>>)]
    pub patch: Option<json_patch::Patch>,
}

/// What a board would say of a posting, in the order of its rules. Days are not compared with today: a
/// posting that is over is a matter for the caller.
pub fn preflight(target: Target, subject: &Subject<'_>) -> Vec<PreflightFinding> {
    let case = Case::of(*subject);
    let findings = |rule: &'static Rule| {
        (rule.check)(&case).into_iter().map(|flaw| PreflightFinding {
            target,
            rule: rule.id,
            severity: rule.severity,
            pointer: flaw.pointer,
            detail: flaw.detail,
            source: rule.source,
            patch: flaw.patch,
        })
    };
    target.rules().iter().flat_map(findings).collect()
}

/// Every rule, board by board.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    Target::ALL.into_iter().flat_map(|target| target.rules())
}

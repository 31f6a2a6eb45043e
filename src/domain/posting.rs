//! The posting: a role composed with options, as sections and blocks without a format.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::options::Length;
use super::salary::Salary;

/// A part of a posting, in the order of a posting without emphasis.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SectionId {
    /// What the job is.
    Opening,
    /// Who hires.
    Employer,
    /// What the person does.
    Responsibilities,
    /// What the person knows and can do.
    Skills,
    /// Education and experience.
    Qualifications,
    /// Where people come from and go to.
    Career,
    /// Pay and benefits.
    Pay,
    /// Place, hours, and start.
    Arrangement,
    /// How to apply.
    Apply,
    /// A section of the employer's own. There may be several of them, at other places too.
    Locked,
    /// Statements of the employer and of the law.
    Statements,
}

impl SectionId {
    /// All sections, in the order of a posting without emphasis.
    pub const ALL: [Self; 11] = [
        Self::Opening,
        Self::Employer,
        Self::Responsibilities,
        Self::Skills,
        Self::Qualifications,
        Self::Career,
        Self::Pay,
        Self::Arrangement,
        Self::Apply,
        Self::Locked,
        Self::Statements,
    ];

    /// The value in JSON, and the word in class names.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Opening => "opening",
            Self::Employer => "employer",
            Self::Responsibilities => "responsibilities",
            Self::Skills => "skills",
            Self::Qualifications => "qualifications",
            Self::Career => "career",
            Self::Pay => "pay",
            Self::Arrangement => "arrangement",
            Self::Apply => "apply",
            Self::Locked => "locked",
            Self::Statements => "statements",
        }
    }
}

/// A job posting, without a format. As `Posting<'static>` it can be kept, and read back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Posting<'a> {
    /// The role that was composed.
    pub role: RoleReference<'a>,
    /// The kept employer whose posting it is, if the options name one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, value_type = Option<EmployerReference>)]
    pub employer: Option<EmployerReference<'a>>,
    /// The title of the posting.
    #[schema(value_type = String)]
    pub title: Cow<'a, str>,
    /// The tone of its words.
    #[schema(value_type = String)]
    pub tone: Cow<'a, str>,
    /// The revision of the tone, if it is the employer's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, minimum = 1)]
    pub tone_revision: Option<u32>,
    /// Its length.
    pub length: Length,
    /// The locale of its numbers, dates, and money.
    #[schema(value_type = String, example = "en-US")]
    pub locale: Cow<'a, str>,
    /// The language of its words (BCP 47).
    #[schema(value_type = String, example = "en-US")]
    pub language: Cow<'a, str>,
    /// The pay that it shows, if it shows any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub salary: Option<ShownSalary>,
    /// Its words. The title stands above them.
    pub sections: Vec<Section<'a>>,
    /// What of the role was left out, and why.
    pub omitted: Vec<Omitted<'a>>,
    /// What the caller should know of how wishes were met.
    pub notes: Vec<Note>,
    /// Words of the body: all blocks but headings, statements, and the employer's locked sections.
    #[schema(minimum = 0)]
    pub words: u32,
}

/// Names a role and its revision.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RoleReference<'a> {
    /// The role's id.
    #[schema(value_type = String, example = "tech-manager")]
    pub id: Cow<'a, str>,
    /// The role's own title.
    #[schema(value_type = String, example = "Tech Manager")]
    pub title: Cow<'a, str>,
    /// The revision, or nothing when the role came with the request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, minimum = 1)]
    pub revision: Option<u32>,
}

/// Names a kept employer and its revision.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EmployerReference<'a> {
    /// The employer's id.
    #[schema(value_type = String, example = "acme")]
    pub id: Cow<'a, str>,
    /// The revision that the posting is made with.
    #[schema(minimum = 1)]
    pub revision: u32,
}

/// The pay that a posting shows, as data and in words.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShownSalary {
    /// The range.
    pub range: Salary,
    /// The range in words, for the posting's locale.
    #[schema(example = "$140,000 – $220,000 a year")]
    pub text: String,
}

/// A part of a posting.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Section<'a> {
    /// Which part.
    pub id: SectionId,
    /// Its heading.
    #[schema(value_type = String)]
    pub heading: Cow<'a, str>,
    /// Its content, in reading order.
    pub blocks: Vec<Block<'a>>,
}

/// The shape of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum BlockKind {
    /// `text` is a paragraph.
    Paragraph,
    /// `text` leads in to the list that follows.
    LeadIn,
    /// `items` are a bulleted list.
    List,
    /// `text` is a label, and `items` follow it on the same line.
    InlineList,
    /// `items` are facts, each with a label.
    Facts,
    /// `text` is the label of a link to `href`.
    Link,
}

/// A paragraph, a list, or a link.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Block<'a> {
    /// The block's shape.
    pub kind: BlockKind,
    /// The words, or the label.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, value_type = Option<Passage>)]
    pub text: Option<Passage<'a>>,
    /// The address of a link: `https:`, `http:`, or `mailto:`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, value_type = Option<String>)]
    pub href: Option<Cow<'a, str>>,
    /// The items of a list.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(nullable = false, value_type = Option<Vec<Item>>)]
    pub items: Vec<Item<'a>>,
}

/// Words, and where they come from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Passage<'a> {
    /// The words.
    #[schema(value_type = String)]
    pub words: Cow<'a, str>,
    /// Where they come from: the block of the tone first, then what it was filled with.
    #[schema(min_items = 1)]
    pub sources: Vec<Source<'a>>,
    /// How many words they are, where that is known beforehand.
    #[serde(skip)]
    pub count: Option<u32>,
    /// Which ready bytes say the same.
    #[serde(skip)]
    pub kept: Option<u32>,
}

/// One item of a list, and where it comes from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Item<'a> {
    /// What the fact is, in a list of facts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, value_type = Option<String>, example = "Location")]
    pub label: Option<Cow<'a, str>>,
    /// The words.
    #[schema(value_type = String)]
    pub words: Cow<'a, str>,
    /// Where they come from.
    pub source: Source<'a>,
    /// How many words they are, where that is known beforehand.
    #[serde(skip)]
    pub count: Option<u32>,
    /// Which ready bytes say the same.
    #[serde(skip)]
    pub kept: Option<u32>,
}

/// Whose words a passage has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// The role's, at `pointer`.
    Role,
    /// The options', at `pointer`.
    Options,
    /// The tone's: `block` of `template`. Of an employer's own tone, `template` is its id, and
    /// `block` the name of the phrase.
    Tone,
}

/// Where words come from: a JSON Pointer into the role or the options, or a block of a tone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Source<'a> {
    /// Whose words.
    pub origin: Origin,
    /// A JSON Pointer (RFC 6901) into the role or the options.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, value_type = Option<String>, example = "/responsibilities/primary/0")]
    pub pointer: Option<Cow<'a, str>>,
    /// The template of the tone, or the id of an employer's own tone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, value_type = Option<String>, example = "tones/friendly.j2")]
    pub template: Option<Cow<'a, str>>,
    /// The block in it, or the name of the own tone's phrase.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, value_type = Option<String>, example = "opening")]
    pub block: Option<Cow<'a, str>>,
}

impl<'a> Source<'a> {
    /// Words of the role.
    pub fn role(pointer: impl Into<Cow<'a, str>>) -> Self {
        Self { origin: Origin::Role, pointer: Some(pointer.into()), template: None, block: None }
    }

    /// Words of the options.
    pub fn options(pointer: impl Into<Cow<'a, str>>) -> Self {
        Self { origin: Origin::Options, pointer: Some(pointer.into()), template: None, block: None }
    }

    /// Words of a tone.
    pub fn tone(template: &'a str, block: &'static str) -> Self {
        let template = Some(Cow::Borrowed(template));
        Self { origin: Origin::Tone, pointer: None, template, block: Some(block.into()) }
    }
}

/// Why a part of the role is not in a posting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OmittedBecause {
    /// It did not fit the length.
    Length,
    /// The tone shows no more items of its kind.
    Tone,
    /// The options turned it off or put something else in its place.
    Options,
}

/// A part of the role that is not in the posting.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Omitted<'a> {
    /// A JSON Pointer (RFC 6901) into the role.
    #[schema(value_type = String, example = "/responsibilities/primary/12")]
    pub pointer: Cow<'a, str>,
    /// The item's id, if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, value_type = Option<String>, example = "emerging-technology")]
    pub id: Option<Cow<'a, str>>,
    /// Why it was left out.
    pub because: OmittedBecause,
}

/// What kind of note it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum NoteCode {
    /// The range goes beyond the role's band.
    SalaryOutsideBand,
    /// The range is in another currency or for another period than the role's band.
    SalaryNotComparable,
    /// The posting has more words than its length allows.
    LengthExceeded,
    /// The posting has fewer words than its length aims at.
    LengthMissed,
    /// More duties are shown than the tone asks for.
    BulletsExceeded,
    /// Fewer than half of the duties shown carry an emphasised dimension: the role has no more.
    EmphasisSparse,
}

/// What the caller should know of how a wish was met.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Note {
    /// What kind of note.
    pub code: NoteCode,
    /// The note in words.
    pub detail: String,
    /// A JSON Pointer (RFC 6901) into the options, where the wish stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, value_type = Option<String>, example = "/salary")]
    pub pointer: Option<Cow<'static, str>>,
}

//! An employer's own tone: a tone that there is, with some of its phrases in other words.
//!
//! It is data, not a template. What a phrase may say, and what it becomes, is known to the
//! renderer; here is its shape.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::slug::Slug;
use super::text::{self, Text, TextError};
use super::violation::Report;

/// The most characters of a phrase.
pub const MAX_PHRASE_CHARS: usize = 300;

/// An employer's own tone: the tone that it builds on, and what it says in other words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OwnTone {
    /// Identifies the tone among those of its employer, in `tone` of posting options; no tone that
    /// comes with the program has it.
    #[schema(example = "acme-voice")]
    pub id: Slug,
    /// What people call it.
    #[schema(example = "Acme's voice")]
    pub name: Text,
    /// What it is for, in a sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "As we speak to engineers.")]
    pub description: Option<Text>,
    /// The tone that it builds on; see `GET /api/v1/tones`.
    #[schema(example = "friendly")]
    pub base: Slug,
    /// The parts of a duty that it says, always in their own order: `action`, or `plain` in its
    /// place, and then `detail` and `outcome`. Default: those of the tone that it builds on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, min_items = 1, max_items = 3, example = json!(["action", "detail"]))]
    pub duty: Option<Vec<DutyPart>>,
    /// What it says in other words.
    #[serde(default, skip_serializing_if = "Phrases::is_empty")]
    #[schema(nullable = false, value_type = Option<Phrases>)]
    pub phrases: Phrases,
}

/// A part of a duty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DutyPart {
    /// What the person does.
    Action,
    /// The plainer wording of the action, where the duty has one.
    Plain,
    /// Means or scope.
    Detail,
    /// Purpose.
    Outcome,
}

impl DutyPart {
    /// The value in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Action => "action",
            Self::Plain => "plain",
            Self::Detail => "detail",
            Self::Outcome => "outcome",
        }
    }
}

/// Words with placeholders: one line of 1 to 300 characters.
///
/// A placeholder is a name in braces. Every phrase may use `{title}`, `{a_title}` (with its article:
/// `an Engineer`), `{A_title}` (`An Engineer`), `{employer}`, `{employer's}`, and `{location}` (the
/// first place of the posting); some phrases have more. A brace is written twice: `{{` and `}}`.
/// Nothing else has a meaning. Where a placeholder of a phrase has no value in a posting, the phrase
/// of the tone that it builds on is said.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String")]
#[schema(
    value_type = String,
    min_length = 1,
    max_length = 300,
    pattern = r"^[^\x00-\x1F\x7F-\x9F\u2028-\u202E\u2066-\u2069\uFDD0-\uFDEF\uFFFE\uFFFF]*[^\s\x00-\x1F\x7F-\x9F\u2028-\u202E\u2066-\u2069\uFDD0-\uFDEF\uFFFE\uFFFF][^\x00-\x1F\x7F-\x9F\u2028-\u202E\u2066-\u2069\uFDD0-\uFDEF\uFFFE\uFFFF]*$",
    example = "At {employer}, we are looking for {a_title} to {mission}."
)]
pub struct PhraseText(String);

impl PhraseText {
    /// The text as it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for PhraseText {
    type Error = TextError;
    fn try_from(text: String) -> Result<Self, TextError> {
        text::check(&text, MAX_PHRASE_CHARS, |_| false)?;
        Ok(Self(text))
    }
}

/// Declares a set of phrases, and a way to walk it.
macro_rules! phrases {
    ($(#[$of_set:meta])* $set:ident { $($(#[doc = $doc:literal])+ $phrase:ident,)+ } $(+ $more:ident: $type:ty)?) => {
        $(#[$of_set])*
        #[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
        #[serde(deny_unknown_fields)]
        pub struct $set {
            $(
                /// The headings of the sections.
                #[serde(default, skip_serializing_if = "Headings::is_empty")]
                #[schema(nullable = false, value_type = Option<$type>)]
                pub $more: $type,
            )?
            $(
                $(#[doc = $doc])+
                #[serde(default, skip_serializing_if = "Option::is_none")]
                #[schema(nullable = false)]
                pub $phrase: Option<PhraseText>,
            )+
        }

        impl $set {
            fn own(&self) -> impl Iterator<Item = (&'static str, &PhraseText)> {
                let all = [$((stringify!($phrase), self.$phrase.as_ref())),+];
                all.into_iter().filter_map(|(name, text)| Some((name, text?)))
            }

            fn is_empty(&self) -> bool {
                *self == Self::default()
            }
        }
    };
}

phrases! {
    /// The headings of the sections. An employer's locked sections bring their own.
    Headings {
        /// Above the opening.
        opening,
        /// Above what the employer says of itself.
        employer,
        /// Above the duties.
        responsibilities,
        /// Above the skills.
        skills,
        /// Above education and experience.
        qualifications,
        /// Above where people come from and go to.
        career,
        /// Above pay and benefits, whichever of them a posting has.
        pay,
        /// Above place, hours, and start.
        arrangement,
        /// Above how to apply.
        apply,
        /// Above the statements.
        statements,
    }
}

phrases! {
    /// The phrases that an own tone says in its own words. The statements that laws ask for are the
    /// same in every tone.
    Phrases {
        /// The first sentence. Also: `{mission}`, and `{Mission}` with a capital.
        opening,
        /// Names the task of the first emphasis; must have `{task}`, or `{Task}` with a capital.
        emphasis,
        /// Names the task of the second; must have `{task}` or `{Task}`.
        emphasis_next,
        /// Names the task of the third; must have `{task}` or `{Task}`.
        emphasis_last,
        /// Names the next step, with emphasis on growth; must have `{step}`, or `{a_step}` with its article.
        emphasis_growth,
        /// Names the workplace, with emphasis on flexibility; must have `{workplace}` (`hybrid`, `remote`),
        /// or `{Workplace}` with a capital.
        emphasis_flexibility,
        /// Leads in to the duties. Each starts with a verb: "lead a team".
        lead_duties,
        /// Leads in to the required professional skills.
        lead_hard_skills,
        /// Leads in to the required personal skills.
        lead_soft_skills,
        /// Leads in to the skills that are nice to have.
        lead_other_skills,
        /// Leads in to the education and experience that are required.
        lead_required,
        /// Leads in to those that are nice to have.
        lead_preferred,
        /// Says that experience counts as much as a degree.
        equivalent,
        /// Leads in to the jobs that people come from.
        lead_entry,
        /// Leads in to the jobs that people are promoted to.
        lead_advances,
        /// Leads in to the jobs that people move across to.
        lead_lateral,
        /// Leads in to the employer's values.
        lead_values,
        /// The label of the link to the employer's site.
        website,
        /// Says the pay; must have `{pay}`. A note on it follows the amount, or stands where `{note}` does.
        pay,
        /// Names other compensation; must have `{items}`, or `{Items}` with a capital.
        other_compensation,
        /// Leads in to the benefits.
        lead_benefits,
        /// The closing. Said where a posting names no last day for applications; if it has `{date}`, where it
        /// names one.
        apply,
        /// The closing where a posting names a last day for applications; must have `{date}`.
        apply_by,
        /// The label of the link to apply at.
        apply_link,
        /// Names the address to send an application to; must have `{email}`.
        apply_email,
        /// Names the address for questions; must have `{email}`.
        contact,
    } + headings: Headings
}

impl Phrases {
    /// The phrases that are there: the set that each stands in, if it is not this one, its name there, and its text.
    pub fn all(&self) -> impl Iterator<Item = (Option<&'static str>, &'static str, &PhraseText)> {
        let headings = self.headings.own().map(|(name, text)| (Some("headings"), name, text));
        headings.chain(self.own().map(|(name, text)| (None, name, text)))
    }
}

impl OwnTone {
    /// The rules that the schema cannot state and that take no renderer.
    pub(super) fn check(&self, report: &mut Report) {
        let Some(parts) = &self.duty else { return };
        report.within("duty", |r| {
            for (index, part) in parts.iter().enumerate() {
                if parts.iter().take(index).any(|other| other == part) {
                    r.add_at(index, format!("`{}` stands here twice", part.as_str()));
                }
            }
            if parts.contains(&DutyPart::Action) == parts.contains(&DutyPart::Plain) {
                r.add("must have either `action`, or `plain` in its place");
            }
        });
    }
}

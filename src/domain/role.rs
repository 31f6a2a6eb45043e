//! The role: the company-neutral definition of a job.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::salary::Salary;
use super::slug::Slug;
use super::text::Text;
use super::violation::Report;

/// The most items that any list may have.
pub const MAX_ITEMS: usize = 200;
/// The most words of a mission.
pub const MAX_MISSION_WORDS: usize = 20;

/// The company-neutral definition of a job, as structured data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Role {
    /// Identifies the role in URLs.
    pub id: Slug,
    /// The job title.
    #[schema(example = "Tech Manager")]
    pub title: Text,
    /// Other titles that the same job goes by.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 200, nullable = false, value_type = Option<Vec<Text>>)]
    pub alternate_titles: Vec<Text>,
    /// The job family.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "Technology")]
    pub family: Option<Text>,
    /// Words to find the role by.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 200, nullable = false, value_type = Option<Vec<Text>>)]
    pub keywords: Vec<Text>,
    /// The job's codes in published classifications.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 200, nullable = false, value_type = Option<Vec<Occupation>>)]
    pub occupations: Vec<Occupation>,
    /// What the job is, in a few sentences; not written as a vacancy.
    pub summary: Text,
    /// What the job is for: a verb phrase in the base form, of at most 20 words, that reads after
    /// "We are hiring a Tech Manager to".
    pub mission: Text,
    /// The pay band.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub salary: Option<Salary>,
    /// Where people come from and where they can go.
    #[serde(default, skip_serializing_if = "Career::is_empty")]
    #[schema(nullable = false, value_type = Option<Career>)]
    pub career: Career,
    /// What the person does.
    pub responsibilities: Responsibilities,
    /// What the person knows and can do.
    #[serde(default, skip_serializing_if = "Skills::is_empty")]
    #[schema(nullable = false, value_type = Option<Skills>)]
    pub skills: Skills,
    /// Degrees, certificates and fields of study.
    #[serde(default, skip_serializing_if = "Education::is_empty")]
    #[schema(nullable = false, value_type = Option<Education>)]
    pub education: Education,
    /// What the person has done before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub experience: Option<Experience>,
}

/// A code of the job in a published classification.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Occupation {
    /// The classification: `onet-soc`, `isco-08`, `esco` …
    #[schema(example = "onet-soc")]
    pub scheme: Slug,
    /// The code in it.
    #[schema(example = "11-3021.00")]
    pub code: Text,
    /// The classification's name for the code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub name: Option<Text>,
}

/// Where people come from and where they can go.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Career {
    /// Jobs that people commonly come from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 200, nullable = false, value_type = Option<Vec<Text>>)]
    pub entry_from: Vec<Text>,
    /// Jobs that people are promoted to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 200, nullable = false, value_type = Option<Vec<Text>>)]
    pub advances_to: Vec<Text>,
    /// Jobs that people move to on the same level.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 200, nullable = false, value_type = Option<Vec<Text>>)]
    pub lateral_moves: Vec<Text>,
}

impl Career {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// What the person does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Responsibilities {
    /// The main duties, in their own order.
    #[schema(min_items = 1, max_items = 200)]
    pub primary: Vec<Duty>,
    /// What the person does beside them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 200, nullable = false, value_type = Option<Vec<Duty>>)]
    pub secondary: Vec<Duty>,
}

/// One thing that the person does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Duty {
    /// Unique among the role's duties and skills.
    #[schema(example = "people-growth")]
    pub id: Slug,
    /// A verb phrase in the base form that reads after "You will" and alone.
    pub action: Text,
    /// Means or scope; follows `action` with a space, or with its own leading comma.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub detail: Option<Text>,
    /// Purpose; follows `action` or `detail` likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub outcome: Option<Text>,
    /// A plainer wording.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub plain: Option<Plain>,
    /// The emphasis dimensions that the duty serves, the strongest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 200, nullable = false, value_type = Option<Vec<Slug>>)]
    pub tags: Vec<Slug>,
    /// Whether the duty is an essential function of the job: it is never selected away.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[schema(nullable = false, value_type = Option<bool>)]
    pub essential: bool,
}

/// A plainer wording of a duty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Plain {
    /// Replaces the whole `action`.
    pub action: Text,
}

/// What the person knows and can do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Skills {
    /// Technical skills.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 200, nullable = false, value_type = Option<Vec<Skill>>)]
    pub hard: Vec<Skill>,
    /// Skills in dealing with people and work.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 200, nullable = false, value_type = Option<Vec<Skill>>)]
    pub soft: Vec<Skill>,
}

impl Skills {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// One skill.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Skill {
    /// Unique among the role's duties and skills.
    #[schema(example = "sdlc")]
    pub id: Slug,
    /// The skill's name.
    #[schema(example = "Conflict Resolution")]
    pub name: Text,
    /// What is asked; reads after the name and a colon.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub description: Option<Text>,
    /// The emphasis dimensions that the skill serves, the strongest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 200, nullable = false, value_type = Option<Vec<Slug>>)]
    pub tags: Vec<Slug>,
    /// Whether the skill is a must; the others are nice to have.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[schema(nullable = false, value_type = Option<bool>)]
    pub required: bool,
}

/// Degrees, certificates and fields of study.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Education {
    /// What is a must.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 200, nullable = false, value_type = Option<Vec<Credential>>)]
    pub minimum: Vec<Credential>,
    /// What is nice to have.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 200, nullable = false, value_type = Option<Vec<Credential>>)]
    pub preferred: Vec<Credential>,
    /// The fields that a degree may be in.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 200, nullable = false, value_type = Option<Vec<Text>>)]
    pub fields_of_study: Vec<Text>,
    /// Whether equivalent experience is as good as the degree.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[schema(nullable = false, value_type = Option<bool>)]
    pub experience_accepted_instead: bool,
}

impl Education {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// A degree or certificate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Credential {
    /// Its level.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub level: Option<Level>,
    /// The credential in words: a noun phrase.
    #[schema(example = "Bachelor's degree in a technical discipline")]
    pub text: Text,
}

/// The level of a credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// End of secondary school.
    HighSchool,
    /// Associate degree.
    Associate,
    /// Bachelor's degree.
    Bachelor,
    /// Master's degree.
    Master,
    /// Doctorate.
    Doctorate,
    /// Professional certificate.
    Certificate,
}

/// What the person has done before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Experience {
    /// Years of the experience in `summary` that are a must.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, minimum = 1, maximum = 60)]
    pub minimum_years: Option<u8>,
    /// Years of them in a formal leadership role.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, minimum = 1, maximum = 60)]
    pub leadership_years: Option<u8>,
    /// The experience: a noun phrase that reads after "8 years of".
    pub summary: Text,
    /// Experience that is nice to have, each a noun phrase.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 200, nullable = false, value_type = Option<Vec<Text>>)]
    pub preferred: Vec<Text>,
}

impl Role {
    /// All duties, the primary ones first.
    pub fn duties(&self) -> impl Iterator<Item = &Duty> {
        self.responsibilities.primary.iter().chain(&self.responsibilities.secondary)
    }

    /// All skills, the hard ones first.
    pub fn all_skills(&self) -> impl Iterator<Item = &Skill> {
        self.skills.hard.iter().chain(&self.skills.soft)
    }

    /// The tags of all duties and skills, each once, in order of appearance.
    pub fn tags(&self) -> Vec<&Slug> {
        let mut seen = HashSet::new();
        let duties = self.duties().flat_map(|duty| &duty.tags);
        duties.chain(self.all_skills().flat_map(|skill| &skill.tags)).filter(|t| seen.insert(*t)).collect()
    }

    /// The rules that the schema cannot state.
    pub(crate) fn check(&self, report: &mut Report) {
        if self.mission.as_str().split_whitespace().count() > MAX_MISSION_WORDS {
            report.add_at("mission", format!("must have at most {MAX_MISSION_WORDS} words"));
        }
        if let Some(salary) = &self.salary {
            report.within("salary", |r| salary.check(r));
        }
        if let Some(experience) = &self.experience {
            report.within("experience", |r| experience.check(r));
        }
        let mut seen = HashSet::new();
        report.within("responsibilities", |r| {
            unique("primary", self.responsibilities.primary.iter().map(|d| (&d.id, &d.tags)), &mut seen, r);
            unique(
                "secondary",
                self.responsibilities.secondary.iter().map(|d| (&d.id, &d.tags)),
                &mut seen,
                r,
            );
        });
        report.within("skills", |r| {
            unique("hard", self.skills.hard.iter().map(|s| (&s.id, &s.tags)), &mut seen, r);
            unique("soft", self.skills.soft.iter().map(|s| (&s.id, &s.tags)), &mut seen, r);
        });
    }
}

impl Experience {
    fn check(&self, report: &mut Report) {
        if let (Some(all), Some(leading)) = (self.minimum_years, self.leadership_years)
            && leading > all
        {
            report.add_at("leadership_years", format!("is above minimum_years ({leading} > {all})"));
        }
    }
}

fn unique<'r>(
    list: &str,
    items: impl Iterator<Item = (&'r Slug, &'r Vec<Slug>)>,
    seen: &mut HashSet<&'r Slug>,
    report: &mut Report,
) {
    report.within(list, |r| {
        for (index, (id, tags)) in items.enumerate() {
            r.within(index, |r| {
                if !seen.insert(id) {
                    r.add_at("id", format!("`{id}` is the id of another item already"));
                }
                let mut own = HashSet::new();
                for (n, tag) in tags.iter().enumerate().filter(|(_, tag)| !own.insert(*tag)) {
                    r.within("tags", |r| r.add_at(n, format!("`{tag}` stands here twice")));
                }
            });
        }
    });
}

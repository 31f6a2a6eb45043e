//! Posting options: how a role is to be posted.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::date::Date;
use super::employer::{Email, Employer, Url};
use super::list::OptionalList;
use super::place::{Area, Location};
use super::posting::SectionId;
use super::role::Role;
use super::salary::{Amount, Currency, Period, Salary};
use super::slug::Slug;
use super::text::{Prose, Text};
use super::violation::Report;

/// How a role is to be posted. Every field is optional.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PostingOptions {
    /// Another title for this posting.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub title: Option<Text>,
    /// The words around the facts; see `GET /api/v1/tones`. With a kept employer also one of its own. Default `neutral`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "friendly")]
    pub tone: Option<Slug>,
    /// How long the posting may be. Default `standard`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub length: Option<Length>,
    /// How numbers, dates, and money are written; see `GET /api/v1/locales`. Default `en-US`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub locale: Option<LocaleTag>,
    /// The level of the posting's first heading. Default 2 in `html`, 1 in `markdown`; a `page` starts at 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, minimum = 1, maximum = 5)]
    pub heading_level: Option<u8>,
    /// Sections to leave out (`false`), or to keep where the length would drop them (`true`).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schema(nullable = false, value_type = Option<SectionSwitches>)]
    pub sections: BTreeMap<SectionId, bool>,
    /// What the posting puts first; of equal weights, the first one leads. See `GET /api/v1/emphases`.
    #[serde(default, skip_serializing_if = "OptionalList::is_left_out")]
    #[schema(max_items = 10, nullable = false, value_type = Option<Vec<Emphasis>>)]
    pub emphasis: OptionalList<Emphasis>,
    /// Pay. Default: the role's own band, shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub salary: Option<SalaryOptions>,
    /// Bonus, equity, commission and the like, one an entry.
    #[serde(default, skip_serializing_if = "OptionalList::is_left_out")]
    #[schema(max_items = 200, nullable = false, value_type = Option<Vec<Text>>)]
    pub other_compensation: OptionalList<Text>,
    /// Who hires; or `employer_id`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub employer: Option<Employer>,
    /// The id of a kept employer who hires. Its defaults hold for what these options leave out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "acme")]
    pub employer_id: Option<Slug>,
    /// The department that hires.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "Engineering")]
    pub department: Option<Text>,
    /// The team that hires.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "Payments")]
    pub team: Option<Text>,
    /// The employer's own number for the opening.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "ENG-42")]
    pub requisition_id: Option<Text>,
    /// How many people are to be hired.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, minimum = 1, maximum = 10_000)]
    pub openings: Option<u16>,
    /// Where the work is done.
    #[serde(default, skip_serializing_if = "OptionalList::is_left_out")]
    #[schema(max_items = 200, nullable = false, value_type = Option<Vec<Location>>)]
    pub locations: OptionalList<Location>,
    /// Where a remote worker may be.
    #[serde(default, skip_serializing_if = "OptionalList::is_left_out")]
    #[schema(max_items = 200, nullable = false, value_type = Option<Vec<Area>>)]
    pub remote_within: OptionalList<Area>,
    /// Where the person's manager is. For pay laws; never printed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub reports_to_location: Option<Area>,
    /// Kind of employment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub employment_type: Option<EmploymentType>,
    /// Hours of work a week.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, minimum = 1, maximum = 168)]
    pub hours_per_week: Option<u8>,
    /// First day of work.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub start: Option<Date>,
    /// First day on which the posting is public.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub date_posted: Option<Date>,
    /// Last day for applications.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub valid_through: Option<Date>,
    /// How to apply.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub apply: Option<Apply>,
    /// Whom to ask about the posting.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub contact_email: Option<Email>,
    /// Whether the posting is for a position that is vacant now (Ontario asks for it).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub existing_vacancy: Option<bool>,
    /// Whether artificial intelligence screens, assesses, or selects applicants.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub ai_screening: Option<bool>,
    /// Whether the employer is a US federal contractor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub federal_contractor: Option<bool>,
    /// Whether driving is a function of the job. For the review; never printed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub driving_is_function: Option<bool>,
}

/// Which sections to leave out or to keep. Only documents the shape.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, missing_docs)]
pub struct SectionSwitches {
    #[schema(nullable = false)]
    opening: Option<bool>,
    #[schema(nullable = false)]
    employer: Option<bool>,
    #[schema(nullable = false)]
    responsibilities: Option<bool>,
    #[schema(nullable = false)]
    skills: Option<bool>,
    #[schema(nullable = false)]
    qualifications: Option<bool>,
    #[schema(nullable = false)]
    career: Option<bool>,
    #[schema(nullable = false)]
    pay: Option<bool>,
    #[schema(nullable = false)]
    arrangement: Option<bool>,
    #[schema(nullable = false)]
    apply: Option<bool>,
    #[schema(nullable = false)]
    statements: Option<bool>,
}

/// How long a posting may be, in words of its body.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Length {
    /// At most 150 words.
    Short,
    /// 300 to 600 words.
    #[default]
    Standard,
    /// Everything that the role has.
    Full,
}

impl Length {
    /// All lengths, from the shortest.
    pub const ALL: [Self; 3] = [Self::Short, Self::Standard, Self::Full];

    /// The value in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Short => "short",
            Self::Standard => "standard",
            Self::Full => "full",
        }
    }

    /// The most words, if there is a maximum.
    pub fn max_words(self) -> Option<u32> {
        match self {
            Self::Short => Some(150),
            Self::Standard => Some(600),
            Self::Full => None,
        }
    }

    /// The words to aim at; a terse tone or a sparse role may miss them.
    pub fn min_words(self) -> u32 {
        match self {
            Self::Standard => 300,
            Self::Short | Self::Full => 0,
        }
    }
}

/// A value that is not a language tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be a language tag such as en-US")]
pub struct LocaleTagError;

/// A BCP 47 language tag with a region.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String")]
#[schema(value_type = String, pattern = "^[a-z]{2,3}-[A-Z]{2}$", example = "en-US")]
pub struct LocaleTag(String);

impl LocaleTag {
    /// The tag.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for LocaleTag {
    type Error = LocaleTagError;
    fn try_from(tag: String) -> Result<Self, LocaleTagError> {
        let fits = tag.split_once('-').is_some_and(|(language, region)| {
            matches!(language.len(), 2 | 3)
                && language.bytes().all(|b| b.is_ascii_lowercase())
                && region.len() == 2
                && region.bytes().all(|b| b.is_ascii_uppercase())
        });
        if fits { Ok(Self(tag)) } else { Err(LocaleTagError) }
    }
}

/// What the posting puts first: a dimension, alone or with a weight.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum Emphasis {
    /// A dimension, with weight 1.
    Dimension(Slug),
    /// A dimension with its weight.
    Weighted(WeightedEmphasis),
}

/// An emphasis dimension with its weight against the others.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WeightedEmphasis {
    /// The dimension.
    #[schema(example = "delivery")]
    pub dimension: Slug,
    /// Its weight: 1 (the default) to 10.
    #[serde(default = "WeightedEmphasis::default_weight")]
    #[schema(nullable = false, minimum = 1, maximum = 10, value_type = Option<u8>)]
    pub weight: u8,
}

impl WeightedEmphasis {
    fn default_weight() -> u8 {
        1
    }
}

impl Emphasis {
    /// The dimension.
    pub fn dimension(&self) -> &Slug {
        match self {
            Self::Dimension(dimension) => dimension,
            Self::Weighted(weighted) => &weighted.dimension,
        }
    }

    /// The weight, 1 to 10.
    pub fn weight(&self) -> u8 {
        match self {
            Self::Dimension(_) => 1,
            Self::Weighted(weighted) => weighted.weight,
        }
    }
}

/// Pay of this posting.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SalaryOptions {
    /// The lowest pay, in major units; with `max`, or neither.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub min: Option<Amount>,
    /// The highest pay, in major units; with `min`, or neither.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub max: Option<Amount>,
    /// The currency. Default: the role's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub currency: Option<Currency>,
    /// What the amounts are paid for. Default: the role's, else `year`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub period: Option<Period>,
    /// Whether the posting shows pay at all. Default `true`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub show: Option<bool>,
    /// Words to follow the range, such as "plus equity".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub note: Option<Text>,
}

impl SalaryOptions {
    /// The range that the options name, completed from the role's band, if they name one.
    pub fn range(&self, band: Option<&Salary>) -> Option<Salary> {
        Some(Salary {
            min: self.min?,
            max: self.max?,
            currency: self.currency.or(band.map(|b| b.currency))?,
            period: self.period.or(band.map(|b| b.period)).unwrap_or(Period::Year),
        })
    }

    fn check(&self, band: Option<&Salary>, report: &mut Report) {
        match (self.min, self.max) {
            (Some(_), None) => report.add_at("max", "is missing: a range needs both bounds"),
            (None, Some(_)) => report.add_at("min", "is missing: a range needs both bounds"),
            (None, None) => {
                for (name, given) in
                    [("currency", self.currency.is_some()), ("period", self.period.is_some())]
                {
                    if given {
                        report.add_at(
                            name,
                            "needs min and max beside it: the role's own band is never converted",
                        );
                    }
                }
            }
            (Some(_), Some(_)) => match self.range(band) {
                Some(range) => range.check(report),
                None => report.add_at("currency", "is missing, and the role has no band to take it from"),
            },
        }
    }
}

/// Kind of employment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "full_time")]
pub enum EmploymentType {
    /// Full-time employment.
    FullTime,
    /// Part-time employment.
    PartTime,
    /// Work under a contract for services.
    Contractor,
    /// Employment for a limited time.
    Temporary,
    /// Internship.
    Intern,
    /// Volunteering.
    Volunteer,
    /// Work by the day.
    PerDiem,
    /// Anything else.
    Other,
}

impl EmploymentType {
    /// All kinds, in the order of the documentation.
    pub const ALL: [Self; 8] = [
        Self::FullTime,
        Self::PartTime,
        Self::Contractor,
        Self::Temporary,
        Self::Intern,
        Self::Volunteer,
        Self::PerDiem,
        Self::Other,
    ];

    /// The value in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::FullTime => "full_time",
            Self::PartTime => "part_time",
            Self::Contractor => "contractor",
            Self::Temporary => "temporary",
            Self::Intern => "intern",
            Self::Volunteer => "volunteer",
            Self::PerDiem => "per_diem",
            Self::Other => "other",
        }
    }
}

/// How to apply.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Apply {
    /// Where to apply.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub url: Option<Url>,
    /// Where to send an application.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub email: Option<Email>,
    /// Whether one applies on the page of `url` itself, without an account and without saying things twice; for search
    /// engines, never printed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub direct: Option<bool>,
    /// What else an applicant should know; each line is a paragraph.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub instructions: Option<Prose>,
}

impl PostingOptions {
    /// The rules that the schema cannot state, some of which depend on the role.
    pub fn check(&self, role: &Role, report: &mut Report) {
        if let Some(salary) = &self.salary {
            report.within("salary", |r| salary.check(role.salary.as_ref(), r));
        }
        self.check_beside_salary(report);
    }

    /// The same rules, but those that depend on a role.
    pub(super) fn check_for_any_role(&self, report: &mut Report) {
        // A range without a currency takes that of the role's band.
        let whole = |s: &&SalaryOptions| s.currency.is_some() || s.min.is_none() || s.max.is_none();
        if let Some(salary) = self.salary.as_ref().filter(whole) {
            report.within("salary", |r| salary.check(None, r));
        }
        self.check_beside_salary(report);
    }

    fn check_beside_salary(&self, report: &mut Report) {
        if let Some(employer) = &self.employer {
            report.within("employer", |r| employer.check(r));
            if self.employer_id.is_some() {
                report.add_at("employer_id", "cannot stand beside `employer`: a posting has one employer");
            }
        }
        report.within("locations", |r| {
            for (index, location) in self.locations.iter().enumerate() {
                r.within(index, |r| location.check(r));
            }
        });
        report.within("emphasis", |r| {
            for (index, emphasis) in self.emphasis.iter().enumerate() {
                let name = emphasis.dimension();
                if self.emphasis.iter().take(index).any(|other| other.dimension() == name) {
                    r.add_at(index, format!("`{name}` stands here twice"));
                }
            }
        });
        if let (Some(posted), Some(closes)) = (self.date_posted, self.valid_through)
            && closes < posted
        {
            report.add_at("valid_through", format!("is before date_posted ({closes} < {posted})"));
        }
        if let Some(apply) = &self.apply {
            if apply.url.is_none() && apply.email.is_none() && apply.instructions.is_none() {
                report.add_at("apply", "must name at least one of url, email, instructions");
            } else if apply.direct.is_some() && apply.url.is_none() {
                report.within("apply", |r| {
                    r.add_at("direct", "needs `url` beside it: it says how one applies there")
                });
            }
        }
    }
}

//! What a posting announces, as data: for formats that state facts instead of telling them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::employer::{Benefit, Email, Url};
use super::options::{Apply, EmploymentType};
use super::place::{Area, Location, Workplace};
use super::posting::{SectionId, ShownSalary};
use super::role::{Education, Experience, Occupation};
use super::{Date, Posting, PostingOptions, Role, Text};

/// The vacancy that a posting announces. Everything in it is shown by the posting, or describes it to
/// machines; pay that the posting does not show is not in it, nor are requirements that it leaves out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Vacancy {
    /// The title of the posting.
    #[schema(example = "Tech Manager")]
    pub title: String,
    /// Who hires.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub employer: Option<Organization>,
    /// The department that hires.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub department: Option<Text>,
    /// The team that hires.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub team: Option<Text>,
    /// The employer's own number for the opening.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub requisition_id: Option<Text>,
    /// How many people are to be hired.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, minimum = 1, maximum = 10_000)]
    pub openings: Option<u16>,
    /// Where the work is done.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 200, nullable = false, value_type = Option<Vec<Location>>)]
    pub locations: Vec<Location>,
    /// Where a remote worker may be.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 200, nullable = false, value_type = Option<Vec<Area>>)]
    pub remote_within: Vec<Area>,
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
    /// The pay that the posting shows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub salary: Option<ShownSalary>,
    /// Bonus, equity, commission and the like, if the posting shows pay.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 200, nullable = false, value_type = Option<Vec<Text>>)]
    pub other_compensation: Vec<Text>,
    /// What the employer offers beside pay.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 200, nullable = false, value_type = Option<Vec<Benefit>>)]
    pub benefits: Vec<Benefit>,
    /// How to apply.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub apply: Option<Apply>,
    /// Whom to ask about the posting.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub contact_email: Option<Email>,
    /// What the role is called in classifications.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 200, nullable = false, value_type = Option<Vec<Occupation>>)]
    pub occupations: Vec<Occupation>,
    /// The job family of the role.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub family: Option<Text>,
    /// The education that the posting asks for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub education: Option<Education>,
    /// The experience that the posting asks for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub experience: Option<Experience>,
    /// The names of the skills that the posting shows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 400, nullable = false, value_type = Option<Vec<Text>>)]
    pub skills: Vec<Text>,
}

/// Who hires, as machines are told.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Organization {
    /// The name.
    pub name: Text,
    /// The employer's own site.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub website: Option<Url>,
    /// The address of a logo.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub logo: Option<Url>,
    /// The industry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub industry: Option<Text>,
}

impl Vacancy {
    /// What `posting`, composed of `role` with `options`, announces. It must have been composed with its
    /// provenance: what it omits is not announced.
    pub fn of(role: &Role, options: &PostingOptions, posting: &Posting<'_>) -> Self {
        let shows = |section: SectionId| posting.sections.iter().any(|shown| shown.id == section);
        let shown = |pointer: &str| !posting.omitted.iter().any(|omitted| omitted.pointer == pointer);
        let pay_is_shown = shows(SectionId::Pay);
        let qualifies = shows(SectionId::Qualifications);
        let profile = options.employer.as_ref();
        Self {
            title: posting.title.clone().into_owned(),
            employer: profile.map(|employer| Organization {
                name: employer.name.clone(),
                website: employer.website.clone(),
                logo: employer.logo.clone(),
                industry: employer.industry.clone(),
            }),
            department: options.department.clone(),
            team: options.team.clone(),
            requisition_id: options.requisition_id.clone(),
            openings: options.openings,
            locations: options.locations.to_vec(),
            remote_within: options.remote_within.to_vec(),
            employment_type: options.employment_type,
            hours_per_week: options.hours_per_week,
            start: options.start,
            date_posted: options.date_posted,
            valid_through: options.valid_through,
            salary: posting.salary.clone().filter(|_| pay_is_shown),
            other_compensation: if pay_is_shown { options.other_compensation.to_vec() } else { Vec::new() },
            benefits: profile
                .filter(|_| pay_is_shown)
                .map(|employer| employer.benefits.clone())
                .unwrap_or_default(),
            apply: options.apply.clone(),
            contact_email: options.contact_email.clone(),
            occupations: role.occupations.clone(),
            family: role.family.clone(),
            education: qualifies.then(|| education(&role.education, shown)).filter(|e| !e.minimum.is_empty()),
            experience: role.experience.as_ref().filter(|_| qualifies).and_then(|e| experience(e, shown)),
            skills: if shows(SectionId::Skills) { skills(role, shown) } else { Vec::new() },
        }
    }

    /// Whether all of the work is done away from the employer's places. Hybrid work is not.
    pub fn is_remote(&self) -> bool {
        !self.locations.is_empty()
            && self.locations.iter().all(|place| place.workplace == Some(Workplace::Remote))
    }
}

fn education(education: &Education, shown: impl Fn(&str) -> bool) -> Education {
    let keep = |(index, credential): (usize, &super::role::Credential)| {
        shown(&format!("/education/minimum/{index}")).then(|| credential.clone())
    };
    Education {
        minimum: education.minimum.iter().enumerate().filter_map(keep).collect(),
        preferred: Vec::new(),
        ..education.clone()
    }
}

fn experience(experience: &Experience, shown: impl Fn(&str) -> bool) -> Option<Experience> {
    let years = experience.minimum_years.filter(|_| shown("/experience/minimum_years"));
    let leadership = experience.leadership_years.filter(|_| shown("/experience/leadership_years"));
    (years.is_some() || shown("/experience/summary")).then(|| Experience {
        minimum_years: years,
        leadership_years: leadership,
        summary: experience.summary.clone(),
        preferred: Vec::new(),
    })
}

fn skills(role: &Role, shown: impl Fn(&str) -> bool) -> Vec<Text> {
    let lists = [("hard", &role.skills.hard), ("soft", &role.skills.soft)];
    let named = |(list, skills): (&'static str, &Vec<super::role::Skill>)| {
        let at = |(index, skill): (usize, &super::role::Skill)| {
            (format!("/skills/{list}/{index}"), skill.name.clone())
        };
        skills.iter().enumerate().map(at).collect::<Vec<_>>()
    };
    lists.into_iter().flat_map(named).filter(|(pointer, _)| shown(pointer)).map(|(_, name)| name).collect()
}

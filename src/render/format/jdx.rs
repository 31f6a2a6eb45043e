//! A posting in JDX JobSchema+, the schema of the U.S. Chamber of Commerce Foundation's Job Data
//! Exchange, as JSON-LD.
//!
//! The mapping follows version 0.9.0, the one that was piloted
//! (<https://jobdataexchange.io/specs/jobschema-terms/>; 1.0.0 is a draft that was never released). What
//! the pilot left out is taken from the full profile of the same model
//! (<https://github.com/jobdataexchange/Data-Modeling>): `formattedDescription`, `inLanguage`,
//! `jobStartDate`, `logo`, `postingID`, `responsibility`, the parts of an address beside its street, and
//! the classes of credentials and experience. Concepts are named as the profile's schemes name them.
//!
//! The terms are defined in the context of each document, so that no other file need be fetched: those of
//! JDX by name, and all others are schema.org's. Where the profile misspells one of schema.org's
//! (`jobBenefit`, `occupationCategory`), ours is schema.org's.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::domain::options::EmploymentType;
use crate::domain::place::{self, Area};
use crate::domain::salary::{Amount, Period, Salary};
use crate::domain::{Date, Text, Vacancy, role};

use super::super::composed::Composed;
use super::super::locale::{address_region, area_name};
use super::json_ld::weekly_hours;
use super::schema_org::{Document, classification};
use super::{passages, plain_html, script_safe};

/// The terms that JDX coined.
const OF_JDX: [&str; 17] = [
    "AnnotatedDefinedTerm",
    "Credential",
    "JobPosting",
    "QualifyingExperience",
    "applicantLocationRequirement",
    "competency",
    "employmentUnit",
    "jobAgreement",
    "jobSchedule",
    "jobTerm",
    "payCycleInterval",
    "positionID",
    "postingID",
    "requiredCredential",
    "requiredExperience",
    "responsibility",
    "totalJobOpenings",
];

/// The terms whose values are texts, each by its language, with the prefix of who coined them.
const TEXTS: [(&str, &str); 13] = [
    ("schema", "addressCountry"),
    ("schema", "addressLocality"),
    ("schema", "addressRegion"),
    ("schema", "description"),
    ("jdx", "employerOverview"),
    ("schema", "incentiveCompensation"),
    ("schema", "industry"),
    ("schema", "jobBenefits"),
    ("schema", "jobLocationType"),
    ("schema", "name"),
    ("schema", "streetAddress"),
    ("schema", "title"),
    ("schema", "workHours"),
];

#[derive(Debug)]
struct Context;

impl Serialize for Context {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Defined<'t> {
            #[serde(rename = "@id")]
            id: String,
            #[serde(rename = "@type", skip_serializing_if = "Option::is_none")]
            kind: Option<&'t str>,
            #[serde(rename = "@container", skip_serializing_if = "Option::is_none")]
            container: Option<&'t str>,
        }
        let plain = |id: String| Defined { id, kind: None, container: None };
        let mut terms = serializer.serialize_map(None)?;
        terms.serialize_entry("@vocab", "http://schema.org/")?;
        terms.serialize_entry("schema", "http://schema.org/")?;
        terms.serialize_entry("jdx", "http://purl.org/jdx/terms/")?;
        for term in OF_JDX {
            terms.serialize_entry(term, &format!("jdx:{term}"))?;
        }
        for (prefix, term) in TEXTS {
            let text = Defined { container: Some("@language"), ..plain(format!("{prefix}:{term}")) };
            terms.serialize_entry(term, &text)?;
        }
        let html = "http://www.w3.org/1999/02/22-rdf-syntax-ns#HTML";
        let formatted = Defined { kind: Some(html), ..plain("jdx:formattedDescription".to_owned()) };
        terms.serialize_entry("formattedDescription", &formatted)?;
        let date = Defined {
            kind: Some("http://www.w3.org/2001/XMLSchema#date"),
            ..plain("jdx:jobStartDate".to_owned())
        };
        terms.serialize_entry("jobStartDate", &date)?;
        terms.end()
    }
}

/// One or more texts in a language.
#[derive(Debug)]
struct Texts<'a> {
    language: &'a str,
    texts: Vec<&'a str>,
}

impl Serialize for Texts<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(1))?;
        match self.texts.as_slice() {
            [one] => map.serialize_entry(self.language, one)?,
            all => map.serialize_entry(self.language, all)?,
        }
        map.end()
    }
}

#[derive(Debug, Serialize)]
#[serde(tag = "@type", rename_all = "camelCase")]
struct JobPosting<'a> {
    title: Texts<'a>,
    in_language: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<Texts<'a>>,
    #[serde(skip_serializing_if = "String::is_empty")]
    formatted_description: String,
    #[serde(rename = "positionID", skip_serializing_if = "Option::is_none")]
    position_id: Option<&'a str>,
    #[serde(rename = "postingID", skip_serializing_if = "Option::is_none")]
    posting_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date_posted: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    valid_through: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    job_start_date: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hiring_organization: Option<Organization<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    employer_overview: Option<Texts<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    employment_unit: Option<Organization<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    industry: Option<Texts<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    occupational_category: Vec<AnnotatedDefinedTerm<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    job_location: Vec<Place<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    job_location_type: Option<Texts<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    applicant_location_requirement: Vec<Place<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    job_schedule: Option<AnnotatedDefinedTerm<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    job_agreement: Option<AnnotatedDefinedTerm<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    job_term: Option<AnnotatedDefinedTerm<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    work_hours: Option<Texts<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    total_job_openings: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    base_salary: Option<MonetaryAmount<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    incentive_compensation: Option<Texts<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    job_benefits: Option<Texts<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    responsibility: Vec<AnnotatedDefinedTerm<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    competency: Vec<AnnotatedDefinedTerm<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    required_credential: Vec<Credential<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    required_experience: Vec<QualifyingExperience<'a>>,
}

#[derive(Debug, Serialize)]
#[serde(tag = "@type", rename_all = "camelCase")]
struct Organization<'a> {
    name: Texts<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    logo: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    parent_organization: Option<Box<Organization<'a>>>,
}

#[derive(Debug, Default, Serialize)]
#[serde(tag = "@type", rename_all = "camelCase")]
struct AnnotatedDefinedTerm<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    term_code: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<Texts<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<Texts<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    in_defined_term_set: Option<DefinedTermSet<'a>>,
}

#[derive(Debug, Serialize)]
#[serde(tag = "@type")]
struct DefinedTermSet<'a> {
    name: Texts<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'static str>,
}

#[derive(Debug, Serialize)]
#[serde(tag = "@type")]
struct Place<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<Texts<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<PostalAddress<'a>>,
}

#[derive(Debug, Serialize)]
#[serde(tag = "@type", rename_all = "camelCase")]
struct PostalAddress<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    street_address: Option<Texts<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    address_locality: Option<Texts<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    address_region: Option<Texts<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    postal_code: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    address_country: Option<Texts<'a>>,
}

#[derive(Debug, Serialize)]
#[serde(tag = "@type", rename_all = "camelCase")]
struct MonetaryAmount<'a> {
    currency: &'static str,
    min_value: Amount,
    max_value: Amount,
    pay_cycle_interval: AnnotatedDefinedTerm<'a>,
}

#[derive(Debug, Serialize)]
#[serde(tag = "@type")]
struct Credential<'a> {
    description: Texts<'a>,
}

#[derive(Debug, Serialize)]
#[serde(tag = "@type")]
struct QualifyingExperience<'a> {
    description: Texts<'a>,
}

/// Writes the posting.
///
/// # Errors
/// What cannot be written as JSON.
pub fn write(composed: &Composed<'_>) -> Result<Vec<u8>, serde_json::Error> {
    let Composed { posting, vacancy, .. } = *composed;
    let opening = passages::opening(posting);
    let overview = passages::employer_overview(posting);
    let hours = vacancy.hours_per_week.map(weekly_hours);
    let words = Words(&posting.language);
    let written = JobPosting {
        description: opening.as_deref().map(|text| words.text(text)),
        employer_overview: overview.as_deref().map(|text| words.text(text)),
        work_hours: hours.as_deref().map(|text| words.text(text)),
        ..JobPosting::of(composed, words)
    };
    script_safe::to_vec(&Document::new(Context, written))
}

/// The language of what is written.
#[derive(Clone, Copy, Debug)]
struct Words<'a>(&'a str);

impl<'a> JobPosting<'a> {
    /// All but what is put together.
    fn of(composed: &Composed<'a>, words: Words<'a>) -> Self {
        let Composed { posting, vacancy, links, .. } = *composed;
        let employer = vacancy.employer.as_ref();
        let passages_of = |fits: fn(&str) -> bool| passages::of_role(posting, fits);
        let experience = passages_of(|pointer| {
            pointer.starts_with("/experience/") && !pointer.starts_with("/experience/preferred")
        });
        let (schedule, agreement, term) = vacancy.employment_type.map_or((None, None, None), concepts);
        let concept = |name: Option<&'static str>| name.map(|name| words.term(name));
        Self {
            title: words.text(&vacancy.title),
            in_language: words.0,
            description: None,
            formatted_description: plain_html(posting),
            position_id: vacancy.requisition_id.as_ref().map(Text::as_str),
            posting_id: links.id,
            url: links.page,
            date_posted: vacancy.date_posted,
            valid_through: composed.valid_through(),
            job_start_date: vacancy.start,
            hiring_organization: employer.map(|employer| Organization {
                url: employer.website.as_ref().map(|url| url.as_str()),
                logo: employer.logo.as_ref().map(|url| url.as_str()),
                ..words.organization(&employer.name)
            }),
            employer_overview: None,
            employment_unit: words.unit(vacancy),
            industry: employer
                .and_then(|employer| employer.industry.as_ref())
                .map(|text| words.text(text.as_str())),
            occupational_category: vacancy.occupations.iter().map(|code| words.code(code)).collect(),
            job_location: vacancy.locations.iter().filter_map(|location| words.place(location)).collect(),
            job_location_type: vacancy.is_remote().then(|| words.text("telecommute")),
            applicant_location_requirement: vacancy
                .remote_within
                .iter()
                .map(|&area| words.area(area))
                .collect(),
            job_schedule: concept(schedule),
            job_agreement: concept(agreement),
            job_term: concept(term),
            work_hours: None,
            total_job_openings: vacancy.openings,
            base_salary: vacancy.salary.as_ref().map(|salary| words.pay(&salary.range)),
            incentive_compensation: words.texts(vacancy.other_compensation.iter().map(Text::as_str)),
            job_benefits: words.texts(vacancy.benefits.iter().map(|benefit| benefit.text.as_str())),
            responsibility: passages::responsibilities(posting)
                .into_iter()
                .map(|duty| words.described(duty))
                .collect(),
            competency: vacancy.skills.iter().map(|skill| words.term(skill.as_str())).collect(),
            required_credential: passages_of(|pointer| pointer.starts_with("/education/minimum/"))
                .into_iter()
                .map(|credential| Credential { description: words.text(credential) })
                .collect(),
            required_experience: experience
                .into_iter()
                .map(|experience| QualifyingExperience { description: words.text(experience) })
                .collect(),
        }
    }
}

impl<'a> Words<'a> {
    fn text(self, text: &'a str) -> Texts<'a> {
        Texts { language: self.0, texts: vec![text] }
    }

    fn texts(self, texts: impl Iterator<Item = &'a str>) -> Option<Texts<'a>> {
        let texts: Vec<&str> = texts.collect();
        (!texts.is_empty()).then_some(Texts { language: self.0, texts })
    }

    fn term(self, name: &'a str) -> AnnotatedDefinedTerm<'a> {
        AnnotatedDefinedTerm { name: Some(self.text(name)), ..AnnotatedDefinedTerm::default() }
    }

    fn described(self, description: &'a str) -> AnnotatedDefinedTerm<'a> {
        AnnotatedDefinedTerm { description: Some(self.text(description)), ..AnnotatedDefinedTerm::default() }
    }

    fn code(self, occupation: &'a role::Occupation) -> AnnotatedDefinedTerm<'a> {
        let (name, url) = classification(occupation.scheme.as_str());
        AnnotatedDefinedTerm {
            term_code: Some(occupation.code.as_str()),
            name: occupation.name.as_ref().map(|name| self.text(name.as_str())),
            in_defined_term_set: Some(DefinedTermSet { name: self.text(name), url }),
            description: None,
        }
    }

    fn organization(self, name: &'a Text) -> Organization<'a> {
        Organization { name: self.text(name.as_str()), url: None, logo: None, parent_organization: None }
    }

    /// The team, within its department.
    fn unit(self, vacancy: &'a Vacancy) -> Option<Organization<'a>> {
        let department = vacancy.department.as_ref().map(|name| self.organization(name));
        match &vacancy.team {
            Some(team) => {
                let parent_organization = department.map(Box::new);
                Some(Organization { parent_organization, ..self.organization(team) })
            }
            None => department,
        }
    }

    fn place(self, location: &'a place::Location) -> Option<Place<'a>> {
        let text = |text: Option<&'a Text>| text.map(|text| self.text(text.as_str()));
        let address = PostalAddress {
            street_address: text(location.street.as_ref()),
            address_locality: text(location.city.as_ref()),
            address_region: location.region.map(|region| self.text(address_region(region))),
            postal_code: location.postal_code.as_ref().map(Text::as_str),
            address_country: location.country_code().map(|code| self.text(code)),
        };
        location.is_somewhere().then_some(Place { name: None, address: Some(address) })
    }

    fn area(self, area: Area) -> Place<'a> {
        Place { name: Some(self.text(area_name(area))), address: None }
    }

    fn pay(self, salary: &Salary) -> MonetaryAmount<'a> {
        let interval = match salary.period {
            Period::Hour => "Hour",
            Period::Day => "Day",
            Period::Week => "Week",
            Period::Month => "Month",
            Period::Year => "Year",
        };
        let (min_value, max_value) = (salary.min, salary.max);
        let pay_cycle_interval = self.term(interval);
        MonetaryAmount { currency: salary.currency.code(), min_value, max_value, pay_cycle_interval }
    }
}

/// The schedule, the agreement, and the term of a kind of employment, as far as it says them.
fn concepts(kind: EmploymentType) -> (Option<&'static str>, Option<&'static str>, Option<&'static str>) {
    match kind {
        EmploymentType::FullTime => (Some("Full-time"), None, None),
        EmploymentType::PartTime => (Some("Part-time"), None, None),
        EmploymentType::Contractor => (None, Some("Contract"), None),
        EmploymentType::Intern => (None, Some("Internship"), None),
        EmploymentType::Temporary => (None, None, Some("Temporary")),
        EmploymentType::Volunteer | EmploymentType::PerDiem | EmploymentType::Other => (None, None, None),
    }
}

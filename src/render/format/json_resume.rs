//! A posting in the job description schema of JSON Resume, the counterpart of its résumés.
//!
//! The mapping follows `job-schema.json` of <https://github.com/jsonresume/resume-schema> (JSON Schema,
//! draft 4), which is marked `v1.0.0` and has room for one place: the first of several.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::place::{self, Workplace};
use crate::domain::posting::ShownSalary;
use crate::domain::{Date, Moment, Vacancy};

use super::super::composed::Composed;
use super::super::english::employment;
use super::super::locale::address_region;
use super::passages;

/// The version of the schema that we write.
const VERSION: &str = "v1.0.0";

/// A posting in the job description schema of JSON Resume.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct JobDescription {
    /// The title of the posting.
    title: String,
    /// The name of the employer.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    company: Option<String>,
    /// Full-time, part-time, and so on.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "Full-time")]
    kind: Option<&'static str>,
    /// First day on which the posting is public.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    date: Option<Date>,
    /// The opening of the posting.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    description: Option<String>,
    /// Where the work is done: the first place of several.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    location: Option<JobPlace>,
    /// How much of the work is done remotely: `Full`, `Hybrid`, or `None`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "Hybrid")]
    remote: Option<&'static str>,
    /// The pay that the posting shows, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    salary: Option<String>,
    /// The least experience.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "8+ years")]
    experience: Option<String>,
    /// What the person does.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(nullable = false, value_type = Option<Vec<String>>)]
    responsibilities: Vec<String>,
    /// What is a must in education and experience.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(nullable = false, value_type = Option<Vec<String>>)]
    qualifications: Vec<String>,
    /// The skills that the posting shows.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(nullable = false, value_type = Option<Vec<JobSkill>>)]
    skills: Vec<JobSkill>,
    /// The document itself.
    meta: JobMeta,
}

/// A place of work in the job description schema of JSON Resume.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct JobPlace {
    /// Street and number.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    address: Option<String>,
    /// Postal code.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    postal_code: Option<String>,
    /// City or town.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    city: Option<String>,
    /// An ISO 3166-1 alpha-2 code.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "US")]
    country_code: Option<&'static str>,
    /// State, province or the like.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "CO")]
    region: Option<&'static str>,
}

/// A skill in the job description schema of JSON Resume.
#[derive(Debug, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct JobSkill {
    /// Its name.
    name: String,
}

/// What is said of a document in the job description schema of JSON Resume.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct JobMeta {
    /// The posting's public page.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    canonical: Option<String>,
    /// The version of the schema.
    #[schema(example = "v1.0.0")]
    version: &'static str,
    /// When the posting was last changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    last_modified: Option<Moment>,
}

/// Writes the posting.
///
/// # Errors
/// What cannot be written as JSON.
pub fn write(composed: &Composed<'_>) -> Result<Vec<u8>, serde_json::Error> {
    let Composed { posting, vacancy, links, .. } = *composed;
    let owned = |words: Vec<&str>| words.into_iter().map(str::to_owned).collect();
    serde_json::to_vec(&JobDescription {
        title: vacancy.title.clone(),
        company: vacancy.employer.as_ref().map(|employer| employer.name.to_string()),
        kind: vacancy.employment_type.map(employment),
        date: vacancy.date_posted,
        description: passages::opening(posting),
        location: vacancy.locations.iter().find_map(JobPlace::of),
        remote: remote(vacancy),
        salary: vacancy.salary.as_ref().map(|ShownSalary { text, .. }| text.clone()),
        experience: vacancy.experience.as_ref().and_then(|e| e.minimum_years).map(at_least),
        responsibilities: owned(passages::responsibilities(posting)),
        qualifications: owned(passages::qualifications(posting)),
        skills: vacancy.skills.iter().map(|skill| JobSkill { name: skill.to_string() }).collect(),
        meta: JobMeta {
            canonical: links.page.map(str::to_owned),
            version: VERSION,
            last_modified: links.modified,
        },
    })
}

impl JobPlace {
    fn of(location: &place::Location) -> Option<Self> {
        location.is_somewhere().then(|| Self {
            address: location.street.as_ref().map(ToString::to_string),
            postal_code: location.postal_code.as_ref().map(ToString::to_string),
            city: location.city.as_ref().map(ToString::to_string),
            country_code: location.country_code(),
            region: location.region.map(address_region),
        })
    }
}

/// How much is done remotely, if that is the same at all places.
fn remote(vacancy: &Vacancy) -> Option<&'static str> {
    let first = vacancy.locations.first()?.workplace?;
    let same = vacancy.locations.iter().all(|location| location.workplace == Some(first));
    same.then_some(match first {
        Workplace::Remote => "Full",
        Workplace::Hybrid => "Hybrid",
        Workplace::OnSite => "None",
    })
}

fn at_least(years: u8) -> String {
    format!("{years}+ {}", if years == 1 { "year" } else { "years" })
}

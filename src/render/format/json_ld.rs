//! A posting as schema.org `JobPosting`, with what Google for Jobs asks for.
//!
//! What is missing is left out, never invented: a posting without `date_posted` has no `datePosted`.
//! The document may stand in a `<script>` element as it is. Google's rules:
//! <https://developers.google.com/search/docs/appearance/structured-data/job-posting>.

use serde::Serialize;

use crate::domain::options::EmploymentType;
use crate::domain::place::Area;
use crate::domain::{Date, PostingOptions, Text, Vacancy};

use super::super::RenderError;
use super::super::composed::Composed;
use super::super::locale::{area_name, country_name};
use super::schema_org::{
    CategoryCode, ContactPoint, Document, EducationalOccupationalCredential, Few, MonetaryAmount,
    OccupationalExperienceRequirements, Organization, Place, PropertyValue, credentials,
};
use super::{passages, plain_html, script_safe};

#[derive(Debug, Serialize)]
#[serde(tag = "@type", rename_all = "camelCase")]
struct JobPosting<'a> {
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    identifier: Option<PropertyValue<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date_posted: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    valid_through: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hiring_organization: Option<Organization<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    employer_overview: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    employment_unit: Option<Organization<'a>>,
    #[serde(skip_serializing_if = "Few::is_empty")]
    job_location: Few<Place<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    job_location_type: Option<&'static str>,
    #[serde(skip_serializing_if = "Few::is_empty")]
    applicant_location_requirements: Few<AdministrativeArea>,
    #[serde(skip_serializing_if = "Option::is_none")]
    employment_type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    work_hours: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    job_start_date: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    total_job_openings: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    base_salary: Option<MonetaryAmount>,
    #[serde(skip_serializing_if = "Few::is_empty")]
    incentive_compensation: Few<&'a str>,
    #[serde(skip_serializing_if = "Few::is_empty")]
    job_benefits: Few<&'a str>,
    #[serde(skip_serializing_if = "Few::is_empty")]
    responsibilities: Few<&'a str>,
    #[serde(skip_serializing_if = "Few::is_empty")]
    skills: Few<&'a str>,
    #[serde(skip_serializing_if = "Few::is_empty")]
    qualifications: Few<&'a str>,
    #[serde(skip_serializing_if = "Few::is_empty")]
    education_requirements: Few<EducationalOccupationalCredential>,
    #[serde(skip_serializing_if = "Option::is_none")]
    experience_requirements: Option<OccupationalExperienceRequirements>,
    #[serde(skip_serializing_if = "Option::is_none")]
    experience_in_place_of_education: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    industry: Option<&'a str>,
    #[serde(skip_serializing_if = "Few::is_empty")]
    occupational_category: Few<CategoryCode<'a>>,
    relevant_occupation: Occupation<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    application_contact: Option<ContactPoint<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    direct_apply: Option<bool>,
}

/// Where the applicants of a remote job may be.
#[derive(Debug, Serialize)]
#[serde(tag = "@type")]
enum AdministrativeArea {
    Country {
        name: &'static str,
    },
    /// Its name has the country in it: there is more than one Georgia.
    #[serde(rename_all = "camelCase")]
    State {
        name: String,
        contained_in_place: Box<AdministrativeArea>,
    },
}

/// The role, which has a document of its own.
#[derive(Debug, Serialize)]
#[serde(tag = "@type", rename_all = "camelCase")]
struct Occupation<'a> {
    #[serde(rename = "@id", skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
    name: &'a str,
}

/// Writes the posting.
///
/// # Errors
/// What cannot be written as JSON.
pub fn write(composed: &Composed<'_>) -> Result<Vec<u8>, serde_json::Error> {
    script_safe::to_vec(&Document::of(JobPosting::of(composed)))
}

/// The same, if it has all that Google requires.
///
/// # Errors
/// As [`write`].
pub fn markup(composed: &Composed<'_>) -> Result<Option<String>, RenderError> {
    let posting = JobPosting::of(composed);
    if !posting.is_complete() {
        return Ok(None);
    }
    let json = script_safe::to_vec(&Document::of(posting))?;
    Ok(Some(String::from_utf8_lossy(&json).into_owned()))
}

/// Whether a posting with these options could have all that Google requires: where it could not, nobody
/// need look.
pub fn may_be_complete(options: &PostingOptions) -> bool {
    let somewhere = || {
        let country = options.locations.iter().any(|location| location.country_code().is_some());
        country || (!options.locations.is_empty() && !options.remote_within.is_empty())
    };
    options.date_posted.is_some() && options.employer.is_some() && somewhere()
}

impl<'a> JobPosting<'a> {
    fn of(composed: &Composed<'a>) -> Self {
        let Composed { posting, vacancy, links, .. } = *composed;
        let employer = vacancy.employer.as_ref();
        let number = vacancy.requisition_id.as_ref().map(|id| id.as_str()).or(links.id);
        let name = employer.map(|employer| employer.name.as_str());
        let (places, areas) = whereabouts(vacancy);
        let education_requirements = vacancy.education.as_ref().map_or(Few(Vec::new()), credentials);
        let experience_requirements =
            vacancy.experience.as_ref().and_then(OccupationalExperienceRequirements::of);
        // Google takes it only beside both of what it weighs against each other.
        let instead =
            vacancy.education.as_ref().is_some_and(|education| education.experience_accepted_instead)
                && !education_requirements.is_empty()
                && experience_requirements.is_some();
        let contact = vacancy.contact_email.as_ref();
        let contact = contact.or(vacancy.apply.as_ref().and_then(|apply| apply.email.as_ref()));
        let unit = |text: &'a Option<Text>| text.as_ref().map(|text| text.as_str());
        Self {
            title: &vacancy.title,
            description: Some(plain_html(posting)).filter(|html| !html.is_empty() && *html != vacancy.title),
            identifier: number.map(|value| PropertyValue { name, value }),
            url: links.page,
            date_posted: vacancy.date_posted,
            valid_through: composed.valid_through(),
            hiring_organization: employer.map(|employer| Organization {
                same_as: employer.website.as_ref().map(|url| url.as_str()),
                logo: employer.logo.as_ref().map(|url| url.as_str()),
                ..Organization::named(employer.name.as_str())
            }),
            employer_overview: passages::employer_overview(posting),
            employment_unit: Organization::unit(unit(&vacancy.department), unit(&vacancy.team)),
            job_location: places,
            job_location_type: (!areas.is_empty()).then_some("TELECOMMUTE"),
            applicant_location_requirements: areas,
            employment_type: vacancy.employment_type.map(employment_type),
            work_hours: vacancy.hours_per_week.map(weekly_hours),
            job_start_date: vacancy.start,
            total_job_openings: vacancy.openings,
            base_salary: vacancy.salary.as_ref().map(|salary| MonetaryAmount::from(&salary.range)),
            incentive_compensation: vacancy.other_compensation.iter().map(|text| text.as_str()).collect(),
            job_benefits: vacancy.benefits.iter().map(|benefit| benefit.text.as_str()).collect(),
            responsibilities: Few(passages::responsibilities(posting)),
            skills: vacancy.skills.iter().map(|name| name.as_str()).collect(),
            qualifications: Few(passages::qualifications(posting)),
            education_requirements,
            experience_requirements,
            experience_in_place_of_education: instead.then_some(true),
            industry: employer.and_then(|employer| employer.industry.as_ref()).map(|text| text.as_str()),
            occupational_category: vacancy.occupations.iter().map(CategoryCode::of).collect(),
            relevant_occupation: Occupation { id: links.role, name: &posting.role.title },
            application_contact: contact.map(|email| ContactPoint { email: email.as_str() }),
            direct_apply: vacancy.apply.as_ref().and_then(|apply| apply.direct),
        }
    }

    /// Whether it has all that Google requires.
    fn is_complete(&self) -> bool {
        let addressed = |place: &Place<'_>| place.address.address_country.is_some();
        let somewhere = match self.job_location.0.as_slice() {
            [] => self.job_location_type.is_some(),
            places => places.iter().all(addressed),
        };
        self.description.is_some()
            && self.date_posted.is_some()
            && self.hiring_organization.is_some()
            && somewhere
    }
}

/// The places of work, and the areas where the applicants of a wholly remote job may be. Where the
/// vacancy does not name those, they are the areas that it names as its places, or the countries of
/// its addresses.
fn whereabouts(vacancy: &Vacancy) -> (Few<Place<'_>>, Few<AdministrativeArea>) {
    let places = vacancy.locations.iter().filter_map(Place::of).collect();
    let mut areas: Vec<Area> = Vec::new();
    if vacancy.is_remote() {
        areas.clone_from(&vacancy.remote_within);
        if areas.is_empty() {
            for location in &vacancy.locations {
                let address = location.street.is_some() || location.city.is_some();
                let region = location.region.filter(|_| !address).map(|region| region.code());
                let area = region.or_else(|| location.country_code()).and_then(|code| code.parse().ok());
                areas.extend(area.filter(|area| !areas.contains(area)));
            }
        }
    }
    (places, areas.into_iter().map(AdministrativeArea::of).collect())
}

impl AdministrativeArea {
    fn of(area: Area) -> Self {
        let country = Self::Country { name: country_name(area.country_code()) };
        match area.region() {
            None => country,
            Some(_) => Self::State {
                name: format!("{}, {}", area_name(area), country_name(area.country_code())),
                contained_in_place: Box::new(country),
            },
        }
    }
}

/// Google's word for a kind of employment.
fn employment_type(kind: EmploymentType) -> &'static str {
    match kind {
        EmploymentType::FullTime => "FULL_TIME",
        EmploymentType::PartTime => "PART_TIME",
        EmploymentType::Contractor => "CONTRACTOR",
        EmploymentType::Temporary => "TEMPORARY",
        EmploymentType::Intern => "INTERN",
        EmploymentType::Volunteer => "VOLUNTEER",
        EmploymentType::PerDiem => "PER_DIEM",
        EmploymentType::Other => "OTHER",
    }
}

/// Hours of work a week, in words.
pub(super) fn weekly_hours(hours: u8) -> String {
    let unit = if hours == 1 { "hour" } else { "hours" };
    format!("{hours} {unit} a week")
}

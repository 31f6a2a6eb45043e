//! SmartRecruiters' Posting API (developers.smartrecruiters.com/docs/posting-api).
//!
//! A posting's `id` is its number, as text. What nothing stands behind is an empty object, as it is there.

use serde::Serialize;
use utoipa::ToSchema;

use super::super::english::employment;
use super::super::feed::place::Place;
use super::super::locale::area_name;
use super::{Entry, number_of, utc, words};
use crate::domain::options::EmploymentType;
use crate::domain::place::Workplace;
use crate::domain::posting::SectionId;

/// What is wrong.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(as = SmartRecruitersErrors)]
pub struct Errors {
    /// In a sentence.
    #[schema(value_type = String, example = "Posting not found")]
    pub message: &'static str,
    /// One by one.
    #[schema(value_type = Vec<Fault>)]
    pub errors: [Fault; 1],
}

/// One thing that is wrong.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(as = SmartRecruitersError)]
pub struct Fault {
    /// What kind it is.
    #[schema(value_type = String, example = "RESOURCE_NOT_FOUND")]
    pub code: &'static str,
    /// In a sentence.
    #[schema(value_type = String, example = "Posting not found")]
    pub message: &'static str,
}

impl Errors {
    /// There is no such posting.
    pub const NO_POSTING: Self = Self {
        message: "Posting not found",
        errors: [Fault { code: "RESOURCE_NOT_FOUND", message: "Posting not found" }],
    };
}

/// A page of postings.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SmartRecruitersPostings)]
pub struct Page<'a> {
    /// How many were passed over.
    pub offset: u64,
    /// The most on this page.
    pub limit: u64,
    /// How many there are on all pages.
    pub total_found: u64,
    /// The postings.
    pub content: Vec<Posting<'a>>,
}

/// The departments.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SmartRecruitersDepartments)]
pub struct Departments {
    /// How many there are.
    pub total_found: u64,
    /// The departments.
    pub content: Vec<Named>,
}

/// Something with an id and a name; `{}` if there is nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[schema(as = SmartRecruitersNamed)]
pub struct Named {
    /// The id.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub id: Option<String>,
    /// The name.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub label: Option<String>,
}

impl Named {
    fn new(id: impl Into<String>, label: impl Into<String>) -> Self {
        Self { id: Some(id.into()), label: Some(label.into()) }
    }

    /// One of a list of words: its id is made of the name.
    fn word(label: &str) -> Self {
        let words = label.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        Self::new(words.map(str::to_lowercase).collect::<Vec<_>>().join("_"), label)
    }

    /// A department by its name.
    pub fn department(name: &str) -> Self {
        Self::new(number_of("department", name).to_string(), name)
    }
}

/// The employer.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = SmartRecruitersCompany)]
pub struct Company<'a> {
    /// The employer's id.
    #[schema(value_type = String)]
    pub identifier: &'a str,
    /// The employer's name.
    #[schema(value_type = String)]
    pub name: &'a str,
}

/// The first place of a posting. What is not known is left out.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SmartRecruitersLocation)]
pub struct Location<'a> {
    /// The city or town.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub city: Option<&'a str>,
    /// The region: its code where addresses have that, else its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "CO")]
    pub region: Option<&'static str>,
    /// The country's code (ISO 3166-1), in lower case.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "us")]
    pub country: Option<String>,
    /// Street and number.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub address: Option<&'a str>,
    /// The postal code.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub postal_code: Option<&'a str>,
    /// Whether all of the work is done away from the employer's places.
    pub remote: bool,
    /// Whether some of it is.
    pub hybrid: bool,
    /// The place in a line.
    #[schema(example = "Denver, CO, United States")]
    pub full_location: String,
}

impl<'a> Location<'a> {
    fn of(entry: &'a Entry<'a>) -> Self {
        let place = entry.known_places().into_iter().next().unwrap_or_default();
        Self {
            city: place.city,
            region: place.state(),
            country: place.country().map(str::to_lowercase),
            address: place.street,
            postal_code: place.postal_code,
            remote: entry.vacancy.is_remote(),
            hybrid: entry.workplace() == Some(Workplace::Hybrid),
            full_location: place.abroad(),
        }
    }
}

/// Who made a posting: the employer; nobody is named.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = SmartRecruitersCreator)]
pub struct Creator<'a> {
    /// The employer's name.
    #[schema(value_type = String)]
    pub name: &'a str,
}

/// A language.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SmartRecruitersLanguage)]
pub struct Language<'a> {
    /// By ISO 639-1.
    #[schema(value_type = String, example = "en")]
    pub code: &'a str,
    /// Its name.
    #[schema(value_type = String, example = "English")]
    pub label: &'a str,
    /// Its own name for itself.
    #[schema(value_type = String, example = "English")]
    pub label_native: &'a str,
}

/// A posting, as lists have it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SmartRecruitersPosting)]
pub struct Posting<'a> {
    /// The posting's number.
    #[schema(example = "42")]
    pub id: String,
    /// The title.
    #[schema(value_type = String)]
    pub name: &'a str,
    /// The posting's UUID.
    #[schema(value_type = String)]
    pub uuid: &'a str,
    /// The id of the job's advertisement: the posting's UUID.
    #[schema(value_type = String)]
    pub job_ad_id: &'a str,
    /// `true`: it is the only one.
    pub default_job_ad: bool,
    /// The employer's own number for the opening; the posting's number, if it has none.
    pub ref_number: String,
    /// Who hires.
    pub company: Company<'a>,
    /// When it was published.
    #[schema(example = "2026-12-01T07:00:00.000Z")]
    pub released_date: String,
    /// Where the work is done.
    pub location: Location<'a>,
    /// The employer's industry.
    pub industry: Named,
    /// The department.
    pub department: Named,
    /// The job family.
    pub function: Named,
    /// The kind of employment.
    pub type_of_employment: Named,
    /// The level: nobody tells it.
    pub experience_level: Named,
    /// Fields of the employer's own: there are none.
    #[schema(value_type = Vec<Object>)]
    pub custom_field: [(); 0],
    /// `PUBLIC`.
    #[schema(value_type = String, example = "PUBLIC")]
    pub visibility: &'static str,
    /// Where the whole posting is.
    pub r#ref: String,
    /// Who made it.
    pub creator: Creator<'a>,
    /// The language of its words.
    pub language: Language<'a>,
}

impl<'a> Posting<'a> {
    /// Of a posting of ours.
    pub fn of(entry: &'a Entry<'a>) -> Self {
        let vacancy = entry.vacancy;
        let requisition = vacancy.requisition_id.as_ref().map(|id| id.as_str().to_owned());
        let industry = vacancy.employer.as_ref().and_then(|employer| employer.industry.as_ref());
        let word = |text: &crate::domain::Text| Named::word(text.as_str());
        let english = entry.language() == "en";
        let language = if english { "English" } else { entry.language() };
        Self {
            id: entry.number.to_string(),
            name: &vacancy.title,
            uuid: entry.id,
            job_ad_id: entry.id,
            default_job_ad: true,
            ref_number: requisition.unwrap_or_else(|| entry.number.to_string()),
            company: Company { identifier: entry.employer, name: entry.company() },
            released_date: utc(entry.published, "Z"),
            location: Location::of(entry),
            industry: industry.map(word).unwrap_or_default(),
            department: entry.department().map(Named::department).unwrap_or_default(),
            function: vacancy.family.as_ref().map(word).unwrap_or_default(),
            type_of_employment: vacancy.employment_type.map(type_of_employment).unwrap_or_default(),
            experience_level: Named::default(),
            custom_field: [],
            visibility: "PUBLIC",
            r#ref: format!("{}/v1/companies/{}/postings/{}", entry.site, entry.employer, entry.number),
            creator: Creator { name: entry.company() },
            language: Language { code: entry.language(), label: language, label_native: language },
        }
    }
}

/// SmartRecruiters' id for a kind of employment, where it has one.
fn type_of_employment(kind: EmploymentType) -> Named {
    let id = match kind {
        EmploymentType::FullTime => "permanent",
        EmploymentType::PartTime => "part-time",
        EmploymentType::Contractor => "contract",
        EmploymentType::Intern => "intern",
        EmploymentType::Temporary => "temporary",
        EmploymentType::Volunteer => "volunteer",
        EmploymentType::PerDiem => "per-diem",
        EmploymentType::Other => "other",
    };
    Named::new(id, employment(kind))
}

/// A posting by itself.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SmartRecruitersPostingDetails)]
pub struct Details<'a> {
    /// What lists have of it.
    #[serde(flatten)]
    pub posting: Posting<'a>,
    /// `true`: it is public.
    pub active: bool,
    /// Its page.
    #[schema(value_type = String)]
    pub posting_url: &'a str,
    /// Where to apply.
    #[schema(value_type = String)]
    pub apply_url: &'a str,
    /// Its words.
    pub job_ad: JobAd,
}

/// The words of a posting.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = SmartRecruitersJobAd)]
pub struct JobAd {
    /// They, in the sections that SmartRecruiters has.
    pub sections: Sections,
}

/// The sections of a posting.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SmartRecruitersSections)]
pub struct Sections {
    /// What it says of the employer.
    pub company_description: Section,
    /// The opening, the duties, and the career path.
    pub job_description: Section,
    /// Skills and requirements.
    pub qualifications: Section,
    /// Everything else.
    pub additional_information: Section,
}

/// A section of a posting.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = SmartRecruitersSection)]
pub struct Section {
    /// The heading.
    #[schema(value_type = String)]
    pub title: &'static str,
    /// The words, as HTML.
    pub text: String,
}

impl<'a> Details<'a> {
    /// Of a posting of ours.
    pub fn of(entry: &'a Entry<'a>) -> Self {
        let section = |title, index: usize| {
            let sections = words::chosen(entry.posting, |id| part(id) == index);
            Section { title, text: words::html(&sections) }
        };
        Self {
            posting: Posting::of(entry),
            active: true,
            posting_url: entry.url,
            apply_url: entry.apply_url(),
            job_ad: JobAd {
                sections: Sections {
                    company_description: section("Company Description", 0),
                    job_description: section("Job Description", 1),
                    qualifications: section("Qualifications", 2),
                    additional_information: section("Additional Information", 3),
                },
            },
        }
    }
}

/// Which of the four sections has one of ours.
fn part(id: SectionId) -> usize {
    match id {
        SectionId::Employer => 0,
        SectionId::Opening | SectionId::Responsibilities | SectionId::Career => 1,
        SectionId::Skills | SectionId::Qualifications => 2,
        SectionId::Pay
        | SectionId::Arrangement
        | SectionId::Apply
        | SectionId::Locked
        | SectionId::Statements => 3,
    }
}

/// What a list is asked for. Everything that is given must hold; capitals do not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Words, each of which must be the beginning of a word of title or places.
    pub words: Vec<String>,
    /// A country's code. One place must be in all of country, region, and city.
    pub country: Option<String>,
    /// A region's code, with or without the country, or its name.
    pub region: Option<String>,
    /// A city's name.
    pub city: Option<String>,
    /// A department's id or name.
    pub department: Option<String>,
    /// Codes of languages.
    pub languages: Vec<String>,
}

impl Filter {
    /// Whether it asks for nothing.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether a posting is asked for.
    pub fn takes(&self, entry: &Entry<'_>) -> bool {
        self.takes_department(entry)
            && (self.languages.is_empty() || self.languages.iter().any(|code| same(code, entry.language())))
            && entry.known_places().iter().any(|place| self.takes_place(place))
            && self.takes_words(entry)
    }

    fn takes_department(&self, entry: &Entry<'_>) -> bool {
        let Some(wanted) = &self.department else { return true };
        entry
            .department()
            .is_some_and(|name| same(wanted, name) || *wanted == number_of("department", name).to_string())
    }

    fn takes_place(&self, place: &Place<'_>) -> bool {
        let region = place.region().map(|region| {
            let name = region.code().parse().map_or("", area_name);
            [region.code(), region.suffix(), name, region.iso_name()]
        });
        let is = |wanted: &Option<String>, known: &[&str]| {
            wanted.as_ref().is_none_or(|wanted| known.iter().any(|known| same(wanted, known)))
        };
        is(&self.country, &place.country().map_or(vec![], |code| vec![code]))
            && is(&self.region, region.as_ref().map_or(&[], |names| &names[..]))
            && is(&self.city, &place.city.map_or(vec![], |city| vec![city]))
    }

    fn takes_words(&self, entry: &Entry<'_>) -> bool {
        let places = entry.places();
        let text = [&entry.vacancy.title].into_iter().chain(&places);
        let words: Vec<String> = text.flat_map(|text| words_of(text)).collect();
        self.words.iter().all(|wanted| words.iter().any(|word| word.starts_with(wanted)))
    }
}

/// The words of a text, in lower case.
pub fn words_of(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase)
}

fn same(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

//! Greenhouse's Job Board API (developers.greenhouse.io/job-board.html).
//!
//! A job's number is that of the posting; departments and offices have a digest of their folded name, and
//! 0 stands for none. Offices are the places of the postings. Neither has parents or children: nothing
//! here tells that one is a part of another.

use serde::Serialize;
use utoipa::ToSchema;

use super::super::feed::place::Place;
use super::{Entry, escaped, local, number_of, words};
use crate::domain::employer::Employer;
use crate::domain::salary::Period;

/// What is not there.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(as = GreenhouseNotFound)]
pub struct NotFound {
    /// The HTTP status.
    #[schema(example = 404)]
    pub status: u16,
    /// What is missing.
    #[schema(value_type = String, example = "Job not found")]
    pub error: &'static str,
}

/// A job board.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = GreenhouseBoard)]
pub struct Board<'a> {
    /// The employer's name.
    #[schema(value_type = String)]
    pub name: &'a str,
    /// What the employer says of itself, as HTML.
    pub content: String,
}

impl<'a> Board<'a> {
    /// The board of an employer.
    pub fn of(employer: &'a Employer) -> Self {
        let about = employer.about.as_ref().map_or("", |about| about.as_str());
        let paragraphs = about.lines().filter(|line| !line.trim().is_empty());
        let content = paragraphs.map(|line| format!("<p>{}</p>", escaped(line))).collect();
        Self { name: employer.name.as_str(), content }
    }
}

/// A place by its name.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = GreenhouseLocation)]
pub struct Location {
    /// All places of the job.
    #[schema(example = "Denver, CO")]
    pub name: String,
}

/// A job, as the lists of departments and offices have it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = GreenhouseJobSummary)]
pub struct Brief<'a> {
    /// The job post's number.
    #[schema(minimum = 1, maximum = 9_007_199_254_740_991_i64)]
    pub id: u64,
    /// The title.
    #[schema(value_type = String)]
    pub title: &'a str,
    /// Where the work is done.
    pub location: Location,
    /// When it changed last, with the offset of the employer's zone.
    pub updated_at: String,
    /// Its page.
    #[schema(value_type = String)]
    pub absolute_url: &'a str,
    /// Its language (ISO 639-1).
    #[schema(value_type = String, example = "en")]
    pub language: &'a str,
    /// The number of the job behind the post: the same.
    pub internal_job_id: u64,
    /// The employer's own number for the opening.
    pub requisition_id: Option<&'a str>,
    /// The employer's name.
    #[schema(value_type = String)]
    pub company_name: &'a str,
    /// When it was published.
    pub first_published: String,
    /// Until when applications are taken.
    pub application_deadline: Option<String>,
    /// Custom fields: there are none.
    #[schema(value_type = Option<Vec<Object>>)]
    pub metadata: Option<[(); 0]>,
    /// Rules of consent: there are none.
    #[schema(value_type = Vec<Object>)]
    pub data_compliance: [(); 0],
}

impl<'a> Brief<'a> {
    /// Of a posting.
    pub fn of(entry: &'a Entry<'a>) -> Self {
        let deadline = |day: crate::domain::Date| day.last_second(entry.closes?.into());
        Self {
            id: entry.number,
            title: &entry.vacancy.title,
            location: Location { name: entry.places().join("; ") },
            updated_at: local(entry.updated, entry.zone),
            absolute_url: entry.url,
            language: entry.language(),
            internal_job_id: entry.number,
            requisition_id: entry.vacancy.requisition_id.as_ref().map(|id| id.as_str()),
            company_name: entry.company(),
            first_published: local(entry.published, entry.zone),
            application_deadline: entry.vacancy.valid_through.and_then(deadline),
            metadata: None,
            data_compliance: [],
        }
    }
}

/// A department, as a job names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = GreenhouseDepartmentReference)]
pub struct Department {
    /// Its number; 0 for none.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    pub id: u64,
    /// Its name.
    pub name: String,
    /// The department that it is a part of: never told.
    #[schema(value_type = Option<u64>)]
    pub parent_id: Option<u64>,
    /// Its parts: never told.
    #[schema(value_type = Vec<u64>)]
    pub child_ids: [u64; 0],
}

/// An office, as a job names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = GreenhouseOfficeReference)]
pub struct Office {
    /// Its number; 0 for none.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    pub id: u64,
    /// Its name.
    #[schema(example = "Denver, CO")]
    pub name: String,
    /// Where it is.
    #[schema(example = "Denver, Colorado, United States")]
    pub location: Option<String>,
    /// The office that it is a part of: never told.
    #[schema(value_type = Option<u64>)]
    pub parent_id: Option<u64>,
    /// Its parts: never told.
    #[schema(value_type = Vec<u64>)]
    pub child_ids: [u64; 0],
}

/// The department of a posting; the one that has no name, if it has none.
pub fn department(entry: &Entry<'_>) -> Department {
    let (id, name) = match entry.department() {
        Some(name) => (number_of("department", name), name),
        None => (0, "No Department"),
    };
    Department { id, name: name.to_owned(), parent_id: None, child_ids: [] }
}

/// The offices of a posting; the one that has no name, if it has none.
pub fn offices(entry: &Entry<'_>) -> Vec<Office> {
    let office = |id, name: String, location| Office { id, name, location, parent_id: None, child_ids: [] };
    let places = entry.known_places();
    let whole = |name: &String| places.iter().find(|place| place.line() == *name).map(Place::in_full);
    let mut offices: Vec<Office> = Vec::new();
    for name in entry.places() {
        let id = number_of("office", &name);
        if offices.iter().all(|office| office.id != id) {
            let location = whole(&name);
            offices.push(office(id, name, location));
        }
    }
    if offices.is_empty() {
        offices.push(office(0, "No Office".to_owned(), None));
    }
    offices
}

/// A job.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = GreenhouseJob)]
pub struct Job<'a> {
    /// What every list has of it.
    #[serde(flatten)]
    pub brief: Brief<'a>,
    /// The posting as HTML, escaped once more: clients unescape it. In lists, with `content=true`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub content: Option<String>,
    /// Its department. In lists, with `content=true`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, value_type = Option<Vec<Department>>)]
    pub departments: Option<[Department; 1]>,
    /// Its places. In lists, with `content=true`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub offices: Option<Vec<Office>>,
    /// What applicants are asked: nothing; with `questions=true`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, value_type = Option<Vec<Object>>)]
    pub questions: Option<[(); 0]>,
    /// What applicants are asked of their place: nothing; with `questions=true`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, value_type = Option<Vec<Object>>)]
    pub location_questions: Option<[(); 0]>,
    /// The pay that the posting shows; with `pay_transparency=true`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub pay_input_ranges: Option<Vec<PayRange>>,
}

impl<'a> Job<'a> {
    /// A job of a list.
    pub fn listed(entry: &'a Entry<'a>, content: bool) -> Self {
        let sections: Vec<_> = entry.posting.sections.iter().collect();
        Self {
            brief: Brief::of(entry),
            content: content.then(|| escaped(&words::html(&sections))),
            departments: content.then(|| [department(entry)]),
            offices: content.then(|| offices(entry)),
            questions: None,
            location_questions: None,
            pay_input_ranges: None,
        }
    }

    /// A job by itself.
    pub fn single(entry: &'a Entry<'a>, questions: bool, pay: bool) -> Self {
        let none = questions.then_some([]);
        let pay_input_ranges = pay.then(|| PayRange::of(entry).into_iter().collect());
        Self { questions: none, location_questions: none, pay_input_ranges, ..Self::listed(entry, true) }
    }
}

/// A range of pay.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = GreenhousePayRange)]
pub struct PayRange {
    /// The lowest pay, in hundredths of the currency's unit.
    pub min_cents: i64,
    /// The highest pay, in hundredths of the currency's unit.
    pub max_cents: i64,
    /// The currency (ISO 4217).
    #[schema(value_type = String, example = "USD")]
    pub currency_type: &'static str,
    /// What it is.
    #[schema(value_type = String, example = "Annual salary range")]
    pub title: &'static str,
    /// The range in words, as HTML.
    pub blurb: String,
}

impl PayRange {
    fn of(entry: &Entry<'_>) -> Option<Self> {
        let salary = entry.vacancy.salary.as_ref()?;
        let range = &salary.range;
        Some(Self {
            min_cents: range.min.hundredths(),
            max_cents: range.max.hundredths(),
            currency_type: range.currency.code(),
            title: match range.period {
                Period::Hour => "Hourly pay range",
                Period::Day => "Daily pay range",
                Period::Week => "Weekly pay range",
                Period::Month => "Monthly salary range",
                Period::Year => "Annual salary range",
            },
            blurb: format!("<p>{}</p>", escaped(&salary.text)),
        })
    }
}

/// All jobs. It is written job by job.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = GreenhouseJobs)]
pub struct Jobs<'a> {
    /// The jobs.
    pub jobs: Vec<Job<'a>>,
    /// How many.
    pub meta: Total,
}

/// How many jobs there are.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(as = GreenhouseTotal)]
pub struct Total {
    /// The number of jobs.
    pub total: u64,
}

/// A department with its jobs: as `list`, or as `tree` with `children`.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = GreenhouseDepartment)]
pub struct DepartmentJobs<'a> {
    /// Its number; 0 for none.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    pub id: u64,
    /// Its name.
    #[schema(value_type = String)]
    pub name: &'a str,
    /// Its jobs.
    pub jobs: Vec<Brief<'a>>,
    /// What it is a part of, and its parts.
    #[serde(flatten)]
    pub kin: Kin,
}

/// All departments.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = GreenhouseDepartments)]
pub struct Departments<'a> {
    /// The departments.
    pub departments: Vec<DepartmentJobs<'a>>,
}

/// An office with its departments and their jobs: as `list`, or as `tree` with `children`.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = GreenhouseOffice)]
pub struct OfficeJobs<'a> {
    /// Its number; 0 for none.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    pub id: u64,
    /// Its name.
    #[schema(value_type = String)]
    pub name: &'a str,
    /// Where it is.
    pub location: Option<&'a str>,
    /// The departments with jobs there.
    pub departments: Vec<DepartmentJobs<'a>>,
    /// What it is a part of, and its parts.
    #[serde(flatten)]
    pub kin: Kin,
}

/// All offices.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = GreenhouseOffices)]
pub struct Offices<'a> {
    /// The offices.
    pub offices: Vec<OfficeJobs<'a>>,
}

/// How departments and offices belong together: never told, and so in the shape alone.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(untagged)]
#[schema(as = GreenhouseKin)]
pub enum Kin {
    /// As `render_as=list`.
    List {
        /// What it is a part of.
        #[schema(value_type = Option<u64>)]
        parent_id: Option<u64>,
        /// Its parts.
        #[schema(value_type = Vec<u64>)]
        child_ids: [u64; 0],
    },
    /// As `render_as=tree`.
    Tree {
        /// Its parts.
        #[schema(value_type = Vec<Object>)]
        children: [(); 0],
    },
}

impl Kin {
    /// As `render_as=list`.
    pub const LIST: Self = Self::List { parent_id: None, child_ids: [] };
    /// As `render_as=tree`.
    pub const TREE: Self = Self::Tree { children: [] };
}

/// Sections of prospect posts: there are none.
#[derive(Clone, Copy, Debug, Default, Serialize, ToSchema)]
#[schema(as = GreenhouseSections)]
pub struct Sections {
    /// The sections.
    #[schema(value_type = Vec<Object>)]
    pub sections: [(); 0],
}

/// The section of those that have none: it is empty.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(as = GreenhouseSection)]
pub struct Section {
    /// 0.
    pub id: u64,
    /// Its name.
    #[schema(value_type = String)]
    pub name: &'static str,
    /// Its prospect posts.
    #[schema(value_type = Vec<Object>)]
    pub jobs: [(); 0],
}

impl Section {
    /// The only one.
    pub const NONE: Self = Self { id: 0, name: "No Section", jobs: [] };
}

/// Degrees, disciplines, or schools: there are none.
#[derive(Clone, Copy, Debug, Default, Serialize, ToSchema)]
#[schema(as = GreenhouseEducation)]
pub struct Education {
    /// The items.
    #[schema(value_type = Vec<Object>)]
    pub items: [(); 0],
    /// How many.
    pub meta: EducationTotal,
}

/// How many items there are, and how many on a page.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(as = GreenhouseEducationTotal)]
pub struct EducationTotal {
    /// All of them.
    pub total_count: u64,
    /// The most on a page.
    pub per_page: u64,
}

impl Default for EducationTotal {
    fn default() -> Self {
        Self { total_count: 0, per_page: 100 }
    }
}

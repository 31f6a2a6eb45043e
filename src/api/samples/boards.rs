//! Examples of what other systems' clients read: the same posting in each of their shapes.

use serde_json::{Value, json};

use super::Example;
use crate::domain::kept_posting::Publication;
use crate::domain::{KeptPosting, TimeZone};
use crate::render::boards::greenhouse::{
    Brief, DepartmentJobs, Departments, Education, Job, Jobs, Kin, OfficeJobs, Offices, Section, Sections,
    Total,
};
use crate::render::boards::smartrecruiters::{self, Named};
use crate::render::boards::{Entry, ashby, greenhouse, lever};

/// What is answered of a published posting.
pub fn of_boards(kept: &KeptPosting, publication: &Publication, zone: &TimeZone, site: &str) -> Vec<Example> {
    let url = format!("{site}/careers/{}/{}", kept.employer_id, kept.slug);
    let entry = Entry {
        id: kept.id.as_str(),
        number: 42,
        employer: kept.employer_id.as_str(),
        url: &url,
        site,
        posting: &publication.posting,
        vacancy: &publication.vacancy,
        zone,
        published: publication.opens_at.timestamp(),
        updated: publication.composed_at.timestamp(),
        closes: publication.closes_at.map(|at| at.timestamp()),
    };
    let mut examples = of_greenhouse(&entry, publication);
    examples.extend(of_others(&entry));
    examples
}

fn of_greenhouse(entry: &Entry<'_>, publication: &Publication) -> Vec<Example> {
    let board = publication.options.employer.as_ref().map(greenhouse::Board::of);
    let jobs = Jobs { jobs: vec![Job::listed(entry, true)], meta: Total { total: 1 } };
    let department = greenhouse::department(entry);
    let in_department = || DepartmentJobs {
        id: department.id,
        name: &department.name,
        jobs: vec![Brief::of(entry)],
        kin: Kin::LIST,
    };
    let offices = greenhouse::offices(entry);
    let in_office = |office: &greenhouse::Office| -> Value {
        json!(OfficeJobs {
            id: office.id,
            name: &office.name,
            location: office.location.as_deref(),
            departments: vec![in_department()],
            kin: Kin::LIST,
        })
    };
    let no_offices = json!(Offices { offices: Vec::new() });
    let office: Vec<Value> = offices.iter().map(in_office).collect();
    let mut all_offices = no_offices;
    all_offices["offices"] = json!(office);
    let mut examples = vec![
        Example::json("list_greenhouse_jobs", json!(jobs)),
        Example::json("get_greenhouse_job", json!(Job::single(entry, true, true))),
        Example::json(
            "list_greenhouse_departments",
            json!(Departments { departments: vec![in_department()] }),
        ),
        Example::json("get_greenhouse_department", json!(in_department())),
        Example::json("list_greenhouse_offices", all_offices),
        Example::json("list_greenhouse_sections", json!(Sections::default())),
        Example::json("get_greenhouse_section", json!(Section::NONE)),
        Example::json("list_greenhouse_education", json!(Education::default())),
    ];
    examples.extend(office.into_iter().take(1).map(|office| Example::json("get_greenhouse_office", office)));
    examples.extend(board.map(|board| Example::json("get_greenhouse_board", json!(board))));
    examples
}

fn of_others(entry: &Entry<'_>) -> Vec<Example> {
    let page = smartrecruiters::Page {
        offset: 0,
        limit: 10,
        total_found: 1,
        content: vec![smartrecruiters::Posting::of(entry)],
    };
    let department = entry.vacancy.department.as_ref().map(|name| Named::department(name.as_str()));
    let content: Vec<Named> = department.into_iter().collect();
    let departments = smartrecruiters::Departments { total_found: content.len() as u64, content };
    let board = ashby::Board { api_version: ashby::VERSION, jobs: vec![ashby::Job::of(entry, true)] };
    vec![
        Example::json("list_lever_postings", json!([lever::Posting::of(entry)])),
        Example::json("get_lever_posting", json!(lever::Posting::of(entry))),
        Example::json("get_ashby_board", json!(board)),
        Example::json("list_smartrecruiters_postings", json!(page)),
        Example::json("get_smartrecruiters_posting", json!(smartrecruiters::Details::of(entry))),
        Example::json("list_smartrecruiters_departments", json!(departments)),
    ]
}

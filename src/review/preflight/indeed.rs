//! Indeed.

use super::case::{Case, Flaw};
use super::google::{without_date, without_employer, without_employment_type, without_pay};
use super::title::{Blemish, blemished};
use super::{Check, Rule, Severity, Target, description, places};
use crate::domain::options::EmploymentType;
use crate::domain::place::Location;

const FEED: &str = "https://docs.indeed.com/indeed-apply/xml-feed";

const fn rule(id: &'static str, severity: Severity, summary: &'static str, check: Check) -> Rule {
    Rule { id, target: Target::Indeed, severity, summary, source: FEED, check }
}

/// What Indeed asks for.
pub const RULES: &[Rule] = &[
    rule("indeed/missing-company", Severity::Error, "`company` names who hires.", without_employer),
    rule(
        "indeed/missing-url",
        Severity::Error,
        "`url` is the page of the posting, which has the same description.",
        |case| Flaw::when(case.subject.url.is_none(), || Flaw::new("", "the posting has no public page")),
    ),
    rule("indeed/missing-place", Severity::Error, "A place is named.", places::is_missing),
    rule("indeed/missing-city", Severity::Error, "Each place has its `city`.", places::without_city),
    rule(
        "indeed/missing-state",
        Severity::Error,
        "Each place has its `state`, where addresses have one.",
        places::without_state,
    ),
    rule("indeed/missing-country", Severity::Error, "Each place has its `country`.", places::without_country),
    rule(
        "indeed/remote-without-country",
        Severity::Error,
        "A remote job has a `country`, too.",
        remote_without_country,
    ),
    rule(
        "indeed/empty-description",
        Severity::Error,
        "`description` says something.",
        description::says_nothing,
    ),
    rule("indeed/thin-description", Severity::Warning, "`description` is complete.", description::is_thin),
    rule("indeed/title-pay", Severity::Warning, "`title` has no pay.", |case| blemished(case, Blemish::Pay)),
    rule("indeed/title-place", Severity::Warning, "`title` has no place.", |case| {
        blemished(case, Blemish::Place)
    }),
    rule("indeed/title-employment-type", Severity::Warning, "`title` has no employment type.", |case| {
        blemished(case, Blemish::EmploymentType)
    }),
    rule(
        "indeed/title-signs",
        Severity::Warning,
        "`title` is no headline: it has no exclamation marks.",
        |case| blemished(case, Blemish::Signs),
    ),
    rule(
        "indeed/missing-date",
        Severity::Warning,
        "`date` says since when the posting is public.",
        without_date,
    ),
    rule(
        "indeed/missing-salary",
        Severity::Warning,
        "`salary` says what is paid, as the page does.",
        without_pay,
    ),
    rule(
        "indeed/missing-jobtype",
        Severity::Warning,
        "`jobtype` says what kind of employment it is.",
        without_employment_type,
    ),
    rule("indeed/unknown-jobtype", Severity::Info, "`jobtype` is one that Indeed knows.", unknown_jobtype),
    rule(
        "indeed/missing-requisition-id",
        Severity::Info,
        "`requisitionid` is the employer's own number.",
        |case| {
            Flaw::when(case.subject.vacancy.requisition_id.is_none(), || {
                let detail = "the posting has no number of the employer's own; its id has to stand for it";
                Flaw::new("/options/requisition_id", detail)
            })
        },
    ),
];

/// A remote place without a country, and no area to take it from.
fn remote_without_country(case: &Case<'_>) -> Vec<Flaw> {
    let vacancy = case.subject.vacancy;
    let nowhere = vacancy.is_remote()
        && vacancy.remote_within.is_empty()
        && vacancy.locations.iter().all(|place: &Location| place.country_code().is_none());
    Flaw::when(nowhere, || {
        Flaw::new(case.at("/remote_within"), "the work is remote, and no country is named")
    })
}

fn unknown_jobtype(case: &Case<'_>) -> Vec<Flaw> {
    let unknown = case.subject.vacancy.employment_type.filter(|kind| *kind == EmploymentType::Other);
    Flaw::when(unknown.is_some(), || {
        Flaw::new(case.at("/employment_type"), "Indeed has no job type for `other`: it is left out")
    })
}

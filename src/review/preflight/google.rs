//! Google's job search.

use serde_json::json;

use super::case::{Case, Flaw};
use super::title::{Blemish, blemished};
use super::{Check, Rule, Severity, Target, description, places};

const STRUCTURED_DATA: &str =
    "https://developers.google.com/search/docs/appearance/structured-data/job-posting";
const DIRECT_APPLY: &str = "https://developers.google.com/search/blog/2021/07/job-posting-updates";

const fn rule(id: &'static str, severity: Severity, summary: &'static str, check: Check) -> Rule {
    Rule { id, target: Target::Google, severity, summary, source: STRUCTURED_DATA, check }
}

/// What Google asks for.
pub const RULES: &[Rule] = &[
    rule(
        "google/missing-employer",
        Severity::Error,
        "`hiringOrganization` names who hires.",
        without_employer,
    ),
    rule(
        "google/missing-place",
        Severity::Error,
        "`jobLocation` names a place, unless all of the work is remote.",
        places::is_missing,
    ),
    rule(
        "google/missing-country",
        Severity::Error,
        "Each `jobLocation` has an `addressCountry`.",
        places::without_country,
    ),
    rule(
        "google/remote-without-area",
        Severity::Error,
        "With `TELECOMMUTE`, `applicantLocationRequirements` names at least one country.",
        places::remote_without_area,
    ),
    rule(
        "google/description-is-title",
        Severity::Error,
        "The `description` is not the title.",
        description::says_nothing,
    ),
    rule(
        "google/thin-description",
        Severity::Warning,
        "The `description` is complete.",
        description::is_thin,
    ),
    rule(
        "google/incomplete-description",
        Severity::Warning,
        "The `description` tells responsibilities, skills, and qualifications.",
        description::is_incomplete,
    ),
    rule(
        "google/vague-place",
        Severity::Warning,
        "An address is as exact as it can be: with its city, at least.",
        places::without_city,
    ),
    rule(
        "google/remote-mixed",
        Severity::Warning,
        "`TELECOMMUTE` is for work that is remote alone.",
        places::remote_mixed,
    ),
    rule(
        "google/area-without-remote",
        Severity::Info,
        "`applicantLocationRequirements` is for work that is remote alone.",
        places::area_without_remote,
    ),
    rule(
        "google/implied-country",
        Severity::Info,
        "The country of a place is named, not only implied.",
        places::with_implied_country,
    ),
    rule("google/title-code", Severity::Warning, "The title has no codes.", |case| {
        blemished(case, Blemish::Code)
    }),
    rule("google/title-pay", Severity::Warning, "The title has no pay.", |case| {
        blemished(case, Blemish::Pay)
    }),
    rule("google/title-place", Severity::Warning, "The title has no place.", |case| {
        blemished(case, Blemish::Place)
    }),
    rule("google/title-employer", Severity::Warning, "The title does not name who hires.", |case| {
        blemished(case, Blemish::Employer)
    }),
    rule(
        "google/title-signs",
        Severity::Warning,
        "The title has no exclamation marks and other signs that catch the eye.",
        |case| blemished(case, Blemish::Signs),
    ),
    rule("google/title-capitals", Severity::Warning, "The title is not all in capitals.", |case| {
        blemished(case, Blemish::Capitals)
    }),
    rule(
        "google/missing-date-posted",
        Severity::Warning,
        "`datePosted` says since when the posting is public.",
        without_date,
    ),
    rule("google/missing-pay", Severity::Warning, "`baseSalary` says what is paid.", without_pay),
    rule(
        "google/missing-employment-type",
        Severity::Warning,
        "`employmentType` says what kind of employment it is.",
        without_employment_type,
    ),
    rule("google/missing-apply", Severity::Warning, "One can apply.", without_apply),
    rule(
        "google/no-page",
        Severity::Warning,
        "The markup stands on a public page of the posting alone.",
        without_page,
    ),
    rule(
        "google/missing-valid-through",
        Severity::Info,
        "`validThrough` says when the posting ends, if it ends.",
        without_end,
    ),
    rule("google/missing-identifier", Severity::Info, "`identifier` is the employer's own.", |case| {
        Flaw::when(case.subject.vacancy.requisition_id.is_none(), || {
            Flaw::new("/options/requisition_id", "the posting has no number of the employer's own")
        })
    }),
    rule(
        "google/missing-direct-apply",
        Severity::Info,
        "`directApply` says how one applies.",
        without_direct,
    ),
    Rule {
        source: DIRECT_APPLY,
        ..rule(
            "google/direct-apply-elsewhere",
            Severity::Warning,
            "`directApply` is for applications on the site of the posting.",
            direct_elsewhere,
        )
    },
    rule(
        "google/missing-website",
        Severity::Info,
        "`hiringOrganization` has its site as `sameAs`.",
        |case| {
            let employer = case.subject.vacancy.employer.as_ref();
            Flaw::when(employer.is_some_and(|employer| employer.website.is_none()), || {
                Flaw::new("/employer_id", "the employer has no website")
            })
        },
    ),
    rule("google/missing-logo", Severity::Info, "`hiringOrganization` has a `logo`.", |case| {
        let employer = case.subject.vacancy.employer.as_ref();
        Flaw::when(employer.is_some_and(|employer| employer.logo.is_none()), || {
            Flaw::new("/employer_id", "the employer has no logo")
        })
    }),
    rule(
        "google/credential-without-level",
        Severity::Info,
        "`educationRequirements` is one of Google's five categories.",
        without_level,
    ),
    rule(
        "google/experience-instead-of-unknown",
        Severity::Info,
        "`experienceInPlaceOfEducation` stands beside `experienceRequirements` in months.",
        instead_of_unknown,
    ),
];

/// Nobody is named who hires.
pub fn without_employer(case: &Case<'_>) -> Vec<Flaw> {
    Flaw::when(case.subject.vacancy.employer.is_none(), || {
        Flaw::new("/employer_id", "nothing says who hires")
    })
}

/// No first day is given.
pub fn without_date(case: &Case<'_>) -> Vec<Flaw> {
    Flaw::when(case.subject.vacancy.date_posted.is_none(), || {
        let detail = "no first day is given; the day of publishing has to stand for it";
        Flaw::new("/options/date_posted", detail)
    })
}

/// No pay is shown.
pub fn without_pay(case: &Case<'_>) -> Vec<Flaw> {
    Flaw::when(case.subject.vacancy.salary.is_none(), || {
        let switched_off = case.subject.options.sections.get(&crate::domain::posting::SectionId::Pay);
        let path = if switched_off == Some(&false) { "/sections/pay" } else { "/salary" };
        Flaw::new(case.at(path), "the posting shows no pay")
    })
}

/// No kind of employment is given.
pub fn without_employment_type(case: &Case<'_>) -> Vec<Flaw> {
    Flaw::when(case.subject.vacancy.employment_type.is_none(), || {
        Flaw::new("/options/employment_type", "nothing says what kind of employment it is")
    })
}

fn without_apply(case: &Case<'_>) -> Vec<Flaw> {
    Flaw::when(case.subject.vacancy.apply.is_none(), || {
        Flaw::new("/options/apply", "nothing says how to apply")
    })
}

fn without_page(case: &Case<'_>) -> Vec<Flaw> {
    Flaw::when(case.subject.url.is_none(), || Flaw::new("", "the posting has no public page"))
}

fn without_end(case: &Case<'_>) -> Vec<Flaw> {
    Flaw::when(case.subject.vacancy.valid_through.is_none(), || {
        Flaw::new("/options/valid_through", "no last day is given; the posting counts as open without end")
    })
}

fn without_direct(case: &Case<'_>) -> Vec<Flaw> {
    let apply = case.subject.vacancy.apply.as_ref();
    Flaw::when(apply.is_some_and(|apply| apply.url.is_some() && apply.direct.is_none()), || {
        let path = "/apply/direct";
        Flaw::new(case.at(path), "nothing says whether one applies at the address itself, in one step")
            .mended_by(case.setting(path, json!(false)))
    })
}

/// Applications are called direct, and go to another site than that of the page.
fn direct_elsewhere(case: &Case<'_>) -> Vec<Flaw> {
    let apply = case.subject.vacancy.apply.as_ref().filter(|apply| apply.direct == Some(true));
    let to = apply.and_then(|apply| apply.url.as_ref()).map(|url| host(url.as_str()));
    let page = case.subject.url.map(host);
    let elsewhere = to.zip(page).filter(|(to, page)| !to.eq_ignore_ascii_case(page));
    elsewhere.map_or(Vec::new(), |(to, page)| {
        let path = "/apply/direct";
        let detail = format!("one applies at {to}, and the posting is at {page}: that is not direct");
        vec![Flaw::new(case.at(path), detail).mended_by(case.setting(path, json!(false)))]
    })
}

/// The host of an address.
fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    authority.rsplit('@').next().unwrap_or_default()
}

fn without_level(case: &Case<'_>) -> Vec<Flaw> {
    let education = case.subject.vacancy.education.iter();
    let lacking = education.flat_map(|education| &education.minimum).filter(|it| it.level.is_none());
    let flaw = |credential: &crate::domain::role::Credential| {
        Flaw::new("/role_id", format!("the role gives no level of “{}”", credential.text))
    };
    lacking.map(flaw).collect()
}

fn instead_of_unknown(case: &Case<'_>) -> Vec<Flaw> {
    let vacancy = case.subject.vacancy;
    let instead = vacancy.education.as_ref().is_some_and(|education| education.experience_accepted_instead);
    let years = vacancy.experience.as_ref().and_then(|experience| experience.minimum_years);
    Flaw::when(instead && years.is_none(), || {
        let detail = "experience is accepted instead of education, and nothing says how many years of it";
        Flaw::new("/role_id", detail)
    })
}

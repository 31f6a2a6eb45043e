//! LinkedIn.

use super::case::{Case, Flaw};
use super::google::{without_employer, without_employment_type, without_pay};
use super::{Check, Rule, Severity, Target, description, places};
use crate::domain::options::EmploymentType;
use crate::domain::place::Location;
use serde_json::json;

const FEED: &str =
    "https://learn.microsoft.com/en-us/linkedin/talent/job-postings/xml-feeds-development-guide";
const SCHEMA: &str =
    "https://learn.microsoft.com/en-us/linkedin/talent/premium-job-posting/job-posting-field-schema";
const NEWS: &str = "https://learn.microsoft.com/en-us/linkedin/talent/job-postings/job-posting-release-notes";

/// The fewest characters of a description.
const SHORTEST: usize = 100;
/// The most characters of a description.
const LONGEST: usize = 25_000;
/// The most characters of a title.
const LONGEST_TITLE: usize = 200;

const fn rule(
    id: &'static str,
    severity: Severity,
    summary: &'static str,
    source: &'static str,
    check: Check,
) -> Rule {
    Rule { id, target: Target::Linkedin, severity, summary, source, check }
}

/// What LinkedIn asks for.
pub const RULES: &[Rule] = &[
    rule("linkedin/missing-company", Severity::Error, "`company` names who hires.", FEED, without_employer),
    rule("linkedin/missing-place", Severity::Error, "`location` names a place.", FEED, without_place),
    rule(
        "linkedin/missing-apply-url",
        Severity::Error,
        "`applyUrl` says where to apply.",
        FEED,
        without_apply_url,
    ),
    rule(
        "linkedin/insecure-apply-url",
        Severity::Error,
        "`applyUrl` is an `https` address.",
        FEED,
        insecure_apply_url,
    ),
    rule(
        "linkedin/apply-url-without-www",
        Severity::Info,
        "`applyUrl` starts with `https://www`.",
        FEED,
        apply_url_without_www,
    ),
    rule(
        "linkedin/missing-poster-email",
        Severity::Error,
        "`posterEmail` is the address of who answers for the posting (since June 2025).",
        NEWS,
        without_email,
    ),
    rule(
        "linkedin/short-description",
        Severity::Error,
        "`description` has at least 100 characters.",
        FEED,
        short_description,
    ),
    rule(
        "linkedin/long-description",
        Severity::Warning,
        "`description` has at most 25,000 characters.",
        SCHEMA,
        long_description,
    ),
    rule("linkedin/long-title", Severity::Error, "`title` has at most 200 characters.", SCHEMA, long_title),
    rule(
        "linkedin/missing-workplace",
        Severity::Info,
        "`workplaceTypes` says whether the work is on site, hybrid, or remote.",
        FEED,
        places::without_workplace,
    ),
    rule(
        "linkedin/missing-jobtype",
        Severity::Info,
        "`jobtype` says what kind of employment it is.",
        FEED,
        without_employment_type,
    ),
    rule(
        "linkedin/unknown-jobtype",
        Severity::Info,
        "`jobtype` is one that LinkedIn knows.",
        FEED,
        unknown_jobtype,
    ),
    rule("linkedin/missing-pay", Severity::Info, "`salaries` says what is paid.", FEED, without_pay),
];

fn without_place(case: &Case<'_>) -> Vec<Flaw> {
    let vacancy = case.subject.vacancy;
    let is_named = |place: &Location| place.city.is_some() || place.country_code().is_some();
    let nowhere = vacancy.remote_within.is_empty() && !vacancy.locations.iter().any(is_named);
    Flaw::when(nowhere, || Flaw::new(case.at("/locations"), "no city or country of work is named"))
}

/// Where one applies, and where the posting says so: at the address of the options, else on its page.
fn apply_url<'c>(case: &'c Case<'_>) -> Option<(&'c str, String)> {
    let own = case.subject.vacancy.apply.as_ref().and_then(|apply| apply.url.as_ref());
    let own = own.map(|url| (url.as_str(), case.at("/apply/url")));
    own.or_else(|| case.subject.url.map(|page| (page, String::new())))
}

fn without_apply_url(case: &Case<'_>) -> Vec<Flaw> {
    Flaw::when(apply_url(case).is_none(), || {
        let detail = "there is no address to apply at, and no public page";
        Flaw::new(case.at("/apply/url"), detail)
    })
}

fn insecure_apply_url(case: &Case<'_>) -> Vec<Flaw> {
    let insecure = apply_url(case).filter(|(url, _)| !url.starts_with("https://"));
    let flaw = |(_, pointer)| Flaw::new(pointer, "the address to apply at is not an https address");
    insecure.map(flaw).into_iter().collect()
}

fn apply_url_without_www(case: &Case<'_>) -> Vec<Flaw> {
    let is_bare = |url: &str| url.starts_with("https://") && !url.starts_with("https://www");
    let bare = apply_url(case).filter(|(url, _)| is_bare(url));
    let flaw = |(_, pointer)| Flaw::new(pointer, "LinkedIn's guide asks for an address with `www`");
    bare.map(flaw).into_iter().collect()
}

/// Nobody is named: neither for questions, nor for applications.
fn without_email(case: &Case<'_>) -> Vec<Flaw> {
    let vacancy = case.subject.vacancy;
    let to_apply = vacancy.apply.as_ref().and_then(|apply| apply.email.as_ref());
    Flaw::when(vacancy.contact_email.is_none() && to_apply.is_none(), || {
        Flaw::new("/options/contact_email", "there is no e-mail address of who answers for the posting")
    })
}

fn short_description(case: &Case<'_>) -> Vec<Flaw> {
    let length = description::length(case.subject.posting);
    Flaw::when(length < SHORTEST, || {
        let detail = format!("the description has {length} characters; LinkedIn wants {SHORTEST} or more");
        Flaw::new(case.at("/sections"), detail)
    })
}

fn long_description(case: &Case<'_>) -> Vec<Flaw> {
    let length = description::length(case.subject.posting);
    Flaw::when(length > LONGEST, || {
        let detail = format!("the description has {length} characters; LinkedIn takes {LONGEST}");
        Flaw::new(case.at("/length"), detail)
    })
}

/// The role's own title mends it, if that is shorter.
fn long_title(case: &Case<'_>) -> Vec<Flaw> {
    let fits = |title: &str| title.chars().count() <= LONGEST_TITLE;
    let posting = case.subject.posting;
    Flaw::when(!fits(&posting.title), || {
        let length = posting.title.chars().count();
        let detail = format!("the title has {length} characters; LinkedIn takes {LONGEST_TITLE}");
        let own = Some(&posting.role.title).filter(|title| fits(title));
        let patch = own.and_then(|title| case.setting("/title", json!(title)));
        Flaw::new(super::title::pointer(case), detail).mended_by(patch)
    })
}

fn unknown_jobtype(case: &Case<'_>) -> Vec<Flaw> {
    use EmploymentType::{Other, PerDiem, Temporary};
    let kind =
        case.subject.vacancy.employment_type.filter(|kind| matches!(kind, Other | PerDiem | Temporary));
    let flaw = |kind: EmploymentType| {
        let detail = format!("LinkedIn has no job type for `{}`: it is left out", kind.as_str());
        Flaw::new(case.at("/employment_type"), detail)
    };
    kind.map(flaw).into_iter().collect()
}

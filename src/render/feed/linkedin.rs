//! The Basic Jobs XML feed that LinkedIn reads (learn.microsoft.com, "XML feeds: development guide").
//!
//! What LinkedIn has no value for is left out, never passed through. Left out too is what a vacancy
//! does not tell: LinkedIn's number of the company, codes of its industries and functions, and the
//! level of experience, for which a number of years stands in no table.

use super::super::xml::Xml;
use super::description::{self, Words};
use super::place::{Place, places};
use super::{Channel, Entry, moment};
use crate::domain::Salary;
use crate::domain::options::EmploymentType;
use crate::domain::place::Workplace;
use crate::domain::salary::{Amount, Period};

pub fn head(channel: &Channel<'_>) -> Vec<u8> {
    let mut xml = Xml::in_lines();
    xml.declaration();
    xml.open("source", &[]);
    if let Some(built) = moment::rfc822(channel.updated) {
        xml.element("lastBuildDate", &[], &built);
    }
    xml.cdata("publisherUrl", channel.site);
    xml.cdata("publisher", channel.publisher);
    xml.into_lines()
}

pub fn entry(entry: &Entry<'_>) -> Vec<u8> {
    let vacancy = entry.vacancy;
    let places = places(vacancy);
    let (first, others) = places.split_first().map_or((Place::default(), &[][..]), |(f, o)| (*f, o));
    let apply = vacancy.apply.as_ref().and_then(|apply| apply.url.as_ref());
    let mut xml = Xml::in_lines();
    xml.open("job", &[]);
    xml.cdata("partnerJobId", entry.id);
    text(&mut xml, "company", entry.company());
    text(&mut xml, "title", Some(&vacancy.title));
    xml.cdata("description", &description::html(entry.posting, Words::Escaped));
    xml.cdata("applyUrl", apply.map_or(entry.url, |url| url.as_str()));
    text(&mut xml, "location", Some(&first.line()));
    text(&mut xml, "city", first.city);
    text(&mut xml, "state", first.state());
    text(&mut xml, "country", first.country());
    text(&mut xml, "postalCode", first.postal_code);
    list(&mut xml, "alternateLocations", "alternateLocation", others.iter().map(Place::line));
    text(&mut xml, "workplaceTypes", first.workplace.map(workplace));
    text(&mut xml, "jobtype", vacancy.employment_type.and_then(job_type));
    list(&mut xml, "skills", "skill", vacancy.skills.iter().map(ToString::to_string));
    if let Some(salary) = &vacancy.salary {
        pay(&mut xml, &salary.range);
    }
    let listed = vacancy.date_posted.or_else(|| moment::day(entry.published));
    text(&mut xml, "listDate", listed.map(moment::american).as_deref());
    text(&mut xml, "expirationDate", last_day(entry).as_deref());
    text(&mut xml, "posterEmail", vacancy.contact_email.as_ref().map(|email| email.as_str()));
    xml.close("job");
    xml.into_lines()
}

/// An element, where there is something to say.
fn text(xml: &mut Xml, name: &str, words: Option<&str>) {
    if let Some(words) = words.filter(|words| !words.is_empty()) {
        xml.cdata(name, words);
    }
}

fn list(xml: &mut Xml, name: &str, item: &str, words: impl Iterator<Item = String>) {
    let mut words = words.filter(|words| !words.is_empty()).peekable();
    if words.peek().is_some() {
        xml.open(name, &[]);
        words.for_each(|words| xml.cdata(item, &words));
        xml.close(name);
    }
}

/// The last day, of which the moment of closing is the end.
fn last_day(entry: &Entry<'_>) -> Option<String> {
    let before = || entry.closes?.checked_sub(jiff::SignedDuration::from_secs(1)).ok();
    entry.vacancy.valid_through.or_else(|| before().and_then(moment::day)).map(moment::american)
}

/// Pay, unless it is by the day, which LinkedIn does not know.
fn pay(xml: &mut Xml, range: &Salary) {
    let period = match range.period {
        Period::Hour => "HOURLY",
        Period::Day => return,
        Period::Week => "WEEKLY",
        Period::Month => "MONTHLY",
        Period::Year => "YEARLY",
    };
    let bound = |xml: &mut Xml, name: &str, amount: Amount| {
        xml.open(name, &[]);
        xml.cdata("amount", &amount.to_string());
        xml.cdata("currencyCode", range.currency.code());
        xml.close(name);
    };
    xml.open("salaries", &[]);
    xml.open("salary", &[]);
    bound(xml, "highEnd", range.max);
    bound(xml, "lowEnd", range.min);
    xml.cdata("period", period);
    xml.cdata("type", "BASE_SALARY");
    xml.close("salary");
    xml.close("salaries");
}

fn workplace(workplace: Workplace) -> &'static str {
    match workplace {
        Workplace::OnSite => "On-site",
        Workplace::Hybrid => "Hybrid",
        Workplace::Remote => "Remote",
    }
}

fn job_type(kind: EmploymentType) -> Option<&'static str> {
    match kind {
        EmploymentType::FullTime => Some("FULL_TIME"),
        EmploymentType::PartTime => Some("PART_TIME"),
        EmploymentType::Contractor => Some("CONTRACT"),
        EmploymentType::Intern => Some("INTERNSHIP"),
        EmploymentType::Volunteer => Some("VOLUNTEER"),
        EmploymentType::Temporary | EmploymentType::PerDiem | EmploymentType::Other => None,
    }
}

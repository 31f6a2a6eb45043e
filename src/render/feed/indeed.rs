//! The XML feed that Indeed reads (docs.indeed.com, "XML feed reference").
//!
//! A job for each place, all content in CDATA sections, no HTML character references anywhere, pay
//! where the posting shows it. `referencenumber` names a job of one place and never changes.

use super::super::xml::Xml;
use super::description::{self, Words, literal};
use super::place::{Place, places};
use super::{Channel, Entry, moment};
use crate::domain::options::EmploymentType;
use crate::domain::place::Workplace;

pub fn head(channel: &Channel<'_>) -> Vec<u8> {
    let mut xml = Xml::in_lines();
    xml.declaration();
    xml.open("source", &[]);
    xml.cdata("publisher", &literal(channel.publisher));
    xml.cdata("publisherurl", channel.site);
    if let Some(built) = moment::rfc822(channel.updated) {
        xml.element("lastBuildDate", &[], &built);
    }
    xml.into_lines()
}

pub fn entry(entry: &Entry<'_>) -> Vec<u8> {
    let places = places(entry.vacancy);
    let description = description::html(entry.posting, Words::Literal);
    let mut jobs = Vec::with_capacity(places.len() * (description.len() + 2 * 1024));
    for place in &places {
        let number =
            if places.len() == 1 { entry.id.to_owned() } else { [entry.id, "-", &place.key()].concat() };
        jobs.extend(job(entry, place, &number, &description));
    }
    jobs
}

/// The elements of a job, in the order of Indeed's reference.
fn job(entry: &Entry<'_>, place: &Place<'_>, number: &str, description: &str) -> Vec<u8> {
    let vacancy = entry.vacancy;
    let mut xml = Xml::in_lines();
    xml.open("job", &[]);
    text(&mut xml, "title", Some(&vacancy.title));
    // A day that the page shows must be the same here, in whatever time zone it is read.
    let posted = vacancy.date_posted.map_or_else(|| moment::iso(entry.published), |day| day.to_string());
    xml.cdata("date", &posted);
    xml.cdata("referencenumber", number);
    text(&mut xml, "requisitionid", Some(vacancy.requisition_id.as_ref().map_or(entry.id, |id| id.as_str())));
    xml.cdata("url", entry.url);
    text(&mut xml, "company", entry.company());
    text(&mut xml, "sourcename", entry.company());
    text(&mut xml, "city", place.city);
    text(&mut xml, "state", place.state());
    text(&mut xml, "country", place.country());
    text(&mut xml, "postalcode", place.postal_code);
    text(&mut xml, "streetaddress", place.street);
    text(&mut xml, "email", vacancy.contact_email.as_ref().map(|email| email.as_str()));
    xml.cdata("description", description);
    text(&mut xml, "salary", vacancy.salary.as_ref().map(|salary| salary.text.as_str()));
    text(&mut xml, "education", education(entry).as_deref());
    text(&mut xml, "jobtype", vacancy.employment_type.and_then(job_type));
    text(&mut xml, "category", Some(&*entry.categories().collect::<Vec<_>>().join(", ")));
    text(&mut xml, "experience", experience(entry).as_deref());
    let last_day = vacancy.valid_through.map(|day| day.to_string());
    text(&mut xml, "expirationdate", last_day.or_else(|| entry.closes.map(moment::iso)).as_deref());
    text(&mut xml, "remotetype", place.workplace.and_then(remote_type));
    xml.cdata("lastactivitydate", &moment::iso(entry.updated));
    xml.close("job");
    xml.into_lines()
}

/// An element, where there is something to say.
fn text(xml: &mut Xml, name: &str, words: Option<&str>) {
    if let Some(words) = words.filter(|words| !words.is_empty()) {
        xml.cdata(name, &literal(words));
    }
}

fn education(entry: &Entry<'_>) -> Option<String> {
    let minimum = &entry.vacancy.education.as_ref()?.minimum;
    Some(minimum.iter().map(|credential| credential.text.as_str()).collect::<Vec<_>>().join("; "))
}

fn experience(entry: &Entry<'_>) -> Option<String> {
    let years = entry.vacancy.experience.as_ref()?.minimum_years?;
    Some(format!("{years}+ years"))
}

/// Indeed's word; it has none for the others.
fn job_type(kind: EmploymentType) -> Option<&'static str> {
    match kind {
        EmploymentType::FullTime => Some("fulltime"),
        EmploymentType::PartTime => Some("parttime"),
        EmploymentType::Contractor => Some("contract"),
        EmploymentType::Temporary => Some("temporary"),
        EmploymentType::Intern => Some("internship"),
        EmploymentType::Volunteer => Some("volunteer"),
        EmploymentType::PerDiem | EmploymentType::Other => None,
    }
}

fn remote_type(workplace: Workplace) -> Option<&'static str> {
    match workplace {
        Workplace::OnSite => None,
        Workplace::Hybrid => Some("Hybrid remote"),
        Workplace::Remote => Some("Fully remote"),
    }
}

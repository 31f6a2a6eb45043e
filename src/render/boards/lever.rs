//! Lever's Postings API, version 0 (github.com/lever/postings-api).
//!
//! A posting is divided as Lever divides one: the opening; what stands before the lists; the lists (duties,
//! skills, requirements), each under its heading; and the rest.

use serde::Serialize;
use utoipa::ToSchema;

use super::super::english::employment;
use super::{Entry, escaped, words};
use crate::domain::place::Workplace;
use crate::domain::posting::{Block, BlockKind, Section, SectionId};
use crate::domain::salary::{Amount, Period};

/// What is not there.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(as = LeverNotFound)]
pub struct NotFound {
    /// `false`.
    pub ok: bool,
    /// What is wrong.
    #[schema(value_type = String, example = "Document not found")]
    pub error: &'static str,
}

impl NotFound {
    /// The only one.
    pub const DOCUMENT: Self = Self { ok: false, error: "Document not found" };
}

/// A posting.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = LeverPosting)]
pub struct Posting<'a> {
    /// The posting's UUID.
    #[schema(value_type = String)]
    pub id: &'a str,
    /// The title.
    #[schema(value_type = String)]
    pub text: &'a str,
    /// What it is sorted by.
    pub categories: Categories<'a>,
    /// The country of the first place (ISO 3166-1), if it is known.
    pub country: Option<&'static str>,
    /// When it was published: milliseconds since 1970.
    pub created_at: i64,
    /// The opening, as HTML.
    pub opening: String,
    /// The opening, as plain text.
    pub opening_plain: String,
    /// Opening and body, as HTML.
    pub description: String,
    /// Opening and body, as plain text.
    pub description_plain: String,
    /// What stands between the opening and the lists, as HTML.
    pub description_body: String,
    /// The same as plain text.
    pub description_body_plain: String,
    /// Duties, skills, and requirements.
    pub lists: Vec<List>,
    /// What stands after the lists, as HTML.
    pub additional: String,
    /// The same as plain text.
    pub additional_plain: String,
    /// Its page.
    #[schema(value_type = String)]
    pub hosted_url: &'a str,
    /// Where to apply.
    #[schema(value_type = String)]
    pub apply_url: &'a str,
    /// `unspecified`, `on-site`, `remote`, or `hybrid`.
    #[schema(value_type = String, example = "hybrid")]
    pub workplace_type: &'static str,
    /// The pay that it shows.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub salary_range: Option<SalaryRange>,
    /// The pay in words, as HTML.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub salary_description: Option<String>,
    /// The pay in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub salary_description_plain: Option<&'a str>,
}

/// What a posting is sorted by. What is not known is left out.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = LeverCategories)]
pub struct Categories<'a> {
    /// The kind of employment.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "Full-time")]
    pub commitment: Option<&'static str>,
    /// The department.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub department: Option<&'a str>,
    /// The first place.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "Denver, CO")]
    pub location: Option<String>,
    /// The team.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub team: Option<&'a str>,
    /// All places.
    pub all_locations: Vec<String>,
}

impl<'a> Categories<'a> {
    /// Of a posting.
    pub fn of(entry: &'a Entry<'a>) -> Self {
        let places = entry.places();
        Self {
            commitment: entry.vacancy.employment_type.map(employment),
            department: entry.department(),
            location: places.first().cloned(),
            team: entry.team(),
            all_locations: places,
        }
    }
}

/// A list under its heading.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = LeverList)]
pub struct List {
    /// The heading.
    pub text: String,
    /// The items: `<li>` elements.
    #[schema(example = "<li>Lead a team</li>")]
    pub content: String,
}

/// A range of pay.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = LeverSalaryRange)]
pub struct SalaryRange {
    /// The currency (ISO 4217).
    #[schema(value_type = String, example = "USD")]
    pub currency: &'static str,
    /// What the amounts are paid for.
    #[schema(value_type = String, example = "per-year-salary")]
    pub interval: &'static str,
    /// The lowest pay, in the currency's unit.
    pub min: Amount,
    /// The highest pay, in the currency's unit.
    pub max: Amount,
}

/// Postings that have a category in common.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = LeverGroup)]
pub struct Group<'a> {
    /// The category.
    pub title: String,
    /// Its postings.
    pub postings: Vec<Posting<'a>>,
}

/// What a list has: postings, or groups of them.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(untagged)]
#[schema(as = LeverItem)]
pub enum Item<'a> {
    /// A posting.
    Posting(Box<Posting<'a>>),
    /// With `group`.
    Group(Group<'a>),
}

impl<'a> Posting<'a> {
    /// Of a posting of ours.
    pub fn of(entry: &'a Entry<'a>) -> Self {
        let Parts { opening, body, lists, additional } = Parts::of(entry);
        let (opening_html, opening_plain) = (words::body_html(&opening), words::body_plain(&opening));
        let (body_html, body_plain) = (words::html(&body), words::plain(&body));
        let salary = entry.vacancy.salary.as_ref();
        Self {
            id: entry.id,
            text: &entry.vacancy.title,
            categories: Categories::of(entry),
            country: entry.known_places().first().and_then(super::Place::country),
            created_at: entry.published.as_millisecond(),
            description: joined(&opening_html, &body_html, "\n"),
            description_plain: joined(&opening_plain, &body_plain, "\n\n"),
            opening: opening_html,
            opening_plain,
            description_body: body_html,
            description_body_plain: body_plain,
            lists: lists.iter().flat_map(|section| self::lists(section)).collect(),
            additional: words::html(&additional),
            additional_plain: words::plain(&additional),
            hosted_url: entry.url,
            apply_url: entry.apply_url(),
            workplace_type: match entry.workplace() {
                None => "unspecified",
                Some(Workplace::OnSite) => "on-site",
                Some(Workplace::Hybrid) => "hybrid",
                Some(Workplace::Remote) => "remote",
            },
            salary_range: salary.map(|salary| SalaryRange {
                currency: salary.range.currency.code(),
                interval: interval(salary.range.period),
                min: salary.range.min,
                max: salary.range.max,
            }),
            salary_description: salary.map(|salary| format!("<p>{}</p>", escaped(&salary.text))),
            salary_description_plain: salary.map(|salary| salary.text.as_str()),
        }
    }
}

fn interval(period: Period) -> &'static str {
    match period {
        Period::Hour => "per-hour-wage",
        Period::Day => "per-day-wage",
        Period::Week => "per-week-salary",
        Period::Month => "per-month-salary",
        Period::Year => "per-year-salary",
    }
}

fn joined(first: &str, second: &str, glue: &str) -> String {
    if first.is_empty() || second.is_empty() {
        [first, second].concat()
    } else {
        [first, glue, second].concat()
    }
}

/// A posting in the parts that Lever has.
struct Parts<'p> {
    opening: Vec<&'p Section<'p>>,
    body: Vec<&'p Section<'p>>,
    lists: Vec<&'p Section<'p>>,
    additional: Vec<&'p Section<'p>>,
}

impl<'p> Parts<'p> {
    fn of(entry: &Entry<'p>) -> Self {
        let mut parts = Self { opening: vec![], body: vec![], lists: vec![], additional: vec![] };
        for section in &entry.posting.sections {
            match section.id {
                SectionId::Opening => parts.opening.push(section),
                SectionId::Responsibilities | SectionId::Skills | SectionId::Qualifications => {
                    parts.lists.push(section);
                }
                _ if parts.lists.is_empty() => parts.body.push(section),
                _ => parts.additional.push(section),
            }
        }
        parts
    }
}

/// The lists of a section: one under its heading, and one under each further lead-in, which says what is
/// different about what follows.
fn lists(section: &Section<'_>) -> Vec<List> {
    let mut lists: Vec<(String, Vec<&Block<'_>>)> = vec![(section.heading.clone().into_owned(), vec![])];
    for block in &section.blocks {
        let words = block.text.as_ref().map_or("", |text| &*text.words);
        let Some((heading, blocks)) = lists.last_mut() else { continue };
        match block.kind {
            BlockKind::LeadIn if blocks.is_empty() => *heading = format!("{heading}: {}", lead(words)),
            BlockKind::LeadIn => lists.push((lead(words).to_owned(), vec![])),
            _ => blocks.push(block),
        }
    }
    let list = |(text, blocks): (String, Vec<_>)| List { text, content: words::list_items(blocks) };
    lists.into_iter().map(list).collect()
}

/// A lead-in as a heading.
fn lead(words: &str) -> &str {
    words.trim_end_matches(':')
}

/// A posting as an item of an HTML list.
pub fn html_item(entry: &Entry<'_>) -> String {
    let place = entry.places().join("; ");
    let place = if place.is_empty() { place } else { format!(" <span>{}</span>", escaped(&place)) };
    format!("<li><a href=\"{}\">{}</a>{place}</li>\n", escaped(entry.url), escaped(&entry.vacancy.title))
}

/// What a list is asked for. Of several values of one kind, a posting must have one; where there is only
/// one, capitals do not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Places, by their names.
    pub locations: Vec<String>,
    /// Kinds of employment.
    pub commitments: Vec<String>,
    /// Teams.
    pub teams: Vec<String>,
    /// Departments.
    pub departments: Vec<String>,
    /// Levels: no posting has one.
    pub levels: Vec<String>,
}

impl Filter {
    /// Whether a posting is asked for.
    pub fn takes(&self, entry: &Entry<'_>) -> bool {
        let has = Categories::of(entry);
        let places: Vec<_> = has.all_locations.iter().map(String::as_str).collect();
        is_wanted(&self.locations, &places)
            && is_wanted(&self.commitments, has.commitment.as_slice())
            && is_wanted(&self.teams, has.team.as_slice())
            && is_wanted(&self.departments, has.department.as_slice())
            && is_wanted(&self.levels, &[])
    }
}

fn is_wanted(wanted: &[String], known: &[&str]) -> bool {
    match wanted {
        [] => true,
        [only] => known.iter().any(|known| only.to_lowercase() == known.to_lowercase()),
        several => known.iter().any(|known| several.iter().any(|wanted| wanted == known)),
    }
}

/// What postings are grouped by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GroupBy {
    /// The first place.
    Location,
    /// The kind of employment.
    Commitment,
    /// The team.
    Team,
}

impl GroupBy {
    /// By the value of the parameter `group`.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "location" => Some(Self::Location),
            "commitment" => Some(Self::Commitment),
            "team" => Some(Self::Team),
            _ => None,
        }
    }

    /// The group of a posting: empty if nothing is known of it.
    pub fn title(self, entry: &Entry<'_>) -> String {
        let has = Categories::of(entry);
        match self {
            Self::Location => has.location.unwrap_or_default(),
            Self::Commitment => has.commitment.unwrap_or_default().to_owned(),
            Self::Team => has.team.unwrap_or_default().to_owned(),
        }
    }
}

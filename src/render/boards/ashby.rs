//! Ashby's public job posting API (developers.ashbyhq.com/docs/public-job-posting-api).
//!
//! The compensation stands on each job, as the service has it in fact. One tier with one component says the
//! pay that the posting shows; what is paid beside has no numbers, and so stands in words.

use serde::Serialize;
use utoipa::ToSchema;

use super::super::feed::place::Place;
use super::{Entry, utc, uuid_of, words};
use crate::domain::Salary;
use crate::domain::options::EmploymentType;
use crate::domain::place::Workplace;
use crate::domain::salary::{Amount, Period};

/// The version of the API.
pub const VERSION: &str = "1";

/// A job board. It is written job by job.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = AshbyBoard)]
pub struct Board<'a> {
    /// The version of the API.
    #[schema(value_type = String, example = "1")]
    pub api_version: &'static str,
    /// The jobs.
    pub jobs: Vec<Job<'a>>,
}

/// A job.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = AshbyJob)]
pub struct Job<'a> {
    /// The posting's UUID.
    #[schema(value_type = String)]
    pub id: &'a str,
    /// The title.
    #[schema(value_type = String)]
    pub title: &'a str,
    /// The department.
    pub department: Option<&'a str>,
    /// The team.
    pub team: Option<&'a str>,
    /// `FullTime`, `PartTime`, `Intern`, `Contract`, or `Temporary`; nothing for other kinds.
    #[schema(example = "FullTime")]
    pub employment_type: Option<&'static str>,
    /// The first place.
    #[schema(example = "Denver, CO")]
    pub location: String,
    /// The other places.
    pub secondary_locations: Vec<SecondaryLocation<'a>>,
    /// When it was published.
    pub published_at: String,
    /// `true`: others are not here.
    pub is_listed: bool,
    /// Whether all of the work is done away from the employer's places.
    pub is_remote: bool,
    /// `OnSite`, `Hybrid`, or `Remote`.
    #[schema(example = "Hybrid")]
    pub workplace_type: Option<&'static str>,
    /// The address of the first place.
    pub address: Option<Address<'a>>,
    /// Its page.
    #[schema(value_type = String)]
    pub job_url: &'a str,
    /// Where to apply.
    #[schema(value_type = String)]
    pub apply_url: &'a str,
    /// The posting, as HTML.
    pub description_html: String,
    /// The posting, as plain text.
    pub description_plain: String,
    /// The pay; with `includeCompensation=true`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub compensation: Option<Compensation>,
}

/// Another place of a job.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = AshbySecondaryLocation)]
pub struct SecondaryLocation<'a> {
    /// Its name.
    pub location: String,
    /// Its address.
    pub address: PostalAddress<'a>,
}

/// An address.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = AshbyAddress)]
pub struct Address<'a> {
    /// The parts of it.
    pub postal_address: PostalAddress<'a>,
}

/// The parts of an address. What is not known is left out.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = AshbyPostalAddress)]
pub struct PostalAddress<'a> {
    /// The city or town.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub address_locality: Option<&'a str>,
    /// The name of the region.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "Colorado")]
    pub address_region: Option<&'static str>,
    /// The name of the country.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "United States")]
    pub address_country: Option<&'static str>,
}

impl<'a> PostalAddress<'a> {
    fn of(place: &Place<'a>) -> Self {
        Self {
            address_locality: place.city,
            address_region: place.region_name(),
            address_country: place.country_name(),
        }
    }

    fn says_something(&self) -> bool {
        self.address_locality.is_some() || self.address_region.is_some() || self.address_country.is_some()
    }
}

/// The pay of a job.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = AshbyCompensation)]
pub struct Compensation {
    /// All of it in a line.
    #[schema(example = "$150K – $185K • an annual bonus")]
    pub compensation_tier_summary: Option<String>,
    /// The salary in a line.
    #[schema(example = "$150K - $185K")]
    pub scrapeable_compensation_salary_summary: Option<String>,
    /// One tier, if the posting shows pay.
    pub compensation_tiers: Vec<Tier>,
    /// The components of all tiers.
    pub summary_components: Vec<Component>,
}

/// A tier of pay.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = AshbyCompensationTier)]
pub struct Tier {
    /// Its UUID.
    pub id: String,
    /// All of it in a line.
    pub tier_summary: String,
    /// Its name: there is only one tier.
    #[schema(value_type = Option<String>)]
    pub title: Option<&'static str>,
    /// What is paid beside.
    pub additional_information: Option<String>,
    /// Its parts.
    pub components: Vec<Component>,
}

/// A part of the pay.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = AshbyCompensationComponent)]
pub struct Component {
    /// Its UUID.
    pub id: String,
    /// It in a line.
    pub summary: String,
    /// `Salary`.
    #[schema(value_type = String, example = "Salary")]
    pub compensation_type: &'static str,
    /// What the amounts are paid for.
    #[schema(value_type = String, example = "1 YEAR")]
    pub interval: &'static str,
    /// The currency (ISO 4217).
    #[schema(value_type = String, example = "USD")]
    pub currency_code: &'static str,
    /// The lowest pay, in the currency's unit.
    pub min_value: Amount,
    /// The highest pay, in the currency's unit.
    pub max_value: Amount,
}

impl<'a> Job<'a> {
    /// Of a posting.
    pub fn of(entry: &'a Entry<'a>, compensation: bool) -> Self {
        let places = entry.known_places();
        let names = entry.places();
        let sections: Vec<_> = entry.posting.sections.iter().collect();
        let others = places.iter().filter(|place| !place.line().is_empty()).skip(1);
        let address = places.first().map(PostalAddress::of).filter(PostalAddress::says_something);
        Self {
            id: entry.id,
            title: &entry.vacancy.title,
            department: entry.department(),
            team: entry.team(),
            employment_type: entry.vacancy.employment_type.and_then(employment_type),
            location: names.into_iter().next().unwrap_or_default(),
            secondary_locations: others
                .map(|place| SecondaryLocation { location: place.line(), address: PostalAddress::of(place) })
                .collect(),
            published_at: utc(entry.published, "+00:00"),
            is_listed: true,
            is_remote: entry.vacancy.is_remote(),
            workplace_type: entry.workplace().map(|workplace| match workplace {
                Workplace::OnSite => "OnSite",
                Workplace::Hybrid => "Hybrid",
                Workplace::Remote => "Remote",
            }),
            address: address.map(|postal_address| Address { postal_address }),
            job_url: entry.url,
            apply_url: entry.apply_url(),
            description_html: words::html(&sections),
            description_plain: words::plain(&sections),
            compensation: compensation.then(|| Compensation::of(entry)),
        }
    }
}

/// Ashby's word; it has none for the others.
fn employment_type(kind: EmploymentType) -> Option<&'static str> {
    match kind {
        EmploymentType::FullTime => Some("FullTime"),
        EmploymentType::PartTime => Some("PartTime"),
        EmploymentType::Contractor => Some("Contract"),
        EmploymentType::Temporary | EmploymentType::PerDiem => Some("Temporary"),
        EmploymentType::Intern => Some("Intern"),
        EmploymentType::Volunteer | EmploymentType::Other => None,
    }
}

impl Compensation {
    fn of(entry: &Entry<'_>) -> Self {
        let Some(salary) = &entry.vacancy.salary else {
            return Self {
                compensation_tier_summary: None,
                scrapeable_compensation_salary_summary: None,
                compensation_tiers: Vec::new(),
                summary_components: Vec::new(),
            };
        };
        let range = &salary.range;
        let component = |part: &str| Component {
            id: uuid_of(entry.id, part),
            summary: short(range, " – "),
            compensation_type: "Salary",
            interval: interval(range.period),
            currency_code: range.currency.code(),
            min_value: range.min,
            max_value: range.max,
        };
        let beside: Vec<_> = entry.vacancy.other_compensation.iter().map(|text| text.as_str()).collect();
        let whole = [short(range, " – ")].into_iter().chain(beside.iter().map(|text| (*text).to_owned()));
        let whole = whole.collect::<Vec<_>>().join(" • ");
        Self {
            compensation_tier_summary: Some(whole.clone()),
            scrapeable_compensation_salary_summary: Some(short(range, " - ")),
            compensation_tiers: vec![Tier {
                id: uuid_of(entry.id, "tier"),
                tier_summary: whole,
                title: None,
                additional_information: (!beside.is_empty()).then(|| beside.join("; ")),
                components: vec![component("salary")],
            }],
            summary_components: vec![component("summary of the salary")],
        }
    }
}

fn interval(period: Period) -> &'static str {
    match period {
        Period::Hour => "1 HOUR",
        Period::Day => "1 DAY",
        Period::Week => "1 WEEK",
        Period::Month => "1 MONTH",
        Period::Year => "1 YEAR",
    }
}

/// A range as Ashby abbreviates it, whatever the posting's locale: `$150K – $185K`, `CHF 90K`, `€28.50 – €31 per hour`.
/// Clients read numbers from it.
fn short(salary: &Salary, glue: &str) -> String {
    let sign = match salary.currency.code() {
        "USD" => "$".to_owned(),
        "EUR" => "€".to_owned(),
        "GBP" => "£".to_owned(),
        code => format!("{code} "),
    };
    let amount = |amount: Amount| {
        let major = amount.scaled() / 10_000;
        let whole = amount.scaled() % 10_000_000 == 0 && major >= 1000;
        if whole { format!("{sign}{}K", major / 1000) } else { format!("{sign}{amount}") }
    };
    let range = match salary.min == salary.max {
        true => amount(salary.min),
        false => [amount(salary.min), glue.to_owned(), amount(salary.max)].concat(),
    };
    match salary.period {
        Period::Year => range,
        period => format!("{range} per {}", period.as_str()),
    }
}

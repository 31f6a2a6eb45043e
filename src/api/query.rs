//! Posting options from a query, for links and embedded postings: the ones that fit in a URL.

use actix_web::HttpRequest;
use utoipa::IntoParams;

use super::extract::{Names, Query, names};
use super::problem::Problem;
use crate::domain::employer::Employer;
use crate::domain::options::{Emphasis, Length, LocaleTag, SalaryOptions, WeightedEmphasis};
use crate::domain::place::{Country, Location, Region, Workplace};
use crate::domain::salary::{Amount, Currency, Period};
use crate::domain::{PostingOptions, Role, Slug, Text, Violation};
use crate::render::{Choice, Format, Renderer};

/// How the posting is written.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "documents the query")]
pub struct FormatQuery {
    /// The format. Default: what `Accept` asks for, else `json`.
    #[param(inline, nullable = false, example = "markdown")]
    format: Option<Format>,
}

/// What is posted.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "documents the query")]
pub struct RevisionQuery {
    /// The revision of the role to post. Default: the current one.
    #[param(nullable = false, minimum = 1, maximum = 4_294_967_295_u32, example = 1)]
    revision: Option<u32>,
}

/// How the role is to be posted.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "documents the query")]
pub struct PostingQuery {
    /// The words around the facts; see `/api/v1/tones`. With `employer_id` also one of the employer's own. Default `neutral`.
    #[param(inline, nullable = false, example = "friendly")]
    tone: Option<Slug>,
    /// What the posting puts first, the most important first: up to 10 dimensions of `/api/v1/emphases`, comma-separated,
    /// each alone or with a weight of 1 to 10, as `name:weight`.
    #[param(
        nullable = false,
        max_length = 1100,
        pattern = "^[a-z0-9]+(-[a-z0-9]+)*(:([1-9]|10))?(,[a-z0-9]+(-[a-z0-9]+)*(:([1-9]|10))?){0,9}$",
        example = "leadership,delivery:2"
    )]
    emphasis: Option<String>,
    /// The lowest pay, in major units; with `salary_max`, or neither.
    #[param(inline, nullable = false, example = 150_000)]
    salary_min: Option<Amount>,
    /// The highest pay, in major units; with `salary_min`, or neither.
    #[param(inline, nullable = false, example = 185_000)]
    salary_max: Option<Amount>,
    /// The currency of the pay. Default: the role's.
    #[param(inline, nullable = false, example = "USD")]
    currency: Option<Currency>,
    /// What the pay is for. Default: the role's.
    #[param(inline, nullable = false, example = "year")]
    period: Option<Period>,
    /// Whether the posting shows pay at all. Default `true`.
    #[param(nullable = false, example = true)]
    salary_show: Option<bool>,
    /// The id of a kept employer who hires. Its defaults hold for what the query leaves out.
    #[param(inline, nullable = false)]
    employer_id: Option<Slug>,
    /// The name of the employer; or `employer_id`.
    #[param(inline, nullable = false, example = "Acme")]
    employer: Option<Text>,
    /// The city of the job.
    #[param(inline, nullable = false, example = "Denver")]
    city: Option<Text>,
    /// The region of the job (ISO 3166-2).
    #[param(inline, nullable = false, example = "US-CO")]
    region: Option<Region>,
    /// The country of the job (ISO 3166-1 alpha-2).
    #[param(inline, nullable = false, example = "US")]
    country: Option<Country>,
    /// How much of the work is done at the employer's place.
    #[param(inline, nullable = false, example = "hybrid")]
    workplace: Option<Workplace>,
    /// How long the posting may be. Default `standard`.
    #[param(inline, nullable = false, example = "standard")]
    length: Option<Length>,
    /// How numbers, dates, and money are written; see `/api/v1/locales`. Default `en-US`.
    #[param(inline, nullable = false, example = "en-US")]
    locale: Option<LocaleTag>,
    /// The level of the posting's first heading. Default 2 in `html`, 1 in `markdown`; a `page` starts at 1.
    #[param(nullable = false, minimum = 1, maximum = 5, example = 2)]
    heading_level: Option<u8>,
}

/// The parameters whose rules span them: where one cannot be read, nothing holds of the others.
const RANGE: [&str; 4] = ["salary_min", "salary_max", "currency", "period"];

static FORMAT_QUERY: Names = Names::new(names::<FormatQuery>);
static STORED_QUERY: Names = Names::new(|| [names::<RevisionQuery>(), names::<FormatQuery>()].concat());
static POSTING_QUERY: Names =
    Names::new(|| [names::<RevisionQuery>(), names::<PostingQuery>(), names::<FormatQuery>()].concat());

/// The query of an operation whose options come in the body.
///
/// # Errors
/// A problem for an unknown or repeated parameter.
pub fn of_format(request: &HttpRequest) -> Result<Query, Problem> {
    Query::of(request, &FORMAT_QUERY)
}

/// The query of an operation on a role that is kept, whose options come in the body.
///
/// # Errors
/// A problem for an unknown or repeated parameter.
pub fn of_stored(request: &HttpRequest) -> Result<Query, Problem> {
    Query::of(request, &STORED_QUERY)
}

/// The query of an operation whose options come in the query.
///
/// # Errors
/// A problem for an unknown or repeated parameter.
pub fn of_posting(request: &HttpRequest) -> Result<Query, Problem> {
    Query::of(request, &POSTING_QUERY)
}

/// The revision of the role that a query asks for. What is wrong with it stays with the query.
pub fn revision(query: &mut Query) -> Option<u32> {
    query.integer("revision", 1, u32::MAX as usize).and_then(|number| u32::try_from(number).ok())
}

/// The options that a query asks for. What is wrong with its values stays with the query.
pub fn options(query: &mut Query, role: &Role, renderer: &Renderer) -> PostingOptions {
    PostingOptions {
        tone: query.read("tone", |text| one_of(text, "tone", renderer.tones(), |text| Slug::try_from(text))),
        length: query.choose("length", &Length::ALL, Length::as_str),
        locale: query.read("locale", |text| {
            one_of(text, "locale", renderer.locales(), |text| LocaleTag::try_from(text.to_owned()))
        }),
        heading_level: query.integer("heading_level", 1, 5).and_then(|level| u8::try_from(level).ok()),
        emphasis: emphases(query, role, renderer).into(),
        salary: salary(query),
        employer: query.parse("employer", |text| Text::try_from(text)).map(Employer::named),
        employer_id: query.parse("employer_id", |text| Slug::try_from(text)),
        locations: location(query).map(|location| vec![location]).into(),
        ..PostingOptions::default()
    }
}

/// A value of its type; one that cannot even be read is unknown, as any other that does not exist.
fn one_of<T, E>(
    text: &str,
    what: &str,
    all: &[Choice],
    read: impl Fn(&str) -> Result<T, E>,
) -> Result<T, Violation> {
    read(text).map_err(|_| Violation::unknown("", what, text, all.iter().map(|choice| choice.id.as_str())))
}

fn emphases(query: &mut Query, role: &Role, renderer: &Renderer) -> Option<Vec<Emphasis>> {
    const MOST: usize = 10;
    let text = query.text("emphasis").map(str::to_owned)?;
    if text.split(',').count() > MOST {
        query.refuse("emphasis", Violation::new("", format!("must have at most {MOST} dimensions")));
        return None;
    }
    let read = text.split(',').map(|item| emphasis(item.trim(), role, renderer));
    let (read, refused): (Vec<_>, Vec<_>) = read.partition(Result::is_ok);
    for violation in refused.into_iter().filter_map(Result::err) {
        query.refuse("emphasis", violation);
    }
    Some(read.into_iter().filter_map(Result::ok).collect())
}

fn emphasis(item: &str, role: &Role, renderer: &Renderer) -> Result<Emphasis, Violation> {
    let (name, weight) = item.split_once(':').map_or((item, None), |(name, weight)| (name, Some(weight)));
    let dimension = one_of(name, "emphasis", &renderer.emphases(Some(role)), |name| Slug::try_from(name))?;
    let Some(weight) = weight else { return Ok(Emphasis::Dimension(dimension)) };
    match weight.parse() {
        Ok(weight @ 1..=10) => Ok(Emphasis::Weighted(WeightedEmphasis { dimension, weight })),
        _ => Err(Violation::new("", format!("the weight of `{name}` must be a whole number from 1 to 10"))),
    }
}

fn salary(query: &mut Query) -> Option<SalaryOptions> {
    let salary = SalaryOptions {
        min: query.parse("salary_min", str::parse::<Amount>),
        max: query.parse("salary_max", str::parse::<Amount>),
        currency: query.parse("currency", str::parse::<Currency>),
        period: query.choose("period", &Period::ALL, Period::as_str),
        show: query.choose("salary_show", &[true, false], |show| if show { "true" } else { "false" }),
        note: None,
    };
    let none = SalaryOptions { min: None, max: None, currency: None, period: None, show: None, note: None };
    (salary != none).then_some(salary)
}

fn location(query: &mut Query) -> Option<Location> {
    let location = Location {
        city: query.parse("city", |text| Text::try_from(text)),
        region: query.parse("region", str::parse::<Region>),
        country: query.parse("country", str::parse::<Country>),
        workplace: query.choose("workplace", &Workplace::ALL, Workplace::as_str),
        ..Location::default()
    };
    (location != Location::default()).then_some(location)
}

/// Ends the reading of options: the violations of what could be read join what could not.
///
/// # Errors
/// A problem that names every parameter whose value cannot be met: parameters take the place of pointers.
pub fn check(mut query: Query, violations: Vec<Violation>) -> Result<(), Problem> {
    let half_read = RANGE.iter().any(|name| query.refused(name));
    for violation in violations {
        let name = parameter(&violation.pointer).to_owned();
        if !(half_read && RANGE.contains(&name.as_str())) {
            query.refuse(&name, violation);
        }
    }
    query.finish()
}

/// The parameter that the options at `pointer` came from.
fn parameter(pointer: &str) -> &str {
    let segments: Vec<&str> = pointer.split('/').skip(1).collect();
    match segments.as_slice() {
        ["salary", "min"] => "salary_min",
        ["salary", "max"] => "salary_max",
        ["salary", "show"] => "salary_show",
        ["salary", field] => field,
        ["salary"] => "salary_min",
        ["locations", _, field] => field,
        ["locations", ..] => "city",
        [field, ..] => field,
        [] => pointer,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pointers_lead_back_to_parameters() {
        let pairs = [
            ("/tone", "tone"),
            ("/emphasis/1", "emphasis"),
            ("/salary/min", "salary_min"),
            ("/salary/currency", "currency"),
            ("/locations/0/region", "region"),
            ("/employer/name", "employer"),
        ];
        for (pointer, name) in pairs {
            assert_eq!(parameter(pointer), name);
            assert!(POSTING_QUERY.iter().any(|known| known == name), "{name}");
        }
    }
}

//! How numbers, money, dates, places and lists are written, and the fixed labels.
//!
//! A locale is one data file, `templates/locales/<tag>.json`. To add one, copy the file whose
//! conventions are nearest, name it by its BCP 47 tag (`nl-NL.json`), and change what differs;
//! no Rust. A missing, unknown or malformed field is named when the file is read. The conventions
//! come from CLDR 48, the Unicode project's locale data.
//!
//! What is the same in every locale has its own data beside the code: `currencies.json` (which
//! symbol is whose), `names.json` (places whose ISO 3166 name is not what people say) and
//! `addresses.json` (the order of an address, which is that of the place's country). None of it
//! ever changes a currency.

mod currency;
mod date;
mod list;
mod money;
mod number;
mod pattern;
mod place;
mod words;

use std::borrow::Cow;

use serde::Deserialize;

use crate::domain::Date;
use crate::domain::options::{EmploymentType, LocaleTag};
use crate::domain::place::{Area, Location, Workplace};
use crate::domain::salary::Salary;
use crate::domain::text::Text;

use date::Dates;
use list::Lists;
use money::Money;
use number::Numbers;
use words::{EmploymentTypes, Labels, Periods, WeeklyHours, Workplaces};

pub use place::{address_region, area_name, country_name};
pub use words::Label;

/// Why a locale's file cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("locale `{tag}`: {field}: {detail}")]
pub struct LocaleError {
    /// The locale's tag.
    pub tag: String,
    /// Where in the file, as in `money.range`; `.` for the file itself.
    pub field: String,
    /// What is wrong there, with line and column.
    pub detail: String,
}

/// How one locale writes numbers, money, dates, places, lists and labels.
#[derive(Debug)]
pub struct Locale {
    tag: String,
    conventions: Conventions,
}

/// A locale's file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Conventions {
    name: Text,
    description: Text,
    numbers: Numbers,
    money: Money,
    dates: Dates,
    lists: Lists,
    periods: Periods,
    weekly_hours: WeeklyHours,
    workplaces: Workplaces,
    employment_types: EmploymentTypes,
    labels: Labels,
}

impl Locale {
    /// Reads the file of the locale `tag`.
    ///
    /// # Errors
    /// The first field that is missing, unknown or not what it must be; a tag that is not
    /// `language-REGION`.
    pub fn parse(tag: &str, json: &str) -> Result<Self, LocaleError> {
        let error = |field: String, detail: String| LocaleError { tag: tag.to_owned(), field, detail };
        LocaleTag::try_from(tag.to_owned()).map_err(|e| error("tag".to_owned(), e.to_string()))?;
        let mut file = serde_json::Deserializer::from_str(json);
        let conventions = serde_path_to_error::deserialize(&mut file)
            .map_err(|e| error(e.path().to_string(), e.inner().to_string()))?;
        file.end().map_err(|e| error(".".to_owned(), e.to_string()))?;
        Ok(Self { tag: tag.to_owned(), conventions })
    }

    /// The BCP 47 tag: `en-US`.
    pub fn tag(&self) -> &str {
        &self.tag
    }

    /// The name: `English (United States)`.
    pub fn name(&self) -> &str {
        self.conventions.name.as_str()
    }

    /// What it does, with an example, in a sentence or two.
    pub fn description(&self) -> &str {
        self.conventions.description.as_str()
    }

    /// The ISO 3166-1 code of the country that the tag names.
    pub fn country_code(&self) -> &str {
        self.tag.split_once('-').map_or("", |(_, country)| country)
    }

    /// A whole number: `12,500`.
    pub fn integer(&self, n: u64) -> String {
        let mut out = String::with_capacity(16);
        self.conventions.numbers.write_integer(&mut out, n, None);
        out
    }

    /// Pay without its period: `$140,000 – $220,000`, or `$140,000` for fixed pay.
    ///
    /// The ISO 4217 code stands with the amounts where the symbol alone could mean another
    /// currency in `job_countries` (ISO 3166-1 codes; empty when it is not known where the job is):
    /// `$140,000 – $220,000 CAD`.
    pub fn amounts(&self, salary: &Salary, job_countries: &[&str]) -> String {
        let mut out = String::with_capacity(64);
        self.write_amounts(&mut out, salary, job_countries);
        out
    }

    /// Pay with its period: `$140,000 – $220,000 a year`. See [`Locale::amounts`].
    pub fn pay(&self, salary: &Salary, job_countries: &[&str]) -> String {
        let mut out = String::with_capacity(64);
        self.write_amounts(&mut out, salary, job_countries);
        out.push(' ');
        out.push_str(self.conventions.periods.get(salary.period));
        out
    }

    fn write_amounts(&self, out: &mut String, salary: &Salary, job_countries: &[&str]) {
        let mark = currency::mark(salary.currency, job_countries, self.country_code());
        self.conventions.money.write(out, &self.conventions.numbers, salary, mark);
    }

    /// A day: `January 31, 2027` or `31 January 2027`.
    pub fn date(&self, date: Date) -> String {
        let mut out = String::with_capacity(24);
        self.conventions.dates.write(&mut out, date);
        out
    }

    /// `a`, `a and b`, `a, b, and c`; `a, b; c; and d` when an item has a comma of its own.
    pub fn and_list(&self, items: &[impl AsRef<str>]) -> String {
        self.conventions.lists.and.join(items)
    }

    /// As [`Locale::and_list`], with `or`.
    pub fn or_list(&self, items: &[impl AsRef<str>]) -> String {
        self.conventions.lists.or.join(items)
    }

    /// The natural English name of a country or a part of one: `Colorado`, `Bavaria`.
    pub fn area(&self, area: Area) -> &str {
        area_name(area)
    }

    /// An area's name as it stands in a sentence: `Colorado`, `the United States`.
    pub fn area_with_article(&self, area: Area) -> Cow<'_, str> {
        place::area_with_article(area)
    }

    /// A place in one line, as addresses are written in its country: `Denver, CO`,
    /// `80331 Munich, Germany`. The country is left out where it is the locale's own.
    ///
    /// Empty for a location that only names a workplace.
    pub fn location(&self, location: &Location) -> String {
        let mut out = String::with_capacity(48);
        place::write_location(&mut out, location, self.country_code());
        out
    }

    /// A place as it stands in a sentence, without street and postal code: `Denver, CO`, `Bavaria,
    /// Germany`, `the United States`. Nothing for a location that names no such place.
    pub fn place_in_sentence(&self, location: &Location) -> Option<String> {
        place::place_in_sentence(location, self.country_code())
    }

    /// A fixed label: `Employment type`.
    pub fn label(&self, label: Label) -> &str {
        self.conventions.labels.get(label)
    }

    /// `On-site`, `Hybrid` or `Remote`.
    pub fn workplace(&self, workplace: Workplace) -> &str {
        self.conventions.workplaces.get(workplace)
    }

    /// `Full-time`, `Contract` and so on.
    pub fn employment_type(&self, kind: EmploymentType) -> &str {
        self.conventions.employment_types.get(kind)
    }

    /// `40 hours a week`.
    pub fn weekly_hours(&self, hours: u8) -> String {
        let mut out = String::with_capacity(24);
        self.conventions.weekly_hours.write(&mut out, hours);
        out
    }
}

#[cfg(test)]
mod tests;

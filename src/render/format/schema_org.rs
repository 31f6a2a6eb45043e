//! Types of schema.org (release 30.0) that a posting and a role are described with, each with the
//! properties that we fill. A tag of serde writes `@type`, so that no node is without one.

use serde::{Serialize, Serializer};

use crate::domain::role::{Education, Experience, Level};
use crate::domain::salary::{Amount, Period, Salary};
use crate::domain::{place, role};

use super::super::locale::address_region;

/// The context of a document.
const CONTEXT: &str = "https://schema.org/";

/// A node that stands alone, and the context that says what its words mean.
#[derive(Debug, Serialize)]
pub struct Document<C, T> {
    #[serde(rename = "@context")]
    context: C,
    #[serde(flatten)]
    node: T,
}

impl<C, T> Document<C, T> {
    /// A document of one node.
    pub fn new(context: C, node: T) -> Self {
        Self { context, node }
    }
}

impl<T> Document<&'static str, T> {
    /// A document of one node, in the words of schema.org.
    pub fn of(node: T) -> Self {
        Self::new(CONTEXT, node)
    }
}

/// Several values of a property: one stands alone, as validators like it best.
#[derive(Debug)]
pub struct Few<T>(pub Vec<T>);

impl<T> Few<T> {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<T> FromIterator<T> for Few<T> {
    fn from_iter<I: IntoIterator<Item = T>>(values: I) -> Self {
        Self(values.into_iter().collect())
    }
}

impl<T: Serialize> Serialize for Few<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.as_slice() {
            [one] => one.serialize(serializer),
            all => all.serialize(serializer),
        }
    }
}

/// An organization, or a part of one.
#[derive(Debug, Serialize)]
#[serde(tag = "@type", rename_all = "camelCase")]
pub struct Organization<'a> {
    pub name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub same_as: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logo: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent_organization: Option<Box<Organization<'a>>>,
}

impl<'a> Organization<'a> {
    /// An organization of which only the name is known.
    pub fn named(name: &'a str) -> Self {
        Self { name, same_as: None, logo: None, parent_organization: None }
    }

    /// The unit that hires: the team, within its department.
    pub fn unit(department: Option<&'a str>, team: Option<&'a str>) -> Option<Self> {
        let department = department.map(Self::named);
        match team {
            Some(team) => Some(Self { parent_organization: department.map(Box::new), ..Self::named(team) }),
            None => department,
        }
    }
}

/// An identifier that somebody gave.
#[derive(Debug, Serialize)]
#[serde(tag = "@type", rename_all = "camelCase")]
pub struct PropertyValue<'a> {
    /// Who.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<&'a str>,
    pub value: &'a str,
}

/// A place of work.
#[derive(Debug, Serialize)]
#[serde(tag = "@type", rename_all = "camelCase")]
pub struct Place<'a> {
    pub address: PostalAddress<'a>,
}

/// An address.
#[derive(Debug, Serialize)]
#[serde(tag = "@type", rename_all = "camelCase")]
pub struct PostalAddress<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub street_address: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address_locality: Option<&'a str>,
    /// As addresses of the country name it: `CO`, `Bavaria`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address_region: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<&'a str>,
    /// An ISO 3166-1 alpha-2 code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address_country: Option<&'a str>,
}

impl<'a> Place<'a> {
    /// A location, unless it only says how much of the work is done there.
    pub fn of(location: &'a place::Location) -> Option<Self> {
        let address = PostalAddress {
            street_address: location.street.as_ref().map(|text| text.as_str()),
            address_locality: location.city.as_ref().map(|text| text.as_str()),
            address_region: location.region.map(address_region),
            postal_code: location.postal_code.as_ref().map(|text| text.as_str()),
            address_country: location.country_code(),
        };
        location.is_somewhere().then_some(Self { address })
    }
}

/// An amount of money, or a range.
#[derive(Debug, Serialize)]
#[serde(tag = "@type", rename_all = "camelCase")]
pub struct MonetaryAmount {
    pub currency: &'static str,
    pub value: QuantitativeValue,
}

/// The amount or the range, and what it is paid for.
#[derive(Debug, Serialize)]
#[serde(tag = "@type", rename_all = "camelCase")]
pub struct QuantitativeValue {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Amount>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_value: Option<Amount>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_value: Option<Amount>,
    pub unit_text: &'static str,
}

impl From<&Salary> for MonetaryAmount {
    fn from(salary: &Salary) -> Self {
        let (value, min_value, max_value) = match salary.is_fixed() {
            true => (Some(salary.min), None, None),
            false => (None, Some(salary.min), Some(salary.max)),
        };
        let unit_text = match salary.period {
            Period::Hour => "HOUR",
            Period::Day => "DAY",
            Period::Week => "WEEK",
            Period::Month => "MONTH",
            Period::Year => "YEAR",
        };
        let value = QuantitativeValue { value, min_value, max_value, unit_text };
        Self { currency: salary.currency.code(), value }
    }
}

/// A code of a classification.
#[derive(Debug, Serialize)]
#[serde(tag = "@type", rename_all = "camelCase")]
pub struct CategoryCode<'a> {
    pub in_code_set: CategoryCodeSet<'a>,
    pub code_value: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<&'a str>,
}

/// A classification.
#[derive(Debug, Serialize)]
#[serde(tag = "@type", rename_all = "camelCase")]
pub struct CategoryCodeSet<'a> {
    pub name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<&'static str>,
}

impl<'a> CategoryCode<'a> {
    /// The code of an occupation.
    pub fn of(occupation: &'a role::Occupation) -> Self {
        let (name, url) = classification(occupation.scheme.as_str());
        let name_of_code = occupation.name.as_ref().map(|name| name.as_str());
        let in_code_set = CategoryCodeSet { name, url };
        Self { in_code_set, code_value: occupation.code.as_str(), name: name_of_code }
    }
}

/// The name and the home of a classification that we know, or the name that the role gives it.
pub fn classification(scheme: &str) -> (&str, Option<&'static str>) {
    match scheme {
        "onet-soc" => ("O*NET-SOC", Some("https://www.onetonline.org/")),
        "isco-08" => ("ISCO-08", Some("https://isco.ilo.org/en/isco-08/")),
        "esco" => ("ESCO", Some("https://esco.ec.europa.eu/")),
        other => (other, None),
    }
}

/// A degree or certificate.
#[derive(Debug, Serialize)]
#[serde(tag = "@type", rename_all = "camelCase")]
pub struct EducationalOccupationalCredential {
    pub credential_category: &'static str,
}

/// The kinds of degrees and certificates that are a must, each once. One without a level has none of
/// the five words that Google knows, and is told by the qualifications alone.
pub fn credentials(education: &Education) -> Few<EducationalOccupationalCredential> {
    let mut categories: Vec<&'static str> = Vec::new();
    for level in education.minimum.iter().filter_map(|credential| credential.level) {
        let category = match level {
            Level::HighSchool => "high school",
            Level::Associate => "associate degree",
            Level::Bachelor => "bachelor degree",
            Level::Master | Level::Doctorate => "postgraduate degree",
            Level::Certificate => "professional certificate",
        };
        if !categories.contains(&category) {
            categories.push(category);
        }
    }
    let credential = |credential_category| EducationalOccupationalCredential { credential_category };
    categories.into_iter().map(credential).collect()
}

/// The experience that is a must.
#[derive(Debug, Serialize)]
#[serde(tag = "@type", rename_all = "camelCase")]
pub struct OccupationalExperienceRequirements {
    pub months_of_experience: u16,
}

impl OccupationalExperienceRequirements {
    /// The years of an experience, if it has any, in months.
    pub fn of(experience: &Experience) -> Option<Self> {
        experience.minimum_years.map(|years| Self { months_of_experience: u16::from(years) * 12 })
    }
}

/// Whom to ask.
#[derive(Debug, Serialize)]
#[serde(tag = "@type", rename_all = "camelCase")]
pub struct ContactPoint<'a> {
    pub email: &'a str,
}

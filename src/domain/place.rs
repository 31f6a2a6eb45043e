//! Where work is done: ISO 3166 codes and locations.

use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::ToSchema;

use super::text::Text;
use super::violation::Report;

/// A value that is not a country's code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be a two-letter country code of ISO 3166-1, such as US or DE")]
pub struct CountryError;

/// A country: its ISO 3166-1 alpha-2 code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, ToSchema)]
#[schema(value_type = String, pattern = "^[A-Z]{2}$", example = "US")]
pub struct Country(rust_iso3166::CountryCode);

impl Country {
    /// The two-letter code.
    pub fn code(self) -> &'static str {
        self.0.alpha2
    }

    /// The name in English, as ISO 3166-1 has it.
    pub fn iso_name(self) -> &'static str {
        self.0.name
    }
}

impl FromStr for Country {
    type Err = CountryError;
    fn from_str(code: &str) -> Result<Self, CountryError> {
        rust_iso3166::from_alpha2(code).map(Self).ok_or(CountryError)
    }
}

impl Serialize for Country {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Country {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = String::deserialize(deserializer)?;
        code.parse().map_err(serde::de::Error::custom)
    }
}

/// A value that is not a subdivision's code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be a subdivision code of ISO 3166-2, such as US-CO or DE-BY")]
pub struct RegionError;

/// A part of a country: its ISO 3166-2 code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, ToSchema)]
#[schema(value_type = String, pattern = "^[A-Z]{2}-[A-Z0-9]{1,3}$", example = "US-CO")]
pub struct Region(&'static str);

impl Region {
    /// The whole code: `US-CO`.
    pub fn code(self) -> &'static str {
        self.0
    }

    /// The part after the country: `CO`.
    pub fn suffix(self) -> &'static str {
        self.0.get(3..).unwrap_or_default()
    }

    /// The country that it is a part of.
    pub fn country_code(self) -> &'static str {
        self.0.get(..2).unwrap_or_default()
    }

    /// The name, as ISO 3166-2 has it: `Colorado`, `Bayern`.
    pub fn iso_name(self) -> &'static str {
        rust_iso3166::iso3166_2::from_code(self.0).map_or(self.0, |region| region.name)
    }
}

impl FromStr for Region {
    type Err = RegionError;
    fn from_str(code: &str) -> Result<Self, RegionError> {
        rust_iso3166::iso3166_2::from_code(code).map(|region| Self(region.code)).ok_or(RegionError)
    }
}

impl Serialize for Region {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0)
    }
}

impl<'de> Deserialize<'de> for Region {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = String::deserialize(deserializer)?;
        code.parse().map_err(serde::de::Error::custom)
    }
}

/// A value that is not the code of a country or of a part of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be a code of ISO 3166-1 or ISO 3166-2, such as US or US-CO")]
pub struct AreaError;

/// A country or a part of one: an ISO 3166-1 alpha-2 or an ISO 3166-2 code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, ToSchema)]
#[schema(value_type = String, pattern = "^[A-Z]{2}(-[A-Z0-9]{1,3})?$", example = "US-CO")]
pub struct Area(&'static str);

impl Area {
    /// The code of the country, or of the country that the region is a part of.
    pub fn country_code(self) -> &'static str {
        self.0.get(..2).unwrap_or_default()
    }

    /// The region, if it is not a whole country.
    pub fn region(self) -> Option<Region> {
        (self.0.len() > 2).then_some(Region(self.0))
    }
}

impl FromStr for Area {
    type Err = AreaError;
    fn from_str(code: &str) -> Result<Self, AreaError> {
        let country = code.parse().map(Country::code).ok();
        let code = country.or_else(|| code.parse().map(Region::code).ok());
        code.map(Self).ok_or(AreaError)
    }
}

impl Serialize for Area {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0)
    }
}

impl<'de> Deserialize<'de> for Area {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = String::deserialize(deserializer)?;
        code.parse().map_err(serde::de::Error::custom)
    }
}

/// How much of the work is done at the employer's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "hybrid")]
pub enum Workplace {
    /// All of it.
    OnSite,
    /// Some of it.
    Hybrid,
    /// None of it.
    Remote,
}

impl Workplace {
    /// All values, in the order of the documentation.
    pub const ALL: [Self; 3] = [Self::OnSite, Self::Hybrid, Self::Remote];

    /// The value in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::OnSite => "on_site",
            Self::Hybrid => "hybrid",
            Self::Remote => "remote",
        }
    }
}

/// One place where the work is done.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Location {
    /// Street and number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub street: Option<Text>,
    /// City or town.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub city: Option<Text>,
    /// State, province or the like (ISO 3166-2).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub region: Option<Region>,
    /// Postal code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub postal_code: Option<Text>,
    /// Country (ISO 3166-1 alpha-2).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub country: Option<Country>,
    /// How much of the work is done there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub workplace: Option<Workplace>,
}

impl Location {
    /// The country's code, from `country` or else from `region`.
    pub fn country_code(&self) -> Option<&'static str> {
        self.country.map(Country::code).or_else(|| self.region.map(Region::country_code))
    }

    /// Whether it names a place, and not only how much of the work is done there.
    pub fn is_somewhere(&self) -> bool {
        let Self { street, city, region, postal_code, country, workplace: _ } = self;
        let texts = [street, city, postal_code];
        region.is_some() || country.is_some() || texts.into_iter().any(Option::is_some)
    }

    pub(crate) fn check(&self, report: &mut Report) {
        if *self == Self::default() {
            report.add("must name at least one of street, city, region, postal_code, country, workplace");
        }
        if let (Some(region), Some(country)) = (self.region, self.country)
            && region.country_code() != country.code()
        {
            report.add_at("region", format!("{} is not a part of {}", region.code(), country.code()));
        }
    }
}

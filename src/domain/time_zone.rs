//! Time zones: where a day starts and ends.

use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

use jiff::Timestamp;
use jiff::tz::{TimeZone as Zone, TimeZoneDatabase};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::ToSchema;

use super::date::Date;
use super::violation::Violation;

/// The bundled database: the same zones on every machine, and in a container that has none.
static DATABASE: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

/// A name that no time zone has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}; it must be a name of the IANA time zone database, such as America/Denver")]
pub struct TimeZoneError(String);

/// A time zone of the IANA time zone database, by its name.
#[derive(Clone, Debug, PartialEq, Eq, ToSchema)]
#[schema(value_type = String, min_length = 1, max_length = 64, example = "America/Denver")]
pub struct TimeZone(Zone);

impl TimeZone {
    /// Its name: `America/Denver`.
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    /// Its rules.
    pub fn zone(&self) -> &Zone {
        &self.0
    }
}

impl TimeZone {
    /// The day that it is in the zone at a moment; none beyond the years that a [`Date`] has.
    pub fn day(&self, at: Timestamp) -> Option<Date> {
        at.to_zoned(self.0.clone()).date().to_string().parse().ok()
    }

    /// The moment at which a day starts in the zone: usually midnight.
    pub fn start_of(&self, day: Date) -> Timestamp {
        let start = day.civil().to_zoned(self.0.clone()).and_then(|midnight| midnight.start_of_day());
        // Every day that a `Date` can be starts within the time that a `Timestamp` can be.
        start.map_or(Timestamp::MAX, |start| start.timestamp())
    }

    /// The moment at which a day is over in the zone: the start of the next one.
    pub fn end_of(&self, day: Date) -> Timestamp {
        let next = day.civil().tomorrow().and_then(|next| next.to_zoned(self.0.clone()));
        next.and_then(|midnight| midnight.start_of_day()).map_or(Timestamp::MAX, |start| start.timestamp())
    }
}

impl Default for TimeZone {
    fn default() -> Self {
        Self(Zone::UTC)
    }
}

impl FromStr for TimeZone {
    type Err = TimeZoneError;
    fn from_str(name: &str) -> Result<Self, TimeZoneError> {
        let names = || DATABASE.available();
        // The database does not mind capitals; a name that is stored has those of the database.
        let known = names().any(|known| known.as_str() == name);
        match DATABASE.get(name) {
            Ok(zone) if known => Ok(Self(zone)),
            _ => {
                let names: Vec<_> = names().collect();
                let names = names.iter().map(|known| known.as_str());
                Err(TimeZoneError(Violation::unknown("", "time zone", name, names).detail))
            }
        }
    }
}

impl fmt::Display for TimeZone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Serialize for TimeZone {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for TimeZone {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        name.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_keeps_its_name_and_its_rules() {
        for name in ["UTC", "America/Denver", "US/Mountain", "Europe/Berlin", "Etc/GMT+7"] {
            let zone: TimeZone = name.parse().unwrap();
            assert_eq!(zone.name(), name);
            assert_eq!(serde_json::to_string(&zone).unwrap(), format!("\"{name}\""));
        }
        let new_year: jiff::Timestamp = "2027-01-01T00:00:00Z".parse().unwrap();
        let denver: TimeZone = "America/Denver".parse().unwrap();
        assert_eq!(new_year.to_zoned(denver.zone().clone()).date().to_string(), "2026-12-31");
    }

    #[test]
    fn a_day_lasts_as_long_as_it_does_in_the_zone() {
        let denver: TimeZone = "America/Denver".parse().unwrap();
        let (start, end) = (
            |day: &str| denver.start_of(day.parse().unwrap()),
            |day: &str| denver.end_of(day.parse().unwrap()),
        );
        assert_eq!(start("2027-01-31").to_string(), "2027-01-31T07:00:00Z");
        assert_eq!(end("2027-01-31").to_string(), "2027-02-01T07:00:00Z");
        // The clocks go forward.
        assert_eq!(end("2027-03-14").duration_since(start("2027-03-14")).as_hours(), 23);
        assert_eq!(denver.day("2027-01-31T06:59:59Z".parse().unwrap()).unwrap().to_string(), "2027-01-30");
        // Midnight is skipped.
        let santiago: TimeZone = "America/Santiago".parse().unwrap();
        assert_eq!(santiago.start_of("2026-09-06".parse().unwrap()).to_string(), "2026-09-06T04:00:00Z");
    }

    #[test]
    fn the_default_is_the_zone_of_that_name() {
        assert_eq!("UTC".parse::<TimeZone>().unwrap(), TimeZone::default());
    }

    #[test]
    fn a_name_that_no_zone_has_is_refused_with_the_nearest() {
        let error = "America/Dever".parse::<TimeZone>().unwrap_err();
        assert!(error.to_string().contains("did you mean `America/Denver`?"), "{error}");
        for name in ["", "america/denver", "MST7MDT,M3.2.0,M11.1.0", "+02:00", "Etc/Unknown", "../UTC", "\0"]
        {
            assert!(name.parse::<TimeZone>().is_err(), "{name:?}");
        }
    }
}

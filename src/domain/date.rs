//! A day of the calendar.

use std::fmt;
use std::str::FromStr;

use jiff::tz::TimeZone;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::ToSchema;

use super::moment::Moment;

/// A value that is not a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be a day written YYYY-MM-DD, from 1900-01-01 to 2200-12-31")]
pub struct DateError;

/// A day, written `YYYY-MM-DD` (RFC 3339, full-date).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, ToSchema)]
#[schema(
    value_type = String,
    format = Date,
    pattern = "^(19|20|21|22)[0-9]{2}-[0-9]{2}-[0-9]{2}$",
    example = "2027-01-31"
)]
pub struct Date(jiff::civil::Date);

impl Date {
    /// The year, 1900 to 2200.
    pub fn year(self) -> i16 {
        self.0.year()
    }

    /// The month, 1 to 12.
    pub fn month(self) -> i8 {
        self.0.month()
    }

    /// The day of the month, 1 to 31.
    pub fn day(self) -> i8 {
        self.0.day()
    }

    /// Its last second, with the offset from UTC of where it ends at `end`: `2027-01-31T23:59:59-07:00`.
    /// Nothing if it ends nowhere at that moment.
    pub fn last_second(self, end: Moment) -> Option<String> {
        let midnight = self.0.tomorrow().ok()?.to_zoned(TimeZone::UTC).ok()?.timestamp();
        let east = midnight.as_second() - end.timestamp().as_second();
        // No zone is farther from UTC, and none has seconds any more.
        if east.abs() > 15 * 3600 || east % 60 != 0 {
            return None;
        }
        let (sign, minutes) = (if east < 0 { '-' } else { '+' }, east.abs() / 60);
        Some(format!("{self}T23:59:59{sign}{:02}:{:02}", minutes / 60, minutes % 60))
    }

    pub(super) fn civil(self) -> jiff::civil::Date {
        self.0
    }
}

impl FromStr for Date {
    type Err = DateError;
    fn from_str(text: &str) -> Result<Self, DateError> {
        let date: jiff::civil::Date = text.parse().map_err(|_| DateError)?;
        let plain = text.len() == 10 && (1900..=2200).contains(&date.year());
        if plain { Ok(Self(date)) } else { Err(DateError) }
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_ends_a_second_before_the_next_one_wherever_that_is() {
        let day: Date = "2027-01-31".parse().unwrap();
        let last = |end: &str| day.last_second(end.parse().unwrap());
        assert_eq!(last("2027-02-01T00:00:00Z").unwrap(), "2027-01-31T23:59:59+00:00");
        assert_eq!(last("2027-02-01T00:00:00-07:00").unwrap(), "2027-01-31T23:59:59-07:00");
        assert_eq!(last("2027-02-01T00:00:00+05:45").unwrap(), "2027-01-31T23:59:59+05:45");
        assert_eq!(last("2027-02-01T00:00:00+14:00").unwrap(), "2027-01-31T23:59:59+14:00");
        assert_eq!(last("2027-03-01T00:00:00Z"), None);
        assert_eq!(last("2027-01-31T00:00:00Z"), None);
    }
}

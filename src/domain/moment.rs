//! A moment in time.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize, Serializer};
use utoipa::ToSchema;

/// A value that is not a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be a time with its zone, such as 2027-12-31T23:59:59Z")]
pub struct MomentError;

/// A moment, written as RFC 3339 has it, with the offset from UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, ToSchema)]
#[serde(try_from = "String")]
#[schema(
    value_type = String,
    format = DateTime,
    max_length = 40,
    pattern = r"^(19|20|21|22)[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})$",
    example = "2027-12-31T23:59:59Z"
)]
pub struct Moment(Timestamp);

impl Moment {
    /// The moment as a time stamp.
    pub fn timestamp(self) -> Timestamp {
        self.0
    }
}

/// To the millisecond, as finely as moments are kept.
impl From<Timestamp> for Moment {
    fn from(at: Timestamp) -> Self {
        Self(Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at))
    }
}

impl FromStr for Moment {
    type Err = MomentError;

    /// Stricter than the parser of time stamps, which takes other notations of ISO 8601, too.
    fn from_str(text: &str) -> Result<Self, MomentError> {
        let year = matches!(text.get(..2), Some("19" | "20" | "21" | "22"));
        match text.parse() {
            Ok(at) if year && is_rfc3339(text) => Ok(Self(at)),
            _ => Err(MomentError),
        }
    }
}

/// Whether a text has the shape of an RFC 3339 date-time, in capital letters.
fn is_rfc3339(text: &str) -> bool {
    let Some((start, rest)) = text.split_at_checked(19) else { return false };
    let shaped = |text: &str, shape: &str| {
        let fits =
            |(given, wanted): (u8, u8)| if wanted == b'0' { given.is_ascii_digit() } else { given == wanted };
        text.len() == shape.len() && text.bytes().zip(shape.bytes()).all(fits)
    };
    let zone = match rest.strip_prefix('.') {
        Some(fraction) => {
            let zone = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
            if !(1..=9).contains(&(fraction.len() - zone.len())) {
                return false;
            }
            zone
        }
        None => rest,
    };
    shaped(start, "0000-00-00T00:00:00") && (zone == "Z" || shaped(zone, "+00:00") || shaped(zone, "-00:00"))
}

impl TryFrom<String> for Moment {
    type Error = MomentError;

    fn try_from(text: String) -> Result<Self, MomentError> {
        text.parse()
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_has_its_zone_and_one_notation() {
        let at = |text: &str| text.parse::<Moment>();
        assert_eq!(at("2027-12-31T23:59:59+01:00").unwrap().to_string(), "2027-12-31T22:59:59Z");
        assert!(at("2027-12-31T23:59:59.5Z").is_ok());
        for bad in [
            "",
            "Z",
            "é",
            "2027-12-31",
            "2027-12-31T23:59:59",
            "2027-12-31 23:59:59Z",
            "20271231T235959Z",
            "2027-12-31T23:59:59Z[UTC]",
            "2027-12-31T23:59+01:00",
            "2027-12-31T23:59:59,5Z",
            "2027-12-31T23:59:59.Z",
            "2027-12-31T23:59:59+01",
            "２０２７-12-31T23:59:59Z",
            "2027-12-31T23:59:59z",
            "2027-13-01T00:00:00Z",
            "+002027-12-31T23:59:59Z",
            "9999-12-31T23:59:59Z",
        ] {
            assert_eq!(at(bad), Err(MomentError), "{bad}");
        }
    }
}

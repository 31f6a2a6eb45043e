//! Moments in a query.

use std::str::FromStr;

use jiff::Timestamp;
use utoipa::ToSchema;

/// A value that is not a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "must be a date such as 2026-11-24, or a moment such as 2026-11-24T09:30:00Z (in a URL, + is written %2B), from 1900 to 2200"
)]
pub struct MomentError;

/// A moment of RFC 3339, or a date, which means its midnight UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ToSchema)]
#[schema(
    value_type = String,
    pattern = r"^(19|20|21|22)[0-9]{2}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2}))?$",
    example = "2026-11-24T09:30:00Z"
)]
pub struct Moment(Timestamp);

impl Moment {
    /// As the store has it.
    pub fn timestamp(self) -> Timestamp {
        self.0
    }
}

impl FromStr for Moment {
    type Err = MomentError;

    fn from_str(text: &str) -> Result<Self, MomentError> {
        let whole = if text.len() == 10 { format!("{text}T00:00:00Z") } else { text.to_owned() };
        let year: u16 = whole.get(..4).and_then(|year| year.parse().ok()).ok_or(MomentError)?;
        // The parser takes more notations than RFC 3339 has.
        let known = is_rfc3339(&whole) && (1900..2300).contains(&year);
        known.then(|| whole.parse().ok()).flatten().map(Self).ok_or(MomentError)
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_date_is_its_midnight_and_a_moment_has_a_zone() {
        for (text, same) in [
            ("2026-11-24", "2026-11-24T00:00:00Z"),
            ("2026-11-24T01:30:00.5+02:00", "2026-11-23T23:30:00.5Z"),
            ("1900-01-01T00:00:00-23:59", "1900-01-01T23:59:00Z"),
        ] {
            assert_eq!(text.parse::<Moment>().unwrap().timestamp(), same.parse().unwrap(), "{text}");
        }
    }

    #[test]
    fn what_is_neither_is_refused() {
        for text in [
            "",
            "2026",
            "2026-02-30",
            "2026-13-01",
            "20261124",
            "2026-W48-2",
            "9999-12-31",
            "2026-11-24T09:30:00",
            "2026-11-24T09:30Z",
            "2026-11-24 09:30:00Z",
            "2026-11-24T09:30:00 02:00",
            "2026-11-24T09:30:00.Z",
            "2026-11-24T25:00:00Z",
            "2026-11-24T09:30:00+99:00",
            "2026-11-24T09:30:00Z[UTC]",
            "２０２６-11-24",
        ] {
            assert!(text.parse::<Moment>().is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in ".*", near in "[0-9TZ:.+-é]{10,36}") {
            let _ = (text.parse::<Moment>(), near.parse::<Moment>());
        }
    }
}

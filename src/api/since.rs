//! Since when: a day or a moment in a query.

use std::str::FromStr;

use jiff::Timestamp;
use utoipa::ToSchema;

use crate::domain::Moment;

/// A value that is neither.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "must be a date such as 2026-11-24, or a moment such as 2026-11-24T09:30:00Z (in a URL, + is written %2B), from 1900 to 2299"
)]
pub struct SinceError;

/// A moment of RFC 3339, or a date, which means its midnight UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ToSchema)]
#[schema(
    value_type = String,
    pattern = r"^(19|20|21|22)[0-9]{2}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2}))?$",
    example = "2026-11-24T09:30:00Z"
)]
pub struct Since(Timestamp);

impl Since {
    /// As the store has it.
    pub fn timestamp(self) -> Timestamp {
        self.0
    }
}

impl FromStr for Since {
    type Err = SinceError;

    fn from_str(text: &str) -> Result<Self, SinceError> {
        let midnight = (text.len() == 10).then(|| format!("{text}T00:00:00Z"));
        let moment = midnight.as_deref().unwrap_or(text).parse::<Moment>();
        moment.map(|moment| Self(moment.timestamp())).map_err(|_| SinceError)
    }
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
            assert_eq!(text.parse::<Since>().unwrap().timestamp(), same.parse().unwrap(), "{text}");
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
            assert!(text.parse::<Since>().is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in ".*", near in "[0-9TZ:.+-é]{10,36}") {
            let _ = (text.parse::<Since>(), near.parse::<Since>());
        }
    }
}

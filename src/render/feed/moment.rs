//! How feeds write moments and days.

use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimePrinter;
use jiff::tz::TimeZone;

use crate::domain::Date;

/// As RFC 3339 and ISO 8601 have it, in whole seconds: `2026-12-01T07:00:00Z`.
pub fn iso(at: Timestamp) -> String {
    Timestamp::from_second(at.as_second()).unwrap_or(at).to_string()
}

/// As RSS has it, after RFC 822 with a year of four digits: `Tue, 01 Dec 2026 07:00:00 GMT`.
pub fn rfc822(at: Timestamp) -> Option<String> {
    DateTimePrinter::new().timestamp_to_rfc9110_string(&at).ok()
}

/// The day in UTC; none beyond the years that a [`Date`] has.
pub fn day(at: Timestamp) -> Option<Date> {
    at.to_zoned(TimeZone::UTC).date().to_string().parse().ok()
}

/// As Americans write days in digits: `12/01/2026`.
pub fn american(day: Date) -> String {
    format!("{:02}/{:02}/{:04}", day.month(), day.day(), day.year())
}

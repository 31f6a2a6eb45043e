//! Days: the names of the months, and the order of day, month and year.

use serde::Deserialize;

use super::number::digits;
use super::pattern::{Field, Pattern};
use crate::domain::Date;
use crate::domain::text::Text;

/// How dates are written (CLDR 48 `dateFormatLength`, long).
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Dates {
    /// A day: `{month} {day}, {year}`.
    day: Pattern<Part>,
    /// From January.
    months: [Text; 12],
}

#[derive(Clone, Copy, Debug)]
enum Part {
    Day,
    Month,
    Year,
}

impl Field for Part {
    const NAMES: &'static [(&'static str, Self)] =
        &[("day", Self::Day), ("month", Self::Month), ("year", Self::Year)];
}

impl Dates {
    /// Writes a day.
    pub(super) fn write(&self, out: &mut String, date: Date) {
        self.day.write(out, |out, part| match part {
            Part::Day => push_number(out, u16::from(date.day().unsigned_abs())),
            Part::Month => {
                let index = usize::from(date.month().unsigned_abs()).saturating_sub(1);
                out.push_str(self.months.get(index).map_or("", Text::as_str));
            }
            Part::Year => push_number(out, date.year().unsigned_abs()),
        });
    }
}

/// Writes a number without separators.
pub(super) fn push_number(out: &mut String, n: u16) {
    let (digits, start) = digits(n.into());
    out.extend(digits.iter().skip(start).map(|digit| char::from(*digit)));
}

//! Whole numbers and decimals, with the separators of a locale.

use serde::{Deserialize, Deserializer};

/// How numbers are written (CLDR `symbols` and `decimalFormat`).
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Numbers {
    /// Between the whole and the fraction.
    decimal: Separator,
    /// Between groups of digits.
    group: Separator,
    /// Digits in the group next to the decimal mark: 3 nearly everywhere.
    #[serde(default = "three")]
    first_group: GroupSize,
    /// Digits in the other groups: 3, in India 2.
    #[serde(default = "three")]
    other_groups: GroupSize,
    /// Digits that must stand before the first separator: 2 where `1234` has none (Poland, Spain).
    #[serde(default = "one")]
    leading_digits: GroupSize,
}

impl Numbers {
    /// Writes a whole number, grouped by `group`, or else by the locale's separator.
    pub(super) fn write_integer(&self, out: &mut String, n: u64, group: Option<&Separator>) {
        let separator = &group.unwrap_or(&self.group).0;
        let (buffer, start) = digits(n);
        let digits = buffer.get(start..).unwrap_or_default();
        let (first, other) = (self.first_group.0, self.other_groups.0);
        let grouped = digits.len() >= first + self.leading_digits.0;
        for (index, digit) in digits.iter().enumerate() {
            let left = digits.len() - index;
            if grouped && index > 0 && left >= first && (left - first).is_multiple_of(other) {
                out.push_str(separator);
            }
            out.push(char::from(*digit));
        }
    }

    /// Writes `minor` units of a currency with `decimals` decimals, all of them or none.
    pub(super) fn write_amount(
        &self,
        out: &mut String,
        minor: u64,
        decimals: Decimals,
        group: Option<&Separator>,
    ) {
        let unit = 10_u64.pow(decimals.count);
        self.write_integer(out, minor / unit, group);
        if decimals.shown && decimals.count > 0 {
            out.push_str(&self.decimal.0);
            let (buffer, start) = digits(minor % unit + unit);
            // The digit added in front keeps the leading zeros.
            for digit in buffer.iter().skip(start + 1) {
                out.push(char::from(*digit));
            }
        }
    }
}

/// Decimals of an amount: how many its currency has, and whether they are written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Decimals {
    /// Digits after the decimal mark.
    pub(super) count: u32,
    /// Whether they are written.
    pub(super) shown: bool,
}

/// The decimal digits of `n` in ASCII, and where they start.
pub(super) fn digits(mut n: u64) -> ([u8; 20], usize) {
    let mut buffer = [b'0'; 20];
    let mut start = buffer.len();
    for (index, slot) in buffer.iter_mut().enumerate().rev() {
        *slot = b'0' + (n % 10) as u8;
        start = index;
        n /= 10;
        if n == 0 {
            break;
        }
    }
    (buffer, start)
}

/// What stands between digits: anything but digits and control characters.
#[derive(Debug)]
pub(super) struct Separator(String);

impl<'de> Deserialize<'de> for Separator {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let fits = !text.is_empty() && !text.chars().any(|c| c.is_numeric() || c.is_control());
        fits.then_some(Self(text)).ok_or_else(|| {
            serde::de::Error::custom("must not be empty, and have no digits and no control characters")
        })
    }
}

/// A number of digits, 1 to 9.
#[derive(Clone, Copy, Debug)]
struct GroupSize(usize);

impl<'de> Deserialize<'de> for GroupSize {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let size = usize::deserialize(deserializer)?;
        let fits = (1..=9).contains(&size);
        fits.then_some(Self(size)).ok_or_else(|| serde::de::Error::custom("must be a number from 1 to 9"))
    }
}

fn three() -> GroupSize {
    GroupSize(3)
}

fn one() -> GroupSize {
    GroupSize(1)
}

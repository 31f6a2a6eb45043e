//! Pay: amounts without floats, ISO 4217 currencies, periods and ranges.

use std::fmt;
use std::str::FromStr;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::violation::Report;

/// Decimal places that an [`Amount`] keeps: the most that any ISO 4217 currency has.
const PLACES: u32 = 4;
const UNIT: i64 = 10_i64.pow(PLACES);
/// The highest amount, in major units.
pub const MAX_MAJOR: i64 = 1_000_000_000_000;

/// A value that is not an amount of money.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be a number from 0 to {MAX_MAJOR} with at most {PLACES} decimals")]
pub struct AmountError;

/// An amount of money in major units, as a JSON number: `140000`, `28.50`.
///
/// Held as a whole number of ten-thousandths, so that no float is ever involved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, ToSchema)]
#[schema(value_type = f64, minimum = 0, maximum = 1_000_000_000_000_i64, example = 140_000)]
pub struct Amount(i64);

impl Amount {
    /// The amount in ten-thousandths of a major unit: what orders amounts of one currency.
    pub fn scaled(self) -> i64 {
        self.0
    }

    /// The amount in hundredths of a major unit, whatever the currency; what is smaller is cut.
    pub fn hundredths(self) -> i64 {
        self.0 / 10_i64.pow(PLACES - 2)
    }

    /// The amount in the minor units of a currency that has `decimals` of them (2 for USD: cents),
    /// or `None` when it has more decimals than that.
    pub fn minor(self, decimals: u32) -> Option<i64> {
        let step = 10_i64.pow(PLACES.saturating_sub(decimals));
        (self.0 % step == 0).then(|| self.0 / step)
    }
}

impl FromStr for Amount {
    type Err = AmountError;

    /// Reads a JSON number, with or without an exponent.
    fn from_str(text: &str) -> Result<Self, AmountError> {
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse().map_err(|_| AmountError)?),
            None => (text, 0_i32),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let fraction = fraction.trim_end_matches('0');
        if whole.is_empty() || !whole.bytes().chain(fraction.bytes()).all(|b| b.is_ascii_digit()) {
            return Err(AmountError);
        }
        let digits: i64 = match format!("{whole}{fraction}").trim_start_matches('0') {
            "" => return Ok(Self(0)),
            digits if digits.len() <= 18 => digits.parse().map_err(|_| AmountError)?,
            _ => return Err(AmountError),
        };
        let decimals = i32::try_from(fraction.len()).map_err(|_| AmountError)?;
        let shift = exponent.saturating_sub(decimals).saturating_add(4);
        let power = 10_i64.checked_pow(shift.unsigned_abs()).ok_or(AmountError)?;
        let value = if shift >= 0 {
            digits.checked_mul(power)
        } else {
            (digits % power == 0).then(|| digits / power)
        };
        value.filter(|&v| v <= MAX_MAJOR * UNIT).map(Self).ok_or(AmountError)
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, fraction) = (self.0 / UNIT, self.0 % UNIT);
        if fraction == 0 {
            return write!(f, "{whole}");
        }
        let fraction = format!("{fraction:04}");
        let significant = fraction.trim_end_matches('0').len().max(2);
        write!(f, "{whole}.{}", &fraction[..significant])
    }
}

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        RawValue::from_string(self.to_string()).map_err(serde::ser::Error::custom)?.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        raw.get().parse().map_err(D::Error::custom)
    }
}

/// A value that is not the code of a current currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be a currency code of ISO 4217, such as USD or EUR")]
pub struct CurrencyError;

/// A currency: its ISO 4217 code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, ToSchema)]
#[schema(value_type = String, pattern = "^[A-Z]{3}$", example = "USD")]
pub struct Currency(iso_currency::Currency);

impl Currency {
    /// The three-letter code.
    pub fn code(self) -> &'static str {
        self.0.code()
    }

    /// Digits after the decimal point: 2 for USD, 0 for JPY, 3 for KWD.
    pub fn decimals(self) -> u32 {
        self.0.exponent().map_or(0, u32::from)
    }
}

impl FromStr for Currency {
    type Err = CurrencyError;
    fn from_str(code: &str) -> Result<Self, CurrencyError> {
        iso_currency::Currency::from_code(code)
            .filter(|c| !c.is_fund() && !c.is_special())
            .map(Self)
            .ok_or(CurrencyError)
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = String::deserialize(deserializer)?;
        code.parse().map_err(D::Error::custom)
    }
}

/// What a pay amount is paid for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "year")]
pub enum Period {
    /// An hour of work.
    Hour,
    /// A day of work.
    Day,
    /// A week.
    Week,
    /// A month.
    Month,
    /// A year.
    Year,
}

impl Period {
    /// All periods, from the shortest.
    pub const ALL: [Self; 5] = [Self::Hour, Self::Day, Self::Week, Self::Month, Self::Year];

    /// The value in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Year => "year",
        }
    }
}

/// A pay range; `min` and `max` are equal for fixed pay.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Salary {
    /// The lowest pay, in major units, with at most the currency's decimals.
    pub min: Amount,
    /// The highest pay, in major units, with at most the currency's decimals.
    pub max: Amount,
    /// The currency of both.
    pub currency: Currency,
    /// What the amounts are paid for.
    pub period: Period,
}

impl Salary {
    /// Both bounds in the currency's minor units (cents), the lower one first.
    pub fn minor(&self) -> (i64, i64) {
        let decimals = self.currency.decimals();
        (self.min.minor(decimals).unwrap_or(0), self.max.minor(decimals).unwrap_or(0))
    }

    /// Whether one amount is paid rather than a range.
    pub fn is_fixed(&self) -> bool {
        self.min == self.max
    }

    pub(crate) fn check(&self, report: &mut Report) {
        let decimals = self.currency.decimals();
        for (name, amount) in [("min", self.min), ("max", self.max)] {
            if amount.minor(decimals).is_none() {
                let code = self.currency.code();
                report.add_at(name, format!("has more decimals than the {decimals} of {code}"));
            }
        }
        if self.max == Amount(0) {
            report.add_at("max", "must be above zero");
        }
        if self.min > self.max {
            report.add_at("min", format!("is above max ({} > {})", self.min, self.max));
        }
    }
}

//! Amounts of pay: one, or a range, with the currency's symbol where the locale puts it.

use serde::Deserialize;

use super::currency::Mark;
use super::number::{Decimals, Numbers, Separator};
use super::pattern::{Field, Pattern};
use crate::domain::salary::Salary;

/// How money is written (CLDR 48 `currencyFormats`; ranges as ICU 78 joins them).
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Money {
    /// One amount: `{symbol}{amount}`.
    amount: Pattern<One>,
    /// A range: `{symbol}{min} – {symbol}{max}`.
    range: Pattern<Range>,
    /// A range with a symbol of more than one character, which need not stand twice:
    /// `{symbol}{min}–{max}`. As `range` if it is not given.
    long_symbol_range: Option<Pattern<Range>>,
    /// Between groups of digits, where money has another separator than other numbers (Austria).
    group: Option<Separator>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum One {
    Symbol,
    Amount,
}

impl Field for One {
    const NAMES: &'static [(&'static str, Self)] = &[("symbol", Self::Symbol), ("amount", Self::Amount)];
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Range {
    Symbol,
    Min,
    Max,
}

impl Field for Range {
    const NAMES: &'static [(&'static str, Self)] =
        &[("symbol", Self::Symbol), ("min", Self::Min), ("max", Self::Max)];
}

impl Money {
    /// Writes the amounts of `salary`: one if pay is fixed. Decimals stand on both or on neither.
    pub(super) fn write(&self, out: &mut String, numbers: &Numbers, salary: &Salary, mark: Mark) {
        let (min, max) = salary.minor();
        let (min, max) = (min.unsigned_abs(), max.unsigned_abs());
        let count = salary.currency.decimals();
        let unit = 10_u64.pow(count);
        let shown = !min.is_multiple_of(unit) || !max.is_multiple_of(unit);
        let number = |out: &mut String, minor| {
            numbers.write_amount(out, minor, Decimals { count, shown }, self.group.as_ref());
        };

        let start = out.len();
        let code_instead = mark.ambiguous && self.code_replaces(mark.symbol);
        let symbol = if code_instead { mark.code } else { mark.symbol };
        if salary.is_fixed() {
            self.amount.write(out, |out, field| match field {
                One::Symbol => write_symbol(out, start, symbol),
                One::Amount => {
                    space_from_word(out, start);
                    number(out, min);
                }
            });
        } else {
            self.range(symbol).write(out, |out, field| match field {
                Range::Symbol => write_symbol(out, start, symbol),
                Range::Min => {
                    space_from_word(out, start);
                    number(out, min);
                }
                Range::Max => {
                    space_from_word(out, start);
                    number(out, max);
                }
            });
        }
        if mark.ambiguous && !code_instead {
            out.push(' ');
            out.push_str(mark.code);
        }
    }

    fn range(&self, symbol: &str) -> &Pattern<Range> {
        let long = symbol.chars().nth(1).is_some();
        self.long_symbol_range.as_ref().filter(|_| long).unwrap_or(&self.range)
    }

    /// Whether the code of an ambiguous symbol stands in its place rather than after the amounts:
    /// where the symbol is a word (`kr`), or ends the pattern, so that `$ CAD` would follow.
    fn code_replaces(&self, symbol: &str) -> bool {
        symbol.chars().any(char::is_alphabetic) || self.amount.ends_with() == Some(One::Symbol)
    }
}

const NO_BREAK_SPACE: char = '\u{A0}';

/// Writes a symbol, apart from a number right before it if it starts as a word.
fn write_symbol(out: &mut String, start: usize, symbol: &str) {
    let follows_number = last_char(out, start).is_some_and(char::is_numeric);
    if follows_number && symbol.chars().next().is_some_and(is_of_word) {
        out.push(NO_BREAK_SPACE);
    }
    out.push_str(symbol);
}

/// Keeps a number apart from a symbol right before it that ends as a word: `CHF 100`, but `R$100`
/// (CLDR `currencySpacing`).
fn space_from_word(out: &mut String, start: usize) {
    if last_char(out, start).is_some_and(is_of_word) {
        out.push(NO_BREAK_SPACE);
    }
}

fn is_of_word(c: char) -> bool {
    c.is_alphabetic() || matches!(c, '.' | '/')
}

fn last_char(out: &str, start: usize) -> Option<char> {
    out.get(start..).and_then(|written| written.chars().next_back())
}

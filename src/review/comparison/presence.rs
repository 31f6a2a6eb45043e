//! Whether pay and dates stand in a text, however they are written.

use std::collections::HashSet;

use super::super::words::line;
use super::{DatePresence, Presence};
use crate::domain::posting::ShownSalary;
use crate::domain::{Date, Vacancy};

/// The longest number that is read, in bytes.
const LONGEST: usize = 32;
/// Ten-thousandths in a whole, as amounts are counted.
const UNIT: i64 = 10_000;

/// Whether pay stands in a text.
pub fn salary(salary: &ShownSalary, paragraphs: &[String]) -> Presence {
    if line(&paragraphs.join("\n")).contains(&line(&salary.text)) {
        return Presence::Verbatim;
    }
    let mut numbers = HashSet::new();
    paragraphs.iter().for_each(|paragraph| add_numbers(&mut numbers, paragraph));
    let has = |amount: i64| numbers.contains(&amount);
    if has(salary.range.min.scaled()) && has(salary.range.max.scaled()) {
        Presence::OtherNotation
    } else {
        Presence::Absent
    }
}

/// The dates that the posting shows, and whether they stand in a text.
pub fn dates(vacancy: &Vacancy, ours: &[&str], paragraphs: &[String]) -> Vec<DatePresence> {
    let days = [
        ("/start", vacancy.start),
        ("/date_posted", vacancy.date_posted),
        ("/valid_through", vacancy.valid_through),
    ];
    let (mut shown, mut there) = (HashSet::new(), HashSet::new());
    ours.iter().for_each(|text| add_days(&mut shown, text));
    // A text may break its lines within a date.
    add_days(&mut there, &paragraphs.join("\n"));
    let presence = |(pointer, date): (&str, Option<Date>)| {
        let date = date.filter(|date| shown.contains(&day(*date)))?;
        Some(DatePresence { pointer: pointer.to_owned(), date, found: there.contains(&day(date)) })
    };
    days.into_iter().filter_map(presence).collect()
}

/// Adds every amount that the numbers of a text may mean, in ten-thousandths: `150.000` is a hundred and
/// fifty, and a hundred and fifty thousand.
fn add_numbers(numbers: &mut HashSet<i64>, text: &str) {
    let mut rest = text;
    // What stood before: its meanings, if nothing but a dash follows it. "150–185k" is in thousands.
    let mut before: Vec<i64> = Vec::new();
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let between = rest.get(..start).unwrap_or_default();
        if !is_between_bounds(between) {
            before.clear();
        }
        rest = rest.get(start..).unwrap_or_default();
        let length = number_length(rest);
        let meanings = meanings(rest.get(..length).unwrap_or_default());
        rest = rest.get(length..).unwrap_or_default();
        let times = multiple(rest);
        let of = |meanings: &[i64], times: i64| -> Vec<i64> {
            meanings.iter().filter_map(|meaning| meaning.checked_mul(times)).collect()
        };
        numbers.extend(of(&before, times));
        numbers.extend(of(&meanings, times));
        before = meanings;
    }
}

/// Whether a text may stand between the two bounds of a range.
fn is_between_bounds(text: &str) -> bool {
    let bare = text.trim_matches(|c: char| c.is_whitespace() || !c.is_alphanumeric());
    text.len() <= LONGEST && matches!(bare, "" | "to" | "and" | "bis" | "à")
}

/// The length of the number that a text starts with: digits, with signs between them.
fn number_length(text: &str) -> usize {
    let mut length = 0;
    for (at, c) in text.char_indices().take_while(|(at, _)| *at < LONGEST) {
        let next = || text.get(at + c.len_utf8()..).unwrap_or_default();
        let three = || {
            let digits = next().bytes().take(4).take_while(u8::is_ascii_digit).count();
            digits == 3
        };
        let goes_on = match c {
            '0'..='9' => true,
            '.' | ',' | '\'' | '’' => next().starts_with(|c: char| c.is_ascii_digit()),
            ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' => three(),
            _ => false,
        };
        if !goes_on {
            break;
        }
        length = at + c.len_utf8();
    }
    length
}

/// What a number may mean: its signs part thousands, or the last of them decimals; or blanks part numbers.
fn meanings(number: &str) -> Vec<i64> {
    let sign = |c: char| !c.is_ascii_digit();
    let whole = |digits: &str| digits.parse::<i64>().ok()?.checked_mul(UNIT);
    let mut found: Vec<i64> = Vec::new();
    found.extend(
        whole(&number.replace(sign, "")).filter(|_| number.split(sign).skip(1).all(|g| g.len() == 3)),
    );
    if let Some((head, fraction)) = number.rsplit_once(['.', ',']).filter(|(_, f)| f.len() <= 4) {
        let parts = whole(&head.replace(sign, "")).zip(format!("{fraction:0<4}").parse::<i64>().ok());
        found.extend(parts.and_then(|(whole, parts)| whole.checked_add(parts)));
    }
    let numbers = number.split(|c: char| c.is_whitespace()).filter(|part| part.len() < number.len());
    found.extend(numbers.filter_map(whole));
    found
}

/// By what a number is multiplied: `k`, `thousand`, `m`, `million`.
fn multiple(rest: &str) -> i64 {
    let word: String = rest.trim_start().chars().take_while(|c| c.is_alphabetic()).take(9).collect();
    match word.to_lowercase().as_str() {
        "k" | "thousand" | "tsd" => 1000,
        "m" | "mio" | "million" => 1_000_000,
        _ => 1,
    }
}

/// A day as year, month, day.
type Day = (u16, u8, u8);

fn day(date: Date) -> Day {
    (date.year().unsigned_abs(), date.month().unsigned_abs(), date.day().unsigned_abs())
}

/// Adds every day that a text may mean: `2027-01-31`, `January 31, 2027`, `31. Jan. 2027`, `1/31/2027`.
fn add_days(days: &mut HashSet<Day>, text: &str) {
    let line = line(text);
    let words: Vec<&str> = line.split_whitespace().collect();
    for window in words.windows(3) {
        if let [one, two, three] = window {
            add_day(days, [*one, *two, *three]);
        }
    }
    for word in words.iter().filter(|word| word.len() <= LONGEST) {
        let parts: Vec<&str> = word.split(['/', '.']).collect();
        if let [one, two, three] = parts.as_slice() {
            add_day(days, [*one, *two, *three]);
        }
    }
}

fn add_day(days: &mut HashSet<Day>, parts: [&str; 3]) {
    let [one, two, three] = parts;
    let orders = [(one, two, three), (three, one, two), (three, two, one)];
    for (year, month, day) in orders {
        if let (Some(year), Some(month), Some(day)) = (year_of(year), month_of(month), day_of(day)) {
            days.insert((year, month, day));
        }
    }
}

fn year_of(word: &str) -> Option<u16> {
    Some(word).filter(|word| word.len() == 4)?.parse().ok()
}

/// A month by its number, or by its name in the languages of the locales.
fn month_of(word: &str) -> Option<u8> {
    const MONTHS: [&[&str]; 12] = [
        &["january", "jan", "januar", "janvier", "janv"],
        &["february", "feb", "februar", "février", "févr"],
        &["march", "mar", "märz", "mars"],
        &["april", "apr", "avril", "avr"],
        &["may", "mai"],
        &["june", "jun", "juni", "juin"],
        &["july", "jul", "juli", "juillet", "juil"],
        &["august", "aug", "août"],
        &["september", "sep", "sept", "septembre"],
        &["october", "oct", "oktober", "okt", "octobre"],
        &["november", "nov", "novembre"],
        &["december", "dec", "dezember", "dez", "décembre", "déc"],
    ];
    let named =
        || MONTHS.iter().position(|names| names.contains(&word)).and_then(|at| u8::try_from(at + 1).ok());
    number_of(word).filter(|month| (1..=12).contains(month)).or_else(named)
}

fn day_of(word: &str) -> Option<u8> {
    let bare = ["st", "nd", "rd", "th", "er"].into_iter().find_map(|end| word.strip_suffix(end));
    number_of(bare.unwrap_or(word)).filter(|day| (1..=31).contains(day))
}

fn number_of(word: &str) -> Option<u8> {
    Some(word).filter(|word| word.len() <= 2)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_in_any_notation() {
        for text in [
            "$150,000 – $185,000",
            "150.000 € bis 185.000 €",
            "150 000 à 185 000 $",
            "150\u{202f}000–185\u{202f}000",
            "CHF 150'000.00-185'000.00",
            "$150k to $185K",
            "150-185k",
            "USD 0.15m and 185 thousand",
            "between 150000 and 185000.",
        ] {
            let mut numbers = HashSet::new();
            add_numbers(&mut numbers, text);
            assert!(numbers.contains(&(150_000 * UNIT)), "{text}: {numbers:?}");
            assert!(numbers.contains(&(185_000 * UNIT)), "{text}: {numbers:?}");
        }
    }

    #[test]
    fn other_amounts_are_not() {
        for text in ["1500000", "150 employees and 185 robots", "15k", "150,00", "A150B000"] {
            let mut numbers = HashSet::new();
            add_numbers(&mut numbers, text);
            assert!(!numbers.contains(&(150_000 * UNIT)), "{text}: {numbers:?}");
        }
    }

    #[test]
    fn cents_are_read() {
        let mut numbers = HashSet::new();
        add_numbers(&mut numbers, "28.50 and 1.234,56, and 9,999,999,999,999,999,999,999,999");
        assert!(numbers.contains(&285_000) && numbers.contains(&12_345_600));
    }

    #[test]
    fn days_are_read_in_any_notation() {
        for text in [
            "2027-01-31",
            "January 31, 2027",
            "by 31 January 2027.",
            "Jan. 31st, 2027",
            "31. Januar 2027",
            "31 janvier 2027",
            "1/31/2027",
            "31/01/2027",
            "31.01.2027",
        ] {
            let mut days = HashSet::new();
            add_days(&mut days, text);
            assert!(days.contains(&(2027, 1, 31)), "{text}: {days:?}");
        }
        for text in ["31 people in 2027", "January 2027", "2027-31-01", "January 30, 2027"] {
            let mut days = HashSet::new();
            add_days(&mut days, text);
            assert!(!days.contains(&(2027, 1, 31)), "{text}: {days:?}");
        }
    }
}

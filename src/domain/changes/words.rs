//! What is in a role, in words; and quotations that are short enough for a sentence.

use crate::domain::role::{Duty, Experience, Level, Occupation, Skill};
use crate::domain::salary::{Period, Salary};
use crate::domain::{Slug, Text};

/// The most characters of a quotation, without what says that it was shortened.
const QUOTED: usize = 80;
/// How many words of what did not change lead to what did.
const LEAD: usize = 3;

/// A pay band: `140000–220000 USD a year`.
pub fn pay(salary: &Salary) -> String {
    let amounts = match salary.is_fixed() {
        true => salary.min.to_string(),
        false => format!("{}–{}", salary.min, salary.max),
    };
    let period = match salary.period {
        Period::Hour => "an hour",
        Period::Day => "a day",
        Period::Week => "a week",
        Period::Month => "a month",
        Period::Year => "a year",
    };
    format!("{amounts} {} {period}", salary.currency.code())
}

/// A duty, whole.
pub fn duty(duty: &Duty) -> String {
    let mut words = duty.action.to_string();
    for part in [&duty.detail, &duty.outcome].into_iter().flatten() {
        if !part.as_str().starts_with([',', ';', ':']) {
            words.push(' ');
        }
        words.push_str(part.as_str());
    }
    words
}

/// A skill, whole.
pub fn skill(skill: &Skill) -> String {
    match &skill.description {
        Some(description) => format!("{}: {description}", skill.name),
        None => skill.name.to_string(),
    }
}

/// Years and kind of experience.
pub fn experience(experience: &Experience) -> String {
    match experience.minimum_years {
        Some(1) => format!("1 year of {}", experience.summary),
        Some(years) => format!("{years} years of {}", experience.summary),
        None => experience.summary.to_string(),
    }
}

/// A code of a classification, with its name.
pub fn occupation(occupation: &Occupation) -> String {
    let code = format!("{} {}", occupation.scheme, occupation.code);
    occupation.name.as_ref().map_or(code.clone(), |name| format!("{code}, {name}"))
}

/// The level of a credential.
pub fn level(level: &Level) -> String {
    let words = match level {
        Level::HighSchool => "high school",
        Level::Associate => "associate degree",
        Level::Bachelor => "bachelor's degree",
        Level::Master => "master's degree",
        Level::Doctorate => "doctorate",
        Level::Certificate => "certificate",
    };
    words.to_owned()
}

/// Tags, in their order.
pub fn tags(tags: &[Slug]) -> String {
    tags.iter().map(Slug::as_str).collect::<Vec<_>>().join(", ")
}

/// A list, unless it is empty.
pub fn some<T>(list: &[T]) -> Option<&[T]> {
    (!list.is_empty()).then_some(list)
}

/// The words of a text.
pub fn text(text: &Text) -> String {
    text.to_string()
}

/// A text in quotation marks, its end left out when it is long.
pub fn quoted(text: &str) -> String {
    let Some((cut, _)) = text.char_indices().nth(QUOTED) else { return format!("“{text}”") };
    let head = text.get(..cut).unwrap_or(text);
    let words = head.rfind(char::is_whitespace).and_then(|at| head.get(..at)).unwrap_or(head);
    format!("“{} …”", words.trim_end())
}

/// Two texts in quotation marks; when they are long, from where they differ.
pub fn quoted_pair(before: &str, after: &str) -> (String, String) {
    if [before, after].iter().all(|text| text.chars().nth(QUOTED).is_none()) {
        return (quoted(before), quoted(after));
    }
    let skip = same_start(before, after);
    let tail = |text: &str| match text.get(skip..) {
        Some(rest) if skip > 0 => quoted(&format!("… {rest}")),
        _ => quoted(text),
    };
    (tail(before), tail(after))
}

/// The length in bytes of what two texts start with, up to a few words before they differ.
fn same_start(before: &str, after: &str) -> usize {
    let same = before.char_indices().zip(after.chars()).find(|((_, one), other)| one != other);
    let same = same.map_or(before.len().min(after.len()), |((at, _), _)| at);
    let starts = before.get(..same).unwrap_or_default().char_indices().filter(|(_, c)| *c == ' ');
    let starts: Vec<usize> = starts.map(|(at, _)| at + 1).collect();
    starts.len().checked_sub(LEAD + 1).and_then(|n| starts.get(n)).copied().unwrap_or_default()
}

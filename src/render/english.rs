//! The few rules of English grammar that depend on a word that is not known beforehand.

use std::borrow::Cow;

use crate::domain::options::EmploymentType;

/// The indefinite article of `phrase`, by the sound that it starts with: "a user", "an hour",
/// "an MBA", "a UX lead".
pub fn article(phrase: &str) -> &'static str {
    let start = phrase.trim_start_matches(|c: char| !c.is_alphanumeric());
    let word = start.split_whitespace().next().unwrap_or_default();
    let part = word.split(['/', '&', '.', '\u{2019}', '\'']).next().unwrap_or(word);
    if is_spelled_out(word, part) {
        return if part.starts_with(LETTERS_WITH_VOWEL_SOUND) { "an" } else { "a" };
    }
    if is_acronym(part) && SPOKEN_AS_WORDS.contains(&part) {
        return if part.starts_with(['A', 'E', 'I', 'O', 'U']) { "an" } else { "a" };
    }
    match unaccented(part) {
        Some(vowel) => {
            if vowel {
                "an"
            } else {
                "a"
            }
        }
        None => match in_definite::get_a_or_an(&lowered(part)) {
            "an" | "An" => "an",
            _ => "a",
        },
    }
}

/// A kind of employment, as people name it whatever the locale: for systems that sort by it.
pub fn employment(kind: EmploymentType) -> &'static str {
    match kind {
        EmploymentType::FullTime => "Full-time",
        EmploymentType::PartTime => "Part-time",
        EmploymentType::Contractor => "Contract",
        EmploymentType::Temporary => "Temporary",
        EmploymentType::Intern => "Internship",
        EmploymentType::Volunteer => "Volunteer",
        EmploymentType::PerDiem => "Per diem",
        EmploymentType::Other => "Other",
    }
}

/// Letters whose names start with a vowel sound: "an F", "a U".
const LETTERS_WITH_VOWEL_SOUND: [char; 12] = ['A', 'E', 'F', 'H', 'I', 'L', 'M', 'N', 'O', 'R', 'S', 'X'];

/// Capitals that are read as a word, not letter by letter, where that changes the article.
const SPOKEN_AS_WORDS: [&str; 14] = [
    "LAN", "NASA", "NATO", "NICU", "RADAR", "RAM", "ROM", "SAN", "SCADA", "SCRUM", "SEAL", "SWAT", "STEM",
    "FEMA",
];

/// Initials joined by `&` or full stops ("R&D", "U.S.") and capitals alone ("UX/UI") are spelled out.
fn is_spelled_out(word: &str, part: &str) -> bool {
    let joined = word.len() > part.len() && part.chars().count() <= 2 && part.chars().all(char::is_uppercase);
    joined || (is_acronym(part) && !SPOKEN_AS_WORDS.contains(&part))
}

fn is_acronym(part: &str) -> bool {
    (2..=5).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_uppercase())
}

/// Whether a first letter outside ASCII is a vowel; `None` for ASCII.
fn unaccented(part: &str) -> Option<bool> {
    let first = part.chars().next().filter(|c| !c.is_ascii())?;
    Some(first.to_lowercase().next().is_some_and(|c| "àáâãäåæèéêëìíîïòóôõöøœùúûü".contains(c)))
}

/// The library judges capitalised words as names; a title is a common noun.
fn lowered(part: &str) -> Cow<'_, str> {
    let ordinary = part.chars().skip(1).all(|c| !c.is_uppercase());
    if ordinary && part.chars().count() > 1 { Cow::Owned(part.to_lowercase()) } else { Cow::Borrowed(part) }
}

/// The possessive of a name: "Acme's", "Industries'".
pub fn possessive(name: &str) -> String {
    let suffix = if name.ends_with(['s', 'S']) { "'" } else { "'s" };
    format!("{name}{suffix}")
}

/// `text` with a capital first letter; words such as "iOS" stay as they are.
pub fn capitalised(text: &str) -> Cow<'_, str> {
    let mut chars = text.chars();
    let Some(first) = chars.next().filter(|c| c.is_lowercase()) else { return Cow::Borrowed(text) };
    let word = text.split_whitespace().next().unwrap_or_default();
    if word.chars().any(char::is_uppercase) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(first.to_uppercase().chain(chars).collect())
}

/// The parts of a sentence in order: each follows with a space, or with its own leading comma.
pub fn joined<'p>(parts: impl IntoIterator<Item = &'p str>) -> String {
    let mut text = String::new();
    for part in parts {
        if !text.is_empty() && !part.starts_with([',', ';', ':', '.']) {
            text.push(' ');
        }
        text.push_str(part);
    }
    text
}

/// `text` with a full stop, unless it ends in a mark of its own.
pub fn stopped(mut text: String) -> String {
    let end = text.trim_end_matches(['"', '\'', ')', '\u{201D}', '\u{2019}']);
    if !end.ends_with(['.', '!', '?', ':', '\u{2026}']) {
        text.push('.');
    }
    text
}

/// Items in one line: with commas, or with semicolons when one of them has a comma of its own.
pub fn line<'i>(items: impl IntoIterator<Item = &'i str>) -> String {
    let items: Vec<&str> = items.into_iter().collect();
    let separator = if items.iter().any(|item| item.contains(", ")) { "; " } else { ", " };
    items.join(separator)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_article_follows_the_sound() {
        let an = [
            "SRE",
            "MBA",
            "hour",
            "honest broker",
            "IT Manager",
            "HR Partner",
            "RN",
            "iOS Developer",
            "AI Engineer",
            "R&D Lead",
            "F&B Manager",
            "M&A Analyst",
            "X-ray Technician",
            "8-hour shift",
            "11-month contract",
            "Engineering Manager",
            "Usher",
            "unintended",
            "FP&A Manager",
            "HVAC Technician",
            "L&D Partner",
            "École",
            "(Interim) Engineer",
            "Urban Planner",
            "NGO Director",
            "Account Executive",
            "SQL Developer",
            "Heir",
        ];
        let a = [
            "UX lead",
            "UI designer",
            "user",
            "one-on-one",
            "QA Engineer",
            "European",
            "Union Rep",
            "Tech Manager",
            "UX/UI Designer",
            "U.S. Manager",
            "Urologist",
            "NICU Nurse",
            "SaaS Executive",
            "VP",
            "Herbalist",
            "Utility Worker",
            "DevOps Engineer",
            "C++ Developer",
            "PhD Candidate",
            "CEO",
            "Zookeeper",
            "Unit Clerk",
        ];
        for word in an {
            assert_eq!(article(word), "an", "{word}");
        }
        for word in a {
            assert_eq!(article(word), "a", "{word}");
        }
    }

    #[test]
    fn names_in_s_take_an_apostrophe_alone() {
        assert_eq!(possessive("Acme"), "Acme's");
        assert_eq!(possessive("Stark Industries"), "Stark Industries'");
    }

    #[test]
    fn a_sentence_gets_one_capital_and_one_stop() {
        assert_eq!(stopped(capitalised("lead a team").into_owned()), "Lead a team.");
        assert_eq!(stopped(capitalised("iOS work (all of it)").into_owned()), "iOS work (all of it).");
        assert_eq!(stopped("Ready?".to_owned()), "Ready?");
        assert_eq!(
            joined(["set strategy", ", deciding early", "so that it lasts"]),
            "set strategy, deciding early so that it lasts"
        );
    }
}

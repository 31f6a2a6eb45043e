//! What a search looks at, made from a role when it is written, for every engine alike: words
//! without case and accents, facets, the band.

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::domain::Role;

/// What a list shows of a role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// Identifies the role.
    pub id: String,
    /// The job title.
    pub title: String,
    /// Other titles.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alternate_titles: Vec<String>,
    /// The job family.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub family: Option<String>,
    /// What the job is.
    pub summary: String,
}

/// What a search looks at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleIndex {
    /// What a list shows, as compact JSON of [`Summary`].
    pub summary: String,
    /// The title and the alternate titles, each folded, its words joined by one space.
    pub titles: Vec<String>,
    /// The words of the title.
    pub title_words: Vec<String>,
    /// The words of title, alternate titles, keywords, and family.
    pub name_words: Vec<String>,
    /// All words, those of the names included.
    pub all_words: Vec<String>,
    /// The folded family.
    pub family: Option<String>,
    /// Ids and folded names of its skills.
    pub skill_keys: Vec<String>,
    /// Its skills: id and name.
    pub skills: Vec<(String, String)>,
    /// Its tags.
    pub tags: Vec<String>,
    /// The band: lower end, upper end (ten-thousandths of a major unit), currency, period.
    pub band: Option<(i64, i64, String, String)>,
}

/// The most characters of a folded text, and of a word: nobody asks for more, and no database takes
/// longer keys into an index than 300 characters of any kind.
const MAX_FOLDED: usize = 300;
const MAX_WORD: usize = 100;

/// Text as a search compares it: lower case, without accents, its words joined by one space; what
/// exceeds 300 characters is left out.
pub fn fold(text: &str) -> String {
    cut(words(text).join(" "), MAX_FOLDED)
}

/// The words of a text: runs of letters and digits, in lower case and without accents.
///
/// `+` and `#` after a letter belong to it: C++ and C# are not C. What exceeds 100 characters of a
/// word is left out.
pub fn words(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut word = String::new();
    for c in text.nfkd().filter(|c| !is_combining_mark(*c)) {
        if c.is_alphanumeric() {
            word.extend(plain(c));
        } else if matches!(c, '+' | '#') && !word.is_empty() {
            // Spelled out: to some engines they are no part of a word.
            word.push_str(if c == '+' { "plus" } else { "sharp" });
        } else if !word.is_empty() {
            found.push(cut(std::mem::take(&mut word), MAX_WORD));
        }
    }
    if !word.is_empty() {
        found.push(cut(word, MAX_WORD));
    }
    found
}

fn cut(mut text: String, most: usize) -> String {
    if let Some((end, _)) = text.char_indices().nth(most) {
        text.truncate(end);
    }
    text
}

/// A letter in lower case; letters that are no base and mark to Unicode, as people type them.
fn plain(c: char) -> impl Iterator<Item = char> {
    let (base, rest) = match c {
        'ß' | 'ẞ' => ('s', "s"),
        'æ' | 'Æ' => ('a', "e"),
        'œ' | 'Œ' => ('o', "e"),
        'ø' | 'Ø' => ('o', ""),
        'đ' | 'Đ' | 'ð' | 'Ð' => ('d', ""),
        'ł' | 'Ł' => ('l', ""),
        'ı' => ('i', ""),
        'þ' | 'Þ' => ('t', "h"),
        other => (other, ""),
    };
    base.to_lowercase().filter(|c| !is_combining_mark(*c)).chain(rest.chars())
}

impl RoleIndex {
    /// The index of a role.
    pub fn of(role: &Role) -> Self {
        let text = ToString::to_string;
        let alternates: Vec<String> = role.alternate_titles.iter().map(text).collect();
        let summary = Summary {
            id: role.id.to_string(),
            title: role.title.to_string(),
            alternate_titles: alternates.clone(),
            family: role.family.as_ref().map(text),
            summary: role.summary.to_string(),
        };
        let title_words = distinct(words(role.title.as_str()));
        let names = alternates
            .iter()
            .map(String::as_str)
            .chain(role.keywords.iter().map(|keyword| keyword.as_str()))
            .chain(role.family.iter().map(|family| family.as_str()));
        let name_words: Vec<String> =
            distinct(title_words.iter().cloned().chain(names.flat_map(words)).collect());
        let all_words =
            distinct(name_words.iter().cloned().chain(texts(role).flat_map(|t| words(&t))).collect());
        let mut titles: Vec<String> = std::iter::once(summary.title.as_str())
            .chain(alternates.iter().map(String::as_str))
            .map(fold)
            .collect();
        titles.dedup();
        let skills: Vec<(String, String)> =
            role.all_skills().map(|skill| (skill.id.to_string(), skill.name.to_string())).collect();
        let keys = skills.iter().flat_map(|(id, name)| [id.clone(), fold(name)]).collect();
        Self {
            // A summary always serializes.
            summary: serde_json::to_string(&summary).unwrap_or_default(),
            titles,
            title_words,
            name_words,
            all_words,
            family: role.family.as_ref().map(|family| fold(family.as_str())),
            skill_keys: distinct(keys),
            skills,
            tags: role.tags().into_iter().map(ToString::to_string).collect(),
            band: role.salary.as_ref().map(|salary| {
                let (currency, period) =
                    (salary.currency.code().to_owned(), salary.period.as_str().to_owned());
                (salary.min.scaled(), salary.max.scaled(), currency, period)
            }),
        }
    }
}

/// What stands in a role beside its names.
fn texts(role: &Role) -> impl Iterator<Item = String> {
    let duties = role.duties().flat_map(|duty| {
        [Some(&duty.action), duty.detail.as_ref(), duty.outcome.as_ref()].into_iter().flatten()
    });
    let skills =
        role.all_skills().flat_map(|skill| std::iter::once(&skill.name).chain(skill.description.as_ref()));
    [&role.summary, &role.mission].into_iter().chain(duties).chain(skills).map(ToString::to_string)
}

/// The words, each once, where it first stands.
pub(super) fn distinct(words: Vec<String>) -> Vec<String> {
    let mut seen = std::collections::HashSet::new();
    words.into_iter().filter(|word| seen.insert(word.clone())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_have_no_case_accents_or_punctuation() {
        assert_eq!(
            words("Chef de cuisine, Café-Restaurant"),
            ["chef", "de", "cuisine", "cafe", "restaurant"]
        );
        assert_eq!(words("Führungskraft für Straßenbau"), ["fuhrungskraft", "fur", "strassenbau"]);
        assert_eq!(words("C++ / C# und .NET"), ["cplusplus", "csharp", "und", "net"]);
        assert_eq!(words("Ｆｕｌｌ　ｗｉｄｔｈ"), ["full", "width"]);
        assert_eq!(words(" — "), Vec::<String>::new());
    }

    #[test]
    fn no_key_is_longer_than_a_database_takes() {
        let long = "ﷺ".repeat(2000);
        assert_eq!(fold(&long).chars().count(), 300);
        assert!(words(&"ab".repeat(1000)).iter().all(|word| word.chars().count() == 100));
    }
}

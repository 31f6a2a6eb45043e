//! The lexemes of the full-text index: words and facets, each with a letter that says what it is.
//!
//! The words of a title stand in the index three times: as words of the title, of the names, and of
//! the whole role. So a tier of a search is one question to one index, with what it excludes, and the
//! few roles that have a common word in their title are found without passing over all that have it
//! somewhere. What one letter begins is a lexeme, too: else a search for it would put thousands of
//! lists together.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use crate::store::index::RoleIndex;
use crate::store::posting_facets;
use crate::store::posting_index::PostingIndex;

/// What a lexeme is; its first letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Field {
    /// A word of the title.
    Title,
    /// A word of title, alternate titles, keywords, and family.
    Names,
    /// A word of the whole role.
    Text,
    /// The title, or one of the alternate titles.
    WholeTitle,
    /// The family.
    Family,
    /// The id or name of a skill.
    Skill,
    /// A tag.
    Tag,
    /// Currency and period of the band.
    Money,
}

/// The most characters of a word that count: PostgreSQL takes lexemes of up to 2 KB.
const WORD_CHARS: usize = 100;
/// The most bytes of a facet that stand for themselves; a digest stands for longer ones.
const FACET_BYTES: usize = 200;
/// The most lexemes of a role: more than anybody writes, and little enough for a vector, which
/// PostgreSQL takes up to 1 MB of.
const LEXEMES: usize = 20_000;

impl Field {
    fn letter(self) -> char {
        match self {
            Self::Title => 't',
            Self::Names => 'n',
            Self::Text => 'x',
            Self::WholeTitle => 'w',
            Self::Family => 'f',
            Self::Skill => 's',
            Self::Tag => 'g',
            Self::Money => 'm',
        }
    }

    /// The lexeme of a value that is searched as a whole.
    pub fn facet(self, value: &str) -> String {
        let letter = self.letter();
        if value.len() <= FACET_BYTES {
            return format!("{letter}={value}");
        }
        let digest = Sha256::digest(value.as_bytes());
        digest.iter().fold(format!("{letter}#"), |mut lexeme, byte| {
            // Writing to a string never fails.
            let _ = write!(lexeme, "{byte:02x}");
            lexeme
        })
    }

    /// What finds the roles with a word that begins so, as a part of a `tsquery`.
    pub fn beginning(self, word: &str) -> String {
        match (word.chars().next(), word.chars().nth(1)) {
            (Some(initial), None) => quoted(&self.initial(initial)),
            _ => format!("{}:*", quoted(&self.word(word))),
        }
    }

    fn word(self, word: &str) -> String {
        format!("{}:{}", self.letter(), word.chars().take(WORD_CHARS).collect::<String>())
    }

    fn initial(self, initial: char) -> String {
        format!("{}-{initial}", self.letter())
    }
}

/// A `tsquery` of those with all of these words there; nothing without words.
pub fn all_of(field: Field, words: &[String]) -> Option<String> {
    let words: Vec<String> = words.iter().map(|word| field.beginning(word)).collect();
    (!words.is_empty()).then(|| words.join(" & "))
}

/// A lexeme as a part of a `tsquery`.
pub fn quoted(lexeme: &str) -> String {
    format!("'{}'", lexeme.replace('\\', "\\\\").replace('\'', "''"))
}

/// All lexemes of a role, one a line. No text of a role has a line break.
pub fn of_role(index: &RoleIndex) -> String {
    let money = index.band.iter().map(|(_, _, currency, period)| money(currency, period));
    let facets =
        [(Field::WholeTitle, &index.titles), (Field::Skill, &index.skill_keys), (Field::Tag, &index.tags)];
    let facets = facets.into_iter().flat_map(|(field, all)| all.iter().map(move |one| field.facet(one)));
    let family = index.family.iter().map(|family| Field::Family.facet(family));
    let words = [
        (Field::Title, &index.title_words),
        (Field::Names, &index.name_words),
        (Field::Text, &index.all_words),
    ];
    let words = words.into_iter().flat_map(|(field, all)| of_words(field, all));
    lines(money.chain(family).chain(facets).chain(words))
}

/// All lexemes of a posting, one a line.
pub fn of_posting(index: &PostingIndex) -> String {
    lines(posting_facets::of_posting(index).into_iter().chain(of_words(Field::Text, &index.words)))
}

/// All lexemes of the name of a skill, one a line.
pub fn of_skill(words: &[String]) -> String {
    lines(of_words(Field::Names, words))
}

/// The lexeme of a currency and a period.
pub fn money(currency: &str, period: &str) -> String {
    Field::Money.facet(&format!("{currency} {period}"))
}

fn of_words(field: Field, words: &[String]) -> impl Iterator<Item = String> {
    let initials: BTreeSet<char> = words.iter().filter_map(|word| word.chars().next()).collect();
    // What is searched by more than its initial has more than one letter.
    let longer = words.iter().filter(|word| word.chars().nth(1).is_some());
    initials.into_iter().map(move |initial| field.initial(initial)).chain(longer.map(move |w| field.word(w)))
}

fn lines(lexemes: impl Iterator<Item = String>) -> String {
    lexemes.take(LEXEMES).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_says_a_lexeme_as_it_is_whatever_it_holds() {
        assert_eq!(quoted(r"s=o'brien \ & | !:*"), r"'s=o''brien \\ & | !:*'");
        assert_eq!(Field::Text.beginning("ma"), "'x:ma':*");
        assert_eq!(Field::Text.beginning("m"), "'x-m'");
    }

    #[test]
    fn no_lexeme_is_longer_than_postgresql_takes() {
        let long = "\u{10400}".repeat(2000);
        assert!(Field::Title.beginning(&long).len() < 1000);
        assert!(Field::Skill.facet(&long).len() < 100);
        assert_ne!(Field::Skill.facet(&long), Field::Skill.facet(&format!("{long}!")));
    }
}

//! The tokens of the full-text index: words and facets, each with a letter that says what it is.
//!
//! The words of a title stand in the index three times: as words of the title, of the names, and of
//! the whole role. So each tier of a search has lists of its own, and the few roles that have a
//! common word in their title are found without passing over all that have it somewhere.

use sha2::{Digest as _, Sha256};

use crate::store::index::RoleIndex;

/// What a token is; its first letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// A whole title or alternate title.
    Exact,
    /// A word of the title.
    Title,
    /// A word of title, alternate titles, keywords, and family.
    Names,
    /// A word of the whole role.
    Text,
    /// The family.
    Family,
    /// The id or name of a skill.
    Skill,
    /// A tag.
    Tag,
}

impl Field {
    fn letter(self) -> char {
        match self {
            Self::Exact => 'e',
            Self::Title => 't',
            Self::Names => 'n',
            Self::Text => 'x',
            Self::Family => 'f',
            Self::Skill => 's',
            Self::Tag => 'g',
        }
    }
}

/// Whether FTS5's `ascii` tokenizer leaves a word as it is: in ASCII, it has lower-case letters and
/// digits alone. All words that [`index::words`](crate::store::index::words) makes are so.
pub fn is_word(word: &str) -> bool {
    let stays = |c: char| !c.is_ascii() || c.is_ascii_lowercase() || c.is_ascii_digit();
    !word.is_empty() && word.chars().all(stays)
}

/// The token of a word.
pub fn word(field: Field, word: &str) -> String {
    format!("{}{word}", field.letter())
}

/// The token of a facet, which may be any text: 16 hexadecimal digits stand for it.
pub fn facet(field: Field, text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    digest.iter().take(8).fold(String::from(field.letter()), |token, byte| format!("{token}{byte:02x}"))
}

/// All tokens of a role, with a space between them.
pub fn all(index: &RoleIndex) -> String {
    let words = [
        (Field::Title, &index.title_words),
        (Field::Names, &index.name_words),
        (Field::Text, &index.all_words),
    ];
    let facets =
        [(Field::Exact, &index.titles), (Field::Skill, &index.skill_keys), (Field::Tag, &index.tags)];
    let words = words.into_iter().flat_map(|(field, all)| all.iter().map(move |one| word(field, one)));
    let facets = facets.into_iter().flat_map(|(field, all)| all.iter().map(move |one| facet(field, one)));
    let family = index.family.iter().map(|family| facet(Field::Family, family));
    words.chain(facets).chain(family).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::store::index::words;

    proptest! {
        #[test]
        fn the_tokenizer_leaves_every_word_as_it_is(text in any::<String>()) {
            for word in words(&text) {
                prop_assert!(is_word(&word), "{word:?}");
            }
        }
    }

    #[test]
    fn every_character_makes_words_that_stay_as_they_are() {
        for c in '\0'..=char::MAX {
            for word in words(c.encode_utf8(&mut [0; 4])) {
                assert!(is_word(&word), "{c:?} makes {word:?}");
            }
        }
    }
}

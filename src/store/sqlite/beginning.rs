//! A word of a search, which is the beginning of words that were indexed.

use rusqlite::Connection;

use super::token::{self, Field};

/// FTS5 keeps what has any of the beginnings of so many letters; for longer ones, it joins the lists of
/// all words that begin so before it yields the first one.
const LETTERS: usize = 3;
/// So instead of a longer beginning, all words that begin so are asked for, unless they are more than
/// this: their lists are walked side by side, no further than needed.
const SIDE_BY_SIDE: usize = 128;
/// As [`SIDE_BY_SIDE`], in titles and names: their lists are short and soon joined.
const SIDE_BY_SIDE_IN_NAMES: usize = 12;

/// The words that were ever indexed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Vocabulary {
    /// Those of roles.
    Roles,
    /// Those of postings.
    Postings,
}

impl Vocabulary {
    /// The table that has them.
    pub fn table(self) -> &'static str {
        match self {
            Self::Roles => "vocabulary",
            Self::Postings => "posting_vocabulary",
        }
    }
}

/// A word of a search.
#[derive(Debug)]
pub struct Beginning {
    word: String,
    /// All words that begin so, unless they are too many.
    all: Option<Vec<String>>,
}

impl Beginning {
    /// The beginnings of a search, without those that are the beginning of another one.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn all(
        connection: &Connection,
        vocabulary: Vocabulary,
        words: &[String],
    ) -> rusqlite::Result<Vec<Self>> {
        shortest(words).into_iter().map(|word| Self::of(connection, vocabulary, word)).collect()
    }

    fn of(connection: &Connection, vocabulary: Vocabulary, word: &str) -> rusqlite::Result<Self> {
        if word.chars().nth(LETTERS).is_none() {
            return Ok(Self { word: word.to_owned(), all: None });
        }
        let table = vocabulary.table();
        let sql = format!("SELECT word FROM {table} WHERE word >= ?1 AND word < ?2 LIMIT ?3");
        // No word has this character: it comes after all that begin so.
        let end = format!("{word}\u{10FFFF}");
        let limit = i64::try_from(SIDE_BY_SIDE + 1).unwrap_or(i64::MAX);
        let all = connection
            .prepare_cached(&sql)?
            .query_map((word, end, limit), |row| row.get(0))?
            .collect::<Result<Vec<String>, _>>()?;
        let few = all.len() <= SIDE_BY_SIDE && !all.is_empty();
        Ok(Self { word: word.to_owned(), all: few.then_some(all) })
    }

    /// What finds it in a field.
    pub fn in_field(&self, field: Field) -> String {
        let most = if field == Field::Text { SIDE_BY_SIDE } else { SIDE_BY_SIDE_IN_NAMES };
        match &self.all {
            Some(all) if all.len() <= most => {
                let all: Vec<_> = all.iter().map(|word| quoted(&token::word(field, word))).collect();
                format!("({})", all.join(" OR "))
            }
            _ => format!("{} *", quoted(&token::word(field, &self.word))),
        }
    }
}

/// A token in FTS5's language.
pub fn quoted(token: &str) -> String {
    format!("\"{}\"", token.replace('"', "\"\""))
}

/// The words without those that are the beginning of another one: whoever has that has them.
fn shortest(words: &[String]) -> Vec<&str> {
    let mut words: Vec<&str> = words.iter().map(String::as_str).collect();
    words.sort_unstable();
    words.dedup();
    let next: Vec<&str> = words.iter().skip(1).copied().chain([""]).collect();
    words.into_iter().zip(next).filter(|(word, next)| !next.starts_with(word)).map(|(word, _)| word).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_that_another_one_begins_with_says_nothing_of_its_own() {
        let words = ["man", "tech", "manager", "man", "techno", "mango"].map(str::to_owned);
        assert_eq!(shortest(&words), ["manager", "mango", "techno"]);
    }
}

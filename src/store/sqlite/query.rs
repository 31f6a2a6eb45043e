//! What a search asks of the full-text index, in FTS5's language.

use rusqlite::Connection;

use super::token::{self, Field};
use crate::store::search::{Search, Tier};

/// FTS5 keeps the roles of all beginnings of so many letters; for longer ones, it joins the lists of
/// all words that begin so before it yields the first role.
const LETTERS: usize = 3;
/// So instead of a longer beginning, all words that begin so are asked for, unless they are more than
/// this: their lists are walked side by side, no further than needed.
const SIDE_BY_SIDE: usize = 128;
/// As [`SIDE_BY_SIDE`], in titles and names: their lists are short and soon joined.
const SIDE_BY_SIDE_IN_NAMES: usize = 12;

/// The words and facets of a search.
#[derive(Debug)]
pub struct Query {
    /// The title that the words are, if there are any.
    exact: Option<String>,
    words: Vec<Beginning>,
    facets: Vec<String>,
}

/// A word of a search, which is the beginning of words of roles.
#[derive(Debug)]
struct Beginning {
    word: String,
    /// All words that begin so, unless they are too many.
    all: Option<Vec<String>>,
}

impl Query {
    /// What a search asks for; nothing if it has neither words nor facets.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn of(connection: &Connection, search: &Search) -> rusqlite::Result<Option<Self>> {
        let words = shortest(&search.words);
        let words = words.into_iter().map(|word| Beginning::of(connection, word));
        let facets =
            [(Field::Family, &search.family), (Field::Skill, &search.skill), (Field::Tag, &search.tag)];
        let facets = facets
            .into_iter()
            .filter_map(|(field, text)| Some(quoted(&token::facet(field, text.as_deref()?))));
        let exact =
            (!search.words.is_empty()).then(|| quoted(&token::facet(Field::Exact, &search.words.join(" "))));
        let query = Self { exact, words: words.collect::<Result<_, _>>()?, facets: facets.collect() };
        Ok((query.exact.is_some() || !query.facets.is_empty()).then_some(query))
    }

    /// Whether there are words: nothing else can be ranked.
    pub fn has_words(&self) -> bool {
        self.exact.is_some()
    }

    /// All roles that the search finds.
    pub fn all(&self) -> String {
        self.with_facets(self.words_in(Field::Text))
    }

    /// The roles of a tier: what it has, and none above it has.
    pub fn tier(&self, tier: Tier) -> String {
        let exact = || self.exact.clone().unwrap_or_default();
        let (has, above) = match tier {
            Tier::TitleIs => return self.with_facets(exact()),
            Tier::TitleHas => (Field::Title, exact()),
            Tier::NamesHave => (Field::Names, format!("{} OR {}", exact(), self.words_in(Field::Title))),
            Tier::TextHas => (Field::Text, self.words_in(Field::Names)),
        };
        format!("({}) NOT ({above})", self.with_facets(self.words_in(has)))
    }

    fn with_facets(&self, words: String) -> String {
        let words = (!words.is_empty()).then_some(words);
        words.into_iter().chain(self.facets.iter().cloned()).collect::<Vec<_>>().join(" AND ")
    }

    /// Roles that have all words in a field.
    fn words_in(&self, field: Field) -> String {
        let words: Vec<_> = self.words.iter().map(|word| word.in_field(field)).collect();
        if words.is_empty() { String::new() } else { format!("({})", words.join(" AND ")) }
    }
}

impl Beginning {
    fn of(connection: &Connection, word: &str) -> rusqlite::Result<Self> {
        if word.chars().nth(LETTERS).is_none() {
            return Ok(Self { word: word.to_owned(), all: None });
        }
        let sql = "SELECT word FROM vocabulary WHERE word >= ?1 AND word < ?2 LIMIT ?3";
        // No word has this character: it comes after all that begin so.
        let end = format!("{word}\u{10FFFF}");
        let limit = i64::try_from(SIDE_BY_SIDE + 1).unwrap_or(i64::MAX);
        let all = connection
            .prepare_cached(sql)?
            .query_map((word, end, limit), |row| row.get(0))?
            .collect::<Result<Vec<String>, _>>()?;
        let few = all.len() <= SIDE_BY_SIDE && !all.is_empty();
        Ok(Self { word: word.to_owned(), all: few.then_some(all) })
    }

    fn in_field(&self, field: Field) -> String {
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

/// The words without those that are the beginning of another one: whoever has that has them.
fn shortest(words: &[String]) -> Vec<&str> {
    let mut words: Vec<&str> = words.iter().map(String::as_str).collect();
    words.sort_unstable();
    words.dedup();
    let next: Vec<&str> = words.iter().skip(1).copied().chain([""]).collect();
    words.into_iter().zip(next).filter(|(word, next)| !next.starts_with(word)).map(|(word, _)| word).collect()
}

fn quoted(token: &str) -> String {
    format!("\"{}\"", token.replace('"', "\"\""))
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

//! What a search asks of the full-text index, in FTS5's language.

use rusqlite::Connection;

use super::beginning::{Beginning, Vocabulary, quoted};
use super::token::{self, Field};
use crate::store::search::{Search, Tier};

/// The words and facets of a search.
#[derive(Debug)]
pub struct Query {
    /// The title that the words are, if there are any.
    exact: Option<String>,
    words: Vec<Beginning>,
    facets: Vec<String>,
}

impl Query {
    /// What a search asks for; nothing if it has neither words nor facets.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn of(connection: &Connection, search: &Search) -> rusqlite::Result<Option<Self>> {
        let words = Beginning::all(connection, Vocabulary::Roles, &search.words)?;
        let facets =
            [(Field::Family, &search.family), (Field::Skill, &search.skill), (Field::Tag, &search.tag)];
        let facets = facets
            .into_iter()
            .filter_map(|(field, text)| Some(quoted(&token::facet(field, text.as_deref()?))));
        let exact =
            (!search.words.is_empty()).then(|| quoted(&token::facet(Field::Exact, &search.words.join(" "))));
        let query = Self { exact, words, facets: facets.collect() };
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

//! The words of texts, as they are compared: without case, without typography.
//!
//! White space, dashes, brackets, and bars part words. Quotes, brackets, bullets, marks of Markdown, and
//! punctuation around a word do not belong to it; what stops after it is kept beside it. Signs without a
//! letter or a digit are no words, unless they mean something (`&`, `€`, an emoji).

use std::collections::HashMap;
use std::ops::Range;

use unicode_normalization::UnicodeNormalization;

/// Numbers for words: the same word has the same number.
#[derive(Debug, Default)]
pub struct Lexicon {
    numbers: HashMap<String, u32>,
}

/// A word in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// Its number.
    pub number: u32,
    /// What stops after it: a full stop, a comma, a semicolon, `!`, or `?`.
    pub stop: Option<char>,
    /// Where it stands, in bytes, with what is around it.
    pub place: Range<usize>,
}

impl Lexicon {
    /// The words of a text, in order.
    pub fn words(&mut self, text: &str) -> Vec<Word> {
        let mut words = Vec::new();
        let mut start = 0;
        for (at, c) in text.char_indices().filter(|(_, c)| parts(*c)) {
            words.extend(self.word(text, start..at));
            start = at + c.len_utf8();
        }
        words.extend(self.word(text, start..text.len()));
        words
    }

    fn word(&mut self, text: &str, place: Range<usize>) -> Option<Word> {
        let folded = folded(text.get(place.clone()).filter(|word| !word.is_empty())?);
        let head = folded.trim_start_matches(|c| is_around(c) || c == '#');
        let bare = head.trim_end_matches(is_around);
        let stop = head.get(bare.len()..).unwrap_or_default().chars().find(|c| ".,;!?".contains(*c));
        if bare.is_empty() {
            return None;
        }
        let number = match self.numbers.get(bare) {
            Some(number) => *number,
            None => {
                let number = u32::try_from(self.numbers.len()).unwrap_or(u32::MAX);
                self.numbers.insert(bare.to_owned(), number);
                number
            }
        };
        Some(Word { number, stop, place })
    }
}

/// The words of a text as one line, each between two spaces: what stands in a text is found in its line.
pub fn line(text: &str) -> String {
    let mut line = String::from(" ");
    for word in text.split(parts) {
        let folded = folded(word);
        let bare = folded.trim_start_matches(|c| is_around(c) || c == '#').trim_end_matches(is_around);
        if !bare.is_empty() {
            line.push_str(bare);
            line.push(' ');
        }
    }
    line
}

/// A word without case and typography.
fn folded(word: &str) -> String {
    if word.is_ascii() {
        return word.chars().filter(|c| *c != '\\').map(|c| c.to_ascii_lowercase()).collect();
    }
    word.nfkc().flat_map(char::to_lowercase).filter(|c| !is_nothing(*c)).map(plain).collect()
}

/// Whether a sign stands between words.
pub fn parts(c: char) -> bool {
    c.is_whitespace() || is_dash(c) || matches!(c, '[' | ']' | '<' | '>' | '|')
}

fn is_dash(c: char) -> bool {
    matches!(
        c,
        '-' | '\u{2010}'..='\u{2015}' | '\u{2043}' | '\u{2212}' | '\u{FE58}' | '\u{FE63}' | '\u{FF0D}'
    )
}

/// Signs that nobody sees; a backslash escapes, in Markdown.
fn is_nothing(c: char) -> bool {
    matches!(c, '\\' | '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FE0E}' | '\u{FE0F}' | '\u{FEFF}')
}

fn plain(c: char) -> char {
    match c {
        '‘' | '’' | '‚' | '‛' | '′' | '`' | '´' => '\'',
        '“' | '”' | '„' | '‟' | '″' | '«' | '»' => '"',
        c => c,
    }
}

/// Whether a sign around a word does not belong to it.
fn is_around(c: char) -> bool {
    matches!(
        c,
        '.' | ','
            | ';'
            | ':'
            | '!'
            | '?'
            | '…'
            | '\''
            | '"'
            | '('
            | ')'
            | '{'
            | '}'
            | '*'
            | '_'
            | '~'
            | '`'
            | '/'
            | '='
            | '^'
            | '¡'
            | '¿'
    ) || is_bullet(c)
}

/// Whether a sign starts items of lists.
pub fn is_bullet(c: char) -> bool {
    matches!(c, '\u{2022}'..='\u{2023}' | '\u{2219}' | '·' | '\u{25A0}'..='\u{25FF}' | '★' | '☆' | '✓' | '✔' | '✅')
        || matches!(c, '➢' | '➤')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(one: &str, other: &str) -> bool {
        let mut lexicon = Lexicon::default();
        let numbers = |words: Vec<Word>| words.into_iter().map(|word| word.number).collect::<Vec<_>>();
        let (one_line, other_line) = (line(one), line(other));
        let (one, other) = (numbers(lexicon.words(one)), numbers(lexicon.words(other)));
        assert_eq!(one == other, one_line == other_line);
        one == other
    }

    #[test]
    fn case_space_quotes_dashes_and_bullets_do_not_count() {
        for (one, other) in [
            ("The team’s “plan” – now", "the  team's\u{a0}\"PLAN\" - now"),
            ("• Lead a team", "Lead a team"),
            ("$150,000–$185,000", "$150,000 - $185,000"),
            ("full-time", "full\u{2011}time"),
            ("r\u{e9}sum\u{e9}", "re\u{301}sume\u{301}"),
            ("**Location:** Denver", "Location Denver"),
            ("[Apply](<https://x.example/a>)", "Apply https://x.example/a"),
            ("co\u{ad}operate…", "cooperate..."),
            (r"a\_b \& c", "a_b & c"),
        ] {
            assert!(same(one, other), "{one} {other}");
        }
    }

    #[test]
    fn other_words_and_signs_with_a_meaning_do() {
        for (one, other) in
            [("a team", "the team"), ("$5", "€5"), ("C++", "C#"), ("R&D", "R D"), ("100%", "100"), ("8", "5")]
        {
            assert!(!same(one, other), "{one} {other}");
        }
    }

    #[test]
    fn what_stops_is_kept_beside_the_word() {
        let words = Lexicon::default().words("Go, “now”. Or: later?");
        let stops: Vec<_> = words.iter().map(|word| word.stop).collect();
        assert_eq!(stops, [Some(','), Some('.'), None, Some('?')]);
        assert_eq!(words[1].place, 4..14);
    }
}

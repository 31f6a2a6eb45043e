//! Sentences of English text.
//!
//! Where a sentence may end is told by Unicode (UAX 29, `unicode-segmentation`), which knows decimals,
//! quotes, brackets, and ellipses, but no abbreviations. What follows here takes back the ends that an
//! abbreviation, an initial, or an address gave.

use unicode_segmentation::UnicodeSegmentation;

/// The longest word that is looked up, in bytes.
const LONGEST: usize = 12;

/// Signs that close what a sentence ends in.
const CLOSING: [char; 8] = ['"', '\'', '”', '’', '»', ')', ']', '}'];

/// Abbreviations that a sentence goes on after.
const OPEN: [&str; 35] = [
    "approx.", "apt.", "ave.", "blvd.", "capt.", "cf.", "col.", "dept.", "dr.", "e.g.", "eg.", "est.",
    "fig.", "gen.", "gov.", "hon.", "i.e.", "ie.", "incl.", "lt.", "min.", "max.", "mr.", "mrs.", "ms.",
    "mt.", "mx.", "prof.", "rev.", "sgt.", "sr.", "st.", "viz.", "vs.", "v.",
];
/// Abbreviations that a sentence goes on after when a number follows.
const BEFORE_NUMBER: [&str; 20] = [
    "no.", "nos.", "art.", "ch.", "para.", "pp.", "p.", "sec.", "vol.", "jan.", "feb.", "mar.", "apr.",
    "jun.", "jul.", "aug.", "sep.", "sept.", "oct.", "nov.",
];
/// Abbreviations that may end a sentence: it ends if a word follows that starts sentences.
const MAY_END: [&str; 30] = [
    "a.m.", "b.a.", "b.s.", "b.sc.", "co.", "corp.", "d.c.", "dec.", "e.u.", "etc.", "inc.", "jr.", "l.a.",
    "llc.", "ltd.", "m.a.", "m.b.a.", "m.d.", "m.s.", "m.sc.", "n.y.", "p.a.", "p.m.", "ph.d.", "plc.",
    "u.k.", "u.n.", "u.s.", "u.s.a.", "et al.",
];
/// Words that sentences start with, and names and nouns do not.
const STARTERS: [&str; 56] = [
    "a",
    "all",
    "also",
    "although",
    "an",
    "and",
    "any",
    "applicants",
    "apply",
    "are",
    "as",
    "at",
    "because",
    "before",
    "but",
    "by",
    "candidates",
    "do",
    "each",
    "every",
    "for",
    "from",
    "have",
    "he",
    "how",
    "however",
    "if",
    "in",
    "is",
    "it",
    "its",
    "must",
    "no",
    "on",
    "our",
    "please",
    "she",
    "so",
    "that",
    "the",
    "their",
    "there",
    "these",
    "they",
    "this",
    "those",
    "to",
    "we",
    "what",
    "when",
    "where",
    "who",
    "with",
    "you",
    "your",
    "i",
];

/// The sentences of a paragraph, in order, without white space around them; never an empty one. The time
/// is linear in the length.
///
/// A sentence ends with what closes it: its signs, quotes, and brackets. No sentence starts with a small
/// letter.
pub fn sentences(paragraph: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut bounds = paragraph.split_sentence_bound_indices().peekable();
    while let Some((at, piece)) = bounds.next() {
        let end = at + piece.len();
        let next = bounds.peek().map(|(_, next)| *next);
        if next.is_none_or(|next| ends(piece, next)) {
            found.extend(paragraph.get(start..end).map(str::trim).filter(|words| !words.is_empty()));
            start = end;
        }
    }
    found
}

/// Whether a sentence ends between what Unicode takes for two.
fn ends(piece: &str, next: &str) -> bool {
    let words = piece.trim_end();
    // Without a space, it is a sign in an address.
    if words.len() == piece.len() && words.is_ascii() {
        return false;
    }
    let starts_small = next.trim_start().starts_with(char::is_lowercase);
    if words.trim_end_matches(CLOSING).ends_with(['!', '?']) {
        return !starts_small;
    }
    let last = words.rsplit(char::is_whitespace).next().unwrap_or_default();
    let last = last.trim_start_matches(['(', '[', '"', '\'', '“', '‘', '«']);
    if !last.ends_with('.') || last.len() > LONGEST {
        return true;
    }
    let follower = next.trim_start();
    let is = |list: &[&str], word: &str| list.iter().any(|known| known.eq_ignore_ascii_case(word));
    if is(&OPEN, last) {
        return false;
    }
    if is(&BEFORE_NUMBER, last) && follower.starts_with(|c: char| c.is_ascii_digit()) {
        return false;
    }
    if is(&MAY_END, last) || is_initial(last) {
        let first = follower.split(|c: char| !c.is_alphanumeric()).find(|word| !word.is_empty());
        return first.is_some_and(|word| word.len() <= LONGEST && is(&STARTERS, word));
    }
    true
}

/// `J.`, and `J.R.`
fn is_initial(word: &str) -> bool {
    let mut letters = word.split_terminator('.');
    letters.all(|letter| letter.chars().count() == 1 && letter.starts_with(char::is_uppercase))
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use proptest::prelude::*;

    use super::sentences;

    /// `|` stands where a sentence ends.
    fn check(text: &str) {
        let wanted: Vec<&str> = text.split('|').map(str::trim).collect();
        assert_eq!(sentences(&text.replace('|', "")), wanted);
    }

    #[test]
    fn a_sentence_goes_on_after_an_abbreviation() {
        check("We use tools, e.g. Rust and Go. | We like them, i.e. Both of them.");
        check("Mr. Smith, Dr. Jones, and Prof. Lee lead it. | See No. 5 and Fig. 2.");
        check("Acme Inc. Builders are here. | We work for Acme Inc. | You will, too.");
        check("You must be a U.S. Citizen. | We hire in the U.S. | The office is in the U.K. and open.");
        check("From 9 a.m. to 5 p.m. | Our day ends then.");
        check("Bring pens, paper, etc. | Please be early. | Start on Sept. 5, or on Jan. 10.");
        check("J. R. Tolkien and J.R. Ewing wrote it. | A Ph.D. Candidate may apply.");
        check("Blue vs. Red. | Next.");
    }

    #[test]
    fn numbers_addresses_and_names_are_whole() {
        check("It costs $1.5 million. | That is 40.5 percent.");
        check("See https://x.example/a.b?c=1. | Mail jobs@x.example. | Thanks.");
        check("Is it at https://x.example/?q=Hello!World now? | Yes.");
        check("You use .NET and Node.js. | You like it.");
        check("Yahoo! is a company. | Apply now!!! | Really?!");
    }

    #[test]
    fn quotes_brackets_and_ellipses_close_their_sentences() {
        check("\"He did.\" | She said so.");
        check("She said “Go home.” | Then she left. | (It rained.) | The end.");
        check("Wait... what? | Well… yes. | Hm... | Then he went.");
        check("“Really?” she asked. | Yes.");
    }

    #[test]
    fn other_scripts_have_sentences_too() {
        check("\u{4ed5}\u{4e8b}\u{3002}|\u{4ed5}\u{4e8b}\u{3002}");
        check("\u{5e9}\u{5dc}\u{5d5}\u{5dd}. | \u{5e9}\u{5dc}\u{5d5}\u{5dd}.");
    }

    #[test]
    fn nothing_is_no_sentence() {
        assert!(sentences("").is_empty());
        assert!(sentences(" \u{a0}\n ").is_empty());
        assert_eq!(sentences(" . "), ["."]);
    }

    #[test]
    fn hostile_text_takes_linear_time() {
        for text in ["“a. Ab! ", "e.g. ", "A.", "...", "(", "a?b!", "\u{4ed5}\u{3002}", "'A. "] {
            let start = Instant::now();
            let _ = sentences(&text.repeat(400_000 / text.len()));
            assert!(start.elapsed() < Duration::from_secs(5), "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_word_is_lost(text in r#"([a-zA-Z]{1,6}|[.!?"'() ]|e\.g\.|Inc\.|é|\u{3002}|\u{a0}|[0-9]\.[0-9]){0,60}"#) {
            let bare = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            prop_assert_eq!(bare(&sentences(&text).concat()), bare(&text));
        }
    }
}

//! Counting words: runs between white space that have a letter or a digit.
//!
//! Every posting counts what its request brings, so that the rest fits: eight characters at a time,
//! without a branch, since nobody can foresee where words end.

use super::eight::Eight;

/// The number of words in `text`.
pub fn word_count(text: &str) -> u32 {
    let mut counter = Counter::default();
    counter.text(text);
    counter.words()
}

/// A piece of text that was counted beforehand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// Whether a letter or a digit stands before the first white space.
    starts: bool,
    /// Words between two white spaces.
    inner: u32,
    /// Whether a letter or a digit stands after the last white space; `None` if there is none.
    ends: Option<bool>,
}

impl Counted {
    /// Counts `text`.
    pub fn new(text: &str) -> Self {
        let Some((start, rest)) = text.split_once(char::is_whitespace) else {
            return Self { starts: word_count(text) > 0, inner: 0, ends: None };
        };
        let (inner, end) = rest.rsplit_once(char::is_whitespace).unwrap_or(("", rest));
        Self { starts: word_count(start) > 0, inner: word_count(inner), ends: Some(word_count(end) > 0) }
    }
}

/// Counts words of a text that comes in pieces.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counter {
    /// Words that white space has ended.
    ended: u32,
    /// Whether a letter or a digit was seen since the last white space.
    inside: bool,
}

impl Counter {
    /// How many words there are so far.
    pub fn words(self) -> u32 {
        self.ended + u32::from(self.inside)
    }

    /// Goes on with `text`.
    pub fn text(&mut self, text: &str) {
        if text.is_ascii() {
            self.ascii(text.as_bytes());
            return;
        }
        for run in text.split_inclusive(|c: char| !c.is_ascii()) {
            let last = run.chars().next_back().filter(|c| !c.is_ascii());
            self.ascii(&run.as_bytes()[..run.len() - last.map_or(0, char::len_utf8)]);
            // Dashes, quotation marks, and bullets are frequent, and the tables slow.
            if let Some(c) = last.filter(|c| !('\u{2010}'..='\u{2027}').contains(c)) {
                self.class(c.is_alphanumeric(), c.is_whitespace());
            }
        }
    }

    /// Goes on with what was counted beforehand.
    pub fn counted(&mut self, piece: Counted) {
        self.inside |= piece.starts;
        if let Some(ends) = piece.ends {
            self.ended += u32::from(self.inside) + piece.inner;
            self.inside = ends;
        }
    }

    fn class(&mut self, word: bool, space: bool) {
        self.ended += u32::from(space && self.inside);
        self.inside = (self.inside || word) && !space;
    }

    fn ascii(&mut self, bytes: &[u8]) {
        let (eights, rest) = bytes.as_chunks::<8>();
        for eight in eights {
            self.eight(Eight::new(*eight));
        }
        match bytes.last_chunk() {
            // A zero is a mark, and changes nothing.
            Some(last) => self.eight(Eight::new(*last).last(rest.len())),
            None => rest.iter().for_each(|byte| self.class(byte.is_ascii_alphanumeric(), is_space(*byte))),
        }
    }

    /// Adds a one to every letter and digit, and 255 to everything but white space: a carry then
    /// runs from the first letter of a word to the white space after it, and is counted there.
    fn eight(&mut self, bytes: Eight) {
        let spaces = (bytes.within(b'\t', b'\r') | bytes.is(b' ', 0)).ones();
        let words = (bytes.is_letter() | bytes.within(b'0', b'9')).ones();
        let (sum, first) = (!(spaces * 0xFF)).overflowing_add(words);
        let (sum, second) = sum.overflowing_add(u64::from(self.inside));
        self.inside = first | second;
        self.ended += (sum & spaces).count_ones();
    }
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b'\t'..=b'\r' | b' ')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn words_are_runs_with_a_letter_or_a_digit() {
        for (text, count) in
            [("", 0), (" - ", 0), ("a b", 2), ("CI/CD & DevOps", 2), ("$140,000 – $220,000 a year", 4)]
        {
            assert_eq!(word_count(text), count, "{text}");
        }
    }

    proptest! {
        #[test]
        fn as_many_are_counted_as_one_by_one(text in r"([a-zA-Z0-9]|[ \t\n\x0B-\x1F]|[!-/:-@\[-~]|[éß–\u{A0}\u{2003}-\u{2030}仕]|  | - ){0,60}") {
            let one_by_one = text.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric)).count();
            prop_assert_eq!(word_count(&text) as usize, one_by_one);
        }

        #[test]
        fn pieces_are_counted_as_the_whole(pieces in proptest::collection::vec(r"([ab1]|[ \t]|[-!]|é|\u{2003}){0,6}", 0..6)) {
            let mut counter = Counter::default();
            for (n, piece) in pieces.iter().enumerate() {
                if n % 2 == 0 { counter.counted(Counted::new(piece)) } else { counter.text(piece) }
            }
            prop_assert_eq!(counter.words(), word_count(&pieces.concat()));
        }
    }
}

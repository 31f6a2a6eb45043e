//! Counting words: runs between white space that have a letter or a digit.
//!
//! Every posting counts what its request brings, so that the rest fits: eight characters at a time,
//! without a branch, since nobody can foresee where words end.

use super::eight::Eight;

/// The number of words in `text`.
pub fn word_count(text: &str) -> u32 {
    let mut counter = Counter::default();
    if text.is_ascii() {
        counter.ascii(text.as_bytes());
    } else {
        for run in text.split_inclusive(|c: char| !c.is_ascii()) {
            let last = run.chars().next_back().filter(|c| !c.is_ascii());
            counter.ascii(&run.as_bytes()[..run.len() - last.map_or(0, char::len_utf8)]);
            if let Some(c) = last {
                counter.class(c.is_alphanumeric(), c.is_whitespace());
            }
        }
    }
    counter.ended + u32::from(counter.inside)
}

#[derive(Default)]
struct Counter {
    /// Words that white space has ended.
    ended: u32,
    /// Whether a letter or a digit was seen since the last white space.
    inside: bool,
}

impl Counter {
    fn class(&mut self, word: bool, space: bool) {
        self.ended += u32::from(space && self.inside);
        self.inside = (self.inside || word) && !space;
    }

    fn ascii(&mut self, bytes: &[u8]) {
        let (eights, rest) = bytes.as_chunks::<8>();
        for eight in eights {
            self.eight(Eight::new(*eight));
        }
        for byte in rest {
            self.class(byte.is_ascii_alphanumeric(), is_space(*byte));
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
        fn as_many_are_counted_as_one_by_one(text in r"([a-zA-Z0-9]|[ \t\n\x0B-\x1F]|[!-/:-@\[-~]|[éß–\u{A0}\u{2003}仕]|  | - ){0,60}") {
            let one_by_one = text.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric)).count();
            prop_assert_eq!(word_count(&text) as usize, one_by_one);
        }
    }
}

//! Lines of plain text.

use textwrap::{Options, WordSeparator, WordSplitter, WrapAlgorithm};

/// Columns of a line.
pub const COLUMNS: usize = 78;

/// `text` in lines of at most [`COLUMNS`]; only a longer word stands out. What the first and the
/// other lines start with is ASCII.
pub fn push_wrapped(out: &mut String, text: &str, first: &str, rest: &str) {
    if first.len() + text.len() <= COLUMNS {
        out.push_str(first);
        out.push_str(text);
    } else if is_plain(text) {
        push_plain(out, text, first, rest);
    } else {
        out.push_str(&filled(text, first, rest));
    }
}

/// Appends a line of `c`, as wide as `text`.
pub fn push_rule(out: &mut String, text: &str, c: char) {
    let width = if is_plain(text) { text.len() } else { textwrap::core::display_width(text) };
    out.extend(std::iter::repeat_n(c, width.clamp(1, COLUMNS)));
}

fn filled(text: &str, first: &str, rest: &str) -> String {
    let options = Options::new(COLUMNS)
        .initial_indent(first)
        .subsequent_indent(rest)
        .word_separator(WordSeparator::AsciiSpace)
        .word_splitter(WordSplitter::NoHyphenation)
        .wrap_algorithm(WrapAlgorithm::FirstFit)
        .break_words(false);
    textwrap::fill(text, options)
}

/// Whether every byte is one column wide, and words stand between single lines and spaces.
fn is_plain(text: &str) -> bool {
    let printable = text.bytes().fold(true, |plain, byte| plain & (b' '..=b'~').contains(&byte));
    printable && !text.starts_with(' ') && !text.ends_with(' ')
}

/// What textwrap writes, without cutting the text into words: a line ends after the last word that
/// fits, or after the first if none does.
fn push_plain(out: &mut String, text: &str, first: &str, rest: &str) {
    let mut left = text;
    out.push_str(first);
    let mut columns = COLUMNS.saturating_sub(first.len());
    while left.len() > columns {
        let bytes = left.as_bytes();
        let ends_word = |at: &usize| bytes[*at] == b' ' && bytes[*at - 1] != b' ';
        let Some(end) =
            (1..=columns).rev().find(ends_word).or_else(|| (columns + 1..bytes.len()).find(ends_word))
        else {
            break;
        };
        out.push_str(&left[..end]);
        out.push('\n');
        out.push_str(rest);
        left = left[end..].trim_start_matches(' ');
        columns = COLUMNS.saturating_sub(rest.len());
    }
    out.push_str(left);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn plain_text_is_wrapped_as_textwrap_does(
            text in r"([a-z.,-]{1,12}( | |  |   )|[!-~]{60,90} ){1,40}[a-z]",
            (first, rest) in prop_oneof![Just(("", "")), Just(("- ", "  ")), Just(("", "  "))],
        ) {
            prop_assert!(is_plain(&text));
            let mut plain = String::new();
            push_plain(&mut plain, &text, first, rest);
            prop_assert_eq!(plain, filled(&text, first, rest));
        }
    }
}

//! Lines of plain text.

use textwrap::{Options, WordSeparator, WordSplitter, WrapAlgorithm};

use super::super::eight::all_within;

/// Columns of a line.
pub const COLUMNS: usize = 78;

/// Whole lines of what is mostly drawn, to be copied.
const RULES: [&str; 2] = [
    "==============================================================================",
    "------------------------------------------------------------------------------",
];

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
    let width = width.clamp(1, COLUMNS);
    match RULES.iter().find(|rule| rule.starts_with(c)) {
        Some(rule) => out.push_str(&rule[..width]),
        None => out.extend(std::iter::repeat_n(c, width)),
    }
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
    all_within(text.as_bytes(), b' ', b'~') && !text.starts_with(' ') && !text.ends_with(' ')
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

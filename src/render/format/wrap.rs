//! Lines of plain text.

use textwrap::{Options, WordSeparator, WordSplitter, WrapAlgorithm};

/// Columns of a line.
pub const COLUMNS: usize = 78;

/// `text` in lines of at most [`COLUMNS`]; only a longer word stands out.
pub fn wrapped(text: &str, first: &str, rest: &str) -> String {
    if first.len() + text.len() <= COLUMNS {
        return format!("{first}{text}");
    }
    let options = Options::new(COLUMNS)
        .initial_indent(first)
        .subsequent_indent(rest)
        .word_separator(WordSeparator::AsciiSpace)
        .word_splitter(WordSplitter::NoHyphenation)
        .wrap_algorithm(WrapAlgorithm::FirstFit)
        .break_words(false);
    textwrap::fill(text, options)
}

/// A line of `c` under `text`, as wide as it.
pub fn rule(text: &str, c: char) -> String {
    std::iter::repeat_n(c, textwrap::core::display_width(text).clamp(1, COLUMNS)).collect()
}

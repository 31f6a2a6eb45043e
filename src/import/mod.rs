//! From documents to data.
//!
//! What somebody hands in, or what stands live elsewhere, becomes paragraphs and items of plain text,
//! in reading order. To add a kind of document: a file here with a function that gives those.

pub mod html;
pub mod text;

/// `words` with one space between any two, and none around them.
fn collapsed(words: &str) -> String {
    let mut joined = String::with_capacity(words.len());
    for word in words.split_whitespace() {
        if !joined.is_empty() {
            joined.push(' ');
        }
        joined.push_str(word);
    }
    joined
}

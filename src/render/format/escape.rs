//! Escaping: no text of a caller can make markup of any kind.

use super::super::eight::{Eight, find};

/// How text is escaped for a format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Escape {
    /// Not at all: plain text, and phrases that no format has seen yet.
    Nothing,
    /// For HTML text and quoted attributes.
    Html,
    /// For CommonMark, wherever a block or a line starts.
    Markdown,
}

impl Escape {
    /// Appends `text`, escaped.
    pub fn push(self, out: &mut String, text: &str) {
        match self {
            Self::Nothing => out.push_str(text),
            Self::Html => push_html(out, text),
            Self::Markdown => push_markdown(out, text),
        }
    }

    /// The name by which templates ask for it.
    pub fn named(name: &str) -> Self {
        match name {
            "html" => Self::Html,
            "markdown" => Self::Markdown,
            _ => Self::Nothing,
        }
    }
}

/// Copies the runs between characters that need an entity whole.
fn push_html(out: &mut String, text: &str) {
    let bytes = text.as_bytes();
    // `&` and `'` differ in the lowest bit, `<` and `>` in the second.
    let may = |eight: Eight| eight.has(b'"', 0) | eight.has(b'\'', 1) | eight.has(b'>', 2);
    let in_need = |at: usize| matches!(bytes[at], b'&' | b'<' | b'>' | b'"' | b'\'');
    let mut copied = 0;
    while let Some(at) = find(bytes, copied, may, in_need) {
        out.push_str(&text[copied..at]);
        out.push_str(entity(bytes[at]));
        copied = at + 1;
    }
    out.push_str(&text[copied..]);
}

fn entity(byte: u8) -> &'static str {
    match byte {
        b'&' => "&amp;",
        b'<' => "&lt;",
        b'>' => "&gt;",
        b'"' => "&quot;",
        _ => "&#39;",
    }
}

/// Escapes what CommonMark 0.31 could read as markup, as if `text` stood at the start of a line.
///
/// Inline: code spans, emphasis, links, images, autolinks, raw HTML, entities, hard breaks; and
/// what GitHub adds (strikethrough, bare addresses; it still links an e-mail address, since it looks
/// for those after it has read the escapes). At the start: headings, lists, quotes, rules, fences.
fn push_markdown(out: &mut String, text: &str) {
    let start = line_start_length(text);
    if let Some(marker) = start {
        let (number, rest) = text.split_at(marker);
        out.push_str(number);
        out.push('\\');
        push_markdown_inline(out, rest, true);
    } else {
        push_markdown_inline(out, text, false);
    }
}

/// `escaped`: the first character has its backslash already.
fn push_markdown_inline(out: &mut String, text: &str, escaped: bool) {
    let bytes = text.as_bytes();
    // From `#` to `&`, `*` and `.`, from `:` to `@`, from `[` to `` ` ``, and `~`.
    let may = |eight: Eight| {
        let signs = eight.within(b'#', b'&') | eight.has(b'.', 4) | eight.within(b':', b'@');
        signs | eight.within(b'[', b'`') | eight.has(b'~', 0)
    };
    let (mut copied, mut from) = (0, usize::from(escaped));
    while let Some(at) = find(bytes, from, may, |at| is_markup(bytes, at)) {
        out.push_str(&text[copied..at]);
        out.push('\\');
        (copied, from) = (at, at + 1);
    }
    out.push_str(&text[copied..]);
}

fn is_markup(bytes: &[u8], at: usize) -> bool {
    match bytes[at] {
        b'\\' | b'`' | b'*' | b'_' | b'[' | b']' | b'<' | b'~' => true,
        // An entity: a lone ampersand is no markup.
        b'&' => bytes.get(at + 1).is_some_and(|next| *next == b'#' || next.is_ascii_alphanumeric()),
        // A run of # after a space would close a heading.
        b'#' => at > 0 && bytes[at - 1] == b' ',
        // GitHub links bare addresses.
        b':' => bytes[at + 1..].starts_with(b"//"),
        b'@' => bytes.get(at + 1).is_some_and(u8::is_ascii_alphanumeric),
        b'.' => at >= 3 && bytes[at - 3..at].eq_ignore_ascii_case(b"www"),
        _ => false,
    }
}

/// Where a character would start a block, if the first ones do: `#`, `-`, `+`, `=`, `1.`, `1)`.
fn line_start_length(text: &str) -> Option<usize> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let marker = text.as_bytes().get(digits)?;
    let starts = match marker {
        b'.' | b')' => (1..=9).contains(&digits),
        b'#' | b'-' | b'+' | b'=' | b'>' => digits == 0,
        _ => false,
    };
    starts.then_some(digits)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn html_is_escaped_as_one_by_one(text in r#"([a-z ]|[&<>"'%$#=?@A!]|é|\u{2603}){0,40}"#) {
            let mut escaped = String::new();
            push_html(&mut escaped, &text);
            let one_by_one = text.chars().map(|c| match c {
                '&' => "&amp;".to_owned(),
                '<' => "&lt;".to_owned(),
                '>' => "&gt;".to_owned(),
                '"' => "&quot;".to_owned(),
                '\'' => "&#39;".to_owned(),
                c => c.to_string(),
            });
            prop_assert_eq!(escaped, one_by_one.collect::<String>());
        }

        #[test]
        fn markdown_is_escaped_as_one_by_one(
            text in r"([a-z ]|[!-/:-@\[-`{-~]|www|é|\u{2603}){0,40}",
            escaped in any::<bool>(),
        ) {
            let mut together = String::new();
            push_markdown_inline(&mut together, &text, escaped);
            let mut one_by_one = String::new();
            for (at, c) in text.char_indices() {
                if is_markup(text.as_bytes(), at) && !(escaped && at == 0) {
                    one_by_one.push('\\');
                }
                one_by_one.push(c);
            }
            prop_assert_eq!(together, one_by_one);
        }
    }
}

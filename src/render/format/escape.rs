//! Escaping: no text of a caller can make markup of any kind.

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
    let mut rest = text;
    while let Some(at) = rest.bytes().position(|byte| IN_NEED[usize::from(byte)]) {
        let entity = match rest.as_bytes()[at] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            _ => "&#39;",
        };
        out.push_str(&rest[..at]);
        out.push_str(entity);
        rest = &rest[at + 1..];
    }
    out.push_str(rest);
}

/// The bytes that need an entity in HTML.
const IN_NEED: [bool; 256] = {
    let mut table = [false; 256];
    let (bytes, mut at) = (b"&<>\"'", 0);
    while at < bytes.len() {
        table[bytes[at] as usize] = true;
        at += 1;
    }
    table
};

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

fn push_markdown_inline(out: &mut String, text: &str, mut escaped: bool) {
    let bytes = text.as_bytes();
    let mut copied = 0;
    for (at, &byte) in bytes.iter().enumerate() {
        let special = match byte {
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
        };
        if special && !escaped {
            out.push_str(&text[copied..at]);
            out.push('\\');
            copied = at;
        }
        escaped = false;
    }
    out.push_str(&text[copied..]);
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

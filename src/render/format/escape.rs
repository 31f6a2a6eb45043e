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

/// Copies whole what has no character that needs an entity: most texts.
fn push_html(out: &mut String, text: &str) {
    let bytes = text.as_bytes();
    let mut copied = 0;
    for (n, run) in bytes.chunks(RUN).enumerate() {
        if !run.iter().fold(false, |found, &byte| found | needs_entity(byte)) {
            continue;
        }
        for (at, &byte) in run.iter().enumerate().filter(|(_, byte)| needs_entity(**byte)) {
            let at = n * RUN + at;
            out.push_str(&text[copied..at]);
            out.push_str(entity(byte));
            copied = at + 1;
        }
    }
    out.push_str(&text[copied..]);
}

/// Bytes that are looked at together: without branches, so that they are compared at once.
const RUN: usize = 32;

fn needs_entity(byte: u8) -> bool {
    (byte == b'&') | (byte == b'<') | (byte == b'>') | (byte == b'"') | (byte == b'\'')
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

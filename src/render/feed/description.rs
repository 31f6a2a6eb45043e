//! The words of a posting as HTML, in the few elements that boards and readers take: `p`, `ul`, `li`,
//! `br`, `strong`. The title stands outside.

use std::borrow::Cow;

use quick_xml::escape::partial_escape;

use crate::domain::Posting;
use crate::domain::posting::{Block, BlockKind, Section};

use super::super::english;

/// How words stand in HTML.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Words {
    /// `<` and `&` as character references, as everywhere.
    Escaped,
    /// `<` and `&` as they are, for a board that knows no character references.
    Literal,
}

impl Words {
    fn of(self, text: &str) -> Cow<'_, str> {
        match self {
            Self::Escaped => partial_escape(text),
            Self::Literal => literal(text),
        }
    }
}

/// The posting, a line for each block.
pub fn html(posting: &Posting<'_>, words: Words) -> String {
    sections(&posting.sections, words)
}

/// Some sections of a posting.
pub fn sections<'s>(sections: impl IntoIterator<Item = &'s Section<'s>>, words: Words) -> String {
    let mut out = String::with_capacity(8 * 1024);
    for section in sections {
        out.extend(["<p><strong>", &words.of(&section.heading), "</strong></p>\n"]);
        section.blocks.iter().for_each(|block| push_block(&mut out, block, words));
    }
    out.truncate(out.trim_end().len());
    out
}

/// Some blocks of a posting.
pub fn blocks<'b>(blocks: impl IntoIterator<Item = &'b Block<'b>>) -> String {
    let mut out = String::with_capacity(1024);
    blocks.into_iter().for_each(|block| push_block(&mut out, block, Words::Escaped));
    out.truncate(out.trim_end().len());
    out
}

/// A text without markup in it: no tag and no character reference starts anywhere.
///
/// A word joiner, which nobody sees, stands between the sign and what would make it one.
pub fn literal(text: &str) -> Cow<'_, str> {
    let starts = |(at, sign): (usize, char)| starts_markup(sign, text.get(at + sign.len_utf8()..));
    if !text.char_indices().any(starts) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for (at, sign) in text.char_indices() {
        out.push(sign);
        if starts((at, sign)) {
            out.push('\u{2060}');
        }
    }
    Cow::Owned(out)
}

/// Whether a parser of HTML may take a sign, with what follows it, for markup. The shortest names of
/// characters that need no semicolon have two letters (`&lt`): "R&D" is none.
fn starts_markup(sign: char, rest: Option<&str>) -> bool {
    let rest = rest.unwrap_or_default();
    match sign {
        '<' => rest.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?')),
        '&' => {
            let name = rest.strip_prefix('#').unwrap_or(rest);
            let length = name.bytes().take_while(u8::is_ascii_alphanumeric).count();
            let ends = name.as_bytes().get(length) == Some(&b';');
            length > 1 || (length == 1 && (ends || name.len() < rest.len()))
        }
        _ => false,
    }
}

fn push_block(out: &mut String, block: &Block<'_>, words: Words) {
    let text = block.text.as_ref().map_or("", |text| &*text.words);
    match block.kind {
        BlockKind::Paragraph | BlockKind::LeadIn => out.extend(["<p>", &words.of(text), "</p>\n"]),
        BlockKind::List => {
            out.push_str("<ul>\n");
            for item in &block.items {
                out.extend(["<li>", &words.of(&item.words), "</li>\n"]);
            }
            out.push_str("</ul>\n");
        }
        BlockKind::InlineList => {
            out.push_str("<p>");
            if !text.is_empty() {
                out.extend(["<strong>", &words.of(text), "</strong> "]);
            }
            let items = english::line(block.items.iter().map(|item| &*item.words));
            out.extend([&words.of(&items), "</p>\n"]);
        }
        BlockKind::Facts => {
            for (index, item) in block.items.iter().enumerate() {
                out.push_str(if index == 0 { "<p>" } else { "<br>\n" });
                let label = item.label.as_deref().unwrap_or_default();
                out.extend([&words.of(label), ": ", &words.of(&item.words)]);
            }
            out.push_str("</p>\n");
        }
        BlockKind::Link => {
            let href = block.href.as_deref().unwrap_or_default();
            out.extend(["<p>", &words.of(text)]);
            // The words of a link to an e-mail address name it.
            if !href.starts_with("mailto:") {
                out.extend([": ", &words.of(href)]);
            }
            out.push_str("</p>\n");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::literal;

    #[test]
    fn signs_that_start_no_markup_stay_as_they_are() {
        for text in ["R&D", "AT&T; x & y", "a < b", "a <= b && c > d", "Q&A;", "5 <3", "&", "<", "&;", "&#;"]
        {
            let broken = literal(text).replace('\u{2060}', "");
            assert_eq!(broken, text);
        }
        for text in ["R&D", "a < b", "a <= b && c > d", "5 <3", "&", "<", "&;", "&#;", "x & y;"] {
            assert_eq!(literal(text), text);
        }
    }

    #[test]
    fn no_tag_and_no_reference_is_left() {
        let text = literal("<b>x</b> <!-- <?x &amp; &#60; &#x3c; &lt;script&gt; &copy");
        for markup in ["<b", "</", "<!", "<?", "&a", "&#", "&l", "&g", "&c"] {
            assert!(!text.contains(markup), "{markup}: {text}");
        }
    }
}

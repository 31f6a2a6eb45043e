//! A posting as the plain HTML that search engines and job boards read: paragraphs and lists.

use crate::domain::Posting;
use crate::domain::posting::{Block, BlockKind, Item};

use super::super::english;
use super::escape::Escape;

/// The body of a posting in `p`, `ul` and `li` alone, without attributes. Headings are paragraphs, facts
/// are items; the title is not in it. Empty if the posting has no sections.
pub fn plain_html(posting: &Posting<'_>) -> String {
    let mut out = String::with_capacity(2 * 1024 + posting.words as usize * 8);
    for section in &posting.sections {
        element(&mut out, "p", [&*section.heading]);
        for block in &section.blocks {
            write(&mut out, block);
        }
    }
    out
}

fn write(out: &mut String, block: &Block<'_>) {
    let words = block.text.as_ref().map_or("", |text| &*text.words);
    match block.kind {
        BlockKind::Paragraph | BlockKind::LeadIn => element(out, "p", [words]),
        BlockKind::InlineList => {
            let items = english::line(block.items.iter().map(|item| &*item.words));
            let space = if words.is_empty() { "" } else { " " };
            element(out, "p", [words, space, &items]);
        }
        BlockKind::Link => match block.href.as_deref().filter(|href| !href.starts_with("mailto:")) {
            Some(href) => element(out, "p", [words, ": ", href]),
            // The words name the address.
            None => element(out, "p", [words]),
        },
        BlockKind::List | BlockKind::Facts => {
            out.push_str("<ul>");
            block.items.iter().for_each(|item| list_item(out, item));
            out.push_str("</ul>\n");
        }
    }
}

fn list_item(out: &mut String, item: &Item<'_>) {
    out.push_str("<li>");
    if let Some(label) = &item.label {
        Escape::Html.push(out, label);
        out.push_str(": ");
    }
    Escape::Html.push(out, &item.words);
    out.push_str("</li>");
}

fn element<const N: usize>(out: &mut String, name: &str, texts: [&str; N]) {
    out.extend(["<", name, ">"]);
    texts.iter().for_each(|text| Escape::Html.push(out, text));
    out.extend(["</", name, ">\n"]);
}

//! The words of a posting in parts, as the other systems divide them: HTML of some sections, and the same
//! as plain text.

use crate::domain::Posting;
use crate::domain::posting::{Block, BlockKind, Item, Section, SectionId};

use super::super::english;
use super::super::feed::description::{self, Words};
use super::escaped;

/// The sections of a posting that `fits` takes.
pub fn chosen<'p>(posting: &'p Posting<'p>, fits: impl Fn(SectionId) -> bool) -> Vec<&'p Section<'p>> {
    posting.sections.iter().filter(|section| fits(section.id)).collect()
}

/// Sections as HTML, each under its heading.
pub fn html(sections: &[&Section<'_>]) -> String {
    description::sections(sections.iter().copied(), Words::Escaped)
}

/// Sections as HTML, without their headings.
pub fn body_html(sections: &[&Section<'_>]) -> String {
    description::blocks(sections.iter().flat_map(|section| &section.blocks))
}

/// Sections as plain text, each under its heading.
pub fn plain(sections: &[&Section<'_>]) -> String {
    let mut out = String::new();
    for section in sections {
        paragraph(&mut out, &section.heading);
        section.blocks.iter().for_each(|block| push_plain(&mut out, block));
    }
    out
}

/// Sections as plain text, without their headings.
pub fn body_plain(sections: &[&Section<'_>]) -> String {
    let mut out = String::new();
    sections.iter().flat_map(|section| &section.blocks).for_each(|block| push_plain(&mut out, block));
    out
}

/// Blocks as items of an HTML list: nothing but `<li>` elements, one for each item and each paragraph.
pub fn list_items<'b>(blocks: impl IntoIterator<Item = &'b Block<'b>>) -> String {
    let mut out = String::new();
    let mut push = |words: &str| out.extend(["<li>", &escaped(words), "</li>"]);
    for block in blocks {
        match block.kind {
            BlockKind::List | BlockKind::Facts => lines(block).iter().for_each(|line| push(line)),
            _ => push(&line(block)),
        }
    }
    out
}

fn push_plain(out: &mut String, block: &Block<'_>) {
    match block.kind {
        BlockKind::List => {
            let lines: Vec<_> = lines(block).into_iter().map(|line| format!("- {line}")).collect();
            paragraph(out, &lines.join("\n"));
        }
        BlockKind::Facts => paragraph(out, &lines(block).join("\n")),
        _ => paragraph(out, &line(block)),
    }
}

/// The items of a block, with their labels.
fn lines(block: &Block<'_>) -> Vec<String> {
    let line = |item: &Item<'_>| match &item.label {
        Some(label) => format!("{label}: {}", item.words),
        None => item.words.clone().into_owned(),
    };
    block.items.iter().map(line).collect()
}

/// A block that is one line.
fn line(block: &Block<'_>) -> String {
    let words = block.text.as_ref().map_or("", |text| &*text.words);
    match block.kind {
        BlockKind::InlineList => {
            let items = english::line(block.items.iter().map(|item| &*item.words));
            if words.is_empty() { items } else { format!("{words} {items}") }
        }
        BlockKind::Link => match block.href.as_deref().filter(|href| !href.starts_with("mailto:")) {
            Some(href) => format!("{words}: {href}"),
            // The words name the address.
            None => words.to_owned(),
        },
        _ => words.to_owned(),
    }
}

fn paragraph(out: &mut String, text: &str) {
    if !out.is_empty() {
        out.push_str("\n\n");
    }
    out.push_str(text);
}

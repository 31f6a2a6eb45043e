//! The words of a posting, piece by piece: what is compared with another posting, or looked for in a text.

use serde::Serialize;
use utoipa::ToSchema;

use super::sentences::sentences;
use crate::domain::Posting;
use crate::domain::posting::{Block, BlockKind, Section};

/// What a piece of a posting is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// The title of the posting.
    Title,
    /// The heading of a section.
    Heading,
    /// A sentence of a paragraph, or what leads in to a list.
    Sentence,
    /// An item of a list.
    Item,
    /// A fact with its label.
    Fact,
    /// The label of a link.
    Link,
}

/// A piece of a section: its label, if it is a fact, and its words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece<'p> {
    pub part: Part,
    pub label: Option<&'p str>,
    pub words: &'p str,
    /// The address of a link.
    pub href: Option<&'p str>,
}

impl Piece<'_> {
    /// All of it, as one text.
    pub fn text(&self) -> String {
        match self.label {
            Some(label) => format!("{label}: {}", self.words),
            None => self.words.to_owned(),
        }
    }
}

/// The title, as a piece.
pub fn title<'p>(posting: &'p Posting<'_>) -> Piece<'p> {
    plain(Part::Title, &posting.title)
}

/// The pieces of a section after its heading, in reading order; never an empty one.
pub fn pieces<'p>(section: &'p Section<'_>) -> Vec<Piece<'p>> {
    let mut pieces = Vec::new();
    for block in &section.blocks {
        push_block(&mut pieces, block);
    }
    pieces.retain(|piece| !piece.words.trim().is_empty());
    pieces
}

/// The heading of a section, as a piece.
pub fn heading<'p>(section: &'p Section<'_>) -> Piece<'p> {
    plain(Part::Heading, &section.heading)
}

fn plain(part: Part, words: &str) -> Piece<'_> {
    Piece { part, label: None, words, href: None }
}

fn push_block<'p>(pieces: &mut Vec<Piece<'p>>, block: &'p Block<'_>) {
    let words = block.text.as_ref().map_or("", |text| &*text.words);
    match block.kind {
        BlockKind::Paragraph => {
            pieces.extend(sentences(words).into_iter().map(|words| plain(Part::Sentence, words)));
        }
        BlockKind::Link => {
            pieces.push(Piece { part: Part::Link, label: None, words, href: block.href.as_deref() });
        }
        BlockKind::LeadIn | BlockKind::List | BlockKind::InlineList | BlockKind::Facts => {
            pieces.push(plain(Part::Sentence, words));
        }
    }
    let part = if block.kind == BlockKind::Facts { Part::Fact } else { Part::Item };
    let item = |item: &'p crate::domain::posting::Item<'_>| Piece {
        part,
        label: item.label.as_deref(),
        words: &item.words,
        href: None,
    };
    pieces.extend(block.items.iter().map(item));
}

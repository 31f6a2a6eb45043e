//! Postings with their vacancies, as they are published; and the words that every format of them has.

use rolewright::domain::posting::{Block, BlockKind, Posting};
use rolewright::domain::{PostingOptions, Vacancy};
use rolewright::render::Detail;
use serde_json::Value;

use super::support::{Known, Voice, renderer};

/// A posting and its vacancy.
pub struct Published {
    pub posting: Posting<'static>,
    pub vacancy: Vacancy,
}

impl Published {
    pub fn new(known: &Known, options: &Value) -> Self {
        Self::with(known, &known.options(options), None)
    }

    pub fn with(known: &Known, options: &PostingOptions, voice: Option<&Voice>) -> Self {
        let read = |posting: &Posting<'_>| Self {
            posting: serde_json::from_value(serde_json::to_value(posting).unwrap()).unwrap(),
            vacancy: Vacancy::of(&known.role, options, posting),
        };
        let renderer = renderer().with_tone(voice.and_then(Voice::tone));
        renderer.with_posting(known.stored(), options, Detail::Provenance, read).unwrap()
    }

    /// A line for each heading and each line of a block, without the title.
    pub fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for section in &self.posting.sections {
            lines.push(section.heading.clone().into_owned());
            section.blocks.iter().for_each(|block| push_lines(&mut lines, block));
        }
        lines
    }
}

fn push_lines(lines: &mut Vec<String>, block: &Block<'_>) {
    let text = block.text.as_ref().map(|text| text.words.to_string());
    let items = block.items.iter();
    match block.kind {
        BlockKind::Paragraph | BlockKind::LeadIn => lines.extend(text),
        BlockKind::List => lines.extend(items.map(|item| item.words.to_string())),
        BlockKind::InlineList => {
            let items: Vec<_> = items.map(|item| &*item.words).collect();
            let separator = if items.iter().any(|item| item.contains(", ")) { "; " } else { ", " };
            lines.push(text.into_iter().chain([items.join(separator)]).collect::<Vec<_>>().join(" "));
        }
        BlockKind::Facts => {
            lines.extend(items.map(|item| format!("{}: {}", item.label.as_ref().unwrap(), item.words)))
        }
        BlockKind::Link => {
            let (text, href) = (text.unwrap(), block.href.as_ref().unwrap());
            lines.push(if href.starts_with("mailto:") { text } else { format!("{text}: {href}") });
        }
    }
}

/// The words of a text, however they are spaced.
pub fn words(text: &str) -> Vec<&str> {
    text.split_whitespace().collect()
}

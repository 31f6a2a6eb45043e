//! What takes the sections that carry values of the request, block by block, as they are composed.
//!
//! There are two: [`Document`] makes blocks of them, each with its sources; `format/own.rs` writes
//! them right away.

use std::borrow::Cow;

use crate::domain::posting::{Block, BlockKind, Item, Passage, SectionId, Source};

use super::super::phrase::Phrase;
use super::super::slot::Values;
use super::{Composed, Composer, text_block};

/// Takes blocks. A block without words is none.
pub trait Sink<'a> {
    /// Starts a section: the blocks that follow are its own.
    fn open(&mut self, section: SectionId);

    /// What the tone says, from `more` beside the tone: a paragraph, or what leads in to a list.
    ///
    /// # Errors
    /// What minijinja reports of a template.
    fn say(
        &mut self,
        kind: BlockKind,
        phrase: Phrase,
        values: Values<'_>,
        more: &[Source<'a>],
    ) -> Composed<()>;

    /// A paragraph of the caller's, word for word.
    ///
    /// # Errors
    /// What minijinja reports of a template.
    fn paragraph(&mut self, words: &'a str, source: Source<'a>) -> Composed<()>;

    /// A list of the caller's; `pointer` says where in the options an item stands.
    ///
    /// # Errors
    /// What minijinja reports of a template.
    fn list(
        &mut self,
        items: impl Iterator<Item = &'a str>,
        pointer: impl Fn(usize) -> String,
    ) -> Composed<()>;

    /// Facts.
    ///
    /// # Errors
    /// What minijinja reports of a template.
    fn facts(&mut self, facts: Vec<Fact<'a>>) -> Composed<()>;

    /// A link to `href`, which the tone labels.
    ///
    /// # Errors
    /// What minijinja reports of a template.
    fn link(
        &mut self,
        phrase: Phrase,
        values: Values<'_>,
        href: Cow<'a, str>,
        source: Source<'a>,
    ) -> Composed<()>;
}

/// A fact of the work arrangement.
#[derive(Clone, Debug)]
pub struct Fact<'a> {
    /// What it is.
    pub label: &'a str,
    /// The fact.
    pub words: Cow<'a, str>,
    /// Where in the options it stands.
    pub pointer: &'static str,
}

/// Makes blocks.
#[derive(Debug)]
pub struct Document<'c, 'a> {
    composer: &'c Composer<'a>,
    /// The sections; some may be empty.
    pub sections: Vec<(SectionId, Vec<Block<'a>>)>,
}

impl<'c, 'a> Document<'c, 'a> {
    /// Nothing yet.
    pub fn new(composer: &'c Composer<'a>) -> Self {
        Self { composer, sections: Vec::with_capacity(SectionId::ALL.len()) }
    }

    fn push(&mut self, block: Block<'a>) {
        if let Some((_, blocks)) = self.sections.last_mut() {
            blocks.push(block);
        }
    }

    fn phrase(
        &self,
        phrase: Phrase,
        values: Values<'_>,
        more: &[Source<'a>],
    ) -> Composed<Option<Passage<'a>>> {
        let mut text = self.composer.phrase(phrase, values)?;
        if let Some(text) = text.as_mut().filter(|text| !text.sources.is_empty()) {
            text.sources.extend_from_slice(more);
        }
        Ok(text)
    }
}

impl<'a> Sink<'a> for Document<'_, 'a> {
    fn open(&mut self, section: SectionId) {
        self.sections.push((section, Vec::new()));
    }

    fn say(
        &mut self,
        kind: BlockKind,
        phrase: Phrase,
        values: Values<'_>,
        more: &[Source<'a>],
    ) -> Composed<()> {
        if let Some(text) = self.phrase(phrase, values, more)? {
            self.push(text_block(kind, text));
        }
        Ok(())
    }

    fn paragraph(&mut self, words: &'a str, source: Source<'a>) -> Composed<()> {
        let sources = self.composer.sources([source]);
        let text = Passage { words: words.into(), sources, count: None, kept: None };
        self.push(text_block(BlockKind::Paragraph, text));
        Ok(())
    }

    fn list(
        &mut self,
        items: impl Iterator<Item = &'a str>,
        pointer: impl Fn(usize) -> String,
    ) -> Composed<()> {
        let item = |(index, words): (usize, &'a str)| {
            let source = self.composer.source_of(|| pointer(index));
            Item { label: None, words: words.into(), source, count: None, kept: None }
        };
        let items = items.enumerate().map(item).collect();
        self.push(Block { kind: BlockKind::List, text: None, href: None, items });
        Ok(())
    }

    fn facts(&mut self, facts: Vec<Fact<'a>>) -> Composed<()> {
        let item = |fact: Fact<'a>| Item {
            label: Some(fact.label.into()),
            words: fact.words,
            source: Source::options(fact.pointer),
            count: None,
            kept: None,
        };
        let items = facts.into_iter().map(item).collect();
        self.push(Block { kind: BlockKind::Facts, text: None, href: None, items });
        Ok(())
    }

    fn link(
        &mut self,
        phrase: Phrase,
        values: Values<'_>,
        href: Cow<'a, str>,
        source: Source<'a>,
    ) -> Composed<()> {
        if let Some(text) = self.phrase(phrase, values, &[source])? {
            let (text, href) = (Some(text), Some(href));
            self.push(Block { kind: BlockKind::Link, text, href, items: Vec::new() });
        }
        Ok(())
    }
}

//! Writes the sections that carry values of the request, while they are composed.

use std::borrow::Cow;
use std::ops::Range;

use crate::domain::posting::{BlockKind, SectionId, Source};

use super::super::compose::{Composer, Fact, Sink, counts, is_sentence};
use super::super::count::word_count;
use super::super::frame::Frame;
use super::super::kit::Kit;
use super::super::phrase::Phrase;
use super::super::shown::Shown;
use super::super::slot::{Slot, Values};
use super::escape::Escape;
use super::writer::Writer;

type Written = Result<(), minijinja::Error>;

/// The bodies of sections, one after the other.
#[derive(Debug)]
pub struct Own<'w> {
    writer: Writer<'w>,
    kit: &'w Kit,
    bytes: String,
    sections: Vec<(SectionId, Range<usize>)>,
    /// The values that an own tone may say in any phrase.
    everywhere: &'w [(Slot, Option<&'w str>)],
    /// What is said next: kept for its memory.
    said: String,
    words: u32,
}

impl<'w> Own<'w> {
    pub(super) fn new(writer: Writer<'w>, kit: &'w Kit, everywhere: &'w [(Slot, Option<&'w str>)]) -> Self {
        Self {
            writer,
            kit,
            everywhere,
            bytes: String::with_capacity(2 * 1024),
            sections: Vec::with_capacity(SectionId::ALL.len()),
            said: String::with_capacity(512),
            words: 0,
        }
    }

    /// The words of the sections that count.
    pub fn words(&self) -> u32 {
        self.words
    }

    /// The sections that say anything.
    pub fn sections(&self) -> impl Iterator<Item = SectionId> {
        self.sections.iter().filter(|(_, range)| !range.is_empty()).map(|(id, _)| *id)
    }

    /// What a section says.
    pub(super) fn get(&self, section: SectionId) -> &str {
        let range = self.sections.iter().find(|(id, _)| *id == section).map(|(_, range)| range.clone());
        range.and_then(|range| self.bytes.get(range)).unwrap_or_default()
    }

    /// Writes the opening: its first sentence, and what is `shown` there of the role.
    ///
    /// # Errors
    /// What minijinja reports of a template.
    pub fn opening(&mut self, composer: &Composer<'_>, shown: &Shown) -> Written {
        if !composer.is_on(SectionId::Opening) {
            return Ok(());
        }
        self.open(SectionId::Opening);
        let (writer, kit) = (self.writer, self.kit);
        let frame = writer.frame(&writer.skin.paragraph)?;
        let before = writer.escape_before(frame);
        self.said.clear();
        composer.with_opening(|values| writer.say(&mut self.said, kit, Phrase::Opening, values, before))?;
        let mut clauses = 0;
        for clause in shown.clauses() {
            self.join(frame, before, |said| {
                said.push_str(clause);
                Ok(())
            })?;
            clauses += 1;
        }
        if clauses < composer.most_clauses() {
            let clause = composer.with_flexibility(|values| {
                self.join(frame, before, |said| {
                    writer.say(said, kit, Phrase::EmphasisFlexibility, values, before).map(|_| ())
                })
            });
            clause.transpose()?;
        }
        self.end_paragraph(frame, before);
        if shown.summary {
            writer.kept(&mut self.bytes, kit, kit.summary)?;
        }
        self.close();
        Ok(())
    }

    /// Goes on in the same paragraph after a sentence, and in another after a fragment.
    fn join(&mut self, frame: &Frame, before: Escape, say: impl FnOnce(&mut String) -> Written) -> Written {
        if !is_sentence(&self.said) {
            self.end_paragraph(frame, before);
        }
        let start = self.said.len();
        if start > 0 {
            self.said.push(' ');
        }
        let spaced = self.said.len();
        say(&mut self.said)?;
        if self.said.len() == spaced {
            self.said.truncate(start);
        }
        Ok(())
    }

    fn end_paragraph(&mut self, frame: &Frame, before: Escape) {
        if !self.said.is_empty() {
            self.writer.print_said(&mut self.bytes, frame, &self.said, before);
            self.said.clear();
        }
    }

    fn counts(&self) -> bool {
        self.sections.last().is_some_and(|(id, _)| counts(*id))
    }

    fn count(&mut self, words: impl FnOnce() -> u32) {
        if self.counts() {
            self.words += words();
        }
    }

    fn close(&mut self) {
        if let Some((_, range)) = self.sections.last_mut() {
            range.end = self.bytes.len();
        }
    }
}

impl<'a> Sink<'a> for Own<'_> {
    fn open(&mut self, section: SectionId) {
        self.sections.push((section, self.bytes.len()..self.bytes.len()));
    }

    fn say(&mut self, kind: BlockKind, phrase: Phrase, values: Values<'_>, _: &[Source<'a>]) -> Written {
        let writer = self.writer;
        let frames = if kind == BlockKind::LeadIn { &writer.skin.lead_in } else { &writer.skin.paragraph };
        let frame = writer.frame(frames)?;
        let before = writer.escape_before(frame);
        let values = values.beside(self.everywhere);
        self.said.clear();
        let phrase = writer.say(&mut self.said, self.kit, phrase, values, before)?;
        if !self.said.is_empty() {
            writer.print_said(&mut self.bytes, frame, &self.said, before);
            self.close();
            self.count(|| phrase.words(values));
        }
        Ok(())
    }

    fn paragraph(&mut self, words: &'a str, _: Source<'a>) -> Written {
        self.writer.said(&mut self.bytes, &self.writer.skin.paragraph, words)?;
        self.close();
        self.count(|| word_count(words));
        Ok(())
    }

    fn list(&mut self, items: impl Iterator<Item = &'a str>, _: impl Fn(usize) -> String) -> Written {
        let mut words = 0;
        let counted = self.counts();
        self.writer.around(&mut self.bytes, &self.writer.skin.list, Values::NONE, |out| {
            for item in items {
                words += if counted { word_count(item) } else { 0 };
                self.writer.said(out, &self.writer.skin.item, item)?;
            }
            Ok(())
        })?;
        self.words += words;
        self.close();
        Ok(())
    }

    fn facts(&mut self, facts: Vec<Fact<'a>>) -> Written {
        self.writer.around(&mut self.bytes, &self.writer.skin.facts, Values::NONE, |out| {
            facts.iter().try_for_each(|fact| self.writer.fact(out, fact.label, &fact.words))
        })?;
        self.close();
        let words = |fact: &Fact<'_>| word_count(fact.label) + word_count(&fact.words);
        self.count(|| facts.iter().map(words).sum());
        Ok(())
    }

    fn link(&mut self, phrase: Phrase, values: Values<'_>, href: Cow<'a, str>, _: Source<'a>) -> Written {
        let values = values.beside(self.everywhere);
        self.said.clear();
        let phrase = self.writer.say(&mut self.said, self.kit, phrase, values, Escape::Nothing)?;
        if !self.said.is_empty() {
            self.writer.link(&mut self.bytes, &self.said, &href)?;
            self.close();
            self.count(|| phrase.words(values));
        }
        Ok(())
    }
}

//! Writes the sections that carry values of the request, while they are composed.

use std::borrow::Cow;
use std::ops::Range;

use crate::domain::posting::{BlockKind, SectionId, Source};

use super::super::blocks::Frames;
use super::super::compose::{Composer, Fact, Sink, counts, is_sentence};
use super::super::count::word_count;
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
    bytes: String,
    sections: Vec<(SectionId, Range<usize>)>,
    /// The values that an own tone may say in any phrase.
    everywhere: &'w [(Slot, Option<&'w str>)],
    /// What is said next: kept for its memory.
    said: String,
    words: u32,
}

impl<'w> Own<'w> {
    pub(super) fn new(writer: Writer<'w>, everywhere: &'w [(Slot, Option<&'w str>)]) -> Self {
        Self {
            writer,
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
        let escape = self.writer.escape_before(&self.writer.skin.paragraph)?;
        let mut said = std::mem::take(&mut self.said);
        said.clear();
        composer.with_opening(|values| self.writer.say(&mut said, Phrase::Opening, values, escape))?;
        let mut clauses = 0;
        for clause in shown.clauses() {
            self.join(&mut said, |_, said| {
                said.push_str(clause);
                Ok(())
            })?;
            clauses += 1;
        }
        if clauses < composer.most_clauses() {
            let clause = composer.with_flexibility(|values| {
                self.join(&mut said, |writer, said| {
                    writer.say(said, Phrase::EmphasisFlexibility, values, escape)
                })
            });
            clause.transpose()?;
        }
        self.paragraph_of(&said)?;
        self.said = said;
        if shown.summary {
            self.writer.kept(&mut self.bytes, self.writer.kit.summary)?;
        }
        self.close();
        Ok(())
    }

    /// Goes on in the same paragraph after a sentence, and in another after a fragment.
    fn join(&mut self, said: &mut String, more: impl FnOnce(&Writer<'w>, &mut String) -> Written) -> Written {
        if !said.is_empty() && !is_sentence(said) {
            self.paragraph_of(said)?;
            said.clear();
        }
        let start = said.len();
        if start > 0 {
            said.push(' ');
        }
        let spaced = said.len();
        more(&self.writer, said)?;
        if said.len() == spaced {
            said.truncate(start);
        }
        Ok(())
    }

    /// A paragraph of what was said, escaped before if it may be.
    fn paragraph_of(&mut self, said: &str) -> Written {
        if said.is_empty() {
            return Ok(());
        }
        self.writer.print_said(&mut self.bytes, &self.writer.skin.paragraph, said)
    }

    fn count(&mut self, words: impl FnOnce(&Writer<'w>) -> Result<u32, minijinja::Error>) -> Written {
        if self.sections.last().is_some_and(|(id, _)| counts(*id)) {
            self.words += words(&self.writer)?;
        }
        Ok(())
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
        let skin = self.writer.skin;
        let frames: &Frames = if kind == BlockKind::LeadIn { &skin.lead_in } else { &skin.paragraph };
        let escape = self.writer.escape_before(frames)?;
        let values = values.beside(self.everywhere);
        self.said.clear();
        self.writer.say(&mut self.said, phrase, values, escape)?;
        if self.said.is_empty() {
            return Ok(());
        }
        self.writer.print_said(&mut self.bytes, frames, &self.said)?;
        self.close();
        self.count(|writer| writer.kit.words(writer.press, phrase, values))
    }

    fn paragraph(&mut self, words: &'a str, _: Source<'a>) -> Written {
        self.writer.said(&mut self.bytes, &self.writer.skin.paragraph, words)?;
        self.close();
        self.count(|_| Ok(word_count(words)))
    }

    fn list(&mut self, items: impl Iterator<Item = &'a str>, _: impl Fn(usize) -> String) -> Written {
        let mut words = 0;
        let counted = self.sections.last().is_some_and(|(id, _)| counts(*id));
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
        self.count(|_| Ok(facts.iter().map(words).sum()))
    }

    fn link(&mut self, phrase: Phrase, values: Values<'_>, href: Cow<'a, str>, _: Source<'a>) -> Written {
        let values = values.beside(self.everywhere);
        self.said.clear();
        self.writer.say(&mut self.said, phrase, values, Escape::Nothing)?;
        if self.said.is_empty() {
            return Ok(());
        }
        self.writer.link(&mut self.bytes, &self.said, &href)?;
        self.close();
        self.count(|writer| writer.kit.words(writer.press, phrase, values))
    }
}

//! The opening: what the job is, and what the posting puts first.

use crate::domain::options::Length;
use crate::domain::place::Workplace;
use crate::domain::posting::{Block, BlockKind, Passage, SectionId, Source};

use super::super::emphasis::Wish;
use super::super::phrase::Phrase;
use super::super::slot::{Slot, Values};
use super::{Composed, Composer, passage, text_block};

impl<'a> Composer<'a> {
    /// How many sentences emphasis may add.
    pub fn most_clauses(&self) -> usize {
        if self.length == Length::Short { 1 } else { 3 }
    }

    /// Says what the opening starts with: `say` gets the values of the sentence.
    pub fn with_opening<T>(&self, say: impl FnOnce(Values<'_>) -> T) -> T {
        let article = self.options.title.is_none().then_some(self.kit.article);
        let values = [(Slot::Title, Some(self.title())), (Slot::Employer, self.employer_name())];
        say(self.completed(Values::of(&values).with_article(article)))
    }

    /// What emphasis on flexibility adds, if there is room for one more sentence: `say` gets the
    /// values of the sentence.
    pub fn with_flexibility<T>(&self, say: impl FnOnce(Values<'_>) -> T) -> Option<T> {
        let mut workplaces = self.options.locations.iter().filter_map(|location| location.workplace);
        let flexible = workplaces.find(|workplace| *workplace != Workplace::OnSite);
        let label = self.locale.workplace(flexible.filter(|_| self.wish.flexibility)?).to_lowercase();
        Some(say(self.completed(Values::of(&[(Slot::Workplace, Some(&*label))]))))
    }

    fn opening(&self) -> Composed<Passage<'a>> {
        self.with_opening(|values| {
            let mission = Source::role("/mission");
            let mut sources = self.sources([self.tone_source(Phrase::Opening, values), mission]);
            if !self.says_mission(values) {
                sources.truncate(1);
            }
            Ok(passage(self.say(Phrase::Opening, values)?, sources))
        })
    }

    fn flexibility(&self) -> Composed<Option<Passage<'a>>> {
        let source = Source::options("/locations");
        let clause = self.with_flexibility(|values| self.clause(Phrase::EmphasisFlexibility, values, source));
        clause.transpose()
    }

    /// A sentence for each emphasis of the role, from the duty that serves it best of those `shown`.
    pub(super) fn clauses(&self, shown: &[usize]) -> Composed<Vec<Passage<'a>>> {
        let mut clauses = Vec::new();
        let mut taken = Vec::new();
        for &(dimension, _) in &self.wish.dimensions {
            if clauses.len() == self.most_clauses() {
                break;
            }
            let Some(duty) = Wish::strongest(dimension, &self.kit.duties, shown, &taken) else { continue };
            let phrase = [Phrase::Emphasis, Phrase::EmphasisNext, Phrase::EmphasisLast][taken.len().min(2)];
            taken.push(duty);
            let task = self.kit.tasks.get(duty).map(String::as_str);
            let values = [(Slot::Title, Some(self.title())), (Slot::Task, task)];
            let pointer = self.kit.duties.entries.get(duty).map_or("", |duty| duty.pointer.as_str());
            clauses.push(self.clause(phrase, Values::of(&values), Source::role(pointer))?);
        }
        if self.wish.growth && clauses.len() < self.most_clauses() {
            clauses.extend(self.growth()?);
        }
        Ok(clauses)
    }

    /// The next step of the career: the first whose name is one title, not several.
    fn growth(&self) -> Composed<Option<Passage<'a>>> {
        let steps = &self.kit.role.career.advances_to;
        let simple = |step: &str| !step.contains('/') && !step.contains(" or ");
        let index = steps.iter().position(|step| simple(step.as_str())).unwrap_or(0);
        let Some(step) = steps.get(index).filter(|_| self.is_on(SectionId::Career)) else { return Ok(None) };
        let values = [(Slot::Step, Some(step.as_str()))];
        let source = Source::role(format!("/career/advances_to/{index}"));
        self.clause(Phrase::EmphasisGrowth, Values::of(&values), source).map(Some)
    }

    fn clause(&self, phrase: Phrase, values: Values<'_>, source: Source<'a>) -> Composed<Passage<'a>> {
        let sources = self.sources([self.tone_source(phrase, values), source]);
        Ok(passage(self.say(phrase, values)?, sources))
    }

    /// The blocks of the opening: with what emphasis adds and, if `summary`, the role's summary.
    pub(super) fn opening_blocks(
        &self,
        clauses: Vec<Passage<'a>>,
        summary: bool,
    ) -> Composed<Vec<Block<'a>>> {
        let clauses = clauses.into_iter().chain(self.flexibility()?).take(self.most_clauses());
        let mut blocks = paragraphs(std::iter::once(self.opening()?).chain(clauses));
        if summary {
            blocks.push(self.kept_paragraph(self.kit.summary));
        }
        Ok(blocks)
    }
}

/// Whether a sentence may follow in the same paragraph.
pub fn is_sentence(words: &str) -> bool {
    words.ends_with(['.', '!', '?'])
}

/// One paragraph, if its parts are sentences; a paragraph each, if they are fragments.
fn paragraphs<'p>(said: impl Iterator<Item = Passage<'p>>) -> Vec<Block<'p>> {
    let mut blocks: Vec<Block<'p>> = Vec::with_capacity(2);
    for clause in said.filter(|passage| !passage.words.is_empty()) {
        match blocks.last_mut().and_then(|block| block.text.as_mut()) {
            Some(text) if is_sentence(&text.words) => {
                let words = text.words.to_mut();
                words.push(' ');
                words.push_str(&clause.words);
                text.count = None;
                text.sources.extend(clause.sources);
            }
            _ => blocks.push(text_block(BlockKind::Paragraph, clause)),
        }
    }
    blocks
}

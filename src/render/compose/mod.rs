//! From a role in a tone, and options, to a posting. Pure: no clock, no I/O, no randomness.
//!
//! One file a part of the posting. The sections that carry the request's own values are written
//! first; then [`plan`] decides which items of the role fit beside them.

mod arrangement;
mod frame;
mod items;
mod locked;
mod opening;
mod own_tone;
mod pay;
mod plan;
mod sink;

use std::borrow::Cow;

use crate::domain::options::Length;
use crate::domain::posting::{
    Block, BlockKind, Item, Note, NoteCode, Passage, RoleReference, Section, SectionId, ShownSalary, Source,
};
use crate::domain::{Posting, PostingOptions};

use super::blocks::Press;
use super::count::word_count;
use super::emphasis::Wish;
use super::keep::PlanKey;
use super::kit::Kit;
use super::locale::Locale;
use super::phrase::Phrase;
use super::slot::{Slot, Values};

use pay::flag;
use plan::Plan;
use sink::Document;

pub use items::{Group, Outline, Shape};
pub use opening::is_sentence;
pub use own_tone::place;
pub use sink::{Fact, Sink};

/// The language of the words: templates and built-in roles are American English.
pub const LANGUAGE: &str = "en-US";

/// How much of a posting is composed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// Its words.
    Words,
    /// Its words, where they come from, what was left out, and what gave way.
    Provenance,
}

/// Everything that a posting is composed of.
#[derive(Clone, Debug)]
pub struct Composer<'a> {
    press: Press<'a>,
    kit: &'a Kit,
    locale: &'a Locale,
    options: &'a PostingOptions,
    title: &'a str,
    /// The employer's name.
    employer: Option<&'a str>,
    length: Length,
    wish: Wish,
    /// The pay that is shown.
    salary: Option<ShownSalary>,
    detail: Detail,
    /// The values that an own tone may say in any phrase; none in any other tone.
    everywhere: Vec<(Slot, Option<&'a str>)>,
}

type Composed<T> = Result<T, minijinja::Error>;

/// The words that a posting has before any item of the role is chosen.
#[derive(Clone, Copy, Debug)]
pub struct Spent {
    /// Words of the sections that count, and of the opening's first sentence.
    words: u32,
    /// Words that emphasis on flexibility may add.
    flexibility: u32,
}

/// What a posting shows of the role.
#[derive(Debug)]
pub struct Choice<'a> {
    /// The items.
    pub plan: Plan,
    /// The sentences that emphasis adds to the opening.
    pub clauses: Vec<Passage<'a>>,
}

impl<'a> Composer<'a> {
    /// A composer for options that were checked against the kit's role; `place` is their first place
    /// in words, where an own tone may say it.
    pub fn new(
        press: Press<'a>,
        kit: &'a Kit,
        locale: &'a Locale,
        options: &'a PostingOptions,
        place: Option<&'a str>,
        detail: Detail,
    ) -> Self {
        let length = options.length.unwrap_or_default();
        let wish = Wish::new(options, kit);
        let title = options.title.as_ref().unwrap_or(&kit.role.title).as_str();
        let employer = options.employer.as_ref().map(|employer| employer.name.as_str());
        let (salary, everywhere) = (None, Vec::new());
        let mut composer =
            Self { press, kit, locale, options, title, employer, length, wish, salary, detail, everywhere };
        composer.salary = composer.shown_salary();
        composer.everywhere = composer.said_everywhere(place);
        composer
    }

    /// Composes the posting; `revision` names the role's, if it has one.
    ///
    /// # Errors
    /// What minijinja reports of the tone's template.
    pub fn compose(&self, revision: Option<u32>) -> Composed<Posting<'a>> {
        let mut own = Document::new(self);
        self.own(&mut own)?;
        let counted = own.sections.iter().filter(|(id, _)| counts(*id));
        let mut words = counted.map(|(_, blocks)| words_of(blocks)).sum();
        let Choice { plan, clauses } = self.choose(self.spent(words)?)?;
        let outline = self.outline(&plan);
        let mut sections = Vec::with_capacity(SectionId::ALL.len());
        if self.is_on(SectionId::Opening) {
            let opening = self.opening_blocks(clauses, plan.summary)?;
            words += words_of(&opening);
            sections.push((SectionId::Opening, opening));
        }
        for id in outline.sections() {
            let blocks = self.blocks(&outline, id)?;
            words += words_of(&blocks);
            sections.push((id, blocks));
        }
        sections.append(&mut own.sections);
        sections.retain(|(_, blocks)| !blocks.is_empty());
        sections.sort_by_key(|(id, _)| self.place(*id));
        let section = |(id, blocks)| Ok(Section { id, heading: self.heading(id)?, blocks });
        let mut sections = sections.into_iter().map(section).collect::<Composed<Vec<_>>>()?;
        self.add_locked(&mut sections);
        Ok(Posting {
            role: RoleReference {
                id: self.kit.role.id.as_str().into(),
                title: self.kit.role.title.as_str().into(),
                revision,
            },
            employer: None,
            title: self.title().into(),
            tone: self.kit.tone.id.as_str().into(),
            tone_revision: None,
            length: self.length,
            locale: self.locale.tag().into(),
            language: LANGUAGE.into(),
            notes: self.if_asked(|| self.notes(&plan, words)),
            salary: self.salary.clone(),
            sections,
            omitted: self.if_asked(|| plan.omitted(self)),
            words,
        })
    }

    /// Composes the sections that carry values of the request, the opening apart.
    ///
    /// # Errors
    /// What minijinja reports of a template.
    pub fn own(&self, out: &mut impl Sink<'a>) -> Composed<()> {
        if self.opened(out, SectionId::Employer) {
            self.employer(out)?;
        }
        if self.opened(out, SectionId::Pay) {
            self.pay(out)?;
        }
        if self.opened(out, SectionId::Arrangement) {
            self.arrangement(out)?;
        }
        if self.opened(out, SectionId::Apply) {
            self.apply(out)?;
        }
        if self.opened(out, SectionId::Statements) {
            self.statements(out)?;
        }
        Ok(())
    }

    fn opened(&self, out: &mut impl Sink<'a>, section: SectionId) -> bool {
        let on = self.is_on(section);
        if on {
            out.open(section);
        }
        on
    }

    /// What is spent when the sections that count have `words`.
    ///
    /// # Errors
    /// What minijinja reports of the tone's template.
    pub fn spent(&self, words: u32) -> Composed<Spent> {
        let said = |phrase, values: Values<'_>| self.kit.words(self.press, phrase, values);
        let opening = self.with_opening(|values| said(Phrase::Opening, values))?;
        let flexibility = self.with_flexibility(|values| said(Phrase::EmphasisFlexibility, values));
        Ok(Spent { words: words + opening, flexibility: flexibility.transpose()?.unwrap_or(0) })
    }

    /// Decides what of the role is shown.
    ///
    /// # Errors
    /// What minijinja reports of the tone's template.
    pub fn choose(&self, spent: Spent) -> Composed<Choice<'a>> {
        let mut plan = Plan::ranked(self, spent.words)?;
        let clauses = self.clauses(&plan.duties)?;
        let more = if clauses.len() < self.most_clauses() { spent.flexibility } else { 0 };
        let added = clauses.iter().map(passage_words).sum::<u32>() + more;
        plan.complete(self, spent.words + added)?;
        Ok(Choice { plan, clauses })
    }

    /// All that [`choose`](Self::choose) and [`outline`](Self::outline) depend on beside the kit.
    pub fn plan_key(&self, spent: Spent) -> PlanKey {
        // Where nothing bounds them, words decide nothing.
        let if_bounded = |words: u32| self.length.max_words().map_or(0, |_| words);
        PlanKey {
            length: self.length,
            dimensions: self.wish.dimensions.clone(),
            growth: self.wish.growth,
            sections: self.options.sections.iter().map(|(&id, &on)| (id, on)).collect(),
            title: self.options.title.as_ref().map(|title| title.as_str().into()),
            employer: self.said_of_role(Slot::Employer),
            place: self.said_of_role(Slot::Location),
            spent: if_bounded(spent.words),
            flexibility: if_bounded(spent.flexibility),
        }
    }

    /// The title of the posting.
    pub fn title(&self) -> &'a str {
        self.title
    }

    fn employer_name(&self) -> Option<&'a str> {
        self.employer
    }

    /// Whether the options turn `section` on or off.
    fn switch(&self, section: SectionId) -> Option<bool> {
        self.options.sections.get(&section).copied()
    }

    /// Whether the options let a section be.
    pub fn is_on(&self, section: SectionId) -> bool {
        self.switch(section) != Some(false)
    }

    /// Where a section stands. Emphasis moves some.
    pub fn place(&self, section: SectionId) -> (u8, SectionId) {
        let rank = match section {
            SectionId::Opening => 0,
            SectionId::Arrangement if self.wish.flexibility => 1,
            SectionId::Pay if self.wish.benefits => 2,
            SectionId::Employer | SectionId::Responsibilities => 3,
            SectionId::Career if self.wish.growth => 4,
            _ => 5,
        };
        (rank, section)
    }

    /// What stands above a section.
    ///
    /// # Errors
    /// What minijinja reports of the tone's template.
    pub fn heading(&self, id: SectionId) -> Composed<Cow<'a, str>> {
        let values = [
            (Slot::Employer, self.employer_name()),
            (Slot::Pay, flag(self.shows_pay())),
            (Slot::Benefits, flag(self.shows_benefits())),
        ];
        match heading(id) {
            Some(phrase) => self.say(phrase, Values::of(&values)),
            None => Ok(Cow::Borrowed("")),
        }
    }

    fn say(&self, phrase: Phrase, values: Values<'_>) -> Composed<Cow<'a, str>> {
        self.kit.say(self.press, phrase, self.completed(values))
    }

    /// Words of the tone, with where they stand in its template.
    fn phrase(&self, phrase: Phrase, values: Values<'_>) -> Composed<Option<Passage<'a>>> {
        let words = self.say(phrase, values)?;
        if words.is_empty() {
            return Ok(None);
        }
        let sources = self.sources([self.tone_source(phrase, values)]);
        Ok(Some(Passage { words, sources, count: self.kit.fixed_words(phrase), kept: None }))
    }

    /// Sources, if they are asked for.
    fn sources<const N: usize>(&self, sources: [Source<'a>; N]) -> Vec<Source<'a>> {
        if self.detail == Detail::Provenance { Vec::from(sources) } else { Vec::new() }
    }

    /// The options at a pointer that takes making, if it is asked for.
    fn source_of(&self, pointer: impl FnOnce() -> String) -> Source<'a> {
        Source::options(if self.detail == Detail::Provenance { pointer() } else { String::new() })
    }

    fn if_asked<T>(&self, list: impl FnOnce() -> Vec<T>) -> Vec<T> {
        if self.detail == Detail::Provenance { list() } else { Vec::new() }
    }

    fn notes(&self, plan: &Plan, words: u32) -> Vec<Note> {
        let mut notes = self.salary_notes();
        let length = self.length.as_str();
        if let Some(max) = self.length.max_words().filter(|&max| words > max) {
            let detail = format!(
                "{words} words; `{length}` allows {max}, and nothing that is left may be dropped or cut"
            );
            notes.push(Note { code: NoteCode::LengthExceeded, detail, pointer: Some("/length".into()) });
        }
        if words < self.length.min_words() {
            let detail = format!("{words} words; `{length}` aims at {} or more", self.length.min_words());
            notes.push(Note { code: NoteCode::LengthMissed, detail, pointer: Some("/length".into()) });
        }
        notes.extend(plan.notes(self));
        notes
    }
}

/// The heading that the tone gives a section; a locked section brings its own.
fn heading(section: SectionId) -> Option<Phrase> {
    Some(match section {
        SectionId::Opening => Phrase::HeadingOpening,
        SectionId::Employer => Phrase::HeadingEmployer,
        SectionId::Responsibilities => Phrase::HeadingResponsibilities,
        SectionId::Skills => Phrase::HeadingSkills,
        SectionId::Qualifications => Phrase::HeadingQualifications,
        SectionId::Career => Phrase::HeadingCareer,
        SectionId::Pay => Phrase::HeadingPay,
        SectionId::Arrangement => Phrase::HeadingArrangement,
        SectionId::Apply => Phrase::HeadingApply,
        SectionId::Locked => return None,
        SectionId::Statements => Phrase::HeadingStatements,
    })
}

fn text_block(kind: BlockKind, text: Passage<'_>) -> Block<'_> {
    Block { kind, text: Some(text), href: None, items: Vec::new() }
}

fn passage<'a>(words: impl Into<Cow<'a, str>>, sources: Vec<Source<'a>>) -> Passage<'a> {
    Passage { words: words.into(), sources, count: None, kept: None }
}

/// Whether the words of a section count.
pub fn counts(section: SectionId) -> bool {
    !matches!(section, SectionId::Statements | SectionId::Locked)
}

fn words_of(blocks: &[Block<'_>]) -> u32 {
    let block = |block: &Block<'_>| {
        let text = block.text.as_ref().map_or(0, passage_words);
        text + block.items.iter().map(item_words).sum::<u32>()
    };
    blocks.iter().map(block).sum()
}

fn passage_words(passage: &Passage<'_>) -> u32 {
    passage.count.unwrap_or_else(|| word_count(&passage.words))
}

fn item_words(item: &Item<'_>) -> u32 {
    item.count.unwrap_or_else(|| word_count(&item.words) + item.label.as_deref().map_or(0, word_count))
}

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
use super::shown::Shown;
use super::slot::{Slot, Values};

use plan::Plan;

pub use items::{Group, Outline, Shape};

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
    length: Length,
    wish: Wish,
    detail: Detail,
    /// The first place of the posting, where the tone may say it.
    place: Option<String>,
}

type Composed<T> = Result<T, minijinja::Error>;

/// What of a posting carries values of the request.
#[derive(Debug)]
pub struct Own<'a> {
    salary: Option<ShownSalary>,
    opening: Passage<'a>,
    /// What emphasis on flexibility adds to the opening, if there is room for one more sentence.
    flexibility: Option<Passage<'a>>,
    /// Some may be empty.
    sections: Vec<Section<'a>>,
    /// Words of the sections that count.
    fixed: u32,
}

/// What a posting shows of the role.
#[derive(Debug)]
pub struct Choice<'a> {
    /// The items.
    pub plan: Plan,
    /// The sentences that emphasis adds to the opening.
    pub clauses: Vec<Passage<'a>>,
}

/// A section in its place.
#[derive(Debug)]
pub enum Part<'p> {
    /// One that carries values of the request.
    Own(Section<'p>),
    /// One that is [`Shown`] of the role.
    OfRole(SectionId),
}

impl Part<'_> {
    fn id(&self) -> SectionId {
        match self {
            Self::Own(section) => section.id,
            Self::OfRole(id) => *id,
        }
    }
}

impl<'a> Composer<'a> {
    /// A composer for options that were checked against the kit's role.
    pub fn new(
        press: Press<'a>,
        kit: &'a Kit,
        locale: &'a Locale,
        options: &'a PostingOptions,
        detail: Detail,
    ) -> Self {
        let length = options.length.unwrap_or_default();
        let place = own_tone::place(&kit.tone, locale, options);
        Self { press, kit, locale, options, length, wish: Wish::new(options, kit), detail, place }
    }

    /// Composes the posting; `revision` names the role's, if it has one.
    ///
    /// # Errors
    /// What minijinja reports of the tone's template.
    pub fn compose(&self, revision: Option<u32>) -> Composed<Posting<'a>> {
        let own = self.own()?;
        let Choice { plan, clauses } = self.choose(&own)?;
        let outline = self.outline(&plan);
        let mut words = own.fixed;
        let opening = self.opening_section(own.opening, clauses, own.flexibility, plan.summary)?;
        words += section_words(&opening);
        let mut sections = own.sections;
        sections.push(opening);
        for id in outline.sections() {
            let section = self.section(id, || self.blocks(&outline, id))?;
            words += section_words(&section);
            sections.push(section);
        }
        sections.retain(|section| !section.blocks.is_empty());
        sections.sort_by_key(|section| self.place_of(section.id));
        self.add_locked(&mut sections, |section| section.id, |locked| locked);
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
            notes: self.if_asked(|| self.notes(own.salary.as_ref(), &plan, words)),
            salary: own.salary,
            sections,
            omitted: self.if_asked(|| plan.omitted(self)),
            words,
        })
    }

    /// Composes what carries values of the request.
    ///
    /// # Errors
    /// What minijinja reports of the tone's template.
    pub fn own(&self) -> Composed<Own<'a>> {
        let salary = self.shown_salary();
        let opening = self.opening()?;
        let flexibility = if self.wish.flexibility { self.flexibility()? } else { None };
        let mut sections = Vec::with_capacity(SectionId::ALL.len());
        sections.push(self.section(SectionId::Employer, || self.employer())?);
        sections.push(self.pay_section(salary.as_ref())?);
        sections.push(self.section(SectionId::Arrangement, || Ok(self.arrangement()))?);
        sections.push(self.section(SectionId::Apply, || self.apply())?);
        let fixed = sections.iter().map(section_words).sum();
        sections.push(self.section(SectionId::Statements, || self.statements())?);
        Ok(Own { salary, opening, flexibility, sections, fixed })
    }

    /// Decides what of the role stands beside it.
    ///
    /// # Errors
    /// What minijinja reports of the tone's template.
    pub fn choose(&self, own: &Own<'_>) -> Composed<Choice<'a>> {
        let spent = own.fixed + own.opening.count;
        let mut plan = Plan::ranked(self, spent)?;
        let clauses = self.clauses(&plan.duties)?;
        let flexibility = own.flexibility.as_ref().filter(|_| clauses.len() < self.most_clauses());
        let added: u32 = clauses.iter().chain(flexibility).map(|clause| clause.count).sum();
        plan.complete(self, spent + added)?;
        Ok(Choice { plan, clauses })
    }

    /// The sections in the order of the posting: its own, the opening, and those of the role.
    ///
    /// # Errors
    /// What minijinja reports of the tone's template.
    pub fn arrange<'p>(&self, own: Own<'p>, shown: &'p Shown) -> Composed<Vec<Part<'p>>>
    where
        'a: 'p,
    {
        let clauses = shown.clauses.iter().map(|clause| clause.passage());
        let opening = self.opening_section(own.opening, clauses, own.flexibility, shown.summary)?;
        let own = own.sections.into_iter().chain([opening]).filter(|section| !section.blocks.is_empty());
        let mut parts = Vec::with_capacity(SectionId::ALL.len());
        parts.extend(own.map(Part::Own).chain(shown.sections().map(Part::OfRole)));
        parts.sort_by_key(|part| self.place_of(part.id()));
        self.add_locked(&mut parts, Part::id, Part::Own);
        Ok(parts)
    }

    /// All that [`choose`](Self::choose) and [`outline`](Self::outline) depend on beside the kit.
    pub fn plan_key(&self, own: &Own<'_>) -> PlanKey {
        let spent = own.fixed + own.opening.count;
        let bounded = self.length.max_words().is_some();
        PlanKey {
            length: self.length,
            dimensions: self.wish.dimensions.clone(),
            growth: self.wish.growth,
            sections: self.options.sections.iter().map(|(&id, &on)| (id, on)).collect(),
            title: self.options.title.as_ref().map(|title| title.as_str().into()),
            employer: self.said_of_role(Slot::Employer),
            place: self.said_of_role(Slot::Location),
            // Where nothing bounds them, words decide nothing.
            spent: if bounded { spent } else { 0 },
            flexibility: own.flexibility.as_ref().map_or(0, |clause| if bounded { clause.count } else { 0 }),
        }
    }

    /// The title of the posting.
    pub fn title(&self) -> &'a str {
        self.options.title.as_ref().unwrap_or(&self.kit.role.title).as_str()
    }

    fn employer_name(&self) -> Option<&'a str> {
        self.options.employer.as_ref().map(|employer| employer.name.as_str())
    }

    /// Whether the options turn `section` on or off.
    fn switch(&self, section: SectionId) -> Option<bool> {
        self.options.sections.get(&section).copied()
    }

    fn is_on(&self, section: SectionId) -> bool {
        self.switch(section) != Some(false)
    }

    /// Where a section stands. Emphasis moves some.
    fn place_of(&self, section: SectionId) -> (u8, SectionId) {
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

    fn section<'p>(
        &self,
        id: SectionId,
        blocks: impl FnOnce() -> Composed<Vec<Block<'p>>>,
    ) -> Composed<Section<'p>>
    where
        'a: 'p,
    {
        let blocks = if self.is_on(id) { blocks()? } else { Vec::new() };
        let heading = if blocks.is_empty() { Cow::Borrowed("") } else { self.heading(id)? };
        Ok(Section { id, heading, blocks })
    }

    /// What stands above a section.
    ///
    /// # Errors
    /// What minijinja reports of the tone's template.
    pub fn heading(&self, id: SectionId) -> Composed<Cow<'a, str>> {
        match heading(id) {
            Some(phrase) => self.say(phrase, Values::of(&[(Slot::Employer, self.employer_name())])),
            None => Ok(Cow::Borrowed("")),
        }
    }

    fn say(&self, phrase: Phrase, values: Values<'_>) -> Composed<Cow<'a, str>> {
        self.completed(values, |values| self.kit.say(self.press, phrase, values))
    }

    /// Words of the tone, with where they stand in its template.
    fn phrase(&self, phrase: Phrase, values: Values<'_>) -> Composed<Option<Passage<'a>>> {
        let words = self.say(phrase, values)?;
        if words.is_empty() {
            return Ok(None);
        }
        let count = self.kit.fixed_words(phrase).unwrap_or_else(|| word_count(&words));
        Ok(Some(Passage {
            words,
            sources: self.sources([self.tone_source(phrase, values)]),
            count,
            kept: None,
        }))
    }

    /// Sources, if they are asked for.
    fn sources<const N: usize>(&self, sources: [Source<'a>; N]) -> Vec<Source<'a>> {
        if self.detail == Detail::Provenance { Vec::from(sources) } else { Vec::new() }
    }

    /// The options at a pointer that takes making, if it is asked for.
    fn source_of(&self, pointer: impl FnOnce() -> String) -> Source<'a> {
        Source::options(if self.detail == Detail::Provenance { pointer() } else { String::new() })
    }

    /// A list with what leads in to it; nothing when the list is empty.
    fn led_list(&self, lead: Phrase, values: Values<'_>, items: Vec<Item<'a>>) -> Composed<Vec<Block<'a>>> {
        if items.is_empty() {
            return Ok(Vec::new());
        }
        let lead = self.phrase(lead, values)?;
        let mut blocks = Vec::with_capacity(2);
        blocks.extend(lead.map(|text| text_block(BlockKind::LeadIn, text)));
        blocks.push(Block { kind: BlockKind::List, text: None, href: None, items });
        Ok(blocks)
    }

    fn if_asked<T>(&self, list: impl FnOnce() -> Vec<T>) -> Vec<T> {
        if self.detail == Detail::Provenance { list() } else { Vec::new() }
    }

    fn notes(&self, salary: Option<&ShownSalary>, plan: &Plan, words: u32) -> Vec<Note> {
        let mut notes = self.salary_notes(salary);
        let length = self.length.as_str();
        if let Some(max) = self.length.max_words().filter(|&max| words > max) {
            let detail = format!(
                "{words} words; `{length}` allows {max}, and nothing that is left may be dropped or cut"
            );
            notes.push(Note { code: NoteCode::LengthExceeded, detail, pointer: Some("/length") });
        }
        if words < self.length.min_words() {
            let detail = format!("{words} words; `{length}` aims at {} or more", self.length.min_words());
            notes.push(Note { code: NoteCode::LengthMissed, detail, pointer: Some("/length") });
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

fn paragraph<'a>(words: impl Into<Cow<'a, str>>, sources: Vec<Source<'a>>) -> Block<'a> {
    text_block(BlockKind::Paragraph, passage(words, sources))
}

fn passage<'a>(words: impl Into<Cow<'a, str>>, sources: Vec<Source<'a>>) -> Passage<'a> {
    let words = words.into();
    Passage { count: word_count(&words), words, sources, kept: None }
}

fn item<'a>(label: Option<&'a str>, words: impl Into<Cow<'a, str>>, source: Source<'a>) -> Item<'a> {
    let words = words.into();
    let count = word_count(&words) + label.map_or(0, word_count);
    Item { label: label.map(Cow::Borrowed), words, source, count, kept: None }
}

/// The words of a section's blocks.
fn section_words(section: &Section<'_>) -> u32 {
    let block = |block: &Block<'_>| {
        let text = block.text.as_ref().map_or(0, |text| text.count);
        text + block.items.iter().map(|item| item.count).sum::<u32>()
    };
    section.blocks.iter().map(block).sum()
}

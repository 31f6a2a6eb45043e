//! The sections whose items are the role's own: duties, skills, qualifications, career.
//!
//! A plan becomes an outline: which items stand in which block, without a word copied. From it come
//! the blocks of a posting, and the bytes of a text format.

use std::borrow::Cow;
use std::ops::Range;

use crate::domain::options::Length;
use crate::domain::posting::{Block, BlockKind, Item, Passage, SectionId, Source};

use super::super::kit::{ItemIndex, List};
use super::super::phrase::Phrase;
use super::super::slot::{Slot, Values};
use super::plan::Plan;
use super::{Composed, Composer, text_block};

/// The sections of a role, in blocks of its items.
#[derive(Debug, Default)]
pub struct Outline {
    groups: Vec<Group>,
    items: Vec<ItemIndex>,
}

/// Items that stand together, and what leads in to them.
#[derive(Debug)]
pub struct Group {
    section: SectionId,
    /// What is said before the items, or instead of them.
    pub lead: Option<Phrase>,
    /// How they stand.
    pub shape: Shape,
    items: Range<usize>,
}

/// How items stand together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// As a list.
    List,
    /// In one line, after what leads in to them.
    Line,
    /// As a paragraph: one item, or the lead alone.
    Paragraph,
}

impl Outline {
    /// The sections that have anything to show.
    pub fn sections(&self) -> impl Iterator<Item = SectionId> {
        self.groups.chunk_by(|a, b| a.section == b.section).filter_map(|groups| Some(groups.first()?.section))
    }

    /// The groups of a section, each with its items.
    pub fn groups(&self, section: SectionId) -> impl Iterator<Item = (&Group, &[ItemIndex])> {
        let of_section = self.groups.iter().filter(move |group| group.section == section);
        of_section.map(|group| (group, self.items.get(group.items.clone()).unwrap_or_default()))
    }

    fn push(
        &mut self,
        section: SectionId,
        lead: Option<Phrase>,
        shape: Shape,
        items: impl IntoIterator<Item = ItemIndex>,
    ) {
        let start = self.items.len();
        self.items.extend(items);
        let items = start..self.items.len();
        // Only a sentence of the tone stands without items.
        if !items.is_empty() || shape == Shape::Paragraph {
            self.groups.push(Group { section, lead, shape, items });
        }
    }
}

impl<'a> Composer<'a> {
    /// Whether duties are worded briefly.
    pub(super) fn is_brief(&self) -> bool {
        self.length == Length::Short
    }

    /// Whether skills and steps stand in a line, skills by their names.
    pub(super) fn in_lines(&self) -> bool {
        self.kit.tone.settings.inline || self.is_brief()
    }

    /// The items that `plan` shows, in the sections that are on.
    pub fn outline(&self, plan: &Plan) -> Outline {
        let mut outline = Outline { groups: Vec::with_capacity(12), items: Vec::with_capacity(64) };
        if self.is_on(SectionId::Responsibilities) {
            let duties = worded(&self.kit.duties, &plan.duties, self.is_brief());
            outline.push(SectionId::Responsibilities, Some(Phrase::LeadDuties), Shape::List, duties);
        }
        if self.is_on(SectionId::Skills) {
            self.outline_skills(plan, &mut outline);
        }
        if self.is_on(SectionId::Qualifications) {
            self.outline_qualifications(plan, &mut outline);
        }
        if self.is_on(SectionId::Career) {
            self.outline_career(plan, &mut outline);
        }
        outline
    }

    fn outline_skills(&self, plan: &Plan, outline: &mut Outline) {
        let shape = if self.in_lines() { Shape::Line } else { Shape::List };
        for (lead, chosen) in [
            (Phrase::LeadHardSkills, &plan.hard),
            (Phrase::LeadSoftSkills, &plan.soft),
            (Phrase::LeadOtherSkills, &plan.others),
        ] {
            let skills = worded(&self.kit.skills, chosen, self.in_lines());
            outline.push(SectionId::Skills, Some(lead), shape, skills);
        }
    }

    fn outline_qualifications(&self, plan: &Plan, outline: &mut Outline) {
        let id = SectionId::Qualifications;
        outline.push(id, Some(Phrase::LeadRequired), Shape::List, plan.required.iter().copied());
        if let Some(fields) = plan.fields {
            outline.push(id, None, Shape::Paragraph, [fields]);
        }
        if plan.equivalent(self.kit) {
            outline.push(id, Some(Phrase::Equivalent), Shape::Paragraph, []);
        }
        outline.push(id, Some(Phrase::LeadPreferred), Shape::List, plan.preferred.iter().copied());
    }

    fn outline_career(&self, plan: &Plan, outline: &mut Outline) {
        let shape = if self.in_lines() { Shape::Line } else { Shape::List };
        let leads = [Phrase::LeadEntry, Phrase::LeadAdvances, Phrase::LeadLateral];
        for ((lead, steps), shown) in leads.into_iter().zip(&self.kit.steps).zip(plan.steps) {
            let steps = steps.iter().copied().filter(|_| shown);
            outline.push(SectionId::Career, Some(lead), shape, steps);
        }
    }

    /// The blocks of a section of `outline`.
    pub(super) fn blocks(&self, outline: &Outline, section: SectionId) -> Composed<Vec<Block<'a>>> {
        let mut blocks = Vec::new();
        for (group, items) in outline.groups(section) {
            let lead = match group.lead {
                Some(lead) => self.phrase(lead, Values::of(&[(Slot::Title, Some(self.title()))]))?,
                None => None,
            };
            let own = || items.iter().map(|&item| self.kept_item(item)).collect();
            match (group.shape, items) {
                (Shape::List, _) => {
                    blocks.extend(lead.map(|text| text_block(BlockKind::LeadIn, text)));
                    blocks.push(Block { kind: BlockKind::List, text: None, href: None, items: own() });
                }
                (Shape::Line, _) => {
                    blocks.push(Block { kind: BlockKind::InlineList, text: lead, href: None, items: own() });
                }
                (Shape::Paragraph, [item]) => blocks.push(self.kept_paragraph(*item)),
                (Shape::Paragraph, _) => {
                    blocks.extend(lead.map(|text| text_block(BlockKind::Paragraph, text)));
                }
            }
        }
        Ok(blocks)
    }

    /// What leads in to items, in words.
    ///
    /// # Errors
    /// What minijinja reports of the tone's template.
    pub fn lead(&self, lead: Phrase) -> Composed<Cow<'a, str>> {
        self.say(lead, Values::of(&[(Slot::Title, Some(self.title()))]))
    }

    fn kept_item(&self, index: ItemIndex) -> Item<'a> {
        let (words, pointer) =
            self.kit.items.get(index).map_or(("", ""), |i| (i.words.as_str(), i.pointer.as_str()));
        Item {
            label: None,
            words: words.into(),
            source: Source::role(pointer),
            count: Some(self.kit.count(index)),
            kept: u32::try_from(index).ok(),
        }
    }

    pub(super) fn kept_paragraph(&self, index: ItemIndex) -> Block<'a> {
        let item = self.kept_item(index);
        let sources = self.sources([item.source]);
        let text = Passage { words: item.words, sources, count: item.count, kept: item.kept };
        text_block(BlockKind::Paragraph, text)
    }
}

fn worded(list: &List, chosen: &[usize], brief: bool) -> impl Iterator<Item = ItemIndex> {
    chosen.iter().filter_map(move |&index| Some(list.entries.get(index)?.wording(brief)))
}

//! The sections whose items are the role's own: duties, skills, qualifications, career.

use crate::domain::options::Length;
use crate::domain::posting::{Block, BlockKind, Item};

use super::super::kit::{Entry, ItemIndex};
use super::super::phrase::Phrase;
use super::super::slot::{Slot, Values};
use super::plan::Plan;
use super::{Composed, Composer, text_block};

impl<'a> Composer<'a> {
    /// The wording of a duty or skill at this length.
    pub(super) fn wording(&self, entry: &Entry) -> ItemIndex {
        if self.length == Length::Short { entry.brief } else { entry.full }
    }

    /// Whether skills and steps stand in a line.
    pub(super) fn in_lines(&self) -> bool {
        self.kit.tone.settings.inline || self.length == Length::Short
    }

    pub(super) fn duties(&self, plan: &Plan) -> Composed<Vec<Block<'a>>> {
        let items = self.kept_items(&plan.duties, &self.kit.duties, |duty| self.wording(duty));
        self.led_list(Phrase::LeadDuties, Values::of(&[(Slot::Title, Some(self.title()))]), items)
    }

    pub(super) fn skills(&self, plan: &Plan) -> Composed<Vec<Block<'a>>> {
        let mut blocks = Vec::new();
        for (lead, chosen) in [
            (Phrase::LeadHardSkills, &plan.hard),
            (Phrase::LeadSoftSkills, &plan.soft),
            (Phrase::LeadOtherSkills, &plan.others),
        ] {
            let items = self.kept_items(chosen, &self.kit.skills, |skill| self.skill_wording(skill));
            blocks.extend(self.group(lead, items)?);
        }
        Ok(blocks)
    }

    pub(super) fn qualifications(&self, plan: &Plan) -> Composed<Vec<Block<'a>>> {
        let items = |chosen: &[ItemIndex]| chosen.iter().map(|&index| self.kept_item(index)).collect();
        let mut blocks = self.led_list(Phrase::LeadRequired, Values::NONE, items(&plan.required))?;
        if let Some(fields) = plan.fields {
            blocks.push(self.kept_paragraph(fields));
        }
        if plan.equivalent(self.kit) {
            let text = self.phrase(Phrase::Equivalent, Values::NONE)?;
            blocks.extend(text.map(|text| text_block(BlockKind::Paragraph, text)));
        }
        blocks.extend(self.led_list(Phrase::LeadPreferred, Values::NONE, items(&plan.preferred))?);
        Ok(blocks)
    }

    pub(super) fn career(&self, plan: &Plan) -> Composed<Vec<Block<'a>>> {
        let leads = [Phrase::LeadEntry, Phrase::LeadAdvances, Phrase::LeadLateral];
        let mut blocks = Vec::new();
        for ((lead, steps), shown) in leads.into_iter().zip(&self.kit.steps).zip(plan.steps) {
            if shown {
                blocks.extend(self.group(lead, steps.iter().map(|&index| self.kept_item(index)).collect())?);
            }
        }
        Ok(blocks)
    }

    fn kept_items(
        &self,
        chosen: &[usize],
        entries: &'a [Entry],
        wording: impl Fn(&Entry) -> ItemIndex,
    ) -> Vec<Item<'a>> {
        let mut items = Vec::with_capacity(chosen.len());
        items.extend(
            chosen.iter().filter_map(|&index| entries.get(index)).map(|e| self.kept_item(wording(e))),
        );
        items
    }

    fn group(&self, lead: Phrase, items: Vec<Item<'a>>) -> Composed<Vec<Block<'a>>> {
        if self.in_lines() { self.led_line(lead, items) } else { self.led_list(lead, Values::NONE, items) }
    }
}

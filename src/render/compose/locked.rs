//! The employer's locked sections: its own words, in every posting.

use std::borrow::Cow;

use crate::domain::employer::{LockedPlace, LockedSection};
use crate::domain::posting::{BlockKind, Section, SectionId};

use super::{Composer, passage, text_block};

impl<'a> Composer<'a> {
    /// The locked sections: those of the top, and then those of the end.
    pub fn locked(&self) -> impl Iterator<Item = Section<'a>> {
        let at = |place| self.locked_at(place).map(|(index, locked)| self.locked_section(index, locked));
        at(LockedPlace::Top).chain(at(LockedPlace::End))
    }

    /// Puts them in their places among the sections, which are in order.
    pub(super) fn add_locked(&self, sections: &mut Vec<Section<'a>>) {
        let statements = sections.iter().position(|section| section.id == SectionId::Statements);
        let end = statements.unwrap_or(sections.len());
        sections.splice(end..end, self.locked());
        self.lift_locked(sections, |section| section.id);
    }

    /// Lifts those of the top to right after the opening, among parts that are in order. In that
    /// order locked ones stand before the statements.
    pub fn lift_locked<P>(&self, parts: &mut [P], id: impl Fn(&P) -> SectionId) {
        let lifted = self.locked_at(LockedPlace::Top).count();
        let place_of = |wanted| parts.iter().position(|part| id(part) == wanted);
        let Some(first) = place_of(SectionId::Locked) else { return };
        let top = place_of(SectionId::Opening).map_or(0, |opening| opening + 1);
        if let Some(moved) = parts.get_mut(top..first + lifted) {
            moved.rotate_right(lifted);
        }
    }

    fn locked_at(&self, place: LockedPlace) -> impl Iterator<Item = (usize, &'a LockedSection)> {
        let locked = self.options.employer.iter().flat_map(|employer| &employer.locked);
        locked.enumerate().filter(move |(_, locked)| locked.place == place)
    }

    fn locked_section(&self, index: usize, locked: &'a LockedSection) -> Section<'a> {
        let source = || self.source_of(|| format!("/employer/locked/{index}/text"));
        let paragraphs = locked.text.paragraphs();
        Section {
            id: SectionId::Locked,
            heading: Cow::Borrowed(locked.heading.as_str()),
            blocks: paragraphs
                .map(|words| text_block(BlockKind::Paragraph, passage(words, self.sources([source()]))))
                .collect(),
        }
    }
}

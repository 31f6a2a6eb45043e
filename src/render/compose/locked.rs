//! The employer's locked sections: its own words, in every posting.

use std::borrow::Cow;

use crate::domain::employer::{LockedPlace, LockedSection};
use crate::domain::posting::{Section, SectionId};

use super::{Composer, paragraph};

impl<'a> Composer<'a> {
    /// Puts them in their places among the parts of a posting, which are in order: right after the
    /// opening, or before the statements.
    pub(super) fn add_locked<P>(
        &self,
        parts: &mut Vec<P>,
        id: impl Fn(&P) -> SectionId,
        part: impl Fn(Section<'a>) -> P,
    ) {
        let Some(employer) = self.options.employer.as_ref().filter(|e| !e.locked.is_empty()) else { return };
        let place_of = |wanted| parts.iter().position(|part| id(part) == wanted);
        let top = place_of(SectionId::Opening).map_or(0, |opening| opening + 1);
        let end = place_of(SectionId::Statements).unwrap_or(parts.len());
        let of = |place| {
            let locked = employer.locked.iter().enumerate().filter(move |(_, locked)| locked.place == place);
            locked.map(|(index, locked)| part(self.locked(index, locked)))
        };
        parts.splice(end..end, of(LockedPlace::End));
        parts.splice(top..top, of(LockedPlace::Top));
    }

    fn locked(&self, index: usize, locked: &'a LockedSection) -> Section<'a> {
        let source = || self.source_of(|| format!("/employer/locked/{index}/text"));
        let blocks = locked.text.paragraphs().map(|words| paragraph(words, self.sources([source()])));
        Section {
            id: SectionId::Locked,
            heading: Cow::Borrowed(locked.heading.as_str()),
            blocks: blocks.collect(),
        }
    }
}

//! What a plan leaves out, and what gave way.

use std::collections::HashSet;

use crate::domain::options::Length;
use crate::domain::posting::{Note, NoteCode, Omitted, OmittedBecause, SectionId};

use super::super::super::kit::{Entry, ItemIndex, Kit};
use super::super::Composer;
use super::Plan;

impl Plan {
    /// What of the role is left out.
    pub fn omitted<'a>(&self, composer: &Composer<'a>) -> Vec<Omitted<'a>> {
        let kit = composer.kit;
        let of_tone = composer.length == Length::Standard;
        let because = |section, by_tone: bool| {
            if !composer.is_on(section) {
                OmittedBecause::Options
            } else if by_tone && of_tone {
                OmittedBecause::Tone
            } else {
                OmittedBecause::Length
            }
        };
        let mut omitted = Vec::new();
        if !self.summary {
            omitted.push(Omitted {
                pointer: "/summary".into(),
                id: None,
                because: because(SectionId::Opening, !kit.tone.settings.summary),
            });
        }
        let by_tone = self.duties.len() >= kit.tone.settings.bullets;
        left_out(
            &kit.duties.entries,
            &[&self.duties],
            because(SectionId::Responsibilities, by_tone),
            &mut omitted,
        );
        let by_tone = self.others.len() >= kit.tone.settings.nice_skills;
        let shown = [self.hard.as_slice(), &self.soft, &self.others];
        left_out(&kit.skills.entries, &shown, because(SectionId::Skills, by_tone), &mut omitted);
        let shown: HashSet<&str> = self
            .required
            .iter()
            .chain(&self.fields)
            .chain(&self.preferred)
            .map(|&item| pointer(kit, item))
            .collect();
        let brief = composer.length == Length::Short;
        let sums_up = shown.contains("/experience/minimum_years");
        for &item in kit.required.iter().chain(&kit.fields).chain(&kit.preferred) {
            let at = pointer(kit, item);
            let summed_up = brief && at.starts_with("/experience") && sums_up && !at.contains("preferred");
            if !shown.contains(at) && !summed_up {
                omitted.push(Omitted {
                    pointer: at.into(),
                    id: None,
                    because: because(SectionId::Qualifications, false),
                });
            }
        }
        for (steps, shown) in kit.steps.iter().zip(self.steps) {
            for &step in steps.iter().filter(|_| !shown) {
                omitted.push(Omitted {
                    pointer: pointer(kit, step).into(),
                    id: None,
                    because: because(SectionId::Career, false),
                });
            }
        }
        if kit.role.salary.is_some() && composer.hides_band() {
            omitted.push(Omitted { pointer: "/salary".into(), id: None, because: OmittedBecause::Options });
        }
        omitted
    }

    /// What gave way.
    pub fn notes(&self, composer: &Composer<'_>) -> Vec<Note> {
        let mut notes = Vec::new();
        let bullets = composer.kit.tone.settings.bullets;
        let shown = self.duties.len();
        if composer.length != Length::Full && shown > bullets {
            let detail = format!(
                "{shown} duties; the tone asks for {bullets} at most, and essential and emphasised ones come first"
            );
            notes.push(Note { code: NoteCode::BulletsExceeded, detail, pointer: Some("/tone".into()) });
        }
        let carries = |index: &&usize| composer.wish.score(&composer.kit.duties, **index) > 0;
        let emphasised = self.duties.iter().filter(carries).count();
        if composer.wish.ranks_items() && emphasised * 2 < shown {
            let detail =
                format!("{emphasised} of {shown} duties carry an emphasised dimension: the role has no more");
            notes.push(Note { code: NoteCode::EmphasisSparse, detail, pointer: Some("/emphasis".into()) });
        }
        notes
    }
}

fn pointer(kit: &Kit, item: ItemIndex) -> &str {
    kit.items.get(item).map_or("", |item| &item.pointer)
}

fn left_out<'a>(
    entries: &'a [Entry],
    shown: &[&[usize]],
    because: OmittedBecause,
    omitted: &mut Vec<Omitted<'a>>,
) {
    for (index, entry) in entries.iter().enumerate() {
        if !shown.iter().any(|list| list.contains(&index)) {
            let (pointer, id) = (entry.pointer.as_str().into(), Some(entry.id.as_str().into()));
            omitted.push(Omitted { pointer, id, because });
        }
    }
}

impl Composer<'_> {
    /// Whether the role's own band is not what the posting shows.
    fn hides_band(&self) -> bool {
        let options = self.options.salary.as_ref();
        !self.is_on(SectionId::Pay) || options.is_some_and(|s| s.show == Some(false) || s.min.is_some())
    }
}

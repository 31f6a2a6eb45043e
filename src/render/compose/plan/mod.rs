//! Which items of the role a posting shows: the length, the tone, and emphasis decide.
//!
//! What must stay, stays: the opening, what the caller wrote, essential duties, the emphasised
//! share. The rest is taken in the order of the functions below while it fits. Room is reckoned with the
//! longest items, so that it does not depend on which of them emphasis picks.
//!
//! All that decides here stands in [`PlanKey`](super::PlanKey), by which its outcome is kept.

mod account;
mod give_up;
mod room;

use crate::domain::options::Length;
use crate::domain::posting::SectionId;

use super::super::emphasis::Ranked;
use super::super::kit::{ItemIndex, Kit, List, Pool};
use super::super::phrase::Phrase;
use super::super::slot::{Slot, Values};
use super::{Composed, Composer};

use room::Room;

/// The most duties of a short posting beside what emphasis brings in.
const SHORT_DUTIES: usize = 5;

/// What a posting shows of the role.
#[derive(Debug, Default)]
pub struct Plan {
    /// Indices into the kit's duties, in the order to show them.
    pub duties: Vec<usize>,
    /// Indices of required hard skills.
    pub hard: Vec<usize>,
    /// Indices of required soft skills.
    pub soft: Vec<usize>,
    /// Indices of the other skills.
    pub others: Vec<usize>,
    /// Must-haves in education and experience.
    pub required: Vec<ItemIndex>,
    /// The fields of study.
    pub fields: Option<ItemIndex>,
    /// Nice-to-haves in education and experience.
    pub preferred: Vec<ItemIndex>,
    /// Which lists of the career to show.
    pub steps: [bool; 3],
    /// Whether the summary follows the opening.
    pub summary: bool,
}

impl Plan {
    /// Plans what emphasis can rank, and what is more important than that, for a posting whose
    /// fixed parts have `fixed` words.
    pub(super) fn ranked(composer: &Composer<'_>, fixed: u32) -> Composed<Self> {
        let mut plan = Self::default();
        let mut room = Room(composer.length.max_words());
        room.spend(fixed + composer.clause_reserve()?);
        plan.take_ranked(composer, &mut room)?;
        Ok(plan)
    }

    /// Plans the rest; `fixed` now counts what emphasis added to the opening, too.
    pub(super) fn complete(&mut self, composer: &Composer<'_>, fixed: u32) -> Composed<()> {
        let max = composer.length.max_words();
        let spent = fixed + self.words(composer)?;
        self.take_unranked(composer, &mut Room(max.map(|max| max.saturating_sub(spent))))?;
        // Duties that emphasis brought in may need the room of what is less important.
        if let Some(max) = max.filter(|&max| spent > max) {
            while fixed + self.words(composer)? > max && self.drop_one(composer) {}
        }
        Ok(())
    }

    /// Takes what fits of what emphasis can rank, and of what is more important than that.
    fn take_ranked(&mut self, composer: &Composer<'_>, room: &mut Room) -> Composed<()> {
        let kit = composer.kit;
        let short = composer.length == Length::Short;
        let lead = |phrase| composer.lead_words(phrase);
        let on = |section| composer.is_on(section);
        let asked_for = |section| composer.switch(section) == Some(true);

        if on(SectionId::Responsibilities) {
            room.spend(lead(Phrase::LeadDuties)? + kit.essential.words(short));
        }
        if on(SectionId::Qualifications) {
            self.take_required(composer, room)?;
        }
        if on(SectionId::Skills) && (!short || asked_for(SectionId::Skills)) {
            self.take_required_skills(composer, room)?;
        }
        if on(SectionId::Career) && (composer.wish.growth || asked_for(SectionId::Career)) {
            self.take_steps(composer, room)?;
        }
        if on(SectionId::Opening) && composer.shows_summary() {
            self.summary = room.take(kit.count(kit.summary));
        }
        if on(SectionId::Responsibilities) {
            self.take_duties(composer, room);
        }
        if short && on(SectionId::Skills) && !asked_for(SectionId::Skills) {
            self.take_required_skills(composer, room)?;
        }
        let any = !self.hard.is_empty() || !self.soft.is_empty();
        if on(SectionId::Skills) && (!short || (asked_for(SectionId::Skills) && !any)) {
            self.take_other_skills(composer, room)?;
        }
        Ok(())
    }

    /// Takes what fits of the rest. Emphasis cannot rank it, so that it may depend on emphasis.
    fn take_unranked(&mut self, composer: &Composer<'_>, room: &mut Room) -> Composed<()> {
        if composer.length == Length::Short {
            return Ok(());
        }
        if composer.is_on(SectionId::Career) && self.steps == [false; 3] {
            self.take_steps(composer, room)?;
        }
        if composer.is_on(SectionId::Qualifications) {
            self.take_preferred(composer, room)?;
        }
        Ok(())
    }

    /// Experience first, then degrees; a degree only together with the sentence that experience
    /// counts as much, where it does.
    fn take_required(&mut self, composer: &Composer<'_>, room: &mut Room) -> Composed<()> {
        let kit = composer.kit;
        let items = if composer.length == Length::Short { &kit.required_brief } else { &kit.required };
        let lead = composer.lead_words(Phrase::LeadRequired)?;
        let asked_for = composer.switch(SectionId::Qualifications) == Some(true);
        for &item in items {
            let first = if self.required.is_empty() { lead } else { 0 };
            let instead = if kit.is_credential(item) && !self.has_credential(kit) {
                composer.equivalent_words()?
            } else {
                0
            };
            if room.take(kit.count(item) + first + instead) || (asked_for && first > 0) {
                self.required.push(item);
            } else {
                break;
            }
        }
        self.fields =
            kit.fields.filter(|&fields| composer.length != Length::Short && room.take(kit.count(fields)));
        Ok(())
    }

    fn has_credential(&self, kit: &Kit) -> bool {
        self.required.iter().any(|&item| kit.is_credential(item))
    }

    /// Whether to say that experience counts as much as a degree.
    pub fn equivalent(&self, kit: &Kit) -> bool {
        kit.role.education.experience_accepted_instead && self.has_credential(kit)
    }

    fn take_required_skills(&mut self, composer: &Composer<'_>, room: &mut Room) -> Composed<()> {
        let kit = composer.kit;
        self.hard = composer.take_skills(&kit.hard, usize::MAX, Phrase::LeadHardSkills, room)?;
        self.soft = composer.take_skills(&kit.soft, usize::MAX, Phrase::LeadSoftSkills, room)?;
        Ok(())
    }

    fn take_other_skills(&mut self, composer: &Composer<'_>, room: &mut Room) -> Composed<()> {
        let kit = composer.kit;
        let most = if composer.length == Length::Full { usize::MAX } else { kit.tone.settings.nice_skills };
        self.others = composer.take_skills(&kit.other_skills, most, Phrase::LeadOtherSkills, room)?;
        Ok(())
    }

    fn take_duties(&mut self, composer: &Composer<'_>, room: &mut Room) {
        let kit = composer.kit;
        let essential = kit.essential.members.len();
        let most = composer.most_duties().saturating_sub(essential);
        let others = room.take_longest(kit.other_duties.longest(composer.is_brief()), most, 0);
        // A posting says at least one thing that the person does.
        let others = if essential == 0 { others.max(1) } else { others };
        self.duties = composer.wish.select(kit, others);
    }

    fn take_preferred(&mut self, composer: &Composer<'_>, room: &mut Room) -> Composed<()> {
        let lead = composer.lead_words(Phrase::LeadPreferred)?;
        for &item in &composer.kit.preferred {
            let first = if self.preferred.is_empty() { lead } else { 0 };
            if room.take(composer.kit.count(item) + first) {
                self.preferred.push(item);
            }
        }
        Ok(())
    }

    /// The steps up first; a short posting shows no others.
    fn take_steps(&mut self, composer: &Composer<'_>, room: &mut Room) -> Composed<()> {
        let lists = [(1, Phrase::LeadAdvances), (2, Phrase::LeadLateral), (0, Phrase::LeadEntry)];
        let most = if composer.length == Length::Short { 1 } else { lists.len() };
        let mut any = false;
        let given = lists
            .into_iter()
            .filter(|&(list, _)| composer.kit.steps.get(list).is_some_and(|s| !s.is_empty()));
        for (list, phrase) in given.take(most) {
            let (Some(steps), Some(shown)) = (composer.kit.steps.get(list), self.steps.get_mut(list)) else {
                continue;
            };
            let words: u32 = steps.iter().map(|&step| composer.kit.count(step)).sum();
            let asked_for = composer.switch(SectionId::Career) == Some(true);
            *shown = room.take(words + composer.lead_words(phrase)?) || (asked_for && !any);
            any |= *shown;
        }
        Ok(())
    }

    /// The words of what is planned.
    fn words(&self, composer: &Composer<'_>) -> Composed<u32> {
        let kit = composer.kit;
        let items = |list: &[ItemIndex]| list.iter().map(|&item| kit.count(item)).sum::<u32>();
        let of_list = |list: &List, shown: &[usize], brief: bool| {
            let entries = shown.iter().filter_map(|&index| list.entries.get(index));
            entries.map(|entry| kit.count(entry.wording(brief))).sum::<u32>()
        };
        let skills = |shown: &[usize]| of_list(&kit.skills, shown, composer.in_lines());
        let lead = |phrase, shown: bool| if shown { composer.lead_words(phrase) } else { Ok(0) };
        let mut words = of_list(&kit.duties, &self.duties, composer.is_brief());
        words += lead(Phrase::LeadDuties, !self.duties.is_empty())?;
        words += skills(&self.hard) + lead(Phrase::LeadHardSkills, !self.hard.is_empty())?;
        words += skills(&self.soft) + lead(Phrase::LeadSoftSkills, !self.soft.is_empty())?;
        words += skills(&self.others) + lead(Phrase::LeadOtherSkills, !self.others.is_empty())?;
        words += items(&self.required) + lead(Phrase::LeadRequired, !self.required.is_empty())?;
        words += items(&self.preferred) + lead(Phrase::LeadPreferred, !self.preferred.is_empty())?;
        words += self.fields.map_or(0, |fields| kit.count(fields));
        words += lead(Phrase::Equivalent, self.equivalent(kit))?;
        let leads = [Phrase::LeadEntry, Phrase::LeadAdvances, Phrase::LeadLateral];
        for ((steps, phrase), shown) in kit.steps.iter().zip(leads).zip(self.steps) {
            words += if shown { items(steps) + composer.lead_words(phrase)? } else { 0 };
        }
        Ok(words + if self.summary { kit.count(kit.summary) } else { 0 })
    }
}

impl Composer<'_> {
    /// Words of the sentence that experience counts as much as a degree, where it does.
    fn equivalent_words(&self) -> Composed<u32> {
        let counts = self.kit.role.education.experience_accepted_instead;
        if counts { self.lead_words(Phrase::Equivalent) } else { Ok(0) }
    }

    fn lead_words(&self, phrase: Phrase) -> Composed<u32> {
        let title = [(Slot::Title, Some(self.title()))];
        self.kit.words(self.press, phrase, Values::of(&title).beside(&self.everywhere))
    }

    /// Words that emphasis may add to the opening, whatever it is.
    fn clause_reserve(&self) -> Composed<u32> {
        Ok(self.longest_clause()? * u32::try_from(self.most_clauses()).unwrap_or(0))
    }

    fn shows_summary(&self) -> bool {
        match self.length {
            Length::Short => false,
            Length::Standard => self.kit.tone.settings.summary,
            Length::Full => true,
        }
    }

    fn most_duties(&self) -> usize {
        let bullets = self.kit.tone.settings.bullets;
        match self.length {
            Length::Short => bullets.min(SHORT_DUTIES),
            Length::Standard => bullets,
            Length::Full => usize::MAX,
        }
    }

    fn take_skills(&self, pool: &Pool, most: usize, lead: Phrase, room: &mut Room) -> Composed<Vec<usize>> {
        let fitting = room.take_longest(pool.longest(self.in_lines()), most, self.lead_words(lead)?);
        let least = usize::from(self.switch(SectionId::Skills) == Some(true));
        let count = fitting.max(least.min(pool.members.len()));
        let mut ranked = self.wish.ranked(&self.kit.skills, pool.members.iter().copied());
        ranked.truncate(count);
        Ok(ranked.into_iter().map(Ranked::index).collect())
    }
}

//! Which items of the role a posting shows: the length, the tone, and emphasis decide.
//!
//! What must stay, stays: the opening, what the caller wrote, essential duties, the emphasised
//! share. The rest is taken in the order of the functions below while it fits. Room is reckoned with the
//! longest items, so that it does not depend on which of them emphasis picks.

use std::collections::HashSet;

use crate::domain::options::Length;
use crate::domain::posting::{Note, NoteCode, Omitted, OmittedBecause, SectionId};

use super::super::count::word_count;
use super::super::kit::{Entry, ItemIndex, Kit};
use super::super::phrase::Phrase;
use super::super::slot::{Slot, Values};
use super::{Composed, Composer};

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

/// Words still to be had; `None` is no end of them.
#[derive(Clone, Copy, Debug)]
struct Room(Option<u32>);

impl Room {
    fn spend(&mut self, words: u32) {
        self.0 = self.0.map(|left| left.saturating_sub(words));
    }

    /// Spends `words` if they are there.
    fn take(&mut self, words: u32) -> bool {
        let fits = self.0.is_none_or(|left| words <= left);
        if fits {
            self.spend(words);
        }
        fits
    }

    /// How many of the longest items fit, at most `most`, after `lead` words for the first.
    fn take_longest(&mut self, mut lengths: Vec<u32>, most: usize, lead: u32) -> usize {
        lengths.sort_unstable_by(|a, b| b.cmp(a));
        lengths.truncate(most);
        while !lengths.is_empty() && !self.take(lengths.iter().sum::<u32>() + lead) {
            lengths.pop();
        }
        lengths.len()
    }
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
            let essential = kit.duties.iter().filter(|duty| duty.must);
            room.spend(
                lead(Phrase::LeadDuties)?
                    + essential.map(|duty| kit.count(composer.wording(duty))).sum::<u32>(),
            );
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
            let instead =
                if kit.is_degree(item) && !self.has_degree(kit) { composer.equivalent_words()? } else { 0 };
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

    fn has_degree(&self, kit: &Kit) -> bool {
        self.required.iter().any(|&item| kit.is_degree(item))
    }

    /// Whether to say that experience counts as much as a degree.
    pub fn equivalent(&self, kit: &Kit) -> bool {
        kit.role.education.experience_accepted_instead && self.has_degree(kit)
    }

    fn take_required_skills(&mut self, composer: &Composer<'_>, room: &mut Room) -> Composed<()> {
        for (phrase, hard) in [(Phrase::LeadHardSkills, true), (Phrase::LeadSoftSkills, false)] {
            let ranked =
                composer.wish.ranked(&composer.kit.skills, |skill| skill.must && skill.first_list == hard);
            let chosen = composer.take_skills(ranked, usize::MAX, phrase, room)?;
            if hard { self.hard = chosen } else { self.soft = chosen }
        }
        Ok(())
    }

    fn take_other_skills(&mut self, composer: &Composer<'_>, room: &mut Room) -> Composed<()> {
        let ranked = composer.wish.ranked(&composer.kit.skills, |skill| !skill.must);
        let most =
            if composer.length == Length::Full { usize::MAX } else { composer.kit.tone.settings.nice_skills };
        self.others = composer.take_skills(ranked, most, Phrase::LeadOtherSkills, room)?;
        Ok(())
    }

    fn take_duties(&mut self, composer: &Composer<'_>, room: &mut Room) {
        let duties = &composer.kit.duties;
        let essential = duties.iter().filter(|duty| duty.must).count();
        let lengths =
            duties.iter().filter(|duty| !duty.must).map(|duty| composer.kit.count(composer.wording(duty)));
        let most = composer.most_duties().saturating_sub(essential);
        let others = room.take_longest(lengths.collect(), most, 0);
        // A posting says at least one thing that the person does.
        let others = if essential == 0 { others.max(1) } else { others };
        self.duties = composer.wish.select(duties, others);
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

    /// Gives up the least important item, emphasised skills last; but not the last one of a section
    /// that was asked for.
    fn drop_one(&mut self, composer: &Composer<'_>) -> bool {
        let may = |section, items: usize| items > usize::from(composer.switch(section) == Some(true));
        let emphasised =
            |&index: &usize| composer.kit.skills.get(index).is_some_and(|s| composer.wish.score(s) > 0);
        let lists = self.steps.iter().filter(|shown| **shown).count();
        let skills = self.hard.len() + self.soft.len() + self.others.len();
        let qualifications = self.required.len() + self.preferred.len() + usize::from(self.fields.is_some());
        (may(SectionId::Career, lists) && self.drop_steps())
            || (may(SectionId::Qualifications, qualifications) && self.preferred.pop().is_some())
            || (may(SectionId::Skills, skills) && self.drop_skill(|skill| !emphasised(skill)))
            || std::mem::take(&mut self.summary)
            || (may(SectionId::Qualifications, qualifications) && self.drop_required())
            || (may(SectionId::Skills, skills) && self.drop_skill(|_| true))
    }

    /// The steps up are the last to go.
    fn drop_steps(&mut self) -> bool {
        let list = [0, 2, 1].into_iter().find(|&list| self.steps[list]);
        list.is_some_and(|list| std::mem::take(&mut self.steps[list]))
    }

    fn drop_required(&mut self) -> bool {
        self.fields.take().is_some() || self.required.pop().is_some()
    }

    fn drop_skill(&mut self, may: impl Fn(&usize) -> bool) -> bool {
        let mut lists = [&mut self.others, &mut self.soft, &mut self.hard].into_iter();
        lists.any(|list| list.iter().rposition(&may).map(|at| list.remove(at)).is_some())
    }

    /// The words of what is planned.
    fn words(&self, composer: &Composer<'_>) -> Composed<u32> {
        let kit = composer.kit;
        let items = |list: &[ItemIndex]| list.iter().map(|&item| kit.count(item)).sum::<u32>();
        let skills = |list: &[usize]| {
            let skills = list.iter().filter_map(|&index| kit.skills.get(index));
            skills.map(|skill| kit.count(composer.skill_wording(skill))).sum::<u32>()
        };
        let lead = |phrase, shown: bool| if shown { composer.lead_words(phrase) } else { Ok(0) };
        let duties = self.duties.iter().filter_map(|&index| kit.duties.get(index));
        let mut words = duties.map(|duty| kit.count(composer.wording(duty))).sum::<u32>();
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

    /// What of the role is left out.
    pub(super) fn omitted<'a>(&self, composer: &Composer<'a>) -> Vec<Omitted<'a>> {
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
        left_out(&kit.duties, &[&self.duties], because(SectionId::Responsibilities, by_tone), &mut omitted);
        let by_tone = self.others.len() >= kit.tone.settings.nice_skills;
        let shown = [self.hard.as_slice(), &self.soft, &self.others];
        left_out(&kit.skills, &shown, because(SectionId::Skills, by_tone), &mut omitted);
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
    pub(super) fn notes(&self, composer: &Composer<'_>) -> Vec<Note> {
        let mut notes = Vec::new();
        let bullets = composer.kit.tone.settings.bullets;
        let shown = self.duties.len();
        if composer.length != Length::Full && shown > bullets {
            let detail = format!(
                "{shown} duties; the tone asks for {bullets} at most, and essential and emphasised ones come first"
            );
            notes.push(Note { code: NoteCode::BulletsExceeded, detail, pointer: Some("/tone") });
        }
        let emphasised = self.duties.iter().filter_map(|&index| composer.kit.duties.get(index));
        let emphasised = emphasised.filter(|duty| composer.wish.score(duty) > 0).count();
        if composer.wish.ranks_items() && emphasised * 2 < shown {
            let detail =
                format!("{emphasised} of {shown} duties carry an emphasised dimension: the role has no more");
            notes.push(Note { code: NoteCode::EmphasisSparse, detail, pointer: Some("/emphasis") });
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
    /// Words of the sentence that experience counts as much as a degree, where it does.
    fn equivalent_words(&self) -> Composed<u32> {
        let counts = self.kit.role.education.experience_accepted_instead;
        if counts { self.lead_words(Phrase::Equivalent) } else { Ok(0) }
    }

    fn lead_words(&self, phrase: Phrase) -> Composed<u32> {
        match self.kit.fixed_words(phrase) {
            Some(words) => Ok(words),
            None => Ok(word_count(&self.say(phrase, Values::of(&[(Slot::Title, Some(self.title()))]))?)),
        }
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

    pub(super) fn skill_wording(&self, skill: &Entry) -> ItemIndex {
        if self.in_lines() { skill.brief } else { skill.full }
    }

    fn take_skills(
        &self,
        ranked: Vec<usize>,
        most: usize,
        lead: Phrase,
        room: &mut Room,
    ) -> Composed<Vec<usize>> {
        let skills = ranked.iter().filter_map(|&index| self.kit.skills.get(index));
        let lengths = skills.map(|skill| self.kit.count(self.skill_wording(skill))).collect();
        let fitting = room.take_longest(lengths, most, self.lead_words(lead)?);
        let least = usize::from(self.switch(SectionId::Skills) == Some(true));
        let count = fitting.max(least.min(ranked.len()));
        Ok(ranked.into_iter().take(count).collect())
    }

    /// Whether the role's own band is not what the posting shows.
    fn hides_band(&self) -> bool {
        let options = self.options.salary.as_ref();
        !self.is_on(SectionId::Pay) || options.is_some_and(|s| s.show == Some(false) || s.min.is_some())
    }
}

//! What a plan gives up when emphasis has brought in more than there is room for.

use crate::domain::posting::SectionId;

use super::super::Composer;
use super::Plan;

impl Plan {
    /// Gives up the least important item, emphasised skills last; but not the last one of a section
    /// that was asked for.
    pub(super) fn drop_one(&mut self, composer: &Composer<'_>) -> bool {
        let may = |section, items: usize| items > usize::from(composer.switch(section) == Some(true));
        let emphasised = |index: &usize| composer.wish.score(&composer.kit.skills, *index) > 0;
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
}

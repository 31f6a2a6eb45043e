//! What an employer's own tone may say beside what a phrase is about.

use crate::domain::PostingOptions;
use crate::domain::posting::Source;

use super::super::locale::Locale;
use super::super::phrase::Phrase;
use super::super::slot::{Slot, Values};
use super::super::tone::Tone;
use super::{Composed, Composer};

/// The first place of the posting in words, if the tone may say it.
pub(super) fn place(tone: &Tone, locale: &Locale, options: &PostingOptions) -> Option<String> {
    let location = options.locations.first().filter(|_| tone.own.is_some())?;
    locale.place_in_sentence(location)
}

impl<'a> Composer<'a> {
    /// Calls `say` with `values`; in an own tone, with those of the whole posting beside them.
    pub(super) fn completed<T>(&self, values: Values<'_>, say: impl FnOnce(Values<'_>) -> T) -> T {
        if self.kit.tone.own.is_none() {
            return say(values);
        }
        let beside = [
            (Slot::Title, Some(self.title())),
            (Slot::Employer, self.employer_name()),
            (Slot::Location, self.place.as_deref()),
            (Slot::Mission, Some(self.kit.role.mission.as_str())),
        ];
        let article = self.options.title.is_none().then_some(self.kit.article);
        say(values.beside(&beside).with_article(article))
    }

    /// Where the words of a phrase stand: in the own tone, by the phrase's name, or in the template.
    pub(super) fn tone_source(&self, phrase: Phrase, values: Values<'_>) -> Source<'a> {
        let tone = &self.kit.tone;
        let own = self.completed(values, |values| tone.own_phrase(phrase, values));
        own.map_or_else(
            || Source::tone(&tone.template, phrase.block()),
            |own| Source::tone(&tone.id, own.name),
        )
    }

    /// Whether an own tone opens without the role's mission.
    pub(super) fn leaves_out_mission(&self, values: Values<'_>) -> bool {
        let own = self.completed(values, |values| self.kit.tone.own_phrase(Phrase::Opening, values));
        own.is_some_and(|own| !own.says(Slot::Mission))
    }

    /// The value of `slot`, where an own tone says it in what is shown of the role.
    pub(super) fn said_of_role(&self, slot: Slot) -> Option<Box<str>> {
        let own = self.kit.tone.own.as_ref().filter(|own| own.says_of_role(slot));
        own.and_then(|_| self.completed(Values::NONE, |values| values.get(slot).map(Box::from)))
    }

    /// The words of the longest sentence that emphasis may add to the opening.
    pub(super) fn longest_clause(&self) -> Composed<u32> {
        if self.kit.tone.own.is_none() && self.options.title.is_none() {
            return Ok(self.kit.longest_clause);
        }
        self.kit.longest_clause_of(|phrase, task| {
            self.say(phrase, Values::of(&[(Slot::Title, Some(self.title())), (Slot::Task, task)]))
        })
    }
}

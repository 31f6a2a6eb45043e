//! What an employer's own tone may say beside what a phrase is about.

use crate::domain::PostingOptions;
use crate::domain::posting::Source;

use super::super::locale::Locale;
use super::super::phrase::Phrase;
use super::super::slot::{Slot, Values};
use super::super::tone::Tone;
use super::{Composed, Composer};

/// The first place of the posting in words, if the tone may say it.
pub fn place(tone: &Tone, locale: &Locale, options: &PostingOptions) -> Option<String> {
    let location = options.locations.first().filter(|_| tone.own.is_some())?;
    locale.place_in_sentence(location)
}

impl<'a> Composer<'a> {
    /// The values that an own tone may say in any phrase; none in any other tone.
    pub fn everywhere(&self) -> &[(Slot, Option<&'a str>)] {
        &self.everywhere
    }

    pub(super) fn said_everywhere(&self, place: Option<&'a str>) -> Vec<(Slot, Option<&'a str>)> {
        if self.kit.tone.own.is_none() {
            return Vec::new();
        }
        vec![
            (Slot::Title, Some(self.title())),
            (Slot::Employer, self.employer_name()),
            (Slot::Location, place),
            (Slot::Mission, Some(self.kit.role.mission.as_str())),
        ]
    }

    /// `values`, and beside them those of the whole posting.
    pub(super) fn completed<'v>(&'v self, values: Values<'v>) -> Values<'v> {
        values.beside(&self.everywhere)
    }

    /// Where the words of a phrase stand: in the own tone, by the phrase's name, or in the template.
    pub(super) fn tone_source(&self, phrase: Phrase, values: Values<'_>) -> Source<'a> {
        let tone = &self.kit.tone;
        match tone.own_phrase(phrase, self.completed(values)) {
            Some(own) => Source::tone(&tone.id, own.name),
            None => Source::tone(&tone.template, phrase.block()),
        }
    }

    /// Whether the opening's first sentence says the role's mission: an own one may do without.
    pub(super) fn says_mission(&self, values: Values<'_>) -> bool {
        let own = self.kit.tone.own_phrase(Phrase::Opening, self.completed(values));
        own.is_none_or(|own| own.says(Slot::Mission))
    }

    /// The value of `slot`, where an own tone says it in what is shown of the role.
    pub(super) fn said_of_role(&self, slot: Slot) -> Option<Box<str>> {
        let own = self.kit.tone.own.as_ref().filter(|own| own.says_of_role(slot));
        own.and_then(|_| self.completed(Values::NONE).get(slot).map(Box::from))
    }

    /// The words of the longest sentence that emphasis may add to the opening.
    pub(super) fn longest_clause(&self) -> Composed<u32> {
        if self.kit.tone.own.is_none() && self.options.title.is_none() {
            return Ok(self.kit.longest_clause);
        }
        self.kit.longest_clause_of(|phrase, task| {
            let values = [(Slot::Title, Some(self.title())), (Slot::Task, task)];
            self.kit.words(self.press, phrase, self.completed(Values::of(&values)))
        })
    }
}

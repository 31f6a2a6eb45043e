//! From an employer's own tone, as data, to a tone that speaks.
//!
//! Each phrase becomes a frame at once: there is no template, and nothing to interpret. Where an own
//! phrase does not fit what a posting has to say, the tone that it builds on speaks.

use std::sync::Arc;

use sha2::{Digest, Sha256};

use crate::domain::own_tone::DutyPart;
use crate::domain::role::Duty;
use crate::domain::{OwnTone, Text, Violation};

use super::Fingerprint;
use super::english;
use super::format::escape::Escape;
use super::frame::Frame;
use super::phrase::{PHRASES, Phrase};
use super::placeholder::{self, Fault, Form, PLACEHOLDERS, Part};
use super::slot::{Slot, Values};
use super::tone::Tone;

/// Slots that every own phrase may use.
pub const EVERYWHERE: [Slot; 3] = [Slot::Title, Slot::Employer, Slot::Location];
/// Slots whose value must be said where there is one: nothing that a caller gave gets lost.
const NEVER_LOST: [Slot; 3] = [Slot::Date, Slot::Note, Slot::Remark];

/// What an employer's own tone says in its own words.
#[derive(Debug)]
pub struct OwnWords {
    duty: Option<Vec<DutyPart>>,
    /// By phrase: the wordings of it, of which the first that fits is said.
    phrases: Vec<Vec<OwnPhrase>>,
}

/// A phrase in an employer's own words.
#[derive(Debug)]
pub struct OwnPhrase {
    /// Its name in the document.
    pub name: &'static str,
    frame: Frame,
    /// The same, its words escaped for HTML.
    html: Frame,
    slots: Vec<Slot>,
}

impl OwnPhrase {
    /// Whether every value that it needs is there, and it says all that must not be lost.
    fn fits(&self, values: Values<'_>) -> bool {
        let given = |slot: &Slot| values.get(*slot).is_some();
        self.slots.iter().all(given)
            && NEVER_LOST.iter().all(|slot| !given(slot) || self.slots.contains(slot))
    }

    /// Whether it says the value of `slot`.
    pub fn says(&self, slot: Slot) -> bool {
        self.slots.contains(&slot)
    }

    /// What the phrase is filled into, its words escaped: not at all, or for HTML.
    pub fn frame(&self, escape: Escape) -> &Frame {
        if escape == Escape::Html { &self.html } else { &self.frame }
    }
}

impl OwnWords {
    /// The own wording of `phrase` that fits `values`.
    pub fn phrase(&self, phrase: Phrase, values: Values<'_>) -> Option<&OwnPhrase> {
        self.phrases.get(phrase as usize)?.iter().find(|own| own.fits(values))
    }

    /// Whether what is said for `phrase` depends on the request.
    pub fn varies(&self, phrase: Phrase) -> bool {
        self.phrases.get(phrase as usize).is_some_and(|own| own.iter().any(|own| !own.slots.is_empty()))
    }

    /// Whether the value of `slot` is said in what a posting shows of the role: in any phrase, for
    /// all that matters, but the opening's first sentence.
    pub fn says_of_role(&self, slot: Slot) -> bool {
        let others = Phrase::ALL.iter().zip(&self.phrases).filter(|(phrase, _)| **phrase != Phrase::Opening);
        others.flat_map(|(_, own)| own).any(|own| own.says(slot))
    }

    /// The parts of `duty` that are said; of a brief one, the first alone. Nothing, if the tone that
    /// this one builds on chooses.
    pub fn duty(&self, duty: &Duty, brief: bool) -> Option<String> {
        let parts = self.duty.as_ref()?;
        let has = |part| parts.contains(&part);
        let plain = duty.plain.as_ref().filter(|_| has(DutyPart::Plain)).map(|plain| &plain.action);
        let detail = duty.detail.as_ref().filter(|_| has(DutyPart::Detail) && !brief);
        let outcome = duty.outcome.as_ref().filter(|_| has(DutyPart::Outcome) && !brief);
        let said = [Some(plain.unwrap_or(&duty.action)), detail, outcome];
        Some(english::joined(said.into_iter().flatten().map(Text::as_str)))
    }
}

/// The tone that `definition` describes; `tones` are those that it may build on.
///
/// # Errors
/// Everything that is wrong with it: an unknown base, and phrases with faults. Pointers lead into the
/// definition.
pub fn tone(definition: &OwnTone, tones: &[Arc<Tone>]) -> Result<Tone, Vec<Violation>> {
    let mut violations = Vec::new();
    let base = tones.iter().find(|tone| tone.id == definition.base.as_str());
    if base.is_none() {
        let valid = tones.iter().map(|tone| tone.id.as_str());
        violations.push(Violation::unknown("/base", "tone", definition.base.as_str(), valid));
    }
    let mut phrases: Vec<Vec<OwnPhrase>> = (0..PHRASES).map(|_| Vec::new()).collect();
    for (set, name, text) in definition.phrases.all() {
        let pointer = set.map_or_else(|| format!("/phrases/{name}"), |set| format!("/phrases/{set}/{name}"));
        let Some(phrase) = phrase(set, name) else {
            violations.push(Violation::new(pointer, "is not a phrase"));
            continue;
        };
        match read(phrase, name, text.as_str(), &pointer) {
            // `apply_by` comes after `apply`, and goes before it.
            Ok(parts) => {
                if let Some(own) = phrases.get_mut(phrase as usize) {
                    own.splice(0..0, variants(phrase, name, parts));
                }
            }
            Err(faults) => violations.extend(faults),
        }
    }
    match base {
        Some(base) if violations.is_empty() => Ok(Tone {
            id: definition.id.to_string(),
            template: base.template.clone(),
            settings: base.settings.clone(),
            fingerprint: fingerprint(definition),
            own: Some(OwnWords { duty: definition.duty.clone(), phrases }),
        }),
        _ => Err(violations),
    }
}

/// That one of `tones` has its id. What is stored already may have it: a release brings new tones.
pub fn clash(definition: &OwnTone, tones: &[Arc<Tone>]) -> Option<Violation> {
    let taken = tones.iter().any(|tone| tone.id == definition.id.as_str());
    let detail = || format!("`{}` is the id of a tone that every employer has", definition.id);
    taken.then(|| Violation::new("/id", detail()))
}

/// Two tones with the same one say the same, if the templates are the same.
fn fingerprint(definition: &OwnTone) -> Fingerprint {
    let mut hash = Sha256::new_with_prefix("own tone:");
    // It always serializes; if it ever did not, the error would tell tones apart.
    hash.update(serde_json::to_vec(definition).unwrap_or_else(|error| error.to_string().into_bytes()));
    Fingerprint::cut(hash)
}

/// The phrase that a name in the document stands for.
fn phrase(set: Option<&str>, name: &str) -> Option<Phrase> {
    let block = match (set, name) {
        (Some(_), name) => format!("heading_{name}"),
        (None, "apply_by") => "apply".to_owned(),
        (None, name) => name.to_owned(),
    };
    Phrase::ALL.into_iter().find(|phrase| phrase.block() == block)
}

/// The slot that a phrase is there for.
fn purpose(phrase: Phrase, name: &str) -> Option<Slot> {
    match phrase {
        Phrase::Emphasis | Phrase::EmphasisNext | Phrase::EmphasisLast => Some(Slot::Task),
        Phrase::EmphasisGrowth => Some(Slot::Step),
        Phrase::EmphasisFlexibility => Some(Slot::Workplace),
        Phrase::Pay => Some(Slot::Pay),
        Phrase::OtherCompensation => Some(Slot::Items),
        Phrase::Apply if name == "apply_by" => Some(Slot::Date),
        Phrase::ApplyEmail | Phrase::Contact => Some(Slot::Email),
        _ => None,
    }
}

/// Whether a phrase may say the value of `slot`.
fn may_say(phrase: Phrase, name: &str, slot: Slot) -> bool {
    let further = [(Phrase::Opening, Slot::Mission), (Phrase::Pay, Slot::Note), (Phrase::Apply, Slot::Date)];
    EVERYWHERE.contains(&slot) || purpose(phrase, name) == Some(slot) || further.contains(&(phrase, slot))
}

/// Reads the text of a phrase, and finds what is wrong with it.
fn read(phrase: Phrase, name: &str, text: &str, pointer: &str) -> Result<Vec<Part>, Vec<Violation>> {
    let valid = |slots: &dyn Fn(Slot) -> bool| {
        PLACEHOLDERS.iter().filter(|known| slots(known.slot)).map(|known| known.written).collect::<Vec<_>>()
    };
    let may = |slot| may_say(phrase, name, slot);
    let mut parts = placeholder::read(text, may).map_err(|faults| {
        let violation = |(fault, at)| violation(pointer, fault, at, &valid(&may));
        faults.into_iter().take(MOST_FAULTS).map(violation).collect::<Vec<_>>()
    })?;
    if let Some(slot) = purpose(phrase, name).filter(|&slot| !says(&parts, slot)) {
        let needed = valid(&|known| known == slot);
        let detail = format!("must have `{}`: it is what the phrase is for", needed.join("` or `"));
        return Err(vec![Violation::among(pointer, detail, needed)]);
    }
    if let Some(Part::Words(words)) = parts.first_mut() {
        *words = words.trim_start().to_owned();
    }
    if let Some(Part::Words(words)) = parts.last_mut() {
        words.truncate(words.trim_end().len());
    }
    Ok(parts)
}

/// The most faults of a phrase that are told.
const MOST_FAULTS: usize = 5;

fn violation(pointer: &str, fault: Fault, at: usize, valid: &[&str]) -> Violation {
    match fault {
        Fault::Unknown(name) => {
            let written = format!("{{{name}}}");
            Violation::unknown_at(pointer, "placeholder", &written, at, valid.iter().copied())
        }
        Fault::Misplaced(written) => {
            let detail = format!("`{written}` at character {at} has no value in this phrase");
            Violation::among(pointer, detail, valid.to_vec())
        }
        Fault::Unclosed => {
            let detail = format!("`{{` at character {at} has no `}}`; write `{{{{` for a brace");
            Violation::new(pointer, detail)
        }
        Fault::Unopened => {
            let detail = format!("`}}` at character {at} has no `{{`; write `}}}}` for a brace");
            Violation::new(pointer, detail)
        }
    }
}

fn says(parts: &[Part], slot: Slot) -> bool {
    parts.iter().any(|part| matches!(part, Part::Value(said, _) if *said == slot))
}

/// The wordings of a phrase. A note on the pay follows the amount, unless the phrase has a place for
/// it; a note that is a sentence follows the phrase.
fn variants(phrase: Phrase, name: &'static str, parts: Vec<Part>) -> Vec<OwnPhrase> {
    let own = |parts: &[Part]| {
        let slot = |part: &Part| if let Part::Value(slot, _) = part { Some(*slot) } else { None };
        let frame = placeholder::frame(parts);
        let html = frame.escaped(Escape::Html);
        OwnPhrase { name, frame, html, slots: parts.iter().filter_map(slot).collect() }
    };
    let pay = parts.iter().position(|part| matches!(part, Part::Value(Slot::Pay, _)));
    let Some(pay) = pay.filter(|_| phrase == Phrase::Pay && !says(&parts, Slot::Note)) else {
        return vec![own(&parts)];
    };
    let mut noted = parts.clone();
    noted.splice(pay + 1..pay + 1, [Part::Words(", ".to_owned()), Part::Value(Slot::Note, Form::Plain)]);
    let mut remarked = parts.clone();
    let stopped = matches!(parts.last(), Some(Part::Words(words)) if words.ends_with(['.', '!', '?']));
    let stop = if stopped { " " } else { ". " };
    remarked.extend([Part::Words(stop.to_owned()), Part::Value(Slot::Remark, Form::Plain)]);
    vec![own(&parts), own(&noted), own(&remarked)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::own_tone::Phrases;
    use utoipa::PartialSchema as _;

    /// A phrase of the document that stands for no phrase of the renderer would never be said.
    #[test]
    fn every_phrase_of_the_document_is_one_that_is_said() {
        let names = |schema: serde_json::Value| -> Vec<String> {
            schema["properties"]
                .as_object()
                .unwrap()
                .keys()
                .filter(|name| *name != "headings")
                .cloned()
                .collect()
        };
        let phrases = names(serde_json::json!(Phrases::schema()));
        let headings = names(serde_json::json!(crate::domain::own_tone::Headings::schema()));
        assert_eq!((phrases.len(), headings.len()), (26, 10));
        for name in phrases {
            assert!(phrase(None, &name).is_some(), "{name}");
        }
        for name in headings {
            assert!(phrase(Some("headings"), &name).is_some(), "{name}");
        }
    }

    /// What the schema tells of the placeholders of a phrase is what the phrase may use.
    #[test]
    fn the_schema_names_the_placeholders_of_each_phrase() {
        let schema = serde_json::json!(Phrases::schema());
        for (name, property) in schema["properties"].as_object().unwrap() {
            let Some(phrase) = phrase(None, name) else { continue };
            let text = property.to_string();
            for known in PLACEHOLDERS.iter().filter(|known| !EVERYWHERE.contains(&known.slot)) {
                let told = text.contains(&format!("`{}`", known.written));
                assert_eq!(told, may_say(phrase, name, known.slot), "{name}: {}", known.written);
            }
        }
    }
}

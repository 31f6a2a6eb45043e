//! The comparison of a posting with a text that was found live elsewhere.

mod live;
mod ours;
mod presence;

use std::collections::{HashMap, HashSet};

use serde::Serialize;
use utoipa::ToSchema;

use super::alike;
use super::passages::Part;
use super::words::{Lexicon, Word, line};
use crate::domain::posting::SectionId;
use crate::domain::{Date, Posting, Vacancy};
use live::{Fragment, Live};
use ours::{OurPiece, Ours};

/// What a text that was found elsewhere says of a posting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Comparison {
    /// How many sentences and items of the posting stand there word for word.
    #[schema(minimum = 0)]
    pub same: usize,
    /// Sentences and items of the posting that do not stand there.
    #[schema(max_items = 1_000_000)]
    pub missing: Vec<MissingSentence>,
    /// Sentences and items that say something else there.
    #[schema(max_items = 1_000_000)]
    pub altered: Vec<AlteredSentence>,
    /// What stands there among the sentences of the posting, and not in the posting.
    #[schema(max_items = 1_000_000)]
    pub added: Vec<String>,
    /// What stands there before the first and after the last sentence of the posting: the page around it.
    #[schema(max_items = 1_000_000)]
    pub around: Vec<String>,
    /// Whether the title stands there.
    pub title: bool,
    /// Whether the pay stands there, if the posting shows any.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub salary: Option<Presence>,
    /// Whether the dates stand there that the posting shows.
    #[schema(max_items = 3)]
    pub dates: Vec<DatePresence>,
}

/// A sentence or item of the posting that is missing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MissingSentence {
    /// The section of the posting.
    pub section: SectionId,
    /// Its heading.
    pub heading: String,
    /// What of the section it is.
    pub part: Part,
    /// The words of the posting.
    pub text: String,
}

/// A sentence or item of the posting that says something else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AlteredSentence {
    /// The section of the posting.
    pub section: SectionId,
    /// Its heading.
    pub heading: String,
    /// What of the section it is.
    pub part: Part,
    /// The words of the posting.
    pub before: String,
    /// The words that were found.
    pub after: String,
}

/// Whether something stands in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// As the posting has it.
    Verbatim,
    /// The same amounts, written in another way: `150k`, `150.000 €`.
    OtherNotation,
    /// Not at all.
    Absent,
}

/// Whether a date stands in a text, written in any way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DatePresence {
    /// A JSON Pointer (RFC 6901) into the vacancy.
    #[schema(max_length = 200, example = "/valid_through")]
    pub pointer: String,
    /// The day.
    pub date: Date,
    /// Whether it stands there.
    pub found: bool,
}

/// Compares a posting with the paragraphs and items of a text found elsewhere.
///
/// Words are compared one after the other, wherever that text breaks its paragraphs. Case, white space,
/// the kind of quotes and dashes, bullets, numbers of lists, marks of Markdown, and what stops after an
/// item do not count; neither do headings and labels that are missing. A sentence that is missing and one
/// that was added are one that was altered if at least half of the words of both are the same. The time
/// is bounded by the number of words of both.
pub fn compare(posting: &Posting<'_>, vacancy: &Vacancy, live: &[String]) -> Comparison {
    let mut lexicon = Lexicon::default();
    let mut ours = Ours::of(posting, &mut lexicon);
    let mut theirs = Live::of(live, &mut lexicon);
    ours.find(&mut theirs);
    let mut comparison = Comparison {
        same: 0,
        missing: Vec::new(),
        altered: Vec::new(),
        added: Vec::new(),
        around: Vec::new(),
        title: line(&live.join("\n")).contains(&line(&posting.title)),
        salary: vacancy.salary.as_ref().map(|salary| presence::salary(salary, live)),
        dates: presence::dates(vacancy, &ours.texts(), live),
    };
    sort_out(&mut comparison, &ours, &theirs);
    comparison
}

impl Comparison {
    /// Whether the text says what the posting says, apart from what is around it.
    pub fn is_same(&self) -> bool {
        self.missing.is_empty() && self.altered.is_empty() && self.added.is_empty()
    }
}

/// Tells what was found of what was not, in the order of the posting.
fn sort_out(comparison: &mut Comparison, ours: &Ours<'_>, live: &Live<'_>) {
    let bounds = ours.bounds(live);
    let mut left = live.left();
    let ragged = ragged(ours, live, &left);
    left.retain(|fragment| !ragged.contains(&fragment.sentence));
    let told: Vec<&OurPiece<'_>> = ours.pieces.iter().filter(|piece| piece.is_told()).collect();
    let gone = told
        .iter()
        .filter(|piece| piece.found.is_none())
        .map(|piece| piece.words.clone())
        .collect::<Vec<_>>();
    let come: Vec<Vec<Word>> = left.iter().map(|fragment| live.words_of(fragment)).collect();
    let pairs = alike::pairs(&gone, &come);
    let taken: HashSet<usize> = pairs.iter().map(|pair| pair.1).collect();
    let became: HashMap<usize, usize> = pairs.into_iter().collect();
    let mut number = 0;
    for piece in told {
        if let Some(found) = &piece.found {
            let sentence = live.sentence_at(found.start);
            if ragged.contains(&sentence) {
                comparison.altered.extend(piece.altered(live.sentence(sentence)));
            } else if piece.stops_elsewhere(live) {
                comparison.altered.extend(piece.altered(live.text(found)));
            } else {
                comparison.same += 1;
            }
            continue;
        }
        match became.get(&number).and_then(|at| left.get(*at)) {
            Some(fragment) => comparison.altered.extend(piece.altered(live.fragment(fragment))),
            None => comparison.missing.extend(piece.missing()),
        }
        number += 1;
    }
    for (_, fragment) in left.iter().enumerate().filter(|(at, _)| !taken.contains(at)) {
        let outside = bounds.as_ref().is_some_and(|bounds| !bounds.contains(&fragment.words.start));
        let place = if outside { &mut comparison.around } else { &mut comparison.added };
        place.push(live.fragment(fragment).to_owned());
    }
}

/// The sentences that hold one piece of the posting and more words: they are that piece, altered.
fn ragged(ours: &Ours<'_>, live: &Live<'_>, left: &[Fragment]) -> HashSet<usize> {
    let mut held: HashMap<usize, usize> = HashMap::new();
    let told = ours.pieces.iter().filter(|piece| piece.is_told());
    for found in told.filter_map(|piece| piece.found.as_ref()) {
        let last = found.end.saturating_sub(1);
        for sentence in [live.sentence_at(found.start), live.sentence_at(last)] {
            *held.entry(sentence).or_default() += 1;
        }
    }
    // A piece that lies in one sentence was counted twice.
    let ragged = left.iter().map(|fragment| fragment.sentence);
    ragged.filter(|sentence| held.get(sentence) == Some(&2)).collect()
}

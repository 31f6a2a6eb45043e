//! The words of two postings, section by section.

use std::collections::{HashMap, HashSet};

use super::super::alike;
use super::super::passages::{Part, Piece, pieces};
use super::super::words::{Lexicon, Word};
use super::order::{Matched, matched};
use super::{ChangeKind, SentenceChange};
use crate::domain::Posting;
use crate::domain::posting::{Section, SectionId};

/// What is different in the words.
pub fn changes(before: &Posting<'_>, after: &Posting<'_>) -> Vec<SentenceChange> {
    let (old, new) = (&before.sections, &after.sections);
    let Matched { pairs, moved, removed, .. } = matched(&keys(old), &keys(new));
    let mut changes = Vec::new();
    for section in removed.iter().filter_map(|at| old.get(*at)) {
        whole(&mut changes, ChangeKind::Removed, section);
    }
    let mut pairs = pairs.into_iter().peekable();
    for (at, section) in new.iter().enumerate() {
        match pairs.next_if(|&(_, now)| now == at).and_then(|(was, _)| old.get(was)) {
            Some(was) => compare(&mut changes, was, section, moved.contains(&at)),
            None => whole(&mut changes, ChangeKind::Added, section),
        }
    }
    changes
}

/// What tells a section from the others.
fn keys<'p>(sections: &'p [Section<'_>]) -> Vec<(SectionId, Option<&'p str>)> {
    let key = |section: &'p Section<'_>| {
        (section.id, Some(&*section.heading).filter(|_| section.id == SectionId::Locked))
    };
    sections.iter().map(key).collect()
}

/// Tells that a whole section came or went.
fn whole(changes: &mut Vec<SentenceChange>, kind: ChangeKind, section: &Section<'_>) {
    let mut told = Told { changes, section };
    let states = |words: String| match kind {
        ChangeKind::Removed => (Some(words), None),
        _ => (None, Some(words)),
    };
    told.push(kind, Part::Heading, states(section.heading.to_string()));
    for piece in pieces(section) {
        told.push(kind, piece.part, states(piece.text()));
    }
}

fn compare(changes: &mut Vec<SentenceChange>, before: &Section<'_>, after: &Section<'_>, has_moved: bool) {
    let mut told = Told { changes, section: after };
    let headings = (Some(before.heading.to_string()), Some(after.heading.to_string()));
    if headings.0 != headings.1 {
        told.push(ChangeKind::Altered, Part::Heading, headings);
    } else if has_moved {
        told.push(ChangeKind::Moved, Part::Heading, headings);
    }
    let (old, new) = (pieces(before), pieces(after));
    let words =
        |pieces: &[Piece<'_>]| pieces.iter().map(|piece| piece.text().trim().to_owned()).collect::<Vec<_>>();
    let (old_words, new_words) = (words(&old), words(&new));
    let Matched { moved, removed, added, .. } = matched(&old_words, &new_words);
    let altered = altered(&old_words, &new_words, &removed, &added);
    let (became, was): (HashSet<usize>, HashMap<usize, usize>) =
        altered.into_iter().map(|(was, now)| (was, (now, was))).unzip();
    let text = |words: &[String], at: usize| words.get(at).cloned();
    for &at in removed.iter().filter(|at| !became.contains(at)) {
        let part = old.get(at).map_or(Part::Sentence, |piece| piece.part);
        told.push(ChangeKind::Removed, part, (text(&old_words, at), None));
    }
    let mut added = added.into_iter().peekable();
    for (at, piece) in new.iter().enumerate() {
        let now = text(&new_words, at);
        match added.next_if_eq(&at).map(|at| was.get(&at)) {
            Some(Some(was)) => told.push(ChangeKind::Altered, piece.part, (text(&old_words, *was), now)),
            Some(None) => told.push(ChangeKind::Added, piece.part, (None, now)),
            None if moved.contains(&at) => told.push(ChangeKind::Moved, piece.part, (now.clone(), now)),
            None => {}
        }
    }
}

/// Which of those that went and came are one that was altered: earlier and later places.
fn altered(old: &[String], new: &[String], removed: &[usize], added: &[usize]) -> Vec<(usize, usize)> {
    let mut lexicon = Lexicon::default();
    let mut words = |texts: &[String], places: &[usize]| -> Vec<Vec<Word>> {
        places.iter().map(|at| texts.get(*at).map_or(Vec::new(), |text| lexicon.words(text))).collect()
    };
    let (gone, come) = (words(old, removed), words(new, added));
    let places = |(was, now): (usize, usize)| Some((*removed.get(was)?, *added.get(now)?));
    alike::pairs(&gone, &come).into_iter().filter_map(places).collect()
}

struct Told<'t> {
    changes: &'t mut Vec<SentenceChange>,
    section: &'t Section<'t>,
}

impl Told<'_> {
    fn push(&mut self, kind: ChangeKind, part: Part, (before, after): (Option<String>, Option<String>)) {
        let heading = self.section.heading.to_string();
        self.changes.push(SentenceChange { kind, section: self.section.id, heading, part, before, after });
    }
}

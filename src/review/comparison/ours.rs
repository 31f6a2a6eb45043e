//! The pieces of the posting, and where the text that was found has them.

use std::ops::Range;

use super::super::passages::{self, Part, Piece};
use super::super::words::{Lexicon, Word};
use super::live::{GRAM, Live};
use super::{AlteredSentence, MissingSentence};
use crate::domain::Posting;
use crate::domain::posting::{Section, SectionId};

/// A posting, piece by piece.
#[derive(Debug)]
pub struct Ours<'p> {
    /// In reading order; the title first.
    pub pieces: Vec<OurPiece<'p>>,
}

/// A piece of the posting.
#[derive(Debug)]
pub struct OurPiece<'p> {
    section: Option<(SectionId, &'p str)>,
    part: Part,
    text: &'p str,
    /// Whether it need not stand there: labels, and addresses of links.
    beside: bool,
    /// Its words.
    pub words: Vec<Word>,
    /// Which words of the text that was found it is.
    pub found: Option<Range<usize>>,
}

impl<'p> Ours<'p> {
    /// The pieces of a posting that have any words.
    pub fn of(posting: &'p Posting<'_>, lexicon: &mut Lexicon) -> Self {
        let mut ours = Self { pieces: Vec::new() };
        ours.push(None, &passages::title(posting), lexicon);
        for section in &posting.sections {
            ours.push(Some(section), &passages::heading(section), lexicon);
            for piece in passages::pieces(section) {
                ours.push(Some(section), &piece, lexicon);
            }
        }
        ours.pieces.retain(|piece| !piece.words.is_empty());
        ours
    }

    fn push(&mut self, section: Option<&'p Section<'_>>, piece: &Piece<'p>, lexicon: &mut Lexicon) {
        let section = section.map(|section| (section.id, &*section.heading));
        let texts = [(piece.label, true), (Some(piece.words), false), (piece.href, true)];
        for (text, beside) in texts.into_iter().filter_map(|(text, beside)| Some((text?, beside))) {
            let words = lexicon.words(text);
            self.pieces.push(OurPiece { section, part: piece.part, text, beside, words, found: None });
        }
    }

    /// The texts of all pieces.
    pub fn texts(&self) -> Vec<&'p str> {
        self.pieces.iter().map(|piece| piece.text).collect()
    }

    /// Finds the pieces in a text: those that follow the piece before; longer ones anywhere; and then the
    /// short ones that come before a piece, or are a sentence of their own.
    pub fn find(&mut self, live: &mut Live<'_>) {
        let mut next = 0;
        for piece in &mut self.pieces {
            let long = piece.words.len() >= GRAM && !piece.beside;
            let here = Some(next).filter(|at| live.has_at(*at, &piece.words));
            if let Some(at) = here.or_else(|| live.find(&piece.words, next).filter(|_| long)) {
                piece.take(at, live);
                next = at + piece.words.len();
            }
        }
        let mut next = None;
        for piece in self.pieces.iter_mut().rev() {
            if piece.found.is_none() {
                let before: Option<usize> = next.and_then(|next: usize| next.checked_sub(piece.words.len()));
                let at = before.filter(|at| live.has_at(*at, &piece.words));
                let at = at.or_else(|| live.find_short(&piece.words, before.unwrap_or(0)));
                at.into_iter().for_each(|at| piece.take(at, live));
            }
            next = piece.found.as_ref().map(|found| found.start).or(next);
        }
    }

    /// From the first to the last word that surely are the posting's: those of longer pieces, and of what
    /// follows them without a gap. Of short pieces, if no other was found.
    pub fn bounds(&self, live: &Live<'_>) -> Option<Range<usize>> {
        let of = |least: usize| {
            let pieces = self.pieces.iter().filter(move |piece| piece.words.len() >= least);
            let found = pieces.filter_map(|piece| piece.found.as_ref());
            found.cloned().reduce(|one, other| one.start.min(other.start)..one.end.max(other.end))
        };
        let sure = of(GRAM).or_else(|| of(1))?;
        let start = (0..sure.start).rev().take_while(|at| live.is_covered(*at)).last();
        let mut end = sure.end;
        while live.is_covered(end) {
            end += 1;
        }
        Some(start.unwrap_or(sure.start)..end)
    }
}

impl OurPiece<'_> {
    fn take(&mut self, at: usize, live: &mut Live<'_>) {
        let words = at..at + self.words.len();
        live.cover(&words);
        self.found = Some(words);
    }

    /// Whether it is told when it is missing.
    pub fn is_told(&self) -> bool {
        !self.beside && !matches!(self.part, Part::Title | Part::Heading)
    }

    /// Whether the text that was found has other commas and full stops in it. What stops after an item
    /// depends on how items are written.
    pub fn stops_elsewhere(&self, live: &Live<'_>) -> bool {
        let Some(found) = &self.found else { return false };
        let whole = self.part == Part::Sentence;
        let last = self.words.len().saturating_sub(usize::from(!whole));
        let stop = |at: usize| live.word(at).and_then(|word| word.stop);
        self.words.iter().take(last).zip(found.clone()).any(|(word, at)| word.stop != stop(at))
    }

    /// That it is missing.
    pub fn missing(&self) -> Option<MissingSentence> {
        let (section, heading) = self.section?;
        let (heading, text) = (heading.to_owned(), self.text.to_owned());
        Some(MissingSentence { section, heading, part: self.part, text })
    }

    /// That it says something else.
    pub fn altered(&self, after: &str) -> Option<AlteredSentence> {
        let (section, heading) = self.section?;
        Some(AlteredSentence {
            section,
            heading: heading.to_owned(),
            part: self.part,
            before: self.text.to_owned(),
            after: after.to_owned(),
        })
    }
}

//! The description that boards get: everything that the posting says below its title.

use super::case::{Case, Flaw};
use crate::domain::Posting;
use crate::domain::posting::SectionId;
use crate::review::words::line;

/// Fewer words say too little to be called complete.
const FEW_WORDS: usize = 50;

/// The texts of a posting, without title and headings.
pub fn texts<'p>(posting: &'p Posting<'_>) -> impl Iterator<Item = &'p str> {
    let blocks = posting.sections.iter().flat_map(|section| &section.blocks);
    blocks.flat_map(|block| {
        let text = block.text.iter().map(|text| &*text.words);
        let items =
            block.items.iter().flat_map(|item| item.label.as_deref().into_iter().chain([&*item.words]));
        text.chain(items)
    })
}

/// The characters of the texts, with one between any two of them.
pub fn length(posting: &Posting<'_>) -> usize {
    texts(posting).map(|text| text.chars().count() + 1).sum::<usize>().saturating_sub(1)
}

/// Nothing is said, or nothing but the title.
pub fn says_nothing(case: &Case<'_>) -> Vec<Flaw> {
    let posting = case.subject.posting;
    let title = line(&posting.title);
    let is_empty = texts(posting).all(|text| {
        let words = line(text);
        words == " " || words == title
    });
    Flaw::when(is_empty, || Flaw::new(case.at("/sections"), "the description says nothing beyond the title"))
}

/// Too little is said.
pub fn is_thin(case: &Case<'_>) -> Vec<Flaw> {
    let words: usize = texts(case.subject.posting).map(|text| text.split_whitespace().count()).sum();
    Flaw::when((1..FEW_WORDS).contains(&words), || {
        let detail = format!("the description has {words} words; a complete one has {FEW_WORDS} or more");
        Flaw::new(case.at("/length"), detail)
    })
}

/// Duties, or else skills and qualifications, are not told.
pub fn is_incomplete(case: &Case<'_>) -> Vec<Flaw> {
    let shows = |id| case.subject.posting.sections.iter().any(|section| section.id == id);
    let mut flaws = Flaw::when(!shows(SectionId::Responsibilities), || {
        // Every role has duties: they are only missing where they are turned off.
        let path = "/sections/responsibilities";
        Flaw::new(case.at(path), "the description does not say what the person does")
            .mended_by(case.setting(path, true.into()))
    });
    flaws.extend(Flaw::when(!shows(SectionId::Skills) && !shows(SectionId::Qualifications), || {
        Flaw::new(case.at("/sections"), "the description does not say what the person must know or have done")
    }));
    flaws
}

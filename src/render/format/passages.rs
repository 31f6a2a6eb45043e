//! Words of a posting, found by where they come from.

use crate::domain::Posting;
use crate::domain::posting::{Origin, SectionId, Source};

/// The words that come from one place of the role and from nowhere else, in reading order: where `fits`
/// says so of the place.
pub fn of_role<'p>(posting: &'p Posting<'_>, fits: impl Fn(&str) -> bool) -> Vec<&'p str> {
    found(posting, Origin::Role, fits)
}

/// The same, of the options.
pub fn of_options<'p>(posting: &'p Posting<'_>, fits: impl Fn(&str) -> bool) -> Vec<&'p str> {
    found(posting, Origin::Options, fits)
}

/// The duties that it shows.
pub fn responsibilities<'p>(posting: &'p Posting<'_>) -> Vec<&'p str> {
    of_role(posting, |pointer| pointer.starts_with("/responsibilities/"))
}

/// What it asks for in education and experience; not what is nice to have.
pub fn qualifications<'p>(posting: &'p Posting<'_>) -> Vec<&'p str> {
    let required = |pointer: &str| {
        let of = |part: &str| pointer.strip_prefix(part).is_some_and(|rest| !rest.starts_with("preferred"));
        of("/education/") || of("/experience/")
    };
    of_role(posting, required)
}

/// What it says of the employer.
pub fn employer_overview(posting: &Posting<'_>) -> Option<String> {
    joined(of_options(posting, |pointer| pointer == "/employer/about"))
}

/// The paragraphs of the opening.
pub fn opening(posting: &Posting<'_>) -> Option<String> {
    let sections = posting.sections.iter().filter(|section| section.id == SectionId::Opening);
    let texts = sections.flat_map(|section| &section.blocks).filter_map(|block| block.text.as_ref());
    joined(texts.map(|text| &*text.words).collect())
}

fn joined(paragraphs: Vec<&str>) -> Option<String> {
    (!paragraphs.is_empty()).then(|| paragraphs.join("\n"))
}

fn found<'p>(posting: &'p Posting<'_>, origin: Origin, fits: impl Fn(&str) -> bool) -> Vec<&'p str> {
    let is_it = |source: &Source<'_>| source.origin == origin && source.pointer.as_deref().is_some_and(&fits);
    let mut found = Vec::new();
    for block in posting.sections.iter().flat_map(|section| &section.blocks) {
        let text = block.text.as_ref().filter(|text| matches!(text.sources.as_slice(), [one] if is_it(one)));
        found.extend(text.map(|text| &*text.words));
        found.extend(block.items.iter().filter(|item| is_it(&item.source)).map(|item| &*item.words));
    }
    found
}

//! What a posting shows of the role, as bytes of one format.

use std::ops::Range;

use crate::domain::posting::SectionId;

/// The sections of the role that a choice of its items makes, and what the choice adds to the opening.
#[derive(Debug)]
pub struct Shown {
    clauses: Vec<String>,
    /// Whether the summary follows the opening.
    pub summary: bool,
    bytes: String,
    sections: Vec<(SectionId, Range<usize>)>,
}

impl Shown {
    /// Nothing shown yet but what stands in the opening.
    pub fn new(clauses: Vec<String>, summary: bool) -> Self {
        Self { clauses, summary, bytes: String::with_capacity(8 * 1024), sections: Vec::with_capacity(4) }
    }

    /// Adds what `write` writes of a section.
    ///
    /// # Errors
    /// What `write` reports.
    pub fn push<E>(
        &mut self,
        section: SectionId,
        write: impl FnOnce(&mut String) -> Result<(), E>,
    ) -> Result<(), E> {
        let start = self.bytes.len();
        write(&mut self.bytes)?;
        self.sections.push((section, start..self.bytes.len()));
        Ok(())
    }

    /// The same in no more memory than it takes, to be kept.
    pub fn shrunk(mut self) -> Self {
        self.bytes.shrink_to_fit();
        self
    }

    /// The sentences that emphasis adds to the opening, escaped if the format lets them be so before
    /// the paragraph is known.
    pub fn clauses(&self) -> impl Iterator<Item = &str> {
        self.clauses.iter().map(String::as_str)
    }

    /// The sections, in the order of a posting without emphasis.
    pub fn sections(&self) -> impl Iterator<Item = SectionId> {
        self.sections.iter().map(|(id, _)| *id)
    }

    /// The bytes of a section, if it is one of the role's.
    pub fn get(&self, section: SectionId) -> Option<&str> {
        let (_, range) = self.sections.iter().find(|(id, _)| *id == section)?;
        self.bytes.get(range.clone())
    }

    /// How many bytes all sections have.
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// About how many bytes of memory it takes.
    pub fn weight(&self) -> u64 {
        let clauses: usize = self.clauses.iter().map(|words| words.len() + size_of::<String>()).sum();
        let sections = self.sections.capacity() * size_of::<(SectionId, Range<usize>)>();
        (size_of::<Self>() + clauses + sections + self.bytes.capacity()) as u64
    }
}

//! The items of a kit as bytes of one format, made once and copied into every posting.

use std::ops::Range;

use super::super::kit::{KeptItem, Kit};

/// All items of a kit, one after the other.
#[derive(Debug)]
pub struct Ready {
    bytes: String,
    ranges: Vec<Range<usize>>,
}

impl Ready {
    /// Writes every item with `write`.
    ///
    /// # Errors
    /// What `write` reports.
    pub fn new<E>(kit: &Kit, write: impl Fn(&mut String, &KeptItem) -> Result<(), E>) -> Result<Self, E> {
        let mut bytes = String::new();
        let mut ranges = Vec::with_capacity(kit.items.len());
        for item in &kit.items {
            let start = bytes.len();
            write(&mut bytes, item)?;
            ranges.push(start..bytes.len());
        }
        bytes.shrink_to_fit();
        Ok(Self { bytes, ranges })
    }

    /// The bytes of an item.
    pub fn get(&self, index: u32) -> Option<&str> {
        self.bytes.get(self.ranges.get(index as usize)?.clone())
    }
}

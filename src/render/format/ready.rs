//! The items of a kit, and what leads in to them, as bytes of one format: made once and copied into
//! every posting.

use std::ops::Range;

use super::super::kit::{KeptItem, Kit};
use super::super::phrase::Phrase;

/// All items of a kit, one after the other, and then its phrases.
#[derive(Debug)]
pub struct Ready {
    bytes: String,
    items: Vec<Range<usize>>,
    leads: Vec<Option<Range<usize>>>,
}

impl Ready {
    /// Writes every item with `item`, and every phrase without values with `lead`.
    ///
    /// # Errors
    /// What they report.
    pub fn new<E>(
        kit: &Kit,
        item: impl Fn(&mut String, &KeptItem) -> Result<(), E>,
        lead: impl Fn(&mut String, Phrase) -> Result<(), E>,
    ) -> Result<Self, E> {
        let mut bytes = String::new();
        let mut items = Vec::with_capacity(kit.items.len());
        for kept in &kit.items {
            let start = bytes.len();
            item(&mut bytes, kept)?;
            items.push(start..bytes.len());
        }
        let mut leads = Vec::with_capacity(Phrase::ALL.len());
        for phrase in Phrase::ALL {
            let start = bytes.len();
            let fixed = kit.fixed_words(phrase).is_some();
            if fixed {
                lead(&mut bytes, phrase)?;
            }
            leads.push(fixed.then_some(start..bytes.len()));
        }
        bytes.shrink_to_fit();
        Ok(Self { bytes, items, leads })
    }

    /// The bytes of an item.
    pub fn item(&self, index: u32) -> Option<&str> {
        self.bytes.get(self.items.get(index as usize)?.clone())
    }

    /// The bytes of a phrase that leads in to a list, if it carries no values.
    pub fn lead(&self, phrase: Phrase) -> Option<&str> {
        self.bytes.get(self.leads.get(phrase as usize)?.clone()?)
    }
}

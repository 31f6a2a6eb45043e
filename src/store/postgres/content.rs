//! What a document leaves for searches, prepared before anybody has to wait for the write.

use super::{index, posting_index};
use crate::store::StoreError;
use crate::store::document::{DocumentId, Order};
use crate::store::indexed::Indexed;

/// What a document leaves for searches.
#[derive(Clone, Debug)]
pub enum Content {
    /// A role.
    Role(index::Entry),
    /// A posting.
    Posting(posting_index::Entry),
}

impl Content {
    /// That of the document that an order puts in place, if its kind is searched.
    pub fn of_order(order: &Order) -> Result<Option<Self>, StoreError> {
        Ok(Indexed::of_order(order)?.map(Self::of))
    }

    /// That of a document, if its kind is searched.
    pub fn of_body(document: &DocumentId, body: &str) -> Result<Option<Self>, StoreError> {
        Ok(Indexed::of_body(document, body)?.map(Self::of))
    }

    fn of(indexed: Indexed) -> Self {
        match indexed {
            Indexed::Role(index) => Self::Role(index::Entry::of(*index)),
            Indexed::Posting(index) => Self::Posting(posting_index::Entry::of(index)),
        }
    }

    /// That of a role.
    pub fn role(&self) -> Option<&index::Entry> {
        match self {
            Self::Role(entry) => Some(entry),
            Self::Posting(_) => None,
        }
    }

    /// That of a posting.
    pub fn posting(&self) -> Option<&posting_index::Entry> {
        match self {
            Self::Posting(entry) => Some(entry),
            Self::Role(_) => None,
        }
    }
}

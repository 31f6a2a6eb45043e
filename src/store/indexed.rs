//! What a search looks at in a document, whatever its kind, for every engine alike.

use super::StoreError;
use super::document::{DocumentId, Edit, Kind, Order};
use super::index::RoleIndex;
use super::posting_index::PostingIndex;
use crate::domain::{KeptPosting, Role};

/// What a search looks at in a document of a kind that is searched.
#[derive(Clone, Debug)]
pub enum Indexed {
    /// In a role.
    Role(Box<RoleIndex>),
    /// In a posting.
    Posting(Box<PostingIndex>),
}

impl Indexed {
    /// What a search looks at in the document that an order puts in place, if it does.
    ///
    /// # Errors
    /// As [`of_body`](Self::of_body).
    pub fn of_order(order: &Order) -> Result<Option<Self>, StoreError> {
        match &order.edit {
            Edit::Put(body) => Self::of_body(&order.document, body),
            Edit::Delete | Edit::Restore => Ok(None),
        }
    }

    /// What a search looks at in a document, if its kind is searched.
    ///
    /// # Errors
    /// A body that is none of this document: it was checked when it came in.
    pub fn of_body(document: &DocumentId, body: &str) -> Result<Option<Self>, StoreError> {
        match document.kind {
            Kind::Role => {
                let role: Role = serde_json::from_str(body).map_err(StoreError::failed)?;
                Ok(Some(Self::Role(Box::new(RoleIndex::of(&role)))))
            }
            Kind::Posting => {
                let posting: KeptPosting = serde_json::from_str(body).map_err(StoreError::failed)?;
                if (posting.employer_id.as_str(), posting.id.as_str()) != (&document.owner, &document.id) {
                    return Err(StoreError::failed(format!(
                        "what was put in place of {document} is another"
                    )));
                }
                Ok(Some(Self::Posting(Box::new(PostingIndex::of(&posting)))))
            }
            Kind::Employer | Kind::Tone => Ok(None),
        }
    }
}

//! Writing documents: each order of a batch, in one transaction.

use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension, Row};

use super::document::{head_of, word};
use super::index::Indexer;
use super::posting_index::{self, PostingIndexer, Shown};
use super::time::{kept, millis};
use super::writer::Keep;
use super::{audit, replies};
use crate::store::StoreError;
use crate::store::document::*;
use crate::store::indexed::Indexed;

/// A document that there is, or was.
struct Found {
    number: i64,
    head: Head,
    /// What its newest revision did.
    action: Action,
}

/// The indexes of what is searched, for one transaction.
pub struct Indexers<'t> {
    roles: Indexer<'t>,
    postings: PostingIndexer<'t>,
}

/// The place of a new revision.
struct Place {
    /// The number of its document.
    number: i64,
    revision: u32,
    sequence: i64,
}

/// Does a batch, with what a search looks at for each order that puts a document in place.
pub fn batch(
    tx: &Connection,
    batch: &Batch,
    indexes: Vec<Option<Indexed>>,
) -> Result<Keep<Vec<Outcome>>, StoreError> {
    let mut indexers = Indexers::new(tx);
    let mut outcomes = Vec::with_capacity(batch.orders.len());
    for (order, index) in batch.orders.iter().zip(indexes) {
        outcomes.push(one(tx, order, index, &mut indexers)?);
    }
    if !batch.commit {
        return Ok(Keep::Nothing(outcomes));
    }
    if let Some(completion) = &batch.completion {
        replies::complete(tx, completion, &outcomes)?;
    }
    Ok(Keep::All(outcomes))
}

/// Does one order.
pub fn one(
    tx: &Connection,
    order: &Order,
    index: Option<Indexed>,
    indexers: &mut Indexers<'_>,
) -> Result<Outcome, StoreError> {
    let found = find(tx, &order.document)?;
    let action = match permit(order, found.as_ref().map(|found| found.head)) {
        Ok(action) => action,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let body = match (&order.edit, &found) {
        (Edit::Put(body), Some(found)) if order.skip_same => {
            if body_of(tx, found.number, found.head.revision)?.as_ref() == Some(body) {
                return Ok(Ok(unchanged(found, body)));
            }
            Some(Arc::clone(body))
        }
        (Edit::Put(body), _) => Some(Arc::clone(body)),
        (Edit::Restore, Some(found)) => body_of(tx, found.number, found.head.revision - 1)?,
        (Edit::Delete | Edit::Restore, _) => None,
    };
    let index = match (index, &body) {
        (None, Some(body)) => Indexed::of_body(&order.document, body)?,
        (index, _) => index,
    };
    if let Some(Indexed::Posting(index)) = &index
        && let Some(refusal) = posting_index::refuse(tx, &order.document, index)?
    {
        return Ok(Err(refusal));
    }
    let place = add(tx, order, found.as_ref(), action, body.as_ref())?;
    indexers.update(order, &place, index.as_ref())?;
    audit::note_document(tx, order, action, place.revision)?;
    let revision = place.revision;
    Ok(Ok(Written { revision, at: kept(order.at), action, unchanged: false, body }))
}

impl<'t> Indexers<'t> {
    /// Changes the indexes within this transaction.
    pub fn new(tx: &'t Connection) -> Self {
        Self { roles: Indexer::new(tx), postings: PostingIndexer::new(tx) }
    }

    fn update(&mut self, order: &Order, place: &Place, index: Option<&Indexed>) -> rusqlite::Result<()> {
        let Place { number, revision, sequence } = *place;
        let at = millis(order.at);
        match (order.document.kind, index) {
            (Kind::Role, index) => {
                self.roles.remove(number)?;
                if let Some(Indexed::Role(index)) = index {
                    self.roles.add(number, &order.document.id, index, revision, at)?;
                }
            }
            (Kind::Posting, index) => {
                let index = match index {
                    Some(Indexed::Posting(index)) => Some(&**index),
                    _ => None,
                };
                self.postings.update(&order.document, Shown { number, revision, at }, index, sequence)?;
            }
            (Kind::Employer | Kind::Tone, _) => {}
        }
        Ok(())
    }
}

/// The number of a document and its current revision, if there ever was one.
pub fn number_of(tx: &Connection, document: &DocumentId) -> rusqlite::Result<Option<(i64, Head)>> {
    Ok(find(tx, document)?.map(|found| (found.number, found.head)))
}

fn find(tx: &Connection, document: &DocumentId) -> rusqlite::Result<Option<Found>> {
    let sql = "SELECT d.number, d.revision, d.deleted, d.at, r.action
        FROM documents d JOIN revisions r ON r.sequence = d.sequence
        WHERE d.kind = ?1 AND d.owner = ?2 AND d.id = ?3";
    let read = |row: &Row<'_>| {
        let action = word(row, 4, &Action::ALL, Action::as_str)?;
        Ok(Found { number: row.get(0)?, head: head_of(row, 1)?, action })
    };
    let key = (document.kind.as_str(), &document.owner, &document.id);
    tx.prepare_cached(sql)?.query_row(key, read).optional()
}

fn body_of(tx: &Connection, number: i64, revision: u32) -> rusqlite::Result<Option<Arc<str>>> {
    let sql = "SELECT body FROM revisions WHERE document = ?1 AND revision = ?2";
    tx.prepare_cached(sql)?.query_row((number, revision), |row| row.get(0))
}

fn unchanged(found: &Found, body: &Arc<str>) -> Written {
    Written {
        revision: found.head.revision,
        at: found.head.at,
        action: found.action,
        unchanged: true,
        body: Some(Arc::clone(body)),
    }
}

/// Adds a revision, and makes it the document's newest.
fn add(
    tx: &Connection,
    order: &Order,
    found: Option<&Found>,
    action: Action,
    body: Option<&Arc<str>>,
) -> rusqlite::Result<Place> {
    let revision = found.map_or(1, |found| found.head.revision + 1);
    let (deleted, at) = (action == Action::Delete, millis(order.at));
    let number = match found {
        Some(found) => found.number,
        None => tx
            .prepare_cached(
                "INSERT INTO documents (kind, owner, id, revision, deleted, at, sequence)
                 VALUES (?1, ?2, ?3, 0, 0, 0, 0)",
            )?
            .insert((order.document.kind.as_str(), &order.document.owner, &order.document.id))?,
    };
    let sequence = tx
        .prepare_cached(
            "INSERT INTO revisions (document, revision, action, at, author, message, body)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .insert((number, revision, action.as_str(), at, &order.author.name, &order.message, body))?;
    tx.prepare_cached(
        "UPDATE documents SET revision = ?2, deleted = ?3, at = ?4, sequence = ?5 WHERE number = ?1",
    )?
    .execute((number, revision, deleted, at, sequence))?;
    Ok(Place { number, revision, sequence })
}

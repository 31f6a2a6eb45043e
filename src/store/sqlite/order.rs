//! The orders of a list, and the places in them where pages start. Each has an index of its own.

use rusqlite::Row;
use rusqlite::types::Value;

use super::facts::Bound;
use crate::store::StoreError;
use crate::store::search::{Position, Search, Sort};

/// What of an order comes after the page's start.
#[derive(Debug)]
pub struct Line {
    /// The index to walk.
    pub index: &'static str,
    /// Its parts, one after the other.
    pub stretches: Vec<Stretch>,
}

/// A part of an order.
#[derive(Debug)]
pub struct Stretch {
    /// Which roles it has, by columns of `role_index r`.
    pub condition: &'static str,
    /// How they follow each other.
    pub order: &'static str,
    /// What the condition names.
    pub values: Vec<Bound>,
}

impl Line {
    /// What comes after the start of a search's page.
    ///
    /// # Errors
    /// A start that is a place of another order.
    pub fn of(search: &Search) -> Result<Self, StoreError> {
        match (search.sort, &search.after) {
            // No id is empty: all come after the empty one.
            (Sort::Relevance | Sort::Id, None) => Ok(by_id("")),
            (Sort::Relevance | Sort::Id, Some(Position::Id(id))) => Ok(by_id(id)),
            (Sort::Title, None) => Ok(by_title("", "")),
            (Sort::Title, Some(Position::Title(title, id))) => Ok(by_title(title, id)),
            (Sort::Updated, None) => Ok(by_update(i64::MAX, "")),
            (Sort::Updated, Some(Position::Updated(updated, id))) => Ok(by_update(*updated, id)),
            _ => Err(another_order()),
        }
    }
}

/// The place of a role in an order, from three columns: moment, id, and title.
///
/// # Errors
/// What SQLite says.
pub fn place(sort: Sort, row: &Row<'_>, column: usize) -> rusqlite::Result<Position> {
    let (updated, id, title) = (column, column + 1, column + 2);
    Ok(match sort {
        Sort::Relevance | Sort::Id => Position::Id(row.get(id)?),
        Sort::Title => Position::Title(row.get(title)?, row.get(id)?),
        Sort::Updated => Position::Updated(row.get(updated)?, row.get(id)?),
    })
}

/// A page starts at a place of another order.
pub fn another_order() -> StoreError {
    StoreError::failed("the position is one of another order")
}

fn text(name: &'static str, value: &str) -> Bound {
    (name, Value::from(value.to_owned()))
}

fn by_id(id: &str) -> Line {
    let condition = "r.id > :id";
    let stretches = vec![Stretch { condition, order: "r.id", values: vec![text(":id", id)] }];
    Line { index: "role_index_by_id", stretches }
}

fn by_title(title: &str, id: &str) -> Line {
    let condition = "(r.title, r.id) > (:title, :id)";
    let values = vec![text(":title", title), text(":id", id)];
    let stretches = vec![Stretch { condition, order: "r.title, r.id", values }];
    Line { index: "role_index_by_title", stretches }
}

/// Many may have been written in the same millisecond: those that are left of it come first.
fn by_update(updated: i64, id: &str) -> Line {
    let moment = (":updated", Value::from(updated));
    let same = Stretch {
        condition: "r.updated = :updated AND r.id > :id",
        order: "r.id",
        values: vec![moment.clone(), text(":id", id)],
    };
    let older =
        Stretch { condition: "r.updated < :updated", order: "r.updated DESC, r.id", values: vec![moment] };
    Line { index: "role_index_by_update", stretches: vec![same, older] }
}

//! The orders of a list of postings, and the places in them where pages start. Each has an index of its own.

use rusqlite::Row;
use rusqlite::types::Value;

use super::facts::Bound;
use super::posting_index::NEVER;
use crate::domain::kept_posting::PostingState;
use crate::store::postings::{PostingPosition, PostingSort};

/// What of an order comes after the page's start, by columns of `posting_index p`.
#[derive(Debug)]
pub struct Line {
    /// The index to walk.
    pub index: &'static str,
    /// How they follow each other.
    pub order: &'static str,
    /// Which come after the start.
    pub condition: String,
    /// What the condition names.
    pub values: Vec<Bound>,
}

impl Line {
    /// What comes after a place, which is one in this order; everything after none. Where one state is
    /// written down of all that are wanted, only those that have it.
    pub fn of(sort: PostingSort, state: Option<PostingState>, after: Option<&PostingPosition>) -> Self {
        let (index, order) = match sort {
            PostingSort::Newest => ("posting_index_by_opening", "p.opens DESC, p.id DESC"),
            PostingSort::Id => ("posting_index_by_id", "p.id"),
            PostingSort::Title => ("posting_index_by_title", "p.title, p.id"),
            PostingSort::Updated => ("posting_index_by_age", "p.age, p.id"),
        };
        let text = |name, value: &String| (name, Value::from(value.clone()));
        let number = |name, value: i64| (name, Value::from(value));
        let (condition, mut values) = match after {
            None => ("TRUE", vec![]),
            Some(PostingPosition::Newest(opens, id)) => (
                "(p.opens, p.id) < (:opens, :id)",
                vec![number(":opens", opens.unwrap_or(NEVER)), text(":id", id)],
            ),
            Some(PostingPosition::Id(id)) => ("p.id > :id", vec![text(":id", id)]),
            Some(PostingPosition::Title(title, id)) => {
                ("(p.title, p.id) > (:title, :id)", vec![text(":title", title), text(":id", id)])
            }
            Some(PostingPosition::Updated(updated, id)) => {
                ("(p.age, p.id) > (:age, :id)", vec![number(":age", -*updated), text(":id", id)])
            }
        };
        let mut line = Self { index, order, condition: condition.to_owned(), values: Vec::new() };
        if let (PostingSort::Newest, Some(state)) = (sort, state) {
            line.index = "posting_index_of_state";
            line.condition += " AND p.state = :state";
            values.push((":state", Value::from(state.as_str().to_owned())));
        }
        Self { values, ..line }
    }
}

/// The place of a posting in an order, from four columns: id, title, age, and moment of opening.
///
/// # Errors
/// What SQLite says.
pub fn place(sort: PostingSort, row: &Row<'_>, column: usize) -> rusqlite::Result<PostingPosition> {
    let id = row.get(column)?;
    Ok(match sort {
        PostingSort::Newest => {
            let opens: i64 = row.get(column + 3)?;
            PostingPosition::Newest((opens != NEVER).then_some(opens), id)
        }
        PostingSort::Id => PostingPosition::Id(id),
        PostingSort::Title => PostingPosition::Title(row.get(column + 1)?, id),
        PostingSort::Updated => PostingPosition::Updated(-row.get::<_, i64>(column + 2)?, id),
    })
}

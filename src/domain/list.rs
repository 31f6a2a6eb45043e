//! Lists that may be left out.

use std::ops::Deref;

use serde::{Deserialize, Serialize};

/// A list that a document may leave out, which is not the same as an empty one: what is left out
/// may be taken from somewhere else, and an empty list says that there is to be nothing.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct OptionalList<T>(Option<Vec<T>>);

impl<T> OptionalList<T> {
    /// Whether it was left out.
    pub fn is_left_out(&self) -> bool {
        self.0.is_none()
    }

    /// This list, or `other` if this one was left out.
    #[must_use]
    pub fn or_else(self, other: impl FnOnce() -> Self) -> Self {
        if self.is_left_out() { other() } else { self }
    }
}

impl<T> Default for OptionalList<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T> From<Vec<T>> for OptionalList<T> {
    fn from(list: Vec<T>) -> Self {
        Self(Some(list))
    }
}

impl<T> From<Option<Vec<T>>> for OptionalList<T> {
    fn from(list: Option<Vec<T>>) -> Self {
        Self(list)
    }
}

/// The entries: none, if it was left out.
impl<T> Deref for OptionalList<T> {
    type Target = [T];
    fn deref(&self) -> &[T] {
        self.0.as_deref().unwrap_or_default()
    }
}

impl<'l, T> IntoIterator for &'l OptionalList<T> {
    type Item = &'l T;
    type IntoIter = std::slice::Iter<'l, T>;
    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

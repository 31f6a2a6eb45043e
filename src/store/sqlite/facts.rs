//! What a search compares role by role: band and moment, which no full-text index orders.

use rusqlite::types::Value;

use super::time::millis;
use crate::store::search::Search;

/// A value of a statement, with the name that stands for it.
pub type Bound = (&'static str, Value);

/// Conditions on the table of facts, named `f`.
#[derive(Debug, Default)]
pub struct Facts {
    conditions: Vec<&'static str>,
    values: Vec<Bound>,
}

impl Facts {
    /// What a search says of band and moment.
    pub fn of(search: &Search) -> Self {
        let mut facts = Self::default();
        let since = search.updated_since.map(millis);
        facts.require("f.updated >= :since", ":since", since);
        if let Some(salary) = &search.salary {
            facts.require("f.currency = :currency", ":currency", Some(salary.currency.clone()));
            facts.require("f.period = :period", ":period", Some(salary.period.clone()));
            facts.require("f.high >= :least", ":least", salary.min);
            facts.require("f.low <= :most", ":most", salary.max);
        }
        facts
    }

    fn require(&mut self, condition: &'static str, name: &'static str, value: Option<impl Into<Value>>) {
        if let Some(value) = value {
            self.conditions.push(condition);
            self.values.push((name, value.into()));
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.conditions.is_empty()
    }

    /// The table beside another one that has this column of numbers, if it is needed.
    pub fn joined(&self, number: &str) -> String {
        if self.is_empty() {
            String::new()
        } else {
            format!(" CROSS JOIN role_facts f ON f.number = {number}")
        }
    }

    /// The conditions.
    pub fn conditions(&self) -> impl Iterator<Item = &str> {
        self.conditions.iter().copied()
    }

    /// The values that the conditions name.
    pub fn values(&self) -> impl Iterator<Item = Bound> {
        self.values.iter().cloned()
    }
}

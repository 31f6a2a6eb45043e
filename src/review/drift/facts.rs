//! What two vacancies announce, field by field: whatever is neither title, pay, nor a requirement.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::FactChange;
use super::order::matched;
use crate::domain::Vacancy;

/// The fields that are told elsewhere.
const ELSEWHERE: [&str; 5] = ["title", "salary", "education", "experience", "skills"];

/// What is different in the facts, in the order of their names.
pub fn changes(before: &Vacancy, after: &Vacancy) -> Vec<FactChange> {
    let mut changes = Vec::new();
    let (mut before, mut after) = (object(before), object(after));
    for name in ELSEWHERE {
        before.remove(name);
        after.remove(name);
    }
    members(&mut changes, "", &before, &after);
    changes
}

fn object(vacancy: &Vacancy) -> Map<String, Value> {
    match serde_json::to_value(vacancy) {
        Ok(Value::Object(fields)) => fields,
        // A vacancy is an object, and everything in it can be written.
        _ => Map::new(),
    }
}

fn members(changes: &mut Vec<FactChange>, at: &str, before: &Map<String, Value>, after: &Map<String, Value>) {
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    for name in names {
        let pointer = format!("{at}/{name}");
        match (before.get(name), after.get(name)) {
            (was, now) if was == now => {}
            (Some(Value::Object(was)), Some(Value::Object(now))) => members(changes, &pointer, was, now),
            (Some(Value::Array(was)), Some(Value::Array(now))) => entries(changes, &pointer, was, now),
            (was, now) => {
                changes.push(FactChange { pointer, before: was.cloned(), after: now.cloned() });
            }
        }
    }
}

/// Entries that came or went; the whole lists, if only their order is another.
fn entries(changes: &mut Vec<FactChange>, at: &str, before: &[Value], after: &[Value]) {
    let texts = |values: &[Value]| values.iter().map(Value::to_string).collect::<Vec<_>>();
    let found = matched(&texts(before), &texts(after));
    if found.removed.is_empty() && found.added.is_empty() {
        let list = |values: &[Value]| Some(Value::from(values.to_vec()));
        changes.push(FactChange { pointer: at.to_owned(), before: list(before), after: list(after) });
        return;
    }
    for index in found.removed {
        let pointer = format!("{at}/{index}");
        changes.push(FactChange { pointer, before: before.get(index).cloned(), after: None });
    }
    for index in found.added {
        let pointer = format!("{at}/{index}");
        changes.push(FactChange { pointer, before: None, after: after.get(index).cloned() });
    }
}

//! A posting before its judges: what checks ask of it, and how they answer.

use serde_json::{Map, Value, json};

use super::Subject;
use crate::domain::place::{Location, Workplace};

/// What breaks a rule.
#[derive(Clone, Debug)]
pub struct Flaw {
    pub pointer: String,
    pub detail: String,
    pub patch: Option<json_patch::Patch>,
}

impl Flaw {
    /// A flaw that no patch mends.
    pub fn new(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), detail: detail.into(), patch: None }
    }

    /// The same, mended by a patch.
    #[must_use]
    pub fn mended_by(self, patch: Option<json_patch::Patch>) -> Self {
        Self { patch, ..self }
    }

    /// The flaw, if there is one.
    pub fn when(is: bool, flaw: impl FnOnce() -> Self) -> Vec<Self> {
        if is { vec![flaw()] } else { Vec::new() }
    }
}

/// A subject, and its options as JSON.
#[derive(Debug)]
pub struct Case<'a> {
    pub subject: Subject<'a>,
    own: Map<String, Value>,
    effective: Map<String, Value>,
}

impl<'a> Case<'a> {
    /// Prepares a subject.
    pub fn of(subject: Subject<'a>) -> Self {
        let object = |options| match serde_json::to_value(options) {
            Ok(Value::Object(fields)) => fields,
            // Options are an object, and everything in them can be written.
            _ => Map::new(),
        };
        Self { own: object(subject.own_options), effective: object(subject.options), subject }
    }

    /// The places of work, with their numbers.
    pub fn places(&self) -> impl Iterator<Item = (usize, &'a Location)> {
        self.subject.vacancy.locations.iter().enumerate()
    }

    /// The places where people must be, with their numbers.
    pub fn on_site_places(&self) -> impl Iterator<Item = (usize, &'a Location)> {
        self.places().filter(|(_, place)| place.workplace != Some(Workplace::Remote))
    }

    /// Where in the posting document an option stands, given by its pointer in the options; `/employer_id`,
    /// if the employer's defaults bring it.
    pub fn at(&self, path: &str) -> String {
        let field = field(path);
        if self.effective.contains_key(field) && !self.own.contains_key(field) {
            "/employer_id".to_owned()
        } else {
            format!("/options{path}")
        }
    }

    /// The patch that sets an option. A field that the employer's defaults bring is set as a whole.
    pub fn setting(&self, path: &str, value: Value) -> Option<json_patch::Patch> {
        let field = field(path);
        let rest = path.get(field.len() + 1..).unwrap_or_default();
        let is_own = self.own.contains_key(field);
        // Sections are joined with those of the defaults, key by key.
        let inherited = self.effective.get(field).filter(|_| field != "sections");
        let (path, value) = match (rest.is_empty(), is_own) {
            (true, _) | (_, true) => (path.to_owned(), value),
            _ => {
                (format!("/{field}"), amended(inherited.cloned().unwrap_or_else(|| json!({})), rest, value)?)
            }
        };
        let operation = match self.own.is_empty() {
            true => json!({"op": "add", "path": "/options", "value": {(field): value}}),
            false => json!({"op": "add", "path": format!("/options{path}"), "value": value}),
        };
        serde_json::from_value(json!([operation])).ok()
    }
}

/// The first step of a pointer.
fn field(path: &str) -> &str {
    path.split('/').nth(1).unwrap_or_default()
}

/// A value with another one put at a pointer in it.
fn amended(mut value: Value, at: &str, new: Value) -> Option<Value> {
    let (parent, name) = at.rsplit_once('/')?;
    value.pointer_mut(parent)?.as_object_mut()?.insert(name.to_owned(), new);
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Posting, PostingOptions, Vacancy};

    fn patched(own: &Value, defaults: &Value, path: &str, value: Value) -> Value {
        let read = |json: &Value| -> PostingOptions { serde_json::from_value(json.clone()).unwrap() };
        let (own_options, options) = (read(own), read(own).over(&read(defaults)));
        let posting: Posting<'_> = serde_json::from_value(json!({
            "role": {"id": "r", "title": "R"}, "title": "R", "tone": "neutral", "length": "full",
            "locale": "en-US", "language": "en-US", "sections": [], "omitted": [], "notes": [], "words": 0,
        }))
        .unwrap();
        let vacancy: Vacancy = serde_json::from_value(json!({"title": "R"})).unwrap();
        let subject = Subject {
            posting: &posting,
            vacancy: &vacancy,
            options: &options,
            own_options: &own_options,
            url: None,
        };
        let patch = Case::of(subject).setting(path, value).unwrap();
        let mut document = json!({"role_id": "r", "employer_id": "e"});
        if own_options != PostingOptions::default() {
            document["options"] = json!(own_options);
        }
        json_patch::patch(&mut document, &patch).unwrap();
        document["options"].clone()
    }

    #[test]
    fn a_patch_applies_wherever_the_option_comes_from() {
        let place = json!([{"city": "Denver", "region": "US-CO"}]);
        let mended = json!([{"city": "Denver", "region": "US-CO", "country": "US"}]);
        for (own, defaults, wanted) in [
            (json!({"locations": place}), json!({}), json!({"locations": mended})),
            (json!({"team": "T"}), json!({"locations": place}), json!({"team": "T", "locations": mended})),
            (json!({}), json!({"locations": place}), json!({"locations": mended})),
        ] {
            assert_eq!(patched(&own, &defaults, "/locations/0/country", json!("US")), wanted);
        }
    }

    #[test]
    fn sections_are_set_one_by_one_and_whole_fields_are_added() {
        let defaults = json!({"sections": {"career": false}});
        for (own, wanted) in [
            (json!({}), json!({"sections": {"pay": true}})),
            (json!({"sections": {"skills": true}}), json!({"sections": {"skills": true, "pay": true}})),
        ] {
            assert_eq!(patched(&own, &defaults, "/sections/pay", json!(true)), wanted);
        }
        assert_eq!(patched(&json!({}), &json!({}), "/title", json!("T")), json!({"title": "T"}));
    }
}

//! JSON Merge Patch (RFC 7396): what a document becomes by a patch, checked as a whole.

use std::fmt;

use serde::de::{Error, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use super::document::{Document, DocumentError, malformed, undescribed};

/// The document that `current` becomes by the merge patch in `patch`. The pointers of violations
/// lead into it.
///
/// Numbers pass through a float here, which changes none of a valid document: they have at most 15
/// digits.
///
/// # Errors
/// [`DocumentError::Malformed`] for a patch that is not JSON; [`DocumentError::Invalid`] for one that
/// has a key twice, and for a result that is not a valid document.
pub fn merge<D: Document>(mut current: Value, patch: &[u8]) -> Result<D, DocumentError> {
    let _: Value = serde_json::from_slice(patch).map_err(|error| malformed(&error))?;
    let Strict(patch) = serde_path_to_error::deserialize(&mut serde_json::Deserializer::from_slice(patch))
        .map_err(|error| DocumentError::Invalid(vec![undescribed(&error)]))?;
    json_patch::merge(&mut current, &patch);
    D::from_json(current.to_string().as_bytes())
}

/// A JSON value that has no key twice.
struct Strict(Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(StrictVisitor).map(Self)
    }
}

struct StrictVisitor;

impl<'de> Visitor<'de> for StrictVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut array = Vec::new();
        while let Some(Strict(item)) = items.next_element()? {
            array.push(item);
        }
        Ok(Value::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(key) = entries.next_key::<String>()? {
            if object.contains_key(&key) {
                return Err(A::Error::custom(format!("duplicate field `{key}`")));
            }
            let Strict(value) = entries.next_value()?;
            object.insert(key, value);
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::Role;

    fn role() -> Value {
        let text = include_str!("../../roles/tech-manager.json");
        serde_json::from_str(text).unwrap()
    }

    fn merged(patch: &Value) -> Result<Role, DocumentError> {
        merge(role(), patch.to_string().as_bytes())
    }

    fn blamed(result: Result<Role, DocumentError>) -> Vec<String> {
        match result.unwrap_err() {
            DocumentError::Invalid(violations) => violations.into_iter().map(|v| v.pointer).collect(),
            malformed @ DocumentError::Malformed { .. } => panic!("{malformed}"),
        }
    }

    #[test]
    fn a_patch_changes_what_it_names_and_null_removes() {
        let role = merged(&json!({"title": "Boss", "salary": null, "career": {"entry_from": null}})).unwrap();
        assert_eq!(role.title.as_str(), "Boss");
        assert!(role.salary.is_none() && role.career.entry_from.is_empty());
        assert!(!role.career.advances_to.is_empty());
        assert_eq!(role.family.unwrap().as_str(), "Technology");
    }

    #[test]
    fn what_it_breaks_is_blamed_on_the_result() {
        assert_eq!(blamed(merged(&json!({"title": null, "salary": {"min": 500_000}}))), ["/title"]);
        assert_eq!(blamed(merged(&json!({"salary": {"min": 500_000}}))), ["/salary/min"]);
        assert_eq!(blamed(merged(&json!({"responsibilities": {"primary": [null]}}))).len(), 1);
        assert_eq!(blamed(merged(&json!([]))), [""]);
    }

    #[test]
    fn a_key_that_stands_twice_is_refused_where_it_stands() {
        let twice = br#"{"salary": {"min": 1, "max": 2, "min": 3}}"#;
        assert_eq!(blamed(merge(role(), twice)), ["/salary"]);
    }

    #[test]
    fn amounts_stay_exact() {
        for (currency, amount) in [("KWD", "999999999999.999"), ("USD", "28.55"), ("USD", "0.07")] {
            let patch = format!(
                r#"{{"salary": {{"min": {amount}, "max": {amount}, "currency": "{currency}", "period": "hour"}}}}"#
            );
            let role: Role = merge(role(), patch.as_bytes()).unwrap();
            assert_eq!(role.salary.unwrap().min.to_string(), amount);
        }
    }

    #[test]
    fn what_is_not_json_is_told_with_its_position() {
        for bad in ["", "{", "nul", &"[".repeat(1000), "{}{}"] {
            let error = merge::<Role>(role(), bad.as_bytes()).unwrap_err();
            assert!(matches!(error, DocumentError::Malformed { .. }), "{bad}");
        }
    }
}

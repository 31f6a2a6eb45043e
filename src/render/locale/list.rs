//! Lists within a sentence, with the serial comma.

use serde::{Deserialize, Deserializer};

/// The two kinds of lists.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Lists {
    /// `a, b, and c`.
    pub(super) and: List,
    /// `a, b, or c`.
    pub(super) or: List,
}

/// What stands between the items of a list.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct List {
    /// Between two items: ` and `.
    pair: Glue,
    /// Between items: `, `.
    separator: Glue,
    /// Before the last of several items: `, and `.
    last: Glue,
    /// Between items one of which has a comma: `; `.
    strong_separator: Glue,
    /// Before the last of several items one of which has a comma: `; and `.
    strong_last: Glue,
}

impl List {
    /// Joins `items`: `a`, `a and b`, `a, b, and c`, `a, b; c; and d`.
    pub(super) fn join(&self, items: &[impl AsRef<str>]) -> String {
        let length: usize = items.iter().map(|item| item.as_ref().len() + 6).sum();
        let mut out = String::with_capacity(length);
        let (separator, last) = self.glue(items);
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                out.push_str(if index + 1 == items.len() { last } else { separator });
            }
            out.push_str(item.as_ref());
        }
        out
    }

    /// What stands between the items, and before the last one.
    fn glue(&self, items: &[impl AsRef<str>]) -> (&str, &str) {
        let has_comma = |item: &dyn AsRef<str>| item.as_ref().contains([',', ';']);
        match items {
            // "Denver, CO, and Austin, TX": the comma that opens the state's name is closed.
            [first, _] if has_comma(first) => ("", &self.last.0),
            [_, _] => ("", &self.pair.0),
            _ if items.iter().any(|item| has_comma(item)) => (&self.strong_separator.0, &self.strong_last.0),
            _ => (&self.separator.0, &self.last.0),
        }
    }
}

/// What stands between two items: not empty, without control characters.
#[derive(Debug)]
struct Glue(String);

impl<'de> Deserialize<'de> for Glue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let fits = !text.is_empty() && !text.chars().any(char::is_control);
        fits.then_some(Self(text))
            .ok_or_else(|| serde::de::Error::custom("must not be empty, and have no control characters"))
    }
}

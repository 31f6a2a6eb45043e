//! Patterns such as `{month} {day}, {year}`: text with named places, from a locale's file.

use serde::{Deserialize, Deserializer};

/// The places that a kind of pattern has.
pub(super) trait Field: Copy + 'static {
    /// Each of them, with its name between the braces.
    const NAMES: &'static [(&'static str, Self)];
}

/// A pattern that has every place of `F`, and no other.
#[derive(Debug)]
pub(super) struct Pattern<F> {
    pieces: Vec<Piece<F>>,
}

#[derive(Debug)]
enum Piece<F> {
    Text(String),
    Field(F),
}

impl<F: Field> Pattern<F> {
    /// Writes the pattern; `field` writes what stands in a place.
    pub(super) fn write(&self, out: &mut String, mut field: impl FnMut(&mut String, F)) {
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::Field(f) => field(out, *f),
            }
        }
    }

    /// The last place, if nothing follows it.
    pub(super) fn ends_with(&self) -> Option<F> {
        match self.pieces.last() {
            Some(Piece::Field(f)) => Some(*f),
            _ => None,
        }
    }

    /// Reads a pattern, which must have every place.
    fn parse(text: &str) -> Result<Self, String> {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            push_text(&mut pieces, before)?;
            let (name, after) = after.split_once('}').ok_or("a `{` is not closed")?;
            let known = F::NAMES.iter().find(|(n, _)| *n == name);
            let (_, field) =
                known.ok_or_else(|| format!("unknown `{{{name}}}`; known are {}", names::<F>()))?;
            pieces.push(Piece::Field(*field));
            rest = after;
        }
        push_text(&mut pieces, rest)?;
        match F::NAMES.iter().find(|(name, _)| !text.contains(&format!("{{{name}}}"))) {
            Some((name, _)) => Err(format!("`{{{name}}}` is missing")),
            None => Ok(Self { pieces }),
        }
    }
}

fn push_text<F>(pieces: &mut Vec<Piece<F>>, text: &str) -> Result<(), String> {
    if text.contains('}') {
        return Err("a `}` is not opened".to_owned());
    }
    if text.chars().any(|c| c.is_ascii_digit() || c.is_control()) {
        return Err("digits and control characters are not allowed around the places".to_owned());
    }
    if !text.is_empty() {
        pieces.push(Piece::Text(text.to_owned()));
    }
    Ok(())
}

fn names<F: Field>() -> String {
    F::NAMES.iter().map(|(name, _)| format!("`{{{name}}}`")).collect::<Vec<_>>().join(", ")
}

impl<'de, F: Field> Deserialize<'de> for Pattern<F> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

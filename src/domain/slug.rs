//! Identifiers that stand in URLs.

use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The most characters of a slug.
pub const MAX_CHARS: usize = 100;

/// A value that is not a slug.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be 1 to {MAX_CHARS} of a-z and 0-9, in words joined by single hyphens")]
pub struct SlugError;

/// An identifier: lower-case ASCII letters and digits, in words joined by single hyphens.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String")]
#[schema(
    value_type = String,
    min_length = 1,
    max_length = 100,
    pattern = "^[a-z0-9]+(-[a-z0-9]+)*$",
    example = "tech-manager"
)]
pub struct Slug(String);

impl Slug {
    /// The identifier.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Slug {
    type Error = SlugError;
    fn try_from(text: String) -> Result<Self, SlugError> {
        let word = |w: &str| !w.is_empty() && w.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
        if text.len() <= MAX_CHARS && text.split('-').all(word) { Ok(Self(text)) } else { Err(SlugError) }
    }
}

impl TryFrom<&str> for Slug {
    type Error = SlugError;
    fn try_from(text: &str) -> Result<Self, SlugError> {
        text.to_owned().try_into()
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

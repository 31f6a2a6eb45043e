//! Words that callers bring: bounded, and free of characters that could disturb what is around them.

use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The most characters (Unicode scalar values) that one text may have.
pub const MAX_CHARS: usize = 2000;

/// Why a text was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Nothing but white space.
    #[error("must not be empty")]
    Empty,
    /// More than so many characters.
    #[error("must have at most {0} characters")]
    TooLong(usize),
    /// A control character, a bidirectional override or a noncharacter.
    #[error("must not contain control characters, bidirectional overrides or noncharacters")]
    Forbidden,
}

/// Whether `c` may never stand in a text.
///
/// C0 and C1 controls; the line and paragraph separators; the bidirectional embeddings, overrides
/// and isolates (Unicode TR 36, "bidi spoofing"); noncharacters, which no text may interchange.
pub fn is_forbidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FDD0}'..='\u{FDEF}')
        || u32::from(c) & 0xFFFE == 0xFFFE
}

/// Checks a text of at most `most` characters, in which those that are `allowed` are not forbidden.
pub(super) fn check(text: &str, most: usize, allowed: fn(char) -> bool) -> Result<(), TextError> {
    if text.chars().any(|c| is_forbidden(c) && !allowed(c)) {
        return Err(TextError::Forbidden);
    }
    if text.chars().all(char::is_whitespace) {
        return Err(TextError::Empty);
    }
    if text.chars().nth(most).is_some() {
        return Err(TextError::TooLong(most));
    }
    Ok(())
}

macro_rules! text_type {
    ($(#[$doc:meta])* $name:ident, $pattern:literal, $allowed:expr) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
        #[serde(try_from = "String")]
        #[schema(value_type = String, min_length = 1, max_length = 2000, pattern = $pattern)]
        pub struct $name(String);

        impl $name {
            /// The text, without white space around it.
            pub fn as_str(&self) -> &str {
                self.0.trim()
            }
        }

        impl TryFrom<String> for $name {
            type Error = TextError;
            fn try_from(text: String) -> Result<Self, TextError> {
                check(&text, MAX_CHARS, $allowed)?;
                Ok(Self(text))
            }
        }

        impl TryFrom<&str> for $name {
            type Error = TextError;
            fn try_from(text: &str) -> Result<Self, TextError> {
                text.to_owned().try_into()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

text_type!(
    /// One line of text: 1 to 2,000 characters, not only white space; no control characters, no
    /// bidirectional overrides.
    Text,
    r"^[^\x00-\x1F\x7F-\x9F\u2028-\u202E\u2066-\u2069\uFDD0-\uFDEF\uFFFE\uFFFF]*[^\s\x00-\x1F\x7F-\x9F\u2028-\u202E\u2066-\u2069\uFDD0-\uFDEF\uFFFE\uFFFF][^\x00-\x1F\x7F-\x9F\u2028-\u202E\u2066-\u2069\uFDD0-\uFDEF\uFFFE\uFFFF]*$",
    |_| false
);

text_type!(
    /// Text of several paragraphs: as `Text`, and line breaks are allowed. Each line is a paragraph.
    Prose,
    r"^[^\x00-\x09\x0B\x0C\x0E-\x1F\x7F-\x9F\u2028-\u202E\u2066-\u2069\uFDD0-\uFDEF\uFFFE\uFFFF]*[^\s\x00-\x1F\x7F-\x9F\u2028-\u202E\u2066-\u2069\uFDD0-\uFDEF\uFFFE\uFFFF][^\x00-\x09\x0B\x0C\x0E-\x1F\x7F-\x9F\u2028-\u202E\u2066-\u2069\uFDD0-\uFDEF\uFFFE\uFFFF]*$",
    |c| matches!(c, '\n' | '\r')
);

impl Prose {
    /// The paragraphs, in order; never an empty one.
    pub fn paragraphs(&self) -> impl Iterator<Item = &str> {
        self.0.split(['\n', '\r']).map(str::trim).filter(|line| !line.is_empty())
    }
}

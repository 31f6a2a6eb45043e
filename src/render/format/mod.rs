//! The formats that a posting is written in.
//!
//! To add a text format: a template in `templates/formats/`, an arm in [`Format`], a skin in
//! [`skin`]. To add a structured format: a file here with a serializer, and an arm.

pub mod escape;
pub mod own;
pub mod ready;
pub mod skin;
pub mod wrap;
mod writer;

use serde::Serialize;
use utoipa::ToSchema;

/// How a posting is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// A fragment of HTML to embed.
    Html,
    /// A whole HTML document.
    Page,
    /// CommonMark.
    Markdown,
    /// Plain text, wrapped at 78 columns.
    Text,
    /// The posting document.
    Json,
}

impl Format {
    /// All formats, in the order of the documentation.
    pub const ALL: [Self; 5] = [Self::Html, Self::Page, Self::Markdown, Self::Text, Self::Json];

    /// The value in URLs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Html => "html",
            Self::Page => "page",
            Self::Markdown => "markdown",
            Self::Text => "text",
            Self::Json => "json",
        }
    }

    /// The media type, with its parameters.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Html | Self::Page => "text/html; charset=utf-8",
            Self::Markdown => "text/markdown; charset=utf-8",
            Self::Text => "text/plain; charset=utf-8",
            Self::Json => "application/json",
        }
    }

    /// What it is for, in a sentence.
    pub fn description(self) -> &'static str {
        match self {
            Self::Html => "A fragment of semantic HTML to embed in a page: no styles, stable class names.",
            Self::Page => "A whole accessible HTML document that prints well and reads well on a phone.",
            Self::Markdown => "CommonMark.",
            Self::Text => "Plain text, wrapped at 78 columns.",
            Self::Json => {
                "The posting as data: sections of blocks, each with its source; what was left out; notes."
            }
        }
    }
}

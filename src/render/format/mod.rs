//! The formats that a posting is written in.
//!
//! To add a text format: a template in `templates/formats/`, an arm in [`Format`], a skin in
//! [`skin`]. To add a structured format: a file here with a serializer, an arm, and a line in
//! `composed.rs`.

pub mod escape;
pub mod jdx;
pub mod json_ld;
pub mod json_resume;
pub mod occupation;
pub mod own;
mod passages;
mod plain_html;
pub mod ready;
mod schema_org;
mod script_safe;
pub mod skin;
pub mod wrap;
mod writer;

use serde::Serialize;
use utoipa::ToSchema;

pub use plain_html::plain_html;

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
    /// schema.org `JobPosting`.
    JsonLd,
    /// The job description schema of JSON Resume.
    JsonResume,
    /// JDX JobSchema+.
    Jdx,
    /// A Word document.
    Docx,
}

impl Format {
    /// All formats, in the order of the documentation.
    pub const ALL: [Self; 9] = [
        Self::Html,
        Self::Page,
        Self::Markdown,
        Self::Text,
        Self::Json,
        Self::JsonLd,
        Self::JsonResume,
        Self::Jdx,
        Self::Docx,
    ];

    /// The value in URLs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Html => "html",
            Self::Page => "page",
            Self::Markdown => "markdown",
            Self::Text => "text",
            Self::Json => "json",
            Self::JsonLd => "json-ld",
            Self::JsonResume => "json-resume",
            Self::Jdx => "jdx",
            Self::Docx => "docx",
        }
    }

    /// The media type, with its parameters.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Html | Self::Page => "text/html; charset=utf-8",
            Self::Markdown => "text/markdown; charset=utf-8",
            Self::Text => "text/plain; charset=utf-8",
            Self::Json | Self::JsonResume => "application/json",
            Self::JsonLd | Self::Jdx => "application/ld+json",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
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
            Self::JsonLd => {
                "A schema.org JobPosting for search engines, ready to stand in a script element of a page."
            }
            Self::JsonResume => "The job description schema of JSON Resume, for tools that match résumés.",
            Self::Jdx => "JDX JobSchema+ 0.9.0 in JSON-LD, for exchange between HR and training systems.",
            Self::Docx => "A Word document with real headings, lists, and properties.",
        }
    }
}

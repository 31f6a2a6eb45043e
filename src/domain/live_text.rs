//! A text that was found elsewhere.

use serde::Deserialize;
use utoipa::ToSchema;

/// A posting as it stands somewhere else.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LiveText {
    /// The text, or the source of the page.
    #[schema(min_length = 1, max_length = 1_000_000, example = "<h1>Tech Manager</h1><p>We are hiring.</p>")]
    pub text: String,
    /// What it is written in. Default `text/plain`.
    #[serde(default)]
    #[schema(nullable = false, value_type = Option<MediaType>)]
    pub media_type: MediaType,
}

/// What a text is written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
pub enum MediaType {
    /// Plain text.
    #[default]
    #[serde(rename = "text/plain")]
    Plain,
    /// Markdown.
    #[serde(rename = "text/markdown")]
    Markdown,
    /// HTML: a fragment or a whole page.
    #[serde(rename = "text/html")]
    Html,
}

//! What can go wrong with templates and with options.

use crate::domain::Violation;

/// Why a posting cannot be rendered.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// The options ask for what does not exist, or does not fit the role.
    #[error("{} violation(s) of the posting options", .0.len())]
    Options(Vec<Violation>),
    /// A template failed.
    #[error("template: {0}")]
    Template(#[from] minijinja::Error),
    /// A structured format failed.
    #[error("serializer: {0}")]
    Serializer(#[from] serde_json::Error),
    /// A Word document could not be put together.
    #[error(transparent)]
    Document(#[from] super::DocxError),
}

/// Why a set of templates cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{name}: {detail}")]
pub struct TemplateError {
    /// The template or data file, with the line where there is one.
    pub name: String,
    /// What is wrong with it.
    pub detail: String,
}

impl TemplateError {
    pub(super) fn new(name: impl ToString, detail: impl ToString) -> Self {
        Self { name: name.to_string(), detail: detail.to_string() }
    }

    pub(super) fn from_minijinja(name: &str, error: &minijinja::Error) -> Self {
        let place = error.name().unwrap_or(name);
        let name = error.line().map_or_else(|| place.to_owned(), |line| format!("{place}:{line}"));
        let detail =
            error.detail().map_or_else(|| error.kind().to_string(), |d| format!("{}: {d}", error.kind()));
        Self { name, detail }
    }
}

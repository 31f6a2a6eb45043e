//! What is different between two revisions of a document, for programs.

use std::sync::Arc;

use actix_web::HttpRequest;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::State;
use super::extract::Query;
use super::history;
use super::problem::Problem;
use crate::domain::patch::PatchOperation;
use crate::store::DocumentId;

/// What is different between two revisions.
#[derive(Debug, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DocumentDiff {
    /// The revision that is compared.
    #[schema(minimum = 1)]
    pub from: u32,
    /// The revision that it is compared with.
    #[schema(minimum = 1)]
    pub to: u32,
    /// A JSON Patch (RFC 6902) that makes `to` of `from`.
    #[schema(max_items = 100_000, value_type = Vec<PatchOperation>)]
    pub patch: json_patch::Patch,
}

/// A revision with its content.
pub type Numbered<B> = (u32, B);

impl DocumentDiff {
    /// Compares two documents, each with its revision.
    ///
    /// # Errors
    /// When one of them is no JSON.
    pub fn of(
        from: Numbered<impl AsRef<str>>,
        to: Numbered<impl AsRef<str>>,
    ) -> Result<Self, serde_json::Error> {
        let old: Value = serde_json::from_str(from.1.as_ref())?;
        let new: Value = serde_json::from_str(to.1.as_ref())?;
        Ok(Self { from: from.0, to: to.0, patch: json_patch::diff(&old, &new) })
    }
}

impl State {
    /// The revisions of a document that the path names by `a` and `b`.
    pub(super) async fn two_revisions(
        &self,
        request: &HttpRequest,
        document: &DocumentId,
    ) -> Result<[Numbered<Arc<str>>; 2], Problem> {
        Query::of(request, &[])?;
        let (from, to) = (history::number(request, "a")?, history::number(request, "b")?);
        let (_, old) = self.revision(document, from).await?;
        let (_, new) = self.revision(document, to).await?;
        Ok([(from, old), (to, new)])
    }
}

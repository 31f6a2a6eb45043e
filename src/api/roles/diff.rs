//! What is different between two revisions of a role.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};
use serde::Serialize;
use utoipa::ToSchema;

use super::super::caller::Caller;
use super::super::diff::{DocumentDiff, Numbered};
use super::super::problem::{Problem, problems};
use super::super::spec::NotModified;
use super::super::{State, answer};
use super::path_id;
use crate::domain::changes::{Difference, changes};
use crate::domain::patch::PatchOperation;
use crate::domain::{Role, Slug};
use crate::store::keys::Scope;

problems!(
    DiffProblems: UnknownParameter, DuplicateParameter, RoleNotFound, RevisionNotFound, Deleted, Unavailable,
);

/// What is different between two revisions of a role.
#[derive(Debug, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RoleDiff {
    /// The revision that is compared.
    #[schema(minimum = 1)]
    pub from: u32,
    /// The revision that it is compared with.
    #[schema(minimum = 1)]
    pub to: u32,
    /// A JSON Patch (RFC 6902) that makes `to` of `from`.
    #[schema(max_items = 100_000, value_type = Vec<PatchOperation>)]
    pub patch: json_patch::Patch,
    /// The same for people: by section and item, in the order of the document.
    #[schema(max_items = 100_000)]
    pub changes: Vec<Difference>,
}

impl RoleDiff {
    /// Compares two documents, each with its revision.
    ///
    /// # Errors
    /// When one of them is no role.
    pub fn of(from: Numbered<&str>, to: Numbered<&str>) -> Result<Self, serde_json::Error> {
        let roles: [Role; 2] = [serde_json::from_str(from.1)?, serde_json::from_str(to.1)?];
        let [earlier, later] = &roles;
        let DocumentDiff { from, to, patch } = DocumentDiff::of(from, to)?;
        Ok(Self { from, to, patch, changes: changes(earlier, later) })
    }
}

/// Compare two revisions of a role
///
/// Tells what is different in revision `b`, seen from revision `a`: as a JSON Patch for programs, and in sentences for
/// people. Either may be the older one.
#[utoipa::path(
    tag = "History",
    operation_id = "get_role_diff",
    security(("key" = ["read"])),
    params(
        ("id" = inline(Slug), Path, description = "The id of the role."),
        ("a" = u32, Path, description = "The revision to compare.", minimum = 1),
        ("b" = u32, Path, description = "The revision to compare it with.", minimum = 1),
    ),
    responses((status = 200, description = "The differences.", body = RoleDiff), NotModified, DiffProblems),
)]
#[get("/api/v1/roles/{id}/revisions/{a}/diff/{b}")]
pub async fn get_role_diff(
    request: HttpRequest,
    caller: Caller,
    state: Data<State>,
) -> Result<HttpResponse, Problem> {
    caller.may(Scope::Read)?;
    let [(from, old), (to, new)] = state.two_revisions(&request, &path_id(&request)?).await?;
    answer::json(&request, &RoleDiff::of((from, &old), (to, &new)).map_err(Problem::internal)?)
}

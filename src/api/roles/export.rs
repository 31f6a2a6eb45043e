//! Giving out all roles at once: a role a line.

use std::sync::Arc;

use actix_web::http::header;
use actix_web::web::{Bytes, Data};
use actix_web::{HttpRequest, HttpResponse, get};
use async_trait::async_trait;

use super::super::State;
use super::super::answer::NEVER;
use super::super::caller::Caller;
use super::super::chunks::{self, Chunks, Walk};
use super::super::compress::accepted;
use super::super::extract::Query;
use super::super::problem::{Problem, problems};
use super::super::spec::{LINES, LinesAnswer};
use crate::domain::Role;
use crate::store::Store;
use crate::store::document::{Kind, Listed};
use crate::store::keys::Scope;

problems!(ExportProblems: UnknownParameter, DuplicateParameter, Unavailable);

/// Export roles
///
/// All roles, each in a line of its own (NDJSON), in the order of their ids, as the import takes them. A role that exists
/// all the while is there once, in a revision that was current at some moment of the export; one that is added or removed
/// meanwhile may be there or not. Who needs the state of one moment reads the changes to their end first, then the export,
/// and then the changes since. An answer that ends before its time (without the last, empty chunk) is not the whole
/// catalogue.
#[utoipa::path(
    tag = "Roles",
    operation_id = "export_roles",
    responses(LinesAnswer<Role>, ExportProblems),
    security(("key" = ["read"])),
)]
#[get("/api/v1/roles:export")]
pub async fn export_roles(
    request: HttpRequest,
    caller: Caller,
    state: Data<State>,
) -> Result<HttpResponse, Problem> {
    caller.may(Scope::Read)?;
    Query::of(&request, &[])?;
    let mut response = HttpResponse::Ok();
    response
        .insert_header((header::CONTENT_TYPE, LINES))
        .insert_header((header::CACHE_CONTROL, NEVER))
        .insert_header((header::VARY, "Accept-Encoding"));
    let export = Export { store: state.store.clone(), walk: Walk::default() };
    chunks::answer(response, export, accepted(&request)).await
}

/// A walk through all roles.
struct Export {
    store: Arc<dyn Store>,
    walk: Walk,
}

#[async_trait]
impl Chunks for Export {
    /// The lines of the next page.
    async fn next(&mut self) -> Result<Option<Bytes>, Problem> {
        let store = &self.store;
        let read = |after: Option<String>, limit| async move {
            store.list(Kind::Role, "", after.as_deref(), limit).await
        };
        let Some(items) = self.walk.next(read).await? else { return Ok(None) };
        let mut lines = Vec::with_capacity(items.iter().map(|role| role.body.len() + 1).sum());
        for Listed { body, .. } in &items {
            lines.extend_from_slice(body.as_bytes());
            lines.push(b'\n');
        }
        Ok(Some(lines.into()))
    }
}

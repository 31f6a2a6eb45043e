//! Giving out all roles at once: a role a line.

use std::io::Write;
use std::mem::take;
use std::sync::Arc;

use actix_web::body::BodyStream;
use actix_web::http::header::{self, ContentEncoding};
use actix_web::web::{Bytes, Data, block};
use actix_web::{HttpRequest, HttpResponse, get};
use flate2::Compression;
use flate2::write::GzEncoder;
use futures_util::{Stream, stream};

use super::super::State;
use super::super::answer::NEVER;
use super::super::caller::Caller;
use super::super::compress::{Coding, accepted};
use super::super::extract::Query;
use super::super::problem::{Problem, problems};
use super::super::spec::{LINES, LinesAnswer};
use crate::domain::Role;
use crate::store::document::{Kind, Listed};
use crate::store::keys::Scope;
use crate::store::{Slice, Store};

problems!(ExportProblems: UnknownParameter, DuplicateParameter, Unavailable);

/// The first page, and the most roles of any.
const FIRST_PAGE: usize = 16;
const MAX_PAGE: usize = 500;
/// How many bytes a page should have: roles differ in length by a factor of a thousand.
const PAGE_BYTES: usize = 512 * 1024;

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
    // A store that is away is told while there still is a status to tell it with.
    let mut export = Export::new(state.store.clone());
    let first = export.next().await?;
    let mut response = HttpResponse::Ok();
    response
        .insert_header((header::CONTENT_TYPE, LINES))
        .insert_header((header::CACHE_CONTROL, NEVER))
        .insert_header((header::VARY, "Accept-Encoding"));
    let lines = lines(export, first);
    if accepted(&request) == Coding::Identity {
        return Ok(response.body(BodyStream::new(Box::pin(lines))));
    }
    response.insert_header(ContentEncoding::Gzip);
    Ok(response.body(BodyStream::new(Box::pin(gzipped(lines)))))
}

/// A walk through all roles.
struct Export {
    store: Arc<dyn Store>,
    after: Option<String>,
    page: usize,
    ended: bool,
}

impl Export {
    fn new(store: Arc<dyn Store>) -> Self {
        Self { store, after: None, page: FIRST_PAGE, ended: false }
    }

    /// The lines of the next page; nothing after the last.
    async fn next(&mut self) -> Result<Option<Bytes>, Problem> {
        if self.ended {
            return Ok(None);
        }
        let Slice { items, more } = self.store.list(Kind::Role, "", self.after.as_deref(), self.page).await?;
        self.ended = !more;
        let length: usize = items.iter().map(|role| role.body.len() + 1).sum();
        let mut lines = Vec::with_capacity(length);
        for Listed { body, .. } in &items {
            lines.extend_from_slice(body.as_bytes());
            lines.push(b'\n');
        }
        self.page = (items.len() * PAGE_BYTES / length.max(1)).clamp(1, MAX_PAGE);
        self.after = items.into_iter().next_back().map(|role| role.id);
        Ok(Some(lines.into()))
    }
}

fn lines(export: Export, first: Option<Bytes>) -> impl Stream<Item = Result<Bytes, Problem>> {
    stream::try_unfold((export, first), |(mut export, first)| async move {
        // An error here ends the connection: all that can be said when the status is sent.
        let page = match first {
            Some(page) => Some(page),
            None => export.next().await?,
        };
        Ok(page.map(|page| (page, (export, None))))
    })
}

/// The same, compressed: each page apart from the next, off the threads that answer requests.
fn gzipped(lines: impl Stream<Item = Result<Bytes, Problem>>) -> impl Stream<Item = Result<Bytes, Problem>> {
    let encoder = Some(GzEncoder::new(Vec::new(), Compression::fast()));
    stream::try_unfold((Box::pin(lines), encoder), |(mut lines, encoder)| async move {
        use futures_util::TryStreamExt;
        let Some(mut encoder) = encoder else { return Ok(None) };
        let page = lines.try_next().await?;
        let coded = block(move || match page {
            Some(page) => {
                encoder.write_all(&page)?;
                let bytes = take(encoder.get_mut());
                Ok((bytes, Some(encoder)))
            }
            None => Ok((encoder.finish()?, None)),
        });
        let (bytes, encoder) = coded
            .await
            .map_err(Problem::internal)?
            .map_err(|error: std::io::Error| Problem::internal(error))?;
        Ok(Some((Bytes::from(bytes), (lines, encoder))))
    })
}

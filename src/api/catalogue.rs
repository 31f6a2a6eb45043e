//! Roles as they are read: from memory, as ready bytes, after the store was asked whether they are
//! still what it has.

use std::sync::Arc;

use actix_web::HttpRequest;
use jiff::Timestamp;
use quick_cache::Weighter;
use quick_cache::sync::Cache;

use super::answer::Kept;
use super::problem::Problem;
use super::refusal::missing;
use super::{State, roles};
use crate::domain::{Role, Slug};
use crate::render::{Fingerprint, Subject};
use crate::store::DocumentId;

/// Bytes of memory that kept roles may take: some thousand roles.
const KEEP_BYTES: u64 = 64 * 1024 * 1024;

/// A revision of a role, with what is kept of it.
#[derive(Debug)]
pub struct Known {
    /// The role.
    pub role: Role,
    /// Its revision.
    pub revision: u32,
    /// The digest of its content.
    pub fingerprint: Fingerprint,
    /// The answer that it is.
    pub answer: Kept,
}

impl Known {
    /// A role of the store.
    ///
    /// # Errors
    /// A fault of ours, when the store has what is no role.
    pub fn read(body: &str, revision: u32, at: Timestamp) -> Result<Self, Problem> {
        let role: Role = serde_json::from_str(body).map_err(Problem::internal)?;
        let answer = roles::document(body, revision, at);
        Ok(Self { fingerprint: Fingerprint::of(&role), role, revision, answer })
    }

    /// The role, for the renderer.
    pub fn subject(&self) -> Subject<'_> {
        Subject::Stored { role: &self.role, fingerprint: self.fingerprint, revision: self.revision }
    }
}

/// The roles that were read before, by id.
#[derive(Debug)]
pub struct Memory(Cache<String, Arc<Known>, Weight>);

#[derive(Clone, Debug)]
struct Weight;

impl Weighter<String, Arc<Known>> for Weight {
    fn weight(&self, id: &String, known: &Arc<Known>) -> u64 {
        // The role's own texts, and its answer in two codings.
        (id.len() + known.answer.length() * 3 + 512) as u64
    }
}

impl Default for Memory {
    fn default() -> Self {
        Self(Cache::with_weighter(4096, KEEP_BYTES, Weight))
    }
}

impl State {
    /// The role that the path names, in its current revision.
    pub(super) async fn role(&self, request: &HttpRequest) -> Result<Arc<Known>, Problem> {
        self.role_by_id(request.match_info().get("id").unwrap_or_default()).await
    }

    /// The role with this id, in its current revision.
    pub(super) async fn role_by_id(&self, id: &str) -> Result<Arc<Known>, Problem> {
        let document = role_id(id)?;
        let head = self.head(&document).await?;
        if head.deleted {
            return Err(Problem::deleted(&document, head.revision));
        }
        let kept = self.memory.0.get(id).filter(|known| known.revision == head.revision);
        self.metrics.read_role(kept.is_some());
        if let Some(known) = kept {
            return Ok(known);
        }
        let known = self.read(&document, head.revision).await?;
        self.memory.0.insert(id.to_owned(), Arc::clone(&known));
        Ok(known)
    }

    /// A revision of the role with this id, the current or an older one.
    pub(super) async fn role_revision(&self, id: &str, revision: u32) -> Result<Arc<Known>, Problem> {
        let document = role_id(id)?;
        let head = self.head(&document).await?;
        if !head.deleted && head.revision == revision {
            return self.role_by_id(id).await;
        }
        self.read(&document, revision).await
    }

    async fn read(&self, document: &DocumentId, revision: u32) -> Result<Arc<Known>, Problem> {
        let (change, body) = self.revision(document, revision).await?;
        Known::read(&body, change.revision, change.at).map(Arc::new)
    }
}

/// Names a role. What is no slug names none.
///
/// # Errors
/// That there is no such role.
pub fn role_id(id: &str) -> Result<DocumentId, Problem> {
    match Slug::try_from(id) {
        Ok(slug) => Ok(DocumentId::role(slug.to_string())),
        Err(_) => Err(missing(&DocumentId::role(id))),
    }
}

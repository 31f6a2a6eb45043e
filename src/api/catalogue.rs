//! Documents as they are read: from memory, as ready bytes, after the store was asked whether they
//! are still what it has.

use std::fmt::Debug;
use std::sync::Arc;
use std::time::SystemTime;

use actix_web::http::header::{self, HttpDate};
use jiff::Timestamp;
use quick_cache::Weighter;
use quick_cache::sync::Cache;

use super::State;
use super::answer::{Answer, Kept, REVALIDATE};
use super::conditional::Tag;
use super::kept::named;
use super::problem::Problem;
use super::refusal::missing;
use super::roles::REVISION;
use crate::domain::{KeptEmployer, KeptPosting, OwnTone, Role, Violation};
use crate::render::{Fingerprint, Renderer, Subject, Tone};
use crate::store::DocumentId;
use crate::store::document::Kind;

/// Bytes of memory that roles may take: some thousands of them.
const ROLE_BYTES: u64 = 64 * 1024 * 1024;
/// Bytes of memory that employers may take, and their tones.
const EMPLOYER_BYTES: u64 = 16 * 1024 * 1024;

/// Bytes of memory that postings may take: about a thousand of them.
const POSTING_BYTES: u64 = 64 * 1024 * 1024;

/// A revision of a document, with what is kept of it.
#[derive(Debug)]
pub struct Known<C> {
    /// What it says.
    pub content: C,
    /// Its number.
    pub revision: u32,
    /// When it was made.
    pub at: Timestamp,
    /// The answer that it is; empty, if it is told otherwise than it is kept.
    pub answer: Kept,
    /// How many bytes the document has.
    length: usize,
}

/// What a document of a kind says, ready for use.
pub trait Content: Sized {
    /// Whether the document is an answer as it is.
    const IS_ANSWER: bool = true;

    /// Reads what the store has.
    ///
    /// # Errors
    /// A fault of ours, when that is no such document.
    fn read(body: &str, renderer: &Renderer) -> Result<Self, serde_json::Error>;

    /// Where those that were read before are kept.
    fn memory(memories: &Memories) -> &Memory<Self>;
}

/// What a role says.
#[derive(Debug)]
pub struct RoleContent {
    /// The role.
    pub role: Role,
    /// The digest of its content.
    pub fingerprint: Fingerprint,
}

/// What an employer's own tone says.
#[derive(Debug)]
pub struct ToneContent {
    /// The definition.
    pub definition: OwnTone,
    /// The tone; or why it cannot be said any more, if the templates are not those that it was
    /// checked with.
    pub tone: Result<Arc<Tone>, Vec<Violation>>,
}

impl Content for RoleContent {
    fn read(body: &str, _: &Renderer) -> Result<Self, serde_json::Error> {
        let role: Role = serde_json::from_str(body)?;
        Ok(Self { fingerprint: Fingerprint::of(&role), role })
    }

    fn memory(memories: &Memories) -> &Memory<Self> {
        &memories.roles
    }
}

impl Content for KeptEmployer {
    fn read(body: &str, _: &Renderer) -> Result<Self, serde_json::Error> {
        serde_json::from_str(body)
    }

    fn memory(memories: &Memories) -> &Memory<Self> {
        &memories.employers
    }
}

impl Content for ToneContent {
    fn read(body: &str, renderer: &Renderer) -> Result<Self, serde_json::Error> {
        let definition: OwnTone = serde_json::from_str(body)?;
        Ok(Self { tone: renderer.own_tone(&definition), definition })
    }

    fn memory(memories: &Memories) -> &Memory<Self> {
        &memories.tones
    }
}

impl Content for KeptPosting {
    const IS_ANSWER: bool = false;

    fn read(body: &str, _: &Renderer) -> Result<Self, serde_json::Error> {
        serde_json::from_str(body)
    }

    fn memory(memories: &Memories) -> &Memory<Self> {
        &memories.postings
    }
}

impl<C: Content> Known<C> {
    /// A revision that the store has.
    ///
    /// # Errors
    /// A fault of ours, when it is no such document.
    pub fn read(body: &str, revision: u32, at: Timestamp, renderer: &Renderer) -> Result<Self, Problem> {
        let content = C::read(body, renderer).map_err(Problem::internal)?;
        let answer = Answer::new("application/json", REVALIDATE)
            .header(REVISION, revision)
            .header(header::LAST_MODIFIED, HttpDate::from(SystemTime::from(at)));
        let bytes = if C::IS_ANSWER { body.as_bytes().to_vec() } else { Vec::new() };
        let answer = Kept::tagged(answer, Tag::of_revision(revision), bytes);
        Ok(Self { content, revision, at, answer, length: body.len() })
    }
}

impl Known<RoleContent> {
    /// The role, for the renderer.
    pub fn subject(&self) -> Subject<'_> {
        let RoleContent { role, fingerprint } = &self.content;
        Subject::Stored { role, fingerprint: *fingerprint, revision: self.revision }
    }
}

/// The documents of a kind that were read before.
#[derive(Debug)]
pub struct Memory<C>(Cache<DocumentId, Arc<Known<C>>, Weight>);

/// The memories of all kinds.
#[derive(Debug)]
pub struct Memories {
    roles: Memory<RoleContent>,
    employers: Memory<KeptEmployer>,
    tones: Memory<ToneContent>,
    postings: Memory<KeptPosting>,
}

impl Default for Memories {
    fn default() -> Self {
        Self {
            roles: Memory::of(4096, ROLE_BYTES),
            employers: Memory::of(256, EMPLOYER_BYTES),
            tones: Memory::of(256, EMPLOYER_BYTES),
            postings: Memory::of(1024, POSTING_BYTES),
        }
    }
}

impl<C> Memory<C> {
    fn of(documents: usize, bytes: u64) -> Self {
        Self(Cache::with_weighter(documents, bytes, Weight))
    }
}

#[derive(Clone, Debug)]
struct Weight;

impl<C> Weighter<DocumentId, Arc<Known<C>>> for Weight {
    fn weight(&self, document: &DocumentId, known: &Arc<Known<C>>) -> u64 {
        // The document's own texts, and its answer in two codings.
        (document.owner.len() + document.id.len() + known.length * 3 + 512) as u64
    }
}

/// What the store has under the name of a document.
pub enum Found<C> {
    /// The document.
    There(Arc<Known<C>>),
    /// What was removed, by this revision.
    Removed(u32),
    /// Nothing.
    Nothing,
}

impl State {
    /// The role with this id, in its current revision.
    pub(super) async fn role(&self, id: &str) -> Result<Arc<Known<RoleContent>>, Problem> {
        self.current(&named(DocumentId::role(id))?).await
    }

    /// A revision of the role with this id, the current or an older one.
    pub(super) async fn role_revision(
        &self,
        id: &str,
        revision: u32,
    ) -> Result<Arc<Known<RoleContent>>, Problem> {
        let document = named(DocumentId::role(id))?;
        let head = self.head(&document).await?;
        if !head.deleted && head.revision == revision {
            return self.current(&document).await;
        }
        self.read(&document, revision).await
    }

    /// A document in its current revision.
    ///
    /// # Errors
    /// That there is none, or that it was removed.
    pub(super) async fn current<C: Content>(&self, document: &DocumentId) -> Result<Arc<Known<C>>, Problem> {
        match self.find(document).await? {
            Found::There(known) => Ok(known),
            Found::Removed(revision) => Err(Problem::deleted(document, revision)),
            Found::Nothing => Err(missing(document)),
        }
    }

    /// A document in its current revision, if there is one.
    pub(super) async fn find<C: Content>(&self, document: &DocumentId) -> Result<Found<C>, Problem> {
        let Some(head) = self.store.head(document).await? else { return Ok(Found::Nothing) };
        if head.deleted {
            return Ok(Found::Removed(head.revision));
        }
        let memory = &C::memory(&self.memories).0;
        let kept = memory.get(document).filter(|known| known.revision == head.revision);
        if document.kind == Kind::Role {
            self.metrics.read_role(kept.is_some());
        }
        if let Some(known) = kept {
            return Ok(Found::There(known));
        }
        let known = self.read(document, head.revision).await?;
        memory.insert(document.clone(), Arc::clone(&known));
        Ok(Found::There(known))
    }

    async fn read<C: Content>(&self, document: &DocumentId, revision: u32) -> Result<Arc<Known<C>>, Problem> {
        let (change, body) = self.revision(document, revision).await?;
        Known::read(&body, change.revision, change.at, &self.renderer).map(Arc::new)
    }
}

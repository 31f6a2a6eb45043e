//! Documents that are kept with a history: what their kinds have in common, and where they differ.
//!
//! To keep documents of another kind: a row in [`Kind`](crate::store::document::Kind), their
//! [`KeptDocument`] and, for reads, their [`Content`](super::catalogue::Content), and handlers that
//! check the caller and leave the rest to [`write`](super::write) and [`history`](super::history).

use actix_web::HttpRequest;
use actix_web::web::{Data, block};
use serde::Serialize;

use super::State;
use super::problem::{FieldError, Kind, Problem};
use super::refusal::missing;
use crate::domain::{Document, KeptEmployer, OwnTone, Role, Slug, Violation};
use crate::store::DocumentId;
use crate::store::document;

/// The most tones that an employer has.
pub const MAX_TONES: usize = 100;

/// A document that is kept with a history.
pub trait KeptDocument: Document + Serialize {
    /// The id that it has in itself.
    fn id(&self) -> &Slug;

    /// Gives it back, if nothing stands against keeping it as `document`: beside its own rules, which
    /// hold already, what only the server knows.
    async fn admitted(self, document: &DocumentId, state: &Data<State>) -> Result<Self, Problem>;
}

impl KeptDocument for Role {
    fn id(&self) -> &Slug {
        &self.id
    }

    async fn admitted(self, _: &DocumentId, _: &Data<State>) -> Result<Self, Problem> {
        Ok(self)
    }
}

impl KeptDocument for KeptEmployer {
    fn id(&self) -> &Slug {
        &self.id
    }

    async fn admitted(self, _: &DocumentId, state: &Data<State>) -> Result<Self, Problem> {
        let violations = state.renderer.employer_violations(&self);
        if violations.is_empty() { Ok(self) } else { Err(Problem::of_body("", violations)) }
    }
}

impl KeptDocument for OwnTone {
    fn id(&self) -> &Slug {
        &self.id
    }

    async fn admitted(self, document: &DocumentId, state: &Data<State>) -> Result<Self, Problem> {
        // It says all that it has to say, in every format: too long for a worker.
        let renders = state.clone();
        let check = move || renders.renderer.checked_own_tone(&self).map(|_| self);
        let checked = block(check).await.map_err(Problem::internal)?;
        let tone = checked.map_err(|violations| Problem::of_body("", violations))?;
        state.make_room(document).await?;
        Ok(tone)
    }
}

impl State {
    /// Refuses a tone that would be one more than an employer has. Of several that are added at the
    /// same moment, each may be the last.
    pub(super) async fn make_room(&self, tone: &DocumentId) -> Result<(), Problem> {
        if self.store.head(tone).await?.is_some_and(|head| !head.deleted)
            || self.store.count(tone.kind, &tone.owner).await? < MAX_TONES as u64
        {
            return Ok(());
        }
        let detail = format!("the employer `{}` has {MAX_TONES} tones, and may have no more", tone.owner);
        Err(Kind::TooManyTones.because(detail))
    }
}

/// A document of an id that could be one. What is no slug names nothing.
///
/// # Errors
/// That there is no such document.
pub fn named(document: DocumentId) -> Result<DocumentId, Problem> {
    match Slug::try_from(document.id.as_str()) {
        Ok(_) => Ok(document),
        Err(_) => Err(missing(&document)),
    }
}

/// A document that need not be there yet.
///
/// # Errors
/// A problem for what cannot be an id.
pub fn named_anew(document: DocumentId) -> Result<DocumentId, Problem> {
    match Slug::try_from(document.id.as_str()) {
        Ok(_) => Ok(document),
        Err(error) => {
            let violation = Violation::new("", error.to_string());
            Err(Problem::of_query(vec![FieldError::in_query("id", violation)]))
        }
    }
}

/// A segment of the path, by the name that the route gives it.
pub fn segment<'r>(request: &'r HttpRequest, name: &str) -> &'r str {
    request.match_info().get(name).unwrap_or_default()
}

/// Where a document is.
pub fn path(document: &DocumentId) -> String {
    let DocumentId { kind, owner, id } = document;
    match kind {
        document::Kind::Role => format!("/api/v1/roles/{id}"),
        document::Kind::Employer => format!("/api/v1/employers/{id}"),
        document::Kind::Tone => format!("/api/v1/employers/{owner}/tones/{id}"),
        document::Kind::Posting => format!("/api/v1/postings/{id}"),
    }
}

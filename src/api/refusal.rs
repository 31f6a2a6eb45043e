//! How a refused write is told, whatever the kind of document.

use super::caller::no_employer;
use super::conditional::Condition;
use super::problem::{FieldError, Kind, Problem};
use crate::domain::Violation;
use crate::store::DocumentId;
use crate::store::document::{self, Head, Refusal};

/// What was asked for, as far as a refusal depends on it.
#[derive(Clone, Copy, Debug)]
pub enum Asked<'c> {
    /// To make a document of a new id.
    Create,
    /// To put a document in place, whether there is one or not.
    Put(&'c Condition),
    /// To change a document that is there.
    Change,
}

/// The problem that a refusal is to the caller.
pub fn refused(document: &DocumentId, refusal: Refusal, asked: Asked<'_>) -> Problem {
    use Condition::{None, OneOf, Present};
    match (refusal, asked) {
        (Refusal::Exists(head), Asked::Create) => exists(document, head),
        (Refusal::Exists(head), _) if head.deleted => Problem::deleted(document, head.revision),
        (Refusal::Deleted(head), _) => Problem::deleted(document, head.revision),
        (Refusal::Exists(head), Asked::Put(None)) => condition_required(document, head),
        (Refusal::Exists(head) | Refusal::Stale(head), _) => stale(document, head),
        (Refusal::Missing, Asked::Put(Present | OneOf(_))) => {
            Kind::PreconditionFailed.because(format!("there is no {document} that `If-Match` could match"))
        }
        (Refusal::Missing, _) => missing(document),
        (Refusal::NotDeleted(head), _) => {
            let detail = format!("the {document} is there, at revision {}", head.revision);
            Kind::NotDeleted.because(detail).at(head)
        }
        (Refusal::SlugTaken(other), _) => {
            let detail = format!("the posting `{other}` of this employer has this slug");
            Kind::SlugTaken
                .with(detail.clone(), vec![FieldError::in_body("", Violation::new("/slug", detail))])
        }
    }
}

/// Lets a change go on that is made from this state of a document, if the request's condition holds.
///
/// # Errors
/// What was removed, what needs a condition and has none, and a condition that does not hold.
pub fn permit(document: &DocumentId, head: Head, condition: &Condition) -> Result<(), Problem> {
    match condition {
        _ if head.deleted => Err(Problem::deleted(document, head.revision)),
        Condition::None => Err(condition_required(document, head)),
        Condition::Absent => Err(stale(document, head)),
        Condition::OneOf(revisions) if !revisions.contains(&head.revision) => Err(stale(document, head)),
        Condition::Present | Condition::OneOf(_) => Ok(()),
    }
}

/// That there never was such a document.
pub fn missing(document: &DocumentId) -> Problem {
    let DocumentId { kind, owner, id } = document;
    match kind {
        document::Kind::Role => Kind::RoleNotFound.because(format!("there is no role with the id `{id}`")),
        document::Kind::Employer => no_employer(id),
        document::Kind::Tone => {
            Kind::ToneNotFound.because(format!("the employer `{owner}` has no tone with the id `{id}`"))
        }
        document::Kind::Posting => {
            Kind::PostingNotFound.because(format!("there is no posting with the id `{id}`"))
        }
    }
}

fn exists(document: &DocumentId, head: Head) -> Problem {
    let (what, id, revision) = (document.kind.as_str(), &document.id, head.revision);
    let detail = if head.deleted {
        format!("there was a {what} `{id}`, removed by revision {revision}; POST …/restore brings it back")
    } else {
        format!("there is a {what} `{id}` already, at revision {revision}")
    };
    let kind = match document.kind {
        document::Kind::Role => Kind::RoleExists,
        document::Kind::Employer => Kind::EmployerExists,
        document::Kind::Tone => Kind::ToneExists,
        // Their ids are made here: none is ever asked for twice.
        document::Kind::Posting => Kind::Internal,
    };
    kind.because(detail).at(head)
}

fn condition_required(document: &DocumentId, head: Head) -> Problem {
    let revision = head.revision;
    let detail = format!(
        "the {document} is there, at revision {revision}; to write over that, send `If-Match: \"{revision}\"`"
    );
    Kind::PreconditionRequired.because(detail).at(head)
}

fn stale(document: &DocumentId, head: Head) -> Problem {
    let detail = format!("the {document} is at revision {} now", head.revision);
    Kind::PreconditionFailed.because(detail).at(head)
}

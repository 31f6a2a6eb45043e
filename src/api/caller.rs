//! Who asks, and what they may do.
//!
//! A handler takes a [`Caller`], and asks it first of all: [`may`](Caller::may) for a scope,
//! [`may_share`](Caller::may_share) for a write of what all employers share, and
//! [`must_see`](Caller::must_see) for what belongs to one.

use std::future::{Ready, ready};
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpMessage, HttpRequest};

use super::problem::{Kind, Problem};
use super::request_id::RequestId;
use crate::store::document::Author;
use crate::store::keys::{KeyRecord, Scope};

/// How a caller is asked for a key (RFC 6750, section 3).
pub const CHALLENGE: &str = "Bearer realm=\"rolewright\"";
/// The name of whoever shows no key.
const ANONYMOUS: &str = "anonymous";

/// Who asks, and what they may do.
#[derive(Clone, Debug)]
pub struct Caller(Who);

#[derive(Clone, Debug)]
enum Who {
    /// The owner of a key that is good.
    Key { record: Arc<KeyRecord>, request: Option<RequestId> },
    /// Somebody without a key.
    Anonymous { stranger: Stranger, request: Option<RequestId> },
}

/// Somebody who shows no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stranger {
    /// Whether it is the machine itself that asks.
    pub local: bool,
    /// Whether reading and rendering are free for it.
    pub reads: bool,
}

impl Caller {
    /// The owner of a key.
    pub fn with_key(record: Arc<KeyRecord>, request: Option<RequestId>) -> Self {
        Self(Who::Key { record, request })
    }

    /// Somebody who shows no key.
    pub fn anonymous(stranger: Stranger, request: Option<RequestId>) -> Self {
        Self(Who::Anonymous { stranger, request })
    }

    /// Lets the request go on if the caller may do what needs `scope`.
    ///
    /// # Errors
    /// 401 for nobody, 403 for a key without that scope, which it names.
    pub fn may(&self, scope: Scope) -> Result<(), Problem> {
        match &self.0 {
            Who::Key { record, .. } if record.allows(scope) => Ok(()),
            Who::Key { .. } => Err(scope_missing(scope)),
            Who::Anonymous { stranger, .. } if stranger.reads && scope == Scope::Read => Ok(()),
            Who::Anonymous { .. } => {
                Err(key_required(&format!("this needs an API key with the scope `{scope}`")))
            }
        }
    }

    /// Whether the caller shows a key.
    pub fn has_key(&self) -> bool {
        matches!(self.0, Who::Key { .. })
    }

    /// The same for what is seen with a key alone, whoever may read the rest.
    ///
    /// # Errors
    /// 401 for nobody, 403 for a key without that scope, which it names.
    pub fn may_with_key(&self, scope: Scope) -> Result<(), Problem> {
        match &self.0 {
            Who::Key { .. } => self.may(scope),
            Who::Anonymous { .. } => {
                Err(key_required(&format!("this needs an API key with the scope `{scope}`")))
            }
        }
    }

    /// Lets the request go on if the caller may write what all employers share: roles.
    ///
    /// # Errors
    /// As [`Caller::may`] says of [`Scope::Write`]; 403 for a key that is limited to employers.
    pub fn may_share(&self) -> Result<(), Problem> {
        self.may(Scope::Write)?;
        match &self.0 {
            Who::Key { record, .. } if !record.employers.is_empty() => Err(Kind::KeyLimited.because(
                "the key is limited to employers, and may not write what all of them share, such as roles",
            )),
            _ => Ok(()),
        }
    }

    /// Lets the request go on if the caller may watch how the server does: the machine itself, or
    /// any key.
    ///
    /// # Errors
    /// 401 for nobody.
    pub fn may_watch(&self) -> Result<(), Problem> {
        match &self.0 {
            Who::Key { .. } | Who::Anonymous { stranger: Stranger { local: true, .. }, .. } => Ok(()),
            Who::Anonymous { .. } => Err(key_required("this needs an API key, with whatever scope")),
        }
    }

    /// Lets the request go on if the caller may add an employer with this id.
    ///
    /// # Errors
    /// As [`Caller::may`] says of [`Scope::Write`]; 403 for a key that is limited to others.
    pub fn may_add(&self, employer: &str) -> Result<(), Problem> {
        self.may(Scope::Write)?;
        if self.sees(employer) {
            return Ok(());
        }
        Err(Kind::KeyLimited.because("the key is limited to employers, and this id is not one of theirs"))
    }

    /// The ids of the employers that the caller is limited to; nothing for one that may see all.
    pub fn limited_to(&self) -> Option<&[String]> {
        match &self.0 {
            Who::Key { record, .. } if !record.employers.is_empty() => Some(&record.employers),
            _ => None,
        }
    }

    /// Whether the caller may see what belongs to an employer.
    pub fn sees(&self, employer: &str) -> bool {
        match &self.0 {
            Who::Key { record, .. } => record.sees(employer),
            Who::Anonymous { .. } => true,
        }
    }

    /// Lets the request go on if the caller may see what belongs to an employer.
    ///
    /// # Errors
    /// 404, as if there were no such employer.
    pub fn must_see(&self, employer: &str) -> Result<(), Problem> {
        if self.sees(employer) { Ok(()) } else { Err(no_employer(employer)) }
    }

    /// The caller, for the history of what is written.
    pub fn author(&self) -> Author {
        let text = |request: &Option<RequestId>| request.as_ref().map(|id| id.as_str().to_owned());
        match &self.0 {
            Who::Key { record, request } => {
                Author { name: record.name.clone(), key: Some(record.id.clone()), request: text(request) }
            }
            Who::Anonymous { request, .. } => {
                Author { name: ANONYMOUS.to_owned(), key: None, request: text(request) }
            }
        }
    }

    /// What tells the callers' own `Idempotency-Key`s apart: the id of the API key.
    pub fn key_scope(&self) -> &str {
        match &self.0 {
            Who::Key { record, .. } => &record.id,
            Who::Anonymous { .. } => ANONYMOUS,
        }
    }
}

impl FromRequest for Caller {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let known = request.extensions().get::<Self>().cloned();
        ready(known.ok_or_else(|| Problem::internal("a request came in that nobody let in")))
    }
}

/// The problem of an employer that there is not, or not for this caller: nobody can tell which.
pub fn no_employer(id: &str) -> Problem {
    Kind::EmployerNotFound.because(format!("there is no employer with the id `{id}`"))
}

fn key_required(detail: &str) -> Problem {
    let problem = Kind::KeyRequired.because(format!("{detail}, as `Authorization: Bearer …`"));
    problem.header(header::WWW_AUTHENTICATE, CHALLENGE)
}

fn scope_missing(scope: Scope) -> Problem {
    let challenge = format!("{CHALLENGE}, error=\"insufficient_scope\", scope=\"{scope}\"");
    let problem = Kind::ScopeMissing.because(format!("the key lacks the scope `{scope}`"));
    problem.header(header::WWW_AUTHENTICATE, challenge)
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;

    fn key(scopes: &[Scope], employers: &[&str]) -> Caller {
        let record = KeyRecord {
            id: "0123456789abcdef".into(),
            name: "hr-sync".into(),
            digest: [0; 32],
            scopes: scopes.into(),
            employers: employers.iter().map(|&id| id.to_owned()).collect(),
            created_at: Timestamp::UNIX_EPOCH,
            expires_at: None,
            last_used_at: None,
            revoked_at: None,
        };
        Caller::with_key(record.into(), None)
    }

    fn stranger(local: bool, reads: bool) -> Caller {
        Caller::anonymous(Stranger { local, reads }, None)
    }

    fn challenge(problem: &Problem) -> &str {
        let (name, value) = problem.headers.first().unwrap();
        assert_eq!(name, header::WWW_AUTHENTICATE);
        value.to_str().unwrap()
    }

    #[test]
    fn a_scope_allows_itself_and_reading_and_admin_everything() {
        for own in Scope::ALL {
            for needed in Scope::ALL {
                let allowed = own == needed || own == Scope::Admin || needed == Scope::Read;
                assert_eq!(key(&[own], &[]).may(needed).is_ok(), allowed, "{own} {needed}");
            }
        }
        let refused = key(&[Scope::Read, Scope::Publish], &[]).may(Scope::Write).unwrap_err();
        assert_eq!((refused.kind, refused.status), (Kind::ScopeMissing, 403));
        assert!(refused.detail.contains("`write`"));
        assert!(challenge(&refused).ends_with("error=\"insufficient_scope\", scope=\"write\""));
    }

    #[test]
    fn strangers_read_where_that_is_free_and_write_nowhere() {
        assert!(stranger(false, true).may(Scope::Read).is_ok());
        for refused in [stranger(true, false).may(Scope::Read), stranger(true, true).may(Scope::Write)] {
            let refused = refused.unwrap_err();
            assert_eq!((refused.kind, challenge(&refused)), (Kind::KeyRequired, CHALLENGE));
        }
        assert!(stranger(true, false).may_watch().is_ok() && stranger(false, true).may_watch().is_err());
    }

    #[test]
    fn a_key_that_is_limited_to_employers_sees_those_and_writes_nothing_that_is_shared() {
        let limited = key(&[Scope::Write], &["acme", "beta"]);
        assert!(limited.sees("acme") && limited.sees("beta") && !limited.sees("gamma"));
        let hidden = limited.must_see("gamma").unwrap_err();
        assert_eq!((hidden.kind, hidden.detail), (Kind::EmployerNotFound, no_employer("gamma").detail));
        assert_eq!(limited.may_share().unwrap_err().kind, Kind::KeyLimited);
        assert!(key(&[Scope::Write], &[]).may_share().is_ok() && stranger(true, true).may_share().is_err());
    }
}

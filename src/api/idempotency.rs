//! `Idempotency-Key`: a request that is sent twice is done once, and answered twice alike
//! (draft-ietf-httpapi-idempotency-key-header-07).
//!
//! The answer is stored in the transaction of the write, so that neither is there without the other.
//! To give a route the header: [`Key::of`] before the body is read, [`IdempotencyHeader`] in its
//! parameters, and [`State::write_once`] in place of a plain write.

use std::future::ready;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::{HttpRequest, HttpResponse};
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use utoipa::IntoParams;
use uuid::Uuid;

use super::State;
use super::caller::Caller;
use super::problem::{FieldError, Kind, Problem};
use super::refusal::{Asked, refused};
use super::writing::response;
use crate::domain::Violation;
use crate::store::document::{Batch, Order, Outcome, Refusal, Written};
use crate::store::replies::{Claim, Claimed, Completion, Reply};
use crate::store::{DocumentId, Store, StoreError};

const HEADER: HeaderName = HeaderName::from_static("idempotency-key");
/// Marks an answer that was given before.
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
const MAX_CHARS: usize = 255;
/// Seconds after which a request that is under way is done, most likely.
const RETRY_AFTER: u32 = 1;
/// How often it is decided anew when somebody else writes at the same moment.
const ATTEMPTS: usize = 5;
/// Seconds between two clearances of what no longer counts.
const CLEARED_EVERY: i64 = 600;

/// The header, for the specification.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[allow(dead_code, reason = "documents the header")]
pub struct IdempotencyHeader {
    /// Makes it safe to send the request again: with the same key and the same body it is done once, and the answer is
    /// given again, with `Idempotency-Replayed: true`, for 24 hours. 1 to 255 visible ASCII characters, bare or as a quoted
    /// string; a UUID is a good choice.
    #[param(
        rename = "Idempotency-Key",
        nullable = false,
        min_length = 1,
        max_length = 512,
        pattern = r#"^([!#-~][!-~]{0,254}|"([!#-\[\]-~]|\\["\\]){1,255}")$"#,
        example = "8e03978e-40d5-43e8-bc93-6894a57f9324"
    )]
    idempotency_key: Option<String>,
}

/// The key of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key(String);

impl Key {
    /// The key that a request brings, if it brings one.
    ///
    /// # Errors
    /// A problem for what is not one key of 1 to 255 visible ASCII characters.
    pub fn of(request: &HttpRequest) -> Result<Option<Self>, Problem> {
        let mut values = request.headers().get_all(HEADER);
        match (values.next(), values.next()) {
            (None, _) => Ok(None),
            (Some(value), None) => parse(value).map(Some).ok_or_else(invalid),
            (Some(_), Some(_)) => Err(invalid()),
        }
    }

    /// The claim of a request to be the one that is done under this key.
    pub fn claim(self, request: &HttpRequest, caller: &Caller, body: &[u8]) -> Claim {
        let mut digest = Sha256::new();
        for part in [request.query_string().as_bytes(), body] {
            digest.update((part.len() as u64).to_be_bytes());
            digest.update(part);
        }
        Claim {
            scope: format!("{} {} {}", caller.key_scope(), request.method(), request.path()),
            key: self.0,
            digest: digest.finalize().into(),
            attempt: Uuid::now_v7().into_bytes(),
        }
    }
}

/// The characters of a bare key, or those that a quoted string stands for (RFC 8941, section 3.3.3).
fn parse(value: &HeaderValue) -> Option<Key> {
    let text = value.to_str().ok()?.trim_matches([' ', '\t']);
    let key = match text.strip_prefix('"') {
        None => text.to_owned(),
        Some(quoted) => unquoted(quoted.strip_suffix('"')?)?,
    };
    let plain = (1..=MAX_CHARS).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_graphic());
    plain.then_some(Key(key))
}

fn unquoted(text: &str) -> Option<String> {
    let mut key = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        key.push(match c {
            '\\' => rest.next().filter(|c| matches!(c, '"' | '\\'))?,
            '"' => return None,
            other => other,
        });
    }
    Some(key)
}

fn invalid() -> Problem {
    let violation =
        Violation::new("", "must be 1 to 255 visible ASCII characters, bare or as one quoted string");
    let error = FieldError::in_query("Idempotency-Key", violation);
    Kind::InvalidIdempotencyKey.with(format!("`Idempotency-Key` {}", error.detail), vec![error])
}

/// Tells when to clear what no longer counts: at a claim, and not at every one.
#[derive(Debug, Default)]
pub struct Clearance(AtomicI64);

impl Clearance {
    fn due(&self, now: Timestamp) -> bool {
        let (last, now) = (self.0.load(Ordering::Relaxed), now.as_second());
        let due = now.saturating_sub(last) >= CLEARED_EVERY;
        due && self.0.compare_exchange(last, now, Ordering::Relaxed, Ordering::Relaxed).is_ok()
    }
}

/// What became of a write that is done once.
enum Done {
    Now(Reply),
    Before(Reply),
    Refused(Refusal),
}

type ToReply = Arc<dyn Fn(&Written) -> Reply + Send + Sync>;

impl State {
    /// Writes one document; with a claim, once for all requests that have the same.
    ///
    /// # Errors
    /// The refusal as a problem, what the database says, and what stands against the claim.
    pub(super) async fn write_once(
        &self,
        claim: Option<Claim>,
        order: Order,
        asked: Asked<'_>,
        reply: impl Fn(&Written) -> Reply + Send + Sync + 'static,
    ) -> Result<HttpResponse, Problem> {
        let (document, at) = (order.document.clone(), order.at);
        let decide = move || ready(Ok(order.clone()));
        match self.done(claim, at, decide, Arc::new(reply), 1).await? {
            Ok(response) => Ok(response),
            Err(refusal) => Err(refused(&document, refusal, asked)),
        }
    }

    /// Writes what is decided from the state that the document is in; with a claim, once for all requests
    /// that have the same. What was done before is answered again without a decision. If somebody else
    /// writes between the decision and the write, or takes the slug, it is decided anew, some times.
    ///
    /// # Errors
    /// As [`write_once`](Self::write_once), and what `decide` says.
    pub(super) async fn decide_once<D>(
        &self,
        claim: Option<Claim>,
        at: Timestamp,
        document: &DocumentId,
        decide: impl Fn() -> D + Send + Sync + 'static,
        reply: impl Fn(&Written) -> Reply + Send + Sync + 'static,
    ) -> Result<HttpResponse, Problem>
    where
        D: Future<Output = Result<Order, Problem>> + Send + 'static,
    {
        match self.done(claim, at, decide, Arc::new(reply), ATTEMPTS).await? {
            Ok(response) => Ok(response),
            Err(refusal) => Err(refused(document, refusal, Asked::Change)),
        }
    }

    async fn done<D>(
        &self,
        claim: Option<Claim>,
        at: Timestamp,
        decide: impl Fn() -> D + Send + Sync + 'static,
        reply: ToReply,
        attempts: usize,
    ) -> Result<Result<HttpResponse, Refusal>, Problem>
    where
        D: Future<Output = Result<Order, Problem>> + Send + 'static,
    {
        if claim.is_some() {
            self.clear(at);
        }
        let store = Arc::clone(&self.store);
        let task = async move {
            let mut left = attempts;
            loop {
                left -= 1;
                match once(&*store, claim.as_ref(), at, decide(), &reply).await? {
                    Done::Refused(Refusal::Stale(_) | Refusal::SlugTaken(_)) if left > 0 => {}
                    done => return Ok::<_, Problem>(done),
                }
            }
        };
        // In a task of its own: a client that goes away must not stop it between the claim and the
        // answer, or asking again would find neither.
        Ok(match tokio::spawn(task).await.map_err(Problem::internal)?? {
            Done::Now(reply) => Ok(response(&reply)),
            Done::Before(reply) => {
                let mut response = response(&reply);
                response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
                Ok(response)
            }
            Done::Refused(refusal) => Err(refusal),
        })
    }

    fn clear(&self, now: Timestamp) {
        if self.clearance.due(now) {
            let store = Arc::clone(&self.store);
            tokio::spawn(async move {
                if let Err(error) = store.forget_replies(now).await {
                    log::warn!("answers by Idempotency-Key cannot be cleared: {error}");
                }
            });
        }
    }
}

async fn once(
    store: &dyn Store,
    claim: Option<&Claim>,
    at: Timestamp,
    order: impl Future<Output = Result<Order, Problem>>,
    reply: &ToReply,
) -> Result<Done, Problem> {
    let claimed = match claim {
        Some(claim) => store.claim(claim, at).await?,
        None => Claimed::New,
    };
    match claimed {
        Claimed::New => {}
        Claimed::Done(reply) => return Ok(Done::Before(reply)),
        Claimed::InFlight => return Err(in_use()),
        Claimed::Mismatch => return Err(reused()),
    }
    let written = match order.await {
        Ok(order) => write(store, claim, order, reply).await.map_err(Problem::from),
        Err(problem) => Err(problem),
    };
    match written {
        Ok(Ok(written)) => Ok(Done::Now(reply(&written))),
        Ok(Err(refusal)) => Ok(Done::Refused(refusal)),
        Err(problem) => {
            // Should this fail too, the claim ends by itself.
            if let Some(claim) = claim
                && let Err(error) = store.release(claim).await
            {
                log::warn!("an Idempotency-Key stays claimed for a while: {error}");
            }
            Err(problem)
        }
    }
}

/// Writes, and stores the answer with it, if there is a claim; a refusal is not stored, and releases the claim.
async fn write(
    store: &dyn Store,
    claim: Option<&Claim>,
    order: Order,
    reply: &ToReply,
) -> Result<Outcome, StoreError> {
    let completion = claim.map(|claim| {
        let reply = Arc::clone(reply);
        let of = move |outcomes: &[Outcome]| outcomes.first()?.as_ref().ok().map(|written| reply(written));
        Completion { claim: claim.clone(), reply: Arc::new(of) }
    });
    let batch = Batch { completion, ..Batch::of(order) };
    let outcome = store.write(batch).await?.pop();
    outcome.ok_or_else(|| StoreError::failed("the store told nothing of a write"))
}

fn in_use() -> Problem {
    let problem = Kind::IdempotencyKeyInUse
        .because("a request with this `Idempotency-Key` is being answered now; please ask again");
    problem.header(header::RETRY_AFTER, RETRY_AFTER)
}

fn reused() -> Problem {
    Kind::IdempotencyKeyReused
        .because("another request was sent under this `Idempotency-Key`: take a new key for a new request")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(text: &str) -> Option<String> {
        parse(&HeaderValue::from_bytes(text.as_bytes()).unwrap()).map(|key| key.0)
    }

    #[test]
    fn a_key_is_bare_or_quoted() {
        for (text, expected) in [
            ("abc", "abc"),
            ("\"abc\"", "abc"),
            ("  abc ", "abc"),
            (r#""a\"b\\c""#, r#"a"b\c"#),
            ("a\"b,c;d=e", "a\"b,c;d=e"),
        ] {
            assert_eq!(key(text).as_deref(), Some(expected), "{text}");
        }
        assert_eq!(key(&"x".repeat(255)).map(|key| key.len()), Some(255));
    }

    #[test]
    fn what_is_no_key_is_refused() {
        let long = "x".repeat(256);
        for text in [
            "",
            "\"\"",
            "\"abc",
            "\"a\"b\"",
            r#""a\b""#,
            r#""abc\""#,
            "a b",
            "\"a b\"",
            "é",
            "\"a\";x=1",
            &long,
        ] {
            assert_eq!(key(text), None, "{text}");
        }
    }

    #[test]
    fn clearing_is_due_now_and_then() {
        let (clearance, at) = (Clearance::default(), |second| Timestamp::from_second(second).unwrap());
        let due = [1_000, 1_001, 1_599, 1_600, 1_601].map(|second| clearance.due(at(second)));
        assert_eq!(due, [true, false, false, true, false]);
    }
}

//! Before every handler: whose key it is, and whether more requests are allowed.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::{Arc, Mutex, PoisonError};

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderMap, HeaderValue};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{Error, HttpMessage, ResponseError};
use ipnet::IpNet;
use jiff::Timestamp;
use tokio::sync::{Mutex as AsyncMutex, MutexGuard as AsyncMutexGuard};

use super::caller::{CHALLENGE, Caller, Stranger};
use super::limits::{Limits, Refusal, Standing};
use super::problem::{Kind, Problem};
use super::request_id::RequestId;
use super::{Setup, State, forwarded};
use crate::domain::key::ApiKey;
use crate::store::keys::KeyRecord;

/// Who may read and render without a key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Anonymous {
    /// The machine itself, when the server listens for nobody else.
    #[default]
    Loopback,
    /// Everybody.
    Everybody,
    /// Nobody.
    Nobody,
}

/// What decides who is let in.
#[derive(Debug)]
pub struct Gate {
    anonymous: Anonymous,
    loopback: bool,
    trusted_proxies: Vec<IpNet>,
    limits: Limits,
    used: Mutex<HashMap<String, Timestamp>>,
    revoking: AsyncMutex<()>,
}

/// What is always answered, and never counted: probes.
pub fn is_open(path: &str) -> bool {
    matches!(path, "/healthz" | "/readyz")
}

/// Lets a request in as its caller, or answers it.
///
/// # Errors
/// Those of what is inside.
pub async fn layer(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let state = request.app_data::<Data<State>>().cloned();
    let Some(state) = state.filter(|_| !is_open(request.path())) else {
        return next.call(request).await.map(ServiceResponse::map_into_boxed_body);
    };
    let admitted = state.admit(&request).await;
    let (standing, keyed) = match admitted {
        Ok((caller, standing)) => {
            let keyed = request.headers().contains_key(header::AUTHORIZATION);
            request.extensions_mut().insert(caller);
            (standing, keyed)
        }
        Err(refused) => return Ok(refused.answer(request)),
    };
    let mut response = next.call(request).await?.map_into_boxed_body();
    if let Some(standing) = standing {
        standing.write(response.headers_mut());
    }
    if keyed {
        keep_private(response.headers_mut());
    }
    Ok(response)
}

/// Why a request was not let in, and what is left to its caller.
struct Refused {
    problem: Problem,
    standing: Option<Standing>,
}

impl Refused {
    fn answer(self, request: ServiceRequest) -> ServiceResponse<BoxBody> {
        let mut response = request.into_response(self.problem.error_response());
        if let Some(standing) = self.standing {
            standing.write(response.headers_mut());
        }
        response
    }
}

impl From<Problem> for Refused {
    fn from(problem: Problem) -> Self {
        Self { problem, standing: None }
    }
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        let (problem, standing) = refusal.into_problem();
        Self { problem, standing: Some(standing) }
    }
}

impl Gate {
    /// A gate that nobody has passed yet.
    pub fn new(setup: &Setup) -> Self {
        Self {
            anonymous: setup.anonymous,
            loopback: setup.loopback,
            trusted_proxies: setup.trusted_proxies.clone(),
            limits: Limits::new(setup.rates),
            used: Mutex::default(),
            revoking: AsyncMutex::default(),
        }
    }

    /// Forgets what need not be known any more.
    pub fn forget(&self) {
        self.limits.forget();
    }

    /// Waits until nobody else here revokes a key.
    pub async fn revoking(&self) -> AsyncMutexGuard<'_, ()> {
        self.revoking.lock().await
    }

    fn client(&self, request: &ServiceRequest) -> IpAddr {
        let peer = request.peer_addr().map_or(Ipv4Addr::UNSPECIFIED.into(), |peer| peer.ip());
        forwarded::client(peer, request.headers(), &self.trusted_proxies)
    }

    /// Whether it is the machine itself that asks: no proxy before it, which may speak for others.
    fn is_local(&self, request: &ServiceRequest) -> bool {
        let peer = request.peer_addr().map(|peer| peer.ip().to_canonical());
        self.loopback
            && peer.is_some_and(|peer| peer.is_loopback())
            && !forwarded::is_forwarded(request.headers())
    }

    fn stranger(&self, request: &ServiceRequest) -> Stranger {
        let local = self.is_local(request);
        let reads = match self.anonymous {
            Anonymous::Loopback => local,
            Anonymous::Everybody => true,
            Anonymous::Nobody => false,
        };
        Stranger { local, reads }
    }

    /// Notes that a key was used; [`State::note_uses`] writes it down.
    fn note_use(&self, id: &str, at: Timestamp) {
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        match used.get_mut(id) {
            Some(noted) => *noted = at.max(*noted),
            None => drop(used.insert(id.to_owned(), at)),
        }
    }
}

impl State {
    async fn admit(&self, request: &ServiceRequest) -> Result<(Caller, Option<Standing>), Refused> {
        let id = request.extensions().get::<RequestId>().cloned();
        let gate = &self.gate;
        let Some(shown) = shown(request.headers()) else {
            let stranger = gate.stranger(request);
            let standing =
                if stranger.local { None } else { gate.limits.count_address(gate.client(request))? };
            return Ok((Caller::anonymous(stranger, id), standing));
        };
        let now = Timestamp::now();
        match self.record(shown, now).await? {
            Ok(record) => {
                let standing = gate.limits.count_key(&record.id)?;
                gate.note_use(&record.id, now);
                Ok((Caller::with_key(Arc::new(record), id), standing))
            }
            Err(why) => {
                let standing = gate.limits.count_bad_key(gate.client(request))?;
                let challenge = format!("{CHALLENGE}, error=\"invalid_token\"");
                let problem = Kind::InvalidKey.because(why).header(header::WWW_AUTHENTICATE, challenge);
                Err(Refused { problem, standing })
            }
        }
    }

    /// The record of the key that is shown, or why it is not good. Whoever has not its secret is
    /// told no more than that.
    async fn record(
        &self,
        shown: Option<ApiKey>,
        now: Timestamp,
    ) -> Result<Result<KeyRecord, &'static str>, Problem> {
        const UNKNOWN_DIGEST: [u8; 32] = [0; 32];
        let Some(key) = shown else {
            return Ok(Err("`Authorization` is not `Bearer` and an API key"));
        };
        let record = self.store.key(key.id()).await?;
        // An unknown id takes as long as a wrong secret.
        let right = key.is_of(record.as_ref().map_or(&UNKNOWN_DIGEST, |record| &record.digest));
        Ok(match record {
            Some(record) if right && record.is_good(now) => Ok(record),
            Some(record) if right && record.revoked_at.is_some() => Err("the key was revoked"),
            Some(_) if right => Err("the key has expired"),
            _ => Err("the key is unknown"),
        })
    }

    /// Writes down when keys were last used.
    pub async fn note_uses(&self) {
        let used = std::mem::take(&mut *self.gate.used.lock().unwrap_or_else(PoisonError::into_inner));
        if used.is_empty() {
            return;
        }
        let used: Vec<_> = used.into_iter().collect();
        if let Err(error) = self.store.note_use(used.clone()).await {
            log::warn!("when keys were last used could not be noted: {error}");
            used.iter().for_each(|(id, at)| self.gate.note_use(id, *at));
        }
    }
}

/// The key that a request shows, if it shows any; nothing inside for what is not a key.
fn shown(headers: &HeaderMap) -> Option<Option<ApiKey>> {
    let mut values = headers.get_all(header::AUTHORIZATION);
    let first = values.next()?;
    let key = || {
        let (scheme, key) = first.to_str().ok()?.split_once(' ')?;
        if scheme.eq_ignore_ascii_case("bearer") { key.trim_start().parse().ok() } else { None }
    };
    Some(if values.next().is_some() { None } else { key() })
}

/// Keeps an answer to a key from caches that several share.
fn keep_private(headers: &mut HeaderMap) {
    let cached = headers.get(header::CACHE_CONTROL).and_then(|value| value.to_str().ok());
    let Some(rest) = cached.and_then(|value| value.strip_prefix("public")) else { return };
    if let Ok(private) = HeaderValue::try_from(format!("private{rest}")) {
        headers.insert(header::CACHE_CONTROL, private);
        headers.append(header::VARY, HeaderValue::from_static("Authorization"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(values: &[&str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(header::AUTHORIZATION, HeaderValue::from_bytes(value.as_bytes()).unwrap());
        }
        headers
    }

    #[test]
    fn a_key_is_shown_as_bearer_in_any_case_and_once() {
        let key = ApiKey::generate().unwrap().reveal();
        assert!(shown(&HeaderMap::new()).is_none());
        for scheme in ["Bearer", "bearer", "BEARER", "Bearer "] {
            let read = shown(&with(&[&format!("{scheme} {key}")])).unwrap();
            assert_eq!(read.unwrap().reveal(), key, "{scheme}");
        }
        let bearer = format!("Bearer {key}");
        for bad in [
            "",
            "Bearer",
            "Bearer ",
            &key,
            "Basic eDp5",
            &format!("Basic {key}"),
            &format!("{bearer}, x"),
            "é",
        ] {
            assert!(shown(&with(&[bad])).unwrap().is_none(), "{bad}");
        }
        assert!(shown(&with(&[&bearer, &bearer])).unwrap().is_none());
    }

    #[test]
    fn what_anybody_could_keep_is_kept_for_the_key_alone() {
        let mut headers = HeaderMap::new();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=60"));
        headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
        keep_private(&mut headers);
        assert_eq!(headers.get(header::CACHE_CONTROL).unwrap(), "private, max-age=60");
        assert_eq!(headers.get_all(header::VARY).last().unwrap(), "Authorization");
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        keep_private(&mut headers);
        assert_eq!(headers.get(header::CACHE_CONTROL).unwrap(), "no-store");
    }
}

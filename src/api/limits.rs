//! How many requests a caller may make: a token bucket for each key, and for each address.

use std::fmt;
use std::hash::Hash;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::time::Duration;

use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use governor::clock::{Clock, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};

use super::forwarded;
use super::problem::{Kind, Problem};

/// What is left to the caller (draft-ietf-httpapi-ratelimit-headers).
pub const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");
/// What the caller is allowed (the same draft).
pub const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// Seconds' worth of requests that may come at once.
const BURST: NonZeroU32 = NonZeroU32::new(2).unwrap();
/// Bad keys that an address may show at once, and again each minute.
const BAD_KEYS: NonZeroU32 = NonZeroU32::new(10).unwrap();

const BAD_KEYS_NAME: &str = "bad-keys";

/// Requests a second; nothing means any number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rates {
    /// For each key.
    pub key: Option<NonZeroU32>,
    /// For each address that shows no key. Without it, bad keys are not counted either.
    pub address: Option<NonZeroU32>,
}

impl Default for Rates {
    /// Enough for a client that does its work, and too little to keep others from theirs.
    fn default() -> Self {
        Self { key: NonZeroU32::new(200), address: NonZeroU32::new(50) }
    }
}

/// The buckets of all callers.
#[derive(Debug)]
pub struct Limits {
    /// By the id, which is a number of 64 bits.
    keys: Option<Buckets<u64>>,
    addresses: Option<Buckets<IpAddr>>,
    bad_keys: Option<Buckets<IpAddr>>,
}

impl Limits {
    /// Full buckets.
    pub fn new(rates: Rates) -> Self {
        let a_second = |rate: NonZeroU32| Quota::per_second(rate).allow_burst(rate.saturating_mul(BURST));
        Self {
            keys: rates.key.map(|rate| Buckets::new("key", a_second(rate))),
            addresses: rates.address.map(|rate| Buckets::new("address", a_second(rate))),
            bad_keys: rates.address.map(|_| Buckets::new(BAD_KEYS_NAME, Quota::per_minute(BAD_KEYS))),
        }
    }

    /// Counts a request with a good key; tells what is left, if there is a limit.
    ///
    /// # Errors
    /// What the caller is told when there is nothing left.
    pub fn count_key(&self, id: &str) -> Result<Option<Standing>, Refusal> {
        let number = u64::from_str_radix(id, 16).unwrap_or_default();
        self.keys.as_ref().map(|buckets| buckets.take(&number)).transpose()
    }

    /// Counts a request without a key; tells what is left, if there is a limit.
    ///
    /// # Errors
    /// What the caller is told when there is nothing left.
    pub fn count_address(&self, address: IpAddr) -> Result<Option<Standing>, Refusal> {
        let group = forwarded::group(address);
        self.addresses.as_ref().map(|buckets| buckets.take(&group)).transpose()
    }

    /// Counts a request with a bad key; tells what is left, if there is a limit.
    ///
    /// # Errors
    /// What the caller is told when there is nothing left.
    pub fn count_bad_key(&self, address: IpAddr) -> Result<Option<Standing>, Refusal> {
        let group = forwarded::group(address);
        self.bad_keys.as_ref().map(|buckets| buckets.take(&group)).transpose()
    }

    /// Forgets buckets that are full again, so that memory holds only recent callers.
    pub fn forget(&self) {
        self.keys.iter().for_each(Buckets::forget);
        self.addresses.iter().for_each(Buckets::forget);
        self.bad_keys.iter().for_each(Buckets::forget);
    }
}

/// What is left to a caller.
#[derive(Clone, Debug)]
pub struct Standing {
    policy: HeaderValue,
    name: &'static str,
    remaining: u32,
    /// Seconds until all is there again.
    reset: u64,
}

/// A request that is one too many.
#[derive(Clone, Debug)]
pub struct Refusal(Standing);

impl Standing {
    /// Tells the caller.
    pub fn write(&self, headers: &mut HeaderMap) {
        let Self { policy, name, remaining, reset } = self;
        headers.insert(RATE_LIMIT_POLICY, policy.clone());
        if let Ok(standing) = HeaderValue::try_from(format!("\"{name}\";r={remaining};t={reset}")) {
            headers.insert(RATE_LIMIT, standing);
        }
    }
}

impl Refusal {
    /// What the caller is told, and what is to stand in the answer's headers.
    pub fn into_problem(self) -> (Problem, Standing) {
        let Self(standing) = self;
        let seconds = standing.reset;
        let detail = match standing.name {
            BAD_KEYS_NAME => format!("too many bad keys came from this address; try again in {seconds} s"),
            name => format!("too many requests came from this {name}; try again in {seconds} s"),
        };
        (Kind::TooManyRequests.because(detail).header(header::RETRY_AFTER, seconds), standing)
    }
}

/// A bucket for each caller, under one policy.
struct Buckets<K: Hash + Eq + Clone> {
    name: &'static str,
    policy: HeaderValue,
    /// How long it takes until one more request is allowed.
    interval: Duration,
    limiter: RateLimiter<K, DashMapStateStore<K>, DefaultClock, StateInformationMiddleware>,
}

impl<K: Hash + Eq + Clone> Buckets<K> {
    fn new(name: &'static str, quota: Quota) -> Self {
        let window = seconds(quota.burst_size_replenished_in());
        let policy = format!("\"{name}\";q={};w={window}", quota.burst_size());
        Self {
            name,
            policy: HeaderValue::try_from(policy).unwrap_or_else(|_| HeaderValue::from_static("\"\"")),
            interval: quota.replenish_interval(),
            limiter: RateLimiter::dashmap(quota).with_middleware(),
        }
    }

    fn take(&self, caller: &K) -> Result<Standing, Refusal> {
        let standing =
            |remaining, reset| Standing { policy: self.policy.clone(), name: self.name, remaining, reset };
        match self.limiter.check_key(caller) {
            Ok(state) => {
                let remaining = state.remaining_burst_capacity();
                let missing = state.quota().burst_size().get().saturating_sub(remaining);
                Ok(standing(remaining, seconds(self.interval * missing)))
            }
            Err(not_until) => {
                let wait = not_until.wait_time_from(self.limiter.clock().now());
                Err(Refusal(standing(0, seconds(wait).max(1))))
            }
        }
    }

    fn forget(&self) {
        self.limiter.retain_recent();
        self.limiter.shrink_to_fit();
    }
}

impl<K: Hash + Eq + Clone> fmt::Debug for Buckets<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Buckets({:?}, {} callers)", self.policy, self.limiter.len())
    }
}

/// Whole seconds, rounded up.
fn seconds(duration: Duration) -> u64 {
    duration.as_millis().div_ceil(1000).try_into().unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    #[test]
    fn callers_that_have_gone_are_forgotten_and_those_that_are_held_up_are_not() {
        // Whatever is taken from such a bucket is back after a microsecond.
        let fast = NonZeroU32::new(1_000_000);
        let limits = Limits::new(Rates { key: fast, address: fast });
        for n in 0..10_000 {
            limits.count_address(Ipv4Addr::from_bits(n).into()).unwrap();
            limits.count_key(&format!("{n:016x}")).unwrap();
        }
        let bad: IpAddr = Ipv4Addr::LOCALHOST.into();
        limits.count_bad_key(bad).unwrap();
        limits.forget();
        let known = |buckets: Option<Buckets<IpAddr>>| buckets.unwrap().limiter.len();
        assert!(known(limits.addresses) < 10 && limits.keys.unwrap().limiter.len() < 10);
        assert_eq!(known(limits.bad_keys), 1);
    }

    #[test]
    fn no_limit_says_nothing() {
        let limits = Limits::new(Rates { key: None, address: None });
        assert!(limits.count_key("0123456789abcdef").unwrap().is_none());
        let address = Ipv4Addr::LOCALHOST.into();
        assert!(limits.count_address(address).unwrap().is_none());
        assert!((0..20).all(|_| matches!(limits.count_bad_key(address), Ok(None))));
    }
}

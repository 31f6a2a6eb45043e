//! How many requests a caller may make.

use std::num::NonZeroU32;
use std::time::Instant;

use reqwest::{Method, RequestBuilder};
use rolewright::config::{Anonymous, Rate, Settings};
use serde_json::json;

use crate::support::{Answer, Service, spawn_with};

fn one_a_second(settings: &mut Settings) {
    let rate = Rate::PerSecond(NonZeroU32::MIN);
    (settings.rate_limit_key, settings.rate_limit_address) = (rate, rate);
    settings.anonymous = Anonymous::Read;
}

async fn from(app: &Service, address: &str) -> Answer {
    let forwarded = |request: RequestBuilder| request.header("X-Forwarded-For", address);
    app.send_as(None, Method::GET, "/api/v1/tones", forwarded).await
}

/// Asks until it is refused; tells how often it was not.
async fn until_refused(ask: impl AsyncFn() -> Answer) -> (usize, Answer) {
    for allowed in 0..100 {
        let answer = ask().await;
        if answer.status == 429 {
            return (allowed, answer);
        }
        assert_eq!(answer.status, 200);
    }
    panic!("never refused");
}

/// That no more was allowed than what came back in the time since: a burst of its own would be two.
fn assert_used_up(allowed: usize, since: Instant) {
    assert!(allowed as u64 <= since.elapsed().as_secs() + 1, "{allowed} were allowed");
}

#[actix_web::test]
async fn an_address_may_make_a_burst_and_is_then_told_when_to_come_again() {
    let app = spawn_with(one_a_second).await;
    let first = from(&app, "192.0.2.1").await;
    assert_eq!(first.header("ratelimit-policy"), "\"address\";q=2;w=2");
    assert_eq!(first.header("ratelimit"), "\"address\";r=1;t=1");
    let (_, refused) = until_refused(|| from(&app, "192.0.2.1")).await;
    refused.problem(429, "too-many-requests");
    assert_eq!(refused.header("retry-after"), "1");
    assert_eq!(refused.header("ratelimit"), "\"address\";r=0;t=1");
    assert_eq!(refused.header("ratelimit-policy"), "\"address\";q=2;w=2");
}

#[actix_web::test]
async fn who_is_no_trusted_proxy_cannot_pretend_to_be_many() {
    let app = spawn_with(one_a_second).await;
    until_refused(|| from(&app, "192.0.2.1")).await;
    let since = Instant::now();
    let (allowed, _) = until_refused(|| from(&app, "192.0.2.2")).await;
    assert_used_up(allowed, since);
}

#[actix_web::test]
async fn behind_a_trusted_proxy_each_client_has_its_own_limit() {
    let proxied = |settings: &mut Settings| {
        one_a_second(settings);
        settings.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
    };
    let app = spawn_with(proxied).await;
    until_refused(|| from(&app, "192.0.2.1")).await;
    assert_eq!(from(&app, "192.0.2.2").await.header("ratelimit"), "\"address\";r=1;t=1");
    until_refused(|| from(&app, "10.9.9.9, 2001:db8:1:2::1")).await;
    let since = Instant::now();
    // The addresses of one subscriber are one client.
    let (allowed, _) = until_refused(|| from(&app, "10.8.8.8, 2001:db8:1:2::2")).await;
    assert_used_up(allowed, since);
}

#[actix_web::test]
async fn a_key_has_its_own_limit_wherever_it_is_shown() {
    let app = spawn_with(one_a_second).await;
    let order = |name: &str| json!({"name": name, "scopes": ["read"]});
    let one = app.new_key(&order("one")).await;
    let ask = async || app.send_as(Some(&one), Method::GET, "/api/v1/tones", |request| request).await;
    let first = ask().await;
    assert_eq!(first.header("ratelimit-policy"), "\"key\";q=2;w=2");
    let (_, refused) = until_refused(ask).await;
    assert_eq!(refused.header("ratelimit"), "\"key\";r=0;t=1");
    let since = Instant::now();
    let from_elsewhere = |request: RequestBuilder| request.header("X-Forwarded-For", "192.0.2.77");
    let ask = async || app.send_as(Some(&one), Method::GET, "/api/v1/tones", from_elsewhere).await;
    let (allowed, _) = until_refused(ask).await;
    assert_used_up(allowed, since);
    assert_eq!(from(&app, "192.0.2.1").await.status, 200, "others are not held up");
}

#[actix_web::test]
async fn the_machine_itself_and_probes_are_not_limited() {
    let app = spawn_with(one_a_second).await;
    for _ in 0..20 {
        let answer = app.get("/api/v1/tones").await;
        assert_eq!((answer.status.as_u16(), answer.header("ratelimit")), (200, ""));
        let probe = app.get_with("/healthz", "X-Forwarded-For", "192.0.2.1").await;
        assert_eq!((probe.status.as_u16(), probe.header("ratelimit")), (200, ""));
    }
}

#[actix_web::test]
async fn limits_can_be_switched_off() {
    let off = |settings: &mut Settings| {
        one_a_second(settings);
        (settings.rate_limit_key, settings.rate_limit_address) = (Rate::Off, Rate::Off);
    };
    let app = spawn_with(off).await;
    for _ in 0..20 {
        let answer = from(&app, "192.0.2.1").await;
        assert_eq!((answer.status.as_u16(), answer.header("ratelimit")), (200, ""));
    }
}

#[actix_web::test]
async fn bad_keys_are_soon_no_longer_answered_and_good_ones_still_are() {
    let app = spawn_with(one_a_second).await;
    let bad = async || {
        let shown = format!("Bearer rolewright_0123456789abcdef_{}", "0".repeat(64));
        app.get_with("/api/v1/tones", "Authorization", &shown).await
    };
    let first = bad().await;
    first.problem(401, "invalid-key");
    assert_eq!(first.header("ratelimit-policy"), "\"bad-keys\";q=10;w=60");
    assert_eq!(first.header("ratelimit"), "\"bad-keys\";r=9;t=6");
    let mut refused = None;
    for _ in 0..100 {
        let answer = bad().await;
        if answer.status == 429 {
            refused = Some(answer);
            break;
        }
    }
    let refused = refused.expect("refused in the end");
    refused.problem(429, "too-many-requests");
    assert!((1..=6).contains(&refused.header("retry-after").parse::<u32>().unwrap()));
    let key = app.admin_key().unwrap();
    let good = app.send_as(Some(&key), Method::GET, "/api/v1/keys", |request| request).await;
    assert_eq!(good.status, 200);
}

//! `Idempotency-Key`: what is asked twice is done once, and answered alike.

use std::collections::BTreeMap;
use std::io::Write;
use std::net::TcpStream;

use futures_util::future::join_all;
use reqwest::{Method, RequestBuilder};
use rusqlite::Connection;
use serde_json::{Value, json};

use crate::role_writes::{PATH, ROLES, baker, delete, titled};
use crate::support::{Answer, Service, spawn_app, spawn_in};

const REPLAYED: &str = "idempotency-replayed";

async fn post(app: &Service, key: &str, path: &str, role: &Value) -> Answer {
    app.send(Method::POST, path, |request| request.header("Idempotency-Key", key).json(role)).await
}

async fn restore(app: &Service, key: &str) -> Answer {
    let path = format!("{PATH}/restore");
    app.send(Method::POST, &path, |request| request.header("Idempotency-Key", key)).await
}

/// All headers but those of the one exchange, and one whose order is left to chance.
fn headers(answer: &Answer) -> BTreeMap<String, String> {
    let of_exchange =
        ["date", "x-request-id", "ratelimit", "ratelimit-policy", "access-control-expose-headers", REPLAYED];
    let all =
        answer.headers.iter().map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()));
    all.filter(|(name, _)| !of_exchange.contains(&name.as_str())).collect()
}

#[track_caller]
fn is_replay(again: &Answer, first: &Answer) {
    assert_eq!((first.header(REPLAYED), again.header(REPLAYED)), ("", "true"));
    assert_eq!((again.status, &again.body), (first.status, &first.body));
    assert_eq!(headers(again), headers(first));
}

async fn revision(app: &Service) -> String {
    app.get(PATH).await.header("rolewright-revision").to_owned()
}

#[actix_web::test]
async fn the_same_request_is_answered_alike_and_done_once() {
    let app = spawn_app().await;
    let first = post(&app, "k1", ROLES, &baker()).await;
    assert_eq!(first.status, 201);
    for key in ["k1", "\"k1\""] {
        is_replay(&post(&app, key, ROLES, &baker()).await, &first);
    }
    post(&app, "k2", ROLES, &baker()).await.problem(409, "role-exists");
    app.post(ROLES, &baker()).await.problem(409, "role-exists");
    assert_eq!(revision(&app).await, "1");
}

#[actix_web::test]
async fn the_answer_stays_the_same_whatever_happens_meanwhile() {
    let app = spawn_app().await;
    let first = post(&app, "k", ROLES, &baker()).await;
    delete(&app).await;
    is_replay(&post(&app, "k", ROLES, &baker()).await, &first);
    let restored = restore(&app, "k").await;
    assert_eq!((restored.status.as_u16(), restored.header("rolewright-revision")), (200, "3"));
    delete(&app).await;
    is_replay(&restore(&app, "k").await, &restored);
    assert_eq!(app.get(PATH).await.status, 410, "it was not restored again");
}

#[actix_web::test]
async fn another_request_under_the_key_is_refused() {
    let app = spawn_app().await;
    assert_eq!(post(&app, "k", ROLES, &baker()).await.status, 201);
    post(&app, "k", ROLES, &titled("Other")).await.problem(422, "idempotency-key-reused");
    post(&app, "k", &format!("{ROLES}?message=x"), &baker()).await.problem(422, "idempotency-key-reused");
    let mut other = baker();
    other["id"] = json!("butcher");
    post(&app, "k", ROLES, &other).await.problem(422, "idempotency-key-reused");
    app.get("/api/v1/roles/butcher").await.problem(404, "role-not-found");
}

#[actix_web::test]
async fn the_keys_of_one_client_are_not_those_of_another() {
    let app = spawn_app().await;
    let other = app.new_key(&json!({"name": "other", "scopes": ["write"]})).await;
    assert_eq!(post(&app, "k", ROLES, &baker()).await.status, 201);
    let mut butcher = baker();
    butcher["id"] = json!("butcher");
    let complete = |request: RequestBuilder| request.header("Idempotency-Key", "k").json(&butcher);
    assert_eq!(app.send_as(Some(&other), Method::POST, ROLES, complete).await.status, 201);
}

#[actix_web::test]
async fn what_was_refused_is_not_kept() {
    let app = spawn_app().await;
    let mut invalid = baker();
    invalid["title"] = json!("");
    post(&app, "k", ROLES, &invalid).await.problem(422, "invalid-document");
    let taken = app.get("/api/v1/roles/tech-manager").await.json();
    post(&app, "k", ROLES, &taken).await.problem(409, "role-exists");
    post(&app, "k", ROLES, &taken).await.problem(409, "role-exists");
    assert_eq!(post(&app, "k", ROLES, &baker()).await.status, 201);
    restore(&app, "r").await.problem(409, "not-deleted");
    delete(&app).await;
    assert_eq!(restore(&app, "r").await.status, 200);
}

#[actix_web::test]
async fn a_key_that_is_none_is_refused() {
    let app = spawn_app().await;
    let long = "x".repeat(256);
    for key in ["", "\"\"", "a b", "\"a", "\"a\"b", "\"a\";x=1", "é", &long] {
        let answer = post(&app, key, ROLES, &baker()).await;
        answer.problem(400, "invalid-idempotency-key");
        assert_eq!(answer.blamed(), ["Idempotency-Key"]);
    }
    let two = |request: RequestBuilder| {
        request.header("Idempotency-Key", "a").header("Idempotency-Key", "b").json(&baker())
    };
    app.send(Method::POST, ROLES, two).await.problem(400, "invalid-idempotency-key");
    assert_eq!(post(&app, &"x".repeat(255), ROLES, &baker()).await.status, 201);
}

#[actix_web::test]
async fn of_a_hundred_at_once_one_is_done() {
    let app = spawn_app().await;
    let role = baker();
    let answers = join_all((0..100).map(|_| post(&app, "k", ROLES, &role))).await;
    let (done, early): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.status == 201);
    for answer in early {
        answer.problem(409, "idempotency-key-in-use");
        assert_eq!(answer.header("retry-after"), "1");
    }
    let (first, replays): (Vec<_>, Vec<_>) =
        done.into_iter().partition(|answer| answer.header(REPLAYED).is_empty());
    assert_eq!(first.len(), 1);
    for replay in replays {
        is_replay(replay, first[0]);
    }
    is_replay(&post(&app, "k", ROLES, &role).await, first[0]);
    assert_eq!(revision(&app).await, "1");
}

#[actix_web::test]
async fn answers_outlive_the_server() {
    let app = spawn_app().await;
    let first = post(&app, "k", ROLES, &baker()).await;
    let app = spawn_in(app.stop().await, |_| ()).await;
    is_replay(&post(&app, "k", ROLES, &baker()).await, &first);
    post(&app, "k", ROLES, &titled("Other")).await.problem(422, "idempotency-key-reused");
}

/// What a request leaves behind whose server died at work.
fn forget_answer(app: &Service, seconds_ago: i64) {
    let database = Connection::open(app.data.path().join("rolewright.db")).unwrap();
    let sql = "UPDATE replies SET status = NULL, headers = NULL, body = NULL, claimed_at = ?1";
    let at = jiff::Timestamp::now().as_millisecond() - seconds_ago * 1000;
    assert_eq!(database.execute(sql, [at]).unwrap(), 1);
}

#[actix_web::test]
async fn while_a_request_is_under_way_others_are_told_to_ask_again() {
    let app = spawn_app().await;
    assert_eq!(post(&app, "k", ROLES, &baker()).await.status, 201);
    forget_answer(&app, 0);
    let answer = post(&app, "k", ROLES, &baker()).await;
    answer.problem(409, "idempotency-key-in-use");
    assert_eq!(answer.header("retry-after"), "1");
    forget_answer(&app, 61);
    post(&app, "k", ROLES, &baker()).await.problem(409, "role-exists");
}

#[actix_web::test]
async fn a_client_that_goes_away_can_ask_again() {
    let app = spawn_app().await;
    let (body, api_key) = (baker().to_string(), app.admin_key().unwrap());
    for _ in 0..20 {
        let mut stream = TcpStream::connect(app.address).unwrap();
        let length = body.len();
        let head = format!(
            "POST {ROLES} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {api_key}\r\nIdempotency-Key: k\r\n\
             Content-Length: {length}\r\n\r\n"
        );
        stream.write_all((head + &body).as_bytes()).unwrap();
        drop(stream);
        // Lets the server, which shares this thread's time, come to it at some point or other.
        app.get("/healthz").await;
    }
    let answer = loop {
        let answer = post(&app, "k", ROLES, &baker()).await;
        if answer.status != 409 {
            break answer;
        }
        answer.problem(409, "idempotency-key-in-use");
    };
    assert_eq!((answer.status.as_u16(), answer.json()), (201, baker()));
    assert_eq!(revision(&app).await, "1");
}

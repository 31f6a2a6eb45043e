//! What goes around an answer: ids, security, other origins, compression.

use std::io::Read;

use flate2::read::GzDecoder;
use reqwest::Method;
use rolewright::config::Origins;

use crate::support::{spawn_app, spawn_with};

#[actix_web::test]
async fn a_well_formed_request_id_is_taken_over_and_another_replaced() {
    let app = spawn_app().await;
    let id = "Abc-123_4.5";
    assert_eq!(app.get_with("/healthz", "X-Request-Id", id).await.header("x-request-id"), id);
    for bad in ["", "a b", "<script>", &"x".repeat(65)] {
        let made = app.get_with("/healthz", "X-Request-Id", bad).await.header("x-request-id").to_owned();
        assert_eq!(made.len(), 36, "{bad}");
    }
    assert_eq!(app.get("/nope").await.header("x-request-id").len(), 36);
}

#[actix_web::test]
async fn every_answer_has_the_security_headers() {
    let app = spawn_app().await;
    for path in ["/api/v1/roles", "/docs", "/", "/healthz", "/nope", "/api/v1/roles?x=1", "/openapi.json"] {
        let answer = app.get(path).await;
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("referrer-policy"), "no-referrer");
        assert!(answer.header("content-security-policy").starts_with("default-src 'none'"));
        assert_eq!(answer.header("server"), "");
    }
}

#[actix_web::test]
async fn a_page_may_use_its_own_style_and_no_script() {
    let answer = spawn_app().await.get("/api/v1/roles/tech-manager/posting?format=page").await;
    let policy = answer.header("content-security-policy");
    assert!(policy.contains("style-src 'sha256-") && policy.contains("default-src 'none'"), "{policy}");
    assert!(!policy.contains("script-src") && !policy.contains("unsafe"));
}

#[actix_web::test]
async fn pages_of_any_origin_may_read_by_default() {
    let app = spawn_app().await;
    for path in ["/api/v1/roles", "/api/v1/roles/nope"] {
        let answer = app.get_with(path, "Origin", "https://careers.example").await;
        assert_eq!(answer.header("access-control-allow-origin"), "*");
        assert!(answer.header("access-control-expose-headers").contains("etag"));
    }
}

#[actix_web::test]
async fn with_a_list_of_origins_others_may_not_read() {
    let listed = Origins::Listed(vec!["https://careers.example".to_owned()]);
    let app = spawn_with(|settings| settings.cors_origins = listed).await;
    let allowed = app.get_with("/api/v1/roles", "Origin", "https://careers.example").await;
    assert_eq!(allowed.header("access-control-allow-origin"), "https://careers.example");
    assert!(allowed.headers.get_all("vary").iter().any(|vary| vary.to_str().unwrap().contains("Origin")));
    for origin in [
        "https://evil.example",
        "null",
        "https://careers.example.evil",
        "http://careers.example",
        "https://xcareers.example",
    ] {
        let answer = app.get_with("/api/v1/roles", "Origin", origin).await;
        assert_eq!(
            (answer.status.as_u16(), answer.header("access-control-allow-origin")),
            (200, ""),
            "{origin}"
        );
    }
}

#[actix_web::test]
async fn a_preflight_request_allows_reading_and_nothing_else() {
    let app = spawn_app().await;
    let ask = async |method: &'static str| {
        let complete = |request: reqwest::RequestBuilder| {
            request
                .header("Origin", "https://careers.example")
                .header("Access-Control-Request-Method", method)
        };
        app.send(Method::OPTIONS, "/api/v1/roles/tech-manager/posting", complete).await
    };
    let get = ask("GET").await;
    assert!(get.status.is_success());
    assert_eq!(get.header("access-control-allow-origin"), "*");
    assert!(get.header("access-control-allow-methods").contains("GET"));
    ask("POST").await.problem(400, "preflight-refused");
}

#[actix_web::test]
async fn answers_are_compressed_for_those_who_want_it() {
    let app = spawn_app().await;
    for path in ["/api/v1/roles/tech-manager", "/openapi.json", "/docs/swagger-ui-bundle.js"] {
        let (plain, coded) =
            (app.get(path).await, app.get_with(path, "Accept-Encoding", "br, gzip;q=0.8").await);
        assert_eq!(
            (plain.header("content-encoding"), coded.header("content-encoding")),
            ("", "gzip"),
            "{path}"
        );
        assert!(
            coded.header("vary").contains("Accept-Encoding")
                && plain.header("vary").contains("Accept-Encoding")
        );
        let mut decoded = Vec::new();
        GzDecoder::new(coded.body.as_slice()).read_to_end(&mut decoded).unwrap();
        assert!(decoded == plain.body && coded.body.len() < plain.body.len() / 2, "{path}");
    }
}

#[actix_web::test]
async fn answers_stay_plain_for_those_who_want_that_and_when_small() {
    let app = spawn_app().await;
    for wish in ["identity", "gzip;q=0", "gzip;q=0.5, identity;q=0.9", "br", ""] {
        let answer = app.get_with("/api/v1/roles/tech-manager", "Accept-Encoding", wish).await;
        assert_eq!(answer.header("content-encoding"), "", "{wish}");
    }
    assert_eq!(app.get_with("/healthz", "Accept-Encoding", "gzip").await.header("content-encoding"), "");
}

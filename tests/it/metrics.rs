//! How the server does, for Prometheus.

use reqwest::{Method, RequestBuilder};
use serde_json::json;

use crate::support::{Service, spawn_app};

async fn metrics(app: &Service) -> String {
    let answer = app.get("/metrics").await;
    assert_eq!(answer.status, 200);
    answer.text().to_owned()
}

/// The value of a line that starts with these words.
fn value(text: &str, line: &str) -> Option<f64> {
    text.lines().find_map(|one| one.strip_prefix(line)?.trim().parse().ok())
}

fn requests(text: &str, method: &str, route: &str, status: &str) -> Option<f64> {
    let labels = format!("method=\"{method}\",route=\"{route}\",status=\"{status}\"");
    value(text, &format!("rolewright_http_request_duration_seconds_count{{{labels}}}"))
}

#[actix_web::test]
async fn requests_are_counted_by_the_pattern_of_their_path() {
    let app = spawn_app().await;
    for path in ["/api/v1/roles/tech-manager", "/api/v1/roles/zookeeper", "/api/v1/roles/my-secret-plan"] {
        app.get(path).await;
    }
    app.send(Method::HEAD, "/api/v1/roles/tech-manager", |request| request).await;
    app.post("/api/v1/roles/tech-manager/posting?format=text", &json!({})).await;
    app.get("/wp-login.php").await;
    app.send(Method::from_bytes(b"BREW").unwrap(), "/api/v1/tones", |request| request).await;
    let text = metrics(&app).await;
    assert_eq!(requests(&text, "GET", "/api/v1/roles/{id}", "2xx"), Some(2.0));
    assert_eq!(requests(&text, "GET", "/api/v1/roles/{id}", "4xx"), Some(1.0));
    assert_eq!(requests(&text, "HEAD", "/api/v1/roles/{id}", "2xx"), Some(1.0));
    assert_eq!(requests(&text, "POST", "/api/v1/roles/{id}/posting", "2xx"), Some(1.0));
    assert_eq!(requests(&text, "GET", "other", "4xx"), Some(1.0));
    assert_eq!(requests(&text, "other", "/api/v1/tones", "4xx"), Some(1.0));
    assert!(!text.contains("my-secret-plan") && !text.contains("wp-login") && !text.contains("BREW"));
}

#[actix_web::test]
async fn they_tell_of_the_program_and_of_its_memory() {
    let app = spawn_app().await;
    for _ in 0..3 {
        app.get("/api/v1/roles/zookeeper").await;
    }
    let answer = app.get("/metrics").await;
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("content-type"), "application/openmetrics-text; version=1.0.0; charset=utf-8");
    let text = answer.text();
    let looks = |result: &str| value(text, &format!("rolewright_role_reads_total{{result=\"{result}\"}}"));
    assert_eq!((looks("miss"), looks("hit")), (Some(1.0), Some(2.0)));
    let build = format!("rolewright_build_info{{version=\"{}\"}}", env!("CARGO_PKG_VERSION"));
    assert_eq!(value(text, &build), Some(1.0));
    assert_eq!(value(text, "rolewright_http_requests_in_flight"), Some(1.0), "the one that asks");
    assert!(value(text, "process_start_time_seconds").unwrap() > 1.7e9);
    assert!(text.ends_with("# EOF\n"));
}

#[actix_web::test]
async fn from_afar_they_need_a_key_with_whatever_scope() {
    let app = spawn_app().await;
    let far = |request: RequestBuilder| request.header("X-Forwarded-For", "192.0.2.1");
    app.send_as(None, Method::GET, "/metrics", far).await.problem(401, "key-required");
    for scope in ["read", "write", "publish", "admin"] {
        let key = app.new_key(&json!({"name": scope, "scopes": [scope]})).await;
        assert_eq!(app.send_as(Some(&key), Method::GET, "/metrics", far).await.status, 200, "{scope}");
    }
}

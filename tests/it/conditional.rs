//! Entity tags, and requests that depend on them.

use reqwest::Method;
use serde_json::json;

use crate::support::spawn_app;

const PATHS: [&str; 8] = [
    "/api/v1/roles",
    "/api/v1/roles/tech-manager",
    "/api/v1/roles/tech-manager/posting?format=text",
    "/api/v1/tones",
    "/api/v1/emphases?role=zookeeper",
    "/openapi.json",
    "/docs",
    "/docs/index.css",
];

#[actix_web::test]
async fn what_the_client_has_is_not_sent_again() {
    let app = spawn_app().await;
    for path in PATHS {
        let first = app.get(path).await;
        let tag = first.header("etag");
        assert!(tag.starts_with('"') && tag.ends_with('"'), "{path}: strong");
        for tags in [tag.to_owned(), format!("\"x\", {tag}"), format!("W/{tag}"), "*".to_owned()] {
            let again = app.get_with(path, "If-None-Match", &tags).await;
            assert_eq!((again.status.as_u16(), again.body.len()), (304, 0), "{path} {tags}");
            for name in ["etag", "cache-control", "vary", "content-security-policy"] {
                assert_eq!(again.header(name), first.header(name), "{path} {name}");
            }
        }
        assert_eq!(app.get_with(path, "If-None-Match", "\"x\"").await.status, 200);
        assert_eq!(app.get_with(path, "If-None-Match", "nonsense").await.status, 200);
    }
}

#[actix_web::test]
async fn the_tag_depends_on_the_coding_and_either_is_recognised() {
    let app = spawn_app().await;
    let path = "/api/v1/roles/tech-manager";
    let (plain, coded) = (app.get(path).await, app.get_with(path, "Accept-Encoding", "gzip").await);
    assert_eq!(coded.header("etag"), plain.header("etag").trim_end_matches('"').to_owned() + "-gzip\"");
    let both = |request: reqwest::RequestBuilder| {
        request.header("Accept-Encoding", "gzip").header("If-None-Match", coded.header("etag"))
    };
    let again = app.send(Method::GET, path, both).await;
    assert_eq!((again.status.as_u16(), again.header("etag")), (304, coded.header("etag")));
    let stale = app.get_with(path, "If-None-Match", coded.header("etag")).await;
    assert_eq!(stale.status, 200, "the client wants plain bytes, and has others");
}

#[actix_web::test]
async fn the_tag_of_a_posting_depends_on_role_options_and_format() {
    let app = spawn_app().await;
    let mut tags = Vec::new();
    for path in [
        "/api/v1/roles/tech-manager/posting?format=text",
        "/api/v1/roles/tech-manager/posting?format=markdown",
        "/api/v1/roles/tech-manager/posting?format=text&length=short",
        "/api/v1/roles/tech-manager/posting?format=text&employer=Acme",
        "/api/v1/roles/zookeeper/posting?format=text",
    ] {
        tags.push(app.get(path).await.header("etag").to_owned());
    }
    tags.sort();
    tags.dedup();
    assert_eq!(tags.len(), 5);
}

#[actix_web::test]
async fn head_has_the_headers_of_get_and_no_body() {
    let app = spawn_app().await;
    for path in PATHS {
        let (head, get) = (app.send(Method::HEAD, path, |request| request).await, app.get(path).await);
        assert_eq!(head.status, get.status);
        for name in ["etag", "content-type", "content-length", "cache-control", "vary"] {
            assert_eq!(head.header(name), get.header(name), "{path} {name}");
        }
    }
    let missing = app.send(Method::HEAD, "/api/v1/roles/nope", |request| request).await;
    assert_eq!(missing.status, 404);
}

#[actix_web::test]
async fn what_a_post_makes_is_not_kept() {
    let answer = spawn_app().await.post("/api/v1/roles/tech-manager/posting?format=text", &json!({})).await;
    assert_eq!((answer.header("cache-control"), answer.header("etag")), ("no-store", ""));
}

#[actix_web::test]
async fn options_that_cannot_be_met_are_refused_whatever_the_client_has() {
    let app = spawn_app().await;
    for query in ["tone=nope", "locale=en-XX", "emphasis=nope", "salary_min=5"] {
        let path = format!("/api/v1/roles/tech-manager/posting?{query}");
        app.get_with(&path, "If-None-Match", "*").await.problem(422, "invalid-parameter");
    }
}

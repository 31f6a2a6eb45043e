//! Postings: one of a kept role by its query and by a body, and one of a role in the request.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::spawn_app;

const POSTING: &str = "/api/v1/roles/tech-manager/posting";

#[actix_web::test]
async fn a_posting_names_its_role_revision_and_language() {
    let answer = spawn_app().await.get(POSTING).await;
    assert_eq!(answer.json()["role"]["id"], "tech-manager");
    assert_eq!(answer.json()["role"]["revision"], 1);
    assert_eq!(answer.header("rolewright-revision"), "1");
    assert_eq!(answer.header("content-language"), "en-US");
}

#[actix_web::test]
async fn every_format_has_its_media_type() {
    let app = spawn_app().await;
    for (format, media_type) in [
        ("html", "text/html"),
        ("page", "text/html"),
        ("markdown", "text/markdown"),
        ("text", "text/plain"),
        ("json", "application/json"),
        ("json-ld", "application/ld+json"),
        ("json-resume", "application/json"),
        ("jdx", "application/ld+json"),
    ] {
        let answer = app.get(&format!("{POSTING}?format={format}")).await;
        assert_eq!((answer.status.as_u16(), answer.media_type()), (200, media_type), "{format}");
    }
}

#[actix_web::test]
async fn accept_chooses_the_format_by_quality_then_place_then_our_liking() {
    let app = spawn_app().await;
    for (accept, media_type) in [
        ("*/*", "application/json"),
        ("text/*", "text/html"),
        ("text/markdown", "text/markdown"),
        ("text/plain;q=0.5, text/markdown", "text/markdown"),
        ("text/plain, text/markdown", "text/plain"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html"),
        ("application/json;q=0, */*", "text/html"),
        ("image/png, */*;q=0.1", "application/json"),
        ("application/*", "application/json"),
        ("application/ld+json, application/json;q=0.9", "application/ld+json"),
    ] {
        let answer = app.get_with(POSTING, "Accept", accept).await;
        assert_eq!(answer.media_type(), media_type, "{accept}");
        assert_eq!(answer.header("vary"), "Accept, Accept-Encoding");
    }
}

#[actix_web::test]
async fn formats_that_share_a_media_type_are_had_by_name_alone() {
    let app = spawn_app().await;
    let linked = app.get_with(POSTING, "Accept", "application/ld+json").await.json();
    assert_eq!(linked["@context"], "https://schema.org/");
    let jdx = app.get_with(&format!("{POSTING}?format=jdx"), "Accept", "application/ld+json").await.json();
    assert_eq!(jdx["@context"]["jdx"], "http://purl.org/jdx/terms/");
    assert!(app.get(&format!("{POSTING}?format=json-resume")).await.json()["meta"].is_object());
}

#[actix_web::test]
async fn html_by_accept_is_the_whole_page() {
    let app = spawn_app().await;
    let by_accept = app.get_with(POSTING, "Accept", "text/html").await;
    assert_eq!(by_accept.body, app.get(&format!("{POSTING}?format=page")).await.body);
}

#[actix_web::test]
async fn the_format_in_the_query_wins_over_accept() {
    let answer = spawn_app().await.get_with(&format!("{POSTING}?format=text"), "Accept", "text/html").await;
    assert_eq!(answer.media_type(), "text/plain");
    assert_eq!(answer.header("vary"), "Accept-Encoding");
}

#[actix_web::test]
async fn a_query_with_every_parameter_and_a_body_with_the_same_options_give_the_same_bytes() {
    let app = spawn_app().await;
    let query = "tone=friendly&emphasis=leadership,delivery:2&salary_min=150000&salary_max=185000.50&currency=USD&period=year\
        &salary_show=true&employer=Acme&city=Denver&region=US-CO&country=US&workplace=hybrid&length=short&locale=en-GB\
        &heading_level=3&format=markdown";
    let by_query = app.get(&format!("{POSTING}?{query}")).await;
    let options = json!({
        "tone": "friendly", "length": "short", "locale": "en-GB", "heading_level": 3,
        "emphasis": ["leadership", {"dimension": "delivery", "weight": 2}],
        "salary": {"min": 150_000, "max": 185_000.5, "currency": "USD", "period": "year", "show": true},
        "employer": {"name": "Acme"},
        "locations": [{"city": "Denver", "region": "US-CO", "country": "US", "workplace": "hybrid"}],
    });
    let by_body = app.post(&format!("{POSTING}?format=markdown"), &options).await;
    assert_eq!(by_query.status, 200, "{}", by_query.text());
    assert_eq!(by_query.text(), by_body.text());
}

#[actix_web::test]
async fn no_body_means_no_options() {
    let app = spawn_app().await;
    let empty = app.send(Method::POST, POSTING, |request| request).await;
    assert_eq!(empty.text(), app.post(POSTING, &json!({})).await.text());
    assert_eq!(empty.text(), app.get(POSTING).await.text());
}

#[actix_web::test]
async fn an_inline_role_has_no_revision() {
    let app = spawn_app().await;
    let role = app.get("/api/v1/roles/zookeeper").await.json();
    let answer = app.post("/api/v1/render", &json!({"role": role, "options": {"tone": "formal"}})).await;
    assert_eq!(answer.json()["role"]["id"], "zookeeper");
    assert_eq!(answer.json()["role"].get("revision"), None);
    assert_eq!(answer.header("rolewright-revision"), "");
}

#[actix_web::test]
async fn hidden_pay_is_nowhere() {
    let answer = spawn_app()
        .await
        .get(&format!("{POSTING}?salary_show=false&salary_min=123456&salary_max=234567&currency=USD"))
        .await;
    for amount in ["123", "234", "140", "220"] {
        assert!(
            !answer.text().contains(&format!("{amount},"))
                && !answer.text().contains(&format!("{amount}000"))
        );
    }
    assert_eq!(answer.json().get("salary"), None::<&Value>);
}

#[actix_web::test]
async fn the_same_request_gives_the_same_bytes_from_any_process() {
    let path = format!("{POSTING}?tone=bold&format=page");
    let (one, other) = (spawn_app().await.get(&path).await, spawn_app().await.get(&path).await);
    assert_eq!(one.body, other.body);
    assert_eq!(one.header("etag"), other.header("etag"));
}

//! The line of changes, for systems that keep a copy.

use reqwest::Method;
use rolewright::store::DocumentId;
use rolewright::store::document::{Edit, Expected};
use serde_json::{Value, json};

use crate::support::{Service, role, spawn_app, to_lines};

async fn put(app: &Service, id: &str, title: &str) {
    let lines = app.import("on_conflict=replace", to_lines(&[role(id, title, json!({}))])).await;
    assert_ne!(lines[0]["result"], "failed", "{lines:?}");
}

fn cursor(page: &Value) -> &str {
    page["next_cursor"].as_str().unwrap()
}

/// The changes since the start of the service.
async fn end(app: &Service) -> String {
    let page = app.get("/api/v1/changes?limit=1000").await.json();
    assert_eq!(page["more"], false);
    cursor(&page).to_owned()
}

#[actix_web::test]
async fn every_change_is_told_in_order_and_a_removal_too() {
    let app = spawn_app().await;
    let start = end(&app).await;
    put(&app, "a", "One").await;
    put(&app, "b", "One").await;
    put(&app, "a", "Two").await;
    app.remove("b").await;
    let page = app.get(&format!("/api/v1/changes?since={start}")).await.json();
    let told: Vec<_> = page["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|c| {
            (
                c["id"].as_str().unwrap(),
                c["revision"].as_u64().unwrap(),
                c["action"].as_str().unwrap(),
                c["deleted"].as_bool().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("a", 1, "create", false),
            ("b", 1, "create", false),
            ("a", 2, "replace", false),
            ("b", 2, "delete", true)
        ]
    );
    assert!(page["items"].as_array().unwrap().iter().all(|change| change["kind"] == "role"));
    assert_eq!(page["more"], false);
}

#[actix_web::test]
async fn a_poller_goes_on_where_it_was_whether_something_is_new_or_not() {
    let app = spawn_app().await;
    let first = end(&app).await;
    let nothing = app.get(&format!("/api/v1/changes?since={first}")).await.json();
    assert_eq!(nothing, json!({"items": [], "next_cursor": first, "more": false}));
    for title in ["One", "Two", "Three"] {
        put(&app, "a", title).await;
    }
    let (mut since, mut revisions) = (first, Vec::new());
    loop {
        let page = app.get(&format!("/api/v1/changes?limit=1&since={since}")).await.json();
        revisions.extend(page["items"].as_array().unwrap().iter().map(|c| c["revision"].as_u64().unwrap()));
        since = cursor(&page).to_owned();
        if page["more"] == false {
            break;
        }
    }
    assert_eq!(revisions, [1, 2, 3]);
    put(&app, "b", "Later").await;
    let page = app.get(&format!("/api/v1/changes?since={since}")).await.json();
    assert_eq!(page["items"][0]["id"], "b");
}

#[actix_web::test]
async fn a_kind_narrows_what_is_told_but_not_where_the_line_is() {
    let app = spawn_app().await;
    let all = app.get("/api/v1/changes").await.json();
    let roles = app.get("/api/v1/changes?kind=role").await.json();
    let tones = app.get("/api/v1/changes?kind=tone").await.json();
    assert_eq!(roles, all);
    assert_eq!(tones["items"], json!([]));
    assert_eq!(tones["next_cursor"], all["next_cursor"]);
}

#[actix_web::test]
async fn a_cursor_that_was_not_given_out_or_is_of_another_database_is_refused() {
    let (app, empty) = (spawn_app().await, spawn_app().await);
    for _ in 0..3 {
        put(&app, "a", "One").await;
        put(&app, "a", "Two").await;
    }
    let since = end(&app).await;
    for cursor in ["x", "AAAA", &since[..since.len() - 2], &format!("{since}AA")] {
        let answer = app.get(&format!("/api/v1/changes?since={cursor}")).await;
        answer.problem(400, "invalid-cursor");
        assert_eq!(answer.blamed(), ["since"]);
    }
    let problem = empty.get(&format!("/api/v1/changes?since={since}")).await.problem(400, "invalid-cursor");
    assert!(problem["detail"].as_str().unwrap().contains("start from the beginning"), "{problem}");
    for query in ["limit=0", "limit=1001", "kind=Role"] {
        app.get(&format!("/api/v1/changes?{query}")).await.problem(422, "invalid-parameter");
    }
}

#[actix_web::test]
async fn a_key_that_is_limited_to_employers_is_told_of_roles_and_of_theirs() {
    let app = spawn_app().await;
    let start = end(&app).await;
    let content = || Edit::Put(json!({"name": "Acme"}).to_string().into());
    for employer in ["acme", "globex"] {
        app.write(DocumentId::employer(employer), content(), Expected::Absent).await;
        app.write(DocumentId::tone(employer, "warm"), content(), Expected::Absent).await;
    }
    put(&app, "a", "One").await;
    let key = app.new_key(&json!({"name": "acme", "scopes": ["read"], "employers": ["acme"]})).await;
    let path = format!("/api/v1/changes?since={start}");
    let told = async |key: Option<&str>| {
        let page = app.send_as(key, Method::GET, &path, |request| request).await.json();
        let name = |change: &Value| {
            let text = |field: &str| change[field].as_str().unwrap_or("-").to_owned();
            [text("kind"), text("employer"), text("id")].join(" ")
        };
        let names: Vec<String> = page["items"].as_array().unwrap().iter().map(name).collect();
        (names, page["next_cursor"].clone())
    };
    let (all, last) = told(None).await;
    let everything =
        ["employer - acme", "tone acme warm", "employer - globex", "tone globex warm", "role - a"];
    assert_eq!(all, everything);
    let own = ["employer - acme", "tone acme warm", "role - a"].map(str::to_owned);
    assert_eq!(told(Some(&key)).await, (own.to_vec(), last));
}

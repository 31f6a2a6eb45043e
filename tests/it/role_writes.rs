//! Writing roles: what is done, what is refused, and that nobody's work is lost.

use futures_util::future::join_all;
use reqwest::{Method, RequestBuilder};
use rolewright::config::Rate;
use serde_json::{Value, json};

use crate::support::{Answer, Service, spawn_app, spawn_with};

pub const ROLES: &str = "/api/v1/roles";
pub const PATH: &str = "/api/v1/roles/baker";
const MERGE_PATCH: &str = "application/merge-patch+json";

/// A role that is not there.
pub fn baker() -> Value {
    json!({
        "id": "baker",
        "title": "Baker",
        "summary": "Bakes bread.",
        "mission": "bake bread that people come back for",
        "salary": {"min": 20, "max": 28.5, "currency": "EUR", "period": "hour"},
        "responsibilities": {"primary": [
            {"id": "dough", "action": "make the dough"},
            {"id": "oven", "action": "tend the oven", "detail": "through the night"},
        ]},
    })
}

/// The same with another title.
pub fn titled(title: &str) -> Value {
    let mut role = baker();
    role["title"] = json!(title);
    role
}

/// Puts a role in place, under a condition such as `If-Match`.
pub async fn put(app: &Service, role: &Value, condition: Option<(&str, &str)>) -> Answer {
    app.send(Method::PUT, PATH, |request| under(condition, request).json(role)).await
}

pub async fn delete(app: &Service) -> Answer {
    app.send(Method::DELETE, PATH, |request| request).await
}

/// Restores the role.
pub async fn restore(app: &Service) -> Answer {
    app.send(Method::POST, &format!("{PATH}/restore"), |request| request).await
}

async fn patch(app: &Service, patch: &Value, condition: Option<(&str, &str)>) -> Answer {
    let body = patch.to_string();
    let complete =
        |request: RequestBuilder| under(condition, request).header("Content-Type", MERGE_PATCH).body(body);
    app.send(Method::PATCH, PATH, complete).await
}

fn under(condition: Option<(&str, &str)>, request: RequestBuilder) -> RequestBuilder {
    condition.into_iter().fold(request, |request, (name, value)| request.header(name, value))
}

/// A service with the role at its first revision.
pub async fn with_baker() -> Service {
    let app = spawn_app().await;
    assert_eq!(app.post(ROLES, &baker()).await.status, 201);
    app
}

/// The problem says where the role is now, in its body and in its headers.
#[track_caller]
fn tells(answer: &Answer, revision: u32) {
    let (problem, tag) = (answer.json(), format!("\"{revision}\""));
    assert_eq!((&problem["revision"], &problem["etag"]), (&json!(revision), &json!(tag)));
    assert_eq!(answer.header("rolewright-revision"), revision.to_string());
    assert_eq!(answer.header("etag"), tag);
}

#[actix_web::test]
async fn a_role_that_is_added_is_answered_where_it_is_and_read_at_once() {
    let app = spawn_app().await;
    let added = app.post(ROLES, &baker()).await;
    assert_eq!((added.status.as_u16(), added.json()), (201, baker()));
    assert_eq!((added.header("location"), added.header("content-location")), (PATH, PATH));
    assert_eq!((added.header("etag"), added.header("rolewright-revision")), ("\"1\"", "1"));
    assert_eq!(added.header("cache-control"), "no-store");
    let read = app.get(PATH).await;
    assert_eq!((read.json(), read.header("etag")), (baker(), "\"1\""));
    assert_eq!(read.header("last-modified"), added.header("last-modified"));
    assert_eq!(app.get(&format!("{PATH}/posting?format=text")).await.status, 200);
}

#[actix_web::test]
async fn where_a_role_is_is_told_with_the_public_address() {
    let app = spawn_with(|settings| settings.public_url = Some("https://hr.example/roles".to_owned())).await;
    let added = app.post(ROLES, &baker()).await;
    assert_eq!(added.header("location"), "https://hr.example/roles/api/v1/roles/baker");
}

#[actix_web::test]
async fn an_id_is_taken_for_good() {
    let app = with_baker().await;
    let there = app.post(ROLES, &titled("Other")).await;
    let problem = there.problem(409, "role-exists");
    tells(&there, 1);
    assert!(problem["detail"].as_str().unwrap().contains("already"), "{problem}");
    delete(&app).await;
    let gone = app.post(ROLES, &baker()).await;
    let problem = gone.problem(409, "role-exists");
    assert!(problem["detail"].as_str().unwrap().contains("removed by revision 2"), "{problem}");
    assert_eq!((&problem["revision"], problem.get("etag")), (&json!(2), None));
    let built_in = app.get("/api/v1/roles/tech-manager").await.json();
    app.post(ROLES, &built_in).await.problem(409, "role-exists");
}

#[actix_web::test]
async fn a_put_adds_and_replaces_and_every_one_makes_a_revision() {
    let app = spawn_app().await;
    let added = put(&app, &baker(), None).await;
    assert_eq!((added.status.as_u16(), added.header("location")), (201, PATH));
    for revision in ["2", "3"] {
        let tag = app.get(PATH).await.header("etag").to_owned();
        let replaced = put(&app, &titled("Master Baker"), Some(("If-Match", &tag))).await;
        assert_eq!((replaced.status.as_u16(), replaced.header("location")), (200, ""));
        assert_eq!(replaced.header("rolewright-revision"), revision, "the same content, too");
        assert_eq!(app.get(PATH).await.json(), titled("Master Baker"));
    }
}

#[actix_web::test]
async fn what_was_read_can_be_put_back_as_it_is() {
    let app = spawn_app().await;
    let path = "/api/v1/roles/tech-manager";
    let read = app.get_with(path, "Accept-Encoding", "gzip").await;
    assert!(read.header("etag").ends_with("-gzip\""), "the tag of the coded answer is good, too");
    let plain = app.get(path).await;
    let complete =
        |request: RequestBuilder| request.header("If-Match", read.header("etag")).body(plain.body.clone());
    let back = app.send(Method::PUT, path, complete).await;
    assert_eq!((back.status.as_u16(), back.header("rolewright-revision")), (200, "2"));
    assert_eq!(back.body, plain.body);
}

#[actix_web::test]
async fn a_replacement_needs_the_tag_of_what_it_replaces() {
    let app = with_baker().await;
    let none = put(&app, &titled("A"), None).await;
    none.problem(428, "precondition-required");
    tells(&none, 1);
    for tag in ["\"2\"", "W/\"1\"", "1", "\"01\"", "\"1-br\"", "\"x\", \"7-gzip\""] {
        let stale = put(&app, &titled("A"), Some(("If-Match", tag))).await;
        stale.problem(412, "precondition-failed");
        tells(&stale, 1);
    }
    for (revision, tag) in ["\"1\"", "\"2-gzip\"", "\"x\", \"3\"", "*"].into_iter().enumerate() {
        let replaced = put(&app, &titled(tag), Some(("If-Match", tag))).await;
        assert_eq!(replaced.header("rolewright-revision"), (revision + 2).to_string(), "{tag}");
    }
}

#[actix_web::test]
async fn a_condition_that_nothing_can_meet_is_told_for_what_is_not_there_too() {
    let app = spawn_app().await;
    for tag in ["\"1\"", "*"] {
        let missing = put(&app, &baker(), Some(("If-Match", tag))).await;
        missing.problem(412, "precondition-failed");
        assert_eq!((missing.header("etag"), missing.header("rolewright-revision")), ("", ""));
    }
    let answer = put(&app, &baker(), Some(("If-None-Match", "\"1\""))).await;
    answer.problem(422, "invalid-parameter");
    assert_eq!(answer.blamed(), ["If-None-Match"]);
    app.get(PATH).await.problem(404, "role-not-found");
}

#[actix_web::test]
async fn a_put_may_be_limited_to_adding() {
    let app = spawn_app().await;
    let only_new = Some(("If-None-Match", "*"));
    assert_eq!(put(&app, &baker(), only_new).await.status, 201);
    let there = put(&app, &titled("A"), only_new).await;
    there.problem(412, "precondition-failed");
    tells(&there, 1);
    let both = |request: RequestBuilder| {
        request.header("If-None-Match", "*").header("If-Match", "\"1\"").json(&baker())
    };
    app.send(Method::PUT, PATH, both).await.problem(412, "precondition-failed");
}

#[actix_web::test]
async fn the_id_of_a_role_is_that_of_its_path() {
    let app = with_baker().await;
    let mut other = baker();
    other["id"] = json!("butcher");
    let answer = put(&app, &other, Some(("If-Match", "\"1\""))).await;
    answer.problem(422, "invalid-document");
    assert_eq!(answer.blamed(), ["/id"]);
    let answer = patch(&app, &json!({"id": "butcher"}), Some(("If-Match", "\"1\""))).await;
    answer.problem(422, "invalid-document");
    assert_eq!(answer.blamed(), ["/id"]);
    for id in ["Baker", "a--b", "%C2%84"] {
        let answer = app.send(Method::PUT, &format!("{ROLES}/{id}"), |request| request.json(&baker())).await;
        answer.problem(422, "invalid-parameter");
        assert_eq!(answer.blamed(), ["id"]);
        app.send(Method::DELETE, &format!("{ROLES}/{id}"), |request| request)
            .await
            .problem(404, "role-not-found");
    }
}

#[actix_web::test]
async fn a_patch_changes_what_it_names() {
    let app = with_baker().await;
    let change = json!({"title": "Master Baker", "salary": {"max": 30.25}, "family": "Food"});
    let changed = patch(&app, &change, Some(("If-Match", "\"1\""))).await;
    let mut expected = titled("Master Baker");
    expected["salary"]["max"] = json!(30.25);
    expected["family"] = json!("Food");
    assert_eq!((changed.status.as_u16(), changed.json()), (200, expected.clone()));
    assert_eq!((changed.header("etag"), changed.header("rolewright-revision")), ("\"2\"", "2"));
    let removed = patch(&app, &json!({"salary": null}), Some(("If-Match", "*"))).await;
    expected.as_object_mut().unwrap().remove("salary");
    assert_eq!((removed.json(), app.get(PATH).await.json()), (expected.clone(), expected));
}

#[actix_web::test]
async fn a_patch_needs_a_condition_that_holds() {
    let app = with_baker().await;
    let change = json!({"title": "A"});
    let none = patch(&app, &change, None).await;
    none.problem(428, "precondition-required");
    tells(&none, 1);
    for condition in [("If-Match", "\"2\""), ("If-Match", "W/\"1\""), ("If-None-Match", "*")] {
        let stale = patch(&app, &change, Some(condition)).await;
        stale.problem(412, "precondition-failed");
        tells(&stale, 1);
    }
    assert_eq!(app.get(PATH).await.json(), baker());
    let missing = |request: RequestBuilder| request.header("Content-Type", MERGE_PATCH).body("{}");
    app.send(Method::PATCH, "/api/v1/roles/nope", missing).await.problem(404, "role-not-found");
}

#[actix_web::test]
async fn what_a_patch_breaks_is_blamed_on_the_result() {
    let app = with_baker().await;
    for (change, blamed) in [
        (json!({"title": null, "summary": null}), vec!["/summary", "/title"]),
        (json!({"salary": {"min": 30}}), vec!["/salary/min"]),
        (json!({"salary": {"currency": "ZZZ"}}), vec!["/salary/currency"]),
        (json!({"responsibilities": {"primary": []}}), vec!["/responsibilities/primary"]),
        (json!({"colour": "red"}), vec!["/colour"]),
        (json!({"salary": [1, 2, "EUR", "hour"]}), vec!["/salary"]),
        (json!([]), vec![""]),
        (json!(null), vec![""]),
    ] {
        let answer = patch(&app, &change, Some(("If-Match", "\"1\""))).await;
        answer.problem(422, "invalid-document");
        assert_eq!(answer.blamed(), blamed, "{change}");
    }
    assert_eq!(app.get(PATH).await.header("rolewright-revision"), "1");
}

#[actix_web::test]
async fn a_patch_has_its_own_media_type() {
    let app = with_baker().await;
    for media_type in ["application/json", "application/json-patch+json", "text/plain", "nonsense"] {
        let complete = |request: RequestBuilder| {
            request.header("If-Match", "*").header("Content-Type", media_type).body("{}")
        };
        let answer = app.send(Method::PATCH, PATH, complete).await;
        let problem = answer.problem(415, "unsupported-media-type");
        assert!(problem["detail"].as_str().unwrap().contains(MERGE_PATCH));
        assert_eq!(answer.header("accept-patch"), MERGE_PATCH);
    }
    app.send(Method::PATCH, PATH, |request| request.body("{}")).await.problem(415, "unsupported-media-type");
    let options = app.send(Method::OPTIONS, PATH, |request| request).await;
    assert_eq!(options.header("allow"), "GET, HEAD, PUT, PATCH, DELETE, OPTIONS");
    assert_eq!(options.header("accept-patch"), MERGE_PATCH);
}

#[actix_web::test]
async fn a_removed_role_is_gone_for_everything_but_a_restore() {
    let app = with_baker().await;
    let removed = delete(&app).await;
    assert_eq!((removed.status.as_u16(), removed.header("rolewright-revision")), (204, "2"));
    let is_gone = |answer: &Answer| {
        let problem = answer.problem(410, "deleted");
        assert_eq!((&problem["revision"], problem.get("etag")), (&json!(2), None));
        let detail = problem["detail"].as_str().unwrap();
        assert_eq!(detail, "the role baker was removed, by revision 2; POST …/restore brings it back");
    };
    is_gone(&app.get(PATH).await);
    is_gone(&app.get(&format!("{PATH}/posting")).await);
    is_gone(&app.post(&format!("{PATH}/posting"), &json!({})).await);
    is_gone(&delete(&app).await);
    for condition in
        [None, Some(("If-Match", "\"2\"")), Some(("If-Match", "*")), Some(("If-None-Match", "*"))]
    {
        is_gone(&put(&app, &baker(), condition).await);
        is_gone(&patch(&app, &json!({}), condition).await);
    }
    let back = restore(&app).await;
    assert_eq!((back.status.as_u16(), back.json()), (200, baker()));
    assert_eq!((back.header("etag"), back.header("rolewright-revision")), ("\"3\"", "3"));
    assert_eq!(app.get(PATH).await.json(), baker());
}

#[actix_web::test]
async fn what_is_there_cannot_be_restored_and_what_never_was_cannot_either() {
    let app = with_baker().await;
    let there = restore(&app).await;
    there.problem(409, "not-deleted");
    tells(&there, 1);
    app.send(Method::POST, "/api/v1/roles/nope/restore", |request| request)
        .await
        .problem(404, "role-not-found");
    app.send(Method::DELETE, "/api/v1/roles/nope", |request| request.header("If-Match", "*"))
        .await
        .problem(404, "role-not-found");
}

#[actix_web::test]
async fn removing_and_restoring_keep_to_a_condition() {
    let app = with_baker().await;
    let send = async |method: Method, path: &str, tag: &'static str| {
        app.send(method, path, |request| request.header("If-Match", tag)).await
    };
    send(Method::DELETE, PATH, "\"2\"").await.problem(412, "precondition-failed");
    assert_eq!(send(Method::DELETE, PATH, "\"1\"").await.status, 204);
    let path = format!("{PATH}/restore");
    let stale = send(Method::POST, &path, "\"1\"").await;
    assert_eq!(stale.problem(412, "precondition-failed")["revision"], 2);
    assert_eq!(send(Method::POST, &path, "\"2\"").await.status, 200);
}

#[actix_web::test]
async fn a_message_is_a_short_line() {
    let app = spawn_app().await;
    for bad in ["%0A", "%E2%80%AE", &"x".repeat(201)] {
        let answer = app.post(&format!("{ROLES}?message={bad}"), &baker()).await;
        answer.problem(422, "invalid-parameter");
        assert_eq!(answer.blamed(), ["message"]);
    }
    app.post(&format!("{ROLES}?mesage=x"), &baker()).await.problem(400, "unknown-parameter");
    let long = "x".repeat(200);
    assert_eq!(app.post(&format!("{ROLES}?message={long}"), &baker()).await.status, 201);
}

#[actix_web::test]
async fn hostile_bodies_change_nothing() {
    let app = with_baker().await;
    let deep = format!("{{\"salary\": {}1{}}}", "[".repeat(100_000), "]".repeat(100_000));
    let twice = r#"{"title": "A", "title": "B"}"#;
    let large = format!("{{\"title\": \"{}\"}}", "x".repeat(1024 * 1024));
    let whole =
        |body: &str| baker().to_string().replacen('{', &format!("{},", body.trim_end_matches('}')), 1);
    for (method, media_type) in [(Method::PUT, "application/json"), (Method::PATCH, MERGE_PATCH)] {
        let send = async |body: String| {
            let complete = |request: RequestBuilder| {
                request.header("If-Match", "*").header("Content-Type", media_type).body(body)
            };
            app.send(method.clone(), PATH, complete).await
        };
        send(deep.clone()).await.problem(400, "malformed-json");
        send("{".to_owned()).await.problem(400, "malformed-json");
        send(String::new()).await.problem(400, "malformed-json");
        send(large.clone()).await.problem(413, "body-too-large");
        send("[1]".to_owned()).await.problem(422, "invalid-document");
        let body = if method == Method::PUT { whole(twice) } else { twice.to_owned() };
        let answer = send(body).await;
        let problem = answer.problem(422, "invalid-document");
        assert!(problem["errors"][0]["detail"].as_str().unwrap().contains("duplicate"), "{problem}");
    }
    app.post_bytes(ROLES, "application/json", large).await.problem(413, "body-too-large");
    app.post_bytes(ROLES, "text/plain", baker().to_string()).await.problem(415, "unsupported-media-type");
    let read = app.get(PATH).await;
    assert_eq!((read.json(), read.header("rolewright-revision")), (baker(), "1"));
}

#[actix_web::test]
async fn a_role_cannot_grow_beyond_what_can_be_sent_back() {
    let app = with_baker().await;
    let duties = |name: &str| {
        let text = "x".repeat(2000);
        let duty = |n| json!({"id": format!("{name}-{n}"), "action": text, "detail": text});
        json!({"responsibilities": {name: (0..200).map(duty).collect::<Vec<_>>()}})
    };
    let first = patch(&app, &duties("primary"), Some(("If-Match", "*"))).await;
    assert_eq!(first.status, 200);
    let second = patch(&app, &duties("secondary"), Some(("If-Match", "*"))).await;
    second.problem(422, "invalid-document");
    assert_eq!(second.blamed(), [""]);
    assert_eq!(app.get(PATH).await.header("rolewright-revision"), "2");
}

#[actix_web::test]
async fn who_may_not_write_what_all_share_changes_nothing() {
    let app = with_baker().await;
    let read = app.new_key(&json!({"name": "reader", "scopes": ["read"]})).await;
    let limited = app.new_key(&json!({"name": "acme", "scopes": ["write"], "employers": ["acme"]})).await;
    for (key, status, slug) in
        [(None, 401, "key-required"), (Some(read), 403, "scope-missing"), (Some(limited), 403, "key-limited")]
    {
        for (method, path) in [
            (Method::POST, ROLES.to_owned()),
            (Method::PUT, PATH.to_owned()),
            (Method::PATCH, PATH.to_owned()),
            (Method::DELETE, PATH.to_owned()),
            (Method::POST, format!("{PATH}/restore")),
        ] {
            app.send_as(key.as_deref(), method, &path, |request| request).await.problem(status, slug);
        }
    }
    assert_eq!(app.get(PATH).await.header("rolewright-revision"), "1");
}

#[actix_web::test]
async fn pages_of_other_origins_may_not_write() {
    let app = spawn_app().await;
    for (method, path) in [
        ("POST", ROLES.to_owned()),
        ("PUT", PATH.to_owned()),
        ("PATCH", PATH.to_owned()),
        ("DELETE", PATH.to_owned()),
        ("POST", format!("{PATH}/restore")),
    ] {
        let complete = |request: RequestBuilder| {
            request.header("Origin", "https://evil.example").header("Access-Control-Request-Method", method)
        };
        app.send(Method::OPTIONS, &path, complete).await.problem(400, "preflight-refused");
    }
}

#[actix_web::test]
async fn of_fifty_who_read_and_write_at_once_nobody_loses_a_change() {
    let app = spawn_with(|settings| {
        (settings.rate_limit_key, settings.rate_limit_address) = (Rate::Off, Rate::Off);
    })
    .await;
    assert_eq!(app.post(ROLES, &titled("0")).await.status, 201);
    let add_one = async || {
        loop {
            let read = app.get(PATH).await;
            let count: u32 = read.json()["title"].as_str().unwrap().parse().unwrap();
            let next = titled(&(count + 1).to_string());
            let written = put(&app, &next, Some(("If-Match", read.header("etag")))).await;
            if written.status == 200 {
                assert_eq!(written.json(), next);
                return;
            }
            written.problem(412, "precondition-failed");
        }
    };
    join_all((0..50).map(|_| add_one())).await;
    let read = app.get(PATH).await;
    assert_eq!((read.json(), read.header("rolewright-revision")), (titled("50"), "51"));
}

#[actix_web::test]
async fn patches_that_allow_any_revision_all_take_effect() {
    let app = with_baker().await;
    let one = async |n: usize| {
        let tag = format!("tag-{n}");
        let change = json!({"skills": {"hard": [{"id": tag, "name": tag}]}, "title": format!("Baker {n}")});
        patch(&app, &change, Some(("If-Match", "*"))).await.status.as_u16()
    };
    let answers = join_all((0..5).map(one)).await;
    assert_eq!(answers, [200; 5]);
    assert_eq!(app.get(PATH).await.header("rolewright-revision"), "6");
}

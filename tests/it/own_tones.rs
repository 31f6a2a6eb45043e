//! Employers' own tones: data that is checked when it is stored, and speaks in postings.

use reqwest::{Method, RequestBuilder};
use rolewright::store::DocumentId;
use rolewright::store::document::{Edit, Expected};
use serde_json::{Value, json};

use crate::employers::{ACME, EMPLOYERS, delete, employer, patch, put, restore};
use crate::support::{Answer, Service, example, spawn_with_acme};

const TONES: &str = "/api/v1/employers/acme/tones";
const VOICE: &str = "/api/v1/employers/acme/tones/acme-voice";
const POSTING: &str = "/api/v1/roles/tech-manager/posting";

/// A tone that says little of its own.
fn tone(id: &str) -> Value {
    json!({"id": id, "name": "A tone", "base": "bold"})
}

/// The first sentence of a posting.
async fn opening(app: &Service, options: &Value) -> String {
    let posting = app.post(&format!("{POSTING}?format=json"), options).await;
    assert_eq!(posting.status, 200, "{}", posting.text());
    let posting = posting.json();
    let opening = posting["sections"].as_array().unwrap().iter().find(|section| section["id"] == "opening");
    opening.unwrap()["blocks"][0]["text"]["words"].as_str().unwrap().to_owned()
}

fn ids(answer: &Answer) -> Vec<String> {
    let list = answer.json();
    list["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}

#[actix_web::test]
async fn a_tone_is_added_changed_removed_and_brought_back() {
    let app = spawn_with_acme().await;
    let voice = example("create_own_tone");
    let read = app.get(VOICE).await;
    assert_eq!((read.json(), read.header("etag")), (voice.clone(), "\"1\""));
    app.post(TONES, &voice).await.problem(409, "tone-exists");
    let blind = app.send(Method::PUT, VOICE, |request| request.json(&voice)).await;
    assert_eq!(blind.problem(428, "precondition-required")["revision"], 1);
    let replaced = put(&app, None, VOICE, &voice).await;
    assert_eq!((replaced.status.as_u16(), replaced.header("etag")), (200, "\"2\""));
    let changed = patch(&app, VOICE, &json!({"phrases": {"pay": "We pay {pay}.", "apply": null}})).await;
    assert_eq!(changed.json()["phrases"]["pay"], "We pay {pay}.");
    let stale = |request: RequestBuilder| request.header("If-Match", "\"2\"");
    app.send(Method::DELETE, VOICE, stale).await.problem(412, "precondition-failed");
    assert_eq!(delete(&app, VOICE).await.status, 204);
    app.get(VOICE).await.problem(410, "deleted");
    assert_eq!(ids(&app.get(TONES).await), Vec::<String>::new());
    assert_eq!(restore(&app, VOICE).await.json(), changed.json());
    let history = app.get(&format!("{VOICE}/revisions?limit=2")).await.json();
    assert_eq!(
        (&history["items"][0]["action"], &history["items"][1]["revision"]),
        (&json!("restore"), &json!(4))
    );
    assert_eq!(app.get(&format!("{VOICE}/revisions/1")).await.json(), voice);
    let diff = app.get(&format!("{VOICE}/revisions/1/diff/3")).await.json();
    let pay = json!({"op": "replace", "path": "/phrases/pay", "value": "We pay {pay}."});
    assert!(diff["patch"].as_array().unwrap().contains(&pay), "{diff}");
    let added = put(&app, None, &format!("{TONES}/other"), &tone("other")).await;
    assert_eq!(
        (added.status.as_u16(), added.header("location")),
        (201, "/api/v1/employers/acme/tones/other")
    );
    let list = app.get(&format!("{TONES}?limit=1")).await.json();
    assert_eq!((&list["items"][0]["base"], &list["total"]), (&json!("friendly"), &json!(2)));
    let cursor = list["next_cursor"].as_str().unwrap();
    assert_eq!(ids(&app.get(&format!("{TONES}?cursor={cursor}")).await), ["other"]);
}

#[actix_web::test]
async fn an_own_tone_speaks_and_gives_way_where_a_placeholder_has_no_value() {
    let app = spawn_with_acme().await;
    let said = opening(&app, &json!({"employer_id": "acme"})).await;
    assert!(
        said.starts_with("Acme is looking for a Tech Manager in Denver, CO to lead a team of engineers"),
        "{said}"
    );
    let nowhere = opening(&app, &json!({"employer_id": "acme", "locations": []})).await;
    let base = opening(&app, &json!({"employer_id": "acme", "locations": [], "tone": "friendly"})).await;
    assert_eq!(nowhere, base);
    // A tone that says nothing of its own is the one that it builds on.
    app.post(TONES, &tone("plain-bold")).await;
    for format in ["html", "markdown", "text"] {
        let posting = async |tone: &str| {
            let path = format!("{POSTING}?employer_id=acme&format={format}&tone={tone}&emphasis=leadership");
            app.get(&path).await.text().to_owned()
        };
        assert_eq!(posting("plain-bold").await, posting("bold").await, "{format}");
    }
}

#[actix_web::test]
async fn a_tone_that_is_changed_speaks_so_at_once_and_one_that_is_removed_is_unknown() {
    let app = spawn_with_acme().await;
    let path = format!("{POSTING}?employer_id=acme&tone=acme-voice&format=text");
    let first = app.get(&path).await;
    patch(&app, VOICE, &json!({"phrases": {"opening": "{title}: {mission}!"}})).await;
    let second = app.get_with(&path, "If-None-Match", first.header("etag")).await;
    assert_eq!(second.status, 200);
    assert!(second.text().contains("Tech Manager: lead a team of engineers"), "{}", second.text());
    delete(&app, VOICE).await;
    let gone = app.get(&path).await;
    gone.problem(422, "invalid-parameter");
    assert_eq!(gone.blamed(), ["tone"]);
    let default = app.get(&format!("{POSTING}?employer_id=acme")).await;
    default.problem(422, "invalid-parameter");
    assert_eq!(default.blamed(), ["employer_id"]);
    restore(&app, VOICE).await;
    assert_eq!(app.get(&path).await.text(), second.text());
}

#[actix_web::test]
async fn an_unknown_tone_lists_the_employers_own_and_the_others_and_nobody_elses() {
    let app = spawn_with_acme().await;
    app.post(EMPLOYERS, &employer("umbrella", "Umbrella")).await;
    app.post("/api/v1/employers/umbrella/tones", &tone("grim")).await;
    for asked in ["acme-vioce", "grim"] {
        let answer = app.get(&format!("{POSTING}?employer_id=acme&tone={asked}")).await;
        let problem = answer.problem(422, "invalid-parameter");
        let valid = &problem["errors"][0]["valid"];
        assert_eq!(
            valid,
            &json!(["acme-voice", "neutral", "bold", "concise", "formal", "friendly", "plain"]),
            "{asked}"
        );
    }
    let nearest = app.post(POSTING, &json!({"employer_id": "acme", "tone": "acme-vioce"})).await;
    assert_eq!(nearest.problem(422, "invalid-document")["errors"][0]["nearest"], "acme-voice");
    assert_eq!(nearest.blamed(), ["/tone"]);
    app.get(&format!("{POSTING}?tone=acme-voice")).await.problem(422, "invalid-parameter");
    let named = json!({"tone": "acme-voice", "employer": {"name": "Acme"}});
    app.post(POSTING, &named).await.problem(422, "invalid-document");
}

#[actix_web::test]
async fn the_list_of_tones_has_those_of_an_employer_beside_the_others() {
    let app = spawn_with_acme().await;
    app.post(TONES, &tone("second")).await;
    let all = ids(&app.get("/api/v1/tones").await);
    let of_acme = app.get("/api/v1/tones?employer=acme").await;
    let mut expected = vec!["acme-voice".to_owned(), "second".to_owned()];
    expected.extend(all);
    assert_eq!(ids(&of_acme), expected);
    let first = of_acme.json()["items"][0].clone();
    let said = first["example"].as_str().unwrap();
    assert!(said.starts_with("Acme is looking for a Software Engineer in Denver to"), "{said}");
    assert_eq!(
        (&first["revision"], &first["description"]),
        (&json!(1), &example("create_own_tone")["description"])
    );
    assert!(of_acme.json()["items"][2].get("revision").is_none());
    patch(&app, ACME, &json!({"defaults": {"tone": "plain"}})).await;
    let ids = ids(&app.get("/api/v1/tones?employer=acme").await);
    assert_eq!(ids[..3], ["plain", "acme-voice", "second"], "the default is the first");
    app.get("/api/v1/tones?employer=nobody").await.problem(404, "employer-not-found");
    delete(&app, ACME).await;
    app.get("/api/v1/tones?employer=acme").await.problem(410, "deleted");
    let afar = app.get_with("/api/v1/tones?employer=acme", "X-Forwarded-For", "192.0.2.1").await;
    afar.problem(401, "key-required");
}

#[actix_web::test]
async fn what_a_tone_cannot_say_is_refused_where_it_stands() {
    let app = spawn_with_acme().await;
    let with = |more: Value| {
        let mut document = tone("x");
        document.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        document
    };
    let long = "x".repeat(301);
    for (document, blamed) in [
        (tone("friendly"), vec!["/id"]),
        (with(json!({"base": "freindly"})), vec!["/base"]),
        (with(json!({"phrases": {"opening": "Join {employr}!"}})), vec!["/phrases/opening"]),
        (with(json!({"phrases": {"pay": "We pay well."}})), vec!["/phrases/pay"]),
        (with(json!({"phrases": {"opening": "{", "pay": "}"}})), vec!["/phrases/opening", "/phrases/pay"]),
        (with(json!({"phrases": {"opening": long}})), vec!["/phrases/opening"]),
        (with(json!({"phrases": {"opening": "two\nlines"}})), vec!["/phrases/opening"]),
        (with(json!({"phrases": {"headings": {"opening": "{pay}"}}})), vec!["/phrases/headings/opening"]),
        (with(json!({"phrases": {"closing": "x"}})), vec!["/phrases/closing"]),
        (with(json!({"duty": ["detail"]})), vec!["/duty"]),
        (with(json!({"template": "{{ 7*7 }}"})), vec!["/template"]),
        (
            with(json!({"id": "bold", "base": "nope", "phrases": {"opening": "{x}"}})),
            vec!["/id", "/base", "/phrases/opening"],
        ),
    ] {
        let answer = app.post(TONES, &document).await;
        answer.problem(422, "invalid-document");
        assert_eq!(answer.blamed(), blamed, "{document}");
    }
    let typo = app.post(TONES, &with(json!({"phrases": {"opening": "Join {employr}!"}}))).await.json();
    assert_eq!(typo["errors"][0]["nearest"], "{employer}");
    let detail = typo["errors"][0]["detail"].as_str().unwrap();
    assert!(detail.contains("at character 6"), "{detail}");
    let broken = patch(&app, VOICE, &json!({"phrases": {"apply_by": "Soon."}})).await;
    broken.problem(422, "invalid-document");
    assert_eq!(broken.blamed(), ["/phrases/apply_by"]);
    let moved = app.send(Method::PUT, &format!("{TONES}/y"), |request| request.json(&tone("x"))).await;
    assert_eq!((moved.status.as_u16(), moved.blamed()), (422, vec!["/id".to_owned()]));
    assert_eq!(ids(&app.get(TONES).await), ["acme-voice"]);
}

#[actix_web::test]
async fn a_tone_belongs_to_an_employer_that_is_there() {
    let app = spawn_with_acme().await;
    let all = |path: &str| {
        [
            (Method::GET, format!("{path}/tones")),
            (Method::GET, format!("{path}/tones/acme-voice")),
            (Method::GET, format!("{path}/tones/acme-voice/revisions")),
            (Method::DELETE, format!("{path}/tones/acme-voice")),
            (Method::POST, format!("{path}/tones/acme-voice/restore")),
        ]
    };
    for (method, path) in all("/api/v1/employers/nobody") {
        app.send(method, &path, |request| request).await.problem(404, "employer-not-found");
    }
    app.post("/api/v1/employers/nobody/tones", &tone("x")).await.problem(404, "employer-not-found");
    delete(&app, ACME).await;
    for (method, path) in all(ACME) {
        let problem = app.send(method, &path, |request| request).await.problem(410, "deleted");
        assert!(problem["detail"].as_str().unwrap().contains("employer acme"), "{problem}");
    }
    app.post(TONES, &tone("x")).await.problem(410, "deleted");
    restore(&app, ACME).await;
    assert_eq!(app.get(VOICE).await.json(), example("create_own_tone"));
    for id in ["nope", "Acme-Voice", "%00", "a--b"] {
        app.get(&format!("{TONES}/{id}")).await.problem(404, "tone-not-found");
    }
}

#[actix_web::test]
async fn an_employer_has_at_most_a_hundred_tones() {
    let app = spawn_with_acme().await;
    let body = |id: &str| Edit::Put(tone(id).to_string().into());
    for number in 2..100 {
        let id = format!("tone-{number}");
        app.write(DocumentId::tone("acme", &id), body(&id), Expected::Absent).await;
    }
    let send = |id: &'static str| {
        app.send(Method::POST, TONES, move |request| request.header("Idempotency-Key", "1").json(&tone(id)))
    };
    assert_eq!(send("last").await.status, 201);
    assert_eq!(send("last").await.header("idempotency-replayed"), "true");
    app.post(TONES, &tone("more")).await.problem(409, "too-many-tones");
    put(&app, None, &format!("{TONES}/more"), &tone("more")).await.problem(409, "too-many-tones");
    assert_eq!(patch(&app, VOICE, &json!({"name": "Still"})).await.status, 200);
    assert_eq!(app.get("/api/v1/tones?employer=acme").await.json()["items"].as_array().unwrap().len(), 106);
    delete(&app, VOICE).await;
    assert_eq!(app.post(TONES, &tone("more")).await.status, 201);
    restore(&app, VOICE).await.problem(409, "too-many-tones");
}

/// What was stored under other templates: a release may bring a tone of that id, or an operator take
/// the base away.
#[actix_web::test]
async fn a_tone_that_was_stored_before_the_templates_changed_speaks_or_says_why_not() {
    let app = spawn_with_acme().await;
    let clash =
        json!({"id": "bold", "name": "Ours", "base": "formal", "phrases": {"opening": "Ours: {title}."}});
    let orphan = json!({"id": "orphan", "name": "Orphan", "base": "gone"});
    for document in [&clash, &orphan] {
        let id = DocumentId::tone("acme", document["id"].as_str().unwrap());
        app.write(id, Edit::Put(document.to_string().into()), Expected::Absent).await;
    }
    assert_eq!(opening(&app, &json!({"employer_id": "acme", "tone": "bold"})).await, "Ours: Tech Manager.");
    assert_eq!(app.get(&format!("{TONES}/orphan")).await.json(), orphan);
    let answer = app.get(&format!("{POSTING}?employer_id=acme&tone=orphan")).await;
    answer.problem(422, "invalid-parameter");
    assert_eq!(answer.blamed(), ["tone"]);
    assert!(!ids(&app.get("/api/v1/tones?employer=acme").await).contains(&"orphan".to_owned()));
}

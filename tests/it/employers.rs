//! Kept employers: written, read, and named by postings.

use reqwest::{Method, RequestBuilder};
use rolewright::store::DocumentId;
use rolewright::store::document::{Edit, Expected};
use serde_json::{Value, json};

use crate::support::{Answer, Service, example, spawn_app, spawn_in, spawn_with_acme};

pub const EMPLOYERS: &str = "/api/v1/employers";
pub const ACME: &str = "/api/v1/employers/acme";
const POSTING: &str = "/api/v1/roles/tech-manager/posting";
const MERGE_PATCH: &str = "application/merge-patch+json";

/// The smallest employer.
pub fn employer(id: &str, name: &str) -> Value {
    json!({"id": id, "profile": {"name": name}})
}

/// Puts a document in place of whatever is there, as the owner of `key` or the admin.
pub async fn put(app: &Service, key: Option<&str>, path: &str, document: &Value) -> Answer {
    let there = app.send_as(key, Method::GET, path, |request| request).await.header("etag").to_owned();
    let complete = |request: RequestBuilder| {
        let request = request.json(document);
        if there.is_empty() { request } else { request.header("If-Match", there) }
    };
    match key {
        Some(_) => app.send_as(key, Method::PUT, path, complete).await,
        None => app.send(Method::PUT, path, complete).await,
    }
}

/// Changes a document by a merge patch.
pub async fn patch(app: &Service, path: &str, patch: &Value) -> Answer {
    let body = patch.to_string();
    let complete = |request: RequestBuilder| {
        request.header("If-Match", "*").header("Content-Type", MERGE_PATCH).body(body)
    };
    app.send(Method::PATCH, path, complete).await
}

pub async fn delete(app: &Service, path: &str) -> Answer {
    app.send(Method::DELETE, path, |request| request).await
}

pub async fn restore(app: &Service, path: &str) -> Answer {
    app.send(Method::POST, &format!("{path}/restore"), |request| request).await
}

fn ids(page: &Value) -> Vec<&str> {
    page["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap()).collect()
}

#[actix_web::test]
async fn an_employer_is_added_changed_removed_and_brought_back() {
    let app = spawn_app().await;
    let acme = example("create_employer");
    let added = app.post(EMPLOYERS, &acme).await;
    assert_eq!((added.status.as_u16(), added.json()), (201, acme.clone()));
    assert_eq!((added.header("location"), added.header("etag")), (ACME, "\"1\""));
    let read = app.get(ACME).await;
    assert_eq!((read.json(), read.header("etag"), read.header("rolewright-revision")), (acme, "\"1\"", "1"));
    assert_eq!(app.get_with(ACME, "If-None-Match", "\"1\"").await.status, 304);

    let changed = patch(&app, &format!("{ACME}?message=new+site"), &json!({"time_zone": null})).await;
    assert_eq!((changed.status.as_u16(), changed.header("etag")), (200, "\"2\""));
    assert!(app.get(ACME).await.json().get("time_zone").is_none());

    assert_eq!(delete(&app, ACME).await.status, 204);
    app.get(ACME).await.problem(410, "deleted");
    put(&app, None, ACME, &employer("acme", "Other")).await.problem(410, "deleted");
    app.post(EMPLOYERS, &employer("acme", "Other")).await.problem(409, "employer-exists");
    assert_eq!(restore(&app, ACME).await.header("etag"), "\"4\"");
    restore(&app, ACME).await.problem(409, "not-deleted");
    assert_eq!(app.get(ACME).await.json(), changed.json());

    let history = app.get(&format!("{ACME}/revisions")).await.json();
    let told = |field: &str| -> Vec<Value> {
        history["items"].as_array().unwrap().iter().map(|entry| entry[field].clone()).collect()
    };
    assert_eq!(told("action"), ["restore", "delete", "replace", "create"]);
    assert_eq!(told("message")[2], "new site");
    assert!(told("author").iter().all(|author| author == "first admin"), "{history}");
}

#[actix_web::test]
async fn an_employer_has_a_history_and_differences() {
    let app = spawn_with_acme().await;
    patch(&app, ACME, &json!({"profile": {"name": "Acme & Co."}, "defaults": null})).await;
    let (first, second) = (
        app.get(&format!("{ACME}/revisions/1")).await.json(),
        app.get(&format!("{ACME}/revisions/2")).await.json(),
    );
    assert_eq!(first, example("create_employer"));
    let diff = app.get(&format!("{ACME}/revisions/1/diff/2")).await.json();
    let mut patched = first;
    let patch: json_patch::Patch = serde_json::from_value(diff["patch"].clone()).unwrap();
    json_patch::patch(&mut patched, &patch).unwrap();
    assert_eq!(patched, second);
    for missing in ["revisions/3", "revisions/0", "revisions/x", "revisions/1/diff/3"] {
        app.get(&format!("{ACME}/{missing}")).await.problem(404, "revision-not-found");
    }
    app.get(&format!("{EMPLOYERS}/nobody/revisions")).await.problem(404, "employer-not-found");
}

#[actix_web::test]
async fn nobodys_work_on_an_employer_is_overwritten_unseen() {
    let app = spawn_with_acme().await;
    let document = example("create_employer");
    let blind = app.send(Method::PUT, ACME, |request| request.json(&document)).await;
    assert_eq!(blind.problem(428, "precondition-required")["etag"], "\"1\"");
    assert_eq!(put(&app, None, ACME, &document).await.header("etag"), "\"2\"");
    let stale = |request: RequestBuilder| request.header("If-Match", "\"1\"").json(&document);
    app.send(Method::PUT, ACME, stale).await.problem(412, "precondition-failed");
    let other = app.send(Method::PUT, &format!("{EMPLOYERS}/other"), |request| request.json(&document)).await;
    other.problem(422, "invalid-document");
    assert_eq!(other.blamed(), ["/id"]);
}

#[actix_web::test]
async fn an_employer_that_is_sent_twice_is_added_once() {
    let app = spawn_app().await;
    let acme = example("create_employer");
    let send = |document: Value| {
        app.send(Method::POST, EMPLOYERS, move |request| {
            request.header("Idempotency-Key", "1").json(&document)
        })
    };
    let (first, again) = (send(acme.clone()).await, send(acme.clone()).await);
    assert_eq!((first.status, &first.body), (again.status, &again.body));
    assert_eq!(again.header("idempotency-replayed"), "true");
    send(employer("acme", "Other")).await.problem(422, "idempotency-key-reused");
}

#[actix_web::test]
async fn employers_are_listed_by_id_a_page_at_a_time() {
    let app = spawn_app().await;
    assert_eq!(app.get(EMPLOYERS).await.json(), json!({"items": [], "total": 0}));
    for id in ["beta", "acme", "delta", "gamma", "zeta"] {
        app.post(EMPLOYERS, &employer(id, &id.to_uppercase())).await;
    }
    delete(&app, &format!("{EMPLOYERS}/delta")).await;
    let all = app.get(EMPLOYERS).await.json();
    assert_eq!((ids(&all), &all["total"]), (vec!["acme", "beta", "gamma", "zeta"], &json!(4)));
    assert_eq!((&all["items"][1]["name"], &all["items"][1]["revision"]), (&json!("BETA"), &json!(1)));
    let (mut path, mut seen) = (format!("{EMPLOYERS}?limit=1"), Vec::new());
    loop {
        let page = app.get(&path).await.json();
        assert_eq!(page["total"], 4);
        seen.extend(ids(&page).into_iter().map(str::to_owned));
        let Some(cursor) = page.get("next_cursor") else { break };
        path = format!("{EMPLOYERS}?limit=1&cursor={}", cursor.as_str().unwrap());
    }
    assert_eq!(seen, ids(&all));
    app.get(&format!("{EMPLOYERS}?cursor=x")).await.problem(400, "invalid-cursor");
    app.get(&format!("{EMPLOYERS}?limit=101")).await.problem(422, "invalid-parameter");
}

#[actix_web::test]
async fn defaults_and_locked_sections_stand_in_postings_of_every_format() {
    let app = spawn_with_acme().await;
    for format in ["html", "page", "markdown", "text", "json"] {
        let path = format!("{POSTING}?employer_id=acme&length=short&format={format}");
        let posting = app.get(&path).await;
        assert_eq!(posting.status, 200, "{}", posting.text());
        let text = posting.text().split_whitespace().collect::<Vec<_>>().join(" ");
        for words in ["How we hire", "You talk to three people, and hear from us within two weeks.", "Denver"]
        {
            assert!(text.contains(words), "{format}: {words}\n{text}");
        }
        let body = json!({"employer_id": "acme", "length": "short"});
        let posted = app.post(&format!("{POSTING}?format={format}"), &body).await;
        assert_eq!(posted.body, posting.body, "{format}");
        let role = app.get("/api/v1/roles/tech-manager").await.json();
        let inline = json!({"role": role, "options": body});
        let rendered = app.post(&format!("/api/v1/render?format={format}"), &inline).await;
        if format != "json" {
            assert_eq!(rendered.body, posting.body, "{format}");
        }
    }
    let options = json!({
        "employer_id": "acme", "tone": "formal", "locations": [{"city": "Boulder"}],
        "sections": {"employer": false, "arrangement": false, "apply": false},
    });
    let posting = app.post(POSTING, &options).await.json();
    assert_eq!(
        (&posting["tone"], &posting["employer"]),
        (&json!("formal"), &json!({"id": "acme", "revision": 1}))
    );
    assert!(posting.get("tone_revision").is_none());
    let text = posting.to_string();
    assert!(text.contains("How we hire") && !text.contains("Denver"), "{posting:#}");
}

#[actix_web::test]
async fn a_posting_names_the_revisions_it_is_made_with_and_its_tag_follows_them() {
    let app = spawn_with_acme().await;
    let path = format!("{POSTING}?employer_id=acme&format=json");
    let first = app.get(&path).await;
    let posting = first.json();
    assert_eq!(posting["employer"], json!({"id": "acme", "revision": 1}));
    assert_eq!((&posting["tone"], &posting["tone_revision"]), (&json!("acme-voice"), &json!(1)));
    assert_eq!(app.get_with(&path, "If-None-Match", first.header("etag")).await.status, 304);

    patch(&app, ACME, &json!({"profile": {"about": "Acme is elsewhere now."}})).await;
    let second = app.get_with(&path, "If-None-Match", first.header("etag")).await;
    assert_eq!((second.status.as_u16(), &second.json()["employer"]["revision"]), (200, &json!(2)));
    assert!(second.text().contains("Acme is elsewhere now."));

    patch(&app, &format!("{ACME}/tones/acme-voice"), &json!({"name": "The same words"})).await;
    let third = app.get_with(&path, "If-None-Match", second.header("etag")).await;
    assert_eq!((third.status.as_u16(), &third.json()["tone_revision"]), (200, &json!(2)));

    let plain = app.get(&format!("{POSTING}?employer=Acme&format=json")).await.json();
    assert!(plain.get("employer").is_none() && plain.get("tone_revision").is_none());
}

#[actix_web::test]
async fn an_employer_is_named_by_an_id_that_there_is_or_inline_but_not_both() {
    let app = spawn_with_acme().await;
    app.post(EMPLOYERS, &employer("umbrella", "Umbrella")).await;
    let unknown = app.get(&format!("{POSTING}?employer_id=acne&tone=acme-voice&locale=en-XX")).await;
    let problem = unknown.problem(422, "invalid-parameter");
    assert_eq!(unknown.blamed(), ["employer_id", "locale"]);
    assert_eq!((&problem["errors"][0]["nearest"]), (&json!("acme")));
    assert_eq!(problem["errors"][0]["valid"], json!(["acme", "umbrella"]));
    assert_eq!(app.post(POSTING, &json!({"employer_id": "acne"})).await.blamed(), ["/employer_id"]);
    let role = app.get("/api/v1/roles/tech-manager").await.json();
    let inline = app.post("/api/v1/render", &json!({"role": role, "options": {"employer_id": "acne"}})).await;
    assert_eq!(inline.blamed(), ["/options/employer_id"]);

    let both = app.get(&format!("{POSTING}?employer_id=acme&employer=Acme")).await;
    both.problem(422, "invalid-parameter");
    assert_eq!(both.blamed(), ["employer_id"]);
    let both = app.post(POSTING, &json!({"employer_id": "acme", "employer": {"name": "Acme"}})).await;
    both.problem(422, "invalid-document");
    assert_eq!(both.blamed(), ["/employer_id"]);

    for bad in ["Acme", "%00", "a--b", ""] {
        let answer = app.get(&format!("{POSTING}?employer_id={bad}")).await;
        answer.problem(422, "invalid-parameter");
        assert_eq!(answer.blamed(), ["employer_id"], "{bad}");
    }
    delete(&app, ACME).await;
    let removed = app.get(&format!("{POSTING}?employer_id=acme")).await.problem(422, "invalid-parameter");
    assert_eq!(removed["errors"][0]["valid"], json!(["umbrella"]));
}

#[actix_web::test]
async fn a_default_that_does_not_fit_the_role_is_blamed_on_the_employer() {
    let app = spawn_app().await;
    let mut weldco = employer("weldco", "Weldco");
    weldco["defaults"] = json!({"emphasis": ["welding"], "date_posted": "2027-01-31", "tone": "loud"});
    assert_eq!(app.post(EMPLOYERS, &weldco).await.status, 201);
    let answer = app.get(&format!("{POSTING}?employer_id=weldco")).await;
    let problem = answer.problem(422, "invalid-parameter");
    assert_eq!(answer.blamed(), ["employer_id", "employer_id"]);
    let detail = problem["errors"][0]["detail"].as_str().unwrap();
    assert!(
        detail.starts_with("the defaults of `weldco` have at `/emphasis/0`: unknown emphasis"),
        "{detail}"
    );
    assert!(problem["errors"][0]["valid"].as_array().unwrap().contains(&json!("leadership")));
    let given = json!({"employer_id": "weldco", "emphasis": ["nope"], "valid_through": "2027-01-01"});
    let answer = app.post(POSTING, &given).await;
    assert_eq!(answer.blamed(), ["/valid_through", "/emphasis/0", "/employer_id"]);
    let mended = app.get(&format!("{POSTING}?employer_id=weldco&emphasis=leadership&tone=bold")).await;
    assert_eq!(mended.status, 200);
}

#[actix_web::test]
async fn a_key_that_is_limited_to_employers_finds_no_others() {
    let app = spawn_with_acme().await;
    app.post(EMPLOYERS, &employer("umbrella", "Umbrella")).await;
    app.post(
        &format!("{EMPLOYERS}/umbrella/tones"),
        &json!({"id": "grim", "name": "Grim", "base": "formal"}),
    )
    .await;
    let order =
        json!({"name": "umbrella-hr", "scopes": ["write"], "employers": ["umbrella", "initech", "zz"]});
    let key = app.new_key(&order).await;
    let send = |method: Method, path: String, body: Option<Value>| {
        let key = key.clone();
        let app = &app;
        async move {
            let complete = |request: RequestBuilder| match &body {
                Some(body) => request.header("If-Match", "*").json(body),
                None => request,
            };
            app.send_as(Some(&key), method, &path, complete).await
        }
    };
    let acme = example("create_employer");
    let tone = example("create_own_tone");
    let merge = |request: RequestBuilder| {
        request.header("If-Match", "*").header("Content-Type", MERGE_PATCH).body("{}")
    };
    // What is there, and what never was, of an employer that is not theirs.
    for id in ["acme", "nobody"] {
        let at = |rest: &str| format!("{EMPLOYERS}/{id}{rest}");
        let mut answers = Vec::new();
        for rest in [
            "",
            "/revisions",
            "/revisions/1",
            "/revisions/1/diff/1",
            "/tones",
            "/tones/acme-voice",
            "/tones/acme-voice/revisions",
            "/tones/acme-voice/revisions/1",
            "/tones/acme-voice/revisions/1/diff/1",
        ] {
            answers.push(send(Method::GET, at(rest), None).await);
        }
        answers.push(send(Method::GET, format!("/api/v1/tones?employer={id}"), None).await);
        for (rest, body) in [("", &acme), ("/tones/acme-voice", &tone)] {
            answers.push(send(Method::PUT, at(rest), Some(body.clone())).await);
            answers.push(send(Method::DELETE, at(rest), None).await);
            answers.push(send(Method::POST, at(&format!("{rest}/restore")), None).await);
            answers.push(app.send_as(Some(&key), Method::PATCH, &at(rest), merge).await);
        }
        answers.push(send(Method::POST, at("/tones"), Some(tone.clone())).await);
        for answer in answers {
            let problem = answer.problem(404, "employer-not-found");
            assert_eq!(problem["detail"], format!("there is no employer with the id `{id}`"));
        }
        let posting = send(Method::GET, format!("{POSTING}?employer_id={id}"), None).await;
        let problem = posting.problem(422, "invalid-parameter");
        assert_eq!(problem["errors"][0]["valid"], json!(["umbrella"]));
    }
    send(Method::POST, EMPLOYERS.into(), Some(acme)).await.problem(403, "key-limited");

    // And their own.
    let list = send(Method::GET, EMPLOYERS.into(), None).await.json();
    assert_eq!((ids(&list), &list["total"]), (vec!["umbrella"], &json!(1)));
    let added = send(Method::POST, EMPLOYERS.into(), Some(employer("zz", "Zz"))).await;
    assert_eq!(added.status, 201);
    let initech = format!("{EMPLOYERS}/initech");
    assert_eq!(put(&app, Some(&key), &initech, &employer("initech", "Initech")).await.status, 201);
    let list = send(Method::GET, format!("{EMPLOYERS}?limit=2"), None).await.json();
    assert_eq!((ids(&list), &list["total"]), (vec!["initech", "umbrella"], &json!(3)));
    let next = format!("{EMPLOYERS}?limit=2&cursor={}", list["next_cursor"].as_str().unwrap());
    let list = send(Method::GET, next, None).await.json();
    assert_eq!((ids(&list), list.get("next_cursor")), (vec!["zz"], None));
    let posting =
        send(Method::GET, format!("{POSTING}?employer_id=umbrella&tone=grim&format=json"), None).await;
    assert_eq!(posting.json()["employer"]["id"], "umbrella");
    assert_eq!(posting.header("cache-control"), "private, max-age=60, stale-while-revalidate=600");

    // Of changes, too.
    let changes = send(Method::GET, "/api/v1/changes?limit=1000".into(), None).await.json();
    let told: Vec<&Value> =
        changes["items"].as_array().unwrap().iter().filter(|change| change["kind"] != "role").collect();
    assert_eq!(told.len(), 4, "{told:#?}");
    assert!(told.iter().all(|change| change["id"] != "acme" && change["employer"] != "acme"));

    let reader = app.new_key(&json!({"name": "r", "scopes": ["read"], "employers": ["acme"]})).await;
    for (method, path) in [(Method::DELETE, ACME), (Method::POST, EMPLOYERS)] {
        app.send_as(Some(&reader), method, path, |request| request).await.problem(403, "scope-missing");
    }
    assert_eq!(app.send_as(Some(&reader), Method::GET, ACME, |request| request).await.status, 200);
}

#[actix_web::test]
async fn what_is_no_employer_is_refused_where_it_is_wrong() {
    let app = spawn_app().await;
    let with = |pointer: &str, value: Value| {
        let mut document = example("create_employer");
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        document.pointer_mut(parent).unwrap()[name] = value;
        document
    };
    for (document, blamed) in [
        (json!({}), vec!["/id", "/profile"]),
        (json!([]), vec![""]),
        (with("/revision", json!(1)), vec!["/revision"]),
        (with("/profile/owner", json!("x")), vec!["/profile/owner"]),
        (with("/profile/name", json!("a\u{0}b")), vec!["/profile/name"]),
        (with("/profile/website", json!("javascript:alert(1)")), vec!["/profile/website"]),
        (with("/profile/locked", json!([{"heading": "x"}])), vec!["/profile/locked/0/text"]),
        (with("/defaults/employer_id", json!("acme")), vec!["/defaults/employer_id"]),
        (with("/defaults/employer", json!({"name": "x"})), vec!["/defaults/employer"]),
        (with("/defaults/locale", json!("en-XX")), vec!["/defaults/locale"]),
        (with("/defaults/colour", json!("red")), vec!["/defaults/colour"]),
        (with("/time_zone", json!("Mars/Olympus")), vec!["/time_zone"]),
        (with("/profile/values", json!(vec!["x"; 201])), vec!["/profile/values"]),
    ] {
        let answer = app.post(EMPLOYERS, &document).await;
        answer.problem(422, "invalid-document");
        assert_eq!(answer.blamed(), blamed, "{document}");
    }
    for bytes in ["", "{", "{\"id\": \"acme\", \"profile\": nul}"] {
        app.post_bytes(EMPLOYERS, "application/json", bytes).await.problem(400, "malformed-json");
    }
    let twice = r#"{"id": "acme", "profile": {"name": "A"}, "profile": {"name": "B"}}"#;
    app.post_bytes(EMPLOYERS, "application/json", twice).await.problem(422, "invalid-document");
    app.post_bytes(EMPLOYERS, "text/plain", "{}").await.problem(415, "unsupported-media-type");
    for id in ["nope", "Acme", "%00", "..%2f", "a--b"] {
        app.get(&format!("{EMPLOYERS}/{id}")).await.problem(404, "employer-not-found");
        delete(&app, &format!("{EMPLOYERS}/{id}")).await.problem(404, "employer-not-found");
    }
    let put = app.send(Method::PUT, &format!("{EMPLOYERS}/Acme"), |r| r.json(&employer("acme", "A"))).await;
    put.problem(422, "invalid-parameter");
    assert_eq!(app.get(EMPLOYERS).await.json()["total"], 0);
}

#[actix_web::test]
async fn what_another_process_has_written_is_noticed_at_once() {
    let app = spawn_with_acme().await;
    let path = format!("{POSTING}?employer_id=acme&format=json");
    let first = app.get(&path).await.json();
    let (mut acme, mut voice) = (example("create_employer"), example("create_own_tone"));
    acme["profile"]["locked"][0]["heading"] = json!("Elsewhere");
    voice["phrases"]["opening"] = json!("Elsewhere: {title}.");
    for (id, document) in
        [(DocumentId::employer("acme"), &acme), (DocumentId::tone("acme", "acme-voice"), &voice)]
    {
        app.write(id, Edit::Put(document.to_string().into()), Expected::Present).await;
    }
    let second = app.get(&path).await.json();
    assert_eq!((&first["employer"]["revision"], &first["tone_revision"]), (&json!(1), &json!(1)));
    assert_eq!((&second["employer"]["revision"], &second["tone_revision"]), (&json!(2), &json!(2)));
    let text = second.to_string();
    assert!(text.contains("\"Elsewhere\"") && text.contains("Elsewhere: Tech Manager."), "{second:#}");
    assert_eq!(app.get(ACME).await.json(), acme);
}

#[actix_web::test]
async fn employers_and_tones_outlive_the_server() {
    let app = spawn_with_acme().await;
    let path = format!("{POSTING}?employer_id=acme&format=html");
    let before = app.get(&path).await;
    let app = spawn_in(app.stop().await, |_| ()).await;
    let after = app.get(&path).await;
    assert_eq!((after.body, after.headers.get("etag")), (before.body, before.headers.get("etag")));
}

//! Postings that are kept: written, published, kept true to their role, closed.

use reqwest::Method;
use rolewright::store::DocumentId;
use rolewright::store::document::{Edit, Expected};
use serde_json::{Value, json};

use crate::employers::{ACME, patch};
use crate::support::{Answer, Service, spawn_app, spawn_with_acme};

pub const POSTINGS: &str = "/api/v1/postings";

/// A posting of the Tech Manager for Acme.
pub fn tech_manager(more: &Value) -> Value {
    let mut posting = json!({
        "employer_id": "acme",
        "role_id": "tech-manager",
        "options": {
            "locations": [{"city": "Denver", "region": "US-CO", "country": "US", "workplace": "hybrid"}],
            "employment_type": "full_time",
            "apply": {"url": "https://acme.example/apply/1"},
        },
    });
    json_patch::merge(&mut posting, more);
    posting
}

/// Adds a posting; its path.
pub async fn add(app: &Service, posting: &Value) -> String {
    let added = app.post(POSTINGS, posting).await;
    assert_eq!(added.status, 201, "{}", added.text());
    format!("{POSTINGS}/{}", added.json()["id"].as_str().unwrap())
}

/// Takes a step in the life of a posting.
pub async fn step(app: &Service, path: &str, step: &str) -> Answer {
    app.send(Method::POST, &format!("{path}/{step}"), |request| request).await
}

/// Adds a posting, and publishes it; its path.
pub async fn publish(app: &Service, posting: &Value) -> String {
    let path = add(app, posting).await;
    let published = step(app, &path, "publish").await;
    assert_eq!(published.status, 200, "{}", published.text());
    path
}

/// Gets with the admin's key.
pub async fn get(app: &Service, path: &str) -> Answer {
    app.send_as(app.admin_key().as_deref(), Method::GET, path, |request| request).await
}

fn state(answer: &Answer) -> String {
    answer.json()["state"].as_str().unwrap().to_owned()
}

#[actix_web::test]
async fn a_posting_lives_from_its_draft_to_its_end() {
    let app = spawn_with_acme().await;
    let added = app.post(POSTINGS, &tech_manager(&json!({}))).await;
    let posting = added.json();
    assert_eq!((added.status.as_u16(), &posting["state"]), (201, &json!("draft")));
    assert_eq!((added.header("etag"), &posting["slug"]), ("\"1\"", &json!("tech-manager-denver")));
    let path = added.header("location").to_owned();
    assert!(posting.get("publication").is_none() && posting["preview_url"].is_string());

    let published = step(&app, &path, "publish").await;
    assert_eq!((state(&published).as_str(), published.header("etag")), ("published", "\"2\""));
    let publication = &published.json()["publication"];
    assert_eq!(publication["posting"]["role"]["revision"], 1);
    assert_eq!(publication["posting"]["employer"], json!({"id": "acme", "revision": 1}));
    assert_eq!(publication["vacancy"]["title"], "Tech Manager");
    assert!(publication["vacancy"]["date_posted"].is_string());

    let page = app.get("/careers/acme/tech-manager-denver").await;
    assert_eq!((page.status.as_u16(), page.media_type()), (200, "text/html"));
    assert!(page.text().contains("application/ld+json"));

    let closed = step(&app, &path, "close").await;
    assert_eq!(
        (state(&closed).as_str(), &closed.json()["closing"]["because"]),
        ("closed", &json!("request"))
    );
    app.get("/careers/acme/tech-manager-denver").await.problem(410, "posting-closed");
    app.get(&path).await.problem(410, "posting-closed");
    let record = get(&app, &path).await.json();
    assert_eq!(record["publication"], published.json()["publication"], "the record stays");

    let reopened = step(&app, &path, "reopen").await;
    assert_eq!(state(&reopened), "published");
    assert!(reopened.json().get("closing").is_none());
    assert_eq!(app.get("/careers/acme/tech-manager-denver").await.status, 200);

    let history = get(&app, &format!("{path}/revisions")).await.json();
    let messages: Vec<_> =
        history["items"].as_array().unwrap().iter().map(|i| i["message"].clone()).collect();
    assert_eq!(json!(messages), json!(["reopened", "closed", "published", null]));
    let first = get(&app, &format!("{path}/revisions/2")).await.json();
    assert_eq!(first["publication"], published.json()["publication"]);
}

#[actix_web::test]
async fn what_was_published_stays_whatever_becomes_of_role_and_employer() {
    let app = spawn_with_acme().await;
    let path = publish(&app, &tech_manager(&json!({}))).await;
    let mut before = Vec::new();
    for format in ["html", "page", "markdown", "text", "json-ld", "json-resume", "jdx", "docx"] {
        before.push((format, app.get(&format!("{path}?format={format}")).await));
    }
    let title = json!({"title": "Head of Engineering", "salary": {"max": 230_000}});
    assert_eq!(patch(&app, "/api/v1/roles/tech-manager", &title).await.status, 200);
    assert_eq!(patch(&app, ACME, &json!({"profile": {"name": "Acme Incorporated"}})).await.status, 200);
    for (format, before) in &before {
        let after = app.get(&format!("{path}?format={format}")).await;
        assert_eq!((after.status.as_u16(), after.body == before.body), (200, true), "{format}");
        assert_eq!(after.header("etag"), before.header("etag"), "{format}");
    }

    let refreshed = step(&app, &path, "refresh").await;
    assert_eq!((refreshed.status.as_u16(), refreshed.header("etag")), (200, "\"3\""));
    let publication = &refreshed.json()["publication"];
    assert_eq!(publication["vacancy"]["title"], "Head of Engineering");
    assert_eq!(publication["vacancy"]["employer"]["name"], "Acme Incorporated");
    let again = step(&app, &path, "refresh").await;
    assert_eq!((again.status.as_u16(), again.header("etag")), (200, "\"3\""), "nothing changed: no revision");
}

#[actix_web::test]
async fn a_draft_is_seen_with_a_key_or_by_its_preview_link_alone() {
    let app = spawn_with_acme().await;
    let path = add(&app, &tech_manager(&json!({}))).await;
    app.get(&path).await.problem(404, "posting-not-found");
    app.get("/careers/acme/tech-manager-denver").await.problem(404, "posting-not-found");
    assert_eq!(app.get(POSTINGS).await.json()["total"], 0);
    assert_eq!(app.get(&format!("{POSTINGS}?state=draft")).await.status, 422);
    let changes = app.get("/api/v1/changes?kind=posting").await.json();
    assert_eq!(changes["items"], json!([]));

    let posting = get(&app, &path).await.json();
    assert_eq!(get(&app, &format!("{POSTINGS}?state=draft")).await.json()["items"][0]["id"], posting["id"]);
    assert_eq!(get(&app, "/api/v1/changes?kind=posting").await.json()["items"][0]["id"], posting["id"]);
    let preview = posting["preview_url"].as_str().unwrap();
    let link = preview.strip_prefix(&format!("http://{}", app.address)).unwrap();
    let page = app.get(&format!("{link}&format=page")).await;
    assert_eq!((page.status.as_u16(), page.header("cache-control")), (200, "no-store"));
    assert!(page.text().contains("Tech Manager"));
    app.get(&format!("{path}?preview=0000&format=page")).await.problem(404, "posting-not-found");

    step(&app, &path, "publish").await;
    app.get(&format!("{link}&format=page")).await.problem(404, "posting-not-found");
    let public = app.get(&path).await.json();
    assert_eq!(public["state"], "published");
    for secret in ["options", "preview_url", "role_revision"] {
        assert!(public.get(secret).is_none(), "{secret}");
    }
    assert!(public["publication"].get("options").is_none());
}

#[actix_web::test]
async fn options_change_what_is_public_by_a_refresh_only() {
    let app = spawn_with_acme().await;
    let path = publish(&app, &tech_manager(&json!({}))).await;
    let words = app.get(&format!("{path}?format=text")).await.body;
    let change = json!({"options": {"tone": "bold", "salary": {"show": false}}});
    let changed = patch(&app, &path, &change).await;
    assert_eq!((changed.status.as_u16(), &changed.json()["options"]["tone"]), (200, &json!("bold")));
    assert_eq!(app.get(&format!("{path}?format=text")).await.body, words);
    step(&app, &path, "refresh").await;
    let refreshed = app.get(&path).await.json();
    assert_eq!(refreshed["publication"]["posting"]["tone"], "bold");
    assert!(refreshed["publication"]["vacancy"].get("salary").is_none());
}

#[actix_web::test]
async fn what_an_answer_says_can_be_put_back() {
    let app = spawn_with_acme().await;
    let path = publish(&app, &tech_manager(&json!({}))).await;
    let posting = get(&app, &path).await;
    let put = async |document: &Value, tag: &str| {
        let tag = tag.to_owned();
        app.send(Method::PUT, &path, |request| request.json(document).header("If-Match", tag)).await
    };
    let back = put(&posting.json(), posting.header("etag")).await;
    assert_eq!((back.status.as_u16(), back.json()), (200, posting.json()));
    put(&posting.json(), "\"2\"").await.problem(412, "precondition-failed");
    let none = app.send(Method::PUT, &path, |request| request.json(&posting.json())).await;
    none.problem(428, "precondition-required");
}

#[actix_web::test]
async fn what_stands_against_a_posting_is_named() {
    let app = spawn_with_acme().await;
    let cases = [
        (json!({"role_id": "tech-manger"}), vec!["/role_id"]),
        (json!({"role_revision": 9}), vec!["/role_revision"]),
        (json!({"employer_id": "acne"}), vec!["/employer_id"]),
        (json!({"options": {"employer_id": "acme"}}), vec!["/options/employer_id"]),
        (json!({"options": {"tone": "loud", "valid_through": "2026-13-01"}}), vec!["/options/valid_through"]),
        (json!({"options": {"tone": "loud", "locale": "xx-XX"}}), vec!["/options/locale", "/options/tone"]),
        (json!({"state": "published"}), vec!["/state"]),
    ];
    for (more, pointers) in cases {
        let refused = app.post(POSTINGS, &tech_manager(&more)).await;
        refused.problem(422, "invalid-document");
        let mut blamed = refused.blamed();
        blamed.sort();
        assert_eq!(blamed, pointers, "{more}");
    }
    let path = publish(&app, &tech_manager(&json!({}))).await;
    for (change, pointer) in [
        (json!({"employer_id": "other"}), "/employer_id"),
        (json!({"slug": "another"}), "/slug"),
        (json!({"state": "closed"}), "/state"),
    ] {
        let refused = patch(&app, &path, &change).await;
        refused.problem(422, "invalid-document");
        assert_eq!(refused.blamed(), [pointer]);
    }
}

#[actix_web::test]
async fn a_step_is_refused_where_it_leads_nowhere() {
    let app = spawn_with_acme().await;
    let path = add(&app, &tech_manager(&json!({}))).await;
    step(&app, &path, "refresh").await.problem(409, "wrong-state");
    step(&app, &path, "reopen").await.problem(409, "wrong-state");
    step(&app, &path, "publish").await;
    step(&app, &path, "publish").await.problem(409, "wrong-state");
    step(&app, &path, "close").await;
    step(&app, &path, "close").await.problem(409, "wrong-state");
    step(&app, &format!("{POSTINGS}/no-such-posting"), "publish").await.problem(404, "posting-not-found");

    let draft = add(&app, &tech_manager(&json!({}))).await;
    step(&app, &draft, "close").await;
    get(&app, &draft).await;
    assert_eq!(state(&step(&app, &draft, "reopen").await), "draft", "it was never public");

    let over = tech_manager(&json!({"options": {"valid_through": "2020-01-31"}}));
    let over = add(&app, &over).await;
    let refused = step(&app, &over, "publish").await;
    refused.problem(422, "invalid-document");
    assert_eq!(refused.blamed(), ["/options/valid_through"]);
}

#[actix_web::test]
async fn two_postings_of_an_employer_have_two_slugs() {
    let app = spawn_with_acme().await;
    let first = add(&app, &tech_manager(&json!({}))).await;
    let second = get(&app, &add(&app, &tech_manager(&json!({}))).await).await.json();
    assert_ne!(second["slug"], get(&app, &first).await.json()["slug"]);
    let taken = app.post(POSTINGS, &tech_manager(&json!({"slug": "tech-manager-denver"}))).await;
    taken.problem(409, "slug-taken");
    assert_eq!(taken.blamed(), ["/slug"]);
}

#[actix_web::test]
async fn a_posting_waits_for_its_day_and_is_closed_after_its_last() {
    let app = spawn_with_acme().await;
    let later = json!({"options": {"date_posted": "2099-03-01", "valid_through": "2099-03-31"}});
    let path = publish(&app, &tech_manager(&later)).await;
    let waiting = get(&app, &path).await;
    assert_eq!(state(&waiting), "scheduled");
    let publication = &waiting.json()["publication"];
    // The days of the employer, who is in Denver.
    assert_eq!(publication["opens_at"], "2099-03-01T07:00:00Z");
    assert_eq!(publication["closes_at"], "2099-04-01T06:00:00Z");
    app.get(&path).await.problem(404, "posting-not-found");

    // Its day has come.
    let document = turn_back(&app, &path, "2020-03-01T07:00:00Z", "2099-04-01T06:00:00Z").await;
    let answers = futures_util::future::join_all((0..8).map(|_| app.get(&path))).await;
    assert!(answers.iter().all(|answer| state(answer) == "published"));
    assert_eq!(revisions(&app, &document).await, 4, "draft, scheduled, turned back, and once published");

    turn_back(&app, &path, "2020-03-01T07:00:00Z", "2020-04-01T06:00:00Z").await;
    let answers = futures_util::future::join_all((0..8).map(|_| app.get(&path))).await;
    assert!(answers.iter().all(|answer| answer.status == 410));
    let closed = get(&app, &path).await.json();
    assert_eq!(
        (&closed["state"], &closed["closing"]["because"]),
        (&json!("closed"), &json!("valid_through"))
    );
    assert_eq!(revisions(&app, &document).await, 6);
}

#[actix_web::test]
async fn what_waits_for_its_day_was_never_public() {
    let app = spawn_with_acme().await;
    let later = || tech_manager(&json!({"options": {"date_posted": "2099-03-01"}}));
    let dropped = publish(&app, &later()).await;
    let moved = patch(&app, &dropped, &json!({"slug": "another"})).await;
    assert_eq!(moved.json()["slug"], "another", "nobody knows its address");
    step(&app, &dropped, "close").await;
    app.get("/careers/acme/another").await.problem(404, "posting-not-found");
    app.get(&dropped).await.problem(404, "posting-not-found");

    let hurried = publish(&app, &later()).await;
    patch(&app, &hurried, &json!({"options": {"date_posted": null}})).await;
    let drift = get(&app, &format!("{hurried}/drift")).await.json();
    assert_eq!(drift["drifted"], true, "it would be posted today");
    let refreshed = step(&app, &hurried, "refresh").await;
    assert_eq!(state(&refreshed), "published");
    let today = &refreshed.json()["publication"]["vacancy"]["date_posted"];
    assert!(today.is_string() && *today != "2099-03-01");
    step(&app, &hurried, "close").await;
    app.get(&hurried).await.problem(410, "posting-closed");
}

/// Writes other moments into a posting behind the server's back, as if time had passed.
async fn turn_back(app: &Service, path: &str, opens: &str, closes: &str) -> DocumentId {
    let id = path.rsplit('/').next().unwrap();
    let document = DocumentId::posting("acme", id);
    let store = app.store().await;
    let kept = store.revision(&document, None).await.unwrap().unwrap();
    let mut posting: Value = serde_json::from_str(&kept.body.unwrap()).unwrap();
    posting["publication"]["opens_at"] = json!(opens);
    posting["publication"]["closes_at"] = json!(closes);
    store.close().await;
    app.write(document.clone(), Edit::Put(posting.to_string().into()), Expected::Present).await;
    document
}

async fn revisions(app: &Service, document: &DocumentId) -> u32 {
    let store = app.store().await;
    let head = store.head(document).await.unwrap().unwrap();
    store.close().await;
    head.revision
}

#[actix_web::test]
async fn a_step_that_is_sent_twice_is_taken_once() {
    let app = spawn_with_acme().await;
    let path = add(&app, &tech_manager(&json!({}))).await;
    let target = format!("{path}/publish");
    let send = || app.send(Method::POST, &target, |request| request.header("Idempotency-Key", "once"));
    let (first, second) = (send().await, send().await);
    assert_eq!((first.status.as_u16(), second.status.as_u16()), (200, 200));
    assert_eq!((second.header("idempotency-replayed"), second.body == first.body), ("true", true));
    let draft = || tech_manager(&json!({"slug": "twice"}));
    let add = || {
        app.send(Method::POST, POSTINGS, |request| request.json(&draft()).header("Idempotency-Key", "add"))
    };
    let (first, second) = (add().await, add().await);
    assert_eq!((first.status.as_u16(), second.status.as_u16()), (201, 201));
    assert_eq!(first.json()["id"], second.json()["id"]);
    // What was done is answered again, also when it could not be done any more.
    app.remove("tech-manager").await;
    assert_eq!(add().await.json()["id"], first.json()["id"]);
}

#[actix_web::test]
async fn a_key_that_is_limited_to_an_employer_has_its_postings_alone() {
    let app = spawn_with_acme().await;
    let path = publish(&app, &tech_manager(&json!({}))).await;
    let order = json!({"name": "beta", "scopes": ["write", "publish"], "employers": ["beta"]});
    let beta = app.new_key(&order).await;
    let send = |method: Method, path: String| {
        let beta = beta.clone();
        let app = &app;
        async move { app.send_as(Some(&beta), method, &path, |request| request).await }
    };
    send(Method::GET, path.clone()).await.problem(404, "posting-not-found");
    send(Method::POST, format!("{path}/close")).await.problem(404, "posting-not-found");
    assert_eq!(send(Method::GET, POSTINGS.to_owned()).await.json()["total"], 0);
    send(Method::GET, format!("{POSTINGS}?employer=acme")).await.problem(404, "employer-not-found");
    let refused =
        app.send_as(Some(&beta), Method::POST, POSTINGS, |r| r.json(&tech_manager(&json!({})))).await;
    assert_eq!(refused.blamed(), ["/employer_id"]);
    let writer = app.new_key(&json!({"name": "writer", "scopes": ["write"]})).await;
    let step = format!("{path}/close");
    app.send_as(Some(&writer), Method::POST, &step, |r| r).await.problem(403, "scope-missing");
}

#[actix_web::test]
async fn postings_are_found_by_what_they_say() {
    let app = spawn_with_acme().await;
    publish(&app, &tech_manager(&json!({"options": {"department": "Platform", "title": "Platform Lead"}})))
        .await;
    let remote = json!({"options": {
        "locations": [{"country": "DE", "city": "Köln", "workplace": "remote"}],
        "salary": {"min": 90_000, "max": 110_000, "currency": "EUR", "period": "year"},
        "employment_type": "part_time",
    }});
    publish(&app, &tech_manager(&remote)).await;
    for (query, found) in [
        ("", 2),
        ("q=K%C3%B6l", 1),
        ("department=platform", 1),
        ("country=DE", 1),
        ("region=US-CO", 1),
        ("city=koln", 1),
        ("workplace=remote", 1),
        ("workplace=on_site", 0),
        ("employment_type=part_time", 1),
        ("salary_min=100000&currency=EUR", 1),
        ("salary_min=120000&currency=EUR", 0),
        ("role=tech-manager&employer=acme", 2),
        ("role=zookeeper", 0),
        ("country=US&city=koln", 0),
    ] {
        let page = app.get(&format!("{POSTINGS}?{query}")).await.json();
        assert_eq!(
            (&page["total"], page["items"].as_array().unwrap().len()),
            (&json!(found), found),
            "{query}"
        );
    }
    let first = app.get(&format!("{POSTINGS}?limit=1&sort=title")).await.json();
    let cursor = first["next_cursor"].as_str().unwrap();
    let second = app.get(&format!("{POSTINGS}?limit=1&sort=title&cursor={cursor}")).await.json();
    assert_eq!(first["items"][0]["title"], "Platform Lead");
    assert_eq!(second["items"][0]["title"], "Tech Manager");
    assert!(second.get("next_cursor").is_none());
    app.get(&format!("{POSTINGS}?sort=newest&cursor={cursor}")).await.problem(400, "invalid-cursor");
}

#[actix_web::test]
async fn a_posting_can_be_bound_to_a_revision_of_its_role() {
    let app = spawn_with_acme().await;
    patch(&app, "/api/v1/roles/tech-manager", &json!({"title": "Second Title"})).await;
    let bound = publish(&app, &tech_manager(&json!({"role_revision": 1}))).await;
    let newest = publish(&app, &tech_manager(&json!({}))).await;
    assert_eq!(app.get(&bound).await.json()["publication"]["posting"]["title"], "Tech Manager");
    assert_eq!(app.get(&newest).await.json()["publication"]["posting"]["title"], "Second Title");
}

#[actix_web::test]
async fn without_an_employer_there_is_no_posting() {
    let app = spawn_app().await;
    let refused = app.post(POSTINGS, &tech_manager(&json!({}))).await;
    refused.problem(422, "invalid-document");
    assert_eq!(refused.blamed(), ["/employer_id"]);
}

//! Feeds, sitemap, and preflight: what boards and search engines get, and what they would refuse.

use reqwest::Method;
use rolewright::store::DocumentId;
use rolewright::store::document::{Author, Batch, Edit, Expected, Order};
use serde_json::{Value, json};

use crate::kept_postings::{POSTINGS, add, get, publish, step, tech_manager};
use crate::support::{Answer, Service, spawn_with, spawn_with_acme};
use crate::xml;

const FEEDS: [&str; 5] = ["indeed.xml", "linkedin.xml", "atom.xml", "rss.xml", "jobs.json"];

/// A posting that every board takes.
fn complete(more: &Value) -> Value {
    let mut posting = tech_manager(&json!({"options": {
        "locations": [{
            "street": "1 Main Street", "city": "Denver", "region": "US-CO", "postal_code": "80202", "country": "US",
            "workplace": "hybrid",
        }],
        "contact_email": "jobs@acme.example",
    }}));
    json_patch::merge(&mut posting, more);
    posting
}

/// The text of every element of this name.
fn elements(text: &str, name: &str) -> Vec<String> {
    let root = xml::parse(text.as_bytes());
    let mut found = Vec::new();
    root.descendants(name, &mut found);
    found.into_iter().map(|node| node.text.clone()).collect()
}

/// The titles of a feed's entries.
fn titles(feed: &str, answer: &Answer) -> Vec<String> {
    if feed == "jobs.json" {
        let items = answer.json()["items"].as_array().unwrap().clone();
        return items.iter().map(|item| item["title"].as_str().unwrap().to_owned()).collect();
    }
    let mut titles = elements(answer.text(), "title");
    if matches!(feed, "atom.xml" | "rss.xml") {
        titles.remove(0);
    }
    titles
}

#[actix_web::test]
async fn every_feed_has_what_is_published_and_nothing_else() {
    let app = spawn_with_acme().await;
    add(&app, &complete(&json!({"options": {"title": "A Draft"}}))).await;
    let closed = publish(&app, &complete(&json!({"options": {"title": "A Closed One"}}))).await;
    step(&app, &closed, "close").await;
    publish(&app, &complete(&json!({"options": {"title": "Caf\u{e9} & <Bar> \"Lead\" ]]>"}}))).await;
    publish(&app, &complete(&json!({}))).await;
    for feed in FEEDS {
        for path in [format!("/feeds/{feed}"), format!("/feeds/acme/{feed}")] {
            let answer = app.get(&path).await;
            assert_eq!(answer.status, 200, "{path}");
            let titles = titles(feed, &answer);
            assert_eq!(titles.len(), 2, "{path}: {titles:?}");
            assert_eq!(titles[1], "Tech Manager");
            // An invisible joiner keeps Indeed from reading markup into the title.
            assert_eq!(titles[0].replace('\u{2060}', ""), "Caf\u{e9} & <Bar> \"Lead\" ]]>", "{path}");
            // LinkedIn wants the address of the form, and gets that.
            let address = format!("http://{}/careers/acme/", app.address);
            assert!(feed == "linkedin.xml" || answer.text().contains(&address), "{path}");
        }
        app.get(&format!("/feeds/nobody/{feed}")).await.problem(404, "employer-not-found");
    }
    app.get("/feeds/monster.xml").await.problem(404, "not-found");
}

#[actix_web::test]
async fn a_feed_is_sent_again_only_when_it_has_changed() {
    let app = spawn_with_acme().await;
    for feed in FEEDS {
        let path = format!("/feeds/{feed}");
        let empty = app.get(&path).await;
        assert!(titles(feed, &empty).is_empty());
        assert_eq!(app.get_with(&path, "If-None-Match", empty.header("etag")).await.status, 304);
    }
    publish(&app, &complete(&json!({}))).await;
    for feed in FEEDS {
        let path = format!("/feeds/{feed}");
        let first = app.get(&path).await;
        assert_eq!(titles(feed, &first).len(), 1);
        assert_eq!(app.get_with(&path, "If-None-Match", first.header("etag")).await.status, 304);
        let zipped = app.get_with(&path, "Accept-Encoding", "gzip").await;
        assert_eq!(zipped.header("content-encoding"), "gzip");
        assert_ne!(zipped.header("etag"), first.header("etag"));
    }
    let before = app.get("/feeds/atom.xml").await;
    publish(&app, &complete(&json!({}))).await;
    let after = app.get_with("/feeds/atom.xml", "If-None-Match", before.header("etag")).await;
    assert_eq!((after.status.as_u16(), titles("atom.xml", &after).len()), (200, 2));
}

#[actix_web::test]
async fn a_change_of_an_earlier_second_is_a_date_to_ask_by() {
    let app = spawn_with_acme().await;
    let path = publish(&app, &complete(&json!({}))).await;
    let document = DocumentId::posting("acme", path.rsplit('/').next().unwrap());
    let store = app.store().await;
    let body = store.revision(&document, None).await.unwrap().unwrap().body.unwrap();
    let author = Author { name: "test".to_owned(), key: None, request: None };
    let at = "2026-01-01T12:00:00.7Z".parse().unwrap();
    let (edit, expected) = (Edit::Put(body), Expected::Present);
    let order = Order { document, edit, expected, skip_same: false, at, author, message: None };
    store.write(Batch::of(order)).await.unwrap().remove(0).unwrap();
    store.close().await;
    for feed in FEEDS {
        let path = format!("/feeds/{feed}");
        let first = app.get(&path).await;
        assert_eq!(first.header("last-modified"), "Thu, 01 Jan 2026 12:00:00 GMT");
        assert_eq!(app.get_with(&path, "If-Modified-Since", first.header("last-modified")).await.status, 304);
        let before = "Thu, 01 Jan 2026 11:59:59 GMT";
        assert_eq!(app.get_with(&path, "If-Modified-Since", before).await.status, 200);
    }
}

#[actix_web::test]
async fn what_a_board_would_refuse_is_left_out_of_its_feed_and_named() {
    let app = spawn_with_acme().await;
    publish(&app, &complete(&json!({}))).await;
    let nowhere = json!({"employer_id": "acme", "role_id": "tech-manager", "options": {"locations": []}});
    let refused = publish(&app, &nowhere).await;
    let id = refused.rsplit('/').next().unwrap();
    assert_eq!(titles("indeed.xml", &app.get("/feeds/indeed.xml").await).len(), 1);
    assert_eq!(titles("atom.xml", &app.get("/feeds/atom.xml").await).len(), 2, "readers refuse nothing");
    let page = app.get("/api/v1/preflight?targets=indeed,google").await.json();
    let items = page["items"].as_array().unwrap();
    assert_eq!((items.len(), &items[0]["posting_id"]), (1, &json!(id)));
    assert!(items[0]["refused_by"].as_array().unwrap().contains(&json!("indeed")));
    assert!(items[0]["findings"].as_array().unwrap().iter().all(|finding| {
        finding["source"].as_str().unwrap().starts_with("https://") && finding["rule"].is_string()
    }));
    let one = |path: String| async move {
        app.send_as(app.admin_key().as_deref(), Method::POST, &path, |r| r).await
    };
    let report = one(format!("{refused}/preflight?targets=linkedin")).await.json();
    assert!(report["findings"].as_array().unwrap().iter().all(|finding| finding["target"] == "linkedin"));
}

#[actix_web::test]
async fn the_patch_of_a_finding_mends_it() {
    let app = spawn_with_acme().await;
    let shouting = complete(&json!({"options": {
        "title": "Tech Manager!!",
        "locations": [{"city": "Denver", "region": "US-CO", "workplace": "hybrid"}],
    }}));
    let path = add(&app, &shouting).await;
    let preflight = async || {
        let path = format!("{path}/preflight");
        app.send_as(app.admin_key().as_deref(), Method::POST, &path, |r| r).await.json()
    };
    let before = preflight().await;
    let mended: Vec<&Value> = before["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|finding| finding.get("patch").is_some())
        .collect();
    assert!(!mended.is_empty(), "{before:#}");
    for finding in mended {
        let posting = get(&app, &path).await;
        let mut document = posting.json();
        let patch: json_patch::Patch = serde_json::from_value(finding["patch"].clone()).unwrap();
        json_patch::patch(&mut document, &patch).unwrap();
        let tag = posting.header("etag").to_owned();
        let put = app.send(Method::PUT, &path, |r| r.json(&document).header("If-Match", tag)).await;
        assert_eq!(put.status, 200, "{}: {}", finding["rule"], put.text());
        let after = preflight().await;
        let still =
            |other: &Value| other["rule"] == finding["rule"] && other["pointer"] == finding["pointer"];
        assert!(!after["findings"].as_array().unwrap().iter().any(still), "{finding}");
    }
}

#[actix_web::test]
async fn the_sitemap_lists_what_is_published_and_robots_find_it() {
    let app = spawn_with_acme().await;
    let posting = get(&app, &publish(&app, &complete(&json!({}))).await).await.json();
    for path in ["/sitemap.xml", "/careers/acme/sitemap.xml"] {
        let sitemap = app.get(path).await;
        assert_eq!((sitemap.status.as_u16(), sitemap.media_type()), (200, "application/xml"));
        assert_eq!(elements(sitemap.text(), "loc"), [posting["url"].as_str().unwrap()]);
        assert_eq!(app.get_with(path, "If-None-Match", sitemap.header("etag")).await.status, 304);
    }
    let robots = app.get("/robots.txt").await;
    assert!(robots.text().contains(&format!("Sitemap: http://{}/sitemap.xml", app.address)));
}

#[actix_web::test]
async fn public_paths_are_for_everybody_and_need_the_public_address() {
    let closed = |settings: &mut rolewright::config::Settings| {
        settings.anonymous = rolewright::config::Anonymous::None;
        settings.public_url = Some("https://jobs.example.com".to_owned());
    };
    let app = spawn_with(closed).await;
    app.add_acme().await;
    publish(&app, &complete(&json!({}))).await;
    let atom = app.get("/feeds/atom.xml").await;
    assert!(atom.text().contains("https://jobs.example.com/careers/acme/tech-manager-denver"));
    assert_eq!(app.get("/careers/acme/tech-manager-denver").await.status, 200);
    app.get(POSTINGS).await.problem(401, "key-required");
}

#[actix_web::test]
async fn what_was_posted_elsewhere_is_compared() {
    let app = spawn_with_acme().await;
    let path = publish(&app, &complete(&json!({}))).await;
    let compare = async |document: &Value| {
        let path = format!("{path}/compare");
        app.send_as(app.admin_key().as_deref(), Method::POST, &path, |r| r.json(document)).await
    };
    let page = app.get(&format!("{path}?format=page")).await.text().to_owned();
    let same = compare(&json!({"text": page, "media_type": "text/html"})).await.json();
    for list in ["missing", "altered", "added"] {
        assert!(same[list].as_array().is_none_or(Vec::is_empty), "{list}: {same:#}");
    }
    assert_eq!(same["title"], true);
    let other = page.replace("$140,000", "$120,000");
    assert_ne!(other, page);
    let other = compare(&json!({"text": other, "media_type": "text/html"})).await.json();
    assert!(!other["altered"].as_array().unwrap().is_empty(), "{other:#}");
    let nothing = compare(&json!({"text": "We sell shoes."})).await.json();
    assert_eq!(nothing["title"], false);
    compare(&json!({"text": ""})).await.problem(422, "invalid-document");
}

#[actix_web::test]
async fn an_edit_of_a_role_tells_beforehand_which_postings_it_changes() {
    let app = spawn_with_acme().await;
    let live = publish(&app, &complete(&json!({}))).await;
    publish(&app, &complete(&json!({"role_revision": 1}))).await;
    add(&app, &complete(&json!({}))).await;
    let mut role = app.get("/api/v1/roles/tech-manager").await.json();
    let impact = async |service: &Service, role: &Value| {
        let path = "/api/v1/roles/tech-manager/impact";
        service.send_as(service.admin_key().as_deref(), Method::POST, path, |r| r.json(role)).await.json()
    };
    assert_eq!(impact(&app, &role).await["items"], json!([]));
    role["salary"]["min"] = json!(150_000);
    let page = impact(&app, &role).await;
    let items = page["items"].as_array().unwrap();
    assert_eq!((items.len(), &items[0]["posting_id"]), (1, &json!(live.rsplit('/').next().unwrap())));
    assert!(items[0]["drift"]["salary"].is_object(), "{page:#}");

    let put = app.get("/api/v1/roles/tech-manager").await.header("etag").to_owned();
    app.send(Method::PUT, "/api/v1/roles/tech-manager", |r| r.json(&role).header("If-Match", put)).await;
    let drift = get(&app, &format!("{live}/drift")).await.json();
    assert_eq!(
        (&drift["drifted"], &drift["sources"]["role"]),
        (&json!(true), &json!({"published": 1, "current": 2}))
    );
    assert_eq!(drift["drift"]["salary"], items[0]["drift"]["salary"]);
    step(&app, &live, "refresh").await;
    assert_eq!(get(&app, &format!("{live}/drift")).await.json()["drifted"], false);
}

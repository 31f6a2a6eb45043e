//! The history of roles: revisions, differences, and postings of what was.

use reqwest::Method;
use serde_json::{Value, json};

use crate::role_writes::{PATH, ROLES, baker, delete, put, restore, titled, with_baker};
use crate::support::{Service, spawn_app};

async fn revisions(app: &Service, query: &str) -> Value {
    app.get(&format!("{PATH}/revisions{query}")).await.json()
}

/// A role with five revisions: the third removed it.
async fn with_history() -> Service {
    let app = with_baker().await;
    let key = app.new_key(&json!({"name": "hr-sync", "scopes": ["write"]})).await;
    let path = format!("{PATH}?message=a+better+title");
    let complete =
        |request: reqwest::RequestBuilder| request.header("If-Match", "\"1\"").json(&titled("Master Baker"));
    assert_eq!(app.send_as(Some(&key), Method::PUT, &path, complete).await.status, 200);
    assert_eq!(delete(&app).await.status, 204);
    assert_eq!(restore(&app).await.status, 200);
    assert_eq!(put(&app, &baker(), Some(("If-Match", "\"4\""))).await.status, 200);
    app
}

#[actix_web::test]
async fn the_revisions_tell_who_did_what_when_and_why_the_newest_first() {
    let app = with_history().await;
    let page = revisions(&app, "").await;
    let items = page["items"].as_array().unwrap();
    let told: Vec<_> = items.iter().map(|item| (&item["revision"], &item["action"])).collect();
    let expected = [(5, "replace"), (4, "restore"), (3, "delete"), (2, "replace"), (1, "create")]
        .map(|(n, a)| (json!(n), json!(a)));
    assert_eq!(told, expected.iter().map(|(n, a)| (n, a)).collect::<Vec<_>>());
    assert_eq!((&items[3]["author"], &items[3]["message"]), (&json!("hr-sync"), &json!("a better title")));
    assert!(items[4].get("message").is_none());
    for item in items {
        assert!(!item["author"].as_str().unwrap().is_empty());
        let at: jiff::Timestamp = item["at"].as_str().unwrap().parse().unwrap();
        assert!(jiff::Timestamp::now().duration_since(at).as_secs() < 60);
    }
    assert!(page.get("next_cursor").is_none());
}

#[actix_web::test]
async fn the_revisions_come_in_pages() {
    let app = with_history().await;
    let (mut query, mut seen) = ("?limit=2".to_owned(), Vec::new());
    loop {
        let page = revisions(&app, &query).await;
        seen.extend(page["items"].as_array().unwrap().iter().map(|item| item["revision"].as_u64().unwrap()));
        let Some(cursor) = page.get("next_cursor") else { break };
        query = format!("?limit=2&cursor={}", cursor.as_str().unwrap());
    }
    assert_eq!(seen, [5, 4, 3, 2, 1]);
    let other = app.get("/api/v1/changes?limit=1").await.json()["next_cursor"].clone();
    for cursor in ["x", "1", other.as_str().unwrap()] {
        let answer = app.get(&format!("{PATH}/revisions?cursor={cursor}")).await;
        answer.problem(400, "invalid-cursor");
        assert_eq!(answer.blamed(), ["cursor"]);
    }
    app.get(&format!("{PATH}/revisions?limit=0")).await.problem(422, "invalid-parameter");
}

#[actix_web::test]
async fn a_removed_role_has_its_history_and_one_that_never_was_has_none() {
    let app = with_baker().await;
    delete(&app).await;
    let page = revisions(&app, "").await;
    assert_eq!(page["items"][0]["action"], "delete");
    assert_eq!(app.get(&format!("{PATH}/revisions/1")).await.json(), baker());
    for path in ["revisions", "revisions/1", "revisions/1/diff/1"] {
        for id in ["nope", "No", "%00"] {
            app.get(&format!("{ROLES}/{id}/{path}")).await.problem(404, "role-not-found");
        }
    }
}

#[actix_web::test]
async fn a_revision_is_the_role_as_it_was_for_ever() {
    let app = with_history().await;
    for (revision, title) in [(1, "Baker"), (2, "Master Baker"), (4, "Master Baker"), (5, "Baker")] {
        let path = format!("{PATH}/revisions/{revision}");
        let answer = app.get(&path).await;
        assert_eq!(answer.json(), titled(title));
        let tag = format!("\"{revision}\"");
        assert_eq!(
            (answer.header("etag"), answer.header("rolewright-revision")),
            (&*tag, &*revision.to_string())
        );
        assert_eq!(answer.header("cache-control"), "private, max-age=31536000, immutable");
        assert_eq!(app.get_with(&path, "If-None-Match", &tag).await.status, 304);
    }
}

#[actix_web::test]
async fn a_revision_that_removed_the_role_has_no_content_and_others_do_not_exist() {
    let app = with_history().await;
    for path in ["revisions/3", "revisions/1/diff/3", "revisions/3/diff/1", "posting?revision=3"] {
        let problem = app.get(&format!("{PATH}/{path}")).await.problem(410, "deleted");
        assert_eq!(problem["detail"], "revision 3 of the role baker removed it, and has no content");
    }
    for n in ["0", "6", "4294967296", "-1", "+1", "01", "x", "1.0"] {
        for path in
            [format!("revisions/{n}"), format!("revisions/{n}/diff/1"), format!("revisions/1/diff/{n}")]
        {
            app.get(&format!("{PATH}/{path}")).await.problem(404, "revision-not-found");
        }
    }
}

#[actix_web::test]
async fn a_diff_is_a_patch_for_programs_and_sentences_for_people() {
    let app = with_history().await;
    let diff = app.get(&format!("{PATH}/revisions/1/diff/2")).await.json();
    assert_eq!((&diff["from"], &diff["to"]), (&json!(1), &json!(2)));
    assert_eq!(diff["patch"], json!([{"op": "replace", "path": "/title", "value": "Master Baker"}]));
    assert_eq!(
        diff["changes"],
        json!([{
            "section": "title",
            "kind": "changed",
            "pointer": "/title",
            "before": "Baker",
            "after": "Master Baker",
            "text": "Title: “Baker” became “Master Baker”.",
        }])
    );
    let back = app.get(&format!("{PATH}/revisions/2/diff/1")).await.json();
    assert_eq!(back["changes"][0]["text"], "Title: “Master Baker” became “Baker”.");
    let none = app.get(&format!("{PATH}/revisions/1/diff/5")).await.json();
    assert_eq!((&none["patch"], &none["changes"]), (&json!([]), &json!([])));
}

#[actix_web::test]
async fn the_patch_of_a_diff_makes_the_later_revision_of_the_earlier_one() {
    let app = with_baker().await;
    let mut role = baker();
    role["responsibilities"]["primary"].as_array_mut().unwrap().reverse();
    role["responsibilities"]["primary"][1]["action"] = json!("make the dough, and let it rest");
    role["skills"] = json!({"hard": [{"id": "yeast", "name": "Yeast", "required": true}]});
    role.as_object_mut().unwrap().remove("salary");
    put(&app, &role, Some(("If-Match", "\"1\""))).await;
    for (from, to) in [(1, 2), (2, 1)] {
        let mut document = app.get(&format!("{PATH}/revisions/{from}")).await.json();
        let diff = app.get(&format!("{PATH}/revisions/{from}/diff/{to}")).await.json();
        let patch: json_patch::Patch = serde_json::from_value(diff["patch"].clone()).unwrap();
        json_patch::patch(&mut document, &patch).unwrap();
        assert_eq!(document, app.get(&format!("{PATH}/revisions/{to}")).await.json());
    }
    let diff = app.get(&format!("{PATH}/revisions/1/diff/2")).await.json();
    let told: Vec<&str> =
        diff["changes"].as_array().unwrap().iter().map(|change| change["text"].as_str().unwrap()).collect();
    assert_eq!(
        told,
        [
            "Salary: 20–28.50 EUR an hour was removed.",
            "Responsibilities: “make the dough” moved from place 1 to place 2.",
            "Responsibilities, “make the dough”, action: “make the dough” became “make the dough, and let it rest”.",
            "Hard skills: “Yeast” was added.",
        ]
    );
}

#[actix_web::test]
async fn a_posting_can_be_made_of_an_older_revision() {
    let app = with_history().await;
    let path = format!("{PATH}/posting?format=text");
    let (new, old) = (app.get(&path).await, app.get(&format!("{path}&revision=2")).await);
    assert!(new.text().contains("Baker") && !new.text().contains("Master Baker"));
    assert!(old.text().contains("Master Baker"));
    assert_eq!((new.header("rolewright-revision"), old.header("rolewright-revision")), ("5", "2"));
    let same = app.get(&format!("{path}&revision=1")).await;
    assert_eq!(same.body, new.body);
    let tags = [&new, &old, &same].map(|answer| answer.header("etag").to_owned());
    assert!(tags[0] != tags[1] && tags[0] != tags[2], "each revision has its own tag: {tags:?}");
    assert_eq!(app.get(&format!("{path}&revision=5")).await.header("etag"), tags[0]);
    let posted = app.post(&format!("{path}&revision=2"), &json!({})).await;
    assert_eq!((posted.text(), posted.header("rolewright-revision")), (old.text(), "2"));
    let json = app.get(&format!("{PATH}/posting?revision=2")).await.json();
    assert_eq!(json["role"]["revision"], 2);
}

#[actix_web::test]
async fn a_removed_role_can_be_posted_as_it_was() {
    let app = with_baker().await;
    delete(&app).await;
    let answer = app.get(&format!("{PATH}/posting?format=text&revision=1")).await;
    assert_eq!((answer.status.as_u16(), answer.header("rolewright-revision")), (200, "1"));
}

#[actix_web::test]
async fn a_revision_to_post_must_be_one() {
    let app = spawn_app().await;
    for n in ["0", "-1", "x", "", "4294967296", "1.0"] {
        let path = format!("/api/v1/roles/tech-manager/posting?revision={n}&tone=nope");
        let answer = app.get(&path).await;
        answer.problem(422, "invalid-parameter");
        assert_eq!(answer.blamed(), ["revision", "tone"], "what cannot be read hides nothing else");
        let answer = app.post(&format!("/api/v1/roles/tech-manager/posting?revision={n}"), &json!({})).await;
        answer.problem(422, "invalid-parameter");
    }
    for path in ["posting?revision=2", "posting?revision=2&format=text"] {
        let path = format!("/api/v1/roles/tech-manager/{path}");
        app.get(&path).await.problem(404, "revision-not-found");
        app.post(&path, &json!({})).await.problem(404, "revision-not-found");
    }
    let render = app.post("/api/v1/render?revision=1", &json!({})).await;
    render.problem(400, "unknown-parameter");
}

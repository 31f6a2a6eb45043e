//! The audit log.

use serde_json::{Value, json};

use crate::support::{Service, spawn_app};

/// All entries, the newest first, read in pages of `limit`.
async fn entries(app: &Service, limit: usize) -> Vec<Value> {
    let (mut path, mut entries) = (format!("/api/v1/audit?limit={limit}"), Vec::new());
    loop {
        let page = app.get(&path).await.json();
        let items = page["items"].as_array().unwrap();
        assert!(items.len() <= limit);
        entries.extend(items.iter().cloned());
        let Some(cursor) = page.get("next_cursor") else { return entries };
        path = format!("/api/v1/audit?limit={limit}&cursor={}", cursor.as_str().unwrap());
    }
}

#[actix_web::test]
async fn who_made_and_revoked_a_key_is_on_record() {
    let app = spawn_app().await;
    let admin_id = app.admin_key().unwrap()[11..27].to_owned();
    let key = app.new_key(&json!({"name": "hr-sync", "scopes": ["write"]})).await;
    let id = &key[11..27];
    let with_id = |request: reqwest::RequestBuilder| request.header("X-Request-Id", "my-request");
    app.send(reqwest::Method::DELETE, &format!("/api/v1/keys/{id}"), with_id).await;
    let entries = entries(&app, 100).await;
    let of = |entry: &Value| [entry["action"].clone(), entry["target"].clone(), entry["key"].clone()];
    assert_eq!(of(&entries[0]), [json!("key.revoke"), json!(id), json!(admin_id)]);
    assert_eq!(of(&entries[1]), [json!("key.create"), json!(id), json!(admin_id)]);
    assert_eq!(entries[0]["request_id"], "my-request");
    assert_eq!(entries[1]["request_id"].as_str().unwrap().len(), 36);
    let first = entries.iter().find(|entry| entry["target"] == json!(admin_id)).unwrap();
    assert_eq!((&first["action"], &first["author"]), (&json!("key.create"), &json!("Rolewright")));
}

#[actix_web::test]
async fn pages_lead_through_the_whole_log_while_it_grows() {
    let app = spawn_app().await;
    for n in 0..5 {
        app.new_key(&json!({"name": format!("key {n}"), "scopes": ["read"]})).await;
    }
    let all = entries(&app, 100).await;
    let numbers: Vec<u64> = all.iter().map(|entry| entry["number"].as_u64().unwrap()).collect();
    assert!(numbers.is_sorted_by(|one, next| one > next), "{numbers:?}");
    assert_eq!(entries(&app, 2).await, all);
    let first = app.get("/api/v1/audit?limit=2").await.json();
    app.new_key(&json!({"name": "meanwhile", "scopes": ["read"]})).await;
    let second = format!("/api/v1/audit?limit=2&cursor={}", first["next_cursor"].as_str().unwrap());
    assert_eq!(app.get(&second).await.json()["items"], json!(all[2..4]));
}

#[actix_web::test]
async fn only_cursors_that_were_given_out_are_taken() {
    let app = spawn_app().await;
    for bad in ["0", "x", "-1", "99999999999999999999"] {
        app.get(&format!("/api/v1/audit?cursor={bad}")).await.problem(400, "invalid-cursor");
    }
    app.get("/api/v1/audit?limit=0").await.problem(422, "invalid-parameter");
    app.get("/api/v1/audit?since=1").await.problem(400, "unknown-parameter");
}

#[actix_web::test]
async fn the_log_is_kept_by_no_cache() {
    assert_eq!(spawn_app().await.get("/api/v1/audit").await.header("cache-control"), "no-store");
}

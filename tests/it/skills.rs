//! The skills of the catalogue.

use serde_json::{Value, json};

use crate::support::{Service, role, spawn_with, to_lines};

fn skill(id: &str, name: &str) -> Value {
    json!({"id": id, "name": name})
}

/// Three roles with skills, beside the built-in ones.
async fn app() -> Service {
    let app = spawn_with(|settings| settings.roles_dir = None).await;
    let with = |id: &str, skills: Vec<Value>| role(id, "Role", json!({"skills": {"hard": skills}}));
    let roles = [
        with("one", vec![skill("zz-cooking", "Cooking"), skill("zz-cafe", "Café Service")]),
        with("two", vec![skill("zz-cooking", "Cooking, of all kinds")]),
        with("three", vec![skill("zz-cooking", "Cooking")]),
    ];
    app.import("", to_lines(&roles)).await;
    app
}

#[actix_web::test]
async fn skills_are_listed_by_id_with_the_number_of_their_roles() {
    let app = app().await;
    let mut path = "/api/v1/skills?limit=7".to_owned();
    let mut all = Vec::new();
    let total = loop {
        let page = app.get(&path).await.json();
        all.extend(page["items"].as_array().unwrap().clone());
        let Some(cursor) = page.get("next_cursor") else { break page["total"].as_u64().unwrap() };
        path = format!("/api/v1/skills?limit=7&cursor={}", cursor.as_str().unwrap());
    };
    assert_eq!(all.len() as u64, total);
    assert!(all.iter().map(|skill| skill["id"].as_str().unwrap()).is_sorted());
    assert_eq!(all[all.len() - 1], json!({"id": "zz-cooking", "name": "Cooking", "roles": 3}));
    assert_eq!(all[all.len() - 2], json!({"id": "zz-cafe", "name": "Café Service", "roles": 1}));
}

#[actix_web::test]
async fn words_find_skills_whose_name_has_words_that_begin_so() {
    let app = app().await;
    let found = app.get("/api/v1/skills?q=SERV+cafe").await.json();
    assert_eq!(found["items"], json!([{"id": "zz-cafe", "name": "Café Service", "roles": 1}]));
    assert_eq!(found["total"], 1);
    assert_eq!(app.get("/api/v1/skills?q=ervice").await.json()["total"], 0);
    let all = app.get("/api/v1/skills").await.json();
    assert_eq!(app.get("/api/v1/skills?q=").await.json(), all, "nothing is asked for");
    app.get("/api/v1/skills?q=%2B%2B").await.problem(422, "invalid-parameter");
    let cursor = all["next_cursor"].as_str().unwrap();
    let answer = app.get(&format!("/api/v1/skills?q=coo&cursor={cursor}")).await;
    answer.problem(400, "invalid-cursor");
}

//! Finding roles, and reading one.

use serde_json::{Value, json};

use crate::support::spawn_app;

fn ids(page: &Value) -> Vec<&str> {
    page["items"].as_array().unwrap().iter().map(|role| role["id"].as_str().unwrap()).collect()
}

#[actix_web::test]
async fn without_parameters_all_roles_are_listed_in_the_order_of_their_ids() {
    let page = spawn_app().await.get("/api/v1/roles").await.json();
    let ids = ids(&page);
    assert!(ids.contains(&"tech-manager") && ids.contains(&"zookeeper"));
    assert!(ids.is_sorted());
    assert_eq!(page["total"], ids.len());
}

#[actix_web::test]
async fn a_search_looks_for_all_words_in_any_case() {
    let app = spawn_app().await;
    let page = app.get("/api/v1/roles?q=ANIMAL+keeper").await.json();
    assert_eq!(ids(&page), ["zookeeper"]);
    assert_eq!(app.get("/api/v1/roles?q=tech+zoo").await.json()["total"], 0);
}

#[actix_web::test]
async fn a_family_filters_whole_names() {
    let app = spawn_app().await;
    assert_eq!(ids(&app.get("/api/v1/roles?family=animal+CARE").await.json()), ["zookeeper"]);
    assert_eq!(app.get("/api/v1/roles?family=animal").await.json()["total"], 0);
}

#[actix_web::test]
async fn cursors_lead_through_all_pages() {
    let app = spawn_app().await;
    let all = app.get("/api/v1/roles").await.json();
    let (mut path, mut seen) = ("/api/v1/roles?limit=1".to_owned(), Vec::new());
    loop {
        let page = app.get(&path).await.json();
        assert_eq!(page["total"], all["total"]);
        seen.extend(ids(&page).into_iter().map(str::to_owned));
        let Some(cursor) = page.get("next_cursor") else { break };
        path = format!("/api/v1/roles?limit=1&cursor={}", cursor.as_str().unwrap());
    }
    assert_eq!(seen, ids(&all));
}

#[actix_web::test]
async fn a_role_is_its_document_and_nothing_else() {
    let app = spawn_app().await;
    let answer = app.get("/api/v1/roles/zookeeper").await;
    let file = std::fs::read(crate::support::roles_dir().join("zookeeper.json")).unwrap();
    assert_eq!(answer.json(), serde_json::from_slice::<Value>(&file).unwrap());
    assert_eq!(answer.header("rolewright-revision"), "1");
}

#[actix_web::test]
async fn a_role_can_be_rendered_as_it_was_read() {
    let app = spawn_app().await;
    let role = app.get("/api/v1/roles/zookeeper").await.json();
    let answer = app.post("/api/v1/render?format=text", &json!({ "role": role })).await;
    assert_eq!(answer.status, 200);
}

#[actix_web::test]
async fn a_slash_at_the_end_of_a_path_makes_no_difference() {
    let app = spawn_app().await;
    for path in ["/api/v1/roles", "/api/v1/roles/tech-manager", "/api/v1/tones", "/healthz", "/docs"] {
        let (with, without) = (app.get(&format!("{path}/")).await, app.get(path).await);
        assert_eq!((with.status, with.body), (without.status, without.body), "{path}");
    }
}

#[actix_web::test]
async fn the_lists_of_choices_have_descriptions_and_examples() {
    let app = spawn_app().await;
    for path in [
        "/api/v1/tones",
        "/api/v1/emphases",
        "/api/v1/emphases?role=zookeeper",
        "/api/v1/formats",
        "/api/v1/locales",
    ] {
        let list = app.get(path).await.json();
        let items = list["items"].as_array().unwrap();
        assert!(!items.is_empty(), "{path}");
        for item in items {
            assert!(
                ["id", "description", "example"]
                    .iter()
                    .all(|field| item[field].as_str().is_some_and(|text| !text.is_empty()))
            );
        }
    }
}

#[actix_web::test]
async fn the_emphases_of_a_role_have_its_own_tags() {
    let app = spawn_app().await;
    let of = async |path: &str| app.get(path).await.text().to_owned();
    assert_ne!(of("/api/v1/emphases").await, of("/api/v1/emphases?role=zookeeper").await);
}

//! Finding roles: words, filters, orders, and pages.

use serde_json::{Value, json};

use crate::support::{Answer, Service, role, spawn_with, to_lines};

fn pay(min: u32, max: u32, currency: &str, period: &str) -> Value {
    json!({"salary": {"min": min, "max": max, "currency": currency, "period": period}})
}

/// A catalogue of its own, beside the built-in roles: its kroner are in none of them.
async fn app() -> Service {
    let app = spawn_with(|settings| settings.roles_dir = None).await;
    let skills = json!({"skills": {"hard": [
        {"id": "bread", "name": "Baking of Bread", "tags": ["craft"]},
        {"id": "ovens", "name": "Öfen & C++"},
    ]}});
    let named = json!({"alternate_titles": ["Pâtissier"], "family": "Food & Drink", "keywords": ["pastry"]});
    let roles = [
        role("baker", "Baker", skills),
        role("head-baker", "Head Baker", pay(50_000, 70_000, "NOK", "year")),
        role("confectioner", "Confectioner", named),
        role("clerk", "Clerk", json!({"summary": "Sells what the baker bakes."})),
        role("driver", "Driver", pay(15, 20, "NOK", "hour")),
        role("pilot", "Pilot", pay(80_000, 120_000, "USD", "year")),
    ];
    app.import("", to_lines(&roles)).await;
    app
}

fn ids(page: &Value) -> Vec<&str> {
    page["items"].as_array().unwrap().iter().map(|role| role["id"].as_str().unwrap()).collect()
}

async fn found(app: &Service, query: &str) -> Vec<String> {
    let answer: Answer = app.get(&format!("/api/v1/roles?{query}")).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let page = answer.json();
    assert_eq!(page["total"], ids(&page).len(), "{query}");
    assert_eq!(page["total_is_exact"], true);
    ids(&page).into_iter().map(str::to_owned).collect()
}

#[actix_web::test]
async fn words_are_found_by_their_beginnings_and_titles_come_first() {
    let app = app().await;
    assert_eq!(found(&app, "q=baker").await, ["baker", "head-baker", "clerk"]);
    assert_eq!(found(&app, "q=bak+HEA").await, ["head-baker"]);
    assert_eq!(found(&app, "q=patiss").await, ["confectioner"]);
    assert_eq!(found(&app, "q=%C3%96FEN+c%2B%2B").await, ["baker"]);
    assert_eq!(found(&app, "q=aker").await, [""; 0]);
}

#[actix_web::test]
async fn every_filter_must_hold() {
    let app = app().await;
    for (query, expected) in [
        ("family=food+%26+DRINK", vec!["confectioner"]),
        ("family=food", vec![]),
        ("skill=bread", vec!["baker"]),
        ("skill=baking+OF+bread", vec!["baker"]),
        ("skill=baking", vec![]),
        ("tag=craft", vec!["baker"]),
        ("tag=craft&family=food+%26+drink", vec![]),
        ("q=baker&currency=NOK", vec!["head-baker"]),
    ] {
        assert_eq!(found(&app, query).await, expected, "{query}");
    }
}

#[actix_web::test]
async fn a_band_is_found_that_reaches_into_the_asked_one() {
    let app = app().await;
    for (query, expected) in [
        ("salary_min=70000&currency=NOK", vec!["head-baker"]),
        ("salary_min=70000.01&currency=NOK", vec![]),
        ("salary_max=50000&currency=NOK", vec!["head-baker"]),
        ("salary_max=49999&currency=NOK", vec![]),
        ("salary_min=60000&salary_max=65000&currency=NOK&period=year", vec!["head-baker"]),
        ("salary_min=10&currency=NOK&period=hour", vec!["driver"]),
        ("salary_min=120000&currency=USD", vec!["pilot", "tech-manager"]),
        ("currency=NOK", vec!["head-baker"]),
        ("currency=JPY", vec![]),
    ] {
        assert_eq!(found(&app, query).await, expected, "{query}");
    }
}

#[actix_web::test]
async fn what_was_changed_since_a_moment_or_a_day_is_found() {
    let app = app().await;
    let list = app.get("/api/v1/roles?sort=updated").await.json();
    let at = |id: &str| {
        let item = list["items"].as_array().unwrap().iter().find(|item| item["id"] == id).unwrap();
        item["updated_at"].as_str().unwrap().to_owned()
    };
    assert!(found(&app, &format!("updated_since={}", at("pilot"))).await.contains(&"pilot".to_owned()));
    assert_eq!(found(&app, "updated_since=2020-01-01&sort=updated").await, ids(&list));
    assert_eq!(found(&app, "updated_since=2200-01-01T00:00:00%2B02:00").await.len(), 0);
    let lines = app.import("on_conflict=replace", to_lines(&[role("clerk", "Shop Clerk", json!({}))])).await;
    assert_eq!(lines[0]["result"], "replaced");
    let first = &app.get("/api/v1/roles?sort=updated&limit=1").await.json()["items"][0];
    assert_eq!((&first["id"], &first["revision"]), (&json!("clerk"), &json!(2)));
}

#[actix_web::test]
async fn the_order_is_by_relevance_id_title_or_change() {
    let app = app().await;
    assert_eq!(found(&app, "q=baker&sort=id").await, ["baker", "clerk", "head-baker"]);
    assert_eq!(found(&app, "q=baker&sort=title").await, ["baker", "clerk", "head-baker"]);
    assert!(found(&app, "").await.is_sorted());
    let by_title = app.get("/api/v1/roles?sort=title").await.json();
    let titles: Vec<&str> =
        by_title["items"].as_array().unwrap().iter().map(|role| role["title"].as_str().unwrap()).collect();
    assert!(titles.is_sorted(), "{titles:?}");
}

#[actix_web::test]
async fn pages_of_every_order_lead_through_all_and_inserts_move_nobody() {
    let app = app().await;
    for query in ["sort=id", "sort=title", "sort=updated", "q=a", "q=baker"] {
        let all = app.get(&format!("/api/v1/roles?{query}&limit=100")).await.json();
        let mut path = format!("/api/v1/roles?{query}&limit=2");
        let mut seen: Vec<String> = Vec::new();
        loop {
            let page = app.get(&path).await.json();
            seen.extend(ids(&page).into_iter().map(str::to_owned));
            let Some(cursor) = page.get("next_cursor") else { break };
            path = format!("/api/v1/roles?{query}&limit=2&cursor={}", cursor.as_str().unwrap());
            // By id and title, it stands before whatever is to come.
            let id = format!("aa-{}", query.replace(['=', '&'], "-"));
            app.import("on_conflict=skip", to_lines(&[role(&id, "0 New", json!({}))])).await;
        }
        let mut once = seen.clone();
        once.sort();
        once.dedup();
        assert_eq!(once.len(), seen.len(), "{query}: {seen:?}");
        let old = |id: &&String| ids(&all).contains(&id.as_str());
        assert_eq!(seen.iter().filter(old).collect::<Vec<_>>(), ids(&all), "{query}");
    }
}

#[actix_web::test]
async fn a_cursor_is_good_for_its_own_search_alone() {
    let app = app().await;
    let page = app.get("/api/v1/roles?q=baker&limit=1").await.json();
    let cursor = page["next_cursor"].as_str().unwrap();
    assert_eq!(app.get(&format!("/api/v1/roles?q=BAKER&limit=50&cursor={cursor}")).await.status, 200);
    for query in [
        "",
        "q=bake",
        "q=baker&sort=id",
        "q=baker&family=x",
        "q=baker&currency=NOK",
        "q=baker&updated_since=2020-01-01",
    ] {
        let answer = app.get(&format!("/api/v1/roles?{query}&cursor={cursor}")).await;
        answer.problem(400, "invalid-cursor");
        assert_eq!(answer.blamed(), ["cursor"]);
    }
    for hostile in [
        &cursor[1..],
        &format!("{cursor}AAAA"),
        "AAAAAAAAAAByAP__________",
        "%00",
        "",
        "%FF",
        &"A".repeat(5000),
    ] {
        app.get(&format!("/api/v1/roles?q=baker&cursor={hostile}")).await.problem(400, "invalid-cursor");
    }
}

#[actix_web::test]
async fn wishes_that_cannot_be_met_are_named_all_at_once() {
    let app = app().await;
    for (query, blamed) in [
        ("salary_min=1", vec!["currency"]),
        ("salary_max=1&period=month", vec!["currency"]),
        ("period=month", vec!["currency"]),
        ("salary_min=9&salary_max=5&currency=NOK", vec!["salary_min"]),
        ("salary_min=x&currency=euro&period=eon", vec!["salary_min", "currency", "period"]),
        ("sort=relevance", vec!["sort"]),
        ("sort=best&q=a", vec!["sort"]),
        ("q=%2B%2B&family=-&skill=.&tag=No+Slug", vec!["q", "family", "skill", "tag"]),
        ("updated_since=yesterday&limit=0", vec!["updated_since", "limit"]),
        ("q=a+b+c+d+e+f+g+h+i+j+k+l+m+n+o+p+q", vec!["q"]),
    ] {
        let answer = app.get(&format!("/api/v1/roles?{query}")).await;
        answer.problem(422, "invalid-parameter");
        assert_eq!(answer.blamed(), blamed, "{query}");
    }
    // A form that is sent with empty fields asks for nothing.
    assert_eq!(found(&app, "q=+&family=&skill=").await, found(&app, "").await);
}

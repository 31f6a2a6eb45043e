//! Who may do what: with a key of each scope, without one, near and far.

use std::net::{Ipv4Addr, SocketAddr};

use reqwest::{Method, RequestBuilder};
use rolewright::config::Anonymous;
use serde_json::{Value, json};

use crate::support::{Answer, Service, needs_key, operations, scope, spawn_app, spawn_with};

const CATALOGUE: &str = "/api/v1/roles";
const ROLE: &str = "/api/v1/roles/tech-manager";
const PUBLIC: [&str; 6] =
    ["/openapi.json", "/docs", "/docs/index.css", "/", "/api/v1/tones", "/api/v1/emphases"];
const PROBES: [&str; 2] = ["/healthz", "/readyz"];

/// Sends an operation as somebody from afar: a proxy passed it on.
async fn from_afar(
    app: &Service,
    key: Option<&str>,
    method: &Method,
    path: &str,
    operation: &Value,
) -> Answer {
    let body = &operation["requestBody"]["content"]["application/json"]["example"];
    app.send_as(key, method.clone(), path, |request| {
        let request = request.header("X-Forwarded-For", "192.0.2.1");
        if body.is_null() { request } else { request.json(body) }
    })
    .await
}

fn far(request: RequestBuilder) -> RequestBuilder {
    request.header("X-Forwarded-For", "192.0.2.1")
}

#[test]
fn every_operation_says_whether_it_needs_a_key() {
    for (path, method, operation) in operations() {
        let security = operation.get("security").and_then(Value::as_array);
        assert!(security.is_some_and(|security| !security.is_empty()), "{method} {path}");
    }
}

#[actix_web::test]
async fn who_shows_no_key_gets_a_401_exactly_where_the_document_asks_for_one() {
    let app = spawn_app().await;
    for (path, method, operation) in operations() {
        let answer = from_afar(&app, None, &method, &path, operation).await;
        if operation["security"][0].get("key").is_some() {
            answer.problem(401, "key-required");
            assert_eq!(answer.header("www-authenticate"), "Bearer realm=\"rolewright\"", "{method} {path}");
        } else {
            assert!(![401, 403].contains(&answer.status.as_u16()), "{method} {path}: {}", answer.status);
        }
    }
}

#[actix_web::test]
async fn a_key_does_what_its_scopes_allow_and_nothing_else() {
    let app = spawn_app().await;
    // What each key may do, beside what needs no scope.
    let table: [(Value, &[&str]); 7] = [
        (json!({"scopes": ["read"]}), &["read"]),
        (json!({"scopes": ["write"]}), &["read", "write"]),
        (json!({"scopes": ["publish"]}), &["read", "publish"]),
        (json!({"scopes": ["publish", "write"]}), &["read", "write", "publish"]),
        (json!({"scopes": ["admin"]}), &["read", "write", "publish", "admin"]),
        (json!({"scopes": ["read"], "employers": ["acme"]}), &["read"]),
        (json!({"scopes": ["write"], "employers": ["acme"]}), &["read", "write"]),
    ];
    for (mut order, allowed) in table {
        order["name"] = json!("matrix");
        let key = app.new_key(&order).await;
        for (path, method, operation) in operations() {
            let answer = from_afar(&app, Some(&key), &method, &path, operation).await;
            let cell = format!("{order} {method} {path}: {}", String::from_utf8_lossy(&answer.body));
            let shared = operation["tags"][0] == "Roles" && scope(operation) == Some("write");
            match scope(operation) {
                Some(needed) if !allowed.contains(&needed) => {
                    let problem = answer.problem(403, "scope-missing");
                    assert!(problem["detail"].as_str().unwrap().contains(needed), "{cell}");
                    let challenge = answer.header("www-authenticate");
                    let asked = format!("error=\"insufficient_scope\", scope=\"{needed}\"");
                    assert!(challenge.ends_with(&asked), "{cell}");
                }
                Some("write") if shared && order.get("employers").is_some() => {
                    answer.problem(403, "key-limited");
                }
                _ => assert!(![401, 403].contains(&answer.status.as_u16()), "{cell}"),
            }
        }
    }
}

#[actix_web::test]
async fn the_machine_itself_may_read_and_render_but_not_write() {
    let app = spawn_app().await;
    for (path, method, operation) in operations() {
        let body = &operation["requestBody"]["content"]["application/json"]["example"];
        let answer = app.send_as(None, method.clone(), &path, |request| request.json(body)).await;
        let refused = answer.status == 401;
        assert_eq!(refused, needs_key(operation), "{method} {path}: {}", answer.status);
    }
}

#[actix_web::test]
async fn a_sign_of_a_proxy_ends_the_freedom_of_the_machine_itself() {
    let app = spawn_app().await;
    for name in ["Forwarded", "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Real-IP", "Via"]
    {
        for path in [CATALOGUE, ROLE, "/api/v1/emphases?role=tech-manager", "/metrics"] {
            app.get_with(path, name, "x").await.problem(401, "key-required");
        }
        for path in PUBLIC.into_iter().chain(PROBES) {
            assert!(app.get_with(path, name, "x").await.status.as_u16() < 400, "{path}");
        }
    }
}

#[actix_web::test]
async fn on_another_bind_nobody_is_the_machine_itself() {
    let bind = SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0));
    let app = spawn_with(|settings| settings.bind = bind).await;
    for path in [CATALOGUE, ROLE, "/metrics"] {
        app.get(path).await.problem(401, "key-required");
    }
    let role = json!({"role": {}});
    app.post("/api/v1/render", &role).await.problem(401, "key-required");
    for path in PUBLIC.into_iter().chain(PROBES) {
        assert!(app.get(path).await.status.as_u16() < 400, "{path}");
    }
}

#[actix_web::test]
async fn reading_can_be_opened_to_all_and_closed_to_all() {
    let open = spawn_with(|settings| settings.anonymous = Anonymous::Read).await;
    let answer = open.send_as(None, Method::GET, ROLE, far).await;
    assert_eq!(
        (answer.status.as_u16(), answer.header("cache-control")),
        (200, "public, max-age=0, must-revalidate")
    );
    let posting = format!("{ROLE}/posting?format=text");
    assert_eq!(open.send_as(None, Method::POST, &posting, far).await.status, 200);
    open.send_as(None, Method::GET, "/metrics", far).await.problem(401, "key-required");
    open.send_as(None, Method::GET, "/api/v1/keys", far).await.problem(401, "key-required");

    let closed = spawn_with(|settings| settings.anonymous = Anonymous::None).await;
    closed.get(ROLE).await.problem(401, "key-required");
    assert_eq!(closed.get("/metrics").await.status, 200, "the machine itself may watch");
}

#[actix_web::test]
async fn a_bad_key_is_a_401_even_where_none_is_needed() {
    let app = spawn_app().await;
    let key = app.admin_key().unwrap();
    let (id, secret) = key.trim_start_matches("rolewright_").split_once('_').unwrap();
    let wrong_secret = format!("Bearer rolewright_{id}_{}", "0".repeat(64));
    let unknown = format!("Bearer rolewright_0123456789abcdef_{secret}");
    let nothing_but_case = format!("Bearer {}", key.to_uppercase());
    let (bare, basic) = (key.clone(), format!("Basic {key}"));
    for (path, shown) in [
        (ROLE, wrong_secret.as_str()),
        (ROLE, &unknown),
        ("/docs", &nothing_but_case),
        ("/api/v1/tones", &bare),
        ("/nope", &basic),
        (ROLE, "Bearer"),
        (ROLE, "Bearer garbage"),
    ] {
        let answer = app.get_with(path, "Authorization", shown).await;
        answer.problem(401, "invalid-key");
        let challenge = "Bearer realm=\"rolewright\", error=\"invalid_token\"";
        assert_eq!(answer.header("www-authenticate"), challenge, "{path}");
        assert_eq!(answer.header("cache-control"), "no-store");
        assert!(!answer.text().contains(secret) && !answer.text().contains("garbage"));
    }
    for path in PROBES {
        assert_eq!(app.get_with(path, "Authorization", &unknown).await.status, 200, "{path}");
    }
    let shown = format!("bEARER  {key}");
    assert_eq!(app.get_with("/api/v1/keys", "Authorization", &shown).await.status, 200);
}

#[actix_web::test]
async fn a_key_in_the_query_is_no_key() {
    let app = spawn_app().await;
    let key = app.admin_key().unwrap();
    for name in ["key", "api_key", "access_token"] {
        let answer = app.send_as(None, Method::GET, &format!("{ROLE}?{name}={key}"), far).await;
        answer.problem(401, "key-required");
    }
}

#[actix_web::test]
async fn what_is_answered_to_a_key_is_kept_by_its_owner_alone() {
    let app = spawn_app().await;
    let key = app.new_key(&json!({"name": "reader", "scopes": ["read"]})).await;
    for path in [ROLE, &format!("{ROLE}/posting?format=text"), CATALOGUE, "/openapi.json"] {
        let mine = app.send_as(Some(&key), Method::GET, path, far).await;
        assert!(mine.header("cache-control").starts_with("private, "), "{path}");
        let vary: Vec<_> = mine.headers.get_all("vary").iter().map(|value| value.to_str().unwrap()).collect();
        assert!(
            vary.contains(&"Authorization") && vary.iter().any(|v| v.contains("Accept-Encoding")),
            "{vary:?}"
        );
        assert!(app.get(path).await.header("cache-control").starts_with("public, "));
    }
}

#[actix_web::test]
async fn pages_of_other_origins_may_show_a_key_and_see_why_it_was_refused() {
    let app = spawn_app().await;
    let preflight = |request: RequestBuilder| {
        request
            .header("Origin", "https://careers.example")
            .header("Access-Control-Request-Method", "GET")
            .header("Access-Control-Request-Headers", "authorization")
    };
    let answer = app.send_as(None, Method::OPTIONS, ROLE, preflight).await;
    assert!(answer.status.is_success());
    assert!(answer.header("access-control-allow-headers").to_lowercase().contains("authorization"));
    assert_eq!(answer.header("access-control-allow-credentials"), "");
    let refused = app.send_as(None, Method::GET, ROLE, |request| far(preflight(request))).await;
    refused.problem(401, "key-required");
    assert_eq!(refused.header("access-control-allow-origin"), "*");
    let exposed = refused.header("access-control-expose-headers").to_lowercase();
    for name in ["www-authenticate", "retry-after", "ratelimit", "ratelimit-policy"] {
        assert!(
            exposed.split(", ").chain(exposed.split(',')).any(|header| header.trim() == name),
            "{exposed}"
        );
    }
}

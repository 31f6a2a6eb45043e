//! Every way to be refused, each a problem that says what to mend.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use reqwest::Method;
use rolewright::render::Format;
use serde_json::json;

use crate::support::{Service, spawn_app, spawn_with};

const POSTING: &str = "/api/v1/roles/tech-manager/posting";

#[actix_web::test]
async fn an_unknown_path_is_a_404() {
    let app = spawn_app().await;
    for path in
        ["/nope", "/api", "/api/v1", "/api/v1/role", "/api/v1/roles/tech-manager/postings", "/docs/nope.js"]
    {
        app.get(path).await.problem(404, "not-found");
    }
}

#[actix_web::test]
async fn a_role_that_does_not_exist_is_a_404_whatever_its_id_looks_like() {
    let app = spawn_app().await;
    for id in ["nope", "Tech-Manager", "%C2%84", "a--b", "..%2f", "%00"] {
        for path in [format!("/api/v1/roles/{id}"), format!("/api/v1/roles/{id}/posting")] {
            app.get(&path).await.problem(404, "role-not-found");
        }
        app.get(&format!("/api/v1/emphases?role={id}")).await.problem(404, "role-not-found");
        app.post(&format!("/api/v1/roles/{id}/posting"), &json!({})).await.problem(404, "role-not-found");
    }
}

#[actix_web::test]
async fn a_wrong_method_is_a_405_that_lists_the_right_ones() {
    let app = spawn_app().await;
    for (method, path, allow) in [
        (Method::DELETE, "/api/v1/roles", "GET, HEAD, POST, OPTIONS"),
        (Method::PUT, POSTING, "GET, HEAD, POST, OPTIONS"),
        (Method::GET, "/api/v1/render", "POST, OPTIONS"),
        (Method::PATCH, "/healthz/", "GET, HEAD, OPTIONS"),
    ] {
        let answer = app.send(method.clone(), path, |request| request).await;
        answer.problem(405, "method-not-allowed");
        assert_eq!(answer.header("allow"), allow);
        let options = app.send(Method::OPTIONS, path, |request| request).await;
        assert_eq!((options.status.as_u16(), options.header("allow")), (204, allow));
    }
}

#[actix_web::test]
async fn an_unknown_parameter_is_a_400_that_names_it_and_the_nearest() {
    let app = spawn_app().await;
    for (path, name, nearest) in
        [("/api/v1/roles?famly=x", "famly", "family"), (&format!("{POSTING}?Tone=friendly"), "Tone", "tone")]
    {
        let answer = app.get(path).await;
        let problem = answer.problem(400, "unknown-parameter");
        assert_eq!(answer.blamed(), [name]);
        assert_eq!(problem["errors"][0]["nearest"], nearest);
    }
    for path in
        ["/api/v1/tones?x", "/api/v1/formats?x=1", "/api/v1/locales?x=1", "/api/v1/roles/tech-manager?x=1"]
    {
        app.get(path).await.problem(400, "unknown-parameter");
    }
    app.post(&format!("{POSTING}?tone=bold"), &json!({})).await.problem(400, "unknown-parameter");
}

#[actix_web::test]
async fn a_parameter_that_stands_twice_is_a_400() {
    let answer = spawn_app().await.get(&format!("{POSTING}?tone=bold&tone=formal")).await;
    answer.problem(400, "duplicate-parameter");
    assert_eq!(answer.blamed(), ["tone"]);
}

#[actix_web::test]
async fn a_bad_cursor_is_a_400_and_a_bad_limit_a_422() {
    let app = spawn_app().await;
    for cursor in ["x", "6", "zz", "2e2e2f"] {
        let answer = app.get(&format!("/api/v1/roles?cursor={cursor}")).await;
        answer.problem(400, "invalid-cursor");
        assert_eq!(answer.blamed(), ["cursor"]);
    }
    for limit in ["0", "101", "-1", "+1", "1.0", "x", ""] {
        app.get(&format!("/api/v1/roles?limit={}", limit.replace('+', "%2B")))
            .await
            .problem(422, "invalid-parameter");
    }
    app.get("/api/v1/roles?q=%00&family=%E2%80%AE").await.problem(422, "invalid-parameter");
}

#[actix_web::test]
async fn all_bad_values_of_a_query_are_named_at_once() {
    let query = "salary_min=abc&salary_max=-1&currency=XXX&period=eon&salary_show=maybe&region=US-ZZ&country=ZZ&workplace=moon\
        &length=long&heading_level=9&employer=%20&format=pdf";
    let answer = spawn_app().await.get(&format!("{POSTING}?{query}")).await;
    let problem = answer.problem(422, "invalid-parameter");
    let mut blamed = answer.blamed();
    blamed.sort();
    let mut given: Vec<&str> = query.split('&').filter_map(|pair| pair.split('=').next()).collect();
    given.sort_unstable();
    assert_eq!(blamed, given);
    let format =
        problem["errors"].as_array().unwrap().iter().find(|error| error["parameter"] == "format").unwrap();
    assert_eq!(format["valid"], json!(Format::ALL.map(Format::as_str)));
}

#[actix_web::test]
async fn what_cannot_be_read_hides_nothing_else_that_is_wrong() {
    let app = spawn_app().await;
    for (query, expected) in [
        ("tone=Fr&emphasis=nope&locale=en-XX", vec!["emphasis", "locale", "tone"]),
        (
            "tone=frendly&emphasis=Bad!,nope,leadership&salary_min=5",
            vec!["emphasis", "emphasis", "salary_max", "tone"],
        ),
        ("locale=english&region=US-CO&country=DE&length=long", vec!["length", "locale", "region"]),
        // Of a range that could not be read, nothing else is said.
        ("salary_min=abc&currency=EUR&tone=nope", vec!["salary_min", "tone"]),
        ("salary_min=9&salary_max=5&currency=euros", vec!["currency"]),
    ] {
        let answer = app.get(&format!("{POSTING}?{query}")).await;
        answer.problem(422, "invalid-parameter");
        let mut blamed = answer.blamed();
        blamed.sort();
        assert_eq!(blamed, expected, "{query}");
    }
}

#[actix_web::test]
async fn a_body_too_is_told_all_at_once() {
    let app = spawn_app().await;
    let options = json!({"tone": "nope", "locale": "en-XX", "emphasis": ["nope"], "salary": {"min": 5}});
    let answer = app.post(POSTING, &options).await;
    answer.problem(422, "invalid-document");
    let mut blamed = answer.blamed();
    blamed.sort();
    assert_eq!(blamed, ["/emphasis/0", "/locale", "/salary/max", "/tone"]);
}

#[actix_web::test]
async fn wishes_that_do_not_fit_together_are_blamed_on_parameters() {
    let app = spawn_app().await;
    for (query, name) in [
        ("salary_min=5", "salary_max"),
        ("salary_max=5", "salary_min"),
        ("currency=EUR", "currency"),
        ("salary_min=9&salary_max=5", "salary_min"),
        ("region=US-CO&country=DE", "region"),
        ("emphasis=leadership,leadership", "emphasis"),
    ] {
        let answer = app.get(&format!("{POSTING}?{query}")).await;
        answer.problem(422, "invalid-parameter");
        assert_eq!(answer.blamed(), [name], "{query}");
    }
}

#[actix_web::test]
async fn an_unknown_tone_emphasis_or_locale_lists_the_valid_ones_and_the_nearest() {
    let app = spawn_app().await;
    for (name, given, nearest) in [
        ("tone", "frendly", "friendly"),
        ("emphasis", "leadershp", "leadership"),
        ("locale", "en-UX", "en-US"),
    ] {
        let answer = app.get(&format!("{POSTING}?{name}={given}")).await;
        let problem = answer.problem(422, "invalid-parameter");
        assert_eq!(answer.blamed(), [name]);
        assert_eq!(problem["errors"][0]["nearest"], nearest);
        assert!(problem["errors"][0]["valid"].as_array().unwrap().len() > 3);
    }
    for (name, given) in
        [("tone", "Friendly!"), ("locale", "english"), ("emphasis", "a,,b"), ("emphasis", "delivery:11")]
    {
        let answer = app.get(&format!("{POSTING}?{name}={given}")).await;
        answer.problem(422, "invalid-parameter");
        let blamed = answer.blamed();
        assert!(!blamed.is_empty() && blamed.iter().all(|parameter| parameter == name), "{blamed:?}");
    }
}

#[actix_web::test]
async fn bad_options_in_a_body_are_blamed_by_pointer() {
    let app = spawn_app().await;
    let answer = app.post(POSTING, &json!({"tone": 1, "colour": "red", "salary": {"min": 5}})).await;
    answer.problem(422, "invalid-document");
    assert_eq!(answer.blamed(), ["/colour", "/tone"]);
    let answer = app.post(POSTING, &json!({"salary": {"min": 5}})).await;
    assert_eq!(answer.blamed(), ["/salary/max"]);
    let answer = app.post(POSTING, &json!({"tone": "frendly", "emphasis": ["leadership", "nope"]})).await;
    answer.problem(422, "invalid-document");
    assert!(answer.blamed().contains(&"/emphasis/1".to_owned()));
}

#[actix_web::test]
async fn an_inline_role_and_its_options_are_blamed_apart() {
    let app = spawn_app().await;
    let mut role = app.get("/api/v1/roles/zookeeper").await.json();
    let answer = app.post("/api/v1/render", &json!({"role": role, "options": {"emphasis": ["nope"]}})).await;
    answer.problem(422, "invalid-document");
    assert_eq!(answer.blamed(), ["/options/emphasis/0"]);
    role["title"] = json!("");
    let answer = app.post("/api/v1/render", &json!({ "role": role })).await;
    assert_eq!(answer.blamed(), ["/role/title"]);
    assert_eq!(app.post("/api/v1/render", &json!({})).await.blamed(), ["/role"]);
}

#[actix_web::test]
async fn malformed_json_is_a_400_with_line_and_column() {
    let app = spawn_app().await;
    let problem = app
        .post_bytes(POSTING, "application/json", "{\n  \"tone\": friendly}")
        .await
        .problem(400, "malformed-json");
    assert_eq!((&problem["line"], &problem["column"]), (&json!(2), &json!(12)));
    for body in ["{", "[1,", "\u{feff}{}", "{}{}", "nul", &"[".repeat(100_000)] {
        app.post_bytes(POSTING, "application/json", body).await.problem(400, "malformed-json");
    }
    app.post_bytes("/api/v1/render", "application/json", "").await.problem(400, "malformed-json");
}

#[actix_web::test]
async fn what_is_no_object_is_a_422() {
    let app = spawn_app().await;
    for body in ["[]", "null", "1", "\"x\"", "[[\"x\"]]"] {
        app.post_bytes(POSTING, "application/json", body).await.problem(422, "invalid-document");
    }
}

#[actix_web::test]
async fn a_body_of_another_type_is_a_415() {
    let app = spawn_app().await;
    for media_type in
        ["text/plain", "application/x-www-form-urlencoded", "application/json; charset=latin1", "nonsense"]
    {
        app.post_bytes(POSTING, media_type, "{}").await.problem(415, "unsupported-media-type");
    }
    for media_type in ["application/json", "application/json; charset=UTF-8", "application/vnd.x+json"] {
        assert_eq!(
            app.post_bytes(&format!("{POSTING}?format=text"), media_type, "{}").await.status,
            200,
            "{media_type}"
        );
    }
    let coded = |request: reqwest::RequestBuilder| request.header("Content-Encoding", "gzip").body("{}");
    app.send(Method::POST, POSTING, coded).await.problem(415, "unsupported-media-type");
}

#[actix_web::test]
async fn a_format_that_cannot_be_had_is_a_406_that_lists_the_formats() {
    let app = spawn_app().await;
    for accept in ["image/png", "text/csv, application/pdf", "*/*;q=0"] {
        let problem = app.get_with(POSTING, "Accept", accept).await.problem(406, "not-acceptable");
        assert!(problem["errors"][0]["valid"].as_array().unwrap().contains(&json!("text/markdown")));
    }
}

#[actix_web::test]
async fn a_body_over_one_mebibyte_is_a_413_and_one_below_is_read() {
    let app = spawn_app().await;
    let body = |length: usize| format!("{{\"title\": \"{}\"}}", "x".repeat(length - 13));
    app.post_bytes(POSTING, "application/json", body(1024 * 1024)).await.problem(422, "invalid-document");
    app.post_bytes(POSTING, "application/json", body(1024 * 1024 + 1)).await.problem(413, "body-too-large");
    let answer =
        raw(&app, &format!("POST {POSTING} HTTP/1.1\r\nHost: x\r\nContent-Length: 10000000000\r\n\r\n"));
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
}

#[actix_web::test]
async fn a_body_that_stands_still_is_a_408_and_ends_the_connection() {
    let app = spawn_with(|settings| settings.body_timeout = Duration::from_millis(200)).await;
    app.get("/healthz").await;
    for framing in ["Content-Length: 10\r\n\r\n{", "Transfer-Encoding: chunked\r\n\r\n5\r\nab"] {
        let answer = raw(&app, &format!("POST {POSTING} HTTP/1.1\r\nHost: x\r\n{framing}"));
        assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
        assert!(answer.contains("problems/body-timeout"));
    }
}

#[actix_web::test]
async fn a_body_that_nobody_reads_keeps_no_connection_open() {
    let app = spawn_app().await;
    app.get("/healthz").await;
    for framing in ["Content-Length: 10\r\n\r\n{", "Transfer-Encoding: chunked\r\n\r\n5\r\nab"] {
        for (line, status) in [("POST /nope", 404), ("GET /healthz", 200), ("DELETE /api/v1/roles", 405)] {
            let answer = raw(&app, &format!("{line} HTTP/1.1\r\nHost: x\r\n{framing}"));
            assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{answer}");
        }
    }
}

/// Sends bytes, and reads until the server closes.
fn raw(app: &Service, request: &str) -> String {
    let mut stream = TcpStream::connect(app.address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

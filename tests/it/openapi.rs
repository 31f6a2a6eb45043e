//! The specification: checked in, complete, and true.

use std::fs;
use std::path::{Path, PathBuf};

use rolewright::app;
use rolewright::config::Settings;
use serde_json::{Value, json};

use crate::kept_postings::{publish, tech_manager};
use crate::support::{SPEC, Service, conforms, spawn_with_acme};

fn operations() -> Vec<(String, String, &'static Value)> {
    let paths = SPEC["paths"].as_object().unwrap();
    let of = |(path, item): (&String, &'static Value)| {
        let methods = item.as_object().unwrap().iter();
        methods.map(|(method, operation)| (path.clone(), method.clone(), operation)).collect::<Vec<_>>()
    };
    paths.iter().flat_map(of).collect()
}

#[test]
fn the_document_that_is_checked_in_is_the_one_that_the_code_makes() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("openapi/openapi.json");
    let made = app::openapi(&Settings::default()).unwrap();
    if std::env::var_os("BLESS").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, &made).unwrap();
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == made, "openapi/openapi.json is not what the code makes; BLESS=1 rewrites it");
}

#[actix_web::test]
async fn the_document_that_is_served_is_the_same() {
    let served =
        crate::support::spawn_with(|settings| settings.roles_dir = None).await.get("/openapi.json").await;
    assert_eq!(served.json(), *SPEC);
}

#[test]
fn every_operation_says_what_it_is_and_every_response_too() {
    for (path, method, operation) in operations() {
        for field in ["operationId", "summary", "description"] {
            assert!(
                operation[field].as_str().is_some_and(|text| !text.is_empty()),
                "{method} {path}: {field}"
            );
        }
        for (status, response) in operation["responses"].as_object().unwrap() {
            assert!(
                response["description"].as_str().is_some_and(|text| !text.is_empty()),
                "{method} {path}: {status}"
            );
        }
        assert!(operation["responses"].get("500").is_some(), "{method} {path}");
    }
}

#[test]
fn operation_ids_are_unique() {
    let mut ids: Vec<_> = operations()
        .into_iter()
        .map(|(_, _, operation)| operation["operationId"].as_str().unwrap())
        .collect();
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), count);
}

#[test]
fn every_example_conforms_to_its_schema() {
    for (path, method, operation) in operations() {
        let responses = operation["responses"].as_object().unwrap().values();
        let contents = responses.chain(operation.get("requestBody")).filter_map(|part| part.get("content"));
        for (media_type, content) in contents.flat_map(|content| content.as_object().unwrap()) {
            let named = content.get("examples").and_then(Value::as_object).into_iter().flatten();
            let examples = named.map(|(_, example)| &example["value"]).chain(content.get("example"));
            for example in examples {
                conforms(&content["schema"], example, &format!("{method} {path} {media_type}"));
            }
        }
    }
}

#[test]
fn every_json_answer_has_an_example() {
    for (path, method, operation) in operations() {
        let content = &operation["responses"]["200"]["content"]["application/json"];
        assert!(
            content.is_null() || path == "/openapi.json" || content.get("example").is_some(),
            "{method} {path}"
        );
    }
}

fn read_sources(folder: &Path, source: &mut String) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => read_sources(&path, source),
            false => source.push_str(&fs::read_to_string(path).unwrap()),
        }
    }
}

#[test]
fn every_route_is_in_the_document() {
    let mut source = String::new();
    read_sources("src/api".as_ref(), &mut source);
    let mut routes: Vec<(String, String)> = Vec::new();
    for method in ["get", "post", "put", "patch", "delete"] {
        let attribute = format!("#[{method}(\"");
        let paths = source.split(attribute.as_str()).skip(1).filter_map(|rest| rest.split('"').next());
        routes.extend(paths.map(|path| (path.to_owned(), method.to_owned())));
    }
    let mut documented: Vec<_> = operations().into_iter().map(|(path, method, _)| (path, method)).collect();
    routes.sort();
    documented.sort();
    assert_eq!(routes, documented);
}

#[test]
fn every_text_in_a_query_says_what_it_may_hold() {
    for (path, method, operation) in operations() {
        let parameters = operation.get("parameters").and_then(Value::as_array).into_iter().flatten();
        for parameter in parameters.filter(|parameter| parameter["in"] == "query") {
            let schema = &parameter["schema"];
            let bounded = schema.get("pattern").or(schema.get("enum")).is_some();
            assert!(bounded || schema["type"] != "string", "{method} {path}: {}", parameter["name"]);
        }
    }
}

/// A posting that is published: its path, and what other systems call it and its place.
struct Published {
    path: String,
    job: String,
    office: String,
}

async fn published(app: &Service) -> Published {
    let path = publish(app, &tech_manager(&json!({}))).await;
    let job = app.get("/v1/boards/acme/jobs?content=true").await.json()["jobs"][0].take();
    Published { path, job: job["id"].to_string(), office: job["offices"][0]["id"].to_string() }
}

/// The path of something that is there.
fn filled(app: &Service, path: &str, posting: &Published) -> String {
    let key = app.admin_key().unwrap();
    let path = path.replace("/api/v1/postings/{id}", &posting.path);
    let id = posting.path.rsplit('/').next().unwrap();
    let path = path.replace("postings/{employer}/{id}", &format!("postings/acme/{id}"));
    let path = path.replace("{employer}/postings/{id}", &format!("acme/postings/{id}"));
    let path = path.replace("jobs/{id}", &format!("jobs/{}", posting.job));
    let path = path.replace("offices/{id}", &format!("offices/{}", posting.office));
    let path = path.replace("departments/{id}", "departments/0");
    let path = path.replace("keys/{id}", &format!("keys/{}", key.split('_').nth(1).unwrap()));
    let path = path.replace("sections/{id}", "sections/0").replace("education/{list}", "education/degrees");
    let path = path.replace("employers/{id}", "employers/acme").replace("tones/{id}", "tones/acme-voice");
    let names = [
        ("{employer}", "acme"),
        ("{id}", "tech-manager"),
        ("{file}", "index.css"),
        ("{feed}", "atom.xml"),
        ("{slug}", "tech-manager-denver"),
        ("{n}", "1"),
        ("{a}", "1"),
        ("{b}", "1"),
    ];
    names.iter().fold(path, |path, (name, value)| path.replace(name, value))
}

#[actix_web::test]
async fn every_documented_read_is_answered() {
    let app = spawn_with_acme().await;
    let posting = published(&app).await;
    for (path, method, operation) in operations().into_iter().filter(|(_, method, _)| method == "get") {
        let path = filled(&app, &path, &posting);
        let answer = app.get(&path).await;
        assert!(answer.status.as_u16() < 400, "{method} {path} {}", operation["operationId"]);
    }
}

#[actix_web::test]
async fn every_example_of_a_parameter_is_accepted() {
    let app = spawn_with_acme().await;
    let posting = published(&app).await;
    for (path, _, operation) in operations().into_iter().filter(|(_, method, _)| method == "get") {
        let path = filled(&app, &path, &posting);
        let parameters = operation.get("parameters").and_then(Value::as_array).into_iter().flatten();
        let pairs = parameters.filter(|parameter| parameter["in"] == "query").filter_map(|parameter| {
            let example = parameter.get("example")?;
            let value = example.as_str().map_or_else(|| example.to_string(), str::to_owned);
            Some(format!("{}={}", parameter["name"].as_str()?, value.replace(' ', "+")))
        });
        let query = pairs.collect::<Vec<_>>().join("&");
        let answer = app.get(format!("{path}?{query}").trim_end_matches('?')).await;
        assert!(answer.status.as_u16() < 400, "{path}?{query}: {}", answer.text());
    }
}

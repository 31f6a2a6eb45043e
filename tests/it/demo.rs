//! The command `demo`: an integrator's test bed.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Output;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::process::{Process, key_file, program};
use crate::support::SPEC;

fn demo(data: &Path) -> Output {
    program().arg("demo").env("ROLEWRIGHT_DATA_DIR", data).output().unwrap()
}

async fn get(server: &Process, path: &str) -> reqwest::Response {
    reqwest::get(server.url(path)).await.unwrap()
}

async fn json_at(server: &Process, path: &str) -> Value {
    let answer = get(server, path).await;
    assert!(answer.status().is_success(), "{path}: {}", answer.status());
    answer.json().await.unwrap()
}

/// What a document says of itself, as it was added: the files of the demo.
fn files() -> Vec<Value> {
    let read = |path: &Path| serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let mut files: Vec<Value> = std::fs::read_dir("src/app/demo/postings")
        .unwrap()
        .map(|entry| read(&entry.unwrap().path()))
        .collect();
    files.push(read(Path::new("src/app/demo/employer.json")));
    files
}

/// The properties of a schema, as far down as it goes: `Location.city`.
fn properties(document: &Value, schema: &Value, name: &str, found: &mut BTreeSet<String>) {
    if let Some(target) = schema["$ref"].as_str() {
        let named = target.rsplit('/').next().unwrap();
        return properties(document, &document["components"]["schemas"][named], named, found);
    }
    for part in ["items", "additionalProperties"] {
        if schema[part].is_object() {
            properties(document, &schema[part], name, found);
        }
    }
    for one in schema["oneOf"].as_array().into_iter().flatten() {
        properties(document, one, name, found);
    }
    for (property, inner) in schema["properties"].as_object().into_iter().flatten() {
        if name != "SectionSwitches" && found.insert(format!("{name}.{property}")) {
            properties(document, inner, property, found);
        }
    }
}

fn keys(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                found.insert(name.clone());
                keys(member, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| keys(item, found)),
        _ => {}
    }
}

#[test]
fn every_field_of_postings_and_employers_is_used_somewhere() {
    let document = &*SPEC;
    let mut known = BTreeSet::new();
    for name in ["NewPosting", "KeptEmployer"] {
        properties(document, &document["components"]["schemas"][name], name, &mut known);
    }
    assert!(known.len() > 60, "{known:?}");
    let mut used = BTreeSet::new();
    files().iter().for_each(|file| keys(file, &mut used));
    // The days are reckoned when the board is made; who hires is the kept employer.
    used.extend(["date_posted", "valid_through", "start"].map(str::to_owned));
    let by_others = ["employer", "employer_id"];
    let unused: Vec<&String> = known
        .iter()
        .filter(|path| {
            let name = path.rsplit('.').next().unwrap();
            !used.contains(name) && !by_others.contains(&name)
        })
        .collect();
    assert!(unused.is_empty(), "{unused:?}");
}

#[actix_web::test]
async fn it_fills_an_empty_database_and_does_nothing_the_second_time() {
    let data = TempDir::new().unwrap();
    let first = demo(data.path());
    assert!(first.status.success(), "{}", String::from_utf8_lossy(&first.stderr));
    assert!(String::from_utf8_lossy(&first.stdout).contains("13 new postings"));
    let second = demo(data.path());
    assert!(second.status.success());
    assert!(String::from_utf8_lossy(&second.stdout).contains("there already"));

    let server = Process::start(data.path(), &[]);
    let told = String::from_utf8(second.stdout).unwrap();
    let paths: Vec<&str> = told.lines().filter_map(|line| line.strip_prefix("  ")).collect();
    assert!(paths.len() > 2, "{told}");
    for path in paths {
        assert_eq!(get(&server, path).await.status(), 200, "{path}");
    }
    let list = json_at(&server, "/api/v1/postings?employer=demo&limit=50").await;
    assert_eq!(list["total"], 10, "{list}");
    let titles: Vec<&str> =
        list["items"].as_array().unwrap().iter().filter_map(|i| i["title"].as_str()).collect();
    for title in ["Data Analyst (m/w/d), “Größe & Maß”", "Primary Teacher, \"Little Explorers\" Class"]
    {
        assert!(titles.contains(&title), "{titles:?}");
    }
    let roles: BTreeSet<&str> =
        list["items"].as_array().unwrap().iter().filter_map(|item| item["role_id"].as_str()).collect();
    assert_eq!(roles.len(), 9, "{roles:?}");
}

#[actix_web::test]
async fn every_public_path_has_its_postings() {
    let data = TempDir::new().unwrap();
    assert!(demo(data.path()).status.success());
    let server = Process::start(data.path(), &[]);
    let count = |list: &Value| list.as_array().map(Vec::len);
    for (path, pointer) in [
        ("/v1/boards/demo/jobs?content=true", "/jobs"),
        ("/v0/postings/demo?mode=json", ""),
        ("/posting-api/job-board/demo?includeCompensation=true", "/jobs"),
        ("/v1/companies/demo/postings?limit=100", "/content"),
        ("/feeds/demo/jobs.json", "/items"),
    ] {
        let answer = json_at(&server, path).await;
        assert_eq!(answer.pointer(pointer).and_then(count), Some(10), "{path}");
    }
    for feed in ["indeed.xml", "linkedin.xml", "atom.xml", "rss.xml"] {
        let path = format!("/feeds/demo/{feed}");
        let text = get(&server, &path).await.text().await.unwrap();
        assert!(text.contains("Größe &amp; Maß") || text.contains("Größe & Maß"), "{path}");
    }
    let page = get(&server, "/careers/demo/registered-nurse-night-shift").await;
    assert_eq!(page.status(), 200);
    assert!(page.text().await.unwrap().contains("$48.50 – $62.75 an hour"));
    let hidden = get(&server, "/careers/demo/data-analyst-koln").await.text().await.unwrap();
    assert!(!hidden.contains("52,000"), "pay is not shown");
    for (slug, status) in
        [("data-analyst-toronto", 410), ("registered-nurse-denver", 404), ("accountant-austin", 404)]
    {
        assert_eq!(get(&server, &format!("/careers/demo/{slug}")).await.status(), status, "{slug}");
    }
}

#[actix_web::test]
async fn boards_take_its_postings() {
    let data = TempDir::new().unwrap();
    assert!(demo(data.path()).status.success());
    let key = key_file(data.path());
    let settings = [
        ("ROLEWRIGHT_ADMIN_KEY_FILE", key.to_str().unwrap()),
        ("ROLEWRIGHT_PUBLIC_URL", "https://jobs.example"),
    ];
    let server = Process::start(data.path(), &settings);
    let client = reqwest::Client::new();
    let url = server.url("/api/v1/preflight?employer=demo&severity=error");
    let report: Value =
        client.get(url).bearer_auth(crate::process::ADMIN_KEY).send().await.unwrap().json().await.unwrap();
    assert_eq!(report["items"], json!([]), "{report:#}");
}

#[actix_web::test]
async fn a_database_with_other_employers_is_left_alone() {
    let data = TempDir::new().unwrap();
    let key = key_file(data.path());
    let server = Process::start(data.path(), &[("ROLEWRIGHT_ADMIN_KEY_FILE", key.to_str().unwrap())]);
    let answer = reqwest::Client::new()
        .put(server.url("/api/v1/employers/acme"))
        .bearer_auth(crate::process::ADMIN_KEY)
        .json(&json!({"id": "acme", "profile": {"name": "Acme"}}))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 201);
    let refused = demo(data.path());
    assert!(!refused.status.success());
    assert!(String::from_utf8_lossy(&refused.stderr).contains("the demo fills an empty one"));
    assert_eq!(get(&server, "/api/v1/employers/demo").await.status(), 404);
}

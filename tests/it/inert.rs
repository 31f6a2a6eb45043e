//! No endpoint takes template source: whatever text a request carries stays text, or is refused.
//!
//! The fields are those of the specification, so that a new one is tried without being named here.

use std::time::Duration;

use reqwest::{Method, RequestBuilder};
use rolewright::config::Rate;
use serde_json::{Value, json};

use crate::employers::{ACME, EMPLOYERS};
use crate::kept_postings::{add, tech_manager};
use crate::support::{Answer, SPEC, Service, example, operations, spawn_with};

/// What an engine would print for [`PROBE`].
const PRINTED: &str = "5332114";
const PROBE: &str = "{{ 1234*4321 }}";
/// What aborts or stalls a process that evaluates it.
const BOMBS: [&str; 14] = [
    "{% set a=[1] %}{% set a=[a,a] %}{% set a=[a,a] %}{% set a=[a,a] %}{{ a|tojson }}{{ 1234*4321 }}",
    "{% for i in range(60) %}{% set a=[a,a] %}{% endfor %}{{ a == a }}{{ 1234*4321 }}",
    "{{ [0]|tojson(indent=1000000000) }}{{ 1234*4321 }}",
    "{{ 'a'*99000000 }}{{ 1234*4321 }}",
    "{{ ([0]*99000000)|sort }}{{ 1234*4321 }}",
    "{{ 'a'|indent(1000000000) }}{{ '%1000000000d'|format(1) }}{{ 1234*4321 }}",
    "{{ range(1000)|batch(1000000000) }}{{ 1234*4321 }}",
    "{{ 10**10**10 }}{{ 1234*4321 }}",
    "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}{{ 1234*4321 }}",
    "{% include 'tones/base.j2' %}{% extends 'tones/friendly.j2' %}{{ 1234*4321 }}",
    "{%- raw -%}{{ x }}{%- endraw -%}{# note #}{{ 1234*4321 }}",
    "{{ self }}{{ debug() }}{{ [].__class__ }}{{ 1234*4321 }}",
    "${1234*4321} #{1234*4321} <%= 1234*4321 %> {{{ 1234*4321 }}} [[1234*4321]]",
    "{{----------------------------------------------------------------1}}{{ 1234*4321 }}",
];

/// A place in a document where the schema has a text, as a JSON Pointer.
fn texts(schema: &Value, pointer: &str, found: &mut Vec<String>) {
    if let Some(reference) = schema["$ref"].as_str() {
        return texts(SPEC.pointer(&reference[1..]).unwrap(), pointer, found);
    }
    for alternative in ["oneOf", "anyOf", "allOf"].iter().filter_map(|name| schema[name].as_array()).flatten()
    {
        texts(alternative, pointer, found);
    }
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        texts(property, &format!("{pointer}/{name}"), found);
    }
    if schema.get("items").is_some() {
        texts(&schema["items"], &format!("{pointer}/0"), found);
    }
    if schema["type"] == "string" {
        found.push(pointer.to_owned());
    }
}

/// The document with another value at a pointer, if it has what surrounds that.
fn with(document: &Value, pointer: &str, value: &str) -> Option<Value> {
    let mut changed = document.clone();
    let (parent, name) = pointer.rsplit_once('/')?;
    match changed.pointer_mut(parent)? {
        Value::Object(fields) => drop(fields.insert(name.to_owned(), json!(value))),
        Value::Array(items) => *items.get_mut(name.parse::<usize>().ok()?)? = json!(value),
        _ => return None,
    }
    Some(changed)
}

/// A role with everything that a role can have.
fn role() -> Value {
    let mut role: Value = serde_json::from_str(include_str!("../../roles/tech-manager.json")).unwrap();
    role["id"] = json!("inert");
    role["occupations"] = json!([{"scheme": "onet-soc", "code": "11-3021.00", "name": "Managers"}]);
    for list in ["primary", "secondary"] {
        role["responsibilities"][list] = json!([{
            "id": format!("{list}-duty"), "action": "lead a team", "detail": "every day", "outcome": "so that it grows",
            "plain": {"action": "lead a team"}, "tags": ["leadership"], "essential": true,
        }]);
    }
    for list in ["hard", "soft"] {
        role["skills"][list] = json!([
            {"id": format!("{list}-skill"), "name": "Skill", "description": "Of a kind.", "tags": ["delivery"]}
        ]);
    }
    role["education"] = json!({
        "minimum": [{"level": "bachelor", "text": "A degree"}], "preferred": [{"level": "master", "text": "Another"}],
        "fields_of_study": ["Computing"],
    });
    role["experience"] =
        json!({"minimum_years": 5, "summary": "Five years of it.", "preferred": ["More of it"]});
    role["career"] =
        json!({"entry_from": ["Engineer"], "advances_to": ["Director"], "lateral_moves": ["Architect"]});
    role
}

fn profile() -> Value {
    json!({
        "name": "Acme", "about": "Tools.", "website": "https://acme.example", "logo": "https://acme.example/logo.svg",
        "values": ["Plain speaking"], "benefits": [{"category": "leave", "text": "25 days"}],
        "equal_opportunity": "Equal.", "accommodation": "Ask.", "locked": [{"heading": "How", "text": "So."}],
        "size": {"total": 500},
    })
}

/// Options with everything that options can have, but who hires.
fn options() -> Value {
    json!({
        "title": "Lead", "tone": "friendly", "length": "full", "locale": "en-US", "emphasis": [{"dimension": "leadership"}],
        "salary": {"min": 1, "max": 2, "currency": "USD", "period": "year", "note": "plus equity"},
        "other_compensation": ["a bonus"], "department": "Engineering", "team": "Payments", "requisition_id": "E-1",
        "locations": [{
            "street": "1 Main Street", "city": "Denver", "region": "US-CO", "postal_code": "80202", "country": "US",
            "workplace": "hybrid",
        }],
        "remote_within": ["US-CO"], "reports_to_location": "US-NY", "employment_type": "full_time",
        "start": "2027-02-01", "date_posted": "2026-12-01", "valid_through": "2027-01-31",
        "apply": {"url": "https://acme.example", "email": "jobs@acme.example", "instructions": "Write."},
        "contact_email": "ask@acme.example",
    })
}

fn posting_options() -> Value {
    let mut options = options();
    options["employer"] = profile();
    options
}

/// A tone that says every phrase that there is.
fn tone() -> Value {
    let mut tone = example("create_own_tone");
    tone["id"] = json!("inert");
    let must = |name: &str| match name {
        "emphasis" | "emphasis_next" | "emphasis_last" => "{task}",
        "emphasis_growth" => "{step}",
        "emphasis_flexibility" => "{workplace}",
        "pay" => "{pay}",
        "other_compensation" => "{items}",
        "apply_by" => "{date}",
        "apply_email" | "contact" => "{email}",
        _ => "",
    };
    let names =
        |schema: &str| SPEC["components"]["schemas"][schema]["properties"].as_object().unwrap().keys();
    let headings: Value = names("Headings").map(|name| (name.clone(), json!("Words"))).collect();
    let phrases = names("Phrases").filter(|name| *name != "headings");
    tone["phrases"] = phrases.map(|name| (name.clone(), json!(format!("Words {}", must(name))))).collect();
    tone["phrases"]["headings"] = headings;
    tone
}

/// A document that an operation takes, with all its texts, and the schema that has them.
fn subject(operation: &Value) -> (Value, &'static str) {
    let id = operation["operationId"].as_str().unwrap();
    match id {
        "create_role" | "put_role" | "patch_role" | "import_roles" | "preview_role_impact" => {
            (role(), "Role")
        }
        "create_posting" | "put_posting" | "patch_posting" => {
            let posting = json!({
                "employer_id": "acme", "role_id": "tech-manager", "slug": "inert", "options": options(),
            });
            (posting, "NewPosting")
        }
        "compare_posting" => (json!({"text": "Tech Manager"}), "LiveText"),
        "create_role_posting" => (posting_options(), "PostingOptions"),
        "render_posting" => (json!({"role": role(), "options": posting_options()}), "RenderRequest"),
        "create_employer" | "put_employer" | "patch_employer" => {
            let employer = json!({
                "id": "inert", "profile": profile(), "time_zone": "America/Denver", "defaults": options(),
            });
            (employer, "KeptEmployer")
        }
        "create_own_tone" | "put_own_tone" | "patch_own_tone" => (tone(), "OwnTone"),
        "create_key" => {
            let order = json!({
                "name": "inert", "scopes": ["read"], "employers": ["acme"], "expires_at": "2099-12-31T23:59:59Z",
            });
            (order, "NewKey")
        }
        other => panic!("{other} has a body: say here what it takes"),
    }
}

/// Where a request goes, with something at its place for those that change it.
async fn place(app: &Service, path: &str, operation: &Value) -> String {
    let id = operation["operationId"].as_str().unwrap();
    let (path, document) = match id {
        "put_role" | "patch_role" => ("/api/v1/roles/inert".to_owned(), role()),
        "put_employer" | "patch_employer" => (format!("{EMPLOYERS}/inert"), subject(operation).0),
        "put_own_tone" | "patch_own_tone" => (format!("{ACME}/tones/inert"), tone()),
        "put_posting" | "patch_posting" => return add(app, &tech_manager(&json!({}))).await,
        "compare_posting" => return add(app, &tech_manager(&json!({}))).await + "/compare",
        "preview_role_impact" => {
            place_at(app, id, "/api/v1/roles/inert", &role()).await;
            return "/api/v1/roles/inert/impact".to_owned();
        }
        _ => return path.to_owned(),
    };
    place_at(app, id, &path, &document).await;
    path
}

async fn place_at(app: &Service, id: &str, path: &str, document: &Value) {
    let put = |request: RequestBuilder| request.json(document);
    let status = app.send(Method::PUT, path, put).await.status.as_u16();
    assert!([201, 428].contains(&status), "{id}: {status}");
}

async fn send(app: &Service, method: &Method, path: &str, operation: &Value, body: &Value) -> Answer {
    let content = operation["requestBody"]["content"].as_object().unwrap();
    let media_type = content.keys().next().unwrap();
    let changes = *method == Method::PUT || *method == Method::PATCH;
    let complete = |request: RequestBuilder| {
        let request = request.header("Content-Type", media_type).body(body.to_string());
        if changes { request.header("If-Match", "*") } else { request }
    };
    let answer = app.send(method.clone(), path, complete);
    tokio::time::timeout(Duration::from_secs(20), answer).await.expect("a request must not stall")
}

/// The answer is no fault, and nothing in it was computed.
#[track_caller]
fn is_inert(answer: &Answer, what: &str) {
    let text = String::from_utf8_lossy(&answer.body);
    assert!(answer.status.as_u16() < 500, "{what}: {text}");
    assert!(!text.contains(PRINTED), "{what}: {text}");
}

/// What is said in a posting by what was just stored.
async fn is_said_as_text(app: &Service, operation: &Value, id: &str) {
    let path = match operation["operationId"].as_str().unwrap() {
        "create_role" | "put_role" | "patch_role" => format!("/api/v1/roles/{id}/posting?length=full"),
        "create_employer" | "put_employer" | "patch_employer" => {
            format!("/api/v1/roles/tech-manager/posting?employer_id={id}")
        }
        "create_own_tone" | "put_own_tone" | "patch_own_tone" => {
            format!("/api/v1/roles/tech-manager/posting?employer_id=acme&tone={id}")
        }
        _ => return,
    };
    for format in ["html", "json"] {
        is_inert(&app.get(&format!("{path}&format={format}")).await, &path);
    }
}

/// What a draft says in the formats that are written for others.
async fn is_shown_as_text(app: &Service, id: &str) {
    let key = app.admin_key();
    for format in ["html", "json-ld"] {
        let path = format!("/api/v1/postings/{id}?format={format}");
        is_inert(&app.send_as(key.as_deref(), Method::GET, &path, |request| request).await, &path);
    }
}

async fn app() -> Service {
    let app = spawn_with(|settings| {
        (settings.rate_limit_address, settings.rate_limit_key) = (Rate::Off, Rate::Off);
    })
    .await;
    app.add_acme().await;
    app
}

#[actix_web::test]
async fn template_source_in_any_text_of_any_body_stays_text_or_is_refused() {
    let app = app().await;
    let before = app.get("/api/v1/roles/tech-manager/posting?employer_id=acme&format=html").await;
    let (mut sent, mut stored) = (0, 0);
    for (path, method, operation) in operations().into_iter().filter(|(.., o)| o.get("requestBody").is_some())
    {
        let path = place(&app, &path, operation).await;
        let (document, schema) = subject(operation);
        let mut fields = Vec::new();
        texts(&json!({"$ref": format!("#/components/schemas/{schema}")}), "", &mut fields);
        fields.sort_unstable();
        fields.dedup();
        // No employer stands in the defaults of one.
        fields.retain(|field| !field.starts_with("/defaults/employer/"));
        fields.retain(|field| schema != "NewPosting" || !field.starts_with("/options/employer"));
        assert!(!fields.is_empty(), "{method} {path}");
        for field in fields {
            let said = document.pointer(&field).and_then(Value::as_str).unwrap_or_default();
            let probe = if said.contains('{') { format!("{said} {PROBE}") } else { PROBE.to_owned() };
            for text in [probe, BOMBS[sent / 2 % BOMBS.len()].to_owned()] {
                sent += 1;
                let what = format!("{method} {path} {field}: {text}");
                let Some(mut body) = with(&document, &field, &text) else { panic!("no place for {what}") };
                let is_new = method == Method::POST && body.get("id").is_some() && !path.ends_with("/impact");
                if is_new && field != "/id" {
                    body["id"] = json!(format!("inert-{sent}"));
                }
                if schema == "NewPosting" && method == Method::POST && field != "/slug" {
                    body.as_object_mut().unwrap().remove("slug");
                }
                let answer = send(&app, &method, &path, operation, &body).await;
                is_inert(&answer, &what);
                if schema == "NewPosting" && answer.status.is_success() {
                    stored += 1;
                    assert_eq!(answer.json().pointer(&field), Some(&json!(text)), "{what}");
                    is_shown_as_text(&app, answer.json()["id"].as_str().unwrap()).await;
                }
                let kept = answer.status.is_success()
                    && schema != "RenderRequest"
                    && !path.ends_with("/impact")
                    && !answer.body.is_empty();
                let Some(id) = body["id"].as_str().filter(|_| kept).map(str::to_owned) else { continue };
                if answer.media_type() == "application/json" {
                    stored += 1;
                    assert_eq!(answer.json().pointer(&field), Some(&json!(text)), "{what}");
                }
                is_said_as_text(&app, operation, &id).await;
                if schema == "OwnTone" && is_new {
                    let path = format!("{ACME}/tones/{id}");
                    assert_eq!(app.send(Method::DELETE, &path, |request| request).await.status, 204);
                }
            }
        }
    }
    assert!(sent > 900 && stored > 300, "{sent} {stored}");
    assert_eq!(app.get("/readyz").await.status, 200);
    let after = app.get("/api/v1/roles/tech-manager/posting?employer_id=acme&format=html").await;
    assert_eq!(after.body, before.body);
}

#[actix_web::test]
async fn template_source_in_any_parameter_stays_text_or_is_refused() {
    let app = app().await;
    for (path, method, operation) in operations() {
        let parameters = operation.get("parameters").and_then(Value::as_array).into_iter().flatten();
        for parameter in parameters.filter(|parameter| parameter["in"] == "query") {
            let name = parameter["name"].as_str().unwrap();
            for text in [PROBE, BOMBS[0], BOMBS[1], BOMBS[2]] {
                let body = &operation["requestBody"]["content"]["application/json"]["example"];
                let query = serde_urlencoded::to_string([(name, text)]).unwrap();
                let complete = |request: RequestBuilder| {
                    if body.is_null() { request } else { request.json(body) }
                };
                let answer = app.send(method.clone(), &format!("{path}?{query}"), complete).await;
                is_inert(&answer, &format!("{method} {path} {name}: {text}"));
            }
        }
    }
}

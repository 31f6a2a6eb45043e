//! A running service, and a client that holds every answer against the specification.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, LazyLock, Mutex};

use actix_web::dev::ResourceDef;
use jsonschema::Validator;
use reqwest::header::{AUTHORIZATION, HeaderMap};
use reqwest::redirect::Policy;
use reqwest::{Client, Method, RequestBuilder, StatusCode};
use rolewright::app::{self, Running};
use rolewright::config::{Rate, Settings};
use rolewright::store::document::{Author, Batch, Edit, Expected, Order};
use rolewright::store::{DocumentId, Location, Store};
use serde_json::{Value, json};
use tempfile::TempDir;

/// The specification of the service with its default settings.
pub static SPEC: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(&app::openapi(&Settings::default()).unwrap()).unwrap());

/// A service on a port of its own; it ends with the test.
pub struct Service {
    pub address: SocketAddr,
    /// Where it keeps its data; removed with it.
    pub data: Arc<TempDir>,
    client: Client,
    running: Running,
}

/// An answer that the specification allows.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

/// A service with the zookeeper beside the built-in role.
pub async fn spawn_app() -> Service {
    spawn_with(|_| ()).await
}

/// The same, with other settings.
pub async fn spawn_with(change: impl FnOnce(&mut Settings)) -> Service {
    spawn_in(Arc::new(tempfile::tempdir().unwrap()), change).await
}

/// The same, with the data of an earlier one.
pub async fn spawn_in(data: Arc<TempDir>, change: impl FnOnce(&mut Settings)) -> Service {
    let mut settings = Settings {
        data_dir: data.path().to_owned(),
        roles_dir: Some(roles_dir()),
        workers: 1.try_into().ok(),
        // Tests are in a hurry; those of the limits set their own.
        rate_limit_key: Rate::Off,
        rate_limit_address: Rate::Off,
        ..Settings::default()
    };
    change(&mut settings);
    let running = app::spawn(&settings).await.unwrap();
    let client = Client::builder().redirect(Policy::none()).build().unwrap();
    Service { address: running.address, data, client, running }
}

/// The folder with the role from another field.
pub fn roles_dir() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/it/roles")
}

impl Service {
    /// Gets `path`.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, |request| request).await
    }

    /// Gets `path` with a header.
    pub async fn get_with(&self, path: &str, name: &str, value: &str) -> Answer {
        self.send(Method::GET, path, |request| request.header(name, value)).await
    }

    /// Posts a JSON document.
    pub async fn post(&self, path: &str, document: &Value) -> Answer {
        self.send(Method::POST, path, |request| request.json(document)).await
    }

    /// Posts bytes of a media type.
    pub async fn post_bytes(&self, path: &str, media_type: &str, bytes: impl Into<Vec<u8>>) -> Answer {
        let bytes = bytes.into();
        self.send(Method::POST, path, |request| request.header("Content-Type", media_type).body(bytes)).await
    }

    /// Imports a body of lines. Gives their results.
    pub async fn import(&self, query: &str, lines: impl Into<Vec<u8>>) -> Vec<Value> {
        let path = format!("/api/v1/roles:import?{query}");
        self.post_bytes(&path, "application/x-ndjson", lines).await.lines("ImportResult")
    }

    /// Another connection to its database.
    pub async fn store(&self) -> Arc<dyn Store> {
        let (url, folder) = ("sqlite://rolewright.db".to_owned(), self.data.path().to_owned());
        rolewright::store::connect(&Location { url, folder, pool: 1 }).await.unwrap()
    }

    /// Adds the employer and the tone of the specification's examples.
    pub async fn add_acme(&self) {
        for (operation, path) in
            [("create_employer", "/api/v1/employers"), ("create_own_tone", "/api/v1/employers/acme/tones")]
        {
            let added = self.post(path, &example(operation)).await;
            assert_eq!(added.status, 201, "{}", added.text());
        }
    }

    /// Removes a role behind its back.
    pub async fn remove(&self, id: &str) {
        self.write(DocumentId::role(id), Edit::Delete, Expected::Present).await;
    }

    /// Writes a document behind its back.
    pub async fn write(&self, document: DocumentId, edit: Edit, expected: Expected) {
        let author = Author { name: "test".to_owned(), key: None, request: None };
        let order = Order {
            document,
            edit,
            expected,
            skip_same: false,
            at: jiff::Timestamp::now(),
            author,
            message: None,
        };
        let store = self.store().await;
        store.write(Batch::of(order)).await.unwrap().remove(0).unwrap();
        store.close().await;
    }

    /// Sends a request, and holds the answer against the specification. What only a key may do is
    /// done with the admin key, unless the request shows another.
    pub async fn send(
        &self,
        method: Method,
        path: &str,
        complete: impl FnOnce(RequestBuilder) -> RequestBuilder,
    ) -> Answer {
        let keyed = operation(&method, path).is_some_and(needs_key);
        let key = if keyed { self.admin_key() } else { None };
        self.send_as(key.as_deref(), method, path, complete).await
    }

    /// The key that the first start made, if it made one.
    pub fn admin_key(&self) -> Option<String> {
        let key = std::fs::read_to_string(self.data.path().join("admin-key")).ok()?;
        Some(key.trim().to_owned())
    }

    /// A new key, made by the admin.
    pub async fn new_key(&self, order: &Value) -> String {
        let created = self.post("/api/v1/keys", order).await;
        assert_eq!(created.status, 201, "{}", created.text());
        created.json()["key"].as_str().unwrap().to_owned()
    }

    /// Sends a request with this key, or with none, unless the request shows one itself.
    pub async fn send_as(
        &self,
        key: Option<&str>,
        method: Method,
        path: &str,
        complete: impl FnOnce(RequestBuilder) -> RequestBuilder,
    ) -> Answer {
        let request = self.client.request(method.clone(), format!("http://{}{path}", self.address));
        let mut request = complete(request).build().unwrap();
        if let Some(key) = key {
            let shown = format!("Bearer {key}").parse().unwrap();
            request.headers_mut().entry(AUTHORIZATION).or_insert(shown);
        }
        let response = self.client.execute(request).await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let answer = Answer { status, headers, body: response.bytes().await.unwrap().to_vec() };
        answer.hold_against_specification(&method, path);
        answer
    }

    /// Stops it, and waits until it has; its data stay.
    pub async fn stop(self) -> Arc<TempDir> {
        // A connection that is kept open would be waited for.
        drop(self.client);
        self.running.handle.stop(true).await;
        self.running.stopped.await.unwrap();
        self.data
    }
}

/// The request that the specification shows for an operation.
pub fn example(operation_id: &str) -> Value {
    let operations = operations();
    let (_, _, operation) =
        operations.iter().find(|(_, _, operation)| operation["operationId"] == operation_id).unwrap();
    operation["requestBody"]["content"]["application/json"]["example"].clone()
}

/// A service with an employer, and its own tone.
pub async fn spawn_with_acme() -> Service {
    let app = spawn_app().await;
    app.add_acme().await;
    app
}

/// A small role, with more fields.
pub fn role(id: &str, title: &str, more: Value) -> Value {
    let mut role = json!({
        "id": id,
        "title": title,
        "summary": "A job.",
        "mission": "do it",
        "responsibilities": {"primary": [{"id": "duty", "action": "do it"}]},
    });
    role.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    role
}

/// Documents, each in a line of its own.
pub fn to_lines(documents: &[Value]) -> String {
    documents.iter().map(|document| format!("{document}\n")).collect()
}

impl Answer {
    /// A header, or nothing at all.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The media type, without parameters.
    pub fn media_type(&self) -> &str {
        self.header("content-type").split(';').next().unwrap_or_default()
    }

    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    /// The lines of the body, each of which must conform to a schema of this name.
    #[track_caller]
    pub fn lines(&self, name: &str) -> Vec<Value> {
        assert_eq!((self.status.as_u16(), self.media_type()), (200, "application/x-ndjson"));
        assert!(self.body.is_empty() || self.body.ends_with(b"\n"));
        let lines = self.text().lines().map(|line| serde_json::from_str(line).unwrap());
        let schema = json!({ "$ref": format!("#/components/schemas/{name}") });
        lines.inspect(|line| conforms(&schema, line, name)).collect()
    }

    /// The body as text.
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    /// The body as a problem of this kind and status.
    #[track_caller]
    pub fn problem(&self, status: u16, slug: &str) -> Value {
        assert_eq!(self.status, status, "{}", String::from_utf8_lossy(&self.body));
        let problem = self.json();
        assert_eq!(problem["type"], format!("https://rolewright.dev/problems/{slug}"));
        assert_eq!(problem["status"], status);
        problem
    }

    /// What the errors of a problem are about: parameters, or pointers into the body.
    #[track_caller]
    pub fn blamed(&self) -> Vec<String> {
        let problem = self.json();
        let errors = problem["errors"].as_array().expect("errors");
        let name = |error: &Value| {
            error.get("parameter").or(error.get("pointer")).unwrap().as_str().unwrap().to_owned()
        };
        errors.iter().map(name).collect()
    }

    #[track_caller]
    fn hold_against_specification(&self, method: &Method, path: &str) {
        let failed = self.status.is_client_error() || self.status.is_server_error();
        if *method == Method::HEAD {
            return assert!(self.body.is_empty());
        }
        // What another system's clients read is told in its own words, where the document says so.
        let own = operation(method, path).is_some_and(|operation| {
            let content = &operation["responses"][self.status.as_str()]["content"];
            content.get(self.media_type()).is_some()
        });
        if failed && !own {
            assert_eq!(self.media_type(), "application/problem+json", "{path}");
            conforms(&json!({"$ref": "#/components/schemas/Problem"}), &self.json(), path);
        }
        let Some(operation) = operation(method, path) else { return };
        let status = self.status.as_u16().to_string();
        let documented = operation["responses"].get(&status);
        let response = documented.unwrap_or_else(|| panic!("{method} {path}: {status} is not documented"));
        let Some(content) = response.get("content") else { return assert!(self.body.is_empty(), "{path}") };
        let content = content
            .get(self.media_type())
            .unwrap_or_else(|| panic!("{path}: {} is not documented", self.media_type()));
        let json = self.media_type() == "application/json" || self.media_type().ends_with("+json");
        if json && self.header("content-encoding").is_empty() {
            conforms(&content["schema"], &self.json(), path);
        }
    }
}

/// The scope that an operation needs, if it needs a key with one.
pub fn scope(operation: &'static Value) -> Option<&'static str> {
    operation["security"][0]["key"][0].as_str()
}

/// Whether an operation needs a key wherever it is asked from: to write, and where it says so.
pub fn needs_key(operation: &'static Value) -> bool {
    let says_so = operation["description"].as_str().is_some_and(|text| text.contains("Needs a key"));
    says_so || scope(operation).is_some_and(|scope| scope != "read")
}

/// Every operation of the specification: its path with ids of what there is, or could be, its method,
/// and what the specification says of it.
pub fn operations() -> Vec<(String, Method, &'static Value)> {
    let paths = SPEC["paths"].as_object().unwrap();
    let of = |(path, item): (&String, &'static Value)| {
        let path = filled(path);
        let methods = item.as_object().unwrap().iter();
        let method = |name: &String| name.to_uppercase().parse().unwrap();
        methods.map(|(name, operation)| (path.clone(), method(name), operation)).collect::<Vec<_>>()
    };
    paths.iter().flat_map(of).collect()
}

/// A path with its parameters filled in.
fn filled(path: &str) -> String {
    let mut filled: Vec<&str> = Vec::new();
    for segment in path.split('/') {
        filled.push(match (segment, filled.last().copied()) {
            ("{id}", Some("keys")) => "0123456789abcdef",
            ("{id}", Some("roles")) => "tech-manager",
            ("{id}", Some("employers")) | ("{employer}", _) => "acme",
            ("{id}", Some("tones")) => "acme-voice",
            ("{file}", _) => "index.css",
            ("{feed}", _) => "atom.xml",
            (segment, _) if segment.contains('{') => "1",
            (segment, _) => segment,
        });
    }
    filled.join("/")
}

/// What the specification says of a method of a path.
fn operation(method: &Method, path: &str) -> Option<&'static Value> {
    let path = path.split('?').next().unwrap_or_default();
    let path = if path.len() > 1 { path.trim_end_matches('/') } else { path };
    let paths = SPEC["paths"].as_object().unwrap();
    let (_, item) = paths.iter().find(|(template, _)| ResourceDef::new(template.as_str()).is_match(path))?;
    item.get(method.as_str().to_lowercase())
}

/// Holds `document` against `schema` of the specification.
#[track_caller]
pub fn conforms(schema: &Value, document: &Value, name: &str) {
    let errors: Vec<String> = validator(schema)
        .iter_errors(document)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{name} does not conform: {errors:#?}");
}

fn validator(schema: &Value) -> Arc<Validator> {
    static COMPILED: LazyLock<Mutex<HashMap<String, Arc<Validator>>>> = LazyLock::new(Mutex::default);
    let compile = || {
        let mut root = schema.clone();
        if let Some(root) = root.as_object_mut() {
            root.insert("components".into(), SPEC["components"].clone());
        }
        Arc::new(jsonschema::validator_for(&root).unwrap())
    };
    let mut compiled = COMPILED.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    Arc::clone(compiled.entry(schema.to_string()).or_insert_with(compile))
}

//! The specification: what the handlers say of themselves, and what holds for all of them.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::path::Operation;
use utoipa::openapi::schema::{ObjectBuilder, Schema, SchemaType, Type};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{ContentBuilder, OpenApi, Ref, RefOr, Required, Response, ResponseBuilder, Server};
use utoipa::{IntoResponses, OpenApi as _, PartialSchema};
use utoipa_actix_web::AppExt;

use super::audit::AuditPage;
use super::catalogue::Known;
use super::choices::{ChoiceList, FormatList};
use super::keys::{CreatedKey, KeyList};
use super::problem::Kind;
use super::roles::list::RolePage;
use super::{Setup, gate, problem, routes};
use crate::domain::PostingOptions;
use crate::domain::options::{Length, LocaleTag};
use crate::render::{Format, Renderer, Subject};
use crate::store::Catalogue;
use crate::store::keys::Scope;

#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Rolewright",
        description = "Turns role definitions (structured data) into job postings (words, in the format that the reader needs): \
            the same bytes every time, with the source of every sentence on record.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0"),
        contact(name = "Rolewright", url = "https://github.com/rolewright/rolewright"),
    ),
    components(schemas(problem::Problem, problem::FieldError, crate::domain::Posting)),
    tags(
        (name = "Roles", description = "Company-neutral definitions of jobs."),
        (name = "Postings", description = "Roles, composed with options and written in a format."),
        (name = "Choices", description = "What can be asked for."),
        (name = "Keys", description = "Who may do what, and who did."),
        (name = "Documentation", description = "The specification, and the page that shows it."),
        (name = "Operation", description = "Probes and metrics."),
    ),
)]
struct Base;

/// The whole specification.
pub fn document(renderer: &Renderer, samples: &Catalogue, setup: &Setup) -> OpenApi {
    let app = actix_web::App::new().into_utoipa_app().openapi(Base::openapi()).configure(routes);
    let (_, mut openapi) = app.split_for_parts();
    let url = setup.public_url.as_deref().unwrap_or("/");
    let mut server = Server::new(url);
    server.description = Some("This server.".to_owned());
    openapi.servers = Some(vec![server]);
    openapi.components.get_or_insert_default().add_security_scheme(KEY, key_scheme());
    let examples = examples(renderer, samples);
    for (path, item) in &mut openapi.paths.paths {
        for operation in [&mut item.get, &mut item.post, &mut item.put, &mut item.patch, &mut item.delete]
            .into_iter()
            .flatten()
        {
            guard(operation, gate::is_open(path));
            complete(operation, &examples);
        }
    }
    openapi
}

/// The name of the only security scheme.
const KEY: &str = "key";

fn key_scheme() -> SecurityScheme {
    let description = "An API key. The scopes are `read`, `write`, `publish`, and `admin`; `write` and `publish` allow \
        reading, too, and `admin` allows everything. Reading and rendering need no key for the machine itself when the server \
        listens on a loopback address, and for nobody with `ROLEWRIGHT_ANONYMOUS=read`.";
    let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("rolewright_…");
    SecurityScheme::Http(bearer.description(Some(description)).build())
}

/// Adds how the gate answers: a bad key and too many requests everywhere but at the probes, a missing
/// key or scope where one is needed.
fn guard(operation: &mut Operation, open: bool) {
    if open {
        return;
    }
    let mut kinds = vec![Kind::InvalidKey, Kind::TooManyRequests, Kind::Unavailable];
    let requirements: Vec<Value> = operation.security.iter().flatten().map(|one| json!(one)).collect();
    if requirements.iter().any(|one| one.get(KEY).is_some()) {
        kinds.insert(0, Kind::KeyRequired);
    }
    let scopes = requirements.iter().filter_map(|one| one.get(KEY)?.as_array()).flatten();
    let scopes: Vec<&Value> = scopes.collect();
    if !scopes.is_empty() {
        kinds.push(Kind::ScopeMissing);
    }
    if scopes.iter().any(|scope| *scope == Scope::Write.as_str()) {
        kinds.push(Kind::KeyLimited);
    }
    for (status, response) in problem::responses(&kinds) {
        operation.responses.responses.entry(status).or_insert(response);
    }
}

/// Adds what holds for every operation, and its examples.
fn complete(operation: &mut Operation, examples: &[Example]) {
    let id = operation.operation_id.clone().unwrap_or_default();
    let conditional = operation.responses.responses.contains_key("304");
    for (status, response) in &mut operation.responses.responses {
        let RefOr::T(response) = response else { continue };
        add_headers(response, conditional && matches!(status.as_str(), "200" | "304"));
        for example in
            examples.iter().filter(|example| example.operation == id && (status == "200" || status == "201"))
        {
            if let Some(RefOr::T(content)) = response.content.get_mut(example.media_type) {
                content.example = Some(example.value.clone());
            }
        }
    }
    if let Some(RefOr::T(body)) = &mut operation.request_body {
        let optional = id == "create_role_posting";
        body.required = Some(if optional { Required::False } else { Required::True });
        let value = examples.iter().find(|example| example.operation == id && example.media_type == REQUEST);
        if let (Some(RefOr::T(content)), Some(example)) = (body.content.get_mut("application/json"), value) {
            content.example = Some(example.value.clone());
        }
    }
}

fn add_headers(response: &mut Response, tagged: bool) {
    let mut add = |name: &str, description: &str| {
        let header = HeaderBuilder::new().description(Some(description)).schema(Some(text())).build();
        response.headers.insert(name.to_owned(), header.into());
    };
    add("X-Request-Id", "The id of the request: the caller's, if it was well-formed.");
    if tagged {
        add("ETag", "Identifies the content, for `If-None-Match`.");
        add("Cache-Control", "How long the content may be kept.");
        add("Vary", "The request headers that the content depends on.");
    }
}

fn text() -> Schema {
    ObjectBuilder::new().schema_type(SchemaType::Type(Type::String)).into()
}

/// What a conditional request is answered with.
pub struct NotModified;

impl IntoResponses for NotModified {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let description = "What the client has (by `If-None-Match`) is still good.";
        BTreeMap::from([("304".to_owned(), ResponseBuilder::new().description(description).build().into())])
    }
}

/// A posting in any format.
pub struct PostingAnswer;

impl IntoResponses for PostingAnswer {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        BTreeMap::from([("200".to_owned(), posting().into())])
    }
}

/// A posting of a stored role in any format.
pub struct PostingAnswerOfRevision;

impl IntoResponses for PostingAnswerOfRevision {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let mut response = posting();
        let header = HeaderBuilder::new()
            .description(Some("The revision of the role."))
            .schema(Some(u32::schema()))
            .build();
        response.headers.insert("Rolewright-Revision".to_owned(), header.into());
        BTreeMap::from([("200".to_owned(), response.into())])
    }
}

fn posting() -> Response {
    let text = || ContentBuilder::new().schema(Some(text())).build();
    let json = ContentBuilder::new().schema(Some(Ref::from_schema_name("Posting"))).build();
    ResponseBuilder::new()
        .description("The posting. HTML is a fragment for `format=html`, and a whole document for `page`.")
        .content("application/json", json)
        .content("text/html", text())
        .content("text/markdown", text())
        .content("text/plain", text())
        .build()
}

/// Marks the example of a request's body.
const REQUEST: &str = "request";

/// An example of an operation's answer, or of its request.
struct Example {
    operation: &'static str,
    media_type: &'static str,
    value: Value,
}

/// Real answers, made by what will answer.
fn examples(renderer: &Renderer, samples: &Catalogue) -> Vec<Example> {
    const ID: &str = "tech-manager";
    let json = |operation, value: Value| Example { operation, media_type: "application/json", value };
    let request = |operation, value: Value| Example { operation, media_type: REQUEST, value };
    let mut examples = vec![
        json("list_tones", json!(ChoiceList::of(renderer.tones()))),
        json("list_emphases", json!(ChoiceList::of(&renderer.emphases(None)))),
        json("list_formats", json!(FormatList::all())),
        json("list_locales", json!(ChoiceList::of(renderer.locales()))),
        json("create_key", json!(CreatedKey::example())),
        json("get_key", json!(CreatedKey::example().into_record())),
        json("list_keys", json!(KeyList { items: vec![CreatedKey::example().into_record()] })),
        json("list_audit", json!(AuditPage::example())),
        request(
            "create_key",
            json!({"name": "hr-sync", "scopes": ["write"], "expires_at": "2099-12-31T23:59:59Z"}),
        ),
        json("get_health", json!({"status": "ok"})),
        json("get_readiness", json!({"status": "ok"})),
    ];
    let stored = samples.get(ID);
    let known = stored.and_then(|stored| {
        let body = serde_json::to_string(&stored.role).ok()?;
        Known::read(&body, 1, jiff::Timestamp::UNIX_EPOCH).ok()
    });
    let Some(known) = known else { return examples };
    let role = json!(known.role);
    examples.push(json("list_roles", json!(RolePage::of_one(&known.role))));
    let options = example_options();
    examples.push(json("get_role", role.clone()));
    examples.push(request("create_role_posting", json!(options)));
    examples.push(request("render_posting", json!({"role": role, "options": options})));
    let inline = Subject::Inline(&known.role);
    for (operation, subject) in [
        ("get_role_posting", known.subject()),
        ("create_role_posting", known.subject()),
        ("render_posting", inline),
    ] {
        for format in [Format::Json, Format::Html, Format::Markdown, Format::Text] {
            let Ok(bytes) = renderer.render(subject, &options, format) else { continue };
            let text = || Value::String(String::from_utf8_lossy(&bytes).into_owned());
            let value =
                if format == Format::Json { serde_json::from_slice(&bytes).ok() } else { Some(text()) };
            let media_type = format.media_type().split(';').next().unwrap_or_default();
            examples.extend(value.map(|value| Example { operation, media_type, value }));
        }
    }
    examples
}

/// Few words, so that the specification stays readable.
fn example_options() -> PostingOptions {
    PostingOptions {
        tone: "friendly".try_into().ok(),
        length: Some(Length::Short),
        locale: LocaleTag::try_from("en-US".to_owned()).ok(),
        ..PostingOptions::default()
    }
}

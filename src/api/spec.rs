//! The specification: what the handlers say of themselves, and what holds for all of them.

use std::collections::BTreeMap;
use std::marker::PhantomData;

use serde_json::{Value, json};
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::path::Operation;
use utoipa::openapi::schema::{ObjectBuilder, OneOfBuilder, Schema, SchemaType, Type};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{ContentBuilder, OpenApi, Ref, RefOr, Required, Response, ResponseBuilder, Server};
use utoipa::{IntoResponses, OpenApi as _, PartialSchema, ToSchema};
use utoipa_actix_web::AppExt;

use super::audit::AuditPage;
use super::catalogue::{Known, RoleContent};
use super::changes::ChangePage;
use super::choices::{ChoiceList, FormatList};
use super::keys::{CreatedKey, KeyList};
use super::postings::resource::PostingResource;
use super::problem::Kind;
use super::roles::diff::RoleDiff;
use super::roles::import::ImportResult;
use super::roles::list::RolePage;
use super::samples::{Example, REQUEST, example_moment};
use super::skills::SkillPage;
use super::{Setup, gate, problem, routes, samples};
use crate::domain::PostingOptions;
use crate::domain::options::{Length, LocaleTag};
use crate::render::{Format, JobDescription, Renderer, Subject};
use crate::store::keys::Scope;
use crate::store::{DocumentId, Shelf};

#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Rolewright",
        description = "Turns role definitions (structured data) into job postings (words, in the format that the reader needs): \
            the same bytes every time, with the source of every sentence on record.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0"),
        contact(name = "Rolewright", url = "https://github.com/rolewright/rolewright"),
    ),
    components(schemas(problem::Problem, problem::FieldError, ImportResult, crate::domain::Posting, PostingResource<'static>, JobDescription)),
    tags(
        (name = "Roles", description = "Company-neutral definitions of jobs."),
        (name = "Employers", description = "Who hires, what holds for their postings, and tones of their own."),
        (name = "History", description = "What roles, employers, and their tones were, who changed them, and how."),
        (name = "Changes", description = "What was changed, for systems that keep a copy."),
        (name = "Postings", description = "Roles, composed with options and written in a format; and those that are kept and published."),
        (name = "Preflight", description = "Whether search engines and job boards will take a posting."),
        (name = "Public pages and feeds", description = "What the world sees of what is published."),
        (name = "Other systems' answers", description = "What is published, in the shapes that clients of other systems read."),
        (name = "Choices", description = "What can be asked for."),
        (name = "Keys", description = "Who may do what, and who did."),
        (name = "Documentation", description = "The specification, and the page that shows it."),
        (name = "Operation", description = "Probes and metrics."),
    ),
)]
struct Base;

/// The whole specification.
pub fn document(renderer: &Renderer, roles: &Shelf, setup: &Setup) -> OpenApi {
    let app = actix_web::App::new().into_utoipa_app().openapi(Base::openapi()).configure(routes);
    let (_, mut openapi) = app.split_for_parts();
    let url = setup.public_url.as_deref().unwrap_or("/");
    let mut server = Server::new(url);
    server.description = Some("This server.".to_owned());
    openapi.servers = Some(vec![server]);
    openapi.components.get_or_insert_default().add_security_scheme(KEY, key_scheme());
    let examples = examples(renderer, roles);
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
        let told = matches!(status.as_str(), "200" | "201");
        for example in examples.iter().filter(|example| example.operation == id && told) {
            if let Some(RefOr::T(content)) = response.content.get_mut(example.media_type) {
                content.example = Some(example.value.clone());
            }
        }
    }
    if let Some(RefOr::T(body)) = &mut operation.request_body {
        let optional = matches!(id.as_str(), "create_role_posting" | "import_roles");
        body.required = Some(if optional { Required::False } else { Required::True });
        let value = examples.iter().find(|example| example.operation == id && example.media_type == REQUEST);
        for content in body.content.values_mut() {
            if let (RefOr::T(content), Some(example)) = (content, value) {
                content.example = Some(example.value.clone());
            }
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

/// Declares the schema of a text that is one of a few words.
macro_rules! words {
    ($visibility:vis $name:ident: $words:expr) => {
        #[doc = "One of a few words, for the specification."]
        $visibility struct $name;

        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                let text = utoipa::openapi::schema::SchemaType::Type(utoipa::openapi::schema::Type::String);
                let words = utoipa::openapi::ObjectBuilder::new().schema_type(text).enum_values(Some($words));
                words.build().into()
            }
        }

        impl utoipa::ToSchema for $name {}
    };
}
pub(crate) use words;

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

/// A document that a write has changed.
pub struct Written<D>(PhantomData<D>);

impl<D: ToSchema> IntoResponses for Written<D> {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        BTreeMap::from([("200".to_owned(), written::<D>("As it is now.").into())])
    }
}

/// A document that a write has made.
pub struct Created<D>(PhantomData<D>);

impl<D: ToSchema> IntoResponses for Created<D> {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let mut response = written::<D>("It was added.");
        let header = HeaderBuilder::new().description(Some("Where it is.")).schema(Some(text())).build();
        response.headers.insert("Location".to_owned(), header.into());
        BTreeMap::from([("201".to_owned(), response.into())])
    }
}

fn written<D: ToSchema>(description: &str) -> Response {
    let header = |description: &str, schema| {
        HeaderBuilder::new().description(Some(description)).schema(Some(schema)).build()
    };
    ResponseBuilder::new()
        .description(description)
        .content(
            "application/json",
            ContentBuilder::new().schema(Some(Ref::from_schema_name(D::name()))).build(),
        )
        .header("ETag", header("The entity tag of the new revision, for `If-Match`.", text().into()))
        .header("Rolewright-Revision", header("The new revision.", u32::schema()))
        .build()
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

/// The media type of a document a line.
pub const LINES: &str = "application/x-ndjson";

/// Documents, each in a line of its own. To the specification, which knows no lines, they are text.
pub struct LinesAnswer<D>(PhantomData<D>);

impl<D: ToSchema> IntoResponses for LinesAnswer<D> {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let description =
            format!("Lines, each of them JSON: `{}` in the components of this document.", D::name());
        let content = ContentBuilder::new().schema(Some(text())).build();
        let response = ResponseBuilder::new().description(description).content(LINES, content).build();
        BTreeMap::from([("200".to_owned(), response.into())])
    }
}

/// A kept posting in any format.
pub struct PostingResourceAnswer;

impl IntoResponses for PostingResourceAnswer {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let mut response = formats(
            "KeptPosting",
            "The posting. JSON is a `KeptPosting`, and a `JobDescription` for `json-resume`; the other formats are as those of \
            a role's posting.",
        );
        let header = HeaderBuilder::new()
            .description(Some("The revision of the posting."))
            .schema(Some(u32::schema()))
            .build();
        response.headers.insert("Rolewright-Revision".to_owned(), header.into());
        BTreeMap::from([("200".to_owned(), response.into())])
    }
}

fn posting() -> Response {
    formats(
        "Posting",
        "The posting. HTML is a fragment for `format=html`, and a whole document for `page`; JSON is a `Posting`, and a \
        `JobDescription` for `json-resume`; JSON-LD is a `JobPosting` of schema.org, and one of JobSchema+ for `jdx`.",
    )
}

/// A posting in any format, of which `json` has the schema of this name.
fn formats(json: &str, description: &str) -> Response {
    let text = || ContentBuilder::new().schema(Some(text())).build();
    let either = [json, "JobDescription"].map(Ref::from_schema_name);
    let either = either.into_iter().fold(OneOfBuilder::new(), OneOfBuilder::item);
    let linked = ObjectBuilder::new().property("@type", self::text()).required("@type").required("@context");
    let docx = Format::Docx.media_type();
    ResponseBuilder::new()
        .description(description)
        .content("application/json", ContentBuilder::new().schema(Some(Schema::from(either))).build())
        .content("application/ld+json", ContentBuilder::new().schema(Some(Schema::from(linked))).build())
        .content("text/html", text())
        .content("text/markdown", text())
        .content("text/plain", text())
        .content(docx, text())
        .build()
}

/// Real answers, made by what will answer.
fn examples(renderer: &Renderer, roles: &Shelf) -> Vec<Example> {
    const ID: &str = "tech-manager";
    let (json, request) = (Example::json, Example::request);
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
    let stored = roles.get(ID);
    let known = stored.and_then(|stored| {
        let body = serde_json::to_string(&stored.role).ok()?;
        Known::<RoleContent>::read(&body, 1, example_moment(), renderer).ok()
    });
    examples.extend(samples::of_employers(renderer));
    let Some(known) = known else { return examples };
    let RoleContent { role: tech_manager, .. } = &known.content;
    let role = json!(tech_manager);
    examples.push(json("list_roles", json!(RolePage::of_one(tech_manager, example_moment()))));
    examples.push(json("list_skills", json!(SkillPage::of_one(tech_manager))));
    examples.push(json("list_changes", json!(ChangePage::of_one(tech_manager, example_moment()))));
    let lines = |operation: &str, media_type, document: Value| {
        let value = Value::String(format!("{document}\n"));
        Example { operation: operation.to_owned(), media_type, value }
    };
    examples.push(lines("export_roles", LINES, role.clone()));
    examples.push(lines("import_roles", REQUEST, role.clone()));
    examples.push(lines("import_roles", LINES, json!(ImportResult::created(tech_manager))));
    examples.extend(samples::of_postings(renderer, &known));
    let options = example_options();
    examples.push(json("get_role", role.clone()));
    let patch = json!({"title": "Engineering Manager", "salary": {"max": 230_000}, "family": null});
    let author = "Rolewright 0.1.0";
    let written = samples::written("role", &DocumentId::role(ID), &role, &patch, author);
    let diff = RoleDiff::of((1, &role.to_string()), (2, &samples::patched(&role, &patch).to_string()));
    examples.extend(written);
    examples.extend(diff.ok().map(|diff| json("get_role_diff", json!(diff))));
    examples.push(request("create_role_posting", json!(options)));
    examples.push(request("render_posting", json!({"role": role, "options": options})));
    let inline = Subject::Inline(tech_manager);
    for (operation, subject) in [
        ("get_role_posting", known.subject()),
        ("create_role_posting", known.subject()),
        ("render_posting", inline),
    ] {
        for format in [Format::Json, Format::JsonLd, Format::Html, Format::Markdown, Format::Text] {
            let Ok(bytes) = renderer.render(subject, &options, format) else { continue };
            let text = || Value::String(String::from_utf8_lossy(&bytes).into_owned());
            let value = match format {
                Format::Json | Format::JsonLd => serde_json::from_slice(&bytes).ok(),
                _ => Some(text()),
            };
            let media_type = format.media_type().split(';').next().unwrap_or_default();
            let operation = operation.to_owned();
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

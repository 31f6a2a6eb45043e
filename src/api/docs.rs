//! The specification, and the page that shows it. The page is embedded: it needs no network.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};

use super::State;
use super::answer::{Answer, Kept, REVALIDATE};
use super::problem::{Kind, Problem, problems};
use super::spec::NotModified;

problems!(NoProblems:);
problems!(FileProblems: NotFound);

/// The page needs its own scripts and styles; the latter also on elements, which it makes itself.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
    img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The files of the page, with their media types.
const FILES: [(&str, &str); 7] = [
    ("index.html", "text/html; charset=utf-8"),
    ("index.css", "text/css; charset=utf-8"),
    ("swagger-ui.css", "text/css; charset=utf-8"),
    ("swagger-ui-bundle.js", "text/javascript; charset=utf-8"),
    ("swagger-ui-standalone-preset.js", "text/javascript; charset=utf-8"),
    ("swagger-initializer.js", "text/javascript; charset=utf-8"),
    ("favicon-32x32.png", "image/png"),
];

/// Compressed at the first request: the bundle takes a moment that no start should wait for.
static PAGE: LazyLock<BTreeMap<&str, Kept>> = LazyLock::new(|| {
    let config = utoipa_swagger_ui::Config::new(["/openapi.json"])
        .validator_url("none")
        .doc_expansion("list")
        .display_request_duration(true);
    let config = Arc::new(config);
    let kept = FILES.iter().filter_map(|&(name, media_type)| {
        let file = utoipa_swagger_ui::serve(name, Arc::clone(&config)).ok().flatten()?;
        let bytes = if name == "index.html" { index(&file.bytes) } else { file.bytes.into_owned() };
        let answer = Answer::new(media_type, REVALIDATE).header(header::CONTENT_SECURITY_POLICY, POLICY);
        Some((name, Kept::new(answer, bytes)))
    });
    kept.collect()
});

/// The page, with references that hold with and without a slash at the end of its path.
fn index(bytes: &[u8]) -> Vec<u8> {
    let page = String::from_utf8_lossy(bytes);
    let page = page.replace("=\"./", "=\"/docs/").replace("=\"index.css", "=\"/docs/index.css");
    let page = page.lines().filter(|line| !line.contains("favicon-16x16")).collect::<Vec<_>>().join("\n");
    page.replace("<title>Swagger UI</title>", "<title>Rolewright API</title>").into_bytes()
}

/// Get the specification
///
/// This OpenAPI 3.1 document.
#[utoipa::path(
    tag = "Documentation",
    operation_id = "get_openapi",
    security(()),
    responses(
        (status = 200, description = "The specification.", body = serde_json::Value, content_type = "application/json"),
        NotModified,
        NoProblems,
    ),
)]
#[get("/openapi.json")]
pub async fn get_openapi(request: HttpRequest, state: Data<State>) -> Result<HttpResponse, Problem> {
    state.openapi.send(&request)
}

/// Show the specification
///
/// A page that shows every operation and lets you try it. It works without a network.
#[utoipa::path(
    tag = "Documentation",
    operation_id = "get_docs",
    security(()),
    responses((status = 200, description = "The page.", body = String, content_type = "text/html"), NotModified, NoProblems),
)]
#[get("/docs")]
pub async fn get_docs(request: HttpRequest) -> Result<HttpResponse, Problem> {
    file(&request, "index.html")
}

/// Get a file of the documentation page
///
/// Its scripts, styles, and icon.
#[utoipa::path(
    tag = "Documentation",
    operation_id = "get_docs_file",
    security(()),
    params(("file" = String, Path, description = "The name of the file.", max_length = 100, example = "index.css")),
    responses(
        (status = 200, description = "The file.", content(
            (String = "text/css"), (String = "text/javascript"), (String = "text/html"), (Vec<u8> = "image/png"),
        )),
        NotModified,
        FileProblems,
    ),
)]
#[get("/docs/{file}")]
pub async fn get_docs_file(request: HttpRequest) -> Result<HttpResponse, Problem> {
    file(&request, request.match_info().get("file").unwrap_or_default())
}

fn file(request: &HttpRequest, name: &str) -> Result<HttpResponse, Problem> {
    let file = PAGE.get(name).ok_or_else(|| Kind::NotFound.because("the documentation has no such file"))?;
    file.send(request)
}

/// Go to the documentation
///
/// Leads to the page that shows the specification.
#[utoipa::path(
    tag = "Documentation",
    operation_id = "get_landing",
    security(()),
    responses(
        (status = 303, description = "The documentation is at `Location`.", headers(
            ("Location" = String, description = "Where the documentation is."),
        )),
        NoProblems,
    ),
)]
#[get("/")]
pub async fn get_landing() -> HttpResponse {
    HttpResponse::SeeOther().insert_header((header::LOCATION, "/docs")).finish()
}

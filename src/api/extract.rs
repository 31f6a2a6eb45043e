//! What a request brings: its path, its query and its body, each with its own problems.

use std::str::FromStr;
use std::sync::LazyLock;
use std::time::Duration;

use actix_web::http::header;
use actix_web::mime::Mime;
use actix_web::web::{BytesMut, Payload};
use actix_web::{HttpMessage, HttpRequest};
use futures_util::StreamExt;
use utoipa::{IntoParams, ToSchema};

use super::problem::{ACCEPT_PATCH, FieldError, Kind, Problem};
use crate::domain::{Document, Violation};
use crate::store::index;

/// The most bytes of a body.
pub const MAX_BODY: usize = 1024 * 1024;

/// The most words that a search may have.
pub const MAX_WORDS: usize = 16;
const NO_WORDS: &str = "has no words: letters or digits";

/// The names of an operation's query parameters, as its specification has them.
pub type Names = LazyLock<Vec<String>>;

/// The names of the parameters that `Q` documents.
pub fn names<Q: IntoParams>() -> Vec<String> {
    Q::into_params(|| None).into_iter().map(|parameter| parameter.name).collect()
}

/// The query of a request: known names, each at most once. Collects what is wrong with the values.
#[derive(Debug)]
pub struct Query {
    pairs: Vec<(String, String)>,
    errors: Vec<FieldError>,
}

impl Query {
    /// Reads the query.
    ///
    /// # Errors
    /// A problem that names the first parameter that is not one of `known` or stands there twice.
    pub fn of(request: &HttpRequest, known: &[String]) -> Result<Self, Problem> {
        let pairs: Vec<(String, String)> =
            serde_urlencoded::from_str(request.query_string()).unwrap_or_default();
        for (index, (name, _)) in pairs.iter().enumerate() {
            if !known.contains(name) {
                return Err(unknown_parameter(name, known));
            }
            if pairs.iter().take(index).any(|(other, _)| other == name) {
                let error = FieldError::in_query(name, Violation::new("", "stands in the query twice"));
                return Err(
                    Kind::DuplicateParameter.with(format!("`{name}` stands in the query twice"), vec![error])
                );
            }
        }
        Ok(Self { pairs, errors: Vec::new() })
    }

    /// The value of a parameter, if the query has it.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The value of a parameter as read by `read`; what that says against it is kept for
    /// [`Query::finish`].
    pub fn read<T>(&mut self, name: &str, read: impl FnOnce(&str) -> Result<T, Violation>) -> Option<T> {
        match read(self.text(name)?) {
            Ok(value) => Some(value),
            Err(violation) => {
                self.refuse(name, violation);
                None
            }
        }
    }

    /// The value of a parameter whose type says itself what is wrong with it.
    pub fn parse<T, E: std::fmt::Display>(
        &mut self,
        name: &str,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        self.read(name, |text| parse(text).map_err(|error| Violation::new("", error.to_string())))
    }

    /// The value of a parameter that is one of `all`.
    pub fn choose<T: Copy>(&mut self, name: &str, all: &[T], id: fn(T) -> &'static str) -> Option<T> {
        self.read(name, |text| {
            let chosen = all.iter().copied().find(|&value| id(value) == text);
            chosen.ok_or_else(|| Violation::unknown("", name, text, all.iter().map(|&value| id(value))))
        })
    }

    /// The value of a parameter that is a whole number from `least` to `most`.
    pub fn integer(&mut self, name: &str, least: usize, most: usize) -> Option<usize> {
        self.read(name, |text| match text.parse() {
            Ok(number) if (least..=most).contains(&number) && text.bytes().all(|b| b.is_ascii_digit()) => {
                Ok(number)
            }
            _ => Err(Violation::new("", format!("must be a whole number from {least} to {most}"))),
        })
    }

    /// The value of a parameter that is a line of text. An empty one is none.
    pub fn sought(&mut self, name: &str) -> Option<SearchText> {
        self.parse(name, str::parse::<SearchText>).filter(|text| !text.as_str().trim().is_empty())
    }

    /// The words that a parameter asks for.
    pub fn words(&mut self, name: &str) -> Vec<String> {
        let Some(text) = self.sought(name) else { return Vec::new() };
        let words = index::words(text.as_str());
        if words.is_empty() {
            self.refuse(name, Violation::new("", NO_WORDS));
        } else if words.len() > MAX_WORDS {
            self.refuse(name, Violation::new("", format!("must have at most {MAX_WORDS} words")));
        }
        words
    }

    /// The text that a parameter asks for, folded as [`index::fold`] does.
    pub fn folded(&mut self, name: &str) -> Option<String> {
        let folded = index::fold(self.sought(name)?.as_str());
        if folded.is_empty() {
            self.refuse(name, Violation::new("", NO_WORDS));
        }
        Some(folded)
    }

    /// Refuses the value of a parameter.
    pub fn refuse(&mut self, name: &str, violation: Violation) {
        self.errors.push(FieldError::in_query(name, violation));
    }

    /// Whether the value of a parameter was refused.
    pub fn refused(&self, name: &str) -> bool {
        self.errors.iter().any(|error| error.parameter.as_deref() == Some(name))
    }

    /// Ends the reading of values.
    ///
    /// # Errors
    /// A problem that names every parameter whose value was refused.
    pub fn finish(self) -> Result<(), Problem> {
        if self.errors.is_empty() { Ok(()) } else { Err(Problem::of_query(self.errors)) }
    }
}

fn unknown_parameter(name: &str, known: &[String]) -> Problem {
    let violation = Violation::unknown("", "query parameter", name, known.iter().map(String::as_str));
    Kind::UnknownParameter.with(violation.detail.clone(), vec![FieldError::in_query(name, violation)])
}

/// A bounded line of text: what a search may ask for, or why a write was made.
///
/// The pattern leaves noncharacters beyond the basic plane out: no notation for them is read everywhere.
#[derive(Debug, ToSchema)]
#[schema(
    value_type = String,
    max_length = 200,
    pattern = r"^[^\x00-\x1F\x7F-\x9F\u2028-\u202E\u2066-\u2069\uFDD0-\uFDEF\uFFFE\uFFFF]*$"
)]
pub struct SearchText(String);

impl SearchText {
    const MAX_CHARS: usize = 200;

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for SearchText {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.chars().any(crate::domain::text::is_forbidden) {
            return Err("must not contain control characters, bidirectional overrides or noncharacters");
        }
        if text.chars().nth(Self::MAX_CHARS).is_some() {
            return Err("must have at most 200 characters");
        }
        Ok(Self(text.to_owned()))
    }
}

/// Reads a body to its end.
///
/// # Errors
/// Problems for a body that is too large, that stands still for `patience`, or that breaks off.
pub async fn body(
    request: &HttpRequest,
    mut payload: Payload,
    patience: Duration,
) -> Result<Vec<u8>, Problem> {
    let announced =
        request.headers().get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    if announced.is_some_and(|length: usize| length > MAX_BODY) {
        return Err(too_large());
    }
    let mut bytes = BytesMut::with_capacity(announced.unwrap_or_default());
    loop {
        match tokio::time::timeout(patience, payload.next()).await {
            Err(_) => return Err(stalled(patience)),
            Ok(None) => return Ok(bytes.into()),
            Ok(Some(Err(_))) => return Err(broken_off()),
            Ok(Some(Ok(chunk))) if bytes.len() + chunk.len() > MAX_BODY => return Err(too_large()),
            Ok(Some(Ok(chunk))) => bytes.extend_from_slice(&chunk),
        }
    }
}

/// The problem that a body stands still.
pub fn stalled(patience: Duration) -> Problem {
    let seconds = patience.as_secs_f64();
    Kind::BodyTimeout.because(format!("no byte of the body came for {seconds} s"))
}

/// The problem that a body ends before its time.
pub fn broken_off() -> Problem {
    Kind::IncompleteBody.because("the body broke off")
}

fn too_large() -> Problem {
    Kind::BodyTooLarge.because(format!("the body has more than {MAX_BODY} bytes"))
}

/// The document that a body holds.
///
/// # Errors
/// Problems for what is not JSON by its type or its bytes, and for what is not this document.
pub fn document<D: Document>(request: &HttpRequest, body: &[u8]) -> Result<D, Problem> {
    require_json(request)?;
    Ok(D::from_json(body)?)
}

/// Accepts `application/json`, `application/*+json`, and a body without a type.
fn require_json(request: &HttpRequest) -> Result<(), Problem> {
    let json = |mime: &Mime| mime.subtype() == "json" || mime.suffix().is_some_and(|suffix| suffix == "json");
    require(request, json, "the body must be application/json, in UTF-8")
}

/// Accepts a document a line by its media types, and a body without a type.
pub fn require_lines(request: &HttpRequest) -> Result<(), Problem> {
    let lines = |mime: &Mime| mime.subtype() == "x-ndjson" || mime.subtype() == "jsonl";
    require(request, lines, "the body must be application/x-ndjson or application/jsonl, in UTF-8")
}

fn require(request: &HttpRequest, fits: impl Fn(&Mime) -> bool, otherwise: &str) -> Result<(), Problem> {
    refuse_coding(request)?;
    if !request.headers().contains_key(header::CONTENT_TYPE) {
        return Ok(());
    }
    let fits = request.mime_type().ok().flatten().is_some_and(|mime| {
        let utf8 = mime.get_param("charset").is_none_or(|charset| charset == "utf-8");
        mime.type_() == "application" && utf8 && fits(&mime)
    });
    if fits { Ok(()) } else { Err(Kind::UnsupportedMediaType.because(otherwise)) }
}

fn refuse_coding(request: &HttpRequest) -> Result<(), Problem> {
    if request.headers().contains_key(header::CONTENT_ENCODING) {
        return Err(Kind::UnsupportedMediaType.because("the body must not have a content coding"));
    }
    Ok(())
}

/// The media type of a merge patch.
pub const MERGE_PATCH: &str = "application/merge-patch+json";

/// Accepts a merge patch, and no other type of patch.
///
/// # Errors
/// A problem that names the type.
pub fn require_merge_patch(request: &HttpRequest) -> Result<(), Problem> {
    let refuse = |problem: Problem| problem.header(ACCEPT_PATCH, MERGE_PATCH);
    refuse_coding(request).map_err(refuse)?;
    match request.mime_type() {
        Ok(Some(mime)) if mime.essence_str() == MERGE_PATCH => Ok(()),
        _ => Err(refuse(
            Kind::UnsupportedMediaType.because(format!("a patch must be {MERGE_PATCH} (RFC 7396)")),
        )),
    }
}

//! Which format an answer is written in: by the query, else by `Accept`, else JSON.

use actix_web::HttpRequest;
use actix_web::http::header::{self, Accept, Header, Quality};

use super::extract::Query;
use super::problem::{FieldError, Kind, Problem};
use crate::domain::Violation;
use crate::render::Format;

/// What `Accept` can ask for, what we like best first. Formats that share a media type with one of these
/// are had by `format` alone: the fragment by `format=html`.
const BY_ACCEPT: [(&str, &str, Format); 6] = [
    ("application", "json", Format::Json),
    ("text", "html", Format::Page),
    ("text", "markdown", Format::Markdown),
    ("text", "plain", Format::Text),
    ("application", "ld+json", Format::JsonLd),
    ("application", "vnd.openxmlformats-officedocument.wordprocessingml.document", Format::Docx),
];

/// The format that the request asks for. An unknown one in the query is refused there, and left
/// for [`Query::finish`] to tell.
///
/// # Errors
/// A problem that lists the formats when `Accept` allows none.
pub fn format(request: &HttpRequest, query: &mut Query) -> Result<Format, Problem> {
    if query.text("format").is_some() {
        return Ok(query.choose("format", &Format::ALL, Format::as_str).unwrap_or(Format::Json));
    }
    if !request.headers().contains_key(header::ACCEPT) {
        return Ok(Format::Json);
    }
    let accept = Accept::parse(request).unwrap_or_else(|_| Accept::star());
    best(&accept, &BY_ACCEPT).ok_or_else(not_acceptable)
}

/// Whether a role is asked for as JSON-LD, by the query or else by `Accept`; else it is JSON, whatever
/// `Accept` says. A bad value in the query is left for [`Query::finish`] to tell.
pub fn is_linked(request: &HttpRequest, query: &mut Query) -> bool {
    const BY_ACCEPT: [(&str, &str, bool); 2] = [("application", "json", false), ("application", "ld+json", true)];
    if query.text("format").is_some() {
        let formats = [Format::Json, Format::JsonLd];
        return query.choose("format", &formats, Format::as_str) == Some(Format::JsonLd);
    }
    let accept = Accept::parse(request).unwrap_or_else(|_| Accept::star());
    request.headers().contains_key(header::ACCEPT) && best(&accept, &BY_ACCEPT).unwrap_or(false)
}

/// The request headers that the choice of an answer's format and coding depends on.
pub fn vary(request: &HttpRequest) -> &'static str {
    let named = request.query_string().split('&').any(|pair| pair.starts_with("format="));
    if named { "Accept-Encoding" } else { "Accept, Accept-Encoding" }
}

/// The best quality wins; then what `Accept` names first; then what we like best.
fn best<T: Copy>(accept: &Accept, all: &[(&str, &str, T)]) -> Option<T> {
    if accept.is_empty() {
        return all.first().map(|&(_, _, first)| first);
    }
    let candidates = all.iter().filter_map(|&(kind, subtype, format)| {
        let (position, quality) = quality_of(accept, kind, subtype)?;
        (quality > Quality::ZERO).then_some((quality, position, format))
    });
    candidates.min_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1))).map(|(_, _, format)| format)
}

/// The quality that the most specific range gives to a media type, and that range's place.
fn quality_of(accept: &Accept, kind: &str, subtype: &str) -> Option<(usize, Quality)> {
    let fits = |wanted: &str, given: &str| wanted == "*" || wanted == given;
    let ranges = accept.iter().enumerate().filter(|(_, range)| {
        fits(range.item.type_().as_str(), kind)
            && fits(range.item.essence_str().split('/').nth(1).unwrap_or("*"), subtype)
    });
    let specificity =
        |mime: &actix_web::mime::Mime| (mime.type_() != "*") as u8 + (mime.subtype() != "*") as u8;
    ranges
        .max_by_key(|(index, range)| (specificity(&range.item), std::cmp::Reverse(*index)))
        .map(|(index, range)| (index, range.quality))
}

fn not_acceptable() -> Problem {
    let violation = Violation {
        valid: BY_ACCEPT.iter().map(|(kind, subtype, _)| format!("{kind}/{subtype}")).collect(),
        ..Violation::new("", "allows none of these media types")
    };
    let names: Vec<&str> = Format::ALL.into_iter().map(Format::as_str).collect();
    let detail =
        format!("`Accept` allows none of the formats; `format` in the query takes {}", names.join(", "));
    Kind::NotAcceptable.with(detail, vec![FieldError::in_query("Accept", violation)])
}

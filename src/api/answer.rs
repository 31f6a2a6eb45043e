//! From content to a response: its tag, its coding, and whether the client has it already.

use actix_web::http::header::{self, ContentEncoding, ETag, HeaderName, HeaderValue, TryIntoHeaderValue};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};
use serde::Serialize;

use super::compress::{self, Body, Coding};
use super::conditional::{self, Tag};
use super::problem::Problem;

/// What changes only with a new release or a new start: ask again each time.
pub const REVALIDATE: &str = "public, max-age=0, must-revalidate";
/// What may be a minute old, or ten while a fresh one is fetched.
pub const SHORT: &str = "public, max-age=60, stale-while-revalidate=600";
/// What never changes, and is not for everybody.
pub const IMMUTABLE: &str = "private, max-age=31536000, immutable";
/// What depends on a body that no cache sees.
pub const NEVER: &str = "no-store";

/// A response in the making: all but its bytes.
#[derive(Clone, Debug)]
pub struct Answer {
    tag: Option<Tag>,
    headers: Vec<(HeaderName, HeaderValue)>,
}

impl Answer {
    /// An answer that may be cached as `cache` says.
    pub fn new(media_type: &'static str, cache: &'static str) -> Self {
        let headers = vec![
            (header::CONTENT_TYPE, HeaderValue::from_static(media_type)),
            (header::CACHE_CONTROL, HeaderValue::from_static(cache)),
        ];
        Self { tag: None, headers }
    }

    /// With what identifies its content.
    pub fn tagged(mut self, tag: Tag) -> Self {
        self.tag = Some(tag);
        self
    }

    /// With another header. A value that cannot stand in one is left out.
    pub fn header(mut self, name: HeaderName, value: impl TryIntoHeaderValue) -> Self {
        self.headers.extend(value.try_into_value().ok().map(|value| (name, value)));
        self
    }

    /// Answers with the bytes that `body` makes, unless the client has them already.
    ///
    /// # Errors
    /// What `body` says.
    pub fn send(
        self,
        request: &HttpRequest,
        body: impl FnOnce() -> Result<Body, Problem>,
    ) -> Result<HttpResponse, Problem> {
        let accepted = compress::accepted(request);
        if let Some(had) = self.tag.as_ref().and_then(|tag| conditional::unchanged(request, tag, accepted)) {
            let mut response = HttpResponse::NotModified();
            response.insert_header(ETag(had));
            self.write_headers(&mut response);
            return Ok(response.finish());
        }
        let (bytes, coding) = body()?.coded(accepted);
        let mut response = HttpResponse::Ok();
        if let Some(tag) = &self.tag {
            response.insert_header(ETag(tag.in_coding(coding)));
        }
        if coding == Coding::Gzip {
            response.insert_header(ContentEncoding::Gzip);
        }
        self.write_headers(&mut response);
        Ok(response.body(bytes))
    }

    fn write_headers(self, response: &mut HttpResponseBuilder) {
        let varied = self.headers.iter().any(|(name, _)| name == header::VARY);
        for pair in self.headers {
            response.insert_header(pair);
        }
        if !varied {
            response.insert_header((header::VARY, "Accept-Encoding"));
        }
    }
}

/// A whole answer that does not depend on the request: tagged and compressed once.
#[derive(Clone, Debug)]
pub struct Kept {
    answer: Answer,
    body: Body,
}

impl Kept {
    /// Keeps `bytes`, to be answered as `answer` says, and tagged by their content.
    pub fn new(answer: Answer, bytes: Vec<u8>) -> Self {
        let tag = Tag::of(&[&bytes]);
        Self::tagged(answer, tag, bytes)
    }

    /// Keeps `bytes`, to be answered as `answer` says.
    pub fn tagged(answer: Answer, tag: Tag, bytes: Vec<u8>) -> Self {
        Self { answer: answer.tagged(tag), body: Body::keep(bytes) }
    }

    /// Keeps `document` as JSON.
    ///
    /// # Errors
    /// When it has no JSON form.
    pub fn json(document: &impl Serialize) -> Result<Self, serde_json::Error> {
        Ok(Self::new(Answer::new("application/json", REVALIDATE), serde_json::to_vec(document)?))
    }

    /// How many bytes it has, without a coding.
    pub fn length(&self) -> usize {
        self.body.length()
    }

    /// Answers with it.
    ///
    /// # Errors
    /// None in fact: it is there already.
    pub fn send(&self, request: &HttpRequest) -> Result<HttpResponse, Problem> {
        self.answer.clone().send(request, || Ok(self.body.clone()))
    }
}

/// Answers with `document` as JSON, made for this request and tagged by its content.
///
/// # Errors
/// When it has no JSON form.
pub fn json(request: &HttpRequest, document: &impl Serialize) -> Result<HttpResponse, Problem> {
    let bytes = serde_json::to_vec(document).map_err(Problem::internal)?;
    let answer = Answer::new("application/json", REVALIDATE).tagged(Tag::of(&[&bytes]));
    answer.send(request, || Ok(Body::Fresh(bytes)))
}

//! Entity tags, and the requests that depend on them (RFC 9110, sections 8.8.3 and 13.1).

use std::fmt::Write;

use actix_web::HttpRequest;
use actix_web::http::header::{self, EntityTag, Header, IfMatch, IfNoneMatch};
use sha2::{Digest, Sha256};
use utoipa::IntoParams;

use super::compress::Coding;
use super::problem::{FieldError, Problem};
use crate::domain::Violation;
use crate::store::document::Expected;

/// What identifies the content of an answer, whatever its coding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag(String);

impl Tag {
    /// A digest of `parts`: the first 128 bits of SHA-256 over each with its length.
    pub fn of(parts: &[&[u8]]) -> Self {
        let mut digest = Sha256::new();
        for part in parts {
            digest.update((part.len() as u64).to_be_bytes());
            digest.update(part);
        }
        let mut text = String::with_capacity(32);
        for byte in digest.finalize().iter().take(16) {
            let _ = write!(text, "{byte:02x}");
        }
        Self(text)
    }

    /// The tag of a revision: its number.
    pub fn of_revision(revision: u32) -> Self {
        Self(revision.to_string())
    }

    /// The strong entity tag of the content in a coding.
    pub fn in_coding(&self, coding: Coding) -> EntityTag {
        match coding {
            Coding::Identity => EntityTag::new_strong(self.0.clone()),
            Coding::Gzip => EntityTag::new_strong(format!("{}-gzip", self.0)),
        }
    }
}

/// The tag of the copy that the client has already, if it may go on using it.
pub fn unchanged(request: &HttpRequest, tag: &Tag, accepted: Coding) -> Option<EntityTag> {
    if !request.headers().contains_key(header::IF_NONE_MATCH) {
        return None;
    }
    let plain = tag.in_coding(Coding::Identity);
    match IfNoneMatch::parse(request).ok()? {
        IfNoneMatch::Any => Some(plain),
        IfNoneMatch::Items(had) => {
            // A small answer stays plain although gzip would be accepted: either may be at hand.
            let candidates = [tag.in_coding(accepted), plain];
            candidates.into_iter().find(|candidate| had.iter().any(|tag| tag.weak_eq(candidate)))
        }
    }
}

/// The revision that a strong tag stands for, in whatever coding; none for a tag that is not ours.
fn revision_of(tag: &EntityTag) -> Option<u32> {
    let revision: u32 = tag.tag().strip_suffix("-gzip").unwrap_or(tag.tag()).parse().ok()?;
    let codings = [Coding::Identity, Coding::Gzip];
    let ours = codings.into_iter().any(|coding| Tag::of_revision(revision).in_coding(coding).strong_eq(tag));
    ours.then_some(revision)
}

/// What a write says of the state that it is made for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// Nothing.
    None,
    /// `If-None-Match: *`: there must be none.
    Absent,
    /// `If-Match: *`: there must be one.
    Present,
    /// `If-Match`: it must be at one of these revisions. Tags that stand for none match nothing.
    OneOf(Vec<u32>),
}

impl Condition {
    /// The condition of a request.
    ///
    /// # Errors
    /// A problem for an `If-None-Match` with tags: it says nothing that a write could mean.
    pub fn of(request: &HttpRequest) -> Result<Self, Problem> {
        let has = |name| request.headers().contains_key(name);
        let absent = has(header::IF_NONE_MATCH);
        if absent && !matches!(IfNoneMatch::parse(request), Ok(IfNoneMatch::Any)) {
            let violation = Violation::new("", "must be `*` for a write");
            return Err(Problem::of_query(vec![FieldError::in_query("If-None-Match", violation)]));
        }
        Ok(match (has(header::IF_MATCH), absent) {
            (false, false) => Self::None,
            (false, true) => Self::Absent,
            // There must be one and none.
            (true, true) => Self::OneOf(Vec::new()),
            (true, false) => match IfMatch::parse(request) {
                Ok(IfMatch::Any) => Self::Present,
                Ok(IfMatch::Items(tags)) => Self::OneOf(tags.iter().filter_map(revision_of).collect()),
                Err(_) => Self::OneOf(Vec::new()),
            },
        })
    }

    /// What the store is to expect; `otherwise`, when the request says nothing.
    pub fn expected(&self, otherwise: Expected) -> Expected {
        match self {
            Self::None => otherwise,
            Self::Absent => Expected::Absent,
            Self::Present => Expected::Present,
            Self::OneOf(revisions) => Expected::OneOf(revisions.clone()),
        }
    }
}

/// The condition of a write that may make a document or replace one.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[allow(dead_code, reason = "documents the headers")]
pub struct PutConditions {
    /// The entity tags of the revisions that may be replaced, or `*`. Needed to replace what is there.
    #[param(rename = "If-Match", nullable = false, example = "\"3\"")]
    if_match: Option<String>,
    /// `*`: replace nothing, only make what is not there.
    #[param(rename = "If-None-Match", nullable = false, pattern = r"^\*$", example = "*")]
    if_none_match: Option<String>,
}

/// The condition of a write that changes what is there.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[allow(dead_code, reason = "documents the header")]
pub struct PatchCondition {
    /// The entity tags of the revisions that may be changed, or `*`.
    #[param(rename = "If-Match", example = "\"3\"")]
    if_match: String,
}

/// The condition of a write that needs none.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[allow(dead_code, reason = "documents the header")]
pub struct OptionalCondition {
    /// The entity tags of the revisions for which to do it, or `*`.
    #[param(rename = "If-Match", nullable = false, example = "\"3\"")]
    if_match: Option<String>,
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn condition(headers: &[(&str, &str)]) -> Result<Condition, Problem> {
        let request =
            headers.iter().fold(TestRequest::default(), |request, &header| request.append_header(header));
        Condition::of(&request.to_http_request())
    }

    #[test]
    fn either_coding_of_a_revision_matches_and_lists_do_too() {
        let tags = [("If-Match", "\"3\", \"12-gzip\" ,\"x\""), ("If-Match", "\"4\"")];
        assert_eq!(condition(&tags).unwrap(), Condition::OneOf(vec![3, 12, 4]));
        assert_eq!(condition(&[("If-Match", "*")]).unwrap(), Condition::Present);
        assert_eq!(condition(&[]).unwrap(), Condition::None);
    }

    #[test]
    fn what_is_no_strong_tag_of_ours_matches_nothing() {
        for tag in
            ["W/\"3\"", "3", "\"03\"", "\"+3\"", "\"3-br\"", "\"-3\"", "\"4294967296\"", "", "\"3", "ÿ"]
        {
            assert_eq!(condition(&[("If-Match", tag)]).unwrap(), Condition::OneOf(vec![]), "{tag}");
        }
    }

    #[test]
    fn to_make_only_what_is_not_there_is_said_by_a_star() {
        assert_eq!(condition(&[("If-None-Match", "*")]).unwrap(), Condition::Absent);
        assert!(condition(&[("If-None-Match", "\"3\"")]).is_err());
        let both = condition(&[("If-None-Match", "*"), ("If-Match", "*")]).unwrap();
        assert_eq!(both, Condition::OneOf(vec![]), "no state meets both");
    }
}

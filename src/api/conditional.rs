//! Entity tags, and the requests that depend on them (RFC 9110, sections 8.8.3 and 13.1).

use std::fmt::Write;

use actix_web::HttpRequest;
use actix_web::http::header::{self, EntityTag, Header, IfNoneMatch};
use sha2::{Digest, Sha256};

use super::compress::Coding;

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

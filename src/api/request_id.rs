//! The id of a request: the caller's if it is well-formed, else a new one.

use actix_web::HttpMessage;
use actix_web::dev::ServiceRequest;
use actix_web::http::header::{HeaderName, HeaderValue};
use uuid::Uuid;

/// Where it travels.
pub const HEADER: HeaderName = HeaderName::from_static("x-request-id");
const MAX_CHARS: usize = 64;

/// 1 to 64 ASCII letters, digits, dots, underscores and hyphens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestId(String);

impl RequestId {
    /// The id.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The id as the value of a header.
    pub fn to_header(&self) -> HeaderValue {
        HeaderValue::from_str(&self.0).unwrap_or_else(|_| HeaderValue::from_static("-"))
    }
}

/// The request's id, which it keeps from now on.
pub fn of(request: &ServiceRequest) -> RequestId {
    let given = request.headers().get(HEADER).and_then(|value| value.to_str().ok());
    let id = RequestId(match given {
        Some(given) if well_formed(given) => given.to_owned(),
        _ => Uuid::now_v7().to_string(),
    });
    request.extensions_mut().insert(id.clone());
    id
}

fn well_formed(id: &str) -> bool {
    let allowed = |b: u8| b.is_ascii_alphanumeric() || b"._-".contains(&b);
    (1..=MAX_CHARS).contains(&id.len()) && id.bytes().all(allowed)
}

#[cfg(test)]
mod tests {
    use super::well_formed;

    #[test]
    fn an_id_is_short_and_plain() {
        assert!(well_formed("a") && well_formed("A-b_c.9") && well_formed(&"x".repeat(64)));
        assert!(
            !well_formed("") && !well_formed(&"x".repeat(65)) && !well_formed("a b") && !well_formed("ä")
        );
    }
}

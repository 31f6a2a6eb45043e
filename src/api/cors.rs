//! Who may read from pages of another origin.

use actix_cors::Cors;
use actix_web::http::{Method, header};

use super::{Setup, request_id};

/// How long a browser may remember the answer to a preflight request, in seconds.
const REMEMBERED: usize = 3600;

/// The layer that lets pages of the allowed origins read. Without credentials, so that any origin
/// may be allowed.
pub fn layer(setup: &Setup) -> Cors {
    let cors = Cors::default()
        .allowed_methods([Method::GET, Method::HEAD])
        .allow_any_header()
        .expose_headers([header::ETAG.as_str(), super::roles::REVISION.as_str(), request_id::HEADER.as_str()])
        .block_on_origin_mismatch(false)
        .max_age(REMEMBERED);
    match &setup.cors_origins {
        None => cors.allow_any_origin().send_wildcard().disable_vary_header(),
        Some(origins) => origins.iter().fold(cors, |cors, origin| cors.allowed_origin(origin)),
    }
}

//! Who may read from pages of another origin.

use actix_cors::Cors;
use actix_web::http::{Method, header};

use super::{Setup, limits, request_id, roles};

/// How long a browser may remember the answer to a preflight request, in seconds.
const REMEMBERED: usize = 3600;

/// The layer that lets pages of the allowed origins read. Without credentials, so that any origin
/// may be allowed; a page may show a key that it has.
pub fn layer(setup: &Setup) -> Cors {
    let cors = Cors::default()
        .allowed_methods([Method::GET, Method::HEAD])
        .allow_any_header()
        .expose_headers([
            header::ETAG,
            header::RETRY_AFTER,
            header::WWW_AUTHENTICATE,
            limits::RATE_LIMIT,
            limits::RATE_LIMIT_POLICY,
            roles::REVISION,
            request_id::HEADER,
        ])
        .block_on_origin_mismatch(false)
        .max_age(REMEMBERED);
    match &setup.cors_origins {
        None => cors.allow_any_origin().send_wildcard().disable_vary_header(),
        Some(origins) => origins.iter().fold(cors, |cors, origin| cors.allowed_origin(origin)),
    }
}

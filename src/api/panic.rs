//! A handler that panics costs one request: it is answered with a problem.

use std::any::Any;
use std::panic::AssertUnwindSafe;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage};
use futures_util::FutureExt;

use super::problem::Kind;
use super::request_id::RequestId;

/// Turns a panic into a problem, and logs it under the request's id.
///
/// # Errors
/// Those of what is inside, and the problem.
pub async fn catch<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let id = request.extensions().get::<RequestId>().cloned();
    match AssertUnwindSafe(async { next.call(request).await }).catch_unwind().await {
        Ok(answered) => answered,
        Err(cause) => {
            let id = id.as_ref().map_or("-", RequestId::as_str);
            log::error!(request_id = id; "a handler panicked: {}", message(&*cause));
            Err(Kind::Internal
                .because("The request could not be answered. Please quote the X-Request-Id.")
                .into())
        }
    }
}

fn message(cause: &(dyn Any + Send)) -> &str {
    let text = cause.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| cause.downcast_ref::<&str>().copied()).unwrap_or("no message")
}

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

#[cfg(test)]
mod tests {
    use actix_web::http::header;
    use actix_web::middleware::from_fn;
    use actix_web::{App, HttpResponse, test, web};

    use crate::api::{access, problem};

    async fn fall() -> HttpResponse {
        panic!("a secret")
    }

    #[actix_web::test]
    async fn a_panic_is_a_problem_that_keeps_its_cause_and_has_every_header() {
        let app = App::new()
            .route("/", web::get().to(fall))
            .wrap(from_fn(super::catch))
            .wrap(from_fn(access::layer));
        let app = test::init_service(app).await;
        let request = test::TestRequest::get().insert_header(("X-Request-Id", "mine")).to_request();
        let Err(error) = test::try_call_service(&app, request).await else { panic!("an error") };
        let response = error.error_response();
        assert_eq!(response.status(), 500);
        assert_eq!(response.headers().get(header::CONTENT_TYPE).unwrap(), problem::MEDIA_TYPE);
        assert_eq!(response.headers().get("X-Request-Id").unwrap(), "mine");
        assert!(response.headers().contains_key(header::CONTENT_SECURITY_POLICY));
        let body = actix_web::body::to_bytes(response.into_body()).await.ok().unwrap();
        assert!(!String::from_utf8_lossy(&body).contains("secret"));
    }
}

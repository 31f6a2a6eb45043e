//! Around every request: its id, its security headers, its line in the log, and its place in the
//! metrics.

use std::time::{Duration, Instant};

use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{Error, ResponseError};

use super::State;
use super::problem::Kind;
use super::request_id::{self, RequestId};

/// What a response may do in a browser unless it says otherwise itself: nothing.
const POLICY: &str = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Gives the request its id, and the response its headers and its line in the log.
///
/// # Errors
/// Those of what is inside, with the same headers.
pub async fn layer(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let started = Instant::now();
    let (method, path) = (request.method().clone(), request.path().to_owned());
    let id = request_id::of(&request);
    let state = request.app_data::<Data<State>>().cloned();
    let in_flight = state.as_ref().map(|state| state.metrics.begin());
    let line = |status: StatusCode, bytes: u64, route: Option<String>| {
        let took = started.elapsed();
        if let Some(state) = &state {
            state.metrics.answered(&method, route, status, took);
        }
        log(&method, &path, status, bytes, took, &id);
    };
    let answered = next.call(request).await;
    drop(in_flight);
    match answered {
        Ok(response) => {
            let mut response = told(response, &method);
            decorate(response.headers_mut(), &id);
            let route = response.request().match_pattern();
            line(response.status(), size(&response), route);
            Ok(response)
        }
        Err(mut error) => {
            line(error.as_response_error().status_code(), 0, None);
            let id = id.clone();
            error.add_response_mapper(move |mut response| {
                decorate(response.headers_mut(), &id);
                response
            });
            Err(error)
        }
    }
}

/// The response as it is, but for a refusal by the CORS layer: that becomes a problem.
fn told(response: ServiceResponse<impl MessageBody + 'static>, method: &Method) -> ServiceResponse<BoxBody> {
    if response.status() != StatusCode::BAD_REQUEST || *method != Method::OPTIONS {
        return response.map_into_boxed_body();
    }
    let problem = Kind::PreflightRefused.because("pages of that origin may not make that request");
    let vary = response.headers().get(header::VARY).cloned();
    let mut response = response.into_response(problem.error_response());
    if let Some(vary) = vary {
        response.headers_mut().insert(header::VARY, vary);
    }
    response
}

fn decorate(headers: &mut HeaderMap, id: &RequestId) {
    headers.insert(request_id::HEADER, id.to_header());
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    const POLICY_HEADER: HeaderName = header::CONTENT_SECURITY_POLICY;
    if !headers.contains_key(POLICY_HEADER) {
        headers.insert(POLICY_HEADER, HeaderValue::from_static(POLICY));
    }
}

fn size(response: &ServiceResponse<BoxBody>) -> u64 {
    match response.response().body().size() {
        BodySize::Sized(bytes) => bytes,
        BodySize::None | BodySize::Stream => 0,
    }
}

fn log(method: &Method, path: &str, status: StatusCode, bytes: u64, took: Duration, id: &RequestId) {
    let duration_ms = took.as_micros() as f64 / 1000.0;
    let bytes = if *method == Method::HEAD { 0 } else { bytes };
    log::info!(
        target: "rolewright::access",
        method = method.as_str(), path = path, status = status.as_u16(), duration_ms = duration_ms,
        bytes = bytes, request_id = id.as_str();
        "request"
    );
}

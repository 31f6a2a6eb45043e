//! Probes.

use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use serde::Serialize;
use utoipa::ToSchema;

use super::State;
use super::answer::NEVER;
use super::problem::{Problem, problems};

problems!(NoProblems:);
problems!(NotReady: Unavailable, NoRoom);

/// What a probe finds.
#[derive(Debug, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Health {
    /// Always `ok`: another state has another status.
    #[schema(value_type = String, max_length = 20, example = "ok")]
    pub status: &'static str,
}

fn ok() -> HttpResponse {
    HttpResponse::Ok().insert_header((header::CACHE_CONTROL, NEVER)).json(Health { status: "ok" })
}

/// Tell whether the process lives
///
/// For liveness probes: answers as long as requests are answered at all.
#[utoipa::path(
    tag = "Operation",
    operation_id = "get_health",
    security(()),
    responses((status = 200, description = "The process lives.", body = Health), NoProblems),
)]
#[get("/healthz")]
pub async fn get_health() -> HttpResponse {
    ok()
}

/// Tell whether requests can be answered
///
/// For readiness probes: the database answers and takes writes; templates and roles were checked before the port was opened.
#[utoipa::path(
    tag = "Operation",
    operation_id = "get_readiness",
    security(()),
    responses((status = 200, description = "Requests can be answered.", body = Health), NotReady),
)]
#[get("/readyz")]
pub async fn get_readiness(state: Data<State>) -> Result<HttpResponse, Problem> {
    state.store.ready().await?;
    Ok(ok())
}

//! How the server does, for Prometheus: requests, how long they took, and what memory answered.

use std::sync::atomic::AtomicU64;
use std::time::Duration;

use actix_web::http::{Method, StatusCode, header};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};
use jiff::Timestamp;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};

use super::State;
use super::answer::NEVER;
use super::caller::Caller;
use super::extract::Query;
use super::problem::{Problem, problems};

problems!(MetricsProblems: UnknownParameter, DuplicateParameter, KeyRequired);

/// The media type of the text format (OpenMetrics 1.0).
const MEDIA_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
/// Upper bounds in seconds: rendering takes microseconds, a database that is busy seconds.
const BUCKETS: [f64; 11] = [0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0];

/// A kind of request. Every label has few values: what a caller makes up is `other`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Series {
    method: &'static str,
    /// The pattern of the path, never the path itself.
    route: String,
    /// The class of the status, such as `2xx`.
    status: &'static str,
}

/// What came of a look into memory.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Look {
    result: &'static str,
}

/// Counters since the start.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    requests: Family<Series, Histogram, fn() -> Histogram>,
    in_flight: Gauge,
    hits: Counter,
    misses: Counter,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::default();
        let started = Gauge::<f64, AtomicU64>::default();
        started.set(Timestamp::now().as_millisecond() as f64 / 1000.0);
        registry.register_with_unit("process_start_time", "When the server started", Unit::Seconds, started);
        let own = registry.sub_registry_with_prefix("rolewright");
        let requests = Family::new_with_constructor((|| Histogram::new(BUCKETS)) as fn() -> Histogram);
        let in_flight = Gauge::default();
        let looks = Family::<Look, Counter>::default();
        let look = |result| looks.get_or_create_owned(&Look { result });
        let (hits, misses) = (look("hit"), look("miss"));
        let help = "Requests by method, route and class of status, and how long they took";
        own.register_with_unit("http_request_duration", help, Unit::Seconds, requests.clone());
        own.register("http_requests_in_flight", "Requests that are not answered yet", in_flight.clone());
        own.register("role_reads", "Reads of roles that memory could answer, or could not", looks);
        own.register("build", "The program", Info::new([("version", env!("CARGO_PKG_VERSION"))]));
        Self { registry, requests, in_flight, hits, misses }
    }
}

impl Metrics {
    /// Counts a request that has come in, until what is returned is dropped.
    pub fn begin(&self) -> InFlight {
        self.in_flight.inc();
        InFlight(self.in_flight.clone())
    }

    /// Counts a request that was answered.
    pub fn answered(&self, method: &Method, route: Option<String>, status: StatusCode, took: Duration) {
        let series = Series {
            method: known(method),
            route: route.unwrap_or_else(|| "other".to_owned()),
            status: class(status),
        };
        self.requests.get_or_create(&series).observe(took.as_secs_f64());
    }

    /// Counts a read of a role, which memory could answer or not.
    pub fn read_role(&self, from_memory: bool) {
        if from_memory { &self.hits } else { &self.misses }.inc();
    }
}

/// A request that is not answered yet.
#[derive(Debug)]
pub struct InFlight(Gauge);

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.dec();
    }
}

fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

fn class(status: StatusCode) -> &'static str {
    match status.as_u16() / 100 {
        1 => "1xx",
        2 => "2xx",
        3 => "3xx",
        4 => "4xx",
        _ => "5xx",
    }
}

/// Get the metrics
///
/// Counters and durations since the start, in the text format of OpenMetrics, which Prometheus reads. For the machine itself
/// when the server listens for nobody else, and for any key.
#[utoipa::path(
    tag = "Operation",
    operation_id = "get_metrics",
    security(("key" = [])),
    responses(
        (status = 200, description = "The metrics.", body = String, content_type = "application/openmetrics-text"),
        MetricsProblems,
    ),
)]
#[get("/metrics")]
pub async fn get_metrics(
    request: HttpRequest,
    caller: Caller,
    state: Data<State>,
) -> Result<HttpResponse, Problem> {
    caller.may_watch()?;
    Query::of(&request, &[])?;
    let mut text = String::new();
    encode(&mut text, &state.metrics.registry).map_err(Problem::internal)?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, MEDIA_TYPE))
        .insert_header((header::CACHE_CONTROL, NEVER))
        .body(text))
}

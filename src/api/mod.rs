//! The HTTP API: handlers extract, call down, and answer. HTTP is known nowhere else.
//!
//! To add an endpoint: a function in the file of its resource, and one `.service()` in [`routes`].
//! Its specification, its `HEAD`, its `OPTIONS` and its 405 follow.

mod access;
mod address;
pub mod answer;
mod audit;
mod boards;
mod caller;
mod careers;
mod catalogue;
mod changes;
mod choices;
mod chunks;
pub mod compress;
pub mod conditional;
mod cors;
mod cursor;
mod diff;
mod docs;
mod employers;
mod extract;
mod fallback;
mod feeds;
mod forwarded;
pub mod gate;
mod head;
mod health;
mod history;
mod idempotency;
mod kept;
pub mod keys;
pub mod limits;
mod lines;
mod metrics;
mod negotiate;
mod own_tones;
mod paging;
mod panic;
mod postings;
pub mod problem;
mod query;
mod refusal;
mod request_id;
mod role_postings;
mod roles;
mod samples;
mod since;
mod sitemap;
mod skills;
mod spec;
mod spool;
mod terms;
mod unread;
mod write;
mod writing;

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::middleware::{NormalizePath, from_fn};
use actix_web::web::Data;
use actix_web::{App, Error};
use ipnet::IpNet;
use utoipa_actix_web::AppExt;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::render::Renderer;
use crate::store::{Shelf, Store};
pub use postings::direct::Stage;

use answer::Kept;
use gate::{Anonymous, Gate};
use limits::Rates;
use metrics::Metrics;

/// How the API is to behave.
#[derive(Clone, Debug)]
pub struct Setup {
    /// How long a body may stand still.
    pub body_timeout: Duration,
    /// The origins whose pages may read; none listed here means any.
    pub cors_origins: Option<Vec<String>>,
    /// The address under which clients reach the server, without a slash at its end.
    pub public_url: Option<String>,
    /// Where answers are kept until they are sent, if they are too long for memory.
    pub scratch: PathBuf,
    /// Who may read and render without a key.
    pub anonymous: Anonymous,
    /// Whether the server listens on a loopback address, and so for the machine itself alone.
    pub loopback: bool,
    /// The proxies whose word on a client's address counts.
    pub trusted_proxies: Vec<IpNet>,
    /// How many requests a caller may make.
    pub rates: Rates,
}

impl Default for Setup {
    /// What is safe: nobody reads without a key, and no proxy is believed.
    fn default() -> Self {
        Self {
            body_timeout: Duration::from_secs(5),
            cors_origins: None,
            public_url: None,
            scratch: std::env::temp_dir(),
            anonymous: Anonymous::Loopback,
            loopback: false,
            trusted_proxies: Vec::new(),
            rates: Rates::default(),
        }
    }
}

/// Why the API cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// An answer that is kept has no JSON form.
    #[error("an answer cannot be written: {0}")]
    Answer(#[from] serde_json::Error),
}

/// What all requests share.
#[derive(Debug)]
pub struct State {
    renderer: Renderer,
    store: Arc<dyn Store>,
    memories: catalogue::Memories,
    clearance: idempotency::Clearance,
    choices: choices::Answers,
    openapi: Kept,
    routes: fallback::Routes,
    gate: Gate,
    metrics: Metrics,
    own_address: OnceLock<String>,
    setup: Setup,
}

impl State {
    /// Prepares what requests share: kept answers, and the specification, whose examples are of the
    /// roles in `samples`.
    ///
    /// # Errors
    /// When an answer that is kept cannot be written.
    pub fn new(
        renderer: Renderer,
        store: Arc<dyn Store>,
        samples: &Shelf,
        setup: Setup,
    ) -> Result<Self, SetupError> {
        let openapi = spec::document(&renderer, samples, &setup);
        Ok(Self {
            choices: choices::Answers::new(&renderer)?,
            memories: catalogue::Memories::default(),
            clearance: idempotency::Clearance::default(),
            routes: fallback::Routes::of(&openapi),
            openapi: Kept::json(&openapi)?,
            gate: Gate::new(&setup),
            metrics: Metrics::default(),
            own_address: OnceLock::new(),
            renderer,
            store,
            setup,
        })
    }

    /// Forgets callers that have gone. To be called every few seconds.
    pub fn tidy(&self) {
        self.gate.forget();
    }

    /// Writes down what is still only noted, and closes the database. Nothing is answered after that.
    pub async fn close(&self) {
        self.note_uses().await;
        self.store.close().await;
    }
}

/// The OpenAPI document, as it is checked in: indented, with a line break at its end.
///
/// # Errors
/// When it has no JSON form.
pub fn openapi(renderer: &Renderer, samples: &Shelf, setup: &Setup) -> Result<String, SetupError> {
    Ok(spec::document(renderer, samples, setup).to_pretty_json()? + "\n")
}

/// All routes. The specification is made of the same list.
fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(roles::list::list_roles)
        .service(roles::export::export_roles)
        .service(roles::import::import_roles)
        .service(roles::get_role)
        .service(roles::write::create_role)
        .service(roles::write::put_role)
        .service(roles::write::patch_role)
        .service(roles::write::delete_role)
        .service(roles::write::restore_role)
        .service(roles::revisions::list_role_revisions)
        .service(roles::revisions::get_role_revision)
        .service(roles::diff::get_role_diff)
        .service(employers::list::list_employers)
        .service(employers::get_employer)
        .service(employers::write::create_employer)
        .service(employers::write::put_employer)
        .service(employers::write::patch_employer)
        .service(employers::write::delete_employer)
        .service(employers::write::restore_employer)
        .service(employers::revisions::list_employer_revisions)
        .service(employers::revisions::get_employer_revision)
        .service(employers::revisions::get_employer_diff)
        .service(own_tones::list::list_own_tones)
        .service(own_tones::get_own_tone)
        .service(own_tones::write::create_own_tone)
        .service(own_tones::write::put_own_tone)
        .service(own_tones::write::patch_own_tone)
        .service(own_tones::write::delete_own_tone)
        .service(own_tones::write::restore_own_tone)
        .service(own_tones::revisions::list_own_tone_revisions)
        .service(own_tones::revisions::get_own_tone_revision)
        .service(own_tones::revisions::get_own_tone_diff)
        .service(role_postings::get_role_posting)
        .service(role_postings::create_role_posting)
        .service(role_postings::render_posting)
        .service(roles::impact::preview_role_impact)
        .service(postings::list::list_postings)
        .service(postings::get::get_posting)
        .service(postings::drift::get_posting_drift)
        .service(postings::compare::compare_posting)
        .service(postings::preflight::list_preflight)
        .service(postings::preflight::list_preflight_rules)
        .service(postings::preflight::preflight_posting)
        .service(feeds::get_feed)
        .service(feeds::get_employer_feed)
        .service(sitemap::get_sitemap)
        .service(sitemap::get_employer_sitemap)
        .service(sitemap::get_robots)
        .service(careers::get_posting_page)
        .service(boards::greenhouse::get_greenhouse_board)
        .service(boards::greenhouse::list_greenhouse_jobs)
        .service(boards::greenhouse::get_greenhouse_job)
        .service(boards::greenhouse::list_greenhouse_departments)
        .service(boards::greenhouse::get_greenhouse_department)
        .service(boards::greenhouse::list_greenhouse_offices)
        .service(boards::greenhouse::get_greenhouse_office)
        .service(boards::greenhouse::list_greenhouse_sections)
        .service(boards::greenhouse::get_greenhouse_section)
        .service(boards::greenhouse::list_greenhouse_education)
        .service(boards::lever::list_lever_postings)
        .service(boards::lever::get_lever_posting)
        .service(boards::ashby::get_ashby_board)
        .service(boards::smartrecruiters::list_smartrecruiters_postings)
        .service(boards::smartrecruiters::get_smartrecruiters_posting)
        .service(boards::smartrecruiters::list_smartrecruiters_departments)
        .service(postings::write::create_posting)
        .service(postings::write::put_posting)
        .service(postings::write::patch_posting)
        .service(postings::life::publish_posting)
        .service(postings::life::refresh_posting)
        .service(postings::life::close_posting)
        .service(postings::life::reopen_posting)
        .service(postings::revisions::list_posting_revisions)
        .service(postings::revisions::get_posting_revision)
        .service(skills::list_skills)
        .service(changes::list_changes)
        .service(choices::list_tones)
        .service(choices::list_emphases)
        .service(choices::list_formats)
        .service(choices::list_locales)
        .service(keys::create_key)
        .service(keys::list_keys)
        .service(keys::get_key)
        .service(keys::revoke_key)
        .service(audit::list_audit)
        .service(docs::get_openapi)
        .service(docs::get_docs)
        .service(docs::get_docs_file)
        .service(docs::get_landing)
        .service(health::get_health)
        .service(health::get_readiness)
        .service(metrics::get_metrics);
}

/// The whole application.
///
/// The last middleware is the outermost. A panic is caught innermost, so that its answer passes the
/// others like any other.
pub fn app(
    state: Data<State>,
) -> App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<impl MessageBody>,
        Error = Error,
        InitError = (),
    >,
> {
    let cors = cors::layer(&state.setup);
    App::new()
        .app_data(state)
        .into_utoipa_app()
        .configure(routes)
        .into_app()
        .default_service(actix_web::web::to(fallback::answer))
        .wrap(from_fn(gate::layer))
        .wrap(from_fn(panic::catch))
        .wrap(from_fn(head::as_get))
        .wrap(NormalizePath::trim())
        .wrap(cors)
        .wrap(from_fn(access::layer))
        .wrap(from_fn(unread::layer))
}

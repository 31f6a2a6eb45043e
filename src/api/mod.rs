//! The HTTP API: handlers extract, call down, and answer. HTTP is known nowhere else.
//!
//! To add an endpoint: a function in the file of its resource, and one `.service()` in [`routes`].
//! Its specification, its `HEAD`, its `OPTIONS` and its 405 follow.

mod access;
pub mod answer;
mod choices;
pub mod compress;
pub mod conditional;
mod cors;
mod docs;
mod extract;
mod fallback;
mod head;
mod health;
mod negotiate;
mod panic;
mod postings;
pub mod problem;
mod query;
mod request_id;
mod roles;
mod spec;
mod unread;

use std::collections::HashMap;
use std::time::Duration;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::middleware::{NormalizePath, from_fn};
use actix_web::web::Data;
use actix_web::{App, Error, HttpRequest};
use utoipa_actix_web::AppExt;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::render::{Fingerprint, Renderer, Subject};
use crate::store::{Catalogue, StoredRole};
use answer::Kept;
use problem::{Kind, Problem};

/// How the API is to behave.
#[derive(Clone, Debug)]
pub struct Setup {
    /// How long a body may stand still.
    pub body_timeout: Duration,
    /// The origins whose pages may read; none listed here means any.
    pub cors_origins: Option<Vec<String>>,
    /// The address under which clients reach the server, without a slash at its end.
    pub public_url: Option<String>,
}

impl Default for Setup {
    fn default() -> Self {
        Self { body_timeout: Duration::from_secs(5), cors_origins: None, public_url: None }
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
    catalogue: Catalogue,
    /// By role id.
    documents: HashMap<String, RoleDocument>,
    choices: choices::Answers,
    openapi: Kept,
    routes: fallback::Routes,
    setup: Setup,
}

/// What is kept of a stored role beside itself.
#[derive(Debug)]
struct RoleDocument {
    fingerprint: Fingerprint,
    answer: Kept,
}

/// A stored role, with what is kept of it.
#[derive(Clone, Copy, Debug)]
struct Known<'s> {
    stored: &'s StoredRole,
    document: &'s RoleDocument,
}

impl Known<'_> {
    fn subject(&self) -> Subject<'_> {
        let StoredRole { role, revision, .. } = self.stored;
        Subject::Stored { role, fingerprint: self.document.fingerprint, revision: *revision }
    }
}

impl State {
    /// Prepares what requests share: digests, kept answers, and the specification.
    ///
    /// # Errors
    /// When an answer that is kept cannot be written.
    pub fn new(renderer: Renderer, catalogue: Catalogue, setup: Setup) -> Result<Self, SetupError> {
        let documents = catalogue.iter().map(|stored| {
            let fingerprint = Fingerprint::of(&stored.role);
            (stored.role.id.to_string(), RoleDocument { fingerprint, answer: roles::document(stored) })
        });
        let mut state = Self {
            documents: documents.collect(),
            choices: choices::Answers::new(&renderer)?,
            openapi: Kept::json(&())?,
            routes: fallback::Routes::default(),
            renderer,
            catalogue,
            setup,
        };
        let openapi = spec::document(&state);
        state.routes = fallback::Routes::of(&openapi);
        state.openapi = Kept::json(&openapi)?;
        Ok(state)
    }

    /// The OpenAPI document, as it is checked in: indented, with a line break at its end.
    ///
    /// # Errors
    /// When it has no JSON form.
    pub fn openapi(&self) -> Result<String, SetupError> {
        Ok(spec::document(self).to_pretty_json()? + "\n")
    }

    /// The role that the path names.
    fn role(&self, request: &HttpRequest) -> Result<Known<'_>, Problem> {
        self.role_by_id(request.match_info().get("id").unwrap_or_default())
    }

    fn role_by_id(&self, id: &str) -> Result<Known<'_>, Problem> {
        let known = self.catalogue.get(id).zip(self.documents.get(id));
        known
            .map(|(stored, document)| Known { stored, document })
            .ok_or_else(|| Kind::RoleNotFound.because(format!("there is no role with the id `{id}`")))
    }
}

/// All routes. The specification is made of the same list.
fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(roles::list_roles)
        .service(roles::get_role)
        .service(postings::get_role_posting)
        .service(postings::create_role_posting)
        .service(postings::render_posting)
        .service(choices::list_tones)
        .service(choices::list_emphases)
        .service(choices::list_formats)
        .service(choices::list_locales)
        .service(docs::get_openapi)
        .service(docs::get_docs)
        .service(docs::get_docs_file)
        .service(docs::get_landing)
        .service(health::get_health)
        .service(health::get_readiness);
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
        .wrap(from_fn(panic::catch))
        .wrap(from_fn(head::as_get))
        .wrap(NormalizePath::trim())
        .wrap(cors)
        .wrap(from_fn(access::layer))
        .wrap(from_fn(unread::layer))
}

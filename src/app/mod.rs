//! Wires the parts together: settings to renderer, roles, and server; and the other commands.
//!
//! To add a command: a variant of [`Command`], a file here, and an arm in [`run`].

mod admin_key;
mod check;
mod database;
mod demo;
mod healthcheck;
mod keys;
mod logging;
mod render;
mod serve;
mod signals;

use std::io::Write;

use anyhow::Context;

use crate::api::gate::Anonymous;
use crate::api::limits::Rates;
use crate::api::{self, Setup, State};
use crate::config::{self, Command, Config, Origins, Rate, Settings};
use crate::render::Renderer;
use crate::store::Shelf;

pub use serve::{Running, spawn};

/// Does what the command line says.
///
/// # Errors
/// Why it could not be done, for the person who started the program.
pub fn run(config: Config) -> anyhow::Result<()> {
    let Config { settings, command } = config;
    match command {
        None | Some(Command::Serve) => {
            logging::start(&settings);
            serve::run(&settings)
        }
        Some(Command::Render(render)) => print(&render::posting(&settings, &render)?),
        Some(Command::Openapi) => print(openapi(&settings)?.as_bytes()),
        Some(Command::Demo) => demo::run(&settings),
        Some(Command::Healthcheck) => healthcheck::ask(settings.bind),
        Some(Command::Check) => print(check::report(&settings)?.as_bytes()),
        Some(Command::Key(command)) => keys::run(&settings, command),
    }
}

/// What the API needs: templates, database, and settings, all loaded and checked.
///
/// # Errors
/// The first template or role file that cannot be used, by name; what the database says.
pub async fn state(settings: &Settings) -> anyhow::Result<State> {
    let (renderer, shelf) = load(settings)?;
    let store = database::open(settings).await?;
    database::seed(store.as_ref(), &shelf).await?;
    admin_key::put_in_place(store.as_ref(), settings).await?;
    Ok(State::new(renderer, store, &shelf, setup(settings))?)
}

/// The OpenAPI document.
///
/// # Errors
/// The first template or role file that cannot be used, by name.
pub fn openapi(settings: &Settings) -> anyhow::Result<String> {
    let (renderer, shelf) = load(settings)?;
    Ok(api::openapi(&renderer, &shelf, &setup(settings))?)
}

fn load(settings: &Settings) -> anyhow::Result<(Renderer, Shelf)> {
    let Settings { templates_dir, roles_dir, .. } = settings;
    let renderer = Renderer::new(templates_dir.as_deref()).and_then(Renderer::checked).context(
        if templates_dir.is_some() {
            "the templates cannot be used (--templates-dir, ROLEWRIGHT_TEMPLATES_DIR)"
        } else {
            "the templates cannot be used"
        },
    )?;
    let shelf = Shelf::load(roles_dir.as_deref()).context(if roles_dir.is_some() {
        "the roles cannot be used (--roles-dir, ROLEWRIGHT_ROLES_DIR)"
    } else {
        "the roles cannot be used"
    })?;
    Ok((renderer, shelf))
}

fn setup(settings: &Settings) -> Setup {
    let cors_origins = match &settings.cors_origins {
        Origins::Any => None,
        Origins::Listed(origins) => Some(origins.clone()),
    };
    let anonymous = match settings.anonymous {
        config::Anonymous::Loopback => Anonymous::Loopback,
        config::Anonymous::Read => Anonymous::Everybody,
        config::Anonymous::None => Anonymous::Nobody,
    };
    let rate = |rate| match rate {
        Rate::Off => None,
        Rate::PerSecond(rate) => Some(rate),
    };
    Setup {
        body_timeout: settings.body_timeout,
        cors_origins,
        public_url: settings.public_url.clone(),
        scratch: settings.data_dir.clone(),
        anonymous,
        loopback: settings.bind.ip().to_canonical().is_loopback(),
        trusted_proxies: settings.trusted_proxies.clone(),
        rates: Rates { key: rate(settings.rate_limit_key), address: rate(settings.rate_limit_address) },
    }
}

/// Writes to the standard output; a reader that has gone away is no error.
fn print(bytes: &[u8]) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

//! The server.

use std::net::SocketAddr;
use std::pin::pin;
use std::time::Duration;

use actix_web::HttpServer;
use actix_web::dev::{Server, ServerHandle};
use actix_web::web::Data;
use anyhow::{Context, bail};
use futures_util::future::{Either, join, select};

use super::healthcheck::reachable;
use super::signals::Signals;
use crate::api;
use crate::config::Settings;

/// How long a client may take to send the head of a request.
const HEAD_TIMEOUT: Duration = Duration::from_secs(5);
/// How long an idle connection stays open: longer than the proxies in front usually wait.
const KEEP_ALIVE: Duration = Duration::from_secs(75);
const BACKLOG: u32 = 1024;

/// A server that runs in the background.
#[derive(Debug)]
pub struct Running {
    /// Where it listens.
    pub address: SocketAddr,
    /// Stops it.
    pub handle: ServerHandle,
}

/// Serves until the process is told to stop; then finishes the requests in flight.
///
/// # Errors
/// When templates or roles cannot be used, when the address is taken, or when the process is told to
/// stop once more before the requests are finished.
pub fn run(settings: &Settings) -> anyhow::Result<()> {
    actix_web::rt::System::new().block_on(async {
        let (server, address) = server(settings).await?;
        // Before anybody is told that the server is there: who knows may stop it.
        let signals = Signals::listen().context("signals cannot be listened for")?;
        announce(settings, address);
        until_told(server, signals).await
    })?;
    log::info!("stopped");
    Ok(())
}

async fn until_told(server: Server, mut signals: Signals) -> anyhow::Result<()> {
    let handle = server.handle();
    let server = pin!(server);
    let server = match select(server, pin!(signals.next())).await {
        Either::Left((ended, _)) => return ended.context("the server failed"),
        Either::Right((name, server)) => {
            log::info!("{name}: finishing the requests in flight; another signal breaks them off");
            server
        }
    };
    match select(pin!(join(server, handle.stop(true))), pin!(signals.next())).await {
        Either::Left(((ended, ()), _)) => ended.context("the server failed"),
        Either::Right((name, _)) => bail!("{name}: the requests in flight were broken off"),
    }
}

/// Starts a server in the background, on the runtime of the caller. For tests and benchmarks.
///
/// # Errors
/// When templates or roles cannot be used, or the address is taken.
pub async fn spawn(settings: &Settings) -> anyhow::Result<Running> {
    let (server, address) = server(settings).await?;
    let handle = server.handle();
    actix_web::rt::spawn(server);
    Ok(Running { address, handle })
}

async fn server(settings: &Settings) -> anyhow::Result<(Server, SocketAddr)> {
    let state = Data::new(super::state(settings).await?);
    let cores = || std::thread::available_parallelism().map_or(1, usize::from);
    let server = HttpServer::new(move || api::app(state.clone()))
        .workers(settings.workers.map_or_else(cores, usize::from))
        .max_connections(settings.max_connections.get())
        .backlog(BACKLOG)
        .tcp_nodelay(true)
        .keep_alive(KEEP_ALIVE)
        .client_request_timeout(HEAD_TIMEOUT)
        .disable_signals()
        .shutdown_timeout(settings.shutdown_timeout.as_secs_f64().ceil() as u64)
        .bind(settings.bind)
        .with_context(|| format!("cannot listen on {} (--bind, ROLEWRIGHT_BIND)", settings.bind))?;
    let address = server.addrs().first().copied().unwrap_or(settings.bind);
    Ok((server.run(), address))
}

/// Says where the server is, and what to try first.
fn announce(settings: &Settings, address: SocketAddr) {
    let base = settings.public_url.clone().unwrap_or_else(|| format!("http://{}", reachable(address)));
    log::info!("listening on http://{address}; try");
    for path in [
        "/docs",
        "/api/v1/roles/tech-manager",
        "/api/v1/roles/tech-manager/posting?tone=friendly&format=markdown",
    ] {
        log::info!("  {base}{path}");
    }
}

//! The server.

use std::net::SocketAddr;
use std::pin::pin;
use std::time::Duration;

use actix_web::dev::{Server, ServerHandle};
use actix_web::rt::task::JoinHandle;
use actix_web::web::Data;
use actix_web::{HttpServer, rt};
use anyhow::{Context, bail};
use futures_util::future::{Either, join, select};

use super::healthcheck::reachable;
use super::signals::Signals;
use crate::api::{self, State};
use crate::config::{Anonymous, Settings};

/// How long a client may take to send the head of a request.
const HEAD_TIMEOUT: Duration = Duration::from_secs(5);
/// How long an idle connection stays open: longer than the proxies in front usually wait.
const KEEP_ALIVE: Duration = Duration::from_secs(75);
const BACKLOG: u32 = 1024;
/// How often callers that have gone are forgotten.
const TIDY_EVERY: Duration = Duration::from_secs(10);
/// How many of these times pass until it is written down when keys were last used: a minute.
const TIMES_A_NOTE: usize = 6;

/// A server that runs in the background.
#[derive(Debug)]
pub struct Running {
    /// Where it listens.
    pub address: SocketAddr,
    /// Stops it.
    pub handle: ServerHandle,
    /// Ends when it has stopped, and has written down what it had noted.
    pub stopped: JoinHandle<()>,
}

/// Serves until the process is told to stop; then finishes the requests in flight.
///
/// # Errors
/// When templates or roles cannot be used, when the address is taken, or when the process is told to
/// stop once more before the requests are finished.
pub fn run(settings: &Settings) -> anyhow::Result<()> {
    rt::System::new().block_on(async {
        let (server, address, state) = server(settings).await?;
        // Before anybody is told that the server is there: who knows may stop it.
        let signals = Signals::listen().context("signals cannot be listened for")?;
        announce(settings, address);
        let tending = tend(&state);
        until_told(server, signals).await?;
        tending.iter().for_each(JoinHandle::abort);
        state.close().await;
        anyhow::Ok(())
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
    let (server, address, state) = server(settings).await?;
    let handle = server.handle();
    let stopped = rt::spawn(async move {
        let tending = tend(&state);
        if let Err(error) = server.await {
            log::error!("the server failed: {error}");
        }
        tending.iter().for_each(JoinHandle::abort);
        state.close().await;
    });
    Ok(Running { address, handle, stopped })
}

/// Does what is to be done beside answering, as long as the server runs: until it is aborted.
fn tend(state: &Data<State>) -> [JoinHandle<()>; 2] {
    let schedule = state.clone();
    [rt::spawn(tidy(state.clone())), rt::spawn(async move { schedule.keep_schedule().await })]
}

/// Does what is to be done now and then.
async fn tidy(state: Data<State>) {
    for time in 1.. {
        rt::time::sleep(TIDY_EVERY).await;
        state.tidy();
        if time % TIMES_A_NOTE == 0 {
            state.note_uses().await;
        }
    }
}

async fn server(settings: &Settings) -> anyhow::Result<(Server, SocketAddr, Data<State>)> {
    let state = Data::new(super::state(settings).await?);
    let shared = state.clone();
    let cores = || std::thread::available_parallelism().map_or(1, usize::from);
    let server = HttpServer::new(move || api::app(shared.clone()))
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
    state.listens_at(address);
    Ok((server.run(), address, state))
}

/// Says where the server is, and what to try first: what needs no key.
fn announce(settings: &Settings, address: SocketAddr) {
    let base = settings.public_url.clone().unwrap_or_else(|| format!("http://{}", reachable(address)));
    log::info!("listening on http://{address}; try");
    let free = match settings.anonymous {
        Anonymous::Read => true,
        Anonymous::Loopback => address.ip().is_loopback() && settings.public_url.is_none(),
        Anonymous::None => false,
    };
    let catalogue =
        ["/api/v1/roles/tech-manager", "/api/v1/roles/tech-manager/posting?tone=friendly&format=markdown"];
    for path in std::iter::once("/docs").chain(catalogue.into_iter().filter(|_| free)) {
        log::info!("  {base}{path}");
    }
}

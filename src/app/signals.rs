//! What tells the process to stop: SIGTERM from whoever runs it, SIGINT from a keyboard.

use std::io;

#[cfg(unix)]
use actix_web::rt::signal::unix::{Signal, SignalKind, signal};

/// Listens from the moment that it is made.
#[cfg(unix)]
pub struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

#[cfg(unix)]
impl Signals {
    /// Starts to listen. Needs a running runtime.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn listen() -> io::Result<Self> {
        Ok(Self { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }

    /// The name of the next signal.
    pub async fn next(&mut self) -> &'static str {
        use futures_util::future::{Either, select};
        let (terminate, interrupt) = (self.terminate.recv(), self.interrupt.recv());
        match select(std::pin::pin!(terminate), std::pin::pin!(interrupt)).await {
            Either::Left(_) => "SIGTERM",
            Either::Right(_) => "SIGINT",
        }
    }
}

/// Listens for Ctrl-C, which is all that there is elsewhere.
#[cfg(not(unix))]
pub struct Signals;

#[cfg(not(unix))]
impl Signals {
    /// Starts to listen.
    ///
    /// # Errors
    /// None in fact.
    pub fn listen() -> io::Result<Self> {
        Ok(Self)
    }

    /// The name of the next signal.
    pub async fn next(&mut self) -> &'static str {
        if actix_web::rt::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
        "Ctrl-C"
    }
}

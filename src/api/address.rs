//! The server's own addresses. They come from the settings, never from what a request says of them.

use std::net::SocketAddr;

use super::State;
use super::problem::{Kind, Problem};

impl State {
    /// Tells where the server listens. On a loopback address, that is its own address for all who can reach
    /// it, unless the settings name another.
    pub fn listens_at(&self, address: SocketAddr) {
        if self.setup.loopback && address.ip().to_canonical().is_loopback() {
            // Told once; a second time changes nothing.
            let _ = self.own_address.set(format!("http://{address}"));
        }
    }

    /// A path as clients reach it: with the public address, if the settings name one.
    pub(super) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.setup.public_url.as_deref().unwrap_or_default())
    }

    /// The absolute address of a path, if it can be known.
    pub(super) fn absolute(&self, path: &str) -> Option<String> {
        let base = self.setup.public_url.as_ref().or_else(|| self.own_address.get())?;
        Some(format!("{base}{path}"))
    }

    /// The absolute address of a path, or else the path.
    pub(super) fn told(&self, path: &str) -> String {
        self.absolute(path).unwrap_or_else(|| path.to_owned())
    }

    /// The absolute address of a path.
    ///
    /// # Errors
    /// That the server has not been told its own.
    pub(super) fn absolute_or_refuse(&self, path: &str) -> Result<String, Problem> {
        self.absolute(path).ok_or_else(|| {
            Kind::NoPublicUrl.because("the server does not know its own address: set ROLEWRIGHT_PUBLIC_URL")
        })
    }
}

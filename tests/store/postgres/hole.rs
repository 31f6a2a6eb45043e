//! A way to the server that can be cut without a word.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// The way.
pub struct Hole {
    /// The address of the server on this way.
    pub url: String,
    open: watch::Sender<bool>,
}

impl Hole {
    /// A way to the server of an address, which is open.
    pub async fn before(url: &str) -> Self {
        let (before, rest) = url.split_once('@').unwrap();
        let (server, name) = rest.split_once('/').unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("{before}@{}/{name}", listener.local_addr().unwrap());
        let (open, gate) = watch::channel(true);
        tokio::spawn(accept(listener, server.to_owned(), gate));
        Self { url, open }
    }

    /// From now on nothing comes through.
    pub fn swallow(&self) {
        self.open.send_replace(false);
    }

    /// Everything comes through again, what was on its way included.
    pub fn let_through(&self) {
        self.open.send_replace(true);
    }
}

async fn accept(listener: TcpListener, server: String, gate: watch::Receiver<bool>) {
    while let Ok((client, _)) = listener.accept().await {
        let Ok(server) = TcpStream::connect(&server).await else { continue };
        let (from_client, to_client) = client.into_split();
        let (from_server, to_server) = server.into_split();
        tokio::spawn(pass(from_client, to_server, gate.clone()));
        tokio::spawn(pass(from_server, to_client, gate.clone()));
    }
}

async fn pass(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, mut gate: watch::Receiver<bool>) {
    let mut bytes = [0; 4096];
    while let Ok(count @ 1..) = from.read(&mut bytes).await {
        if gate.wait_for(|open| *open).await.is_err() || to.write_all(&bytes[..count]).await.is_err() {
            return;
        }
    }
}

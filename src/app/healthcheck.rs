//! The command `healthcheck`: asks a running server whether it lives, for a container without curl.

use std::io::{self, Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context, ensure};

/// How long connecting and each wait for bytes may take.
const PATIENCE: Duration = Duration::from_secs(2);
const REQUEST: &[u8] = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

/// Asks the server that listens on `bind`.
///
/// # Errors
/// When nobody answers there in time, or answers anything but 200.
pub fn ask(bind: SocketAddr) -> anyhow::Result<()> {
    ensure!(bind.port() != 0, "--bind (ROLEWRIGHT_BIND) takes a free port, which nobody else can know");
    let address = reachable(bind);
    let status = status_line(address).with_context(|| format!("http://{address}/healthz does not answer"))?;
    let healthy = status.strip_prefix("HTTP/1.1 ").is_some_and(|rest| rest.starts_with("200"));
    ensure!(healthy, "http://{address}/healthz answers `{status}`");
    Ok(())
}

/// Where a program on the same machine reaches a server that listens on `bind`: one that listens on
/// every address is not reached under the unspecified one everywhere.
pub fn reachable(bind: SocketAddr) -> SocketAddr {
    let ip = match bind.ip() {
        IpAddr::V4(Ipv4Addr::UNSPECIFIED) => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(Ipv6Addr::UNSPECIFIED) => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, bind.port())
}

/// The first line of the answer, or as much of it as one can be expected to have.
fn status_line(address: SocketAddr) -> io::Result<String> {
    const ENOUGH: usize = 64;
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    stream.write_all(REQUEST)?;
    let mut start = [0; ENOUGH];
    let length = stream.read(&mut start)?;
    let start = String::from_utf8_lossy(&start[..length]);
    Ok(start.lines().next().unwrap_or_default().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unspecified_address_is_reached_by_the_loopback() {
        for (bind, address) in [
            ("0.0.0.0:80", "127.0.0.1:80"),
            ("[::]:80", "[::1]:80"),
            ("10.0.0.1:80", "10.0.0.1:80"),
            ("[::1]:80", "[::1]:80"),
        ] {
            assert_eq!(reachable(bind.parse().unwrap()), address.parse().unwrap());
        }
    }
}

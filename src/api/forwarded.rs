//! Where a request comes from: the client's address, behind proxies that are trusted, and whether
//! there was a proxy at all.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use actix_web::http::header::{self, HeaderMap, HeaderName};
use ipnet::IpNet;

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
/// Bits of an IPv6 address that tell one client from another: whoever has one address has all
/// addresses with this prefix.
const CLIENT_PREFIX: u32 = 64;

/// Whether a proxy says that it passed the request on.
pub fn is_forwarded(headers: &HeaderMap) -> bool {
    headers.keys().any(|name| {
        matches!(name.as_str(), "forwarded" | "via" | "x-real-ip")
            || name.as_str().starts_with("x-forwarded-")
    })
}

/// The address of the client: the rightmost one that no trusted proxy has.
///
/// What a proxy says counts if it is trusted, and so on from right to left; what is left of the
/// client's address, the client may have written itself. Where an entry is no address, or where
/// `Forwarded` and `X-Forwarded-For` contradict each other, the last proxy that is known counts.
pub fn client(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let peer = peer.to_canonical();
    let is_trusted = |address: &IpAddr| trusted.iter().any(|net| net.contains(address));
    if !is_trusted(&peer) {
        return peer;
    }
    let (mut standard, mut customary) = (forwarded(headers).peekable(), x_forwarded_for(headers).peekable());
    match (standard.peek().is_some(), customary.peek().is_some()) {
        (true, false) => rightmost(peer, standard, is_trusted),
        (false, _) => rightmost(peer, customary, is_trusted),
        (true, true) => {
            let client = rightmost(peer, standard, is_trusted);
            // A proxy writes one of them, and may pass on what a client put into the other.
            if rightmost(peer, customary, is_trusted) == client { client } else { peer }
        }
    }
}

/// What tells clients apart: an IPv4 address, or the first 64 bits of an IPv6 address.
pub fn group(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(v6) => Ipv6Addr::from_bits(v6.to_bits() & (u128::MAX << (128 - CLIENT_PREFIX))).into(),
    }
}

/// Follows the hops, the nearest first, to the first that is not trusted or not known.
fn rightmost(
    peer: IpAddr,
    hops: impl Iterator<Item = Option<IpAddr>>,
    is_trusted: impl Fn(&IpAddr) -> bool,
) -> IpAddr {
    let mut address = peer;
    for hop in hops {
        let Some(hop) = hop else { break };
        address = hop.to_canonical();
        if !is_trusted(&address) {
            break;
        }
    }
    address
}

/// The hops of `Forwarded` (RFC 7239), the nearest first; nothing for one that is not an address.
fn forwarded(headers: &HeaderMap) -> impl Iterator<Item = Option<IpAddr>> {
    lines(headers, header::FORWARDED).flat_map(|line| {
        let hops = rfc7239::parse(line).rev();
        hops.map(|hop| hop.ok().and_then(|hop| hop.forwarded_for?.ip().copied()))
    })
}

/// The hops of `X-Forwarded-For`, the nearest first; nothing for one that is not an address.
fn x_forwarded_for(headers: &HeaderMap) -> impl Iterator<Item = Option<IpAddr>> {
    lines(headers, X_FORWARDED_FOR).flat_map(|line| line.rsplit(',').map(|hop| address(hop.trim())))
}

/// The values of a header, the last first; an empty one for what is no text.
fn lines(headers: &HeaderMap, name: HeaderName) -> impl Iterator<Item = &str> {
    let mut lines: Vec<_> = headers.get_all(name).map(|value| value.to_str().unwrap_or_default()).collect();
    lines.reverse();
    lines.into_iter()
}

/// An address, which may have a port, and brackets if it is of IPv6.
fn address(text: &str) -> Option<IpAddr> {
    let bare = || text.strip_prefix('[')?.strip_suffix(']')?.parse::<Ipv6Addr>().ok().map(IpAddr::V6);
    let with_port = || text.parse::<SocketAddr>().ok().map(|address| address.ip());
    text.parse().ok().or_else(with_port).or_else(bare)
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{HeaderName, HeaderValue};
    use proptest::prelude::*;

    use super::*;

    fn headers(lines: &[(&'static str, &str)]) -> HeaderMap {
        let pairs = lines.iter().filter_map(|(name, value)| {
            Some((HeaderName::from_static(name), HeaderValue::from_bytes(value.as_bytes()).ok()?))
        });
        let mut headers = HeaderMap::new();
        pairs.for_each(|(name, value)| headers.append(name, value));
        headers
    }

    fn trusted() -> Vec<IpNet> {
        ["10.0.0.0/8", "127.0.0.1/32", "fd00::/8"].map(|net| net.parse().unwrap()).into()
    }

    #[track_caller]
    fn assert_client(peer: &str, lines: &[(&'static str, &str)], client: &str) {
        let found = super::client(peer.parse().unwrap(), &headers(lines), &trusted());
        assert_eq!(found, client.parse::<IpAddr>().unwrap(), "{peer} {lines:?}");
    }

    #[test]
    fn a_peer_that_is_not_trusted_is_the_client_whatever_it_says() {
        let says = [("x-forwarded-for", "1.1.1.1"), ("forwarded", "for=1.1.1.1")];
        assert_client("192.0.2.9", &says, "192.0.2.9");
        assert_client("::ffff:192.0.2.9", &says, "192.0.2.9");
        assert_client("10.0.0.1", &[], "10.0.0.1");
    }

    #[test]
    fn the_client_is_the_rightmost_address_that_is_not_trusted() {
        for (line, client) in [
            ("203.0.113.7", "203.0.113.7"),
            ("1.1.1.1, 203.0.113.7, 10.0.0.2", "203.0.113.7"),
            ("1.1.1.1,203.0.113.7:4711", "203.0.113.7"),
            ("10.0.0.3, 10.0.0.2", "10.0.0.3"),
            ("2001:db8::7, fd00::1", "2001:db8::7"),
            ("[2001:db8::7]:4711", "2001:db8::7"),
            ("[2001:db8::7]", "2001:db8::7"),
            ("::ffff:203.0.113.7, ::ffff:10.0.0.2", "203.0.113.7"),
            ("garbage, 203.0.113.7", "203.0.113.7"),
        ] {
            assert_client("10.0.0.1", &[("x-forwarded-for", line)], client);
        }
        for (line, client) in [
            ("for=203.0.113.7", "203.0.113.7"),
            ("For=\"203.0.113.7:4711\";proto=https;by=10.0.0.1", "203.0.113.7"),
            ("for=1.1.1.1, for=203.0.113.7, for=10.0.0.2", "203.0.113.7"),
            ("for=\"[2001:db8::7]:4711\"", "2001:db8::7"),
            ("for=\"[2001:db8::7]\",for=10.0.0.2", "2001:db8::7"),
            // A quote that the client left open does not swallow what the proxy adds.
            ("for=\"1.1.1.1, for=203.0.113.7", "203.0.113.7"),
        ] {
            assert_client("10.0.0.1", &[("forwarded", line)], client);
        }
    }

    #[test]
    fn several_lines_are_one_list() {
        assert_client(
            "10.0.0.1",
            &[("x-forwarded-for", "1.1.1.1"), ("x-forwarded-for", "203.0.113.7, 10.0.0.2")],
            "203.0.113.7",
        );
        assert_client(
            "10.0.0.1",
            &[("forwarded", "for=203.0.113.7"), ("forwarded", "for=10.0.0.2")],
            "203.0.113.7",
        );
    }

    #[test]
    fn where_an_entry_is_no_address_the_proxy_before_it_counts() {
        for line in
            ["", "unknown", "203.0.113.7, nope", "1.1.1.1, ", "203.0.113.999", "203.0.113.7 8.8.8.8", "é"]
        {
            assert_client("10.0.0.1", &[("x-forwarded-for", line)], "10.0.0.1");
        }
        for line in ["", "for=unknown", "for=203.0.113.7, for=_hidden", "proto=https", "for", ";;", "é"] {
            assert_client("10.0.0.1", &[("forwarded", line)], "10.0.0.1");
        }
        assert_client("10.0.0.1", &[("x-forwarded-for", "1.1.1.1, nope, 10.0.0.2")], "10.0.0.2");
    }

    #[test]
    fn headers_that_contradict_each_other_are_not_believed() {
        let lines = |one, other| [("x-forwarded-for", one), ("forwarded", other)];
        assert_client("10.0.0.1", &lines("203.0.113.7", "for=203.0.113.7"), "203.0.113.7");
        assert_client("10.0.0.1", &lines("203.0.113.7", "for=1.1.1.1"), "10.0.0.1");
    }

    #[test]
    fn a_proxy_is_known_by_what_it_adds() {
        for name in
            ["forwarded", "x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "x-real-ip", "via"]
        {
            assert!(is_forwarded(&headers(&[("accept", "*/*"), (name, "")])), "{name}");
        }
        assert!(!is_forwarded(&headers(&[("accept", "*/*"), ("x-request-id", "x")])));
    }

    #[test]
    fn addresses_of_one_client_are_grouped() {
        let group = |text: &str| group(text.parse().unwrap()).to_string();
        assert_eq!(group("203.0.113.7"), "203.0.113.7");
        assert_eq!(group("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
    }

    proptest! {
        #[test]
        fn no_header_makes_a_client_trusted_that_is_not_in_it(one in "[ -~]{0,60}", other in "[ -~]{0,60}") {
            let lines = [("x-forwarded-for", one.as_str()), ("forwarded", other.as_str())];
            let found = client("192.0.2.9".parse().unwrap(), &headers(&lines), &trusted());
            prop_assert_eq!(found.to_string(), "192.0.2.9");
            client("10.0.0.1".parse().unwrap(), &headers(&lines), &trusted());
        }
    }
}

//! Addresses of links, as the package takes them: Word calls a document damaged that has another.

/// The address as a URI of RFC 3986, where what it cannot hold is percent-encoded. None for one that
/// is neither `https:`, `http:` nor `mailto:`.
pub fn target(href: &str) -> Option<String> {
    let (scheme, rest) = href.split_once(':')?;
    let (authority, path) = match scheme {
        "mailto" => ("", rest),
        "http" | "https" => {
            let after = rest.strip_prefix("//")?;
            let end = after.find(['/', '?', '#']).unwrap_or(after.len());
            after.split_at(end)
        }
        _ => return None,
    };
    let mut out = String::with_capacity(href.len());
    out.extend([scheme, ":"]);
    if scheme != "mailto" {
        out.push_str("//");
    }
    // An IPv6 address has brackets.
    push_encoded(&mut out, authority, b"[]");
    let (path, fragment) = path.split_once('#').map_or((path, None), |(path, rest)| (path, Some(rest)));
    push_encoded(&mut out, path, b"");
    if let Some(fragment) = fragment {
        out.push('#');
        push_encoded(&mut out, fragment, b"");
    }
    Some(out)
}

fn push_encoded(out: &mut String, text: &str, also: &[u8]) {
    let bytes = text.as_bytes();
    let is_hex = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_hexdigit);
    for (at, &byte) in bytes.iter().enumerate() {
        let plain = match byte {
            b'%' => is_hex(at + 1) && is_hex(at + 2),
            _ => {
                byte.is_ascii_alphanumeric() || b"-._~:/?@!$&'()*+,;=".contains(&byte) || also.contains(&byte)
            }
        };
        if plain { out.push(char::from(byte)) } else { out.push_str(&format!("%{byte:02X}")) }
    }
}

#[cfg(test)]
mod tests {
    use super::target;

    #[test]
    fn what_a_uri_may_have_stays_and_the_rest_is_encoded() {
        for (href, wanted) in [
            ("https://x.example/a?b=1&c=%20#d", "https://x.example/a?b=1&c=%20#d"),
            ("https://x.example/?a[]=1#b#c", "https://x.example/?a%5B%5D=1#b%23c"),
            ("https://x.example/100%", "https://x.example/100%25"),
            ("https://x.example/%zz", "https://x.example/%25zz"),
            ("http://[::1]:80/x", "http://[::1]:80/x"),
            ("mailto:a%25b@x.example", "mailto:a%25b@x.example"),
            ("mailto:a b@x.example", "mailto:a%20b@x.example"),
        ] {
            assert_eq!(target(href).as_deref(), Some(wanted));
        }
    }

    #[test]
    fn other_addresses_are_no_links() {
        for href in ["", "x", "javascript:alert(1)", "file:///etc/passwd", "https:x", "HTTPS://x.example"] {
            assert_eq!(target(href), None, "{href}");
        }
    }
}

//! What crawlers may read (RFC 9309).

/// The text of `robots.txt`: all crawlers may read everything but paths that start with one of
/// `closed`, and find the sitemap at its absolute URL.
pub fn robots(sitemap: &str, closed: &[&str]) -> String {
    let mut out = String::from("User-agent: *\n");
    for path in closed {
        push_line(&mut out, "Disallow", path);
    }
    // A group needs a rule.
    if closed.is_empty() {
        out.push_str("Allow: /\n");
    }
    out.push('\n');
    push_line(&mut out, "Sitemap", sitemap);
    out
}

fn push_line(out: &mut String, name: &str, value: &str) {
    out.extend([name, ": "]);
    out.extend(value.chars().filter(|c| !c.is_control()));
    out.push('\n');
}

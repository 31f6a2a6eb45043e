//! Atom (RFC 4287).

use super::super::compose::LANGUAGE;
use super::super::xml::Xml;
use super::description::{self, Words};
use super::{Channel, Entry, Feed, moment};

pub fn head(channel: &Channel<'_>) -> Vec<u8> {
    let mut xml = Xml::in_lines();
    xml.declaration();
    xml.open("feed", &[("xmlns", "http://www.w3.org/2005/Atom"), ("xml:lang", LANGUAGE)]);
    xml.element("id", &[], channel.address);
    xml.element("title", &[], channel.title);
    xml.element("updated", &[], &moment::iso(channel.updated));
    let media_type = Feed::Atom.media_type().split(';').next().unwrap_or_default();
    xml.empty("link", &[("rel", "self"), ("type", media_type), ("href", channel.address)]);
    xml.empty("link", &[("rel", "alternate"), ("type", "text/html"), ("href", channel.site)]);
    author(&mut xml, channel.publisher);
    xml.element("generator", &[], "Rolewright");
    xml.into_lines()
}

pub fn entry(entry: &Entry<'_>) -> Vec<u8> {
    let mut xml = Xml::in_lines();
    xml.open("entry", &[("xml:lang", &*entry.posting.language)]);
    xml.element("id", &[], &entry.urn());
    xml.element("title", &[], &entry.vacancy.title);
    xml.element("published", &[], &moment::iso(entry.published));
    xml.element("updated", &[], &moment::iso(entry.updated));
    xml.empty("link", &[("rel", "alternate"), ("type", "text/html"), ("href", entry.url)]);
    if let Some(company) = entry.company() {
        author(&mut xml, company);
    }
    for category in entry.categories() {
        xml.empty("category", &[("term", category)]);
    }
    let content = description::html(entry.posting, Words::Escaped);
    xml.element("content", &[("type", "html")], &content);
    xml.close("entry");
    xml.into_lines()
}

fn author(xml: &mut Xml, name: &str) {
    xml.open("author", &[]);
    xml.element("name", &[], name);
    xml.close("author");
}

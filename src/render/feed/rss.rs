//! RSS 2.0, with the link to itself that validators ask for and the author by name (Dublin Core).

use super::super::compose::LANGUAGE;
use super::super::xml::Xml;
use super::description::{self, Words};
use super::{Channel, Entry, Feed, moment};

pub fn head(channel: &Channel<'_>) -> Vec<u8> {
    let mut xml = Xml::in_lines();
    xml.declaration();
    let names = [
        ("version", "2.0"),
        ("xmlns:atom", "http://www.w3.org/2005/Atom"),
        ("xmlns:dc", "http://purl.org/dc/elements/1.1/"),
    ];
    xml.open("rss", &names);
    xml.open("channel", &[]);
    xml.element("title", &[], channel.title);
    xml.element("link", &[], channel.site);
    xml.element("description", &[], &format!("Open jobs, published by {}", channel.publisher));
    xml.element("language", &[], LANGUAGE);
    if let Some(built) = moment::rfc822(channel.updated) {
        xml.element("lastBuildDate", &[], &built);
    }
    xml.element("generator", &[], "Rolewright");
    let media_type = Feed::Rss.media_type().split(';').next().unwrap_or_default();
    xml.empty("atom:link", &[("rel", "self"), ("type", media_type), ("href", channel.address)]);
    xml.into_lines()
}

pub fn entry(entry: &Entry<'_>) -> Vec<u8> {
    let mut xml = Xml::in_lines();
    xml.open("item", &[]);
    xml.element("title", &[], &entry.vacancy.title);
    xml.element("link", &[], entry.url);
    xml.element("guid", &[("isPermaLink", "false")], &entry.urn());
    if let Some(published) = moment::rfc822(entry.published) {
        xml.element("pubDate", &[], &published);
    }
    if let Some(company) = entry.company() {
        xml.element("dc:creator", &[], company);
    }
    for category in entry.categories() {
        xml.element("category", &[], category);
    }
    xml.element("description", &[], &description::html(entry.posting, Words::Escaped));
    xml.close("item");
    xml.into_lines()
}

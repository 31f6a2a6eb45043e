//! JSON Feed 1.1 (jsonfeed.org). Each item carries the facts of the posting in `_rolewright`, so that a
//! careers page can list places and pay without reading HTML.

use serde::Serialize;

use crate::domain::Vacancy;

use super::super::compose::LANGUAGE;
use super::description::{self, Words};
use super::{Channel, Entry, moment};

#[derive(Serialize)]
struct Head<'a> {
    version: &'static str,
    title: &'a str,
    home_page_url: &'a str,
    feed_url: &'a str,
    language: &'static str,
    authors: [Author<'a>; 1],
}

#[derive(Serialize)]
struct Author<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
}

#[derive(Serialize)]
struct Item<'a> {
    id: String,
    url: &'a str,
    title: &'a str,
    content_html: String,
    date_published: String,
    date_modified: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    authors: Option<[Author<'a>; 1]>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tags: Vec<&'a str>,
    language: &'a str,
    #[serde(rename = "_rolewright")]
    rolewright: Extension<'a>,
}

/// What JSON Feed has no member for.
#[derive(Serialize)]
struct Extension<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    closes: Option<String>,
    vacancy: &'a Vacancy,
}

pub fn head(channel: &Channel<'_>) -> Vec<u8> {
    let head = Head {
        version: "https://jsonfeed.org/version/1.1",
        title: channel.title,
        home_page_url: channel.site,
        feed_url: channel.address,
        language: LANGUAGE,
        authors: [Author { name: channel.publisher, url: Some(channel.site) }],
    };
    let mut bytes = json(&head);
    // The object stays open: its last member is written item by item.
    bytes.pop();
    bytes.extend_from_slice(b",\"items\":[\n");
    bytes
}

pub fn entry(entry: &Entry<'_>, first: bool) -> Vec<u8> {
    let employer = entry.vacancy.employer.as_ref();
    let item = Item {
        id: entry.urn(),
        url: entry.url,
        title: &entry.vacancy.title,
        content_html: description::html(entry.posting, Words::Escaped),
        date_published: moment::iso(entry.published),
        date_modified: moment::iso(entry.updated),
        authors: employer.map(|employer| {
            let url = employer.website.as_ref().map(|website| website.as_str());
            [Author { name: employer.name.as_str(), url }]
        }),
        tags: entry.categories().collect(),
        language: &entry.posting.language,
        rolewright: Extension { closes: entry.closes.map(moment::iso), vacancy: entry.vacancy },
    };
    let mut bytes = if first { Vec::new() } else { b",".to_vec() };
    bytes.extend(json(&item));
    bytes.push(b'\n');
    bytes
}

/// Names and values are texts, numbers and lists of them: nothing that JSON could not hold.
fn json(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).unwrap_or_default()
}

//! Feeds of published postings, for job boards and for feed readers.
//!
//! A feed is written in pieces, so that it can be of any length: a head, an entry for each posting,
//! and a tail. To add a feed: a file here with these three, and an arm in [`Feed`]. For a board, a
//! file in `tests/data/boards/` says its rules. A posting that a board would refuse is left out by
//! whoever calls.

mod atom;
pub(super) mod description;
mod indeed;
mod json_feed;
mod linkedin;
mod moment;
pub(super) mod place;
mod robots;
mod rss;
mod sitemap;

use jiff::Timestamp;

use crate::domain::{Posting, Vacancy};

pub use robots::robots;
pub use sitemap::{MAX_ENTRIES as MAX_SITEMAP_ENTRIES, Sitemap};

/// A feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Feed {
    /// What Indeed reads: its XML feed.
    Indeed,
    /// What LinkedIn reads: its Basic Jobs XML feed.
    Linkedin,
    /// Atom (RFC 4287).
    Atom,
    /// RSS 2.0.
    Rss,
    /// JSON Feed 1.1.
    Jobs,
}

/// What a feed is, and of what.
#[derive(Clone, Copy, Debug)]
pub struct Channel<'a> {
    /// Its title.
    pub title: &'a str,
    /// Who publishes it.
    pub publisher: &'a str,
    /// The absolute URL of the site.
    pub site: &'a str,
    /// The absolute URL of the feed itself.
    pub address: &'a str,
    /// When the list changed last.
    pub updated: Timestamp,
}

/// A posting in a feed.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    /// The posting's UUID.
    pub id: &'a str,
    /// The absolute URL of its public page.
    pub url: &'a str,
    /// Its words.
    pub posting: &'a Posting<'a>,
    /// Its facts.
    pub vacancy: &'a Vacancy,
    /// From when on it is public.
    pub published: Timestamp,
    /// When it changed last.
    pub updated: Timestamp,
    /// From when on it is not public any more.
    pub closes: Option<Timestamp>,
}

impl Feed {
    /// All feeds, in the order of the documentation.
    pub const ALL: [Self; 5] = [Self::Indeed, Self::Linkedin, Self::Atom, Self::Rss, Self::Jobs];

    /// Its file name in URLs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Indeed => "indeed.xml",
            Self::Linkedin => "linkedin.xml",
            Self::Atom => "atom.xml",
            Self::Rss => "rss.xml",
            Self::Jobs => "jobs.json",
        }
    }

    /// The media type, with its parameters.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Indeed | Self::Linkedin => "application/xml; charset=utf-8",
            Self::Atom => "application/atom+xml; charset=utf-8",
            Self::Rss => "application/rss+xml; charset=utf-8",
            Self::Jobs => "application/feed+json",
        }
    }

    /// What it is for, in a sentence.
    pub fn description(self) -> &'static str {
        match self {
            Self::Indeed => "The XML feed that Indeed reads: one job for each place of a posting.",
            Self::Linkedin => "The Basic Jobs XML feed that LinkedIn reads.",
            Self::Atom => "Atom (RFC 4287), for feed readers.",
            Self::Rss => "RSS 2.0, for feed readers.",
            Self::Jobs => "JSON Feed 1.1, with the facts of each posting as data in `_rolewright`.",
        }
    }

    /// What stands before the first entry.
    pub fn head(self, channel: &Channel<'_>) -> Vec<u8> {
        match self {
            Self::Indeed => indeed::head(channel),
            Self::Linkedin => linkedin::head(channel),
            Self::Atom => atom::head(channel),
            Self::Rss => rss::head(channel),
            Self::Jobs => json_feed::head(channel),
        }
    }

    /// A posting; `first` says whether it is the first one. In the feed of Indeed it is a job for
    /// each of its places.
    pub fn entry(self, entry: &Entry<'_>, first: bool) -> Vec<u8> {
        match self {
            Self::Indeed => indeed::entry(entry),
            Self::Linkedin => linkedin::entry(entry),
            Self::Atom => atom::entry(entry),
            Self::Rss => rss::entry(entry),
            Self::Jobs => json_feed::entry(entry, first),
        }
    }

    /// What stands after the last entry.
    pub fn tail(self) -> Vec<u8> {
        let tail: &[u8] = match self {
            Self::Indeed | Self::Linkedin => b"</source>\n",
            Self::Atom => b"</feed>\n",
            Self::Rss => b"</channel>\n</rss>\n",
            Self::Jobs => b"]}\n",
        };
        tail.to_vec()
    }
}

impl Entry<'_> {
    /// The name of the posting among all things that have one (RFC 9562, 4).
    fn urn(&self) -> String {
        ["urn:uuid:", self.id].concat()
    }

    /// The employer's name.
    fn company(&self) -> Option<&str> {
        self.vacancy.employer.as_ref().map(|employer| employer.name.as_str())
    }

    /// What the posting is about: the job family and the department, each once.
    fn categories(&self) -> impl Iterator<Item = &str> {
        let family = self.vacancy.family.as_ref().map(|text| text.as_str());
        let department = self.vacancy.department.as_ref().map(|text| text.as_str());
        family.into_iter().chain(department.filter(move |department| family != Some(department)))
    }
}

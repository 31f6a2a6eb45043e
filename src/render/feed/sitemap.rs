//! Sitemaps (sitemaps.org, protocol 0.9): the public pages, and an index where one file is not enough.

use jiff::Timestamp;

use super::super::xml::Xml;
use super::moment;

/// The most entries of one file. A file may have 50 MiB, too, which URLs of up to 900 bytes keep.
pub const MAX_ENTRIES: usize = 50_000;

/// A file of the sitemap, written as a feed is: head, entries, tail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sitemap {
    /// It lists pages.
    Pages,
    /// It lists the files that list pages.
    Index,
}

impl Sitemap {
    /// The media type of both.
    pub const MEDIA_TYPE: &str = "application/xml; charset=utf-8";

    /// How many files list so many pages: at least one.
    pub fn parts(pages: usize) -> usize {
        pages.div_ceil(MAX_ENTRIES).max(1)
    }

    /// What stands before the first entry.
    pub fn head(self) -> Vec<u8> {
        let mut xml = Xml::in_lines();
        xml.declaration();
        xml.open(self.names().0, &[("xmlns", "http://www.sitemaps.org/schemas/sitemap/0.9")]);
        xml.into_lines()
    }

    /// The absolute URL of a page or a file, and when it changed last.
    pub fn url(self, location: &str, changed: Option<Timestamp>) -> Vec<u8> {
        let mut xml = Xml::in_lines();
        xml.open(self.names().1, &[]);
        xml.element("loc", &[], location);
        if let Some(changed) = changed {
            xml.element("lastmod", &[], &moment::iso(changed));
        }
        xml.close(self.names().1);
        xml.into_lines()
    }

    /// What stands after the last entry.
    pub fn tail(self) -> Vec<u8> {
        let mut xml = Xml::in_lines();
        xml.close(self.names().0);
        xml.into_lines()
    }

    fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Pages => ("urlset", "url"),
            Self::Index => ("sitemapindex", "sitemap"),
        }
    }
}

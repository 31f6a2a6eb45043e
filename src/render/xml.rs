//! XML, written into memory: elements, text and CDATA sections, escaped by quick-xml.

use std::borrow::Cow;

use quick_xml::Writer;
use quick_xml::events::{BytesCData, BytesDecl, BytesEnd, BytesStart, BytesText, Event};

/// The attributes of an element, in their order.
pub type Attributes<'a> = &'a [(&'a str, &'a str)];

/// A piece of an XML document. It need not be whole: a feed is written in pieces.
pub struct Xml(Writer<Vec<u8>>);

impl Xml {
    /// Starts a piece with a line for each element.
    pub fn in_lines() -> Self {
        Self(Writer::new_with_indent(Vec::with_capacity(8 * 1024), b' ', 2))
    }

    /// Starts a piece without white space of its own.
    pub fn dense() -> Self {
        Self(Writer::new(Vec::with_capacity(16 * 1024)))
    }

    /// The XML declaration.
    pub fn declaration(&mut self) {
        self.write(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)));
    }

    /// A start tag.
    pub fn open(&mut self, name: &str, attributes: Attributes<'_>) {
        self.write(Event::Start(tag(name, attributes)));
    }

    /// An end tag.
    pub fn close(&mut self, name: &str) {
        self.write(Event::End(BytesEnd::new(name)));
    }

    /// An element without content.
    pub fn empty(&mut self, name: &str, attributes: Attributes<'_>) {
        self.write(Event::Empty(tag(name, attributes)));
    }

    /// An element whose content is a text.
    pub fn element(&mut self, name: &str, attributes: Attributes<'_>, text: &str) {
        self.open(name, attributes);
        self.write(Event::Text(BytesText::new(&legal(text))));
        self.close(name);
    }

    /// An element whose content is a CDATA section; several, where the text has `]]>`.
    pub fn cdata(&mut self, name: &str, text: &str) {
        self.open(name, &[]);
        for section in BytesCData::escaped(&legal(text)) {
            self.write(Event::CData(section));
        }
        self.close(name);
    }

    /// What was written.
    pub fn into_bytes(self) -> Vec<u8> {
        self.0.into_inner()
    }

    /// What was written, with a line feed at its end.
    pub fn into_lines(self) -> Vec<u8> {
        let mut bytes = self.0.into_inner();
        bytes.push(b'\n');
        bytes
    }

    fn write(&mut self, event: Event<'_>) {
        // Memory takes everything: there is no error to report.
        self.0.write_event(event).ok();
    }
}

fn tag<'t>(name: &'t str, attributes: Attributes<'_>) -> BytesStart<'t> {
    let mut tag = BytesStart::new(name);
    for (name, value) in attributes {
        tag.push_attribute((*name, &*legal(value)));
    }
    tag
}

/// The text without the characters that XML 1.0 cannot hold in any way. Texts of callers have none;
/// those of the operator's settings might.
fn legal(text: &str) -> Cow<'_, str> {
    let is_legal = |c: char| match c {
        '\t' | '\n' | '\r' => true,
        '\u{FFFE}' | '\u{FFFF}' => false,
        c => c >= ' ',
    };
    if text.chars().all(is_legal) {
        Cow::Borrowed(text)
    } else {
        text.chars().filter(|c| is_legal(*c)).collect()
    }
}

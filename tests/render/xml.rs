//! XML as a tree, read by quick-xml: what is not well-formed fails the test.

use quick_xml::Reader;
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesStart, Event};

/// An element.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Node {
    pub name: String,
    pub attributes: Vec<(String, String)>,
    /// The text right in it.
    pub text: String,
    /// Whether all of the text stands in CDATA sections.
    pub in_cdata: bool,
    pub children: Vec<Node>,
}

impl Node {
    fn of(tag: &BytesStart<'_>) -> Self {
        let attribute = |a: Result<quick_xml::events::attributes::Attribute<'_>, _>| {
            let a = a.unwrap();
            (
                a.key.as_ref().to_owned(),
                a.normalized_value(quick_xml::XmlVersion::Explicit1_0).unwrap().into_owned(),
            )
        };
        Self {
            name: tag.name().as_ref().to_owned(),
            attributes: tag.attributes().map(attribute).collect(),
            in_cdata: true,
            ..Self::default()
        }
    }

    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The children of a name.
    pub fn all<'n>(&'n self, name: &'n str) -> impl Iterator<Item = &'n Node> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The first descendant at a path of names.
    pub fn at(&self, path: &str) -> Option<&Node> {
        path.split('/').try_fold(self, |node, name| node.children.iter().find(|child| child.name == name))
    }

    /// The text of the first descendant at a path.
    pub fn text_at(&self, path: &str) -> Option<&str> {
        self.at(path).map(|node| node.text.as_str())
    }

    /// All elements of a name, in document order.
    pub fn descendants<'n>(&'n self, name: &str, found: &mut Vec<&'n Node>) {
        for child in &self.children {
            if child.name == name {
                found.push(child);
            }
            child.descendants(name, found);
        }
    }

    /// The elements that hold nothing but text, each with its path from here.
    pub fn leaves<'n>(&'n self, path: &str, found: &mut Vec<(String, &'n Node)>) {
        for child in &self.children {
            let path = if path.is_empty() { child.name.clone() } else { format!("{path}/{}", child.name) };
            if child.children.is_empty() { found.push((path, child)) } else { child.leaves(&path, found) }
        }
    }
}

/// The root of a document, which must be well-formed.
pub fn parse(bytes: &[u8]) -> Node {
    let text = std::str::from_utf8(bytes).unwrap();
    assert!(text.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\""), "{}", &text[..text.len().min(60)]);
    assert!(text.chars().all(|c| c >= ' ' || c == '\n'), "a character that XML cannot hold");
    let mut reader = Reader::from_str(text);
    reader.config_mut().enable_all_checks(true);
    let mut open = vec![Node { in_cdata: true, ..Node::default() }];
    loop {
        let event =
            reader.read_event().unwrap_or_else(|e| panic!("{e} at {}\n{text}", reader.error_position()));
        match event {
            Event::Eof => break,
            Event::Start(tag) => open.push(Node::of(&tag)),
            Event::End(_) => {
                let done = open.pop().unwrap();
                open.last_mut().unwrap().children.push(done);
            }
            Event::Empty(tag) => open.last_mut().unwrap().children.push(Node::of(&tag)),
            Event::Text(words) => {
                let node = open.last_mut().unwrap();
                node.in_cdata &= words.trim_ascii().is_empty();
                node.text.push_str(&words);
            }
            Event::CData(words) => open.last_mut().unwrap().text.push_str(&words),
            Event::GeneralRef(name) => {
                let node = open.last_mut().unwrap();
                node.in_cdata = false;
                match name.resolve_char_ref().unwrap() {
                    Some(c) => node.text.push(c),
                    None => {
                        node.text.push_str(resolve_xml_entity(&name).unwrap_or_else(|| panic!("&{name:?};")))
                    }
                }
            }
            Event::Decl(_) => {}
            other => panic!("nothing else is written: {other:?}"),
        }
    }
    assert_eq!(open.len(), 1, "an element is left open");
    let mut document = open.pop().unwrap();
    assert_eq!(document.children.len(), 1, "a document has one root");
    assert!(document.text.trim().is_empty(), "text outside of the root");
    document.children.pop().unwrap()
}

//! HTML pages and fragments, whole or broken.
//!
//! A tokenizer (html5gum) and a stack of open elements, without a tree: the time is linear in the length,
//! and no depth of nesting uses the stack of the thread. html5ever, which browsers' tree building needs,
//! compares every attribute of a tag with all others before it, and takes seconds for one tag of a
//! megabyte.

mod elements;

use html5gum::{DefaultEmitter, StartTag, Token, Tokenizer};

use super::collapsed;
use elements::{Elements, Shape, shape};

/// The paragraphs and items that a reader of the page sees, in reading order.
///
/// Block elements, table cells, line breaks, and lines of `pre` end a paragraph. Left out are scripts,
/// styles, templates, the title and other metadata, form controls but buttons, embedded media, and
/// elements that are hidden: by `hidden`, `aria-hidden`, a closed `dialog`, or an inline style.
pub fn paragraphs(html: &str) -> Vec<String> {
    let mut emitter = DefaultEmitter::default();
    emitter.naively_switch_states(true);
    let mut page = Page::default();
    for Ok(token) in Tokenizer::new_with_emitter(html, emitter) {
        match token {
            Token::StartTag(tag) => page.open(&tag),
            Token::EndTag(tag) => page.close(&tag.name),
            Token::String(text) => page.text(&String::from_utf8_lossy(&text)),
            Token::Comment(_) | Token::Doctype(_) | Token::Error(_) => {}
        }
    }
    page.end_paragraph();
    page.done
}

#[derive(Default)]
struct Page {
    done: Vec<String>,
    current: String,
    open: Elements,
}

impl Page {
    fn open(&mut self, tag: &StartTag<()>) {
        let name: &[u8] = &tag.name;
        let shape = shape(name);
        if self.open.make_room(name, shape) || shape.parts_lines() {
            self.end_paragraph();
        }
        if shape == Shape::Void || shape == Shape::Break {
            return;
        }
        self.open.push(name, shape == Shape::Unseen || is_hidden(tag));
    }

    fn close(&mut self, name: &[u8]) {
        if shape(name).parts_lines() {
            self.end_paragraph();
        }
        self.open.pop(name);
    }

    fn text(&mut self, text: &str) {
        if self.open.is_unseen() {
            return;
        }
        if !self.open.is_in_pre() {
            return self.current.push_str(text);
        }
        for (n, line) in text.split('\n').enumerate() {
            if n > 0 {
                self.end_paragraph();
            }
            self.current.push_str(line);
        }
    }

    fn end_paragraph(&mut self) {
        let words = collapsed(&self.current);
        self.current.clear();
        if !words.is_empty() {
            self.done.push(words);
        }
    }
}

fn is_hidden(tag: &StartTag<()>) -> bool {
    let attribute = |name: &[u8]| tag.attributes.get(name).map(|value| value.to_ascii_lowercase());
    let hides = |style: Vec<u8>| {
        let bare: Vec<u8> = style.into_iter().filter(|b| !b.is_ascii_whitespace()).collect();
        let bare = String::from_utf8_lossy(&bare);
        let mut rules = bare.split(';').map(|rule| rule.trim_end_matches("!important"));
        rules.any(|rule| matches!(rule, "display:none" | "visibility:hidden" | "visibility:collapse"))
    };
    attribute(b"hidden").is_some()
        || attribute(b"aria-hidden").is_some_and(|value| value == b"true")
        || attribute(b"style").is_some_and(hides)
        || (*tag.name == *b"dialog" && attribute(b"open").is_none())
}

#[cfg(test)]
mod tests;

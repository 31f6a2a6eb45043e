//! Which elements are open, and what their kinds do to text.

use std::collections::HashMap;

/// How deep an element is looked for that a start tag ends without an end tag.
const DEEP: usize = 64;

/// What an element does to the text in and around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Its text belongs to the paragraph around it.
    Inline,
    /// Its text is a paragraph, or several.
    Block,
    /// It ends a line, and has no content.
    Break,
    /// It has no content, and is part of a line.
    Void,
    /// A reader does not see its content.
    Unseen,
}

impl Shape {
    /// Whether a line ends before and after it.
    pub fn parts_lines(self) -> bool {
        matches!(self, Self::Block | Self::Break)
    }
}

/// The shape of an element by its name, in lower case.
pub fn shape(name: &[u8]) -> Shape {
    match name {
        b"br" | b"hr" => Shape::Break,
        b"area" | b"base" | b"col" | b"embed" | b"img" | b"input" | b"link" | b"meta" | b"param"
        | b"source" | b"track" | b"wbr" => Shape::Void,
        b"audio" | b"canvas" | b"datalist" | b"iframe" | b"math" | b"noembed" | b"noframes" | b"noscript"
        | b"object" | b"rp" | b"rt" | b"script" | b"select" | b"style" | b"svg" | b"template"
        | b"textarea" | b"title" | b"video" => Shape::Unseen,
        b"address" | b"article" | b"aside" | b"blockquote" | b"body" | b"button" | b"caption" | b"center"
        | b"dd" | b"details" | b"dialog" | b"dir" | b"div" | b"dl" | b"dt" | b"fieldset" | b"figcaption"
        | b"figure" | b"footer" | b"form" | b"h1" | b"h2" | b"h3" | b"h4" | b"h5" | b"h6" | b"head"
        | b"header" | b"hgroup" | b"html" | b"legend" | b"li" | b"listing" | b"main" | b"menu" | b"nav"
        | b"ol" | b"option" | b"p" | b"plaintext" | b"pre" | b"search" | b"section" | b"summary"
        | b"table" | b"tbody" | b"td" | b"tfoot" | b"th" | b"thead" | b"tr" | b"ul" | b"xmp" => Shape::Block,
        _ => Shape::Inline,
    }
}

/// The elements that are open.
#[derive(Debug, Default)]
pub struct Elements {
    stack: Vec<Open>,
    /// How many of each name are open, so that an end tag without a start is not looked for.
    counts: HashMap<Box<[u8]>, usize>,
    unseen: usize,
}

#[derive(Debug)]
struct Open {
    name: Box<[u8]>,
    unseen: bool,
}

impl Elements {
    /// Ends what a start tag ends without an end tag: a paragraph before a block, an item before an item,
    /// a cell before a cell. Tells whether there was any.
    pub fn make_room(&mut self, name: &[u8], shape: Shape) -> bool {
        let (ends, within): (&[&[u8]], &[&[u8]]) = match name {
            b"li" => (&[b"li"], &[b"ul", b"ol", b"menu"]),
            b"dt" | b"dd" => (&[b"dt", b"dd"], &[b"dl"]),
            b"td" | b"th" => (&[b"td", b"th"], &[b"table", b"tr"]),
            b"tr" => (&[b"tr"], &[b"table"]),
            _ if shape == Shape::Block || name == b"hr" => (&[b"p"], &[b"button", b"td", b"th", b"object"]),
            _ => return false,
        };
        let top = self.stack.iter().rev().take(DEEP).enumerate();
        let mut met = top.take_while(|(_, open)| !within.contains(&&*open.name));
        let found = met.find(|(_, open)| ends.contains(&&*open.name)).map(|(above, _)| above + 1);
        (0..found.unwrap_or(0)).for_each(|_| self.pop_one());
        found.is_some()
    }

    /// Opens an element.
    pub fn push(&mut self, name: &[u8], unseen: bool) {
        match self.counts.get_mut(name) {
            Some(count) => *count += 1,
            None => _ = self.counts.insert(name.into(), 1),
        }
        self.unseen += usize::from(unseen);
        self.stack.push(Open { name: name.into(), unseen });
    }

    /// Closes the innermost element of a name, and all in it, if there is one.
    pub fn pop(&mut self, name: &[u8]) {
        if !self.is_open(name) {
            return;
        }
        while self.stack.last().is_some_and(|open| *open.name != *name) {
            self.pop_one();
        }
        self.pop_one();
    }

    /// Whether a reader does not see the text that comes now.
    pub fn is_unseen(&self) -> bool {
        self.unseen > 0
    }

    /// Whether line breaks are those of the text.
    pub fn is_in_pre(&self) -> bool {
        self.is_open(b"pre") || self.is_open(b"listing")
    }

    fn is_open(&self, name: &[u8]) -> bool {
        self.counts.get(name).is_some_and(|count| *count > 0)
    }

    fn pop_one(&mut self) {
        let Some(open) = self.stack.pop() else { return };
        self.unseen = self.unseen.saturating_sub(usize::from(open.unseen));
        if let Some(count) = self.counts.get_mut(&open.name) {
            *count = count.saturating_sub(1);
        }
    }
}

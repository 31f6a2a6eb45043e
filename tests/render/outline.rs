//! The oracle of the text formats: what a reader's parser finds in them must be the posting
//! document, block for block and word for word, and nothing else.

use std::sync::Arc;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use rolewright::domain::PostingOptions;
use rolewright::render::{Format, Subject, Tone};
use scraper::node::Node;
use scraper::{ElementRef, Html};
use serde_json::Value;
use textwrap::core::display_width;

use super::facts;
use super::support::{Posting, READABLE, write_with};

/// A block, as a reader sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    Heading(u8, String),
    Paragraph(String),
    LeadIn(String),
    List(Vec<String>),
    Labelled(String, String),
    Facts(Vec<(String, String)>),
    Link(String, String),
}

type Outline = Result<Vec<Line>, String>;

/// The outline of a posting document whose title is a heading of `level`.
pub fn expected(posting: &Posting, level: u8) -> Vec<Line> {
    let mut lines = vec![Line::Heading(level, posting.title().to_owned())];
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    for section in posting.sections() {
        lines.push(Line::Heading(level + 1, text(&section["heading"])));
        for block in section["blocks"].as_array().unwrap() {
            let passage = || text(&block["text"]["words"]);
            let items = || block["items"].as_array().unwrap().iter();
            lines.push(match block["kind"].as_str().unwrap() {
                "paragraph" => Line::Paragraph(passage()),
                "lead_in" => Line::LeadIn(passage()),
                "list" => Line::List(items().map(|item| text(&item["words"])).collect()),
                "inline_list" => {
                    let words: Vec<String> = items().map(|item| text(&item["words"])).collect();
                    let separator = if words.iter().any(|w| w.contains(", ")) { "; " } else { ", " };
                    Line::Labelled(passage(), words.join(separator))
                }
                "facts" => {
                    Line::Facts(items().map(|item| (text(&item["label"]), text(&item["words"]))).collect())
                }
                "link" => Line::Link(passage(), text(&block["href"])),
                kind => panic!("the oracle must learn the block kind {kind}"),
            });
        }
    }
    lines
}

/// Renders all formats, and tells what in them differs from the posting document.
pub fn differences(subject: Subject<'_>, options: &PostingOptions) -> Vec<String> {
    differences_with(None, subject, options)
}

/// The same, with an employer's own tone.
pub fn differences_with(
    own: Option<&Arc<Tone>>,
    subject: Subject<'_>,
    options: &PostingOptions,
) -> Vec<String> {
    let posting = Posting(serde_json::from_str(&write_with(own, subject, options, Format::Json)).unwrap());
    let level = |default| options.heading_level.unwrap_or(default);
    let mut found = Vec::new();
    for format in READABLE {
        let text = write_with(own, subject, options, format);
        let result = match format {
            Format::Html => equal(&expected(&posting, level(2)), &html(&text, &posting)),
            Format::Page => {
                let json_ld = write_with(own, subject, options, Format::JsonLd);
                equal(&expected(&posting, 1), &page(&text, &posting, &json_ld))
            }
            Format::Markdown => markdown_readers()
                .into_iter()
                .try_for_each(|reader| equal(&flat(expected(&posting, level(1))), &markdown(&text, reader)))
                .and_then(|()| no_bare_address(&text)),
            Format::Text => plain(&text, &expected(&posting, 1)).and_then(|()| narrow(&text)),
            Format::Json => serde_json::from_str::<Value>(&text)
                .map_err(|e| e.to_string())
                .and_then(|value| if value == posting.0 { Ok(()) } else { Err("differs".to_owned()) })
                .and_then(|()| facts::differences_of_words(&posting, options)),
            structured => facts::differences(structured, &text, &posting, options),
        };
        if let Err(difference) = result {
            found.push(format!("{}: {difference}", format.as_str()));
        }
    }
    found
}

fn equal(expected: &[Line], found: &Outline) -> Result<(), String> {
    let found = found.as_ref().map_err(Clone::clone)?;
    for (n, wanted) in expected.iter().enumerate() {
        match found.get(n) {
            Some(line) if line == wanted => {}
            other => return Err(format!("block {n} should be\n    {wanted:?}\n  and is\n    {other:?}")),
        }
    }
    match found.get(expected.len()) {
        Some(more) => Err(format!("a block too many: {more:?}")),
        None => Ok(()),
    }
}

/// Markdown has no lead-ins of its own.
fn flat(lines: Vec<Line>) -> Vec<Line> {
    let flat = |line| if let Line::LeadIn(text) = line { Line::Paragraph(text) } else { line };
    lines.into_iter().map(flat).collect()
}

// HTML

/// The outline of a fragment; an error for any parse error, element or attribute that should not be.
pub fn html(text: &str, posting: &Posting) -> Outline {
    let document = Html::parse_fragment(text);
    no_errors(&document)?;
    let root = only_element(document.root_element())?;
    article(root, &[("class", "rw-posting"), ("lang", posting.0["language"].as_str().unwrap())])
}

/// The outline of a whole document, which may have `markup` in its head.
pub fn page(text: &str, posting: &Posting, markup: &str) -> Outline {
    let document = Html::parse_document(text);
    no_errors(&document)?;
    if !text.starts_with("<!DOCTYPE html>\n") {
        return Err("does not start with the doctype".to_owned());
    }
    let root = document.root_element();
    element(root, "html", &[("lang", posting.0["language"].as_str().unwrap())])?;
    let [head, body] = elements(root)?.try_into().map_err(|e| format!("head and body, not {e:?}"))?;
    element(head, "head", &[])?;
    element(body, "body", &[])?;
    let mut parts = elements(head)?;
    if let Some(script) = parts.pop_if(|last| last.value().name() == "script") {
        element(script, "script", &[("type", "application/ld+json")])?;
        if text_of(script)? != markup {
            return Err(format!("the markup is {}", text_of(script)?));
        }
    }
    let [charset, viewport, scheme, title, style] =
        parts.try_into().map_err(|e| format!("the head has {e:?}"))?;
    element(charset, "meta", &[("charset", "utf-8")])?;
    element(viewport, "meta", &[("content", "width=device-width, initial-scale=1"), ("name", "viewport")])?;
    element(scheme, "meta", &[("content", "light dark"), ("name", "color-scheme")])?;
    element(title, "title", &[])?;
    if text_of(title)? != posting.title() {
        return Err(format!("the title is {:?}", text_of(title)?));
    }
    element(style, "style", &[])?;
    let main = only_element(body)?;
    element(main, "main", &[])?;
    article(only_element(main)?, &[("class", "rw-posting")])
}

fn article(article: ElementRef<'_>, attributes: &[(&str, &str)]) -> Outline {
    element(article, "article", attributes)?;
    let mut lines = Vec::new();
    let mut seen = Vec::new();
    for (n, child) in elements(article)?.into_iter().enumerate() {
        if n == 0 {
            lines.push(heading(child, "rw-title")?);
            continue;
        }
        let class = child.value().attr("class").unwrap_or_default();
        let id = class.strip_prefix("rw-section rw-").ok_or_else(|| format!("section of class {class:?}"))?;
        if id != "locked" && seen.contains(&id) {
            return Err(format!("two sections {id}"));
        }
        seen.push(id);
        element(child, "section", &[("class", class)])?;
        for (n, block) in elements(child)?.into_iter().enumerate() {
            lines.push(if n == 0 { heading(block, "rw-heading")? } else { html_block(block)? });
        }
    }
    Ok(lines)
}

fn heading(element: ElementRef<'_>, class: &str) -> Result<Line, String> {
    let name = element.value().name();
    let level = name.strip_prefix('h').and_then(|n| n.parse().ok());
    let level = level.ok_or_else(|| format!("a {name} in place of a heading"))?;
    self::element(element, name, &[("class", class)])?;
    Ok(Line::Heading(level, text_of(element)?))
}

fn html_block(block: ElementRef<'_>) -> Result<Line, String> {
    let class = block.value().attr("class").unwrap_or_default();
    match (block.value().name(), class) {
        ("p", "") => {
            element(block, "p", &[])?;
            text_of(block).map(Line::Paragraph)
        }
        ("p", "rw-lead-in") => text_of(block).map(Line::LeadIn),
        ("p", "rw-inline-list") => {
            let [label, rest] = children(block)?.try_into().map_err(|e| format!("{e:?}"))?;
            let (Child::Element(label), Child::Text(rest)) = (label, rest) else {
                return Err("an inline list is a label and words".to_owned());
            };
            element(label, "strong", &[])?;
            let rest = rest.strip_prefix(' ').ok_or("no space after the label")?;
            Ok(Line::Labelled(text_of(label)?, rest.to_owned()))
        }
        ("p", "rw-link") => {
            let link = only_element(block)?;
            let href = link.value().attr("href").unwrap_or_default().to_owned();
            element(link, "a", &[("href", &href)])?;
            Ok(Line::Link(text_of(link)?, href))
        }
        ("ul", "rw-list") => {
            let items = elements(block)?.into_iter().map(|item| {
                element(item, "li", &[])?;
                text_of(item)
            });
            items.collect::<Result<_, _>>().map(Line::List)
        }
        ("dl", "rw-facts") => {
            let parts = elements(block)?;
            let facts = parts.chunks(2).map(|pair| {
                let [label, words] = pair else { return Err("a term without a description".to_owned()) };
                element(*label, "dt", &[])?;
                element(*words, "dd", &[])?;
                Ok((text_of(*label)?, text_of(*words)?))
            });
            facts.collect::<Result<_, _>>().map(Line::Facts)
        }
        (name, class) => Err(format!("<{name} class={class:?}> is on no list")),
    }
}

enum Child<'a> {
    Element(ElementRef<'a>),
    Text(String),
}

impl std::fmt::Debug for Child<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Element(element) => write!(f, "<{}>", element.value().name()),
            Self::Text(text) => write!(f, "{text:?}"),
        }
    }
}

fn children(parent: ElementRef<'_>) -> Result<Vec<Child<'_>>, String> {
    let mut children = Vec::new();
    for node in parent.children() {
        children.push(match node.value() {
            Node::Element(_) => Child::Element(ElementRef::wrap(node).unwrap()),
            Node::Text(text) => Child::Text(text.to_string()),
            other => return Err(format!("{other:?} in <{}>", parent.value().name())),
        });
    }
    Ok(children)
}

/// The child elements; an error for text between them that is more than line breaks.
fn elements(parent: ElementRef<'_>) -> Result<Vec<ElementRef<'_>>, String> {
    let mut found = Vec::new();
    for child in children(parent)? {
        match child {
            Child::Element(element) => found.push(element),
            Child::Text(text) if text.chars().all(|c| c == '\n') => {}
            Child::Text(text) => return Err(format!("{text:?} straight in <{}>", parent.value().name())),
        }
    }
    Ok(found)
}

fn only_element(parent: ElementRef<'_>) -> Result<ElementRef<'_>, String> {
    match elements(parent)?.as_slice() {
        [one] => Ok(*one),
        all => Err(format!("{} elements in <{}>", all.len(), parent.value().name())),
    }
}

/// The text of an element that has nothing but text.
fn text_of(element: ElementRef<'_>) -> Result<String, String> {
    let children = children(element)?.into_iter().map(|child| match child {
        Child::Text(text) => Ok(text),
        Child::Element(inner) => Err(format!("<{}> in <{}>", inner.value().name(), element.value().name())),
    });
    children.collect::<Result<Vec<_>, _>>().map(|parts| parts.concat())
}

fn element(element: ElementRef<'_>, name: &str, attributes: &[(&str, &str)]) -> Result<(), String> {
    let mut found: Vec<(&str, &str)> = element.value().attrs().collect();
    found.sort_unstable();
    if element.value().name() == name && found == attributes {
        return Ok(());
    }
    Err(format!("<{name} {attributes:?}> should stand where <{} {found:?}> does", element.value().name()))
}

fn no_errors(document: &Html) -> Result<(), String> {
    if document.errors.is_empty() { Ok(()) } else { Err(format!("parse errors: {:?}", document.errors)) }
}

// Markdown

/// Plain CommonMark, and what GitHub and others add.
fn markdown_readers() -> [Options; 2] {
    let github = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_GFM;
    [Options::empty(), github]
}

/// The outline of Markdown; an error for any event that no template of ours makes.
pub fn markdown(text: &str, reader: Options) -> Outline {
    let mut lines = Vec::new();
    let mut events = Parser::new_ext(text, reader);
    while let Some(event) = events.next() {
        lines.push(match event {
            Event::Start(Tag::Heading { level, id: None, .. }) => {
                Line::Heading(level as u8, words(&mut events, TagEnd::Heading(level))?)
            }
            Event::Start(Tag::Paragraph) => markdown_paragraph(&mut events)?,
            Event::Start(Tag::List(None)) => markdown_list(&mut events)?,
            other => return Err(format!("{other:?} between blocks")),
        });
    }
    Ok(lines)
}

fn markdown_paragraph(events: &mut Parser<'_>) -> Result<Line, String> {
    let (start, first) = leading(events, TagEnd::Paragraph)?;
    match first {
        None => Ok(Line::Paragraph(start)),
        Some(Tag::Strong) if start.is_empty() => {
            let label = words(events, TagEnd::Strong)?;
            let rest = words(events, TagEnd::Paragraph)?;
            let rest = rest.strip_prefix(' ').ok_or("no space after a label")?.to_owned();
            Ok(Line::Labelled(label, rest))
        }
        Some(Tag::Link { dest_url, title, .. }) if start.is_empty() && title.is_empty() => {
            let label = words(events, TagEnd::Link)?;
            match words(events, TagEnd::Paragraph)?.as_str() {
                "" => Ok(Line::Link(label, dest_url.to_string())),
                more => Err(format!("{more:?} after a link")),
            }
        }
        Some(tag) => Err(format!("{tag:?} after {start:?}")),
    }
}

fn markdown_list(events: &mut Parser<'_>) -> Result<Line, String> {
    let (mut items, mut facts) = (Vec::new(), Vec::new());
    loop {
        match events.next() {
            Some(Event::Start(Tag::Item)) => {}
            Some(Event::End(TagEnd::List(false))) => break,
            other => return Err(format!("{other:?} in a list")),
        }
        let (start, first) = leading(events, TagEnd::Item)?;
        match first {
            None => items.push(start),
            Some(Tag::Strong) if start.is_empty() => {
                let label = words(events, TagEnd::Strong)?;
                let label = label.strip_suffix(':').ok_or("a fact without a colon")?.to_owned();
                let rest = words(events, TagEnd::Item)?;
                facts.push((label, rest.strip_prefix(' ').ok_or("no space after a label")?.to_owned()));
            }
            Some(tag) => return Err(format!("{tag:?} in an item after {start:?}")),
        }
    }
    match (items.is_empty(), facts.is_empty()) {
        (false, true) => Ok(Line::List(items)),
        (true, false) => Ok(Line::Facts(facts)),
        _ => Err(format!("a list of {items:?} and {facts:?}")),
    }
}

/// Text up to the end, or up to the first tag.
fn leading<'e>(events: &mut Parser<'e>, end: TagEnd) -> Result<(String, Option<Tag<'e>>), String> {
    let mut text = String::new();
    loop {
        match events.next() {
            Some(Event::Text(more)) => text.push_str(&more),
            Some(Event::End(tag)) if tag == end => return Ok((text, None)),
            Some(Event::Start(tag)) => return Ok((text, Some(tag))),
            other => return Err(format!("{other:?} after {text:?}")),
        }
    }
}

/// Text up to the end, and nothing but text.
fn words(events: &mut Parser<'_>, end: TagEnd) -> Result<String, String> {
    match leading(events, end)? {
        (text, None) => Ok(text),
        (text, Some(tag)) => Err(format!("{tag:?} after {text:?}")),
    }
}

/// GitHub makes links of bare addresses, outside of any markup.
fn no_bare_address(text: &str) -> Result<(), String> {
    for line in text.lines() {
        let rest = line.rsplit_once("](<").map_or(line, |(label, _)| label);
        let rest = rest.to_lowercase();
        let bare = rest.match_indices("://").any(|(at, _)| !rest[..at].ends_with('\\'));
        if bare || rest.contains("www.") {
            return Err(format!("an address stands bare in {line:?}"));
        }
        let at = rest.split('@').skip(1).zip(rest.split('@'));
        for (after, before) in at {
            if after.starts_with(|c: char| c.is_ascii_alphanumeric()) && !before.ends_with('\\') {
                return Err(format!("@ stands bare in {line:?}"));
            }
        }
    }
    Ok(())
}

// Plain text

/// Whether a text has the words of the outline, in their order, and nothing else.
fn plain(text: &str, expected: &[Line]) -> Result<(), String> {
    let mut tokens = text.split_whitespace();
    for line in expected {
        plain_line(&mut tokens, line)?;
    }
    match tokens.next() {
        Some(more) => Err(format!("{more:?} too many")),
        None => Ok(()),
    }
}

fn plain_line<'t>(tokens: &mut impl Iterator<Item = &'t str>, line: &Line) -> Result<(), String> {
    let mut say = |words: &str| -> Result<(), String> {
        for word in words.split_whitespace() {
            let found = tokens.next();
            if found != Some(word) {
                return Err(format!("{word:?} of {words:?} should stand where {found:?} does"));
            }
        }
        Ok(())
    };
    match line {
        Line::Heading(level, words) => {
            say(words)?;
            rule(tokens.next().unwrap_or_default(), words, if *level == 1 { '=' } else { '-' })
        }
        Line::Paragraph(words) | Line::LeadIn(words) => say(words),
        Line::List(items) => items.iter().try_for_each(|item| say(&format!("- {item}"))),
        Line::Labelled(label, items) => say(&format!("{label} {items}")),
        Line::Facts(facts) => facts.iter().try_for_each(|(label, words)| say(&format!("{label}: {words}"))),
        Line::Link(label, href) if href.starts_with("mailto:") => say(label),
        Line::Link(label, href) => say(&format!("{label}: {href}")),
    }
}

/// The rule under a heading: as wide as it is, and no wider than a line.
fn rule(under: &str, heading: &str, mark: char) -> Result<(), String> {
    if under.len() == display_width(heading).clamp(1, 78) && under.chars().all(|c| c == mark) {
        return Ok(());
    }
    Err(format!("{under:?} under {heading:?}"))
}

/// Whether no line is wider than 78 columns, unless a single word is.
fn narrow(text: &str) -> Result<(), String> {
    for line in text.lines() {
        let words = line.strip_prefix("- ").unwrap_or(line).split(' ').filter(|word| !word.is_empty());
        let columns = display_width(line);
        if columns > 78 && words.count() > 1 {
            return Err(format!("{columns} columns: {line:?}"));
        }
        if line.ends_with(' ') {
            return Err(format!("a space at the end of {line:?}"));
        }
    }
    Ok(())
}

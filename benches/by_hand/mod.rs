//! The same postings, written the fast and unkind way: markup in Rust, `push_str`, and escaping.

use rolewright::render::Format;
use serde::Deserialize;

#[derive(Deserialize)]
pub struct Posting {
    title: String,
    language: String,
    sections: Vec<Section>,
}

#[derive(Deserialize)]
struct Section {
    id: String,
    heading: String,
    blocks: Vec<Block>,
}

#[derive(Deserialize)]
struct Block {
    kind: String,
    text: Option<Text>,
    href: Option<String>,
    #[serde(default)]
    items: Vec<Item>,
}

#[derive(Deserialize)]
struct Text {
    words: String,
}

#[derive(Deserialize)]
struct Item {
    label: Option<String>,
    words: String,
}

pub fn write(posting: &Posting, format: Format) -> String {
    let mut out = String::with_capacity(8 * 1024);
    match format {
        Format::Html => html(&mut out, posting),
        Format::Page => page(&mut out, posting),
        Format::Markdown => markdown(&mut out, posting),
        Format::Text => text(&mut out, posting),
        // What serializers write is not written by hand.
        _ => {}
    }
    out
}

fn escape(out: &mut String, text: &str) {
    let mut copied = 0;
    for (at, byte) in text.bytes().enumerate() {
        let entity = match byte {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            b'\'' => "&#39;",
            _ => continue,
        };
        out.push_str(&text[copied..at]);
        out.push_str(entity);
        copied = at + 1;
    }
    out.push_str(&text[copied..]);
}

fn html(out: &mut String, posting: &Posting) {
    out.push_str("<article class=\"rw-posting\" lang=\"");
    escape(out, &posting.language);
    out.push_str("\">\n<h2 class=\"rw-title\">");
    escape(out, &posting.title);
    out.push_str("</h2>\n");
    sections_html(out, posting, "h3");
    out.push_str("</article>\n");
}

fn page(out: &mut String, posting: &Posting) {
    out.push_str("<!DOCTYPE html>\n<html lang=\"");
    escape(out, &posting.language);
    out.push_str("\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<title>");
    escape(out, &posting.title);
    out.push_str("</title>\n<style>");
    out.push_str(include_str!("../../templates/formats/page.css.j2"));
    out.push_str(
        "</style>\n</head>\n<body>\n<main>\n<article class=\"rw-posting\">\n<h1 class=\"rw-title\">",
    );
    escape(out, &posting.title);
    out.push_str("</h1>\n");
    sections_html(out, posting, "h2");
    out.push_str("</article>\n</main>\n</body>\n</html>\n");
}

fn sections_html(out: &mut String, posting: &Posting, heading: &str) {
    for section in &posting.sections {
        out.push_str("<section class=\"rw-section rw-");
        escape(out, &section.id);
        out.push_str("\">\n<");
        out.push_str(heading);
        out.push_str(" class=\"rw-heading\">");
        escape(out, &section.heading);
        out.push_str("</");
        out.push_str(heading);
        out.push_str(">\n");
        for block in &section.blocks {
            block_html(out, block);
        }
        out.push_str("</section>\n");
    }
}

fn block_html(out: &mut String, block: &Block) {
    let text = block.text.as_ref().map_or("", |text| &text.words);
    match block.kind.as_str() {
        "paragraph" => {
            out.push_str("<p>");
            escape(out, text);
            out.push_str("</p>\n");
        }
        "lead_in" => {
            out.push_str("<p class=\"rw-lead-in\">");
            escape(out, text);
            out.push_str("</p>\n");
        }
        "list" => {
            out.push_str("<ul class=\"rw-list\">\n");
            for item in &block.items {
                out.push_str("<li>");
                escape(out, &item.words);
                out.push_str("</li>\n");
            }
            out.push_str("</ul>\n");
        }
        "facts" => {
            out.push_str("<dl class=\"rw-facts\">\n");
            for item in &block.items {
                out.push_str("<dt>");
                escape(out, item.label.as_deref().unwrap_or_default());
                out.push_str("</dt>\n<dd>");
                escape(out, &item.words);
                out.push_str("</dd>\n");
            }
            out.push_str("</dl>\n");
        }
        "link" => {
            out.push_str("<p class=\"rw-link\"><a href=\"");
            escape(out, block.href.as_deref().unwrap_or_default());
            out.push_str("\">");
            escape(out, text);
            out.push_str("</a></p>\n");
        }
        kind => unreachable!("the sample has no {kind}"),
    }
}

/// The sample has nothing to escape but `&`, which is no markup here: this is generous to us.
fn markdown(out: &mut String, posting: &Posting) {
    out.push_str("# ");
    mark(out, &posting.title);
    out.push('\n');
    for section in &posting.sections {
        out.push_str("\n## ");
        mark(out, &section.heading);
        out.push('\n');
        for block in &section.blocks {
            out.push('\n');
            let text = block.text.as_ref().map_or("", |text| &text.words);
            match block.kind.as_str() {
                "list" => {
                    for item in &block.items {
                        out.push_str("- ");
                        mark(out, &item.words);
                        out.push('\n');
                    }
                }
                "facts" => {
                    for item in &block.items {
                        out.push_str("- **");
                        mark(out, item.label.as_deref().unwrap_or_default());
                        out.push_str(":** ");
                        mark(out, &item.words);
                        out.push('\n');
                    }
                }
                "link" => {
                    out.push('[');
                    mark(out, text);
                    out.push_str("](<");
                    mark(out, block.href.as_deref().unwrap_or_default());
                    out.push_str(">)\n");
                }
                _ => {
                    mark(out, text);
                    out.push('\n');
                }
            }
        }
    }
}

fn mark(out: &mut String, text: &str) {
    let bytes = text.as_bytes();
    let mut copied = 0;
    for (at, &byte) in bytes.iter().enumerate() {
        let special = match byte {
            b'\\' | b'`' | b'*' | b'_' | b'[' | b']' | b'<' | b'~' => true,
            b'&' => bytes.get(at + 1).is_some_and(u8::is_ascii_alphanumeric),
            b':' => bytes[at + 1..].starts_with(b"//"),
            _ => false,
        };
        if special {
            out.push_str(&text[copied..at]);
            out.push('\\');
            copied = at;
        }
    }
    out.push_str(&text[copied..]);
}

fn text(out: &mut String, posting: &Posting) {
    heading(out, &posting.title, '=');
    for section in &posting.sections {
        out.push('\n');
        heading(out, &section.heading, '-');
        for block in &section.blocks {
            out.push('\n');
            let text = block.text.as_ref().map_or("", |text| &text.words);
            match block.kind.as_str() {
                "list" => {
                    for item in &block.items {
                        wrap(out, &item.words, "- ", "  ");
                    }
                }
                "facts" => {
                    for item in &block.items {
                        let label = item.label.as_deref().unwrap_or_default();
                        wrap(out, &format!("{label}: {}", item.words), "", "  ");
                    }
                }
                "link" => {
                    let href = block.href.as_deref().unwrap_or_default();
                    wrap(out, &format!("{text}: {href}"), "", "");
                }
                _ => wrap(out, text, "", ""),
            }
        }
    }
}

fn heading(out: &mut String, text: &str, rule: char) {
    out.push_str(text);
    out.push('\n');
    for _ in text.chars() {
        out.push(rule);
    }
    out.push('\n');
}

fn wrap(out: &mut String, text: &str, first: &str, rest: &str) {
    out.push_str(first);
    let mut column = first.len();
    let mut fresh = true;
    for word in text.split(' ') {
        let width = word.chars().count();
        if !fresh && column + 1 + width > 78 {
            out.push('\n');
            out.push_str(rest);
            column = rest.len();
            fresh = true;
        }
        if !fresh {
            out.push(' ');
            column += 1;
        }
        out.push_str(word);
        column += width;
        fresh = false;
    }
    out.push('\n');
}

//! The text of the document: paragraphs with the styles of `parts/styles.xml`, and where links lead.

use crate::domain::Posting;
use crate::domain::posting::{Block, BlockKind, Section};

use super::super::english;
use super::super::xml::Xml;
use super::link;

const MAIN: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
const RELATIONSHIPS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// Width, height, and margin of the paper, in twentieths of a point.
const LETTER: [&str; 3] = ["12240", "15840", "1440"];
const A4: [&str; 3] = ["11906", "16838", "1418"];

/// The look of some words: a character style.
#[derive(Clone, Copy, Debug)]
enum Look {
    Plain,
    Strong,
    Hyperlink,
}

/// Writes the part `word/document.xml`, and collects what `word/_rels/document.xml.rels` must say.
pub struct Body {
    xml: Xml,
    /// The addresses that links lead to, in their order.
    targets: Vec<String>,
}

impl Body {
    /// An empty text.
    pub fn new() -> Self {
        let mut xml = Xml::dense();
        xml.declaration();
        xml.open("w:document", &[("xmlns:w", MAIN), ("xmlns:r", RELATIONSHIPS)]);
        xml.open("w:body", &[]);
        Self { xml, targets: Vec::new() }
    }

    /// The whole posting, and the paper that it is printed on.
    pub fn posting(&mut self, posting: &Posting<'_>) {
        self.paragraph("Heading1", |body| body.run(Look::Plain, &posting.title));
        for section in &posting.sections {
            self.section(section);
        }
        self.paper(&posting.locale);
    }

    /// The part, and the part with its relationships.
    pub fn finish(mut self) -> (Vec<u8>, Vec<u8>) {
        self.xml.close("w:body");
        self.xml.close("w:document");
        (self.xml.into_bytes(), relationships(&self.targets))
    }

    fn section(&mut self, section: &Section<'_>) {
        self.paragraph("Heading2", |body| body.run(Look::Plain, &section.heading));
        for block in &section.blocks {
            self.block(block);
        }
    }

    fn block(&mut self, block: &Block<'_>) {
        let text = block.text.as_ref().map(|text| &*text.words);
        match block.kind {
            BlockKind::Paragraph => self.words("Normal", text.unwrap_or_default()),
            BlockKind::LeadIn => self.words("LeadIn", text.unwrap_or_default()),
            BlockKind::List => block.items.iter().for_each(|item| self.words("ListBullet", &item.words)),
            BlockKind::InlineList => {
                let items = english::line(block.items.iter().map(|item| &*item.words));
                self.labelled("Normal", text, " ", &items);
            }
            BlockKind::Facts => {
                for item in &block.items {
                    self.labelled("Fact", item.label.as_deref(), ": ", &item.words);
                }
            }
            BlockKind::Link => {
                self.link(text.unwrap_or_default(), block.href.as_deref().unwrap_or_default());
            }
        }
    }

    fn words(&mut self, style: &str, words: &str) {
        self.paragraph(style, |body| body.run(Look::Plain, words));
    }

    /// A label, what stands between them, and words. The colon of a fact belongs to its label.
    fn labelled(&mut self, style: &str, label: Option<&str>, between: &str, words: &str) {
        self.paragraph(style, |body| {
            if let Some(label) = label.filter(|label| !label.is_empty()) {
                body.run(Look::Strong, &[label, between].concat());
            }
            body.run(Look::Plain, words);
        });
    }

    /// An address stands in the text too, as on paper nobody can follow a link; but the words of a
    /// link to an e-mail address name it.
    fn link(&mut self, label: &str, href: &str) {
        self.paragraph("Normal", |body| match link::target(href) {
            Some(target) if href.starts_with("mailto:") => body.hyperlink(target, label),
            Some(target) => {
                body.run(Look::Plain, &[label, ": "].concat());
                body.hyperlink(target, href);
            }
            None => body.run(Look::Plain, &[label, ": ", href].concat()),
        });
    }

    fn hyperlink(&mut self, target: String, words: &str) {
        self.targets.push(target);
        let id = link_id(self.targets.len());
        self.xml.open("w:hyperlink", &[("r:id", &id), ("w:history", "1")]);
        self.run(Look::Hyperlink, words);
        self.xml.close("w:hyperlink");
    }

    fn paragraph(&mut self, style: &str, runs: impl FnOnce(&mut Self)) {
        self.xml.open("w:p", &[]);
        if style != "Normal" {
            self.xml.open("w:pPr", &[]);
            self.xml.empty("w:pStyle", &[("w:val", style)]);
            self.xml.close("w:pPr");
        }
        runs(self);
        self.xml.close("w:p");
    }

    fn run(&mut self, look: Look, words: &str) {
        let style = match look {
            Look::Plain => None,
            Look::Strong => Some("Strong"),
            Look::Hyperlink => Some("Hyperlink"),
        };
        self.xml.open("w:r", &[]);
        if let Some(style) = style {
            self.xml.open("w:rPr", &[]);
            self.xml.empty("w:rStyle", &[("w:val", style)]);
            self.xml.close("w:rPr");
        }
        self.xml.element("w:t", &[("xml:space", "preserve")], words);
        self.xml.close("w:r");
    }

    /// The United States and Canada print on Letter, the others on A4.
    fn paper(&mut self, locale: &str) {
        let letter = locale.ends_with("-US") || locale.ends_with("-CA");
        let [width, height, margin] = if letter { LETTER } else { A4 };
        self.xml.open("w:sectPr", &[]);
        self.xml.empty("w:pgSz", &[("w:w", width), ("w:h", height)]);
        let sides = ["w:top", "w:right", "w:bottom", "w:left"].map(|side| (side, margin));
        let others = [("w:header", "708"), ("w:footer", "708"), ("w:gutter", "0")];
        self.xml.empty("w:pgMar", &[&sides[..], &others[..]].concat());
        self.xml.close("w:sectPr");
    }
}

fn link_id(n: usize) -> String {
    format!("link{n}")
}

/// What the text needs: styles, numbering, settings, and the addresses of its links.
fn relationships(targets: &[String]) -> Vec<u8> {
    let mut xml = Xml::dense();
    xml.declaration();
    let name = "http://schemas.openxmlformats.org/package/2006/relationships";
    xml.open("Relationships", &[("xmlns", name)]);
    for part in ["styles", "numbering", "settings"] {
        let kind = [RELATIONSHIPS, "/", part].concat();
        let target = [part, ".xml"].concat();
        xml.empty("Relationship", &[("Id", part), ("Type", &kind), ("Target", &target)]);
    }
    let kind = [RELATIONSHIPS, "/hyperlink"].concat();
    for (index, target) in targets.iter().enumerate() {
        let id = link_id(index + 1);
        let external = ("TargetMode", "External");
        xml.empty("Relationship", &[("Id", &id), ("Type", &kind), ("Target", target), external]);
    }
    xml.close("Relationships");
    xml.into_bytes()
}

//! Writing a posting through the template of a text format.

use minijinja::value::Value;

use crate::domain::Posting;
use crate::domain::posting::{Block, BlockKind, Item, Passage, Section};

use super::super::blocks::{Context, Frames, Press};
use super::super::english;
use super::super::kit::Kit;
use super::super::slot::{Slot, Values};
use super::Format;
use super::escape::Escape;
use super::ready::Ready;

type Written = Result<(), minijinja::Error>;

/// The template of a text format at one heading level.
#[derive(Debug)]
pub struct Skin {
    template: &'static str,
    escape: Escape,
    /// Which of the kit's ready bytes are this format's.
    index: usize,
    context: Context,
    posting: Frames,
    section: Frames,
    paragraph: Frames,
    lead_in: Frames,
    list: Frames,
    item: Frames,
    inline_list: Frames,
    facts: Frames,
    fact: Frames,
    link: Frames,
}

impl Skin {
    /// The skin of `format` with the first heading at `level`; `None` for a structured format.
    pub fn new(format: Format, level: u8) -> Option<Self> {
        let (index, template, escape) = match format {
            Format::Html => (0, "formats/html.j2", Escape::Html),
            Format::Page => (1, "formats/page.j2", Escape::Html),
            Format::Markdown => (2, "formats/markdown.j2", Escape::Markdown),
            Format::Text => (3, "formats/text.j2", Escape::Nothing),
            Format::Json => return None,
        };
        let hashes = "#".repeat(level.into());
        let context =
            Context::from([("level", Value::from(level)), ("hashes", Value::from_safe_string(hashes))]);
        Some(Self {
            template,
            escape,
            index,
            context,
            posting: Frames::new("posting", &[Slot::Title, Slot::Language, Slot::Body]),
            section: Frames::new("section", &[Slot::Section, Slot::Heading, Slot::Body]),
            paragraph: Frames::new("paragraph", &[Slot::Text]),
            lead_in: Frames::new("lead_in", &[Slot::Text]),
            list: Frames::new("list", &[Slot::Body]),
            item: Frames::new("item", &[Slot::Text]),
            inline_list: Frames::new("inline_list", &[Slot::Label, Slot::Items, Slot::Text]),
            facts: Frames::new("facts", &[Slot::Body]),
            fact: Frames::new("fact", &[Slot::Label, Slot::Items, Slot::Text]),
            link: Frames::new("link", &[Slot::Label, Slot::Href, Slot::Text]),
        })
    }

    /// Writes a posting that was composed from `kit`.
    ///
    /// # Errors
    /// What minijinja reports of the format's template.
    pub fn write(
        &self,
        press: Press<'_>,
        kit: &Kit,
        posting: &Posting<'_>,
    ) -> Result<String, minijinja::Error> {
        let ready = self.ready(press, kit)?;
        let mut out = String::with_capacity(6 * 1024 + posting.words as usize * 12);
        let writer = Writer { skin: self, press, ready };
        let values = [(Slot::Title, Some(&*posting.title)), (Slot::Language, Some(&*posting.language))];
        writer.around(&mut out, &self.posting, Values::of(&values), |out| {
            posting.sections.iter().try_for_each(|section| writer.section(out, section))
        })?;
        Ok(out)
    }

    fn ready<'k>(&self, press: Press<'_>, kit: &'k Kit) -> Result<Option<&'k Ready>, minijinja::Error> {
        let Some(cell) = kit.ready(self.index).filter(|_| press.is_kept()) else { return Ok(None) };
        if cell.get().is_none() {
            let ready = Ready::new(kit, |out, item| {
                let frames = if item.paragraph { &self.paragraph } else { &self.item };
                let values = [(Slot::Text, Some(item.words.as_str()))];
                press.print(out, frames, self.template, &self.context, Values::of(&values), self.escape)
            })?;
            cell.get_or_init(|| ready);
        }
        Ok(cell.get())
    }
}

struct Writer<'w> {
    skin: &'w Skin,
    press: Press<'w>,
    ready: Option<&'w Ready>,
}

impl Writer<'_> {
    fn print(&self, out: &mut String, frames: &Frames, values: Values<'_>) -> Written {
        self.press.print(out, frames, self.skin.template, &self.skin.context, values, self.skin.escape)
    }

    fn around(
        &self,
        out: &mut String,
        frames: &Frames,
        values: Values<'_>,
        body: impl FnOnce(&mut String) -> Written,
    ) -> Written {
        let Skin { template, context, escape, .. } = self.skin;
        self.press.print_around(out, frames, template, context, values, *escape, body)
    }

    /// Appends ready bytes, if there are any for this text.
    fn ready(&self, out: &mut String, kept: Option<u32>) -> bool {
        let bytes = self.ready.zip(kept).and_then(|(ready, index)| ready.get(index));
        if let Some(bytes) = bytes {
            out.push_str(bytes);
        }
        bytes.is_some()
    }

    fn section(&self, out: &mut String, section: &Section<'_>) -> Written {
        let values = [(Slot::Section, Some(section.id.as_str())), (Slot::Heading, Some(&*section.heading))];
        self.around(out, &self.skin.section, Values::of(&values), |out| {
            section.blocks.iter().try_for_each(|block| self.block(out, block))
        })
    }

    fn block(&self, out: &mut String, block: &Block<'_>) -> Written {
        match block.kind {
            BlockKind::Paragraph => self.passage(out, &self.skin.paragraph, block.text.as_ref()),
            BlockKind::LeadIn => self.passage(out, &self.skin.lead_in, block.text.as_ref()),
            BlockKind::List => self.around(out, &self.skin.list, Values::NONE, |out| {
                block.items.iter().try_for_each(|item| self.item(out, item))
            }),
            BlockKind::Facts => self.around(out, &self.skin.facts, Values::NONE, |out| {
                block.items.iter().try_for_each(|item| self.fact(out, item))
            }),
            BlockKind::InlineList => self.inline_list(out, block),
            BlockKind::Link => self.link(out, block),
        }
    }

    fn passage(&self, out: &mut String, frames: &Frames, passage: Option<&Passage<'_>>) -> Written {
        match passage {
            Some(passage) if !self.ready(out, passage.kept) => {
                self.print(out, frames, Values::of(&[(Slot::Text, Some(&*passage.words))]))
            }
            _ => Ok(()),
        }
    }

    fn item(&self, out: &mut String, item: &Item<'_>) -> Written {
        if self.ready(out, item.kept) {
            return Ok(());
        }
        self.print(out, &self.skin.item, Values::of(&[(Slot::Text, Some(&*item.words))]))
    }

    fn inline_list(&self, out: &mut String, block: &Block<'_>) -> Written {
        let label = block.text.as_ref().map(|text| &*text.words);
        let items = english::line(block.items.iter().map(|item| &*item.words));
        let text = || label.map_or_else(|| items.clone(), |label| format!("{label} {items}"));
        self.labelled(out, &self.skin.inline_list, [(Slot::Label, label), (Slot::Items, Some(&items))], text)
    }

    fn fact(&self, out: &mut String, item: &Item<'_>) -> Written {
        let label = item.label.as_deref().unwrap_or_default();
        let text = || format!("{label}: {}", item.words);
        let values = [(Slot::Label, Some(label)), (Slot::Items, Some(&*item.words))];
        self.labelled(out, &self.skin.fact, values, text)
    }

    /// Prints two values, or `text`, which is both together, made only if the template wants it.
    fn labelled(
        &self,
        out: &mut String,
        frames: &Frames,
        [label, value]: [(Slot, Option<&str>); 2],
        text: impl FnOnce() -> String,
    ) -> Written {
        let Skin { template, context, .. } = self.skin;
        let values = [label, value, (Slot::Text, Some(""))];
        let printed = self.press.prints(Slot::Text, frames, template, context, Values::of(&values))?;
        let text = if printed { text() } else { String::new() };
        self.print(out, frames, Values::of(&[label, value, (Slot::Text, Some(&text))]))
    }

    /// An address stands in plain text too, unless it is an e-mail address, which the words name.
    fn link(&self, out: &mut String, block: &Block<'_>) -> Written {
        let label = block.text.as_ref().map_or("", |text| &*text.words);
        let href = block.href.as_deref().unwrap_or_default();
        let text = || if href.starts_with("mailto:") { label.to_owned() } else { format!("{label}: {href}") };
        let values = [(Slot::Label, Some(label)), (Slot::Href, Some(href))];
        self.labelled(out, &self.skin.link, values, text)
    }
}

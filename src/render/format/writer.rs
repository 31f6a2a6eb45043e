//! Writes sections through the blocks of a text format's template.

use crate::domain::posting::{Block, BlockKind, Item, Passage, Section, SectionId};

use super::super::blocks::{Frames, Press};
use super::super::compose::{Composer, Group, Outline, Shape};
use super::super::english;
use super::super::frame::Frame;
use super::super::kit::{ItemIndex, Kit};
use super::super::phrase::Phrase;
use super::super::slot::{Slot, Values};
use super::escape::Escape;
use super::ready::Ready;
use super::skin::Skin;

type Written = Result<(), minijinja::Error>;

/// Writes in one format.
#[derive(Clone, Copy, Debug)]
pub(super) struct Writer<'w> {
    pub(super) skin: &'w Skin,
    pub(super) press: Press<'w>,
    /// The kit's items in this format, unless everything is rendered anew.
    pub(super) ready: Option<&'w Ready>,
}

impl<'w> Writer<'w> {
    /// A posting around the sections that `body` writes; `markup` describes it to machines, in a page.
    pub(super) fn posting(
        &self,
        out: &mut String,
        (title, language): (&str, &str),
        markup: Option<&str>,
        body: impl FnOnce(&mut String) -> Written,
    ) -> Written {
        let values = [(Slot::Title, Some(title)), (Slot::Language, Some(language)), (Slot::Markup, markup)];
        self.around(out, &self.skin.posting, Values::of(&values), body)
    }

    /// A section, block by block.
    pub(super) fn section(&self, out: &mut String, section: &Section<'_>) -> Written {
        self.section_around(out, section.id, &section.heading, |out| {
            section.blocks.iter().try_for_each(|block| self.block(out, block))
        })
    }

    /// A section whose body is written already.
    pub(super) fn section_of_body(
        &self,
        out: &mut String,
        composer: &Composer<'_>,
        id: SectionId,
        body: &str,
    ) -> Written {
        self.section_around(out, id, &composer.heading(id)?, |out| {
            out.push_str(body);
            Ok(())
        })
    }

    /// A section of `outline`, item by item.
    pub(super) fn section_of_role(
        &self,
        out: &mut String,
        composer: &Composer<'_>,
        kit: &Kit,
        outline: &Outline,
        id: SectionId,
    ) -> Written {
        self.section_around(out, id, &composer.heading(id)?, |out| {
            outline.groups(id).try_for_each(|(group, items)| self.group(out, composer, kit, group, items))
        })
    }

    fn print(&self, out: &mut String, frames: &Frames, values: Values<'_>) -> Written {
        self.press.print(out, frames, self.skin.template, &self.skin.context, values, self.skin.escape)
    }

    pub(super) fn around(
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
        let bytes = self.ready.zip(kept).and_then(|(ready, index)| ready.item(index));
        if let Some(bytes) = bytes {
            out.push_str(bytes);
        }
        bytes.is_some()
    }

    fn section_around(
        &self,
        out: &mut String,
        id: SectionId,
        heading: &str,
        body: impl FnOnce(&mut String) -> Written,
    ) -> Written {
        let values = [(Slot::Section, Some(id.as_str())), (Slot::Heading, Some(heading))];
        self.around(out, &self.skin.section, Values::of(&values), body)
    }

    fn group(
        &self,
        out: &mut String,
        composer: &Composer<'_>,
        kit: &Kit,
        group: &Group,
        items: &[ItemIndex],
    ) -> Written {
        match (group.shape, items) {
            (Shape::List, _) => {
                self.lead(out, composer, group.lead)?;
                self.around(out, &self.skin.list, Values::NONE, |out| {
                    items.iter().try_for_each(|&item| self.kept(out, kit, item))
                })
            }
            (Shape::Line, _) => {
                let label = group.lead.map(|lead| composer.lead(lead)).transpose()?;
                let label = label.as_deref().filter(|label| !label.is_empty());
                self.line(out, label, items.iter().map(|&item| words(kit, item)))
            }
            (Shape::Paragraph, [item]) => self.kept(out, kit, *item),
            (Shape::Paragraph, _) => {
                let words = group.lead.map(|lead| composer.lead(lead)).transpose()?.unwrap_or_default();
                self.said(out, &self.skin.paragraph, &words)
            }
        }
    }

    /// What leads in to a list.
    fn lead(&self, out: &mut String, composer: &Composer<'_>, lead: Option<Phrase>) -> Written {
        let Some(lead) = lead else { return Ok(()) };
        if let Some(bytes) = self.ready.and_then(|ready| ready.lead(lead)) {
            out.push_str(bytes);
            return Ok(());
        }
        self.said(out, &self.skin.lead_in, &composer.lead(lead)?)
    }

    pub(super) fn kept(&self, out: &mut String, kit: &Kit, item: ItemIndex) -> Written {
        if self.ready(out, u32::try_from(item).ok()) {
            return Ok(());
        }
        let paragraph = kit.items.get(item).is_some_and(|item| item.paragraph);
        let frames = if paragraph { &self.skin.paragraph } else { &self.skin.item };
        self.print(out, frames, Values::of(&[(Slot::Text, Some(words(kit, item)))]))
    }

    /// A text, unless there is nothing to say.
    pub(super) fn said(&self, out: &mut String, frames: &Frames, words: &str) -> Written {
        if words.is_empty() {
            Ok(())
        } else {
            self.print(out, frames, Values::of(&[(Slot::Text, Some(words))]))
        }
    }

    fn block(&self, out: &mut String, block: &Block<'_>) -> Written {
        match block.kind {
            BlockKind::Paragraph => self.passage(out, &self.skin.paragraph, block.text.as_ref()),
            BlockKind::LeadIn => self.passage(out, &self.skin.lead_in, block.text.as_ref()),
            BlockKind::List => self.around(out, &self.skin.list, Values::NONE, |out| {
                block.items.iter().try_for_each(|item| self.item(out, item))
            }),
            BlockKind::Facts => self.around(out, &self.skin.facts, Values::NONE, |out| {
                let fact =
                    |item: &Item<'_>| self.fact(out, item.label.as_deref().unwrap_or_default(), &item.words);
                block.items.iter().try_for_each(fact)
            }),
            BlockKind::InlineList => self.inline_list(out, block),
            BlockKind::Link => {
                let label = block.text.as_ref().map_or("", |text| &*text.words);
                self.link(out, label, block.href.as_deref().unwrap_or_default())
            }
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
        self.line(out, label, block.items.iter().map(|item| &*item.words))
    }

    fn line<'i>(
        &self,
        out: &mut String,
        label: Option<&str>,
        items: impl Iterator<Item = &'i str>,
    ) -> Written {
        let items = english::line(items);
        let text = |out: &mut String| match label {
            Some(label) => out.extend([label, " ", &items]),
            None => out.push_str(&items),
        };
        self.pair(out, &self.skin.inline_list, [(Slot::Label, label), (Slot::Items, Some(&items))], text)
    }

    pub(super) fn fact(&self, out: &mut String, label: &str, words: &str) -> Written {
        let values = [(Slot::Label, Some(label)), (Slot::Items, Some(words))];
        self.pair(out, &self.skin.fact, values, |out| out.extend([label, ": ", words]))
    }

    fn pair(
        &self,
        out: &mut String,
        frames: &Frames,
        values: [(Slot, Option<&str>); 2],
        together: impl FnOnce(&mut String),
    ) -> Written {
        let Skin { template, context, escape, .. } = self.skin;
        self.press.print_pair(out, frames, template, context, values, together, *escape)
    }

    /// An address stands in plain text too, unless it is an e-mail address, which the words name.
    pub(super) fn link(&self, out: &mut String, label: &str, href: &str) -> Written {
        let text = |out: &mut String| match href.starts_with("mailto:") {
            true => out.push_str(label),
            false => out.extend([label, ": ", href]),
        };
        let values = [(Slot::Label, Some(label)), (Slot::Href, Some(href))];
        self.pair(out, &self.skin.link, values, text)
    }

    /// Appends what the tone says, escaped.
    pub(super) fn say<'k>(
        &self,
        out: &mut String,
        kit: &'k Kit,
        phrase: Phrase,
        values: Values<'_>,
        escape: Escape,
    ) -> Result<&'k Frame, minijinja::Error> {
        let frame = kit.frame(self.press, phrase, values, escape)?;
        frame.fill(out, values, escape);
        Ok(frame)
    }

    /// The frame of a block that has a text and nothing else.
    pub(super) fn frame<'f>(&self, frames: &'f Frames) -> Result<&'f Frame, minijinja::Error> {
        let values = [(Slot::Text, Some(""))];
        frames.get(self.press.env, self.skin.template, &self.skin.context, Values::of(&values))
    }

    /// How a text for a frame may be escaped before it is known whole: as HTML is, if nothing is
    /// done to it there.
    pub(super) fn escape_before(&self, frame: &Frame) -> Escape {
        let bare = self.skin.escape == Escape::Html && frame.prints_bare(Slot::Text);
        if bare { Escape::Html } else { Escape::Nothing }
    }

    /// Appends a text that was escaped as `before` says.
    pub(super) fn print_said(&self, out: &mut String, frame: &Frame, said: &str, before: Escape) {
        let escape = if before == Escape::Nothing { self.skin.escape } else { Escape::Nothing };
        frame.fill(out, Values::of(&[(Slot::Text, Some(said))]), escape);
    }
}

fn words(kit: &Kit, item: ItemIndex) -> &str {
    kit.items.get(item).map_or("", |item| &item.words)
}

//! Writing a posting through the template of a text format.

use minijinja::value::Value;

use crate::domain::Posting;
use crate::domain::posting::{Passage, SectionId};

use super::super::blocks::{Context, Frames, Press};
use super::super::compose::{Composer, LANGUAGE, Spent};
use super::super::kit::{KeptItem, Kit};
use super::super::phrase::Phrase;
use super::super::shown::Shown;
use super::super::slot::{Slot, Values};
use super::Format;
use super::escape::Escape;
use super::own::Own;
use super::ready::Ready;
use super::writer::Writer;

/// The heading levels that can be asked for.
pub const LEVELS: u8 = 5;
/// How many skins there are: four text formats, each at every level.
pub const SKINS: usize = 4 * LEVELS as usize;

/// The template of a text format at one heading level.
#[derive(Debug)]
pub struct Skin {
    pub(super) template: &'static str,
    pub(super) escape: Escape,
    /// Which of the kit's ready bytes are this format's.
    index: usize,
    pub(super) context: Context,
    pub(super) posting: Frames,
    pub(super) section: Frames,
    pub(super) paragraph: Frames,
    pub(super) lead_in: Frames,
    pub(super) list: Frames,
    pub(super) item: Frames,
    pub(super) inline_list: Frames,
    pub(super) facts: Frames,
    pub(super) fact: Frames,
    pub(super) link: Frames,
}

impl Skin {
    /// The skin of `format` with the first heading at `level`; `None` for a structured format.
    pub fn new(format: Format, level: u8) -> Option<Self> {
        let (format, template, escape) = match format {
            Format::Html => (0, "formats/html.j2", Escape::Html),
            Format::Page => (1, "formats/page.j2", Escape::Html),
            Format::Markdown => (2, "formats/markdown.j2", Escape::Markdown),
            Format::Text => (3, "formats/text.j2", Escape::Nothing),
            _ => return None,
        };
        let hashes = "#".repeat(level.into());
        let context =
            Context::from([("level", Value::from(level)), ("hashes", Value::from_safe_string(hashes))]);
        Some(Self {
            template,
            escape,
            index: format * usize::from(LEVELS) + usize::from(level.clamp(1, LEVELS)) - 1,
            context,
            posting: Frames::new("posting", &[Slot::Title, Slot::Language, Slot::Markup, Slot::Body]),
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

    /// Writes a posting block by block: with what is ready of the `kit` that it was composed from, if that
    /// is known. `markup` describes it to machines, in a page.
    ///
    /// # Errors
    /// What minijinja reports of the format's template.
    pub fn write(
        &self,
        press: Press<'_>,
        kit: Option<&Kit>,
        posting: &Posting<'_>,
        markup: Option<&str>,
    ) -> Result<String, minijinja::Error> {
        let ready = kit.map(|kit| self.ready(press, kit)).transpose()?.flatten();
        let writer = Writer { skin: self, press, ready };
        let length = posting.words as usize * 12 + markup.map_or(0, str::len);
        let mut out = String::with_capacity(6 * 1024 + length);
        writer.posting(&mut out, (&posting.title, &posting.language), markup, |out| {
            posting.sections.iter().try_for_each(|section| writer.section(out, section))
        })?;
        Ok(out)
    }

    /// What writes the sections that carry values of the request; an own tone may say those of
    /// `everywhere` in any of them.
    ///
    /// # Errors
    /// What minijinja reports of the format's template.
    pub fn own<'w>(
        &'w self,
        press: Press<'w>,
        kit: &'w Kit,
        everywhere: &'w [(Slot, Option<&'w str>)],
    ) -> Result<Own<'w>, minijinja::Error> {
        Ok(Own::new(self.writer(press, kit)?, kit, everywhere))
    }

    /// Writes what `composer` shows of the role, and says in the opening.
    ///
    /// # Errors
    /// What minijinja reports of the tone's or the format's template.
    pub fn shown(
        &self,
        press: Press<'_>,
        kit: &Kit,
        composer: &Composer<'_>,
        spent: Spent,
    ) -> Result<Shown, minijinja::Error> {
        let writer = self.writer(press, kit)?;
        let choice = composer.choose(spent)?;
        let outline = composer.outline(&choice.plan);
        let escape = writer.escape_before(writer.frame(&self.paragraph)?);
        let escaped = |clause: &Passage<'_>| {
            let mut said = String::with_capacity(clause.words.len());
            escape.push(&mut said, &clause.words);
            said
        };
        let mut shown = Shown::new(choice.clauses.iter().map(escaped).collect(), choice.plan.summary);
        for id in outline.sections() {
            shown.push(id, |out| writer.section_of_role(out, composer, kit, &outline, id))?;
        }
        Ok(shown)
    }

    /// Writes a posting of its own sections, and of what is shown of the role.
    ///
    /// # Errors
    /// What minijinja reports of the tone's or the format's template.
    pub fn assemble(
        &self,
        press: Press<'_>,
        kit: &Kit,
        composer: &Composer<'_>,
        own: &Own<'_>,
        shown: &Shown,
    ) -> Result<String, minijinja::Error> {
        let writer = self.writer(press, kit)?;
        let mut locked = composer.locked();
        let mut order: Vec<SectionId> = Vec::with_capacity(SectionId::ALL.len());
        order.extend(own.sections().chain(shown.sections()));
        order.extend(composer.locked().map(|section| section.id));
        order.sort_by_key(|id| composer.place(*id));
        composer.lift_locked(&mut order, |id| *id);
        let mut out = String::with_capacity(8 * 1024 + shown.len());
        writer.posting(&mut out, (composer.title(), LANGUAGE), None, |out| {
            order.into_iter().try_for_each(|id| match shown.get(id) {
                None if id == SectionId::Locked => {
                    locked.next().map_or(Ok(()), |section| writer.section(out, &section))
                }
                Some(bytes) => {
                    out.push_str(bytes);
                    Ok(())
                }
                None => writer.section_of_body(out, composer, id, own.get(id)),
            })
        })?;
        Ok(out)
    }

    fn writer<'w>(&'w self, press: Press<'w>, kit: &'w Kit) -> Result<Writer<'w>, minijinja::Error> {
        Ok(Writer { skin: self, press, ready: self.ready(press, kit)? })
    }

    fn ready<'k>(&self, press: Press<'_>, kit: &'k Kit) -> Result<Option<&'k Ready>, minijinja::Error> {
        let Some(cell) = kit.ready(self.index).filter(|_| press.is_kept()) else { return Ok(None) };
        if cell.get().is_none() {
            let print = |out: &mut String, frames: &Frames, words: &str| {
                let values = [(Slot::Text, Some(words))];
                press.print(out, frames, self.template, &self.context, Values::of(&values), self.escape)
            };
            let item = |out: &mut String, item: &KeptItem| {
                print(out, if item.paragraph { &self.paragraph } else { &self.item }, &item.words)
            };
            let lead = |out: &mut String, phrase: Phrase| {
                let words = kit.say(press, phrase, Values::NONE)?;
                if words.is_empty() { Ok(()) } else { print(out, &self.lead_in, &words) }
            };
            let ready = Ready::new(kit, item, lead)?;
            cell.get_or_init(|| ready);
        }
        Ok(cell.get())
    }
}

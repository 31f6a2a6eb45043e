//! Writing a posting that was composed before: every format from the words and the facts, without the
//! role, the tone, or the options.

use crate::domain::kept_posting::Publication;
use crate::domain::{Moment, Posting, PostingOptions, Vacancy};

use super::blocks::Press;
use super::format::skin::{LEVELS, Skin};
use super::format::{Format, jdx, json_ld, json_resume};
use super::kit::Kit;
use super::{RenderError, Renderer, docx};

/// A posting that was composed before, to be written: everything that a format needs.
#[derive(Clone, Copy, Debug)]
pub struct Composed<'a> {
    /// Its words.
    pub posting: &'a Posting<'a>,
    /// What it announces.
    pub vacancy: &'a Vacancy,
    /// The level of its first heading, 1 to 5; a `page` starts at 1 all the same.
    pub heading_level: Option<u8>,
    /// What else is known of it.
    pub links: Links<'a>,
    /// From when on it is not public any more: the end of the vacancy's `valid_through`.
    pub closes_at: Option<Moment>,
    /// Whether a `page` embeds the JSON-LD, if that has what Google requires. A posting that is closed
    /// should not.
    pub markup: bool,
}

/// The absolute addresses of a posting, as far as they are known, and its own id.
#[derive(Clone, Copy, Debug, Default)]
pub struct Links<'a> {
    /// The posting's id.
    pub id: Option<&'a str>,
    /// Its public page.
    pub page: Option<&'a str>,
    /// The JSON-LD of the role.
    pub role: Option<&'a str>,
    /// When it was last changed.
    pub modified: Option<Moment>,
}

impl<'a> Composed<'a> {
    /// What was just composed with `options`: nothing is known of it beside.
    pub fn now(posting: &'a Posting<'a>, vacancy: &'a Vacancy, options: &PostingOptions) -> Self {
        let (heading_level, links) = (options.heading_level, Links::default());
        Self { posting, vacancy, heading_level, links, closes_at: None, markup: true }
    }

    /// What was published.
    pub fn of(publication: &'a Publication, links: Links<'a>) -> Self {
        let Publication { posting, vacancy, options, closes_at, .. } = publication;
        Self { links, closes_at: *closes_at, ..Self::now(posting, vacancy, options) }
    }

    /// The last second of the last day for applications, if it is known when that day ends; else the day.
    pub(super) fn valid_through(&self) -> Option<String> {
        let day = self.vacancy.valid_through?;
        Some(self.closes_at.and_then(|end| day.last_second(end)).unwrap_or_else(|| day.to_string()))
    }
}

impl Renderer {
    /// Writes a posting that was composed before. The same posting gives the same bytes as
    /// [`render`](Self::render) gave when it was composed, apart from what `links` and `closes_at` add
    /// to the formats that name them.
    ///
    /// # Errors
    /// What the template of a text format reports.
    pub fn write(&self, composed: &Composed<'_>, format: Format) -> Result<Vec<u8>, RenderError> {
        self.write_with(composed, format, None)
    }

    /// The same, with the kit that it was composed from, if that is at hand.
    pub(super) fn write_with(
        &self,
        composed: &Composed<'_>,
        format: Format,
        kit: Option<&Kit>,
    ) -> Result<Vec<u8>, RenderError> {
        let Some((skin, _)) = self.skin(format, composed.heading_level) else {
            return structured(composed, format);
        };
        let embeds = format == Format::Page && composed.markup;
        let markup = if embeds { json_ld::markup(composed)? } else { None };
        Ok(skin.write(self.press(), kit, composed.posting, markup.as_deref())?.into_bytes())
    }

    pub(super) fn press(&self) -> Press<'_> {
        Press { env: &self.env, mode: self.mode }
    }

    /// The skin of a text format, and the level of its first heading; `None` for a structured format.
    pub(super) fn skin(&self, format: Format, heading_level: Option<u8>) -> Option<(&Skin, u8)> {
        let default = if format == Format::Html { 2 } else { 1 };
        let level = heading_level.filter(|_| format != Format::Page).unwrap_or(default).clamp(1, LEVELS);
        let skin = self.skins.get(format as usize)?.get(usize::from(level) - 1)?;
        Some((skin, level))
    }
}

/// Writes a structured format.
fn structured(composed: &Composed<'_>, format: Format) -> Result<Vec<u8>, RenderError> {
    Ok(match format {
        Format::JsonLd => json_ld::write(composed)?,
        Format::JsonResume => json_resume::write(composed)?,
        Format::Jdx => jdx::write(composed)?,
        Format::Docx => docx(composed.posting, composed.vacancy)?,
        // The text formats have skins.
        _ => serde_json::to_vec(composed.posting)?,
    })
}

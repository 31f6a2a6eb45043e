//! The phrases of a kit, cut at their slots: as words, and with the words escaped for HTML.

use std::sync::OnceLock;

use super::super::blocks::{Context, Frames, Press};
use super::super::format::escape::Escape;
use super::super::frame::Frame;
use super::super::phrase::Phrase;
use super::super::slot::Values;

/// All phrases of a tone.
#[derive(Debug)]
pub(super) struct Phrases {
    sayings: Vec<Saying>,
    context: Context,
}

#[derive(Debug)]
struct Saying {
    frames: Frames,
    /// By shape.
    html: Box<[OnceLock<Frame>]>,
}

impl Phrases {
    /// The phrases, none of them rendered yet.
    pub(super) fn new(context: Context) -> Self {
        let saying = |phrase: &Phrase| {
            let frames = Frames::new(phrase.spec().block, phrase.spec().slots);
            let html = (0..frames.shapes()).map(|_| OnceLock::new()).collect();
            Saying { frames, html }
        };
        Self { sayings: Phrase::ALL.iter().map(saying).collect(), context }
    }

    /// The frame of a phrase, its words escaped.
    ///
    /// # Errors
    /// What minijinja reports.
    pub(super) fn frame(
        &self,
        press: Press<'_>,
        template: &str,
        phrase: Phrase,
        values: Values<'_>,
        escape: Escape,
    ) -> Result<&Frame, minijinja::Error> {
        let saying = self.saying(phrase)?;
        let html = saying.html.get(saying.frames.shape(values)).filter(|_| escape == Escape::Html);
        if let Some(frame) = html.and_then(OnceLock::get) {
            return Ok(frame);
        }
        let frame = saying.frames.get(press.env, template, &self.context, values)?;
        Ok(html.map_or(frame, |html| html.get_or_init(|| frame.escaped(escape))))
    }

    /// The phrase, rendered anew.
    ///
    /// # Errors
    /// What minijinja reports.
    pub(super) fn anew(
        &self,
        press: Press<'_>,
        template: &str,
        phrase: Phrase,
        values: Values<'_>,
    ) -> Result<String, minijinja::Error> {
        self.saying(phrase)?.frames.anew(press.env, template, &self.context, values, None)
    }

    fn saying(&self, phrase: Phrase) -> Result<&Saying, minijinja::Error> {
        let unknown = || minijinja::Error::new(minijinja::ErrorKind::InvalidOperation, "no such phrase");
        self.sayings.get(phrase as usize).ok_or_else(unknown)
    }
}

//! A renderer that knows an employer's own tone beside its own: what a request meets.

use std::sync::Arc;

use crate::domain::violation::Report;
use crate::domain::{Posting, PostingOptions, Role, Slug, Violation};

use super::blocks::Press;
use super::compose::{Composer, Detail};
use super::emphasis;
use super::format::Format;
use super::kit::Kit;
use super::locale::Locale;
use super::tone::{self, Tone};
use super::{RenderError, Renderer, Subject};

/// A renderer, with an employer's own tone beside its own.
///
/// The own tone is the one that the options name, if they name one of their employer's.
#[derive(Clone, Copy, Debug)]
pub struct WithTone<'r> {
    pub(super) renderer: &'r Renderer,
    pub(super) own: Option<&'r Arc<Tone>>,
}

impl<'r> WithTone<'r> {
    /// Everything that is wrong with `options` for `role`: the options' own rules, and what they
    /// ask for that does not exist. Pointers lead into the options.
    pub fn violations(&self, role: &Role, options: &PostingOptions) -> Vec<Violation> {
        let mut report = Report::default();
        options.check(role, &mut report);
        let mut violations = report.into_violations();
        violations.extend(self.resolve(role, options).err().unwrap_or_default());
        violations
    }

    /// Composes and writes one posting.
    ///
    /// The options must have been checked against the role
    /// ([`PostingOptions::check`](crate::domain::PostingOptions::check)).
    ///
    /// # Errors
    /// [`RenderError::Options`] names every option that asks for what does not exist.
    pub fn render(
        &self,
        subject: Subject<'_>,
        options: &PostingOptions,
        format: Format,
    ) -> Result<Vec<u8>, RenderError> {
        let detail = if format == Format::Json { Detail::Provenance } else { Detail::Words };
        self.composed(subject, options, detail, |press, kit, posting| {
            let default_level = if format == Format::Html { 2 } else { 1 };
            let level = options.heading_level.filter(|_| format != Format::Page).unwrap_or(default_level);
            let levels = self.renderer.skins.get(format as usize);
            match levels.and_then(|levels| levels.get(usize::from(level.max(1)) - 1)) {
                Some(skin) => Ok(skin.write(press, kit, posting)?.into_bytes()),
                None => Ok(serde_json::to_vec(posting)?),
            }
        })
    }

    /// Composes a posting, and lets `read` read it.
    ///
    /// # Errors
    /// As [`render`](Self::render).
    pub fn with_posting<T>(
        &self,
        subject: Subject<'_>,
        options: &PostingOptions,
        detail: Detail,
        read: impl FnOnce(&Posting<'_>) -> T,
    ) -> Result<T, RenderError> {
        self.composed(subject, options, detail, |_, _, posting| Ok(read(posting)))
    }

    fn composed<T>(
        &self,
        subject: Subject<'_>,
        options: &PostingOptions,
        detail: Detail,
        write: impl FnOnce(Press<'_>, &Kit, &Posting<'_>) -> Result<T, RenderError>,
    ) -> Result<T, RenderError> {
        let (tone, locale) = self.resolve(subject.role(), options).map_err(RenderError::Options)?;
        let press = Press { env: &self.renderer.env, mode: self.renderer.mode };
        let kit = self.kit(press, subject, tone)?;
        let revision = match subject {
            Subject::Stored { revision, .. } => Some(revision),
            Subject::Inline(_) => None,
        };
        let posting = Composer::new(press, &kit, locale, options, detail).compose(revision)?;
        write(press, &kit, &posting)
    }

    /// The tone and the locale, or all that the options ask for in vain.
    fn resolve(
        &self,
        role: &Role,
        options: &PostingOptions,
    ) -> Result<(&'r Arc<Tone>, &'r Locale), Vec<Violation>> {
        let mut violations = emphasis::violations(options, role);
        if let Some(id) = options.employer_id.as_ref().filter(|_| options.employer.is_none()) {
            violations.push(Violation::new("/employer_id", format!("there is no employer `{id}`")));
        }
        match (self.tone(options), self.renderer.locale(options)) {
            (Ok(tone), Ok(locale)) if violations.is_empty() => Ok((tone, locale)),
            (tone, locale) => {
                violations.extend(tone.err().into_iter().chain(locale.err()));
                Err(violations)
            }
        }
    }

    fn tone(&self, options: &PostingOptions) -> Result<&'r Arc<Tone>, Violation> {
        let id = options.tone.as_ref().map_or(tone::DEFAULT, Slug::as_str);
        let found = self.own.into_iter().chain(&self.renderer.tones).find(|known| known.id == id);
        found.ok_or_else(|| {
            let valid = self.own.into_iter().chain(&self.renderer.tones).map(|known| known.id.as_str());
            Violation::unknown("/tone", "tone", id, valid)
        })
    }

    fn kit(
        &self,
        press: Press<'_>,
        subject: Subject<'_>,
        tone: &Arc<Tone>,
    ) -> Result<Arc<Kit>, minijinja::Error> {
        let renderer = self.renderer;
        let new = || Kit::new(press, subject.role(), tone.clone(), renderer.words_locale()).map(Arc::new);
        match subject {
            Subject::Stored { fingerprint, .. } if press.is_kept() => {
                renderer.keep.get_or_insert_with(&(fingerprint, tone.fingerprint), new)
            }
            _ => new(),
        }
    }
}

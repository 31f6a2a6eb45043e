//! A renderer that knows an employer's own tone beside its own: what a request meets.

use std::sync::Arc;

use crate::domain::posting::EmployerReference;
use crate::domain::violation::Report;
use crate::domain::{Posting, PostingOptions, Role, Slug, Vacancy, Violation};

use super::blocks::Press;
use super::compose::{self, Composer, Detail};
use super::composed::Composed;
use super::emphasis;
use super::format::skin::Skin;
use super::format::{Format, json_ld};
use super::keep::ShownKey;
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
    pub(super) kept: Option<Revisions<'r>>,
}

/// The kept employer whose posting it is, and the revisions of what the posting is made with.
#[derive(Clone, Copy, Debug)]
pub struct Revisions<'r> {
    /// The id of the employer.
    pub employer_id: &'r str,
    /// Its revision.
    pub employer: u32,
    /// The revision of its own tone, if the posting is in one.
    pub tone: Option<u32>,
}

impl<'r> WithTone<'r> {
    /// The same, for postings that name the kept employer that they are of.
    #[must_use]
    pub fn of_kept(self, kept: Revisions<'r>) -> Self {
        Self { kept: Some(kept), ..self }
    }

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
        match self.renderer.skin(format, options.heading_level) {
            // Markup is made of the posting: such a page is composed whole.
            Some(_) if format == Format::Page && json_ld::may_be_complete(options) => {}
            Some((skin, level)) => return self.text(subject, options, skin, (format, level)),
            None => {}
        }
        self.composed(subject, options, Detail::Provenance, |posting, kit| {
            if format == Format::Json {
                return Ok(serde_json::to_vec(posting)?);
            }
            let vacancy = Vacancy::of(subject.role(), options, posting);
            let composed = Composed::now(posting, &vacancy, options);
            self.renderer.write_with(&composed, format, Some(kit))
        })
    }

    /// Composes what carries values of the request, and copies the rest.
    fn text(
        &self,
        subject: Subject<'_>,
        options: &PostingOptions,
        skin: &Skin,
        format_at_level: (Format, u8),
    ) -> Result<Vec<u8>, RenderError> {
        let press = self.renderer.press();
        let (tone, locale) = self.resolve(subject.role(), options).map_err(RenderError::Options)?;
        let kit = self.kit(press, subject, tone)?;
        let place = compose::place(tone, locale, options);
        let composer = Composer::new(press, &kit, locale, options, place.as_deref(), Detail::Words);
        if !press.is_kept() {
            return Ok(skin.write(press, Some(&kit), &composer.compose(None)?, None)?.into_bytes());
        }
        let mut own = skin.own(press, &kit, composer.everywhere())?;
        composer.own(&mut own)?;
        let spent = composer.spent(own.words())?;
        let new = || skin.shown(press, &kit, &composer, spent).map_err(RenderError::from);
        let shown = match subject {
            Subject::Stored { fingerprint, .. } => {
                let plan = composer.plan_key(spent);
                let key = ShownKey { kit: (fingerprint, tone.fingerprint), skin: format_at_level, plan };
                self.renderer.keep.shown(key, new)?
            }
            Subject::Inline(_) => Arc::new(new()?),
        };
        own.opening(&composer, &shown)?;
        Ok(skin.assemble(press, &kit, &composer, &own, &shown)?.into_bytes())
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
        self.composed(subject, options, detail, |posting, _| Ok(read(posting)))
    }

    fn composed<T>(
        &self,
        subject: Subject<'_>,
        options: &PostingOptions,
        detail: Detail,
        read: impl FnOnce(&Posting<'_>, &Kit) -> Result<T, RenderError>,
    ) -> Result<T, RenderError> {
        let (tone, locale) = self.resolve(subject.role(), options).map_err(RenderError::Options)?;
        let press = self.renderer.press();
        let kit = self.kit(press, subject, tone)?;
        let revision = match subject {
            Subject::Stored { revision, .. } => Some(revision),
            Subject::Inline(_) => None,
        };
        let place = compose::place(tone, locale, options);
        let composer = Composer::new(press, &kit, locale, options, place.as_deref(), detail);
        let mut posting = composer.compose(revision)?;
        if let Some(Revisions { employer_id, employer, tone }) = self.kept {
            posting.employer = Some(EmployerReference { id: employer_id.into(), revision: employer });
            posting.tone_revision = tone;
        }
        read(&posting, &kit)
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

    fn kit(&self, press: Press<'_>, subject: Subject<'_>, tone: &Arc<Tone>) -> Result<Arc<Kit>, RenderError> {
        let locale = self.renderer.words_locale();
        let new = || Ok(Arc::new(Kit::new(press, subject.role(), tone.clone(), locale)?));
        match subject {
            Subject::Stored { fingerprint, .. } if press.is_kept() => {
                self.renderer.keep.kit((fingerprint, tone.fingerprint), new)
            }
            _ => new(),
        }
    }
}

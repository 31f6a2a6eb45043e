//! From a role and options to a posting, and from a posting to bytes.
//!
//! ```text
//! role + tone ──kit──▶ items and phrases, kept ──compose(options)──▶ posting ──write──▶ bytes
//! ```
//!
//! Tone owns words, format owns structure, locale owns labels, numbers and money. A new tone,
//! text format or locale is a file in `templates/`.

mod blocks;
mod check;
mod compose;
mod count;
mod eight;
mod emphasis;
mod english;
mod environment;
mod error;
mod format;
mod frame;
mod keep;
mod kit;
pub mod locale;
mod phrase;
mod shown;
mod slot;
mod subject;
mod tone;

use std::path::Path;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use minijinja::Environment;
use sha2::{Digest, Sha256};

use crate::domain::options::LocaleTag;
use crate::domain::violation::Report;
use crate::domain::{Posting, PostingOptions, Role, Slug, Violation};

use blocks::{Mode, Press};
use compose::Composer;
use format::skin::{LEVELS, Skin};
use keep::{Keep, ShownKey};
use kit::Kit;
use locale::Locale;
use tone::Tone;

pub use compose::{Detail, LANGUAGE};
pub use error::{RenderError, TemplateError};
pub use format::Format;
pub use subject::{Fingerprint, Subject};

const DEFAULT_LOCALE: &str = "en-US";

/// Something that can be asked for, with a description and an example.
#[derive(Clone, Debug)]
pub struct Choice {
    /// Its identifier.
    pub id: String,
    /// What it means.
    pub description: String,
    /// An example of what it does.
    pub example: String,
}

/// Composes and writes postings. Cheap to share: put it in an `Arc`.
#[derive(Debug)]
pub struct Renderer {
    env: Environment<'static>,
    mode: Mode,
    tones: Vec<Arc<Tone>>,
    locales: Arc<[Locale]>,
    /// By format, then by heading level from 1.
    skins: Arc<[Vec<Skin>]>,
    keep: Keep,
    fingerprint: Fingerprint,
    style_hash: String,
    choices: (Vec<Choice>, Vec<Choice>),
}

impl Renderer {
    /// Loads the embedded templates, overlaid with those of `folder`, and compiles them all.
    /// [`check`](Self::check) renders them.
    ///
    /// # Errors
    /// The first template or data file that cannot be used.
    pub fn new(folder: Option<&Path>) -> Result<Self, TemplateError> {
        Self::with_mode(folder, Mode::Kept)
    }

    /// A renderer that keeps nothing and renders every block anew. It writes the same bytes,
    /// slowly: it is what [`new`](Self::new) is tested against.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn anew(folder: Option<&Path>) -> Result<Self, TemplateError> {
        Self::with_mode(folder, Mode::Anew)
    }

    fn with_mode(folder: Option<&Path>, mode: Mode) -> Result<Self, TemplateError> {
        let files = environment::load(folder)?;
        let env = environment::build(&files)?;
        let tones = tone::scan(&env, &files)?;
        let locales = locales(&files)?.into();
        let skins = Format::ALL
            .iter()
            .map(|&f| (1..=LEVELS).filter_map(|level| Skin::new(f, level)).collect())
            .collect();
        let mut hash = Sha256::new();
        hash.update(env!("CARGO_PKG_VERSION"));
        for (name, text) in &files {
            hash.update(format!("{}:{name}{}:{text}", name.len(), text.len()));
        }
        let style = env
            .get_template("formats/page.css.j2")
            .and_then(|style| style.render(()))
            .map_err(|e| TemplateError::from_minijinja("formats/page.css.j2", &e))?;
        let style_hash = format!("'sha256-{}'", STANDARD.encode(Sha256::digest(style)));
        let mut renderer = Self {
            env,
            mode,
            tones,
            locales,
            skins,
            keep: Keep::default(),
            fingerprint: Fingerprint::cut(hash),
            style_hash,
            choices: Default::default(),
        };
        renderer.choices = (check::tone_choices(&renderer)?, check::locale_choices(&renderer));
        Ok(renderer)
    }

    /// The same renderer in [`Mode::Anew`].
    fn without_keep(&self) -> Self {
        Self {
            env: self.env.clone(),
            mode: Mode::Anew,
            tones: self.tones.clone(),
            locales: self.locales.clone(),
            skins: self.skins.clone(),
            keep: Keep::default(),
            fingerprint: self.fingerprint,
            style_hash: self.style_hash.clone(),
            choices: self.choices.clone(),
        }
    }

    /// A digest of the template set and the build: two renderers with the same one write the same
    /// bytes.
    pub fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }

    /// The tones, the default first.
    pub fn tones(&self) -> &[Choice] {
        &self.choices.0
    }

    /// The locales, the default first.
    pub fn locales(&self) -> &[Choice] {
        &self.choices.1
    }

    /// The emphasis dimensions: ours, and beside them those of `role`.
    pub fn emphases(&self, role: Option<&Role>) -> Vec<Choice> {
        check::emphasis_choices(role)
    }

    /// Renders every template with every sample, and tells whether frames and templates agree.
    ///
    /// # Errors
    /// The first template that fails, with its line.
    pub fn check(&self, roles: &[&Role]) -> Result<(), TemplateError> {
        check::all(self, roles)
    }

    /// The renderer, if every template renders with every sample: what a start does.
    ///
    /// # Errors
    /// As [`check`](Self::check).
    pub fn checked(self) -> Result<Self, TemplateError> {
        self.check(&[]).map(|()| self)
    }

    /// What the `Content-Security-Policy` of the `page` format must allow: the hash of its one
    /// `<style>`, as `'sha256-…'`.
    pub fn page_style_hash(&self) -> &str {
        &self.style_hash
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

    /// About how many bytes of memory take what is kept between requests. It has a bound.
    pub fn kept_bytes(&self) -> u64 {
        self.keep.weight()
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
        let default_level = if format == Format::Html { 2 } else { 1 };
        let level = options.heading_level.filter(|_| format != Format::Page).unwrap_or(default_level).max(1);
        let levels = self.skins.get(format as usize);
        match levels.and_then(|levels| levels.get(usize::from(level) - 1)) {
            Some(skin) => self.text(subject, options, skin, (format, level)),
            None => self.composed(subject, options, Detail::Provenance, |posting| {
                serde_json::to_vec(posting).map_err(RenderError::from)
            }),
        }
    }

    /// Composes what carries values of the request, and copies the rest.
    fn text(
        &self,
        subject: Subject<'_>,
        options: &PostingOptions,
        skin: &Skin,
        format_at_level: (Format, u8),
    ) -> Result<Vec<u8>, RenderError> {
        let press = self.press();
        let (tone, locale) = self.resolve(subject.role(), options).map_err(RenderError::Options)?;
        let kit = self.kit(press, subject, tone)?;
        let composer = Composer::new(press, &kit, locale, options, Detail::Words);
        if !press.is_kept() {
            return Ok(skin.write(press, &kit, &composer.compose(None)?)?.into_bytes());
        }
        let mut own = skin.own(press, &kit)?;
        composer.own(&mut own)?;
        let spent = composer.spent(own.words())?;
        let new = || skin.shown(press, &kit, &composer, spent).map_err(RenderError::from);
        let shown = match subject {
            Subject::Stored { fingerprint, .. } => {
                let plan = composer.plan_key(spent);
                let key = ShownKey { kit: (fingerprint, tone), skin: format_at_level, plan };
                self.keep.shown(key, new)?
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
        self.composed(subject, options, detail, |posting| Ok(read(posting)))
    }

    fn composed<T>(
        &self,
        subject: Subject<'_>,
        options: &PostingOptions,
        detail: Detail,
        read: impl FnOnce(&Posting<'_>) -> Result<T, RenderError>,
    ) -> Result<T, RenderError> {
        let (tone, locale) = self.resolve(subject.role(), options).map_err(RenderError::Options)?;
        let press = self.press();
        let kit = self.kit(press, subject, tone)?;
        let revision = match subject {
            Subject::Stored { revision, .. } => Some(revision),
            Subject::Inline(_) => None,
        };
        read(&Composer::new(press, &kit, locale, options, detail).compose(revision)?)
    }

    fn press(&self) -> Press<'_> {
        Press { env: &self.env, mode: self.mode }
    }

    /// The tone's index and the locale, or all that the options ask for in vain.
    fn resolve(&self, role: &Role, options: &PostingOptions) -> Result<(usize, &Locale), Vec<Violation>> {
        let tone = options.tone.as_ref().map_or(tone::DEFAULT, Slug::as_str);
        let tag = options.locale.as_ref().map_or(DEFAULT_LOCALE, LocaleTag::as_str);
        let mut violations = emphasis::violations(options, role);
        let found_tone = self.tones.iter().position(|known| known.id == tone);
        if found_tone.is_none() {
            let valid = self.tones.iter().map(|known| known.id.as_str());
            violations.push(Violation::unknown("/tone", "tone", tone, valid));
        }
        let found_locale = self.locales.iter().find(|known| known.tag() == tag);
        if found_locale.is_none() {
            violations.push(Violation::unknown(
                "/locale",
                "locale",
                tag,
                self.locales.iter().map(Locale::tag),
            ));
        }
        match (found_tone, found_locale) {
            (Some(tone), Some(locale)) if violations.is_empty() => Ok((tone, locale)),
            _ => Err(violations),
        }
    }

    /// The locale of the words: they are English, whatever the locale of the numbers.
    fn words_locale(&self) -> &Locale {
        // The scan refuses a set of locales without the default, which it puts first.
        &self.locales[0]
    }

    fn kit(&self, press: Press<'_>, subject: Subject<'_>, tone: usize) -> Result<Arc<Kit>, RenderError> {
        let Some(settings) = self.tones.get(tone) else {
            return Err(minijinja::Error::new(minijinja::ErrorKind::InvalidOperation, "no such tone").into());
        };
        let new = || Ok(Arc::new(Kit::new(press, subject.role(), settings.clone(), self.words_locale())?));
        match subject {
            Subject::Stored { fingerprint, .. } if press.is_kept() => self.keep.kit((fingerprint, tone), new),
            _ => new(),
        }
    }
}

fn locales(files: &std::collections::BTreeMap<String, String>) -> Result<Vec<Locale>, TemplateError> {
    let mut locales = Vec::new();
    for (name, text) in files {
        let tag = name.strip_prefix("locales/").and_then(|name| name.strip_suffix(".json"));
        if let Some(tag) = tag {
            locales.push(Locale::parse(tag, text).map_err(|error| TemplateError::new(name, error))?);
        }
    }
    locales.sort_by_key(|locale| (locale.tag() != DEFAULT_LOCALE, locale.tag().to_owned()));
    if locales.first().is_none_or(|locale| locale.tag() != DEFAULT_LOCALE) {
        return Err(TemplateError::new("locales/en-US.json", "is missing: it is the default"));
    }
    Ok(locales)
}

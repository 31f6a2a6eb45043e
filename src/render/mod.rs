//! From a role and options to a posting, and from a posting to bytes.
//!
//! ```text
//! role + tone ──kit──▶ items and phrases, kept ──compose(options)──▶ posting ──write──▶ bytes
//! ```
//!
//! Tone owns words, format owns structure, locale owns labels, numbers and money. A new tone,
//! text format or locale is a file in `templates/`.

mod blocks;
pub mod boards;
mod check;
mod compose;
mod composed;
mod count;
mod docx;
mod eight;
mod emphasis;
mod english;
mod environment;
mod error;
pub mod feed;
mod format;
mod frame;
mod keep;
mod kit;
pub mod locale;
mod own_tone;
mod phrase;
mod placeholder;
mod shown;
mod slot;
mod subject;
mod tone;
mod with_tone;
mod xml;

use std::path::Path;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use minijinja::Environment;
use sha2::{Digest, Sha256};

use crate::domain::{KeptEmployer, OwnTone, Posting, PostingOptions, Role, Violation};

use blocks::Mode;
use format::skin::{LEVELS, Skin};
use keep::Keep;
use locale::Locale;

pub use compose::{Detail, LANGUAGE};
pub use composed::{Composed, Links};
pub use docx::{DocxError, docx};
pub use error::{RenderError, TemplateError};
pub use format::json_resume::JobDescription;
pub use format::occupation::occupation;
pub use format::{Format, plain_html};
pub use subject::{Fingerprint, Subject};
pub use tone::{DEFAULT as DEFAULT_TONE, Tone};
pub use with_tone::{Revisions, WithTone};

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

    /// About how many bytes of memory take what is kept between requests. It has a bound.
    pub fn kept_bytes(&self) -> u64 {
        self.keep.weight()
    }

    /// What each of these tones says as the first sentence of a posting, by an example.
    ///
    /// # Errors
    /// What a template says.
    pub fn openings(&self, tones: &[Arc<Tone>]) -> Result<Vec<String>, TemplateError> {
        check::openings(self, tones)
    }

    /// An employer's own tone, ready to speak. It costs about what a posting does: keep it beside its
    /// document.
    ///
    /// # Errors
    /// Everything that is wrong with it: an unknown base, and phrases with faults. Pointers lead into
    /// the definition.
    pub fn own_tone(&self, definition: &OwnTone) -> Result<Arc<Tone>, Vec<Violation>> {
        own_tone::tone(definition, &self.tones).map(Arc::new)
    }

    /// The same, after it has said every phrase and the samples: what is to be stored is checked so.
    ///
    /// # Errors
    /// As [`own_tone`](Self::own_tone), an id that a tone of the renderer has, and what it cannot say.
    pub fn checked_own_tone(&self, definition: &OwnTone) -> Result<Arc<Tone>, Vec<Violation>> {
        let clash = own_tone::clash(definition, &self.tones);
        let tone = match (clash, self.own_tone(definition)) {
            (None, Ok(tone)) => tone,
            (clash, tone) => return Err(clash.into_iter().chain(tone.err().unwrap_or_default()).collect()),
        };
        check::own(self, &tone)
            .map_err(|error| vec![Violation::new("", format!("cannot be said: {error}"))])?;
        Ok(tone)
    }

    /// What an employer's defaults ask for that no posting can have. Pointers lead into the employer.
    ///
    /// The tone may be one of the employer's own, and emphasis depends on the role: both are checked
    /// with a posting.
    pub fn employer_violations(&self, employer: &KeptEmployer) -> Vec<Violation> {
        let locale = self.locale(&employer.defaults).map(|_| ()).err();
        locale.into_iter().map(|v| Violation { pointer: format!("/defaults{}", v.pointer), ..v }).collect()
    }

    /// The renderer, with an employer's own tone beside its own.
    pub fn with_tone<'r>(&'r self, own: Option<&'r Arc<Tone>>) -> WithTone<'r> {
        WithTone { renderer: self, own, kept: None }
    }

    /// As [`WithTone::violations`], without an own tone.
    pub fn violations(&self, role: &Role, options: &PostingOptions) -> Vec<Violation> {
        self.with_tone(None).violations(role, options)
    }

    /// As [`WithTone::render`], without an own tone.
    ///
    /// # Errors
    /// As there.
    pub fn render(
        &self,
        subject: Subject<'_>,
        options: &PostingOptions,
        format: Format,
    ) -> Result<Vec<u8>, RenderError> {
        self.with_tone(None).render(subject, options, format)
    }

    /// As [`WithTone::with_posting`], without an own tone.
    ///
    /// # Errors
    /// As there.
    pub fn with_posting<T>(
        &self,
        subject: Subject<'_>,
        options: &PostingOptions,
        detail: Detail,
        read: impl FnOnce(&Posting<'_>) -> T,
    ) -> Result<T, RenderError> {
        self.with_tone(None).with_posting(subject, options, detail, read)
    }

    /// The locale that the options ask for.
    fn locale(&self, options: &PostingOptions) -> Result<&Locale, Violation> {
        let tag = options.locale.as_ref().map_or(DEFAULT_LOCALE, |tag| tag.as_str());
        let found = self.locales.iter().find(|known| known.tag() == tag);
        found
            .ok_or_else(|| Violation::unknown("/locale", "locale", tag, self.locales.iter().map(Locale::tag)))
    }

    /// The locale of the words: they are English, whatever the locale of the numbers.
    fn words_locale(&self) -> &Locale {
        // The scan refuses a set of locales without the default, which it puts first.
        &self.locales[0]
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

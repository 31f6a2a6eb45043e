//! Tones: one template each, found by a scan.

use std::collections::BTreeMap;
use std::sync::Arc;

use minijinja::Environment;
use minijinja::value::Value;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::domain::Slug;

use super::own_tone::{OwnPhrase, OwnWords};
use super::phrase::Phrase;
use super::slot::Values;
use super::{Fingerprint, TemplateError};

/// The tone of a posting that asks for none.
pub const DEFAULT: &str = "neutral";

/// What a tone's template says of itself in `tone`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// One sentence for people who choose.
    pub description: String,
    /// The most duties that a posting shows, unless it is to be full.
    pub bullets: usize,
    /// Whether skills and career steps stand in one line.
    pub inline: bool,
    /// Whether the role's summary follows the opening.
    pub summary: bool,
    /// The most nice-to-have skills, unless the posting is to be full.
    pub nice_skills: usize,
}

/// A tone: its template and settings; in an employer's own tone, those of the tone that it builds
/// on, and its own words.
#[derive(Debug)]
pub struct Tone {
    /// The identifier: the template's name without folder and extension, or an own tone's id.
    pub(super) id: String,
    /// The template.
    pub(super) template: String,
    /// What the template says of itself.
    pub(super) settings: Settings,
    pub(super) fingerprint: Fingerprint,
    pub(super) own: Option<OwnWords>,
}

impl Tone {
    /// The identifier: what `tone` of posting options names.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// A digest of an own tone's content; of any other tone, of its id, since its words are part of
    /// the renderer's [`fingerprint`](super::Renderer::fingerprint).
    pub fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }

    /// What an own tone says for `phrase` in its own words, if they fit `values`.
    pub(super) fn own_phrase(&self, phrase: Phrase, values: Values<'_>) -> Option<&OwnPhrase> {
        self.own.as_ref()?.phrase(phrase, values)
    }
}

/// Finds the tones among the templates, the default first.
///
/// # Errors
/// The first tone whose settings are missing or wrong; a set without the default tone.
pub fn scan(
    env: &Environment<'_>,
    files: &BTreeMap<String, String>,
) -> Result<Vec<Arc<Tone>>, TemplateError> {
    let mut tones = Vec::new();
    for template in files.keys() {
        let id = template.strip_prefix("tones/").and_then(|name| name.strip_suffix(".j2"));
        if let Some(id) = id.filter(|id| *id != "base") {
            Slug::try_from(id)
                .map_err(|error| TemplateError::new(template, format!("the file's name {error}")))?;
            let settings = settings(env, template)?;
            tones.push(Arc::new(Tone {
                id: id.to_owned(),
                template: template.clone(),
                settings,
                fingerprint: Fingerprint::cut(Sha256::new_with_prefix(format!("tone:{id}"))),
                own: None,
            }));
        }
    }
    tones.sort_by_key(|tone| (tone.id != DEFAULT, tone.id.clone()));
    if tones.first().is_none_or(|tone| tone.id != DEFAULT) {
        return Err(TemplateError::new("tones/neutral.j2", "is missing: it is the default"));
    }
    Ok(tones)
}

fn settings(env: &Environment<'_>, template: &str) -> Result<Settings, TemplateError> {
    let failed = |e: &minijinja::Error| TemplateError::from_minijinja(template, e);
    let captured = env
        .get_template(template)
        .and_then(|t| t.render_captured(Value::UNDEFINED))
        .map_err(|e| failed(&e))?;
    let value =
        captured.state().lookup("tone").ok_or_else(|| TemplateError::new(template, "does not set `tone`"))?;
    Settings::deserialize(value).map_err(|e| TemplateError::new(template, format!("tone: {e}")))
}

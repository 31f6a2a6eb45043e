//! Samples: what there is to choose from, and the check of every template.

use std::sync::Arc;

use crate::domain::document::{Document, DocumentError, RenderRequest};
use crate::domain::options::{Length, LocaleTag};
use crate::domain::role::Role;
use crate::domain::{PostingOptions, Slug};

use super::blocks::{Mode, Press};
use super::emphasis;
use super::kit::Kit;
use super::own_tone::EVERYWHERE;
use super::phrase::{Phrase, Spec};
use super::slot::{Slot, Values};
use super::tone::Tone;
use super::{Choice, Format, RenderError, Renderer, Subject, TemplateError, WithTone};

const ROLE: &str = include_str!("samples/role.json");
const OPTIONS: &str = include_str!("samples/options.json");
/// A role that leaves out what may be left out.
const SPARSE_ROLE: &str = include_str!("samples/sparse-role.json");

/// The formats that templates have a part in. The others are made of the posting that `json` is.
const CHECKED: [Format; 5] = [Format::Html, Format::Page, Format::Markdown, Format::Text, Format::Json];

/// The tones, each with its opening of the sample role.
pub fn tone_choices(renderer: &Renderer) -> Result<Vec<Choice>, TemplateError> {
    let choice = |(tone, example): (&Arc<Tone>, String)| Choice {
        id: tone.id.clone(),
        description: tone.settings.description.clone(),
        example,
    };
    Ok(renderer.tones.iter().zip(openings(renderer, &renderer.tones)?).map(choice).collect())
}

/// What each of `tones` says as the first sentence of a posting of the sample role.
pub fn openings(renderer: &Renderer, tones: &[Arc<Tone>]) -> Result<Vec<String>, TemplateError> {
    let sample = sample(ROLE, "{}")?;
    let press = Press { env: &renderer.env, mode: Mode::Kept };
    let values = [(Slot::Title, Some("Software Engineer")), (Slot::Employer, Some("Acme"))];
    let beside = [(Slot::Mission, Some(sample.role.mission.as_str())), (Slot::Location, Some("Denver"))];
    let opening = |tone: &Arc<Tone>| {
        let said = Kit::new(press, &sample.role, tone.clone(), renderer.words_locale()).and_then(|kit| {
            let values = Values::of(&values).beside(&beside);
            kit.say(press, Phrase::Opening, values).map(std::borrow::Cow::into_owned)
        });
        said.map_err(|error| TemplateError::from_minijinja(&tone.template, &error))
    };
    tones.iter().map(opening).collect()
}

/// The locales, each with a pay range in euros.
pub fn locale_choices(renderer: &Renderer) -> Vec<Choice> {
    let pay = |locale: &super::Locale| {
        let euros = r#"{"min":140000,"max":220000,"currency":"EUR","period":"year"}"#;
        serde_json::from_str(euros).map_or_else(|_| String::new(), |salary| locale.pay(&salary, &[]))
    };
    let choice = |locale: &super::Locale| Choice {
        id: locale.tag().to_owned(),
        description: locale.name().to_owned(),
        example: pay(locale),
    };
    renderer.locales.iter().map(choice).collect()
}

/// The emphasis dimensions: ours, and beside them those of `role`. The example is the duty of the
/// role that the dimension puts first, or what it would put first in ours.
pub fn emphasis_choices(role: Option<&Role>) -> Vec<Choice> {
    let ours = |name: &str| emphasis::DIMENSIONS.iter().chain(&emphasis::SECTIONS).find(|d| d.name == name);
    let of_role = |name: &str| {
        let duties = role.into_iter().flat_map(Role::duties);
        let carrying =
            duties.filter_map(|d| d.tags.iter().position(|t| t.as_str() == name).map(|at| (at, d)));
        carrying.min_by_key(|(at, _)| *at).map(|(_, duty)| duty.action.to_string())
    };
    let choice = |name: &str| {
        let known = ours(name);
        let example = of_role(name).or_else(|| known.map(|d| d.example.to_owned()));
        Choice {
            id: name.to_owned(),
            description: known.map_or("A dimension of this role.", |d| d.description).to_owned(),
            example: example.unwrap_or_else(|| name.to_owned()),
        }
    };
    emphasis::valid(role).into_iter().map(choice).collect()
}

/// Says every phrase in every shape, and renders the samples and `roles` in every tone and in the formats
/// that templates have a part in, with the fewest options and with the most, from frames and anew; the two must agree.
pub fn all(renderer: &Renderer, roles: &[&Role]) -> Result<(), TemplateError> {
    let anew = renderer.without_keep();
    let pair = Pair { kept: renderer.with_tone(None), anew: anew.with_tone(None) };
    let sample = sample(ROLE, OPTIONS)?;
    for tone in &renderer.tones {
        samples(renderer, pair, &sample, tone)?;
        for role in roles {
            for (length, full) in Length::ALL.into_iter().flat_map(|length| [(length, false), (length, true)])
            {
                pair.agree(role, &options(&sample, role, &tone.id, length, full), &CHECKED)?;
            }
        }
    }
    let role = &sample.role;
    for locale in renderer.locales() {
        let options = PostingOptions {
            locale: LocaleTag::try_from(locale.id.clone()).ok(),
            ..options(&sample, role, super::tone::DEFAULT, Length::Full, true)
        };
        pair.agree(role, &options, &[Format::Text])?;
    }
    Ok(())
}

/// The same for an employer's own tone.
pub fn own(renderer: &Renderer, tone: &Arc<Tone>) -> Result<(), TemplateError> {
    let anew = renderer.without_keep();
    let pair = Pair { kept: renderer.with_tone(Some(tone)), anew: anew.with_tone(Some(tone)) };
    samples(renderer, pair, &sample(ROLE, OPTIONS)?, tone)
}

/// Says every phrase of `tone`, and renders the samples in it.
fn samples(
    renderer: &Renderer,
    pair: Pair<'_>,
    sample: &RenderRequest,
    tone: &Arc<Tone>,
) -> Result<(), TemplateError> {
    let sparse = self::sample(SPARSE_ROLE, "{}")?.role;
    for role in [&sample.role, &sparse] {
        phrases(renderer, role, tone)?;
        for (length, full) in [(Length::Full, true), (Length::Short, false)] {
            pair.agree(role, &options(sample, role, &tone.id, length, full), &CHECKED)?;
        }
    }
    Ok(())
}

/// Says every phrase with every set of values that it can have, from frames and anew.
fn phrases(renderer: &Renderer, role: &Role, tone: &Arc<Tone>) -> Result<(), TemplateError> {
    let failed = |error: minijinja::Error| TemplateError::from_minijinja(&tone.template, &error);
    let kept = Press { env: &renderer.env, mode: Mode::Kept };
    let anew = Press { env: &renderer.env, mode: Mode::Anew };
    let kit = Kit::new(kept, role, tone.clone(), renderer.words_locale()).map_err(failed)?;
    let everywhere = tone.own.iter().flat_map(|_| EVERYWHERE);
    let beside = [(Slot::Mission, Some(role.mission.as_str()))];
    for phrase in Phrase::ALL {
        let Spec { block, always, slots } = phrase.spec();
        let slots: Vec<Slot> =
            slots.iter().copied().chain(everywhere.clone().filter(|slot| !slots.contains(slot))).collect();
        for shape in 0..1_usize << slots.len() {
            let given = |n: usize, slot: &Slot| always.contains(slot) || shape & (1 << n) != 0;
            let values = slots.iter().enumerate().filter(|(n, slot)| given(*n, slot));
            let values: Vec<_> = values.map(|(_, &slot)| (slot, Some("an Acme"))).collect();
            let values = Values::of(&values).beside(&beside);
            if kit.say(kept, phrase, values).map_err(failed)?
                != kit.say(anew, phrase, values).map_err(failed)?
            {
                return Err(TemplateError::new(format!("{}, block {block}", tone.template), BRANCHES));
            }
        }
    }
    Ok(())
}

const BRANCHES: &str =
    "branches on what a value says: values of the request may only be printed and tested for presence";

fn options(sample: &RenderRequest, role: &Role, tone: &str, length: Length, full: bool) -> PostingOptions {
    let mut options =
        if full { sample.options.clone().unwrap_or_default() } else { PostingOptions::default() };
    options.tone = Slug::try_from(tone).ok();
    options.length = Some(length);
    if !std::ptr::eq(role, &raw const sample.role) {
        let valid = emphasis::valid(Some(role));
        let known = options.emphasis.iter().filter(|e| valid.contains(&e.dimension().as_str()));
        options.emphasis = known.cloned().collect::<Vec<_>>().into();
    }
    options
}

/// The same renderer twice: from frames, and anew.
#[derive(Clone, Copy)]
struct Pair<'r> {
    kept: WithTone<'r>,
    anew: WithTone<'r>,
}

impl Pair<'_> {
    fn agree(self, role: &Role, options: &PostingOptions, formats: &[Format]) -> Result<(), TemplateError> {
        let tone = options.tone.as_ref().map_or("", Slug::as_str);
        for &format in formats {
            let name = || format!("tones/{tone}.j2 as {} of `{}`", format.as_str(), role.id);
            let failed = |error: RenderError| match error {
                RenderError::Template(error) => TemplateError::from_minijinja(&name(), &error),
                error => TemplateError::new(name(), error),
            };
            let from_frames = self.kept.render(Subject::Inline(role), options, format).map_err(failed)?;
            let from_templates = self.anew.render(Subject::Inline(role), options, format).map_err(failed)?;
            if from_frames != from_templates {
                return Err(TemplateError::new(name(), BRANCHES));
            }
        }
        Ok(())
    }
}

fn sample(role: &str, options: &str) -> Result<RenderRequest, TemplateError> {
    let request = format!(r#"{{"role":{role},"options":{options}}}"#);
    RenderRequest::from_json(request.as_bytes())
        .map_err(|error: DocumentError| TemplateError::new("samples", error))
}

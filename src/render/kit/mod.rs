//! A role in a tone: every item worded once, and every phrase ready to be filled.
//!
//! What the choice of items needs is reckoned here as well: how well each serves each dimension, and
//! how many words the longest of each kind have.

mod list;
mod phrases;
mod writer;

use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

use minijinja::value::Value;

use crate::domain::{Role, Slug};

use super::blocks::{Context, Press};
use super::count::word_count;
use super::english;
use super::format::escape::Escape;
use super::format::ready::Ready;
use super::format::skin::SKINS;
use super::frame::Frame;
use super::locale::Locale;
use super::phrase::{PHRASES, Phrase};
use super::slot::{Slot, Values};
use super::tone::Tone;

use phrases::Phrases;
use writer::Writer;

pub use list::{Entry, List, Pool};

/// The index of an item among [`Kit::items`].
pub type ItemIndex = usize;

/// One text of the role, as the tone words it.
#[derive(Debug)]
pub struct KeptItem {
    /// The words.
    pub words: String,
    /// How many they are.
    pub count: u32,
    /// Where in the role they come from.
    pub pointer: String,
    /// Whether it is a paragraph rather than an item of a list.
    pub paragraph: bool,
}

/// A role in a tone.
#[derive(Debug)]
pub struct Kit {
    /// The role.
    pub role: Role,
    /// The tone.
    pub tone: Arc<Tone>,
    /// All texts.
    pub items: Vec<KeptItem>,
    /// The tags of the role's duties and skills.
    pub dimensions: Vec<String>,
    /// The summary.
    pub summary: ItemIndex,
    /// Primary duties, then secondary ones.
    pub duties: List,
    /// The duties that are never left out.
    pub essential: Pool,
    /// The duties that may be.
    pub other_duties: Pool,
    /// What each duty is called when an emphasis names it.
    pub tasks: Vec<String>,
    /// Hard skills, then soft ones.
    pub skills: List,
    /// The hard skills that are required.
    pub hard: Pool,
    /// The soft skills that are required.
    pub soft: Pool,
    /// The skills that are not.
    pub other_skills: Pool,
    /// Must-haves in education and experience.
    pub required: Vec<ItemIndex>,
    /// The same for a short posting.
    pub required_brief: Vec<ItemIndex>,
    /// The fields of study, in a sentence.
    pub fields: Option<ItemIndex>,
    /// Nice-to-haves in education and experience.
    pub preferred: Vec<ItemIndex>,
    /// Career: entry from, advances to, lateral moves.
    pub steps: [Vec<ItemIndex>; 3],
    /// The words of the longest sentence that emphasis may add to the opening.
    pub longest_clause: u32,
    /// The article of the role's title.
    pub article: &'static str,
    fixed_words: Vec<Option<u32>>,
    phrases: Phrases,
    /// By skin.
    ready: [OnceLock<Ready>; SKINS],
}

impl Kit {
    /// Words `role` in `tone`; `locale` joins its lists.
    ///
    /// # Errors
    /// What minijinja reports of the tone's template.
    pub fn new(
        press: Press<'_>,
        role: &Role,
        tone: Arc<Tone>,
        locale: &Locale,
    ) -> Result<Self, minijinja::Error> {
        let mut writer = Writer::new(press, &tone);
        let dimensions: Vec<&Slug> = role.tags();
        let summary = writer.summary(role)?;
        let (duties, tasks) = writer.duties(role, &dimensions)?;
        let skills = writer.skills(role, &dimensions)?;
        let (required, required_brief) = writer.required(role)?;
        let fields = writer.fields(role, locale)?;
        let preferred = writer.preferred(role)?;
        let steps = writer.career(role)?;
        let items = writer.into_items();
        let duties = List::new(duties, dimensions.len());
        let skills = List::new(skills, dimensions.len());
        let pool = |list: &List, of: &dyn Fn(&Entry) -> bool| Pool::new(list, &items, of);
        let mut kit = Self {
            essential: pool(&duties, &|duty| duty.must),
            other_duties: pool(&duties, &|duty| !duty.must),
            hard: pool(&skills, &|skill| skill.must && skill.first_list),
            soft: pool(&skills, &|skill| skill.must && !skill.first_list),
            other_skills: pool(&skills, &|skill| !skill.must),
            items,
            dimensions: dimensions.into_iter().map(Slug::to_string).collect(),
            summary,
            duties,
            tasks,
            skills,
            required,
            required_brief,
            fields,
            preferred,
            steps,
            phrases: Phrases::new(Context::from([("mission", Value::from(role.mission.as_str()))])),
            ready: std::array::from_fn(|_| OnceLock::new()),
            longest_clause: 0,
            article: english::article(role.title.as_str()),
            fixed_words: Vec::new(),
            role: role.clone(),
            tone,
        };
        kit.longest_clause = kit.measure_clauses(press)?;
        kit.fixed_words = kit.measure_phrases(press)?;
        Ok(kit)
    }

    fn measure_phrases(&self, press: Press<'_>) -> Result<Vec<Option<u32>>, minijinja::Error> {
        let varies = |phrase| self.tone.own.as_ref().is_some_and(|own| own.varies(phrase));
        let measure = |phrase: &Phrase| match phrase.spec().slots {
            [] if !varies(*phrase) => {
                self.say(press, *phrase, Values::NONE).map(|words| Some(word_count(&words)))
            }
            _ => Ok(None),
        };
        Phrase::ALL.iter().map(measure).collect()
    }

    fn measure_clauses(&self, press: Press<'_>) -> Result<u32, minijinja::Error> {
        self.longest_clause_of(|phrase, task| {
            let values = [(Slot::Title, Some(self.role.title.as_str())), (Slot::Task, task)];
            self.words(press, phrase, Values::of(&values))
        })
    }

    /// The words of the longest sentence that emphasis may add, as `words` counts it with the longest
    /// task.
    ///
    /// # Errors
    /// What `words` reports.
    pub fn longest_clause_of(
        &self,
        words: impl Fn(Phrase, Option<&str>) -> Result<u32, minijinja::Error>,
    ) -> Result<u32, minijinja::Error> {
        let task = self.tasks.iter().max_by_key(|task| word_count(task)).map(String::as_str);
        let mut longest = 0;
        for phrase in [Phrase::Emphasis, Phrase::EmphasisNext, Phrase::EmphasisLast] {
            longest = longest.max(words(phrase, task)?);
        }
        Ok(longest)
    }

    /// Whether an item is a degree or certificate that is a must.
    pub fn is_credential(&self, item: ItemIndex) -> bool {
        self.items.get(item).is_some_and(|item| item.pointer.starts_with("/education/minimum"))
    }

    /// How many words an item has.
    pub fn count(&self, item: ItemIndex) -> u32 {
        self.items.get(item).map_or(0, |item| item.count)
    }

    /// Says a phrase; one that carries no values is borrowed.
    ///
    /// # Errors
    /// What minijinja reports of the tone's template.
    pub fn say(
        &self,
        press: Press<'_>,
        phrase: Phrase,
        values: Values<'_>,
    ) -> Result<Cow<'_, str>, minijinja::Error> {
        if !press.is_kept() && self.tone.own_phrase(phrase, values).is_none() {
            return self.phrases.anew(press, &self.tone.template, phrase, values).map(Cow::Owned);
        }
        let frame = self.frame(press, phrase, values, Escape::Nothing)?;
        if let Some(text) = frame.as_text() {
            return Ok(Cow::Borrowed(text));
        }
        let mut text = String::with_capacity(512);
        frame.fill(&mut text, values, Escape::Nothing);
        Ok(Cow::Owned(text))
    }

    /// What a phrase is filled into, its own words escaped: not at all, or for HTML.
    ///
    /// # Errors
    /// What minijinja reports of the tone's template.
    pub fn frame(
        &self,
        press: Press<'_>,
        phrase: Phrase,
        values: Values<'_>,
        escape: Escape,
    ) -> Result<&Frame, minijinja::Error> {
        match self.tone.own_phrase(phrase, values) {
            Some(own) => Ok(own.frame(escape)),
            None => self.phrases.frame(press, &self.tone.template, phrase, values, escape),
        }
    }

    /// How many words a phrase has with its values.
    ///
    /// # Errors
    /// What minijinja reports of the tone's template.
    pub fn words(
        &self,
        press: Press<'_>,
        phrase: Phrase,
        values: Values<'_>,
    ) -> Result<u32, minijinja::Error> {
        match self.fixed_words(phrase) {
            Some(words) => Ok(words),
            None if press.is_kept() => Ok(self.frame(press, phrase, values, Escape::Nothing)?.words(values)),
            None => Ok(word_count(&self.say(press, phrase, values)?)),
        }
    }

    /// How many words a phrase has, if it carries no values.
    pub fn fixed_words(&self, phrase: Phrase) -> Option<u32> {
        self.fixed_words.get(phrase as usize).copied().flatten()
    }

    /// The items as bytes of the skin with this index, made once.
    pub fn ready(&self, skin: usize) -> Option<&OnceLock<Ready>> {
        self.ready.get(skin)
    }

    /// About how many bytes of memory it takes.
    pub fn weight(&self) -> u64 {
        let words: usize = self.items.iter().map(|item| item.words.len() + item.pointer.len() + 96).sum();
        // The role's own texts, the items, and them again in each skin; and the frames.
        (words as u64) * (2 + SKINS as u64) + (PHRASES as u64) * 1024
    }
}

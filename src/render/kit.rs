//! A role in a tone: every item worded once, and every phrase ready to be filled.

use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

use minijinja::value::Value;

use crate::domain::role::{Credential, Duty, Skill};
use crate::domain::{Role, Slug, Text};

use super::blocks::{self, Context, Frames, Press};
use super::count::word_count;
use super::english;
use super::format::escape::Escape;
use super::format::ready::Ready;
use super::locale::Locale;
use super::phrase::{PHRASES, Phrase, Wording};
use super::slot::{Slot, Values};
use super::tone::Tone;

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

/// A duty or a skill, in both its wordings.
#[derive(Debug)]
pub struct Entry {
    /// The usual wording.
    pub full: ItemIndex,
    /// The wording of a short posting, or of a line.
    pub brief: ItemIndex,
    /// The item's id.
    pub id: String,
    /// Where it stands in the role.
    pub pointer: String,
    /// Indices into [`Kit::dimensions`], the strongest first.
    pub tags: Vec<usize>,
    /// Essential duty, or required skill.
    pub must: bool,
    /// Primary duty, or hard skill.
    pub first_list: bool,
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
    pub duties: Vec<Entry>,
    /// What each duty is called when an emphasis names it.
    pub tasks: Vec<String>,
    /// Hard skills, then soft ones.
    pub skills: Vec<Entry>,
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
    phrases: Vec<Frames>,
    context: Context,
    ready: [OnceLock<Ready>; 4],
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
        let mut writer = Writer { press, template: &tone.template, items: Vec::new() };
        let dimensions: Vec<&Slug> = role.tags();
        let tags =
            |tags: &[Slug]| tags.iter().filter_map(|t| dimensions.iter().position(|d| *d == t)).collect();

        let summary = writer.paragraph(Wording::Summary, "/summary", &[("summary", text(&role.summary))])?;
        let mut duties = Vec::new();
        let mut tasks = Vec::new();
        for (list, name) in
            [(&role.responsibilities.primary, "primary"), (&role.responsibilities.secondary, "secondary")]
        {
            for (n, duty) in list.iter().enumerate() {
                let pointer = format!("/responsibilities/{name}/{n}");
                let parts = duty_parts(duty);
                let own = |brief| tone.own.as_ref().and_then(|own| own.duty(duty, brief));
                let said = |brief| own(brief).map_or_else(|| parts.clone(), only_action);
                duties.push(Entry {
                    full: writer.item(Wording::Duty, &pointer, &said(false))?,
                    brief: writer.item(Wording::DutyBrief, &pointer, &said(true))?,
                    id: duty.id.to_string(),
                    tags: tags(&duty.tags),
                    must: duty.essential,
                    first_list: name == "primary",
                    pointer,
                });
                tasks.push(writer.word(Wording::Task, &parts)?);
            }
        }
        let mut skills = Vec::new();
        for (list, name) in [(&role.skills.hard, "hard"), (&role.skills.soft, "soft")] {
            for (n, skill) in list.iter().enumerate() {
                let pointer = format!("/skills/{name}/{n}");
                let parts = skill_parts(skill);
                skills.push(Entry {
                    full: writer.item(Wording::Skill, &pointer, &parts)?,
                    brief: writer.item(Wording::SkillBrief, &pointer, &parts)?,
                    id: skill.id.to_string(),
                    tags: tags(&skill.tags),
                    must: skill.required,
                    first_list: name == "hard",
                    pointer,
                });
            }
        }
        let (required, required_brief) = writer.required(role)?;
        let fields = writer.fields(role, locale)?;
        let preferred = writer.preferred(role)?;
        let career = &role.career;
        let steps = [
            writer.steps(&career.entry_from, "entry_from")?,
            writer.steps(&career.advances_to, "advances_to")?,
            writer.steps(&career.lateral_moves, "lateral_moves")?,
        ];
        let items = writer.items;
        let mut kit = Self {
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
            phrases: Phrase::ALL
                .iter()
                .map(|p| Frames::new(p.spec().block, p.spec().slots))
                .collect::<Vec<_>>(),
            context: Context::from([("mission", text(&role.mission))]),
            ready: Default::default(),
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
            self.say(press, phrase, Values::of(&values))
        })
    }

    /// The words of the longest sentence that emphasis may add, as `say` says it of the longest task.
    pub fn longest_clause_of<'k>(
        &'k self,
        say: impl Fn(Phrase, Option<&'k str>) -> Result<Cow<'k, str>, minijinja::Error>,
    ) -> Result<u32, minijinja::Error> {
        let task = self.tasks.iter().max_by_key(|task| word_count(task)).map(String::as_str);
        let mut longest = 0;
        for phrase in [Phrase::Emphasis, Phrase::EmphasisNext, Phrase::EmphasisLast] {
            longest = longest.max(word_count(&say(phrase, task)?));
        }
        Ok(longest)
    }

    /// Whether an item is a degree or certificate that is a must.
    pub fn is_degree(&self, item: ItemIndex) -> bool {
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
        if let Some(own) = self.tone.own_phrase(phrase, values) {
            return Ok(own.say(values));
        }
        let Some(frames) = self.phrases.get(phrase as usize) else { return Ok(Cow::Borrowed("")) };
        let (template, context) = (&self.tone.template, &self.context);
        if !press.is_kept() {
            return frames.anew(press.env, template, context, values, None).map(Cow::Owned);
        }
        let frame = frames.get(press.env, template, context, values)?;
        if let Some(text) = frame.as_text() {
            return Ok(Cow::Borrowed(text));
        }
        let mut text = String::with_capacity(512);
        frame.fill(&mut text, values, Escape::Nothing);
        Ok(Cow::Owned(text))
    }

    /// How many words a phrase has, if it carries no values.
    pub fn fixed_words(&self, phrase: Phrase) -> Option<u32> {
        self.fixed_words.get(phrase as usize).copied().flatten()
    }

    /// The items as bytes of the text format with this index, made once.
    pub fn ready(&self, format: usize) -> Option<&OnceLock<Ready>> {
        self.ready.get(format)
    }

    /// About how many bytes of memory it takes.
    pub fn weight(&self) -> u64 {
        let words: usize = self.items.iter().map(|item| item.words.len() + item.pointer.len() + 96).sum();
        // The role's own texts, the items, and them again in each of four formats; and the frames.
        (words as u64) * 6 + (PHRASES as u64) * 512
    }
}

type Parts<'p> = [(&'static str, Value)];

struct Writer<'w> {
    press: Press<'w>,
    template: &'w str,
    items: Vec<KeptItem>,
}

impl Writer<'_> {
    fn word(&self, wording: Wording, parts: &Parts<'_>) -> Result<String, minijinja::Error> {
        let context: Context = parts.iter().cloned().collect();
        blocks::render(self.press.env, self.template, wording.block(), &context)
    }

    fn push(
        &mut self,
        wording: Wording,
        pointer: &str,
        parts: &Parts<'_>,
        paragraph: bool,
    ) -> Result<ItemIndex, minijinja::Error> {
        let words = self.word(wording, parts)?;
        let count = word_count(&words);
        self.items.push(KeptItem { words, count, pointer: pointer.to_owned(), paragraph });
        Ok(self.items.len() - 1)
    }

    fn item(
        &mut self,
        wording: Wording,
        pointer: &str,
        parts: &Parts<'_>,
    ) -> Result<ItemIndex, minijinja::Error> {
        self.push(wording, pointer, parts, false)
    }

    fn paragraph(
        &mut self,
        wording: Wording,
        pointer: &str,
        parts: &Parts<'_>,
    ) -> Result<ItemIndex, minijinja::Error> {
        self.push(wording, pointer, parts, true)
    }

    fn required(&mut self, role: &Role) -> Result<(Vec<ItemIndex>, Vec<ItemIndex>), minijinja::Error> {
        let (mut usual, mut brief) = (Vec::new(), Vec::new());
        if let Some(experience) = &role.experience {
            let number = |years: Option<u8>| years.map_or(Value::from(()), Value::from);
            let parts = [
                ("years", number(experience.minimum_years)),
                ("leadership", number(experience.leadership_years)),
                ("summary", text(&experience.summary)),
            ];
            usual.push(self.item(Wording::Experience, "/experience/summary", &parts)?);
            let years = if experience.minimum_years.is_some() { "minimum_years" } else { "summary" };
            let pointer = format!("/experience/{years}");
            brief.push(self.item(Wording::ExperienceBrief, &pointer, &parts)?);
            if experience.leadership_years.is_some() {
                usual.push(self.item(Wording::Leadership, "/experience/leadership_years", &parts)?);
            }
        }
        let degrees = self.credentials(&role.education.minimum, "minimum")?;
        usual.extend(&degrees);
        brief.extend(&degrees);
        Ok((usual, brief))
    }

    fn fields(&mut self, role: &Role, locale: &Locale) -> Result<Option<ItemIndex>, minijinja::Error> {
        let fields: Vec<&str> = role.education.fields_of_study.iter().map(Text::as_str).collect();
        if fields.is_empty() {
            return Ok(None);
        }
        let parts = [
            ("and_fields", Value::from(locale.and_list(&fields))),
            ("or_fields", Value::from(locale.or_list(&fields))),
        ];
        self.paragraph(Wording::FieldsOfStudy, "/education/fields_of_study", &parts).map(Some)
    }

    fn preferred(&mut self, role: &Role) -> Result<Vec<ItemIndex>, minijinja::Error> {
        let mut items = self.credentials(&role.education.preferred, "preferred")?;
        for (n, line) in role.experience.iter().flat_map(|e| e.preferred.iter().enumerate()) {
            let pointer = format!("/experience/preferred/{n}");
            items.push(self.item(Wording::PreferredExperience, &pointer, &[("text", text(line))])?);
        }
        Ok(items)
    }

    fn credentials(&mut self, list: &[Credential], name: &str) -> Result<Vec<ItemIndex>, minijinja::Error> {
        let mut items = Vec::new();
        for (n, credential) in list.iter().enumerate() {
            let pointer = format!("/education/{name}/{n}");
            items.push(self.item(Wording::Credential, &pointer, &[("text", text(&credential.text))])?);
        }
        Ok(items)
    }

    fn steps(&mut self, list: &[Text], name: &str) -> Result<Vec<ItemIndex>, minijinja::Error> {
        let mut items = Vec::new();
        for (n, step) in list.iter().enumerate() {
            items.push(self.item(Wording::Step, &format!("/career/{name}/{n}"), &[("text", text(step))])?);
        }
        Ok(items)
    }
}

fn text(text: &Text) -> Value {
    Value::from(text.as_str())
}

fn optional(value: Option<&Text>) -> Value {
    value.map_or(Value::from(()), text)
}

fn duty_parts(duty: &Duty) -> [(&'static str, Value); 4] {
    [
        ("action", text(&duty.action)),
        ("detail", optional(duty.detail.as_ref())),
        ("outcome", optional(duty.outcome.as_ref())),
        ("plain", optional(duty.plain.as_ref().map(|plain| &plain.action))),
    ]
}

/// The parts that an own tone chose, as one: the template gives it its form.
fn only_action(words: String) -> [(&'static str, Value); 4] {
    let none = || Value::from(());
    [("action", Value::from(words)), ("detail", none()), ("outcome", none()), ("plain", none())]
}

fn skill_parts(skill: &Skill) -> [(&'static str, Value); 2] {
    [("name", text(&skill.name)), ("description", optional(skill.description.as_ref()))]
}

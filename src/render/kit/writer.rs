//! Words every item of a role, as the tone does.

use minijinja::value::Value;

use crate::domain::role::{Credential, Duty, Skill};
use crate::domain::{Role, Slug, Text};

use super::super::blocks::{self, Context, Press};
use super::super::count::word_count;
use super::super::locale::Locale;
use super::super::phrase::Wording;
use super::super::tone::Tone;
use super::{Entry, ItemIndex, KeptItem};

type Parts<'p> = [(&'static str, Value)];

type Worded<T> = Result<T, minijinja::Error>;

/// Words items one after the other.
pub(super) struct Writer<'w> {
    press: Press<'w>,
    tone: &'w Tone,
    items: Vec<KeptItem>,
}

impl<'w> Writer<'w> {
    pub(super) fn new(press: Press<'w>, tone: &'w Tone) -> Self {
        Self { press, tone, items: Vec::new() }
    }

    pub(super) fn into_items(self) -> Vec<KeptItem> {
        self.items
    }

    pub(super) fn summary(&mut self, role: &Role) -> Worded<ItemIndex> {
        self.paragraph(Wording::Summary, "/summary", &[("summary", text(&role.summary))])
    }

    /// The duties, and what each is called when an emphasis names it.
    pub(super) fn duties(&mut self, role: &Role, dimensions: &[&Slug]) -> Worded<(Vec<Entry>, Vec<String>)> {
        let (mut duties, mut tasks) = (Vec::new(), Vec::new());
        let lists =
            [(&role.responsibilities.primary, "primary"), (&role.responsibilities.secondary, "secondary")];
        for (list, name) in lists {
            for (n, duty) in list.iter().enumerate() {
                let pointer = format!("/responsibilities/{name}/{n}");
                let parts = duty_parts(duty);
                let own = |brief| self.tone.own.as_ref().and_then(|own| own.duty(duty, brief));
                let said = |brief| own(brief).map_or_else(|| parts.clone(), only_action);
                let (full, brief) = (said(false), said(true));
                duties.push(Entry {
                    full: self.item(Wording::Duty, &pointer, &full)?,
                    brief: self.item(Wording::DutyBrief, &pointer, &brief)?,
                    id: duty.id.to_string(),
                    tags: indices(&duty.tags, dimensions),
                    must: duty.essential,
                    first_list: name == "primary",
                    pointer,
                });
                tasks.push(self.word(Wording::Task, &parts)?);
            }
        }
        Ok((duties, tasks))
    }

    pub(super) fn skills(&mut self, role: &Role, dimensions: &[&Slug]) -> Worded<Vec<Entry>> {
        let mut skills = Vec::new();
        for (list, name) in [(&role.skills.hard, "hard"), (&role.skills.soft, "soft")] {
            for (n, skill) in list.iter().enumerate() {
                let pointer = format!("/skills/{name}/{n}");
                let parts = skill_parts(skill);
                skills.push(Entry {
                    full: self.item(Wording::Skill, &pointer, &parts)?,
                    brief: self.item(Wording::SkillBrief, &pointer, &parts)?,
                    id: skill.id.to_string(),
                    tags: indices(&skill.tags, dimensions),
                    must: skill.required,
                    first_list: name == "hard",
                    pointer,
                });
            }
        }
        Ok(skills)
    }

    /// Entry from, advances to, lateral moves.
    pub(super) fn career(&mut self, role: &Role) -> Worded<[Vec<ItemIndex>; 3]> {
        let career = &role.career;
        Ok([
            self.steps(&career.entry_from, "entry_from")?,
            self.steps(&career.advances_to, "advances_to")?,
            self.steps(&career.lateral_moves, "lateral_moves")?,
        ])
    }

    fn word(&self, wording: Wording, parts: &Parts<'_>) -> Worded<String> {
        let context: Context = parts.iter().cloned().collect();
        blocks::render(self.press.env, &self.tone.template, wording.block(), &context)
    }

    fn push(
        &mut self,
        wording: Wording,
        pointer: &str,
        parts: &Parts<'_>,
        paragraph: bool,
    ) -> Worded<ItemIndex> {
        let words = self.word(wording, parts)?;
        let count = word_count(&words);
        self.items.push(KeptItem { words, count, pointer: pointer.to_owned(), paragraph });
        Ok(self.items.len() - 1)
    }

    fn item(&mut self, wording: Wording, pointer: &str, parts: &Parts<'_>) -> Worded<ItemIndex> {
        self.push(wording, pointer, parts, false)
    }

    fn paragraph(&mut self, wording: Wording, pointer: &str, parts: &Parts<'_>) -> Worded<ItemIndex> {
        self.push(wording, pointer, parts, true)
    }

    pub(super) fn required(&mut self, role: &Role) -> Worded<(Vec<ItemIndex>, Vec<ItemIndex>)> {
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

    pub(super) fn fields(&mut self, role: &Role, locale: &Locale) -> Worded<Option<ItemIndex>> {
        let fields: Vec<&str> = role.education.fields_of_study.iter().map(Text::as_str).collect();
        if fields.is_empty() {
            return Ok(None);
        }
        let parts = [
            ("fields", Value::from(fields.len())),
            ("and_fields", Value::from(locale.and_list(&fields))),
            ("or_fields", Value::from(locale.or_list(&fields))),
        ];
        self.paragraph(Wording::FieldsOfStudy, "/education/fields_of_study", &parts).map(Some)
    }

    pub(super) fn preferred(&mut self, role: &Role) -> Worded<Vec<ItemIndex>> {
        let mut items = self.credentials(&role.education.preferred, "preferred")?;
        for (n, line) in role.experience.iter().flat_map(|e| e.preferred.iter().enumerate()) {
            let pointer = format!("/experience/preferred/{n}");
            items.push(self.item(Wording::PreferredExperience, &pointer, &[("text", text(line))])?);
        }
        Ok(items)
    }

    fn credentials(&mut self, list: &[Credential], name: &str) -> Worded<Vec<ItemIndex>> {
        let mut items = Vec::new();
        for (n, credential) in list.iter().enumerate() {
            let pointer = format!("/education/{name}/{n}");
            items.push(self.item(Wording::Credential, &pointer, &[("text", text(&credential.text))])?);
        }
        Ok(items)
    }

    fn steps(&mut self, list: &[Text], name: &str) -> Worded<Vec<ItemIndex>> {
        let mut items = Vec::new();
        for (n, step) in list.iter().enumerate() {
            items.push(self.item(Wording::Step, &format!("/career/{name}/{n}"), &[("text", text(step))])?);
        }
        Ok(items)
    }
}

/// Where the tags stand among the dimensions.
fn indices(tags: &[Slug], dimensions: &[&Slug]) -> Vec<usize> {
    tags.iter().filter_map(|tag| dimensions.iter().position(|dimension| *dimension == tag)).collect()
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

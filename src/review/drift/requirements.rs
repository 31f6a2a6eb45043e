//! What two vacancies ask for: education, experience, skills.

use super::super::alike;
use super::super::words::{Lexicon, Word};
use super::order::matched;
use super::{ChangeKind, Requirement, RequirementChange};
use crate::domain::role::{Credential, Education, Experience, Level};
use crate::domain::{Text, Vacancy};

/// What is different in the requirements.
pub fn changes(before: &Vacancy, after: &Vacancy) -> Vec<RequirementChange> {
    let mut found = Found(Vec::new());
    found.education(before.education.as_ref(), after.education.as_ref());
    found.experience(before.experience.as_ref(), after.experience.as_ref());
    found.list(Requirement::Skill, "/skills", &texts(&before.skills), &texts(&after.skills));
    found.0
}

struct Found(Vec<RequirementChange>);

impl Found {
    fn education(&mut self, before: Option<&Education>, after: Option<&Education>) {
        let kind = Requirement::Education;
        let credentials = |education: Option<&Education>| {
            education.map_or(Vec::new(), |education| education.minimum.iter().map(credential).collect())
        };
        self.list(kind, "/education/minimum", &credentials(before), &credentials(after));
        let fields = |education: Option<&Education>| {
            education.map_or(Vec::new(), |education| texts(&education.fields_of_study))
        };
        self.list(kind, "/education/fields_of_study", &fields(before), &fields(after));
        let instead = |education: Option<&Education>| {
            let accepted = education.is_some_and(|education| education.experience_accepted_instead);
            accepted.then(|| "equivalent experience is accepted instead".to_owned())
        };
        self.value(kind, "/education/experience_accepted_instead", instead(before), instead(after));
    }

    fn experience(&mut self, before: Option<&Experience>, after: Option<&Experience>) {
        let kind = Requirement::Experience;
        let summary = |it: Option<&Experience>| it.map(|it| it.summary.to_string());
        self.value(kind, "/experience/summary", summary(before), summary(after));
        let years = |years: u8| if years == 1 { "1 year".to_owned() } else { format!("{years} years") };
        let all = |it: Option<&Experience>| it.and_then(|it| it.minimum_years).map(years);
        self.value(kind, "/experience/minimum_years", all(before), all(after));
        let leading = |it: Option<&Experience>| it.and_then(|it| it.leadership_years).map(years);
        self.value(kind, "/experience/leadership_years", leading(before), leading(after));
    }

    fn value(&mut self, requirement: Requirement, at: &str, before: Option<String>, after: Option<String>) {
        let kind = match (&before, &after) {
            (before, after) if before == after => return,
            (Some(_), Some(_)) => ChangeKind::Altered,
            (Some(_), None) => ChangeKind::Removed,
            (None, _) => ChangeKind::Added,
        };
        self.0.push(RequirementChange { requirement, kind, pointer: at.to_owned(), before, after });
    }

    /// Entries that came, went, or were altered.
    fn list(&mut self, requirement: Requirement, at: &str, before: &[String], after: &[String]) {
        let found = matched(before, after);
        let mut lexicon = Lexicon::default();
        let mut words = |texts: &[String], places: &[usize]| -> Vec<Vec<Word>> {
            places.iter().map(|at| texts.get(*at).map_or(Vec::new(), |text| lexicon.words(text))).collect()
        };
        let pairs = alike::pairs(&words(before, &found.removed), &words(after, &found.added));
        let mut push = |kind, index: usize, was: Option<&String>, now: Option<&String>| {
            let pointer = format!("{at}/{index}");
            let (before, after) = (was.cloned(), now.cloned());
            self.0.push(RequirementChange { requirement, kind, pointer, before, after });
        };
        for (n, &was) in found.removed.iter().enumerate() {
            if pairs.binary_search_by_key(&n, |pair| pair.0).is_err() {
                push(ChangeKind::Removed, was, before.get(was), None);
            }
        }
        for (n, &now) in found.added.iter().enumerate() {
            let was = pairs.iter().find(|pair| pair.1 == n).and_then(|pair| found.removed.get(pair.0));
            let kind = if was.is_some() { ChangeKind::Altered } else { ChangeKind::Added };
            push(kind, now, was.and_then(|was| before.get(*was)), after.get(now));
        }
    }
}

fn texts(list: &[Text]) -> Vec<String> {
    list.iter().map(Text::to_string).collect()
}

/// A credential in words, with its level.
fn credential(credential: &Credential) -> String {
    let level = credential.level.map(|level| match level {
        Level::HighSchool => "high school",
        Level::Associate => "associate degree",
        Level::Bachelor => "bachelor's degree",
        Level::Master => "master's degree",
        Level::Doctorate => "doctorate",
        Level::Certificate => "certificate",
    });
    match level {
        Some(level) => format!("{} ({level})", credential.text),
        None => credential.text.to_string(),
    }
}

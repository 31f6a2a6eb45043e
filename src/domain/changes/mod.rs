//! What is different between two roles, in words that a person reads: part by part, and item by item.
//!
//! An item of a list is the same item as long as it keeps its id, or its own words where it has no
//! id: then it has moved or changed. Else one was removed and another was added.
//!
//! To add a field of the role: a line in the function of its part, and its fields to the strategy of
//! the property test.

mod comparison;
mod lists;
mod words;

#[cfg(test)]
mod tests;

use serde::Serialize;
use utoipa::ToSchema;

use super::role::{
    Career, Credential, Duty, Education, Experience, Occupation, Responsibilities, Role, Skill, Skills,
};
use comparison::{Comparison, Place};
use lists::{Kin, List};

/// A part of a role: a field of its document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the fields of `Role` say what they are")]
pub enum RolePart {
    Id,
    Title,
    AlternateTitles,
    Family,
    Keywords,
    Occupations,
    Summary,
    Mission,
    Salary,
    Career,
    Responsibilities,
    Skills,
    Education,
    Experience,
}

/// What happened to what a difference is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DifferenceKind {
    /// It is only in the later one.
    Added,
    /// It is only in the earlier one.
    Removed,
    /// It has another content.
    Changed,
    /// It stands in another place.
    Moved,
}

/// One difference between two roles.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Difference {
    /// The part of the role.
    pub section: RolePart,
    /// The item of a list: its id, or its own words where it has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_length = 4100, example = "people-growth")]
    pub item: Option<String>,
    /// What happened to it.
    pub kind: DifferenceKind,
    /// A JSON Pointer (RFC 6901) into the later role; for what was removed, into the earlier one.
    #[schema(max_length = 200, example = "/responsibilities/primary/0/action")]
    pub pointer: String,
    /// What was there before, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_length = 20_000)]
    pub before: Option<String>,
    /// What is there after, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_length = 20_000)]
    pub after: Option<String>,
    /// The difference in a sentence; long texts are shortened around what is different.
    #[schema(max_length = 1000, example = "Title: “Tech Manager” became “Engineering Manager”.")]
    pub text: String,
}

/// Everything that is different in `after`, in the order of the document; nothing if and only if the
/// two are equal.
pub fn changes(before: &Role, after: &Role) -> Vec<Difference> {
    let mut found = Comparison::default();
    names(&mut found, before, after);
    let place = Place::of(RolePart::Salary, "Salary");
    found.value(&place, "/salary", before.salary.as_ref(), after.salary.as_ref(), words::pay);
    career(&mut found, &before.career, &after.career);
    responsibilities(&mut found, &before.responsibilities, &after.responsibilities);
    skills(&mut found, &before.skills, &after.skills);
    education(&mut found, &before.education, &after.education);
    experience(&mut found, before.experience.as_ref(), after.experience.as_ref());
    found.differences
}

fn names(found: &mut Comparison, before: &Role, after: &Role) {
    use RolePart as Part;
    let id = Place::of(Part::Id, "Id");
    found.value(&id, "/id", Some(&before.id), Some(&after.id), ToString::to_string);
    found.text(&Place::of(Part::Title, "Title"), "/title", Some(&before.title), Some(&after.title));
    let titles = Place::of(Part::AlternateTitles, "Alternate titles");
    found.texts(&titles, "/alternate_titles", &before.alternate_titles, &after.alternate_titles);
    let family = Place::of(Part::Family, "Family");
    found.text(&family, "/family", before.family.as_ref(), after.family.as_ref());
    let keywords = Place::of(Part::Keywords, "Keywords");
    found.texts(&keywords, "/keywords", &before.keywords, &after.keywords);
    let occupations = Place::of(Part::Occupations, "Occupations");
    let old = [List { place: &occupations, pointer: "/occupations", items: &before.occupations }];
    let new = [List { place: &occupations, pointer: "/occupations", items: &after.occupations }];
    found.lists(&old, &new, &OCCUPATION);
    let summary = Place::of(Part::Summary, "Summary");
    found.text(&summary, "/summary", Some(&before.summary), Some(&after.summary));
    let mission = Place::of(Part::Mission, "Mission");
    found.text(&mission, "/mission", Some(&before.mission), Some(&after.mission));
}

fn career(found: &mut Comparison, before: &Career, after: &Career) {
    let place = |label| Place::of(RolePart::Career, label);
    found.texts(&place("Entry from"), "/career/entry_from", &before.entry_from, &after.entry_from);
    found.texts(&place("Advances to"), "/career/advances_to", &before.advances_to, &after.advances_to);
    found.texts(
        &place("Lateral moves"),
        "/career/lateral_moves",
        &before.lateral_moves,
        &after.lateral_moves,
    );
}

fn responsibilities(found: &mut Comparison, before: &Responsibilities, after: &Responsibilities) {
    let places = [
        (Place::of(RolePart::Responsibilities, "Responsibilities"), "/responsibilities/primary"),
        (Place::of(RolePart::Responsibilities, "Secondary responsibilities"), "/responsibilities/secondary"),
    ];
    let before = List::both(&places, &before.primary, &before.secondary);
    found.lists(&before, &List::both(&places, &after.primary, &after.secondary), &DUTY);
}

fn skills(found: &mut Comparison, before: &Skills, after: &Skills) {
    let places = [
        (Place::of(RolePart::Skills, "Hard skills"), "/skills/hard"),
        (Place::of(RolePart::Skills, "Soft skills"), "/skills/soft"),
    ];
    let before = List::both(&places, &before.hard, &before.soft);
    found.lists(&before, &List::both(&places, &after.hard, &after.soft), &SKILL);
}

fn education(found: &mut Comparison, before: &Education, after: &Education) {
    let minimum = Place::of(RolePart::Education, "Education");
    let places = [
        (minimum.clone(), "/education/minimum"),
        (Place::of(RolePart::Education, "Preferred education"), "/education/preferred"),
    ];
    let old = List::both(&places, &before.minimum, &before.preferred);
    found.lists(&old, &List::both(&places, &after.minimum, &after.preferred), &CREDENTIAL);
    let fields = Place::of(RolePart::Education, "Fields of study");
    found.texts(&fields, "/education/fields_of_study", &before.fields_of_study, &after.fields_of_study);
    found.flag(
        &minimum,
        "/education/experience_accepted_instead",
        (before.experience_accepted_instead, after.experience_accepted_instead),
        "equivalent experience is accepted instead",
        "equivalent experience is no longer accepted instead",
    );
}

fn experience(found: &mut Comparison, before: Option<&Experience>, after: Option<&Experience>) {
    let place = Place::of(RolePart::Experience, "Experience");
    let (Some(before), Some(after)) = (before, after) else {
        return found.value(&place, "/experience", before, after, words::experience);
    };
    found.text(&place, "/experience/summary", Some(&before.summary), Some(&after.summary));
    let years = |years: &u8| years.to_string();
    let all = place.field("minimum years");
    let (old, new) = (before.minimum_years.as_ref(), after.minimum_years.as_ref());
    found.value(&all, "/experience/minimum_years", old, new, years);
    let leading = place.field("years of leadership");
    let (old, new) = (before.leadership_years.as_ref(), after.leadership_years.as_ref());
    found.value(&leading, "/experience/leadership_years", old, new, years);
    let preferred = Place::of(RolePart::Experience, "Preferred experience");
    found.texts(&preferred, "/experience/preferred", &before.preferred, &after.preferred);
}

const DUTY: Kin<Duty> = Kin {
    id: |duty| duty.id.to_string(),
    name: |duty| duty.action.as_str(),
    words: words::duty,
    compare: |found, place, at, before, after| {
        let field = |name: &str| (place.field(name), format!("{at}/{name}"));
        let (action, pointer) = field("action");
        found.text(&action, &pointer, Some(&before.action), Some(&after.action));
        let (detail, pointer) = field("detail");
        found.text(&detail, &pointer, before.detail.as_ref(), after.detail.as_ref());
        let (outcome, pointer) = field("outcome");
        found.text(&outcome, &pointer, before.outcome.as_ref(), after.outcome.as_ref());
        let plain = |duty: &'_ Duty| duty.plain.as_ref().map(|plain| plain.action.clone());
        let wording = place.field("plainer wording");
        found.text(&wording, &format!("{at}/plain/action"), plain(before).as_ref(), plain(after).as_ref());
        let (tags, pointer) = field("tags");
        let (old, new) = (words::some(&before.tags), words::some(&after.tags));
        found.value(&tags, &pointer, old, new, words::tags);
        let essential = (before.essential, after.essential);
        found.flag(
            place,
            &format!("{at}/essential"),
            essential,
            "is essential now",
            "is no longer essential",
        );
    },
};

const SKILL: Kin<Skill> = Kin {
    id: |skill| skill.id.to_string(),
    name: |skill| skill.name.as_str(),
    words: words::skill,
    compare: |found, place, at, before, after| {
        let field = |name: &str| (place.field(name), format!("{at}/{name}"));
        let (name, pointer) = field("name");
        found.text(&name, &pointer, Some(&before.name), Some(&after.name));
        let (description, pointer) = field("description");
        found.text(&description, &pointer, before.description.as_ref(), after.description.as_ref());
        let (tags, pointer) = field("tags");
        let (old, new) = (words::some(&before.tags), words::some(&after.tags));
        found.value(&tags, &pointer, old, new, words::tags);
        let required = (before.required, after.required);
        found.flag(place, &format!("{at}/required"), required, "is required now", "is no longer required");
    },
};

const CREDENTIAL: Kin<Credential> = Kin {
    id: |credential| credential.text.to_string(),
    name: |credential| credential.text.as_str(),
    words: |credential| credential.text.to_string(),
    compare: |found, place, at, before, after| {
        found.text(place, &format!("{at}/text"), Some(&before.text), Some(&after.text));
        let level = place.field("level");
        let (old, new) = (before.level.as_ref(), after.level.as_ref());
        found.value(&level, &format!("{at}/level"), old, new, words::level);
    },
};

const OCCUPATION: Kin<Occupation> = Kin {
    id: |occupation| format!("{} {}", occupation.scheme, occupation.code),
    name: |occupation| occupation.name.as_ref().unwrap_or(&occupation.code).as_str(),
    words: words::occupation,
    compare: |found, place, at, before, after| {
        found.text(&place.field("code"), &format!("{at}/code"), Some(&before.code), Some(&after.code));
        let name = place.field("name");
        found.text(&name, &format!("{at}/name"), before.name.as_ref(), after.name.as_ref());
    },
};

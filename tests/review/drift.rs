//! What would change if a posting were composed anew.

use proptest::prelude::*;
use rolewright::domain::posting::SectionId;
use rolewright::review::drift::{ChangeKind, Requirement};
use rolewright::review::{Drift, Part, drift};
use serde_json::{Value, json};

use super::Composed;
use super::random;
use super::support::*;

fn between(before: &Composed, after: &Composed) -> Drift {
    drift((&before.posting, &before.vacancy), (&after.posting, &after.vacancy))
}

fn composed(role: &Value, over: &Value) -> Composed {
    let known = Known::new(role.clone());
    Composed::of(&known, &Voice::known("neutral"), &with(&sample(), over))
}

/// The drift when the role, and then the options, of the sample are changed.
fn of(edit: impl Fn(&mut Value), over: &Value) -> Drift {
    let role = tech_manager().json.clone();
    let mut edited = role.clone();
    edit(&mut edited);
    let full = with(over, &json!({"length": "full"}));
    between(&composed(&role, &json!({"length": "full"})), &composed(&edited, &full))
}

#[test]
fn nothing_changed_is_no_drift() {
    assert!(of(|_| (), &json!({})).is_empty());
    // What a posting does not show, and where its words come from, is none.
    assert!(of(|role| role["keywords"] = json!(["x"]), &json!({"driving_is_function": true})).is_empty());
}

#[test]
fn a_duty_that_was_reworded_added_or_removed_is_told_with_its_words() {
    let drift = of(
        |role| {
            let duties = role["responsibilities"]["primary"].as_array_mut().unwrap();
            duties[0]["action"] =
                json!("lead, mentor and develop the careers of a large team of software engineers");
            duties.pop();
            duties.push(json!({"id": "new-one", "action": "juggle oranges"}));
        },
        &json!({}),
    );
    let kinds: Vec<_> = drift.sentences.iter().map(|change| (change.kind, change.section)).collect();
    let duties = SectionId::Responsibilities;
    assert!(kinds.contains(&(ChangeKind::Altered, duties)), "{drift:#?}");
    assert!(kinds.contains(&(ChangeKind::Removed, duties)));
    let added = drift.sentences.iter().find(|change| change.kind == ChangeKind::Added).unwrap();
    assert_eq!((added.after.as_deref(), added.part), (Some("Juggle oranges."), Part::Item));
    assert!(drift.facts.is_empty() && drift.requirements.is_empty() && drift.title.is_none());
}

#[test]
fn another_order_is_told_as_moves_of_as_few_items_as_can_be() {
    let drift = of(
        |role| role["responsibilities"]["secondary"].as_array_mut().unwrap().rotate_left(1),
        &json!({"emphasis": []}),
    );
    let moved = drift.sentences.iter().filter(|change| change.section == SectionId::Responsibilities);
    let moved: Vec<_> = moved.filter(|change| change.kind == ChangeKind::Moved).collect();
    assert!(!moved.is_empty() && moved.iter().all(|change| change.before == change.after), "{drift:#?}");
}

#[test]
fn title_and_pay_are_told_as_such() {
    let drift = of(
        |_| (),
        &json!({"title": "Engineering Manager", "salary": {"min": 160_000, "max": 185_000, "note": "plus equity"}}),
    );
    let title = drift.title.as_ref().unwrap();
    assert_eq!((title.before.as_str(), title.after.as_str()), ("Tech Manager", "Engineering Manager"));
    let salary = drift.salary.as_ref().unwrap();
    assert_eq!(salary.before.as_ref().unwrap().text, "$150,000 – $185,000 a year");
    assert_eq!(salary.after.as_ref().unwrap().text, "$160,000 – $185,000 a year");
    let hidden = of(|_| (), &json!({"salary": {"show": false}}));
    assert!(hidden.salary.unwrap().after.is_none());
}

#[test]
fn requirements_are_told_one_by_one() {
    let drift = of(
        |role| {
            role["experience"]["minimum_years"] = json!(5);
            role["education"]["minimum"].as_array_mut().unwrap().push(json!({"text": "Driving license"}));
            role["skills"]["hard"].as_array_mut().unwrap().remove(0);
        },
        &json!({}),
    );
    let told: Vec<_> =
        drift.requirements.iter().map(|r| (r.requirement, r.kind, r.pointer.as_str())).collect();
    assert_eq!(
        told,
        [
            (Requirement::Education, ChangeKind::Added, "/education/minimum/1"),
            (Requirement::Experience, ChangeKind::Altered, "/experience/minimum_years"),
            (Requirement::Skill, ChangeKind::Removed, "/skills/0"),
        ]
    );
    let years = &drift.requirements[1];
    assert_eq!((years.before.as_deref(), years.after.as_deref()), (Some("8 years"), Some("5 years")));
}

#[test]
fn facts_are_told_by_their_pointers() {
    let drift = of(
        |_| (),
        &json!({
            "valid_through": "2027-03-31", "hours_per_week": 38,
            "locations": [
                {"city": "Boulder", "country": "US"},
                {"street": "1701 Wynkoop Street", "city": "Denver", "region": "US-CO", "postal_code": "80202",
                 "country": "US", "workplace": "hybrid"},
            ],
        }),
    );
    let told: Vec<_> = drift.facts.iter().map(|fact| (fact.pointer.as_str(), fact.after.is_some())).collect();
    assert_eq!(told, [("/hours_per_week", true), ("/locations/0", true), ("/valid_through", true)]);
    let swapped = json!({"other_compensation": ["a relocation allowance", "an annual bonus"]});
    let drift = of(|_| (), &swapped);
    assert_eq!(drift.facts.len(), 1);
    assert_eq!(drift.facts[0].after, Some(swapped["other_compensation"].clone()));
}

#[test]
fn a_section_that_goes_takes_its_heading_along() {
    let drift = of(|_| (), &json!({"sections": {"career": false}}));
    assert!(drift.sentences.iter().all(|change| change.kind == ChangeKind::Removed));
    assert_eq!(drift.sentences[0].part, Part::Heading);
    assert_eq!(drift.sentences[0].before.as_deref(), Some("Career path"));
    assert!(drift.sentences.len() > 2);
}

#[test]
fn a_locked_section_is_known_by_its_heading() {
    let locked = |entries: Value| {
        let mut employer = sample()["employer"].clone();
        employer["locked"] = entries;
        json!({"employer": employer})
    };
    let (how, why) = (
        json!({"heading": "How", "text": "We talk. Then we decide."}),
        json!({"heading": "Why", "text": "Because."}),
    );
    let role = tech_manager().json.clone();
    let before = composed(&role, &locked(json!([how, why])));
    let changed = json!({"heading": "How", "text": "We talk. Then we sleep on it."});
    let after = composed(&role, &locked(json!([why, changed])));
    let drift = between(&before, &after);
    let told: Vec<_> = drift.sentences.iter().map(|c| (c.kind, c.heading.as_str(), c.part)).collect();
    assert!(
        told.iter().any(|(kind, _, part)| (*kind, *part) == (ChangeKind::Moved, Part::Heading)),
        "{told:?}"
    );
    assert!(told.contains(&(ChangeKind::Altered, "How", Part::Sentence)), "{told:?}");
    assert_eq!(told.len(), 2);
}

#[test]
fn another_tone_is_told_in_its_words() {
    let role = tech_manager().json.clone();
    let neutral = composed(&role, &json!({}));
    let bold =
        Composed::of(tech_manager(), &Voice::known("bold"), &with(&sample(), &json!({"tone": "bold"})));
    let drift = between(&neutral, &bold);
    assert!(drift.sentences.iter().any(|c| c.part == Part::Heading && c.kind == ChangeKind::Altered));
    assert!(drift.facts.is_empty());
}

#[test]
fn hostile_sizes_take_bounded_time() {
    for words in ["a ", "a b c d ", "Ab. "] {
        let of = |salt: usize| {
            let item = |n: usize| format!("{} {}", n * salt, words.repeat(1990 / words.len()));
            let duties: Vec<Value> = (0..200)
                .map(|n| json!({"id": format!("d{n}"), "action": item(n), "essential": true}))
                .collect();
            let mut role = tech_manager().json.clone();
            role["responsibilities"] = json!({"primary": duties});
            let texts: Vec<String> = (0..200).map(item).collect();
            composed(&role, &json!({"length": "full", "other_compensation": texts}))
        };
        let (before, after) = (of(1), of(3));
        let start = std::time::Instant::now();
        let found = between(&before, &after);
        assert!(!found.is_empty());
        assert!(start.elapsed() < std::time::Duration::from_secs(20), "{words}: {:?}", start.elapsed());
    }
}

/// The words of a posting below its title.
fn words(composed: &Composed) -> Vec<String> {
    let sections = composed.posting.sections.iter();
    sections
        .flat_map(|section| {
            let blocks = section.blocks.iter().flat_map(|block| {
                let text = block.text.iter().map(|text| text.words.to_string());
                text.chain(block.items.iter().map(|item| format!("{:?}{}", item.label, item.words)))
            });
            std::iter::once(section.heading.to_string()).chain(blocks.collect::<Vec<_>>())
        })
        .collect()
}

proptest! {
    #![proptest_config(random::config(200))]

    #[test]
    fn there_is_drift_if_and_only_if_something_is_different(
        (one, two) in (random::role(), random::role()),
        (base, other) in (random::options(), random::options()),
        (same_role, same_options) in (any::<bool>(), any::<bool>()),
        voice in random::voice(),
    ) {
        let known = Known::new(one.clone());
        let next = Known::new(if same_role { one } else { two });
        let other = if same_options { base.clone() } else { other };
        let tone = json!({"tone": voice.id});
        let before = Composed::of(&known, &voice, &with(&base, &tone));
        let after = Composed::of(&next, &voice, &with(&other, &tone));
        prop_assert!(between(&before, &before).is_empty());
        let drift = between(&before, &after);
        let is_same = words(&before) == words(&after)
            && before.posting.title == after.posting.title
            && json!(before.vacancy) == json!(after.vacancy);
        // The order of words that are equal, and codes of classifications, are no words.
        prop_assert!(!is_same || drift.is_empty(), "{:#?}", drift);
        prop_assert!(is_same || !drift.is_empty() || words(&before).len() == words(&after).len());
        // Turned around, what was added was removed.
        let back = between(&after, &before);
        let count = |drift: &Drift, kind| drift.sentences.iter().filter(|change| change.kind == kind).count();
        let (came, went) = (count(&drift, ChangeKind::Added), count(&drift, ChangeKind::Removed));
        let altered = count(&drift, ChangeKind::Altered);
        prop_assert_eq!(came + altered, count(&back, ChangeKind::Removed) + count(&back, ChangeKind::Altered));
        prop_assert_eq!(went + altered, count(&back, ChangeKind::Added) + count(&back, ChangeKind::Altered));
    }
}

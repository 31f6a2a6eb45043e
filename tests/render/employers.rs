//! Kept employers: their defaults, and the sections that stand in every posting of theirs.

use std::sync::LazyLock;

use proptest::option::of;
use proptest::prelude::*;
use rolewright::domain::document::{Document, DocumentError};
use rolewright::domain::{KeptEmployer, PostingOptions};
use rolewright::render::Format;
use serde_json::{Value, json};

use super::random;
use super::support::*;

fn options(json: &Value) -> PostingOptions {
    PostingOptions::from_json(json.to_string().as_bytes()).unwrap_or_else(|e| panic!("{e}: {json:#}"))
}

fn faults(json: &Value) -> Vec<(String, String)> {
    match KeptEmployer::from_json(json.to_string().as_bytes()) {
        Err(DocumentError::Invalid(violations)) => {
            violations.into_iter().map(|v| (v.pointer, v.detail)).collect()
        }
        other => panic!("must be refused: {other:?}\n{json:#}"),
    }
}

fn kept(defaults: &Value) -> KeptEmployer {
    let json = json!({"id": "acme", "profile": {"name": "Acme"}, "defaults": defaults});
    KeptEmployer::from_json(json.to_string().as_bytes()).unwrap()
}

#[test]
fn an_employer_reads_back_as_it_was_written() {
    let json: Value = serde_json::from_str(include_str!("employer.json")).unwrap();
    assert_eq!(serde_json::to_value(employer()).unwrap(), json);
    let least = json!({"id": "acme", "profile": {"name": "Acme"}});
    let read = KeptEmployer::from_json(least.to_string().as_bytes()).unwrap();
    assert_eq!(serde_json::to_value(read).unwrap(), least);
}

#[test]
fn what_is_wrong_with_an_employer_is_told_where_it_stands() {
    let base = json!({"id": "acme", "profile": {"name": "Acme"}});
    let locked = |text: &str| json!({"heading": "x", "text": text});
    for (over, pointer, detail) in [
        (
            json!({"time_zone": "America/Dever"}),
            "/time_zone",
            "unknown time zone `America/Dever`; did you mean `America/Denver`?",
        ),
        (json!({"time_zone": ""}), "/time_zone", "must not be empty"),
        (json!({"defaults": {"employer": {"name": "x"}}}), "/defaults/employer", "cannot stand here"),
        (json!({"defaults": {"employer_id": "acme"}}), "/defaults/employer_id", "cannot stand here"),
        (json!({"defaults": {"apply": {}}}), "/defaults/apply", "at least one"),
        (json!({"defaults": {"locations": [{}]}}), "/defaults/locations/0", "at least one"),
        (json!({"defaults": {"salary": {"min": 5}}}), "/defaults/salary/max", "is missing"),
        (json!({"defaults": {"salary": {"min": 5, "max": 4, "currency": "USD"}}}), "/defaults/salary", ""),
        (json!({"defaults": {"emphasis": ["a", "a"]}}), "/defaults/emphasis/1", "twice"),
        (json!({"defaults": {"sections": {"locked": false}}}), "/defaults/sections/locked", "unknown field"),
        (json!({"defaults": {"tone": "No Slug"}}), "/defaults/tone", "must be 1 to 100 of a-z"),
        (json!({"profile": {"name": "x", "size": {"XX": 1}}}), "/profile/size/XX", "must be `total`"),
        (
            json!({"profile": {"name": "x", "locked": [locked(" ")]}}),
            "/profile/locked/0/text",
            "must not be empty",
        ),
        (
            json!({"profile": {"name": "x", "locked": [{"text": "x"}]}}),
            "/profile/locked/0/heading",
            "is missing",
        ),
        (json!({"profile": {"name": "x", "locked": vec![locked("x"); 21]}}), "/profile/locked", "at most 20"),
        (
            json!({"profile": {"name": "x", "locked": [{"heading": "x", "text": "x", "place": "middle"}]}}),
            "/profile/locked/0/place",
            "unknown value `middle`",
        ),
        (json!({"profile": {}}), "/profile/name", "is missing"),
        (json!({"colour": "x"}), "/colour", "unknown field"),
    ] {
        let found = faults(&with(&base, &over));
        let told = found.iter().any(|(at, why)| at.starts_with(pointer) && why.contains(detail));
        assert!(told, "{over}: {found:?}");
    }
    // What a role completes is no fault.
    kept(
        &json!({"salary": {"min": 4, "max": 5}, "tone": "one-of-its-own", "emphasis": ["a-tag-of-some-role"]}),
    );
}

#[test]
fn a_default_locale_that_does_not_exist_is_told_before_it_is_stored() {
    let violations = renderer().employer_violations(&kept(&json!({"locale": "de-DK"})));
    assert_eq!(violations[0].pointer, "/defaults/locale");
    assert_eq!(violations[0].nearest.as_deref(), Some("de-DE"));
    assert!(renderer().employer_violations(&kept(&json!({"locale": "en-GB", "tone": "own"}))).is_empty());
    assert!(renderer().employer_violations(&employer()).is_empty());
}

#[test]
fn a_request_takes_the_place_of_defaults_field_by_field() {
    let employer = kept(&json!({
        "tone": "bold", "length": "short", "emphasis": ["people"], "sections": {"career": false, "pay": false},
        "salary": {"show": false}, "locations": [{"city": "Denver"}], "department": "Sales",
    }));
    let request = json!({"tone": "formal", "sections": {"pay": true}, "salary": {"note": "plus equity"}, "emphasis": []});
    let effective = serde_json::to_value(employer.options(options(&request))).unwrap();
    assert_eq!(
        effective,
        json!({
            "tone": "formal", "length": "short", "emphasis": [], "sections": {"career": false, "pay": true},
            "salary": {"note": "plus equity"}, "locations": [{"city": "Denver"}], "department": "Sales",
            "employer": {"name": "Acme"},
        })
    );
}

#[test]
fn an_employer_is_named_or_described_not_both() {
    let known = tech_manager();
    let both = options(&json!({"employer": {"name": "Acme"}, "employer_id": "acme"}));
    let violations = renderer().violations(&known.role, &both);
    assert_eq!((violations.len(), violations[0].pointer.as_str()), (1, "/employer_id"));
    // One that nobody found is no posting without an employer.
    let unknown = options(&json!({"employer_id": "acme"}));
    let violations = renderer().violations(&known.role, &unknown);
    assert_eq!((violations.len(), violations[0].pointer.as_str()), (1, "/employer_id"));
    assert_eq!(violations[0].detail, "there is no employer `acme`");
    let found = kept(&json!({})).options(unknown);
    assert!(renderer().violations(&known.role, &found).is_empty());
}

/// An employer with locked sections at both places.
fn locked() -> Value {
    json!({
        "name": "Acme",
        "equal_opportunity": "All are welcome.",
        "locked": [
            {"heading": "Last", "text": "One.\nTwo."},
            {"heading": "First", "text": "Three.", "place": "top"},
            {"heading": "Very last", "text": "Four.", "place": "end"},
            {"heading": "Second", "text": "Five.", "place": "top"},
        ],
    })
}

#[test]
fn locked_sections_stand_in_their_places_in_order_whatever_the_options_say() {
    let known = tech_manager();
    let off = |names: &[&str]| names.iter().map(|name| ((*name).to_owned(), json!(false))).collect::<Value>();
    let all = [
        "opening",
        "employer",
        "responsibilities",
        "skills",
        "qualifications",
        "career",
        "pay",
        "statements",
    ];
    for (over, before, after) in [
        (json!({}), Some("opening"), Some("statements")),
        (json!({"length": "short"}), Some("opening"), Some("statements")),
        (json!({"emphasis": ["flexibility", "benefits", "growth"]}), Some("opening"), Some("statements")),
        (json!({"sections": off(&["opening"])}), None, Some("statements")),
        (json!({"sections": off(&["statements"])}), Some("opening"), None),
        (json!({"sections": off(&all)}), None, None),
    ] {
        for tone in tones() {
            let options = with(&with(&sample(), &over), &json!({"employer": locked(), "tone": tone}));
            let posting = posting(known, &options);
            let sections: Vec<(&str, &str)> = posting
                .sections()
                .iter()
                .map(|section| (section["id"].as_str().unwrap(), section["heading"].as_str().unwrap()))
                .collect();
            let at =
                |heading: &str| sections.iter().position(|(id, h)| *id == "locked" && *h == heading).unwrap();
            assert_eq!(at("Second"), at("First") + 1, "{over}");
            assert_eq!(at("Very last"), at("Last") + 1, "{over}");
            assert_eq!(at("First").checked_sub(1).map(|n| sections[n].0), before, "{over}");
            assert_eq!(sections.get(at("Very last") + 1).map(|(id, _)| *id), after, "{over}");
        }
    }
}

#[test]
fn locked_sections_are_word_for_word_and_change_nothing_else() {
    for known in both() {
        for length in LENGTHS {
            let base = with(&sample_for(known), &json!({"length": length, "employer": {"name": "Acme"}}));
            let (without, more) = (posting(known, &base), "word ".repeat(300) + "end");
            let two = json!({"heading": "Two", "text": "  One  \n\n Two", "place": "top"});
            let employer = json!({"name": "Acme", "locked": [{"heading": "Long", "text": more}, two]});
            let posting = posting(known, &with(&base, &json!({"employer": employer})));
            assert_eq!(posting.words(), without.words());
            assert_eq!(posting.notes(), without.notes());
            assert_eq!(posting.omitted(), without.omitted());
            let said = posting.said();
            let locked: Vec<_> = said.iter().filter(|said| said.section == "locked").collect();
            assert_eq!(locked.iter().map(|said| said.words).collect::<Vec<_>>(), ["One", "Two", &more]);
            assert_eq!(locked[0].sources, [("options", "/employer/locked/1/text")]);
            assert_eq!(locked[2].sources, [("options", "/employer/locked/0/text")]);
            assert_eq!(said.len(), without.said().len() + 3);
        }
    }
}

#[test]
fn a_locked_section_is_a_section_like_others_in_every_format() {
    let options = json!({"employer": locked()});
    let html = rendered(tech_manager(), &options, Format::Html);
    assert!(html.contains("<section class=\"rw-section rw-locked\">\n<h3 class=\"rw-heading\">First</h3>\n<p>Three.</p>\n</section>"), "{html}");
    let markdown = rendered(tech_manager(), &options, Format::Markdown);
    assert!(markdown.contains("\n## Last\n\nOne.\n\nTwo.\n"), "{markdown}");
    let text = rendered(tech_manager(), &options, Format::Text);
    assert!(text.contains("\nVery last\n---------\n\nFour.\n"), "{text}");
}

static NOTHING: LazyLock<PostingOptions> = LazyLock::new(PostingOptions::default);

/// Options with all that random options have, and what they leave out.
fn any_options() -> impl Strategy<Value = PostingOptions> {
    (random::options(), of(random::length()), any::<bool>(), any::<bool>()).prop_map(
        |(json, length, empty, named)| {
            let mut over = json!({});
            if let Some(length) = length {
                over["length"] = json!(length);
                over["tone"] = json!("bold");
            }
            if empty {
                over["emphasis"] = json!([]);
                over["remote_within"] = json!([]);
            }
            let mut json = with(&json, &over);
            if named {
                json.as_object_mut().unwrap().remove("employer");
                json["employer_id"] = json!("acme");
            }
            for name in ["locations", "other_compensation", "remote_within"] {
                if !empty && json[name] == json!([]) {
                    json.as_object_mut().unwrap().remove(name);
                }
            }
            options(&json)
        },
    )
}

proptest! {
    #![proptest_config(random::config(200))]

    #[test]
    fn defaults_give_way_to_a_request(a in any_options(), b in any_options(), c in any_options()) {
        prop_assert_eq!(&a.clone().over(&NOTHING), &a);
        prop_assert_eq!(&NOTHING.clone().over(&a), &a);
        prop_assert_eq!(&a.clone().over(&a), &a);
        let once = a.clone().over(&b);
        prop_assert_eq!(&once.clone().over(&b), &once);
        prop_assert_eq!(once.clone().over(&c), a.clone().over(&b.clone().over(&c)));

        // Whatever the request says, holds; what it does not say is the default's.
        let json = |options: &PostingOptions| serde_json::to_value(options).unwrap();
        let (request, defaults, once) = (json(&a), json(&b), json(&once));
        for (name, value) in once.as_object().unwrap() {
            if name == "sections" {
                for (section, on) in value.as_object().unwrap() {
                    let said = request["sections"].get(section).or_else(|| defaults["sections"].get(section));
                    prop_assert_eq!(Some(on), said);
                }
            } else {
                prop_assert_eq!(Some(value), request.get(name).or_else(|| defaults.get(name)));
            }
        }
        for options in [&request, &defaults] {
            for name in options.as_object().unwrap().keys() {
                prop_assert!(once.get(name).is_some(), "{} is lost", name);
            }
        }
    }

    #[test]
    fn the_options_of_an_employer_name_its_profile_and_nothing_twice(request in any_options(), defaults in any_options()) {
        let defaults = PostingOptions { employer: None, employer_id: None, ..defaults };
        let kept = KeptEmployer { defaults, ..employer() };
        let effective = kept.options(request.clone());
        prop_assert_eq!(effective.employer.as_ref(), Some(&kept.profile));
        prop_assert_eq!(&effective.employer_id, &None);
        prop_assert_eq!(kept.options(effective.clone()), effective);
    }
}

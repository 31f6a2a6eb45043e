//! Employers' own tones: what they change, what they leave to the tone that they build on, and what
//! is refused. Random ones speak in the property tests of other topics.

use std::collections::BTreeSet;

use proptest::prelude::*;
use rolewright::domain::OwnTone;
use rolewright::domain::document::Document;
use rolewright::render::Format;
use serde_json::{Value, json};

use super::hostile::PAYLOADS;
use super::outline::differences_with;
use super::random::{self, PHRASES};
use super::support::*;

/// An own tone with phrases at pointers.
fn tone_with<'p>(base: &str, phrases: impl IntoIterator<Item = (&'p str, &'p str)>) -> Value {
    let mut tone =
        json!({"id": "acme-voice", "name": "Acme's voice", "base": base, "phrases": {"headings": {}}});
    for (pointer, text) in phrases {
        let (set, name) = pointer.rsplit_once('/').unwrap();
        tone.pointer_mut(set).unwrap()[name] = json!(text);
    }
    tone
}

/// Options with which every phrase is said, and those that say the rest of them.
fn all_options() -> [Value; 2] {
    let more = json!({
        "length": "full", "emphasis": ["leadership", "delivery", "culture"],
        "apply": {"url": "https://acme.example", "email": "jobs@acme.example"},
    });
    let all = with(&sample(), &more);
    let mut less = with(&all, &json!({"emphasis": ["growth", "flexibility"]}));
    less.as_object_mut().unwrap().remove("valid_through");
    [all, less]
}

/// What a phrase must have, so that it may stand.
fn least(pointer: &str) -> &'static str {
    match pointer.rsplit_once('/').unwrap().1 {
        _ if pointer.contains("headings") => "",
        "emphasis" | "emphasis_next" | "emphasis_last" => "{task}",
        "emphasis_growth" => "{step}",
        "emphasis_flexibility" => "{workplace}",
        "pay" => "{pay}",
        "other_compensation" => "{items}",
        "apply_by" => "{date}",
        "apply_email" | "contact" => "{email}",
        _ => "",
    }
}

#[test]
fn every_phrase_of_an_own_tone_is_said_and_named_as_its_source() {
    let mut findings = Findings::default();
    for base in tones() {
        for pointer in PHRASES {
            let name = pointer.rsplit_once('/').unwrap().1;
            let text = format!("Zyx {}", least(pointer));
            let voice = Voice::own(&tone_with(&base, [(pointer, text.as_str())]));
            let postings = all_options().map(|options| voice.posting(tech_manager(), &options));
            let said = postings.iter().any(|posting| {
                if pointer.contains("headings") {
                    return posting.sections().iter().any(|section| section["heading"] == "Zyx");
                }
                let blocks =
                    posting.sections().iter().flat_map(|section| section["blocks"].as_array().unwrap());
                let mut passages =
                    blocks.map(|block| &block["text"]).filter(|text| text.to_string().contains("Zyx"));
                let source = json!({"origin": "tone", "template": "acme-voice", "block": name});
                passages.any(|text| text["sources"].as_array().unwrap().contains(&source))
            });
            findings.check(said, || format!("{base}: {pointer} is never said"));
        }
    }
    findings.report();
}

#[test]
fn a_tone_without_phrases_says_what_its_base_says() {
    for base in tones() {
        let voice = Voice::own(&tone_with(&base, []));
        for options in all_options() {
            for format in WORDED {
                let own = voice.rendered(tech_manager(), &options, format);
                let of_base = rendered(tech_manager(), &with(&options, &json!({"tone": base})), format);
                assert_eq!(own.replace("acme-voice", &base), of_base, "{base} {}", format.as_str());
            }
        }
    }
}

#[test]
fn a_phrase_whose_placeholder_has_no_value_gives_way_to_the_base() {
    let voice = Voice::own(&tone_with(
        "friendly",
        [
            ("/phrases/opening", "{employer} in {location} wants {a_title}."),
            ("/phrases/lead_duties", "Here in {location}, you'll:"),
            ("/phrases/headings/skills", "What {employer} asks for"),
        ],
    ));
    let all = json!({"employer": {"name": "Acme"}, "locations": [{"city": "Denver", "region": "US-CO"}]});
    let posting = voice.posting(tech_manager(), &all);
    let text = posting.0.to_string();
    assert!(text.contains("Acme in Denver, CO wants a Tech Manager."), "{text}");
    assert!(text.contains("Here in Denver, CO, you'll:") && text.contains("What Acme asks for"), "{text}");
    let opening = &posting.said()[0];
    assert_eq!(opening.sources, [("tone", "opening")], "the mission is not said");

    for (missing, base) in [("employer", "We're looking for"), ("locations", "At Acme, we're looking for")] {
        let mut options = all.clone();
        options.as_object_mut().unwrap().remove(missing);
        let posting = voice.posting(tech_manager(), &options);
        let said = posting.said();
        assert!(said[0].words.starts_with(base), "without {missing}: {}", said[0].words);
        assert_eq!(said[0].sources, [("tone", "opening"), ("role", "/mission")]);
        assert!(posting.0.to_string().contains("tones/friendly.j2"));
    }
    // A place that is only a workplace has no name.
    let remote = with(&all, &json!({"locations": [{"workplace": "remote"}]}));
    assert!(voice.posting(tech_manager(), &remote).said()[0].words.starts_with("At Acme"));
}

#[test]
fn a_place_is_said_as_in_a_sentence_and_as_its_locale_writes_it() {
    let voice = Voice::own(&tone_with("neutral", [("/phrases/opening", "Work in {location}.")]));
    for (location, locale, said) in [
        (
            json!({"street": "1 Main Street", "city": "Denver", "region": "US-CO", "postal_code": "80202"}),
            "en-US",
            "Denver, CO",
        ),
        (json!({"city": "Denver", "region": "US-CO"}), "de-DE", "Denver, CO, United States"),
        (json!({"region": "US-CO"}), "en-US", "Colorado"),
        (json!({"country": "US"}), "en-US", "the United States"),
        (json!({"country": "DE", "workplace": "remote"}), "en-US", "Germany"),
    ] {
        let posting = voice.posting(tech_manager(), &json!({"locations": [location], "locale": locale}));
        assert_eq!(posting.said()[0].words, format!("Work in {said}."));
    }
}

#[test]
fn the_closing_knows_whether_there_is_a_last_day_and_never_loses_it() {
    let closing = |phrases: &[(&'static str, &'static str)], dated: bool| {
        let voice = Voice::own(&tone_with("friendly", phrases.iter().copied()));
        let mut options = json!({"apply": {"url": "https://acme.example"}});
        if dated {
            options["valid_through"] = json!("2027-01-31");
        }
        let posting = voice.posting(tech_manager(), &options);
        let said = posting.said();
        said.iter().find(|said| said.section == "apply").unwrap().words.to_owned()
    };
    let apply = ("/phrases/apply", "Call us.");
    let dated = ("/phrases/apply", "Call us by {date}.");
    let apply_by = ("/phrases/apply_by", "You have until {date}.");
    assert_eq!(closing(&[apply], false), "Call us.");
    assert_eq!(closing(&[apply], true), "Sound like you? Apply by January 31, 2027.");
    assert_eq!(closing(&[dated], true), "Call us by January 31, 2027.");
    assert_eq!(closing(&[dated], false), "Sound like you? We'd love to hear from you.");
    assert_eq!(closing(&[apply, apply_by], true), "You have until January 31, 2027.");
    assert_eq!(closing(&[apply, apply_by], false), "Call us.");
    assert_eq!(closing(&[dated, apply_by], true), "You have until January 31, 2027.");
}

#[test]
fn a_note_on_the_pay_is_never_lost() {
    let said = |phrase: &'static str, note: Option<&str>| {
        let voice = Voice::own(&tone_with("bold", [("/phrases/pay", phrase)]));
        let note = note.map_or(json!({}), |note| json!({"note": note}));
        let posting = voice.posting(tech_manager(), &json!({"salary": note}));
        let said = posting.said();
        said.iter().find(|said| said.section == "pay").unwrap().words.to_owned()
    };
    let range = "$140,000 \u{2013} $220,000 a year";
    assert_eq!(said("Pay: {pay}", None), format!("Pay: {range}"));
    assert_eq!(said("Pay: {pay}", Some("plus equity")), format!("Pay: {range}, plus equity"));
    assert_eq!(
        said("Pay: {pay}", Some("Equity comes on top.")),
        format!("Pay: {range}. Equity comes on top.")
    );
    assert_eq!(said("We pay {pay}.", Some("Equity too")), format!("We pay {range}. Equity too."));
    assert_eq!(said("{note}: {pay}.", Some("plus equity")), format!("plus equity: {range}."));
    assert_eq!(said("{note}: {pay}.", None), format!("You earn {range}."));
    assert_eq!(said("{note}: {pay}.", Some("Equity too")), format!("You earn {range}. Equity too."));
}

#[test]
fn an_own_tone_says_the_parts_of_a_duty_that_it_names_in_the_form_of_its_base() {
    let known = tech_manager();
    let duty = &known.json["responsibilities"]["primary"][0];
    let text = |part: &str| duty[part].as_str().unwrap_or_default().to_owned();
    let plain = duty["plain"]["action"].as_str().unwrap_or(duty["action"].as_str().unwrap()).to_owned();
    for (base, stop) in [("friendly", "."), ("concise", "")] {
        for (parts, wanted) in [
            (json!(["action"]), vec![text("action")]),
            (json!(["plain"]), vec![plain.clone()]),
            (json!(["outcome", "action"]), vec![text("action"), text("outcome")]),
            (json!(["plain", "detail", "outcome"]), vec![plain.clone(), text("detail"), text("outcome")]),
        ] {
            let tone = with(&tone_with(base, []), &json!({"duty": parts}));
            let posting = Voice::own(&tone).posting(known, &json!({"length": "full"}));
            let said = posting.said();
            let said = said.iter().find(|s| s.role_pointer() == Some("/responsibilities/primary/0")).unwrap();
            let mut words = String::new();
            for part in wanted.iter().filter(|part| !part.is_empty()) {
                let glue = if words.is_empty() || part.starts_with(',') { "" } else { " " };
                words.push_str(&format!("{glue}{part}"));
            }
            assert_eq!(said.words.to_lowercase(), format!("{words}{stop}").to_lowercase(), "{base} {parts}");
            let short = Voice::own(&tone).posting(known, &json!({"length": "short"}));
            let short = short.said();
            let brief =
                short.iter().find(|s| s.role_pointer() == Some("/responsibilities/primary/0")).unwrap();
            assert_eq!(
                brief.words.to_lowercase(),
                format!("{}{stop}", wanted[0]).to_lowercase(),
                "{base} {parts}"
            );
        }
    }
}

#[test]
fn what_is_kept_never_says_another_employer_place_or_title() {
    let phrases = [
        ("/phrases/lead_duties", "{employer}, {location}, {title}: you'll"),
        ("/phrases/emphasis", "{employer} in {location}: {task}."),
        ("/phrases/headings/skills", "{employer}'s list for {location}"),
    ];
    let voice = Voice::own(&tone_with("friendly", phrases));
    // Three times, since only what was asked for before is kept.
    for format in WORDED.into_iter().cycle().take(3 * WORDED.len()) {
        for name in ["Acme", "Bolt"] {
            for city in ["Denver", "Berlin"] {
                for title in ["Head Chef", "Line Cook"] {
                    let options = json!({
                        "emphasis": ["delivery"], "employer": {"name": name}, "locations": [{"city": city}], "title": title,
                        "length": "full",
                    });
                    let text = voice.rendered(tech_manager(), &options, format).replace('\\', "");
                    let text = text.replace("&#39;", "'");
                    for said in [
                        format!("{name}, {city}, {title}: you'll"),
                        format!("{name} in {city}: "),
                        format!("{name}'s list for {city}"),
                    ] {
                        assert!(text.contains(&said), "{}: no {said:?} in\n{text}", format.as_str());
                    }
                }
            }
        }
    }
}

#[test]
fn two_revisions_of_a_tone_share_nothing() {
    let revision = |text: &'static str| Voice::own(&tone_with("friendly", [("/phrases/lead_duties", text)]));
    let (first, second, again) = (revision("One:"), revision("Two:"), revision("One:"));
    assert_ne!(first.tone().unwrap().fingerprint(), second.tone().unwrap().fingerprint());
    assert_eq!(first.tone().unwrap().fingerprint(), again.tone().unwrap().fingerprint());
    for (voice, wanted, other) in
        [(&first, "One:", "Two:"), (&second, "Two:", "One:"), (&again, "One:", "Two:")]
    {
        let text = voice.rendered(tech_manager(), &json!({}), Format::Text);
        assert!(text.contains(wanted) && !text.contains(other), "{text}");
    }
    let other_base = Voice::own(&tone_with("formal", [("/phrases/lead_duties", "One:")]));
    assert_ne!(first.tone().unwrap().fingerprint(), other_base.tone().unwrap().fingerprint());
}

#[test]
fn an_own_tone_is_asked_for_by_its_id_and_only_where_it_is() {
    let options = tech_manager().options(&json!({"tone": "acme-voice"}));
    let violations = renderer().violations(&tech_manager().role, &options);
    assert_eq!(violations[0].pointer, "/tone");
    let own = own_tone(&tone_with("friendly", [])).unwrap();
    let with_own = renderer().with_tone(Some(&own));
    assert!(with_own.violations(&tech_manager().role, &options).is_empty());
    let typo = tech_manager().options(&json!({"tone": "acme-vioce"}));
    let violations = with_own.violations(&tech_manager().role, &typo);
    assert_eq!(violations[0].nearest.as_deref(), Some("acme-voice"));
    // Beside it, the renderer's own tones are what they were.
    for tone in tones() {
        let options = tech_manager().options(&json!({"tone": tone}));
        let beside = with_own.render(tech_manager().stored(), &options, Format::Html).unwrap();
        assert_eq!(beside, renderer().render(tech_manager().stored(), &options, Format::Html).unwrap());
    }
}

/// The pointers and details of what is wrong.
fn faults(tone: &Value) -> Vec<(String, String)> {
    let violations = own_tone(tone).err().unwrap_or_default();
    violations.into_iter().map(|v| (v.pointer, v.detail)).collect()
}

#[test]
fn what_is_wrong_with_a_phrase_is_told_with_its_place_and_what_may_stand_there() {
    for (pointer, text, detail) in [
        (
            "/phrases/opening",
            "{emplyer} wants you",
            "unknown placeholder `{emplyer}` at character 1; did you mean `{employer}`?",
        ),
        ("/phrases/apply", "\u{e9}\u{e9} {xyz}", "unknown placeholder `{xyz}` at character 4"),
        (
            "/phrases/opening",
            "{ title }",
            "unknown placeholder `{ title }` at character 1; did you mean `{title}`?",
        ),
        ("/phrases/opening", "a {{b}} {title", "`{` at character 9 has no `}`; write `{{` for a brace"),
        ("/phrases/lead_duties", "a } b", "`}` at character 3 has no `{`; write `}}` for a brace"),
        ("/phrases/lead_duties", "You {task}", "`{task}` at character 5 has no value in this phrase"),
        ("/phrases/headings/pay", "{pay}", "`{pay}` at character 1 has no value in this phrase"),
        ("/phrases/emphasis", "Most of all", "must have `{task}` or `{Task}`: it is what the phrase is for"),
        ("/phrases/apply_by", "Call us", "must have `{date}`: it is what the phrase is for"),
        ("/phrases/contact", "Call us", "must have `{email}`: it is what the phrase is for"),
        ("/phrases/opening", " ", "must not be empty"),
        ("/phrases/opening", "", "must not be empty"),
        (
            "/phrases/opening",
            "a\u{202e}b",
            "must not contain control characters, bidirectional overrides or noncharacters",
        ),
        (
            "/phrases/opening",
            "a\nb",
            "must not contain control characters, bidirectional overrides or noncharacters",
        ),
        ("/phrases/existing_vacancy", "x", "unknown field `existing_vacancy`"),
        ("/phrases/headings/locked", "x", "unknown field `locked`"),
    ] {
        let found = faults(&tone_with("friendly", [(pointer, text)]));
        assert!(found.contains(&(pointer.to_owned(), detail.to_owned())), "{text:?}: {found:#?}");
    }
    let long = "x".repeat(301);
    let found = faults(&tone_with("friendly", [("/phrases/opening", long.as_str())]));
    assert_eq!(found[0].1, "must have at most 300 characters");
    assert!(own_tone(&tone_with("friendly", [("/phrases/opening", &long[..300])])).is_ok());

    let violations = own_tone(&tone_with("friendly", [("/phrases/emphasis", "{tsk}")])).unwrap_err();
    assert_eq!(violations[0].nearest.as_deref(), Some("{task}"));
    let valid =
        ["{title}", "{a_title}", "{A_title}", "{employer}", "{employer's}", "{location}", "{task}", "{Task}"];
    assert_eq!(violations[0].valid, valid);
}

#[test]
fn what_is_wrong_beside_the_phrases_is_told_all_at_once() {
    let tone =
        json!({"id": "bold", "name": "x", "base": "freindly", "phrases": {"opening": "{x}", "pay": "x"}});
    let definition = OwnTone::from_json(tone.to_string().as_bytes()).unwrap();
    let violations = renderer().checked_own_tone(&definition).unwrap_err();
    let pointers: Vec<&str> = violations.iter().map(|violation| violation.pointer.as_str()).collect();
    assert_eq!(pointers, ["/id", "/base", "/phrases/opening", "/phrases/pay"]);
    assert_eq!(violations[1].valid, tones());
    assert_eq!(violations[1].nearest.as_deref(), Some("friendly"));
    // A tone that came later must not silence one that is kept already.
    let kept = with(&tone_with("friendly", []), &json!({"id": "bold"}));
    assert!(own_tone(&kept).is_ok());
    for (duty, pointer) in [
        (json!([]), "/duty"),
        (json!(["detail"]), "/duty"),
        (json!(["action", "plain"]), "/duty"),
        (json!(["action", "action"]), "/duty/1"),
        (json!(["action", "story"]), "/duty/1"),
        (json!(["action", "detail", "outcome", "plain"]), "/duty"),
    ] {
        let found = faults(&with(&tone_with("friendly", []), &json!({"duty": duty})));
        assert!(found.iter().any(|(at, _)| at == pointer), "{duty}: {found:?}");
    }
    assert_eq!(faults(&json!({"id": "x", "name": "x"}))[0].0, "/base");
    assert_eq!(
        faults(&with(&tone_with("bold", []), &json!({"template": "x"})))[0].1,
        "unknown field `template`"
    );
}

#[test]
fn a_phrase_full_of_faults_is_told_of_some() {
    let text = "{}".repeat(150);
    let phrases: Vec<(&str, &str)> = PHRASES.iter().map(|pointer| (*pointer, text.as_str())).collect();
    let violations = own_tone(&tone_with("friendly", phrases)).unwrap_err();
    assert!((PHRASES.len()..=PHRASES.len() * 5).contains(&violations.len()), "{}", violations.len());
}

/// Template source of every kind: what it does elsewhere, it does not do here.
const BOMBS: [&str; 16] = [
    "{{ 7*7 }}",
    "{{ 7 * '7' }}",
    "{{ config }} {{ self }} {{ title | upper }}",
    "{% for i in range(1000000000) %}x{% endfor %}",
    "{% for a in range(1000) %}{% for b in range(1000) %}{% endfor %}{% endfor %}",
    "{{ 'a' * 99000000 }}",
    "{{ [0] * 99000000 }}",
    "{{ 'x' | indent(1000000000) }}",
    "{{ '%1000000000d' | format(1) }}",
    "{{ range(10) | batch(1000000000) }}",
    "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "{% include 'tones/base.j2' %}",
    "{% extends 'tones/base.j2' %}",
    "{% set x = 'ab' %}{% set x = x ~ x %}{{ x }}",
    "{# comment #}",
    "{{{{ title }}}}",
];

#[test]
fn template_source_is_refused_or_said_as_it_is_written() {
    for bomb in BOMBS {
        let refused = ["{%", "{#"].iter().any(|start| bomb.contains(start));
        for pointer in PHRASES {
            let text = format!("{bomb} {}", least(pointer));
            let tone = tone_with("friendly", [(pointer, text.as_str())]);
            if refused {
                let found = faults(&tone);
                assert!(found.iter().any(|(at, _)| at == pointer), "{pointer} {bomb}: {found:?}");
                continue;
            }
            let voice = Voice::own(&tone);
            let said = bomb.replace("{{", "{").replace("}}", "}");
            let in_posting = |options: &Value| {
                let posting = voice.posting(tech_manager(), options);
                posting.0.to_string().contains(json!(said).to_string().trim_matches('"'))
            };
            assert!(all_options().iter().any(in_posting), "{pointer} does not say {said:?}");
        }
    }
}

#[test]
fn hostile_phrases_make_no_markup_in_any_format() {
    let mut findings = Findings::default();
    let known = tech_manager();
    for payload in PAYLOADS {
        let brace = payload.replace('{', "{{").replace('}', "}}");
        let texts: Vec<String> = PHRASES.iter().map(|pointer| format!("{brace}{}", least(pointer))).collect();
        let phrases = PHRASES.iter().copied().zip(texts.iter().map(String::as_str));
        let voice = Voice::own(&tone_with("neutral", phrases));
        for options in all_options() {
            let options = known.options(&with(&options, &json!({"tone": voice.id})));
            for difference in differences_with(voice.tone(), known.stored(), &options) {
                findings.add(format!("{payload:?}: {difference}"));
            }
        }
    }
    findings.report();
}

#[test]
fn an_own_tone_is_checked_with_the_samples_before_it_is_stored() {
    let read = |json: &Value| OwnTone::from_json(json.to_string().as_bytes()).unwrap();
    for base in tones() {
        let texts: Vec<String> =
            PHRASES.iter().map(|pointer| format!("{{employer}}, {{location}}: {}", least(pointer))).collect();
        let phrases = PHRASES.iter().copied().zip(texts.iter().map(String::as_str));
        let tone = renderer().checked_own_tone(&read(&tone_with(&base, phrases))).unwrap();
        assert_eq!(tone.id(), "acme-voice");
    }
    assert!(renderer().checked_own_tone(&read(&employers_tone())).is_ok());
    let violations = renderer().checked_own_tone(&read(&tone_with("nobody", []))).unwrap_err();
    assert_eq!(violations[0].pointer, "/base");
}

#[test]
fn a_tone_reads_back_as_it_was_written() {
    let tone = employers_tone();
    let read = OwnTone::from_json(tone.to_string().as_bytes()).unwrap();
    assert_eq!(serde_json::to_value(&read).unwrap(), tone);
    let least = json!({"id": "x", "name": "X", "base": "bold"});
    let read = OwnTone::from_json(least.to_string().as_bytes()).unwrap();
    assert_eq!(serde_json::to_value(&read).unwrap(), least);
}

#[test]
fn the_pointers_of_these_tests_are_all_phrases() {
    let text = serde_json::to_string(&tone_with("bold", PHRASES.map(|p| (p, "{title}{task}")))).unwrap();
    let violations = OwnTone::from_json(text.as_bytes()).map(|tone| tone.phrases.all().count());
    assert_eq!(violations, Ok(PHRASES.len()));
    assert_eq!(PHRASES.iter().collect::<BTreeSet<_>>().len(), PHRASES.len());
}

proptest! {
    #![proptest_config(random::config(300))]

    #[test]
    fn any_text_is_a_phrase_or_is_refused_at_its_pointer(text in any::<String>(), which in 0..PHRASES.len()) {
        let pointer = PHRASES[which];
        match own_tone(&tone_with("friendly", [(pointer, text.as_str())])) {
            Ok(_) => prop_assert!(!text.trim().is_empty()),
            Err(violations) => prop_assert!(violations.iter().all(|v| v.pointer == pointer), "{:?}", violations),
        }
    }

    #[test]
    fn a_random_own_tone_passes_the_check_of_what_is_stored(voice in random::own_voice()) {
        let json = voice.json.as_ref().unwrap();
        let read = OwnTone::from_json(json.to_string().as_bytes()).unwrap();
        prop_assert!(renderer().own_tone(&read).is_ok());
    }
}

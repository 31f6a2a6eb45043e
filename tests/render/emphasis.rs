//! What emphasis guarantees, for every choice of at most three dimensions.

use std::collections::HashMap;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::random;
use super::support::*;

/// What matters of one posting.
struct Shown {
    duties: Vec<String>,
    skills: Vec<String>,
    sections: Vec<String>,
}

fn show(known: &Known, options: &Value) -> Shown {
    shown(&posting(known, options))
}

fn shown(posting: &Posting) -> Shown {
    Shown {
        duties: posting.duties(),
        skills: posting.skills(),
        sections: posting.section_ids().into_iter().map(str::to_owned).collect(),
    }
}

impl Shown {
    fn count(&self, known: &Known, tag: &str) -> usize {
        let items = self.duties.iter().chain(&self.skills);
        items.filter(|pointer| known.tags_at(pointer).contains(&tag)).count()
    }
}

macro_rules! exhaustive {
    ($($test:ident: $tone:literal),+ $(,)?) => {
        $(#[test] fn $test() { guarantees_of_tone($tone); })+

        #[test]
        fn every_other_tone_keeps_the_guarantees_for_all_sets_of_three() {
            let tested = [$($tone),+];
            tones().iter().filter(|t| !tested.contains(&t.as_str())).for_each(|t| guarantees_of_tone(t));
        }
    };
}

exhaustive! {
    neutral_keeps_the_guarantees_for_all_sets_of_three: "neutral",
    formal_keeps_the_guarantees_for_all_sets_of_three: "formal",
    friendly_keeps_the_guarantees_for_all_sets_of_three: "friendly",
    bold_keeps_the_guarantees_for_all_sets_of_three: "bold",
    concise_keeps_the_guarantees_for_all_sets_of_three: "concise",
    plain_keeps_the_guarantees_for_all_sets_of_three: "plain",
}

fn guarantees_of_tone(tone: &str) {
    guarantees(&Voice::known(tone), &json!({}), 3);
}

#[test]
fn an_own_tone_of_many_words_keeps_the_guarantees_for_all_pairs() {
    let phrases = json!({
        "emphasis": "{employer}: {task}.", "emphasis_next": "{employer}: {task}.", "emphasis_last": "{employer}: {task}.",
        "lead_duties": "{employer} {location}:",
    });
    let tone =
        json!({"id": "long", "name": "Long", "base": "friendly", "duty": ["action"], "phrases": phrases});
    let voice = Voice::own(&tone);
    for words in [8, 16, 18, 40] {
        let employer = json!({"name": "word ".repeat(words)});
        let base = json!({"employer": employer, "locations": [{"city": "Llanfairpwllgwyngyll"}]});
        guarantees(&voice, &base, 2);
    }
}

/// For all sets of at most `most` emphases.
fn guarantees(voice: &Voice, base: &Value, most: usize) {
    let tone = &voice.id;
    let mut findings = Findings::default();
    for known in both() {
        let tags = known.tags();
        let names: Vec<&str> = tags.iter().map(String::as_str).chain(SECTION_DIMENSIONS).collect();
        for length in LENGTHS {
            let mut seen: HashMap<Vec<&str>, Shown> = HashMap::new();
            for emphasis in subsets(&names, most) {
                let options = with(base, &json!({"length": length, "emphasis": emphasis}));
                let these = shown(&voice.posting(known, &options));
                let place = || format!("{} {tone} {length} {emphasis:?}", known.role.id);
                check_duties(known, &emphasis, &these.duties, &place, &mut findings);
                for added in &emphasis {
                    let fewer: Vec<&str> = emphasis.iter().copied().filter(|name| name != added).collect();
                    let (before, after) = (seen[&fewer].count(known, added), these.count(known, added));
                    findings.check(after >= before, || {
                        format!("{}: {added} lowers its items from {before} to {after}", place())
                    });
                }
                seen.insert(emphasis.clone(), these);
            }
        }
    }
    findings.report();
}

/// The share of emphasised duties, and the essential ones.
fn check_duties(
    known: &Known,
    emphasis: &[&str],
    duties: &[String],
    place: &impl Fn() -> String,
    findings: &mut Findings,
) {
    let all = known.duties();
    for pointer in all.iter().filter(|pointer| known.is_essential(pointer)) {
        findings.check(duties.contains(pointer), || format!("{}: {pointer} vanished", place()));
    }
    let emphasised = |pointer: &&String| known.tags_at(pointer).iter().any(|tag| emphasis.contains(tag));
    let of_role = all.iter().filter(emphasised).count();
    let of_shown = duties.iter().filter(emphasised).count();
    if of_role == 0 {
        let order: Vec<&String> = all.iter().filter(|pointer| duties.contains(pointer)).collect();
        let kept = duties.iter().eq(order);
        findings.check(kept, || format!("{}: the role's order is lost: {duties:?}", place()));
    } else {
        findings.check(of_shown * 2 >= duties.len() || of_shown == of_role, || {
            format!(
                "{}: {of_shown} of {} duties are emphasised; the role has {of_role}",
                place(),
                duties.len()
            )
        });
        let last = duties.iter().rposition(|pointer| emphasised(&pointer));
        let first_other = duties.iter().position(|pointer| !emphasised(&pointer));
        findings.check(last < first_other.or(Some(usize::MAX)), || {
            format!("{}: an emphasised duty stands below another: {duties:?}", place())
        });
    }
}

#[test]
fn weights_decide_between_emphases() {
    let known = tech_manager();
    for (heavy, light) in
        [("compliance", "innovation"), ("innovation", "compliance"), ("culture", "technical")]
    {
        let options = json!({"emphasis": [light, {"dimension": heavy, "weight": 10}]});
        let first = &posting(known, &options).duties()[0];
        assert_eq!(known.tags_at(first)[0], heavy, "{options}");
    }
}

#[test]
fn an_emphasis_of_weight_one_is_the_same_as_one_without_weight() {
    for name in ["technical", "growth"] {
        let plain = posting(tech_manager(), &json!({"emphasis": [name]}));
        for weighted in [json!({"dimension": name, "weight": 1}), json!({"dimension": name})] {
            assert_eq!(posting(tech_manager(), &json!({"emphasis": [weighted]})).0, plain.0);
        }
    }
}

#[test]
fn section_emphases_move_their_section_and_leave_the_others_in_order() {
    let order = [
        "opening",
        "employer",
        "responsibilities",
        "skills",
        "qualifications",
        "career",
        "pay",
        "arrangement",
        "apply",
        "statements",
    ];
    let mut findings = Findings::default();
    for known in both() {
        for tone in tones() {
            for emphasis in subsets(&SECTION_DIMENSIONS, 3) {
                let over = json!({"tone": tone, "emphasis": emphasis, "sections": {"career": true}, "length": "full"});
                let shown = show(known, &with(&sample_for(known), &over)).sections;
                let has = |name| emphasis.contains(&name);
                let mut wanted = vec!["opening"];
                let moved = [("flexibility", "arrangement"), ("benefits", "pay")];
                wanted.extend(moved.iter().filter(|(name, _)| has(*name)).map(|(_, section)| *section));
                wanted.extend(["employer", "responsibilities"]);
                wanted.extend(has("growth").then_some("career"));
                let rest: Vec<&str> = order.into_iter().filter(|id| !wanted.contains(id)).collect();
                wanted.extend(rest);
                findings.check(shown == wanted, || format!("{tone} {emphasis:?}: {shown:?}"));
            }
        }
    }
    findings.report();
}

#[test]
fn growth_shows_the_career_path_at_standard_length() {
    for known in both() {
        for tone in tones() {
            let options = json!({"tone": tone, "emphasis": ["growth"]});
            let shown = show(known, &options).sections;
            assert_eq!(shown[2], "career", "{tone}: {shown:?}");
        }
    }
}

#[test]
fn each_emphasis_adds_a_clause_to_the_opening_and_at_most_three_do() {
    for tone in tones() {
        let clauses = |emphasis: &[&str]| {
            let posting = posting(tech_manager(), &json!({"tone": tone, "emphasis": emphasis}));
            let sources = posting.said().into_iter().filter(|said| said.section == "opening");
            let blocks = sources.flat_map(|said| said.sources.into_iter().map(|(_, at)| at.to_owned()));
            blocks.filter(|at| at.starts_with("emphasis")).count()
        };
        assert_eq!(clauses(&[]), 0, "{tone}");
        assert_eq!(clauses(&["technical"]), 1, "{tone}");
        assert_eq!(clauses(&["technical", "growth"]), 2, "{tone}");
        assert_eq!(clauses(&["technical", "people", "delivery", "quality", "growth"]), 3, "{tone}");
    }
}

#[test]
fn two_emphases_never_name_the_same_duty_in_the_opening() {
    let mut findings = Findings::default();
    for known in both() {
        let tags = known.tags();
        let names: Vec<&str> = tags.iter().map(String::as_str).collect();
        for emphasis in subsets(&names, 3) {
            let posting = posting(known, &json!({"emphasis": emphasis}));
            let said = posting.said();
            let opening = said.iter().filter(|said| said.section == "opening");
            let mut named: Vec<&str> = opening
                .flat_map(|said| said.sources.iter().map(|(_, at)| *at))
                .filter(|at| at.starts_with("/responsibilities"))
                .collect();
            let all = named.len();
            named.sort_unstable();
            named.dedup();
            findings.check(named.len() == all, || format!("{emphasis:?}"));
        }
    }
    findings.report();
}

#[test]
fn the_opening_names_a_duty_that_the_posting_shows() {
    let mut findings = Findings::default();
    for known in both() {
        let tags = known.tags();
        let names: Vec<&str> = tags.iter().map(String::as_str).collect();
        for tone in tones() {
            for length in LENGTHS {
                for emphasis in subsets(&names, 2) {
                    let posting =
                        posting(known, &json!({"tone": tone, "length": length, "emphasis": emphasis}));
                    let duties = posting.duties();
                    let said = posting.said();
                    let opening = said.iter().filter(|said| said.section == "opening");
                    for (_, at) in opening.flat_map(|said| &said.sources) {
                        let duty = at.starts_with("/responsibilities");
                        findings.check(!duty || duties.iter().any(|d| d == at), || {
                            format!("{tone} {length} {emphasis:?}: {at} is named and not shown")
                        });
                    }
                }
            }
        }
    }
    findings.report();
}

#[test]
fn an_unknown_dimension_is_refused_with_the_valid_ones_and_the_nearest() {
    let violations = refused(tech_manager(), &json!({"emphasis": ["technical", "tecnical", "leadershp"]}));
    assert_eq!(violations.len(), 2);
    assert_eq!(violations[0].pointer, "/emphasis/1");
    assert_eq!(violations[0].nearest.as_deref(), Some("technical"));
    assert_eq!(violations[1].pointer, "/emphasis/2");
    assert_eq!(violations[1].nearest.as_deref(), Some("leadership"));
    for name in tech_manager().tags().iter().map(String::as_str).chain(SECTION_DIMENSIONS) {
        assert!(violations[0].valid.iter().any(|valid| valid == name), "{name} is not listed");
    }
    let weighted = refused(tech_manager(), &json!({"emphasis": [{"dimension": "nope", "weight": 2}]}));
    assert_eq!(weighted[0].pointer, "/emphasis/0/dimension");
    let of_zoo = refused(zookeeper(), &json!({"emphasis": ["husbandri"]}));
    assert_eq!(of_zoo[0].nearest.as_deref(), Some("husbandry"));
    for tag in zookeeper().tags() {
        assert!(of_zoo[0].valid.contains(&tag), "{tag} is not listed");
    }
    refused(tech_manager(), &json!({"emphasis": ["husbandry"]}));
}

#[test]
fn whatever_is_listed_can_be_asked_for_and_says_what_it_does() {
    for known in both() {
        let listed = renderer().emphases(Some(&known.role));
        let mut names: Vec<&str> = listed.iter().map(|choice| choice.id.as_str()).collect();
        for choice in &listed {
            posting(known, &json!({"emphasis": [choice.id]}));
            assert!(!choice.description.is_empty(), "{}", choice.id);
        }
        for tag in known.tags() {
            assert!(names.contains(&tag.as_str()), "{tag}");
        }
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all, "one of them is listed twice: {names:?}");
    }
    for choice in renderer().tones().iter().chain(renderer().locales()) {
        assert!(!choice.description.is_empty() && !choice.example.is_empty(), "{choice:?}");
    }
    assert_eq!(
        renderer().locales().iter().map(|locale| locale.id.as_str()).take(1).collect::<Vec<_>>(),
        ["en-US"]
    );
}

#[test]
fn every_fault_of_the_options_is_told_at_once() {
    let options = json!({"tone": "freindly", "locale": "xx-YY", "emphasis": ["nope"]});
    let violations = refused(tech_manager(), &options);
    let mut pointers: Vec<&str> = violations.iter().map(|violation| violation.pointer.as_str()).collect();
    pointers.sort_unstable();
    assert_eq!(pointers, ["/emphasis/0", "/locale", "/tone"]);
    let tone = violations.iter().find(|violation| violation.pointer == "/tone").unwrap();
    assert_eq!(tone.nearest.as_deref(), Some("friendly"));
    assert_eq!(tone.valid, tones());
}

#[test]
fn a_dimension_of_ours_that_a_role_does_not_use_changes_nothing_but_the_opening() {
    let plain = posting(zookeeper(), &json!({}));
    let asked = posting(zookeeper(), &json!({"emphasis": ["technical"]}));
    assert_eq!(plain.duties(), asked.duties());
    assert_eq!(plain.skills(), asked.skills());
}

#[test]
fn the_zookeepers_own_tags_put_their_items_first() {
    for tag in zookeeper().tags() {
        for tone in tones() {
            let posting = posting(zookeeper(), &json!({"tone": tone, "emphasis": [tag]}));
            let duties = posting.duties();
            assert!(zookeeper().tags_at(&duties[0]).contains(&tag.as_str()), "{tone} {tag}: {duties:?}");
        }
    }
}

proptest! {
    #![proptest_config(random::config(120))]

    #[test]
    fn the_guarantees_hold_for_random_roles_weights_and_options(
        role in random::role(),
        seed in random::emphasis_seed(),
        voice in random::voice(),
        length in random::length(),
        base in random::options(),
    ) {
        let known = Known::new(role);
        let emphasis = random::emphasis_of(&known, &seed);
        let options = with(&base, &json!({"length": length, "emphasis": emphasis, "sections": {}}));
        let mut findings = Findings::default();
        let show = |options: &Value| shown(&voice.posting(&known, options));
        let these = show(&options);
        let names: Vec<&str> = emphasis.iter().map(|e| e["dimension"].as_str().unwrap()).collect();
        check_duties(&known, &names, &these.duties, &|| format!("{} {length} {emphasis:?}", voice.id), &mut findings);
        for added in &emphasis {
            let fewer: Vec<&Value> = emphasis.iter().filter(|other| *other != added).collect();
            let before = show(&with(&options, &json!({"emphasis": fewer})));
            let name = added["dimension"].as_str().unwrap();
            let (before, after) = (before.count(&known, name), these.count(&known, name));
            findings.check(after >= before, || format!("{name} lowers its items from {before} to {after}"));
        }
        findings.report();
    }
}

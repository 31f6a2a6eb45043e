//! Lengths: budgets, what is shown, what is left out, and that nothing is cut.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::random;
use super::support::*;

/// Words of the body as a reader counts them: runs between spaces with a letter or a digit.
fn count(posting: &Posting) -> u64 {
    let words = |text: &str| text.split_whitespace().filter(|w| w.chars().any(char::is_alphanumeric)).count();
    let body = posting.said().into_iter().filter(|said| !["statements", "locked"].contains(&said.section));
    body.map(|said| words(said.words) + said.label.map_or(0, words)).sum::<usize>() as u64
}

/// Budgets, counts and notes agree; what exceeds a budget has nothing left to drop.
fn check_budget(
    known: &Known,
    posting: &Posting,
    length: &str,
    emphasis: &[&str],
    sections: &Value,
) -> Result<(), String> {
    let words = posting.words();
    if words != count(posting) {
        return Err(format!("says {words} words and has {}", count(posting)));
    }
    let exceeded = max_words(length).is_some_and(|max| words > max);
    if exceeded != posting.notes().contains(&"length-exceeded") {
        return Err(format!("{words} words and the notes {:?}", posting.notes()));
    }
    let missed = length == "standard" && words < 300;
    if missed != posting.notes().contains(&"length-missed") {
        return Err(format!("{words} words and the notes {:?}", posting.notes()));
    }
    if !exceeded {
        return Ok(());
    }
    let mut droppable: Vec<String> =
        posting.shown().into_iter().filter(|pointer| !pointer.starts_with("/responsibilities/")).collect();
    // A section that was asked for keeps one item, and the career one list.
    for (section, prefixes) in [
        ("skills", &["/skills/"][..]),
        ("qualifications", &["/experience/", "/education/"]),
        ("career", &["/career/"]),
    ] {
        let of_section = |pointer: &String| prefixes.iter().any(|prefix| pointer.starts_with(prefix));
        let left = droppable.iter().filter(|pointer| of_section(pointer)).count();
        if sections.get(section) == Some(&json!(true)) && (left == 1 || section == "career") {
            droppable.retain(|pointer| !of_section(pointer));
        }
    }
    if !droppable.is_empty() {
        return Err(format!("{words} words, and yet it shows {droppable:?}"));
    }
    let duties = posting.duties();
    let free = duties.iter().filter(|pointer| {
        !known.is_essential(pointer) && !known.tags_at(pointer).iter().any(|tag| emphasis.contains(tag))
    });
    let free = free.count();
    if free > 0 && duties.len() > 1 {
        return Err(format!("{words} words, and yet {free} duties that nothing asks for: {duties:?}"));
    }
    Ok(())
}

/// Every part of the role stands in the posting or among what was left out, once.
fn check_complete(known: &Known, posting: &Posting) -> Result<(), String> {
    let shown = posting.shown();
    let omitted: Vec<String> = posting.omitted().into_iter().map(|(pointer, _)| pointer.to_owned()).collect();
    let mut told: Vec<&String> =
        shown.iter().chain(&omitted).filter(|p| !p.starts_with("/experience/")).collect();
    told.sort_unstable();
    let mut wanted = known.duties();
    wanted.extend(known.skills());
    wanted.extend(known.pointers(&["/education/minimum", "/education/preferred"]));
    wanted.extend(known.pointers(&["/career/entry_from", "/career/advances_to", "/career/lateral_moves"]));
    wanted.push("/summary".to_owned());
    if known.json.pointer("/education/fields_of_study").is_some_and(|fields| fields != &json!([])) {
        wanted.push("/education/fields_of_study".to_owned());
    }
    if omitted.iter().any(|pointer| pointer == "/salary") {
        wanted.push("/salary".to_owned());
    }
    wanted.sort_unstable();
    if told.iter().copied().ne(&wanted) {
        let told: BTreeSet<&String> = told.into_iter().collect();
        let all: BTreeSet<&String> = wanted.iter().collect();
        let untold: Vec<_> = all.difference(&told).collect();
        let twice: Vec<_> = told.iter().filter(|p| shown.contains(p) && omitted.contains(p)).collect();
        return Err(format!(
            "not told: {untold:?}; told of nothing: {:?}; shown and omitted: {twice:?}",
            told.difference(&all).collect::<Vec<_>>()
        ));
    }
    check_experience(known, &shown, &omitted)
}

/// Experience is told in one sentence or in two; what one sentence sums up is not left out.
fn check_experience(known: &Known, shown: &[String], omitted: &[String]) -> Result<(), String> {
    let all: Vec<&String> = shown.iter().chain(omitted).filter(|p| p.starts_with("/experience/")).collect();
    let once: BTreeSet<&String> = all.iter().copied().collect();
    if once.len() != all.len() {
        return Err(format!("told twice: {all:?}"));
    }
    let is = |pointer: &str| once.contains(&pointer.to_owned());
    for pointer in known.pointers(&["/experience/preferred"]) {
        if !is(&pointer) {
            return Err(format!("not told: {pointer}"));
        }
    }
    if known.json["experience"].is_object() {
        let summed_up = is("/experience/minimum_years");
        let usual = is("/experience/summary")
            && (known.json["experience"]["leadership_years"].is_null() || is("/experience/leadership_years"));
        if summed_up == usual {
            return Err(format!("the experience is told as {once:?}"));
        }
    }
    Ok(())
}

/// Every item of the role is one of the texts that it may have: whole parts, in their order.
fn check_uncut(known: &Known, posting: &Posting) -> Result<(), String> {
    for said in posting.said() {
        let Some(pointer) = said.role_pointer() else { continue };
        let Some(value) = known.json.pointer(pointer) else { return Err(format!("no {pointer}")) };
        let texts = texts_of(pointer, value, known);
        let plain = |text: &str| text.trim().trim_end_matches('.').to_lowercase();
        if !texts.is_empty() && !texts.iter().any(|text| plain(text) == plain(said.words)) {
            return Err(format!("{pointer} says {:?}, which is none of {texts:?}", said.words));
        }
    }
    Ok(())
}

/// What an item may say; nothing for those that a tone words on its own.
fn texts_of(pointer: &str, value: &Value, known: &Known) -> Vec<String> {
    let text = |value: &Value| value.as_str().map(str::trim).map(str::to_owned);
    if pointer.starts_with("/responsibilities/") {
        let parts = [&value["detail"], &value["outcome"]].map(text);
        let starts = [text(&value["action"]), text(&value["plain"]["action"])];
        let mut texts = Vec::new();
        for start in starts.into_iter().flatten() {
            for chosen in [[false, false], [true, false], [false, true], [true, true]] {
                let mut sentence = start.clone();
                for part in
                    parts.iter().zip(chosen).filter(|(_, chosen)| *chosen).filter_map(|(p, _)| p.as_ref())
                {
                    let glue = if part.starts_with([',', ';', ':', '.']) { "" } else { " " };
                    sentence = format!("{sentence}{glue}{part}");
                }
                texts.push(sentence);
            }
        }
        return texts;
    }
    if pointer.starts_with("/skills/") {
        let name = text(&value["name"]).unwrap();
        let described = text(&value["description"]).map(|description| format!("{name}: {description}"));
        return std::iter::once(name).chain(described).collect();
    }
    match pointer {
        "/education/fields_of_study" => Vec::new(),
        "/experience/minimum_years" | "/experience/leadership_years" => Vec::new(),
        "/experience/summary" if known.json["experience"]["minimum_years"].is_u64() => Vec::new(),
        _ => value["text"].as_str().or(value.as_str()).map(str::to_owned).into_iter().collect(),
    }
}

#[test]
fn budgets_hold_for_both_roles_in_all_tones_and_lengths_with_every_pair_of_emphases() {
    let mut findings = Findings::default();
    for known in both() {
        let tags = known.tags();
        let names: Vec<&str> = tags.iter().map(String::as_str).chain(SECTION_DIMENSIONS).collect();
        for tone in tones() {
            for length in LENGTHS {
                for emphasis in subsets(&names, if length == "full" { 0 } else { 2 }) {
                    for base in [json!({}), sample_for(known)] {
                        let over = json!({"tone": tone, "length": length, "emphasis": emphasis});
                        let posting = posting(known, &with(&base, &over));
                        let result = check_budget(known, &posting, length, &emphasis, &Value::Null)
                            .and_then(|()| check_complete(known, &posting))
                            .and_then(|()| check_uncut(known, &posting));
                        if let Err(wrong) = result {
                            let bare = if base == json!({}) { "bare" } else { "sample" };
                            findings.add(format!(
                                "{} {tone} {length} {emphasis:?} {bare}: {wrong}",
                                known.role.id
                            ));
                        }
                    }
                }
            }
        }
    }
    findings.report();
}

#[test]
fn a_bare_short_posting_of_either_role_fits_in_150_words() {
    for known in both() {
        for tone in tones() {
            let posting = posting(known, &json!({"tone": tone, "length": "short"}));
            assert!(posting.words() <= 150, "{} {tone}: {} words", known.role.id, posting.words());
        }
    }
}

#[test]
fn a_standard_posting_of_the_built_in_role_has_300_to_600_words_in_every_tone_but_concise() {
    for options in [json!({}), sample()] {
        for tone in tones() {
            let words = posting(tech_manager(), &with(&options, &json!({"tone": tone}))).words();
            let least = if tone == "concise" { 100 } else { 300 };
            assert!((least..=600).contains(&words), "{tone}: {words} words");
        }
    }
}

#[test]
fn a_full_posting_leaves_out_nothing() {
    for known in both() {
        for tone in tones() {
            let options = json!({"tone": tone, "length": "full"});
            let posting = posting(known, &options);
            assert!(posting.omitted().is_empty(), "{tone}: {:?}", posting.omitted());
            assert_eq!(posting.duties().len(), known.duties().len());
            assert_eq!(posting.skills().len(), known.skills().len());
        }
    }
}

#[test]
fn a_callers_long_text_is_not_cut_and_the_overrun_is_noted() {
    let long = "word ".repeat(380) + "end";
    for length in ["short", "standard"] {
        let employer = json!({"name": "Acme", "about": long});
        let options = json!({"length": length, "employer": employer, "apply": {"instructions": long}});
        let posting = posting(tech_manager(), &options);
        assert!(posting.notes().contains(&"length-exceeded"));
        assert_eq!(posting.said().iter().filter(|said| said.words == long).count(), 2);
        check_budget(tech_manager(), &posting, length, &[], &Value::Null).unwrap();
    }
}

#[test]
fn a_section_that_is_turned_off_is_gone_and_what_it_would_have_shown_is_listed() {
    let mut findings = Findings::default();
    let all = [
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
    for known in both() {
        for tone in tones() {
            for length in LENGTHS {
                for off in all {
                    let over = json!({"tone": tone, "length": length, "sections": {off: false}});
                    let posting = posting(known, &with(&sample_for(known), &over));
                    let place = format!("{} {tone} {length} without {off}", known.role.id);
                    findings.check(posting.section(off).is_none(), || place.clone());
                    let prefix = match off {
                        "responsibilities" => "/responsibilities",
                        "skills" => "/skills",
                        "qualifications" => "/education",
                        "career" => "/career",
                        "pay" => "/salary",
                        "opening" => "/summary",
                        _ => continue,
                    };
                    let listed =
                        posting.omitted().iter().any(|(at, why)| at.starts_with(prefix) && *why == "options");
                    findings.check(listed, || format!("{place}: {:?}", posting.omitted()));
                    if let Err(wrong) = check_complete(known, &posting) {
                        findings.add(format!("{place}: {wrong}"));
                    }
                }
            }
        }
    }
    findings.report();
}

#[test]
fn a_section_that_is_turned_on_stays_where_the_length_would_drop_it() {
    let mut findings = Findings::default();
    for known in both() {
        for tone in tones() {
            for on in ["skills", "qualifications", "career"] {
                let options = json!({"tone": tone, "length": "short", "sections": {on: true}});
                let posting = posting(known, &options);
                let place = format!("{} {tone} with {on}: {:?}", known.role.id, posting.section_ids());
                findings.check(posting.section(on).is_some(), || place);
            }
        }
    }
    findings.report();
}

#[test]
fn a_shorter_length_never_shows_more_words() {
    for known in both() {
        for tone in tones() {
            for base in [json!({}), sample_for(known)] {
                let words =
                    |length| posting(known, &with(&base, &json!({"tone": tone, "length": length}))).words();
                let (short, standard, full) = (words("short"), words("standard"), words("full"));
                assert!(short <= standard && standard <= full, "{tone}: {short}, {standard}, {full}");
            }
        }
    }
}

#[test]
fn what_tone_and_length_leave_out_is_told_with_its_reason_and_id() {
    let posting = posting(tech_manager(), &json!({}));
    let omitted = posting.0["omitted"].as_array().unwrap();
    assert!(!omitted.is_empty());
    for entry in omitted {
        let pointer = entry["pointer"].as_str().unwrap();
        let id = tech_manager().json.pointer(pointer).unwrap()["id"].as_str();
        assert_eq!(entry["id"].as_str(), id, "{pointer}");
    }
}

#[test]
fn what_is_left_out_is_not_said_in_the_opening_either() {
    // Both would be wrong at once: that the duty is not in the posting, and what the opening says.
    let known = tech_manager();
    let posting = posting(known, &json!({"emphasis": ["delivery", "culture"]}));
    let omitted: Vec<&str> = posting.omitted().into_iter().map(|(pointer, _)| pointer).collect();
    for said in posting.said() {
        for (_, pointer) in &said.sources {
            assert!(!omitted.contains(pointer), "{pointer} is left out, and said in {:?}", said.words);
        }
    }
}

#[test]
fn experience_without_years_names_a_source_that_is_there() {
    let mut json = tech_manager().json.clone();
    json["experience"] = json!({"summary": "work in a software team"});
    let known = Known::new(json);
    for length in LENGTHS {
        let posting = posting(&known, &json!({"length": length}));
        let said = posting.said();
        let said = said.iter().find(|said| said.words.starts_with("Work in a software team")).unwrap();
        assert_eq!(said.sources, [("role", "/experience/summary")], "{length}");
    }
}

#[test]
fn each_fact_of_the_arrangement_names_the_option_that_it_comes_from() {
    let posting = posting(tech_manager(), &json!({"hours_per_week": 40}));
    let said = posting.said();
    let fact = said.iter().find(|said| said.words.contains("40 hours")).unwrap();
    assert_eq!(fact.sources, [("options", "/hours_per_week")]);
}

proptest! {
    #![proptest_config(random::config(200))]

    #[test]
    fn budgets_hold_and_nothing_is_cut_or_lost_for_random_roles_and_options(
        role in random::role(),
        base in random::options(),
        seed in random::emphasis_seed(),
        voice in random::voice(),
        length in random::length(),
    ) {
        let known = Known::new(role);
        let emphasis = random::emphasis_of(&known, &seed);
        let posting = voice.posting(&known, &with(&base, &json!({"length": length, "emphasis": emphasis})));
        let names: Vec<&str> = emphasis.iter().map(|e| e["dimension"].as_str().unwrap()).collect();
        let result = check_budget(&known, &posting, length, &names, &base["sections"])
            .and_then(|()| check_complete(&known, &posting))
            .and_then(|()| check_uncut(&known, &posting));
        prop_assert!(result.is_ok(), "{}", result.unwrap_err());
    }
}

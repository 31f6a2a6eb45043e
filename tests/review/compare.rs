//! Postings compared with what is found live.

use proptest::prelude::*;
use rolewright::import;
use rolewright::render::Format;
use rolewright::review::comparison::Presence;
use rolewright::review::{Comparison, compare};
use serde_json::{Value, json};

use super::Composed;
use super::random;
use super::support::*;

/// The paragraphs of what a format writes.
fn read(written: &str, format: Format) -> Vec<String> {
    match format {
        Format::Html | Format::Page => import::html::paragraphs(written),
        _ => import::text::paragraphs(written),
    }
}

/// Compares a posting with what a format writes of it.
fn compared(known: &Known, voice: &Voice, options: &Value, format: Format) -> (Comparison, String) {
    let composed = Composed::of(known, voice, options);
    let written = voice.write(known.stored(), &composed.options, format);
    (compare(&composed.posting, &composed.vacancy, &read(&written, format)), written)
}

/// What is wrong with the comparison of a posting with itself.
fn differences(found: &Comparison) -> Vec<String> {
    let mut wrong: Vec<String> = Vec::new();
    wrong.extend(found.missing.iter().map(|missing| format!("missing: {missing:?}")));
    wrong.extend(found.altered.iter().map(|altered| format!("altered: {altered:?}")));
    wrong.extend(found.added.iter().map(|added| format!("added: {added:?}")));
    wrong.extend(found.around.iter().map(|around| format!("around: {around:?}")));
    wrong.extend(found.dates.iter().filter(|date| !date.found).map(|date| format!("date: {date:?}")));
    if !found.title {
        wrong.push("title".to_owned());
    }
    wrong
}

const WRITTEN: [Format; 4] = [Format::Text, Format::Html, Format::Page, Format::Markdown];

#[test]
fn what_every_tone_writes_is_the_posting() {
    for known in both() {
        for tone in tones() {
            for length in LENGTHS {
                for locale in LOCALES {
                    let over = json!({"tone": tone, "length": length, "locale": locale});
                    let options = with(&sample_for(known), &over);
                    for format in WRITTEN {
                        let (found, written) = compared(known, &Voice::known(tone.clone()), &options, format);
                        let wrong = differences(&found);
                        assert!(wrong.is_empty(), "{} {wrong:#?}\n{written}", format.as_str());
                        assert_eq!(found.salary, Some(Presence::Verbatim));
                        assert_eq!(found.dates.len(), 3, "{found:?}");
                        assert!(found.same > 10);
                    }
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(random::config(300))]

    #[test]
    fn what_any_posting_writes_is_the_posting(
        role in random::role(), base in random::options(), voice in random::voice(), length in random::length(),
    ) {
        let known = Known::new(role);
        let options = with(&base, &json!({"tone": voice.id, "length": length}));
        for format in WRITTEN {
            let (found, written) = compared(&known, &voice, &options, format);
            let wrong = differences(&found);
            prop_assert!(wrong.is_empty(), "{}: {:#?}\n{}", format.as_str(), wrong, written);
            prop_assert!(found.salary.is_none_or(|presence| presence == Presence::Verbatim));
        }
    }
}

/// Compares the sample with a text.
fn against(edit: impl Fn(String) -> String) -> Comparison {
    let (known, voice) = (tech_manager(), Voice::known("neutral"));
    let composed = Composed::of(known, &voice, &sample());
    let written = edit(voice.write(known.stored(), &composed.options, Format::Html));
    compare(&composed.posting, &composed.vacancy, &import::html::paragraphs(&written))
}

#[test]
fn a_page_around_the_posting_is_kept_apart() {
    let found = against(|html| {
        format!(
            "<nav><li><a>Home</a><li><a>Responsibilities</a><li>All jobs in one place for you</nav>{html}\
             <footer>Follow us. © 2027 Northwind Robotics</footer>"
        )
    });
    assert!(found.is_same(), "{found:#?}");
    let around = [
        "Home",
        "Responsibilities",
        "All jobs in one place for you",
        "Follow us.",
        "© 2027 Northwind Robotics",
    ];
    assert!(found.around.iter().all(|text| around.contains(&text.as_str())), "{found:#?}");
    assert!(found.around.len() >= 4);
}

#[test]
fn sentences_that_went_came_or_were_altered_are_told() {
    let found = against(|html| {
        html.replace(
            "Founded in 2009, the company employs 420 people",
            "Founded in 2009, the company employs 900 people",
        )
        .replace("Northwind Robotics builds robots that move goods in warehouses.", "")
        .replace("<li>Curiosity</li>", "<li>Curiosity</li><li>A value that nobody agreed to</li>")
        .replace("25 days of paid leave a year", "25 days of paid leave a year, and your birthday")
    });
    let altered: Vec<&str> = found.altered.iter().map(|altered| altered.after.as_str()).collect();
    let people = "Founded in 2009, the company employs 900 people in Colorado and Washington.";
    assert_eq!(altered, [people, "25 days of paid leave a year, and your birthday"], "{found:#?}");
    assert_eq!(found.altered[1].before, "25 days of paid leave a year");
    let missing: Vec<&str> = found.missing.iter().map(|missing| missing.text.as_str()).collect();
    assert_eq!(missing, ["Northwind Robotics builds robots that move goods in warehouses."]);
    assert_eq!(found.missing[0].heading, "About Northwind Robotics");
    assert_eq!(found.added, ["A value that nobody agreed to"]);
    assert!(found.around.is_empty());
}

#[test]
fn another_look_is_no_difference() {
    let found = against(|html| {
        html.replace("<li>", "<li>\u{2022} ")
            .replace("'", "\u{2019}")
            .replace("&#39;", "&rsquo;")
            .replace(" – ", "-")
            .replace("Northwind", "NORTHWIND")
            .replace("</p>\n<p>", "<br>")
            .replace("<h3", "<p><b")
            .replace("</h3>", "</b></p>")
    });
    assert!(found.is_same() && found.around.is_empty(), "{found:#?}");
    let numbered = against(|html| html.replace("<li>", "<li>1. "));
    assert!(numbered.is_same() && numbered.around.is_empty(), "{numbered:#?}");
}

#[test]
fn other_punctuation_in_a_sentence_is_an_alteration() {
    let found = against(|html| html.replace("Founded in 2009, the company", "Founded in 2009 the company"));
    assert_eq!(found.altered.len(), 1, "{found:#?}");
    assert!(found.missing.is_empty() && found.added.is_empty());
}

#[test]
fn title_pay_and_dates_are_looked_for_in_any_notation() {
    let found = against(|html| {
        html.replace("Tech Manager", "Boss")
            .replace("$150,000 – $185,000 a year", "150k to 185k USD per year")
            .replace("January 31, 2027", "31/01/2027")
            .replace("February 1, 2027", "soon")
    });
    assert!(!found.title);
    assert_eq!(found.salary, Some(Presence::OtherNotation));
    let dates: Vec<(&str, bool)> =
        found.dates.iter().map(|date| (date.pointer.as_str(), date.found)).collect();
    assert_eq!(dates, [("/start", false), ("/date_posted", true), ("/valid_through", true)]);
    let found = against(|html| html.replace("$150,000", "$140,000"));
    assert_eq!(found.salary, Some(Presence::Absent));
}

#[test]
fn nothing_has_nothing_of_it() {
    let composed = Composed::of(tech_manager(), &Voice::known("neutral"), &sample());
    let found = compare(&composed.posting, &composed.vacancy, &[]);
    assert_eq!((found.same, found.title, found.salary), (0, false, Some(Presence::Absent)));
    assert!(found.missing.len() > 20 && found.altered.is_empty() && found.added.is_empty());
    let other = ["Something else entirely.".to_owned()];
    assert_eq!(compare(&composed.posting, &composed.vacancy, &other).added, other);
}

/// A posting of the most words against a megabyte of the same, or nearly the same. The bounds are generous:
/// this is the debug build, on a busy machine.
#[test]
fn hostile_sizes_take_bounded_time() {
    let item = |n: usize, word: &str| format!("{n} {}", word.repeat(1990 / word.len()));
    for (word, step) in [("a ", 0), ("a b c d ", 1), ("Ab. ", 7), ("x-y.z ", 7)] {
        let duties: Vec<Value> = (0..200)
            .map(|n| json!({"id": format!("d{n}"), "action": item(n, word), "essential": true}))
            .collect();
        let locked: Vec<Value> = (0..20).map(|n| json!({"heading": "H", "text": item(n, word)})).collect();
        let mut role = tech_manager().json.clone();
        role["responsibilities"] = json!({"primary": duties});
        let known = Known::new(role);
        let employer = json!({"name": "A", "locked": locked});
        let options = json!({"length": "full", "employer": employer});
        let composed = Composed::of(&known, &Voice::known("neutral"), &options);
        let live: Vec<String> = (0..500).map(|n| item(n * step, word)).collect();
        let start = std::time::Instant::now();
        let _ = compare(&composed.posting, &composed.vacancy, &live);
        assert!(start.elapsed() < std::time::Duration::from_secs(20), "{word}: {:?}", start.elapsed());
    }
}

//! What is kept between requests: the same bytes, however often and in whatever order it is asked
//! for, by many at once; and never more of it than it is worth.

use std::sync::LazyLock;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use rolewright::domain::PostingOptions;
use rolewright::render::{Format, Renderer, Subject};
use serde_json::{Value, json};

use super::random;
use super::support::*;

const TEXT_FORMATS: [Format; 4] = [Format::Html, Format::Page, Format::Markdown, Format::Text];

static ANEW: LazyLock<Renderer> = LazyLock::new(|| Renderer::anew(None).unwrap());

fn bytes(renderer: &Renderer, subject: Subject<'_>, options: &PostingOptions, format: Format) -> String {
    String::from_utf8(renderer.render(subject, options, format).unwrap()).unwrap()
}

/// Options that differ in one thing each from those before: all that may decide what is shown.
fn neighbors(base: &Value) -> Vec<Value> {
    let steps = [
        json!({}),
        json!({"length": "short"}),
        json!({"length": "full"}),
        json!({"emphasis": ["technical"]}),
        json!({"emphasis": ["technical", "people"]}),
        json!({"emphasis": ["people", "technical"]}),
        json!({"emphasis": [{"dimension": "people", "weight": 3}, "technical"]}),
        json!({"emphasis": ["growth"]}),
        json!({"emphasis": ["benefits"]}),
        json!({"emphasis": ["flexibility"], "locations": [{"city": "Denver", "workplace": "hybrid"}]}),
        json!({"emphasis": ["flexibility"], "locations": [{"city": "Denver", "workplace": "remote"}]}),
        json!({"sections": {"career": false}}),
        json!({"sections": {"skills": true}, "length": "short"}),
        json!({"sections": {"opening": false}}),
        json!({"sections": {"responsibilities": false}}),
        json!({"sections": {"statements": false}}),
        json!({"title": "1. <Head> of *Everything*"}),
        json!({"heading_level": 4}),
        json!({"locale": "de-DE"}),
        json!({"tone": "formal"}),
        json!({"tone": "concise"}),
        json!({"employer": {"name": "R & D's", "about": "We & they. ".repeat(20)}}),
        json!({"employer": {"name": "R & D's", "about": "We & they. ".repeat(60)}}),
        json!({"employer": {"name": "R & D's", "about": "We & they. ".repeat(150)}}),
    ];
    steps.iter().map(|step| with(base, step)).collect()
}

#[test]
fn whatever_differs_in_the_options_is_not_taken_from_what_was_kept_for_others() {
    let renderer = Renderer::new(None).unwrap();
    let mut findings = Findings::default();
    for base in [json!({}), sample()] {
        let all: Vec<_> = neighbors(&base).iter().map(|json| tech_manager().options(json)).collect();
        // The first time nothing is kept, the second time it is, the third time it is copied.
        for _ in 0..3 {
            for (n, options) in all.iter().enumerate() {
                for format in TEXT_FORMATS {
                    let subject = tech_manager().stored();
                    let same =
                        bytes(&renderer, subject, options, format) == bytes(&ANEW, subject, options, format);
                    findings.check(same, || format!("neighbor {n} in {}", format.as_str()));
                }
            }
        }
    }
    findings.report();
}

#[test]
fn what_is_asked_for_twice_is_kept_once() {
    let renderer = Renderer::new(None).unwrap();
    let options = tech_manager().options(&sample());
    let write = || bytes(&renderer, tech_manager().stored(), &options, Format::Html);
    let first = write();
    let with_kit = renderer.kept_bytes();
    assert_eq!(write(), first);
    let with_sections = renderer.kept_bytes();
    assert!(with_kit > 0 && with_sections > with_kit, "{with_kit}, {with_sections}");
    for _ in 0..10 {
        assert_eq!(write(), first);
        assert_eq!(renderer.kept_bytes(), with_sections);
    }
}

#[test]
fn nothing_is_kept_of_a_role_that_comes_with_the_request() {
    let renderer = Renderer::new(None).unwrap();
    let options = tech_manager().options(&sample());
    for format in TEXT_FORMATS.into_iter().cycle().take(12) {
        bytes(&renderer, tech_manager().inline(), &options, format);
    }
    assert_eq!(renderer.kept_bytes(), 0);
}

#[test]
fn many_threads_with_many_options_write_the_same_bytes() {
    let renderer = Renderer::new(None).unwrap();
    let subject = tech_manager().stored();
    let all: Vec<_> = neighbors(&sample()).iter().map(|json| tech_manager().options(json)).collect();
    let anew: Vec<_> = all.iter().map(|options| bytes(&ANEW, subject, options, Format::Html)).collect();
    std::thread::scope(|scope| {
        for thread in 0..8 {
            let (renderer, all, anew) = (&renderer, &all, &anew);
            scope.spawn(move || {
                for n in (0..all.len() * 4).map(|n| (n * (thread + 1) + thread) % all.len()) {
                    assert_eq!(bytes(renderer, subject, &all[n], Format::Html), anew[n], "neighbor {n}");
                }
            });
        }
    });
}

proptest! {
    #![proptest_config(random::config(60))]

    #[test]
    fn random_requests_for_a_role_in_any_order_write_what_templates_write(
        role in random::role(),
        bases in vec((random::options(), random::emphasis_seed(), select(tones()), random::length()), 1..4),
        order in vec((any::<prop::sample::Index>(), select(&TEXT_FORMATS[..])), 1..16),
    ) {
        let known = Known::new(role);
        let renderer = Renderer::new(None).unwrap();
        let options: Vec<_> = bases.iter().map(|(base, seed, tone, length)| {
            let emphasis = random::emphasis_of(&known, seed);
            known.options(&with(base, &json!({"tone": tone, "length": length, "emphasis": emphasis})))
        }).collect();
        for (index, format) in order {
            let options = index.get(&options);
            let kept = bytes(&renderer, known.stored(), options, format);
            prop_assert_eq!(kept, bytes(&ANEW, known.stored(), options, format));
        }
    }
}

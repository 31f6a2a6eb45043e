//! The same bytes: from frames and anew, the first time and later, kept and inline.

use std::sync::LazyLock;

use proptest::prelude::*;
use proptest::sample::select;
use rolewright::domain::PostingOptions;
use rolewright::render::{Format, Renderer, Subject};
use serde_json::{Value, json};

use super::random;
use super::support::*;

static ANEW: LazyLock<Renderer> = LazyLock::new(|| Renderer::anew(None).unwrap());

fn anew(subject: Subject<'_>, options: &PostingOptions, format: Format) -> String {
    anew_in(&Voice::known("neutral"), subject, options, format)
}

fn anew_in(voice: &Voice, subject: Subject<'_>, options: &PostingOptions, format: Format) -> String {
    String::from_utf8(ANEW.with_tone(voice.tone()).render(subject, options, format).unwrap()).unwrap()
}

/// Every length, format and locale, bare and with the sample's options.
fn same_for_tones(tones: &[String]) {
    let mut findings = Findings::default();
    for known in both() {
        for tone in tones {
            for length in LENGTHS {
                for locale in LOCALES {
                    for base in [json!({}), sample_for(known)] {
                        if base == json!({}) && locale != "en-US" {
                            continue;
                        }
                        let over = json!({"tone": tone, "length": length, "locale": locale});
                        let options = known.options(&with(&base, &over));
                        for format in WORDED {
                            let kept = write(known.stored(), &options, format);
                            let same = kept == anew(known.stored(), &options, format);
                            findings.check(same, || format!("{tone} {length} {locale} {}", format.as_str()));
                        }
                    }
                }
            }
        }
    }
    findings.report();
}

#[test]
fn frames_write_what_templates_write_in_every_second_tone() {
    same_for_tones(&tones().into_iter().step_by(2).collect::<Vec<_>>());
}

#[test]
fn frames_write_what_templates_write_in_the_other_tones() {
    same_for_tones(&tones().into_iter().skip(1).step_by(2).collect::<Vec<_>>());
}

#[test]
fn the_same_input_gives_the_same_bytes_twice_and_from_another_renderer() {
    let other = Renderer::new(None).unwrap();
    for known in both() {
        for tone in tones() {
            let options = known.options(&with(&sample_for(known), &json!({"tone": tone})));
            for format in READABLE {
                let first = write(known.stored(), &options, format);
                assert_eq!(first, write(known.stored(), &options, format));
                assert_eq!(first.as_bytes(), other.render(known.stored(), &options, format).unwrap());
            }
        }
    }
    assert_eq!(renderer().fingerprint(), other.fingerprint());
}

#[test]
fn an_inline_role_gives_the_bytes_of_a_kept_one_apart_from_the_revision() {
    for known in both() {
        for tone in tones() {
            for length in LENGTHS {
                let over = json!({"tone": tone, "length": length});
                let options = known.options(&with(&sample_for(known), &over));
                for format in READABLE {
                    let (stored, inline) =
                        (write(known.stored(), &options, format), write(known.inline(), &options, format));
                    if format == Format::Json {
                        let mut stored: Value = serde_json::from_str(&stored).unwrap();
                        assert_eq!(stored["role"]["revision"], REVISION);
                        stored["role"].as_object_mut().unwrap().remove("revision");
                        assert_eq!(stored, serde_json::from_str::<Value>(&inline).unwrap());
                    } else {
                        assert_eq!(stored, inline, "{tone} {length} {}", format.as_str());
                    }
                }
            }
        }
    }
}

#[test]
fn a_change_of_the_role_changes_its_fingerprint_and_what_is_written() {
    let mut json = tech_manager().json.clone();
    json["responsibilities"]["primary"][0]["action"] = json!("do something else entirely");
    let changed = Known::new(json);
    let text = rendered(&changed, &json!({}), Format::Text);
    assert!(text.contains("something else entirely"));
    assert!(!rendered(tech_manager(), &json!({}), Format::Text).contains("something else entirely"));
}

#[test]
fn many_threads_write_the_same_bytes() {
    let known = zookeeper();
    let renderer = Renderer::new(None).unwrap();
    let options = known.options(&json!({"tone": "friendly", "length": "full"}));
    let alone = write(known.stored(), &options, Format::Html);
    std::thread::scope(|scope| {
        let write =
            || String::from_utf8(renderer.render(known.stored(), &options, Format::Html).unwrap()).unwrap();
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(write)).collect();
        for thread in threads {
            assert_eq!(thread.join().unwrap(), alone);
        }
    });
}

proptest! {
    #![proptest_config(random::config(300))]

    #[test]
    fn frames_write_what_templates_write_for_random_roles_and_options(
        role in random::role(),
        base in random::options(),
        seed in random::emphasis_seed(),
        voice in random::voice(),
        length in random::length(),
        format in select(&READABLE[..]),
    ) {
        let known = Known::new(role);
        let over = json!({"tone": voice.id, "length": length, "emphasis": random::emphasis_of(&known, &seed)});
        let options = known.options(&with(&base, &over));
        let kept = voice.write(known.stored(), &options, format);
        prop_assert_eq!(&kept, &anew_in(&voice, known.stored(), &options, format));
        prop_assert_eq!(&kept, &voice.write(known.stored(), &options, format));
        if format != Format::Json {
            prop_assert_eq!(&kept, &voice.write(known.inline(), &options, format));
        }
    }
}

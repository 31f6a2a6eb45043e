//! A posting that was composed before and read back is written as it was when it was composed.

use std::sync::Arc;

use proptest::prelude::*;
use proptest::sample::select;
use rolewright::domain::{Posting, PostingOptions, Vacancy};
use rolewright::render::{Composed, Detail, Format, Renderer, Tone};
use serde_json::{Value, json};

use super::random;
use super::support::{Known, renderer, tones, with, write_with};
use super::support::{LENGTHS, READABLE, sample, tech_manager};

/// A posting and its vacancy, as they are read back from where they were kept.
pub fn published(
    known: &Known,
    options: &PostingOptions,
    own: Option<&Arc<Tone>>,
) -> (Posting<'static>, Vacancy) {
    let kept =
        renderer().with_tone(own).with_posting(known.stored(), options, Detail::Provenance, |posting| {
            let vacancy = Vacancy::of(&known.role, options, posting);
            (serde_json::to_string(posting).unwrap(), serde_json::to_string(&vacancy).unwrap())
        });
    let (posting, vacancy) = kept.unwrap();
    (serde_json::from_str(&posting).unwrap(), serde_json::from_str(&vacancy).unwrap())
}

fn rewritten(
    renderer: &Renderer,
    known: &Known,
    options: &PostingOptions,
    own: Option<&Arc<Tone>>,
    format: Format,
) -> String {
    let (posting, vacancy) = published(known, options, own);
    let composed = Composed::now(&posting, &vacancy, options);
    String::from_utf8(renderer.write(&composed, format).unwrap()).unwrap()
}

#[test]
fn the_sample_is_written_again_as_it_was_in_every_tone_length_and_format() {
    let known = tech_manager();
    let anew = Renderer::anew(None).unwrap();
    for tone in tones() {
        for length in LENGTHS {
            let options = known.options(&with(&sample(), &json!({"tone": tone, "length": length})));
            for format in READABLE {
                let first = write_with(None, known.stored(), &options, format);
                assert_eq!(first, rewritten(renderer(), known, &options, None, format), "{tone} {length}");
                assert_eq!(first, rewritten(&anew, known, &options, None, format), "{tone} {length}");
            }
        }
    }
}

proptest! {
    #![proptest_config(random::config(300))]

    #[test]
    fn a_random_posting_is_written_again_as_it_was(
        role in random::role(), base in random::options(), seed in random::emphasis_seed(), voice in random::voice(),
        length in random::length(), format in select(&READABLE[..]),
    ) {
        let known = Known::new(role);
        let over = json!({"tone": voice.id, "length": length, "emphasis": random::emphasis_of(&known, &seed)});
        let options = known.options(&with(&base, &over));
        let first = voice.write(known.stored(), &options, format);
        let again = rewritten(renderer(), &known, &options, voice.tone(), format);
        if format == Format::Json {
            let value = |text: &str| serde_json::from_str::<Value>(text).unwrap();
            prop_assert_eq!(value(&first), value(&again));
        } else {
            prop_assert_eq!(first, again);
        }
    }
}

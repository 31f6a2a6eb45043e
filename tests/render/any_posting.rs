//! What holds for the postings of random roles and options.

use proptest::prelude::*;
use serde_json::json;

use super::outline::differences_with;
use super::random;
use super::support::*;

proptest! {
    #![proptest_config(random::config(200))]

    #[test]
    fn every_format_of_a_random_posting_is_well_formed_and_says_what_the_document_says(
        role in random::role(), base in random::options(), seed in random::emphasis_seed(), voice in random::voice(), length in random::length(),
    ) {
        let known = Known::new(role);
        let over = json!({"tone": voice.id, "length": length, "emphasis": random::emphasis_of(&known, &seed)});
        let options = with(&base, &over);
        let found = differences_with(voice.tone(), known.stored(), &known.options(&options));
        prop_assert!(found.is_empty(), "{}", found.join("\n"));
    }
}

proptest! {
    #![proptest_config(random::config(200))]

    #[test]
    fn a_random_posting_has_no_empty_part_and_no_section_twice(
        role in random::role(), base in random::options(), voice in random::voice(), length in random::length(),
    ) {
        let known = Known::new(role);
        let posting = voice.posting(&known, &with(&base, &json!({"length": length})));
        let mut ids = posting.section_ids();
        ids.retain(|id| *id != "locked");
        let mut once = ids.clone();
        once.sort_unstable();
        once.dedup();
        prop_assert_eq!(ids.len(), once.len());
        for section in posting.sections() {
            prop_assert!(!section["heading"].as_str().unwrap().is_empty());
            prop_assert!(!section["blocks"].as_array().unwrap().is_empty());
        }
        for said in posting.said() {
            prop_assert!(!said.words.trim().is_empty(), "{:?}", said);
            prop_assert!(said.words.trim() == said.words, "{:?}", said);
            prop_assert!(!said.sources.is_empty());
        }
    }

    #[test]
    fn every_pointer_of_a_random_posting_points_at_something(
        role in random::role(), base in random::options(), voice in random::voice(), length in random::length(),
    ) {
        let known = Known::new(role);
        let options = with(&base, &json!({"length": length}));
        let posting = voice.posting(&known, &options);
        for said in posting.said() {
            for (origin, at) in &said.sources {
                let found = match *origin {
                    "role" => known.json.pointer(at).is_some(),
                    "options" => options.pointer(at).is_some(),
                    _ => true,
                };
                prop_assert!(found, "{} has no {}: {:?}", origin, at, said);
            }
        }
        for (at, _) in posting.omitted() {
            prop_assert!(known.json.pointer(at).is_some(), "the role has no {}", at);
        }
    }
}

//! Answers in the shapes of other systems, so that their clients read ours: a posting as a job of theirs.
//!
//! To add a system: a file here with its documents, and one in `api/boards/` with its paths. A file in
//! `tests/data/boards/` says of each field where it is documented, and how it is filled.

pub mod ashby;
pub mod greenhouse;
pub mod lever;
pub mod smartrecruiters;
mod words;

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::feed::place::{Place, places};
use super::format::escape::Escape;
use crate::domain::place::Workplace;
use crate::domain::{Posting, TimeZone, Vacancy};

/// A published posting, and what is known of it.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    /// The posting's UUID.
    pub id: &'a str,
    /// Its number: below 2^53, and never another one.
    pub number: u64,
    /// The id of its employer.
    pub employer: &'a str,
    /// The absolute URL of its public page.
    pub url: &'a str,
    /// The absolute URL of the server, without a slash at its end.
    pub site: &'a str,
    /// Its words.
    pub posting: &'a Posting<'a>,
    /// Its facts.
    pub vacancy: &'a Vacancy,
    /// The zone of the employer's days.
    pub zone: &'a TimeZone,
    /// From when on it is public.
    pub published: Timestamp,
    /// When it changed last.
    pub updated: Timestamp,
    /// From when on it is not public any more.
    pub closes: Option<Timestamp>,
}

impl Entry<'_> {
    /// The employer's name.
    fn company(&self) -> &str {
        self.vacancy.employer.as_ref().map_or(self.employer, |employer| employer.name.as_str())
    }

    fn department(&self) -> Option<&str> {
        self.vacancy.department.as_ref().map(|text| text.as_str())
    }

    fn team(&self) -> Option<&str> {
        self.vacancy.team.as_ref().map(|text| text.as_str())
    }

    /// Where to apply: the address of the form, or else the posting's page, which tells how.
    fn apply_url(&self) -> &str {
        let apply = self.vacancy.apply.as_ref().and_then(|apply| apply.url.as_ref());
        apply.map_or(self.url, |url| url.as_str())
    }

    /// The names of its places, each once: `Denver, CO`; `Remote` if that is all that is known of them.
    fn places(&self) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        for line in self.known_places().iter().map(Place::line).filter(|line| !line.is_empty()) {
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
        if lines.is_empty() && self.vacancy.is_remote() {
            lines.push("Remote".to_owned());
        }
        lines
    }

    fn known_places(&self) -> Vec<Place<'_>> {
        places(self.vacancy)
    }

    /// The language of its words, by the two letters of ISO 639-1.
    fn language(&self) -> &str {
        self.posting.language.split('-').next().unwrap_or_default()
    }

    /// How much of the work is done at the first place.
    fn workplace(&self) -> Option<Workplace> {
        self.vacancy.locations.first().and_then(|place| place.workplace)
    }
}

/// A moment with the offset of a zone, in whole seconds: `2026-12-01T00:00:00-07:00`.
fn local(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.zone().clone()).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

/// A moment in UTC, in milliseconds, with `zone` at its end: `2026-12-01T07:00:00.000Z`.
fn utc(at: Timestamp, zone: &str) -> String {
    format!("{}{zone}", at.strftime("%Y-%m-%dT%H:%M:%S%.3f"))
}

/// The number of something that has only a name: 53 bits of a digest of it, without regard to capitals
/// and spaces. It never changes. That two of a thousand names have the same one has odds of one in ten billion.
pub fn number_of(kind: &str, name: &str) -> u64 {
    let mut digest = Sha256::new();
    digest.update(kind);
    for word in name.split_whitespace() {
        digest.update(" ");
        digest.update(word.to_lowercase());
    }
    let bytes = digest.finalize();
    let first = bytes.iter().take(8).fold(0_u64, |number, byte| (number << 8) | u64::from(*byte));
    // 0 is what has no name.
    (first >> 11).max(1)
}

/// A UUID (version 8, RFC 9562) of a part of a posting: it never changes.
fn uuid_of(id: &str, part: &str) -> String {
    let mut bytes = [0; 16];
    let digest = Sha256::new().chain_update(id).chain_update(" ").chain_update(part).finalize();
    bytes.iter_mut().zip(digest).for_each(|(byte, digest)| *byte = digest);
    bytes[6] = (bytes[6] & 0x0f) | 0x80;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    let hex = hex::encode(bytes);
    [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
}

/// Text in HTML, for element content and for attributes.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    Escape::Html.push(&mut out, text);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_of_a_name_is_below_two_to_the_53_and_stays() {
        assert_eq!(number_of("department", "R & D"), number_of("department", " r  &  D "));
        assert_ne!(number_of("department", "R & D"), number_of("office", "R & D"));
        assert_eq!(number_of("department", "Engineering"), 5_414_162_324_553_772, "clients have stored it");
        for name in ["", "a", "Zürich", "\u{1F600}"] {
            assert!((1..1 << 53).contains(&number_of("office", name)), "{name}");
        }
    }

    #[test]
    fn moments_have_the_offset_of_their_zone() {
        let at: Timestamp = "2026-12-01T07:00:00.5Z".parse().unwrap();
        assert_eq!(local(at, &"America/Denver".parse().unwrap()), "2026-12-01T00:00:00-07:00");
        assert_eq!(local(at, &TimeZone::default()), "2026-12-01T07:00:00+00:00");
        assert_eq!(utc(at, "Z"), "2026-12-01T07:00:00.500Z");
        assert_eq!(utc(at, "+00:00"), "2026-12-01T07:00:00.500+00:00");
    }

    #[test]
    fn a_part_has_a_uuid() {
        let uuid = uuid_of("x", "salary");
        assert_eq!((uuid.len(), &uuid[14..15]), (36, "8"));
        assert_eq!(uuid, uuid_of("x", "salary"));
        assert_ne!(uuid, uuid_of("y", "salary"));
    }
}

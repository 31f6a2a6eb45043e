//! Cursors: places in lists, as callers carry them.
//!
//! A cursor is base64url (RFC 4648, without padding) of a digest of what is listed, 8 bytes, and of
//! the place after it. It is no secret and grants nothing: who makes one up starts somewhere else in
//! a list that they may read anyway.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

use super::problem::{FieldError, Kind, Problem};
use crate::domain::{Slug, Violation};
use crate::store::search::{Position, TIERS};

/// The most characters of a cursor.
pub const MAX_CHARS: usize = 2000;
const DIGEST: usize = 8;

/// What a list shows, and in which order: a cursor leads on in the same list only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listing([u8; DIGEST]);

impl Listing {
    /// The list of this name, narrowed and ordered by `asked`.
    pub fn of(name: &str, asked: &[&str]) -> Self {
        let mut digest = Sha256::new();
        for part in std::iter::once(&name).chain(asked) {
            digest.update((part.len() as u64).to_be_bytes());
            digest.update(part);
        }
        let digest = digest.finalize();
        Self(std::array::from_fn(|index| digest[index]))
    }

    /// The cursor of a place in it.
    pub fn cursor(self, place: &impl Place) -> String {
        let mut bytes = self.0.to_vec();
        place.write(&mut bytes);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// The place that a cursor names. `parameter` is where it was given.
    ///
    /// # Errors
    /// A problem for what is no cursor, and for one of another list.
    pub fn place<P: Place>(self, parameter: &str, cursor: &str) -> Result<P, Problem> {
        let unknown = || self.unknown(parameter);
        let short = (cursor.len() <= MAX_CHARS).then_some(cursor);
        let bytes = short.and_then(|cursor| URL_SAFE_NO_PAD.decode(cursor).ok()).ok_or_else(unknown)?;
        let (digest, place) = bytes.split_at_checked(DIGEST).ok_or_else(unknown)?;
        let place = P::read(place).ok_or_else(unknown)?;
        if *digest == self.0 {
            Ok(place)
        } else {
            Err(refused(parameter, "is of another list: go on with the same parameters, but for `limit`"))
        }
    }

    /// The problem that a text is no cursor at all.
    pub fn unknown(self, parameter: &str) -> Problem {
        refused(parameter, "is not a cursor that this API gave out")
    }

    /// The problem that there is no such place any more.
    pub fn stale(self, parameter: &str) -> Problem {
        refused(
            parameter,
            "is of another database, or of a later state of this one: start from the beginning",
        )
    }
}

fn refused(parameter: &str, detail: &str) -> Problem {
    let error = FieldError::in_query(parameter, Violation::new("", detail));
    Kind::InvalidCursor.with(format!("`{parameter}` {detail}"), vec![error])
}

/// Something that a cursor can name: it reads what it wrote, and refuses whatever else is not a place.
pub trait Place: Sized {
    /// Appends the place.
    fn write(&self, bytes: &mut Vec<u8>);

    /// The place that the bytes are.
    fn read(bytes: &[u8]) -> Option<Self>;
}

/// A number in a line.
impl Place for u64 {
    fn write(&self, bytes: &mut Vec<u8>) {
        bytes.extend_from_slice(&self.to_be_bytes());
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        // No database counts further.
        bytes.try_into().ok().map(Self::from_be_bytes).filter(|number| i64::try_from(*number).is_ok())
    }
}

/// An id.
impl Place for Slug {
    fn write(&self, bytes: &mut Vec<u8>) {
        bytes.extend_from_slice(self.as_str().as_bytes());
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        Self::try_from(std::str::from_utf8(bytes).ok()?).ok()
    }
}

/// A place in what a search found: a letter for the order, and the keys in it.
impl Place for Position {
    fn write(&self, bytes: &mut Vec<u8>) {
        match self {
            Self::Rank(tier, number) => {
                bytes.extend_from_slice(&[b'r', *tier as u8]);
                bytes.extend_from_slice(&number.to_be_bytes());
            }
            Self::Id(id) => {
                bytes.push(b'i');
                bytes.extend_from_slice(id.as_bytes());
            }
            Self::Title(title, id) => {
                bytes.push(b't');
                bytes.extend_from_slice(id.as_bytes());
                bytes.push(b'/');
                bytes.extend_from_slice(title.as_bytes());
            }
            Self::Updated(at, id) => {
                bytes.push(b'u');
                bytes.extend_from_slice(&at.to_be_bytes());
                bytes.extend_from_slice(id.as_bytes());
            }
        }
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let (order, keys) = bytes.split_first()?;
        match order {
            b'r' => {
                let (tier, number) = keys.split_first()?;
                let tier = TIERS.into_iter().find(|known| *known as u8 == *tier)?;
                Some(Self::Rank(tier, i64::from_be_bytes(number.try_into().ok()?)))
            }
            b'i' => Some(Self::Id(id(keys)?)),
            b't' => {
                let (id_, title) = std::str::from_utf8(keys).ok()?.split_once('/')?;
                let folded = title.chars().all(|c| c.is_alphanumeric() || c == ' ');
                folded.then_some(Self::Title(title.to_owned(), id(id_.as_bytes())?))
            }
            b'u' => {
                let (at, rest) = keys.split_first_chunk()?;
                let at = i64::from_be_bytes(*at);
                Timestamp::from_millisecond(at).ok()?;
                Some(Self::Updated(at, id(rest)?))
            }
            _ => None,
        }
    }
}

/// The id that the bytes are.
pub fn id(bytes: &[u8]) -> Option<String> {
    Slug::read(bytes).map(|id| id.to_string())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::store::search::Tier;

    fn listing() -> Listing {
        Listing::of("roles", &["engineer", "id"])
    }

    fn positions() -> impl Strategy<Value = Position> {
        let id = || "[a-z0-9]{1,8}(-[a-z0-9]{1,8}){0,3}";
        prop_oneof![
            (0..TIERS.len(), any::<i64>()).prop_map(|(tier, number)| Position::Rank(TIERS[tier], number)),
            id().prop_map(Position::Id),
            ("[a-zäöüé東0-9 ]{0,40}", id()).prop_map(|(title, id)| Position::Title(title, id)),
            (-1_000_000_000_000..4_000_000_000_000_i64, id()).prop_map(|(at, id)| Position::Updated(at, id)),
        ]
    }

    proptest! {
        #[test]
        fn a_cursor_leads_back_to_its_place(position in positions(), number in 0..=i64::MAX as u64) {
            let cursor = listing().cursor(&position);
            prop_assert!(cursor.len() <= MAX_CHARS);
            prop_assert_eq!(listing().place::<Position>("cursor", &cursor).unwrap(), position);
            let cursor = listing().cursor(&number);
            prop_assert_eq!(listing().place::<u64>("since", &cursor).unwrap(), number);
        }

        #[test]
        fn no_text_makes_a_cursor_panic(text in ".*", bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
            let made_up = URL_SAFE_NO_PAD.encode([listing().0.as_slice(), &bytes].concat());
            for cursor in [text, made_up] {
                let _ = listing().place::<Position>("cursor", &cursor);
                let _ = listing().place::<u64>("cursor", &cursor);
                let _ = listing().place::<Slug>("cursor", &cursor);
            }
        }
    }

    #[test]
    fn a_cursor_of_another_list_is_refused() {
        let cursor = listing().cursor(&Position::Rank(Tier::TitleHas, 7));
        for other in [Listing::of("roles", &["engineer", "title"]), Listing::of("roles", &["engineerid", ""])]
        {
            let problem = other.place::<Position>("cursor", &cursor).unwrap_err();
            assert!(problem.detail.contains("another list"), "{problem}");
        }
    }

    #[test]
    fn what_names_no_place_is_refused() {
        let made_up = |bytes: &[u8]| URL_SAFE_NO_PAD.encode([listing().0.as_slice(), bytes].concat());
        let places: [&[u8]; 9] = [
            b"",
            b"x",
            b"iNo Slug",
            b"i../..",
            b"r\x00",
            b"r\x09\0\0\0\0\0\0\0\0",
            b"ta/\0",
            b"u\x7f\xff\xff\xff\xff\xff\xff\xffa",
            b"ua",
        ];
        for place in places {
            assert!(listing().place::<Position>("cursor", &made_up(place)).is_err(), "{place:?}");
        }
        for text in ["", "x", "=", "ÿÿ", &"A".repeat(MAX_CHARS + 1)] {
            assert!(listing().place::<Position>("cursor", text).is_err(), "{text}");
        }
        assert!(listing().place::<u64>("since", &made_up(&u64::MAX.to_be_bytes())).is_err());
    }
}

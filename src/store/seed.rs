//! Roles that come with the program or lie in a folder, taken over into the store at start, and
//! never over somebody's work.

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

use super::document::{DocumentId, Head};

/// A release of the program: what tells a newer built-in role from an older one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Release(pub u32, pub u32, pub u32);

impl Release {
    /// This program's.
    pub fn own() -> Self {
        let part = |text: &str| text.parse().unwrap_or(0);
        Self(
            part(env!("CARGO_PKG_VERSION_MAJOR")),
            part(env!("CARGO_PKG_VERSION_MINOR")),
            part(env!("CARGO_PKG_VERSION_PATCH")),
        )
    }

    /// The release as one number that orders like it.
    pub fn to_number(self) -> i64 {
        (i64::from(self.0) << 40) | (i64::from(self.1) << 20) | i64::from(self.2)
    }
}

/// Where a seed comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// It is embedded in the program.
    BuiltIn(Release),
    /// A file of the operator's folder, by its name.
    File(String),
}

impl Origin {
    /// The word in the database.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::BuiltIn(_) => "built-in",
            Self::File(_) => "file",
        }
    }

    /// The release as a number; 0 for a file.
    pub fn release(&self) -> i64 {
        match self {
            Self::BuiltIn(release) => release.to_number(),
            Self::File(_) => 0,
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BuiltIn(Release(major, minor, patch)) => write!(f, "Rolewright {major}.{minor}.{patch}"),
            Self::File(name) => f.write_str(name),
        }
    }
}

/// A role to take over.
#[derive(Clone, Debug)]
pub struct Seed {
    /// Which role.
    pub document: DocumentId,
    /// Where it comes from: the author of its revision.
    pub origin: Origin,
    /// The role as compact JSON, checked.
    pub body: Arc<str>,
    /// When.
    pub at: Timestamp,
}

/// What the store remembers of a seed that it took over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Remembered {
    /// [`Seed::digest`] of it.
    pub digest: [u8; 32],
    /// [`Origin::release`] of it.
    pub release: i64,
    /// The revision that it made.
    pub revision: u32,
}

/// What to do with a seed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Nothing: it was taken over before, or a newer release has spoken.
    Leave,
    /// Make a revision of it.
    Take,
    /// Nothing: somebody has changed the role since, and theirs stands.
    Conflict,
}

/// What became of a seed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seeded {
    /// The role.
    pub document: DocumentId,
    /// What was done.
    pub decision: Decision,
}

impl Seed {
    /// Tells this content from others.
    pub fn digest(&self) -> [u8; 32] {
        Sha256::digest(self.body.as_bytes()).into()
    }

    /// Whether what is remembered is this very content, of an older release: then only the release is
    /// noted, so that none in between has a say any more.
    pub fn confirms(&self, remembered: Remembered) -> bool {
        remembered.digest == self.digest() && self.origin.release() > remembered.release
    }

    /// What to do with it, given the role as it stands and what is remembered under the same
    /// [`Origin::as_str`] and id.
    pub fn decide(&self, head: Option<Head>, remembered: Option<Remembered>) -> Decision {
        let Some(head) = head else { return Decision::Take };
        let Some(remembered) = remembered else { return Decision::Conflict };
        let older = matches!(self.origin, Origin::BuiltIn(_)) && self.origin.release() <= remembered.release;
        if remembered.digest == self.digest() || older {
            Decision::Leave
        } else if head.revision == remembered.revision {
            Decision::Take
        } else {
            Decision::Conflict
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seed(body: &str, release: u32) -> Seed {
        Seed {
            document: DocumentId::role("a"),
            origin: Origin::BuiltIn(Release(0, release, 0)),
            body: body.into(),
            at: Timestamp::UNIX_EPOCH,
        }
    }

    fn remembered(seed: &Seed) -> Option<Remembered> {
        Some(Remembered { digest: seed.digest(), release: seed.origin.release(), revision: 1 })
    }

    fn head(revision: u32) -> Option<Head> {
        Some(Head { revision, deleted: false, at: Timestamp::UNIX_EPOCH })
    }

    #[test]
    fn an_upgrade_is_taken_over_only_where_nobody_changed_the_role() {
        let (old, new) = (seed("old", 1), seed("new", 2));
        assert_eq!(old.decide(None, None), Decision::Take);
        assert_eq!(old.decide(head(1), remembered(&old)), Decision::Leave);
        assert_eq!(new.decide(head(1), remembered(&old)), Decision::Take);
        assert_eq!(new.decide(head(2), remembered(&old)), Decision::Conflict);
        assert_eq!(new.decide(head(1), None), Decision::Conflict);
    }

    #[test]
    fn an_older_node_never_brings_an_older_role_back() {
        let (old, new) = (seed("old", 1), seed("new", 2));
        assert_eq!(old.decide(head(1), remembered(&new)), Decision::Leave);
        assert_eq!(old.decide(head(5), remembered(&new)), Decision::Leave);
    }

    #[test]
    fn a_file_has_no_release_and_counts_by_its_content() {
        let file = |body: &str| Seed { origin: Origin::File("a.json".into()), ..seed(body, 0) };
        let first = file("one");
        assert_eq!(file("two").decide(head(1), remembered(&first)), Decision::Take);
        assert_eq!(file("two").decide(head(2), remembered(&first)), Decision::Conflict);
        assert_eq!(file("one").decide(head(2), remembered(&first)), Decision::Leave);
    }
}

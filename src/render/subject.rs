//! The role to render, and the digest by which it is known.

use sha2::{Digest, Sha256};

use crate::domain::Role;

/// A digest: SHA-256, cut to 128 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Fingerprint(pub [u8; 16]);

impl Fingerprint {
    /// The digest of a role's content.
    pub fn of(role: &Role) -> Self {
        let mut hash = Sha256::new();
        // A role always serializes; if it ever did not, the error would tell roles apart.
        hash.update(serde_json::to_vec(role).unwrap_or_else(|error| error.to_string().into_bytes()));
        Self::cut(hash)
    }

    pub(super) fn cut(hash: Sha256) -> Self {
        let digest = hash.finalize();
        Self(std::array::from_fn(|index| digest[index]))
    }
}

/// The role to render, and whether what is made of it is worth keeping.
#[derive(Clone, Copy, Debug)]
pub enum Subject<'r> {
    /// A revision of a stored role: what is made of it is kept.
    Stored {
        /// The role.
        role: &'r Role,
        /// Its digest.
        fingerprint: Fingerprint,
        /// Its revision, from 1.
        revision: u32,
    },
    /// A role that came with the request: nothing is kept.
    Inline(&'r Role),
}

impl<'r> Subject<'r> {
    pub(super) fn role(self) -> &'r Role {
        match self {
            Self::Stored { role, .. } | Self::Inline(role) => role,
        }
    }
}

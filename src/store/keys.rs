//! API keys: who may do what. Only a digest of a key is kept.

use async_trait::async_trait;
use jiff::Timestamp;

use super::document::Author;
use super::error::StoreError;
use crate::domain::Moment;
use crate::domain::key::{ApiKey, NewKey};

pub use crate::domain::key::Scope;

/// A key as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyRecord {
    /// The part of the key that is no secret: 16 hexadecimal digits.
    pub id: String,
    /// What the owner calls it; the author of its writes.
    pub name: String,
    /// SHA-256 of the secret part.
    pub digest: [u8; 32],
    /// What it allows.
    pub scopes: Vec<Scope>,
    /// The ids of the employers that it is limited to; empty means no limit.
    pub employers: Vec<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// The last moment at which it is good, if there is one.
    pub expires_at: Option<Timestamp>,
    /// When it was last used, to the minute or so.
    pub last_used_at: Option<Timestamp>,
    /// When it was revoked, if it was.
    pub revoked_at: Option<Timestamp>,
}

impl KeyRecord {
    /// A key that is made now. Its times are whole milliseconds, as every engine keeps them.
    pub fn new(key: &ApiKey, order: NewKey, now: Timestamp) -> Self {
        let whole = |at: Timestamp| Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at);
        let mut scopes = order.scopes;
        scopes.sort_unstable();
        scopes.dedup();
        Self {
            id: key.id().to_owned(),
            name: order.name.as_str().to_owned(),
            digest: key.digest(),
            scopes,
            employers: order.employers.iter().map(ToString::to_string).collect(),
            created_at: whole(now),
            expires_at: order.expires_at.map(Moment::timestamp).map(whole),
            last_used_at: None,
            revoked_at: None,
        }
    }

    /// Whether the key is good at this moment.
    pub fn is_good(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|expires| now < expires)
    }

    /// Whether it allows what needs `scope`.
    pub fn allows(&self, scope: Scope) -> bool {
        self.scopes.iter().any(|own| own.allows(scope))
    }

    /// Whether it may see what belongs to an employer.
    pub fn sees(&self, employer: &str) -> bool {
        self.employers.is_empty() || self.employers.iter().any(|own| own == employer)
    }
}

/// The author of what the program itself does to keys when it starts.
pub fn starter() -> Author {
    Author { name: "Rolewright".into(), key: None, request: None }
}

/// API keys. Making one (`key.create`), putting another in its place (`key.replace`), and revoking
/// one (`key.revoke`) are entries in the audit log; where nobody is named, by [`starter`].
#[async_trait]
pub trait Keys {
    /// Adds a key.
    async fn add_key(&self, key: KeyRecord, by: Author) -> Result<(), StoreError>;

    /// Adds the first key, if there is none that is good for administration now; of several nodes
    /// that start at once, one does. Tells whether this one did.
    async fn add_first_key(&self, key: KeyRecord) -> Result<bool, StoreError>;

    /// Adds this key, or puts its digest, scopes, and name in place if there is one with its id:
    /// what `ROLEWRIGHT_ADMIN_KEY_FILE` says, at each start. One that was revoked stays so.
    async fn put_key(&self, key: KeyRecord) -> Result<(), StoreError>;

    /// The key with a public id, good or not. As fresh as [`Documents::head`](super::Documents::head).
    async fn key(&self, id: &str) -> Result<Option<KeyRecord>, StoreError>;

    /// All keys, in the order in which they were made.
    async fn keys(&self) -> Result<Vec<KeyRecord>, StoreError>;

    /// Revokes a key, for good. Tells whether there was one to revoke: one that is revoked already
    /// stays as it is.
    async fn revoke_key(&self, id: &str, at: Timestamp, by: Author) -> Result<bool, StoreError>;

    /// Notes when keys were last used; an older moment never replaces a newer one.
    async fn note_use(&self, used: Vec<(String, Timestamp)>) -> Result<(), StoreError>;
}

//! API keys: how one is written, what it allows, and the order for a new one.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use super::moment::Moment;
use super::slug::Slug;
use super::text::{Text, TextError};
use super::violation::Report;

/// What every key starts with, for scanners that look for secrets in files and logs.
const PREFIX: &str = "rolewright_";
const ID_BYTES: usize = 8;
const SECRET_BYTES: usize = 32;

/// What a key allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// Reading the catalogue and rendering.
    Read,
    /// Writing roles, employers, and tones.
    Write,
    /// Publishing postings.
    Publish,
    /// Keys and the audit log; allows everything else, too.
    Admin,
}

impl Scope {
    /// All scopes.
    pub const ALL: [Self; 4] = [Self::Read, Self::Write, Self::Publish, Self::Admin];

    /// The word in the database and in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Publish => "publish",
            Self::Admin => "admin",
        }
    }

    /// Whether a key with this scope may do what needs `other`. Who may write may read.
    pub fn allows(self, other: Self) -> bool {
        self == Self::Admin || self == other || other == Self::Read
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A whole key, as its owner has it: `rolewright_`, 16 hexadecimal digits that name it, `_`, and 64
/// that are the secret.
#[derive(Clone)]
pub struct ApiKey {
    id: KeyId,
    secret: [u8; SECRET_BYTES],
}

/// A text that is not a key. It does not repeat the text, which may be most of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be {PREFIX}, 16 hexadecimal digits, _, and 64 hexadecimal digits")]
pub struct ApiKeyError;

impl ApiKey {
    /// A new key, from the system's source of randomness.
    ///
    /// # Errors
    /// What that source says.
    pub fn generate() -> Result<Self, getrandom::Error> {
        let (mut id, mut secret) = ([0; ID_BYTES], [0; SECRET_BYTES]);
        getrandom::fill(&mut id)?;
        getrandom::fill(&mut secret)?;
        Ok(Self { id: KeyId(hex::encode(id)), secret })
    }

    /// The part that is no secret.
    pub fn id(&self) -> &str {
        self.id.as_str()
    }

    /// SHA-256 of the secret: all that is kept of it. The secret is 256 random bits, so that a slow
    /// hash would only cost time.
    pub fn digest(&self) -> [u8; 32] {
        Sha256::digest(self.secret).into()
    }

    /// Whether `digest` is of this key's secret; takes as long whatever the answer is.
    pub fn is_of(&self, digest: &[u8; 32]) -> bool {
        self.digest().ct_eq(digest).into()
    }

    /// The whole key, for its owner alone.
    pub fn reveal(&self) -> String {
        format!("{PREFIX}{}_{}", self.id(), hex::encode(self.secret))
    }
}

impl FromStr for ApiKey {
    type Err = ApiKeyError;

    fn from_str(text: &str) -> Result<Self, ApiKeyError> {
        let (id, secret) =
            text.strip_prefix(PREFIX).and_then(|rest| rest.split_once('_')).ok_or(ApiKeyError)?;
        let mut key = Self { id: id.parse()?, secret: [0; SECRET_BYTES] };
        if !is_hex(secret) {
            return Err(ApiKeyError);
        }
        hex::decode_to_slice(secret, &mut key.secret).map_err(|_| ApiKeyError)?;
        Ok(key)
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ApiKey({}, secret)", self.id())
    }
}

/// The part of a key that is no secret: 16 hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, ToSchema)]
#[schema(
    value_type = String,
    min_length = 16,
    max_length = 16,
    pattern = "^[0-9a-f]{16}$",
    example = "0f1e2d3c4b5a6978"
)]
pub struct KeyId(String);

impl KeyId {
    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for KeyId {
    type Err = ApiKeyError;

    fn from_str(text: &str) -> Result<Self, ApiKeyError> {
        if text.len() == ID_BYTES * 2 && is_hex(text) { Ok(Self(text.to_owned())) } else { Err(ApiKeyError) }
    }
}

fn is_hex(text: &str) -> bool {
    text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

/// What the owner calls a key: a `Text` of at most 100 characters.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct KeyName(Text);

/// Why a key cannot have a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyNameError {
    /// It cannot be a text at all.
    #[error(transparent)]
    Text(#[from] TextError),
    /// It is too long.
    #[error("must have at most {} characters", KeyName::MAX_CHARS)]
    TooLong,
}

impl KeyName {
    const MAX_CHARS: usize = 100;

    /// The name, without white space around it.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl TryFrom<String> for KeyName {
    type Error = KeyNameError;

    fn try_from(text: String) -> Result<Self, KeyNameError> {
        if text.chars().nth(Self::MAX_CHARS).is_some() {
            return Err(KeyNameError::TooLong);
        }
        Ok(Self(text.try_into()?))
    }
}

impl PartialSchema for KeyName {
    fn schema() -> RefOr<Schema> {
        let mut schema = Text::schema();
        if let RefOr::T(Schema::Object(object)) = &mut schema {
            object.max_length = Some(Self::MAX_CHARS);
        }
        schema
    }
}

impl ToSchema for KeyName {
    fn name() -> Cow<'static, str> {
        "KeyName".into()
    }
}

/// An order for a key.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewKey {
    /// What it is called: the author of its writes.
    #[schema(example = "hr-sync")]
    pub name: KeyName,
    /// What it allows. `write` and `publish` allow reading, too; `admin` allows everything.
    #[schema(min_items = 1, max_items = 4, example = json!(["write"]))]
    pub scopes: Vec<Scope>,
    /// The ids of the employers that it is limited to. Left out, it is not limited.
    #[serde(default)]
    #[schema(max_items = 200, nullable = false, value_type = Option<Vec<Slug>>, example = json!(["acme"]))]
    pub employers: Vec<Slug>,
    /// From when on it is no longer good. Left out, it stays good until it is revoked.
    #[schema(nullable = false)]
    pub expires_at: Option<Moment>,
}

impl NewKey {
    /// Records what the schema cannot state.
    pub fn check(&self, report: &mut Report) {
        if self.scopes.contains(&Scope::Admin) && !self.employers.is_empty() {
            report.add_at("employers", "must be left out: an admin key cannot be limited to employers");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_back_as_it_was_written() {
        let key = ApiKey::generate().unwrap();
        let text = key.reveal();
        assert_eq!(text.len(), PREFIX.len() + 16 + 1 + 64);
        let read: ApiKey = text.parse().unwrap();
        assert_eq!((read.id(), read.reveal()), (key.id(), text));
        assert!(read.is_of(&key.digest()));
        assert!(!ApiKey::generate().unwrap().is_of(&key.digest()));
    }

    #[test]
    fn what_is_not_a_whole_key_is_refused() {
        let whole = ApiKey::generate().unwrap().reveal();
        let shorter = &whole[..whole.len() - 1];
        let (longer, padded) = (format!("{whole}0"), format!(" {whole}"));
        let (upper, other) = (whole.to_uppercase(), whole.replacen("rolewright", "rolewrong", 1));
        let foreign = format!("{}é", &whole[..whole.len() - 2]);
        for bad in ["", "rolewright_", "rolewright__", shorter, &longer, &padded, &upper, &other, &foreign] {
            assert_eq!(bad.parse::<ApiKey>().err(), Some(ApiKeyError), "{bad}");
        }
    }

    #[test]
    fn a_key_that_is_printed_for_debugging_keeps_its_secret() {
        let key = ApiKey::generate().unwrap();
        let secret = key.reveal().rsplit('_').next().unwrap().to_owned();
        assert!(!format!("{key:?}").contains(&secret[..8]));
        assert!(!ApiKeyError.to_string().contains(&secret[..8]));
    }

    #[test]
    fn a_name_is_a_short_text() {
        let name = |text: &str| KeyName::try_from(text.to_owned());
        assert_eq!(name(&"ä".repeat(100)).unwrap().as_str().chars().count(), 100);
        assert_eq!(name(&"ä".repeat(101)), Err(KeyNameError::TooLong));
        assert!(name(" ").is_err() && name("a\nb").is_err());
    }
}

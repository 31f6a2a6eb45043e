//! Who hires.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::slug::Slug;
use super::text::{Prose, Text};
use super::violation::Report;

/// A value that is not a web address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be an absolute http or https URL of at most 2,000 characters")]
pub struct UrlError;

/// An absolute `http` or `https` URL.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String")]
#[schema(
    value_type = String,
    max_length = 2000,
    pattern = r#"^https?://[!#-;=?-\[\]_a-z~]+$"#,
    example = "https://acme.example/jobs"
)]
pub struct Url(String);

impl Url {
    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Url {
    type Error = UrlError;
    fn try_from(text: String) -> Result<Self, UrlError> {
        let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
        let plain = |b: u8| {
            b.is_ascii_graphic()
                && !matches!(b, b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}')
        };
        match rest {
            Some(rest) if !rest.is_empty() && text.len() <= 2000 && rest.bytes().all(plain) => Ok(Self(text)),
            _ => Err(UrlError),
        }
    }
}

/// A value that is not an e-mail address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be an e-mail address, such as jobs@acme.example")]
pub struct EmailError;

/// An e-mail address, in the form that HTML's `<input type="email">` takes.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String")]
#[schema(
    value_type = String,
    max_length = 254,
    pattern = r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$",
    example = "jobs@acme.example"
)]
pub struct Email(String);

impl Email {
    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Email {
    type Error = EmailError;
    fn try_from(text: String) -> Result<Self, EmailError> {
        let local = |b: u8| b.is_ascii_alphanumeric() || b".!#$%&'*+/=?^_`{|}~-".contains(&b);
        let host = |b: u8| b.is_ascii_alphanumeric() || b == b'.' || b == b'-';
        let edge = |s: &str| {
            s.starts_with(|c: char| c.is_ascii_alphanumeric())
                && s.ends_with(|c: char| c.is_ascii_alphanumeric())
        };
        match text.split_once('@') {
            Some((name, domain))
                if text.len() <= 254
                    && !name.is_empty()
                    && name.bytes().all(local)
                    && domain.bytes().all(host)
                    && edge(domain) =>
            {
                Ok(Self(text))
            }
            _ => Err(EmailError),
        }
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Something that the employer offers beside pay.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Benefit {
    /// Its kind, for systems that group benefits: `health`, `retirement`, `leave` …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "health")]
    pub category: Option<Slug>,
    /// The benefit in words.
    #[schema(example = "Medical, dental, and vision insurance from the first day")]
    pub text: Text,
}

/// A section of the employer's own. It stands word for word, is never cut, and does not count
/// against the length of the posting.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LockedSection {
    /// Its heading.
    #[schema(example = "How we hire")]
    pub heading: Text,
    /// Its words; each line is a paragraph.
    #[schema(example = "You will talk to three people, and hear from us within two weeks.")]
    pub text: Prose,
    /// Where it stands. Default `end`.
    #[serde(default, skip_serializing_if = "LockedPlace::is_end")]
    #[schema(nullable = false, value_type = Option<LockedPlace>)]
    pub place: LockedPlace,
}

/// Where a locked section stands in a posting.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LockedPlace {
    /// Right after the opening.
    Top,
    /// After all other sections but the statements.
    #[default]
    End,
}

impl LockedPlace {
    fn is_end(&self) -> bool {
        *self == Self::End
    }
}

/// Who hires.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Employer {
    /// The name, as it stands in a sentence.
    #[schema(example = "Acme")]
    pub name: Text,
    /// What the employer does; each line is a paragraph.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub about: Option<Prose>,
    /// The employer's own site.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub website: Option<Url>,
    /// The address of a logo.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub logo: Option<Url>,
    /// The industry, in words; for search engines and job boards, never printed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "Software")]
    pub industry: Option<Text>,
    /// What the employer stands for, one value an entry.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 200, nullable = false, value_type = Option<Vec<Text>>)]
    pub values: Vec<Text>,
    /// What the employer offers beside pay.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 200, nullable = false, value_type = Option<Vec<Benefit>>)]
    pub benefits: Vec<Benefit>,
    /// The equal opportunity statement, word for word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub equal_opportunity: Option<Prose>,
    /// How applicants ask for an accommodation, word for word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub accommodation: Option<Prose>,
    /// Sections of the employer's own, which stand in every posting whatever `sections` says.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 20, nullable = false, value_type = Option<Vec<LockedSection>>)]
    pub locked: Vec<LockedSection>,
    /// Number of employees: `total`, and by ISO 3166 code. It is never printed.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schema(nullable = false, value_type = Option<BTreeMap<String, u32>>, example = json!({"total": 500, "US-CO": 20}))]
    pub size: BTreeMap<String, u32>,
}

impl Employer {
    /// An employer of whom only the name is known.
    pub fn named(name: Text) -> Self {
        Self {
            name,
            about: None,
            website: None,
            logo: None,
            industry: None,
            values: Vec::new(),
            benefits: Vec::new(),
            equal_opportunity: None,
            accommodation: None,
            locked: Vec::new(),
            size: BTreeMap::new(),
        }
    }

    pub(crate) fn check(&self, report: &mut Report) {
        for (key, _) in
            self.size.iter().filter(|(k, _)| *k != "total" && k.parse::<super::place::Area>().is_err())
        {
            report.within("size", |r| {
                r.add_at(key, "must be `total` or a code of ISO 3166-1 or ISO 3166-2");
            });
        }
        if self.size.len() > super::role::MAX_ITEMS {
            report.add_at("size", "must have at most 200 entries");
        }
    }
}

//! From JSON bytes to a valid document, or to everything that is wrong with it.
//!
//! The published schema is the check: it is compiled once from the same types that serde reads.
//! What no schema can state is checked by [`Document::check`].

use std::sync::LazyLock;

use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::{ValidationError, Validator};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::kept_employer::KeptEmployer;
use super::kept_posting::NewPosting;
use super::live_text::LiveText;
use super::key::NewKey;
use super::options::PostingOptions;
use super::own_tone::OwnTone;
use super::role::Role;
use super::violation::{Report, Violation, escape_pointer};

/// The most violations that a caller is told at once: nobody reads more, and a hostile document has
/// hundreds of thousands.
const MOST_TOLD: usize = 1000;

/// Why bytes are not a valid document.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DocumentError {
    /// Not JSON (RFC 8259).
    #[error("not well-formed JSON at line {line}, column {column}: {detail}")]
    Malformed {
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
        /// What the parser met.
        detail: String,
    },
    /// JSON, but not the document that was asked for.
    #[error("{} problem(s), the first at `{}`: {}", .0.len(), first(.0).pointer, first(.0).detail)]
    Invalid(Vec<Violation>),
}

fn first(violations: &[Violation]) -> Violation {
    violations.first().cloned().unwrap_or_else(|| Violation::new("", "invalid"))
}

/// A document that callers send as JSON.
pub trait Document: DeserializeOwned + ToSchema + 'static {
    /// The compiled schema.
    fn validator() -> &'static Validator;

    /// The rules that the schema cannot state.
    fn check(&self, report: &mut Report);

    /// Reads a document, and finds everything that is wrong with it.
    ///
    /// # Errors
    /// [`DocumentError::Malformed`] for what is not JSON, [`DocumentError::Invalid`] with every
    /// violation for what is JSON but not this document.
    fn from_json(bytes: &[u8]) -> Result<Self, DocumentError> {
        let value: Value = serde_json::from_slice(bytes).map_err(|error| malformed(&error))?;
        let mut violations: Vec<Violation> = Self::validator()
            .iter_errors(&value)
            .flat_map(|error| describe(&error))
            .take(MOST_TOLD)
            .collect();
        if !violations.is_empty() {
            violations.sort_by(|a, b| a.pointer.cmp(&b.pointer));
            violations.dedup();
            return Err(DocumentError::Invalid(violations));
        }
        // From the bytes, not the value: it keeps amounts exact and refuses duplicate keys.
        let document: Self =
            serde_path_to_error::deserialize(&mut serde_json::Deserializer::from_slice(bytes))
                .map_err(|error| DocumentError::Invalid(vec![undescribed(&error)]))?;
        let mut report = Report::default();
        document.check(&mut report);
        let violations = report.into_violations();
        if violations.is_empty() { Ok(document) } else { Err(DocumentError::Invalid(violations)) }
    }
}

/// Implements [`Document`] for types, each with its own compiled schema.
macro_rules! document {
    ($($type:ty => $check:expr),+ $(,)?) => {$(
        impl Document for $type {
            fn validator() -> &'static Validator {
                static VALIDATOR: LazyLock<Validator> = LazyLock::new(compile::<$type>);
                &VALIDATOR
            }

            fn check(&self, report: &mut Report) {
                let check: fn(&Self, &mut Report) = $check;
                check(self, report);
            }
        }
    )+};
}

document! {
    Role => Role::check,
    // What options may say depends on the role: `Renderer::violations` has both.
    PostingOptions => |_, _| (),
    KeptEmployer => KeptEmployer::check,
    // What its phrases may say is known to the renderer: `Renderer::own_tone`.
    OwnTone => OwnTone::check,
    RenderRequest => |request, report| {
        report.within("role", |r| request.role.check(r));
    },
    NewKey => NewKey::check,
    NewPosting => NewPosting::check,
    LiveText => |_, _| (),
}

/// A role that is not kept here, and how it is to be posted.
#[derive(Clone, Debug, serde::Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RenderRequest {
    /// The whole role.
    pub role: Role,
    /// How it is to be posted.
    #[schema(nullable = false)]
    pub options: Option<PostingOptions>,
}

fn compile<T: ToSchema>() -> Validator {
    let mut schemas = Vec::new();
    T::schemas(&mut schemas);
    schemas.push((T::name().into_owned(), T::schema()));
    let components: serde_json::Map<String, Value> =
        schemas.into_iter().map(|(name, schema)| (name, json!(schema))).collect();
    let root = json!({
        "$ref": format!("#/components/schemas/{}", T::name()),
        "components": { "schemas": components },
    });
    #[allow(clippy::expect_used, reason = "the schemas are fixed at compile time, and tested")]
    jsonschema::validator_for(&root).expect("the schemas of our own types are valid")
}

pub(super) fn malformed(error: &serde_json::Error) -> DocumentError {
    let text = error.to_string();
    let detail = text.split(" at line ").next().unwrap_or_default().to_owned();
    DocumentError::Malformed { line: error.line(), column: error.column(), detail }
}

/// What serde refuses although the schema allows it: duplicate keys, days that do not exist.
pub(super) fn undescribed(error: &serde_path_to_error::Error<serde_json::Error>) -> Violation {
    use serde_path_to_error::Segment;
    let pointer = error.path().iter().fold(String::new(), |mut pointer, segment| {
        pointer.push('/');
        match segment {
            Segment::Seq { index } => pointer.push_str(&index.to_string()),
            Segment::Map { key } => pointer.push_str(&escape_pointer(key)),
            Segment::Enum { variant } => pointer.push_str(&escape_pointer(variant)),
            Segment::Unknown => pointer.push('?'),
        }
        pointer
    });
    let text = error.inner().to_string();
    Violation::new(pointer, text.split(" at line ").next().unwrap_or_default())
}

/// Says what a schema error means to somebody who has not read the schema.
fn describe(error: &ValidationError<'_>) -> Vec<Violation> {
    let pointer = error.instance_path().to_string();
    let at = |detail: String| vec![Violation::new(pointer.clone(), detail)];
    match error.kind() {
        ValidationErrorKind::AdditionalProperties { unexpected } => unexpected
            .iter()
            .map(|name| {
                let detail = format!("unknown field `{name}`");
                Violation::new(format!("{pointer}/{}", escape_pointer(name)), detail)
            })
            .collect(),
        ValidationErrorKind::Required { property } => {
            let name = property.as_str().unwrap_or_default();
            vec![Violation::new(format!("{pointer}/{}", escape_pointer(name)), "is missing")]
        }
        ValidationErrorKind::Type { kind } => at(wrong_type(kind, error.instance())),
        ValidationErrorKind::Enum { options } => {
            let given = error.instance().as_str().map_or_else(|| error.instance().to_string(), str::to_owned);
            let valid: Vec<&str> =
                options.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
            vec![Violation::unknown(pointer, "value", &given, valid)]
        }
        ValidationErrorKind::MinLength { .. } => at("must not be empty".into()),
        ValidationErrorKind::MaxLength { limit } => at(format!("must have at most {limit} characters")),
        ValidationErrorKind::MinItems { limit } => at(format!("must have at least {limit} item(s)")),
        ValidationErrorKind::MaxItems { limit } => at(format!("must have at most {limit} items")),
        ValidationErrorKind::Minimum { limit } => at(format!("must be at least {limit}")),
        ValidationErrorKind::Maximum { limit } => at(format!("must be at most {limit}")),
        ValidationErrorKind::Pattern { pattern } => at(wrong_pattern(pattern, error.instance())),
        ValidationErrorKind::OneOfNotValid { .. } | ValidationErrorKind::AnyOf { .. } => {
            at("must be a dimension, or an object with `dimension` and `weight` (1 to 10)".into())
        }
        _ => at(error.to_string()),
    }
}

fn wrong_type(kind: &TypeKind, instance: &Value) -> String {
    let wanted = match kind {
        TypeKind::Single(one) => format!("{one}"),
        TypeKind::Multiple(many) => many.iter().map(|one| format!("{one}")).collect::<Vec<_>>().join(" or "),
    };
    let given = match instance {
        Value::Null => return format!("must be of type {wanted}, not null; leave the field out instead"),
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    format!("must be of type {wanted}, not {given}")
}

/// The patterns are few: each stands for a type that can say it better.
fn wrong_pattern(pattern: &str, instance: &Value) -> String {
    use super::employer::{Email, EmailError, Url, UrlError};
    use super::text::{Prose, Text};
    let text = instance.as_str().unwrap_or_default().to_owned();
    let own = |schema: Value| schema.get("pattern").and_then(Value::as_str) == Some(pattern);
    let schema_of = |schema: utoipa::openapi::RefOr<utoipa::openapi::Schema>| json!(schema);
    use utoipa::PartialSchema as _;
    if own(schema_of(Text::schema())) {
        return Text::try_from(text).err().map_or_else(String::new, |e| e.to_string());
    }
    if own(schema_of(Prose::schema())) {
        return Prose::try_from(text).err().map_or_else(String::new, |e| e.to_string());
    }
    if own(schema_of(Url::schema())) {
        return UrlError.to_string();
    }
    if own(schema_of(Email::schema())) {
        return EmailError.to_string();
    }
    let known: [(Value, String); 8] = [
        (schema_of(super::slug::Slug::schema()), super::slug::SlugError.to_string()),
        (schema_of(super::date::Date::schema()), super::date::DateError.to_string()),
        (schema_of(super::moment::Moment::schema()), super::moment::MomentError.to_string()),
        (schema_of(super::salary::Currency::schema()), super::salary::CurrencyError.to_string()),
        (schema_of(super::place::Country::schema()), super::place::CountryError.to_string()),
        (schema_of(super::place::Region::schema()), super::place::RegionError.to_string()),
        (schema_of(super::place::Area::schema()), super::place::AreaError.to_string()),
        (schema_of(super::options::LocaleTag::schema()), super::options::LocaleTagError.to_string()),
    ];
    known
        .into_iter()
        .find(|(schema, _)| own(schema.clone()))
        .map_or_else(|| format!("must match {pattern}"), |(_, message)| message)
}

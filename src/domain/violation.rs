//! What is wrong with a document, and where.

use serde::Serialize;
use utoipa::ToSchema;

/// One thing that is wrong with a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Violation {
    /// Where: a JSON Pointer (RFC 6901) into the document.
    #[schema(max_length = 4000, example = "/salary/min")]
    pub pointer: String,
    /// What is wrong, in a sentence for the caller.
    #[schema(max_length = 4000)]
    pub detail: String,
    /// The values that would have been accepted, when they can be listed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false, max_items = 10_000)]
    pub valid: Vec<String>,
    /// The accepted value that looks most like what was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub nearest: Option<String>,
}

impl Violation {
    /// A violation at `pointer`, without a list of accepted values.
    pub fn new(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), detail: detail.into(), valid: Vec::new(), nearest: None }
    }

    /// A violation at `pointer` where one of `valid` would have been accepted.
    pub fn among<'v>(
        pointer: impl Into<String>,
        detail: impl Into<String>,
        valid: impl IntoIterator<Item = &'v str>,
    ) -> Self {
        Self { valid: valid.into_iter().map(str::to_owned).collect(), ..Self::new(pointer, detail) }
    }

    /// `given` is not one of `valid`.
    ///
    /// `what` names the kind of value, as in "unknown tone".
    pub fn unknown<'v>(
        pointer: impl Into<String>,
        what: &str,
        given: &str,
        valid: impl IntoIterator<Item = &'v str>,
    ) -> Self {
        Self::unknown_in(pointer, what, given, "", valid)
    }

    /// The same for a value inside a text, at a character of it, from 1.
    pub fn unknown_at<'v>(
        pointer: impl Into<String>,
        what: &str,
        given: &str,
        character: usize,
        valid: impl IntoIterator<Item = &'v str>,
    ) -> Self {
        Self::unknown_in(pointer, what, given, &format!(" at character {character}"), valid)
    }

    fn unknown_in<'v>(
        pointer: impl Into<String>,
        what: &str,
        given: &str,
        place: &str,
        valid: impl IntoIterator<Item = &'v str>,
    ) -> Self {
        let valid: Vec<String> = valid.into_iter().map(str::to_owned).collect();
        let nearest = nearest(given, &valid);
        let likely = nearest.as_ref().filter(|near| edits(given, near) * 2 <= given.chars().count());
        let hint = likely.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
        let detail = format!("unknown {what} `{given}`{place}{hint}");
        Self { pointer: pointer.into(), detail, valid, nearest }
    }
}

/// The entry of `valid` with the smallest edit distance to `given`, ignoring case.
fn nearest(given: &str, valid: &[String]) -> Option<String> {
    valid.iter().min_by_key(|v| edits(given, v)).cloned()
}

/// How many characters must change to get from one to the other, ignoring case.
fn edits(one: &str, other: &str) -> usize {
    strsim::damerau_levenshtein(&one.to_lowercase(), &other.to_lowercase())
}

/// Collects violations while a document is walked.
#[derive(Debug, Default)]
pub struct Report {
    violations: Vec<Violation>,
    path: String,
}

impl Report {
    /// Runs `check` with `segment` appended to the path.
    pub fn within(&mut self, segment: impl std::fmt::Display, check: impl FnOnce(&mut Self)) {
        let length = self.path.len();
        self.path.push('/');
        self.path.push_str(&escape_pointer(&segment.to_string()));
        check(self);
        self.path.truncate(length);
    }

    /// Records a violation at the current path.
    pub fn add(&mut self, detail: impl Into<String>) {
        self.violations.push(Violation::new(self.path.clone(), detail));
    }

    /// Records a violation at `segment` below the current path.
    pub fn add_at(&mut self, segment: impl std::fmt::Display, detail: impl Into<String>) {
        self.within(segment, |report| report.add(detail));
    }

    /// The violations found, in document order.
    pub fn into_violations(self) -> Vec<Violation> {
        self.violations
    }
}

/// Escapes one segment of a JSON Pointer (RFC 6901, section 3).
pub fn escape_pointer(segment: &str) -> String {
    segment.replace('~', "~0").replace('/', "~1")
}

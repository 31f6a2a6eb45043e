//! JSON Patch (RFC 6902), as the specification describes it.

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// An operation of a JSON Patch.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "documents the operations")]
pub struct PatchOperation {
    /// What to do.
    op: PatchVerb,
    /// Where: a JSON Pointer (RFC 6901).
    #[schema(max_length = 1000, example = "/title")]
    path: String,
    /// The value to put there.
    #[schema(required = false, value_type = Value)]
    value: Option<Value>,
}

/// What an operation of a JSON Patch does.
#[derive(Serialize, ToSchema)]
#[schema(rename_all = "snake_case")]
#[allow(dead_code, reason = "documents the values")]
pub enum PatchVerb {
    /// Adds a value.
    Add,
    /// Removes a value.
    Remove,
    /// Puts another value in place.
    Replace,
}

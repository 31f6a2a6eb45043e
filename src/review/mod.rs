//! Rules over a posting's words and facts. Nothing here knows templates, storage, or HTTP.
//!
//! To add a rule of a board: a row in its table, in [`preflight`]. To add a family of rules: a file here.
//!
//! ```text
//! posting ──passages──▶ sentences and items ──▶ drift (against another composition)
//!                                          └──▶ comparison (against a text found live)
//! vacancy, options ──▶ preflight (against the rules of boards)
//! ```

mod alike;
pub mod comparison;
pub mod drift;
mod passages;
pub mod preflight;
pub mod sentences;
mod words;

pub use comparison::{Comparison, compare};
pub use drift::{Drift, drift};
pub use passages::Part;
pub use preflight::{PreflightFinding, Severity, Subject, Target, preflight};

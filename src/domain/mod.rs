//! Types and their invariants. Nothing here knows HTTP, storage or templates.
//!
//! To add a document that callers may send: derive `Deserialize` (with `deny_unknown_fields`) and
//! `ToSchema`, implement [`Document`] for the rules that a schema cannot state, and list it with
//! [`document!`].

pub mod changes;
pub mod date;
pub mod document;
pub mod employer;
pub mod kept_employer;
pub mod kept_posting;
pub mod key;
pub mod list;
pub mod live_text;
pub mod merge;
pub mod moment;
pub mod options;
pub mod own_tone;
pub mod patch;
pub mod place;
pub mod posting;
pub mod role;
pub mod salary;
pub mod slug;
pub mod text;
pub mod time_zone;
pub mod vacancy;
pub mod violation;

pub use date::Date;
pub use document::{Document, DocumentError};
pub use employer::Employer;
pub use kept_employer::KeptEmployer;
pub use kept_posting::KeptPosting;
pub use list::OptionalList;
pub use moment::Moment;
pub use options::PostingOptions;
pub use own_tone::OwnTone;
pub use posting::Posting;
pub use role::Role;
pub use salary::Salary;
pub use slug::Slug;
pub use text::{Prose, Text};
pub use time_zone::TimeZone;
pub use vacancy::Vacancy;
pub use violation::{Report, Violation};

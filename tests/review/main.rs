//! What reviews and imports say of postings that the renderer made.
//!
//! One file a topic. Roles, options, and tones are those of the tests of `render`.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]
#![allow(
    missing_docs,
    dead_code,
    reason = "what is shared with the tests of `render` is more than what is used here"
)]

mod compare;
mod drift;
#[path = "../render/facts.rs"]
mod facts;
mod preflight;
#[path = "../render/random.rs"]
mod random;
mod schema;
#[path = "../render/support.rs"]
mod support;

use rolewright::domain::{Posting, PostingOptions, Vacancy};
use rolewright::render::Format;
use serde_json::Value;

use support::{Known, Voice};

/// A posting with what it announces.
#[derive(Clone, Debug)]
pub struct Composed {
    pub posting: Posting<'static>,
    pub vacancy: Vacancy,
    pub options: PostingOptions,
}

impl Composed {
    /// The posting that the options ask for, in their tone or in an own one.
    pub fn of(known: &Known, voice: &Voice, options: &Value) -> Self {
        let options = known.options(options);
        let json = voice.write(known.stored(), &options, Format::Json);
        let posting: Posting<'static> = serde_json::from_str(&json).unwrap();
        let vacancy = Vacancy::of(&known.role, &options, &posting);
        Self { posting, vacancy, options }
    }
}

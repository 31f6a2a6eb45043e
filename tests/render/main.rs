//! What the renderer promises, as seen through its public interface.
//!
//! One file a topic. To add a topic: a file here, and a line below. Roles and options reach the
//! renderer as JSON, read and checked as the API does it.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod any_posting;
mod composed;
mod docx;
mod emphasis;
mod employers;
mod exports;
mod facts;
mod feeds;
mod golden;
mod hostile;
mod identity;
mod json_ld;
mod keep;
mod length;
mod outline;
mod own_tones;
mod published;
mod random;
mod salary;
mod support;
mod templates;
mod tones;
mod xml;

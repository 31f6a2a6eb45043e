//! The service as its clients see it: over HTTP, and on the command line.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, reason = "tests may fail")]

mod access;
mod audit;
mod boards;
mod browser;
mod bulk;
mod changes;
mod cli;
mod conditional;
mod crash;
mod database;
mod demo;
mod docs;
mod employers;
mod feeds;
mod headers;
mod health;
mod idempotency;
mod inert;
mod kept_postings;
mod keys;
mod limits;
mod metrics;
mod nodes;
mod openapi;
mod own_tones;
mod page;
mod postings;
mod problems;
mod process;
mod readme;
mod role_history;
mod role_writes;
mod roles;
mod search;
mod skills;
mod support;
#[allow(dead_code, reason = "the tests of `render` use more of it")]
#[path = "../render/xml.rs"]
mod xml;

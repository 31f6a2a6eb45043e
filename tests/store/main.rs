//! The conformance suite: what every engine of the store promises. A file is a topic; each of its
//! tests runs once for every engine, on an empty database.
//!
//! To add an engine: a module that makes a [`fixture::Fixture`], and a row in [`for_every_engine`].

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stderr,
    clippy::print_stdout,
    reason = "tests may fail"
)]

/// Makes tests of functions that take a [`fixture::Fixture`]: one for every engine. A function that
/// is not listed is dead code, which the lints refuse.
macro_rules! for_every_engine {
    ($($test:ident),* $(,)?) => {
        mod sqlite {
            $(#[test] fn $test() { crate::fixture::run(crate::sqlite::fresh(), super::$test); })*
        }
        mod postgres {
            $(#[test] fn $test() { crate::fixture::run(crate::postgres::fresh(), super::$test); })*
        }
    };
}

mod audit;
mod changes;
mod concurrency;
mod crash;
mod disk_full;
mod documents;
mod fixture;
mod history;
mod kept;
mod keys;
mod many_postings;
mod naive;
mod naive_postings;
mod postgres;
mod postings;
mod replies;
mod search;
mod seeds;
mod sqlite;

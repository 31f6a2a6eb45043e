//! The service as its clients see it: over HTTP, and on the command line.

mod cli;
mod conditional;
mod docs;
mod headers;
mod health;
mod openapi;
mod postings;
mod problems;
mod roles;
mod support;

//! Rolewright turns role definitions into job postings. See `docs/ARCHITECTURE.md`.

pub mod api;
pub mod app;
pub mod config;
pub mod domain;
pub mod import;
pub mod render;
pub mod review;
pub mod store;

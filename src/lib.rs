//! Rolewright turns role definitions into job postings. See `docs/ARCHITECTURE.md`.

pub mod domain;
pub mod render;

//! The command `check`: loads every template and role, and renders them with every sample.

use std::fmt::Write;

use anyhow::Context;

use crate::config::Settings;
use crate::domain::Role;

/// What was checked.
///
/// # Errors
/// The first template or role file that cannot be used, by name.
pub fn report(settings: &Settings) -> anyhow::Result<String> {
    let (renderer, shelf) = super::load(settings)?;
    let roles: Vec<&Role> = shelf.iter().map(|stored| &stored.role).collect();
    renderer.check(&roles).context("the templates cannot be used")?;
    let mut report = String::new();
    let ids = |choices: &[crate::render::Choice]| {
        choices.iter().map(|choice| choice.id.clone()).collect::<Vec<_>>()
    };
    let names = roles.iter().map(|role| role.id.to_string()).collect();
    for (what, names) in
        [("tones", ids(renderer.tones())), ("locales", ids(renderer.locales())), ("roles", names)]
    {
        writeln!(report, "{} {what}: {}", names.len(), names.join(", "))?;
    }
    writeln!(report, "every template renders every role and sample")?;
    Ok(report)
}

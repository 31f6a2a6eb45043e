//! The command `render`: one posting, from flags and files.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, bail};
use serde_json::{Map, Value};

use crate::config::{Render, Settings};
use crate::domain::violation::{Report, Violation};
use crate::domain::{Document, DocumentError, PostingOptions, Role};
use crate::render::{Fingerprint, Format, RenderError, Renderer, Subject};
use crate::store::{self, Shelf, StoredRole};

/// Writes the posting.
///
/// # Errors
/// What does not exist or cannot be met, by the name of the flag or the pointer into the file.
pub fn posting(settings: &Settings, render: &Render) -> anyhow::Result<Vec<u8>> {
    let (renderer, shelf) = super::load(settings)?;
    let format = Format::ALL.into_iter().find(|format| format.as_str() == render.format);
    let format = format.ok_or_else(|| {
        let valid = Format::ALL.map(Format::as_str);
        anyhow!(
            "--format: {}; valid: {}",
            Violation::unknown("", "format", &render.format, valid).detail,
            valid.join(", ")
        )
    })?;
    let options = options(render)?;
    let bytes = match shelf.get(&render.role) {
        Some(StoredRole { role, revision, .. }) => {
            let fingerprint = Fingerprint::of(role);
            write(
                &renderer,
                role,
                Subject::Stored { role, fingerprint, revision: *revision },
                &options,
                format,
            )?
        }
        None => {
            let StoredRole { role, .. } = from_file(&render.role, &shelf)?;
            write(&renderer, &role, Subject::Inline(&role), &options, format)?
        }
    };
    Ok(if bytes.ends_with(b"\n") { bytes } else { [bytes.as_slice(), b"\n"].concat() })
}

fn from_file(role: &str, shelf: &Shelf) -> anyhow::Result<StoredRole> {
    let path = PathBuf::from(role);
    if !path.exists() {
        let ids: Vec<&str> = shelf.iter().map(|stored| stored.role.id.as_str()).collect();
        let unknown = Violation::unknown("", "role", role, ids.iter().copied());
        bail!("{}; give a role file, or one of: {}", unknown.detail, ids.join(", "));
    }
    let bytes = fs::read(&path).with_context(|| role.to_owned())?;
    Ok(store::read_role(path, &bytes)?)
}

fn write(
    renderer: &Renderer,
    role: &Role,
    subject: Subject<'_>,
    options: &PostingOptions,
    format: Format,
) -> anyhow::Result<Vec<u8>> {
    let mut report = Report::default();
    options.check(role, &mut report);
    let violations = report.into_violations();
    if !violations.is_empty() {
        return Err(refusal(&violations));
    }
    renderer.render(subject, options, format).map_err(|error| match error {
        RenderError::Options(violations) => refusal(&violations),
        own => anyhow!(own),
    })
}

/// The options of the file, with what the flags put in their place.
fn options(render: &Render) -> anyhow::Result<PostingOptions> {
    let mut document = match &render.options {
        Some(path) => object(path)?,
        None => Map::new(),
    };
    for (path, given) in flags(render) {
        put(&mut document, &path, given);
    }
    let bytes = serde_json::to_vec(&document)?;
    PostingOptions::from_json(&bytes).map_err(|error| match error {
        DocumentError::Malformed { detail, .. } => anyhow!("the options: {detail}"),
        DocumentError::Invalid(violations) => refusal(&violations),
    })
}

fn object(path: &Path) -> anyhow::Result<Map<String, Value>> {
    let name = || format!("--options {}", path.display());
    let bytes = fs::read(path).with_context(name)?;
    serde_json::from_slice(&bytes).with_context(name)
}

/// What each given flag says, and where it stands in the options.
fn flags(render: &Render) -> Vec<(Vec<&'static str>, Value)> {
    let texts = [
        (vec!["tone"], &render.tone),
        (vec!["length"], &render.length),
        (vec!["locale"], &render.locale),
        (vec!["salary", "currency"], &render.currency),
        (vec!["salary", "period"], &render.period),
        (vec!["employer", "name"], &render.employer),
        (vec!["locations", "0", "city"], &render.city),
        (vec!["locations", "0", "region"], &render.region),
        (vec!["locations", "0", "country"], &render.country),
        (vec!["locations", "0", "workplace"], &render.workplace),
    ];
    let literals = [
        (vec!["heading_level"], &render.heading_level),
        (vec!["salary", "min"], &render.salary_min),
        (vec!["salary", "max"], &render.salary_max),
        (vec!["salary", "show"], &render.salary_show),
    ];
    let texts = texts.into_iter().filter_map(|(path, text)| Some((path, Value::String(text.clone()?))));
    let literals = literals.into_iter().filter_map(|(path, text)| Some((path, literal(text.as_ref()?))));
    let emphases: Vec<Value> = render.emphasis.iter().map(|text| emphasis(text)).collect();
    let emphases = (!emphases.is_empty()).then(|| (vec!["emphasis"], Value::Array(emphases)));
    texts.chain(literals).chain(emphases).collect()
}

/// A number or a Boolean; what is neither stays a text, for the check to refuse.
fn literal(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.to_owned()))
}

fn emphasis(text: &str) -> Value {
    match text.split_once(':') {
        None => Value::String(text.to_owned()),
        Some((dimension, weight)) => serde_json::json!({"dimension": dimension, "weight": literal(weight)}),
    }
}

/// Puts `given` at a path of names; `0` is the first and only entry of a list.
fn put(document: &mut Map<String, Value>, path: &[&str], given: Value) {
    match path {
        [] => {}
        [name] => drop(document.insert((*name).to_owned(), given)),
        [name, "0", rest @ ..] => {
            let list = document.entry(*name).or_insert_with(|| Value::Array(Vec::new()));
            if let Value::Array(items) = list {
                if items.is_empty() {
                    items.push(Value::Object(Map::new()));
                }
                if let Some(Value::Object(first)) = items.first_mut() {
                    put(first, rest, given);
                }
            }
        }
        [name, rest @ ..] => {
            let inner = document.entry(*name).or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(inner) = inner {
                put(inner, rest, given);
            }
        }
    }
}

/// Everything that cannot be met: one a line, by its JSON Pointer and the flag that sets it.
fn refusal(violations: &[Violation]) -> anyhow::Error {
    let lines: Vec<String> = violations.iter().map(line).collect();
    anyhow!("the options cannot be met:\n  {}", lines.join("\n  "))
}

fn line(violation: &Violation) -> String {
    let Violation { pointer, detail, valid, .. } = violation;
    let flag = flag(pointer).map(|flag| format!(" ({flag})")).unwrap_or_default();
    let valid = if valid.is_empty() { String::new() } else { format!("; valid: {}", valid.join(", ")) };
    format!("{pointer}{flag}: {detail}{valid}")
}

/// The flag that sets the options at `pointer`.
fn flag(pointer: &str) -> Option<&'static str> {
    let flags = [
        ("/tone", "--tone"),
        ("/emphasis", "--emphasis"),
        ("/length", "--length"),
        ("/locale", "--locale"),
        ("/heading_level", "--heading-level"),
        ("/salary/min", "--salary-min"),
        ("/salary/max", "--salary-max"),
        ("/salary/show", "--salary-show"),
        ("/salary/currency", "--currency"),
        ("/salary/period", "--period"),
        ("/employer/name", "--employer"),
        ("/locations/0/city", "--city"),
        ("/locations/0/region", "--region"),
        ("/locations/0/country", "--country"),
        ("/locations/0/workplace", "--workplace"),
    ];
    flags.into_iter().find(|(path, _)| pointer.starts_with(path)).map(|(_, flag)| flag)
}

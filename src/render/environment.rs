//! The one minijinja environment: which templates there are, and what they may do.
//!
//! Templates are code. They come embedded or from the operator's folder, never through the API.
//! The environment starts empty: no filter, test, or function but those that are added here.

use std::collections::BTreeMap;
use std::path::Path;

use include_dir::{Dir, include_dir};
use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Value, ValueKind};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, Output, State, UndefinedBehavior};

use super::TemplateError;
use super::english;
use super::format::escape::Escape;
use super::slot::{Op, SlotValue};

static EMBEDDED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/templates");

/// What one block may cost: fifty times what the longest of ours does.
const FUEL: u64 = 100_000;
/// Includes and extensions in one another; low, since a debug build has deep stack frames.
const RECURSION: usize = 32;

/// The template files by name: the embedded ones, overlaid with those of `folder`.
///
/// # Errors
/// A folder or file that cannot be read.
pub fn load(folder: Option<&Path>) -> Result<BTreeMap<String, String>, TemplateError> {
    let mut files = BTreeMap::new();
    collect_embedded(&EMBEDDED, &mut files);
    if let Some(folder) = folder {
        for group in ["formats", "tones", "locales"] {
            let inside = folder.join(group);
            if inside.is_dir() {
                collect_folder(&inside, group, &mut files)?;
            }
        }
        if !folder.is_dir() {
            return Err(TemplateError::new(folder.display(), "is not a folder"));
        }
    }
    Ok(files)
}

fn collect_embedded(dir: &Dir<'_>, files: &mut BTreeMap<String, String>) {
    for file in dir.files() {
        if let (Some(name), Some(text)) = (file.path().to_str(), file.contents_utf8()) {
            files.insert(name.replace('\\', "/"), text.to_owned());
        }
    }
    for inside in dir.dirs() {
        collect_embedded(inside, files);
    }
}

fn collect_folder(
    dir: &Path,
    group: &str,
    files: &mut BTreeMap<String, String>,
) -> Result<(), TemplateError> {
    let broken = |path: &Path, error: &dyn std::fmt::Display| TemplateError::new(path.display(), error);
    for entry in std::fs::read_dir(dir).map_err(|e| broken(dir, &e))? {
        let path = entry.map_err(|e| broken(dir, &e))?.path();
        let Some(name) = path.file_name().and_then(|n| n.to_str()) else { continue };
        if name.ends_with(".j2") || name.ends_with(".json") {
            let text = std::fs::read_to_string(&path).map_err(|e| broken(&path, &e))?;
            files.insert(format!("{group}/{name}"), text);
        }
    }
    Ok(())
}

/// Compiles the templates among `files`.
///
/// # Errors
/// The first template that does not compile, with its line.
pub fn build(files: &BTreeMap<String, String>) -> Result<Environment<'static>, TemplateError> {
    let mut env = Environment::empty();
    env.set_undefined_behavior(UndefinedBehavior::Strict);
    env.set_fuel(Some(FUEL));
    env.set_recursion_limit(RECURSION);
    let syntax =
        SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true).build();
    env.set_syntax(syntax.map_err(|e| TemplateError::from_minijinja("syntax", &e))?);
    env.set_auto_escape_callback(escaping);
    env.set_formatter(print);
    env.add_filter("a", |value: Value| apply(&value, Op::Article));
    env.add_filter("possessive", |value: Value| apply(&value, Op::Possessive));
    env.add_filter("capital", |value: Value| apply(&value, Op::Capital));
    env.add_filter("wrap", |value: Value, first: String, rest: String| apply(&value, Op::Wrap(first, rest)));
    env.add_filter("rule", |value: Value, c: char| apply(&value, Op::Rule(c)));
    env.add_filter("sentence", |parts: Value| Ok::<_, Error>(english::stopped(phrase(&parts)?)));
    env.add_filter("phrase", |parts: Value| phrase(&parts));
    env.add_filter("plural", |n: u64, one: String, many: String| if n == 1 { one } else { many });
    for (name, source) in files.iter().filter(|(name, _)| name.ends_with(".j2")) {
        env.add_template_owned(name.clone(), source.clone())
            .map_err(|e| TemplateError::from_minijinja(name, &e))?;
    }
    Ok(env)
}

fn escaping(name: &str) -> AutoEscape {
    match name {
        "formats/html.j2" | "formats/page.j2" => AutoEscape::Custom("html".into()),
        "formats/markdown.j2" => AutoEscape::Custom("markdown".into()),
        _ => AutoEscape::None,
    }
}

/// Prints slots, texts and numbers; anything else would leak "None" or a list into a posting.
fn print(out: &mut Output<'_>, state: &mut State<'_, '_>, value: &Value) -> Result<(), Error> {
    if let Some(slot) = value.downcast_object_ref::<SlotValue>() {
        return Ok(write!(out, "{slot}")?);
    }
    match value.kind() {
        ValueKind::String => {
            let text = value.as_str().unwrap_or_default();
            let escape = match state.auto_escape() {
                AutoEscape::Custom(name) if !value.is_safe() => Escape::named(name),
                _ => Escape::Nothing,
            };
            let mut escaped = String::with_capacity(text.len());
            escape.push(&mut escaped, text);
            Ok(out.write_str(&escaped)?)
        }
        ValueKind::Number => Ok(write!(out, "{value}")?),
        kind => Err(Error::new(ErrorKind::InvalidOperation, format!("a {kind} cannot be printed"))),
    }
}

fn apply(value: &Value, op: Op) -> Result<Value, Error> {
    if let Some(slot) = value.downcast_object_ref::<SlotValue>() {
        return Ok(slot.then(op));
    }
    let text = value.as_str().ok_or_else(|| Error::new(ErrorKind::InvalidOperation, "not a text"))?;
    let changed = op.apply(text.into()).into_owned();
    Ok(if value.is_safe() { Value::from_safe_string(changed) } else { Value::from(changed) })
}

/// The parts that are there, joined, with a capital first letter.
fn phrase(parts: &Value) -> Result<String, Error> {
    let mut texts = Vec::new();
    for part in parts.try_iter()? {
        if !part.is_none() {
            let text = part.as_str().ok_or_else(|| Error::new(ErrorKind::InvalidOperation, "not a text"))?;
            texts.push(text.to_owned());
        }
    }
    Ok(english::capitalised(&english::joined(texts.iter().map(String::as_str))).into_owned())
}

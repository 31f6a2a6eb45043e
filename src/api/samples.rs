//! Examples for the specification: what is kept, what it becomes by a write, and its history.

mod boards;
mod postings;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::diff::DocumentDiff;
use super::employers::list::EmployerPage;
use super::history::RevisionPage;
use super::own_tones::list::OwnTonePage;
use crate::domain::{Document, KeptEmployer, OwnTone};
use crate::render::Renderer;
use crate::store::document::{Action, Change};
use crate::store::{DocumentId, Slice};

pub use postings::of_postings;

const EMPLOYER: &str = include_str!("samples/employer.json");
const OWN_TONE: &str = include_str!("samples/own-tone.json");
/// The one whose key the examples are written with.
const AUTHOR: &str = "hr-sync";

/// Marks the example of a request's body.
pub const REQUEST: &str = "request";

/// An example of an operation's answer, or of its request.
pub struct Example {
    /// The id of the operation.
    pub operation: String,
    /// The media type of the answer; or [`REQUEST`].
    pub media_type: &'static str,
    /// The body.
    pub value: Value,
}

impl Example {
    /// An answer in JSON.
    pub fn json(operation: impl Into<String>, value: Value) -> Self {
        Self { operation: operation.into(), media_type: "application/json", value }
    }

    /// A request.
    pub fn request(operation: impl Into<String>, value: Value) -> Self {
        Self { operation: operation.into(), media_type: REQUEST, value }
    }
}

/// Any moment will do, as long as it stays the same.
pub fn example_moment() -> Timestamp {
    Timestamp::constant(1_795_512_600, 0)
}

fn acme() -> Option<KeptEmployer> {
    KeptEmployer::from_json(EMPLOYER.as_bytes()).ok()
}

fn acme_voice() -> Option<OwnTone> {
    OwnTone::from_json(OWN_TONE.as_bytes()).ok()
}

/// What is answered of an employer and its tone.
pub fn of_employers(renderer: &Renderer) -> Vec<Example> {
    let mut examples = Vec::new();
    if let Some(employer) = acme() {
        let id = DocumentId::employer(employer.id.as_str());
        let patch = json!({"profile": {"website": "https://jobs.acme.example"}, "time_zone": null});
        examples
            .push(Example::json("list_employers", json!(EmployerPage::of_one(&employer, example_moment()))));
        examples.extend(kept("employer", &id, &json!(employer), &patch));
    }
    if let Some(tone) = acme_voice().filter(|tone| renderer.own_tone(tone).is_ok()) {
        let id = DocumentId::tone("acme", tone.id.as_str());
        let patch = json!({"phrases": {"pay": "We pay {pay}.", "apply": null}});
        examples.push(Example::json("list_own_tones", json!(OwnTonePage::of_one(&tone, example_moment()))));
        examples.extend(kept("own_tone", &id, &json!(tone), &patch));
    }
    examples
}

/// What is answered of a document whose history is told by patches.
fn kept(name: &str, id: &DocumentId, document: &Value, patch: &Value) -> Vec<Example> {
    let mut examples = written(name, id, document, patch, AUTHOR);
    examples.push(Example::json(format!("get_{name}"), document.clone()));
    let diff = DocumentDiff::of((1, document.to_string()), (2, patched(document, patch).to_string()));
    examples.extend(diff.ok().map(|diff| Example::json(format!("get_{name}_diff"), json!(diff))));
    examples
}

/// A document written, and what its history is then: its operations end in `name`, and `first` made
/// its first revision.
pub fn written(name: &str, id: &DocumentId, document: &Value, patch: &Value, first: &str) -> Vec<Example> {
    let operation = |verb: &str| format!("{verb}_{name}");
    let answers =
        [operation("create"), operation("put"), operation("restore"), format!("get_{name}_revision")];
    let mut examples: Vec<Example> = answers.map(|id| Example::json(id, document.clone())).into();
    examples.extend(["create", "put"].map(|verb| Example::request(operation(verb), document.clone())));
    examples.push(Example::request(operation("patch"), patch.clone()));
    examples.push(Example::json(operation("patch"), patched(document, patch)));
    let revision = |revision, action, author: &str, message: Option<&str>| Change {
        sequence: 0,
        document: id.clone(),
        revision,
        action,
        at: example_moment(),
        author: author.to_owned(),
        message: message.map(str::to_owned),
    };
    let changed = revision(2, Action::Replace, AUTHOR, Some("reviewed"));
    let items = vec![changed, revision(1, Action::Create, first, None)];
    let page = RevisionPage::of(id, Slice { items, more: false });
    examples.push(Example::json(format!("list_{name}_revisions"), json!(page)));
    examples
}

/// What a document becomes by a merge patch.
pub fn patched(document: &Value, patch: &Value) -> Value {
    let mut patched = document.clone();
    json_patch::merge(&mut patched, patch);
    patched
}

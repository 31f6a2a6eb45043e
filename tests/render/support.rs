//! Roles, options and renderers for all topics, and ways to look at a posting.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, LazyLock};

use rolewright::domain::document::{Document, DocumentError};
use rolewright::domain::options::Length;
use rolewright::domain::violation::Report;
use rolewright::domain::{KeptEmployer, OwnTone, PostingOptions, Role, Violation};
use rolewright::render::{Fingerprint, Format, RenderError, Renderer, Subject, Tone};
use serde_json::{Value, json};

/// The formats that are texts: all but the Word document, whose text `docx.rs` reads.
pub const READABLE: [Format; 8] = [
    Format::Html,
    Format::Page,
    Format::Markdown,
    Format::Text,
    Format::Json,
    Format::JsonLd,
    Format::JsonResume,
    Format::Jdx,
];

/// The revision that kept roles have here.
pub const REVISION: u32 = 7;
/// The five locales.
pub const LOCALES: [&str; 5] = ["en-US", "en-GB", "en-CA", "de-DE", "fr-FR"];
/// The three lengths.
pub const LENGTHS: [&str; 3] = ["short", "standard", "full"];
/// The formats that say every word of a posting. The others state facts.
pub const WORDED: [Format; 5] = [Format::Html, Format::Page, Format::Markdown, Format::Text, Format::Json];
/// The emphasis dimensions that move a section.
pub const SECTION_DIMENSIONS: [&str; 3] = ["growth", "benefits", "flexibility"];

/// A role with its fingerprint, and its JSON.
#[derive(Debug)]
pub struct Known {
    pub role: Role,
    pub json: Value,
    fingerprint: Fingerprint,
}

impl Known {
    pub fn new(json: Value) -> Self {
        let role = role(&json);
        Self { fingerprint: Fingerprint::of(&role), role, json }
    }

    fn read(path: &str) -> Self {
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path);
        let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        Self::new(serde_json::from_str(&text).unwrap())
    }

    pub fn stored(&self) -> Subject<'_> {
        Subject::Stored { role: &self.role, fingerprint: self.fingerprint, revision: REVISION }
    }

    pub fn inline(&self) -> Subject<'_> {
        Subject::Inline(&self.role)
    }

    /// The options, read from JSON and checked against the role.
    pub fn options(&self, json: &Value) -> PostingOptions {
        let options = PostingOptions::from_json(json.to_string().as_bytes())
            .unwrap_or_else(|e| panic!("the options of this test must be valid: {e}\n{json:#}"));
        let mut report = Report::default();
        options.check(&self.role, &mut report);
        let violations = report.into_violations();
        assert!(violations.is_empty(), "the options of this test must be valid: {violations:?}\n{json:#}");
        options
    }

    /// The role's own tags, each once.
    pub fn tags(&self) -> Vec<String> {
        self.role.tags().into_iter().map(ToString::to_string).collect()
    }

    /// The tags of the duty or skill at `pointer`.
    pub fn tags_at(&self, pointer: &str) -> Vec<&str> {
        let item = self.json.pointer(pointer).unwrap_or_else(|| panic!("the role has no {pointer}"));
        item["tags"].as_array().into_iter().flatten().filter_map(Value::as_str).collect()
    }

    /// Pointers of the duties, in the role's order.
    pub fn duties(&self) -> Vec<String> {
        self.pointers(&["/responsibilities/primary", "/responsibilities/secondary"])
    }

    /// Pointers of the skills, in the role's order.
    pub fn skills(&self) -> Vec<String> {
        self.pointers(&["/skills/hard", "/skills/soft"])
    }

    /// Pointers of the entries of `lists`.
    pub fn pointers(&self, lists: &[&str]) -> Vec<String> {
        let of = |list: &&str| {
            let entries = self.json.pointer(list).and_then(Value::as_array).map_or(0, Vec::len);
            let list = (*list).to_owned();
            (0..entries).map(move |n| format!("{list}/{n}"))
        };
        lists.iter().flat_map(of).collect()
    }

    pub fn is_essential(&self, pointer: &str) -> bool {
        self.json.pointer(pointer).is_some_and(|duty| duty["essential"] == true)
    }
}

/// A role from its JSON.
pub fn role(json: &Value) -> Role {
    Role::from_json(json.to_string().as_bytes())
        .unwrap_or_else(|e| panic!("the role of this test must be valid: {e}\n{json:#}"))
}

static TECH_MANAGER: LazyLock<Known> = LazyLock::new(|| Known::read("roles/tech-manager.json"));
static ZOOKEEPER: LazyLock<Known> = LazyLock::new(|| Known::read("tests/it/roles/zookeeper.json"));
static RENDERER: LazyLock<Renderer> = LazyLock::new(|| Renderer::new(None).unwrap());

/// The built-in role.
pub fn tech_manager() -> &'static Known {
    &TECH_MANAGER
}

/// A role of another field, with tags of its own.
pub fn zookeeper() -> &'static Known {
    &ZOOKEEPER
}

/// Both roles.
pub fn both() -> [&'static Known; 2] {
    [tech_manager(), zookeeper()]
}

/// The renderer of the embedded templates.
pub fn renderer() -> &'static Renderer {
    &RENDERER
}

/// The tones that there are.
pub fn tones() -> Vec<String> {
    renderer().tones().iter().map(|tone| tone.id.clone()).collect()
}

/// The sample of options: as an employer would send them.
pub fn sample() -> Value {
    serde_json::from_str(include_str!("sample.json")).unwrap()
}

/// The sample without its emphasis, which not every role has.
pub fn sample_for(known: &Known) -> Value {
    let mut sample = sample();
    if known.json["id"] != "tech-manager" {
        sample["emphasis"] = json!([]);
        sample["salary"] = json!({"min": 14, "max": 15.5, "currency": "GBP", "period": "hour"});
    }
    sample
}

/// `base` with the fields of `over` in it.
pub fn with(base: &Value, over: &Value) -> Value {
    let mut merged = base.clone();
    for (key, value) in over.as_object().unwrap() {
        merged[key] = value.clone();
    }
    merged
}

/// Renders, or panics with the options.
pub fn write(subject: Subject<'_>, options: &PostingOptions, format: Format) -> String {
    write_with(None, subject, options, format)
}

/// The same, with an employer's own tone.
pub fn write_with(
    own: Option<&Arc<Tone>>,
    subject: Subject<'_>,
    options: &PostingOptions,
    format: Format,
) -> String {
    let bytes = renderer().with_tone(own).render(subject, options, format);
    let bytes = bytes.unwrap_or_else(|e| panic!("{e:?}\nwith {options:#?}"));
    String::from_utf8(bytes).unwrap_or_else(|e| panic!("{}: not UTF-8: {e}", format.as_str()))
}

/// A tone to ask for: one of the renderer's, or an employer's own.
#[derive(Clone, Debug)]
pub struct Voice {
    pub id: String,
    /// The own tone's document.
    pub json: Option<Value>,
    own: Option<Arc<Tone>>,
}

impl Voice {
    pub fn known(id: impl Into<String>) -> Self {
        Self { id: id.into(), json: None, own: None }
    }

    /// An own tone that must be valid.
    pub fn own(json: &Value) -> Self {
        let tone = own_tone(json);
        let own = tone.unwrap_or_else(|e| panic!("the tone of this test must be valid: {e:?}\n{json:#}"));
        Self { id: own.id().to_owned(), json: Some(json.clone()), own: Some(own) }
    }

    pub fn tone(&self) -> Option<&Arc<Tone>> {
        self.own.as_ref()
    }

    pub fn write(&self, subject: Subject<'_>, options: &PostingOptions, format: Format) -> String {
        write_with(self.tone(), subject, options, format)
    }

    /// The posting document, in this tone.
    pub fn posting(&self, known: &Known, options: &Value) -> Posting {
        let options = known.options(&with(options, &json!({"tone": self.id})));
        Posting(serde_json::from_str(&self.write(known.stored(), &options, Format::Json)).unwrap())
    }

    /// The posting in a format, in this tone.
    pub fn rendered(&self, known: &Known, options: &Value, format: Format) -> String {
        self.write(known.stored(), &known.options(&with(options, &json!({"tone": self.id}))), format)
    }
}

/// An own tone as the API reads it, or what is wrong with it.
pub fn own_tone(json: &Value) -> Result<Arc<Tone>, Vec<Violation>> {
    let definition = OwnTone::from_json(json.to_string().as_bytes()).map_err(|error| match error {
        DocumentError::Invalid(violations) => violations,
        DocumentError::Malformed { .. } => panic!("not JSON: {json}"),
    })?;
    renderer().own_tone(&definition)
}

/// The sample of an employer.
pub fn employer() -> KeptEmployer {
    KeptEmployer::from_json(include_bytes!("employer.json")).unwrap()
}

/// The sample of an own tone: the employer's.
pub fn employers_tone() -> Value {
    serde_json::from_str(include_str!("own-tone.json")).unwrap()
}

/// The violations that rendering reports.
pub fn refused(known: &Known, json: &Value) -> Vec<rolewright::domain::Violation> {
    match renderer().render(known.stored(), &known.options(json), Format::Json) {
        Err(RenderError::Options(violations)) => violations,
        other => panic!("the options must be refused, and were not: {other:?}\n{json:#}"),
    }
}

/// Reads options and renders.
pub fn rendered(known: &Known, options: &Value, format: Format) -> String {
    write(known.stored(), &known.options(options), format)
}

/// Reads options and renders the posting document.
pub fn posting(known: &Known, options: &Value) -> Posting {
    Posting::of(known.stored(), &known.options(options))
}

/// A posting document, as its readers see it.
#[derive(Clone, Debug)]
pub struct Posting(pub Value);

/// Words of a posting with what they are.
#[derive(Clone, Debug)]
pub struct Said<'p> {
    pub section: &'p str,
    pub kind: &'p str,
    pub label: Option<&'p str>,
    pub words: &'p str,
    /// The sources: origin, and pointer or block.
    pub sources: Vec<(&'p str, &'p str)>,
    /// Whether it is an item of a list rather than a passage.
    pub item: bool,
}

impl Said<'_> {
    /// Whether all its words are the caller's, so that the house rules do not bind it.
    pub fn is_callers(&self) -> bool {
        self.sources.iter().all(|(origin, _)| *origin == "options")
    }

    /// The role's item that it is, if it is one.
    pub fn role_pointer(&self) -> Option<&str> {
        match self.sources.as_slice() {
            [("role", pointer)] => Some(pointer),
            _ => None,
        }
    }
}

impl Posting {
    pub fn of(subject: Subject<'_>, options: &PostingOptions) -> Self {
        Self(serde_json::from_str(&write(subject, options, Format::Json)).unwrap())
    }

    pub fn title(&self) -> &str {
        self.0["title"].as_str().unwrap()
    }

    pub fn words(&self) -> u64 {
        self.0["words"].as_u64().unwrap()
    }

    pub fn sections(&self) -> &[Value] {
        self.0["sections"].as_array().unwrap()
    }

    pub fn section(&self, id: &str) -> Option<&Value> {
        self.sections().iter().find(|section| section["id"] == id)
    }

    pub fn section_ids(&self) -> Vec<&str> {
        self.sections().iter().map(|section| section["id"].as_str().unwrap()).collect()
    }

    pub fn notes(&self) -> Vec<&str> {
        self.0["notes"].as_array().unwrap().iter().map(|note| note["code"].as_str().unwrap()).collect()
    }

    /// Pointers of what was left out, with the reason.
    pub fn omitted(&self) -> Vec<(&str, &str)> {
        let entries = self.0["omitted"].as_array().unwrap();
        entries.iter().map(|e| (e["pointer"].as_str().unwrap(), e["because"].as_str().unwrap())).collect()
    }

    /// All words of the body, in reading order: passages and items, without headings.
    pub fn said(&self) -> Vec<Said<'_>> {
        let mut said = Vec::new();
        for section in self.sections() {
            let id = section["id"].as_str().unwrap();
            for block in section["blocks"].as_array().unwrap() {
                let kind = block["kind"].as_str().unwrap();
                if let Some(text) = block.get("text") {
                    let sources = text["sources"].as_array().unwrap().iter().map(source).collect();
                    let words = text["words"].as_str().unwrap();
                    said.push(Said { section: id, kind, label: None, words, sources, item: false });
                }
                for item in block["items"].as_array().into_iter().flatten() {
                    said.push(Said {
                        section: id,
                        kind,
                        label: item["label"].as_str(),
                        words: item["words"].as_str().unwrap(),
                        sources: vec![source(&item["source"])],
                        item: true,
                    });
                }
            }
        }
        said
    }

    /// Pointers of the role's items that it shows, in reading order.
    pub fn shown(&self) -> Vec<String> {
        let said = self.said();
        said.iter().filter_map(|said| said.role_pointer().map(str::to_owned)).collect()
    }

    /// Pointers of the duties that it shows, in reading order.
    pub fn duties(&self) -> Vec<String> {
        self.shown().into_iter().filter(|p| p.starts_with("/responsibilities/")).collect()
    }

    /// Pointers of the skills that it shows, in reading order.
    pub fn skills(&self) -> Vec<String> {
        self.shown().into_iter().filter(|p| p.starts_with("/skills/")).collect()
    }
}

fn source(source: &Value) -> (&str, &str) {
    let at = ["pointer", "block"].iter().find_map(|key| source[key].as_str());
    (source["origin"].as_str().unwrap(), at.unwrap())
}

/// All ways to choose at most `most` of `names`, in their order.
pub fn subsets<'n>(names: &[&'n str], most: usize) -> Vec<Vec<&'n str>> {
    let mut all: Vec<Vec<&str>> = vec![Vec::new()];
    let mut last: Vec<(usize, Vec<&str>)> = vec![(0, Vec::new())];
    for _ in 0..most {
        let mut next = Vec::new();
        for (from, chosen) in &last {
            for (index, name) in names.iter().enumerate().skip(*from) {
                let mut longer = chosen.clone();
                longer.push(*name);
                next.push((index + 1, longer));
            }
        }
        all.extend(next.iter().map(|(_, chosen)| chosen.clone()));
        last = next;
    }
    all
}

/// Collects what goes wrong, and where it was seen first, so that one run tells all of it.
#[derive(Debug, Default)]
pub struct Findings(BTreeMap<String, String>);

impl Findings {
    pub fn add(&mut self, finding: String) {
        self.0.insert(finding, String::new());
    }

    pub fn add_at(&mut self, finding: String, place: String) {
        self.0.entry(finding).or_insert_with(|| format!("\n    first seen in {place}"));
    }

    pub fn check(&mut self, holds: bool, finding: impl FnOnce() -> String) {
        if !holds {
            self.add(finding());
        }
    }

    /// Fails if there is anything.
    pub fn report(self) {
        let first: Vec<String> =
            self.0.iter().take(25).map(|(what, place)| format!("{what}{place}")).collect();
        assert!(self.0.is_empty(), "{} finding(s):\n{}", self.0.len(), first.join("\n"));
    }
}

/// The length of a name in `LENGTHS`.
pub fn max_words(length: &str) -> Option<u64> {
    let length = Length::ALL.into_iter().find(|known| known.as_str() == length).unwrap();
    length.max_words().map(u64::from)
}

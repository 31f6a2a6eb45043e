//! What the documentation says is true: its examples are run, its tables compared.
//!
//! An example is an `sh` block that starts with `curl` or `rolewright`; the block right after it is
//! what comes out, where `…` stands for whatever was left out.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};
use reqwest::Method;
use rolewright::api::problem::Kind;
use rolewright::domain::options::Length;
use rolewright::domain::posting::SectionId;

use crate::support::{Answer, Service, spawn_with};

const README: &str = "README.md";
const GUIDE: &str = "docs/API.md";
const LEFT_OUT: char = '…';

/// A fenced block, and whether it stands right after another.
struct Fence {
    language: String,
    text: String,
    follows: bool,
}

fn read(file: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap()
}

fn parse(text: &str) -> Parser<'_> {
    Parser::new_ext(text, Options::ENABLE_TABLES)
}

fn fences(text: &str) -> Vec<Fence> {
    let mut fences: Vec<Fence> = Vec::new();
    let (mut inside, mut follows) = (false, false);
    for event in parse(text) {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(language))) => {
                fences.push(Fence { language: language.into_string(), text: String::new(), follows });
                inside = true;
            }
            Event::Text(text) if inside => fences.last_mut().unwrap().text += &text,
            Event::End(TagEnd::CodeBlock) => (inside, follows) = (false, true),
            _ => follows = false,
        }
    }
    fences
}

/// The examples of a command, each with the block that shows what comes out.
fn examples(file: &str, program: &str) -> Vec<(String, Option<Fence>)> {
    let mut examples = Vec::new();
    let mut fences = fences(&read(file)).into_iter().peekable();
    while let Some(fence) = fences.next() {
        if fence.language == "sh" && fence.text.split(' ').next() == Some(program) {
            examples.push((fence.text, fences.next_if(|next| next.follows && next.language != "sh")));
        }
    }
    assert!(!examples.is_empty(), "{file} has no example of {program}");
    examples
}

/// A row of a table: the text of each cell, and what stands as code in any of them.
#[derive(Default)]
struct Row {
    cells: Vec<String>,
    codes: Vec<String>,
}

/// The rows of the table whose first heading is `first`.
fn table(file: &str, first: &str) -> Vec<Row> {
    let text = read(file);
    let mut events = parse(&text);
    while let Some(event) = events.next() {
        if !matches!(event, Event::Start(Tag::Table(_))) {
            continue;
        }
        let inside = events.by_ref().take_while(|event| *event != Event::End(TagEnd::Table));
        let mut rows = rows(inside);
        if rows[0].cells[0] == first {
            return rows.split_off(1);
        }
    }
    panic!("{file} has no table of `{first}`");
}

fn rows<'t>(events: impl Iterator<Item = Event<'t>>) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for event in events {
        match &event {
            Event::Start(Tag::TableHead | Tag::TableRow) => rows.push(Row::default()),
            Event::Start(Tag::TableCell) => rows.last_mut().unwrap().cells.push(String::new()),
            Event::Text(part) | Event::Code(part) => {
                let row = rows.last_mut().unwrap();
                row.cells.last_mut().unwrap().push_str(part);
                if matches!(event, Event::Code(_)) {
                    row.codes.push(part.to_string());
                }
            }
            _ => {}
        }
    }
    rows
}

/// The words of a command line, as a shell reads them.
fn words(command: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quote = None;
    let command = command.replace("\\\n", " ");
    for c in command.trim().chars() {
        match (c, quote) {
            (c, Some(mark)) if c == mark => quote = None,
            ('\'' | '"', None) => quote = Some(c),
            (c, None) if c.is_whitespace() => words.push(String::new()),
            (c, _) => words.last_mut().unwrap().push(c),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Does what curl would do: a path of the service, with the options that the documents use.
/// `$ID` is the id of what was made last.
async fn curl(service: &Service, command: &str, id: &str) -> (Answer, bool) {
    let command = &command.replace("$KEY", &service.admin_key().unwrap_or_default()).replace("$ID", id);
    let (command, rest) = command.split_once("| jq").unwrap_or((command, ""));
    assert!(rest.trim().is_empty(), "jq has no filter: {rest}");
    let (mut method, mut headers, mut body, mut path, mut shows_head) = (None, Vec::new(), None, None, false);
    let mut words = words(command).into_iter().skip(1);
    while let Some(word) = words.next() {
        match word.as_str() {
            "-s" => {}
            "-si" => shows_head = true,
            "-sI" => (shows_head, method) = (true, Some(Method::HEAD)),
            "-X" => method = words.next().map(|name| name.parse().unwrap()),
            "-H" => headers.push(words.next().unwrap()),
            "-d" | "--data-binary" => body = words.next(),
            "--json" => {
                headers.extend(["Content-Type: application/json".into(), "Accept: application/json".into()]);
                body = words.next();
            }
            url => path = Some(url.strip_prefix("localhost:8080").expect("a path of ours").to_owned()),
        }
    }
    let method = method.unwrap_or(if body.is_some() { Method::POST } else { Method::GET });
    let complete = |mut request: reqwest::RequestBuilder| {
        for header in headers {
            let (name, value) = header.split_once(": ").unwrap();
            request = request.header(name, value);
        }
        request.body(body.unwrap_or_default())
    };
    (service.send(method, &path.unwrap(), complete).await, shows_head)
}

/// Whether `shown` is `actual` with some of it left out.
fn is_of(shown: &str, actual: &str) -> bool {
    let parts: Vec<&str> = shown.split(LEFT_OUT).collect();
    let [first, rest @ ..] = parts.as_slice() else { return false };
    let Some(mut after) = actual.strip_prefix(first) else { return false };
    let Some((last, middle)) = rest.split_last() else { return after.is_empty() };
    for part in middle {
        let Some(at) = after.find(part) else { return false };
        after = &after[at + part.len()..];
    }
    after.ends_with(last)
}

/// JSON without the white space between its tokens.
fn compact(json: &str) -> String {
    let (mut inside, mut escaped) = (false, false);
    json.chars()
        .filter(|&c| {
            let quote = c == '"' && !escaped;
            escaped = inside && c == '\\' && !escaped;
            inside ^= quote;
            inside || !c.is_whitespace()
        })
        .collect()
}

#[track_caller]
fn assert_shown(command: &str, shown: &Fence, actual: &str) {
    let same = match shown.language.as_str() {
        "json" => is_of(&compact(&shown.text), &compact(actual)),
        _ => is_of(shown.text.trim_end(), actual.trim_end()),
    };
    assert!(same, "{command}\nshows\n{}\nbut answers\n{actual}", shown.text);
}

/// A status line, some headers, and perhaps a body.
#[track_caller]
fn assert_head_shown(command: &str, shown: &Fence, answer: &Answer) {
    let (head, body) = shown.text.split_once("\n\n").unwrap_or((shown.text.trim_end(), ""));
    let mut lines = head.lines();
    assert_eq!(lines.next(), Some(format!("HTTP/1.1 {}", answer.status).as_str()), "{command}");
    for line in lines.filter(|line| *line != LEFT_OUT.to_string()) {
        let (name, value) = line.split_once(": ").unwrap();
        assert!(is_of(value, answer.header(name)), "{command}\n{line}\nbut is {}", answer.header(name));
    }
    let language = if answer.media_type().ends_with("json") { "json" } else { "text" };
    let body = Fence { language: language.to_owned(), text: body.to_owned(), follows: false };
    assert_shown(command, &body, answer.text());
}

async fn answers_what_it_shows(file: &str) {
    let service = spawn_with(|settings| settings.roles_dir = None).await;
    let mut made = String::new();
    for (command, shown) in examples(file, "curl") {
        let shown = shown.unwrap_or_else(|| panic!("{file} does not show what comes of\n{command}"));
        let (answer, shows_head) = curl(&service, &command, &made).await;
        if answer.status == 201 {
            made = answer.header("location").rsplit('/').next().unwrap().to_owned();
        }
        match (answer, shows_head) {
            (answer, true) => assert_head_shown(&command, &shown, &answer),
            (answer, false) => assert_shown(&command, &shown, answer.text()),
        }
    }
}

#[actix_web::test]
async fn every_curl_of_the_readme_is_answered_as_it_shows() {
    answers_what_it_shows(README).await;
}

#[actix_web::test]
async fn every_curl_of_the_guide_is_answered_as_it_shows() {
    answers_what_it_shows(GUIDE).await;
}

#[test]
fn every_command_of_the_readme_does_what_it_shows_and_the_example_tone_is_a_tone() {
    let folder = tempfile::tempdir().unwrap();
    let text = read(README);
    let tone = fences(&text).into_iter().find(|fence| fence.language == "jinja").expect("an example tone");
    let path =
        text.split('`').find(|code| code.ends_with(".j2") && code.starts_with("my-")).expect("its path");
    fs::create_dir_all(folder.path().join(path).parent().unwrap()).unwrap();
    fs::write(folder.path().join(path), tone.text).unwrap();
    for (commands, shown) in examples(README, "rolewright") {
        let mut written = String::new();
        for command in commands.lines().map(|line| line.split(" #").next().unwrap()) {
            let mut program = Command::new(env!("CARGO_BIN_EXE_rolewright"));
            let output =
                program.args(&words(command)[1..]).env_clear().current_dir(&folder).output().unwrap();
            assert!(output.status.success(), "{command}\n{}", String::from_utf8_lossy(&output.stderr));
            written += std::str::from_utf8(&output.stdout).unwrap();
        }
        if let Some(shown) = shown {
            assert_shown(&commands, &shown, &written);
        }
    }
}

/// What `--help` says of each setting: its flag, its variable, and its default.
fn settings_of_help() -> BTreeSet<[String; 3]> {
    let output = Command::new(env!("CARGO_BIN_EXE_rolewright")).arg("--help").env_clear().output().unwrap();
    let help = String::from_utf8(output.stdout).unwrap();
    let within = |text: &str, start: &str| {
        let value = text.split(start).nth(1).and_then(|rest| rest.split(['=', ']']).next());
        value.unwrap_or_default().to_owned()
    };
    let of_flag = help.split("\n      --").skip(1).filter(|setting| setting.contains("[env: "));
    of_flag
        .map(|setting| {
            let flag = setting.split(' ').next().unwrap();
            [format!("--{flag}"), within(setting, "[env: "), within(setting, "[default: ")]
        })
        .collect()
}

#[test]
fn the_settings_of_the_readme_are_those_of_the_help() {
    let rows = table(README, "flag").into_iter();
    let listed: BTreeSet<[String; 3]> = rows.map(|row| [0, 1, 2].map(|n| row.cells[n].clone())).collect();
    assert_eq!(listed, settings_of_help());
}

/// The items of a list of the API: each with its description.
async fn choices(service: &Service, path: &str) -> Vec<[String; 2]> {
    let answer = service.get(path).await.json();
    let items = answer["items"].as_array().unwrap().iter();
    items.map(|item| ["id", "description"].map(|name| item[name].as_str().unwrap().to_owned())).collect()
}

#[actix_web::test]
async fn the_choices_of_the_readme_are_those_of_the_api() {
    let service = spawn_with(|settings| settings.roles_dir = None).await;
    for row in table(README, "what") {
        let what = row.cells[0].as_str();
        let valid: Vec<String> = match what {
            "emphasis" => ids(choices(&service, "/api/v1/emphases").await),
            "length" => Length::ALL.map(|length| length.as_str().to_owned()).into(),
            _ => ids(choices(&service, &format!("/api/v1/{what}s")).await),
        };
        assert_eq!(row.codes, valid, "{what}");
    }
}

fn ids(choices: Vec<[String; 2]>) -> Vec<String> {
    choices.into_iter().map(|[id, _]| id).collect()
}

#[actix_web::test]
async fn the_choices_of_the_guide_are_those_of_the_api() {
    let service = spawn_with(|settings| settings.roles_dir = None).await;
    for (first, path) in
        [("format", "/api/v1/formats"), ("tone", "/api/v1/tones"), ("emphasis", "/api/v1/emphases")]
    {
        let rows = table(GUIDE, first).into_iter();
        let listed: Vec<_> = rows.map(|row| [0, 1].map(|n| row.cells[n].clone())).collect();
        assert_eq!(listed, choices(&service, path).await, "{first}");
    }
}

#[actix_web::test]
async fn the_options_of_the_guide_are_those_of_the_schema() {
    let service = spawn_with(|settings| settings.roles_dir = None).await;
    let spec = service.get("/openapi.json").await.json();
    let fields = spec["components"]["schemas"]["PostingOptions"]["properties"].as_object().unwrap();
    let listed: BTreeSet<String> =
        table(GUIDE, "option").into_iter().map(|row| row.cells[0].clone()).collect();
    assert_eq!(listed, fields.keys().cloned().collect());
}

#[test]
fn the_classes_of_the_readme_are_those_of_the_fragment() {
    let named = |text: &str| -> BTreeSet<String> {
        let is_part = |c: char| c.is_ascii_lowercase() || c == '-';
        let classes = text.split(|c| !is_part(c)).filter(|word| word.starts_with("rw-"));
        classes.map(|class| class.trim_end_matches('-').to_owned()).collect()
    };
    let sections = SectionId::ALL.map(|section| format!("rw-{}", section.as_str()));
    let mut classes = named(&read("templates/formats/html.j2"));
    classes.remove("rw");
    classes.extend(sections);
    assert_eq!(named(&read(README)), classes);
}

#[test]
fn the_problems_of_the_guide_are_all_that_there_are() {
    let rows = table(GUIDE, "status").into_iter();
    let listed: Vec<_> = rows.map(|row| (row.cells[0].clone(), row.cells[1].clone())).collect();
    let kinds = Kind::ALL.iter().map(|kind| {
        let slug = kind.uri().rsplit('/').next().unwrap().to_owned();
        (kind.status().as_u16().to_string(), slug)
    });
    assert_eq!(listed, kinds.collect::<Vec<_>>());
}

#[test]
fn every_link_between_documents_leads_to_a_file() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for file in [
        README,
        GUIDE,
        "docs/ARCHITECTURE.md",
        "docs/PERFORMANCE.md",
        "docs/RELIABILITY.md",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
    ] {
        let text = read(file);
        for event in parse(&text) {
            let Event::Start(Tag::Link { dest_url, .. }) = event else { continue };
            let target = dest_url.split('#').next().unwrap();
            if !target.is_empty() && !target.contains("://") {
                let path = root.join(file).parent().unwrap().join(target);
                assert!(path.exists(), "{file} links to {dest_url}");
            }
        }
    }
}

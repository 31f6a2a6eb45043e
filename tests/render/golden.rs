//! Golden files: one for each tone and format of the sample posting, and a few more.
//!
//! They are found by scanning tones and formats, so that a new one is covered unasked.
//! `BLESS=1 cargo test --test render golden` rewrites them; the diff is the review.

use std::collections::BTreeSet;
use std::path::PathBuf;

use rolewright::domain::PostingOptions;
use rolewright::domain::document::Document;
use rolewright::render::{Composed, Format, Links, occupation};
use serde_json::{Value, json};

use super::composed::published;
use super::support::*;

#[test]
fn each_tone_and_format_of_the_sample_posting_is_as_its_golden_file_shows() {
    let mut wanted: Vec<(String, Option<Voice>, Value)> =
        tones().into_iter().map(|tone| (tone.clone(), Some(Voice::known(tone)), sample())).collect();
    wanted.push(("defaults".to_owned(), None, json!({})));
    wanted.push(("full".to_owned(), None, with(&sample(), &json!({"length": "full"}))));
    wanted.push(("short".to_owned(), None, with(&sample(), &json!({"length": "short"}))));
    wanted.push(("own-tone".to_owned(), Some(Voice::own(&employers_tone())), of_the_employer()));

    let bless = std::env::var_os("BLESS").is_some_and(|value| value == "1");
    let mut written: Vec<(String, String)> = vec![
        ("occupation.json-ld.json".to_owned(), occupation_of_the_role()),
        ("published.json-ld.json".to_owned(), published_with_its_links()),
    ];
    for (name, voice, options) in wanted {
        // The structured formats state facts, which are the same in every tone.
        let formats = if name == "neutral" || name == "defaults" { &READABLE[..] } else { &WORDED[..] };
        for &format in formats {
            let found = match &voice {
                Some(voice) => voice.rendered(tech_manager(), &options, format),
                None => rendered(tech_manager(), &options, format),
            };
            written.push((format!("{name}.{}", extension(format)), found));
        }
    }
    let (mut names, mut wrong) = (BTreeSet::new(), Vec::new());
    for (name, found) in written {
        let found = if name.ends_with(".json") { indented(&found) } else { found };
        let path = folder().join(&name);
        if bless {
            std::fs::write(&path, &found).unwrap();
        }
        match std::fs::read_to_string(&path) {
            Ok(golden) if golden == found => {}
            Ok(golden) => wrong.push(format!("{name}\n{}", first_difference(&golden, &found))),
            Err(error) => wrong.push(format!("{name}: {error}")),
        }
        names.insert(name);
    }
    let there = std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().file_name());
    let there: BTreeSet<String> = there.map(|name| name.into_string().unwrap()).collect();
    let stale: Vec<&String> = there.difference(&names).collect();
    assert!(stale.is_empty(), "nothing makes these files of tests/golden any more: {stale:?}");
    assert!(
        wrong.is_empty(),
        "{} file(s) of tests/golden are not what is rendered now. If that is as it should be:\n  \
         BLESS=1 cargo test --test render golden\nand read the diff.\n\n{}",
        wrong.len(),
        wrong.iter().take(5).cloned().collect::<Vec<_>>().join("\n")
    );
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

fn extension(format: Format) -> &'static str {
    match format {
        Format::Html => "html",
        Format::Page => "page.html",
        Format::Markdown => "md",
        Format::Text => "txt",
        Format::Json => "json",
        Format::JsonLd => "json-ld.json",
        Format::JsonResume => "json-resume.json",
        Format::Jdx => "jdx.json",
        Format::Docx => unreachable!("its text is in tests/data/docx"),
    }
}

/// The role as JSON-LD.
fn occupation_of_the_role() -> String {
    let url = "https://jobs.example/api/v1/roles/tech-manager/occupation";
    String::from_utf8(occupation(&tech_manager().role, Some(url)).unwrap()).unwrap()
}

/// The sample as it was published, remote, with all that is known of a published posting.
fn published_with_its_links() -> String {
    let place = json!([{"city": "Denver", "region": "US-CO", "country": "US", "workplace": "remote"}]);
    let more = json!({"locations": place, "remote_within": ["US-CO", "CA"], "title": "Engineering Manager, </script>"});
    let options = tech_manager().options(&with(&sample(), &more));
    let (posting, vacancy) = published(tech_manager(), &options, None);
    let links = Links {
        id: Some("0193a5e8-7b1c-7d3e-9f00-2b6c1d0e4a55"),
        page: Some("https://jobs.example/northwind/engineering-manager-denver"),
        role: Some("https://jobs.example/api/v1/roles/tech-manager/occupation"),
        modified: "2026-12-01T09:30:00Z".parse().ok(),
    };
    let closes_at = "2027-02-01T07:00:00Z".parse().ok();
    let composed = Composed { links, closes_at, ..Composed::now(&posting, &vacancy, &options) };
    String::from_utf8(renderer().write(&composed, Format::JsonLd).unwrap()).unwrap()
}

/// The options of a posting of the sample employer.
fn of_the_employer() -> Value {
    let request = json!({
        "employer_id": "northwind-robotics",
        "emphasis": ["leadership", "delivery"],
        "salary": {"min": 150000, "max": 185000, "currency": "USD", "period": "year", "note": "plus equity"},
        "valid_through": "2027-01-31",
        "apply": {"url": "https://northwind-robotics.example/jobs/nr-2041"},
    });
    let request = PostingOptions::from_json(request.to_string().as_bytes()).unwrap();
    serde_json::to_value(employer().options(request)).unwrap()
}

/// The first line that differs, with two before it.
fn first_difference(golden: &str, found: &str) -> String {
    let (golden, found): (Vec<&str>, Vec<&str>) = (golden.lines().collect(), found.lines().collect());
    let at = golden.iter().zip(&found).position(|(g, f)| g != f).unwrap_or(golden.len().min(found.len()));
    let mut hint = format!("  from line {}:\n", at + 1);
    for line in golden.iter().take(at).skip(at.saturating_sub(2)) {
        hint.push_str(&format!("    {line}\n"));
    }
    hint.push_str(&format!("  - {}\n", golden.get(at).unwrap_or(&"(the end)")));
    hint.push_str(&format!("  + {}\n", found.get(at).unwrap_or(&"(the end)")));
    hint
}

/// JSON with a line for each member, in the order in which it was written.
fn indented(json: &str) -> String {
    let (mut out, mut depth, mut in_string, mut escaped) = (String::new(), 0, false, false);
    let line = |out: &mut String, depth: usize| {
        out.push('\n');
        out.push_str(&"  ".repeat(depth));
    };
    let mut chars = json.chars().peekable();
    while let Some(c) = chars.next() {
        if in_string {
            out.push(c);
            in_string = escaped || c != '"';
            escaped = c == '\\' && !escaped;
            continue;
        }
        match c {
            '"' => {
                in_string = true;
                out.push(c);
            }
            '{' | '[' if chars.peek().is_some_and(|next| matches!(next, '}' | ']')) => {
                out.push(c);
                out.extend(chars.next());
            }
            '{' | '[' => {
                depth += 1;
                out.push(c);
                line(&mut out, depth);
            }
            '}' | ']' => {
                depth -= 1;
                line(&mut out, depth);
                out.push(c);
            }
            ',' => {
                out.push(c);
                line(&mut out, depth);
            }
            ':' => out.push_str(": "),
            c => out.push(c),
        }
    }
    out.push('\n');
    out
}

//! The Word document: a package that any office opens, with the words of the posting in their order.
//!
//! `BLESS=1 cargo test --test render docx` rewrites the golden files of `tests/data/docx/`. Tests that
//! need LibreOffice say so where it is missing, and fail if `ROLEWRIGHT_TEST_REQUIRE_LIBREOFFICE` is set.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};
use std::process::Command;

use proptest::prelude::*;
use rolewright::render::{Format, docx};
use serde_json::json;

use super::hostile::{Complete, PAYLOADS};
use super::published::{Published, words};
use super::random::{self, config};
use super::support::*;
use super::xml::{self, Node};

fn written(published: &Published) -> Vec<u8> {
    docx(&published.posting, &published.vacancy).unwrap()
}

fn of_tech_manager() -> Published {
    Published::new(tech_manager(), &with(&sample(), &json!({"length": "full"})))
}

/// The parts of a package, each as a tree.
struct Package(BTreeMap<String, Node>);

impl Package {
    fn open(bytes: &[u8]) -> Self {
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        let mut parts = BTreeMap::new();
        for index in 0..archive.len() {
            let mut file = archive.by_index(index).unwrap();
            let mut text = Vec::new();
            file.read_to_end(&mut text).unwrap();
            let name = file.name().unwrap().into_owned();
            assert!(parts.insert(name.clone(), xml::parse(&text)).is_none(), "{name} twice");
        }
        Self(parts)
    }

    fn of(published: &Published) -> Self {
        Self::open(&written(published))
    }

    fn part(&self, name: &str) -> &Node {
        self.0.get(name).unwrap_or_else(|| panic!("there is no {name}"))
    }

    fn paragraphs(&self) -> Vec<&Node> {
        self.part("word/document.xml").at("w:body").unwrap().all("w:p").collect()
    }

    fn property(&self, name: &str) -> Option<&str> {
        self.part("docProps/core.xml").text_at(name)
    }
}

fn style(paragraph: &Node) -> &str {
    let style = paragraph.at("w:pPr/w:pStyle").map(|style| style.attribute("w:val").unwrap());
    style.unwrap_or("Normal")
}

fn text(paragraph: &Node) -> String {
    let mut runs = Vec::new();
    paragraph.descendants("w:t", &mut runs);
    runs.iter().map(|run| run.text.as_str()).collect()
}

/// What a document says otherwise than its posting does.
fn difference(published: &Published) -> Option<String> {
    let package = Package::of(published);
    let said: Vec<String> = package.paragraphs().into_iter().map(text).collect();
    let title = published.posting.title.clone().into_owned();
    let wanted: Vec<String> = std::iter::once(title).chain(published.lines()).collect();
    let at = said.iter().zip(&wanted).position(|(said, wanted)| said != wanted);
    if at.is_none() && said.len() == wanted.len() {
        return None;
    }
    Some(format!("{:?} for {:?}", at.map(|at| &said[at]), at.map(|at| &wanted[at])))
}

#[test]
fn the_parts_of_the_package_are_all_declared_and_all_there() {
    let package = Package::of(&of_tech_manager());
    let types = package.part("[Content_Types].xml");
    let mut declared: Vec<&str> =
        types.all("Override").map(|part| &part.attribute("PartName").unwrap()[1..]).collect();
    declared.extend(["[Content_Types].xml", "_rels/.rels", "word/_rels/document.xml.rels"]);
    declared.sort_unstable();
    assert_eq!(declared, package.0.keys().map(String::as_str).collect::<Vec<_>>());
    for (relationships, folder) in [("_rels/.rels", ""), ("word/_rels/document.xml.rels", "word/")] {
        let all = package.part(relationships).all("Relationship");
        for target in
            all.filter(|r| r.attribute("TargetMode").is_none()).map(|r| r.attribute("Target").unwrap())
        {
            package.part(&format!("{folder}{target}"));
        }
    }
}

#[test]
fn the_first_part_is_the_one_that_names_the_types() {
    let bytes = written(&of_tech_manager());
    let mut archive = zip::ZipArchive::new(Cursor::new(&bytes)).unwrap();
    assert_eq!(archive.by_index(0).unwrap().name().unwrap(), "[Content_Types].xml");
}

#[test]
fn headings_lists_and_facts_are_what_word_calls_so() {
    let published = of_tech_manager();
    let package = Package::of(&published);
    let paragraphs = package.paragraphs();
    let styles: Vec<&str> = paragraphs.iter().map(|paragraph| style(paragraph)).collect();
    let count = |name: &str| styles.iter().filter(|style| **style == name).count();
    assert_eq!(styles[0], "Heading1");
    assert_eq!(count("Heading1"), 1);
    assert_eq!(count("Heading2"), published.posting.sections.len());
    assert!(count("ListBullet") > 20 && count("LeadIn") > 5 && count("Fact") > 5, "{styles:?}");
    for pair in styles.windows(2).filter(|pair| pair[0] == "LeadIn") {
        assert_eq!(pair[1], "ListBullet");
    }

    let known = package.part("word/styles.xml");
    let of = |id: &str| known.all("w:style").find(|style| style.attribute("w:styleId") == Some(id)).unwrap();
    for (id, level) in [("Heading1", "0"), ("Heading2", "1")] {
        assert_eq!(of(id).at("w:pPr/w:outlineLvl").unwrap().attribute("w:val"), Some(level));
        assert!(of(id).at("w:pPr/w:keepNext").is_some());
    }
    assert!(of("LeadIn").at("w:pPr/w:keepNext").is_some());
    let number = of("ListBullet").at("w:pPr/w:numPr/w:numId").unwrap().attribute("w:val").unwrap();
    let numbering = package.part("word/numbering.xml");
    let list = numbering.all("w:num").find(|num| num.attribute("w:numId") == Some(number)).unwrap();
    assert_eq!(list.at("w:abstractNumId").unwrap().attribute("w:val"), Some("0"));
    for style in styles.into_iter().chain(["Strong", "Hyperlink"]) {
        of(style);
    }
}

#[test]
fn links_lead_where_the_posting_says() {
    let package = Package::of(&of_tech_manager());
    let mut links = Vec::new();
    package.part("word/document.xml").descendants("w:hyperlink", &mut links);
    let relationships = package.part("word/_rels/document.xml.rels");
    let target = |link: &&Node| {
        let mut all = relationships.all("Relationship");
        let found = all.find(|r| r.attribute("Id") == link.attribute("r:id")).unwrap();
        assert_eq!(found.attribute("TargetMode"), Some("External"));
        found.attribute("Target").unwrap().to_owned()
    };
    let targets: Vec<String> = links.iter().map(target).collect();
    assert_eq!(
        targets,
        [
            "https://northwind-robotics.example",
            "https://northwind-robotics.example/jobs/nr-2041?source=board&lang=en",
            "mailto:jobs@northwind-robotics.example",
        ]
    );
    assert_eq!(text(links[0]), targets[0], "an address is printed");
    assert!(text(links[2]).contains("jobs@northwind-robotics.example"));
}

#[test]
fn the_properties_are_those_of_the_vacancy() {
    let package = Package::of(&of_tech_manager());
    assert_eq!(package.property("dc:title"), Some("Tech Manager"));
    assert_eq!(package.property("dc:subject"), Some("Job posting"));
    assert_eq!(package.property("dc:creator"), Some("Northwind Robotics"));
    assert_eq!(package.property("dc:language"), Some("en-US"));
    assert_eq!(package.property("dcterms:created"), Some("2026-12-01T00:00:00Z"));
    assert_eq!(package.part("docProps/app.xml").text_at("Company"), Some("Northwind Robotics"));

    let plain = Package::of(&Published::new(tech_manager(), &json!({})));
    assert_eq!(plain.property("dc:creator"), Some("Rolewright"));
    assert_eq!(plain.property("dcterms:created"), None);
}

#[test]
fn the_paper_is_that_of_the_locale() {
    for (locale, width, height) in [
        ("en-US", "12240", "15840"),
        ("en-CA", "12240", "15840"),
        ("en-GB", "11906", "16838"),
        ("de-DE", "11906", "16838"),
        ("fr-FR", "11906", "16838"),
    ] {
        let package = Package::of(&Published::new(tech_manager(), &json!({"locale": locale})));
        let size = package.part("word/document.xml").at("w:body/w:sectPr/w:pgSz").unwrap();
        assert_eq!((size.attribute("w:w"), size.attribute("w:h")), (Some(width), Some(height)), "{locale}");
    }
}

#[test]
fn the_same_posting_gives_the_same_bytes() {
    let first = written(&of_tech_manager());
    std::thread::scope(|scope| {
        let again = scope.spawn(|| written(&of_tech_manager()));
        assert!(again.join().unwrap() == first);
    });
    // No clock: the time stamps of the entries are the first that the format knows.
    let mut archive = zip::ZipArchive::new(Cursor::new(&first)).unwrap();
    for index in 0..archive.len() {
        assert_eq!(archive.by_index(index).unwrap().last_modified(), Some(zip::DateTime::DEFAULT));
    }
}

#[test]
fn the_document_of_the_sample_is_as_its_golden_file_shows() {
    let mut archive = zip::ZipArchive::new(Cursor::new(written(&of_tech_manager()))).unwrap();
    let bless = std::env::var_os("BLESS").is_some_and(|value| value == "1");
    for (part, golden) in [("word/document.xml", "document.xml"), ("docProps/core.xml", "core.xml")] {
        let mut found = String::new();
        archive.by_name(part).unwrap().read_to_string(&mut found).unwrap();
        let found =
            found.replace("<w:p>", "\n<w:p>").replace("><dc", ">\n<dc").replace("<w:sectPr>", "\n<w:sectPr>");
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data/docx").join(golden);
        if bless {
            std::fs::write(&path, &found).unwrap();
        }
        let golden = std::fs::read_to_string(&path).unwrap();
        assert!(
            golden == found,
            "{} is not what is written now. If that is as it should be: BLESS=1",
            path.display()
        );
    }
}

proptest! {
    #![proptest_config(config(120))]

    #[test]
    fn the_document_of_a_random_posting_says_what_the_posting_says(
        role in random::role(), base in random::options(), voice in random::voice(), length in random::length(),
    ) {
        let known = Known::new(role);
        let options = known.options(&with(&base, &json!({"tone": voice.id, "length": length})));
        let found = difference(&Published::with(&known, &options, Some(&voice)));
        prop_assert!(found.is_none(), "{}", found.unwrap_or_default());
    }
}

#[test]
fn hostile_text_in_every_field_stays_text() {
    let complete = Complete::new();
    let mut findings = Findings::default();
    for payload in PAYLOADS {
        let (known, options) = complete.with(complete.lines.iter(), payload);
        if let Some(difference) = difference(&Published::new(&known, &options)) {
            findings.add(format!("{payload:?}: {difference}"));
        }
    }
    findings.report();
}

/// LibreOffice's program, or nothing where it is missing and not required.
#[allow(clippy::print_stderr, reason = "a test that is skipped says so")]
fn libreoffice() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let names = ["soffice", "libreoffice"];
    let found = std::env::split_paths(&path)
        .flat_map(|folder| names.map(|name| folder.join(name)))
        .find(|p| p.exists());
    if found.is_none() {
        let required = std::env::var_os("ROLEWRIGHT_TEST_REQUIRE_LIBREOFFICE").is_some();
        assert!(!required, "LibreOffice is required, and there is no soffice on the PATH");
        eprintln!("skipped: LibreOffice (soffice) is not installed");
    }
    found
}

/// What LibreOffice reads in each document.
fn read_by(libreoffice: &Path, documents: &[Vec<u8>]) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let path = |index: usize, extension: &str| folder.path().join(format!("{index}.{extension}"));
    for (index, bytes) in documents.iter().enumerate() {
        std::fs::write(path(index, "docx"), bytes).unwrap();
    }
    let profile = format!("-env:UserInstallation=file://{}", folder.path().join("profile").display());
    let mut command = Command::new(libreoffice);
    command.args([profile.as_str(), "--headless", "--convert-to", "txt:Text (encoded):UTF8", "--outdir"]);
    command.arg(folder.path()).args((0..documents.len()).map(|index| path(index, "docx")));
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    (0..documents.len()).map(|index| std::fs::read_to_string(path(index, "txt")).unwrap()).collect()
}

/// A text as it is compared: without marks of lists, rules under headings, or its own spacing.
fn bare(text: &str) -> String {
    let text = text.trim_start_matches('\u{feff}');
    let is_rule = |line: &&str| !line.is_empty() && line.chars().all(|c| c == '=' || c == '-');
    let lines = text.lines().filter(|line| !is_rule(line));
    let lines = lines.map(|line| line.trim_start().trim_start_matches("- ").trim_start_matches("\u{2022} "));
    lines.flat_map(words).collect::<Vec<_>>().join(" ")
}

#[test]
fn libreoffice_reads_the_words_of_the_posting_in_their_order() {
    let Some(libreoffice) = libreoffice() else { return };
    let complete = Complete::new();
    let hostile = PAYLOADS.join(" ");
    let (known, options) = complete.with(complete.paragraphs.iter(), &hostile);
    let unusual = with(
        &options,
        &json!({"title": "\u{5e9}\u{5dc}\u{5d5}\u{5dd} <b>&amp; \u{1f469}\u{200d}\u{1f4bb} ]]>"}),
    );
    let cases = [
        (tech_manager(), with(&sample(), &json!({"length": "full"}))),
        (tech_manager(), json!({"tone": "concise", "length": "short"})),
        (zookeeper(), sample_for(zookeeper())),
        (&known, unusual),
    ];
    let published: Vec<_> = cases.iter().map(|(known, options)| Published::new(known, options)).collect();
    let documents: Vec<_> = published.iter().map(written).collect();
    let read = read_by(&libreoffice, &documents);
    for ((known, options), (published, read)) in cases.iter().zip(published.iter().zip(&read)) {
        let lines = [published.posting.title.clone().into_owned()].into_iter().chain(published.lines());
        assert_eq!(bare(read), bare(&lines.collect::<Vec<_>>().join("\n")));
        if known.json["id"] != "complete" {
            assert_eq!(bare(read), bare(&rendered(known, options, Format::Text)));
        }
    }
}

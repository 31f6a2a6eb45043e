//! Templates of an operator's folder: broken ones are refused by name and line, good ones work.

use std::path::Path;

use rolewright::render::{Format, Renderer, TemplateError};
use serde_json::json;
use tempfile::TempDir;

use super::support::*;

const SETTINGS: &str = r#"{% set tone = {
  "description": "A test.", "bullets": 4, "inline": false, "summary": false, "nice_skills": 2,
} %}"#;

/// A folder with these files.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}

/// A tone of its own with these lines after its settings, which are on lines 2 to 4.
fn tone(lines: &str) -> String {
    format!("{{% extends \"tones/base.j2\" %}}\n{SETTINGS}\n{lines}\n")
}

fn load(folder: &Path) -> Result<Renderer, TemplateError> {
    let renderer = Renderer::new(Some(folder))?;
    renderer.check(&[])?;
    Ok(renderer)
}

/// Why a folder is refused, at start or by the check.
fn refused(files: &[(&str, &str)]) -> TemplateError {
    let folder = folder(files);
    match load(folder.path()) {
        Err(error) => error,
        Ok(_) => panic!("must be refused: {files:?}"),
    }
}

fn assert_names(error: &TemplateError, name: &str, detail: &str) {
    let text = error.to_string();
    assert!(text.contains(name) && text.contains(detail), "{name} and {detail} should be in: {text}");
}

#[test]
fn the_embedded_templates_pass_their_check() {
    renderer().check(&[&tech_manager().role, &zookeeper().role]).unwrap();
}

#[test]
fn an_empty_folder_changes_nothing() {
    let folder = folder(&[]);
    let renderer = load(folder.path()).unwrap();
    assert_eq!(renderer.fingerprint(), super::support::renderer().fingerprint());
}

#[test]
fn a_folder_that_is_not_there_is_refused_by_name() {
    let error = Renderer::new(Some(Path::new("/no/such/folder"))).unwrap_err();
    assert_names(&error, "/no/such/folder", "folder");
}

#[test]
fn a_syntax_error_is_named_with_its_file_and_line() {
    let error = refused(&[("tones/mine.j2", &tone("{% block opening %}{{ mission {% endblock %}"))]);
    assert_names(&error, "tones/mine.j2:5", "");
}

#[test]
fn an_unknown_filter_is_named_with_its_file_and_line() {
    let error =
        refused(&[("tones/mine.j2", &tone("\n{% block opening %}{{ mission | upper }}{% endblock %}"))]);
    assert_names(&error, "tones/mine.j2:6", "upper");
}

#[test]
fn an_undefined_value_is_named_with_its_file_and_line() {
    let error = refused(&[("tones/mine.j2", &tone("{% block lead_required %}{{ nothing }}{% endblock %}"))]);
    assert_names(&error, "tones/mine.j2:5", "undefined");
}

#[test]
fn a_value_of_another_block_is_undefined() {
    let error = refused(&[("tones/mine.j2", &tone("{% block duty %}{{ description }}{% endblock %}"))]);
    assert_names(&error, "tones/mine.j2:5", "undefined");
}

#[test]
fn printing_a_value_that_is_not_there_is_refused_rather_than_printing_none() {
    for line in [
        "{% block opening %}{{ employer }}: {{ mission }}{% endblock %}",
        "{% block duty %}{{ action }} {{ outcome }}{% endblock %}",
        "{% block skill %}{{ name }}: {{ description }}{% endblock %}",
    ] {
        let error = refused(&[("tones/mine.j2", &tone(line))]);
        assert_names(&error, "tones/mine.j2:5", "none");
    }
}

#[test]
fn a_phrase_is_checked_with_every_choice_of_values_that_may_be_missing() {
    // The samples of the check have all values or none: here, one is there and another is not.
    let mut findings = Findings::default();
    for line in [
        "{% block apply %}Until {{ date }}{% endblock %}",
        "{% block pay %}{{ pay }}{% if remark %} {{ note }}{% endif %}{% endblock %}",
        "{% block federal_contractor %}{{ employer }} is a contractor.{% endblock %}",
        "{% block heading_pay %}{% if not pay %}{{ nothing }}{% endif %}Pay{% endblock %}",
        "{% block emphasis_last %}{{ nothing }}{% endblock %}",
        "{% block no_existing_vacancy %}{{ nothing }}{% endblock %}",
        "{% block experience %}{% if not years %}{{ nothing }}{% endif %}Years{% endblock %}",
    ] {
        let opening = format!("{{% block opening %}}Yes.{{% endblock %}}{line}");
        let folder = folder(&[("tones/mine.j2", &tone(&opening))]);
        findings.check(load(folder.path()).is_err(), || line.to_owned());
    }
    findings.report();
}

/// Every passage that a tone writes with these options, unless the tone is refused.
fn passages(lines: &str, options: &serde_json::Value) -> Vec<String> {
    let folder = folder(&[("tones/mine.j2", &tone(lines))]);
    let Ok(renderer) = load(folder.path()) else { return Vec::new() };
    let options = tech_manager().options(&with(options, &json!({"tone": "mine"})));
    let json = renderer.render(tech_manager().stored(), &options, Format::Json).unwrap();
    let posting = Posting(serde_json::from_slice(&json).unwrap());
    posting.said().into_iter().map(|said| said.words.to_owned()).collect()
}

#[test]
fn a_tone_without_an_opening_is_refused_or_writes_no_empty_paragraph() {
    let said = passages("", &json!({}));
    assert!(said.iter().all(|words| !words.is_empty()), "{said:#?}");
}

#[test]
fn a_tone_without_words_for_emphasis_leaves_no_space_where_they_would_stand() {
    let said =
        passages("{% block opening %}Yes.{% endblock %}", &json!({"emphasis": ["technical", "growth"]}));
    assert!(said.iter().all(|words| words.trim() == words), "{said:#?}");
}

#[test]
fn a_tone_without_settings_is_refused() {
    let error = refused(&[("tones/mine.j2", "{% extends \"tones/base.j2\" %}\n")]);
    assert_names(&error, "tones/mine.j2", "tone");
}

#[test]
fn settings_that_are_missing_unknown_or_of_another_kind_are_named() {
    for (from, to, named) in [
        ("\"bullets\": 4, ", "", "bullets"),
        ("\"bullets\": 4", "\"bullets\": \"many\"", ""),
        ("\"bullets\": 4", "\"bullets\": 4, \"colour\": 1", "colour"),
        ("\"bullets\": 4", "\"bullets\": -1", ""),
    ] {
        let error = refused(&[("tones/mine.j2", &tone("").replace(from, to))]);
        assert_names(&error, "tones/mine.j2", named);
    }
}

#[test]
fn branching_on_what_a_value_says_is_refused() {
    for line in [
        "{% block opening %}{% if title == \"Software Engineer\" %}A{% else %}B{% endif %}{% endblock %}",
        "{% block opening %}{% if title == \"Senior Software Engineer\" %}A{% else %}B{% endif %}{% endblock %}",
        "{% block heading_employer %}{% if employer == \"Acme Industries\" %}A{% else %}B{% endif %}{% endblock %}",
        "{% block apply_email %}{{ email }}{% if \"@\" in email %}!{% endif %}{% endblock %}",
        "{% block opening %}{{ title ~ \" wanted\" }}: {{ title[0] }}{% endblock %}",
    ] {
        let error = refused(&[("tones/mine.j2", &tone(line))]);
        assert_names(&error, "tones/mine.j2", "");
    }
}

#[test]
fn a_template_that_never_ends_is_refused() {
    let line = "{% block opening %}{% for a in [1,2,3,4,5,6,7,8,9] %}{% for b in [1,2,3,4,5,6,7,8,9] %}\
                {% for c in [1,2,3,4,5,6,7,8,9] %}{% for d in [1,2,3,4,5,6,7,8,9] %}{% for e in [1,2,3,4,5,6,7,8,9] %}\
                {{ a }}{{ b }}{{ c }}{% endfor %}{% endfor %}{% endfor %}{% endfor %}{% endfor %}{% endblock %}";
    let error = refused(&[("tones/mine.j2", &tone(line))]);
    assert_names(&error, "tones/mine.j2", "fuel");
    let error = refused(&[(
        "tones/mine.j2",
        &tone("{% block opening %}{% include \"tones/mine.j2\" %}{{ self.opening() }}{% endblock %}"),
    )]);
    assert_names(&error, "tones/mine.j2", "");
}

#[test]
fn a_missing_block_or_parent_is_refused() {
    let error = refused(&[("tones/mine.j2", "{% extends \"tones/nobody.j2\" %}")]);
    assert_names(&error, "tones/mine.j2", "nobody");
    let error = refused(&[("tones/mine.j2", &format!("{SETTINGS}{{% block opening %}}x{{% endblock %}}"))]);
    assert_names(&error, "tones/mine.j2", "block");
}

#[test]
fn broken_formats_and_locales_are_named() {
    let error = refused(&[("formats/html.j2", "{% block posting %}{{ title }")]);
    assert_names(&error, "formats/html.j2", "");
    let error = refused(&[("formats/page.css.j2", "{{ nothing }}")]);
    assert_names(&error, "formats/page.css.j2", "undefined");
    let error = refused(&[("locales/en-US.json", "{}")]);
    assert_names(&error, "locales/en-US.json", "missing field");
    let error = refused(&[("locales/nonsense.json", "{}")]);
    assert_names(&error, "locales/nonsense.json", "tag");
    let error = refused(&[("locales/en-GB.json", "{\"name\": ")]);
    assert_names(&error, "locales/en-GB.json", "");
}

#[test]
fn a_new_tone_is_listed_described_and_rendered_in_every_format() {
    let words = "{% block opening %}Ahoy: {{ title | a }} to {{ mission }}.{% endblock %}\n\
                 {% block heading_responsibilities %}Aboard{% endblock %}";
    let folder = folder(&[("tones/pirate.j2", &tone(words))]);
    let renderer = load(folder.path()).unwrap();
    let listed = renderer.tones().iter().find(|tone| tone.id == "pirate").unwrap();
    assert_eq!(listed.description, "A test.");
    assert!(listed.example.starts_with("Ahoy: a Software Engineer to"), "{}", listed.example);
    assert_eq!(renderer.tones().len(), super::support::renderer().tones().len() + 1);
    assert_eq!(renderer.tones()[0].id, "neutral");
    assert_ne!(renderer.fingerprint(), super::support::renderer().fingerprint());
    let options = tech_manager().options(&json!({"tone": "pirate"}));
    for format in WORDED {
        let text =
            String::from_utf8(renderer.render(tech_manager().stored(), &options, format).unwrap()).unwrap();
        assert!(text.contains("Ahoy: a Tech Manager to lead a team"), "{}:\n{text}", format.as_str());
        assert!(text.contains("Aboard"));
    }
}

#[test]
fn an_overlay_replaces_a_tone_of_ours() {
    let folder = folder(&[("tones/bold.j2", &tone("{% block opening %}Mine.{% endblock %}"))]);
    let renderer = load(folder.path()).unwrap();
    let options = tech_manager().options(&json!({"tone": "bold"}));
    let text = renderer.render(tech_manager().stored(), &options, Format::Text).unwrap();
    assert!(String::from_utf8(text).unwrap().contains("Mine."));
}

#[test]
fn a_new_locale_is_listed_and_used() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/locales/de-DE.json");
    let german = std::fs::read_to_string(path).unwrap();
    let folder = folder(&[("locales/de-AT.json", &german)]);
    let renderer = load(folder.path()).unwrap();
    assert!(renderer.locales().iter().any(|locale| locale.id == "de-AT"));
    let options = tech_manager().options(&json!({"locale": "de-AT"}));
    let text = renderer.render(tech_manager().stored(), &options, Format::Text).unwrap();
    assert!(String::from_utf8(text).unwrap().contains("140.000"));
}

#[test]
fn a_tone_that_no_option_can_name_is_refused() {
    let error = refused(&[("tones/Loud Tone.j2", &tone("{% block opening %}X{% endblock %}"))]);
    assert_names(&error, "Loud Tone", "");
}

#[test]
fn a_tone_with_words_in_a_row_but_none_before_them_writes_no_empty_label() {
    let mine =
        tone("{% block lead_hard_skills %}{% endblock %}").replace("\"inline\": false", "\"inline\": true");
    let folder = folder(&[("tones/mine.j2", &mine)]);
    let renderer = match load(folder.path()) {
        Ok(renderer) => renderer,
        Err(_) => return,
    };
    let options = tech_manager().options(&json!({"tone": "mine"}));
    for (format, wrong) in [(Format::Html, "<strong></strong>"), (Format::Markdown, "\n****")] {
        let text =
            String::from_utf8(renderer.render(tech_manager().stored(), &options, format).unwrap()).unwrap();
        assert!(!text.contains(wrong), "{wrong:?} in:\n{text}");
    }
}

#[test]
fn a_template_cannot_smuggle_a_slot_of_its_own() {
    let error = refused(&[("tones/mine.j2", &tone("{% block opening %}\u{fdd0}0\u{fdd2}{% endblock %}"))]);
    assert_names(&error, "tones/mine.j2", "");
}

#[test]
fn files_that_are_neither_templates_nor_data_are_left_alone() {
    let folder =
        folder(&[("tones/README.md", "{% not a template"), ("tones/mine.j2~", "{%"), ("notes.txt", "x")]);
    let renderer = load(folder.path()).unwrap();
    assert_eq!(renderer.tones().len(), super::support::renderer().tones().len());
}

#[test]
fn a_format_may_print_its_texts_and_its_level_in_any_way_and_what_is_kept_follows() {
    let original = include_str!("../../templates/formats/html.j2");
    let changed = original
        .replace("<p>{{ text }}</p>", "<p title=\"{{ text }}\">{{ text | capital }}</p>")
        .replace("<li>{{ text }}</li>", "<li class=\"l{{ level }}\">{{ text }}</li>")
        .replace("<dd>{{ items }}</dd>", "<dd>{{ items }} ({{ text }})</dd>");
    let folder = folder(&[
        ("formats/html.j2", changed.as_str()),
        (
            "tones/mine.j2",
            &tone("{% block opening %}r&d: {{ title | a | capital }} & \"more\"{% endblock %}"),
        ),
    ]);
    let kept = load(folder.path()).unwrap();
    let anew = Renderer::anew(Some(folder.path())).unwrap();
    for _ in 0..3 {
        for level in [1, 3, 2] {
            for tone in ["mine", "formal"] {
                let over = json!({"tone": tone, "heading_level": level, "title": "<o> & 'c'"});
                let options = tech_manager().options(&with(&sample(), &over));
                let subject = tech_manager().stored();
                let write = |renderer: &Renderer| {
                    String::from_utf8(renderer.render(subject, &options, Format::Html).unwrap()).unwrap()
                };
                let written = write(&kept);
                assert!(written.contains(&format!("<li class=\"l{level}\">")), "{written}");
                assert_eq!(written, write(&anew));
            }
        }
    }
}

//! Hostile text in every field that takes text: it stays text, in every format and tone.

use rolewright::domain::document::{Document, RenderRequest};
use serde_json::{Value, json};

use super::outline::differences;
use super::support::*;

/// One line each, of at most twenty words: a mission has no more.
pub const PAYLOADS: [&str; 84] = [
    // HTML.
    "<b>bold</b>",
    "<script>alert(1)</script>",
    "</script><script>x</script>",
    "<img src=x onerror=alert(1)>",
    "<a href=\"javascript:alert(1)\">x</a>",
    "\" onmouseover=\"alert(1)",
    "' onfocus='alert(1)' x='",
    "</title></head><body onload=x>",
    "</li></ul></section></article></main>",
    "</style><style>*{display:none}",
    "<!-- comment",
    "--> <p>",
    "<![CDATA[ x ]]>",
    "]]>",
    "<?php echo 1 ?>",
    "<svg/onload=alert(1)>",
    "a < b && c > d",
    "a &lt;b&gt; &amp;amp; &copy &copy; &#60;b&#62; &#x3c;",
    "javascript:alert(document.cookie)",
    "&",
    "<",
    "<plaintext>",
    // Markdown.
    "# heading",
    "###### heading ######",
    "text #",
    "#",
    "- item",
    "-",
    "+ item",
    "* item",
    "1. item",
    "1) item",
    "123456789. item",
    "2. ",
    "- [ ] task",
    "[x] done",
    "> quote",
    "---",
    "***",
    "___",
    "===",
    "- - -",
    "```rust",
    "~~~",
    "`code` and ``more``",
    "`",
    "*emphasis* and **strong** and ***both***",
    "_emphasis_ and __strong__ a_b_c",
    "**",
    "*a",
    "~~gone~~ ~x~",
    "[link](https://x.example)",
    "[link][ref] [ref] [][]",
    "[ref]: https://x.example \"title\"",
    "![image](https://x.example/x.png)",
    "[^1] and [^1]: note",
    "<https://x.example> <jobs@x.example>",
    "https://x.example http://y.example/?a=b ftp://z.example",
    "www.x.example WWW.y.example",
    "jobs@x.example",
    "| a | b |",
    "|---|---|",
    ":---:|---",
    "back\\slash \\*not\\* \\\\ \\",
    "line\\",
    "!",
    "![",
    ")](<x>)",
    "$x^2$ $$y$$ :smile: @user #123",
    // Templates.
    "{{ 7 * 7 }}",
    "{% include \"tones/base.j2\" %}",
    "{# comment #}",
    "${x} %s %n {0} {title}",
    "{{",
    // Text.
    "\u{5e9}\u{5dc}\u{5d5}\u{5dd} \u{5e2}\u{5d5}\u{5dc}\u{5dd} and \u{645}\u{631}\u{62d}\u{628}\u{627}",
    "a\u{a0}b\u{2003}c\u{202f}d\u{3000}e",
    "zero\u{200b}width\u{feff}marks\u{200d}here \u{ad}soft",
    "\u{301}combining e\u{301}\u{302}\u{303}",
    "\u{1f469}\u{200d}\u{1f4bb} \u{4ed5}\u{4e8b} \u{10fffd}x",
    ", leading comma",
    ". leading stop",
    "trailing, comma,",
    "NULL null None undefined NaN",
    "a  b   c",
];

/// Several lines, for the fields that take paragraphs.
const PARAGRAPHS: [&str; 9] = [
    "first\nsecond",
    "Setext\n===\nmore\n---",
    "- a\n- b\n  - c",
    "```\ncode\n```\nafter",
    "    indented\n\n\n    twice",
    "one\r\ntwo\rthree",
    "<div>\n<script>\nx\n</script>",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "text\\\nmore  \nand [ref]\n[ref]: https://x.example",
];

/// A role and options that have all fields.
pub struct Complete {
    pub role: Value,
    pub options: Value,
    /// Pointers of the fields that take any line of text.
    pub lines: Vec<String>,
    /// Pointers of those that take paragraphs too.
    pub paragraphs: Vec<String>,
}

impl Complete {
    pub fn new() -> Self {
        let document: Value = serde_json::from_str(include_str!("complete.json")).unwrap();
        let mut leaves = Vec::new();
        find_texts(&document, "", &mut leaves);
        let takes = |pointer: &String, text: &str| {
            let mut changed = document.clone();
            *changed.pointer_mut(pointer).unwrap() = json!(text);
            RenderRequest::from_json(changed.to_string().as_bytes()).is_ok()
        };
        let lines: Vec<String> = leaves.into_iter().filter(|leaf| takes(leaf, "Some text, (any).")).collect();
        let paragraphs = lines.iter().filter(|leaf| takes(leaf, "one\ntwo")).cloned().collect();
        Self { role: document["role"].clone(), options: document["options"].clone(), lines, paragraphs }
    }

    /// The document with `text` at each of `pointers`.
    pub fn with<'p>(&self, pointers: impl Iterator<Item = &'p String>, text: &str) -> (Known, Value) {
        let mut document = json!({"role": self.role, "options": self.options});
        for pointer in pointers {
            *document.pointer_mut(pointer).unwrap() = json!(text);
        }
        (Known::new(document["role"].clone()), document["options"].clone())
    }
}

fn find_texts(value: &Value, pointer: &str, found: &mut Vec<String>) {
    match value {
        Value::String(_) => found.push(pointer.to_owned()),
        Value::Array(entries) => {
            entries
                .iter()
                .enumerate()
                .for_each(|(n, entry)| find_texts(entry, &format!("{pointer}/{n}"), found));
        }
        Value::Object(members) => {
            members.iter().for_each(|(name, member)| find_texts(member, &format!("{pointer}/{name}"), found));
        }
        _ => {}
    }
}

fn everywhere(payloads: &[&str]) {
    let complete = Complete::new();
    let mut findings = Findings::default();
    for payload in payloads {
        let (known, options) = complete.with(complete.lines.iter(), payload);
        for tone in tones() {
            let options = known.options(&with(&options, &json!({"tone": tone})));
            for difference in differences(known.stored(), &options) {
                findings.add_at(format!("{payload:?}: {difference}"), tone.clone());
            }
        }
    }
    findings.report();
}

#[test]
fn the_sample_of_all_fields_has_all_fields() {
    let complete = Complete::new();
    for pointer in [
        "/role/title",
        "/role/summary",
        "/role/mission",
        "/role/responsibilities/primary/0/plain/action",
        "/role/skills/hard/0/description",
        "/role/experience/summary",
        "/options/title",
        "/options/salary/note",
        "/options/other_compensation/0",
        "/options/employer/name",
        "/options/employer/values/1",
        "/options/employer/benefits/0/text",
        "/options/employer/locked/0/heading",
        "/options/department",
        "/options/requisition_id",
        "/options/locations/0/street",
        "/options/locations/0/postal_code",
    ] {
        assert!(complete.lines.iter().any(|known| known == pointer), "{pointer} takes no text");
    }
    let paragraphs: Vec<&str> = complete.paragraphs.iter().map(String::as_str).collect();
    assert_eq!(
        paragraphs,
        [
            "/options/apply/instructions",
            "/options/employer/about",
            "/options/employer/accommodation",
            "/options/employer/equal_opportunity",
            "/options/employer/locked/0/text",
            "/options/employer/locked/1/text"
        ]
    );
}

#[test]
fn markup_of_html_in_every_field_stays_text() {
    everywhere(&PAYLOADS[..22]);
}

#[test]
fn markup_of_markdown_blocks_in_every_field_stays_text() {
    everywhere(&PAYLOADS[22..44]);
}

#[test]
fn markup_of_markdown_lines_in_every_field_stays_text() {
    everywhere(&PAYLOADS[44..69]);
}

#[test]
fn template_syntax_and_unusual_letters_in_every_field_stay_text() {
    everywhere(&PAYLOADS[69..]);
}

#[test]
fn very_long_words_in_every_field_stay_whole() {
    let word = "x".repeat(1990);
    let dots = "a.b-".repeat(490);
    let marks = "*_`[<".repeat(395);
    everywhere(&[&word, &dots, &marks]);
}

#[test]
fn markup_in_one_field_alone_stays_text() {
    let complete = Complete::new();
    let mut findings = Findings::default();
    for pointer in &complete.lines {
        for payload in ["<i>*x*</i> [y](z) & \"q\"", "1. # -"] {
            let (known, options) = complete.with(std::iter::once(pointer), payload);
            for tone in ["neutral", "concise"] {
                let options = known.options(&with(&options, &json!({"tone": tone})));
                for difference in differences(known.stored(), &options) {
                    findings.add_at(format!("{pointer} {payload:?}: {difference}"), tone.to_owned());
                }
            }
        }
    }
    findings.report();
}

#[test]
fn what_a_caller_wrote_stands_in_the_document_word_for_word() {
    let complete = Complete::new();
    let unprinted = ["/alternate_titles/", "/family", "/industry", "/keywords/", "/occupations/", "/plain/"];
    let mut findings = Findings::default();
    for pointer in &complete.lines {
        if unprinted.iter().any(|part| pointer.contains(part)) || pointer == "/role/title" {
            continue;
        }
        let payload = "Zz <i>*x*</i> & \"q\"  'r' {{ s }}";
        let (known, options) = complete.with(std::iter::once(pointer), payload);
        let posting = posting(&known, &with(&options, &json!({"tone": "formal"})));
        let found = posting.said().iter().any(|said| said.words.contains(payload))
            || posting.title() == payload
            || posting.sections().iter().any(|section| section["heading"] == payload);
        findings.check(found, || format!("{pointer} is not there as it was written"));
    }
    findings.report();
}

#[test]
fn paragraphs_with_markup_stay_paragraphs() {
    let complete = Complete::new();
    let mut findings = Findings::default();
    for payload in PARAGRAPHS {
        let (known, options) = complete.with(complete.paragraphs.iter(), payload);
        for tone in tones() {
            let options = known.options(&with(&options, &json!({"tone": tone})));
            for difference in differences(known.stored(), &options) {
                findings.add_at(format!("{payload:?}: {difference}"), tone.clone());
            }
        }
    }
    findings.report();
}

#[test]
fn addresses_with_every_sign_that_they_may_have_are_links_to_themselves() {
    let complete = Complete::new();
    let urls = [
        "https://x.example/a_b*c~d'e(f)[g]!h$i&j=k;l:m@n%20o?p#q",
        "https://x.example/?a=1&copy=2&lt=3&#60;",
        "http://x.example/)](http://y.example)",
        "https://x.example/**a**__b__",
        "https://x.example/javascript:alert(1)",
    ];
    let emails =
        ["a.!#$%&'*+/=?^_`{|}~-b@x.example", "_a_*b*@x.example", "a&amp=b&lt@x.example", "%3cb%3e@x.example"];
    let mut findings = Findings::default();
    for (n, url) in urls.iter().enumerate() {
        let email = emails[n % emails.len()];
        let mut options = complete.options.clone();
        options["employer"]["website"] = json!(url);
        options["apply"] = json!({"url": url, "email": email});
        options["contact_email"] = json!(email);
        let known = Known::new(complete.role.clone());
        for tone in tones() {
            let options = known.options(&with(&options, &json!({"tone": tone})));
            for difference in differences(known.stored(), &options) {
                findings.add_at(format!("{url} {email}: {difference}"), tone.clone());
            }
            let posting = Posting::of(known.stored(), &options);
            let text = posting.0.to_string();
            findings.check(text.contains(&json!(url).to_string()), || format!("{url} is changed"));
        }
    }
    findings.report();
}

//! Tones differ, keep the house rules, and write good English everywhere.

use std::collections::HashSet;

use rolewright::render::Format;
use serde_json::{Value, json};

use super::support::*;

/// Words that praise and say nothing. None of a role's are among them.
const HYPE: [&str; 16] = [
    "amazing",
    "awesome",
    "exciting",
    "world-class",
    "rockstar",
    "ninja",
    "guru",
    "best-in-class",
    "thrilled",
    "unparalleled",
    "cutting-edge",
    "fast-paced",
    "unbeatable",
    "greatest",
    "ultimate",
    "incredible",
];

#[test]
fn any_two_tones_share_less_than_seven_tenths_of_their_three_word_runs() {
    let mut findings = Findings::default();
    for options in [json!({}), sample()] {
        let runs: Vec<(String, HashSet<[String; 3]>)> = tones()
            .into_iter()
            .map(|tone| (tone.clone(), runs(&with(&options, &json!({"tone": tone})))))
            .collect();
        for (n, (one, first)) in runs.iter().enumerate() {
            for (other, second) in &runs[n + 1..] {
                let common = first.intersection(second).count() as f64;
                let jaccard = common / first.union(second).count() as f64;
                findings.check(jaccard < 0.7, || format!("{one} and {other} have {jaccard:.2}"));
            }
        }
    }
    findings.report();
}

/// Runs of three words in the tone's and the role's words; the caller's own are the same in all.
fn runs(options: &Value) -> HashSet<[String; 3]> {
    let posting = posting(tech_manager(), options);
    let mut words = Vec::new();
    for section in posting.sections() {
        words.extend(split(section["heading"].as_str().unwrap()));
        let id = section["id"].as_str().unwrap();
        let said = posting.said();
        for said in said.iter().filter(|said| said.section == id && !said.is_callers()) {
            words.extend(split(said.words));
        }
    }
    words.windows(3).map(|run| [run[0].clone(), run[1].clone(), run[2].clone()]).collect()
}

fn split(text: &str) -> Vec<String> {
    let trimmed = |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    text.split_whitespace().map(trimmed).filter(|word| !word.is_empty()).collect()
}

/// One test for each tone, so that they run side by side; a new tone is linted by the last.
macro_rules! lint {
    ($($test:ident: $tone:literal),+ $(,)?) => {
        $(#[test] fn $test() { lint_tone($tone); })+

        #[test]
        fn every_other_tone_is_grammatical_in_all_lengths_and_with_all_emphases() {
            let linted = [$($tone),+];
            tones().iter().filter(|tone| !linted.contains(&tone.as_str())).for_each(|tone| lint_tone(tone));
        }
    };
}

lint! {
    neutral_is_grammatical_in_all_lengths_and_with_all_emphases: "neutral",
    formal_is_grammatical_in_all_lengths_and_with_all_emphases: "formal",
    friendly_is_grammatical_in_all_lengths_and_with_all_emphases: "friendly",
    bold_is_grammatical_in_all_lengths_and_with_all_emphases: "bold",
    concise_is_grammatical_in_all_lengths_and_with_all_emphases: "concise",
    plain_is_grammatical_in_all_lengths_and_with_all_emphases: "plain",
}

/// Every single emphasis and every pair, both roles, bare and with the sample's options.
fn lint_tone(tone: &str) {
    let mut findings = Findings::default();
    for known in both() {
        let tags = known.tags();
        let names: Vec<&str> = tags.iter().map(String::as_str).chain(SECTION_DIMENSIONS).collect();
        let mut linter = Linter::new(known, tone);
        for length in LENGTHS {
            for emphasis in subsets(&names, 2) {
                for base in [json!({}), sample_for(known)] {
                    let over = json!({"tone": tone, "length": length, "emphasis": emphasis});
                    let posting = posting(known, &with(&base, &over));
                    let place = format!("{} {length} {emphasis:?}", known.role.id);
                    linter.read(&posting, &mut |finding| findings.add_at(finding, place.clone()));
                }
            }
        }
    }
    findings.report();
}

/// Reads postings of a role in a tone; a text that it has read before it skips.
struct Linter {
    tone: String,
    /// Where capitals may come from.
    acronyms: String,
    read: HashSet<(String, bool)>,
}

impl Linter {
    fn new(known: &Known, tone: &str) -> Self {
        let acronyms = format!("{}{}CO", known.json, sample());
        Self { tone: tone.to_owned(), acronyms, read: HashSet::new() }
    }

    fn read(&mut self, posting: &Posting, find: &mut impl FnMut(String)) {
        for section in posting.sections() {
            let heading = section["heading"].as_str().unwrap();
            self.text(heading, false, find);
            if heading.ends_with(['.', ':', ',']) {
                find(format!("a heading with a stop: {heading:?}"));
            }
        }
        let said = posting.said();
        let marks: usize = said.iter().map(|said| said.words.matches('!').count()).sum();
        if marks > 1 {
            find(format!("{marks} exclamation marks"));
        }
        for said in said {
            self.text(said.words, said.is_callers(), find);
            let bullet = said.item && !said.is_callers();
            if self.tone == "concise" && bullet && said.words.ends_with('.') {
                find(format!("a bullet of concise with a full stop: {:?}", said.words));
            }
            if said.kind == "lead_in" && !said.words.ends_with(':') {
                find(format!("a lead-in without a colon: {:?}", said.words));
            }
        }
    }

    fn text(&mut self, text: &str, callers: bool, find: &mut impl FnMut(String)) {
        if self.read.insert((text.to_owned(), callers)) {
            lint_text(text, &self.acronyms, find);
            if !callers {
                lint_house_rules(&self.tone, text, find);
            }
        }
    }
}

fn lint_house_rules(tone: &str, text: &str, find: &mut impl FnMut(String)) {
    let lower = text.to_lowercase();
    let words = split(text);
    if matches!(tone, "formal" | "plain" | "neutral") && has_contraction(&lower) {
        find(format!("a contraction in {tone}: {text:?}"));
    }
    if tone == "formal" && words.iter().any(|w| matches!(w.as_str(), "you" | "your" | "yours" | "yourself")) {
        find(format!("formal says you: {text:?}"));
    }
    for word in HYPE {
        if words.iter().any(|w| w == word) {
            find(format!("hype: {text:?}"));
        }
    }
    if words.iter().any(|w| matches!(w.as_str(), "he" | "she" | "his" | "her" | "him")) {
        find(format!("a gendered pronoun: {text:?}"));
    }
}

/// Whether an apostrophe stands for a letter, rather than for a possessive.
fn has_contraction(lower: &str) -> bool {
    let lower = lower.replace('\u{2019}', "'");
    let endings = ["n't", "'re", "'ll", "'ve", "'d", "'m"];
    let with_s = ["it's", "that's", "there's", "here's", "what's", "let's", "who's", "he's", "she's"];
    lower
        .split_whitespace()
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric() && c != '\''))
        .any(|word| endings.iter().any(|ending| word.ends_with(ending)) || with_s.contains(&word))
}

/// What is wrong in any tone, the caller's words included: ours are well written.
fn lint_text(text: &str, acronyms: &str, find: &mut impl FnMut(String)) {
    let mut wrong = |what: &str| find(format!("{what}: {text:?}"));
    for (part, what) in [
        ("  ", "two spaces"),
        (" ,", "a space before a comma"),
        (" .", "a space before a stop"),
        (" :", "a space before a colon"),
        (" ;", "a space before a semicolon"),
        (",,", "two commas"),
        ("..", "two stops"),
        (",.", "a comma before a stop"),
        (".,", "a stop before a comma"),
        (";.", "a semicolon before a stop"),
        (":.", "a colon before a stop"),
        ("?.", "two stops"),
        ("!.", "two stops"),
        ("::", "two colons"),
        ("None", "a leaked value"),
        ("none,", "a leaked value"),
        ("undefined", "a leaked value"),
        ("{{", "a template's braces"),
        ("}}", "a template's braces"),
        ("{%", "a template's braces"),
        ("{#", "a template's braces"),
        ("()", "empty brackets"),
        ("( ", "a space in brackets"),
        (" )", "a space in brackets"),
        ("''", "two apostrophes"),
        ("'s's", "two possessives"),
    ] {
        if text.contains(part) {
            wrong(what);
        }
    }
    if text.trim() != text || text.is_empty() {
        wrong("space around it, or nothing in it");
    }
    if text.chars().any(|c| matches!(c, '\u{FDD0}'..='\u{FDEF}') || c.is_control()) {
        wrong("an unfilled slot");
    }
    if text.chars().any(|c| matches!(u32::from(c), 0x2190..=0x2BFF | 0xFE0F | 0x1F000..=0x1FAFF)) {
        wrong("an emoji");
    }
    if text.matches('(').count() != text.matches(')').count() {
        wrong("brackets that do not match");
    }
    let starts_well = |c: char| c.is_uppercase() || c.is_numeric() || "$£€".contains(c);
    if !text.chars().next().is_some_and(starts_well) && !text.contains('@') {
        wrong("starts without a capital");
    }
    for end in [". ", "? ", "! "] {
        for (at, _) in text.match_indices(end) {
            if !text[at + end.len()..].starts_with(starts_well) {
                wrong("a sentence without a capital");
            }
        }
    }
    let tokens: Vec<&str> = text.split_whitespace().collect();
    for pair in tokens.windows(2) {
        let plain = |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        let ended = pair[0].ends_with(['.', ':', ',', ';', '?']);
        if plain(pair[0]) == plain(pair[1]) && !plain(pair[0]).is_empty() && !ended {
            wrong("a word twice");
        }
        if let Some(better) = wrong_article(pair[0], pair[1]) {
            wrong(&format!("{} {} should be {better}", pair[0], pair[1]));
        }
        let (number, noun) = (pair[0].trim_end_matches('+'), plain(pair[1]));
        let counted = ["year", "years", "hour", "hours", "opening", "openings"].contains(&noun.as_str());
        if counted
            && number.parse::<u32>().is_ok_and(|n| (n == 1) == noun.ends_with('s'))
            && number == pair[0]
        {
            wrong("a number and a noun that do not agree");
        }
    }
    if text.contains(" or more year ") {
        wrong("a number and a noun that do not agree");
    }
    for word in text.split(|c: char| !c.is_ascii_alphabetic()) {
        let capitals = word.len() > 1 && word.bytes().all(|b| b.is_ascii_uppercase());
        if capitals && !acronyms.contains(word) && !["USD", "GBP", "CAD", "EUR"].contains(&word) {
            wrong(&format!("capitals, {word}"));
        }
    }
}

/// The article that should stand before `next`, if another one does.
fn wrong_article(article: &str, next: &str) -> Option<&'static str> {
    let article = article.trim_start_matches(['(', '"']).to_lowercase();
    let next = next.trim_matches(|c: char| !c.is_alphanumeric());
    let lower = next.to_lowercase();
    let spelled = next.len() > 1 && next.bytes().all(|b| b.is_ascii_uppercase());
    let vowel = if spelled {
        next.starts_with(['A', 'E', 'F', 'H', 'I', 'L', 'M', 'N', 'O', 'R', 'S', 'X'])
    } else {
        let silent_h = ["hour", "honest", "heir", "honor"].iter().any(|start| lower.starts_with(start));
        let consonant =
            ["uni", "use", "usu", "eu", "one", "once", "ut", "ux"].iter().any(|s| lower.starts_with(s));
        silent_h || (lower.starts_with(['a', 'e', 'i', 'o', 'u', '8']) && !consonant)
    };
    match article.as_str() {
        "a" if vowel => Some("an"),
        "an" if !vowel => Some("a"),
        _ => None,
    }
}

#[test]
fn friendly_has_contractions_and_speaks_of_we_and_you() {
    for options in [json!({"tone": "friendly"}), json!({"tone": "friendly", "length": "short"})] {
        let text = rendered(tech_manager(), &options, Format::Text).to_lowercase();
        let contractions = text.split_whitespace().filter(|word| has_contraction(word)).count();
        assert!(contractions >= 3, "{contractions} contractions in:\n{text}");
        assert!(text.contains("we") && text.contains("you"));
    }
}

#[test]
fn no_tone_says_the_same_heading_twice() {
    for tone in tones() {
        let posting = posting(tech_manager(), &with(&sample(), &json!({"tone": tone, "length": "full"})));
        let headings: Vec<&str> = posting.sections().iter().map(|s| s["heading"].as_str().unwrap()).collect();
        let different: HashSet<&&str> = headings.iter().collect();
        assert_eq!(different.len(), headings.len(), "{tone}: {headings:?}");
    }
}

#[test]
fn the_article_of_a_title_follows_its_sound_in_every_tone() {
    let titles = [
        ("SRE", "an"),
        ("UX Lead", "a"),
        ("User Researcher", "a"),
        ("MBA Intern", "an"),
        ("Engineer", "an"),
        ("European Sales Lead", "a"),
        ("X-ray Technician", "an"),
        ("Hourly Clerk", "an"),
        ("HR Partner", "an"),
        ("One-on-One Coach", "a"),
        ("University Lecturer", "a"),
        ("QA Engineer", "a"),
        ("8-Hour Operator", "an"),
        ("IT Manager", "an"),
        ("Honest Broker", "an"),
        ("\u{c9}cole Director", "an"),
        ("FAQ Editor", "an"),
    ];
    let mut findings = Findings::default();
    let mut said_once = false;
    for tone in tones() {
        for (title, article) in titles {
            let text = rendered(tech_manager(), &json!({"tone": tone, "title": title}), Format::Json);
            let other = if article == "a" { "an" } else { "a" };
            said_once |= text.contains(&format!(" {article} {title}"));
            for article in [other, &other.replacen('a', "A", 1)] {
                let wrong = format!("{article} {title}");
                let found = text.match_indices(&wrong).any(|(at, _)| text[..at].ends_with([' ', '"']));
                findings.check(!found, || format!("{tone}: {wrong}"));
            }
        }
    }
    assert!(said_once, "no tone puts an article before the title");
    findings.report();
}

#[test]
fn the_possessive_of_an_employer_in_s_has_an_apostrophe_alone() {
    for tone in tones() {
        for (name, wrong) in [("Stark Industries", "Industries's"), ("Acme", "Acme' ")] {
            let text =
                rendered(tech_manager(), &json!({"tone": tone, "employer": {"name": name}}), Format::Text);
            assert!(!text.contains(wrong), "{tone}:\n{text}");
        }
    }
}

#[test]
fn formal_says_neither_we_nor_our_when_the_employer_is_not_named() {
    for length in LENGTHS {
        let posting = posting(tech_manager(), &json!({"tone": "formal", "length": length}));
        for said in posting.said() {
            let words = split(said.words);
            let first_person = words.iter().any(|word| matches!(word.as_str(), "we" | "our" | "us"));
            assert!(!first_person, "{:?}", said.words);
        }
    }
}

#[test]
fn sentences_of_a_tone_are_short_enough_to_read() {
    // Words a sentence, at most: what 18F and the like ask for, with room for the role's own.
    let mut findings = Findings::default();
    for tone in tones() {
        let posting = posting(tech_manager(), &json!({"tone": tone, "length": "full"}));
        for said in posting.said().iter().filter(|said| !said.is_callers()) {
            for sentence in said.words.split(". ") {
                let words = sentence.split_whitespace().count();
                findings.check(words <= 32, || format!("{tone}: {words} words: {sentence:?}"));
            }
        }
    }
    findings.report();
}

#[test]
fn a_single_year_is_a_year_and_two_are_years() {
    let mut findings = Findings::default();
    for tone in tones() {
        for (years, leading) in [(1, 1), (2, 1), (8, 3)] {
            let mut json = tech_manager().json.clone();
            json["experience"]["minimum_years"] = json!(years);
            json["experience"]["leadership_years"] = json!(leading);
            let known = Known::new(json.clone());
            json["experience"].as_object_mut().unwrap().remove("minimum_years");
            let without = Known::new(json);
            for known in [known, without] {
                for length in LENGTHS {
                    let posting = posting(&known, &json!({"tone": tone, "length": length}));
                    for said in posting.said().iter().filter(|said| said.section == "qualifications") {
                        lint_text(said.words, &known.json.to_string(), &mut |finding| {
                            findings.add(format!("{tone}: {finding}"));
                        });
                    }
                }
            }
        }
    }
    findings.report();
}

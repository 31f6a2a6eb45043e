//! The rules of boards: each where it is broken, where it is not, and at its border.

use std::collections::BTreeSet;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use rolewright::domain::document::Document;
use rolewright::domain::kept_posting::NewPosting;
use rolewright::domain::{KeptEmployer, PostingOptions};
use rolewright::review::preflight::rules;
use rolewright::review::{PreflightFinding, Severity, Subject, Target, preflight};
use serde_json::{Map, Value, json};

use super::Composed;
use super::random;
use super::support::*;

const PAGE: &str = "https://www.northwind-robotics.example/jobs/nr-2041";

/// A change of what boards get.
#[derive(Clone, Debug, Default)]
struct Change {
    /// A merge patch of the role.
    role: Value,
    /// A merge patch of the options.
    options: Value,
    /// Another public page, or none.
    page: Option<Option<&'static str>>,
}

fn options(options: Value) -> Change {
    Change { role: json!({}), options, page: None }
}

fn role(role: Value) -> Change {
    Change { role, options: json!({}), page: None }
}

fn title(title: &str) -> Change {
    options(json!({"title": title}))
}

fn page(page: Option<&'static str>) -> Change {
    Change { role: json!({}), options: json!({}), page: Some(page) }
}

fn place(place: Value) -> Change {
    options(json!({"locations": [place]}))
}

/// A posting that says of itself only these texts, each as a section.
fn bare(texts: &[String]) -> Change {
    let locked: Vec<Value> = texts.iter().map(|text| json!({"heading": "H", "text": text})).collect();
    let mut all_off = Map::new();
    for section in rolewright::domain::posting::SectionId::ALL {
        if section.as_str() != "locked" {
            all_off.insert(section.as_str().to_owned(), json!(false));
        }
    }
    options(json!({"sections": all_off, "employer": {"locked": locked}}))
}

fn long(length: usize) -> String {
    "x".repeat(length)
}

/// Options that no board has anything to say of.
fn clean() -> Value {
    with(
        &sample(),
        &json!({"apply": {"url": "https://www.northwind-robotics.example/apply", "direct": true}}),
    )
}

fn composed(change: &Change) -> Composed {
    let mut changed_role = tech_manager().json.clone();
    json_patch::merge(&mut changed_role, &change.role);
    let mut changed = clean();
    json_patch::merge(&mut changed, &change.options);
    Composed::of(&Known::new(changed_role), &Voice::known("neutral"), &changed)
}

fn judged(target: Target, composed: &Composed, page: Option<&str>) -> Vec<PreflightFinding> {
    let subject = Subject {
        posting: &composed.posting,
        vacancy: &composed.vacancy,
        options: &composed.options,
        own_options: &composed.options,
        url: page,
    };
    preflight(target, &subject)
}

fn broken(rule: &str, change: &Change) -> Vec<PreflightFinding> {
    let composed = composed(change);
    let page = change.page.unwrap_or(Some(PAGE));
    let target = Target::ALL.into_iter().find(|target| rule.starts_with(target.as_str())).unwrap();
    let findings = judged(target, &composed, page);
    findings.into_iter().filter(|finding| finding.rule == rule).collect()
}

/// Each rule with what breaks it, where the finding points, and what just keeps it.
fn table() -> Vec<(&'static str, Change, &'static str, Change)> {
    let hybrid = |over: Value| place(with(&json!({"workplace": "hybrid"}), &over));
    let remote = |over: Value| with(&json!({"workplace": "remote"}), &over);
    let words = |n: usize| vec!["word ".repeat(n).trim().to_owned()];
    let at_most: Vec<String> = (0..12).map(|_| long(1999)).chain([long(1000)]).collect();
    let too_long: Vec<String> = (0..12).map(|_| long(1999)).chain([long(1001)]).collect();
    let named = || options(json!({"employer": {"name": "A", "website": null, "logo": null}}));
    let nobody = || options(json!({"employer": null}));
    let no_place = || options(json!({"locations": []}));
    let mixed = json!([{"city": "Denver", "country": "US"}, remote(json!({"country": "US"}))]);
    let both_remote = json!([remote(json!({"country": "US"})), remote(json!({"country": "CA"}))]);
    let off = |names: &[&str]| {
        let off: Map<String, Value> = names.iter().map(|name| ((*name).to_owned(), json!(false))).collect();
        options(json!({"sections": off}))
    };
    vec![
        ("google/missing-employer", nobody(), "/employer_id", named()),
        ("google/missing-place", no_place(), "/options/locations", place(remote(json!({})))),
        (
            "google/missing-country",
            hybrid(json!({"city": "Denver"})),
            "/options/locations/0/country",
            hybrid(json!({"region": "US-CO"})),
        ),
        (
            "google/remote-without-area",
            place(remote(json!({"country": "US"}))),
            "/options/remote_within",
            options(json!({"locations": [remote(json!({}))], "remote_within": ["US"]})),
        ),
        (
            "google/description-is-title",
            bare(&["Tech manager!".to_owned()]),
            "/options/sections",
            bare(&["Tech Manager, hired".to_owned()]),
        ),
        ("google/thin-description", bare(&words(49)), "/options/length", bare(&words(50))),
        (
            "google/incomplete-description",
            off(&["responsibilities"]),
            "/options/sections/responsibilities",
            off(&["skills"]),
        ),
        (
            "google/vague-place",
            hybrid(json!({"region": "US-CO"})),
            "/options/locations/0/city",
            place(remote(json!({"country": "US"}))),
        ),
        (
            "google/remote-mixed",
            options(json!({"locations": mixed})),
            "/options/locations/1/workplace",
            options(json!({"locations": both_remote})),
        ),
        (
            "google/area-without-remote",
            options(json!({"remote_within": ["US"]})),
            "/options/remote_within",
            options(json!({"locations": both_remote, "remote_within": ["US"]})),
        ),
        (
            "google/implied-country",
            hybrid(json!({"region": "US-CO"})),
            "/options/locations/0/country",
            hybrid(json!({"city": "Denver"})),
        ),
        (
            "google/title-code",
            title("Tech Manager (NR-2041)"),
            "/options/title",
            title("Tech Manager 2041 to 2099"),
        ),
        (
            "google/title-pay",
            title("Tech Manager – $90k"),
            "/options/title",
            title("Tech Manager, 90 Robots"),
        ),
        (
            "google/title-place",
            title("Tech Manager, Denver, CO"),
            "/options/title",
            title("Remote Sensing Manager"),
        ),
        (
            "google/title-employer",
            title("Tech Manager at Northwind Robotics"),
            "/options/title",
            title("Tech Manager of Robotics"),
        ),
        ("google/title-signs", title("Tech Manager!"), "/options/title", title("Tech Manager, C++ & C#")),
        ("google/title-capitals", title("TECH MANAGER"), "/options/title", title("TECH MGR")),
        (
            "google/missing-date-posted",
            options(json!({"date_posted": null})),
            "/options/date_posted",
            options(json!({"date_posted": "2027-01-31"})),
        ),
        (
            "google/missing-pay",
            options(json!({"salary": {"show": false}})),
            "/options/salary",
            options(json!({"salary": null})),
        ),
        (
            "google/missing-employment-type",
            options(json!({"employment_type": null})),
            "/options/employment_type",
            options(json!({"employment_type": "other"})),
        ),
        (
            "google/missing-apply",
            options(json!({"apply": null})),
            "/options/apply",
            options(json!({"apply": {"url": null, "direct": null, "instructions": "Call."}})),
        ),
        ("google/no-page", page(None), "", page(Some("http://x.example"))),
        (
            "google/missing-valid-through",
            options(json!({"valid_through": null})),
            "/options/valid_through",
            options(json!({"valid_through": "2026-12-01"})),
        ),
        (
            "google/missing-identifier",
            options(json!({"requisition_id": null})),
            "/options/requisition_id",
            options(json!({"requisition_id": "1"})),
        ),
        (
            "google/missing-direct-apply",
            options(json!({"apply": {"direct": null}})),
            "/options/apply/direct",
            options(json!({"apply": {"direct": null, "url": null, "email": "a@x.example"}})),
        ),
        (
            "google/direct-apply-elsewhere",
            options(json!({"apply": {"url": "https://other.example/jobs"}})),
            "/options/apply/direct",
            options(json!({"apply": {"url": "https://WWW.northwind-robotics.example/other"}})),
        ),
        ("google/missing-website", named(), "/employer_id", nobody()),
        ("google/missing-logo", named(), "/employer_id", nobody()),
        (
            "google/credential-without-level",
            role(json!({"education": {"minimum": [{"text": "A degree"}]}})),
            "/role_id",
            role(json!({"education": {"minimum": [], "preferred": [{"text": "A degree"}]}})),
        ),
        (
            "google/experience-instead-of-unknown",
            role(json!({"experience": {"minimum_years": null, "leadership_years": null}})),
            "/role_id",
            role(json!({"experience": {"minimum_years": 1, "leadership_years": null}})),
        ),
        ("indeed/missing-company", nobody(), "/employer_id", named()),
        ("indeed/missing-url", page(None), "", page(Some("http://x.example"))),
        ("indeed/missing-place", no_place(), "/options/locations", place(remote(json!({})))),
        (
            "indeed/missing-city",
            hybrid(json!({"region": "US-CO"})),
            "/options/locations/0/city",
            hybrid(json!({"city": "Denver"})),
        ),
        (
            "indeed/missing-state",
            hybrid(json!({"city": "Denver", "country": "US"})),
            "/options/locations/0/region",
            hybrid(json!({"city": "Berlin", "country": "DE"})),
        ),
        (
            "indeed/missing-country",
            hybrid(json!({"city": "Denver"})),
            "/options/locations/0/country",
            hybrid(json!({"region": "US-CO"})),
        ),
        (
            "indeed/remote-without-country",
            place(remote(json!({}))),
            "/options/remote_within",
            options(json!({"locations": [remote(json!({}))], "remote_within": ["US"]})),
        ),
        ("indeed/empty-description", bare(&[]), "/options/sections", bare(&["Work.".to_owned()])),
        ("indeed/thin-description", bare(&words(49)), "/options/length", bare(&words(50))),
        ("indeed/title-pay", title("Tech Manager 90k"), "/options/title", title("Tech Manager 90")),
        (
            "indeed/title-place",
            title("Tech Manager (Remote)"),
            "/options/title",
            title("Remote Tech Manager"),
        ),
        (
            "indeed/title-employment-type",
            title("Full-time Tech Manager"),
            "/options/title",
            title("Contract Manager"),
        ),
        ("indeed/title-signs", title("Tech Manager *"), "/options/title", title("Tech Manager -")),
        (
            "indeed/missing-date",
            options(json!({"date_posted": null})),
            "/options/date_posted",
            options(json!({"date_posted": "2027-01-31"})),
        ),
        (
            "indeed/missing-salary",
            options(json!({"sections": {"pay": false}})),
            "/options/sections/pay",
            options(json!({"salary": null})),
        ),
        (
            "indeed/missing-jobtype",
            options(json!({"employment_type": null})),
            "/options/employment_type",
            options(json!({"employment_type": "other"})),
        ),
        (
            "indeed/unknown-jobtype",
            options(json!({"employment_type": "other"})),
            "/options/employment_type",
            options(json!({"employment_type": "per_diem"})),
        ),
        (
            "indeed/missing-requisition-id",
            options(json!({"requisition_id": null})),
            "/options/requisition_id",
            options(json!({"requisition_id": "1"})),
        ),
        ("linkedin/missing-company", nobody(), "/employer_id", named()),
        (
            "linkedin/missing-place",
            place(remote(json!({}))),
            "/options/locations",
            options(json!({"locations": [remote(json!({}))], "remote_within": ["US"]})),
        ),
        (
            "linkedin/missing-apply-url",
            Change { page: Some(None), ..options(json!({"apply": null})) },
            "/options/apply/url",
            options(json!({"apply": null})),
        ),
        (
            "linkedin/insecure-apply-url",
            options(json!({"apply": {"url": "http://www.x.example"}})),
            "/options/apply/url",
            Change { page: Some(Some("http://www.x.example")), ..options(json!({})) },
        ),
        (
            "linkedin/apply-url-without-www",
            options(json!({"apply": {"url": "https://x.example"}})),
            "/options/apply/url",
            options(json!({"apply": {"url": "http://x.example"}})),
        ),
        (
            "linkedin/missing-poster-email",
            options(json!({"contact_email": null})),
            "/options/contact_email",
            options(json!({"contact_email": null, "apply": {"email": "a@x.example"}})),
        ),
        ("linkedin/short-description", bare(&[long(99)]), "/options/sections", bare(&[long(100)])),
        ("linkedin/long-description", bare(&too_long), "/options/length", bare(&at_most)),
        ("linkedin/long-title", title(&long(201)), "/options/title", title(&long(200))),
        (
            "linkedin/missing-workplace",
            place(json!({"city": "Denver", "country": "US"})),
            "/options/locations/0/workplace",
            place(json!({"workplace": "on_site"})),
        ),
        (
            "linkedin/missing-jobtype",
            options(json!({"employment_type": null})),
            "/options/employment_type",
            options(json!({"employment_type": "intern"})),
        ),
        (
            "linkedin/unknown-jobtype",
            options(json!({"employment_type": "per_diem"})),
            "/options/employment_type",
            options(json!({"employment_type": "contractor"})),
        ),
        (
            "linkedin/missing-pay",
            options(json!({"salary": {"show": false}})),
            "/options/salary",
            options(json!({"salary": null})),
        ),
    ]
}

#[test]
fn no_board_has_anything_to_say_of_a_good_posting() {
    let composed = composed(&options(json!({})));
    for target in Target::ALL {
        let findings = judged(target, &composed, Some(PAGE));
        assert!(findings.is_empty(), "{findings:#?}");
    }
}

#[test]
fn every_rule_is_broken_by_what_breaks_it_and_not_by_what_is_just_good_enough() {
    for (rule, bad, pointer, good) in table() {
        let found = broken(rule, &bad);
        assert!(!found.is_empty(), "{rule} should be broken by {bad:?}");
        assert_eq!(found[0].pointer, pointer, "{rule}: {found:#?}");
        let found = broken(rule, &good);
        assert!(found.is_empty(), "{rule} should be kept by {good:?}: {found:#?}");
    }
}

#[test]
fn every_rule_has_a_row_a_name_of_its_board_and_a_source() {
    let tested: Vec<&str> = table().into_iter().map(|(rule, ..)| rule).collect();
    let known: Vec<&str> = rules().map(|rule| rule.id).collect();
    let once: BTreeSet<&str> = known.iter().copied().collect();
    assert_eq!(once.len(), known.len());
    assert_eq!(tested.iter().copied().collect::<BTreeSet<_>>(), once);
    for rule in rules() {
        assert!(rule.id.starts_with(&format!("{}/", rule.target.as_str())), "{}", rule.id);
        assert!(rule.source.starts_with("https://") && rule.summary.ends_with('.'), "{}", rule.id);
    }
}

#[test]
fn a_title_is_mended_by_what_is_left_or_else_by_the_roles_own() {
    let mended = |rule: &str, given: &str| -> Option<String> {
        let found = broken(rule, &title(given)).remove(0);
        let mut document = json!({"options": {"title": given}});
        json_patch::patch(&mut document, &found.patch?).unwrap();
        Some(document["options"]["title"].as_str().unwrap().to_owned())
    };
    assert_eq!(mended("google/title-signs", "Lead!!! now").as_deref(), Some("Lead now"));
    assert_eq!(mended("google/title-pay", "Lead ($90k–$110k)").as_deref(), Some("Lead"));
    assert_eq!(mended("google/title-place", "Lead in Denver, CO").as_deref(), Some("Lead"));
    assert_eq!(mended("google/title-code", "Lead - Req NR-2041").as_deref(), Some("Lead"));
    assert_eq!(mended("google/title-employer", "Northwind Robotics").as_deref(), Some("Tech Manager"));
    assert_eq!(mended("google/title-capitals", "SENIOR TEAM LEAD").as_deref(), Some("Senior Team Lead"));
    assert_eq!(mended("linkedin/long-title", &long(201)).as_deref(), Some("Tech Manager"));
}

#[test]
fn what_the_role_brings_is_told_at_the_role() {
    let found = broken("google/title-signs", &role(json!({"title": "Tech Manager!"})));
    assert_eq!(found[0].pointer, "/role_id");
    assert!(found[0].patch.is_some());
}

#[test]
fn severities_are_ordered_from_the_worst() {
    assert!(Severity::Error < Severity::Warning && Severity::Warning < Severity::Info);
}

/// Words that make bad titles, and good ones.
const TITLE: [&str; 26] = [
    "Tech",
    "Manager",
    "Lead",
    "of",
    "the",
    "R&D",
    "!!",
    "**urgent**",
    "$25/hr",
    "90k",
    "per",
    "year",
    "–",
    "-",
    "(",
    ")",
    "(Remote)",
    "Remote",
    "Denver,",
    "CO",
    "in",
    "Acme",
    "#42",
    "ENG-1042",
    "Full-time",
    "SENIOR",
];

fn bad_title() -> impl Strategy<Value = String> {
    vec(select(&TITLE[..]), 1..9).prop_map(|words| words.join(" "))
}

/// Splits options into those of the posting, and the defaults of the employer.
fn split(options: &Value, mask: u32) -> (Value, Value) {
    let (mut own, mut defaults) = (Map::new(), Map::new());
    for (n, (name, value)) in options.as_object().unwrap().iter().enumerate() {
        let side = if mask & (1 << (n % 32)) == 0 { &mut own } else { &mut defaults };
        side.insert(name.clone(), value.clone());
    }
    (Value::Object(own), Value::Object(defaults))
}

/// A posting document of an employer, and what boards say of it.
fn judge(known: &Known, employer: &KeptEmployer, own: &PostingOptions) -> Vec<PreflightFinding> {
    let options = employer.options(own.clone());
    let composed = Composed::of(known, &Voice::known("neutral"), &json!(options));
    let subject = Subject {
        posting: &composed.posting,
        vacancy: &composed.vacancy,
        options: &composed.options,
        own_options: own,
        url: Some(PAGE),
    };
    Target::ALL.into_iter().flat_map(|target| preflight(target, &subject)).collect()
}

proptest! {
    #![proptest_config(random::config(300))]

    #[test]
    fn every_patch_applies_and_mends_what_it_says(
        role in random::role(), base in random::options(), title in bad_title(), mask in any::<u32>(),
        (in_role, in_denver, only_remote, with_direct) in (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>()),
    ) {
        let mut role = role;
        let mut options = base;
        let side = if in_role { &mut role } else { &mut options };
        side["title"] = json!(title);
        if in_denver {
            options["locations"] = json!([{"city": "Denver", "region": "US-CO"}, {"region": "CA-ON"}]);
        }
        if only_remote {
            options["remote_within"] = json!([]);
            for place in options["locations"].as_array_mut().into_iter().flatten() {
                place["workplace"] = json!("remote");
            }
        }
        if with_direct {
            options["apply"] = json!({"url": "https://other.example", "direct": true});
        }
        let profile = options["employer"].take();
        let profile = if profile.is_null() { json!({"name": "Acme"}) } else { profile };
        let options = options.as_object_mut().unwrap();
        options.remove("employer");
        options.remove("heading_level");
        let (own, defaults) = split(&Value::Object(options.clone()), mask);
        // A range without a currency takes that of the role, which an employer's defaults do not know.
        let employer = json!({"id": "acme", "profile": profile, "defaults": defaults});
        let Ok(employer) = KeptEmployer::from_json(employer.to_string().as_bytes()) else { return Ok(()) };
        let known = Known::new(role);
        let own: PostingOptions = serde_json::from_value(own).unwrap();
        for finding in judge(&known, &employer, &own) {
            let Some(patch) = &finding.patch else { continue };
            let new = NewPosting {
                employer_id: employer.id.clone(),
                role_id: known.role.id.clone(),
                role_revision: None,
                slug: None,
                options: own.clone(),
            };
            let mut document = json!(new);
            if let Err(error) = json_patch::patch(&mut document, patch) {
                panic!("{error}: {finding:#?}\n{document:#}");
            }
            let mended = NewPosting::from_json(document.to_string().as_bytes());
            let mended = mended.unwrap_or_else(|error| panic!("{error}: {finding:#?}\n{document:#}"));
            let again = judge(&known, &employer, &mended.options);
            let still = again.iter().any(|other| other.rule == finding.rule && other.detail == finding.detail);
            prop_assert!(!still, "{:#?}\n{:#}", finding, document);
        }
    }
}

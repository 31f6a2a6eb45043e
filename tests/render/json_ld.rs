//! JSON-LD: in the words of schema.org, by Google's rules, and safe in a page.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use proptest::prelude::*;
use rolewright::domain::Moment;
use rolewright::render::{Composed, Format, Links, occupation, plain_html};
use scraper::{Html, Selector};
use serde_json::{Value, json};

use super::composed::published;
use super::random;
use super::support::*;

/// The JSON-LD of a posting.
fn posted(known: &Known, options: &Value) -> Value {
    serde_json::from_str(&rendered(known, options, Format::JsonLd)).unwrap()
}

/// The classes of schema.org with those above them, and the properties with their domains and ranges.
struct Vocabulary {
    classes: BTreeMap<String, Vec<String>>,
    properties: BTreeMap<String, (Vec<String>, Vec<String>)>,
}

static SCHEMA_ORG: LazyLock<Vocabulary> = LazyLock::new(|| {
    let file: Value = serde_json::from_str(include_str!("../data/schemaorg-30.0.jsonld")).unwrap();
    let ids = |value: &Value| -> Vec<String> {
        let one = |value: &Value| value["@id"].as_str().map(|id| id.trim_start_matches("schema:").to_owned());
        match value {
            Value::Array(values) => values.iter().filter_map(one).collect(),
            value => one(value).into_iter().collect(),
        }
    };
    let mut vocabulary = Vocabulary { classes: BTreeMap::new(), properties: BTreeMap::new() };
    for node in file["@graph"].as_array().unwrap() {
        let [name] = ids(node).try_into().unwrap();
        if node.get("schema:supersededBy").is_some() {
            continue;
        }
        if node["@type"] == "rdf:Property" {
            let of = |key: &str| ids(&node[key]);
            vocabulary.properties.insert(name, (of("schema:domainIncludes"), of("schema:rangeIncludes")));
        } else {
            vocabulary.classes.insert(name, ids(&node["rdfs:subClassOf"]));
        }
    }
    vocabulary
});

impl Vocabulary {
    fn is_a(&self, class: &str, wanted: &str) -> bool {
        class == wanted || self.classes.get(class).is_some_and(|up| up.iter().any(|up| self.is_a(up, wanted)))
    }

    fn check(&self, node: &Value, path: &str, wrong: &mut Vec<String>) {
        let class = node["@type"].as_str().unwrap_or_default();
        if !self.classes.contains_key(class) {
            wrong.push(format!("{path}: there is no class {class:?}"));
        }
        for (name, value) in node.as_object().unwrap().iter().filter(|(name, _)| !name.starts_with('@')) {
            let path = format!("{path}.{name}");
            let Some((domains, ranges)) = self.properties.get(name) else {
                wrong.push(format!("{path}: there is no such property"));
                continue;
            };
            if !domains.iter().any(|domain| self.is_a(class, domain)) {
                wrong.push(format!("{path}: is no property of {class}"));
            }
            let values = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
            for value in values {
                if !ranges.iter().any(|range| self.fits(value, range)) {
                    wrong.push(format!("{path}: {value} is none of {ranges:?}"));
                }
                if value.is_object() {
                    self.check(value, &path, wrong);
                }
            }
        }
    }

    fn fits(&self, value: &Value, range: &str) -> bool {
        match value {
            Value::String(text) => match range {
                "Date" => text.len() == 10,
                "DateTime" => text.len() == 25,
                "URL" => text.contains("://"),
                range => range == "Text",
            },
            Value::Number(number) => range == "Number" || (range == "Integer" && number.is_u64()),
            Value::Bool(_) => range == "Boolean",
            Value::Object(node) => node["@type"].as_str().is_some_and(|class| self.is_a(class, range)),
            Value::Null | Value::Array(_) => false,
        }
    }
}

fn assert_in_the_words_of_schema_org(document: &Value, class: &str) {
    assert_eq!((&document["@context"], &document["@type"]), (&json!("https://schema.org/"), &json!(class)));
    let mut wrong = Vec::new();
    SCHEMA_ORG.check(document, class, &mut wrong);
    assert!(wrong.is_empty(), "{wrong:#?}\n{document:#}");
}

#[test]
fn the_check_of_words_finds_words_that_are_not_schema_orgs() {
    for (document, finding) in [
        (json!({"@type": "JobPosting", "salary": 5}), "JobPosting.salary: there is no such property"),
        (
            json!({"@type": "JobPosting", "givenName": "A"}),
            "JobPosting.givenName: is no property of JobPosting",
        ),
        (json!({"@type": "JobPosting", "benefits": "A"}), "JobPosting.benefits: there is no such property"),
        (json!({"@type": "JobPosting", "jobLocation": {"@type": "Person"}}), "JobPosting.jobLocation: "),
        (json!({"@type": "JobPosting", "totalJobOpenings": "2"}), "JobPosting.totalJobOpenings: "),
        (json!({"@type": "Vacancy"}), "JobPosting: there is no class \"Vacancy\""),
    ] {
        let mut wrong = Vec::new();
        SCHEMA_ORG.check(&document, "JobPosting", &mut wrong);
        assert!(wrong.iter().any(|wrong| wrong.starts_with(finding)), "{document}: {wrong:?}");
    }
}

#[test]
fn a_role_is_an_occupation_in_the_words_of_schema_org() {
    for known in both() {
        for url in [None, Some("https://roles.example/api/v1/roles/x")] {
            let document: Value = serde_json::from_slice(&occupation(&known.role, url).unwrap()).unwrap();
            assert_in_the_words_of_schema_org(&document, "Occupation");
            assert_eq!(document.get("@id").and_then(Value::as_str), url);
        }
    }
    let document: Value = serde_json::from_slice(&occupation(&tech_manager().role, None).unwrap()).unwrap();
    assert_eq!(document["name"], "Tech Manager");
    assert_eq!(document["experienceRequirements"]["monthsOfExperience"], 96);
    assert_eq!(document["educationRequirements"]["credentialCategory"], "bachelor degree");
    assert_eq!(document["estimatedSalary"]["value"]["maxValue"], 220_000);
    assert_eq!(document["responsibilities"].as_array().unwrap().len(), tech_manager().duties().len());
}

/// Google's rules.
static GOOGLE: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("../data/boards/google.json")).unwrap());

fn names<'r>(rules: &'r Value, key: &str) -> Vec<&'r str> {
    rules[key].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect()
}

/// All values at a path of names; an array stands for its entries.
fn at<'d>(document: &'d Value, path: &str) -> Vec<&'d Value> {
    path.split('.').fold(vec![document], |nodes, name| {
        let members = nodes.into_iter().filter_map(|node| node.get(name));
        members
            .flat_map(|value| value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice))
            .collect()
    })
}

/// What of Google's rules a posting breaks, that is not a matter of what is missing.
fn breaches(document: &Value) -> Vec<String> {
    let rules = &*GOOGLE;
    let mut found = Vec::new();
    for (path, allowed) in rules["values"].as_object().unwrap() {
        let unknown =
            at(document, path).into_iter().find(|value| !allowed.as_array().unwrap().contains(value));
        found.extend(unknown.map(|value| format!("{path} is {value}")));
    }
    for (name, needed) in rules["needs"].as_object().unwrap() {
        let missing =
            needed.as_array().unwrap().iter().find(|needed| document.get(needed.as_str().unwrap()).is_none());
        let missing = missing.filter(|_| document.get(name).is_some());
        found.extend(missing.map(|missing| format!("{name} without {missing}")));
    }
    for path in names(rules, "dates") {
        let bad = |value: &&Value| value.as_str().is_none_or(|text| !is_iso_8601(text));
        found.extend(at(document, path).into_iter().find(bad).map(|value| format!("{path} is {value}")));
    }
    if let Some(description) = document.get("description") {
        let description = description.as_str().unwrap();
        found.extend(not_plain(description));
        if document["title"] == description {
            found.push("the description is the title".to_owned());
        }
    }
    found
}

fn is_iso_8601(text: &str) -> bool {
    text.parse::<rolewright::domain::Date>().is_ok() || text.parse::<Moment>().is_ok()
}

/// Elements and attributes of a description that Google does not know, and parse errors.
fn not_plain(html: &str) -> Vec<String> {
    let allowed = names(&GOOGLE["description"], "tags");
    let fragment = Html::parse_fragment(html);
    let mut found: Vec<String> = fragment.errors.iter().map(ToString::to_string).collect();
    for element in fragment.root_element().descendent_elements().skip(1) {
        let (name, attributes) = (element.value().name(), element.value().attrs().count());
        if !allowed.contains(&name) || attributes > 0 {
            found.push(format!("<{name}> with {attributes} attributes"));
        }
    }
    found
}

/// Whether it has all that Google requires.
fn is_complete(document: &Value) -> bool {
    let there = |path: &&str| !at(document, path).is_empty();
    let places = at(document, "jobLocation").len();
    let addressed = at(document, "jobLocation.address.addressCountry").len();
    names(&GOOGLE, "required").iter().all(there)
        && names(&GOOGLE, "required_one_of").iter().any(there)
        && places == addressed
}

/// The sample, with all that it leaves out for the sake of the words.
fn complete() -> Value {
    let mut options = sample();
    options["employer"]["industry"] = json!("Robotics");
    options["apply"]["direct"] = json!(true);
    options
}

#[test]
fn the_tech_manager_has_all_that_google_asks_for() {
    let document = posted(tech_manager(), &complete());
    assert_in_the_words_of_schema_org(&document, "JobPosting");
    assert!(is_complete(&document));
    assert_eq!(breaches(&document), Vec::<String>::new());
    let mut asked = names(&GOOGLE, "recommended");
    asked.extend(names(&GOOGLE, "beta"));
    let missing: Vec<&str> = asked.into_iter().filter(|path| at(&document, path).is_empty()).collect();
    assert!(missing.is_empty(), "{missing:?}\n{document:#}");
    assert_eq!(document["experienceRequirements"]["monthsOfExperience"], 96);
    assert_eq!(document["educationRequirements"]["credentialCategory"], "bachelor degree");
    assert_eq!(document["employmentUnit"]["parentOrganization"]["name"], "Engineering");
    assert_eq!(
        document["identifier"],
        json!({"@type": "PropertyValue", "name": "Northwind Robotics", "value": "NR-2041"})
    );
    let codes = at(&document, "occupationalCategory.inCodeSet.name");
    assert_eq!(codes, [&json!("O*NET-SOC"), &json!("ISCO-08")]);
    assert_eq!(document["directApply"], true);
    assert_eq!(document["industry"], "Robotics");
}

#[test]
fn what_is_missing_is_left_out() {
    let document = posted(tech_manager(), &json!({"salary": {"show": false}}));
    let names: BTreeSet<&str> = document.as_object().unwrap().keys().map(String::as_str).collect();
    for absent in [
        "datePosted",
        "validThrough",
        "hiringOrganization",
        "jobLocation",
        "jobLocationType",
        "baseSalary",
        "url",
        "identifier",
        "employmentType",
        "directApply",
        "industry",
        "applicationContact",
        "totalJobOpenings",
    ] {
        assert!(!names.contains(absent), "{absent}");
    }
    let bare = json!({"sections": {
        "opening": false, "responsibilities": false, "skills": false, "qualifications": false, "career": false,
        "pay": false, "arrangement": false, "apply": false, "statements": false, "employer": false,
    }});
    assert!(posted(tech_manager(), &bare).get("description").is_none());
}

#[test]
fn amounts_have_the_digits_that_the_employer_gave() {
    let salary = json!({"min": 28.5, "max": 41.75, "currency": "USD", "period": "hour"});
    let text = rendered(tech_manager(), &json!({"salary": salary}), Format::JsonLd);
    assert!(text.contains(r#""minValue":28.50,"maxValue":41.75,"unitText":"HOUR""#), "{text}");
    let salary = json!({"min": 0.1, "max": 0.1, "currency": "KWD", "period": "day"});
    let text = rendered(tech_manager(), &json!({"salary": salary}), Format::JsonLd);
    assert!(
        text.contains(r#""currency":"KWD","value":{"@type":"QuantitativeValue","value":0.10,"#),
        "{text}"
    );
}

#[test]
fn only_a_wholly_remote_job_is_telecommuting_and_then_it_says_from_where() {
    let place = |workplace: &str| json!({"city": "Denver", "region": "US-CO", "country": "US", "workplace": workplace});
    let of = |locations: Value, within: Value| {
        let document = posted(tech_manager(), &json!({"locations": locations, "remote_within": within}));
        let names = at(&document, "applicantLocationRequirements.name");
        let names: Vec<String> = names.into_iter().map(|name| name.as_str().unwrap().to_owned()).collect();
        assert_eq!(document.get("jobLocationType").is_some(), !names.is_empty());
        names
    };
    let nowhere = Vec::<String>::new();
    assert_eq!(of(json!([place("remote")]), json!(["US-CO", "CA"])), ["Colorado, United States", "Canada"]);
    assert_eq!(of(json!([place("hybrid")]), json!(["US-CO"])), nowhere);
    assert_eq!(of(json!([place("remote"), place("hybrid")]), json!(["US"])), nowhere);
    assert_eq!(of(json!([place("on_site")]), json!([])), nowhere);
    assert_eq!(of(json!([]), json!(["US"])), nowhere);
    // Without `remote_within` an area that is named as the place is where one may be.
    assert_eq!(of(json!([place("remote")]), json!([])), ["United States"]);
    assert_eq!(of(json!([{"region": "DE-BY", "workplace": "remote"}]), json!([])), ["Bavaria, Germany"]);
    assert_eq!(of(json!([{"workplace": "remote"}]), json!([])), nowhere);
}

#[test]
fn a_day_that_is_known_to_end_is_told_to_the_second() {
    let options = tech_manager().options(&sample());
    let (posting, vacancy) = published(tech_manager(), &options, None);
    let written = |closes_at: Option<&str>| {
        let closes_at = closes_at.map(|end| end.parse().unwrap());
        let composed = Composed { closes_at, ..Composed::now(&posting, &vacancy, &options) };
        let json = renderer().write(&composed, Format::JsonLd).unwrap();
        serde_json::from_slice::<Value>(&json).unwrap()["validThrough"].as_str().unwrap().to_owned()
    };
    assert_eq!(written(None), "2027-01-31");
    assert_eq!(written(Some("2027-02-01T07:00:00Z")), "2027-01-31T23:59:59-07:00");
    assert_eq!(written(Some("2027-03-01T07:00:00Z")), "2027-01-31");
}

/// The markup of a page, if it has any.
fn markup(page: &str) -> Option<String> {
    let page = Html::parse_document(page);
    assert!(page.errors.is_empty(), "{:?}", page.errors);
    let scripts: Vec<_> = page.select(&Selector::parse("script").unwrap()).collect();
    assert!(scripts.len() <= 1, "{} scripts", scripts.len());
    scripts.first().map(|script| {
        assert_eq!(script.value().attr("type"), Some("application/ld+json"));
        script.text().collect()
    })
}

#[test]
fn a_page_has_the_json_ld_with_its_links_unless_it_is_asked_not_to() {
    let options = tech_manager().options(&sample());
    let (posting, vacancy) = published(tech_manager(), &options, None);
    let links = Links {
        id: Some("0193a5e8-7b1c-7d3e-9f00-2b6c1d0e4a55"),
        page: Some("https://jobs.example/tech-manager?a=1&b=</script>"),
        role: Some("https://jobs.example/roles/tech-manager"),
        modified: "2026-12-01T00:00:00Z".parse().ok(),
    };
    let composed = Composed { links, ..Composed::now(&posting, &vacancy, &options) };
    let write = |composed: &Composed<'_>, format| {
        String::from_utf8(renderer().write(composed, format).unwrap()).unwrap()
    };
    let found = markup(&write(&composed, Format::Page)).unwrap();
    assert_eq!(found, write(&composed, Format::JsonLd));
    let document: Value = serde_json::from_str(&found).unwrap();
    assert_eq!(document["url"], links.page.unwrap());
    assert_eq!(document["relevantOccupation"]["@id"], links.role.unwrap());
    assert_in_the_words_of_schema_org(&document, "JobPosting");
    let closed = Composed { markup: false, ..composed };
    assert_eq!(markup(&write(&closed, Format::Page)), None);
}

#[test]
fn a_page_that_google_would_refuse_has_no_markup() {
    for missing in ["date_posted", "employer", "locations"] {
        let mut options = sample();
        options.as_object_mut().unwrap().remove(missing);
        assert_eq!(markup(&rendered(tech_manager(), &options, Format::Page)), None, "without {missing}");
    }
    let nowhere = with(&sample(), &json!({"locations": [{"city": "Denver"}, {"country": "US"}]}));
    assert_eq!(markup(&rendered(tech_manager(), &nowhere, Format::Page)), None);
    assert!(markup(&rendered(tech_manager(), &sample(), Format::Page)).is_some());
}

proptest! {
    #![proptest_config(random::config(300))]

    #[test]
    fn a_random_posting_is_in_the_words_of_schema_org_and_keeps_googles_rules(
        role in random::role(), base in random::options(), voice in random::voice(), length in random::length(),
    ) {
        let known = Known::new(role);
        let options = with(&base, &json!({"length": length}));
        let document: Value = serde_json::from_str(&voice.rendered(&known, &options, Format::JsonLd)).unwrap();
        assert_in_the_words_of_schema_org(&document, "JobPosting");
        let found = breaches(&document);
        prop_assert!(found.is_empty(), "{:?}\n{:#}", found, document);
        let page = voice.rendered(&known, &options, Format::Page);
        let embedded = markup(&page).map(|json| serde_json::from_str::<Value>(&json).unwrap());
        prop_assert_eq!(embedded, is_complete(&document).then_some(document));
        let role: Value = serde_json::from_slice(&occupation(&known.role, None).unwrap()).unwrap();
        assert_in_the_words_of_schema_org(&role, "Occupation");
    }

    #[test]
    fn the_plain_html_of_a_random_posting_has_all_its_words_in_their_order(
        role in random::role(), base in random::options(), voice in random::voice(),
    ) {
        let known = Known::new(role);
        let options = known.options(&with(&base, &json!({"tone": voice.id})));
        let (posting, _) = published(&known, &options, voice.tone());
        let html = plain_html(&posting);
        prop_assert!(not_plain(&html).is_empty());
        let text: String = Html::parse_fragment(&html).root_element().text().collect();
        let mut rest = text.as_str();
        for section in &posting.sections {
            let blocks = section.blocks.iter().flat_map(|block| {
                let items = block.items.iter().flat_map(|item| item.label.as_ref().into_iter().chain([&item.words]));
                block.text.as_ref().map(|text| &text.words).into_iter().chain(items)
            });
            for words in std::iter::once(&section.heading).chain(blocks) {
                let at = rest.find(&**words);
                prop_assert!(at.is_some(), "{:?} is not in {:?}", words, rest);
                rest = &rest[at.unwrap() + words.len()..];
            }
        }
    }
}

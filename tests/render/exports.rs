//! The exports for other systems: JSON Resume and JDX JobSchema+.

use std::collections::BTreeSet;

use proptest::prelude::*;
use rolewright::render::Format;
use serde_json::{Value, json};

use super::random;
use super::support::*;

fn exported(known: &Known, options: &Value, format: Format) -> Value {
    serde_json::from_str(&rendered(known, options, format)).unwrap()
}

/// What a posting has that the job description schema of JSON Resume does not, or otherwise.
fn not_json_resume(document: &Value) -> Vec<String> {
    let texts = ["title", "company", "type", "date", "description", "remote", "salary", "experience"];
    let lists = ["responsibilities", "qualifications"];
    let mut wrong = Vec::new();
    for (name, value) in document.as_object().unwrap() {
        let members = |allowed: &[&str]| {
            value.as_object().is_some_and(|o| {
                o.iter().all(|(name, text)| allowed.contains(&name.as_str()) && text.is_string())
            })
        };
        let fits = match name.as_str() {
            "remote" => ["Full", "Hybrid", "None"].iter().any(|word| value == word),
            name if texts.contains(&name) => value.is_string(),
            name if lists.contains(&name) => {
                value.as_array().is_some_and(|list| list.iter().all(Value::is_string))
            }
            "skills" => {
                value.as_array().is_some_and(|list| list.iter().all(|skill| skill["name"].is_string()))
            }
            "location" => members(&["address", "postalCode", "city", "countryCode", "region"]),
            "meta" => members(&["canonical", "version", "lastModified"]),
            _ => false,
        };
        if !fits {
            wrong.push(format!("{name}: {value}"));
        }
    }
    wrong
}

/// What of a posting is not in the terms of JDX JobSchema+, by their domains.
fn not_jdx(node: &Value, context: &Value, terms: &Value, wrong: &mut Vec<String>) {
    let full = |term: &str| {
        let defined = &context[term];
        let id = defined.as_str().or_else(|| defined["@id"].as_str());
        id.map_or_else(|| format!("schema:{term}"), str::to_owned)
    };
    // The profile misspells two terms of schema.org, has one for descriptions alone, and leaves the number of
    // a position and the address of a posting to others.
    let ours = |term: &str| {
        matches!(term, "schema:jobBenefits" | "schema:occupationalCategory" | "jdx:positionID" | "schema:url")
    };
    let class = full(node["@type"].as_str().unwrap());
    if !terms["classes"].as_array().unwrap().contains(&json!(class)) {
        wrong.push(format!("there is no class {class}"));
    }
    for (name, value) in node.as_object().unwrap().iter().filter(|(name, _)| !name.starts_with('@')) {
        let term = full(name);
        let domains = terms["properties"].get(&term).and_then(Value::as_array);
        if !ours(&term) && !domains.is_some_and(|domains| domains.contains(&json!(class))) {
            wrong.push(format!("{term} is no property of {class}"));
        }
        let values = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
        values
            .iter()
            .filter(|value| value.get("@type").is_some())
            .for_each(|value| not_jdx(value, context, terms, wrong));
    }
}

fn assert_in_the_terms_of_jdx(document: &Value) {
    let terms: Value = serde_json::from_str(include_str!("../data/jdx-terms.json")).unwrap();
    let context = &document["@context"];
    assert_eq!(context["jdx"], "http://purl.org/jdx/terms/");
    let mut wrong = Vec::new();
    not_jdx(document, context, &terms, &mut wrong);
    assert!(wrong.is_empty(), "{wrong:#?}\n{document:#}");
    for (term, defined) in
        context.as_object().unwrap().iter().filter(|(_, defined)| !defined.to_string().contains("://"))
    {
        let id = defined.as_str().or_else(|| defined["@id"].as_str()).unwrap();
        let known = terms["properties"].get(id).is_some()
            || terms["classes"].as_array().unwrap().contains(&json!(id));
        assert!(known || id == "schema:jobBenefits", "{term} is {id}");
    }
}

#[test]
fn the_tech_manager_fills_the_schema_of_json_resume() {
    let document = exported(tech_manager(), &sample(), Format::JsonResume);
    let names: BTreeSet<&str> = document.as_object().unwrap().keys().map(String::as_str).collect();
    let all = [
        "company",
        "date",
        "description",
        "experience",
        "location",
        "meta",
        "qualifications",
        "remote",
        "responsibilities",
        "salary",
        "skills",
        "title",
        "type",
    ];
    assert_eq!(names, BTreeSet::from(all));
    assert_eq!((&document["remote"], &document["experience"]), (&json!("Hybrid"), &json!("8+ years")));
}

#[test]
fn the_tech_manager_in_jobschema_names_its_schedule_and_its_pay() {
    let document = exported(tech_manager(), &sample(), Format::Jdx);
    assert_in_the_terms_of_jdx(&document);
    assert_eq!(document["jobSchedule"]["name"]["en-US"], "Full-time");
    assert_eq!(document["baseSalary"]["payCycleInterval"]["name"]["en-US"], "Year");
    assert_eq!(document["hiringOrganization"]["name"]["en-US"], "Northwind Robotics");
    assert_eq!(document["positionID"], "NR-2041");
    assert!(document["requiredCredential"].as_array().is_some_and(|list| !list.is_empty()));
}

proptest! {
    #![proptest_config(random::config(200))]

    #[test]
    fn a_random_posting_keeps_to_both_schemas(
        role in random::role(), base in random::options(), voice in random::voice(), length in random::length(),
    ) {
        let known = Known::new(role);
        let options = with(&base, &json!({"length": length}));
        let document = |format| serde_json::from_str::<Value>(&voice.rendered(&known, &options, format)).unwrap();
        let wrong = not_json_resume(&document(Format::JsonResume));
        prop_assert!(wrong.is_empty(), "{:?}", wrong);
        assert_in_the_terms_of_jdx(&document(Format::Jdx));
    }
}

//! What reviews say is what the specification says that they say.

use rolewright::review::preflight::{Rule, rules};
use rolewright::review::{Comparison, Drift, PreflightFinding, Subject, Target, compare, drift, preflight};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use super::Composed;
use super::support::*;

fn check<T: ToSchema>(value: &Value) {
    let mut schemas = Vec::new();
    T::schemas(&mut schemas);
    schemas.push((T::name().into_owned(), T::schema()));
    let schemas: Map<String, Value> =
        schemas.into_iter().map(|(name, schema)| (name, json!(schema))).collect();
    let root =
        json!({"$ref": format!("#/components/schemas/{}", T::name()), "components": {"schemas": schemas}});
    let validator = jsonschema::validator_for(&root).unwrap();
    let wrong: Vec<String> =
        validator.iter_errors(value).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert!(wrong.is_empty(), "{wrong:#?}\n{value:#}");
    let mut more = value.clone();
    more["unknown"] = json!(1);
    assert!(!validator.is_valid(&more), "{}", T::name());
}

#[test]
fn drift_comparison_findings_and_rules_conform_to_their_schemas() {
    let known = tech_manager();
    let before = Composed::of(known, &Voice::known("neutral"), &sample());
    let over = json!({"tone": "bold", "title": "Lead!", "locations": [{"region": "US-CO"}], "sections": {"skills": false},
        "salary": {"show": false}, "apply": {"url": "http://x.example"}, "team": "Other"});
    let after = Composed::of(known, &Voice::known("bold"), &with(&sample(), &over));
    check::<Drift>(&json!(drift((&before.posting, &before.vacancy), (&after.posting, &after.vacancy))));
    let live = ["Home", "Northwind Robotics builds robots that move goods in offices.", "$150k–185k"]
        .map(str::to_owned);
    check::<Comparison>(&json!(compare(&before.posting, &before.vacancy, &live)));
    let subject = Subject {
        posting: &after.posting,
        vacancy: &after.vacancy,
        options: &after.options,
        own_options: &after.options,
        url: None,
    };
    for finding in Target::ALL.into_iter().flat_map(|target| preflight(target, &subject)) {
        check::<PreflightFinding>(&json!(finding));
    }
    rules().for_each(|rule| check::<Rule>(&json!(rule)));
}

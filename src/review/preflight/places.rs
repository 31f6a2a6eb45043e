//! Places of work, as boards ask for them.

use serde_json::json;

use super::case::{Case, Flaw};
use crate::domain::place::{Country, Location, Workplace};

/// Countries in whose addresses a state or province stands.
const WITH_STATES: [&str; 3] = ["AU", "CA", "US"];

/// No place is named at all.
pub fn is_missing(case: &Case<'_>) -> Vec<Flaw> {
    Flaw::when(case.subject.vacancy.locations.is_empty(), || {
        Flaw::new("/options/locations", "no place of work is named, not even that the work is remote")
    })
}

/// Places without a country, and without a region that is a part of one.
pub fn without_country(case: &Case<'_>) -> Vec<Flaw> {
    flaws(case, "/country", |place| place.country_code().is_none(), "does not say which country it is in")
}

/// Places without a city.
pub fn without_city(case: &Case<'_>) -> Vec<Flaw> {
    flaws(case, "/city", |place| place.city.is_none(), "does not say which city it is in")
}

/// Places without a state, in countries whose addresses have one.
pub fn without_state(case: &Case<'_>) -> Vec<Flaw> {
    let lacks = |place: &Location| {
        place.region.is_none() && place.country_code().is_some_and(|country| WITH_STATES.contains(&country))
    };
    flaws(case, "/region", lacks, "does not say which state or province it is in")
}

/// Places whose country only follows from their region.
pub fn with_implied_country(case: &Case<'_>) -> Vec<Flaw> {
    let implied = |place: &Location| place.country_code().filter(|_| place.country.is_none());
    let flaw = |(index, place): (usize, &Location)| {
        let path = format!("/locations/{index}/country");
        let country: Country = implied(place)?.parse().ok()?;
        let detail = format!("place {} names its country ({}) only by its region", index + 1, country.code());
        Some(Flaw::new(case.at(&path), detail).mended_by(case.setting(&path, json!(country))))
    };
    case.places().filter_map(flaw).collect()
}

/// Remote work alone, and nothing says from where.
pub fn remote_without_area(case: &Case<'_>) -> Vec<Flaw> {
    let vacancy = case.subject.vacancy;
    Flaw::when(vacancy.is_remote() && vacancy.remote_within.is_empty(), || {
        let mut countries: Vec<&str> = vacancy.locations.iter().filter_map(Location::country_code).collect();
        countries.sort_unstable();
        countries.dedup();
        let patch =
            (!countries.is_empty()).then(|| case.setting("/remote_within", json!(countries))).flatten();
        let detail = "all of the work is remote, and nothing says in which countries a person may be";
        Flaw::new(case.at("/remote_within"), detail).mended_by(patch)
    })
}

/// Remote work beside work on site, in one posting.
pub fn remote_mixed(case: &Case<'_>) -> Vec<Flaw> {
    let is_remote = |place: &Location| place.workplace == Some(Workplace::Remote);
    let on_site = case.places().filter(|(_, place)| !is_remote(place)).count();
    let flaw = |(index, _): (usize, &Location)| {
        let detail =
            format!("place {} is remote and others are not: the posting is not listed as remote", index + 1);
        Flaw::new(case.at(&format!("/locations/{index}/workplace")), detail)
    };
    case.places().filter(|(_, place)| on_site > 0 && is_remote(place)).map(flaw).collect()
}

/// Areas for remote work that are not told, since the work is not remote.
pub fn area_without_remote(case: &Case<'_>) -> Vec<Flaw> {
    let vacancy = case.subject.vacancy;
    Flaw::when(
        !vacancy.remote_within.is_empty() && !vacancy.is_remote() && !vacancy.locations.is_empty(),
        || {
            let detail =
                "says where a remote worker may be, and not all of the work is remote: it is not told";
            Flaw::new(case.at("/remote_within"), detail)
        },
    )
}

/// Places that do not say how much of the work is done there.
pub fn without_workplace(case: &Case<'_>) -> Vec<Flaw> {
    let lacking = case.places().filter(|(_, place)| place.workplace.is_none());
    let flaw = |(index, _): (usize, &Location)| {
        let detail =
            format!("place {} does not say whether the work is on site, hybrid, or remote", index + 1);
        Flaw::new(case.at(&format!("/locations/{index}/workplace")), detail)
    };
    lacking.map(flaw).collect()
}

fn flaws(case: &Case<'_>, field: &str, lacks: impl Fn(&Location) -> bool, what: &str) -> Vec<Flaw> {
    let flaw = |(index, _): (usize, &Location)| {
        let pointer = case.at(&format!("/locations/{index}{field}"));
        Flaw::new(pointer, format!("place {} {what}", index + 1))
    };
    case.on_site_places().filter(|(_, place)| lacks(place)).map(flaw).collect()
}

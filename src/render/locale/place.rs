//! Names of countries and regions, and addresses in one line.
//!
//! `names.json` replaces names of ISO 3166 that no one would write in a posting
//! ("Netherlands (Kingdom of the)", "Bayern") by natural English ones, after CLDR 48.
//! `addresses.json` gives the order of an address by country, after Google's `libaddressinput`.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde::Deserialize;

use crate::domain::place::{Area, Country, Location, Region};
use crate::domain::text::Text;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Names {
    /// ISO 3166-1 code → name.
    #[serde(borrow)]
    countries: BTreeMap<&'static str, &'static str>,
    /// ISO 3166-2 code → name.
    #[serde(borrow)]
    regions: BTreeMap<&'static str, &'static str>,
    /// Codes of areas whose name needs "the" in a sentence.
    #[serde(borrow)]
    with_article: BTreeSet<&'static str>,
}

/// Parts of an address: those of a group stand side by side, and a comma stands between groups.
type Address = Vec<Vec<Part>>;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Part {
    Street,
    City,
    /// The region's name.
    Region,
    /// The region's code without the country, as in `CO`.
    RegionCode,
    PostalCode,
}

/// Empty only if the embedded file were broken, which a test rules out; then ISO's names stand.
static NAMES: LazyLock<Names> =
    LazyLock::new(|| serde_json::from_str(include_str!("names.json")).unwrap_or_default());

/// Country → its address; `default` for those that are not listed.
static ADDRESSES: LazyLock<BTreeMap<&'static str, Address>> =
    LazyLock::new(|| serde_json::from_str(include_str!("addresses.json")).unwrap_or_default());

/// The natural English name of a country, or the code if no country has it.
pub fn country_name(code: &str) -> &str {
    let natural = NAMES.countries.get(code).copied();
    natural.unwrap_or_else(|| code.parse::<Country>().map_or(code, |country| country.iso_name()))
}

/// The natural English name of a region.
fn region_name(region: Region) -> &'static str {
    NAMES.regions.get(region.code()).copied().unwrap_or_else(|| region.iso_name())
}

/// A region as the addresses of its country have it: by the code alone (`CO`), or else by its natural
/// English name (`Bavaria`).
pub fn address_region(region: Region) -> &'static str {
    let address = ADDRESSES.get(region.country_code()).into_iter().flatten().flatten();
    let by_code = address.copied().any(|part| part == Part::RegionCode);
    if by_code { region.suffix() } else { region_name(region) }
}

/// The natural English name of an area.
pub fn area_name(area: Area) -> &'static str {
    area.region().map_or_else(|| country_name(area.country_code()), region_name)
}

/// The name of an area as it stands in a sentence.
pub(super) fn area_with_article(area: Area) -> Cow<'static, str> {
    let name = area_name(area);
    let code = area.region().map_or_else(|| area.country_code(), Region::code);
    if NAMES.with_article.contains(code) { format!("the {name}").into() } else { name.into() }
}

/// Writes a place in one line; its country is left out if it is `home`, unless it stands alone.
pub(super) fn write_location(out: &mut String, location: &Location, home: &str) {
    let start = out.len();
    let country = location.country_code();
    let address = country.and_then(|code| ADDRESSES.get(code)).or_else(|| ADDRESSES.get("default"));
    let mut last = "";
    for group in address.into_iter().flatten() {
        let mut glue = ", ";
        for text in group.iter().filter_map(|part| part.of(location)) {
            write_after(out, start, glue, text);
            (glue, last) = (" ", text);
        }
    }
    if let Some(code) = country.filter(|code| *code != home || out.len() == start) {
        let name = country_name(code);
        if name != last {
            write_after(out, start, ", ", name);
        }
    }
}

/// The city, region, or country, with the article that it needs.
pub(super) fn place_in_sentence(location: &Location, home: &str) -> Option<String> {
    let area = location.region.map(Region::code).or_else(|| location.country_code());
    let area = area.and_then(|code| code.parse::<Area>().ok()).filter(|_| location.city.is_none());
    let named = Location { street: None, postal_code: None, workplace: None, ..location.clone() };
    let mut place = String::new();
    if area.is_some_and(|area| area_with_article(area) != area_name(area)) {
        place.push_str("the ");
    }
    let start = place.len();
    write_location(&mut place, &named, home);
    (place.len() > start).then_some(place)
}

fn write_after(out: &mut String, start: usize, glue: &str, text: &str) {
    if out.len() > start {
        out.push_str(glue);
    }
    out.push_str(text);
}

impl Part {
    /// What stands there, if anything does. A region stands in for a city that is not given, with
    /// its name; after a city of the same name it says nothing new.
    fn of(self, location: &Location) -> Option<&str> {
        let city = location.city.as_ref().map(Text::as_str);
        let with_city = || location.region.filter(|_| city.is_some());
        match self {
            Self::Street => location.street.as_ref().map(Text::as_str),
            Self::PostalCode => location.postal_code.as_ref().map(Text::as_str),
            Self::City => city.or_else(|| location.region.map(region_name)),
            Self::Region => with_city().map(region_name).filter(|name| Some(*name) != city),
            Self::RegionCode => with_city().map(Region::suffix),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_in_the_names_is_one_of_iso_3166_and_its_name_differs_from_isos() {
        let names: Names = serde_json::from_str(include_str!("names.json")).unwrap();
        for (code, name) in names.countries {
            assert_ne!(code.parse::<Country>().unwrap_or_else(|e| panic!("{code}: {e}")).iso_name(), name);
        }
        for (code, name) in names.regions {
            assert_ne!(code.parse::<Region>().unwrap_or_else(|e| panic!("{code}: {e}")).iso_name(), name);
        }
        for code in names.with_article {
            code.parse::<Area>().unwrap_or_else(|e| panic!("{code}: {e}"));
        }
    }

    #[test]
    fn every_address_has_a_street_a_city_and_a_postal_code_and_is_of_a_country() {
        let addresses: BTreeMap<&str, Address> =
            serde_json::from_str(include_str!("addresses.json")).unwrap();
        assert!(addresses.contains_key("default"));
        for (code, address) in addresses {
            assert!(code == "default" || code.parse::<Country>().is_ok(), "{code}");
            let parts: Vec<Part> = address.concat();
            for part in [Part::Street, Part::City, Part::PostalCode] {
                assert_eq!(parts.iter().filter(|p| **p == part).count(), 1, "{code}: {part:?}");
            }
        }
    }

    #[test]
    fn no_name_of_a_country_or_a_region_is_inverted_or_explained_in_brackets() {
        // Lists of names, not inversions.
        let plain = ["CO-SAP", "ET-SN", "GB-ABC", "GB-BCP", "GB-NMD"];
        let countries = rust_iso3166::ALL.iter().map(|c| (c.alpha2, country_name(c.alpha2)));
        let regions = rust_iso3166::iso3166_2::SUBDIVISION_MAP;
        let regions = regions.keys().filter_map(|code| Some((*code, region_name(code.parse().ok()?))));
        for (code, name) in countries.chain(regions).filter(|(code, _)| !plain.contains(code)) {
            assert!(!name.contains(['(', ')', '[', ']', '/', ',']), "{code}: {name}");
        }
    }
}

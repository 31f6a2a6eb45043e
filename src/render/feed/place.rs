//! Where a vacancy is, as job boards ask for it: place by place, each place once.

use sha2::{Digest, Sha256};

use crate::domain::Vacancy;
use crate::domain::place::{Area, Country, Location, Region, Workplace};

use super::super::locale::area_name;

/// Countries whose addresses have the region's code: `Denver, CO`.
const CODED: [&str; 3] = ["AU", "CA", "US"];

/// One place of a vacancy.
#[derive(Clone, Copy, Debug, Default)]
pub struct Place<'v> {
    /// Street and number.
    pub street: Option<&'v str>,
    /// City or town.
    pub city: Option<&'v str>,
    /// Postal code.
    pub postal_code: Option<&'v str>,
    /// How much of the work is done there.
    pub workplace: Option<Workplace>,
    region: Option<Region>,
    country: Option<&'static str>,
}

impl<'v> Place<'v> {
    fn of(location: &'v Location) -> Self {
        Self {
            street: location.street.as_ref().map(|text| text.as_str()),
            city: location.city.as_ref().map(|text| text.as_str()),
            postal_code: location.postal_code.as_ref().map(|text| text.as_str()),
            workplace: location.workplace,
            region: location.region,
            country: location.country_code(),
        }
    }

    /// The country's ISO 3166-1 code.
    pub fn country(&self) -> Option<&'static str> {
        self.country
    }

    /// State, province or the like (ISO 3166-2).
    pub fn region(&self) -> Option<Region> {
        self.region
    }

    /// State, province or the like: `CO`, `Bavaria`.
    pub fn state(&self) -> Option<&'static str> {
        let region = self.region?;
        if CODED.contains(&region.country_code()) { Some(region.suffix()) } else { self.region_name() }
    }

    /// The place in one line: `Denver, CO`, `Munich, Bavaria, Germany`, and `Berlin, Germany`, whose region has
    /// the name of the city. Empty if nothing is known of it.
    pub fn line(&self) -> String {
        let whole = self.country == Some("US") && self.city.is_some() && self.region.is_some();
        self.joined(self.state(), self.country_name().filter(|_| !whole))
    }

    /// The same, with its country in any case: `Denver, CO, United States`.
    pub fn abroad(&self) -> String {
        self.joined(self.state(), self.country_name())
    }

    /// The same, without codes: `Denver, Colorado, United States`.
    pub fn in_full(&self) -> String {
        self.joined(self.region_name(), self.country_name())
    }

    /// The name of the country: `United States`.
    pub fn country_name(&self) -> Option<&'static str> {
        self.country?.parse::<Area>().ok().map(area_name)
    }

    /// The name of the region, never a code: `Colorado`.
    pub fn region_name(&self) -> Option<&'static str> {
        self.region?.code().parse::<Area>().ok().map(area_name)
    }

    fn joined(&self, region: Option<&str>, country: Option<&str>) -> String {
        let region = region.filter(|region| !self.is_city_of(region));
        [self.city, region, country].into_iter().flatten().collect::<Vec<_>>().join(", ")
    }

    /// Whether the region is the city itself, by its English name or by its own; a code tells more.
    fn is_city_of(&self, state: &str) -> bool {
        let (Some(city), Some(region)) = (self.city, self.region) else { return false };
        !CODED.contains(&region.country_code())
            && [state, region.iso_name()].iter().any(|name| name.to_lowercase() == city.to_lowercase())
    }

    /// A key that stays the same wherever the place stands among others, however its words are
    /// spaced and capitalised, and whatever the workplace.
    pub fn key(&self) -> String {
        let region = self.region.map(Region::code);
        let mut hash = Sha256::new();
        for part in [self.country, region, self.city, self.postal_code, self.street] {
            for word in part.unwrap_or_default().split_whitespace() {
                hash.update(word.to_lowercase());
                hash.update(" ");
            }
            hash.update("\n");
        }
        hex::encode(&hash.finalize()[..6])
    }

    fn is_anywhere(&self) -> bool {
        let words = [self.street, self.city, self.postal_code, self.country];
        words.iter().all(Option::is_none)
    }
}

/// The places of a vacancy, each once; at least one. Without any, it is what the areas have in common
/// where a remote worker may be; of that, nothing may be known.
pub fn places(vacancy: &Vacancy) -> Vec<Place<'_>> {
    let mut places: Vec<(String, Place<'_>)> = Vec::with_capacity(vacancy.locations.len().max(1));
    for place in vacancy.locations.iter().map(Place::of).filter(|place| !place.is_anywhere()) {
        let key = place.key();
        if places.iter().all(|(known, _)| *known != key) {
            places.push((key, place));
        }
    }
    if places.is_empty() {
        return vec![somewhere(vacancy)];
    }
    places.into_iter().map(|(_, place)| place).collect()
}

fn somewhere(vacancy: &Vacancy) -> Place<'_> {
    let same = |code: fn(&Area) -> Option<&'static str>| {
        let mut codes = vacancy.remote_within.iter().map(code);
        codes.next().flatten().filter(|first| codes.all(|code| code == Some(*first)))
    };
    let first = vacancy.locations.first().and_then(|location| location.workplace);
    Place {
        region: same(|area| area.region().map(Region::code)).and_then(|code| code.parse().ok()),
        country: same(|area| area.country_code().parse().ok().map(Country::code)),
        workplace: first.filter(|_| vacancy.locations.iter().all(|other| other.workplace == first)),
        ..Place::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(place: serde_json::Value) -> [String; 3] {
        let location: Location = serde_json::from_value(place).unwrap();
        let place = Place::of(&location);
        [place.line(), place.abroad(), place.in_full()]
    }

    #[test]
    fn a_region_that_is_the_city_is_not_told_twice() {
        use serde_json::json;
        for (city, region, told) in [
            ("Berlin", "DE-BE", "Berlin, Germany"),
            ("Wien", "AT-9", "Wien, Austria"),
            ("Vienna", "AT-9", "Vienna, Austria"),
            ("Zürich", "CH-ZH", "Zürich, Switzerland"),
            ("Munich", "DE-BY", "Munich, Bavaria, Germany"),
        ] {
            let lines = lines(json!({"city": city, "region": region}));
            assert_eq!(lines, [told, told, told]);
        }
        let lines = lines(json!({"city": "New York", "region": "US-NY"}));
        assert_eq!(
            lines,
            ["New York, NY", "New York, NY, United States", "New York, New York, United States"]
        );
    }
}

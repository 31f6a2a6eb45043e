//! Which symbol a currency has, and where that symbol could mean another one.
//!
//! `currencies.json` holds the symbols: those with one owner, and the shared ones with the
//! countries where each of their currencies is the one people pay with. Symbols are CLDR 48's
//! narrow ones, or the country's own form where that is longer and clear abroad (`HK$`, `R$`);
//! right-to-left symbols and single letters that few would know are left out, so that the ISO 4217
//! code stands in their place.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::domain::salary::Currency;

/// How a currency is shown beside an amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    /// The symbol; the ISO 4217 code where the currency has none.
    pub(super) symbol: &'static str,
    /// The ISO 4217 code.
    pub(super) code: &'static str,
    /// Whether the symbol alone could mean another currency where the job is.
    pub(super) ambiguous: bool,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Currencies {
    /// Code → a symbol that no other currency has.
    #[serde(borrow)]
    own: BTreeMap<&'static str, &'static str>,
    /// Symbol → the currencies that share it.
    shared: BTreeMap<&'static str, Shared>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Shared {
    /// The currency that the symbol means to a reader who has no currency of that symbol.
    unmarked: Option<&'static str>,
    /// Code → the countries where the symbol means it.
    #[serde(borrow)]
    used_in: BTreeMap<&'static str, Vec<&'static str>>,
}

/// Empty only if the embedded file were broken, which a test rules out; then codes are printed.
static CURRENCIES: LazyLock<Currencies> =
    LazyLock::new(|| serde_json::from_str(include_str!("currencies.json")).unwrap_or_default());

/// The mark of `currency` in a posting for `job_countries`, read in the country `home`.
pub(super) fn mark(currency: Currency, job_countries: &[&str], home: &str) -> Mark {
    let code = currency.code();
    if let Some(symbol) = CURRENCIES.own.get(code) {
        return Mark { symbol, code, ambiguous: false };
    }
    let shared = CURRENCIES
        .shared
        .iter()
        .find_map(|(symbol, shared)| Some((symbol, shared, shared.used_in.get(code)?)));
    shared.map_or(Mark { symbol: code, code, ambiguous: false }, |(symbol, shared, countries)| {
        let uses = |country: &str| countries.contains(&country);
        let clear = match job_countries {
            [] => uses(home) || (shared.unmarked == Some(code) && !shared.is_used_in(home)),
            known => known.iter().all(|country| uses(country)),
        };
        Mark { symbol, code, ambiguous: !clear }
    })
}

impl Shared {
    fn is_used_in(&self, country: &str) -> bool {
        self.used_in.values().flatten().any(|c| *c == country)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::domain::place::Country;

    #[test]
    fn every_code_in_the_data_is_a_currency_or_a_country() {
        let data: Currencies = serde_json::from_str(include_str!("currencies.json")).unwrap();
        for code in data.own.keys().chain(data.shared.values().flat_map(|s| s.used_in.keys())) {
            code.parse::<Currency>().unwrap_or_else(|e| panic!("{code}: {e}"));
        }
        for country in data.shared.values().flat_map(|s| s.used_in.values()).flatten() {
            country.parse::<Country>().unwrap_or_else(|e| panic!("{country}: {e}"));
        }
    }

    #[test]
    fn a_symbol_with_one_owner_is_not_shared_and_no_country_is_listed_twice_for_a_symbol() {
        let mut owned = BTreeSet::new();
        for symbol in CURRENCIES.own.values().chain(CURRENCIES.shared.keys()) {
            assert!(owned.insert(symbol), "{symbol} stands twice");
        }
        for (symbol, shared) in &CURRENCIES.shared {
            assert!(shared.used_in.len() > 1, "{symbol} is not shared");
            assert!(shared.unmarked.is_none_or(|code| shared.used_in.contains_key(code)), "{symbol}");
            let mut countries = BTreeSet::new();
            for country in shared.used_in.values().flatten() {
                assert!(countries.insert(country), "{symbol}: {country} stands twice");
            }
        }
    }

    #[test]
    fn a_shared_symbol_is_clear_only_where_every_country_of_the_job_uses_its_currency() {
        let ambiguous = |code: &str, job: &[&str], home| mark(code.parse().unwrap(), job, home).ambiguous;
        for (code, job, home, expected) in [
            ("USD", &["US"][..], "US", false),
            ("CAD", &["US"], "US", true),
            ("CAD", &["CA"], "US", false),
            ("USD", &["CA"], "US", true),
            ("USD", &["US", "CA"], "US", true),
            ("USD", &["US", "PR"], "US", false),
            ("USD", &["DE"], "US", true),
            ("EUR", &["US"], "US", false),
            ("GBP", &["GB"], "US", false),
            ("GBP", &["GI"], "GB", true),
            ("JPY", &["CN"], "US", true),
            ("SEK", &["SE"], "US", false),
            ("SEK", &["SE", "NO"], "US", true),
            ("CHF", &["US"], "US", false),
            ("USD", &[], "US", false),
            ("CAD", &[], "US", true),
            ("CAD", &[], "CA", false),
            ("USD", &[], "CA", true),
            ("USD", &[], "DE", false),
            ("AUD", &[], "DE", true),
            ("GBP", &[], "US", false),
            ("NOK", &[], "US", true),
        ] {
            assert_eq!(ambiguous(code, job, home), expected, "{code} for {job:?} read in {home}");
        }
    }
}

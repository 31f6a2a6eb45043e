//! The five locales, and others made of their data alone.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::domain::salary::Period;

const FILES: [(&str, &str); 5] = [
    ("en-US", include_str!("../../../templates/locales/en-US.json")),
    ("en-GB", include_str!("../../../templates/locales/en-GB.json")),
    ("en-CA", include_str!("../../../templates/locales/en-CA.json")),
    ("de-DE", include_str!("../../../templates/locales/de-DE.json")),
    ("fr-FR", include_str!("../../../templates/locales/fr-FR.json")),
];

fn locale(tag: &str) -> Locale {
    let (_, json) = FILES.iter().find(|(t, _)| *t == tag).unwrap();
    Locale::parse(tag, json).unwrap()
}

fn salary(min: &str, max: &str, currency: &str, period: &str) -> Salary {
    let json = format!(r#"{{"min":{min},"max":{max},"currency":"{currency}","period":"{period}"}}"#);
    serde_json::from_str(&json).unwrap()
}

fn place(json: Value) -> Location {
    serde_json::from_value(json).unwrap()
}

/// No-break spaces as in the tables of CLDR's charts.
fn visible(text: &str) -> String {
    text.replace('\u{A0}', "⍽").replace('\u{202F}', "⌴")
}

/// The error of en-US's file with the value at `pointer` replaced, or removed if `value` is null.
fn error_with(parent: &str, key: &str, value: Value) -> LocaleError {
    let mut file: Value = serde_json::from_str(FILES[0].1).unwrap();
    let object = file.pointer_mut(parent).unwrap().as_object_mut().unwrap();
    match value {
        Value::Null => drop(object.remove(key)),
        value => drop(object.insert(key.to_owned(), value)),
    }
    Locale::parse("en-US", &file.to_string()).unwrap_err()
}

#[test]
fn ranges_are_written_as_cldr_writes_them() {
    for (tag, currency, country, expected) in [
        ("en-US", "USD", "US", "$140,000 – $220,000"),
        ("en-GB", "GBP", "GB", "£140,000 – £220,000"),
        ("en-CA", "CAD", "CA", "$140,000 – $220,000"),
        ("de-DE", "EUR", "DE", "140.000–220.000⍽€"),
        ("fr-FR", "EUR", "FR", "140⌴000–220⌴000⍽€"),
        ("en-US", "EUR", "US", "€140,000 – €220,000"),
        ("en-US", "PLN", "PL", "zł⍽140,000–220,000"),
        ("en-US", "CHF", "CH", "CHF⍽140,000–220,000"),
        ("en-US", "SEK", "SE", "kr⍽140,000–220,000"),
        ("en-US", "BRL", "BR", "R$140,000–220,000"),
        ("de-DE", "CHF", "CH", "140.000–220.000⍽CHF"),
        ("fr-FR", "JPY", "JP", "140⌴000–220⌴000⍽¥"),
    ] {
        let printed = locale(tag).amounts(&salary("140000", "220000", currency, "year"), &[country]);
        assert_eq!(visible(&printed), expected, "{tag} {currency}");
    }
}

#[test]
fn other_locales_of_cldr_need_data_only() {
    let (trail, lead) = ("{amount}\u{A0}{symbol}", "{symbol}\u{A0}{amount}");
    let (trail_range, lead_range) = ("{min}–{max}\u{A0}{symbol}", "{symbol}\u{A0}{min}–{max}");
    for (tag, numbers, money, currency, expected) in [
        (
            "fr-CA",
            json!({"decimal": ",", "group": "\u{A0}"}),
            json!({"amount": trail, "range": trail_range}),
            "CAD",
            "140⍽000–220⍽000⍽$",
        ),
        (
            "pl-PL",
            json!({"decimal": ",", "group": "\u{A0}", "leading_digits": 2}),
            json!({"amount": trail, "range": trail_range}),
            "PLN",
            "140⍽000–220⍽000⍽zł",
        ),
        (
            "en-IN",
            json!({"decimal": ".", "group": ",", "other_groups": 2}),
            json!({"amount": "{symbol}{amount}", "range": "{symbol}{min} – {symbol}{max}"}),
            "INR",
            "₹1,40,000 – ₹2,20,000",
        ),
        (
            "de-AT",
            json!({"decimal": ",", "group": "\u{A0}"}),
            json!({"amount": lead, "range": lead_range, "group": "."}),
            "EUR",
            "€⍽140.000–220.000",
        ),
        (
            "de-CH",
            json!({"decimal": ".", "group": "'"}),
            json!({"amount": lead, "range": lead_range}),
            "CHF",
            "CHF⍽140'000–220'000",
        ),
        (
            "it-IT",
            json!({"decimal": ",", "group": "."}),
            json!({"amount": trail, "range": "{min}-{max}\u{A0}{symbol}"}),
            "EUR",
            "140.000-220.000⍽€",
        ),
        (
            "nl-NL",
            json!({"decimal": ",", "group": "."}),
            json!({"amount": lead, "range": "{symbol}\u{A0}{min}-{max}"}),
            "EUR",
            "€⍽140.000-220.000",
        ),
        (
            "pt-BR",
            json!({"decimal": ",", "group": "."}),
            json!({"amount": lead, "range": lead_range}),
            "BRL",
            "R$⍽140.000–220.000",
        ),
        (
            "ja-JP",
            json!({"decimal": ".", "group": ","}),
            json!({"amount": "{symbol}{amount}", "range": "{symbol}{min} ～ {symbol}{max}"}),
            "JPY",
            "¥140,000 ～ ¥220,000",
        ),
    ] {
        let mut file: Value = serde_json::from_str(FILES[0].1).unwrap();
        file["numbers"] = numbers;
        file["money"] = money;
        let locale = Locale::parse(tag, &file.to_string()).unwrap();
        let printed = locale.amounts(&salary("140000", "220000", currency, "year"), &[]);
        assert_eq!(visible(&printed), expected, "{tag}");
    }
}

#[test]
fn the_code_stands_beside_a_symbol_that_is_ambiguous_where_the_job_is() {
    for (tag, currency, countries, expected) in [
        ("en-US", "CAD", &["US"][..], "$140,000 – $220,000 CAD"),
        ("en-US", "CAD", &[], "$140,000 – $220,000 CAD"),
        ("en-US", "USD", &[], "$140,000 – $220,000"),
        ("en-CA", "USD", &["CA"], "$140,000 – $220,000 USD"),
        ("en-US", "USD", &["US", "CA"], "$140,000 – $220,000 USD"),
        ("en-US", "SEK", &["US"], "SEK⍽140,000–220,000"),
        ("de-DE", "CAD", &["DE"], "140.000–220.000⍽CAD"),
        ("de-DE", "NOK", &["DE"], "140.000–220.000⍽NOK"),
        ("en-US", "EUR", &["US"], "€140,000 – €220,000"),
    ] {
        let printed = locale(tag).amounts(&salary("140000", "220000", currency, "year"), countries);
        assert_eq!(visible(&printed), expected, "{tag} {currency} {countries:?}");
    }
}

#[test]
fn decimals_stand_on_both_amounts_or_on_neither() {
    let us = locale("en-US");
    for (min, max, currency, expected) in [
        ("28.50", "31", "USD", "$28.50 – $31.00"),
        ("28.00", "31", "USD", "$28 – $31"),
        ("28", "31.05", "USD", "$28.00 – $31.05"),
        ("1500", "1800", "JPY", "¥1,500 – ¥1,800"),
        ("4.125", "5", "KWD", "KWD⍽4.125–5.000"),
        ("0", "1000000", "EUR", "€0 – €1,000,000"),
        ("0.05", "999999999999.99", "EUR", "€0.05 – €999,999,999,999.99"),
    ] {
        let country = if currency == "JPY" { "JP" } else { "US" };
        assert_eq!(visible(&us.amounts(&salary(min, max, currency, "hour"), &[country])), expected);
    }
    assert_eq!(visible(&locale("de-DE").amounts(&salary("28.5", "31", "EUR", "hour"), &[])), "28,50–31,00⍽€");
}

#[test]
fn pay_has_its_period_and_fixed_pay_is_one_amount() {
    let us = locale("en-US");
    for (period, expected) in [
        ("hour", "€28.50 an hour"),
        ("day", "€28.50 a day"),
        ("week", "€28.50 a week"),
        ("month", "€28.50 a month"),
        ("year", "€28.50 a year"),
    ] {
        assert_eq!(us.pay(&salary("28.50", "28.5", "EUR", period), &["DE"]), expected);
    }
    assert_eq!(us.pay(&salary("140000", "220000", "USD", "year"), &["US"]), "$140,000 – $220,000 a year");
    assert_eq!(us.pay(&salary("140000", "220000", "CAD", "year"), &["US"]), "$140,000 – $220,000 CAD a year");
    assert_eq!(us.pay(&salary("90000", "90000", "CAD", "year"), &["US"]), "$90,000 CAD a year");
    assert_eq!(
        visible(&locale("fr-FR").pay(&salary("45000", "45000", "EUR", "year"), &["FR"])),
        "45⌴000⍽€ a year"
    );
}

#[test]
fn integers_are_grouped() {
    for (tag, expected) in [("en-US", "12,500"), ("de-DE", "12.500"), ("fr-FR", "12⌴500")] {
        assert_eq!(visible(&locale(tag).integer(12_500)), expected);
    }
    let us = locale("en-US");
    for (n, expected) in [(0, "0"), (999, "999"), (1_000, "1,000"), (u64::MAX, "18,446,744,073,709,551,615")]
    {
        assert_eq!(us.integer(n), expected);
    }
}

#[test]
fn dates_follow_the_locales_order() {
    let date = "2027-01-31".parse().unwrap();
    for (tag, expected) in [
        ("en-US", "January 31, 2027"),
        ("en-CA", "January 31, 2027"),
        ("en-GB", "31 January 2027"),
        ("de-DE", "31 January 2027"),
        ("fr-FR", "31 January 2027"),
    ] {
        assert_eq!(locale(tag).date(date), expected);
    }
    assert_eq!(locale("en-US").date("2028-12-01".parse().unwrap()), "December 1, 2028");
}

#[test]
fn lists_have_the_serial_comma_and_semicolons_around_commas() {
    let us = locale("en-US");
    for (items, and, or) in [
        (&[][..], "", ""),
        (&["a"], "a", "a"),
        (&["a", "b"], "a and b", "a or b"),
        (&["a", "b", "c"], "a, b, and c", "a, b, or c"),
        (&["a, x", "b", "c"], "a, x; b; and c", "a, x; b; or c"),
        (&["Denver, CO", "Austin, TX"], "Denver, CO, and Austin, TX", "Denver, CO, or Austin, TX"),
        (&["Berlin", "Austin, TX"], "Berlin and Austin, TX", "Berlin or Austin, TX"),
    ] {
        assert_eq!(us.and_list(items), and);
        assert_eq!(us.or_list(items), or);
    }
}

#[test]
fn places_are_written_as_in_their_country_and_name_it_abroad() {
    for (tag, location, expected) in [
        ("en-US", json!({"city": "Denver", "region": "US-CO"}), "Denver, CO"),
        ("en-US", json!({"city": "Denver", "region": "US-CO", "country": "US"}), "Denver, CO"),
        ("en-GB", json!({"city": "Denver", "region": "US-CO", "country": "US"}), "Denver, CO, United States"),
        (
            "en-US",
            json!({"street": "1 Main St", "city": "Denver", "region": "US-CO", "postal_code": "80202"}),
            "1 Main St, Denver, CO 80202",
        ),
        ("en-US", json!({"region": "US-CO"}), "Colorado"),
        ("en-GB", json!({"region": "US-CO"}), "Colorado, United States"),
        ("en-US", json!({"country": "US"}), "United States"),
        ("en-US", json!({"city": "Denver"}), "Denver"),
        ("en-US", json!({"workplace": "remote"}), ""),
        ("en-CA", json!({"city": "Toronto", "region": "CA-ON"}), "Toronto, ON"),
        ("en-US", json!({"city": "Toronto", "region": "CA-ON"}), "Toronto, ON, Canada"),
        ("en-US", json!({"city": "Munich", "country": "DE"}), "Munich, Germany"),
        ("en-US", json!({"city": "Munich", "region": "DE-BY"}), "Munich, Germany"),
        (
            "de-DE",
            json!({"street": "Marienplatz 1", "city": "Munich", "postal_code": "80331", "country": "DE"}),
            "Marienplatz 1, 80331 Munich",
        ),
        ("en-US", json!({"region": "DE-BY"}), "Bavaria, Germany"),
        ("en-GB", json!({"city": "London", "postal_code": "SW1A 1AA", "country": "GB"}), "London SW1A 1AA"),
        ("fr-FR", json!({"city": "Paris", "postal_code": "75001", "region": "FR-IDF"}), "75001 Paris"),
        ("en-US", json!({"city": "Singapore", "country": "SG"}), "Singapore"),
        ("en-US", json!({"city": "Tokyo", "region": "JP-13"}), "Tokyo, Japan"),
        ("en-US", json!({"city": "Bengaluru", "region": "IN-KA"}), "Bengaluru, Karnataka, India"),
        ("en-US", json!({"city": "Washington", "region": "US-DC"}), "Washington, DC"),
        ("en-US", json!({"city": "San Juan", "country": "PR"}), "San Juan, Puerto Rico"),
    ] {
        assert_eq!(locale(tag).location(&place(location)), expected);
    }
}

#[test]
fn areas_have_natural_names_and_an_article_where_a_sentence_needs_it() {
    let us = locale("en-US");
    for (code, name, in_sentence) in [
        ("US", "United States", "the United States"),
        ("US-CO", "Colorado", "Colorado"),
        ("US-DC", "District of Columbia", "the District of Columbia"),
        ("GB", "United Kingdom", "the United Kingdom"),
        ("DE", "Germany", "Germany"),
        ("DE-BY", "Bavaria", "Bavaria"),
        ("KR", "South Korea", "South Korea"),
        ("NL", "Netherlands", "the Netherlands"),
        ("ES-CT", "Catalonia", "Catalonia"),
        ("GB-ENG", "England", "England"),
    ] {
        assert_eq!(us.area(code.parse().unwrap()), name);
        assert_eq!(us.area_with_article(code.parse().unwrap()), in_sentence);
    }
}

#[test]
fn fixed_words_are_there() {
    let us = locale("en-US");
    assert_eq!(us.label(Label::EmploymentType), "Employment type");
    assert_eq!(us.workplace(Workplace::OnSite), "On-site");
    assert_eq!(us.employment_type(EmploymentType::FullTime), "Full-time");
    assert_eq!(us.weekly_hours(1), "1 hour a week");
    assert_eq!(us.weekly_hours(40), "40 hours a week");
    assert_eq!((us.tag(), us.name(), us.country_code()), ("en-US", "English (United States)", "US"));
}

#[test]
fn every_locale_has_the_same_english_words() {
    let words = |json: &str| {
        let mut file: Value = serde_json::from_str(json).unwrap();
        for own in ["name", "description", "numbers", "money"] {
            file.as_object_mut().unwrap().remove(own);
        }
        file["dates"].as_object_mut().unwrap().remove("day");
        file
    };
    for (tag, json) in FILES {
        assert_eq!(words(json), words(FILES[0].1), "{tag}");
    }
}

#[test]
fn every_description_shows_what_the_locale_writes() {
    for (tag, json) in FILES {
        let locale = Locale::parse(tag, json).unwrap();
        let currency = match tag {
            "en-US" => "USD",
            "en-GB" => "GBP",
            "en-CA" => "CAD",
            _ => "EUR",
        };
        let amounts = locale.amounts(&salary("140000", "220000", currency, "year"), &[]);
        assert!(locale.description().contains(&amounts), "{tag}: {amounts}");
        assert!(locale.description().contains(&locale.date("2027-01-31".parse().unwrap())), "{tag}");
    }
}

#[test]
fn a_bad_file_is_refused_with_the_field_named() {
    for (parent, key, value, field, detail) in [
        ("/labels", "start", Value::Null, "labels", "missing field `start`"),
        ("/labels", "begin", json!("Begin"), "labels.begin", "unknown field `begin`"),
        ("/labels", "start", json!(" "), "labels.start", "must not be empty"),
        ("", "money", Value::Null, ".", "missing field `money`"),
        ("/money", "range", json!("{symbol}{min}"), "money.range", "`{max}` is missing"),
        ("/money", "range", json!("{symbol}{low}–{max}"), "money.range", "unknown `{low}`"),
        ("/money", "amount", json!("{symbol}{amount"), "money.amount", "`{` is not closed"),
        ("/money", "amount", json!("{symbol}0{amount}"), "money.amount", "digits"),
        ("/numbers", "group", json!("0"), "numbers.group", "no digits"),
        ("/numbers", "first_group", json!(0), "numbers.first_group", "from 1 to 9"),
        ("/dates", "months", json!(["January"]), "dates.months", "array of length 12"),
        ("/lists/and", "pair", json!(""), "lists.and.pair", "must not be empty"),
    ] {
        let error = error_with(parent, key, value);
        assert_eq!(error.field, field, "{error}");
        assert!(error.detail.contains(detail), "{error}");
    }
    assert_eq!(Locale::parse("english", FILES[0].1).unwrap_err().field, "tag");
    assert!(Locale::parse("en-US", "{").unwrap_err().detail.contains("line 1"));
    assert!(Locale::parse("en-US", &format!("{} x", FILES[0].1)).is_err());
}

fn any_currency() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "USD", "CAD", "EUR", "GBP", "JPY", "CNY", "CHF", "SEK", "INR", "PLN", "KWD", "BRL", "XOF", "ZAR",
        "AED",
    ])
}

proptest! {
    #[test]
    fn the_digits_printed_are_the_amounts_digits_and_the_currency_is_told(
        file in prop::sample::select(FILES.to_vec()),
        currency in any_currency(),
        low in 0_u64..1_000_000_000_000,
        more in prop_oneof![Just(0_u64), 1_u64..1_000_000_000],
        job in prop::sample::subsequence(vec!["US", "CA", "DE", "JP", "SE", "ZZ"], 0..3),
    ) {
        let locale = Locale::parse(file.0, file.1).unwrap();
        let decimals = currency.parse::<crate::domain::salary::Currency>().unwrap().decimals();
        let unit = 10_u64.pow(decimals);
        let major = |minor: u64| {
            if decimals == 0 { minor.to_string() } else { format!("{}.{:0width$}", minor / unit, minor % unit, width = decimals as usize) }
        };
        let high = low + more;
        let printed = locale.amounts(&salary(&major(low), &major(high), currency, "year"), &job);

        let whole = low % unit == 0 && high % unit == 0;
        let digits = |minor: u64| {
            if whole { (minor / unit).to_string() } else { major(minor).replace('.', "") }
        };
        let expected = if more == 0 { digits(low) } else { digits(low) + &digits(high) };
        prop_assert_eq!(printed.chars().filter(char::is_ascii_digit).collect::<String>(), expected);

        let mark = currency::mark(currency.parse().unwrap(), &job, locale.country_code());
        let told = if mark.ambiguous { mark.code } else { mark.symbol };
        prop_assert!(printed.contains(told), "{}", printed);
        prop_assert!(!printed.contains("  ") && printed.trim() == printed, "{}", printed);

        let pay = locale.pay(&salary(&major(low), &major(high), currency, "year"), &job);
        prop_assert_eq!(pay, format!("{} a year", printed));
    }

    #[test]
    fn integers_keep_their_digits(file in prop::sample::select(FILES.to_vec()), n: u64) {
        let printed = Locale::parse(file.0, file.1).unwrap().integer(n);
        prop_assert_eq!(printed.chars().filter(char::is_ascii_digit).collect::<String>(), n.to_string());
    }

    #[test]
    fn a_list_holds_every_item_in_order(items in prop::collection::vec("[a-z]{1,5}(, [a-z]{1,3})?", 0..6)) {
        let joined = locale("en-GB").and_list(&items);
        let mut rest = joined.as_str();
        for item in &items {
            let at = rest.find(item.as_str());
            prop_assert!(at.is_some(), "{item} in {joined}");
            rest = &rest[at.unwrap_or_default() + item.len()..];
        }
    }
}

#[test]
fn every_period_is_told_apart() {
    let us = locale("en-US");
    let texts: std::collections::BTreeSet<String> =
        Period::ALL.iter().map(|p| us.pay(&salary("1", "2", "USD", p.as_str()), &[])).collect();
    assert_eq!(texts.len(), Period::ALL.len());
}

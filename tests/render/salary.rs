//! Pay: whose, how it is written, and that hidden pay is nowhere.

use serde_json::{Value, json};

use super::support::*;

const BAND: &str = "$140,000 – $220,000 a year";

fn shown(known: &Known, options: &Value) -> Option<String> {
    posting(known, options).0["salary"]["text"].as_str().map(str::to_owned)
}

#[test]
fn the_roles_band_is_shown_where_the_options_name_no_range() {
    for options in [json!({}), json!({"salary": {}}), json!({"salary": {"show": true}})] {
        for tone in tones() {
            let options = with(&options, &json!({"tone": tone}));
            assert_eq!(shown(tech_manager(), &options).as_deref(), Some(BAND));
            let posting = posting(tech_manager(), &options);
            let pay: Vec<Said> = posting.said().into_iter().filter(|said| said.section == "pay").collect();
            assert_eq!(pay.len(), 1, "{tone}");
            assert!(pay[0].words.contains(BAND), "{tone}: {}", pay[0].words);
            assert!(pay[0].sources.contains(&("role", "/salary")), "{tone}");
        }
    }
}

#[test]
fn the_options_range_stands_in_place_of_the_roles_in_every_format() {
    for tone in tones() {
        for format in WORDED {
            let options = json!({"tone": tone, "salary": {"min": 151000, "max": 184500}});
            let text = rendered(tech_manager(), &options, format);
            assert!(text.contains("$151,000 – $184,500 a year"), "{tone} {}", format.as_str());
            assert!(!text.contains("140,000"), "{tone} {}", format.as_str());
        }
    }
}

#[test]
fn a_range_beyond_the_band_is_noted_and_one_inside_is_not() {
    let notes = |salary: Value| {
        let posting = posting(tech_manager(), &json!({"salary": salary}));
        let notes = posting.notes().into_iter().filter(|code| code.starts_with("salary"));
        notes.map(str::to_owned).collect::<Vec<_>>()
    };
    let outside = ["salary-outside-band"];
    let elsewhere = ["salary-not-comparable"];
    assert!(notes(json!({"min": 140000, "max": 220000})).is_empty());
    assert!(notes(json!({"min": 150000, "max": 150000})).is_empty());
    assert_eq!(notes(json!({"min": 139999, "max": 150000})), outside);
    assert_eq!(notes(json!({"min": 150000, "max": 220000.01})), outside);
    assert_eq!(notes(json!({"min": 100, "max": 200})), outside);
    assert_eq!(notes(json!({"min": 150000, "max": 180000, "currency": "EUR"})), elsewhere);
    assert_eq!(notes(json!({"min": 70, "max": 80, "period": "hour"})), elsewhere);
}

/// The digits of a text, with nothing between them.
fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

#[test]
fn hidden_pay_leaves_no_amount_of_options_or_role_in_any_format() {
    let mut json = tech_manager().json.clone();
    json["salary"] = json!({"min": 141273, "max": 219387, "currency": "USD", "period": "year"});
    let known = Known::new(json);
    let salary = json!({"min": 98761, "max": 374915, "note": "up to 864297 with equity"});
    let secrets = ["141273", "219387", "98761", "374915", "864297"];
    let hidden = [
        json!({"salary": with(&salary, &json!({"show": false}))}),
        json!({"salary": {"show": false, "note": "up to 864297 with equity"}}),
        json!({"salary": salary, "sections": {"pay": false}}),
        json!({"sections": {"pay": false}}),
        json!({"salary": with(&salary, &json!({"currency": "CAD", "period": "month", "show": false}))}),
    ];
    let mut findings = Findings::default();
    for tone in tones() {
        for length in LENGTHS {
            for base in [json!({}), sample()] {
                for over in &hidden {
                    let options = with(&with(&base, &json!({"tone": tone, "length": length})), over);
                    let options = if over.get("salary").is_some() || base == json!({}) {
                        options
                    } else {
                        with(&options, &json!({"salary": salary}))
                    };
                    for format in READABLE {
                        let found = digits(&rendered(&known, &options, format));
                        for secret in secrets {
                            findings.check(!found.contains(secret), || {
                                format!("{tone} {length} {}: {secret} in {over}", format.as_str())
                            });
                        }
                    }
                    let posting = posting(&known, &options);
                    findings.check(posting.0.get("salary").is_none(), || format!("{tone}: salary in {over}"));
                }
            }
        }
    }
    findings.report();
}

#[test]
fn shown_pay_is_found_by_the_same_search() {
    let salary = json!({"min": 98761, "max": 374915, "note": "up to 864297 with equity"});
    for format in WORDED {
        let found = digits(&rendered(tech_manager(), &json!({"salary": salary}), format));
        for amount in ["98761", "374915", "864297"] {
            assert!(found.contains(amount), "{}", format.as_str());
        }
    }
}

#[test]
fn hidden_pay_leaves_benefits_where_they_are() {
    let options = with(&sample(), &json!({"salary": {"show": false}}));
    for tone in tones() {
        let posting = posting(tech_manager(), &with(&options, &json!({"tone": tone})));
        let pay = posting.section("pay").unwrap();
        assert!(!pay["heading"].as_str().unwrap().is_empty());
        let benefits =
            posting.said().iter().filter(|said| said.section == "pay" && said.kind == "list").count();
        assert_eq!(benefits, 4, "{tone}");
    }
}

#[test]
fn fixed_pay_is_one_amount_and_no_range() {
    for tone in tones() {
        let options = json!({"tone": tone, "salary": {"min": 150000, "max": 150000}});
        let posting = posting(tech_manager(), &options);
        let said = posting.said();
        let pay = said.iter().find(|said| said.section == "pay").unwrap();
        assert_eq!(pay.words.matches("150,000").count(), 1, "{}", pay.words);
        assert!(pay.words.contains("$150,000 a year"), "{}", pay.words);
        assert!(!pay.words.contains('–') && !pay.words.contains("range"), "{}", pay.words);
    }
}

#[test]
fn amounts_are_written_as_the_locale_writes_them() {
    let euros = json!({"min": 140000, "max": 220000, "currency": "EUR"});
    let pounds = json!({"min": 140000, "max": 220000, "currency": "GBP"});
    let canadian = json!({"min": 140000, "max": 220000, "currency": "CAD"});
    let in_country = |country: &str| json!([{"country": country, "city": "X"}]);
    for (locale, country, salary, wanted) in [
        ("en-US", "US", json!({"min": 140000, "max": 220000}), "$140,000 – $220,000 a year"),
        ("en-GB", "GB", pounds, "£140,000 – £220,000 a year"),
        ("en-CA", "CA", canadian.clone(), "$140,000 – $220,000 a year"),
        ("de-DE", "DE", euros.clone(), "140.000–220.000\u{a0}€ a year"),
        ("fr-FR", "FR", euros, "140\u{202f}000–220\u{202f}000\u{a0}€ a year"),
        ("en-US", "US", canadian.clone(), "$140,000 – $220,000 CAD a year"),
        ("en-CA", "CA", json!({"min": 140000, "max": 220000}), "$140,000 – $220,000 USD a year"),
    ] {
        let options = json!({"locale": locale, "locations": in_country(country), "salary": salary});
        assert_eq!(shown(tech_manager(), &options).as_deref(), Some(wanted), "{locale} {country}");
    }
}

#[test]
fn the_currency_never_changes_with_the_locale() {
    for currency in ["USD", "CAD", "EUR", "GBP", "JPY", "CHF", "SEK", "INR", "BRL", "AUD", "PLN"] {
        for locale in LOCALES {
            let salary = json!({"min": 150000, "max": 160000, "currency": currency});
            let posting = posting(tech_manager(), &json!({"locale": locale, "salary": salary}));
            let shown = &posting.0["salary"];
            assert_eq!(shown["range"]["currency"], currency, "{locale}");
            let text = shown["text"].as_str().unwrap();
            let symbols: &[&str] = match currency {
                "USD" => &["$"],
                "EUR" => &["€"],
                "GBP" => &["£"],
                "JPY" => &["¥"],
                "INR" => &["₹"],
                "CAD" | "AUD" | "BRL" => &["$"],
                _ => &["kr", "zł", "Fr"],
            };
            let named = text.contains(currency) || symbols.iter().any(|symbol| text.contains(symbol));
            assert!(named, "{locale} {currency}: {text}");
        }
    }
}

#[test]
fn two_currencies_of_one_symbol_are_told_apart_where_it_is_not_known_where_the_job_is() {
    for locale in LOCALES {
        let text = |currency: &str| {
            let salary = json!({"min": 150000, "max": 160000, "currency": currency});
            shown(tech_manager(), &json!({"locale": locale, "salary": salary})).unwrap()
        };
        let texts = ["USD", "CAD", "AUD", "SGD", "NZD", "HKD", "MXN"].map(text);
        for (n, one) in texts.iter().enumerate() {
            assert!(!texts[n + 1..].contains(one), "{locale}: {texts:?}");
        }
    }
}

#[test]
fn pay_by_the_hour_keeps_its_cents_and_is_not_called_a_salary() {
    let text = shown(zookeeper(), &json!({"locale": "en-GB"})).unwrap();
    assert_eq!(text, "£13.25 – £15.75 an hour");
    for tone in tones() {
        let posting = posting(zookeeper(), &json!({"tone": tone}));
        let said = posting.said();
        let pay = said.iter().find(|said| said.section == "pay").unwrap();
        assert!(pay.words.contains("an hour"), "{}", pay.words);
        assert!(!pay.words.to_lowercase().contains("salary"), "{}", pay.words);
    }
}

#[test]
fn a_currency_without_decimals_has_none_and_one_with_three_has_three() {
    let text = |salary: Value| shown(tech_manager(), &json!({"salary": salary})).unwrap();
    let yen = text(json!({"min": 9000000, "max": 9500000, "currency": "JPY"}));
    assert!(yen.contains("9,000,000") && !yen.contains('.'), "{yen}");
    let dinars = text(json!({"min": 1500.5, "max": 1600.125, "currency": "KWD", "period": "month"}));
    assert!(dinars.contains("1,500.500") && dinars.contains("1,600.125"), "{dinars}");
}

#[test]
fn a_note_follows_the_range_whether_it_is_a_phrase_or_a_sentence() {
    for tone in tones() {
        for (note, wanted) in
            [("plus equity", "plus equity"), ("Equity is offered, too", "Equity is offered, too")]
        {
            let options = json!({"tone": tone, "salary": {"note": note}});
            let posting = posting(tech_manager(), &options);
            let said = posting.said();
            let pay = said.iter().find(|said| said.section == "pay").unwrap();
            assert!(pay.words.contains(wanted), "{}", pay.words);
            assert!(pay.sources.contains(&("options", "/salary/note")), "{tone}");
        }
    }
}

#[test]
fn a_role_without_a_band_has_no_pay_section_until_the_options_bring_a_range() {
    let mut json = tech_manager().json.clone();
    json.as_object_mut().unwrap().remove("salary");
    let known = Known::new(json);
    assert!(posting(&known, &json!({})).section("pay").is_none());
    let salary = json!({"salary": {"min": 1000, "max": 2000, "currency": "EUR", "period": "month"}});
    assert!(shown(&known, &salary).unwrap().ends_with("a month"));
}

#[test]
fn pay_is_never_open_ended() {
    for tone in tones() {
        for salary in [json!({"min": 0, "max": 100000}), json!({"min": 150000, "max": 185000})] {
            let posting = posting(tech_manager(), &json!({"tone": tone, "salary": salary}));
            let said = posting.said();
            let pay = said.iter().find(|said| said.section == "pay").unwrap().words.to_lowercase();
            for word in ["up to", "from $", "starting", "at least", "competitive", "and up", "$150,000+"] {
                assert!(!pay.contains(word), "{tone}: {pay}");
            }
        }
    }
}

//! Title, pay, dates, and places are the same in every format.
//!
//! `outline.rs` proves that the text formats say what the posting document says, word for word. Here the
//! document's words are held against what the employer gave, and the structured formats against both.

use proptest::prelude::*;
use rolewright::domain::PostingOptions;
use rolewright::domain::place::Location;
use rolewright::render::Format;
use scraper::{Html, Selector};
use serde_json::{Value, json};

use super::random;
use super::support::*;

/// What differs in a structured format from the posting document and the options.
pub fn differences(
    format: Format,
    text: &str,
    posting: &Posting,
    options: &PostingOptions,
) -> Result<(), String> {
    let document: Value = serde_json::from_str(text).map_err(|e| e.to_string())?;
    let options = serde_json::to_value(options).unwrap();
    let salary = posting.0.get("salary");
    match format {
        Format::JsonLd => {
            if text.contains(['<', '>', '&']) {
                return Err("is not safe in a script".to_owned());
            }
            same("title", &document["title"], posting.0.get("title"))?;
            same("baseSalary", &document["baseSalary"], salary.map(monetary_amount).as_ref())?;
            dates(&document, &options, ["datePosted", "validThrough", "jobStartDate"])?;
            let places: Vec<Value> = places(&options).iter().map(postal_address).collect();
            let places = json!(
                places
                    .into_iter()
                    .map(|address| json!({"@type": "Place", "address": address}))
                    .collect::<Vec<_>>()
            );
            same("jobLocation", &listed(&document["jobLocation"]), Some(&places))
        }
        Format::JsonResume => {
            same("title", &document["title"], posting.0.get("title"))?;
            same("salary", &document["salary"], salary.map(|salary| &salary["text"]))?;
            same("date", &document["date"], options.get("date_posted"))?;
            let place = places(&options).first().map(json_resume_place);
            same("location", &document["location"], place.as_ref())
        }
        Format::Jdx => {
            let title = json!({posting.0["language"].as_str().unwrap(): posting.title()});
            same("title", &document["title"], Some(&title))?;
            same(
                "baseSalary",
                &document["baseSalary"],
                salary.map(|salary| jdx_salary(salary, posting)).as_ref(),
            )?;
            dates(&document, &options, ["datePosted", "validThrough", "jobStartDate"])?;
            let places: Vec<Value> = places(&options).iter().map(|place| jdx_place(place, posting)).collect();
            same("jobLocation", &listed(&document["jobLocation"]), Some(&json!(places)))
        }
        _ => Err("is no structured format".to_owned()),
    }
}

/// What differs in the words of the posting document from what the employer gave.
pub fn differences_of_words(posting: &Posting, options: &PostingOptions) -> Result<(), String> {
    let said = posting.said();
    let fact = |pointer: &str| {
        said.iter().find(|said| said.kind == "facts" && said.sources == [("options", pointer)])
    };
    for (pointer, day) in [("/start", options.start), ("/date_posted", options.date_posted)] {
        if let (Some(fact), Some(day)) = (fact(pointer), day) {
            says_day(fact.words, &day.to_string())?;
        }
    }
    let closes = said.iter().find(|said| said.sources.contains(&("options", "/valid_through")));
    // An own tone need not say the day.
    let ours = tones().iter().any(|tone| posting.0["tone"] == tone.as_str());
    if let (Some(closes), Some(day)) = (closes.filter(|_| ours), options.valid_through) {
        says_day(closes.words, &day.to_string())?;
    }
    if let Some(fact) = fact("/locations") {
        let named = options.locations.iter().flat_map(|place| [&place.street, &place.city]).flatten();
        if let Some(missing) = named.map(|text| text.as_str()).find(|text| !fact.words.contains(text)) {
            return Err(format!("{missing:?} is not among the places {:?}", fact.words));
        }
    }
    let Some(salary) = posting.0.get("salary") else { return Ok(()) };
    let text = salary["text"].as_str().unwrap();
    if !said.iter().any(|said| said.section == "pay" && said.words.contains(text)) {
        return Err(format!("no pay of {text:?}"));
    }
    let amount = |name: &str| salary["range"][name].to_string();
    let (min, max) = (amount("min"), amount("max"));
    let both = if min == max { min } else { min + &max };
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    // Decimals are written as the currency has them.
    if digits != both && !both.contains('.') {
        return Err(format!("{text:?} does not say {both}"));
    }
    Ok(())
}

fn says_day(words: &str, day: &str) -> Result<(), String> {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let [year, month, day_of_month] = day.split('-').collect::<Vec<_>>().try_into().unwrap();
    let month = MONTHS[month.parse::<usize>().unwrap() - 1];
    let day_of_month = day_of_month.trim_start_matches('0');
    let numbers: Vec<&str> = words.split(|c: char| !c.is_ascii_digit()).collect();
    if words.contains(month) && numbers.contains(&year) && numbers.contains(&day_of_month) {
        return Ok(());
    }
    Err(format!("{words:?} does not say {day}"))
}

fn same(name: &str, found: &Value, wanted: Option<&Value>) -> Result<(), String> {
    let wanted = wanted.unwrap_or(&Value::Null);
    if found == wanted { Ok(()) } else { Err(format!("{name} is {found} and should be {wanted}")) }
}

fn dates(document: &Value, options: &Value, names: [&str; 3]) -> Result<(), String> {
    let given = ["date_posted", "valid_through", "start"];
    names.iter().zip(given).try_for_each(|(name, given)| same(name, &document[*name], options.get(given)))
}

fn listed(value: &Value) -> Value {
    match value {
        Value::Null => json!([]),
        Value::Array(_) => value.clone(),
        one => json!([one]),
    }
}

fn object<const N: usize>(members: [(&str, Value); N]) -> Value {
    let members = members.into_iter().filter(|(_, value)| !value.is_null());
    Value::Object(members.map(|(name, value)| (name.to_owned(), value)).collect())
}

fn monetary_amount(salary: &Value) -> Value {
    let range = &salary["range"];
    let unit = range["period"].as_str().unwrap().to_uppercase();
    let value = if range["min"] == range["max"] {
        json!({"@type": "QuantitativeValue", "value": range["min"], "unitText": unit})
    } else {
        json!({"@type": "QuantitativeValue", "minValue": range["min"], "maxValue": range["max"], "unitText": unit})
    };
    json!({"@type": "MonetaryAmount", "currency": range["currency"], "value": value})
}

fn jdx_salary(salary: &Value, posting: &Posting) -> Value {
    let (range, language) = (&salary["range"], posting.0["language"].as_str().unwrap());
    let period = range["period"].as_str().unwrap();
    let period = period[..1].to_uppercase() + &period[1..];
    json!({
        "@type": "MonetaryAmount", "currency": range["currency"], "minValue": range["min"], "maxValue": range["max"],
        "payCycleInterval": {"@type": "AnnotatedDefinedTerm", "name": {language: period}},
    })
}

/// The locations that name a place, each text without white space around it.
fn places(options: &Value) -> Vec<Value> {
    let places = options["locations"].as_array().into_iter().flatten();
    let trimmed = places.map(|place| {
        let members = place.as_object().unwrap().iter().filter(|(name, _)| *name != "workplace");
        Value::Object(
            members.map(|(name, text)| (name.clone(), json!(text.as_str().unwrap().trim()))).collect(),
        )
    });
    trimmed.filter(|place| place.as_object().is_some_and(|place| !place.is_empty())).collect()
}

/// The country of a place, and its region as addresses there name it.
fn area(place: &Value) -> (Value, Value) {
    let location: Location = serde_json::from_value(place.clone()).unwrap();
    let country = location.country_code();
    let by_code = ["US", "CA", "AU", "BR"];
    let names = [("GB-LND", "City of London"), ("DE-BY", "Bavaria"), ("FR-75C", "Paris")];
    let region = location.region.map(|region| match by_code.contains(&region.country_code()) {
        true => region.suffix(),
        false => names.iter().find(|(code, _)| *code == region.code()).unwrap().1,
    });
    (json!(country), json!(region))
}

fn postal_address(place: &Value) -> Value {
    let (country, region) = area(place);
    object([
        ("@type", json!("PostalAddress")),
        ("streetAddress", place["street"].clone()),
        ("addressLocality", place["city"].clone()),
        ("addressRegion", region),
        ("postalCode", place["postal_code"].clone()),
        ("addressCountry", country),
    ])
}

fn json_resume_place(place: &Value) -> Value {
    let (country, region) = area(place);
    object([
        ("address", place["street"].clone()),
        ("postalCode", place["postal_code"].clone()),
        ("city", place["city"].clone()),
        ("countryCode", country),
        ("region", region),
    ])
}

fn jdx_place(place: &Value, posting: &Posting) -> Value {
    let language = posting.0["language"].as_str().unwrap();
    let Value::Object(address) = postal_address(place) else { unreachable!() };
    let in_language = |(name, text): (String, Value)| match name.as_str() {
        "@type" | "postalCode" => (name, text),
        _ => (name, json!({language: text})),
    };
    let address: serde_json::Map<_, _> = address.into_iter().map(in_language).collect();
    json!({"@type": "Place", "address": address})
}

/// What stands in the elements of a class, in reading order.
fn texts(html: &Html, selector: &str) -> Vec<String> {
    let selector = Selector::parse(selector).unwrap();
    html.select(&selector).map(|element| element.text().collect()).collect()
}

proptest! {
    #![proptest_config(random::config(200))]

    #[test]
    fn title_pay_dates_and_places_are_the_same_in_every_format(
        role in random::role(), base in random::options(), voice in random::voice(), length in random::length(),
    ) {
        let known = Known::new(role);
        let json = with(&base, &json!({"length": length}));
        let options = known.options(&with(&json, &json!({"tone": voice.id})));
        let posting = voice.posting(&known, &json);
        prop_assert_eq!(differences_of_words(&posting, &options), Ok(()));
        for format in [Format::JsonLd, Format::JsonResume, Format::Jdx] {
            let found = differences(format, &voice.rendered(&known, &json, format), &posting, &options);
            prop_assert_eq!(found, Ok(()), "{}", format.as_str());
        }
        let facts: Vec<String> =
            posting.said().iter().filter(|said| said.kind == "facts").map(|said| said.words.to_owned()).collect();
        for format in [Format::Html, Format::Page] {
            let html = Html::parse_document(&voice.rendered(&known, &json, format));
            prop_assert_eq!(texts(&html, ".rw-title"), [posting.title()]);
            prop_assert_eq!(&texts(&html, ".rw-facts dd"), &facts);
            if let Some(salary) = posting.0.get("salary") {
                let pay = texts(&html, ".rw-pay").concat();
                prop_assert!(pay.contains(salary["text"].as_str().unwrap()), "{}", pay);
            }
        }
    }
}

#[test]
fn the_comparison_of_facts_finds_what_differs() {
    let options = tech_manager().options(&sample());
    let posting = posting(tech_manager(), &sample());
    for (format, changes) in [
        (
            Format::JsonLd,
            [
                ("185000", "185001"),
                ("Denver", "Boulder"),
                ("2026-12-01", "2026-12-02"),
                ("\"Tech Manager", "\"A"),
            ],
        ),
        (
            Format::JsonResume,
            [
                ("185,000", "185,001"),
                ("\"Denver", "\"Boulder"),
                ("2026-12-01", "2026-12-02"),
                ("\"Tech Manager", "\"A"),
            ],
        ),
        (
            Format::Jdx,
            [
                ("185000", "185001"),
                ("\"Denver", "\"Boulder"),
                ("2027-01-31", "2027-01-30"),
                ("\"Tech Manager", "\"A"),
            ],
        ),
    ] {
        let text = rendered(tech_manager(), &sample(), format);
        assert_eq!(differences(format, &text, &posting, &options), Ok(()));
        for (from, to) in changes {
            assert!(text.contains(from), "{from}");
            let found = differences(format, &text.replace(from, to), &posting, &options);
            assert!(found.is_err(), "{}: {to} for {from}", format.as_str());
        }
    }
    for (pointer, text) in [("/salary/range/max", json!(185_001)), ("/salary/text", json!("$1"))] {
        let mut changed = Posting(posting.0.clone());
        *changed.0.pointer_mut(pointer).unwrap() = text;
        assert!(differences_of_words(&changed, &options).is_err(), "{pointer}");
    }
}

//! Random roles and options, for the tests of all topics.

use std::sync::LazyLock;

use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use proptest::test_runner::RngSeed;
use serde_json::{Map, Value, json};

use super::support::*;

/// A configuration with so many cases, always the same ones, so that no run fails by chance.
///
/// To look further: `PROPTEST_CASES=5000 PROPTEST_RNG_SEED=$RANDOM cargo test --test render random_`.
pub fn config(cases: u32) -> ProptestConfig {
    let asked = |name| std::env::var_os(name).is_some();
    let found = ProptestConfig::default();
    ProptestConfig {
        cases: if asked("PROPTEST_CASES") { found.cases } else { cases },
        rng_seed: if asked("PROPTEST_RNG_SEED") { found.rng_seed } else { RngSeed::Fixed(1) },
        failure_persistence: None,
        max_shrink_iters: 2000,
        ..found
    }
}

/// Words of many kinds: plain, accented, marked up, with signs that some format reads.
const WORDS: [&str; 40] = [
    "lead",
    "a",
    "team",
    "of",
    "engineers",
    "plan",
    "work",
    "iOS",
    "R&D",
    "SRE",
    "user",
    "hour",
    "C++",
    "and/or",
    "(mostly)",
    "r\u{e9}sum\u{e9}",
    "\u{5e9}\u{5dc}\u{5d5}\u{5dd}",
    "\u{4ed5}\u{4e8b}",
    "<b>bold</b>",
    "&amp;",
    "**strong**",
    "_so_",
    "`code`",
    "[link](https://x.example)",
    "# head",
    "- item",
    "1. one",
    "| a | b |",
    "~~no~~",
    "{{ title }}",
    "{% if x %}",
    "https://x.example",
    "jobs@x.example",
    "\"quoted\"",
    "'single'",
    "\\",
    "!",
    "100%",
    "a\u{a0}b",
    "end.",
];
const TAGS: [&str; 8] = ["people", "technical", "delivery", "quality", "alpha", "beta-2", "gamma", "delta"];

fn words(most: usize) -> impl Strategy<Value = String> {
    vec(select(&WORDS[..]), 1..=most).prop_map(|words| words.join(" "))
}

fn tags() -> impl Strategy<Value = Vec<&'static str>> {
    subsequence(&TAGS[..], 0..=3).prop_shuffle()
}

fn part() -> impl Strategy<Value = Option<String>> {
    of((any::<bool>(), words(8)).prop_map(|(comma, words)| if comma { format!(", {words}") } else { words }))
}

/// An object without the members that are null.
fn object<const N: usize>(members: [(&str, Value); N]) -> Value {
    let members = members.into_iter().filter(|(_, value)| !value.is_null());
    Value::Object(members.map(|(name, value)| (name.to_owned(), value)).collect::<Map<_, _>>())
}

fn duty() -> impl Strategy<Value = Value> {
    (words(10), part(), part(), of(words(6)), tags(), prop::bool::weighted(0.3)).prop_map(
        |(action, detail, outcome, plain, tags, essential)| {
            object([
                ("action", json!(action)),
                ("detail", json!(detail)),
                ("outcome", json!(outcome)),
                ("plain", plain.map_or(Value::Null, |action| json!({"action": action}))),
                ("tags", json!(tags)),
                ("essential", json!(essential)),
            ])
        },
    )
}

fn skill() -> impl Strategy<Value = Value> {
    (words(4), of(words(12)), tags(), any::<bool>()).prop_map(|(name, description, tags, required)| {
        object([
            ("name", json!(name)),
            ("description", json!(description)),
            ("tags", json!(tags)),
            ("required", json!(required)),
        ])
    })
}

/// A pay range in the currency's own decimals.
fn salary() -> impl Strategy<Value = Value> {
    let currencies = select(&["USD", "EUR", "GBP", "CAD", "JPY", "KWD", "CHF", "SEK"][..]);
    let periods = select(&["hour", "day", "week", "month", "year"][..]);
    (1_u32..300_000, 0_u32..90_000, currencies, periods).prop_map(|(min, more, currency, period)| {
        json!({"min": min, "max": min + more, "currency": currency, "period": period})
    })
}

fn credential() -> impl Strategy<Value = Value> {
    let levels = &["high_school", "associate", "bachelor", "master", "doctorate", "certificate"][..];
    (words(6), of(select(levels)))
        .prop_map(|(text, level)| object([("text", json!(text)), ("level", json!(level))]))
}

fn occupation() -> impl Strategy<Value = Value> {
    (select(&["onet-soc", "isco-08", "esco", "noc-2021"][..]), words(1), of(words(4))).prop_map(
        |(scheme, code, name)| {
            object([("scheme", json!(scheme)), ("code", json!(code)), ("name", json!(name))])
        },
    )
}

/// The JSON of a valid role.
pub fn role() -> impl Strategy<Value = Value> {
    let lists = (vec(duty(), 1..14), vec(duty(), 0..4), vec(skill(), 0..7), vec(skill(), 0..7));
    let career = (vec(words(4), 0..4), vec(words(4), 0..4), vec(words(4), 0..3));
    let education = (vec(credential(), 0..3), vec(credential(), 0..3), vec(words(3), 0..4), any::<bool>());
    let experience = of((of(1_u8..20), of(1_u8..5), words(10), vec(words(8), 0..3)));
    let head = (words(3), words(40), words(10), of(salary()), vec(occupation(), 0..3));
    (head, lists, career, education, experience).prop_map(|(head, lists, career, education, experience)| {
        let (title, summary, mission, salary, occupations) = head;
        let (primary, secondary, hard, soft) = lists;
        // Some of the words of the list have spaces.
        let mission: Vec<&str> = mission.split_whitespace().take(20).collect();
        let mut n = 0;
        let mut identified = |items: Vec<Value>| -> Vec<Value> {
            let identify = |mut item: Value| {
                n += 1;
                item["id"] = json!(format!("item-{n}"));
                item
            };
            items.into_iter().map(identify).collect()
        };
        let (entry_from, advances_to, lateral_moves) = career;
        let (minimum, preferred, fields, instead) = education;
        let experience = experience.map_or(Value::Null, |(years, leading, summary, preferred)| {
            let leading = leading.filter(|leading| years.is_none_or(|years| *leading <= years));
            object([
                ("minimum_years", json!(years)),
                ("leadership_years", json!(leading)),
                ("summary", json!(summary)),
                ("preferred", json!(preferred)),
            ])
        });
        object([
            ("id", json!("random")),
            ("title", json!(title)),
            ("summary", json!(summary)),
            ("mission", json!(mission.join(" "))),
            ("salary", salary.unwrap_or(Value::Null)),
            ("occupations", json!(occupations)),
            (
                "career",
                json!({"entry_from": entry_from, "advances_to": advances_to, "lateral_moves": lateral_moves}),
            ),
            ("responsibilities", json!({"primary": identified(primary), "secondary": identified(secondary)})),
            ("skills", json!({"hard": identified(hard), "soft": identified(soft)})),
            (
                "education",
                json!({
                    "minimum": minimum, "preferred": preferred,
                    "fields_of_study": fields, "experience_accepted_instead": instead,
                }),
            ),
            ("experience", experience),
        ])
    })
}

fn prose() -> impl Strategy<Value = String> {
    vec(words(12), 1..4).prop_map(|lines| lines.join("\n"))
}

fn employer() -> impl Strategy<Value = Value> {
    let texts = (words(3), of(prose()), of(prose()), of(prose()), of(words(2)));
    (texts, any::<bool>(), vec(words(5), 0..4), vec(words(5), 0..4), vec(locked(), 0..3)).prop_map(
        |((name, about, equal, accommodation, industry), website, values, benefits, locked)| {
            let benefits: Vec<Value> = benefits.into_iter().map(|text| json!({"text": text})).collect();
            object([
                ("name", json!(name)),
                ("about", json!(about)),
                (
                    "website",
                    if website { json!("https://e.example/a_b*c?x=1&copy=2#[d]") } else { Value::Null },
                ),
                ("logo", if website { json!("https://e.example/logo.svg?a&b='c'") } else { Value::Null }),
                ("industry", json!(industry)),
                ("values", json!(values)),
                ("benefits", json!(benefits)),
                ("equal_opportunity", json!(equal)),
                ("accommodation", json!(accommodation)),
                ("locked", json!(locked)),
            ])
        },
    )
}

fn locked() -> impl Strategy<Value = Value> {
    let place = of(select(&["top", "end"][..]));
    (words(4), prose(), place).prop_map(|(heading, text, place)| {
        object([("heading", json!(heading)), ("text", json!(text)), ("place", json!(place))])
    })
}

fn location() -> impl Strategy<Value = Value> {
    let places =
        select(&[("US-CO", "US"), ("CA-ON", "CA"), ("GB-LND", "GB"), ("DE-BY", "DE"), ("FR-75C", "FR")][..]);
    let workplace = of(select(&["on_site", "hybrid", "remote"][..]));
    (of(words(2)), of(words(2)), places, any::<bool>(), workplace).prop_map(
        |(street, city, (region, country), with_region, workplace)| {
            object([
                ("street", json!(street)),
                ("city", json!(city)),
                ("region", if with_region { json!(region) } else { Value::Null }),
                ("country", json!(country)),
                ("workplace", json!(workplace)),
            ])
        },
    )
}

fn salary_options() -> impl Strategy<Value = Value> {
    (of(salary()), of(any::<bool>()), of(words(6))).prop_map(|(range, show, note)| {
        let mut options = range.unwrap_or_else(|| json!({}));
        for (name, value) in [("show", json!(show)), ("note", json!(note))] {
            if !value.is_null() {
                options[name] = value;
            }
        }
        options
    })
}

fn apply() -> impl Strategy<Value = Value> {
    (any::<bool>(), any::<bool>(), of(prose()), of(any::<bool>())).prop_map(
        |(url, email, instructions, direct)| {
            let apply = object([
                ("url", if url { json!("https://a.example/?q='x'&lt=(y)_z_") } else { Value::Null }),
                ("email", if email { json!("a_b*c+d&e?f#g%h@a.example") } else { Value::Null }),
                ("instructions", json!(instructions)),
                ("direct", if url { json!(direct) } else { Value::Null }),
            ]);
            if apply.as_object().is_some_and(Map::is_empty) { Value::Null } else { apply }
        },
    )
}

/// The JSON of valid options for any role; without emphasis, tone, length.
pub fn options() -> impl Strategy<Value = Value> {
    let texts = (of(words(3)), of(words(3)), of(words(3)), of(words(2)));
    let parts =
        (of(employer()), of(salary_options()), vec(words(4), 0..4), vec(location(), 0..3), of(apply()));
    let dates = (of(1_u8..=28), of(1_u8..=28), of(1_u8..=28));
    let flags = (of(any::<bool>()), of(any::<bool>()), of(any::<bool>()), any::<bool>());
    let kind = of(select(&["full_time", "part_time", "contractor", "temporary", "intern", "other"][..]));
    let numbers = (of(1_u16..10_000), of(1_u8..=168), of(1_u8..=5), kind);
    let areas = subsequence(&["US-CO", "US-WA", "CA", "GB", "DE-BY"][..], 0..=3);
    (texts, parts, dates, flags, numbers, areas, sections(), select(&LOCALES[..])).prop_map(
        |(texts, parts, dates, flags, numbers, areas, sections, locale)| {
            let (title, department, team, requisition) = texts;
            let (employer, salary, other, locations, apply) = parts;
            let (vacancy, screening, contractor, contact) = flags;
            let (openings, hours, level, kind) = numbers;
            let day = |day: Option<u8>, month: &str| json!(day.map(|day| format!("2027-{month}-{day:02}")));
            let mut options = object([
                ("title", json!(title)),
                ("locale", json!(locale)),
                ("heading_level", json!(level)),
                ("salary", salary.unwrap_or(Value::Null)),
                ("other_compensation", json!(other)),
                ("employer", employer.unwrap_or(Value::Null)),
                ("department", json!(department)),
                ("team", json!(team)),
                ("requisition_id", json!(requisition)),
                ("openings", json!(openings)),
                ("locations", json!(locations)),
                ("remote_within", json!(areas)),
                ("employment_type", json!(kind)),
                ("hours_per_week", json!(hours)),
                ("start", day(dates.0, "03")),
                ("date_posted", day(dates.1, "01")),
                ("valid_through", day(dates.2, "02")),
                ("apply", apply.unwrap_or(Value::Null)),
                ("contact_email", if contact { json!("hr_x@a.example") } else { Value::Null }),
                ("existing_vacancy", json!(vacancy)),
                ("ai_screening", json!(screening)),
                ("federal_contractor", json!(contractor)),
            ]);
            options["sections"] = sections;
            options
        },
    )
}

fn sections() -> impl Strategy<Value = Value> {
    let names =
        ["opening", "employer", "responsibilities", "skills", "qualifications", "career", "pay", "apply"];
    vec(prop_oneof![8 => Just(None), 1 => Just(Some(false)), 1 => Just(Some(true))], names.len()).prop_map(
        move |switches| {
            let on =
                names.iter().zip(switches).filter_map(|(name, on)| Some(((*name).to_owned(), json!(on?))));
            Value::Object(on.collect())
        },
    )
}

/// Placeholders that a phrase may use, and one that it must.
struct Rules {
    pointer: &'static str,
    may: Vec<String>,
    must: Option<String>,
}

/// What the renderer tells of each phrase when it refuses one.
static RULES: LazyLock<Vec<Rules>> = LazyLock::new(|| {
    let phrases = PHRASES.iter().map(|pointer| {
        let refused = |text: &str| {
            let mut tone = json!({"id": "random-voice", "name": "Random", "base": "neutral", "phrases": {"headings": {}}});
            let (set, name) = pointer.rsplit_once('/').unwrap();
            tone.pointer_mut(set).unwrap()[name] = json!(text);
            own_tone(&tone).err().map(|violations| violations[0].valid.clone())
        };
        Rules { pointer, may: refused("{}").unwrap(), must: refused("x").map(|valid| valid[0].clone()) }
    });
    phrases.collect()
});

/// Pointers to all phrases of an own tone.
pub const PHRASES: [&str; 36] = [
    "/phrases/headings/opening",
    "/phrases/headings/employer",
    "/phrases/headings/responsibilities",
    "/phrases/headings/skills",
    "/phrases/headings/qualifications",
    "/phrases/headings/career",
    "/phrases/headings/pay",
    "/phrases/headings/arrangement",
    "/phrases/headings/apply",
    "/phrases/headings/statements",
    "/phrases/opening",
    "/phrases/emphasis",
    "/phrases/emphasis_next",
    "/phrases/emphasis_last",
    "/phrases/emphasis_growth",
    "/phrases/emphasis_flexibility",
    "/phrases/lead_duties",
    "/phrases/lead_hard_skills",
    "/phrases/lead_soft_skills",
    "/phrases/lead_other_skills",
    "/phrases/lead_required",
    "/phrases/lead_preferred",
    "/phrases/equivalent",
    "/phrases/lead_entry",
    "/phrases/lead_advances",
    "/phrases/lead_lateral",
    "/phrases/lead_values",
    "/phrases/website",
    "/phrases/pay",
    "/phrases/other_compensation",
    "/phrases/lead_benefits",
    "/phrases/apply",
    "/phrases/apply_by",
    "/phrases/apply_link",
    "/phrases/apply_email",
    "/phrases/contact",
];

/// A phrase of words and placeholders, where each number chooses a word or a placeholder.
fn phrase(rules: &Rules, choices: &[(bool, usize)]) -> String {
    let part = |&(word, at): &(bool, usize)| {
        let brace = |text: &str| text.replace('{', "{{").replace('}', "}}");
        if word { brace(WORDS[at % WORDS.len()]) } else { rules.may[at % rules.may.len()].clone() }
    };
    choices.iter().map(part).chain(rules.must.clone()).collect::<Vec<_>>().join(" ")
}

/// An employer's own tone that changes some phrases, and perhaps the parts of a duty.
pub fn own_voice() -> impl Strategy<Value = Voice> {
    let duty = of((select(&["action", "plain"][..]), subsequence(&["detail", "outcome"][..], 0..=2)));
    let texts = vec(
        prop_oneof![1 => Just(None), 1 => vec((any::<bool>(), any::<usize>()), 1..6).prop_map(Some)],
        PHRASES.len(),
    );
    (select(tones()), duty, texts).prop_map(|(base, duty, texts)| {
        let mut tone =
            json!({"id": "random-voice", "name": "Random", "base": base, "phrases": {"headings": {}}});
        if let Some((action, further)) = duty {
            tone["duty"] = std::iter::once(action).chain(further).map(Value::from).collect();
        }
        for (rules, choices) in RULES.iter().zip(texts) {
            if let Some(choices) = choices {
                let (set, name) = rules.pointer.rsplit_once('/').unwrap();
                tone.pointer_mut(set).unwrap()[name] = json!(phrase(rules, &choices));
            }
        }
        Voice::own(&tone)
    })
}

/// A tone of the renderer's, or an employer's own.
pub fn voice() -> impl Strategy<Value = Voice> {
    prop_oneof![1 => select(tones()).prop_map(Voice::known), 1 => own_voice()]
}

pub fn length() -> impl Strategy<Value = &'static str> {
    select(&LENGTHS[..])
}

/// Which of a role's dimensions to emphasise, and how much.
pub fn emphasis_seed() -> impl Strategy<Value = Vec<(usize, u8)>> {
    vec((any::<usize>(), 1_u8..=10), 0..4)
}

/// The emphasis of a seed for a role: no dimension twice.
pub fn emphasis_of(known: &Known, seed: &[(usize, u8)]) -> Vec<Value> {
    let mut names = known.tags();
    names.extend(SECTION_DIMENSIONS.map(str::to_owned));
    let mut chosen = Vec::new();
    for (at, weight) in seed {
        let name = names.remove(at % names.len());
        chosen.push(json!({"dimension": name, "weight": weight}));
        if names.is_empty() {
            break;
        }
    }
    chosen
}

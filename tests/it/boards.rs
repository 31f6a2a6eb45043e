//! What clients of other systems read: every answer field by field, and each system's peculiarities.
//!
//! `tests/data/boards/<system>.json` has a table of each answer: the path of every field, its type (`?` for
//! one that may be left out), where it is documented, and how it is filled.

use jiff::Timestamp;
use reqwest::Method;
use scraper::{Html, Selector};
use serde_json::{Value, json};

use crate::kept_postings::{POSTINGS, publish, step, tech_manager};
use crate::support::{Answer, Service, spawn_with, spawn_with_acme};

const QUOTED: &str = "Küchen\u{ad}hilfe \"Süd\" <b>& Co</b> \u{1F373}";

/// A table of the fields of an answer.
struct Table(Value);

impl Table {
    fn of(system: &str) -> Self {
        let text = std::fs::read_to_string(format!("tests/data/boards/{system}.json")).unwrap();
        Self(serde_json::from_str(&text).unwrap())
    }

    /// Holds a document against the table of an answer.
    #[track_caller]
    fn hold(&self, answer: &str, document: &Value) {
        let rows = self.0["answers"][answer].as_array().unwrap_or_else(|| panic!("no table of {answer}"));
        let rows: Vec<Row<'_>> = rows.iter().map(Row::of).collect();
        let mut wrong = Vec::new();
        hold(&rows, "", document, &mut wrong);
        assert!(wrong.is_empty(), "{answer}: {wrong:#?}");
    }
}

struct Row<'t> {
    path: &'t str,
    types: Vec<&'t str>,
    optional: bool,
}

impl<'t> Row<'t> {
    fn of(row: &'t Value) -> Self {
        for member in ["source", "filled"] {
            assert!(row[member].is_string(), "{row}");
        }
        assert!(row["source"].as_str().unwrap().starts_with("https://"), "{row}");
        let kind = row["type"].as_str().unwrap();
        let types = kind.trim_end_matches('?').split('|').collect();
        Self { path: row["path"].as_str().unwrap(), types, optional: kind.ends_with('?') }
    }
}

fn hold(rows: &[Row<'_>], path: &str, value: &Value, wrong: &mut Vec<String>) {
    let Some(row) = rows.iter().find(|row| row.path == path) else {
        return wrong.push(format!("`{path}` is not in the table"));
    };
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_u64() => "integer",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let fits = row.types.contains(&kind) || (kind == "integer" && row.types.contains(&"number"));
    if !fits {
        wrong.push(format!("`{path}` is of the type {kind}: {value}"));
    }
    let below = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    match value {
        Value::Array(items) => items.iter().for_each(|item| hold(rows, &below("*"), item, wrong)),
        Value::Object(members) => {
            members.iter().for_each(|(name, member)| hold(rows, &below(name), member, wrong));
            let own = rows.iter().filter(|row| match row.path.rsplit_once('.') {
                Some((parent, _)) => parent == path,
                None => path.is_empty() && !row.path.is_empty(),
            });
            for row in own.filter(|row| !row.optional && !row.path.ends_with('*')) {
                let name = row.path.rsplit('.').next().unwrap();
                if !members.contains_key(name) {
                    wrong.push(format!("`{path}` lacks `{name}`"));
                }
            }
        }
        _ => {}
    }
}

/// Postings in which every field is used somewhere.
fn postings() -> [Value; 6] {
    let posting = |options: Value| tech_manager(&json!({"options": options}));
    [
        posting(json!({
            "department": "R & D", "team": "Platform", "requisition_id": "R-50", "openings": 2,
            "locations": [{
                "street": "1 Main Street", "city": "Denver", "region": "US-CO", "postal_code": "80202",
                "country": "US", "workplace": "hybrid",
            }],
            "salary": {"min": 150_000, "max": 185_000, "currency": "USD", "period": "year"},
            "other_compensation": ["an annual bonus"],
            "valid_through": "2099-01-31",
        })),
        posting(json!({
            "title": QUOTED, "department": "r &  d", "employment_type": "part_time",
            "locations": [
                {"city": "München", "region": "DE-BY", "country": "DE", "workplace": "on_site"},
                {"city": "Zürich", "region": "CH-ZH", "country": "CH", "workplace": "on_site"},
            ],
            "salary": {"min": 28.5, "max": 31, "currency": "EUR", "period": "hour"},
        })),
        posting(json!({
            "title": "Remote Analyst", "department": "Data", "team": "Insights", "employment_type": "contractor",
            "locations": [{"workplace": "remote"}], "remote_within": ["DE"], "apply": {"url": null, "email": "jobs@acme.example"},
            "salary": {"min": 500_000, "max": 500_000, "currency": "JPY", "period": "month"},
        })),
        posting(json!({
            "title": "Pay Unknown", "employment_type": null, "locations": [],
            "salary": {"min": 1, "max": 2, "currency": "USD", "period": "year", "show": false},
        })),
        posting(json!({
            "title": "Anywhere", "employment_type": "volunteer", "team": "Platform",
            "locations": [{"workplace": "remote"}], "remote_within": ["US", "CA"],
        })),
        posting(json!({"title": "Second in Denver", "department": "Data"})),
    ]
}

/// A board with all of them: their paths, in the order in which they were made.
async fn board() -> (Service, Vec<String>) {
    let app = spawn_with_acme().await;
    let mut paths = Vec::new();
    for posting in postings() {
        let mut posting = posting;
        if posting["options"]["employment_type"].is_null() {
            posting["options"].as_object_mut().unwrap().remove("employment_type");
        }
        paths.push(publish(&app, &posting).await);
    }
    (app, paths)
}

fn id_of(path: &str) -> &str {
    path.rsplit('/').next().unwrap()
}

async fn ok(app: &Service, path: &str) -> Value {
    let answer = app.get(path).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    assert_eq!(answer.media_type(), "application/json", "{path}");
    answer.json()
}

fn list<'v>(value: &'v Value, name: &str) -> &'v Vec<Value> {
    value[name].as_array().unwrap_or_else(|| panic!("{name}: {value}"))
}

fn names(items: &[Value], name: &str) -> Vec<String> {
    items.iter().map(|item| item[name].as_str().unwrap().to_owned()).collect()
}

fn unescaped(text: &str) -> String {
    Html::parse_fragment(text).root_element().text().collect()
}

const GREENHOUSE: &str = "/v1/boards/acme";

#[actix_web::test]
async fn greenhouse_field_by_field() {
    let (app, paths) = board().await;
    let table = Table::of("greenhouse");
    for (answer, path) in [
        ("board", ""),
        ("jobs", "/jobs"),
        ("jobs?content=true", "/jobs?content=true"),
        ("departments", "/departments"),
        ("departments?render_as=tree", "/departments?render_as=tree"),
        ("offices", "/offices"),
        ("offices?render_as=tree", "/offices?render_as=tree"),
        ("sections", "/sections"),
        ("section", "/sections/0"),
        ("education", "/education/degrees"),
        ("education", "/education/disciplines?term=x&page=2"),
        ("education", "/education/schools"),
    ] {
        table.hold(answer, &ok(&app, &format!("{GREENHOUSE}{path}")).await);
    }
    let jobs = ok(&app, &format!("{GREENHOUSE}/jobs?content=true")).await;
    assert_eq!((list(&jobs, "jobs").len(), &jobs["meta"]), (paths.len(), &json!({"total": paths.len()})));
    for job in list(&jobs, "jobs") {
        let path = format!("{GREENHOUSE}/jobs/{}", job["id"]);
        let single = ok(&app, &path).await;
        table.hold("job", &single);
        assert_eq!(single, *job, "the list tells the same");
        table.hold(
            "job?questions=true&pay_transparency=true",
            &ok(&app, &format!("{path}?questions=true&pay_transparency=true")).await,
        );
        for (kind, answer) in [("departments", "department"), ("offices", "office")] {
            for named in list(job, kind) {
                for query in ["", "?render_as=tree"] {
                    let path = format!("{GREENHOUSE}/{kind}/{}{query}", named["id"]);
                    let found = ok(&app, &path).await;
                    table.hold(&format!("{answer}{query}"), &found);
                    let all = ok(&app, &format!("{GREENHOUSE}/{kind}{query}")).await;
                    assert!(list(&all, kind).contains(&found), "{path}");
                }
            }
        }
    }
}

#[actix_web::test]
async fn greenhouse_says_what_the_posting_does() {
    let (app, _) = board().await;
    let jobs = ok(&app, &format!("{GREENHOUSE}/jobs?content=true")).await;
    let jobs = list(&jobs, "jobs");
    assert_eq!(jobs[1]["title"], QUOTED);
    assert_eq!(jobs[0]["requisition_id"], "R-50");
    assert_eq!(jobs[0]["application_deadline"], "2099-01-31T23:59:59-07:00");
    assert!(jobs.iter().all(|job| job["company_name"] == "Acme" && job["language"] == "en"));
    for moment in ["updated_at", "first_published"] {
        let text = jobs[0][moment].as_str().unwrap();
        assert!(text.ends_with("-07:00") || text.ends_with("-06:00"), "Denver's: {text}");
        assert!(text.parse::<Timestamp>().is_ok(), "{text}");
    }
    assert_eq!(
        jobs.iter().map(|job| job["location"]["name"].as_str().unwrap()).collect::<Vec<_>>(),
        [
            "Denver, CO",
            "München, Bavaria, Germany; Zürich, Switzerland",
            "Germany",
            "",
            "Remote",
            "Denver, CO"
        ]
    );
    // Escaped once: a client that unescapes it has HTML, in which the words are escaped in turn.
    let content = jobs[1]["content"].as_str().unwrap();
    assert!(
        !content.contains('<') && !content.contains('"') && content.starts_with("&lt;p&gt;"),
        "{content}"
    );
    let html = unescaped(content);
    assert!(html.starts_with("<p><strong>") && !html.contains("<b>"), "{html}");
    let shown = unescaped(&html);
    assert!(shown.contains("28.50"), "{shown}");

    let pay = async |index: usize| {
        let path = format!("{GREENHOUSE}/jobs/{}?pay_transparency=true", jobs[index]["id"]);
        ok(&app, &path).await["pay_input_ranges"].clone()
    };
    let range = |range: &Value| {
        (range[0]["min_cents"].clone(), range[0]["max_cents"].clone(), range[0]["currency_type"].clone())
    };
    assert_eq!(range(&pay(0).await), (json!(15_000_000), json!(18_500_000), json!("USD")));
    assert_eq!(range(&pay(1).await), (json!(2850), json!(3100), json!("EUR")));
    assert_eq!(range(&pay(2).await), (json!(50_000_000), json!(50_000_000), json!("JPY")));
    assert_eq!(pay(3).await, json!([]));
    let plain = ok(&app, &format!("{GREENHOUSE}/jobs/{}", jobs[0]["id"])).await;
    assert!(plain.get("pay_input_ranges").is_none() && plain.get("questions").is_none());
}

#[actix_web::test]
async fn greenhouse_derives_departments_and_offices_from_the_postings() {
    let (app, _) = board().await;
    let departments = ok(&app, &format!("{GREENHOUSE}/departments")).await;
    let departments = list(&departments, "departments");
    let jobs = |of: &Value| names(list(of, "jobs"), "title");
    // Capitals and spaces make no difference.
    assert_eq!(names(departments, "name"), ["Data", "R & D", "No Department"]);
    assert_eq!(jobs(&departments[0]), ["Remote Analyst", "Second in Denver"]);
    assert_eq!(jobs(&departments[1]), ["Tech Manager", QUOTED]);
    assert_eq!((jobs(&departments[2]).len(), &departments[2]["id"]), (2, &json!(0)));

    let offices = ok(&app, &format!("{GREENHOUSE}/offices")).await;
    let offices = list(&offices, "offices");
    let all = names(offices, "name");
    assert_eq!(all.len(), 6, "{all:?}");
    assert_eq!((all[0].as_str(), all[5].as_str()), ("Denver, CO", "No Office"));
    assert_eq!(offices[0]["location"], "Denver, Colorado, United States");
    assert_eq!(names(list(&offices[0], "departments"), "name"), ["Data", "R & D"]);
    for number in departments.iter().chain(offices).map(|named| named["id"].as_u64().unwrap()) {
        assert!(number < 1 << 53);
    }
}

#[actix_web::test]
async fn numbers_of_jobs_never_change() {
    let (app, paths) = board().await;
    let numbers = async || {
        let jobs = ok(&app, &format!("{GREENHOUSE}/jobs")).await;
        list(&jobs, "jobs").iter().map(|job| job["id"].as_u64().unwrap()).collect::<Vec<_>>()
    };
    let before = numbers().await;
    assert!(before.iter().all(|number| *number > 0 && *number < 1 << 53));
    step(&app, &paths[0], "close").await;
    assert_eq!(numbers().await, before[1..]);
    step(&app, &paths[0], "reopen").await;
    step(&app, &paths[1], "refresh").await;
    assert_eq!(numbers().await, before);
}

#[actix_web::test]
async fn greenhouse_calls_back_what_can_be_called_and_nothing_else() {
    let (app, _) = board().await;
    let jobs = ok(&app, &format!("{GREENHOUSE}/jobs?content=true")).await;
    let job = list(&jobs, "jobs")[0]["id"].to_string();
    for path in [
        "",
        "/jobs",
        "/jobs?content=true",
        &format!("/jobs/{job}"),
        "/departments",
        "/offices",
        "/departments/0",
        "/sections",
        "/sections/0",
        "/education/schools",
    ] {
        let path = format!("{GREENHOUSE}{path}");
        let glue = if path.contains('?') { '&' } else { '?' };
        let plain = ok(&app, &path).await;
        let script = app.get(&format!("{path}{glue}callback=my.Ns_1.go")).await;
        assert_eq!((script.status.as_u16(), script.media_type()), (200, "application/javascript"), "{path}");
        assert_eq!(script.header("x-content-type-options"), "nosniff");
        let inner = script.text().strip_prefix("/**/my.Ns_1.go(").and_then(|text| text.strip_suffix(')'));
        assert_eq!(serde_json::from_str::<Value>(inner.unwrap()).unwrap(), plain, "{path}");
        let long = "a".repeat(129);
        for hostile in [
            "alert(1)",
            "a;b",
            "a%3Cscript%3E",
            "a%0Ab",
            "%E2%80%A8",
            "a-b",
            "a[0]",
            "ü",
            "a%20b",
            "",
            long.as_str(),
            "%00",
            "a%27",
        ] {
            let answer = app.get(&format!("{path}{glue}callback={hostile}")).await;
            assert_eq!((answer.status.as_u16(), answer.media_type()), (200, "application/json"), "{hostile}");
            assert_eq!(answer.json(), plain, "{hostile}");
        }
    }
}

#[actix_web::test]
async fn lever_field_by_field() {
    let (app, paths) = board().await;
    let table = Table::of("lever");
    let postings = ok(&app, "/v0/postings/acme?mode=json").await;
    table.hold("postings", &postings);
    let postings = postings.as_array().unwrap();
    assert_eq!(names(postings, "id"), paths.iter().map(|path| id_of(path)).collect::<Vec<_>>());
    for posting in postings {
        let single = ok(&app, &format!("/v0/postings/acme/{}", posting["id"].as_str().unwrap())).await;
        table.hold("posting", &single);
        assert_eq!(single, *posting);
    }
    table.hold("postings?group=team", &ok(&app, "/v0/postings/acme?group=team").await);
}

#[actix_web::test]
async fn lever_divides_a_posting_as_lever_does() {
    let (app, _) = board().await;
    let postings = ok(&app, "/v0/postings/acme").await;
    let one = &postings[0];
    assert_eq!(
        one["categories"],
        json!({
            "location": "Denver, CO", "allLocations": ["Denver, CO"], "commitment": "Full-time", "team": "Platform",
            "department": "R & D",
        })
    );
    assert_eq!((&one["country"], &one["workplaceType"]), (&json!("US"), &json!("hybrid")));
    assert_eq!(
        one["salaryRange"],
        json!({"currency": "USD", "interval": "per-year-salary", "min": 150_000, "max": 185_000})
    );
    assert!(one["salaryDescriptionPlain"].as_str().unwrap().contains("$150,000"));
    assert_eq!(one["applyUrl"], "https://acme.example/apply/1");
    let created = one["createdAt"].as_i64().unwrap();
    assert!(
        (Timestamp::now().as_millisecond() - created).abs() < 600_000 || created % 1000 == 0,
        "{created}"
    );
    let (opening, body) = (one["opening"].as_str().unwrap(), one["descriptionBody"].as_str().unwrap());
    assert!(opening.starts_with("<p>") && body.contains("repair shops"), "{opening} {body}");
    assert_eq!(one["description"], format!("{opening}\n{body}"));
    let plain = |name: &str| one[name].as_str().unwrap();
    assert_eq!(
        plain("descriptionPlain"),
        format!("{}\n\n{}", plain("openingPlain"), plain("descriptionBodyPlain"))
    );
    let lists = list(one, "lists");
    assert!(lists.len() >= 3, "{lists:?}");
    for part in lists {
        let content = part["content"].as_str().unwrap();
        let fragment = Html::parse_fragment(content);
        let items = fragment.select(&Selector::parse("li").unwrap()).count();
        assert!(items > 0 && content.starts_with("<li>") && content.ends_with("</li>"), "{content}");
        assert_eq!(content.matches('<').count(), 2 * items, "nothing but items: {content}");
    }
    assert!(
        plain("additional").contains("equal opportunity")
            && plain("additionalPlain").contains("equal opportunity")
    );
    assert!(!plain("additionalPlain").contains("<p>"));

    assert_eq!(postings[1]["categories"]["allLocations"].as_array().unwrap().len(), 2);
    assert_eq!(
        postings[1]["salaryRange"],
        json!({"currency": "EUR", "interval": "per-hour-wage", "min": 28.5, "max": 31})
    );
    assert_eq!((&postings[2]["workplaceType"], &postings[2]["country"]), (&json!("remote"), &json!("DE")));
    assert_eq!(postings[2]["applyUrl"], postings[2]["hostedUrl"], "who sends mail reads the page first");
    assert_eq!(
        (&postings[3]["workplaceType"], &postings[3]["country"]),
        (&json!("unspecified"), &Value::Null)
    );
    for absent in ["salaryRange", "salaryDescription", "salaryDescriptionPlain"] {
        assert!(postings[3].get(absent).is_none());
    }
    assert_eq!(postings[3]["categories"], json!({"commitment": "Full-time", "allLocations": []}));
}

async fn lever_titles(app: &Service, query: &str) -> Vec<String> {
    let postings = ok(app, &format!("/v0/postings/acme?{query}")).await;
    names(postings.as_array().unwrap(), "text")
}

#[actix_web::test]
async fn lever_filters_pages_and_groups() {
    let (app, _) = board().await;
    for (query, expected) in [
        ("location=denver,+co", vec!["Tech Manager", "Second in Denver"]),
        ("location=Denver,+CO&location=Remote", vec!["Tech Manager", "Anywhere", "Second in Denver"]),
        // Capitals matter when there are several.
        ("location=denver,+co&location=Remote", vec!["Anywhere"]),
        ("department=Data&team=Insights", vec!["Remote Analyst"]),
        ("department=r+%26++d", vec![QUOTED]),
        ("commitment=part-time", vec![QUOTED]),
        ("team=PLATFORM", vec!["Tech Manager", "Anywhere"]),
        ("team=Platform&skip=1", vec!["Anywhere"]),
        ("skip=1&limit=2", vec![QUOTED, "Remote Analyst"]),
        ("skip=99", vec![]),
        ("limit=0", vec![]),
        ("level=Senior", vec![]),
        ("location=z%C3%BCrich,+Switzerland", vec![QUOTED]),
        ("location=&team=&skip=&limit=", postings_titles()),
        ("skip=-1&limit=x&group=moon&mode=yaml&unknown=1&unknown=2", postings_titles()),
        ("limit=99999999999999999999999999", postings_titles()),
        ("team=%27+OR+1%3D1&skip=0", vec![]),
    ] {
        assert_eq!(lever_titles(&app, query).await, expected, "{query}");
    }
    let groups = async |query: &str| {
        let groups = ok(&app, &format!("/v0/postings/acme?{query}")).await;
        let group = |group: &Value| {
            (group["title"].as_str().unwrap().to_owned(), names(list(group, "postings"), "text"))
        };
        groups.as_array().unwrap().iter().map(group).collect::<Vec<_>>()
    };
    let teams = groups("group=team").await;
    assert_eq!(
        teams.iter().map(|(title, _)| title.as_str()).collect::<Vec<_>>(),
        ["Insights", "Platform", ""]
    );
    assert_eq!(teams[1].1, ["Tech Manager", "Anywhere"]);
    assert_eq!(
        groups("group=commitment&team=Platform&limit=1").await,
        [("Full-time".to_owned(), vec!["Tech Manager".to_owned()])]
    );
    assert_eq!(groups("group=location").await.iter().map(|(_, items)| items.len()).sum::<usize>(), 6);
    assert_eq!(groups("group=team&team=None").await, []);
}

fn postings_titles() -> Vec<&'static str> {
    vec!["Tech Manager", QUOTED, "Remote Analyst", "Pay Unknown", "Anywhere", "Second in Denver"]
}

#[actix_web::test]
async fn lever_answers_with_html_for_a_page() {
    let (app, _) = board().await;
    for (path, accept, html) in [
        ("?mode=html", "application/json", true),
        ("?mode=iframe", "*/*", true),
        ("?mode=json", "text/html", false),
        ("", "text/html,application/xhtml+xml,*/*;q=0.8", true),
        ("", "application/json, text/html", false),
        ("", "*/*", false),
        ("?mode=html&group=team", "*/*", true),
    ] {
        let answer = app.get_with(&format!("/v0/postings/acme{path}"), "Accept", accept).await;
        assert_eq!(
            answer.media_type(),
            if html { "text/html" } else { "application/json" },
            "{path} {accept}"
        );
        assert!(answer.header("vary").contains("Accept,"), "{}", answer.header("vary"));
        if !html {
            continue;
        }
        let page = Html::parse_fragment(answer.text());
        let links = Selector::parse("div.lever ul li a").unwrap();
        let titles: Vec<String> = page.select(&links).map(|link| link.text().collect()).collect();
        assert_eq!(titles.len(), 6, "{}", answer.text());
        assert!(titles.iter().any(|title| title == QUOTED));
        assert!(page.select(&Selector::parse("b").unwrap()).next().is_none());
        assert!(answer.header("content-security-policy").contains("default-src 'none'"));
    }
}

#[actix_web::test]
async fn ashby_field_by_field() {
    let (app, paths) = board().await;
    let table = Table::of("ashby");
    let path = "/posting-api/job-board/acme";
    table.hold("board", &ok(&app, path).await);
    let board = ok(&app, &format!("{path}?includeCompensation=true")).await;
    table.hold("board?includeCompensation=true", &board);
    assert_eq!(board["apiVersion"], "1");
    let jobs = list(&board, "jobs");
    assert_eq!(names(jobs, "id"), paths.iter().map(|path| id_of(path)).collect::<Vec<_>>());
    for ignored in
        ["?includeCompensation=false", "?includeCompensation=1", "?includeCompensation", "?x=1&x=2"]
    {
        table.hold("board", &ok(&app, &format!("{path}{ignored}")).await);
    }
    assert_eq!(
        jobs[0]["address"]["postalAddress"],
        json!({
            "addressLocality": "Denver", "addressRegion": "Colorado", "addressCountry": "United States",
        })
    );
    assert_eq!(jobs[1]["secondaryLocations"][0]["address"]["addressCountry"], "Switzerland");
    let facts =
        |job: &Value| (job["employmentType"].clone(), job["workplaceType"].clone(), job["isRemote"].clone());
    assert_eq!(facts(&jobs[0]), (json!("FullTime"), json!("Hybrid"), json!(false)));
    assert_eq!(facts(&jobs[1]), (json!("PartTime"), json!("OnSite"), json!(false)));
    assert_eq!(facts(&jobs[2]), (json!("Contract"), json!("Remote"), json!(true)));
    assert_eq!(facts(&jobs[3]), (json!("FullTime"), Value::Null, json!(false)));
    assert_eq!(facts(&jobs[4]), (Value::Null, json!("Remote"), json!(true)));
    assert_eq!(jobs[3]["address"], Value::Null);
    assert!(jobs[0]["publishedAt"].as_str().unwrap().ends_with("+00:00"));
    let pay = |index: usize| &jobs[index]["compensation"];
    assert_eq!(pay(0)["compensationTierSummary"], "$150K – $185K • an annual bonus");
    assert_eq!(pay(0)["scrapeableCompensationSalarySummary"], "$150K - $185K");
    let component = &pay(1)["compensationTiers"][0]["components"][0];
    assert_eq!(
        (&component["interval"], &component["minValue"], &component["maxValue"]),
        (&json!("1 HOUR"), &json!(28.5), &json!(31))
    );
    assert_eq!(pay(1)["compensationTierSummary"], "€28.50 – €31 per hour");
    assert_eq!(pay(2)["scrapeableCompensationSalarySummary"], "JPY 500K per month");
    assert_eq!(
        pay(3),
        &json!({
            "compensationTierSummary": null, "scrapeableCompensationSalarySummary": null, "compensationTiers": [],
            "summaryComponents": [],
        })
    );
}

const SMARTRECRUITERS: &str = "/v1/companies/acme/postings";

#[actix_web::test]
async fn smartrecruiters_field_by_field() {
    let (app, paths) = board().await;
    let table = Table::of("smartrecruiters");
    let page = ok(&app, SMARTRECRUITERS).await;
    table.hold("postings", &page);
    assert_eq!((&page["offset"], &page["limit"], &page["totalFound"]), (&json!(0), &json!(10), &json!(6)));
    for (posting, path) in list(&page, "content").iter().zip(&paths) {
        assert_eq!(posting["uuid"], id_of(path));
        let address = posting["ref"].as_str().unwrap();
        let single = ok(&app, &address[address.find("/v1/").unwrap()..]).await;
        table.hold("posting", &single);
        assert_eq!(single, ok(&app, &format!("{SMARTRECRUITERS}/{}", id_of(path))).await);
        assert!(posting.as_object().unwrap().iter().all(|(name, value)| single[name] == *value));
    }
    let departments = ok(&app, "/v1/companies/acme/departments").await;
    table.hold("departments", &departments);
    assert_eq!(departments["totalFound"], 2);
    let first = &page["content"][0];
    assert_eq!(
        first["location"],
        json!({
            "city": "Denver", "region": "CO", "country": "us", "address": "1 Main Street", "postalCode": "80202", "remote": false,
            "hybrid": true, "fullLocation": "Denver, CO, United States",
        })
    );
    assert_eq!(
        (&first["refNumber"], &first["typeOfEmployment"]),
        (&json!("R-50"), &json!({"id": "permanent", "label": "Full-time"}))
    );
    assert!(list(&departments, "content").contains(&first["department"]), "{departments}");
    assert_eq!((&page["content"][3]["department"], &first["experienceLevel"]), (&json!({}), &json!({})));
    let released = first["releasedDate"].as_str().unwrap();
    assert!(released.ends_with('Z') && released.len() == 24, "{released}");
    let sections = ok(&app, &format!("{SMARTRECRUITERS}/{}", first["id"].as_str().unwrap())).await;
    let sections = &sections["jobAd"]["sections"];
    for (section, words) in [
        ("companyDescription", "repair shops"),
        ("additionalInformation", "equal opportunity"),
        ("qualifications", "<li>"),
    ] {
        assert!(sections[section]["text"].as_str().unwrap().contains(words), "{section}: {sections:#}");
    }
}

#[actix_web::test]
async fn smartrecruiters_searches_and_pages() {
    let (app, _) = board().await;
    let departments = ok(&app, "/v1/companies/acme/departments").await;
    let data = departments["content"][0]["id"].as_str().unwrap().to_owned();
    for (query, total, first) in [
        ("limit=2&offset=1", 6, Some(QUOTED)),
        ("offset=6", 6, None),
        ("offset=99999999999999999999999", 6, None),
        ("limit=0", 6, None),
        ("limit=x&offset=-1&custom_field.1=2&unknown=1&unknown=2", 6, Some("Tech Manager")),
        ("q=MANAG", 1, Some("Tech Manager")),
        ("q=k%C3%BCche", 1, Some(QUOTED)),
        ("q=s%C3%BCd", 1, Some(QUOTED)),
        ("q=denver&limit=1&offset=1", 2, Some("Second in Denver")),
        ("q=second+denver", 1, Some("Second in Denver")),
        ("q=%2C", 6, Some("Tech Manager")),
        ("country=DE", 2, Some(QUOTED)),
        ("country=us&region=co&city=DENVER", 2, Some("Tech Manager")),
        ("region=US-CO", 2, Some("Tech Manager")),
        ("region=colorado", 2, Some("Tech Manager")),
        ("country=DE&city=Z%C3%BCrich", 0, None),
        ("department=data", 2, Some("Remote Analyst")),
        ("language=de", 0, None),
        ("language=de,en-GB", 6, Some("Tech Manager")),
        ("city=%27+OR+1%3D1", 0, None),
        ("q=&country=&city=", 6, Some("Tech Manager")),
    ] {
        let page = ok(&app, &format!("{SMARTRECRUITERS}?{query}")).await;
        let titles = names(list(&page, "content"), "name");
        assert_eq!(
            (&page["totalFound"], titles.first().map(String::as_str)),
            (&json!(total), first),
            "{query}"
        );
    }
    let page = ok(&app, &format!("{SMARTRECRUITERS}?department={data}&limit=999")).await;
    assert_eq!((&page["limit"], list(&page, "content").len()), (&json!(100), 2));
}

/// Every list, and a way to tell how many postings it has.
const LISTS: [(&str, &str); 6] = [
    ("/v1/boards/acme/jobs", "/jobs"),
    ("/v1/boards/acme/departments", "/departments/0/jobs"),
    ("/v1/boards/acme/offices", "/offices/0/departments/0/jobs"),
    ("/v0/postings/acme", ""),
    ("/posting-api/job-board/acme", "/jobs"),
    ("/v1/companies/acme/postings", "/content"),
];

#[actix_web::test]
async fn a_list_is_sent_again_only_when_it_has_changed_and_a_closed_posting_disappears() {
    let app = spawn_with_acme().await;
    let path = publish(&app, &tech_manager(&json!({}))).await;
    publish(&app, &tech_manager(&json!({}))).await;
    let count =
        |answer: &Answer, pointer: &str| answer.json().pointer(pointer).unwrap().as_array().unwrap().len();
    let number = ok(&app, "/v1/boards/acme/jobs").await["jobs"][0]["id"].to_string();
    let singles = [
        format!("/v1/boards/acme/jobs/{number}"),
        format!("/v0/postings/acme/{}", id_of(&path)),
        format!("/v1/companies/acme/postings/{number}"),
        format!("/v1/companies/acme/postings/{}", id_of(&path)),
    ];
    let mut before = Vec::new();
    for (list, pointer) in LISTS {
        let answer = app.get(list).await;
        assert_eq!(count(&answer, pointer), 2, "{list}");
        assert_eq!(app.get_with(list, "If-None-Match", answer.header("etag")).await.status, 304, "{list}");
        assert!(answer.header("cache-control").starts_with("public, max-age=60"));
        let zipped = app.get_with(list, "Accept-Encoding", "gzip").await;
        assert_eq!(zipped.header("content-encoding"), "gzip", "{list}");
        assert_ne!(zipped.header("etag"), answer.header("etag"), "{list}");
        let slash = app.get(&format!("{list}/")).await;
        assert_eq!((slash.status.as_u16(), count(&slash, pointer)), (200, 2), "{list}");
        before.push(answer.header("etag").to_owned());
    }
    for single in &singles {
        let answer = app.get(single).await;
        assert_eq!(
            app.get_with(single, "If-None-Match", answer.header("etag")).await.status,
            304,
            "{single}"
        );
    }
    step(&app, &path, "close").await;
    for ((list, pointer), etag) in LISTS.into_iter().zip(before) {
        let answer = app.get_with(list, "If-None-Match", &etag).await;
        assert_eq!((answer.status.as_u16(), count(&answer, pointer)), (200, 1), "{list}");
    }
    for single in &singles {
        assert_eq!(app.get(single).await.status, 404, "{single}");
    }
}

#[actix_web::test]
async fn what_is_missing_is_told_in_the_words_of_the_system() {
    let app = spawn_with_acme().await;
    let draft = app.post(POSTINGS, &tech_manager(&json!({}))).await.json()["id"].as_str().unwrap().to_owned();
    let greenhouse = |error: &str| json!({"status": 404, "error": error});
    let lever = json!({"ok": false, "error": "Document not found"});
    let smart = json!({
        "message": "Posting not found", "errors": [{"code": "RESOURCE_NOT_FOUND", "message": "Posting not found"}],
    });
    let table = [
        ("/v1/boards/nobody".to_owned(), greenhouse("Job board not found")),
        ("/v1/boards/No%20Body".to_owned(), greenhouse("Job board not found")),
        ("/v1/boards/nobody/jobs".to_owned(), greenhouse("Job board not found")),
        ("/v1/boards/nobody/jobs/1".to_owned(), greenhouse("Job board not found")),
        ("/v1/boards/nobody/departments".to_owned(), greenhouse("Job board not found")),
        ("/v1/boards/nobody/offices/1".to_owned(), greenhouse("Job board not found")),
        ("/v1/boards/nobody/education/schools".to_owned(), greenhouse("Job board not found")),
        ("/v1/boards/acme/departments/0".to_owned(), greenhouse("Department not found")),
        ("/v1/boards/acme/offices/7".to_owned(), greenhouse("Office not found")),
        ("/v1/boards/acme/sections/7".to_owned(), greenhouse("Section not found")),
        ("/v1/boards/acme/education/hobbies".to_owned(), greenhouse("Not found")),
        ("/v0/postings/nobody".to_owned(), lever.clone()),
        ("/v0/postings/nobody?mode=html".to_owned(), lever.clone()),
        (format!("/v0/postings/acme/{draft}"), lever.clone()),
        (format!("/v0/postings/nobody/{draft}"), lever.clone()),
        ("/v0/postings/acme/%27%20OR%201=1".to_owned(), lever),
        (format!("/v1/companies/acme/postings/{draft}"), smart.clone()),
        ("/v1/companies/acme/postings/1".to_owned(), smart.clone()),
        ("/v1/companies/nobody/postings/1".to_owned(), smart),
    ];
    for (path, body) in &table {
        let answer = app.get(path).await;
        assert_eq!((answer.status.as_u16(), answer.media_type()), (404, "application/json"), "{path}");
        assert_eq!(answer.json(), *body, "{path}");
    }
    for id in
        ["x", "-1", "0", "01", "1.0", "+1", "18446744073709551616", "9007199254740993", "%00", draft.as_str()]
    {
        let answer = app.get(&format!("/v1/boards/acme/jobs/{id}")).await;
        assert_eq!((answer.status.as_u16(), answer.json()), (404, greenhouse("Job not found")), "{id}");
    }
    let ashby = app.get("/posting-api/job-board/nobody").await;
    assert_eq!((ashby.status.as_u16(), ashby.media_type(), ashby.text()), (404, "text/plain", "Not Found"));
    // As there, an employer that does not exist has no postings.
    let none = ok(&app, "/v1/companies/nobody/postings?limit=5").await;
    assert_eq!(none, json!({"offset": 0, "limit": 5, "totalFound": 0, "content": []}));
    assert_eq!(ok(&app, "/v1/companies/nobody/departments").await, json!({"totalFound": 0, "content": []}));
    // What is not this system's fault is told as everywhere.
    app.send(Method::POST, "/v1/boards/acme/jobs/1", |r| r).await.problem(405, "method-not-allowed");
}

#[actix_web::test]
async fn the_posting_of_another_employer_is_not_on_the_board() {
    let app = spawn_with_acme().await;
    let path = publish(&app, &tech_manager(&json!({}))).await;
    let number = ok(&app, "/v1/boards/acme/jobs").await["jobs"][0]["id"].to_string();
    app.post("/api/v1/employers", &json!({"id": "blue", "profile": {"name": "Blue"}})).await;
    for path in [
        format!("/v1/boards/blue/jobs/{number}"),
        format!("/v0/postings/blue/{}", id_of(&path)),
        format!("/v1/companies/blue/postings/{number}"),
        format!("/v1/companies/blue/postings/{}", id_of(&path)),
    ] {
        assert_eq!(app.get(&path).await.status, 404, "{path}");
    }
    for (list, pointer) in [
        ("/v1/boards/blue/jobs", "/jobs"),
        ("/v0/postings/blue", ""),
        ("/v1/boards/blue/offices", "/offices"),
    ] {
        assert_eq!(ok(&app, list).await.pointer(pointer).unwrap(), &json!([]), "{list}");
    }
}

#[actix_web::test]
async fn everybody_reads_from_any_origin_with_the_public_address() {
    let closed = |settings: &mut rolewright::config::Settings| {
        settings.anonymous = rolewright::config::Anonymous::None;
        settings.public_url = Some("https://jobs.example.com".to_owned());
    };
    let app = spawn_with(closed).await;
    app.add_acme().await;
    publish(&app, &tech_manager(&json!({}))).await;
    for (list, _) in LISTS {
        let answer = app.get_with(list, "Origin", "https://careers.acme.example").await;
        assert_eq!(
            (answer.status.as_u16(), answer.header("access-control-allow-origin")),
            (200, "*"),
            "{list}"
        );
        assert!(answer.text().contains("\"https://jobs.example.com/"), "{list}");
    }
}

#[actix_web::test]
async fn a_long_list_is_whole() {
    let app = spawn_with_acme().await;
    let mut titles = Vec::new();
    for n in 0..40 {
        let title = format!("Manager {n}");
        publish(
            &app,
            &tech_manager(&json!({"options": {"title": title, "department": format!("D{}", n % 3)}})),
        )
        .await;
        titles.push(title);
    }
    let jobs = ok(&app, "/v1/boards/acme/jobs").await;
    assert_eq!(names(list(&jobs, "jobs"), "title"), titles);
    assert_eq!(lever_titles(&app, "skip=30").await, titles[30..]);
    assert_eq!(lever_titles(&app, "skip=3&limit=30").await, titles[3..33]);
    let groups = ok(&app, "/v0/postings/acme?group=location").await;
    assert_eq!(names(list(&groups[0], "postings"), "text"), titles);
    let page = ok(&app, &format!("{SMARTRECRUITERS}?limit=100&offset=25")).await;
    assert_eq!(names(list(&page, "content"), "name"), titles[25..]);
    let found = ok(&app, &format!("{SMARTRECRUITERS}?q=manager&limit=4&offset=35")).await;
    assert_eq!(
        (names(list(&found, "content"), "name"), &found["totalFound"]),
        (titles[35..39].to_vec(), &json!(40))
    );
}

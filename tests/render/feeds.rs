//! The feeds: well-formed whatever a posting says, true to its vacancy, and within the rules of each
//! board, which stand as data in `tests/data/boards/`.
//!
//! `BLESS=1 cargo test --test render feeds` rewrites the golden files of `tests/data/feeds/`.

use std::collections::BTreeSet;
use std::path::PathBuf;

use jiff::Timestamp;
use proptest::prelude::*;
use rolewright::domain::salary::Period;
use rolewright::domain::{Date, Vacancy};
use rolewright::render::feed::{Channel, Entry, Feed, MAX_SITEMAP_ENTRIES, Sitemap, robots};
use scraper::Html;
use serde::Deserialize;
use serde_json::{Value, json};

use super::hostile::{Complete, PAYLOADS};
use super::published::{Published, words};
use super::random::{self, config};
use super::support::*;
use super::xml::{self, Node};

const IDS: [&str; 2] = ["0193a5e8-7b1c-7d3e-9f00-2b6c1d0e4a55", "0193a5e8-7b1c-7d3e-9f00-2b6c1d0e4a56"];
const URL: &str = "https://www.jobs.example/acme/tech-manager?a=1&b=2";

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn channel() -> Channel<'static> {
    Channel {
        title: "Open jobs",
        publisher: "Acme & Daughters",
        site: "https://www.jobs.example/?a=1&b=2",
        address: "https://www.jobs.example/feeds/all?a=1&b=2",
        updated: at("2026-12-05T10:15:30.25Z"),
    }
}

/// A whole feed.
fn written(feed: Feed, postings: &[&Published]) -> Vec<u8> {
    let mut bytes = feed.head(&channel());
    for (index, published) in postings.iter().enumerate() {
        let entry = Entry {
            id: IDS[index],
            url: URL,
            posting: &published.posting,
            vacancy: &published.vacancy,
            published: at("2026-12-01T07:00:00.5Z"),
            updated: at("2026-12-02T08:30:00Z"),
            closes: Some(at("2027-02-01T07:00:00Z")),
        };
        bytes.extend(feed.entry(&entry, index == 0));
    }
    bytes.extend(feed.tail());
    bytes
}

/// What a board's file says.
#[derive(Deserialize)]
struct Board {
    root: String,
    head: Vec<Rule>,
    entry: String,
    all_in_cdata: bool,
    character_references: bool,
    unique: String,
    elements: Vec<Rule>,
}

#[derive(Deserialize)]
struct Rule {
    name: String,
    #[serde(default)]
    required: bool,
    max_chars: Option<usize>,
    min_chars: Option<usize>,
    #[serde(default)]
    starts_with: Vec<String>,
    #[serde(default)]
    values: Vec<String>,
    format: Option<String>,
    tags: Option<Vec<String>>,
}

/// The boards' rules, and what is broken of them: by the feed, or by a posting that a board refuses.
#[derive(Default)]
struct Broken {
    feed: Vec<String>,
    posting: Vec<String>,
}

impl Board {
    fn of(feed: Feed) -> Option<Self> {
        let file = match feed {
            Feed::Indeed => include_str!("../data/boards/indeed.json"),
            Feed::Linkedin => include_str!("../data/boards/linkedin.json"),
            _ => return None,
        };
        Some(serde_json::from_str(file).unwrap())
    }

    fn check(&self, root: &Node) -> Broken {
        let mut broken = Broken::default();
        let head = root.children.iter().take_while(|child| child.name != self.entry).count();
        let (head, entries) = root.children.split_at(head);
        if root.name != self.root || entries.iter().any(|child| child.name != self.entry) {
            broken.feed.push("the names of the root and of the entries".to_owned());
        }
        let head = Node { children: head.to_vec(), ..Node::default() };
        self.elements(&self.head, &head, false, &mut broken);
        let mut names = BTreeSet::new();
        for entry in entries {
            self.elements(&self.elements, entry, self.all_in_cdata, &mut broken);
            if !entry.text_at(&self.unique).is_some_and(|name| names.insert(name)) {
                broken.feed.push(format!("{} is not unique", self.unique));
            }
        }
        broken
    }

    fn elements(&self, rules: &[Rule], node: &Node, in_cdata: bool, broken: &mut Broken) {
        let mut leaves = Vec::new();
        node.leaves("", &mut leaves);
        let mut last = 0;
        for (path, leaf) in &leaves {
            let Some(position) = rules.iter().position(|rule| rule.name == *path) else {
                broken.feed.push(format!("{path} is unknown"));
                continue;
            };
            if position < last {
                broken.feed.push(format!("{path} stands too late"));
            }
            last = position;
            if in_cdata && !leaf.in_cdata {
                broken.feed.push(format!("{path} is not in a CDATA section"));
            }
            if !self.character_references && path.as_str() != "url" && has_reference(&leaf.text) {
                broken.feed.push(format!("{path} has a character reference: {}", leaf.text));
            }
            rules[position].check(&leaf.text, broken);
        }
        for rule in rules.iter().filter(|rule| rule.required) {
            if leaves.iter().all(|(path, _)| *path != rule.name) {
                broken.posting.push(format!("{} is missing", rule.name));
            }
        }
    }
}

impl Rule {
    fn check(&self, text: &str, broken: &mut Broken) {
        let (name, chars) = (&self.name, text.chars().count());
        if text.trim().is_empty() {
            broken.feed.push(format!("{name} is empty"));
        }
        if self.max_chars.is_some_and(|most| chars > most) {
            broken.feed.push(format!("{name} is too long"));
        }
        if self.min_chars.is_some_and(|least| chars < least) {
            broken.posting.push(format!("{name} is too short"));
        }
        if !self.starts_with.is_empty() && !self.starts_with.iter().any(|start| text.starts_with(start)) {
            broken.posting.push(format!("{name} starts otherwise"));
        }
        if !self.values.is_empty() && !self.values.iter().any(|value| value == text) {
            broken.feed.push(format!("{name} has no value `{text}`"));
        }
        if self.format.as_ref().is_some_and(|format| !is_of_format(text, format)) {
            broken.feed.push(format!("{name} is written otherwise: {text}"));
        }
        if let Some(tags) = &self.tags {
            let html = Html::parse_fragment(text);
            let root = html.root_element();
            let elements = root.descendants().skip(1).filter_map(|node| node.value().as_element());
            for element in elements.filter(|element| !tags.iter().any(|tag| tag == element.name())) {
                broken.feed.push(format!("{name} has a tag `{}`", element.name()));
            }
        }
    }
}

fn is_of_format(text: &str, format: &str) -> bool {
    match format {
        "iso-8601" => text.parse::<Timestamp>().is_ok() || text.parse::<Date>().is_ok(),
        "rfc-822" => jiff::fmt::rfc2822::parse(text).is_ok(),
        "MM/DD/YYYY" => jiff::civil::Date::strptime("%m/%d/%Y", text).is_ok() && text.len() == 10,
        "amount" => text.parse::<rolewright::domain::salary::Amount>().is_ok(),
        other => panic!("the board's file names a format that this test does not know: {other}"),
    }
}

/// Whether a parser of HTML that wants a semicolon would see a character reference.
fn has_reference(text: &str) -> bool {
    text.split('&').skip(1).any(|rest| {
        let name = rest.strip_prefix('#').unwrap_or(rest);
        let end = name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len());
        end > 0 && name[end..].starts_with(';')
    })
}

fn text_of_html(html: &str) -> String {
    // Elements end words; the parser joins their texts.
    let html = Html::parse_fragment(html);
    html.root_element().text().collect::<Vec<_>>().join(" ")
}

fn without_joiners(text: &str) -> String {
    text.replace('\u{2060}', "")
}

/// What the entries of a feed say otherwise than the postings do.
fn differences(feed: Feed, postings: &[&Published]) -> Vec<String> {
    let bytes = written(feed, postings);
    let mut found = match feed {
        Feed::Jobs => {
            let feed: Value = serde_json::from_slice(&bytes).unwrap();
            let items = feed["items"].as_array().unwrap().clone();
            assert_eq!(items.len(), postings.len());
            items.iter().zip(postings).flat_map(|(item, published)| of_json(item, published)).collect()
        }
        _ => of_xml(feed, &xml::parse(&bytes), postings),
    };
    for difference in &mut found {
        *difference = format!("{}: {difference}", feed.as_str());
    }
    found
}

fn of_json(item: &Value, published: &Published) -> Vec<String> {
    let mut found = Vec::new();
    let mut same = |what: &str, holds: bool| {
        if !holds {
            found.push(what.to_owned())
        }
    };
    same("title", item["title"] == published.vacancy.title);
    same("url", item["url"] == URL);
    same("date_published", item["date_published"] == "2026-12-01T07:00:00Z");
    let vacancy: Vacancy = serde_json::from_value(item["_rolewright"]["vacancy"].clone()).unwrap();
    same("vacancy", vacancy == published.vacancy);
    found.extend(of_html(item["content_html"].as_str().unwrap(), published));
    found
}

fn of_html(html: &str, published: &Published) -> Option<String> {
    let lines = published.lines().join("\n");
    let (said, wanted) = (text_of_html(html), without_joiners(&lines));
    let said = without_joiners(&said);
    (words(&said).concat() != words(&wanted).concat()).then(|| format!("description: {said}\nfor: {wanted}"))
}

fn of_xml(feed: Feed, root: &Node, postings: &[&Published]) -> Vec<String> {
    let mut found = Board::of(feed).map(|board| board.check(root).feed).unwrap_or_default();
    let (parent, entry) = match feed {
        Feed::Atom => (root, "entry"),
        Feed::Rss => (root.at("channel").unwrap(), "item"),
        _ => (root, "job"),
    };
    let entries: Vec<&Node> = parent.all(entry).collect();
    match feed {
        Feed::Indeed => {
            let number = |job: &Node| job.text_at("referencenumber").unwrap().to_owned();
            for (id, published) in IDS.iter().zip(postings) {
                let jobs: Vec<_> =
                    entries.iter().filter(|job| number(job).starts_with(id)).copied().collect();
                found.extend(of_indeed(&jobs, published));
            }
        }
        _ => {
            assert_eq!(entries.len(), postings.len());
            for (entry, published) in entries.iter().zip(postings) {
                found.extend(of_entry(feed, entry, published));
            }
        }
    }
    found
}

fn of_indeed(jobs: &[&Node], published: &Published) -> Vec<String> {
    let vacancy = &published.vacancy;
    let mut found = Vec::new();
    for job in jobs {
        let text = |name: &str| job.text_at(name).map(without_joiners);
        let mut same = |what: &str, said: Option<String>, wanted: Option<String>| {
            if said != wanted.as_deref().map(without_joiners) {
                found.push(format!("{what}: {said:?} for {wanted:?}"));
            }
        };
        same("title", text("title"), Some(vacancy.title.clone()));
        same("salary", text("salary"), vacancy.salary.as_ref().map(|salary| salary.text.clone()));
        let posted = vacancy.date_posted.map_or("2026-12-01T07:00:00Z".to_owned(), |day| day.to_string());
        same("date", text("date"), Some(posted));
        let closes = vacancy.valid_through.map_or("2027-02-01T07:00:00Z".to_owned(), |day| day.to_string());
        same("expirationdate", text("expirationdate"), Some(closes));
        found.extend(of_html(job.text_at("description").unwrap(), published));
    }
    // Each place once, wherever it stands.
    let said: BTreeSet<_> = jobs
        .iter()
        .map(|job| place(job.text_at("country"), job.text_at("city"), job.text_at("streetaddress")))
        .collect();
    let located = vacancy.locations.iter().filter(|location| location.country_code().is_some());
    let wanted: BTreeSet<_> = located
        .map(|location| {
            let city = location.city.as_ref().map(|text| text.as_str());
            place(location.country_code(), city, location.street.as_ref().map(|text| text.as_str()))
        })
        .collect();
    if !wanted.is_empty() && said != wanted {
        found.push(format!("places: {said:?} for {wanted:?}"));
    }
    found
}

fn place(country: Option<&str>, city: Option<&str>, street: Option<&str>) -> String {
    without_joiners(&[country, city, street].map(Option::unwrap_or_default).join(" | "))
}

fn of_entry(feed: Feed, entry: &Node, published: &Published) -> Vec<String> {
    let vacancy = &published.vacancy;
    let mut found = Vec::new();
    let mut same = |what: &str, said: Option<&str>, wanted: Option<&str>| {
        if said != wanted {
            found.push(format!("{what}: {said:?} for {wanted:?}"));
        }
    };
    same("title", entry.text_at("title"), Some(&vacancy.title));
    let description = match feed {
        Feed::Atom => {
            same("published", entry.text_at("published"), Some("2026-12-01T07:00:00Z"));
            same("link", entry.at("link").unwrap().attribute("href"), Some(URL));
            "content"
        }
        Feed::Rss => {
            same("pubDate", entry.text_at("pubDate"), Some("Tue, 01 Dec 2026 07:00:00 GMT"));
            same("link", entry.text_at("link"), Some(URL));
            "description"
        }
        _ => {
            let digits = |day: Date| format!("{:02}/{:02}/{}", day.month(), day.day(), day.year());
            let listed = vacancy.date_posted.map_or("12/01/2026".to_owned(), digits);
            same("listDate", entry.text_at("listDate"), Some(&listed));
            let last = vacancy.valid_through.map_or("02/01/2027".to_owned(), digits);
            same("expirationDate", entry.text_at("expirationDate"), Some(&last));
            let range = vacancy.salary.as_ref().map(|salary| &salary.range);
            let range = range.filter(|range| range.period != Period::Day);
            let (min, max) = (range.map(|r| r.min.to_string()), range.map(|r| r.max.to_string()));
            same("lowEnd", entry.text_at("salaries/salary/lowEnd/amount"), min.as_deref());
            same("highEnd", entry.text_at("salaries/salary/highEnd/amount"), max.as_deref());
            let code = range.map(|range| range.currency.code());
            same("currencyCode", entry.text_at("salaries/salary/highEnd/currencyCode"), code);
            let city = vacancy.locations.iter().find(|location| location.country_code().is_some());
            let city = city.and_then(|location| location.city.as_ref()).map(|city| city.as_str());
            same("city", entry.text_at("city"), city);
            "description"
        }
    };
    found.extend(of_html(entry.text_at(description).unwrap(), published));
    found
}

fn complete() -> Published {
    let complete = Complete::new();
    let options = with(&complete.options, &json!({"apply": {"url": "https://www.acme.example/jobs/1"}}));
    Published::new(&Known::new(complete.role), &options)
}

fn of_tech_manager() -> Published {
    Published::new(tech_manager(), &sample())
}

#[test]
fn a_posting_that_has_everything_keeps_all_rules_of_each_board() {
    for feed in Feed::ALL {
        if let Some(board) = Board::of(feed) {
            let broken = board.check(&xml::parse(&written(feed, &[&complete()])));
            let broken: Vec<_> = broken.feed.into_iter().chain(broken.posting).collect();
            assert!(broken.is_empty(), "{}: {broken:#?}", feed.as_str());
        }
    }
}

#[test]
fn a_feed_without_postings_is_a_whole_document() {
    for feed in Feed::ALL {
        let bytes = written(feed, &[]);
        match feed {
            Feed::Jobs => {
                let feed: Value = serde_json::from_slice(&bytes).unwrap();
                assert_eq!(feed["items"], json!([]));
                assert_eq!(feed["version"], "https://jsonfeed.org/version/1.1");
                assert_eq!(feed["feed_url"], channel().address);
            }
            _ => {
                let root = xml::parse(&bytes);
                let broken = Board::of(feed).map(|board| board.check(&root)).unwrap_or_default();
                assert!(broken.feed.is_empty() && broken.posting.is_empty(), "{:?}", broken.feed);
            }
        }
    }
}

#[test]
fn every_feed_of_two_postings_is_as_its_golden_file_shows() {
    let (first, second) = (of_tech_manager(), complete());
    let bless = std::env::var_os("BLESS").is_some_and(|value| value == "1");
    for feed in Feed::ALL {
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data/feeds").join(feed.as_str());
        let found = String::from_utf8(written(feed, &[&first, &second])).unwrap();
        if bless {
            std::fs::write(&path, &found).unwrap();
        }
        let golden = std::fs::read_to_string(&path).unwrap();
        assert!(
            golden == found,
            "{} is not what is written now. If that is as it should be: BLESS=1",
            path.display()
        );
        let differences = differences(feed, &[&first, &second]);
        assert!(differences.is_empty(), "{differences:#?}");
    }
}

proptest! {
    #![proptest_config(config(120))]

    #[test]
    fn every_feed_of_random_postings_says_what_their_vacancies_say(
        roles in (random::role(), random::role()), base in (random::options(), random::options()),
        voice in random::voice(), length in random::length(),
    ) {
        let (first, second) = (Known::new(roles.0), Known::new(roles.1));
        let first = Published::with(
            &first, &first.options(&with(&base.0, &json!({"tone": voice.id, "length": length}))), Some(&voice),
        );
        let second = Published::new(&second, &with(&base.1, &json!({"length": length})));
        for feed in Feed::ALL {
            let found = differences(feed, &[&first, &second]);
            prop_assert!(found.is_empty(), "{}", found.join("\n"));
        }
    }
}

#[test]
fn hostile_text_in_every_field_breaks_no_feed() {
    let complete = Complete::new();
    let mut findings = Findings::default();
    for payload in PAYLOADS {
        let (known, options) = complete.with(complete.lines.iter(), payload);
        let published = Published::new(&known, &options);
        for feed in Feed::ALL {
            for difference in differences(feed, &[&published]) {
                findings.add(format!("{payload:?}: {difference}"));
            }
        }
    }
    findings.report();
}

#[test]
fn the_publishers_words_break_no_feed() {
    for payload in PAYLOADS.into_iter().chain(["\u{0}\u{b}x\u{fffe}", "\n"]) {
        for feed in Feed::ALL {
            let channel =
                Channel { title: payload, publisher: payload, site: payload, address: payload, ..channel() };
            let mut bytes = feed.head(&channel);
            bytes.extend(feed.tail());
            match feed {
                Feed::Jobs => drop(serde_json::from_slice::<Value>(&bytes).unwrap()),
                _ => drop(xml::parse(&bytes)),
            }
        }
    }
}

/// The reference numbers of a posting at `locations`.
fn numbers(locations: Value) -> Vec<String> {
    let published = Published::new(tech_manager(), &json!({"locations": locations}));
    let root = xml::parse(&written(Feed::Indeed, &[&published]));
    root.all("job").map(|job| job.text_at("referencenumber").unwrap().to_owned()).collect()
}

#[test]
fn a_job_keeps_its_reference_number_wherever_its_place_stands() {
    let denver = json!({"city": "Denver", "region": "US-CO", "workplace": "hybrid"});
    let boulder = json!({"city": "Boulder", "region": "US-CO", "country": "US"});
    let berlin = json!({"city": "Berlin", "country": "DE"});
    let found = numbers(json!([denver, boulder, berlin]));
    assert_eq!(found.iter().collect::<BTreeSet<_>>().len(), 3);
    assert!(found.iter().all(|number| number.starts_with(IDS[0])));

    let mut other = numbers(json!([berlin, denver, boulder]));
    other.rotate_left(1);
    assert_eq!(found, other);
    let on_site = json!({"city": " denver ", "region": "US-CO", "country": "US", "workplace": "on_site"});
    assert_eq!(found[..2], numbers(json!([on_site, boulder])));
}

#[test]
fn one_place_said_twice_is_one_job() {
    let place = json!({"city": "Denver", "region": "US-CO"});
    assert_eq!(numbers(json!([place, place])), [IDS[0]]);
    assert_eq!(numbers(json!([{"workplace": "remote"}])), [IDS[0]]);
    assert_eq!(numbers(json!([])), [IDS[0]]);
}

#[test]
fn a_remote_job_stands_where_its_areas_agree() {
    let job = |areas: Value| {
        let options = json!({"locations": [{"workplace": "remote"}], "remote_within": areas});
        let root = xml::parse(&written(Feed::Indeed, &[&Published::new(tech_manager(), &options)]));
        let job = root.at("job").unwrap();
        assert_eq!(job.text_at("remotetype"), Some("Fully remote"));
        (job.text_at("country").map(str::to_owned), job.text_at("state").map(str::to_owned))
    };
    let text = |text: &str| Some(text.to_owned());
    assert_eq!(job(json!(["US-CO"])), (text("US"), text("CO")));
    assert_eq!(job(json!(["US-CO", "US-WA"])), (text("US"), None));
    assert_eq!(job(json!(["DE-BY"])), (text("DE"), text("Bavaria")));
    assert_eq!(job(json!(["US-CO", "CA"])), (None, None));
    assert_eq!(job(json!([])), (None, None));
}

#[test]
fn pay_that_the_posting_does_not_show_is_in_no_feed() {
    let published = Published::new(tech_manager(), &json!({"salary": {"show": false}}));
    for feed in Feed::ALL {
        let text = String::from_utf8(written(feed, &[&published])).unwrap();
        assert!(!text.contains("140000") && !text.contains("140,000") && !text.contains("salar"), "{text}");
    }
}

#[test]
fn a_sitemap_lists_pages_and_an_index_lists_files() {
    for (sitemap, root, child) in
        [(Sitemap::Pages, "urlset", "url"), (Sitemap::Index, "sitemapindex", "sitemap")]
    {
        let mut bytes = sitemap.head();
        bytes.extend(sitemap.url("https://x.example/?a=1&b=<2>", Some(at("2026-12-01T07:00:00.5Z"))));
        bytes.extend(sitemap.url("https://x.example/", None));
        bytes.extend(sitemap.tail());
        let document = xml::parse(&bytes);
        assert_eq!(document.name, root);
        assert_eq!(document.attribute("xmlns"), Some("http://www.sitemaps.org/schemas/sitemap/0.9"));
        let urls: Vec<&Node> = document.all(child).collect();
        assert_eq!(urls.len(), 2);
        assert_eq!(urls[0].text_at("loc"), Some("https://x.example/?a=1&b=<2>"));
        assert_eq!(urls[0].text_at("lastmod"), Some("2026-12-01T07:00:00Z"));
        assert_eq!(urls[1].text_at("lastmod"), None);
        let empty = [sitemap.head(), sitemap.tail()].concat();
        assert_eq!(xml::parse(&empty).name, root);
    }
    let parts = [0, 1, MAX_SITEMAP_ENTRIES, MAX_SITEMAP_ENTRIES + 1, 100_001].map(Sitemap::parts);
    assert_eq!(parts, [1, 1, 1, 2, 3]);
}

#[test]
fn robots_find_the_sitemap_and_keep_out_of_what_is_closed() {
    assert_eq!(
        robots("https://x.example/sitemap.xml", &[]),
        "User-agent: *\nAllow: /\n\nSitemap: https://x.example/sitemap.xml\n"
    );
    assert_eq!(
        robots("https://x.example/sitemap.xml\nDisallow: /", &["/api/", "/metrics"]),
        "User-agent: *\nDisallow: /api/\nDisallow: /metrics\n\nSitemap: https://x.example/sitemap.xmlDisallow: /\n"
    );
}

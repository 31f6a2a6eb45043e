//! How long a posting takes, beside writing the same bytes by hand.
//!
//! `cargo bench --bench posting`; docs/PERFORMANCE.md has the figures and says how to read them.

#![allow(missing_docs, clippy::expect_used, reason = "a benchmark stops at the first surprise")]

use std::hint::black_box;

use actix_web::test;
use actix_web::web::Data;
use clap::Parser;
use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use rolewright::config::{Config, Settings};
use rolewright::domain::document::Document;
use rolewright::domain::options::{Emphasis, WeightedEmphasis};
use rolewright::domain::text::Prose;
use rolewright::domain::{PostingOptions, Role, Slug};
use rolewright::render::{Fingerprint, Format, Renderer, Subject};
use rolewright::{api, app};

use clock::ProcessorTime;

mod by_hand;
mod clock;

type Timed = Criterion<ProcessorTime>;

const ROLE: &[u8] = include_bytes!("../roles/tech-manager.json");

fn role() -> Role {
    Role::from_json(ROLE).expect("the built-in role is valid")
}

/// Sixty-four requests, no two alike: what an HR system sends for its openings.
fn requests() -> Vec<PostingOptions> {
    let cities = ["Denver", "Boulder", "Aspen", "Vail"];
    let emphases = ["leadership", "technical", "delivery", "people"];
    (0..64)
        .map(|n| {
            let body = format!(
                r#"{{"tone":"neutral","emphasis":["{}","strategy"],
                "salary":{{"min":{},"max":{},"currency":"USD","period":"year","note":"plus equity"}},
                "employer":{{"name":"Northwind Robotics {n}","about":"Northwind builds robots & tools that work beside people.",
                "benefits":[{{"text":"Medical, dental, and vision insurance"}},{{"text":"25 days of paid leave"}}],
                "equal_opportunity":"Northwind Robotics is an equal opportunity employer."}},
                "locations":[{{"city":"{}","region":"US-CO","country":"US","workplace":"hybrid"}}],
                "employment_type":"full_time","valid_through":"2027-01-31","requisition_id":"ENG-{n}",
                "apply":{{"url":"https://northwind.example/jobs/{n}"}}}}"#,
                emphases[n % 4],
                150_000 + n * 100,
                185_000 + n * 100,
                cities[n / 16],
            );
            PostingOptions::from_json(body.as_bytes()).expect("the options are valid")
        })
        .collect()
}

const TEXT_FORMATS: [Format; 4] = [Format::Html, Format::Page, Format::Markdown, Format::Text];

fn known_role(c: &mut Timed) {
    let (role, requests) = (role(), requests());
    let renderer = Renderer::new(None).expect("the templates are valid");
    let subject = Subject::Stored { role: &role, fingerprint: Fingerprint::of(&role), revision: 1 };
    for format in Format::ALL {
        let mut group = c.benchmark_group(format!("known-role/{}", format.as_str()));
        let mut next = requests.iter().cycle();
        group.bench_function("rolewright", |b| {
            b.iter(|| {
                renderer.render(black_box(subject), next.next().expect("endless"), format).expect("renders")
            });
        });
        if TEXT_FORMATS.contains(&format) {
            let postings: Vec<by_hand::Posting> = requests
                .iter()
                .map(|options| {
                    let json = renderer.render(subject, options, Format::Json).expect("renders");
                    let posting: by_hand::Posting = serde_json::from_slice(&json).expect("a posting");
                    let bytes = renderer.render(subject, options, format).expect("renders");
                    let text = std::str::from_utf8(&bytes).expect("UTF-8");
                    assert_eq!(by_hand::write(&posting, format), text, "by hand must be the same bytes");
                    posting
                })
                .collect();
            let mut next = postings.iter().cycle();
            group.bench_function("push_str", |b| {
                b.iter(|| by_hand::write(black_box(next.next().expect("endless")), format));
            });
        }
        group.finish();
    }
}

/// The `n`th of many requests, each of which emphasises something else or has other words to spend:
/// no two of them show the same of the role.
fn request_for_a_new_plan(base: &PostingOptions, role: &Role, n: usize) -> PostingOptions {
    let tags: Vec<&Slug> = role.tags();
    let emphasis = |step: usize| {
        let dimension = tags[(n / 10_usize.pow(step as u32) + step * 3) % tags.len()].clone();
        let weight = (n / 1_000 / 10_usize.pow(step as u32) % 10) as u8 + 1;
        Emphasis::Weighted(WeightedEmphasis { dimension, weight })
    };
    let mut options = base.clone();
    let mut given: Vec<Emphasis> = (0..3).map(emphasis).collect();
    given.sort_by(|one, other| one.dimension().as_str().cmp(other.dimension().as_str()));
    given.dedup_by(|one, other| one.dimension() == other.dimension());
    options.emphasis = given.into();
    let about = "Northwind builds robots & tools.".to_owned() + &" And more.".repeat(n / 1_000_000 % 20);
    options.employer.as_mut().expect("an employer").about = Prose::try_from(about).ok();
    options
}

fn new_plan(c: &mut Timed) {
    let (role, requests) = (role(), requests());
    let renderer = Renderer::new(None).expect("the templates are valid");
    let subject = Subject::Stored { role: &role, fingerprint: Fingerprint::of(&role), revision: 1 };
    let mut group = c.benchmark_group("known-role-new-plan");
    for format in TEXT_FORMATS {
        let mut n = 0;
        group.bench_function(format.as_str(), |b| {
            let setup = || {
                n += 1;
                request_for_a_new_plan(&requests[n % 64], &role, n)
            };
            let write = |options: PostingOptions| {
                let bytes = renderer.render(black_box(subject), &options, format).expect("renders");
                (bytes, options)
            };
            b.iter_batched(setup, write, BatchSize::SmallInput);
        });
    }
    group.finish();
}

fn first_posting(c: &mut Timed) {
    let role = role();
    let renderer = Renderer::new(None).expect("the templates are valid");
    let options = requests().remove(0);
    let mut group = c.benchmark_group("first-posting");
    for format in Format::ALL {
        group.bench_function(format.as_str(), |b| {
            b.iter(|| renderer.render(Subject::Inline(black_box(&role)), &options, format).expect("renders"));
        });
    }
    group.finish();
}

fn reading(c: &mut Timed) {
    let body = serde_json::to_vec(&requests()[0]).expect("serializes");
    let mut group = c.benchmark_group("reading");
    group.bench_function("options", |b| {
        b.iter(|| PostingOptions::from_json(black_box(&body)).expect("valid"))
    });
    group.bench_function("role", |b| b.iter(|| Role::from_json(black_box(ROLE)).expect("valid")));
    group.finish();
}

/// A request as a worker sees it, from the head to the last byte, without a socket.
fn whole_request(c: &mut Timed) {
    let runtime = actix_web::rt::Runtime::new().expect("a runtime");
    let data = tempfile::tempdir().expect("a folder");
    let settings = Config::try_parse_from(["rolewright"]).expect("the defaults are valid").settings;
    let settings = Settings { data_dir: data.path().to_owned(), ..settings };
    let state = runtime.block_on(app::state(&settings)).expect("the embedded files are valid");
    let state = Data::new(state);
    let service = runtime.block_on(test::init_service(api::app(state)));
    let mut group = c.benchmark_group("whole-request");
    for format in Format::ALL {
        let url = format!("/api/v1/roles/tech-manager/posting?format={}", format.as_str());
        let bodies: Vec<String> =
            requests().iter().map(|options| serde_json::to_string(options).expect("serializes")).collect();
        let mut next = bodies.iter().cycle();
        group.bench_function(format.as_str(), |b| {
            b.iter(|| {
                let body = next.next().expect("endless").clone();
                let request =
                    test::TestRequest::post().uri(&url).insert_header(("content-type", "application/json"));
                // Whoever comes from the machine itself needs no key.
                let request = request.peer_addr(([127, 0, 0, 1], 1).into()).set_payload(body).to_request();
                runtime.block_on(test::call_and_read_body(&service, request))
            });
        });
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().with_measurement(ProcessorTime::default());
    targets = known_role, new_plan, first_posting, reading, whole_request
}
criterion_main!(benches);

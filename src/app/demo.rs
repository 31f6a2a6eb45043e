//! The command `demo`: a made-up employer with postings of every kind, for trying things out.
//!
//! To add a posting: a file in `demo/postings/`. Days are counted from today, so that the board is as
//! fresh whenever it is made.

use anyhow::{Context, ensure};
use include_dir::{Dir, include_dir};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use crate::api::Stage;
use crate::config::Settings;
use crate::domain::kept_posting::NewPosting;
use crate::domain::{Document, KeptEmployer, TimeZone};
use crate::store::document::{Author, Kind};
use crate::store::{DocumentId, Store};

static EMPLOYER: &[u8] = include_bytes!("demo/employer.json");
static POSTINGS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/src/app/demo/postings");

/// A posting of the demo, and where it is in its life.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sample {
    #[serde(default)]
    posted_days_ago: i64,
    opens_in_days: Option<i64>,
    open_for_days: Option<i64>,
    starts_in_days: Option<i64>,
    closed_days_ago: Option<i64>,
    #[serde(default)]
    draft: bool,
    posting: NewPosting,
}

/// Fills the database.
///
/// # Errors
/// That it is not empty, and what the database says.
pub fn run(settings: &Settings) -> anyhow::Result<()> {
    actix_web::rt::System::new().block_on(async {
        let store = super::database::open(settings).await?;
        let is_empty = is_empty(store.as_ref()).await;
        store.close().await;
        ensure!(is_empty?, "the database has employers already: the demo fills an empty one");
        let state = super::state(settings).await?;
        let done = fill(&state, Timestamp::now()).await;
        state.close().await;
        super::print(report(done?).as_bytes())
    })
}

/// Whether there is no employer but that of the demo, which may have been left half done.
async fn is_empty(store: &dyn Store) -> anyhow::Result<bool> {
    let employers = store.count(Kind::Employer, "").await?;
    let demo = store.head(&DocumentId::employer("demo")).await?.is_some_and(|head| !head.deleted);
    Ok(employers == u64::from(demo))
}

/// Adds what is not there yet; gives how many postings that were.
async fn fill(state: &crate::api::State, now: Timestamp) -> anyhow::Result<usize> {
    let author = Author { name: "demo".to_owned(), key: None, request: None };
    let employer = KeptEmployer::from_json(EMPLOYER).context("demo/employer.json")?;
    let zone = employer.time_zone.clone().unwrap_or_default();
    let mut samples = Vec::new();
    for file in POSTINGS.files() {
        let read = serde_json::from_slice::<Sample>(file.contents());
        samples.push(read.with_context(|| file.path().display().to_string())?);
    }
    let earliest = samples.iter().map(|sample| sample.posted_days_ago).max().unwrap_or_default();
    state.add_employer(&employer, &author, days(now, -earliest)).await?;
    samples.sort_by_key(|sample| -sample.posted_days_ago);
    let mut added = 0;
    for sample in samples {
        let (at, stage) = (days(now, -sample.posted_days_ago), sample.stage(now));
        let posting = sample.posting(&zone, now);
        added += usize::from(state.add_posting(posting, stage, &author, at).await?.is_some());
    }
    Ok(added)
}

impl Sample {
    fn stage(&self, now: Timestamp) -> Stage {
        match self.closed_days_ago {
            Some(ago) => Stage::Closed(days(now, -ago)),
            None if self.draft => Stage::Draft,
            None => Stage::Published,
        }
    }

    fn posting(self, zone: &TimeZone, now: Timestamp) -> NewPosting {
        let day = |count: Option<i64>| count.and_then(|count| zone.day(days(now, count)));
        let mut posting = self.posting;
        posting.options.date_posted = day(self.opens_in_days);
        posting.options.valid_through = day(self.open_for_days);
        posting.options.start = day(self.starts_in_days);
        posting
    }
}

fn days(from: Timestamp, count: i64) -> Timestamp {
    from.saturating_add(SignedDuration::from_hours(24 * count)).unwrap_or(from)
}

fn report(added: usize) -> String {
    let added = match added {
        0 => "The demo board is there already.".to_owned(),
        added => format!("The employer `demo` has {added} new postings."),
    };
    format!(
        "{added} Start the server, and look at\n  /careers/demo/tech-manager-scheduling\n  /feeds/demo/jobs.json\n  /v1/boards/demo/jobs\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_from_today() {
        let now: Timestamp = "2026-11-24T12:00:00Z".parse().unwrap();
        assert_eq!(days(now, -2).to_string(), "2026-11-22T12:00:00Z");
    }
}

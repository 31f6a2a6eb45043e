//! Two servers on one database: whoever is asked after a write was acknowledged has it, and what happens
//! by itself happens once.

use std::time::{Duration, Instant};

use actix_web::rt::time::sleep;
use futures_util::future::join_all;
use reqwest::{Client, StatusCode};
use rolewright::store::document::{Author, Batch, Edit, Expected, Order};
use rolewright::store::{DocumentId, Location, connect};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::database::Database;
use crate::kept_postings::{POSTINGS, tech_manager};
use crate::process::{ADMIN_KEY, Process, key_file};
use crate::support::example;

/// The longest that a test waits for what the schedule does; it looks every five seconds.
const PATIENCE: Duration = Duration::from_secs(60);

#[actix_web::test]
async fn two_servers_on_one_postgres_never_give_a_stale_answer() {
    let Some(database) = Database::create().await else { return };
    interleave(&database.url).await;
    database.drop().await;
}

#[actix_web::test]
async fn two_servers_on_one_sqlite_never_give_a_stale_answer() {
    let folder = tempfile::tempdir().unwrap();
    interleave(&format!("sqlite://{}", folder.path().join("both.db").display())).await;
}

#[actix_web::test]
async fn each_transition_happens_once_however_many_servers_are_on_one_postgres() {
    let Some(database) = Database::create().await else { return };
    turn_under_reads(&database.url).await;
    database.drop().await;
}

#[actix_web::test]
async fn each_transition_happens_once_however_many_servers_are_on_one_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    turn_under_reads(&format!("sqlite://{}", folder.path().join("both.db").display())).await;
}

#[actix_web::test]
async fn each_transition_happens_once_and_without_any_read_on_one_postgres() {
    let Some(database) = Database::create().await else { return };
    turn_by_schedule(&database.url).await;
    database.drop().await;
}

#[actix_web::test]
async fn each_transition_happens_once_and_without_any_read_on_one_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    turn_by_schedule(&format!("sqlite://{}", folder.path().join("both.db").display())).await;
}

/// Two servers on a database, each with a folder of its own.
fn two_servers(url: &str) -> ([TempDir; 2], [Process; 2]) {
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let servers = folders.each_ref().map(|folder| {
        let key = key_file(folder.path());
        let settings = [
            ("DATABASE_URL", url),
            ("ROLEWRIGHT_ADMIN_KEY_FILE", key.to_str().unwrap()),
            ("ROLEWRIGHT_RATE_LIMIT_KEY", "off"),
            ("ROLEWRIGHT_RATE_LIMIT_ADDRESS", "off"),
            ("ROLEWRIGHT_LOG", "rolewright=info,rolewright::access=warn"),
        ];
        Process::start(folder.path(), &settings)
    });
    (folders, servers)
}

async fn interleave(url: &str) {
    let (_folders, servers) = two_servers(url);
    let client = Client::new();
    let path = "/api/v1/roles/lighthouse-keeper";
    for turn in 0..60_u32 {
        let (writer, reader) = (&servers[turn as usize % 2], &servers[(turn as usize + 1) % 2]);
        let marker = format!("The keeper at turn {turn}.");
        let request = client.put(writer.url(path)).bearer_auth(ADMIN_KEY).json(&role(&marker));
        let request = if turn == 0 { request } else { request.header("If-Match", format!("\"{turn}\"")) };
        let written = request.send().await.unwrap();
        assert!(written.status().is_success(), "{turn}: {}", written.text().await.unwrap());
        for server in [reader, writer] {
            let answer = client.get(server.url(path)).bearer_auth(ADMIN_KEY).send().await.unwrap();
            assert_eq!(answer.headers()["etag"], format!("\"{}\"", turn + 1));
            assert_eq!(answer.json::<Value>().await.unwrap()["summary"], marker);
            let posting = server.url(&format!("{path}/posting?format=text&length=full"));
            let posting = client.get(posting).bearer_auth(ADMIN_KEY).send().await.unwrap();
            assert!(posting.text().await.unwrap().contains(&marker));
        }
    }
    client.delete(servers[0].url(path)).bearer_auth(ADMIN_KEY).send().await.unwrap();
    let gone = client.get(servers[1].url(path)).bearer_auth(ADMIN_KEY).send().await.unwrap();
    assert_eq!(gone.status(), StatusCode::GONE);
}

fn role(marker: &str) -> Value {
    json!({
        "id": "lighthouse-keeper",
        "title": "Lighthouse Keeper",
        "summary": marker,
        "mission": "keep the light burning",
        "responsibilities": {"primary": [{"id": "light", "action": "keep the light burning"}]},
    })
}

/// Postings whose moment has come are read at both servers at once, by everybody.
async fn turn_under_reads(url: &str) {
    let (_folders, servers) = two_servers(url);
    let client = Client::new();
    add_acme(&client, &servers[0]).await;
    for _ in 0..4 {
        let waiting = Waiting::schedule(&client, &servers).await;
        waiting.turn_back(url, LATER).await;
        let answers = waiting.read(&client, &servers, 12).await;
        assert!(answers.iter().all(|answer| answer.0 == StatusCode::OK), "{answers:?}");
        let states = answers.iter().filter_map(|(_, body)| body.as_ref().map(|body| &body["state"]));
        assert!(states.inspect(|state| assert_eq!(**state, "published")).count() > 0);
        assert_eq!(
            waiting.history(&client, &servers).await,
            json!(["published", "turned back", "published", null]),
            "published by the request, and once by its moment"
        );

        waiting.turn_back(url, EARLIER).await;
        let answers = waiting.read(&client, &servers, 12).await;
        assert!(answers.iter().all(|answer| answer.0 == StatusCode::GONE), "{answers:?}");
        let turns = ["closed", "turned back", "published", "turned back", "published"];
        let history = waiting.history(&client, &servers).await;
        assert_eq!(history.as_array().unwrap()[..5], turns.map(Value::from));
        assert_eq!(history.as_array().unwrap().len(), 6, "and nobody closed it again");
    }
}

/// Nobody reads a posting whose moment has come, and the line of changes tells of it all the same.
async fn turn_by_schedule(url: &str) {
    let (_folders, servers) = two_servers(url);
    let client = Client::new();
    add_acme(&client, &servers[0]).await;
    // Of four that are added at once, each has a slug of its own.
    let waiting = join_all((0..4).map(|_| Waiting::schedule(&client, &servers))).await;
    for (closes, turn, revision) in [(LATER, "published", 4), (EARLIER, "closed", 6)] {
        for waiting in &waiting {
            waiting.turn_back(url, closes).await;
        }
        for waiting in &waiting {
            let change = waiting.change(&client, &servers[0], revision).await;
            assert_eq!((&change["author"], &change["message"]), (&json!("schedule"), &json!(turn)));
        }
    }
    // The revisions of both rounds, and none more.
    for waiting in &waiting {
        assert_eq!(waiting.history(&client, &servers).await.as_array().unwrap().len(), 6);
    }
}

/// The employer of the postings, with its tone.
async fn add_acme(client: &Client, server: &Process) {
    post(client, server, "/api/v1/employers", &example("create_employer")).await;
    post(client, server, "/api/v1/employers/acme/tones", &example("create_own_tone")).await;
}

/// Posts a document; the answer.
async fn post(client: &Client, server: &Process, path: &str, document: &Value) -> Value {
    let request = client.post(server.url(path)).bearer_auth(ADMIN_KEY).json(document);
    let answer = request.send().await.unwrap();
    let (status, body) = (answer.status(), answer.json().await.unwrap());
    assert!(status.is_success(), "{path}: {status}: {body}");
    body
}

/// A day that is over, and one that is not.
const EARLIER: &str = "2020-04-01T06:00:00Z";
const LATER: &str = "2099-04-01T06:00:00Z";

/// A posting that waits for its day.
struct Waiting {
    id: String,
    page: String,
}

impl Waiting {
    /// Makes one.
    async fn schedule(client: &Client, servers: &[Process; 2]) -> Self {
        let later = json!({"options": {"date_posted": "2099-03-01", "valid_through": "2099-03-31"}});
        let posting = post(client, &servers[0], POSTINGS, &tech_manager(&later)).await;
        let id = posting["id"].as_str().unwrap().to_owned();
        let path = format!("{POSTINGS}/{id}/publish");
        assert_eq!(post(client, &servers[1], &path, &Value::Null).await["state"], "scheduled");
        Self { id, page: format!("/careers/acme/{}", posting["slug"].as_str().unwrap()) }
    }

    /// Lets its first day have come, and its last day end at `closes`, behind the servers' backs.
    async fn turn_back(&self, url: &str, closes: &str) {
        let folder = tempfile::tempdir().unwrap();
        let location = Location { url: url.to_owned(), folder: folder.path().to_owned(), pool: 1 };
        let store = connect(&location).await.unwrap();
        let document = DocumentId::posting("acme", &*self.id);
        let kept = store.revision(&document, None).await.unwrap().unwrap();
        let mut posting: Value = serde_json::from_str(&kept.body.unwrap()).unwrap();
        posting["publication"]["opens_at"] = json!("2020-03-01T07:00:00Z");
        posting["publication"]["closes_at"] = json!(closes);
        let order = Order {
            document,
            edit: Edit::Put(posting.to_string().into()),
            expected: Expected::OneOf(vec![kept.change.revision]),
            skip_same: false,
            at: jiff::Timestamp::now(),
            author: Author { name: "test".to_owned(), key: None, request: None },
            message: Some("turned back".to_owned()),
        };
        store.write(Batch::of(order)).await.unwrap().remove(0).unwrap();
        store.close().await;
    }

    /// Reads it in every way so many times at each server, all at once: statuses, and what is JSON.
    async fn read(
        &self,
        client: &Client,
        servers: &[Process; 2],
        times: usize,
    ) -> Vec<(StatusCode, Option<Value>)> {
        let own = format!("{POSTINGS}/{}", self.id);
        let words = format!("{own}?format=text");
        let paths = [&own, &words, &self.page].map(String::as_str);
        let urls = servers.iter().flat_map(|server| paths.iter().map(|path| server.url(path)));
        let urls: Vec<String> = urls.collect();
        let read = |url: String| async move {
            let answer = client.get(url).send().await.unwrap();
            (answer.status(), answer.json().await.ok())
        };
        join_all((0..times).flat_map(|_| urls.clone()).map(read)).await
    }

    /// The messages of its revisions, the newest first: the same at both servers.
    async fn history(&self, client: &Client, servers: &[Process; 2]) -> Value {
        let read = |server: &Process| {
            let url = server.url(&format!("{POSTINGS}/{}/revisions", self.id));
            async move {
                let page = client.get(url).bearer_auth(ADMIN_KEY).send().await.unwrap();
                let page: Value = page.json().await.unwrap();
                page["items"].as_array().unwrap().iter().map(|item| item["message"].clone()).collect()
            }
        };
        let [one, other]: [Value; 2] = [read(&servers[0]).await, read(&servers[1]).await];
        assert_eq!(one, other);
        one
    }

    /// Waits for the change that makes a revision of it.
    async fn change(&self, client: &Client, server: &Process, revision: u32) -> Value {
        let (started, mut since) = (Instant::now(), String::new());
        while started.elapsed() < PATIENCE {
            let url = server.url(&format!("/api/v1/changes?kind=posting{since}"));
            let page: Value =
                client.get(url).bearer_auth(ADMIN_KEY).send().await.unwrap().json().await.unwrap();
            let items = page["items"].as_array().unwrap();
            let sought = |item: &&Value| item["id"] == self.id && item["revision"] == revision;
            if let Some(change) = items.iter().find(sought) {
                return change.clone();
            }
            since = format!("&since={}", page["next_cursor"].as_str().unwrap());
            // Not to wait for time to pass, but to let the servers have the processor.
            sleep(Duration::from_millis(20)).await;
        }
        panic!("revision {revision} of {} was never made", self.id);
    }
}

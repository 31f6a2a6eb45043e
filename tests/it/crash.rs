//! Nothing that was acknowledged is lost: a server is killed in the middle of writes, again and
//! again, and everything that it had answered with a 2xx is there, whole.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use reqwest::Client;
use serde_json::{Value, json};

use crate::database::Database;
use crate::process::{ADMIN_KEY, Process, key_file};

const ROUNDS: usize = 20;
const WRITERS: usize = 6;

/// What was acknowledged: the marker that each revision of each role has.
type Ledger = Arc<Mutex<BTreeMap<(String, u32), String>>>;

#[actix_web::test]
async fn what_was_acknowledged_outlives_a_server_that_is_killed_on_sqlite() {
    let data = tempfile::tempdir().unwrap();
    rounds(data.path(), "sqlite://crash.db").await;
}

#[actix_web::test]
async fn what_was_acknowledged_outlives_a_server_that_is_killed_on_postgres() {
    let Some(database) = Database::create().await else { return };
    let data = tempfile::tempdir().unwrap();
    rounds(data.path(), &database.url).await;
    database.drop().await;
}

async fn rounds(data: &Path, url: &str) {
    let key = key_file(data);
    let settings = [
        ("DATABASE_URL", url),
        ("ROLEWRIGHT_ADMIN_KEY_FILE", key.to_str().unwrap()),
        ("ROLEWRIGHT_RATE_LIMIT_KEY", "off"),
        ("ROLEWRIGHT_LOG", "rolewright=info,rolewright::access=warn"),
    ];
    let ledger = Ledger::default();
    for round in 0..ROUNDS {
        let server = Process::start(data, &settings);
        // Another number of writes each time, so that the crash comes at another moment.
        let enough = 5 + (round * 7) % 23;
        let done = Arc::new(AtomicUsize::new(0));
        let writers = (0..WRITERS).map(|writer| {
            let url = server.url("/api/v1/roles");
            let (ledger, done) = (Arc::clone(&ledger), Arc::clone(&done));
            actix_web::rt::spawn(write_on(url, format!("round-{round}-{writer}"), ledger, done))
        });
        let writers: Vec<_> = writers.collect();
        while done.load(Ordering::Relaxed) < enough {
            tokio::task::yield_now().await;
        }
        server.kill();
        for writer in writers {
            writer.await.unwrap();
        }
    }
    let server = Process::start(data, &settings);
    let acknowledged = ledger.lock().unwrap().clone();
    assert!(acknowledged.len() >= ROUNDS * 5);
    for ((id, revision), marker) in &acknowledged {
        let role = read(&server.url(&format!("/api/v1/roles/{id}/revisions/{revision}"))).await;
        assert_eq!(role["summary"], *marker, "{id} {revision}");
        let newest = read(&server.url(&format!("/api/v1/roles/{id}"))).await;
        assert_eq!(newest["id"], *id);
    }
    every_change_is_told_once(&server).await;
}

/// Writes one role over and over, and notes what was acknowledged, until the server is gone.
async fn write_on(url: String, id: String, ledger: Ledger, done: Arc<AtomicUsize>) {
    let client = Client::new();
    for revision in 1_u32.. {
        let marker = format!("{id} at {revision}, {}", "a long text ".repeat(20)).trim_end().to_owned();
        let request = client.put(format!("{url}/{id}")).bearer_auth(ADMIN_KEY).json(&role(&id, &marker));
        let request = match revision {
            1 => request.header("If-None-Match", "*"),
            _ => request.header("If-Match", format!("\"{}\"", revision - 1)),
        };
        match request.send().await {
            Ok(response) => {
                assert!(response.status().is_success(), "{}", response.text().await.unwrap_or_default());
                ledger.lock().unwrap().insert((id.clone(), revision), marker);
                done.fetch_add(1, Ordering::Relaxed);
            }
            Err(_) => return,
        }
    }
}

fn role(id: &str, marker: &str) -> Value {
    json!({
        "id": id,
        "title": "Lighthouse Keeper",
        "summary": marker,
        "mission": "keep the light burning",
        "responsibilities": {"primary": [{"id": "light", "action": "keep the light burning"}]},
    })
}

async fn read(url: &str) -> Value {
    let response = Client::new().get(url).bearer_auth(ADMIN_KEY).send().await.unwrap();
    assert_eq!(response.status(), 200, "{url}");
    response.json().await.unwrap()
}

/// The line of changes has every revision of every role, each once, in order.
async fn every_change_is_told_once(server: &Process) {
    let mut revisions: BTreeMap<String, u32> = BTreeMap::new();
    let mut cursor = None::<String>;
    loop {
        let since = cursor.map(|cursor| format!("since={cursor}&")).unwrap_or_default();
        let page = read(&server.url(&format!("/api/v1/changes?{since}limit=100"))).await;
        for change in page["items"].as_array().unwrap() {
            let id = format!("{} {}", change["kind"], change["id"]);
            let revision = u32::try_from(change["revision"].as_u64().unwrap()).unwrap();
            let before = revisions.insert(id.clone(), revision).unwrap_or(0);
            assert_eq!(revision, before + 1, "{id}");
        }
        cursor = page["next_cursor"].as_str().map(str::to_owned);
        if page["more"] != true {
            return;
        }
    }
}

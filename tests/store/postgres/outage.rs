//! A server that goes away and comes back, under load: on a server of the test's own.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use std::{env, fs};

use rolewright::store::document::*;
use rolewright::store::{Store, StoreError, connect};

use super::{ask, location, server, with_name};
use crate::fixture::*;

/// A server that is stopped with this.
struct Server {
    folder: PathBuf,
    durable: bool,
    url: String,
}

impl Server {
    fn start(durable: bool) -> Self {
        let place = env::var_os("ROLEWRIGHT_TEST_POSTGRES_FOLDER").map_or_else(env::temp_dir, PathBuf::from);
        let folder = place.join(format!("server-{}", uuid::Uuid::now_v7().simple()));
        let mut server = Self { folder, durable, url: String::new() };
        server.url = server.script("start");
        server
    }

    /// Runs `scripts/postgres`; yields what it says.
    fn script(&self, task: &str) -> String {
        let output = self.run(task);
        assert!(output.status.success(), "{task}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    fn run(&self, task: &str) -> Output {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts/postgres");
        let mut command = Command::new(script);
        command.arg(task).arg(&self.folder);
        if self.durable {
            command.env("ROLEWRIGHT_POSTGRES_DURABLE", "1");
        }
        command.output().unwrap()
    }

    /// As [`script`](Self::script), while others go on.
    async fn have(self: &Arc<Self>, task: &'static str) {
        let server = Arc::clone(self);
        tokio::task::spawn_blocking(move || server.script(task)).await.unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.run("stop");
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// What one client met with.
#[derive(Default)]
struct Log {
    /// The last revision of its document that was acknowledged.
    acknowledged: u32,
    done: usize,
    failed: Vec<(Instant, Instant)>,
}

/// Reads and writes a document of its own for as long as it may; only the server being away is
/// an error that it takes.
async fn client(store: Arc<dyn Store>, number: usize, load: Arc<Gauge>) -> Log {
    let document = DocumentId::employer(format!("e{number}"));
    let mut log = Log::default();
    let mut lost = 0;
    while !load.over.load(Ordering::Relaxed) {
        let started = Instant::now();
        let result = if log.done.is_multiple_of(3) {
            let written = store.write(Batch::of(put(document.clone(), "{}"))).await;
            written.map(|outcomes| log.acknowledged = outcomes[0].as_ref().unwrap().revision)
        } else {
            let head = store.head(&document).await;
            head.map(|head| {
                let revision = head.map_or(0, |head| head.revision);
                // What nobody acknowledged may have been done.
                assert!(revision >= log.acknowledged && revision <= log.acknowledged + lost);
            })
        };
        match result {
            Ok(()) => {
                log.done += 1;
                load.done.fetch_add(1, Ordering::Relaxed);
            }
            Err(StoreError::Unavailable(_)) => {
                lost += u32::from(log.done.is_multiple_of(3));
                log.failed.push((started, Instant::now()));
            }
            Err(other) => panic!("{other:?}"),
        }
    }
    log
}

/// What clients and those who started them tell each other.
#[derive(Default)]
struct Gauge {
    done: AtomicUsize,
    over: AtomicBool,
}

struct Load {
    clients: Vec<tokio::task::JoinHandle<Log>>,
    gauge: Arc<Gauge>,
}

impl Load {
    fn start(store: &Arc<dyn Store>, clients: usize) -> Self {
        let gauge = Arc::new(Gauge::default());
        let client = |n| tokio::spawn(client(Arc::clone(store), n, Arc::clone(&gauge)));
        Self { clients: (0..clients).map(client).collect(), gauge }
    }

    /// Waits until so many more requests were done.
    async fn go_on(&self, requests: usize) {
        let until = self.gauge.done.load(Ordering::Relaxed) + requests;
        while self.gauge.done.load(Ordering::Relaxed) < until {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    async fn stop(self) -> Vec<Log> {
        self.gauge.over.store(true, Ordering::Relaxed);
        let mut logs = Vec::new();
        for client in self.clients {
            logs.push(client.await.unwrap());
        }
        logs
    }
}

/// Waits until the store writes again.
async fn back(store: &dyn Store) {
    let again = || store.write(Batch::of(put(DocumentId::employer("back"), "{}")));
    while again().await.is_err() {}
}

async fn no_acknowledged_write_is_missing(store: &dyn Store, logs: &[Log]) {
    for (n, log) in logs.iter().enumerate() {
        let document = DocumentId::employer(format!("e{n}"));
        let head = store.head(&document).await.unwrap().map_or(0, |head| head.revision);
        assert!(head >= log.acknowledged, "{head} of {}", log.acknowledged);
        assert_eq!(store.history(&document, None, 100_000).await.unwrap().items.len(), head as usize);
    }
}

fn on_a_server(durable: bool, test: impl AsyncFnOnce(Arc<Server>)) {
    if server().is_some() {
        let mut server = Server::start(durable);
        block_on(ask(&server.url, "CREATE DATABASE catalogue".into()));
        server.url = with_name(&server.url, "catalogue");
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
        runtime.unwrap().block_on(test(Arc::new(server)));
    }
}

#[test]
fn requests_fail_within_seconds_while_the_server_is_away_and_work_when_it_is_back() {
    on_a_server(false, async |server: Arc<Server>| {
        let store = connect(&location(&server.url, 8)).await.unwrap();
        let load = Load::start(&store, 20);
        load.go_on(1000).await;
        let stopped = Instant::now();
        server.have("stop").await;
        assert!(matches!(store.ready().await, Err(StoreError::Unavailable(_))));
        assert!(connect(&location(&server.url, 2)).await.is_err());
        server.have("start").await;
        let started = Instant::now();
        back(&*store).await;
        store.ready().await.unwrap();
        load.go_on(1000).await;
        let logs = load.stop().await;
        no_acknowledged_write_is_missing(&*store, &logs).await;
        let failed: Vec<_> = logs.iter().flat_map(|log| &log.failed).collect();
        let longest = failed.iter().map(|(from, to)| *to - *from).max().unwrap_or_default();
        let last =
            failed.iter().map(|(_, to)| to.saturating_duration_since(started)).max().unwrap_or_default();
        eprintln!(
            "{} requests done, {} failed, the longest after {longest:?}; the server was away for {:?}, and \
             the last failed {last:?} after it was back",
            logs.iter().map(|log| log.done).sum::<usize>(),
            failed.len(),
            started - stopped,
        );
        assert!(longest < Duration::from_secs(4), "{longest:?}");
        assert!(!failed.is_empty());
    });
}

#[test]
fn a_server_that_is_killed_has_lost_nothing_that_was_acknowledged() {
    on_a_server(true, async |server: Arc<Server>| {
        let mut acknowledged = 0;
        for _ in 0..3 {
            let store = connect(&location(&server.url, 8)).await.unwrap();
            let load = Load::start(&store, 8);
            load.go_on(200).await;
            server.have("kill").await;
            server.have("start").await;
            back(&*store).await;
            let logs = load.stop().await;
            no_acknowledged_write_is_missing(&*store, &logs).await;
            acknowledged = logs.iter().map(|log| log.acknowledged).sum();
            store.close().await;
        }
        eprintln!("{acknowledged} writes were acknowledged");
    });
}

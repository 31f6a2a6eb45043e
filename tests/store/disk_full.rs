//! SQLite on a disk that is full: a small file system in memory, in a process that alone can see it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use rolewright::store::document::*;
use rolewright::store::search::{Search, Sort};
use rolewright::store::{Store, StoreError, connect};
use serde_json::json;

use crate::fixture::*;
use crate::sqlite::{check, location};

/// How many write at once.
const WRITERS: usize = 4;
/// What lies on the disk beside the database, in bytes, until it is deleted to make room.
const BALLAST: usize = 2 * 1024 * 1024;

/// Runs a program in a name space of its own, in which it may mount.
fn alone() -> Command {
    let mut command = Command::new("unshare");
    command.args(["--user", "--map-root-user", "--mount"]);
    command
}

#[test]
fn a_full_disk_refuses_writes_and_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mount = |command: &mut Command, then: &[&str]| {
        command
            .args(["sh", "-c", "mount -t tmpfs -o size=8m tmpfs \"$0\" && exec \"$@\""])
            .arg(folder.path())
            .args(then)
            .status()
    };
    if !mount(&mut alone(), &["true"]).is_ok_and(|status| status.success()) {
        eprintln!("skipped: nothing can be mounted here");
        return;
    }
    let test = std::env::current_exe().unwrap();
    let name = "disk_full::on_a_small_disk";
    let arguments = [test.to_str().unwrap(), "--exact", name, "--ignored", "--nocapture"];
    let status = mount(alone().env("ROLEWRIGHT_SMALL_DISK", folder.path()), &arguments).unwrap();
    assert!(status.success());
}

/// Not a test of its own: what [`a_full_disk_refuses_writes_and_loses_nothing`] runs on the small disk.
#[test]
#[ignore = "a process of the test of a full disk, which runs it"]
fn on_a_small_disk() {
    let Some(folder) = std::env::var_os("ROLEWRIGHT_SMALL_DISK").map(PathBuf::from) else { return };
    block_on(async {
        let ballast = folder.join("ballast");
        fs::write(&ballast, vec![1; BALLAST]).unwrap();
        let store = connect(&location(&folder)).await.unwrap();

        let first = fill(&store, "first").await;
        let again = fill(&store, "again").await;
        all_there(&*store, &first).await;
        all_there(&*store, &again).await;

        fs::remove_file(&ballast).unwrap();
        let second = fill(&store, "second").await;
        assert!(second.len() > 20, "there is room again, for {} only", second.len());
        eprintln!(
            "acknowledged before: {}, while full: {}, with room: {}",
            first.len(),
            again.len(),
            second.len()
        );
        store.close().await;

        make_room(&folder);
        let store = connect(&location(&folder)).await.unwrap();
        for written in [&first, &again, &second] {
            all_there(&*store, written).await;
        }
        let count = first.len() + again.len() + second.len();
        assert_eq!(store.changes(0, 100_000).await.unwrap().items.len(), count, "nothing else is there");
        store.close().await;
        check(&location(&folder));
    });
}

/// A database on a full disk is copied to a larger one, as an operator may do.
fn make_room(folder: &Path) {
    let status = Command::new("mount").args(["-o", "remount,size=64m"]).arg(folder).status().unwrap();
    assert!(status.success());
}

/// Several write until none finds room; the ids that were acknowledged.
async fn fill(store: &Arc<dyn Store>, name: &str) -> Vec<String> {
    let writers = (0..WRITERS).map(|writer| {
        let (store, name) = (Arc::clone(store), format!("{name}-{writer}"));
        tokio::spawn(async move {
            let mut acknowledged = Vec::new();
            // A large write may find no room where a small one does.
            let mut refused = 0;
            while refused < 5 {
                let id = format!("{name}-{}", acknowledged.len());
                let summary = "word ".repeat(if refused == 0 { 300 } else { 1 });
                let order = put(DocumentId::role(&id), role(&id, "Filler", json!({"summary": summary})));
                match store.write(Batch::of(order)).await {
                    Ok(_) => acknowledged.push(id),
                    Err(StoreError::Full(_)) => refused += 1,
                    Err(other) => panic!("{other:?}"),
                }
            }
            acknowledged
        })
    });
    let all = futures_util::future::join_all(writers.collect::<Vec<_>>()).await;
    all.into_iter().flat_map(Result::unwrap).collect()
}

async fn all_there(store: &dyn Store, ids: &[String]) {
    store.ready().await.unwrap();
    for id in ids {
        assert_eq!(store.head(&DocumentId::role(id)).await.unwrap().unwrap().revision, 1);
        let revision = store.revision(&DocumentId::role(id), None).await.unwrap().unwrap();
        assert!(revision.body.unwrap().contains(id));
    }
    let search = Search { words: vec!["filler".into()], sort: Sort::Relevance, ..Search::default() };
    assert_eq!(store.find(&search).await.unwrap().hits.len(), 20);
}

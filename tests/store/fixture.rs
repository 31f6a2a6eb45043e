//! A store to test, and the writes that tests are made of.

use std::any::Any;
use std::ops::Deref;
use std::process::Command;
use std::sync::Arc;

use jiff::Timestamp;
use rolewright::domain::{Document, Role};
use rolewright::store::document::*;
use rolewright::store::{Location, Store, connect};
use serde_json::{Value, json};

/// A store on an empty database, which goes away with this.
pub struct Fixture {
    store: Arc<dyn Store>,
    location: Location,
    /// Looks at the database from below; panics if it is damaged.
    check: fn(&Location),
    /// What the database stands on: dropped last.
    _ground: Box<dyn Any>,
}

impl Fixture {
    /// Connects to the database that is there, and keeps what it stands on.
    pub async fn connect(location: Location, check: fn(&Location), ground: impl Any) -> Self {
        let store = connect(&location).await.unwrap();
        Self { store, location, check, _ground: Box::new(ground) }
    }

    /// Where the database is.
    pub fn location(&self) -> &Location {
        &self.location
    }

    /// Looks at the database from below; panics if it is damaged.
    pub fn check(&self) {
        (self.check)(&self.location);
    }

    /// The store, for tasks.
    pub fn node(&self) -> Arc<dyn Store> {
        Arc::clone(&self.store)
    }

    /// The same database as another process sees it.
    pub async fn another_node(&self) -> Arc<dyn Store> {
        connect(&self.location).await.unwrap()
    }
}

impl Deref for Fixture {
    type Target = dyn Store;
    fn deref(&self) -> &Self::Target {
        &*self.store
    }
}

/// Another process that runs an ignored test of this binary, for which [`given`] is this location.
pub fn process(test: &str, location: &Location) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", test, "--ignored", "--nocapture"]);
    command.env("ROLEWRIGHT_TEST_URL", &location.url).env("ROLEWRIGHT_TEST_FOLDER", &location.folder);
    command
}

/// The location that another process is given; nothing for a test that nobody runs on purpose.
pub fn given() -> Option<Location> {
    let url = std::env::var("ROLEWRIGHT_TEST_URL").ok()?;
    Some(Location { url, folder: std::env::var_os("ROLEWRIGHT_TEST_FOLDER")?.into(), pool: 4 })
}

/// Runs a test where an engine is to be had.
pub fn run<T: Future<Output = ()>>(fresh: impl Future<Output = Option<Fixture>>, test: fn(Fixture) -> T) {
    block_on(async {
        match fresh.await {
            Some(fixture) => test(fixture).await,
            None => eprintln!("skipped: there is no server to test with"),
        }
    });
}

/// Runs something to its end.
pub fn block_on<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

/// A moment, in seconds.
pub fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + second).unwrap()
}

pub fn author(name: &str) -> Author {
    Author { name: name.into(), key: None, request: None }
}

fn order(document: DocumentId, edit: Edit) -> Order {
    let (author, message) = (author("ada"), None);
    Order { document, edit, expected: Expected::Anything, skip_same: false, at: at(0), author, message }
}

/// Puts a content in place, whatever is there.
pub fn put(document: DocumentId, body: impl AsRef<str>) -> Order {
    order(document, Edit::Put(body.as_ref().into()))
}

/// Removes a document.
pub fn delete(document: DocumentId) -> Order {
    order(document, Edit::Delete)
}

/// Brings a document back.
pub fn restore(document: DocumentId) -> Order {
    order(document, Edit::Restore)
}

/// Puts a role in place.
pub fn put_role(id: &str, title: &str) -> Order {
    put(DocumentId::role(id), role(id, title, json!({})))
}

/// A role as compact JSON: with as little as may be, and what `more` says.
pub fn role(id: &str, title: &str, more: Value) -> String {
    let mut role = json!({
        "id": id,
        "title": title,
        "summary": "A job.",
        "mission": "do it",
        "responsibilities": {"primary": [{"id": "duty", "action": "do it"}]},
    });
    role.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let role = Role::from_json(role.to_string().as_bytes()).unwrap();
    serde_json::to_string(&role).unwrap()
}

/// Does one write that must not fail.
pub async fn write(store: &dyn Store, order: Order) -> Outcome {
    store.write(Batch::of(order)).await.unwrap().remove(0)
}

/// Does one write that must be done.
pub async fn done(store: &dyn Store, order: Order) -> Written {
    write(store, order).await.unwrap()
}

//! API keys: how they come, by the API and on the command line, and how they go.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;

use futures_util::future::join_all;
use jiff::{Timestamp, ToSpan};
use reqwest::{Client, Method};
use rolewright::domain::key::ApiKey;
use rolewright::store::document::Author;
use rolewright::store::keys::{KeyRecord, Scope};
use rolewright::store::{self, Location};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{Answer, Service, spawn_app, spawn_in, spawn_with};

const KEYS: &str = "/api/v1/keys";

fn program(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rolewright"));
    command.env_clear().env("ROLEWRIGHT_DATA_DIR", data);
    command
}

/// Runs the program beside the service that has this data folder.
fn run(data: &Path, arguments: &[&str]) -> Output {
    program(data).args(arguments).output().unwrap()
}

#[track_caller]
fn stdout(output: &Output) -> &str {
    assert!(output.status.success(), "{}", stderr(output));
    std::str::from_utf8(&output.stdout).unwrap()
}

fn stderr(output: &Output) -> &str {
    std::str::from_utf8(&output.stderr).unwrap()
}

fn id(key: &str) -> &str {
    key.split('_').nth(1).unwrap()
}

/// Whether the service takes a key.
async fn takes(app: &Service, key: &str) -> bool {
    let answer = app.send_as(Some(key), Method::GET, "/api/v1/tones", |request| request).await;
    if answer.status != 200 {
        answer.problem(401, "invalid-key");
    }
    answer.status == 200
}

async fn listed(app: &Service, id: &str) -> Value {
    app.get(&format!("{KEYS}/{id}")).await.json()
}

async fn revoke(app: &Service, id: &str) -> Answer {
    app.send(Method::DELETE, &format!("{KEYS}/{id}"), |request| request).await
}

#[actix_web::test]
async fn a_key_is_shown_once_and_only_its_record_is_listed() {
    let app = spawn_app().await;
    let order = json!({"name": " hr-sync ", "scopes": ["write", "read", "write"], "employers": ["acme"],
        "expires_at": "2099-12-31T23:59:59+01:00"});
    let answer = app.post(KEYS, &order).await;
    assert_eq!((answer.status.as_u16(), answer.header("cache-control")), (201, "no-store"));
    let key = answer.json()["key"].as_str().unwrap().to_owned();
    let record = answer.json()["record"].clone();
    assert_eq!(answer.header("location"), format!("{KEYS}/{}", id(&key)));
    assert_eq!(listed(&app, id(&key)).await, record);
    for (field, value) in [
        ("id", json!(id(&key))),
        ("name", json!("hr-sync")),
        ("scopes", json!(["read", "write"])),
        ("employers", json!(["acme"])),
        ("expires_at", json!("2099-12-31T22:59:59Z")),
    ] {
        assert_eq!(record[field], value);
    }
    let list = app.get(KEYS).await;
    assert_eq!(list.json()["items"].as_array().unwrap().last().unwrap(), &record);
    assert!(!list.text().contains(key.rsplit('_').next().unwrap()));
    assert!(takes(&app, &key).await);
}

#[actix_web::test]
async fn an_order_that_cannot_be_met_is_refused_field_by_field() {
    let app = spawn_app().await;
    for (order, blamed) in [
        (json!({}), vec!["/name", "/scopes"]),
        (json!({"name": "", "scopes": []}), vec!["/name", "/scopes"]),
        (json!({"name": "x".repeat(101), "scopes": ["read"]}), vec!["/name"]),
        (json!({"name": "a\nb", "scopes": ["read"]}), vec!["/name"]),
        (json!({"name": "x", "scopes": ["root"]}), vec!["/scopes/0"]),
        (json!({"name": "x", "scopes": ["read"], "employers": ["Acme Inc"]}), vec!["/employers/0"]),
        (json!({"name": "x", "scopes": ["read", "admin"], "employers": ["acme"]}), vec!["/employers"]),
        (json!({"name": "x", "scopes": ["read"], "expires_at": "tomorrow"}), vec!["/expires_at"]),
        (json!({"name": "x", "scopes": ["read"], "expires_at": "2020-01-01T00:00:00Z"}), vec!["/expires_at"]),
        (json!({"name": "x", "scopes": ["read"], "expires_at": "2099-02-30T00:00:00Z"}), vec!["/expires_at"]),
        (
            json!({"name": "x", "scopes": ["read"], "id": "0123456789abcdef", "digest": ""}),
            vec!["/digest", "/id"],
        ),
    ] {
        let answer = app.post(KEYS, &order).await;
        answer.problem(422, "invalid-document");
        let mut found = answer.blamed();
        found.sort();
        assert_eq!(found, blamed, "{order}");
    }
    assert_eq!(app.get(KEYS).await.json()["items"].as_array().unwrap().len(), 1, "nothing was made");
}

#[actix_web::test]
async fn an_idempotency_key_does_not_bring_a_secret_back() {
    let app = spawn_app().await;
    let order = json!({"name": "twice", "scopes": ["read"]});
    let post = async || {
        let with_key = |request: reqwest::RequestBuilder| request.header("Idempotency-Key", "1").json(&order);
        app.send(Method::POST, KEYS, with_key).await.json()["key"].clone()
    };
    assert_ne!(post().await, post().await);
}

#[actix_web::test]
async fn a_revoked_key_is_refused_at_once_and_for_good() {
    let app = spawn_app().await;
    let key = app.new_key(&json!({"name": "leaked", "scopes": ["admin"]})).await;
    assert!(takes(&app, &key).await);
    assert_eq!(revoke(&app, id(&key)).await.status, 204);
    assert!(!takes(&app, &key).await);
    let record = listed(&app, id(&key)).await;
    assert!(record["revoked_at"].is_string());
    assert_eq!(revoke(&app, id(&key)).await.status, 204, "again");
    assert_eq!(listed(&app, id(&key)).await["revoked_at"], record["revoked_at"]);
    for unknown in ["0123456789abcdef", "nope", "0123456789ABCDEF"] {
        revoke(&app, unknown).await.problem(404, "key-not-found");
        app.get(&format!("{KEYS}/{unknown}")).await.problem(404, "key-not-found");
    }
}

#[actix_web::test]
async fn the_last_key_that_is_good_for_administration_stays() {
    let app = spawn_app().await;
    let admin = app.admin_key().unwrap();
    revoke(&app, id(&admin)).await.problem(409, "last-admin-key");
    let other = app.new_key(&json!({"name": "other", "scopes": ["admin"]})).await;
    let both = [id(&admin).to_owned(), id(&other).to_owned()].map(|id| {
        let client = Client::new();
        let request = client.delete(format!("http://{}{KEYS}/{id}", app.address)).bearer_auth(&admin);
        request.send()
    });
    let mut answers: Vec<_> =
        join_all(both).await.into_iter().map(|answer| answer.unwrap().status().as_u16()).collect();
    answers.sort_unstable();
    // The second may come when the admin's own key was revoked already.
    assert!(matches!(answers[..], [204, 401 | 409]), "{answers:?}");
    let good = [takes(&app, &admin).await, takes(&app, &other).await];
    assert_eq!(good.into_iter().filter(|&good| good).count(), 1);
}

/// Adds a key that expired a minute ago.
async fn expired_key(data: &Path) -> String {
    let key = ApiKey::generate().unwrap();
    let location = Location { url: "sqlite://rolewright.db".to_owned(), folder: data.to_owned(), pool: 1 };
    let record = KeyRecord {
        id: key.id().to_owned(),
        name: "expired".to_owned(),
        digest: key.digest(),
        scopes: vec![Scope::Admin],
        employers: Vec::new(),
        created_at: Timestamp::UNIX_EPOCH,
        expires_at: Some(Timestamp::now() - 1.minute()),
        last_used_at: None,
        revoked_at: None,
    };
    let store = store::connect(&location).await.unwrap();
    store.add_key(record, Author { name: "test".to_owned(), key: None, request: None }).await.unwrap();
    store.close().await;
    key.reveal()
}

#[actix_web::test]
async fn an_expired_key_is_refused_and_may_be_revoked_although_it_is_an_admins() {
    let app = spawn_app().await;
    let key = expired_key(app.data.path()).await;
    let answer = app.send_as(Some(&key), Method::GET, KEYS, |request| request).await;
    let problem = answer.problem(401, "invalid-key");
    assert!(problem["detail"].as_str().unwrap().contains("expired"));
    assert_eq!(revoke(&app, id(&key)).await.status, 204);
    let admin = app.admin_key().unwrap();
    revoke(&app, id(&admin)).await.problem(409, "last-admin-key");
}

#[actix_web::test]
async fn keys_are_made_and_revoked_on_the_command_line_beside_a_running_server() {
    let app = spawn_app().await;
    let data = app.data.path().to_owned();
    let made = run(&data, &["key", "create", "--name", "hr-sync", "--scope", "write", "--scope", "publish"]);
    let key = stdout(&made).trim_end().to_owned();
    assert_eq!(stdout(&made), format!("{key}\n"), "the key alone");
    assert!(stderr(&made).contains("hr-sync") && !stderr(&made).contains(&key));
    assert!(takes(&app, &key).await);
    let record = listed(&app, id(&key)).await;
    assert_eq!((&record["name"], &record["scopes"]), (&json!("hr-sync"), &json!(["write", "publish"])));

    let revoked = run(&data, &["key", "revoke", id(&key)]);
    assert_eq!(stdout(&revoked), "");
    assert!(stderr(&revoked).contains("hr-sync") && stderr(&revoked).contains("revoked"));
    assert!(!takes(&app, &key).await);
    let entry = app.get("/api/v1/audit?limit=1").await.json()["items"][0].clone();
    assert_eq!((&entry["action"], &entry["author"]), (&json!("key.revoke"), &json!("command line")));
}

#[actix_web::test]
async fn a_day_of_expiry_is_good_to_its_end() {
    let app = spawn_app().await;
    for (expires, at) in
        [("2099-12-31", "2100-01-01T00:00:00Z"), ("2099-12-31T12:00:00+01:00", "2099-12-31T11:00:00Z")]
    {
        let arguments =
            ["key", "create", "--name", "x", "--scope", "read", "--employer", "acme", "--expires", expires];
        let made = run(app.data.path(), &arguments);
        let record = listed(&app, id(stdout(&made).trim_end())).await;
        assert_eq!((&record["expires_at"], &record["employers"]), (&json!(at), &json!(["acme"])));
    }
}

#[actix_web::test]
async fn the_list_is_a_table_for_people_and_json_for_programs() {
    let app = spawn_app().await;
    app.new_key(&json!({"name": "hr-sync", "scopes": ["write"], "employers": ["acme", "beta"]})).await;
    let table = run(app.data.path(), &["key", "list"]);
    let lines: Vec<&str> = stdout(&table).lines().collect();
    assert!(lines[0].starts_with("ID ") && lines[0].ends_with("STATE"));
    assert!(lines[1].contains("first admin") && lines[1].ends_with("good"));
    assert!(lines[2].contains("hr-sync") && lines[2].contains("acme,beta"), "{}", lines[2]);
    let json: Value =
        serde_json::from_str(stdout(&run(app.data.path(), &["key", "list", "--json"]))).unwrap();
    assert_eq!(json["items"][1]["name"], "hr-sync");
}

#[test]
fn what_cannot_be_met_on_the_command_line_is_named_by_its_flag() {
    let data = tempfile::tempdir().unwrap();
    let secret = ApiKey::generate().unwrap().reveal();
    for (arguments, part) in [
        (
            vec!["create", "--name", "x", "--scope", "writ"],
            "--scope: unknown value `writ`; did you mean `write`?",
        ),
        (vec!["create", "--name", "", "--scope", "read"], "--name: must not be empty"),
        (
            vec!["create", "--name", "x", "--scope", "admin", "--employer", "acme"],
            "--employer: must be left out",
        ),
        (
            vec!["create", "--name", "x", "--scope", "read", "--expires", "2020-01-01"],
            "--expires must lie in the future",
        ),
        (vec!["create", "--name", "x", "--scope", "read", "--expires", "soon"], "must be a day"),
        (vec!["create", "--name", "x"], "--scope"),
        (vec!["revoke", "0123456789abcdef"], "there is no key with the id 0123456789abcdef"),
        (vec!["revoke", &secret], "16 hexadecimal digits"),
    ] {
        let output = program(data.path()).arg("key").args(&arguments).output().unwrap();
        assert!(!output.status.success() && output.stdout.is_empty(), "{arguments:?}");
        assert!(stderr(&output).contains(part), "{arguments:?}: {}", stderr(&output));
        assert!(!stderr(&output).contains(&secret));
    }
}

#[actix_web::test]
async fn the_command_line_may_revoke_the_last_admin_key_and_the_next_start_makes_one() {
    let app = spawn_app().await;
    let first = app.admin_key().unwrap();
    let revoked = run(app.data.path(), &["key", "revoke", id(&first)]);
    assert!(revoked.status.success() && stderr(&revoked).contains("No key is good for administration"));
    let app = spawn_in(app.stop().await, |_| ()).await;
    let second = app.admin_key().unwrap();
    assert_ne!(first, second);
    assert!(takes(&app, &second).await && !takes(&app, &first).await);
}

#[actix_web::test]
async fn a_restart_keeps_keys_and_makes_no_other() {
    let app = spawn_app().await;
    let (admin, key) =
        (app.admin_key().unwrap(), app.new_key(&json!({"name": "x", "scopes": ["read"]})).await);
    let app = spawn_in(app.stop().await, |_| ()).await;
    assert_eq!(app.admin_key().unwrap(), admin);
    assert!(takes(&app, &admin).await && takes(&app, &key).await);
    assert_eq!(app.get(KEYS).await.json()["items"].as_array().unwrap().len(), 2);
}

#[actix_web::test]
async fn a_start_that_broke_off_before_the_database_had_the_key_is_made_up_for() {
    let data = Arc::new(tempfile::tempdir().unwrap());
    let key = ApiKey::generate().unwrap().reveal();
    fs::write(data.path().join("admin-key"), format!("{key}\n")).unwrap();
    let app = spawn_in(data, |_| ()).await;
    assert_eq!(app.admin_key().unwrap(), key);
    assert!(takes(&app, &key).await);
}

#[cfg(unix)]
#[actix_web::test]
async fn only_its_owner_can_read_the_first_key() {
    use std::os::unix::fs::PermissionsExt;
    let app = spawn_app().await;
    let file = fs::metadata(app.data.path().join("admin-key")).unwrap();
    assert_eq!(file.permissions().mode() & 0o777, 0o600);
}

/// A server in a process of its own; it ends with the test.
struct Process {
    child: Child,
    address: String,
    /// What it logged until it listened.
    log: String,
}

impl Process {
    fn start(command: &mut Command) -> Self {
        let command = command.args(["--bind", "127.0.0.1:0", "--workers", "1"]);
        let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
        let (mut log, mut address) = (String::new(), String::new());
        for line in BufReader::new(child.stderr.as_mut().unwrap()).lines().map(Result::unwrap) {
            log += &(line.clone() + "\n");
            if let Some((_, rest)) = line.split_once("listening on http://") {
                address = rest.chars().take_while(|c| c.is_ascii_digit() || ".:".contains(*c)).collect();
                break;
            }
        }
        assert!(!address.is_empty(), "{log}");
        Self { child, address, log }
    }

    async fn get(&self, path: &str, key: &str) -> reqwest::Response {
        let request = Client::new().get(format!("http://{}{path}", self.address));
        request.header("Authorization", format!("Bearer {key}")).send().await.unwrap()
    }

    /// Ends it; tells all that it logged since it listened.
    fn end(mut self) -> String {
        let status = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        assert!(status.unwrap().success());
        let mut rest = String::new();
        std::io::Read::read_to_string(self.child.stderr.as_mut().unwrap(), &mut rest).unwrap();
        assert!(self.child.wait().unwrap().success());
        rest
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[actix_web::test]
async fn of_several_nodes_that_start_at_once_one_makes_the_first_key() {
    let data = tempfile::tempdir().unwrap();
    let nodes: Vec<_> = (0..3)
        .map(|_| {
            let data = data.path().to_owned();
            std::thread::spawn(move || Process::start(&mut program(&data)))
        })
        .collect();
    let nodes: Vec<Process> = nodes.into_iter().map(|node| node.join().unwrap()).collect();
    let key = fs::read_to_string(data.path().join("admin-key")).unwrap().trim().to_owned();
    for node in &nodes {
        let answer = node.get(KEYS, &key).await;
        assert_eq!(answer.status(), 200);
        let keys: Value = answer.json().await.unwrap();
        assert_eq!(keys["items"].as_array().unwrap().len(), 1);
        let secret = key.rsplit('_').next().unwrap();
        assert!(!node.log.contains(secret), "{}", node.log);
    }
    let told = nodes.iter().filter(|node| node.log.contains("an admin key is in")).count();
    assert_eq!(told, 1, "one node tells where it is");
}

#[actix_web::test]
async fn no_key_is_ever_logged() {
    let data = tempfile::tempdir().unwrap();
    let mut command = program(data.path());
    let node = Process::start(command.env("ROLEWRIGHT_LOG", "trace"));
    let key = fs::read_to_string(data.path().join("admin-key")).unwrap().trim().to_owned();
    let other = ApiKey::generate().unwrap().reveal();
    assert_eq!(node.get(KEYS, &key).await.status(), 200);
    assert_eq!(node.get(KEYS, &other).await.status(), 401);
    assert_eq!(node.get(&format!("/api/v1/roles?key={key}"), &key).await.status(), 400);
    let order = json!({"name": "x", "scopes": ["read"]});
    let made = Client::new().post(format!("http://{}{KEYS}", node.address)).bearer_auth(&key).json(&order);
    let made: Value = made.send().await.unwrap().json().await.unwrap();
    let made = made["key"].as_str().unwrap().to_owned();
    let before = node.log.clone();
    let log = before + &node.end();
    assert!(log.contains("/api/v1/keys"), "the requests are there");
    for key in [&key, &other, &made] {
        assert!(!log.contains(key.rsplit('_').next().unwrap()));
    }
}

#[actix_web::test]
async fn the_admin_key_can_come_from_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("secret");
    let (first, second) = (ApiKey::generate().unwrap().reveal(), ApiKey::generate().unwrap().reveal());
    fs::write(&file, format!("  {first}\n\n")).unwrap();
    let path = file.clone();
    let app = spawn_with(|settings| settings.admin_key_file = Some(path)).await;
    assert!(takes(&app, &first).await);
    assert_eq!(app.admin_key(), None, "no other is made");
    fs::write(&file, &second).unwrap();
    let app = spawn_in(app.stop().await, |settings| settings.admin_key_file = Some(file)).await;
    assert!(takes(&app, &second).await);
    let answer = app.send_as(Some(&second), Method::GET, KEYS, |request| request).await;
    let names: Vec<_> =
        answer.json()["items"].as_array().unwrap().iter().map(|key| key["name"].clone()).collect();
    assert_eq!(names, ["admin key file", "admin key file"]);
}

#[test]
fn a_file_that_holds_no_key_stops_the_start_and_is_not_repeated() {
    let data = tempfile::tempdir().unwrap();
    let key = ApiKey::generate().unwrap().reveal();
    let half = &key[..80];
    for (name, content) in
        [("empty", ""), ("half", half), ("two", &format!("{key} {key}")), ("long", &"x".repeat(5000))]
    {
        let file = data.path().join(name);
        fs::write(&file, content).unwrap();
        let output = program(data.path()).env("ROLEWRIGHT_ADMIN_KEY_FILE", &file).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{name}");
        let message = stderr(&output);
        assert!(
            message.contains("ROLEWRIGHT_ADMIN_KEY_FILE") && message.contains(file.to_str().unwrap()),
            "{message}"
        );
        assert!(!message.contains(&key[28..60]), "{message}");
    }
    let missing = program(data.path()).env("ROLEWRIGHT_ADMIN_KEY_FILE", "no/such/file").output().unwrap();
    assert_eq!(missing.status.code(), Some(1));
    assert!(stderr(&missing).contains("no/such/file"));
}

#[cfg(unix)]
#[test]
fn a_file_that_others_can_read_is_used_with_a_warning_and_so_is_a_key_that_was_revoked() {
    use std::os::unix::fs::PermissionsExt;
    let data = tempfile::tempdir().unwrap();
    let file = data.path().join("secret");
    let key = ApiKey::generate().unwrap().reveal();
    fs::write(&file, &key).unwrap();
    let start = |mode| {
        fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
        let node = Process::start(program(data.path()).env("ROLEWRIGHT_ADMIN_KEY_FILE", &file));
        let log = node.log.clone();
        node.end();
        log
    };
    assert!(start(0o644).contains("others can read the admin key"));
    assert!(!start(0o600).contains("WARN"));
    stdout(&run(data.path(), &["key", "revoke", id(&key)]));
    let log = start(0o600);
    assert!(log.contains(&format!("the key {} was revoked or has expired", id(&key))), "{log}");
}

#[actix_web::test]
async fn when_a_key_was_last_used_is_written_down_at_the_latest_at_the_end() {
    let data: Arc<TempDir> = {
        let app = spawn_app().await;
        let key = app.new_key(&json!({"name": "used", "scopes": ["read"]})).await;
        app.new_key(&json!({"name": "unused", "scopes": ["read"]})).await;
        assert!(takes(&app, &key).await);
        app.stop().await
    };
    let app = spawn_in(data, |_| ()).await;
    let list = app.get(KEYS).await.json();
    let record = |name: &str| {
        let mut items = list["items"].as_array().unwrap().iter();
        items.find(|key| key["name"] == name).unwrap().clone()
    };
    let used: Timestamp = record("used")["last_used_at"].as_str().unwrap().parse().unwrap();
    let made: Timestamp = record("used")["created_at"].as_str().unwrap().parse().unwrap();
    assert!(used >= made && used <= Timestamp::now());
    assert!(record("unused").get("last_used_at").is_none());
    assert!(record("first admin").get("last_used_at").is_some());
}

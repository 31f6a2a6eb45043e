//! Many roles at once: import and export.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use flate2::read::GzDecoder;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Answer, Service, role, spawn_app, spawn_with, to_lines};

const IMPORT: &str = "/api/v1/roles:import";
const EXPORT: &str = "/api/v1/roles:export";

fn results(lines: &[Value]) -> Vec<&str> {
    lines.iter().map(|line| line["result"].as_str().unwrap()).collect()
}

fn small(id: &str) -> Value {
    role(id, "Small", json!({}))
}

#[track_caller]
fn assert_failed(line: &Value, status: u16, slug: &str) {
    assert_eq!(line["result"], "failed", "{line}");
    assert_eq!(line["problem"]["type"], format!("https://rolewright.dev/problems/{slug}"), "{line}");
    assert_eq!(line["problem"]["status"], status);
}

#[actix_web::test]
async fn every_line_has_a_result_and_a_bad_one_keeps_no_other_from_being_done() {
    let app = spawn_app().await;
    let mut body = to_lines(&[small("a"), small("Not A Slug")]).into_bytes();
    body.extend_from_slice(b"\n{\"id\": \"b\",}\r\n");
    body.extend(to_lines(&[role("c", "C", json!({"colour": "red", "salary": {"min": 5}}))]).into_bytes());
    body.extend(vec![b'x'; 1024 * 1024 + 1]);
    body.extend_from_slice(b"\n{\"id\": \"\xff\"}\n  \n[]\n");
    body.extend(small("z").to_string().into_bytes());
    let lines = app.import("message=First+load", body).await;

    let numbers: Vec<u64> = lines.iter().map(|line| line["line"].as_u64().unwrap()).collect();
    assert_eq!(numbers, [1, 2, 4, 5, 6, 7, 9, 10]);
    let failed = "failed";
    assert_eq!(results(&lines), ["created", failed, failed, failed, failed, failed, failed, "created"]);
    assert_eq!((&lines[0]["id"], &lines[0]["revision"]), (&json!("a"), &json!(1)));
    assert_eq!(lines[1]["problem"]["errors"][0]["pointer"], "/id");
    assert_failed(&lines[2], 400, "malformed-json");
    assert_eq!((&lines[2]["problem"]["line"], &lines[2]["problem"]["column"]), (&json!(4), &json!(12)));
    assert_failed(&lines[3], 422, "invalid-document");
    assert_eq!(lines[3]["id"], "c");
    assert_eq!(lines[3]["problem"]["errors"][0]["pointer"], "/colour");
    assert_failed(&lines[4], 413, "line-too-long");
    assert_failed(&lines[5], 400, "malformed-json");
    assert_failed(&lines[6], 422, "invalid-document");
    for id in ["a", "z"] {
        assert_eq!(app.get(&format!("/api/v1/roles/{id}")).await.json(), small(id));
    }
    app.get("/api/v1/roles/c").await.problem(404, "role-not-found");
    let changes = app.get("/api/v1/changes?limit=1000").await.json();
    let last = changes["items"].as_array().unwrap().last().unwrap();
    assert_eq!((&last["id"], &last["message"]), (&json!("z"), &json!("First load")));
}

#[actix_web::test]
async fn a_role_that_exists_fails_its_line_or_is_skipped_or_replaced() {
    let app = spawn_app().await;
    let (old, new) = (to_lines(&[small("a")]), to_lines(&[role("a", "Other", json!({}))]));
    assert_eq!(results(&app.import("", old.clone()).await), ["created"]);
    let again = app.import("on_conflict=fail", old.clone()).await;
    assert_failed(&again[0], 409, "role-exists");
    let skipped = app.import("on_conflict=skip", new.clone()).await;
    assert_eq!(skipped, [json!({"line": 1, "id": "a", "result": "skipped", "revision": 1})]);
    let same = app.import("on_conflict=replace", old).await;
    assert_eq!(same, [json!({"line": 1, "id": "a", "result": "unchanged", "revision": 1})]);
    let replaced = app.import("on_conflict=replace", new).await;
    assert_eq!(replaced, [json!({"line": 1, "id": "a", "result": "replaced", "revision": 2})]);
    assert_eq!(app.get("/api/v1/roles/a").await.json()["title"], "Other");
}

#[actix_web::test]
async fn a_role_that_was_removed_is_not_brought_back() {
    let app = spawn_app().await;
    app.import("", to_lines(&[small("a")])).await;
    app.remove("a").await;
    for on_conflict in ["fail", "skip", "replace"] {
        let lines = app.import(&format!("on_conflict={on_conflict}"), to_lines(&[small("a")])).await;
        assert_failed(&lines[0], 410, "deleted");
    }
}

/// Twice as many roles as a batch has, each of them twice, in an order of their own.
fn many() -> Vec<Value> {
    let once = || (0..150).map(|n| small(&format!("role-{}", n * 7 % 150)));
    once().chain(once()).collect()
}

#[actix_web::test]
async fn a_dry_run_tells_what_would_happen_and_does_nothing() {
    let app = spawn_app().await;
    let mut roles = many();
    // Another content, twice in a row within a batch that is not the first to have the role.
    roles[200]["title"] = json!("Another");
    for title in ["Another", "A third", "A third"] {
        let mut again = roles[200].clone();
        again["title"] = json!(title);
        roles.push(again);
    }
    let before = app.get(EXPORT).await.body;
    for on_conflict in ["fail", "skip", "replace"] {
        let query = format!("on_conflict={on_conflict}");
        let told = app.import(&format!("{query}&dry_run=true"), to_lines(&roles)).await;
        assert_eq!(app.get(EXPORT).await.body, before, "nothing was done");
        let other = spawn_app().await;
        let done = other.import(&format!("{query}&dry_run=false"), to_lines(&roles)).await;
        let same = told.iter().zip(&done).find(|(told, done)| told != done);
        assert!(same.is_none() && told.len() == done.len(), "{on_conflict}: {same:?}");
        assert_eq!(results(&told)[..150], ["created"; 150]);
        assert!(!results(&told)[150..].contains(&"created"));
    }
}

#[actix_web::test]
async fn what_was_exported_is_the_same_after_an_import_elsewhere() {
    let (from, to) = (spawn_app().await, spawn_with(|settings| settings.roles_dir = None).await);
    let odd = json!({
        "salary": {"min": 28.5, "max": 30.25, "currency": "EUR", "period": "hour"},
        "alternate_titles": [" Führung \u{1F600} ", "日本語"],
    });
    let roles: Vec<Value> = (0..200).map(|n| role(&format!("r{n}"), "Many", odd.clone())).collect();
    assert!(results(&from.import("", to_lines(&roles)).await).iter().all(|result| *result == "created"));
    let exported = from.get(EXPORT).await;
    let ids = |roles: Vec<Value>| roles.into_iter().map(|role| role["id"].clone()).collect::<Vec<_>>();
    let (there, ids) = (ids(to.get(EXPORT).await.lines("Role")), ids(exported.lines("Role")));
    let sorted = ids.is_sorted_by_key(|id| id.as_str());
    assert!(sorted && ids.len() == there.len() + 201, "the zookeeper, and the others: {ids:?}");
    let taken = to.import("on_conflict=replace", exported.body.clone()).await;
    let result = |line: &Value| if there.contains(&line["id"]) { "unchanged" } else { "created" };
    assert!(taken.iter().all(|line| line["result"] == result(line)), "{taken:?}");
    assert_eq!(to.get(EXPORT).await.body, exported.body);
    let again = to.import("on_conflict=replace", exported.body).await;
    assert!(results(&again).iter().all(|result| *result == "unchanged"));
}

#[actix_web::test]
async fn an_export_is_compressed_for_those_who_accept_it() {
    let app = spawn_app().await;
    app.import("", to_lines(&many()[..150])).await;
    let plain = app.get(EXPORT).await;
    let gzip = app.get_with(EXPORT, "Accept-Encoding", "gzip").await;
    assert_eq!((gzip.header("content-encoding"), gzip.header("vary")), ("gzip", "Accept-Encoding"));
    assert!(gzip.body.len() * 2 < plain.body.len());
    let mut unpacked = Vec::new();
    GzDecoder::new(gzip.body.as_slice()).read_to_end(&mut unpacked).unwrap();
    assert_eq!(unpacked, plain.body);
    let head = app.send(Method::HEAD, EXPORT, |request| request).await;
    assert_eq!((head.status.as_u16(), head.media_type()), (200, "application/x-ndjson"));
}

#[actix_web::test]
async fn the_paths_of_bulk_are_no_roles() {
    let app = spawn_app().await;
    let answer = app.get(IMPORT).await;
    answer.problem(405, "method-not-allowed");
    assert_eq!(answer.header("allow"), "POST, OPTIONS");
    let answer = app.post(EXPORT, &json!({})).await;
    assert_eq!(answer.header("allow"), "GET, HEAD, OPTIONS");
    for path in ["/api/v1/roles/import", "/api/v1/roles/roles:import", "/api/v1/roles/:import"] {
        app.get(path).await.problem(404, "role-not-found");
    }
    app.get("/api/v1/roles:nope").await.problem(404, "not-found");
}

#[actix_web::test]
async fn what_is_no_lines_or_no_wish_is_refused_before_anything_is_read() {
    let app = spawn_app().await;
    for media_type in
        ["application/json", "application/json-seq", "text/plain", "application/x-ndjson; charset=latin1"]
    {
        app.post_bytes(IMPORT, media_type, "{}").await.problem(415, "unsupported-media-type");
    }
    for media_type in ["application/jsonl", "application/x-ndjson; charset=utf-8"] {
        assert_eq!(app.post_bytes(IMPORT, media_type, "").await.body, b"");
    }
    assert_eq!(app.send(Method::POST, IMPORT, |request| request).await.status, 200, "curl -T says no type");
    let query = "on_conflict=merge&dry_run=maybe&message=%00";
    let answer = app.post_bytes(&format!("{IMPORT}?{query}"), "application/x-ndjson", "").await;
    answer.problem(422, "invalid-parameter");
    assert_eq!(answer.blamed(), ["on_conflict", "dry_run", "message"]);
    app.get(&format!("{EXPORT}?limit=1")).await.problem(400, "unknown-parameter");
}

/// A request for an import, as far as the end of its head.
fn begin(app: &Service, head: &str) -> TcpStream {
    let mut stream = TcpStream::connect(app.address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    stream.set_write_timeout(Some(Duration::from_secs(60))).unwrap();
    let key = app.admin_key().unwrap();
    let head = format!("Host: x\r\nAuthorization: Bearer {key}\r\n{head}");
    write!(stream, "POST {IMPORT} HTTP/1.1\r\n{head}\r\n\r\n").unwrap();
    stream
}

/// The lines of an answer of known length, after which the connection ends.
fn read_lines(mut stream: TcpStream) -> Vec<Value> {
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let (_, body) = answer.split_once("\r\n\r\n").unwrap();
    body.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[actix_web::test]
async fn a_body_that_stands_still_ends_the_import_and_the_last_result_says_so() {
    let app = spawn_with(|settings| settings.body_timeout = Duration::from_millis(200)).await;
    app.get("/healthz").await;
    for (framing, id) in [("Content-Length: 100000", "a"), ("Transfer-Encoding: chunked", "b")] {
        let lines = format!("{}\n{}", small(id), small("half"));
        let chunk =
            if framing.starts_with('T') { format!("{:x}\r\n{lines}", lines.len() + 9) } else { lines };
        let mut stream = begin(&app, framing);
        stream.write_all(chunk.as_bytes()).unwrap();
        let lines = read_lines(stream);
        assert_eq!(results(&lines), ["created", "failed"]);
        assert_eq!(lines[1]["line"], 2);
        assert_failed(&lines[1], 408, "body-timeout");
    }
    app.get("/api/v1/roles/half").await.problem(404, "role-not-found");
    assert_eq!(app.get("/api/v1/roles/b").await.status, 200);
}

#[actix_web::test]
async fn a_line_that_broke_off_is_no_line() {
    let app = spawn_app().await;
    app.get("/healthz").await;
    let mut stream = begin(&app, "Content-Length: 100000");
    write!(stream, "{}\n{}", small("whole"), small("half")).unwrap();
    stream.shutdown(Shutdown::Write).unwrap();
    // Whatever the answer: nobody is there to read it, usually.
    let _ = stream.read_to_end(&mut Vec::new());
    app.get("/api/v1/roles/half").await.problem(404, "role-not-found");
}

/// A body that comes a line at a time takes longer as a whole than any part of it may.
#[actix_web::test]
async fn an_upload_may_be_slow_as_long_as_it_goes_on() {
    let app = spawn_with(|settings| settings.body_timeout = Duration::from_secs(2)).await;
    app.get("/healthz").await;
    let mut stream = begin(&app, "Connection: close\r\nTransfer-Encoding: chunked");
    for n in 0..10 {
        let line = format!("{}\n", small(&format!("slow-{n}")));
        write!(stream, "{:x}\r\n{line}\r\n", line.len()).unwrap();
        std::thread::sleep(Duration::from_millis(300));
    }
    stream.write_all(b"0\r\n\r\n").unwrap();
    assert_eq!(results(&read_lines(stream)), ["created"; 10]);
}

/// The results are many times what any buffer between client and server holds.
#[actix_web::test]
async fn a_client_that_writes_everything_before_it_reads_gets_all_results() {
    const LINES: usize = 60_000;
    let app = spawn_app().await;
    app.get("/healthz").await;
    let body = "x\n".repeat(LINES);
    let mut stream = begin(&app, &format!("Connection: close\r\nContent-Length: {}", body.len()));
    for piece in body.as_bytes().chunks(1000) {
        stream.write_all(piece).unwrap();
    }
    let lines = read_lines(stream);
    assert_eq!(lines.len(), LINES);
    assert!(lines.iter().zip(1..).all(|(line, number): (_, u64)| line["line"] == number));
}

#[actix_web::test]
async fn a_store_that_takes_no_writes_fails_the_lines_from_there_on_and_tells_nothing_untrue() {
    let app = spawn_app().await;
    let other = rusqlite::Connection::open(app.data.path().join("rolewright.db")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let lines = app.import("", to_lines(&many()[..150])).await;
    assert_eq!(lines.len(), 150);
    for line in &lines {
        assert_failed(line, 503, "unavailable");
    }
    other.execute_batch("ROLLBACK").unwrap();
    app.get("/api/v1/roles/role-0").await.problem(404, "role-not-found");
    let again = app.import("on_conflict=skip", to_lines(&many()[..150])).await;
    assert_eq!(results(&again), ["created"; 150]);
}

#[actix_web::test]
async fn a_line_with_a_thousand_faults_has_a_short_result() {
    let app = spawn_app().await;
    let faults: Vec<Value> = (0..1000).map(|n| json!(n)).collect();
    let lines = app.import("", to_lines(&[role("a", "A", json!({ "keywords": faults }))])).await;
    assert_eq!(lines[0]["problem"]["errors"].as_array().unwrap().len(), 20);
}

/// The most memory that a process has ever had, in MiB.
#[cfg(target_os = "linux")]
fn peak_of(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").trim().parse::<u64>().unwrap() / 1024
}

/// More bytes than the process may have grown by; scripts/bulk does it with real roles, and more.
#[cfg(target_os = "linux")]
#[test]
fn memory_does_not_grow_with_the_body() {
    let data = tempfile::tempdir().unwrap();
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_rolewright"))
        .args(["--bind", "127.0.0.1:0", "--workers", "1", "--data-dir"])
        .arg(data.path())
        .env_clear()
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut log = BufReader::new(child.stderr.take().unwrap()).lines().map(Result::unwrap);
    let line = log.find(|line| line.contains("listening on http://")).unwrap();
    let address = line.split("http://").nth(1).unwrap().split(';').next().unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    let line = format!("{}\n", small("a").to_string().replace("A job.", &"x".repeat(500_000)));
    let (lines, before) = (200, peak_of(child.id()));
    let key = std::fs::read_to_string(data.path().join("admin-key")).unwrap();
    let head = format!("Host: x\r\nAuthorization: Bearer {}\r\nConnection: close", key.trim());
    let length = lines * line.len();
    write!(stream, "POST {IMPORT} HTTP/1.1\r\n{head}\r\nContent-Length: {length}\r\n\r\n").unwrap();
    for _ in 0..lines {
        stream.write_all(line.as_bytes()).unwrap();
    }
    let answered = read_lines(stream);
    let grown = peak_of(child.id()) - before;
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(results(&answered), vec!["failed"; lines]);
    assert!(grown < 40, "100 MB of lines took {grown} MiB");
}

#[actix_web::test]
async fn an_empty_import_has_no_results() {
    let app = spawn_app().await;
    let answer: Answer = app.post_bytes(IMPORT, "application/x-ndjson", "\n \r\n").await;
    assert_eq!(answer.lines("ImportResult"), Vec::<Value>::new());
}

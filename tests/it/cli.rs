//! The program on the command line.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Output;

use serde_json::Value;
use tempfile::TempDir;

use crate::process::{Process, program};

fn run(arguments: &[&str]) -> Output {
    program().args(arguments).output().unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn help_names_every_setting_with_its_variable() {
    let help = stdout(&run(&["--help"]));
    for name in
        ["BIND", "ROLES_DIR", "TEMPLATES_DIR", "CORS_ORIGINS", "PUBLIC_URL", "TRUSTED_PROXIES", "WORKERS"]
    {
        assert!(help.contains(&format!("[env: ROLEWRIGHT_{name}=]")), "{name}");
    }
    assert!(stdout(&run(&["--version"])).starts_with("rolewright 0."));
}

#[test]
fn a_bad_setting_stops_the_start_with_one_line_that_names_it() {
    for (variable, value, flag) in [
        ("ROLEWRIGHT_BIND", "nowhere", "--bind"),
        ("ROLEWRIGHT_BIND", "", "--bind"),
        ("ROLEWRIGHT_ROLES_DIR", "", "--roles-dir"),
        ("ROLEWRIGHT_TEMPLATES_DIR", "", "--templates-dir"),
        ("ROLEWRIGHT_WORKERS", "0", "--workers"),
        ("ROLEWRIGHT_MAX_CONNECTIONS", "many", "--max-connections"),
        ("ROLEWRIGHT_LOG_FORMAT", "xml", "--log-format"),
        ("ROLEWRIGHT_LOG", "verbose", "--log"),
        ("ROLEWRIGHT_LOG", "rolewright=loud", "--log"),
        ("ROLEWRIGHT_CORS_ORIGINS", "https://x.example/path", "--cors-origins"),
        ("ROLEWRIGHT_PUBLIC_URL", "jobs.example", "--public-url"),
        ("ROLEWRIGHT_PUBLIC_URL", "https:///jobs", "--public-url"),
        ("ROLEWRIGHT_ANONYMOUS", "write", "--anonymous"),
        ("ROLEWRIGHT_ADMIN_KEY_FILE", "", "--admin-key-file"),
        ("ROLEWRIGHT_TRUSTED_PROXIES", "proxy.example", "--trusted-proxies"),
        ("ROLEWRIGHT_TRUSTED_PROXIES", "10.0.0.0/33", "--trusted-proxies"),
        ("ROLEWRIGHT_RATE_LIMIT_KEY", "0", "--rate-limit-key"),
        ("ROLEWRIGHT_RATE_LIMIT_ADDRESS", "many", "--rate-limit-address"),
        ("ROLEWRIGHT_BODY_TIMEOUT", "soon", "--body-timeout"),
        ("ROLEWRIGHT_SHUTDOWN_TIMEOUT", "0", "--shutdown-timeout"),
    ] {
        let by_variable = program().env(variable, value).output().unwrap();
        let by_flag = run(&[flag, value]);
        for output in [by_variable, by_flag] {
            assert_eq!(output.status.code(), Some(2), "{variable}");
            let message = stderr(&output);
            assert!(message.starts_with(&format!("rolewright: {flag} ({variable}): ")), "{message}");
            assert!(message.contains("must ") && message.contains(value), "{message}");
            assert_eq!(message.lines().count(), 1, "{message}");
        }
    }
}

#[test]
fn what_the_machine_does_not_have_stops_the_start_with_one_line() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = taken.local_addr().unwrap().to_string();
    for (variable, value, parts) in [
        ("ROLEWRIGHT_BIND", taken.as_str(), ["--bind", "in use"]),
        ("ROLEWRIGHT_ROLES_DIR", "no/such/folder", ["--roles-dir", "no/such/folder"]),
        ("ROLEWRIGHT_ROLES_DIR", "Cargo.toml", ["--roles-dir", "Cargo.toml"]),
        ("ROLEWRIGHT_TEMPLATES_DIR", "no/such/folder", ["--templates-dir", "no/such/folder"]),
    ] {
        let output = program().env(variable, value).env("ROLEWRIGHT_LOG", "off").output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{variable}");
        let message = stderr(&output);
        assert!(message.contains(variable) && parts.iter().all(|part| message.contains(part)), "{message}");
        assert_eq!(message.lines().count(), 1, "{message}");
    }
}

#[test]
fn the_start_names_urls_that_answer() {
    let (mut server, _data) = serve(&[]);
    let base = server.url("");
    let urls: Vec<String> =
        (0..3).map(|_| server.line_with(&base).split(&base).nth(1).unwrap().to_owned()).collect();
    for path in urls {
        let mut stream = TcpStream::connect(&server.address).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        assert!(answer.starts_with(b"HTTP/1.1 200"), "{path}");
    }
    server.signal("INT");
    assert_eq!(server.wait(), Some(0));
}

#[test]
fn check_says_what_it_checked() {
    let output = run(&["check", "--roles-dir", "tests/it/roles"]);
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(stdout(&output).contains("tech-manager") && stdout(&output).contains("zookeeper"));
}

#[test]
fn a_bad_role_file_stops_everything_with_file_pointers_and_reasons() {
    let folder = tempfile::tempdir().unwrap();
    let mut role: Value = serde_json::from_slice(&fs::read("roles/tech-manager.json").unwrap()).unwrap();
    role["id"] = "another".into();
    role["colour"] = "red".into();
    role["salary"]["currency"] = "dollars".into();
    fs::write(folder.path().join("another.json"), role.to_string()).unwrap();
    for command in ["check", "serve", "openapi"] {
        let output = program().arg(command).env("ROLEWRIGHT_ROLES_DIR", folder.path()).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{command}");
        let message = stderr(&output);
        for part in ["another.json", "/colour: unknown field", "/salary/currency: must be a currency code"] {
            assert!(message.contains(part), "{message}");
        }
    }
    fs::write(folder.path().join("another.json"), "{\n x").unwrap();
    let output = program().arg("check").env("ROLEWRIGHT_ROLES_DIR", folder.path()).output().unwrap();
    assert!(stderr(&output).contains("another.json:2:2"), "{}", stderr(&output));
}

#[test]
fn a_role_file_with_a_taken_id_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    fs::copy("roles/tech-manager.json", folder.path().join("copy.json")).unwrap();
    let output = program().arg("check").env("ROLEWRIGHT_ROLES_DIR", folder.path()).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("copy.json: /id: `tech-manager`"), "{}", stderr(&output));
}

#[test]
fn render_writes_a_posting_of_an_id_and_of_a_file() {
    let by_id = run(&["render", "tech-manager", "--tone", "friendly", "--format", "markdown"]);
    assert!(by_id.status.success(), "{}", stderr(&by_id));
    assert!(stdout(&by_id).contains("Tech Manager"));
    let by_file = run(&[
        "render",
        "tests/it/roles/zookeeper.json",
        "--format",
        "json",
        "--city",
        "Denver",
        "--region",
        "US-CO",
    ]);
    let posting: Value = serde_json::from_slice(&by_file.stdout).unwrap();
    assert_eq!(posting["role"]["id"], "zookeeper");
}

#[test]
fn render_names_what_cannot_be_met() {
    for (arguments, parts) in [
        (vec!["render", "tech-manger"], vec!["did you mean `tech-manager`"]),
        (vec!["render", "tech-manager", "--format", "pdf"], vec!["--format", "valid: html, page"]),
        (vec!["render", "tech-manager", "--salary-min", "5"], vec!["/salary/max (--salary-max)"]),
        (vec!["render", "tech-manager", "--tone", "frendly"], vec!["/tone", "friendly"]),
        (vec!["render", "tech-manager", "--options", "nope.json"], vec!["nope.json"]),
    ] {
        let output = run(&arguments);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        assert!(parts.iter().all(|part| stderr(&output).contains(part)), "{}", stderr(&output));
    }
}

#[test]
fn flags_override_a_file_of_options() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("options.json");
    fs::write(&file, r#"{"tone": "formal", "length": "short", "employer": {"name": "Acme"}}"#).unwrap();
    let output = run(&[
        "render",
        "tech-manager",
        "--options",
        file.to_str().unwrap(),
        "--tone",
        "bold",
        "--format",
        "json",
    ]);
    let posting: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&posting["tone"], &posting["length"]), (&"bold".into(), &"short".into()));
}

#[test]
fn openapi_is_a_document() {
    let document: Value = serde_json::from_slice(&run(&["openapi"]).stdout).unwrap();
    assert_eq!(document["openapi"], "3.1.0");
}

#[test]
fn healthcheck_asks_the_server_and_fails_when_it_does_not_answer_200() {
    let (mut server, _data) = serve(&[]);
    let address = server.address.clone();
    let healthy = program().arg("healthcheck").env("ROLEWRIGHT_BIND", &address).output().unwrap();
    assert!(healthy.status.success(), "{}", stderr(&healthy));
    server.signal("TERM");
    assert_eq!(server.wait(), Some(0));
    let gone = run(&["healthcheck", "--bind", &address]);
    assert_eq!(gone.status.code(), Some(1));
    assert!(
        stderr(&gone).contains(&format!("http://{address}/healthz does not answer")),
        "{}",
        stderr(&gone)
    );
}

#[test]
fn healthcheck_is_not_taken_in_by_another_status_or_by_silence() {
    for (answer, part) in
        [("HTTP/1.1 503 Service Unavailable\r\n\r\n", "answers `HTTP/1.1 503"), ("", "does not answer")]
    {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let server = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            stream.write_all(answer.as_bytes()).unwrap();
            stream.read_to_end(&mut Vec::new())
        });
        let output = run(&["healthcheck", "--bind", &address]);
        assert_eq!(output.status.code(), Some(1));
        assert!(stderr(&output).contains(part), "{}", stderr(&output));
        drop(server.join().unwrap());
    }
}

/// A server whose data is gone with it.
fn serve(settings: &[(&str, &str)]) -> (Process, TempDir) {
    let data = tempfile::tempdir().unwrap();
    (Process::start(data.path(), settings), data)
}

/// A request whose body the server waits for.
fn begin_request(address: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).unwrap();
    let head = "POST /api/v1/roles/tech-manager/posting?format=text HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n";
    stream.write_all(head.as_bytes()).unwrap();
    let mut go_on = [0; 25];
    stream.read_exact(&mut go_on).unwrap();
    assert!(go_on.starts_with(b"HTTP/1.1 100"));
    stream
}

#[test]
fn a_request_in_flight_is_finished_when_the_server_is_told_to_stop() {
    for name in ["TERM", "INT"] {
        let (mut server, _data) = serve(&[]);
        let mut stream = begin_request(&server.address);
        server.signal(name);
        server.line_with(&format!("SIG{name}"));
        stream.write_all(b"{}").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        assert_eq!(server.wait(), Some(0));
    }
}

#[test]
fn a_server_that_is_told_twice_stops_at_once() {
    let (mut server, _data) = serve(&[]);
    let _stream = begin_request(&server.address);
    server.signal("INT");
    server.line_with("SIGINT");
    server.signal("INT");
    assert_eq!(server.wait(), Some(1));
    assert!(server.line_with("rolewright: SIGINT").contains("broken off"));
}

#[test]
fn a_json_log_has_an_object_a_line_with_the_request() {
    let (mut server, _data) = serve(&[("ROLEWRIGHT_LOG_FORMAT", "json")]);
    let mut stream = TcpStream::connect(&server.address).unwrap();
    stream
        .write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Request-Id: my-id\r\nConnection: close\r\n\r\n")
        .unwrap();
    stream.read_to_string(&mut String::new()).unwrap();
    server.signal("TERM");
    let lines = server.rest_of_log();
    let lines: Vec<Value> = lines.iter().map(|line| serde_json::from_str(line).unwrap()).collect();
    let line = lines.iter().find(|line| line["target"] == "rolewright::access").unwrap();
    assert_eq!(
        (&line["method"], &line["path"], &line["status"]),
        (&"GET".into(), &"/healthz".into(), &200.into())
    );
    assert_eq!((&line["request_id"], &line["bytes"]), (&"my-id".into(), &15.into()));
    assert!(line["duration_ms"].is_number() && line["time"].is_string());
    assert_eq!(server.wait(), Some(0));
}

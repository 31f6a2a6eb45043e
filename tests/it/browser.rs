//! A browser without a window: what it makes of a page, and what it says against it.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde_json::Value;

/// No window, no sandbox (containers have none to give), and as little of a life of its own as can be had.
const FLAGS: [&str; 13] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-extensions",
    "--disable-features=AutofillServerCommunication",
    "--disable-sync",
    "--no-first-run",
    "--no-default-browser-check",
    "--hide-scrollbars",
    "--enable-logging=stderr",
];

/// What came of a visit to a page.
pub struct Visit {
    /// The document, after its scripts ran.
    pub dom: String,
    /// What the page said on the console: its errors, and violations of its policy.
    pub console: Vec<String>,
    /// What the page asked for, itself included.
    pub requests: Vec<String>,
}

/// Opens `url`, with more flags.
pub fn visit(url: &str, flags: &[String]) -> Visit {
    let browser = std::env::var_os("CHROMIUM").unwrap_or_else(|| "chromium".into());
    let profile = tempfile::tempdir().unwrap();
    let net_log = profile.path().join("requests.json");
    let output = Command::new(&browser)
        .args(FLAGS)
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .arg(format!("--log-net-log={}", net_log.display()))
        .args(flags)
        .args(["--dump-dom", url])
        .stdin(Stdio::null())
        .output()
        .unwrap_or_else(|error| {
            panic!(
                "{} cannot be started: {error}. scripts/test installs it; CHROMIUM names another",
                browser.display()
            )
        });
    let log = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{} failed: {log}", browser.display());
    Visit {
        dom: String::from_utf8(output.stdout).unwrap(),
        console: log.lines().filter(|line| line.contains(":CONSOLE")).map(str::to_owned).collect(),
        requests: requests(&serde_json::from_slice(&fs::read(net_log).unwrap()).unwrap(), url),
    }
}

/// Where `name` is kept for people to look at.
pub fn picture(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).parent().unwrap().join("screenshots");
    fs::create_dir_all(&folder).unwrap();
    folder.join(name)
}

/// The flags that take a picture of a window of this size.
pub fn screenshot(name: &str, width: u32, height: u32) -> Vec<String> {
    vec![format!("--window-size={width},{height}"), format!("--screenshot={}", picture(name).display())]
}

/// The requests that were made for the page at `url`. A browser makes some for itself, whatever it is
/// told; those are kept apart by the site that they are made for.
fn requests(log: &Value, url: &str) -> Vec<String> {
    let started = &log["constants"]["logEventTypes"]["URL_REQUEST_START_JOB"];
    assert!(started.is_number(), "the browser's log is not as we know it");
    let (scheme, rest) = url.split_once("://").unwrap();
    let site = format!("{scheme}://{}", rest.split(['/', ':']).next().unwrap());
    let events = log["events"].as_array().unwrap().iter().filter(|event| event["type"] == *started);
    let for_the_page = events.map(|event| &event["params"]).filter(|parameters| {
        parameters["network_isolation_key"].as_str().is_some_and(|key| key.starts_with(&site))
    });
    for_the_page.filter_map(|parameters| Some(parameters["url"].as_str()?.to_owned())).collect()
}

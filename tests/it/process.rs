//! The program as a process of its own, for tests that stop it, kill it, or run several.

use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, Command, Stdio};

/// The program, in an environment of nothing.
pub fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rolewright"));
    command.env_clear();
    command
}

/// A server that runs; it is killed with the test.
pub struct Process {
    child: Child,
    /// Where it listens: an IP address and a port.
    pub address: String,
    log: BufReader<ChildStderr>,
}

impl Process {
    /// Starts a server on a free port, with its data in a folder, and waits until it listens.
    pub fn start(data: &Path, more: &[(&str, &str)]) -> Self {
        let mut child = program()
            .args(["--bind", "127.0.0.1:0", "--workers", "2", "--shutdown-timeout", "10"])
            .env("ROLEWRIGHT_DATA_DIR", data)
            .envs(more.iter().copied())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut log = BufReader::new(child.stderr.take().unwrap());
        let mut seen = String::new();
        while !seen.lines().any(|line| line.contains("listening on http://")) {
            assert_ne!(log.read_line(&mut seen).unwrap(), 0, "the server ended: {seen}");
        }
        let rest = seen.split("listening on http://").nth(1).unwrap();
        let address = rest.chars().take_while(|c| c.is_ascii_digit() || ".:".contains(*c)).collect();
        Self { child, address, log }
    }

    /// A URL of the server.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Sends a signal, such as `TERM`.
    pub fn signal(&self, name: &str) {
        let status = Command::new("kill").args([&format!("-{name}"), &self.child.id().to_string()]).status();
        assert!(status.unwrap().success());
    }

    /// The next line of the log that a test waits for.
    pub fn line_with(&mut self, part: &str) -> String {
        loop {
            let mut line = String::new();
            assert_ne!(self.log.read_line(&mut line).unwrap(), 0, "the log ended without {part:?}");
            if line.contains(part) {
                return line.trim_end().to_owned();
            }
        }
    }

    /// The rest of the log, until the server ends.
    pub fn rest_of_log(&mut self) -> Vec<String> {
        self.log.by_ref().lines().map(Result::unwrap).collect()
    }

    /// Waits until the server ends, and tells its exit code.
    pub fn wait(&mut self) -> Option<i32> {
        self.child.wait().unwrap().code()
    }

    /// Ends the server as a crash would.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A key that may do everything, once a server was started with [`key_file`].
pub const ADMIN_KEY: &str =
    "rolewright_00000000000000aa_00000000000000000000000000000000000000000000000000000000000000aa";

/// Writes the key to a file for `ROLEWRIGHT_ADMIN_KEY_FILE`.
pub fn key_file(folder: &Path) -> PathBuf {
    let file = folder.join("key");
    std::fs::write(&file, ADMIN_KEY).unwrap();
    file
}

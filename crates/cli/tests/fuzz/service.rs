//! The real program with a shop of its own, on a loopback port.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

/// The owner, and her password.
pub(crate) const WHO: &str = "ada@cornerbooks.example";
pub(crate) const PASSWORD: &str = "correct horse battery stäple";

/// A service that runs, until dropped.
pub(crate) struct Service {
    dir: TempDir,
    child: Child,
    address: String,
}

impl Service {
    /// Sets up a shop, serves it, and waits until it answers.
    pub(crate) fn start() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let path = |name: &str| dir.path().join(name).to_str().unwrap().to_owned();
        std::fs::write(path("password"), PASSWORD).unwrap();
        let program = || {
            let mut command = Command::new(env!("CARGO_BIN_EXE_keyholder"));
            command
                .env_clear()
                .env("HOME", dir.path())
                .env("XDG_DATA_HOME", path("data"))
                // Nobody is there: a breach check answers at once that it was not made.
                .env("KEYHOLDER_RANGE_URL", "http://127.0.0.1:1")
                .env("KEYHOLDER_STORE", path("store/shop.keyholder"))
                .stdin(Stdio::null())
                .stdout(Stdio::piped())
                .stderr(Stdio::piped());
            command
        };
        let made = program()
            .args(["init", "--shop", "Corner Books", "--owner", WHO, "--name", "Ada"])
            .args(["--password-file", &path("password"), "--key-file", &path("key")])
            .args(["--recovery-key-file", &path("recovery-key")])
            .output()
            .unwrap();
        assert!(made.status.success(), "the shop is set up: {}", said(&made));
        let mut child = program()
            .args(["serve", "--listen", "127.0.0.1:0", "--log-format", "json"])
            .args(["--key-file", &path("key")])
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let address = lines
            .by_ref()
            .map_while(Result::ok)
            .filter_map(|line| serde_json::from_str::<Value>(&line).ok())
            .find(|line| line["message"] == "listening")
            .and_then(|line| Some(line["address"].as_str()?.to_owned()))
            .unwrap_or_else(|| panic!("the service never said where it listens"));
        // Its log is read to the end, so that it never waits for a reader.
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
        Self { dir, child, address }
    }

    pub(crate) fn folder(&self) -> &Path {
        self.dir.path()
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The status of what is at a path.
    pub(crate) fn get(&self, path: &str) -> u16 {
        self.ask(&format!(
            "GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n"
        ))
    }

    /// The status of the answer to these bytes.
    pub(crate) fn ask(&self, request: &str) -> u16 {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = Vec::new();
        // A line that is cut after the answer has still answered.
        let _ = stream.read_to_end(&mut answer);
        let answer = String::from_utf8_lossy(&answer);
        let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok());
        status.unwrap_or_else(|| panic!("{request:?} is answered by {answer:?}"))
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Everything that a program said.
pub(crate) fn said(output: &Output) -> String {
    let [out, err] = [&output.stdout, &output.stderr].map(|said| String::from_utf8_lossy(said));
    format!("{out}{err}")
}

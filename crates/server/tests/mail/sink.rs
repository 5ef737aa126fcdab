//! A real mail server on loopback: aiosmtpd, which answers as a story wants it.

use std::process::Stdio;
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use tokio::time::timeout;

/// The server's program.
const PROGRAM: &str = include_str!("sink.py");
/// Debian's, which has the library: see `cargo xtask setup`.
const PYTHON: &str = "/usr/bin/python3";
/// The longest wait for what must come.
const PATIENCE: Duration = Duration::from_secs(30);

/// A server that runs until it is dropped.
pub(crate) struct Sink {
    _program: Child,
    said: Lines<BufReader<ChildStdout>>,
    folder: TempDir,
    pub(crate) port: u16,
}

/// A letter that it took.
#[derive(Debug, serde::Deserialize)]
pub(crate) struct Taken {
    pub(crate) sender: String,
    pub(crate) recipients: Vec<String>,
    letter: String,
    pub(crate) tls: bool,
    pub(crate) user: Option<String>,
    pub(crate) hello: String,
}

impl Taken {
    /// The letter byte by byte.
    pub(crate) fn letter(&self) -> Vec<u8> {
        self.letter.chars().map(|c| u8::try_from(c).unwrap()).collect()
    }
}

impl Sink {
    /// A server that does what `told` says; one with `tls` has a certificate of its own.
    pub(crate) async fn start(mut told: Value) -> Self {
        let folder = tempfile::tempdir().unwrap();
        if told.get("tls").is_some() {
            let own = rcgen::generate_simple_self_signed(vec!["127.0.0.1".to_owned()]).unwrap();
            let [certificate, key] = ["certificate.pem", "key.pem"].map(|name| folder.path().join(name));
            std::fs::write(&certificate, own.cert.pem()).unwrap();
            std::fs::write(&key, own.signing_key.serialize_pem()).unwrap();
            told["certificate"] = json!(certificate);
            told["key"] = json!(key);
        }
        let program = folder.path().join("sink.py");
        std::fs::write(&program, PROGRAM).unwrap();
        let mut program = Command::new(PYTHON)
            .arg(program)
            .arg(told.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("python3-aiosmtpd is installed by cargo xtask setup");
        let mut said = BufReader::new(program.stdout.take().unwrap()).lines();
        let line = timeout(PATIENCE, said.next_line())
            .await
            .expect("it listens soon")
            .unwrap();
        let line: Value =
            serde_json::from_str(&line.expect("python3-aiosmtpd is installed by cargo xtask setup")).unwrap();
        Self {
            _program: program,
            said,
            folder,
            port: u16::try_from(line["port"].as_u64().unwrap()).unwrap(),
        }
    }

    /// The file of its certificate.
    pub(crate) fn certificate(&self) -> String {
        self.folder.path().join("certificate.pem").display().to_string()
    }

    /// The next letter that it took.
    pub(crate) async fn letter(&mut self) -> Taken {
        let line = timeout(PATIENCE, self.said.next_line())
            .await
            .expect("a letter comes");
        serde_json::from_str(&line.unwrap().unwrap()).unwrap()
    }

    /// Whether it took none until now. It has answered whoever asked, and says what it takes before that.
    pub(crate) async fn has_taken_none(&mut self) -> bool {
        timeout(Duration::from_millis(200), self.said.next_line())
            .await
            .is_err()
    }
}

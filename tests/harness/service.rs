//! The service of a shop, as a real program on this machine: started, stopped, held up.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Arc;

use data_encoding::{BASE64, HEXUPPER};
use keyholder_app::remote::{Address, Connection, Deadlines, RemoteAuthentication, Trust};
use keyholder_core::audit::{Program, Source};
use keyholder_core::clock::SystemClock;
use keyholder_core::directory::{Authentication as _, Directory};
use keyholder_core::password::Password;
use rcgen::{CertificateParams, DnType, KeyPair};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tempfile::TempDir;

use crate::programs::{Running, answer, built};
use crate::story::Told;

/// A shop on a service of its own, with nobody but its owner.
#[derive(Debug)]
pub struct Service {
    folder: TempDir,
    /// The port that it keeps over all its starts; 0 until it has one.
    port: u16,
    /// The SHA-256 of its certificate, where it has one.
    fingerprint: Option<String>,
    running: Option<Running>,
}

/// Whose shop it is.
#[derive(Debug, Clone, Copy)]
pub struct Owner<'a> {
    /// The shop's name.
    pub shop: &'a str,
    /// The owner's name.
    pub name: &'a str,
    /// What they sign in with.
    pub email: &'a str,
    /// Their password.
    pub password: &'a str,
}

impl Service {
    /// One that speaks plainly, for this machine alone.
    ///
    /// # Errors
    /// The program is not built, or does not set the shop up.
    pub fn plain(owner: Owner<'_>) -> Told<Self> {
        let service = Self {
            folder: tempfile::Builder::new().prefix("keyholder-service-").tempdir()?,
            port: 0,
            fingerprint: None,
            running: None,
        };
        std::fs::write(service.path("password"), owner.password)?;
        let mut init = service.program()?;
        init.args([
            "init",
            "--shop",
            owner.shop,
            "--owner",
            owner.email,
            "--name",
            owner.name,
        ])
        .arg("--password-file")
        .arg(service.path("password"))
        .arg("--recovery-key-file")
        .arg(service.path("recovery-key"))
        .arg("--key-file")
        .arg(service.path("key"));
        answer(&mut init, "")?;
        Ok(service)
    }

    /// One with a certificate that it made itself, for which nobody vouches.
    ///
    /// # Errors
    /// As above.
    pub fn secured(owner: Owner<'_>) -> Told<Self> {
        let mut service = Self::plain(owner)?;
        service.new_certificate()?;
        Ok(service)
    }

    /// Gives it another certificate, from its next start on.
    ///
    /// # Errors
    /// `openssl` is missing.
    pub fn new_certificate(&mut self) -> Told {
        let key = KeyPair::generate()?;
        let mut wanted = CertificateParams::new(vec!["localhost".to_owned()])?;
        wanted
            .distinguished_name
            .push(DnType::CommonName, "Keyholder of Fern & Slate");
        let certificate = wanted.self_signed(&key)?;
        let (pem_of, key_of) = (self.path("certificate.pem"), self.path("certificate-key.pem"));
        std::fs::write(&pem_of, pem("CERTIFICATE", certificate.der()))?;
        std::fs::write(key_of, pem("PRIVATE KEY", &key.serialize_der()))?;
        let mut openssl = Command::new("openssl");
        openssl
            .args(["x509", "-noout", "-fingerprint", "-sha256", "-in"])
            .arg(pem_of);
        let said = answer(&mut openssl, "")?;
        let (_, fingerprint) = said.split_once('=').ok_or("openssl says no fingerprint")?;
        self.fingerprint = Some(fingerprint.to_owned());
        Ok(())
    }

    /// Its address, as a person is told it.
    pub fn address(&self) -> String {
        if self.fingerprint.is_some() {
            format!("localhost:{}", self.port)
        } else {
            format!("http://127.0.0.1:{}", self.port)
        }
    }

    /// The fingerprint that its keeper reads from `openssl`.
    pub fn fingerprint(&self) -> &str {
        self.fingerprint.as_deref().unwrap_or_default()
    }

    /// Starts it where it was before, and waits until it answers.
    ///
    /// # Errors
    /// It does not start.
    pub fn start(&mut self) -> Told {
        let listen = format!("127.0.0.1:{}", self.port);
        let mut serve = self.program()?;
        serve
            .args(["serve", "--listen", &listen, "--log-format", "json"])
            .arg("--database")
            .arg(format!("sqlite:{}", self.path("store/shop.keyholder").display()))
            .arg("--key-file")
            .arg(self.path("key"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        if self.fingerprint.is_some() {
            serve
                .arg("--tls-certificate")
                .arg(self.path("certificate.pem"))
                .arg("--tls-key")
                .arg(self.path("certificate-key.pem"));
        }
        let mut running = Running::start(&mut serve)?;
        let stderr = running.head().stderr.take().ok_or("the service has no log")?;
        let mut lines = BufReader::new(stderr).lines();
        let mut log = String::new();
        let address = loop {
            let Some(line) = lines.next().transpose()? else {
                return Err(format!("the service ended before it listened: {log}").into());
            };
            let said: Option<Value> = serde_json::from_str(&line).ok();
            if let Some(said) = said
                && said["message"] == "listening"
            {
                break said["address"]
                    .as_str()
                    .ok_or("no address")?
                    .parse::<SocketAddr>()?;
            }
            log.push_str(&line);
        };
        // Nobody reads on; a full pipe must not hold it up.
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
        self.port = address.port();
        self.running = Some(running);
        Ok(())
    }

    /// What somebody can do inside from another desk.
    ///
    /// # Errors
    /// They are not let in.
    pub async fn from_another_desk(&self, owner: Owner<'_>) -> Told<Box<dyn Directory>> {
        let trust = match &self.fingerprint {
            Some(fingerprint) => Trust::Pinned(fingerprint.parse()?),
            None => Trust::System,
        };
        let address = Address::parse(&self.address())?;
        let line = Connection::new(address, trust, Deadlines::default(), Arc::new(SystemClock))?;
        let authentication = RemoteAuthentication::over(line);
        let source = Source {
            program: Program::Window,
            address: None,
            device: None,
            user_agent: None,
        };
        let password = Password::new(owner.password.to_owned())?;
        let signed_in = authentication.sign_in(owner.email, &password, source).await?;
        Ok(authentication.directory(&signed_in.token))
    }

    /// Ends it, as a power cut would.
    pub fn cut(&mut self) {
        self.running = None;
    }

    /// Holds it up: its line is there, and nothing is answered.
    ///
    /// # Errors
    /// It does not run.
    pub fn hold(&mut self) -> Told {
        self.signal(Signal::STOP)
    }

    /// Lets it go on with what it has heard meanwhile.
    ///
    /// # Errors
    /// It does not run.
    pub fn let_go(&mut self) -> Told {
        self.signal(Signal::CONT)
    }

    fn signal(&mut self, signal: Signal) -> Told {
        let running = self.running.as_mut().ok_or("the service does not run")?;
        Ok(kill_process(Pid::from_child(running.head()), signal)?)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The program on that machine, at home in its folder.
    fn program(&self) -> Told<Command> {
        let mut program = Command::new(built("KEYHOLDER_BIN", "keyholder")?);
        program
            .env("HOME", self.folder.path())
            .env("XDG_DATA_HOME", self.path("data"))
            .env("XDG_STATE_HOME", self.path("state"))
            .env("KEYHOLDER_STORE", self.path("store/shop.keyholder"))
            // Nobody answers there: no story asks the public list.
            .env("KEYHOLDER_RANGE_URL", "http://127.0.0.1:1");
        Ok(program)
    }
}

fn pem(what: &str, der: &[u8]) -> String {
    let text = BASE64.encode(der);
    let lines: Vec<&str> = text
        .as_bytes()
        .chunks(64)
        .filter_map(|line| std::str::from_utf8(line).ok())
        .collect();
    format!(
        "-----BEGIN {what}-----\n{}\n-----END {what}-----\n",
        lines.join("\n")
    )
}

/// Whether two fingerprints say the same, however they are written.
pub fn same_fingerprint(one: &str, other: &str) -> bool {
    let digits = |text: &str| -> String { text.chars().filter(char::is_ascii_hexdigit).collect() };
    let read = |text: &str| HEXUPPER.decode(digits(text).to_ascii_uppercase().as_bytes()).ok();
    read(one).is_some_and(|one| read(other) == Some(one))
}

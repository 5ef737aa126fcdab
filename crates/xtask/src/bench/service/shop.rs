//! A shop with many people, and the service that answers for it.

use std::fmt::Write as _;
use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::load::Load;
use super::{Costs, under};
use crate::bench::memory;
use crate::process::Group;
use crate::workspace::{Result, Workspace};

/// People who sign in while it is counted how many do: more than are at it at once.
pub(super) const SIGNING_IN: usize = 400;
const OWNER: &str = "ada@cornerbooks.example";
const PASSWORD: &str = "three horses and a paper boat";
/// Longest that a start may take.
const PATIENCE: Duration = Duration::from_secs(20);
/// Between two looks at whether it answers.
const GLANCE: Duration = Duration::from_micros(500);

/// A store with its people, kept between runs.
pub(super) struct Shop<'a> {
    workspace: &'a Workspace,
    console: &'a Path,
    folder: PathBuf,
    permits: usize,
}

/// A service that runs.
pub(super) struct Service {
    group: Group,
    address: SocketAddr,
    permits: usize,
}

/// One that has just been started.
pub(super) struct Started {
    pub(super) service: Service,
    /// Until its first answer.
    pub(super) took: Duration,
}

impl<'a> Shop<'a> {
    /// Makes it where it is not there yet.
    pub(super) fn open(
        workspace: &'a Workspace,
        console: &'a Path,
        folder: &Path,
        people: usize,
    ) -> Result<Self> {
        let shop = Self {
            workspace,
            console,
            folder: folder.to_owned(),
            permits: std::thread::available_parallelism()?.get(),
        };
        if !shop.path("ready").exists() {
            match fs::remove_dir_all(folder) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
                _ => fs::create_dir_all(folder)?,
            }
            shop.make(people)?;
            fs::write(shop.path("ready"), "")?;
        }
        Ok(shop)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    fn make(&self, people: usize) -> Result {
        fs::write(self.path("password"), format!("{PASSWORD}\n"))?;
        let mut init = self.command("init");
        init.args(["--shop", "Corner Books", "--owner", OWNER])
            .arg("--recovery-key-file")
            .arg(self.path("recovery-key"));
        self.workspace.run(&mut init)?;

        let hash = self.reference_hash()?;
        let mut rows = String::from("email,name,role,password_hash\n");
        for number in 0..people {
            writeln!(rows, "person{number}@mail.example,Person {number},customer,")?;
        }
        for number in 0..SIGNING_IN {
            writeln!(
                rows,
                "signs-in-{number}@mail.example,Signs in,customer,\"{hash}\""
            )?;
        }
        fs::write(self.path("people.csv"), rows)?;
        let mut import = self.command("account");
        import
            .args(["import", "--apply", "--as", OWNER, "--reason", "to be measured"])
            .arg(self.path("people.csv"));
        self.workspace.run(&mut import)
    }

    fn command(&self, subcommand: &str) -> Command {
        let mut command = self.workspace.command(self.console);
        command
            .arg(subcommand)
            .arg("--store")
            .arg(self.path("shop.keyholder"))
            .arg("--key-file")
            .arg(self.path("key"))
            .arg("--password-file")
            .arg(self.path("password"))
            // Nobody outside is asked about anybody's password.
            .env("KEYHOLDER_RANGE_URL", "http://127.0.0.1:9");
        command
    }

    /// The password's hash as the reference program makes it.
    fn reference_hash(&self) -> Result<String> {
        let mut argon2 = self.workspace.command("argon2");
        argon2
            .args([
                "salt-of-a-measurement",
                "-id",
                "-t",
                "3",
                "-m",
                "16",
                "-p",
                "1",
                "-e",
            ])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        let mut child = argon2.spawn()?;
        child
            .stdin
            .take()
            .ok_or("argon2 takes no input")?
            .write_all(PASSWORD.as_bytes())?;
        let output = child.wait_with_output()?;
        Ok(String::from_utf8(output.stdout)?.trim().to_owned())
    }

    /// Starts the service, and waits for its first answer.
    pub(super) fn start(&self) -> Result<Started> {
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let mut serve = self.command("serve");
        serve
            .args(["--listen", &address.to_string()])
            .args(["--proxies", "127.0.0.1"])
            .args(["--hash-permits", &self.permits.to_string()])
            .stderr(fs::File::create(self.path("log"))?);
        let begun = Instant::now();
        let mut service = Service {
            group: Group::spawn("the service", &mut serve)?,
            address,
            permits: self.permits,
        };
        while service.ask("GET", "/healthz", None).is_err() {
            if begun.elapsed() > PATIENCE || service.group.ended()?.is_some() {
                return Err(format!("the service does not start: see {}", self.path("log").display()).into());
            }
            std::thread::park_timeout(GLANCE);
        }
        Ok(Started {
            took: begun.elapsed(),
            service,
        })
    }

    pub(super) fn serve(&self) -> Result<Service> {
        Ok(self.start()?.service)
    }
}

impl Service {
    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Hashes it makes at once.
    pub(super) fn permits(&self) -> usize {
        self.permits
    }

    /// The token of the owner's session.
    pub(super) fn token(&self) -> Result<String> {
        let body = json!({ "email": OWNER, "password": PASSWORD, "origin": { "program": "api" } });
        let answer = self.ask("POST", "/v1/sessions", Some(&body))?;
        answer["token"]
            .as_str()
            .map(str::to_owned)
            .ok_or_else(|| format!("the owner was not let in: {answer}").into())
    }

    pub(super) fn under(&self, load: impl Fn() -> Result<Load>) -> Result<Costs> {
        under(self.group.id(), load)
    }

    /// Memory in MiB after a moment of rest.
    pub(super) fn settled(&self) -> Result<f64> {
        std::thread::park_timeout(Duration::from_secs(1));
        #[expect(clippy::cast_precision_loss, reason = "far fewer KiB than 2^52")]
        Ok(memory::of_tree(self.group.id())? as f64 / 1_024.0)
    }

    /// The most memory it ever had, in MiB.
    pub(super) fn most_memory(&self) -> Result<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.group.id()))?;
        let most = status
            .lines()
            .find_map(|line| line.strip_prefix("VmHWM:"))
            .and_then(|size| size.trim().trim_end_matches(" kB").parse::<f64>().ok());
        Ok(most.ok_or("/proc/*/status does not say how much memory there was")? / 1_024.0)
    }

    /// One question and its answer.
    fn ask(&self, method: &str, path: &str, body: Option<&Value>) -> Result<Value> {
        let body = body.map(Value::to_string).unwrap_or_default();
        let mut stream = TcpStream::connect(self.address)?;
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\
             Connection: close\r\n\r\n{body}",
            self.address,
            body.len()
        )?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        let (head, body) = answer.split_once("\r\n\r\n").ok_or("no answer of HTTP")?;
        if !head.starts_with("HTTP/1.1 2") {
            return Err(format!("{path}: {answer}").into());
        }
        Ok(serde_json::from_str(body).unwrap_or_default())
    }
}

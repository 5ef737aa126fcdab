//! A PostgreSQL server of one's own, from the programs that the system has. It listens on a socket in
//! its folder alone, and ends with the test: when it is dropped, or with the test's process group.

use std::error::Error;
use std::io::{BufRead as _, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

/// What can go wrong in starting one: nothing that a test could go on without.
pub type Result<T, E = Box<dyn Error>> = std::result::Result<T, E>;

/// The longest wait for a server to start, recovery included.
const PATIENCE: Duration = Duration::from_secs(30);
/// What a server says that takes connections.
const READY: &str = "database system is ready to accept connections";

/// A running server, or one that was crashed.
#[derive(Debug)]
pub struct Cluster {
    folder: TempDir,
    programs: PathBuf,
    settings: Vec<String>,
    server: Mutex<Option<Child>>,
}

impl Cluster {
    /// Makes a server and starts it, in memory where there is a file system for that: then nothing
    /// waits for a disk, which a test of a whole machine's death would have to bring along anyway.
    ///
    /// # Errors
    /// PostgreSQL is not installed, or does not start.
    pub fn start() -> Result<Self> {
        Self::start_with(&[])
    }

    /// The same with settings of its own, such as `fsync=off`.
    ///
    /// # Errors
    /// PostgreSQL is not installed, or does not start.
    pub fn start_with(settings: &[&str]) -> Result<Self> {
        let memory = Path::new("/dev/shm");
        let place = if memory.is_dir() {
            memory.to_owned()
        } else {
            std::env::temp_dir()
        };
        Self::start_in(&place, settings)
    }

    /// The same in a folder below that one.
    ///
    /// # Errors
    /// PostgreSQL is not installed, or does not start.
    pub fn start_in(place: &Path, settings: &[&str]) -> Result<Self> {
        let cluster = Self {
            folder: tempfile::Builder::new()
                .prefix("keyholder-postgres-")
                .tempdir_in(place)?,
            programs: programs()?,
            settings: settings.iter().map(|setting| (*setting).to_owned()).collect(),
            server: Mutex::new(None),
        };
        owned_by_server(cluster.folder.path())?;
        let made = cluster
            .command("initdb")?
            .args([
                "--username=postgres",
                "--auth=trust",
                "--encoding=UTF8",
                "--locale=C",
                "--no-sync",
            ])
            .arg("--pgdata")
            .arg(cluster.data())
            .output()?;
        if !made.status.success() {
            return Err(String::from_utf8_lossy(&made.stderr).into());
        }
        cluster.resume()?;
        Ok(cluster)
    }

    /// The folder of its socket.
    pub fn socket(&self) -> &Path {
        self.folder.path()
    }

    /// The folder of its files.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// One of PostgreSQL's programs, such as `psql`.
    pub fn program(&self, name: &str) -> PathBuf {
        self.programs.join(name)
    }

    /// The address of one of its databases.
    pub fn url(&self, database: &str) -> String {
        let socket = self.socket().display().to_string().replace('/', "%2F");
        format!("postgres://postgres@{socket}/{database}")
    }

    /// Ends the server as a crash would: nothing is written any more, and the next start recovers.
    pub fn crash(&self) {
        if let Some(server) = self.server().take() {
            end(server);
        }
    }

    /// Starts it again after a crash, and waits until it takes connections.
    ///
    /// # Errors
    /// It does not start.
    pub fn resume(&self) -> Result<()> {
        let mut command = self.command("postgres")?;
        command.arg("-D").arg(self.data()).arg("-k").arg(self.socket());
        command.args([
            "-c",
            "listen_addresses=",
            "-c",
            "lc_messages=C",
            "-c",
            "log_min_messages=log",
        ]);
        for setting in &self.settings {
            command.args(["-c", setting]);
        }
        let mut server = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()?;
        let said = server.stderr.take().ok_or("a server without a voice")?;
        let (sender, answer) = channel();
        std::thread::spawn(move || listen(said, &sender));
        let answer = answer.recv_timeout(PATIENCE);
        *self.server() = Some(server);
        match answer {
            Ok(Ok(())) => Ok(()),
            Ok(Err(said)) => Err(format!("PostgreSQL does not start:\n{said}").into()),
            Err(_) => Err("PostgreSQL does not start in time".into()),
        }
    }

    fn server(&self) -> std::sync::MutexGuard<'_, Option<Child>> {
        self.server.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One of its programs as the user who may run it: PostgreSQL refuses to run as root.
    fn command(&self, name: &str) -> Result<Command> {
        let mut command = Command::new(self.program(name));
        command.current_dir(self.socket());
        if let Some((user, group)) = server_user()? {
            std::os::unix::process::CommandExt::uid(&mut command, user);
            std::os::unix::process::CommandExt::gid(&mut command, group);
        }
        Ok(command)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.crash();
    }
}

/// Reads what a server says until it ends, and tells once whether it is ready.
fn listen(said: impl Read, told: &Sender<Result<(), String>>) {
    let mut all = String::new();
    for line in BufReader::new(said).lines().map_while(std::result::Result::ok) {
        if line.contains(READY) {
            // Nobody listens any more once it has been told.
            let _ = told.send(Ok(()));
        }
        all.push_str(&line);
        all.push('\n');
    }
    let _ = told.send(Err(all));
}

fn end(mut server: Child) {
    let killed = i32::try_from(server.id())
        .ok()
        .and_then(Pid::from_raw)
        .map(|id| kill_process(id, Signal::QUIT));
    if !matches!(killed, Some(Ok(()))) {
        // It may have ended by itself.
        let _ = server.kill();
    }
    let _ = server.wait();
}

/// Where the newest PostgreSQL has its programs.
fn programs() -> Result<PathBuf> {
    let mut found: Vec<(u32, PathBuf)> = Vec::new();
    for entry in std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
    {
        let programs = entry.path().join("bin");
        let version = entry.file_name().to_string_lossy().parse().unwrap_or_default();
        if programs.join("initdb").is_file() {
            found.push((version, programs));
        }
    }
    let on_path = std::env::var_os("PATH").unwrap_or_default();
    let on_path = std::env::split_paths(&on_path).find(|folder| folder.join("initdb").is_file());
    found
        .into_iter()
        .max()
        .map(|(_, programs)| programs)
        .or(on_path)
        .ok_or_else(|| "PostgreSQL is not installed: cargo xtask setup".into())
}

/// The user and group that a server runs as where the tests run as root.
fn server_user() -> Result<Option<(u32, u32)>> {
    if !rustix::process::geteuid().is_root() {
        return Ok(None);
    }
    let users = std::fs::read_to_string("/etc/passwd")?;
    let found = users.lines().find_map(|line| {
        let mut fields = line.split(':');
        let (name, _, user, group) = (fields.next()?, fields.next()?, fields.next()?, fields.next()?);
        (name == "postgres").then_some((user.parse().ok()?, group.parse().ok()?))
    });
    match found {
        Some(ids) => Ok(Some(ids)),
        None => Err("there is no user postgres to run PostgreSQL as: cargo xtask setup".into()),
    }
}

fn owned_by_server(folder: &Path) -> Result<()> {
    if let Some((user, group)) = server_user()? {
        std::os::unix::fs::chown(folder, Some(user), Some(group))?;
    }
    Ok(())
}

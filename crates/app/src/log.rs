//! The local log: what went wrong on this computer, for whoever is asked to help. It never leaves the
//! computer by itself, and no secret is in it.
//!
//! A file a day, its owner's alone. What is older than two weeks goes, and a day takes two files of a
//! mebibyte at the most: where something fails again and again the newest lines stay.

use std::fs::{self, OpenOptions};
use std::io::{self, IsTerminal as _, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use keyholder_core::clock::{Clock, SystemClock};
use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, fmt};

use crate::place::log_dir;
use crate::shop_file::create_dir;

/// Names what is logged, such as `info` or `keyholder_store_sqlite=debug`.
const VARIABLE: &str = "KEYHOLDER_LOG";
/// What the file holds unless that names something else.
const USUAL: &str = "warn,keyholder=info";
/// The size at which a day begins a second file.
const FULL: u64 = 1024 * 1024;
/// How long a file is kept, in days.
const KEPT: i64 = 14;

/// Begins to log: into the file, and to standard error what `shown` lets through. A panic is logged by
/// its place alone, for its message may hold what somebody typed.
pub fn begin(shown: &str) {
    let filter = |usual| EnvFilter::try_from_env(VARIABLE).unwrap_or_else(|_| EnvFilter::new(usual));
    let terminal = fmt::layer()
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal())
        .with_filter(filter(shown));
    let files = log_dir().ok().map(|folder| {
        let file = DayFile::new(folder, Arc::new(SystemClock));
        fmt::layer()
            .with_ansi(false)
            .with_writer(move || file.clone())
            .with_filter(filter(USUAL))
    });
    tracing_subscriber::registry().with(terminal).with(files).init();
    log_panics();
    tracing::info!("started, version {}", env!("CARGO_PKG_VERSION"));
}

fn log_panics() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!("panicked at {place}");
        usual(panic);
    }));
}

/// The file of the day. It is opened anew for each line, so that several programs can share it.
#[derive(Clone)]
struct DayFile {
    folder: PathBuf,
    clock: Arc<dyn Clock>,
}

impl DayFile {
    fn new(folder: PathBuf, clock: Arc<dyn Clock>) -> Self {
        let file = Self { folder, clock };
        file.forget_old();
        file
    }

    fn today(&self) -> Date {
        day(self.clock.now())
    }

    fn path(&self, part: &str) -> PathBuf {
        self.folder.join(format!("keyholder-{}{part}.log", self.today()))
    }

    /// What cannot be read or removed now may be the next time.
    fn forget_old(&self) {
        let entries = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        for entry in entries {
            if day_of(&entry.path()).is_some_and(|day| self.is_old(day)) {
                let _ = fs::remove_file(entry.path());
            }
        }
    }

    fn is_old(&self, day: Date) -> bool {
        self.today()
            .checked_sub(Span::new().days(KEPT))
            .is_ok_and(|oldest| day < oldest)
    }
}

impl Write for DayFile {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let path = self.path("");
        match fs::metadata(&path) {
            Ok(file) if file.len() >= FULL => fs::rename(&path, self.path("-before"))?,
            Ok(_) => {}
            Err(_) => {
                create_dir(&self.folder)?;
                self.forget_old();
            }
        }
        let mut options = OpenOptions::new();
        options.create(true).append(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(path)?.write_all(line)?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn day(now: Timestamp) -> Date {
    TimeZone::UTC.to_datetime(now).date()
}

/// The day of a file of ours.
fn day_of(file: &Path) -> Option<Date> {
    let name = file.file_name()?.to_str()?.strip_prefix("keyholder-")?;
    name.strip_suffix(".log")?.get(..10)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use keyholder_core::clock::FixedClock;

    use super::*;

    fn at(day: &str) -> Arc<FixedClock> {
        Arc::new(FixedClock::at(format!("{day}T12:00:00Z").parse().unwrap()))
    }

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let mut names: Vec<_> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn two_weeks_are_kept_and_nothing_of_others_is_touched() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("state");
        for day in ["2026-03-01", "2026-03-02", "2026-03-15"] {
            DayFile::new(folder.clone(), at(day))
                .write_all(b"a line\n")
                .unwrap();
        }
        fs::write(folder.join("keyholder-notes.log"), "somebody's own").unwrap();
        DayFile::new(folder.clone(), at("2026-03-16"))
            .write_all(b"a line\n")
            .unwrap();
        assert_eq!(
            names(&folder),
            [
                "keyholder-2026-03-02.log",
                "keyholder-2026-03-15.log",
                "keyholder-2026-03-16.log",
                "keyholder-notes.log"
            ],
            "the oldest is gone"
        );
    }

    #[test]
    fn a_day_takes_two_files_and_keeps_the_newest_lines() {
        let folder = tempfile::tempdir().unwrap();
        let mut file = DayFile::new(folder.path().to_owned(), at("2026-03-01"));
        let line = vec![b'x'; 64 * 1024];
        for _ in 0..100 {
            file.write_all(&line).unwrap();
        }
        file.write_all(b"the newest\n").unwrap();
        assert_eq!(
            names(folder.path()),
            ["keyholder-2026-03-01-before.log", "keyholder-2026-03-01.log"],
            "six mebibytes were written"
        );
        let sizes = names(folder.path())
            .iter()
            .map(|name| fs::metadata(folder.path().join(name)).unwrap().len())
            .sum::<u64>();
        assert!(
            sizes <= 2 * (FULL + line.len() as u64),
            "and two are kept: {sizes}"
        );
        let newest = fs::read(folder.path().join("keyholder-2026-03-01.log")).unwrap();
        assert!(newest.ends_with(b"the newest\n"), "the newest among them");
    }

    #[cfg(unix)]
    #[test]
    fn the_log_is_its_owners_alone() {
        use std::os::unix::fs::PermissionsExt as _;
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("state");
        let mut file = DayFile::new(folder.clone(), at("2026-03-01"));
        file.write_all(b"a line\n").unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(
            (mode(&folder), mode(&file.path(""))),
            (0o700, 0o600),
            "nobody else reads it"
        );
    }

    #[test]
    fn a_panic_is_logged_by_its_place_and_without_its_message() {
        let log = Arc::new(Mutex::new(Vec::new()));
        let into = Arc::clone(&log);
        let subscriber = tracing_subscriber::registry().with(
            fmt::layer()
                .with_ansi(false)
                .with_writer(move || Shared(Arc::clone(&into))),
        );
        log_panics();
        tracing::subscriber::with_default(subscriber, || {
            let _ = std::panic::catch_unwind(|| panic!("a canary"));
        });
        let log = String::from_utf8(log.lock().unwrap().clone()).unwrap();
        assert!(
            log.contains("panicked at ") && log.contains("log.rs:"),
            "where: {log}"
        );
        assert!(
            !log.contains("a canary"),
            "the message may hold what was typed: {log}"
        );
    }

    struct Shared(Arc<Mutex<Vec<u8>>>);

    impl Write for Shared {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
}

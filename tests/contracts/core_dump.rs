//! A program that crashes leaves nothing of its memory on the disk.
#![cfg(target_os = "linux")]

use std::io::{BufRead as _, BufReader};
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use data_encoding::BASE64;
use keyholder_tests::leaks::{Canary, leaks};
use keyholder_tests::programs::{Running, answer, built};
use keyholder_tests::story::Told;
use rustix::process::{Pid, Resource, Rlimit, Signal, getrlimit, kill_process, prlimit};

const ADA: &str = "ada@cornerbooks.example";
const PASSWORD: &str = "a canary in the cellar of the shop";

/// A shop made by the program without a window, in this folder.
struct Shop {
    program: PathBuf,
    store: PathBuf,
    key_file: PathBuf,
    password_file: PathBuf,
}

impl Shop {
    fn set_up(folder: &Path) -> Told<Self> {
        let shop = Self {
            program: built("KEYHOLDER_BIN", "keyholder")?,
            store: folder.join("shop").join("shop.keyholder"),
            key_file: folder.join("key"),
            password_file: folder.join("password"),
        };
        std::fs::write(&shop.password_file, PASSWORD)?;
        let mut init = shop.command(&["init", "--shop", "Corner Books", "--owner", ADA]);
        answer(
            init.arg("--recovery-key-file").arg(folder.join("recovery-key")),
            "",
        )?;
        Ok(shop)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command
            .args(arguments)
            .env("KEYHOLDER_STORE", &self.store)
            // Nobody answers there.
            .env("KEYHOLDER_RANGE_URL", "http://127.0.0.1:1")
            .arg("--key-file")
            .arg(&self.key_file)
            .arg("--password-file")
            .arg(&self.password_file);
        command
    }
}

/// Lets the program crash while it holds the keys of a shop; gives what is found of that on the disk.
/// `before` is done to it first.
fn left_by_a_crash(before: impl FnOnce(Pid) -> Told) -> Told<Vec<String>> {
    let folder = tempfile::tempdir()?;
    let shop = Shop::set_up(folder.path())?;
    let crash = folder.path().join("crash");
    std::fs::create_dir(&crash)?;
    let mut tail = shop.command(&["audit", "tail", "--as", ADA]);
    let mut running = Running::start(
        tail.current_dir(&crash)
            .stdin(Stdio::null())
            .stdout(Stdio::piped()),
    )?;
    let output = running.head().stdout.take().ok_or("it says nothing")?;
    let mut lines = BufReader::new(output).lines().map_while(Result::ok);
    if !lines.any(|line| line.contains("sign_in.password")) {
        return Err("it ended before it was signed in".into());
    }

    let pid = Pid::from_child(running.head());
    before(pid)?;
    kill_process(pid, Signal::ABORT)?;
    let ended = running.head().wait()?;
    let key = std::fs::read_to_string(&shop.key_file)?;
    let key = Canary::text("the master key", key.trim()).or_bytes(&BASE64.decode(key.trim().as_bytes())?);
    let mut left = leaks(&crash, &[key])?;
    // Also one that was handed to another program.
    left.extend(ended.core_dumped().then(|| "a core dump".to_owned()));
    Ok(left)
}

#[test]
fn p07_a_crash_leaves_nothing_of_the_memory() -> Told {
    // As on the machine of somebody who wants dumps.
    let wanted = Rlimit {
        current: getrlimit(Resource::Core).maximum,
        ..getrlimit(Resource::Core)
    };
    rustix::process::setrlimit(Resource::Core, wanted)?;
    assert_eq!(
        left_by_a_crash(|_| Ok(()))?,
        [""; 0],
        "the keys of the shop stay in memory"
    );
    Ok(())
}

#[test]
fn p07_mutant_a_program_that_lets_itself_be_dumped_is_found() -> Told {
    let found = left_by_a_crash(|pid| {
        // Takes back what the program did at its start.
        let limit = prlimit(Some(pid), Resource::Core, getrlimit(Resource::Core))?;
        let dumped = Rlimit {
            current: limit.maximum,
            ..limit
        };
        prlimit(Some(pid), Resource::Core, dumped)?;
        Ok(())
    })?;
    assert!(!found.is_empty(), "the dump is seen by the measure");
    Ok(())
}

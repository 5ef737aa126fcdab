//! A program that crashes leaves nothing of its memory on the disk.
#![cfg(target_os = "linux")]

use std::fs::{Permissions, set_permissions};
use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::Stdio;

use data_encoding::BASE64;
use keyholder_tests::leaks::{Canary, leaks};
use keyholder_tests::office::{ADA, Office};
use keyholder_tests::programs::{Running, answer};
use keyholder_tests::story::Told;
use rustix::process::{Pid, Resource, Rlimit, Signal, getrlimit, kill_process};

/// Lets the program crash while it holds the keys of a shop; gives what is found of that on the disk.
/// `before` is done to it first.
fn left_by_a_crash(before: impl FnOnce(&Office, Pid) -> Told) -> Told<Vec<String>> {
    let office = Office::open()?;
    let crash = office.hers().join("crash");
    std::fs::create_dir(&crash)?;
    // Whoever the story is told of can write there.
    set_permissions(&crash, Permissions::from_mode(0o777))?;
    let mut tail = office.command(&["audit", "tail", "--as", ADA]);
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
    before(&office, pid)?;
    kill_process(pid, Signal::ABORT)?;
    let ended = running.head().wait()?;
    let key = std::fs::read_to_string(office.key_file())?;
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
        left_by_a_crash(|_, _| Ok(()))?,
        [""; 0],
        "the keys of the shop stay in memory"
    );
    Ok(())
}

#[test]
fn p07_mutant_a_program_that_lets_itself_be_dumped_is_found() -> Told {
    let found = left_by_a_crash(|ada, pid| {
        // Takes back what the program did at its start, as far as the system lets it.
        let limits = std::fs::read_to_string(format!("/proc/{}/limits", pid.as_raw_nonzero()))?;
        let most = limits
            .lines()
            .find_map(|line| line.strip_prefix("Max core file size"))
            .and_then(|numbers| numbers.split_whitespace().nth(1))
            .ok_or("a limit")?;
        let pid = pid.as_raw_nonzero().to_string();
        let mut prlimit = ada.started(Path::new("prlimit"));
        answer(prlimit.args(["--pid", &pid, &format!("--core={most}:")]), "")?;
        Ok(())
    })?;
    assert!(!found.is_empty(), "the dump is seen by the measure");
    Ok(())
}

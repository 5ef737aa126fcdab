//! What happens at a terminal: questions, answers that are not shown, and Ctrl-C.

use std::io::{Read as _, Write as _};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use crate::shop::{ADA, PASSWORD, Shop};

/// The longest wait for something to be said.
const DEADLINE: Duration = Duration::from_secs(30);

/// The program at a terminal of its own (by `script`, which every Debian has).
struct Terminal {
    child: Child,
    keys: Option<ChildStdin>,
    screen: Receiver<Vec<u8>>,
    seen: String,
    read_to: usize,
}

impl Terminal {
    fn open(shop: &Shop, args: &[&str]) -> Self {
        let program = shop.command(args);
        let line: Vec<_> = std::iter::once(program.get_program())
            .chain(program.get_args())
            .map(quoted)
            .collect();
        let mut script = Command::new("script");
        script
            .args([
                "-q",
                "-f",
                "-e",
                "-c",
                &format!("exec {}", line.join(" ")),
                "/dev/null",
            ])
            .env_clear();
        for (name, value) in program.get_envs() {
            script.env(name, value.unwrap_or_default());
        }
        script
            .env("PATH", "/usr/bin:/bin")
            .env("SHELL", "/bin/sh")
            .current_dir(shop.path(""));
        let mut child = script
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (mut out, keys) = (child.stdout.take().unwrap(), child.stdin.take());
        let (sender, screen) = channel();
        std::thread::spawn(move || {
            let mut bytes = [0; 1024];
            while let Ok(count @ 1..) = out.read(&mut bytes) {
                if sender.send(bytes[..count].to_vec()).is_err() {
                    return;
                }
            }
        });
        Self {
            child,
            keys,
            screen,
            seen: String::new(),
            read_to: 0,
        }
    }

    /// Waits until this is said, and gives everything that was said since the last time.
    fn hears(&mut self, words: &str) -> String {
        loop {
            if let Some(place) = self.seen[self.read_to..].find(words) {
                let to = self.read_to + place + words.len();
                let from = std::mem::replace(&mut self.read_to, to);
                return self.seen[from..to].to_owned();
            }
            let said = self.screen.recv_timeout(DEADLINE);
            let said = said.unwrap_or_else(|_| panic!("{words:?} was never said: {}", self.seen));
            self.seen.push_str(&String::from_utf8_lossy(&said));
        }
    }

    /// Types a secret once the terminal shows nothing of it. The question is there a moment before.
    fn types_unseen(&mut self, keys: &str) {
        let program = format!("/proc/{0}/task/{0}/children", self.child.id());
        let program = std::fs::read_to_string(program).unwrap();
        let terminal = std::fs::read_link(format!("/proc/{}/fd/0", program.trim())).unwrap();
        let begun = Instant::now();
        loop {
            let modes = Command::new("stty")
                .arg("-a")
                .arg("-F")
                .arg(&terminal)
                .output()
                .unwrap();
            if String::from_utf8(modes.stdout).unwrap().contains("-echo ") {
                break;
            }
            assert!(
                begun.elapsed() < DEADLINE,
                "the terminal shows what is typed: {}",
                self.seen
            );
        }
        self.types(keys);
    }

    fn types(&mut self, keys: &str) {
        let input = self.keys.as_mut().unwrap();
        input.write_all(keys.as_bytes()).unwrap();
        input.flush().unwrap();
    }

    fn exit(mut self) -> (Option<i32>, String) {
        let status = self.child.wait().unwrap();
        self.seen.extend(
            self.screen
                .iter()
                .map(|said| String::from_utf8_lossy(&said).into_owned()),
        );
        (status.code(), self.seen)
    }
}

fn quoted(word: &std::ffi::OsStr) -> String {
    format!("'{}'", word.to_str().unwrap())
}

#[test]
fn the_recovery_key_is_shown_once_and_two_groups_are_asked_back() {
    let shop = Shop::none_yet();
    let key_file = shop.text("key");
    let mut terminal = Terminal::open(
        &shop,
        &[
            "init",
            "--shop",
            "Corner Books",
            "--owner",
            ADA,
            "--key-file",
            &key_file,
        ],
    );
    terminal.hears("Password of the owner: ");
    terminal.types_unseen(&format!("{PASSWORD}\n"));
    terminal.hears("The same again: ");
    terminal.types_unseen(&format!("{PASSWORD}\n"));
    let shown = terminal.hears("Group ");
    let line = shown
        .lines()
        .map(str::trim)
        .find(|line| line.matches('-').count() == 7)
        .unwrap()
        .to_owned();
    let groups: Vec<_> = line.split('-').collect();

    terminal.hears(": ");
    terminal.types_unseen("0000\n");
    terminal.hears("Group ");
    terminal.hears(": ");
    terminal.types_unseen("0000\n");
    terminal.hears("Look again.");
    for _ in 0..2 {
        terminal.hears("Group ");
        let number = terminal.hears(" of the recovery key: ");
        let index: usize = number.split(' ').next().unwrap().parse().unwrap();
        terminal.types_unseen(&format!("{}\n", groups[index - 1].to_lowercase()));
    }
    let (exit, seen) = terminal.exit();
    assert_eq!(exit, Some(0), "set up: {seen}");
    assert!(!seen.contains(PASSWORD), "what is typed is not shown: {seen}");
    assert_eq!(
        seen.matches(groups[0]).count(),
        1,
        "the key is shown once: {seen}"
    );
    let status = shop.ada(&["status", "--json"]).done().json();
    assert!(
        status["shop"]["recovery_key_confirmed_at"].is_string(),
        "and the shop knows it is kept: {status}"
    );
}

#[test]
fn a_tail_follows_what_others_do_until_ctrl_c() {
    let shop = Shop::set_up();
    let key_file = shop.text("key");
    let mut terminal = Terminal::open(&shop, &["audit", "tail", "--as", ADA, "--key-file", &key_file]);
    terminal.hears("Password: ");
    terminal.types_unseen(&format!("{PASSWORD}\n"));
    terminal.hears("sign_in.password");
    shop.ada(&["account", "create", "sam@b.co"]).done();
    terminal.hears("account.created  by ada@cornerbooks.example on sam@b.co");
    terminal.types("\u{3}");
    let (exit, seen) = terminal.exit();
    assert_eq!(exit, Some(0), "Ctrl-C is how it ends: {seen}");
    let trail = shop.trail();
    let ended = trail
        .iter()
        .filter(|event| event.starts_with("session.ended"))
        .count();
    // Of init, the account, and the tail itself.
    assert_eq!(ended, 3, "it signed out: {trail:#?}");
}

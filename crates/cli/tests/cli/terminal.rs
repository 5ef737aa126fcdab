//! What happens at a terminal: questions, answers that are not shown, and Ctrl-C.

use std::io::{Read as _, Write as _};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use keyholder_core::second_factor::TotpSecret;

use crate::shop::{ADA, PASSWORD, Shop, code_of};

/// The longest wait for something to be said.
const DEADLINE: Duration = Duration::from_secs(30);

/// The program at a terminal of its own (by `script`, which every Debian has).
struct Terminal {
    child: Child,
    keys: Option<ChildStdin>,
    screen: Receiver<Vec<u8>>,
    bytes: Vec<u8>,
    /// The bytes as text.
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
            bytes: Vec::new(),
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
            self.sees(&said);
        }
    }

    fn sees(&mut self, said: &[u8]) {
        self.bytes.extend(said);
        // From the start: what comes in one piece may end within a character.
        self.seen = String::from_utf8_lossy(&self.bytes).into_owned();
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
        for said in std::mem::replace(&mut self.screen, channel().1) {
            self.sees(&said);
        }
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

/// What a camera reads off the terminal: each character is two modules, one above the other.
fn seen_by_a_camera(shop: &Shop, screen: &str) -> String {
    const PIXELS: usize = 4;
    let lines = screen.split("\u{1b}[30;107m").skip(1);
    let lines: Vec<&str> = lines.map(|line| line.split('\u{1b}').next().unwrap()).collect();
    let mut picture = Vec::new();
    for line in &lines {
        for halves in ["▀█", "▄█"] {
            let row: Vec<u8> = line
                .chars()
                .flat_map(|c| [if halves.contains(c) { 0 } else { 255 }; PIXELS])
                .collect();
            picture.extend(row.repeat(PIXELS));
        }
    }
    let (width, height) = (lines[0].chars().count() * PIXELS, lines.len() * 2 * PIXELS);
    let file = shop.path("seen.pgm");
    std::fs::write(
        &file,
        [format!("P5 {width} {height} 255\n").into_bytes(), picture].concat(),
    )
    .unwrap();
    let read = Command::new("zbarimg")
        .args(["--quiet", "--raw"])
        .arg(file)
        .output();
    String::from_utf8(read.unwrap().stdout).unwrap()
}

#[test]
fn a_recovery_code_opens_the_way_to_a_new_phone_and_to_the_command() {
    let shop = Shop::set_up();
    let codes = shop.bind_phone_of_ada();
    let key_file = shop.text("key");
    let mut terminal = Terminal::open(&shop, &["account", "list", "--as", ADA, "--key-file", &key_file]);
    terminal.hears("Password: ");
    terminal.types_unseen(&format!("{PASSWORD}\n"));
    terminal.hears("Code of the authenticator app, or a recovery code: ");
    terminal.types_unseen(&format!("{}\n", codes[3].to_lowercase()));
    let shown = terminal.hears("Code that the app shows: ");
    assert!(
        shown.contains("is used up; 7 are left"),
        "it is said how many there are still: {shown}"
    );
    let uri = seen_by_a_camera(&shop, &shown);
    let in_picture = uri
        .split("secret=")
        .nth(1)
        .and_then(|rest| rest.split('&').next());
    let groups = shown
        .lines()
        .map(str::trim)
        .rfind(|line| line.len() == 39)
        .unwrap();
    assert_eq!(
        in_picture,
        Some(&*groups.replace(' ', "")),
        "the picture and the key below it say the same: {uri}"
    );
    terminal.types_unseen("abcdef\n");
    terminal.hears("That is not its code.");
    terminal.hears("Code that the app shows: ");
    let secret = TotpSecret::from_base32(in_picture.unwrap()).unwrap();
    terminal.types_unseen(&format!("{}\n", code_of(&secret)));
    let shown = terminal.hears(ADA);
    let new: Vec<_> = shown
        .lines()
        .map(str::trim)
        .filter(|line| is_recovery_code(line))
        .collect();
    assert_eq!(
        new.len(),
        8,
        "the new recovery codes, before what was asked for: {shown}"
    );
    assert!(
        !codes.iter().any(|old| shown.contains(old)),
        "the old ones are void: {shown}"
    );
    let (exit, seen) = terminal.exit();
    assert_eq!(exit, Some(0), "and the command is done: {seen}");
    assert_eq!(shop.recovery_codes_left_of_ada(), 8, "a whole new set");
}

#[test]
fn a_new_phone_that_is_not_set_up_leaves_the_old_one_and_says_what_is_left() {
    let shop = Shop::set_up();
    let codes = shop.bind_phone_of_ada();
    let (key_file, password) = (shop.text("key"), shop.text("password"));
    let code = shop.write("code", &codes[0]);
    let line = ["account", "list", "--as", ADA, "--key-file", &key_file];
    let from_files = ["--password-file", &password, "--code-file", &code];
    let mut terminal = Terminal::open(&shop, &[&line[..], &from_files].concat());
    for _ in 0..3 {
        terminal.hears("Code that the app shows: ");
        terminal.types_unseen("000000\n");
    }
    let (exit, seen) = terminal.exit();
    assert_eq!(exit, Some(1), "three wrong codes and no more: {seen}");
    assert!(
        seen.contains("The recovery code is used up; 7 are left. The second factor is the old one."),
        "what happened to the code is said: {seen}"
    );
    assert_eq!(shop.recovery_codes_left_of_ada(), 7, "and true");

    let mut again = Terminal::open(&shop, &[&line[..], &from_files].concat());
    again.hears("The attempt was counted");
    let (exit, seen) = again.exit();
    assert_eq!(exit, Some(1), "a code works once: {seen}");
}

fn is_recovery_code(line: &str) -> bool {
    line.len() == 17 && line.split('-').all(|group| group.len() == 5)
}

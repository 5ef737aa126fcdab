//! A shop in a directory of its own, the program that works on it, and the library for what people do
//! in the window.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use keyholder_app::{Needs, OpenStore, store_keys, vault};
use keyholder_core::audit::{Program, Source};
use keyholder_core::breach::NoBreachCheck;
use keyholder_core::clock::{Clock as _, SystemClock, entropy};
use keyholder_core::directory::{Authentication as _, StoredAuthentication};
use keyholder_core::password::{Argon2Params, Password};
use keyholder_core::second_factor::TotpSecret;
use keyholder_core::second_factor::totp::step_at;
use keyholder_core::store::Store as _;
use keyholder_store_sqlite::SqliteStore;
use serde_json::Value;
use tempfile::TempDir;

/// The owner, and the password of everybody in these stories.
pub(crate) const ADA: &str = "ada@cornerbooks.example";
pub(crate) const PASSWORD: &str = "correct horse battery stäple";

/// What the program did.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) exit: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    /// The one document on standard output.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The same, once the program was done.
    #[track_caller]
    pub(crate) fn done(self) -> Self {
        assert_eq!(self.exit, 0, "done: {self:?}");
        self
    }
}

/// A directory with a store, a key file and a password file.
pub(crate) struct Shop {
    dir: TempDir,
}

impl Shop {
    /// Nothing but the password file yet.
    pub(crate) fn none_yet() -> Self {
        let shop = Self {
            dir: tempfile::tempdir().unwrap(),
        };
        shop.write("password", PASSWORD);
        shop
    }

    /// A shop with its owner Ada.
    pub(crate) fn set_up() -> Self {
        let shop = Self::none_yet();
        shop.init("password", Some("recovery-key")).done();
        shop
    }

    /// Sets up Ada's shop with the password in this file; her recovery key goes to that one.
    pub(crate) fn init(&self, password: &str, recovery_key: Option<&str>) -> Ran {
        let mut init = ["init", "--shop", "Corner Books", "--owner", ADA, "--name", "Ada"]
            .map(str::to_owned)
            .to_vec();
        init.extend(["--password-file".to_owned(), self.text(password)]);
        if let Some(file) = recovery_key {
            init.extend(["--recovery-key-file".to_owned(), self.text(file)]);
        }
        self.run(&init.iter().map(String::as_str).collect::<Vec<_>>())
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub(crate) fn text(&self, name: &str) -> String {
        self.path(name).to_str().unwrap().to_owned()
    }

    pub(crate) fn store(&self) -> PathBuf {
        self.path("store/shop.keyholder")
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        std::fs::write(self.path(name), content).unwrap();
        self.text(name)
    }

    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    /// The program with these arguments, and nobody at a terminal.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_keyholder"));
        command
            .args(args)
            .current_dir(self.dir.path())
            .env_clear()
            .env("HOME", self.dir.path())
            .env("XDG_DATA_HOME", self.path("data"))
            // Nobody answers there: no story asks the public list.
            .env("KEYHOLDER_RANGE_URL", "http://127.0.0.1:1")
            .env("KEYHOLDER_STORE", self.store())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Runs it with the store's key file.
    pub(crate) fn run(&self, args: &[&str]) -> Ran {
        self.fed(args, "")
    }

    /// The same with something on standard input.
    pub(crate) fn fed(&self, args: &[&str], input: &str) -> Ran {
        ran(
            &mut self.command(&[args, &["--key-file", &self.text("key")]].concat()),
            input,
        )
    }

    /// The same with everything logged that can be.
    pub(crate) fn logging_everything(&self, args: &[&str]) -> Ran {
        let mut command = self.command(&[args, &["--key-file", &self.text("key")]].concat());
        ran(command.env("KEYHOLDER_LOG", "trace"), "")
    }

    /// Runs it signed in as somebody with everybody's password.
    pub(crate) fn by(&self, who: &str, args: &[&str]) -> Ran {
        self.run(&[args, &["--as", who, "--password-file", &self.text("password")]].concat())
    }

    /// Runs it signed in as the owner.
    pub(crate) fn ada(&self, args: &[&str]) -> Ran {
        self.by(ADA, args)
    }

    /// The actions in the trail, the oldest first, each with its outcome, code and reason.
    pub(crate) fn trail(&self) -> Vec<String> {
        let events = self
            .ada(&["audit", "search", "--oldest-first", "--limit", "1000", "--json"])
            .done()
            .json();
        let told = |event: &Value| {
            let event = &event["event"];
            let words =
                ["action", "outcome", "code", "subject_email", "reason"].map(|field| event[field].as_str());
            words.into_iter().flatten().collect::<Vec<_>>().join(" ")
        };
        events["events"].as_array().unwrap().iter().map(told).collect()
    }

    /// Opens the store as the window would.
    pub(crate) fn opened<T>(&self, act: impl AsyncFnOnce(&StoredAuthentication) -> T) -> T {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let needs = Needs {
                clock: Arc::new(SystemClock),
                breaches: Arc::new(NoBreachCheck),
                hashing: Argon2Params::default(),
                hashes_at_a_time: 1,
            };
            let master = Arc::new(self.master());
            let store = OpenStore::open(&self.store(), master, &needs, entropy().unwrap())
                .await
                .unwrap();
            let answer = act(store.authentication()).await;
            store.close().await.unwrap();
            answer
        })
    }

    /// Ada sets up her phone in the window; gives her recovery codes.
    pub(crate) fn bind_phone_of_ada(&self) -> Vec<String> {
        self.opened(async |authentication| {
            let ada = authentication.sign_in(ADA, &password(), window()).await.unwrap();
            let directory = authentication.directory(&ada.token);
            let begun = directory.begin_second_factor().await.unwrap();
            let codes = directory.confirm_second_factor(&code_of(&begun.secret)).await;
            codes
                .unwrap()
                .iter()
                .map(|code| code.printed().to_string())
                .collect()
        })
    }

    /// How many codes on Ada's paper are still good.
    pub(crate) fn recovery_codes_left_of_ada(&self) -> u8 {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let store = self.held().await;
            let ada = store.owners().await.unwrap().remove(0);
            store.close().await.unwrap();
            ada.credential.recovery.unwrap().left()
        })
    }

    /// The store, held open.
    pub(crate) async fn held(&self) -> SqliteStore {
        SqliteStore::open(&self.store(), &store_keys(&self.master()))
            .await
            .unwrap()
    }

    pub(crate) fn master(&self) -> vault::MasterKey {
        vault::open_with_key_file(&self.store(), &self.path("key")).unwrap()
    }
}

/// Runs it to its end, with that on standard input.
pub(crate) fn ran(command: &mut Command, input: &str) -> Ran {
    let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
    // A program that reads nothing may be gone already.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let output = child.wait_with_output().unwrap();
    Ran {
        exit: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// Everybody's password.
pub(crate) fn password() -> Password {
    Password::new(PASSWORD.to_owned()).unwrap()
}

/// What an authenticator app with this secret shows now.
pub(crate) fn code_of(secret: &TotpSecret) -> String {
    secret.code_at(step_at(SystemClock.now())).digits().to_owned()
}

/// Where the window's acts come from.
pub(crate) fn window() -> Source {
    Source {
        program: Program::Window,
        address: Some("desk".to_owned()),
        device: None,
        user_agent: None,
    }
}

/// The text with everything that differs from run to run written the same.
pub(crate) fn steady(text: &str, dir: &Path) -> String {
    let text = text.replace(dir.to_str().unwrap(), "DIR");
    let text = masked(&text, "9999-99-99 99:99:99 UTC", "2026-01-31 12:00:00 UTC");
    let text = masked(&text, "XXXXX-XXXXX-XXXXX", "CODEX-CODEX-CODEX");
    masked(
        &text,
        "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx",
        "00000000-0000-7000-8000-000000000000",
    )
}

/// Replaces whatever has this form: 9 a digit, x a hexadecimal one, X one of Crockford's.
fn masked(text: &str, form: &str, with: &str) -> String {
    let fits = |window: &[char]| {
        window.len() == form.len()
            && window.iter().zip(form.chars()).all(|(c, form)| match form {
                '9' => c.is_ascii_digit(),
                'x' => c.is_ascii_digit() || ('a'..='f').contains(c),
                'X' => c.is_ascii_digit() || c.is_ascii_uppercase(),
                other => *c == other,
            })
    };
    let chars: Vec<char> = text.chars().collect();
    let (mut masked, mut place) = (String::new(), 0);
    while place < chars.len() {
        let window = &chars[place..chars.len().min(place + form.len())];
        if fits(window) {
            masked.push_str(with);
            place += form.len();
        } else {
            masked.push(chars[place]);
            place += 1;
        }
    }
    masked
}

impl Shop {
    /// What people read, the same in every run.
    pub(crate) fn steady(&self, text: &str) -> String {
        steady(text, self.dir.path())
    }
}

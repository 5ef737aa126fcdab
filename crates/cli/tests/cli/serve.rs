//! The service, as the real program on a loopback port.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Command};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use keyholder_store_postgres::testing::Database;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use crate::shop::{ADA, PASSWORD, Ran, Shop, ran};

/// The longest wait for something that has begun.
const DEADLINE: Duration = Duration::from_secs(30);

/// A service that runs, until dropped.
pub(crate) struct Running {
    child: Child,
    pub(crate) address: SocketAddr,
    lines: Receiver<String>,
    log: String,
}

/// The command that serves a shop at any free port.
fn command(shop: &Shop, more: &[&str]) -> Command {
    let key = shop.text("key");
    let args = [
        "serve",
        "--listen",
        "127.0.0.1:0",
        "--log-format",
        "json",
        "--key-file",
        &key,
    ];
    shop.command(&[&args[..], more].concat())
}

impl Running {
    /// Starts it for that shop, and waits until it answers.
    pub(crate) fn start(shop: &Shop, more: &[&str]) -> Self {
        Self::of(&mut command(shop, more))
    }

    /// Starts that command, and waits until it answers.
    fn of(command: &mut Command) -> Self {
        let mut child = command.spawn().unwrap();
        let err = BufReader::new(child.stderr.take().unwrap());
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            for line in err.lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        let address = SocketAddr::from(([127, 0, 0, 1], 0));
        let mut running = Self {
            child,
            address,
            lines,
            log: String::new(),
        };
        let line = running.hears("listening");
        running.address = line["address"].as_str().unwrap().parse().unwrap();
        assert_eq!(running.get("/healthz").0, 200, "it answers as soon as it says so");
        running
    }

    /// Waits for a line with this message.
    fn hears(&mut self, message: &str) -> Value {
        loop {
            let line = self.lines.recv_timeout(DEADLINE);
            let line = line.unwrap_or_else(|_| panic!("{message:?} was never said: {}", self.log));
            self.log.push_str(&line);
            self.log.push('\n');
            let line: Value =
                serde_json::from_str(&line).unwrap_or_else(|_| panic!("no line of JSON: {line}"));
            if line["message"] == message {
                return line;
            }
        }
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(DEADLINE)).unwrap();
        stream
    }

    fn get(&self, path: &str) -> (u16, String) {
        self.ask(&format!(
            "GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n"
        ))
    }

    fn ask(&self, request: &str) -> (u16, String) {
        let mut stream = self.connect();
        stream.write_all(request.as_bytes()).unwrap();
        answer(&mut stream)
    }

    /// Ada signs in.
    fn sign_in(&self) -> (u16, String) {
        self.sign_in_with(PASSWORD)
    }

    fn sign_in_with(&self, password: &str) -> (u16, String) {
        let body = sign_in_body(password);
        self.ask(&format!("{}connection: close\r\n\r\n{body}", sign_in_head(&body)))
    }

    fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    /// Waits for its end.
    fn ends(mut self) -> Ran {
        let begun = Instant::now();
        let exit = loop {
            if let Some(exit) = self.child.try_wait().unwrap() {
                break exit;
            }
            assert!(begun.elapsed() < DEADLINE, "it does not end: {}", self.log);
            std::thread::park_timeout(Duration::from_millis(5));
        };
        let mut out = String::new();
        self.child
            .stdout
            .take()
            .unwrap()
            .read_to_string(&mut out)
            .unwrap();
        let rest: Vec<_> = self.lines.iter().collect();
        Ran {
            exit: exit.code().unwrap_or(-1),
            out,
            err: std::mem::take(&mut self.log) + &rest.join("\n"),
        }
    }

    /// Memory that it took for itself, in KiB: without the pages of the program, of which a build for
    /// tests has many more than what is shipped.
    #[cfg(target_os = "linux")]
    fn taken(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("RssAnon:"))
            .unwrap();
        line.trim().trim_end_matches(" kB").parse().unwrap()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // One that has ended needs no end.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The session token that was handed out.
fn token(answer: &str) -> String {
    let (_, body) = answer.split_once("\r\n\r\n").unwrap();
    let body: Value = serde_json::from_str(body).unwrap();
    body["token"].as_str().unwrap().to_owned()
}

/// Asks who the holder of that token is.
fn me(token: &str) -> String {
    format!(
        "GET /v1/sessions/current HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {token}\r\n\
         connection: close\r\n\r\n"
    )
}

fn sign_in_body(password: &str) -> String {
    serde_json::json!({ "email": ADA, "password": password, "origin": { "program": "api" } }).to_string()
}

/// Everything but the empty line at its end.
fn sign_in_head(body: &str) -> String {
    let length = body.len();
    format!(
        "POST /v1/sessions HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n\
         content-length: {length}\r\n"
    )
}

fn answer(stream: &mut TcpStream) -> (u16, String) {
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    let status = text.split(' ').nth(1).and_then(|status| status.parse().ok());
    (status.unwrap_or_else(|| panic!("no answer: {text:?}")), text)
}

#[test]
fn it_starts_answers_and_ends_well() {
    let shop = Shop::set_up();
    let running = Running::start(&shop, &[]);
    assert_eq!(running.get("/readyz").0, 200, "its store answers");
    let (status, answer) = running.get("/v1/shop");
    assert!(
        status == 200 && answer.contains("Corner Books"),
        "so do the rules: {answer}"
    );
    let (status, answer) = running.get("/nowhere?token=canary");
    assert_eq!(status, 404, "nothing is there: {answer}");
    running.signal(Signal::TERM);
    let ended = running.ends();
    assert_eq!(ended.exit, 0, "it was told to end: {ended:?}");
    assert_eq!(ended.out, "", "the log is on standard error alone");
    assert!(!ended.err.contains("canary"), "and has no query in it: {ended:?}");
    shop.ada(&["account", "list"]).done();
}

#[cfg(target_os = "linux")]
#[test]
fn idle_it_takes_little_memory() {
    let shop = Shop::set_up();
    let running = Running::start(&shop, &[]);
    let taken = running.taken();
    assert!(taken < 16 * 1024, "idle: {taken} KiB");
}

#[test]
fn p40_a_second_one_on_the_same_store_is_refused_by_name() {
    let shop = Shop::set_up();
    let running = Running::start(&shop, &[]);
    let begun = Instant::now();
    let second = shop.run(&["serve", "--listen", "127.0.0.1:0"]);
    assert!(
        begun.elapsed() < Duration::from_secs(1),
        "at once: {:?}",
        begun.elapsed()
    );
    assert_eq!(second.exit, 5, "one program at a time: {second:?}");
    let told = shop.steady(&second.err);
    assert!(
        told.contains("Not done: another program has DIR/store/shop.keyholder open (KH-1055)"),
        "by name: {told}"
    );
    assert_eq!(running.get("/readyz").0, 200, "the first one goes on");
}

#[test]
fn an_address_that_is_taken_is_named() {
    let (shop, other) = (Shop::set_up(), Shop::set_up());
    let running = Running::start(&shop, &[]);
    let address = running.address.to_string();
    let refused = other.run(&["serve", "--listen", &address]);
    assert_eq!(refused.exit, 5, "somebody has it: {refused:?}");
    assert!(
        refused
            .err
            .contains(&format!("Not done: {address} cannot be listened at: ")),
        "{refused:?}"
    );
}

#[test]
fn told_to_end_it_finishes_what_was_asked() {
    let shop = Shop::set_up();
    for signal in [Signal::TERM, Signal::INT] {
        let mut running = Running::start(&shop, &[]);
        let body = sign_in_body(PASSWORD);
        let head = format!("{}\r\n", sign_in_head(&body));
        let mut slow = running.connect();
        let (begin, end) = body.split_at(10);
        slow.write_all(head.as_bytes()).unwrap();
        slow.write_all(begin.as_bytes()).unwrap();
        // Whoever was before it is answered, so it has been taken in as well.
        assert_eq!(running.get("/healthz").0, 200, "others are served meanwhile");
        running.signal(signal);
        running.hears("stopping");
        slow.write_all(end.as_bytes()).unwrap();
        let (status, answer) = answer(&mut slow);
        assert_eq!(status, 201, "{signal:?}: the slow one is signed in: {answer}");
        let ended = running.ends();
        assert_eq!(ended.exit, 0, "then it ends well: {ended:?}");
        assert!(!ended.err.contains(PASSWORD), "and has not told the password");
    }
    let trail = shop.trail();
    let signed_in = trail
        .iter()
        .filter(|event| event.starts_with("sign_in.password done"))
        .count();
    assert!(signed_in >= 2, "what was answered was saved: {trail:?}");
}

#[test]
fn metrics_are_told_on_an_address_of_their_own() {
    let shop = Shop::set_up();
    let mut running = Running::start(&shop, &["--metrics-listen", "127.0.0.1:0"]);
    let line = running.hears("telling metrics");
    running.sign_in();
    running.address = line["address"].as_str().unwrap().parse().unwrap();
    let (status, text) = running.get("/metrics");
    assert_eq!(status, 200, "told there: {text}");
    for told in [
        "keyholder_http_requests_total{method=\"POST\",route=\"/v1/sessions\",status=\"201\"} 1",
        "keyholder_store_commits_total{outcome=\"done\"}",
        "keyholder_hashes_waiting 0",
    ] {
        assert!(text.contains(told), "{told} is told: {text}");
    }
}

#[test]
fn p07_the_log_of_a_service_holds_no_secret() {
    const WRONG: &str = "a canary that sang the wrong song";
    let shop = Shop::set_up();
    let running = Running::start(&shop, &["--log", "trace,hyper=trace,rustls=trace,sqlx=trace"]);
    let (status, answer) = running.sign_in();
    assert_eq!(status, 201, "the right password: {answer}");
    let token = token(&answer);
    let (status, _) = running.sign_in_with(WRONG);
    assert_eq!(status, 401, "the wrong one");
    let (status, answer) = running.ask(&me(&token));
    assert_eq!(status, 200, "the token is good: {answer}");
    running.signal(Signal::TERM);
    let log = running.ends().err;
    assert!(
        log.contains("/v1/sessions/current"),
        "what was asked is in the log: {log}"
    );
    let key = shop.read("key");
    for secret in [PASSWORD, WRONG, &token, key.trim()] {
        assert!(!log.contains(secret), "{secret} is in the log");
    }
}

#[test]
fn told_to_end_as_soon_as_it_runs_it_ends_well() {
    let shop = Shop::set_up();
    let mut child = command(&shop, &[]).spawn().unwrap();
    let mut err = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    err.read_line(&mut line).unwrap();
    assert!(line.contains("listening"), "it has just begun: {line}");
    kill_process(Pid::from_child(&child), Signal::TERM).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0), "and hears already");
}

#[test]
fn check_tells_what_holds_and_serves_nothing() {
    let shop = Shop::none_yet();
    let config = shop.write("keyholder.toml", "hash-permits = 3\nproxies = [\"10.0.0.7\"]\n");
    let output = shop
        .command(&[
            "serve",
            "--check",
            "--config",
            &config,
            "--public-url",
            "https://keys.example",
        ])
        .env("KEYHOLDER_LOG", "debug")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let told = shop.steady(&String::from_utf8(output.stdout).unwrap());
    // The widths are those of paths that differ from run to run.
    let cells = |line: &str| {
        line.split("  ")
            .map(str::trim)
            .filter(|cell| !cell.is_empty())
            .collect::<Vec<_>>()
            .join(" | ")
    };
    let told: Vec<_> = told.lines().map(cells).collect();
    insta::assert_snapshot!(told.join("\n"), @r"
    Setting | Value | From
    database | sqlite:DIR/store/shop.keyholder | default
    database-password | - | default
    database-password-file | - | default
    key-file | - | default
    listen | 127.0.0.1:8700 | default
    public-url | https://keys.example | --public-url
    logo | - | default
    accent-color | - | default
    return-to | - | default
    proxies | 10.0.0.7/32 | DIR/keyholder.toml, line 2
    tls-certificate | - | default
    tls-key | - | default
    metrics-listen | - | default
    hash-permits | 3 | DIR/keyholder.toml, line 1
    smtp-url | - | default
    smtp-user | - | default
    smtp-password | - | default
    smtp-password-file | - | default
    smtp-ca | - | default
    mail-from | - | default
    log | debug | KEYHOLDER_LOG
    log-format | plain | default
    ");
    assert!(!shop.path("store").exists(), "looking makes nothing");
    let json = shop.run(&["serve", "--check", "--json"]).done().json();
    assert_eq!(
        json["settings"][3]["from"], "--key-file",
        "for programs too: {json}"
    );
}

#[test]
fn a_wrong_setting_is_named_with_its_place() {
    let shop = Shop::none_yet();
    let config = shop.write(
        "keyholder.toml",
        "listen = \"127.0.0.1:1\"\nlisten-on = \"everywhere\"\n",
    );
    let refused = shop.run(&["serve", "--config", &config, "--hash-permits", "0"]);
    assert_eq!(refused.exit, 2, "nothing is guessed: {refused:?}");
    insta::assert_snapshot!(shop.steady(&refused.err), @r"
    Not done: DIR/keyholder.toml, line 2: listen-on is no setting; --hash-permits is no number from 1 to 64
    Nothing was changed.
    See keyholder serve --help for what each may be.
    ");
    let missing = shop.run(&["serve", "--config", "no-such-file.toml"]);
    assert_eq!(missing.exit, 2, "a file that was named is read: {missing:?}");
    assert!(
        missing.err.contains("no-such-file.toml cannot be read"),
        "{missing:?}"
    );
    let two = shop.run(&["serve", "--database", "sqlite:/elsewhere/shop.keyholder"]);
    assert_eq!(two.exit, 2, "KEYHOLDER_STORE names another: {two:?}");
    insta::assert_snapshot!(shop.steady(&two.err), @r"
    Not done: two stores are named: sqlite:/elsewhere/shop.keyholder and sqlite:DIR/store/shop.keyholder
    Nothing was changed.
    Keep one of them: --store or KEYHOLDER_STORE, or --database.
    ");
}

#[test]
fn without_a_store_a_key_or_a_certificate_it_does_not_start() {
    let shop = Shop::none_yet();
    let none = shop.run(&["serve", "--listen", "127.0.0.1:0"]);
    assert_eq!(none.exit, 5, "no store: {none:?}");
    assert!(none.err.contains("KH-1058"), "by name: {none:?}");
    let certificate = shop.write("certificate.pem", "nothing");
    let args = ["--tls-certificate", &certificate, "--tls-key", &certificate];
    for check in [&["--check"][..], &[]] {
        let refused = shop.run(&[&["serve"][..], check, &args].concat());
        assert_eq!(refused.exit, 5, "no certificate: {refused:?}");
        assert!(
            refused.err.contains("holds no certificate in PEM"),
            "by name: {refused:?}"
        );
    }
}

#[test]
fn init_makes_the_store_that_serve_is_told() {
    let shop = Shop::none_yet();
    let (database, password, recovery) = (
        format!("sqlite:{}", shop.text("service/shop.keyholder")),
        shop.text("password"),
        shop.text("recovery-key"),
    );
    let init = [
        "init",
        "--database",
        &database,
        "--shop",
        "Corner Books",
        "--owner",
        ADA,
    ];
    let init = [
        &init[..],
        &["--password-file", &password, "--recovery-key-file", &recovery],
    ]
    .concat();
    let key = shop.text("key");
    let command = |args: &[&str]| {
        let mut command = shop.command(&[args, &["--key-file", &key]].concat());
        command.env_remove("KEYHOLDER_STORE");
        command.output().unwrap()
    };
    let made = command(&init);
    assert_eq!(made.status.code(), Some(0), "{made:?}");
    assert!(shop.path("service/shop.keyholder").exists(), "where it was told");
    let server = command(&[
        "init",
        "--database",
        "postgres://ada:secret@db/x",
        "--shop",
        "S",
        "--owner",
        ADA,
    ]);
    assert_eq!(
        server.status.code(),
        Some(2),
        "a password is no argument: {server:?}"
    );
    let said = String::from_utf8(server.stderr).unwrap();
    assert!(said.contains("holds a password"), "{said}");
}

#[test]
fn nodes_share_a_shop_on_a_database_server() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (shop, other) = (Shop::none_yet(), Shop::none_yet());
    let databases = [(); 2].map(|()| runtime.block_on(Database::fresh()).unwrap());
    let [url, elsewhere] = databases.each_ref().map(Database::url);
    let made = make(&shop, &url);
    assert_eq!(made.exit, 0, "the shop is made on the server: {made:?}");
    std::fs::rename(shop.path("recovery-key"), shop.path("paper")).unwrap();
    let again = make(&shop, &url);
    assert!(
        again.exit == 1 && again.err.contains("there is a shop in this database already"),
        "once: {again:?}"
    );

    let nodes = [(); 2].map(|()| Running::of(&mut on_server(command(&shop, &[]), &url)));
    let (status, answer) = nodes[0].sign_in();
    assert_eq!(status, 201, "signed in at one node: {answer}");
    let token = token(&answer);
    let (status, answer) = nodes[1].ask(&me(&token));
    assert!(
        status == 200 && answer.contains(ADA),
        "known at the other one: {answer}"
    );
    nodes[0].signal(Signal::KILL);
    assert_eq!(
        nodes[1].get("/readyz").0,
        200,
        "which goes on when the first one is gone"
    );
    let [_, last] = nodes;
    last.signal(Signal::TERM);
    let ended = last.ends();
    assert_eq!(ended.exit, 0, "and ends well: {ended:?}");
    assert!(
        !ended.err.contains(&token) && !ended.err.contains(PASSWORD),
        "with no secret in its log"
    );

    assert_eq!(make(&other, &elsewhere).exit, 0, "another shop, with another key");
    let mut stranger = on_server(command(&other, &[]), &url);
    let refused = ran(
        stranger.env("KEYHOLDER_DATABASE_PASSWORD", "the-canary-of-the-database"),
        "",
    );
    assert_eq!(refused.exit, 5, "its key opens nothing here: {refused:?}");
    assert!(refused.err.contains("KH-1065"), "by name: {refused:?}");
    assert!(
        !refused.err.contains("canary"),
        "and the password of the database is not told: {refused:?}"
    );
}

/// The same with the store on a database server.
fn on_server(mut command: Command, url: &str) -> Command {
    command
        .env_remove("KEYHOLDER_STORE")
        .env("KEYHOLDER_DATABASE", url);
    command
}

/// Makes Ada's shop there.
fn make(shop: &Shop, url: &str) -> Ran {
    let (key, password, recovery) = (shop.text("key"), shop.text("password"), shop.text("recovery-key"));
    let mut init = on_server(
        shop.command(&["init", "--shop", "Corner Books", "--owner", ADA]),
        url,
    );
    init.args(["--key-file", &key, "--password-file", &password]);
    ran(init.args(["--recovery-key-file", &recovery]), "")
}

#[test]
fn the_help_is_the_manual() {
    let help = Shop::none_yet().run(&["serve", "--help"]).done().out;
    for setting in keyholder_server::settings::SETTINGS {
        let open = setting.kind != keyholder_server::settings::Kind::Secret;
        assert_eq!(
            help.contains(&format!("--{} ", setting.name)),
            open,
            "{}: a secret is no flag, everything else is told: {help}",
            setting.name
        );
    }
    for word in [
        "/healthz",
        "/readyz",
        "/metrics",
        "SIGTERM",
        "X-Forwarded-For",
        "--check",
        "--config",
    ] {
        assert!(help.contains(word), "{word} is told: {help}");
    }
    let completions = Shop::none_yet().run(&["completions", "bash"]).done().out;
    assert!(completions.contains("--public-url"), "settings are completed");
}

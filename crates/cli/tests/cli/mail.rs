//! Letters, tried from the command line with a real mail server.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::shop::Shop;

/// The server of the stories of letters.
const SINK: &str = include_str!("../../../server/tests/mail/sink.py");

/// A mail server that runs until it is dropped.
struct Sink {
    program: Child,
    port: u64,
}

impl Sink {
    fn start(shop: &Shop, told: &str) -> Self {
        let mut program = Command::new("/usr/bin/python3")
            .arg(shop.write("sink.py", SINK))
            .arg(told)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut said = BufReader::new(program.stdout.as_mut().unwrap());
        said.read_line(&mut line).unwrap();
        let said: Value = serde_json::from_str(&line)
            .unwrap_or_else(|error| panic!("cargo xtask setup installs python3-aiosmtpd: {error}"));
        Self {
            program,
            port: said["port"].as_u64().unwrap(),
        }
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}

/// The file of settings of a shop that sends by a server on that port.
fn config(shop: &Shop, port: u64) -> String {
    let settings =
        format!("smtp-url = \"smtp://127.0.0.1:{port}\"\nmail-from = \"keys@cornerbooks.example\"\n");
    shop.write("keyholder.toml", &settings)
}

#[test]
fn a_letter_is_sent_to_see_that_letters_arrive() {
    let shop = Shop::none_yet();
    let sink = Sink::start(&shop, "{}");
    let config = config(&shop, sink.port);
    let test = [
        "mail",
        "test",
        "--to",
        "ada@cornerbooks.example",
        "--config",
        &config,
    ];
    let sent = shop.run(&test).done();
    let server = format!("smtp://127.0.0.1:{}", sink.port);
    assert_eq!(
        sent.out,
        format!("{server} has taken a letter to ada@cornerbooks.example.\n")
    );
    let sent = shop.run(&[&test[..], &["--json"]].concat()).done();
    assert_eq!(sent.json()["server"], server, "for programs too: {sent:?}");
    assert!(!shop.path("store").exists(), "no store is needed");
    drop(sink);
    let silent = shop.run(&test);
    assert_eq!(silent.exit, 5, "nobody is there any more: {silent:?}");
}

#[test]
fn what_the_mail_server_says_is_told() {
    let shop = Shop::none_yet();
    let sink = Sink::start(&shop, r#"{ "to": "550 5.1.1 Nobody here" }"#);
    let config = config(&shop, sink.port);
    let refused = shop.run(&[
        "mail",
        "test",
        "--to",
        "ada@cornerbooks.example",
        "--config",
        &config,
    ]);
    assert_eq!(refused.exit, 1, "{refused:?}");
    insta::assert_snapshot!(refused.err, @r"
    Not done: the mail server does not take the letter: permanent error (550): 5.1.1 Nobody here
    Nothing was changed.
    Look at mail-from and at the address of --to.
    ");
    let nowhere = shop.run(&["mail", "test", "--to", "ada@cornerbooks.example"]);
    assert_eq!(nowhere.exit, 2, "{nowhere:?}");
    insta::assert_snapshot!(nowhere.err, @r"
    Not done: no mail server is named
    Nothing was changed.
    Name one with smtp-url, and whom letters come from with mail-from: see keyholder serve --help.
    ");
}

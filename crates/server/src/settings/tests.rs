//! What an operator writes, and what they are told.

mod mail;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;

use secrecy::ExposeSecret as _;

use super::{Database, Defaults, File, GivenPassword, Held, SETTINGS, Settings, Sources};

/// Whatever an operator wrote.
#[derive(Default)]
struct Written {
    flags: BTreeMap<&'static str, String>,
    environment: BTreeMap<String, OsString>,
    file: Option<String>,
}

impl Written {
    fn flag(mut self, name: &'static str, text: &str) -> Self {
        self.flags.insert(name, text.to_owned());
        self
    }

    fn variable(mut self, name: &str, text: &str) -> Self {
        self.environment.insert(name.to_owned(), text.into());
        self
    }

    fn file(mut self, text: &str) -> Self {
        self.file = Some(text.to_owned());
        self
    }

    fn read(&self) -> Result<(Settings, Vec<Held>), String> {
        let environment = |name: &str| self.environment.get(name).cloned();
        let sources = Sources {
            flags: &self.flags,
            environment: &environment,
            file: self.file.as_deref().map(|text| File {
                name: "keyholder.toml",
                text,
            }),
            defaults: &Defaults {
                store: PathBuf::from("/home/ada/shop.keyholder"),
                processors: 2,
            },
        };
        Settings::read(&sources).map_err(|wrong| {
            let wrong: Vec<_> = wrong.iter().map(ToString::to_string).collect();
            wrong.join("\n")
        })
    }

    #[track_caller]
    fn taken(&self) -> Settings {
        self.read().unwrap().0
    }

    /// What is wrong, a line each.
    #[track_caller]
    fn refused(&self) -> String {
        self.read().unwrap_err()
    }

    /// What `--check` tells, a line each.
    #[track_caller]
    fn checked(&self) -> String {
        let held = self.read().unwrap().1;
        let lines = held.iter().map(|held| {
            let value = held.value.as_deref().unwrap_or("-");
            format!("{} = {value} ({})\n", held.name, held.from)
        });
        lines.collect()
    }
}

fn nothing() -> Written {
    Written::default()
}

#[test]
fn without_a_word_it_serves_this_computer() {
    insta::assert_snapshot!(nothing().checked(), @r"
    database = sqlite:/home/ada/shop.keyholder (default)
    database-password = - (default)
    database-password-file = - (default)
    key-file = - (default)
    listen = 127.0.0.1:8700 (default)
    public-url = http://127.0.0.1:8700 (default)
    logo = - (default)
    accent-color = - (default)
    return-to = - (default)
    proxies = - (default)
    tls-certificate = - (default)
    tls-key = - (default)
    metrics-listen = - (default)
    hash-permits = 2 (default)
    smtp-url = - (default)
    smtp-user = - (default)
    smtp-password = - (default)
    smtp-password-file = - (default)
    smtp-ca = - (default)
    mail-from = - (default)
    log = info (default)
    log-format = plain (default)
    ");
}

#[test]
fn a_flag_counts_before_the_environment_before_the_file() {
    let file = "listen = \"127.0.0.1:1\"\n";
    let file_alone = nothing().file(file);
    assert_eq!(file_alone.taken().listen.port(), 1, "the file says so");
    let environment = nothing().file(file).variable("KEYHOLDER_LISTEN", "127.0.0.1:2");
    assert_eq!(
        environment.taken().listen.port(),
        2,
        "the environment counts before the file"
    );
    let flag = environment.flag("listen", "127.0.0.1:3");
    assert_eq!(flag.taken().listen.port(), 3, "a flag counts before both");
    for setting in SETTINGS.iter().filter(|setting| setting.name != "listen") {
        assert!(
            nothing().checked().contains(&format!("{} = ", setting.name)),
            "{} is told of by --check",
            setting.name
        );
    }
}

#[test]
fn check_tells_each_value_and_its_place() {
    let written = nothing()
        .file(
            "# The shop's own service\n\
             database = 'postgres://keyholder@db.example/keyholder'\n\
             public-url = \"https://keys.cornerbooks.example/\"\n\
             proxies = [\n  \"10.0.0.7\",\n  \"::ffff:10.1.0.0/112\",\n]\n\
             hash-permits = 3\n",
        )
        .variable("KEYHOLDER_DATABASE_PASSWORD", "the canary sings")
        .variable("KEYHOLDER_LOG_FORMAT", "json")
        .flag("listen", "0.0.0.0:8443");
    insta::assert_snapshot!(written.checked(), @r"
    database = postgres://keyholder@db.example/keyholder (keyholder.toml, line 2)
    database-password = given, not shown (KEYHOLDER_DATABASE_PASSWORD)
    database-password-file = - (default)
    key-file = - (default)
    listen = 0.0.0.0:8443 (--listen)
    public-url = https://keys.cornerbooks.example (keyholder.toml, line 3)
    logo = - (default)
    accent-color = - (default)
    return-to = - (default)
    proxies = 10.0.0.7/32, 10.1.0.0/16 (keyholder.toml, line 4)
    tls-certificate = - (default)
    tls-key = - (default)
    metrics-listen = - (default)
    hash-permits = 3 (keyholder.toml, line 8)
    smtp-url = - (default)
    smtp-user = - (default)
    smtp-password = - (default)
    smtp-password-file = - (default)
    smtp-ca = - (default)
    mail-from = - (default)
    log = info (default)
    log-format = json (KEYHOLDER_LOG_FORMAT)
    ");
}

#[test]
fn a_setting_that_is_none_is_refused_with_its_line() {
    let written = nothing().file("listen = \"127.0.0.1:1\"\n\nlistn = \"127.0.0.1:2\"\n[tls]\nkey = \"x\"\n");
    insta::assert_snapshot!(written.refused(), @r"
    keyholder.toml, line 3: listn is no setting
    keyholder.toml, line 4: tls is no setting
    ");
    for broken in [
        "listen",
        "listen = ",
        "listen = \"127.0.0.1:1",
        "listen = 1\nlisten = 2",
        "= 3",
        "\u{0}",
    ] {
        let refused = nothing().file(broken).refused();
        assert!(
            refused.starts_with("keyholder.toml, line ") && refused.contains("is not TOML"),
            "{broken:?} is told so: {refused}"
        );
    }
}

#[test]
fn every_nonsense_is_told_with_its_place() {
    let written = nothing()
        .flag("listen", "everywhere")
        .flag("public-url", "https://keys.example/path")
        .variable("KEYHOLDER_PROXIES", "10.0.0.0/24, the load balancer")
        .variable("KEYHOLDER_HASH_PERMITS", "0")
        .variable("KEYHOLDER_LOG", "everything")
        .variable("KEYHOLDER_KEY_FILE", "")
        .file("log-format = \"xml\"\nmetrics-listen = 9100\ndatabase = 1979-05-27\n");
    insta::assert_snapshot!(written.refused(), @r"
    keyholder.toml, line 3: database is no text
    --listen is no address and port such as 127.0.0.1:8700 or [::1]:8700
    KEYHOLDER_KEY_FILE is empty: leave it out
    --public-url must be scheme, host and port alone
    KEYHOLDER_PROXIES holds something that is no address or network, such as 10.0.0.0/24
    keyholder.toml, line 2: metrics-listen is no address and port such as 127.0.0.1:8700 or [::1]:8700
    KEYHOLDER_HASH_PERMITS is no number from 1 to 64
    KEYHOLDER_LOG is no level such as info, and no list such as warn,keyholder_server=debug
    keyholder.toml, line 1: log-format is neither plain nor json
    ");
}

#[test]
fn numbers_and_networks_have_bounds() {
    for permits in ["0", "65", "-1", "1.5", "many"] {
        assert!(
            nothing().flag("hash-permits", permits).read().is_err(),
            "{permits} hashes at a time are not taken"
        );
    }
    for permits in ["1", "64"] {
        assert_eq!(
            nothing()
                .flag("hash-permits", permits)
                .taken()
                .hash_permits
                .to_string(),
            permits,
            "both ends belong to it"
        );
    }
    for everybody in [
        "0.0.0.0/0",
        "128.0.0.0/1",
        "::/0",
        "2000::/3",
        "::ffff:0.0.0.0/96",
    ] {
        let refused = nothing().flag("proxies", everybody).refused();
        assert!(
            refused.contains("strangers"),
            "{everybody} holds strangers: {refused}"
        );
    }
    let proxies = nothing()
        .flag("proxies", "10.0.0.0/8,fc00::/7,::1,10.1.2.3/24")
        .taken()
        .proxies;
    let proxies: Vec<_> = proxies.iter().map(ToString::to_string).collect();
    assert_eq!(
        proxies,
        ["10.0.0.0/8", "fc00::/7", "::1/128", "10.1.2.0/24"],
        "private networks, and an address is a network of one"
    );
}

#[test]
fn nothing_is_served_that_others_could_read_along() {
    let open = nothing().flag("listen", "192.0.2.1:80");
    insta::assert_snapshot!(open.refused(), @"--listen lets passwords travel in the clear: name a certificate with tls-certificate, or the proxy in front with proxies");
    let everywhere = nothing().flag("listen", "[::]:443").flag("proxies", "10.0.0.1");
    insta::assert_snapshot!(everywhere.refused(), @"public-url is needed where listen names every address");
    let no_certificate = nothing().flag("public-url", "https://keys.example");
    insta::assert_snapshot!(no_certificate.refused(), @"--public-url is https, but nobody has a certificate: name one with tls-certificate, or the proxy in front with proxies");
    let http = nothing()
        .flag("public-url", "http://keys.example")
        .flag("proxies", "10.0.0.1");
    insta::assert_snapshot!(http.refused(), @"--public-url must be https: passwords would travel in the clear");
    let half = nothing().flag("tls-key", "key.pem");
    insta::assert_snapshot!(half.refused(), @"--tls-key needs its certificate: name it with tls-certificate");
    let behind = nothing()
        .flag("listen", "192.0.2.1:80")
        .flag("proxies", "192.0.2.9")
        .flag("public-url", "https://keys.example:8443");
    assert_eq!(
        behind.taken().public_url.as_str(),
        "https://keys.example:8443",
        "a named proxy may stand in front"
    );
    let own = nothing()
        .flag("listen", "127.0.0.1:8443")
        .flag("tls-key", "key.pem")
        .flag("tls-certificate", "certificate.pem");
    assert_eq!(
        own.taken().public_url.as_str(),
        "https://127.0.0.1:8443",
        "with a certificate it is https"
    );
}

#[test]
fn p07_a_password_is_never_told() {
    const CANARY: &str = "the-canary-sings";
    let written = nothing()
        .flag("database", "postgres://keyholder@db.example/keyholder")
        .variable("KEYHOLDER_DATABASE_PASSWORD", CANARY);
    let settings = written.taken();
    let Some(GivenPassword::Given(password)) = &settings.database_password else {
        panic!("it was given: {settings:?}");
    };
    assert_eq!(password.expose_secret(), CANARY, "the store gets it");
    let told = format!("{settings:?}{}", written.checked());
    assert!(
        !told.contains(CANARY),
        "neither --check nor a log line has it: {told}"
    );

    for misplaced in [
        nothing().flag(
            "database",
            &format!("postgres://keyholder:{CANARY}@db.example/keyholder"),
        ),
        nothing().flag(
            "database",
            &format!("postgres://db.example/keyholder?password={CANARY}"),
        ),
        nothing().flag("database", &format!("mysql://keyholder:{CANARY}@db.example")),
        nothing().file(&format!("database-password = \"{CANARY}\"")),
        nothing().file(&format!("database = {CANARY}")),
        nothing().file(&format!("database = \"{CANARY}")),
        nothing().file(&format!("listen = \"{CANARY}\"\nhash-permits = [\"{CANARY}\"]")),
        nothing().variable("KEYHOLDER_DATABASE_PASSWORD", CANARY),
        nothing().variable("KEYHOLDER_LOG", CANARY),
        nothing().flag("public-url", &format!("https://ada:{CANARY}@keys.example")),
        nothing().flag("proxies", CANARY),
    ] {
        let refused = misplaced.refused();
        assert!(
            !refused.contains(CANARY),
            "not where it is refused either: {refused}"
        );
    }
}

#[test]
fn a_password_is_for_a_server_and_given_once() {
    let written = nothing()
        .variable("KEYHOLDER_DATABASE_PASSWORD", "secret")
        .flag("database-password-file", "/run/secrets/db");
    insta::assert_snapshot!(written.refused(), @r"
    KEYHOLDER_DATABASE_PASSWORD is for postgres:// alone: a file has a key, see --key-file
    --database-password-file is for postgres:// alone: a file has a key, see --key-file
    ");
    let twice = written.flag("database", "postgresql:///keyholder?host=/run/postgresql");
    insta::assert_snapshot!(twice.refused(), @"KEYHOLDER_DATABASE_PASSWORD is given, and a file with it is named as well: keep one of them");
}

#[test]
fn a_store_is_a_file_or_a_server() {
    let sqlite = Database::parse("sqlite:/var/lib/keyholder/shop.keyholder");
    assert_eq!(
        sqlite.unwrap(),
        Database::Sqlite("/var/lib/keyholder/shop.keyholder".into()),
        "the path is as it was written"
    );
    for nonsense in [
        "",
        "sqlite:",
        "shop.keyholder",
        "mysql://a@b/c",
        "postgres:nonsense:1:2",
    ] {
        assert!(Database::parse(nonsense).is_err(), "{nonsense:?} is no store");
    }
}

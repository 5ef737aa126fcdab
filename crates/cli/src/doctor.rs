//! `keyholder doctor`: each problem in a plain sentence, and what to do.

use keyholder_app::keychain::{Keychain as _, KeychainState, OsKeychain};
use keyholder_app::vault;
use keyholder_core::error::Code;
use keyholder_core::query::EventQuery;
use keyholder_core::store::Store as _;
use serde::Serialize;

use crate::failure::Failure;
use crate::output::Output;
use crate::site::{Open, Site};
use crate::table::Table;
use crate::text::time;

/// How far the last event may lie ahead of the clock: two clocks of one person differ by less.
const AHEAD: jiff::SignedDuration = jiff::SignedDuration::from_hours(1);

/// How something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum State {
    Good,
    /// Not as usual, and no harm to the commands here.
    Note,
    Problem,
}

/// What was found.
#[derive(Debug, Serialize)]
struct Finding {
    about: &'static str,
    state: State,
    found: String,
    advice: String,
}

impl Finding {
    fn new(about: &'static str, state: State, found: impl Into<String>, advice: impl Into<String>) -> Self {
        Self {
            about,
            state,
            found: found.into(),
            advice: advice.into(),
        }
    }

    fn good(about: &'static str, found: impl Into<String>) -> Self {
        Self::new(about, State::Good, found, "")
    }

    fn of(about: &'static str, failure: &Failure) -> Self {
        let state = if failure.code() == Some(Code::InUse) {
            State::Note
        } else {
            State::Problem
        };
        Self::new(about, state, failure.happened(), failure.what_to_do())
    }
}

pub(crate) async fn run(site: &Site, out: &mut Output) -> Result<(), Failure> {
    let mut findings = vec![versions().await, display(), keychain(site).await];
    store(site, &mut findings).await;
    findings.push(log());
    out.answer(&serde_json::json!({ "findings": findings }), |out| {
        let mut table = Table::new(&[]);
        for finding in &findings {
            let mark = match finding.state {
                State::Good => "good",
                State::Note => "note",
                State::Problem => "PROBLEM",
            };
            table.row([mark.to_owned(), finding.about.to_owned(), finding.found.clone()]);
            if !finding.advice.is_empty() {
                table.row([String::new(), String::new(), format!("→ {}", finding.advice)]);
            }
        }
        out.table(&table)
    })?;
    match findings
        .iter()
        .filter(|finding| finding.state == State::Problem)
        .count()
    {
        0 => Ok(()),
        1 => Err(Failure::unavailable("there is a problem", "See above.")),
        several => Err(Failure::unavailable(
            format!("there are {several} problems"),
            "See above.",
        )),
    }
}

async fn versions() -> Finding {
    let own = concat!("Keyholder ", env!("CARGO_PKG_VERSION"));
    let system = format!("{} {}", std::env::consts::OS, std::env::consts::ARCH);
    match keyholder_store_sqlite::versions().await {
        Ok(libraries) => Finding::good("versions", format!("{own}, {libraries}, {system}")),
        Err(error) => Finding::new(
            "versions",
            State::Problem,
            format!("{own} on {system}: {}", error.context),
            "Install Keyholder again.",
        ),
    }
}

fn display() -> Finding {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    if cfg!(not(target_os = "linux")) || set("DISPLAY") || set("WAYLAND_DISPLAY") {
        Finding::good("display", "there is one: the window can open")
    } else {
        let advice = "The commands here need none.";
        Finding::new(
            "display",
            State::Note,
            "there is none: the window cannot open here",
            advice,
        )
    }
}

async fn keychain(site: &Site) -> Finding {
    if site.key_file().is_some() {
        return Finding::new(
            "keychain",
            State::Note,
            "not asked: the key comes from the key file",
            "",
        );
    }
    let problem = |found: &str, advice: &str| Finding::new("keychain", State::Problem, found, advice);
    let key_file = "On a machine without a keychain name a key file with --key-file.";
    match OsKeychain::new().state().await {
        KeychainState::Unlocked => Finding::good("keychain", "unlocked"),
        KeychainState::Locked => problem(
            "it is locked",
            "Unlock it: sign in to this computer's desktop, or open its own program.",
        ),
        KeychainState::Prompting => problem("it asks for its password and waits", "Answer it."),
        KeychainState::NoCollection => problem(
            "it has no place for entries",
            "Set up a default keyring in its own program.",
        ),
        KeychainState::NoService => problem("none is running", key_file),
        KeychainState::NotAnswering => problem("it does not answer", key_file),
    }
}

fn log() -> Finding {
    match keyholder_app::log_dir() {
        Ok(folder) => Finding::good("log", format!("in {}", folder.display())),
        Err(_) => Finding::new(
            "log",
            State::Note,
            "there is no home directory to keep one in",
            "",
        ),
    }
}

async fn store(site: &Site, findings: &mut Vec<Finding>) {
    if let Err(failure) = site.must_exist() {
        findings.push(Finding::of("store", &failure));
        findings.push(Finding::good("clock", time(site.clock().now())));
        return;
    }
    findings.extend(exposed(site));
    if let Err(error) = vault::store_id(site.path()) {
        findings.push(Finding::of("key card", &error.into()));
    }
    match site.open().await {
        Err(failure) => {
            findings.push(Finding::of("store", &failure));
            findings.push(Finding::good("clock", time(site.clock().now())));
        }
        Ok(open) => {
            findings.push(shop(&open).await);
            findings.push(clock(&open).await);
            if let Err(failure) = open.close().await {
                findings.push(Finding::of("store", &failure));
            }
        }
    }
}

/// The store is its owner's alone.
#[cfg(unix)]
fn exposed(site: &Site) -> Option<Finding> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = std::fs::metadata(site.path()).ok()?.permissions().mode() & 0o777;
    (mode & 0o077 != 0).then(|| {
        let found = format!("others may read {} (mode {mode:04o})", site.path().display());
        Finding::new("store", State::Problem, found, "Make it yours alone: chmod 600.")
    })
}

/// Windows keeps a person's files from other people by where they lie.
#[cfg(not(unix))]
fn exposed(_: &Site) -> Option<Finding> {
    None
}

async fn shop(open: &Open<'_>) -> Finding {
    let path = open.site.path().display();
    match open.authentication().shop().await {
        Err(error) => Finding::of("store", &error.into()),
        Ok(None) => Finding::new(
            "store",
            State::Problem,
            format!("{path} opens but is not set up"),
            "Go on with keyholder init.",
        ),
        Ok(Some(shop)) if shop.recovery_key_confirmed_at.is_none() => {
            let found = format!("{path} opens: {}; its recovery key is not confirmed", shop.name);
            Finding::new(
                "store",
                State::Note,
                found,
                "The window asks for it at the next sign-in.",
            )
        }
        Ok(Some(shop)) => Finding::good("store", format!("{path} opens: {}", shop.name)),
    }
}

/// A clock that was set back shows in the trail: its last event lies ahead.
async fn clock(open: &Open<'_>) -> Finding {
    let now = open.site.clock().now();
    let newest = EventQuery {
        limit: 1,
        ..EventQuery::default()
    };
    let last = match open.store.store().events(&newest).await {
        Ok(page) => page.rows.into_iter().next().map(|recorded| recorded.event.at),
        Err(error) => return Finding::of("clock", &error.into()),
    };
    match last {
        Some(last) if last > now.saturating_add(AHEAD).unwrap_or(now) => Finding::new(
            "clock",
            State::Problem,
            format!(
                "it says {}, but the last event was recorded at {}",
                time(now),
                time(last)
            ),
            "Set the clock of this computer right: locks and codes go by it.",
        ),
        _ => Finding::good("clock", time(now)),
    }
}

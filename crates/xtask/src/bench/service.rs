//! The auth service under load, beside a peer that answers the same questions in the same run.
//!
//! Everything is the real thing: `keyholder init`, `account import` and `serve` on an encrypted file,
//! asked over HTTP by `wrk` on the same cores. What a request costs the server is its processor time, so
//! that the load generator's share does not count.

mod load;
mod peer;
mod shop;

use std::path::Path;

use self::load::{Load, Wrk};
use self::peer::Peer;
use self::shop::Shop;
use super::processor;
use super::programs::Programs;
use super::table::Figure;
use crate::workspace::{Result, Workspace};

/// How many people both shops have.
const PEOPLE: usize = 100_000;
/// Fewest session checks in a second, and the longest that 99 of 100 may take, in ms.
const CHECKS: (f64, f64) = (15_000.0, 5.0);
/// How many times more checks than the peer for the same processor time.
const CHECKS_RATIO: f64 = 20.0;
/// Most processor time of a page, as a share of the peer's page of half its length.
const PAGE_RATIO: f64 = 0.2;
/// Least share of the bare hashes of the same cores that sign-ins reach.
const SIGN_INS_RATIO: f64 = 0.95;
/// Longest from the start to the first answer (ms), and most memory when idle (MiB).
const START: (f64, f64) = (100.0, 40.0);
/// Most memory that a thousand sign-ins at once may take beside the idle program and its hashes (MiB).
const FLOOD: f64 = 64.0;
/// Memory of one hash (MiB).
const HASH: f64 = 64.0;

pub(crate) fn figures(workspace: &Workspace, programs: &Programs, folder: &Path) -> Result<Vec<Figure>> {
    let shop = Shop::open(workspace, &programs.console, &folder.join("service"), PEOPLE)?;
    let peer = Peer::start(workspace, &folder.join("peer"), PEOPLE)?;
    let wrk = Wrk { workspace };

    let mut figures = starts(&shop)?;
    let mut service = shop.serve()?;
    let token = service.token()?;
    let bearer = format!("Authorization: Bearer {token}");
    let cookie = format!("Cookie: {}", peer.cookie);

    // Turn by turn, so that what slows this machine down slows down both.
    let check = service.under(|| wrk.ask(&service_url(&service, "/v1/forward-auth"), &bearer))?;
    let peers_check = peer.under(|| wrk.ask(&peer.url("/api/auth/get-session"), &cookie))?;
    figures.push(Figure {
        what: "session check (forward auth)".to_owned(),
        measured: format!("{:.0} /s, p99 {:.1} ms", check.load.per_second, check.load.p99),
        goal: format!("≥ {:.0} /s, p99 < {:.0} ms", CHECKS.0, CHECKS.1),
        kept: Some(check.load.per_second >= CHECKS.0 && check.load.p99 < CHECKS.1),
    });
    let ratio = peers_check.cost / check.cost;
    figures.push(Figure {
        what: "session checks for the same processor time, beside better-auth".to_owned(),
        measured: format!("{ratio:.0} × ({:.3} to {:.2} ms)", check.cost, peers_check.cost),
        goal: format!("≥ {CHECKS_RATIO:.0} ×"),
        kept: Some(ratio >= CHECKS_RATIO),
    });

    let page = service.under(|| wrk.ask(&service_url(&service, "/v1/accounts?limit=100"), &bearer))?;
    let peers_page = peer.under(|| {
        wrk.ask(
            &peer.url("/api/auth/admin/list-users?limit=50&offset=50000"),
            &cookie,
        )
    })?;
    let ratio = page.cost / peers_page.cost;
    figures.push(Figure {
        what: format!("page of 100 of {PEOPLE} accounts, beside better-auth's of 50: processor time"),
        measured: format!("{ratio:.2} × ({:.1} to {:.1} ms)", page.cost, peers_page.cost),
        goal: format!("≤ {PAGE_RATIO:.1} ×"),
        kept: Some(ratio <= PAGE_RATIO),
    });

    figures.extend(sign_ins(workspace, programs, &mut service, &wrk)?);
    Ok(figures)
}

/// What one request costs, and how the load went.
struct Costs {
    load: Load,
    /// Processor time of a request (ms).
    cost: f64,
}

/// Loads a program, and divides its processor time among the answers.
fn under(process: u32, load: impl Fn() -> Result<Load>) -> Result<Costs> {
    // Once for nothing: a program that has answered nothing yet has not settled.
    load()?;
    let before = processor::taken(process)?;
    let load = load()?;
    let taken = processor::taken(process)? - before;
    #[expect(clippy::cast_precision_loss, reason = "far fewer answers than 2^52")]
    let cost = taken / load.answers as f64;
    Ok(Costs { load, cost })
}

fn service_url(service: &shop::Service, path: &str) -> String {
    format!("http://{}{path}", service.address())
}

fn starts(shop: &Shop<'_>) -> Result<Vec<Figure>> {
    let mut times = Vec::new();
    let mut memory = Vec::new();
    for _ in 0..9 {
        let started = shop.start()?;
        times.push(started.took.as_secs_f64() * 1_000.0);
        memory.push(started.service.settled()?);
    }
    times.sort_by(f64::total_cmp);
    memory.sort_by(f64::total_cmp);
    let (time, memory) = (times[times.len() / 2], memory[memory.len() / 2]);
    Ok(vec![
        Figure {
            what: "service: start to the first answer".to_owned(),
            measured: format!("{time:.0} ms"),
            goal: format!("< {:.0} ms", START.0),
            kept: Some(time < START.0),
        },
        Figure {
            what: "service: memory when idle".to_owned(),
            measured: format!("{memory:.1} MiB"),
            goal: format!("< {:.0} MiB", START.1),
            kept: Some(memory < START.1),
        },
    ])
}

fn sign_ins(
    workspace: &Workspace,
    programs: &Programs,
    service: &mut shop::Service,
    wrk: &Wrk<'_>,
) -> Result<Vec<Figure>> {
    let idle = service.settled()?;
    let permits = service.permits();
    // The first time each of them gets a hash of this shop's own.
    wrk.sign_in(&service_url(service, "/v1/sessions"), 40, shop::SIGNING_IN)?;
    let bare = load::bare_hashes(workspace, &programs.figures, permits)?;
    let signed_in = wrk.sign_in(&service_url(service, "/v1/sessions"), 20, shop::SIGNING_IN)?;
    let ratio = signed_in.per_second / bare;
    let flood = wrk.flood(&service_url(service, "/v1/sessions"), shop::SIGNING_IN)?;
    let most = service.most_memory()?;
    #[expect(clippy::cast_precision_loss, reason = "a handful")]
    let allowed = idle + permits as f64 * HASH + FLOOD;
    Ok(vec![
        Figure {
            what: "sign-ins, beside the bare hashes of the same cores".to_owned(),
            measured: format!("{ratio:.2} × ({:.1} to {bare:.1} /s)", signed_in.per_second),
            goal: format!("≥ {SIGN_INS_RATIO:.2} ×"),
            kept: Some(ratio >= SIGN_INS_RATIO),
        },
        Figure {
            what: "service: most memory, 1,000 sign-ins at once".to_owned(),
            measured: format!("{most:.0} MiB, {} answers", flood.answers),
            goal: format!("≤ {allowed:.0} MiB"),
            kept: Some(most <= allowed),
        },
    ])
}

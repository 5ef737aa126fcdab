//! The service itself: opens what it needs in the order in which a person would want to hear that it is
//! not there, serves, and puts everything back.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use keyholder_core::clock::entropy;
use keyholder_core::directory::{PageSessions, StoredAuthentication};
use keyholder_core::link::LinkKey;
use keyholder_core::password::{Argon2Params, Hasher, Pepper};
use keyholder_core::store::Store;
use keyholder_server::forward_auth::Remembered;
use keyholder_server::mail::Post;
use keyholder_server::metrics::{Counted, Metrics};
use keyholder_server::pages::{self, PageRules, Pages};
use keyholder_server::serve::{self, Certificate, CertificateRefused, Listening, Service};
use keyholder_server::settings::{Database, Settings};
use keyholder_server::{Endpoint, ForPrograms, SetUpOffer, Tail, for_programs};

use super::look::look;
use crate::database::{Opened, Server};
use crate::failure::Failure;
use crate::mail;
use crate::site::Site;

/// How often accounts whose days in the recycle bin are over go.
const A_DAY: Duration = Duration::from_hours(24);
/// How often sign-ins are looked at that were not finished.
const LOOK: Duration = Duration::from_secs(10);

/// How often what has expired goes: limits of addresses that came once, mostly.
const A_SWEEP: Duration = Duration::from_mins(10);

/// Serves until told to stop.
pub(super) async fn run(settings: &Settings) -> Result<(), Failure> {
    serve::log::begin(&settings.log);
    // Before anybody is told that it runs, and may tell it to stop.
    let stop = told_to_stop().map_err(|error| {
        Failure::unavailable(format!("the program cannot hear when to stop: {error}"), "")
    })?;
    let certificate = settings
        .tls
        .as_ref()
        .map(Certificate::read)
        .transpose()
        .map_err(|refused| certificate_refused(&refused))?;
    let key_file = settings.key_file.as_deref();
    let (site, (opened, master)) = match &settings.database {
        Database::Sqlite(path) => {
            let site = Site::new(path.clone(), settings.key_file.clone())?;
            let opened = Opened::file(&site).await?;
            (site, opened)
        }
        Database::Postgres(url) => {
            let server = Server::new(url, settings.database_password.as_ref(), key_file)?;
            let site = Site::new(server.key_file().to_owned(), settings.key_file.clone())?;
            (site, Opened::server(&server).await?)
        }
    };
    let hasher = Hasher::new(
        Argon2Params::default(),
        Some(master.pepper()),
        settings.hash_permits,
    );
    let pepper = master.pepper();
    let served = Box::pin(over(
        opened.store(),
        hasher,
        &pepper,
        settings,
        certificate,
        &site,
        stop,
    ))
    .await;
    let closed = opened.close().await;
    served?;
    closed
}

/// The same over any store that is open.
async fn over(
    store: Arc<dyn Store>,
    hasher: Hasher,
    pepper: &Pepper,
    settings: &Settings,
    certificate: Option<Certificate>,
    site: &Site,
    stop: impl Future<Output = ()>,
) -> Result<(), Failure> {
    let metrics = Arc::new(Metrics::new());
    let counted = Counted::new(store, Arc::clone(&metrics));
    let changes = counted.changes();
    let store: Arc<dyn Store> = Arc::new(counted);
    let rules = StoredAuthentication::new(
        Arc::clone(&store),
        hasher.clone(),
        site.clock().clone(),
        site.breaches(),
        entropy()?,
    )
    .limited_by_address();
    let endpoint = Endpoint::new(
        Arc::new(rules.clone()),
        site.clock().clone(),
        &settings.proxies,
        SetUpOffer::Closed,
        entropy()?,
    )
    .limited_by(Arc::new(rules.clone()));
    // A file is written by this program alone, so that it is known here when something in it changes.
    let sessions: Arc<dyn PageSessions> = match settings.database {
        Database::Sqlite(_) => Arc::new(Remembered::new(
            Arc::new(rules.clone()),
            changes,
            site.clock().clone(),
        )),
        Database::Postgres(_) => Arc::new(rules.clone()),
    };
    let tail = Tail::of(Arc::clone(&store));
    let with = ForPrograms {
        rules: Arc::new(rules.clone()),
        store: Arc::clone(&store),
        tail: tail.clone(),
        public_url: settings.public_url.to_string(),
    };
    let shown = Pages::new(
        endpoint.clone(),
        PageRules {
            sessions,
            by_mail: Arc::new(rules.clone()),
            passkeys: Arc::new(rules.clone()),
        },
        pepper,
        look(&settings.appearance)?,
        settings.public_url.clone(),
        &settings.appearance.return_to,
        entropy()?,
    );
    let post = mail::post(settings, Arc::clone(&store), site.clock().clone())?;
    if post.is_some() {
        rules.write_letters(LinkKey::of(pepper));
    }
    let cannot_listen = |error: String| {
        Failure::unavailable(
            error,
            "Choose another address with listen, or stop the program that has it.",
        )
    };
    let listening = Listening::at(settings).map_err(|error| cannot_listen(error.to_string()))?;
    let address = listening
        .address()
        .map_err(|error| cannot_listen(error.to_string()))?;
    tracing::info!(%address, public_url = %settings.public_url, database = %settings.database, "listening");
    if let Some(Ok(address)) = listening.metrics_address() {
        tracing::info!(%address, "telling metrics");
    }
    let service = Service {
        router: for_programs(pages::site(&shown), &endpoint, with),
        store,
        hasher,
        metrics,
    };
    let stop = async {
        stop.await;
        // Whoever follows the trail would do so for ever.
        tail.end();
    };
    let served = tokio::select! {
        served = listening.serve(service, settings, certificate, stop) => served,
        () = tidy(&rules) => Ok(()),
        () = tail.follow() => Ok(()),
        () = sweep(&rules) => Ok(()),
        () = mailing(post) => Ok(()),
        () = telling(&rules) => Ok(()),
    };
    rules.breach_checks_done().await;
    served.map_err(|error| cannot_listen(error.to_string()))?;
    tracing::info!("stopped");
    Ok(())
}

/// What is done once a day.
async fn tidy(rules: &StoredAuthentication) {
    let mut days = tokio::time::interval(A_DAY);
    loop {
        days.tick().await;
        match rules.empty_recycle_bin().await {
            Ok(0) => {}
            Ok(gone) => tracing::info!(gone, "accounts left the recycle bin for good"),
            Err(error) => tracing::warn!(%error, "the recycle bin could not be emptied"),
        }
    }
}

/// Tells people whose password was right, and no second factor came.
async fn telling(rules: &StoredAuthentication) {
    let mut looks = tokio::time::interval(LOOK);
    loop {
        looks.tick().await;
        if let Err(error) = rules.tell_of_missing_codes().await {
            tracing::warn!(%error, "sign-ins that were not finished could not be looked at");
        }
    }
}

/// Takes away from time to time what the store keeps and nobody needs any more.
async fn sweep(rules: &StoredAuthentication) {
    let mut turns = tokio::time::interval(A_SWEEP);
    loop {
        turns.tick().await;
        match rules.sweep().await {
            Ok(0) => {}
            Ok(gone) => tracing::debug!(gone, "what had expired was taken away"),
            Err(error) => tracing::warn!(%error, "what has expired could not be taken away"),
        }
    }
}

/// Sends letters, where there is a way to a mail server.
async fn mailing(post: Option<Post>) {
    match post {
        Some(post) => post.run().await,
        None => std::future::pending().await,
    }
}

/// Hears SIGTERM and Ctrl-C from now on, and waits for the first of them.
#[cfg(unix)]
fn told_to_stop() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut terminated, mut interrupted) =
        (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    Ok(async move {
        tokio::select! {
            _ = terminated.recv() => {}
            _ = interrupted.recv() => {}
        }
    })
}

/// Hears Ctrl-C from now on, and waits for it.
#[cfg(windows)]
fn told_to_stop() -> io::Result<impl Future<Output = ()>> {
    let mut interrupted = tokio::signal::windows::ctrl_c()?;
    Ok(async move { drop(interrupted.recv().await) })
}

pub(super) fn certificate_refused(refused: &CertificateRefused) -> Failure {
    Failure::unavailable(refused.to_string(), "Look at tls-certificate and tls-key.")
}

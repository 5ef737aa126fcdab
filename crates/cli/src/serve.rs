//! `keyholder serve`: the auth service of a shop, until it is told to stop.

mod check;
mod flags;
mod look;
mod run;

use std::path::{Path, PathBuf};

use clap::Args;
use keyholder_app::{FILE_NAME, data_dir};
use keyholder_server::settings::{Defaults, File, Held, Settings, Sources};

pub(crate) use self::flags::Flags;
use crate::arguments::Options;
use crate::database::one_store;
use crate::failure::Failure;
use crate::output::Output;

/// `keyholder serve`
#[derive(Debug, Args)]
#[command(after_long_help = MANUAL)]
pub(crate) struct Serve {
    /// Read settings from this TOML file too
    #[arg(long, value_name = "PATH", env = "KEYHOLDER_CONFIG", hide_env_values = true)]
    config: Option<PathBuf>,

    /// Say what holds and where it comes from, look at the certificate, and serve nothing
    #[arg(long)]
    check: bool,

    #[command(flatten)]
    flags: Flags,
}

const MANUAL: &str = "\
How settings are given:
  Each setting is a flag, an environment variable, or a line of the file named with --config, and
  counts in that order. The file is TOML, and its keys are the names of the flags:

    database = \"sqlite:/var/lib/keyholder/shop.keyholder\"
    key-file = \"/etc/keyholder/key\"
    listen = \"0.0.0.0:8443\"
    public-url = \"https://keys.cornerbooks.example\"
    tls-certificate = \"/etc/keyholder/certificate.pem\"
    tls-key = \"/etc/keyholder/certificate-key.pem\"

  What is in the file and is no setting is refused. Passwords are never flags nor in that file: they
  come from files of their own, or from the environment. keyholder serve --check tells what holds.

  Behind a proxy that has the certificate, name the proxy instead of tls-certificate and tls-key:

    proxies = [\"10.0.0.7\"]

  It must add X-Forwarded-For (or Forwarded, and then take X-Forwarded-For away), and should set
  X-Forwarded-Proto. Nobody else is believed about who asks.

  Letters to people go out where smtp-url names a mail server, from the address of mail-from. Without
  it none is sent. keyholder mail test --to E-MAIL tries whether letters arrive.

Looking after it:
  /healthz   answers 200 while the program runs
  /readyz    answers 200 while its store answers too, otherwise 503
  /metrics   on the address of metrics-listen alone: requests, connections, hashes, commits

  A renewed certificate is taken within ten seconds. The log goes to standard error.";

impl Serve {
    /// Says what holds, or serves until told to stop.
    pub(crate) async fn run(self, options: &Options, out: &mut Output) -> Result<(), Failure> {
        let (settings, held) = settings(self.config.as_deref(), &self.flags, options)?;
        one_store(options, &settings.database)?;
        if self.check {
            check::tell(&settings, &held, out)
        } else {
            run::run(&settings).await
        }
    }
}

/// What holds, from these flags, the environment and that file.
pub(crate) fn settings(
    config: Option<&Path>,
    flags: &Flags,
    options: &Options,
) -> Result<(Settings, Vec<Held>), Failure> {
    let file = config.map(read).transpose()?;
    let flags = flags.with_key_file(options.key_file.as_deref());
    let name = config.map(|path| path.display().to_string());
    let environment = |name: &str| std::env::var_os(name);
    let own = data_dir().unwrap_or_default().join(FILE_NAME);
    let sources = Sources {
        flags: &flags,
        environment: &environment,
        file: name
            .as_deref()
            .zip(file.as_deref())
            .map(|(name, text)| File { name, text }),
        defaults: &Defaults {
            store: options.store.clone().unwrap_or(own),
            processors: std::thread::available_parallelism().map_or(1, Into::into),
        },
    };
    Settings::read(&sources).map_err(|wrong| {
        let wrong: Vec<_> = wrong.iter().map(ToString::to_string).collect();
        Failure::usage(
            wrong.join("; "),
            "See keyholder serve --help for what each may be.",
        )
    })
}

fn read(path: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(path).map_err(|error| Failure::file(path, "read", &error))
}

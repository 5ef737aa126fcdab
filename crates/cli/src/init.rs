//! `keyholder init`: the store, the recovery key and the first owner of a shop.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use keyholder_app::vault::RecoveryKey;
use keyholder_core::account::{Email, Name};
use keyholder_core::clock::{Rng, entropy};
use keyholder_core::directory::{Authentication as _, Directory, NewOwner, StoreAct, StoredAuthentication};
use keyholder_core::error::{Code, Refusal};
use keyholder_core::password::{self, Argon2Params, Context, Hasher, Password, Rules};
use keyholder_server::settings::{Database, GivenPassword};
use url::Url;
use zeroize::Zeroizing;

use crate::arguments::{Options, name};
use crate::database::{Server, one_store};
use crate::failure::Failure;
use crate::file::Draft;
use crate::output::Output;
use crate::secret::{Wanted, somebody_is_there};
use crate::site::{Open, Site};

/// How often the two groups are asked back.
const TRIES: usize = 3;
/// Holds the password of the database.
const PASSWORD_VARIABLE: &str = "KEYHOLDER_DATABASE_PASSWORD";
const SAVED: &str =
    "The shop is set up; the recovery key is not confirmed yet, and the window will ask for it.";

/// `keyholder init`
#[derive(Debug, Args)]
pub(crate) struct Init {
    /// The name of the shop
    #[arg(long, value_name = "NAME", value_parser = shop_name)]
    shop: Name,

    /// The e-mail address of its first owner
    #[arg(long, value_name = "E-MAIL", value_parser = Email::parse)]
    owner: Email,

    /// How the owner is called
    #[arg(long, value_name = "NAME", default_value = "", value_parser = name, hide_default_value = true)]
    name: Name,

    /// Where to make the store, in the words of keyholder serve; otherwise where --store says
    #[arg(long, value_name = "URL", env = "KEYHOLDER_DATABASE", hide_env_values = true,
          value_parser = Database::parse)]
    database: Option<Database>,

    /// Read the password of a database server from the first line of this file; it may also be in the
    /// environment, as for keyholder serve
    #[arg(
        long,
        value_name = "PATH",
        env = "KEYHOLDER_DATABASE_PASSWORD_FILE",
        hide_env_values = true
    )]
    database_password_file: Option<PathBuf>,

    /// Write the recovery key to this new file (mode 0600) instead of showing it; put it on paper and
    /// away from this computer
    #[arg(long, value_name = "PATH")]
    recovery_key_file: Option<PathBuf>,
}

fn shop_name(text: &str) -> Result<Name, String> {
    match Name::parse(text) {
        Ok(name) if name.is_empty() => Err("a shop needs a name".to_owned()),
        Ok(name) => Ok(name),
        Err(refused) => Err(refused.to_string()),
    }
}

impl Init {
    pub(crate) async fn run(self, options: &Options, out: &mut Output) -> Result<(), Failure> {
        if self.recovery_key_file.is_none() && !somebody_is_there() {
            return Err(Failure::usage(
                "there is no terminal to show the recovery key on",
                "Have it written to a file with --recovery-key-file PATH.",
            ));
        }
        if let Some(database) = &self.database {
            one_store(options, database)?;
        }
        match &self.database {
            Some(Database::Postgres(url)) => self.on_server(url, options, out).await,
            Some(Database::Sqlite(path)) => {
                let site = Site::new(path.clone(), options.key_file.clone())?;
                self.in_file(&site, options, out).await
            }
            None => self.in_file(&Site::of(options)?, options, out).await,
        }
    }

    async fn in_file(&self, site: &Site, options: &Options, out: &mut Output) -> Result<(), Failure> {
        // Whatever can be refused is refused before anything is made.
        let draft = self.recovery_key_file.as_deref().map(Draft::begin).transpose()?;
        let unfinished = self.unfinished(site).await?;
        let owner = self.owner(options)?;
        let (open, key) = match unfinished {
            Some(open) => {
                let mut rng = entropy()?;
                let key = RecoveryKey::generate(&mut rng);
                open.store.replace_recovery_key(&key, &mut rng)?;
                (open, key)
            }
            None => site.create().await?,
        };
        let done = self.set_up(open.authentication(), site, owner, &key, draft).await;
        let closed = open.close().await;
        done?;
        closed?;
        self.answer(&site.path().display().to_string(), out)
    }

    async fn on_server(&self, url: &Url, options: &Options, out: &mut Output) -> Result<(), Failure> {
        let draft = self.recovery_key_file.as_deref().map(Draft::begin).transpose()?;
        let password = match std::env::var(PASSWORD_VARIABLE) {
            Ok(password) => Some(GivenPassword::Given(password.into())),
            Err(_) => self.database_password_file.clone().map(GivenPassword::File),
        };
        let server = Server::new(url, password.as_ref(), options.key_file.as_deref())?;
        let site = Site::new(server.key_file().to_owned(), options.key_file.clone())?;
        let owner = self.owner(options)?;
        let (store, master, key) = server.create(&mut entropy()?).await?;
        let store = Arc::new(store);
        let hasher = Hasher::new(Argon2Params::default(), Some(master.pepper()), 1);
        let (clock, breaches) = (site.clock().clone(), site.breaches());
        let rules = StoredAuthentication::new(store.clone(), hasher, clock, breaches, entropy()?);
        let done = self.set_up(&rules, &site, owner, &key, draft).await;
        rules.breach_checks_done().await;
        store.close().await;
        done?;
        self.answer(url.as_str(), out)
    }

    /// A store that an earlier attempt left without a shop.
    async fn unfinished<'a>(&self, site: &'a Site) -> Result<Option<Open<'a>>, Failure> {
        if !site.exists()? {
            return Ok(None);
        }
        let taken = format!("there is a store at {} already", site.path().display());
        let advice = "Name another place with --store, or sign in to that shop.";
        let open = site.open().await.map_err(|failure| match failure.code() {
            Some(Code::WrongKey | Code::KeyMissing | Code::KeyCardDamaged | Code::Foreign) => {
                Failure::of(Code::AlreadySetUp, taken.clone()).advice(advice)
            }
            _ => failure,
        })?;
        if open.authentication().shop().await?.is_none() {
            return Ok(Some(open));
        }
        open.close().await?;
        Err(Failure::of(Code::AlreadySetUp, taken).advice(advice))
    }

    /// The owner, with a password that is good as far as can be known without a network.
    fn owner(&self, options: &Options) -> Result<NewOwner, Failure> {
        let wanted = Wanted {
            what: "password of the owner",
            option: "--password-file",
            file: options.password_file.as_deref(),
        };
        let password: Password = wanted.new_password()?;
        let context = Context {
            shop: self.shop.as_str(),
            name: self.name.as_str(),
            email: self.owner.as_str(),
        };
        password::check(&password, &context, Rules::sole()).map_err(Refusal::WeakPassword)?;
        Ok(NewOwner {
            email: self.owner.clone(),
            name: self.name.clone(),
            password,
        })
    }

    async fn set_up(
        &self,
        rules: &StoredAuthentication,
        site: &Site,
        owner: NewOwner,
        key: &RecoveryKey,
        draft: Option<Draft<'_>>,
    ) -> Result<(), Failure> {
        let source = site.source.clone();
        let signed_in = rules
            .set_up(self.shop.clone(), owner, source)
            .await
            .map_err(|error| {
                Failure::from(error).saved("An empty store was made; the next init goes on with it.")
            })?;
        let directory = rules.directory(&signed_in.token);
        let handed_over = match draft {
            Some(draft) => write(key, draft),
            None => show(key, &mut entropy()?),
        };
        handed_over.map_err(|failure| failure.saved(SAVED))?;
        finish(&*directory).await
    }

    fn answer(&self, store: &str, out: &mut Output) -> Result<(), Failure> {
        let document = serde_json::json!({
            "shop": self.shop,
            "owner": self.owner,
            "store": store,
            "recovery_key_file": self.recovery_key_file,
        });
        Ok(out.answer(&document, |out| {
            out.line(&format!(
                "{} is set up, with {} as its owner.",
                self.shop, self.owner
            ))?;
            out.line(&format!("Store         {store}"))?;
            match &self.recovery_key_file {
                Some(file) => out.line(&format!(
                    "Recovery key  {}: put it on paper, away from this computer",
                    file.display()
                )),
                None => out.line("Recovery key  on your paper; it is shown nowhere else"),
            }
        })?)
    }
}

async fn finish(directory: &dyn Directory) -> Result<(), Failure> {
    directory.note_store_act(StoreAct::RecoveryKeyConfirmed).await?;
    Ok(directory.sign_out().await?)
}

fn write(key: &RecoveryKey, mut draft: Draft<'_>) -> Result<(), Failure> {
    writeln!(draft.writer(), "{}", *key.to_line())?;
    draft.finish()
}

/// Shows the key to the person at the terminal, and asks two of its groups back.
fn show(key: &RecoveryKey, rng: &mut Rng) -> Result<(), Failure> {
    let mut terminal = std::io::stderr().lock();
    writeln!(
        terminal,
        "\nThis is the recovery key of the store. It is shown this once. Write it on paper and keep it\n\
         away from this computer: it opens the store where the keychain cannot, and whoever has it\n\
         can open the store too.\n\n    {}\n",
        *key.to_line()
    )?;
    drop(terminal);
    for _ in 0..TRIES {
        let asked = RecoveryKey::challenge(rng);
        let answers = [group(asked[0])?, group(asked[1])?];
        if key.confirm(asked, [&answers[0], &answers[1]]) {
            return Ok(());
        }
        writeln!(
            std::io::stderr(),
            "That is not what is on the screen. Look again."
        )?;
    }
    Err(Failure::of(
        Code::WrongRecoveryKey,
        "the groups of the recovery key were not right",
    ))
}

fn group(index: usize) -> Result<Zeroizing<String>, Failure> {
    let what = format!("group {} of the recovery key", index + 1);
    Wanted {
        what: &what,
        option: "--recovery-key-file",
        file: None::<&Path>,
    }
    .get()
}

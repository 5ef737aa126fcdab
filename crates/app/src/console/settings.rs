//! The shop's settings, its store, its recovery key.

use std::path::Path;

use keyholder_core::account::Name;
use keyholder_core::directory::StoreAct;
use keyholder_core::error::{Code, Refusal};
use keyholder_core::password::{self, Context, Rules};
use keyholder_core::policy::{Number, Policy};
use keyholder_core::rights::Right;
use keyholder_core::shop::{Shop, ShopFront};

use super::own::heading;
use super::{Console, Session, Sheet};
use crate::ipc::{
    About, Answer, BackupMade, NumberBounds, PasswordContext, Phase, RecoveryKeyShown, Secret, ShownKind,
    Status, StoreInfo, StrengthShown,
};
use crate::place;
use crate::vault::RecoveryKey;

impl Console {
    /// How good a password would be, without a network and without keeping anything.
    pub async fn password_strength(
        &self,
        password: Secret,
        context: &PasswordContext,
    ) -> Answer<StrengthShown> {
        let signed_in = matches!(&*self.session(), Session::Held(_));
        let rules = if signed_in {
            self.own_rules().await?
        } else {
            self.rules_before_sign_in().await
        };
        let password = password.into_password()?;
        let context = Context {
            shop: &context.shop,
            name: &context.name,
            email: &context.email,
        };
        Ok(StrengthShown {
            score: password::strength(&password, &context),
            weaknesses: password::check(&password, &context, rules)
                .err()
                .unwrap_or_default(),
        })
    }

    async fn own_rules(&self) -> Answer<Rules> {
        let held = self.held()?;
        let directory = held.directory();
        let me = match held.last {
            // A service is not asked with every key that is pressed.
            Some(me) if held.shop.file().is_err() => *me,
            _ => directory.me().await?,
        };
        let policy = held.shop.policy(&*directory).await?;
        let enforced = me.second_factor && policy.requires_second_factor(me.account.role);
        let rules = if enforced {
            Rules::with_second_factor()
        } else {
            Rules::sole()
        };
        Ok(rules.at_least(policy.password_length(enforced)))
    }

    async fn rules_before_sign_in(&self) -> Rules {
        self.front().await.map_or(Rules::sole(), |front| {
            Rules::sole().at_least(front.password_length)
        })
    }

    /// What anybody may see of the shop.
    pub(super) async fn front(&self) -> Answer<ShopFront> {
        let front = self.open_shop().await?.front().await?;
        front.ok_or_else(|| Refusal::NotSetUp.into())
    }

    /// The shop with what it has decided, for whoever is signed in.
    pub async fn own_shop(&self) -> Answer<Shop> {
        let held = self.held()?;
        let shop = held.directory().shop().await?;
        held.shop.note(&shop);
        Ok(shop)
    }

    /// Every number of the settings page.
    pub fn policy_bounds() -> Vec<NumberBounds> {
        Number::ALL
            .into_iter()
            .map(|number| NumberBounds {
                number,
                bounds: number.bounds(),
            })
            .collect()
    }

    /// Changes the shop's name or what it has decided.
    pub async fn change_policy(&self, revision: u32, name: &str, policy: Policy) -> Answer<Shop> {
        let held = self.held()?;
        let shop = held
            .directory()
            .change_policy(revision, Name::parse(name)?, policy)
            .await?;
        held.shop.note(&shop);
        Ok(shop)
    }

    /// Shows the recovery key: the one of a new store, or else a new one in place of the old, which
    /// from then on opens nothing.
    pub async fn recovery_key_show(&self) -> Answer<RecoveryKeyShown> {
        let me = self.me_with(Right::KeepStore).await?;
        let shop = self.open_shop().await?;
        let file = shop.file()?;
        if self.shown().recovery_key.is_none() {
            let mut rng = super::rng()?;
            let key = RecoveryKey::generate(&mut rng);
            // Noted before it is done: a replacement that nobody noted must not be.
            self.inside()?
                .note_store_act(StoreAct::RecoveryKeyReplaced)
                .await?;
            file.replace_recovery_key(&key, &mut rng)?;
            self.show_recovery_key(key, &mut rng);
        }
        let (shop, made_at) = (self.shop_name().await?, self.surroundings.clock.now());
        let (line, groups, asked) = match &self.shown().recovery_key {
            Some(shown) => (
                shown.key.to_line(),
                shown.key.groups().map(|group| group.to_string()).to_vec(),
                shown.asked,
            ),
            None => return Err(Refusal::NotFound.into()),
        };
        self.show(
            ShownKind::RecoveryKey,
            Sheet {
                file_name: "keyholder-recovery-key.txt".to_owned(),
                heading: heading("Recovery key", &shop, me.account.email.as_str(), &format!("Made: {made_at:.0}\nOpens the store on any computer. Keep it on paper, away from this one.\n")),
                secret: line,
            },
        );
        // Indices of eight groups.
        let asked = asked.map(|index| u8::try_from(index).unwrap_or(u8::MAX));
        Ok(RecoveryKeyShown {
            groups,
            asked,
            shop,
            made_at,
        })
    }

    /// Takes two of its groups as proof that the person has it.
    pub async fn recovery_key_confirm(&self, groups: &[Secret; 2]) -> Answer<Status> {
        let right = match &self.shown().recovery_key {
            Some(shown) => shown
                .key
                .confirm(shown.asked, [groups[0].expose(), groups[1].expose()]),
            None => return Err(Refusal::NothingBegun.into()),
        };
        // Whether the session is locked is said before anything about the key.
        let directory = self.inside()?;
        directory.me().await?;
        if !right {
            return Err(Code::WrongRecoveryKey.into());
        }
        directory.note_store_act(StoreAct::RecoveryKeyConfirmed).await?;
        self.shown().recovery_key = None;
        self.forget_shown(ShownKind::RecoveryKey);
        Ok(self.status().await)
    }

    /// Makes a backup in the directory beside the store.
    pub async fn backup_create(&self) -> Answer<BackupMade> {
        self.me_with(Right::KeepStore).await?;
        let shop = self.open_shop().await?;
        let file = shop.file()?;
        let name = format!(
            "shop-{}.keyholder",
            self.surroundings.clock.now().strftime("%Y-%m-%dT%H%M%SZ")
        );
        let path = place::backup_dir(file.path()).join(&name);
        self.inside()?
            .note_store_act(StoreAct::BackupCreated { file: name })
            .await?;
        file.back_up(&path).await?;
        Ok(BackupMade {
            path: path.display().to_string(),
        })
    }

    /// What Keyholder is made of. `tauri` and `webview` are what only the window knows.
    pub async fn about(&self, tauri: &str, webview: Option<String>) -> Answer<About> {
        let locked = matches!(self.status().await.phase, Phase::Locked { .. });
        if locked {
            return Err(Refusal::SessionLocked.into());
        }
        let versions = keyholder_store_sqlite::versions().await?;
        Ok(About {
            keyholder: env!("CARGO_PKG_VERSION").to_owned(),
            sqlite: versions.sqlite,
            sqlcipher: versions.sqlcipher,
            tauri: tauri.to_owned(),
            webview,
        })
    }

    /// Where the store lies.
    pub async fn store_info(&self) -> Answer<StoreInfo> {
        self.me().await?;
        let shop = self.open_shop().await?;
        let file = shop.file()?;
        // What was written last lies in the write-ahead log until SQLite moves it over.
        let mut log = file.path().as_os_str().to_owned();
        log.push("-wal");
        let length = |path: &Path| std::fs::metadata(path).ok().map(|data| data.len());
        let bytes = length(file.path()).map(|bytes| bytes + length(Path::new(&log)).unwrap_or(0));
        Ok(StoreInfo {
            path: file.path().display().to_string(),
            kib: bytes.and_then(|bytes| u32::try_from(bytes.div_ceil(1024)).ok()),
        })
    }
}

//! The keys of a store as the people who need them see it: on this machine, on a new one, with a
//! file that is not what it was.

use std::path::{Path, PathBuf};

use keyholder_app::keychain::{Keychain as _, KeychainError, MemoryKeychain};
use keyholder_app::vault::{self, Keep, MasterKey, RecoveryKey, VaultError};
use keyholder_core::clock::Rng;
use rand::SeedableRng as _;
use secrecy::ExposeSecret as _;

type Story = Result<(), Box<dyn std::error::Error>>;

struct Shop {
    folder: tempfile::TempDir,
    store: PathBuf,
    keychain: MemoryKeychain,
    master: MasterKey,
    recovery: RecoveryKey,
    rng: Rng,
}

impl Shop {
    async fn new(seed: u64) -> Result<Self, Box<dyn std::error::Error>> {
        let (folder, keychain, mut rng) = (
            tempfile::tempdir()?,
            MemoryKeychain::default(),
            Rng::seed_from_u64(seed),
        );
        let store = folder.path().join("shop.keyholder");
        let (master, recovery) = vault::create(&store, Keep::Keychain(&keychain), &mut rng).await?;
        std::fs::write(&store, b"a year of work")?;
        Ok(Self {
            folder,
            store,
            keychain,
            master,
            recovery,
            rng,
        })
    }

    fn card(&self) -> PathBuf {
        vault::card_path(&self.store)
    }

    async fn recover(&self, recovery: &RecoveryKey) -> Result<vault::Recovered, VaultError> {
        vault::open_with_recovery(&self.store, recovery, &self.keychain).await
    }

    fn is_its_key(&self, key: &MasterKey) -> bool {
        key.store_key().expose_secret() == self.master.store_key().expose_secret()
    }
}

/// What the person reads.
fn words<T>(answer: Result<T, VaultError>) -> String {
    answer.map_or_else(|error| error.to_string(), |_| "opened".into())
}

#[cfg(unix)]
fn mode(path: &Path) -> std::io::Result<u32> {
    use std::os::unix::fs::PermissionsExt as _;
    Ok(std::fs::metadata(path)?.permissions().mode() & 0o7777)
}

#[tokio::test]
async fn the_key_made_at_set_up_opens_the_store_every_day() -> Story {
    let shop = Shop::new(1).await?;
    let key = vault::open(&shop.store, &shop.keychain).await?;
    assert!(
        shop.is_its_key(&key),
        "the keychain gives back the key that was made"
    );
    assert_eq!(
        key.pepper().expose(),
        shop.master.pepper().expose(),
        "and with it the same pepper"
    );
    let card = std::fs::read_to_string(shop.card())?;
    let kept = data_encoding::BASE64.encode(shop.master.store_key().expose_secret());
    assert!(!card.contains(&kept), "the key card holds no key in the clear");
    #[cfg(unix)]
    assert_eq!(mode(&shop.card())?, 0o600, "the key card is its owner's alone");
    Ok(())
}

#[tokio::test]
async fn on_a_new_machine_the_recovery_key_is_needed_once() -> Story {
    let mut shop = Shop::new(2).await?;
    shop.keychain = MemoryKeychain::default();
    assert_eq!(
        words(vault::open(&shop.store, &shop.keychain).await),
        "the keychain of this computer has no key for this store. The recovery key opens it",
        "the person is told what would help"
    );
    let typed: RecoveryKey = shop.recovery.to_line().to_lowercase().replace('-', " ").parse()?;
    let recovered = shop.recover(&typed).await?;
    assert!(
        shop.is_its_key(&recovered.master) && recovered.kept.is_ok(),
        "it opens, and is kept from now on"
    );
    assert!(
        shop.is_its_key(&vault::open(&shop.store, &shop.keychain).await?),
        "next time nobody is asked"
    );
    Ok(())
}

#[tokio::test]
async fn a_broken_keychain_does_not_stop_the_recovery_key() -> Story {
    let shop = Shop::new(3).await?;
    shop.keychain.fail_with(Some(KeychainError::NoService));
    let recovered = shop.recover(&shop.recovery).await?;
    assert!(shop.is_its_key(&recovered.master), "the store opens");
    assert_eq!(
        recovered.kept,
        Err(KeychainError::NoService),
        "and the person learns that it was not kept"
    );
    Ok(())
}

#[tokio::test]
async fn a_wrong_recovery_key_is_told_from_a_damaged_card() -> Story {
    let (shop, other) = (Shop::new(4).await?, Shop::new(5).await?);
    assert!(
        matches!(
            shop.recover(&other.recovery).await,
            Err(VaultError::WrongRecoveryKey)
        ),
        "the key of another shop"
    );
    let good = std::fs::read(shop.card())?;
    for place in 0..good.len() {
        let mut bad = good.clone();
        bad[place] ^= 1;
        std::fs::write(shop.card(), &bad)?;
        let answer = shop.recover(&shop.recovery).await;
        assert!(
            matches!(answer, Err(VaultError::KeyCardDamaged(_))),
            "one bit at {place}: {answer:?}"
        );
    }
    for length in [0, 1, good.len() / 2, good.len() - 3] {
        std::fs::write(shop.card(), &good[..length])?;
        let answer = vault::open(&shop.store, &shop.keychain).await;
        assert!(
            matches!(answer, Err(VaultError::KeyCardDamaged(_))),
            "cut off at {length}: {answer:?}"
        );
    }
    std::fs::write(shop.card(), vec![b'['; 1 << 20])?;
    let answer = vault::open(&shop.store, &shop.keychain).await;
    assert!(
        matches!(answer, Err(VaultError::KeyCardDamaged(_))),
        "a mebibyte of brackets: {answer:?}"
    );
    Ok(())
}

#[tokio::test]
async fn a_missing_or_newer_card_is_named() -> Story {
    let shop = Shop::new(6).await?;
    let text = std::fs::read_to_string(shop.card())?.replace("\"version\": 1", "\"version\": 2");
    std::fs::write(shop.card(), text)?;
    let newer = vault::open(&shop.store, &shop.keychain).await;
    assert!(
        matches!(newer, Err(VaultError::NewerFormat(_))),
        "a card of a later version: {newer:?}"
    );
    std::fs::remove_file(shop.card())?;
    let missing = vault::open(&shop.store, &shop.keychain).await;
    assert!(
        matches!(missing, Err(VaultError::KeyCardMissing(_))),
        "no card: {missing:?}"
    );
    assert!(
        words(missing).contains("every backup holds a copy"),
        "the person is told where there is another"
    );
    Ok(())
}

#[tokio::test]
async fn a_key_that_is_not_of_this_store_opens_nothing() -> Story {
    let (shop, other) = (Shop::new(7).await?, Shop::new(8).await?);
    let key_file = shop.folder.path().join("other.secret");
    vault::write_key_file(&key_file, &other.master)?;
    let answer = vault::open_with_key_file(&shop.store, &key_file);
    assert!(
        matches!(answer, Err(VaultError::WrongKey)),
        "the key of another shop: {answer:?}"
    );

    let entry = keyholder_app::keychain::Entry::master_key(vault::store_id(&shop.store)?);
    shop.keychain
        .set(&entry, &keyholder_app::keychain::Secret::new("scribble")?)
        .await?;
    let answer = vault::open(&shop.store, &shop.keychain).await;
    assert!(
        matches!(answer, Err(VaultError::WrongKey)),
        "an entry that somebody changed: {answer:?}"
    );
    Ok(())
}

#[tokio::test]
async fn a_new_recovery_key_replaces_the_old_one_in_one_step() -> Story {
    let mut shop = Shop::new(9).await?;
    let witness = shop.folder.path().join("as-it-was");
    std::fs::hard_link(shop.card(), &witness)?;
    let before = std::fs::read(&witness)?;
    let new = RecoveryKey::generate(&mut shop.rng);
    vault::replace_recovery_key(&shop.store, &shop.master, &new, &mut shop.rng)?;
    assert!(
        shop.is_its_key(&shop.recover(&new).await?.master),
        "the new key opens the store"
    );
    let old = shop.recover(&shop.recovery).await;
    assert!(
        matches!(old, Err(VaultError::WrongRecoveryKey)),
        "the old one does not: {old:?}"
    );
    assert!(
        shop.is_its_key(&vault::open(&shop.store, &shop.keychain).await?),
        "the keychain goes on as before"
    );
    assert_eq!(
        std::fs::read(&witness)?,
        before,
        "the old file was not written into, another took its name"
    );
    let names = std::fs::read_dir(shop.folder.path())?.count();
    assert_eq!(names, 3, "store, card and witness: nothing is left lying about");

    let other = Shop::new(10).await?;
    let answer = vault::replace_recovery_key(&shop.store, &other.master, &new, &mut shop.rng);
    assert!(
        matches!(answer, Err(VaultError::WrongKey)),
        "only who can open the store may do it: {answer:?}"
    );
    Ok(())
}

#[tokio::test]
async fn a_card_whose_store_was_moved_away_is_set_aside() -> Story {
    let mut shop = Shop::new(11).await?;
    let old = std::fs::read(shop.card())?;
    std::fs::remove_file(&shop.store)?;
    vault::create(&shop.store, Keep::Keychain(&shop.keychain), &mut shop.rng).await?;
    let kept: Result<Vec<_>, _> = std::fs::read_dir(shop.folder.path())?
        .map(|file| std::fs::read(file?.path()))
        .collect();
    let kept = kept?;
    assert!(
        kept.len() == 2 && kept.contains(&old),
        "the old card is still there beside the new one"
    );
    assert_eq!(shop.keychain.len(), 2, "and so is the old key");
    Ok(())
}

#[tokio::test]
async fn set_up_that_cannot_write_keeps_no_key() -> Story {
    let (folder, keychain) = (tempfile::tempdir()?, MemoryKeychain::default());
    let in_the_way = folder.path().join("a-file");
    std::fs::write(&in_the_way, b"")?;
    let store = in_the_way.join("shop.keyholder");
    let answer = vault::create(&store, Keep::Keychain(&keychain), &mut Rng::seed_from_u64(12)).await;
    assert!(
        matches!(answer, Err(VaultError::Io { .. })),
        "a folder that cannot be made: {answer:?}"
    );
    assert!(keychain.is_empty(), "no key without its card");
    Ok(())
}

#[cfg(unix)]
#[tokio::test]
async fn a_key_file_is_its_owners_alone() -> Story {
    use std::os::unix::fs::PermissionsExt as _;
    let mut rng = Rng::seed_from_u64(13);
    let folder = tempfile::tempdir()?;
    let (store, key_file) = (
        folder.path().join("shop.keyholder"),
        folder.path().join("shop.secret"),
    );
    let (master, _) = vault::create(&store, Keep::KeyFile(&key_file), &mut rng).await?;
    assert_eq!(mode(&key_file)?, 0o600, "written for its owner alone");
    let read = vault::open_with_key_file(&store, &key_file)?;
    assert_eq!(
        read.store_key().expose_secret(),
        master.store_key().expose_secret(),
        "it opens the store"
    );

    let again = vault::write_key_file(&key_file, &master);
    assert!(
        matches!(again, Err(VaultError::Exists(_))),
        "a file that is there is not written over: {again:?}"
    );

    for exposed in [0o640, 0o604, 0o660, 0o601] {
        std::fs::set_permissions(&key_file, std::fs::Permissions::from_mode(exposed))?;
        let answer = words(vault::open_with_key_file(&store, &key_file));
        assert!(
            answer.contains("shop.secret")
                && answer.contains(&format!("{exposed:04o}"))
                && answer.contains("chmod 600"),
            "which file, how it is, what to do: {answer}"
        );
    }
    Ok(())
}

#[cfg(unix)]
#[tokio::test]
async fn a_key_file_may_be_written_by_hand() -> Story {
    use std::os::unix::fs::PermissionsExt as _;
    let shop = Shop::new(14).await?;
    let key_file = shop.folder.path().join("by-hand");
    vault::write_key_file(&key_file, &shop.master)?;
    let base64 = std::fs::read_to_string(&key_file)?.trim().to_owned();
    let bytes = data_encoding::BASE64.decode(base64.as_bytes())?;
    let hex = data_encoding::HEXLOWER.encode(&bytes);
    let spellings = [
        format!("  {base64}\r\n"),
        base64.replace('=', ""),
        hex.to_uppercase(),
        format!("{hex}\n\n"),
    ];
    for spelling in spellings {
        std::fs::write(&key_file, &spelling)?;
        std::fs::set_permissions(&key_file, std::fs::Permissions::from_mode(0o400))?;
        let read = vault::open_with_key_file(&shop.store, &key_file)?;
        assert!(
            shop.is_its_key(&read),
            "hex or base64, with or without padding and white space"
        );
    }
    for nonsense in ["", "hunter2", &hex[1..], &"x".repeat(1 << 20)] {
        std::fs::write(&key_file, nonsense)?;
        let answer = vault::open_with_key_file(&shop.store, &key_file);
        assert!(
            matches!(answer, Err(VaultError::KeyFileUnusable(_))),
            "no key in it: {answer:?}"
        );
    }
    Ok(())
}

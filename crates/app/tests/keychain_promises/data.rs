//! A keychain that lost the key, or does not give it, never costs the data; and a secret is never
//! written where nobody asked for it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::measure::Probe;
use crate::{PASSWORD, Story};
use keyholder_app::keychain::{Entry, Keychain, KeychainError, MemoryKeychain};
use keyholder_app::testing::{Keyring, PrivateBus};
use keyholder_app::vault::{self, Keep, MasterKey, RecoveryKey, VaultError};
use keyholder_core::audit::chain::Verdict;
use keyholder_core::clock::Rng;
use keyholder_core::store::Store as _;
use keyholder_core::testing::store_contract::material::{event, noted};
use keyholder_store_sqlite::{SqliteStore, StoreKeys};
use rand::SeedableRng as _;
use secrecy::ExposeSecret as _;
use sha2::{Digest as _, Sha256};

fn rng() -> Rng {
    Rng::seed_from_u64(35)
}

/// Every way in which a keychain says no.
fn faults() -> [KeychainError; 7] {
    [
        KeychainError::Locked,
        KeychainError::Dismissed,
        KeychainError::PromptUnanswered,
        KeychainError::NoCollection,
        KeychainError::NoService,
        KeychainError::NotAnswering,
        KeychainError::Refused("not today".into()),
    ]
}

/// SHA-256 of every file in a folder.
fn fingerprints(folder: &Path) -> std::io::Result<BTreeMap<PathBuf, Vec<u8>>> {
    let files = std::fs::read_dir(folder)?.map(|file| {
        let path = file?.path();
        let sum = Sha256::digest(std::fs::read(&path)?).to_vec();
        Ok((path, sum))
    });
    files.collect()
}

fn keys(master: &MasterKey) -> StoreKeys {
    StoreKeys::new(
        *master.store_key().expose_secret(),
        *master.audit_key().expose_secret(),
    )
}

/// What was done in a shop, in its encrypted store.
async fn work(store: &Path, master: &MasterKey) -> Story {
    let store = SqliteStore::create(store, &keys(master)).await?;
    store.commit((0..3).map(|at| noted(event(at))).collect()).await?;
    Ok(store.close().await?)
}

/// Whether this key opens the store and all that was done is there.
async fn work_is_there(store: &Path, master: &MasterKey) -> bool {
    let Ok(store) = SqliteStore::open(store, &keys(master)).await else {
        return false;
    };
    let verdict = store.verify_trail().await;
    store.close().await.is_ok() && matches!(verdict, Ok(Verdict::Whole { rows: 3, .. }))
}

/// A shop in a folder of its own, with work in it.
async fn shop(folder: &Path, keychain: &dyn Keychain) -> Story<(PathBuf, MasterKey, RecoveryKey)> {
    let store = folder.join("shop.keyholder");
    let (master, recovery) = vault::create(&store, Keep::Keychain(keychain), &mut rng()).await?;
    work(&store, &master).await?;
    Ok((store, master, recovery))
}

/// The measure of P34: whatever the keychain says instead of the key, opening fails, every file
/// stays as it was, no new entry appears, and the recovery key still opens the store.
async fn never_costs_the_data<F>(open: F) -> Result<(), String>
where
    F: AsyncFn(&Path, &MemoryKeychain) -> Result<MasterKey, VaultError>,
{
    let absent_or_broken = std::iter::once(None).chain(faults().map(Some));
    for fault in absent_or_broken {
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        let (store, _, recovery) = shop(folder.path(), &MemoryKeychain::default())
            .await
            .map_err(|error| error.to_string())?;
        let before = fingerprints(folder.path()).map_err(|error| error.to_string())?;

        let elsewhere = MemoryKeychain::default();
        elsewhere.fail_with(fault.clone());
        let opened = open(&store, &elsewhere).await.is_ok();
        elsewhere.fail_with(None);

        if fingerprints(folder.path()).map_err(|error| error.to_string())? != before {
            return Err(format!("{fault:?}: files were changed"));
        }
        if opened || !elsewhere.is_empty() {
            return Err(format!("{fault:?}: a key was made up"));
        }
        let recovered = vault::open_with_recovery(&store, &recovery, &elsewhere).await;
        let opens = match recovered {
            Ok(back) => back.kept.is_ok() && work_is_there(&store, &back.master).await,
            Err(_) => false,
        };
        if !opens {
            return Err(format!(
                "{fault:?}: the recovery key does not open the store any more"
            ));
        }
    }
    Ok(())
}

/// The measure of P35: a keychain that does not take the key means no shop, and no file.
async fn writes_no_secret<F>(create: F) -> Result<(), String>
where
    F: AsyncFn(&Path, &MemoryKeychain) -> Result<(MasterKey, RecoveryKey), VaultError>,
{
    for fault in faults() {
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        let keychain = MemoryKeychain::default();
        keychain.fail_with(Some(fault.clone()));
        let created = create(&folder.path().join("shop.keyholder"), &keychain).await;
        if !fingerprints(folder.path())
            .map_err(|error| error.to_string())?
            .is_empty()
        {
            return Err(format!("{fault:?}: a file was written"));
        }
        match created {
            Err(VaultError::Keychain(named)) if named == fault => {}
            other => return Err(format!("{fault:?}: the answer was {other:?}")),
        }
    }
    Ok(())
}

#[tokio::test]
async fn p34_a_missing_or_broken_keychain_never_costs_the_data() -> Story {
    Ok(
        never_costs_the_data(async |store: &Path, keychain: &MemoryKeychain| {
            vault::open(store, keychain).await
        })
        .await?,
    )
}

#[tokio::test]
async fn p34_a_store_that_is_there_gets_no_new_keys() -> Story {
    let create = async |store: &Path, keychain: &MemoryKeychain| {
        let made = vault::create(store, Keep::Keychain(keychain), &mut rng()).await;
        assert!(
            matches!(made, Err(VaultError::Exists(_))),
            "the store that is there is named"
        );
        made.map(|(master, _)| master)
    };
    Ok(never_costs_the_data(create).await?)
}

#[tokio::test]
async fn p34_mutant_a_vault_that_makes_a_new_key_on_no_entry_is_found_out() -> Story {
    let mutant = async |store: &Path, keychain: &MemoryKeychain| match vault::open(store, keychain).await {
        Err(VaultError::KeyMissingInKeychain) => {
            let fresh = store.with_extension("fresh");
            let mut other = Rng::seed_from_u64(36);
            let (master, _) = vault::create(&fresh, Keep::Keychain(keychain), &mut other).await?;
            drop(std::fs::rename(vault::card_path(&fresh), vault::card_path(store)));
            Ok(master)
        }
        answer => answer,
    };
    assert_eq!(
        never_costs_the_data(mutant).await,
        Err("None: files were changed".into()),
        "the same measure must see the program that takes no entry for a fresh start"
    );
    Ok(())
}

#[test]
fn p34_a_real_keyring_that_lost_or_locked_the_key_never_costs_the_data() -> Story {
    let old = PrivateBus::start()?;
    let keyring = Keyring::unlocked(&old, PASSWORD)?;
    let store = old.folder().join("shop").join("shop.keyholder");
    let path = store.to_str().ok_or("a path that can be written down")?;
    let created = Probe::on(&old).ask(&format!("create={path}"))?;
    let recovery = created.words().join("");
    // Beside the questions to the bus, which block.
    let beside = tokio::runtime::Runtime::new()?;
    let master = beside.block_on(async {
        let recovery = recovery.parse()?;
        let elsewhere = MemoryKeychain::default();
        let master = vault::open_with_recovery(&store, &recovery, &elsewhere)
            .await?
            .master;
        work(&store, &master).await?;
        Ok::<_, Box<dyn std::error::Error>>(master)
    })?;
    let folder = store.parent().ok_or("a store lies in a folder")?;
    let before = fingerprints(folder)?;
    let open = format!("open={path}");
    assert_eq!(
        Probe::on(&old).ask(&open)?.words(),
        ["opened"],
        "the keychain gives the key back"
    );

    keyring.lock(&old)?;
    let answer = Probe::on(&old).ask(&open)?;
    assert_eq!(
        answer.words(),
        [KeychainError::Locked.to_string()],
        "locked is said to be locked"
    );
    answer.keeps_the_promise()?;

    let homeless = PrivateBus::start()?;
    let _no_collection = Keyring::no_collection(&homeless)?;
    let answer = Probe::on(&homeless).ask(&open)?;
    let named = KeychainError::NoCollection.to_string();
    assert_eq!(
        answer.words(),
        [&named],
        "no place for entries is not the same as no entry"
    );
    let answer = Probe::on(&homeless).ask(&format!("recover={path}={recovery}"))?;
    assert_eq!(
        answer.words(),
        [format!("opened, not kept: {named}")],
        "the recovery key needs no keychain"
    );

    let new = PrivateBus::start()?;
    let _new_keyring = Keyring::unlocked(&new, PASSWORD)?;
    let questions = format!("{open},recover={path}={recovery},{open}");
    let missing = VaultError::KeyMissingInKeychain.to_string();
    assert_eq!(
        Probe::on(&new).ask(&questions)?.words(),
        [&missing, "opened and kept", "opened"],
        "on a new machine the recovery key is needed once"
    );
    assert_eq!(
        fingerprints(folder)?,
        before,
        "nothing of all this touched a file"
    );
    assert!(
        beside.block_on(work_is_there(&store, &master)),
        "and all that was done is there"
    );
    Ok(())
}

#[tokio::test]
async fn p35_without_a_keychain_no_secret_is_written() -> Story {
    let create = async |store: &Path, keychain: &MemoryKeychain| {
        vault::create(store, Keep::Keychain(keychain), &mut rng()).await
    };
    Ok(writes_no_secret(create).await?)
}

#[tokio::test]
async fn p35_mutant_a_vault_that_falls_back_to_a_file_is_found_out() -> Story {
    let mutant = async |store: &Path, keychain: &MemoryKeychain| match vault::create(
        store,
        Keep::Keychain(keychain),
        &mut rng(),
    )
    .await
    {
        Err(VaultError::Keychain(_)) => {
            vault::create(store, Keep::KeyFile(&store.with_extension("secret")), &mut rng()).await
        }
        answer => answer,
    };
    assert_eq!(
        writes_no_secret(mutant).await,
        Err("Locked: a file was written".into()),
        "the same measure must see the program that helps itself"
    );
    Ok(())
}

#[test]
fn p35_without_a_real_keyring_no_secret_is_written() -> Story {
    let bus = PrivateBus::start()?;
    let folder = bus.folder().join("shop");
    let store = folder.join("shop.keyholder");
    let answer = Probe::on(&bus).ask(&format!("create={}", store.display()))?;
    assert_eq!(
        answer.words(),
        [KeychainError::NoService.to_string()],
        "the person is told why"
    );
    assert_eq!(
        fingerprints(&folder)?,
        BTreeMap::new(),
        "and finds nothing on the disk"
    );
    Ok(())
}

#[tokio::test]
async fn p35_what_is_kept_of_a_store_fits_everywhere() -> Story {
    let (folder, keychain) = (tempfile::tempdir()?, MemoryKeychain::default());
    let (store, ..) = shop(folder.path(), &keychain).await?;
    let entry = Entry::master_key(vault::store_id(&store)?);
    let kept = keychain.get(&entry).await?.ok_or("the key is kept")?;
    assert!(
        kept.expose().len() <= 1_280 && kept.expose().is_ascii(),
        "a master key is a short line of ASCII"
    );
    Ok(())
}

//! Making and checking hashes, as the rest of the program sees it.

#![expect(clippy::unwrap_used, reason = "tests")]

use keyholder_core::clock::Rng;
use keyholder_core::password::{
    Argon2Params, Hasher, HashingFailed, Password, PasswordHash, Pepper, Verdict,
};
use rand::SeedableRng as _;

const PLAIN: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$S3PoxvhCaj+plzs6IIxyoC3nmiuRTe4hecf/QNIstXA";

fn rng() -> Rng {
    Rng::seed_from_u64(1)
}

fn password(text: &str) -> Password {
    Password::new(text.to_owned()).unwrap()
}

fn right() -> Password {
    password("correct horse battery stäple")
}

fn floor(pepper: Option<u8>) -> Hasher {
    Hasher::new(
        Argon2Params::floor(),
        pepper.map(|byte| Pepper::new([byte; 32])),
        2,
    )
}

#[tokio::test]
async fn the_right_password_is_right_and_every_other_is_wrong() {
    for hasher in [floor(None), floor(Some(7))] {
        let hash = hasher.hash(&right(), &mut rng()).await.unwrap();
        assert_eq!(
            hasher.verify(Some(&hash), &right()).await.unwrap(),
            Verdict::Right { outdated: false },
            "its own"
        );
        for other in ["correct horse battery staple", "", "Correct horse battery stäple"] {
            assert_eq!(
                hasher.verify(Some(&hash), &password(other)).await.unwrap(),
                Verdict::Wrong,
                "not {other}"
            );
        }
        let stored = PasswordHash::parse(hash.as_str()).unwrap();
        assert_eq!(
            hasher.verify(Some(&stored), &right()).await.unwrap(),
            Verdict::Right { outdated: false },
            "read back"
        );
    }
}

#[tokio::test]
async fn nobody_has_the_right_password() {
    for text in ["", "correct horse battery stäple"] {
        assert_eq!(
            floor(Some(7)).verify(None, &password(text)).await.unwrap(),
            Verdict::Wrong,
            "there is no account"
        );
    }
}

#[tokio::test]
async fn two_hashes_of_one_password_differ() {
    let (hasher, mut rng) = (floor(None), rng());
    let one = hasher.hash(&right(), &mut rng).await.unwrap();
    let other = hasher.hash(&right(), &mut rng).await.unwrap();
    assert_ne!(one, other, "each has a salt of its own");
}

#[tokio::test]
async fn a_hash_is_outdated_when_cost_or_pepper_have_changed() {
    let plain = PasswordHash::parse(PLAIN).unwrap();
    assert_eq!(
        floor(None).verify(Some(&plain), &right()).await.unwrap(),
        Verdict::Right { outdated: false },
        "as today"
    );
    let dearer = Hasher::new(Argon2Params::new(19_456, 3, 1).unwrap(), None, 1);
    assert_eq!(
        dearer.verify(Some(&plain), &right()).await.unwrap(),
        Verdict::Right { outdated: true },
        "too cheap now"
    );
    let verdict = floor(Some(7)).verify(Some(&plain), &right()).await.unwrap();
    assert_eq!(
        verdict,
        Verdict::Right { outdated: true },
        "a hash without pepper verifies and is made anew with it"
    );
}

#[tokio::test]
async fn a_peppered_hash_needs_its_pepper_and_says_which_is_missing() {
    let hash = floor(Some(7)).hash(&right(), &mut rng()).await.unwrap();
    assert!(
        hash.as_str().starts_with("$argon2id$v=19$m=19456,t=2,p=1,keyid="),
        "the hash names its pepper"
    );
    for (hasher, why) in [(floor(None), "no pepper"), (floor(Some(8)), "another pepper")] {
        let answer = hasher.verify(Some(&hash), &right()).await;
        assert!(
            matches!(answer, Err(HashingFailed::OtherPepper)),
            "{why} is not a wrong password: {answer:?}"
        );
        assert!(!hasher.can_check(&hash), "{why}: an import can say so beforehand");
    }
    assert!(floor(Some(7)).can_check(&hash), "its own pepper checks it");
    assert!(
        floor(Some(7)).can_check(&PasswordHash::parse(PLAIN).unwrap()),
        "a hash without pepper needs none"
    );
}

#[tokio::test]
async fn a_pepper_changes_the_hash_and_is_not_in_it() {
    let salt = [9; 16];
    let mut outputs = Vec::new();
    for hasher in [floor(None), floor(Some(7)), floor(Some(8))] {
        outputs.push(
            hasher
                .hash_with_salt(b"recovery code", &salt, hasher.params())
                .await
                .unwrap(),
        );
    }
    outputs.dedup();
    assert_eq!(
        outputs.len(),
        3,
        "without, with, and with another pepper: three outputs"
    );
    let pepper = Pepper::generate(&mut rng());
    assert_eq!(format!("{pepper:?}"), "Pepper(…)", "logs never hold a pepper");
    assert_eq!(
        Pepper::new(*pepper.expose()).expose(),
        pepper.expose(),
        "it comes back from the keychain as it went"
    );
}

#[tokio::test]
async fn a_secret_hashed_again_under_its_salt_is_the_same() {
    let (hasher, salt) = (floor(Some(7)), [9; 16]);
    let once = hasher
        .hash_with_salt(b"recovery code", &salt, hasher.params())
        .await
        .unwrap();
    assert_eq!(
        hasher
            .hash_with_salt(b"recovery code", &salt, hasher.params())
            .await
            .unwrap(),
        once,
        "the same every time"
    );
    assert_ne!(
        hasher
            .hash_with_salt(b"recovery code", &[8; 16], hasher.params())
            .await
            .unwrap(),
        once,
        "another salt"
    );
    assert_ne!(
        hasher
            .hash_with_salt(b"recovery codf", &salt, hasher.params())
            .await
            .unwrap(),
        once,
        "another secret"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flood_of_sign_ins_waits_in_line_and_everyone_is_answered() {
    let hasher = Hasher::new(Argon2Params::floor(), None, 1);
    let hash = PasswordHash::parse(PLAIN).unwrap();
    let crowd: Vec<_> = (0..40)
        .map(|_| {
            let (hasher, hash) = (hasher.clone(), hash.clone());
            tokio::spawn(async move { hasher.verify(Some(&hash), &right()).await.unwrap() })
        })
        .collect();
    for one in crowd {
        assert_eq!(
            one.await.unwrap(),
            Verdict::Right { outdated: false },
            "everyone is answered, one after the other"
        );
    }
}

#[tokio::test]
async fn a_hash_dearer_than_the_line_still_gets_its_turn() {
    let dear =
        "$argon2id$v=19$m=65536,t=3,p=1$MDEyMzQ1Njc4OWFiY2RlZg$S3PoxvhCaj+plzs6IIxyoC3nmiuRTe4hecf/QNIstXA";
    let dear = PasswordHash::parse(dear).unwrap();
    assert_eq!(
        floor(None).verify(Some(&dear), &right()).await.unwrap(),
        Verdict::Wrong,
        "two places of three will do"
    );
}

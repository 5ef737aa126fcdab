//! What the chain promises, tried on many trails: whatever is changed before the end is found, at
//! the first row that is not as it was.

use proptest::prelude::*;
use proptest::sample::Index;

use super::{AuditKey, Flaw, Row, Verdict, decode, encode, verify};
use crate::audit::chain::tests::{event, trail};

fn key() -> AuditKey {
    AuditKey::new([1; 32])
}

/// What somebody who can write the database, and has no key, does to one row.
#[derive(Debug, Clone, Copy)]
enum Attack {
    Payload,
    Salt,
    Commitment,
    Prev,
    Hash,
    Mac,
    Renumber,
    Remove,
    Double,
    SwapWithNext,
    /// All of the row made anew over another event, by somebody with another key.
    Rewrite,
    /// The same for every row from there on, so that all hashes fit.
    RewriteAll,
}

const ATTACKS: [Attack; 12] = [
    Attack::Payload,
    Attack::Salt,
    Attack::Commitment,
    Attack::Prev,
    Attack::Hash,
    Attack::Mac,
    Attack::Renumber,
    Attack::Remove,
    Attack::Double,
    Attack::SwapWithNext,
    Attack::Rewrite,
    Attack::RewriteAll,
];

fn attacked(rows: &[Row], attack: Attack, at: usize, byte: impl Fn(usize) -> usize) -> Option<Vec<Row>> {
    let forger = AuditKey::new([2; 32]);
    let flip = |bytes: &mut [u8]| {
        let index = byte(bytes.len());
        bytes[index] ^= 0x40;
    };
    let mut rows = rows.to_vec();
    match attack {
        Attack::Payload => flip(&mut rows[at].payload),
        Attack::Salt => flip(&mut rows[at].link.salt),
        Attack::Commitment => flip(&mut rows[at].link.commitment),
        Attack::Prev => flip(&mut rows[at].link.prev),
        Attack::Hash => flip(&mut rows[at].link.hash),
        Attack::Mac => flip(&mut rows[at].link.mac),
        Attack::Renumber => rows[at].seq += 7,
        // Without its last rows a trail is whole: that is what the head kept elsewhere is for.
        Attack::Remove | Attack::SwapWithNext if at + 1 == rows.len() => return None,
        Attack::Remove => drop(rows.remove(at)),
        Attack::Double => rows.insert(at, rows[at].clone()),
        Attack::SwapWithNext => rows.swap(at, at + 1),
        Attack::Rewrite | Attack::RewriteAll => {
            let end = if matches!(attack, Attack::Rewrite) {
                at + 1
            } else {
                rows.len()
            };
            let mut head = at
                .checked_sub(1)
                .map(|before| rows[before].head())
                .unwrap_or_default();
            for row in &mut rows[at..end] {
                *row = super::link(head, &forger, [3; 32], &decode(&row.payload).unwrap()).unwrap();
                head = row.head();
            }
        }
    }
    Some(rows)
}

proptest! {
    #[test]
    fn p43_whatever_is_changed_is_found_at_its_first_row(length in 1_usize..30, place: Index, byte: Index, attack in prop::sample::select(&ATTACKS[..])) {
        let rows = trail(&key(), length);
        let at = place.index(length);
        let Some(changed) = attacked(&rows, attack, at, |length| byte.index(length)) else { return Ok(()) };
        let first_bad = u32::try_from(at).unwrap() + 1;
        // The double of a row stands in the place of the next.
        let first_bad = if matches!(attack, Attack::Double) { first_bad + 1 } else { first_bad };
        match verify(&key(), &changed) {
            Verdict::Broken { first_bad_seq, .. } => prop_assert_eq!(first_bad_seq, first_bad, "{:?} at row {}", attack, at + 1),
            whole @ Verdict::Whole { .. } => prop_assert!(false, "{:?} at row {} passed as {:?}", attack, at + 1, whole),
        }
    }

    #[test]
    fn an_event_has_one_encoding_and_an_encoding_one_event(event in event()) {
        let bytes = encode(&event);
        prop_assert_eq!(decode(&bytes), Ok(event), "what was written is what is read");
    }

    #[test]
    fn no_two_events_share_an_encoding(one in event(), other in event()) {
        prop_assert_eq!(encode(&one) == encode(&other), one == other, "a commitment must be to one event alone");
    }

    #[test]
    fn any_other_bytes_are_refused_or_are_the_encoding_of_what_they_say(event in event(), place: Index, value: u8, cut: bool) {
        let mut bytes = encode(&event);
        let index = place.index(bytes.len());
        if cut { bytes.truncate(index) } else { bytes[index] = value }
        if let Ok(read) = decode(&bytes) {
            prop_assert_eq!(encode(&read), bytes, "a second encoding of one event could be swapped for the first");
        }
    }
}

/// A verifier without the key: hashes alone. Whoever can write the database can make them fit.
fn verify_hashes_alone(rows: &[Row]) -> bool {
    let mut head = super::Head::default();
    rows.iter().all(|row| {
        let event = decode(&row.payload).unwrap();
        let fits = row.link.prev == head.hash
            && super::row_hash(row.seq, &event, &row.link.commitment, &head.hash) == row.link.hash;
        head = row.head();
        fits
    })
}

#[test]
fn p43_mutant_a_chain_without_a_key_is_fooled() {
    let rewritten = attacked(&trail(&key(), 9), Attack::RewriteAll, 4, |_| 0).unwrap();
    assert!(
        verify_hashes_alone(&rewritten),
        "the attack is a real one: all hashes fit"
    );
    let found = Verdict::Broken {
        first_bad_seq: 5,
        why: Flaw::Forged,
    };
    assert_eq!(verify(&key(), &rewritten), found, "only the key tells");
}

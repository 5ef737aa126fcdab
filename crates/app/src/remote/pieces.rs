//! An import that is longer than one request: in pieces that fit, in the order of the file.

use std::collections::BTreeSet;

use keyholder_core::account::Email;
use keyholder_core::directory::{ImportResult, ImportRow};
use keyholder_core::error::Result;
use keyholder_core::wire::{BODY_MAX, ImportRowBody, to_body};
use zeroize::Zeroizing;

/// Bytes of a body that are no rows: the mode, and the names of both fields.
const AROUND: usize = 64;

/// The rows in pieces, none of which makes a body longer than is taken. At least one, be it empty: who
/// may not import learns it also of an empty file.
///
/// # Errors
/// A row that cannot be written as JSON, which none is known to be.
pub(super) fn pieces(rows: Vec<ImportRow>) -> Result<Vec<Vec<ImportRow>>> {
    let mut pieces = vec![Vec::new()];
    let mut length = AROUND;
    for row in rows {
        let added = written(row.clone())? + 1;
        let full = length + added > BODY_MAX;
        match pieces.last_mut() {
            Some(piece) if !full || piece.is_empty() => piece.push(row),
            _ => {
                pieces.push(vec![row]);
                length = AROUND;
            }
        }
        length += added;
    }
    Ok(pieces)
}

/// Bytes of a row.
fn written(row: ImportRow) -> Result<usize> {
    let bytes = to_body(&ImportRowBody::from(row))?.map(Zeroizing::new);
    Ok(bytes.map_or(0, |bytes| bytes.len()))
}

/// The addresses of rows that are good, over all pieces: each piece is judged for itself, and nobody but
/// us sees that one stands in two of them.
#[derive(Default)]
pub(super) struct Seen(BTreeSet<String>);

impl Seen {
    /// The addresses of a piece.
    pub(super) fn keys(rows: &[ImportRow]) -> Vec<Option<String>> {
        let key = |row: &ImportRow| Some(Email::parse(&row.email).ok()?.key().to_owned());
        rows.iter().map(key).collect()
    }

    /// The results of a piece with those addresses, among those of the pieces before it.
    pub(super) fn among(
        &mut self,
        keys: Vec<Option<String>>,
        results: Vec<ImportResult>,
    ) -> Vec<ImportResult> {
        let judged = |(result, key): (ImportResult, Option<String>)| {
            let good = result == ImportResult::Ready;
            if good && key.is_some_and(|key| !self.0.insert(key)) {
                ImportResult::Refused {
                    column: "email".to_owned(),
                    why: "this address stands in the file twice".to_owned(),
                }
            } else {
                result
            }
        };
        results
            .into_iter()
            .zip(keys.into_iter().chain(std::iter::repeat(None)))
            .map(judged)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use keyholder_core::directory::ImportMode;
    use keyholder_core::wire::ImportBody;
    use proptest::prelude::*;

    use super::*;

    fn row(email: String, hash: String) -> ImportRow {
        ImportRow {
            email,
            name: String::new(),
            role: String::new(),
            password_hash: hash.into(),
            totp_secret: String::new().into(),
            created_at: String::new(),
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]
        #[test]
        fn every_piece_fits_and_together_they_are_the_file(
            hashes in proptest::collection::vec(("[\"\\\\é\n]{0,40}", 0_usize..200_000), 0..40),
        ) {
            let rows: Vec<_> = hashes
                .into_iter()
                .enumerate()
                .map(|(at, (text, more))| row(format!("{at}@rose.example"), text + &"x".repeat(more)))
                .collect();
            let asked: Vec<_> = rows.iter().map(|row| row.email.clone()).collect();
            let pieces = pieces(rows).unwrap();
            let sent: Vec<_> = pieces.iter().flatten().map(|row| row.email.clone()).collect();
            prop_assert_eq!(sent, asked, "each row once, in the order of the file");
            let many = pieces.len() > 1;
            for piece in pieces {
                prop_assert!(!(many && piece.is_empty()), "no request for nothing");
                let body = to_body(&ImportBody::new(piece, ImportMode::DryRun)).unwrap().unwrap();
                prop_assert!(body.len() <= BODY_MAX, "{} bytes are taken", body.len());
            }
        }
    }

    #[test]
    fn an_address_in_two_pieces_is_told() {
        let mut seen = Seen::default();
        let keys = |who: &[&str]| {
            let rows: Vec<_> = who
                .iter()
                .map(|who| row((*who).to_owned(), String::new()))
                .collect();
            Seen::keys(&rows)
        };
        let ready = |count| vec![ImportResult::Ready; count];
        assert_eq!(
            seen.among(keys(&["ada@rose.example", "no address"]), ready(2)),
            ready(2),
            "nothing came before"
        );
        let later = seen.among(keys(&["Ada@Rose.example", "eve@rose.example"]), ready(2));
        assert!(
            matches!(&later[..], [ImportResult::Refused { column, .. }, ImportResult::Ready] if column == "email"),
            "the second one of an address, however it is spelt: {later:?}"
        );
    }
}

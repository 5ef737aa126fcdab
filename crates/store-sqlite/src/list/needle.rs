//! The text of a search, and how the index of three-character pieces is asked for it.

use keyholder_core::query::folded;

/// Pieces that are looked up at most. More would only make sure of what is checked anyway.
const PIECES: usize = 24;

/// What is searched for, folded.
pub(super) struct Needle(String);

impl Needle {
    /// None if there is nothing to search for.
    pub(super) fn of(text: Option<&str>) -> Option<Self> {
        text.map(|text| folded(text.trim()))
            .filter(|text| !text.is_empty())
            .map(Self)
    }

    /// The text itself: a row matches when it has this in it.
    pub(super) fn text(&self) -> &str {
        &self.0
    }

    /// A question to the index that finds every match and perhaps a few rows more. None where the
    /// index cannot help: it knows no pieces under three characters.
    pub(super) fn pieces(&self) -> Option<String> {
        let chars: Vec<char> = self.0.chars().collect();
        if chars.len() < 3 || chars.contains(&'\0') {
            return None;
        }
        // A quotation mark is written twice (FTS5, 3.1).
        let quoted =
            |piece: &[char]| format!("\"{}\"", piece.iter().collect::<String>().replace('"', "\"\""));
        Some(
            chars
                .windows(3)
                .take(PIECES)
                .map(quoted)
                .collect::<Vec<_>>()
                .join(" AND "),
        )
    }
}

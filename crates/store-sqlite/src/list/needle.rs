//! The text of a search, and how the index of three-character pieces is asked for it.

use keyholder_core::query::folded;

/// Characters of a piece.
const PIECE: usize = 3;
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

    /// Whether it is shorter than a piece.
    pub(super) fn is_short(&self) -> bool {
        self.0.chars().count() < PIECE
    }

    /// Whether the index of pieces finds exactly the rows that have it in them. A longer text has several
    /// pieces, which may stand apart; one with an end of line may lie across two texts.
    pub(super) fn is_exact(&self) -> bool {
        self.0.chars().count() <= PIECE && !self.0.contains(['\n', '\0'])
    }

    /// The first and the last piece there could be that begins with it.
    pub(super) fn beginnings(&self) -> (String, String) {
        (self.0.clone(), format!("{}{}", self.0, char::MAX))
    }

    /// A question to the index that finds every match and perhaps a few rows more. None where the
    /// index cannot help: it knows no pieces under three characters.
    pub(super) fn pieces(&self) -> Option<String> {
        let chars: Vec<char> = self.0.chars().collect();
        if chars.len() < PIECE || chars.contains(&'\0') {
            return None;
        }
        let pieces = chars.windows(PIECE).take(PIECES).map(String::from_iter);
        Some(
            pieces
                .map(|piece| quoted(&piece))
                .collect::<Vec<_>>()
                .join(" AND "),
        )
    }
}

/// A question to the index that finds every row with one of these pieces.
pub(super) fn any(pieces: &[String]) -> String {
    if pieces.is_empty() {
        // In no row (FTS5, 3.2).
        return quoted("");
    }
    let pieces: Vec<String> = pieces.iter().map(|piece| quoted(piece)).collect();
    pieces.join(" OR ")
}

/// A quotation mark is written twice (FTS5, 3.1).
fn quoted(piece: &str) -> String {
    format!("\"{}\"", piece.replace('"', "\"\""))
}

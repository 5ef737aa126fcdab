//! Rows that leave as CSV or JSON lines.

use std::borrow::Cow;
use std::io::{self, Write};
use std::path::Path;

use clap::ValueEnum;
use serde::Serialize;

use crate::output::escaped_json;

/// How rows are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Comma-separated, with a header.
    Csv,
    /// A JSON document on each line.
    Jsonl,
}

impl Format {
    /// The format of a file by its ending, if that says one.
    pub(crate) fn by_ending(path: &Path) -> Option<Self> {
        let ending = path.extension()?.to_str()?.to_lowercase();
        match ending.as_str() {
            "csv" => Some(Self::Csv),
            "jsonl" | "ndjson" | "json" => Some(Self::Jsonl),
            _ => None,
        }
    }

    /// The format that was asked for, or else by the ending, or else CSV.
    pub(crate) fn of(asked: Option<Self>, path: &Path) -> Self {
        asked.or_else(|| Self::by_ending(path)).unwrap_or(Self::Csv)
    }
}

/// Writes rows one after the other.
pub(crate) enum Rows<'a> {
    /// As comma-separated cells.
    Csv(Box<csv::Writer<&'a mut dyn Write>>),
    /// As documents.
    Jsonl(&'a mut dyn Write),
}

impl<'a> Rows<'a> {
    /// Begins with the header, where the format has one.
    pub(crate) fn begin(format: Format, columns: &[&str], to: &'a mut dyn Write) -> io::Result<Self> {
        match format {
            Format::Csv => {
                let mut rows = Self::Csv(Box::new(csv::Writer::from_writer(to)));
                rows.cells(columns.iter().map(|column| Cow::Borrowed(*column)))?;
                Ok(rows)
            }
            Format::Jsonl => Ok(Self::Jsonl(to)),
        }
    }

    /// One row: its cells for CSV, its document for JSON lines.
    pub(crate) fn write<const N: usize>(
        &mut self,
        cells: [Cow<'_, str>; N],
        document: &impl Serialize,
    ) -> io::Result<()> {
        match self {
            Self::Csv(_) => self.cells(cells.into_iter()),
            Self::Jsonl(to) => writeln!(to, "{}", escaped_json(document)),
        }
    }

    fn cells<'c>(&mut self, cells: impl Iterator<Item = Cow<'c, str>>) -> io::Result<()> {
        let Self::Csv(csv) = self else { return Ok(()) };
        for cell in cells {
            csv.write_field(guarded(&cell).as_bytes()).map_err(plain)?;
        }
        csv.write_record(None::<&[u8]>).map_err(plain)
    }

    /// Hands on what is still held.
    pub(crate) fn finish(self) -> io::Result<()> {
        match self {
            Self::Csv(mut csv) => csv.flush(),
            Self::Jsonl(_) => Ok(()),
        }
    }
}

fn plain(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

/// Whether a spreadsheet would take the text for a formula (OWASP, CSV injection), or would once the
/// apostrophes in front of it are gone.
fn is_formula(text: &str) -> bool {
    text.trim_start_matches('\'')
        .starts_with(['=', '+', '-', '@', '\t', '\r'])
}

/// A cell that no spreadsheet takes for a formula: an apostrophe stands before one.
pub(crate) fn guarded(cell: &str) -> Cow<'_, str> {
    if is_formula(cell) {
        Cow::Owned(format!("'{cell}"))
    } else {
        Cow::Borrowed(cell)
    }
}

/// Exactly what [`guarded`] was given.
pub(crate) fn unguarded(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(inner) if is_formula(inner) => inner,
        _ => cell,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CELLS: [&str; 12] = [
        "",
        "=1+1",
        "+49",
        "-",
        "@SUM(A1)",
        "\tx",
        "\rx",
        "'=x",
        "''+x",
        "'tis",
        "'",
        "plain, \"quoted\"\nlines",
    ];

    /// The cells that a spreadsheet would compute, as `write` writes them.
    fn computed(write: fn(&str) -> Cow<'_, str>) -> Vec<String> {
        let written = CELLS.iter().map(|cell| write(cell).into_owned());
        written
            .filter(|cell| cell.starts_with(['=', '+', '-', '@', '\t', '\r']))
            .collect()
    }

    /// The cells that come back as something else.
    fn changed(read: fn(&str) -> &str) -> Vec<&'static str> {
        CELLS
            .into_iter()
            .filter(|cell| read(&guarded(cell)) != *cell)
            .collect()
    }

    #[test]
    fn p47_no_cell_is_a_formula_to_a_spreadsheet() {
        assert_eq!(computed(guarded), [""; 0], "a name must not run a command");
    }

    #[test]
    fn p47_mutant_cells_as_they_are_are_found_out() {
        assert_eq!(
            computed(|cell| cell.into()).len(),
            6,
            "the measure sees every formula"
        );
    }

    #[test]
    fn p47_what_goes_out_comes_in_the_same() {
        assert_eq!(
            changed(unguarded),
            [""; 0],
            "a move through a file changes nothing"
        );
    }

    #[test]
    fn p47_mutant_taking_off_any_apostrophe_is_found_out() {
        fn careless(cell: &str) -> &str {
            cell.strip_prefix('\'').unwrap_or(cell)
        }
        assert_eq!(
            changed(careless),
            ["'tis", "'"],
            "the measure sees what would be lost"
        );
    }
}

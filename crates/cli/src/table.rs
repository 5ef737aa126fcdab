//! Tables that line up in every script and fit the terminal.

use std::borrow::Cow;
use std::io::{self, Write};

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use crate::text::shown;

/// What lies between two columns.
const GAP: usize = 2;
/// A column is not cut to less.
const NARROWEST: usize = 8;

/// How a table is drawn.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Look {
    colour: bool,
    /// Columns of characters; none where nothing is cut.
    width: Option<usize>,
}

impl Look {
    /// For files and other programs: nothing is cut.
    pub(crate) fn plain() -> Self {
        Self {
            colour: false,
            width: None,
        }
    }

    /// For the terminal on standard output.
    pub(crate) fn of_terminal() -> Self {
        let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let dumb = std::env::var_os("TERM").is_none_or(|term| term == "dumb");
        Self {
            colour: !set("NO_COLOR") && !dumb,
            width: terminal_size::terminal_size().map(|(width, _)| usize::from(width.0)),
        }
    }
}

/// Rows under headings.
#[derive(Debug)]
pub(crate) struct Table {
    headings: &'static [&'static str],
    rows: Vec<Vec<String>>,
}

impl Table {
    /// An empty table. Without headings only the rows are drawn.
    pub(crate) fn new(headings: &'static [&'static str]) -> Self {
        Self {
            headings,
            rows: Vec::new(),
        }
    }

    /// One more row, with as many cells as there are headings.
    pub(crate) fn row<const N: usize>(&mut self, cells: [String; N]) {
        let escaped = |cell: String| match shown(&cell) {
            Cow::Borrowed(_) => cell,
            Cow::Owned(escaped) => escaped,
        };
        self.rows.push(cells.map(escaped).into());
    }

    /// Whether there are no rows.
    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Draws it.
    pub(crate) fn write(&self, look: Look, out: &mut impl Write) -> io::Result<()> {
        let widths = self.widths(look);
        if !self.headings.is_empty() {
            let (on, off) = if look.colour {
                ("\u{1b}[1m", "\u{1b}[0m")
            } else {
                ("", "")
            };
            writeln!(out, "{on}{}{off}", line(self.headings, &widths))?;
        }
        self.rows
            .iter()
            .try_for_each(|row| writeln!(out, "{}", line(row, &widths)))
    }

    fn widths(&self, look: Look) -> Vec<usize> {
        let columns = self
            .rows
            .iter()
            .map(Vec::len)
            .max()
            .unwrap_or_default()
            .max(self.headings.len());
        let mut widths = vec![0; columns];
        let headings = self.headings.iter().copied().enumerate();
        let cells = self
            .rows
            .iter()
            .flat_map(|row| row.iter().map(String::as_str).enumerate());
        for (column, cell) in headings.chain(cells) {
            widths[column] = widths[column].max(cell.width());
        }
        // Rows without headings are facts, not a list: a path that is cut is of no use.
        if let Some(width) = look.width.filter(|_| !self.headings.is_empty()) {
            shrink(&mut widths, width);
        }
        widths
    }
}

/// Takes from the widest column until the line fits, or nothing more can go.
fn shrink(widths: &mut [usize], width: usize) {
    let gaps = widths.len().saturating_sub(1) * GAP;
    while widths.iter().sum::<usize>() + gaps > width {
        match widths.iter_mut().max() {
            Some(widest) if *widest > NARROWEST => *widest -= 1,
            _ => return,
        }
    }
}

fn line(cells: &[impl AsRef<str>], widths: &[usize]) -> String {
    let mut line = String::new();
    for (cell, width) in cells.iter().zip(widths) {
        let cell = cut(cell.as_ref(), *width);
        let padding = width.saturating_sub(cell.width()) + GAP;
        line.push_str(&cell);
        line.extend(std::iter::repeat_n(' ', padding));
    }
    line.truncate(line.trim_end().len());
    line
}

/// The text, or as much of it as fits before an ellipsis.
fn cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut cut = String::new();
    let mut taken = 1;
    for c in text.chars() {
        taken += c.width().unwrap_or_default();
        if taken > width {
            break;
        }
        cut.push(c);
    }
    cut.push('…');
    cut
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(width: Option<usize>) -> String {
        let mut table = Table::new(&["Name", "E-mail", "Role"]);
        table.row([
            "李小龍".to_owned(),
            "bruce@example.com".to_owned(),
            "staff".to_owned(),
        ]);
        table.row([
            "Zoë\u{1b}[31m".to_owned(),
            "z@example.com".to_owned(),
            "owner".to_owned(),
        ]);
        let mut out = Vec::new();
        table.write(Look { colour: false, width }, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn columns_line_up_in_every_script() {
        insta::assert_snapshot!(drawn(None), @r"
        Name           E-mail             Role
        李小龍         bruce@example.com  staff
        Zoë\u{1b}[31m  z@example.com      owner
        ");
    }

    #[test]
    fn a_line_is_never_longer_than_the_terminal() {
        insta::assert_snapshot!(drawn(Some(30)), @r"
        Name         E-mail      Role
        李小龍       bruce@exa…  staff
        Zoë\u{1b}[…  z@example…  owner
        ");
    }
}

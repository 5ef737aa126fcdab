//! Accounts as they come in: CSV or JSON lines, each row read alone.

use std::path::Path;

use csv::{ByteRecord, ReaderBuilder};
use keyholder_core::directory::ImportRow;
use serde::Deserialize;

use super::export::COLUMNS;
use crate::failure::Failure;
use crate::rows::{Format, unguarded};

/// The longest field that is taken, in bytes.
const LONGEST_FIELD: usize = 1024 * 1024;
/// The longest line of JSON that is looked at: every field at its longest, and escaped.
const LONGEST_LINE: usize = 16 * LONGEST_FIELD;

/// One row of a file.
#[derive(Debug)]
pub(super) struct Read {
    /// Where it begins, from 1.
    pub(super) line: u64,
    /// The e-mail address as written, to find the row by.
    pub(super) email: String,
    /// The row, or what cannot be read of it.
    pub(super) row: Result<ImportRow, Unreadable>,
}

/// What cannot be read.
#[derive(Debug)]
pub(super) struct Unreadable {
    /// Which column; none for the whole row.
    pub(super) column: &'static str,
    /// Why.
    pub(super) why: String,
}

/// Every row of a file.
pub(super) fn read(bytes: &[u8], path: &Path) -> Result<Vec<Read>, Failure> {
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return Err(wrong("it is written in UTF-16", "Save it as CSV in UTF-8."));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let first = bytes.iter().copied().find(|byte| !byte.is_ascii_whitespace());
    let format = Format::by_ending(path).unwrap_or(if first == Some(b'{') {
        Format::Jsonl
    } else {
        Format::Csv
    });
    match (format, first) {
        (_, None) => Err(wrong(
            "it is empty",
            "It needs a header with the column email, or a JSON document on each line.",
        )),
        (Format::Jsonl, Some(b'[')) => Err(wrong(
            "it is one JSON list",
            "Write one JSON document on each line.",
        )),
        (Format::Jsonl, _) => Ok(json_lines(bytes)),
        (Format::Csv, _) => csv_rows(bytes),
    }
}

fn wrong(what: &str, advice: &str) -> Failure {
    Failure::usage(
        format!("the file cannot be read as a file of accounts: {what}"),
        advice,
    )
}

fn csv_rows(bytes: &[u8]) -> Result<Vec<Read>, Failure> {
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(bytes);
    let mut records = reader
        .byte_records()
        .map(|record| record.map_err(|error| wrong(&error.to_string(), "See that it is a CSV file.")));
    let header = records.next().transpose()?.unwrap_or_default();
    let columns = header.iter().map(column).collect::<Result<Vec<_>, _>>()?;
    if !columns.contains(&0) {
        return Err(wrong(
            "there is no column email",
            "Its first line names the columns, separated by commas.",
        ));
    }
    if let Some(twice) =
        (0..COLUMNS.len()).find(|column| columns.iter().filter(|other| *other == column).count() > 1)
    {
        return Err(wrong(
            &format!("the column {} is there twice", COLUMNS[twice]),
            "Keep one of them.",
        ));
    }
    records.map(|record| Ok(csv_row(&record?, &columns))).collect()
}

/// Which of the columns a name in the header means.
fn column(name: &[u8]) -> Result<usize, Failure> {
    let name = String::from_utf8_lossy(name).trim().to_lowercase();
    COLUMNS.iter().position(|column| *column == name).ok_or_else(|| {
        wrong(
            &format!("the column {name:?} is not known"),
            &format!("There are {}; separate them by commas.", COLUMNS.join(", ")),
        )
    })
}

fn csv_row(record: &ByteRecord, columns: &[usize]) -> Read {
    let line = record.position().map_or(0, csv::Position::line);
    let mut fields: [String; COLUMNS.len()] = Default::default();
    let mut problem = None;
    if record.len() != columns.len() {
        let why = format!(
            "this row has {} cells and the header {}",
            record.len(),
            columns.len()
        );
        problem = Some(Unreadable { column: "", why });
    }
    for (cell, &column) in record.iter().zip(columns) {
        match text(cell) {
            Ok(text) => unguarded(text).clone_into(&mut fields[column]),
            Err(why) => {
                let column = COLUMNS[column];
                problem.get_or_insert(Unreadable { column, why });
            }
        }
    }
    row(line, fields, problem)
}

fn text(cell: &[u8]) -> Result<&str, String> {
    if cell.len() > LONGEST_FIELD {
        return Err("this is longer than a mebibyte".to_owned());
    }
    std::str::from_utf8(cell).map_err(|_| "this is not text in UTF-8".to_owned())
}

/// A row as JSON writes it: every key but the first may be missing or null.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    email: String,
    name: Option<String>,
    role: Option<String>,
    password_hash: Option<String>,
    totp_secret: Option<String>,
    created_at: Option<String>,
}

fn json_lines(bytes: &[u8]) -> Vec<Read> {
    let lines = (1..).zip(bytes.split(|byte| *byte == b'\n'));
    lines
        .filter(|(_, line)| !line.trim_ascii().is_empty())
        .map(|(number, line)| json_row(number, line))
        .collect()
}

fn json_row(line: u64, bytes: &[u8]) -> Read {
    let whole = |why: String| row(line, Default::default(), Some(Unreadable { column: "", why }));
    if bytes.len() > LONGEST_LINE {
        return whole("this line is too long".to_owned());
    }
    let document: Document = match serde_json::from_slice(bytes) {
        Ok(document) => document,
        // The place within the line; the message quotes keys, never values.
        Err(error) if error.is_data() => return whole(format!("this is no account: {error}")),
        Err(error) => return whole(format!("this is no JSON document: {error}")),
    };
    let Document {
        email,
        name,
        role,
        password_hash,
        totp_secret,
        created_at,
    } = document;
    let optional = [name, role, password_hash, totp_secret, created_at].map(Option::unwrap_or_default);
    let [name, role, password_hash, totp_secret, created_at] = optional;
    let fields = [email, name, role, password_hash, totp_secret, created_at];
    let long = COLUMNS
        .into_iter()
        .zip(&fields)
        .find(|(_, field)| field.len() > LONGEST_FIELD);
    let problem = long.map(|(column, _)| Unreadable {
        column,
        why: "this is longer than a mebibyte".to_owned(),
    });
    row(line, fields, problem)
}

fn row(line: u64, fields: [String; COLUMNS.len()], problem: Option<Unreadable>) -> Read {
    let [email, name, role, password_hash, totp_secret, created_at] = fields;
    let found_by = email.chars().take(254).collect();
    let row = match problem {
        Some(problem) => Err(problem),
        None => Ok(ImportRow {
            email,
            name,
            role,
            password_hash: password_hash.into(),
            totp_secret: totp_secret.into(),
            created_at,
        }),
    };
    Read {
        line,
        email: found_by,
        row,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn emails(bytes: &[u8], name: &str) -> Vec<String> {
        let told = |read: Read| match read.row {
            Ok(row) => row.email,
            Err(unreadable) => format!("{} {}: {}", read.line, unreadable.column, unreadable.why),
        };
        read(bytes, Path::new(name)).map_or_else(
            |failure| vec![failure.happened().to_owned()],
            |rows| rows.into_iter().map(told).collect(),
        )
    }

    #[test]
    fn csv_and_json_lines_are_told_apart_by_ending_or_content() {
        let expected = ["a@b.co", "+c@d.co"];
        assert_eq!(
            emails(b"\xef\xbb\xbfEmail,name\r\na@b.co,A\r\n'+c@d.co,C\r\n", "x.csv"),
            expected,
            "as Excel writes it"
        );
        assert_eq!(
            emails(b"name,email\nA,a@b.co\n\nC,+c@d.co", "x"),
            expected,
            "columns in any order"
        );
        assert_eq!(
            emails(
                b"{\"email\":\"a@b.co\"}\n\n{\"email\":\"+c@d.co\",\"name\":null}\n",
                "-"
            ),
            expected,
            "by content"
        );
    }

    #[test]
    fn a_row_that_cannot_be_read_is_named_and_the_others_are_read() {
        let long = [
            b"email,name\na@b.co,".as_slice(),
            &vec![b'x'; LONGEST_FIELD + 1],
            b"\nb@c.co,B,C\n\xff,x\nd@e.co,D\n",
        ]
        .concat();
        insta::assert_debug_snapshot!(emails(&long, "x.csv"), @r#"
        [
            "2 name: this is longer than a mebibyte",
            "3 : this row has 3 cells and the header 2",
            "4 email: this is not text in UTF-8",
            "d@e.co",
        ]
        "#);
        insta::assert_debug_snapshot!(emails(b"{\"email\":\"a@b.co\"}\n{}\nhello\n", "x.jsonl"), @r#"
        [
            "a@b.co",
            "2 : this is no account: missing field `email` at line 1 column 2",
            "3 : this is no JSON document: expected value at line 1 column 1",
        ]
        "#);
    }

    #[test]
    fn a_file_that_is_none_is_refused_as_a_whole() {
        insta::assert_debug_snapshot!(
            [&b""[..], b"email;name\n", b"name\nA\n", b"email,email\n", b"\xff\xfee\0", b"[]"].map(|bytes| emails(bytes, if bytes == b"[]" { "x.json" } else { "x.csv" })),
            @r#"
            [
                [
                    "the file cannot be read as a file of accounts: it is empty",
                ],
                [
                    "the file cannot be read as a file of accounts: the column \"email;name\" is not known",
                ],
                [
                    "the file cannot be read as a file of accounts: there is no column email",
                ],
                [
                    "the file cannot be read as a file of accounts: the column email is there twice",
                ],
                [
                    "the file cannot be read as a file of accounts: it is written in UTF-16",
                ],
                [
                    "the file cannot be read as a file of accounts: it is one JSON list",
                ],
            ]
            "#
        );
    }
}

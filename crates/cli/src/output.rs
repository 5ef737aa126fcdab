//! What a command answers: tables and sentences for people, JSON for programs.

use std::io::{self, BufWriter, IsTerminal as _, Stdout, Write};

use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter};

use crate::table::{Look, Table};
use crate::text::shown;

/// Standard output, for people or for programs.
pub(crate) struct Output {
    json: bool,
    look: Look,
    out: BufWriter<Stdout>,
}

impl Output {
    /// Colours and cut columns only on a terminal.
    pub(crate) fn new(json: bool) -> Self {
        let out = io::stdout();
        let look = if out.is_terminal() {
            Look::of_terminal()
        } else {
            Look::plain()
        };
        Self {
            json,
            look,
            out: BufWriter::new(out),
        }
    }

    /// Whether a program reads it.
    pub(crate) fn is_json(&self) -> bool {
        self.json
    }

    /// One answer: a document, or the words that say the same.
    pub(crate) fn answer(
        &mut self,
        document: &impl Serialize,
        words: impl FnOnce(&mut Self) -> io::Result<()>,
    ) -> io::Result<()> {
        if self.json {
            self.json_line(document)?;
        } else {
            words(self)?;
        }
        self.flush()
    }

    /// One document on one line.
    pub(crate) fn json_line(&mut self, document: &impl Serialize) -> io::Result<()> {
        writeln!(self.out, "{}", escaped_json(document))
    }

    /// One line of words.
    pub(crate) fn line(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.out, "{}", shown(text))
    }

    /// A table.
    pub(crate) fn table(&mut self, table: &Table) -> io::Result<()> {
        table.write(self.look, &mut self.out)
    }

    /// The plain writer, for files that go to standard output.
    pub(crate) fn writer(&mut self) -> &mut impl Write {
        &mut self.out
    }

    /// Hands everything on, so that an error is known before the command ends.
    pub(crate) fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// JSON in which every character that cannot be seen is escaped, also those JSON would let through.
pub(crate) fn escaped_json(document: &impl Serialize) -> String {
    let mut bytes = Vec::new();
    let mut to = serde_json::Serializer::with_formatter(&mut bytes, Escaping);
    match document.serialize(&mut to) {
        // The serializer writes nothing but UTF-8.
        Ok(()) => String::from_utf8_lossy(&bytes).into_owned(),
        Err(error) => format!("{{\"error\":\"{error}\"}}"),
    }
}

struct Escaping;

impl Formatter for Escaping {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, to: &mut W, fragment: &str) -> io::Result<()> {
        if keyholder_core::account::printable(fragment) {
            return CompactFormatter.write_string_fragment(to, fragment);
        }
        let mut buffer = [0; 4];
        let mut units = [0; 2];
        for c in fragment.chars() {
            let text = c.encode_utf8(&mut buffer);
            if keyholder_core::account::printable(text) {
                to.write_all(text.as_bytes())?;
            } else {
                for unit in c.encode_utf16(&mut units) {
                    write!(to, "\\u{unit:04x}")?;
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p47_json_escapes_what_cannot_be_seen_and_says_the_same() {
        let text = "a\r\n\u{1b}[2J\u{202e}\u{9b}\u{7f}=cmd 李👩‍🌾";
        let json = escaped_json(&text);
        assert_eq!(
            json, r#""a\r\n\u001b[2J\u202e\u009b\u007f=cmd 李👩‍🌾""#,
            "a terminal shows it as it is"
        );
        assert_eq!(
            serde_json::from_str::<String>(&json).unwrap(),
            text,
            "a program reads what was there"
        );
    }
}

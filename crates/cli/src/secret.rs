//! Passwords, codes and keys: typed without an echo, or read from files; never arguments.

use std::fs::File;
use std::io::{self, BufRead, IsTerminal as _};
use std::path::Path;

use keyholder_core::error::Refusal;
use keyholder_core::password::Password;
use zeroize::Zeroizing;

use crate::failure::Failure;

/// The longest line that is read, in bytes: more than any password before normalisation has.
const LONGEST_LINE: u64 = 64 * 1024;

/// A secret that is needed: what to ask for, and the option that answers in its place.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wanted<'a> {
    /// What it is, such as "password".
    pub(crate) what: &'a str,
    /// The option that names a file with it.
    pub(crate) option: &'a str,
    /// The file that was named, if one was.
    pub(crate) file: Option<&'a Path>,
}

impl Wanted<'_> {
    /// The secret from the file, or typed. Each secret from standard input is one line of it.
    pub(crate) fn get(self) -> Result<Zeroizing<String>, Failure> {
        match self.file {
            Some(file) => self.read(file),
            None => self.typed(&format!("{}: ", capital(self.what))),
        }
    }

    /// The same as a password of somebody.
    pub(crate) fn password(self) -> Result<Password, Failure> {
        password(&self.get()?)
    }

    /// A password that is being chosen: typed twice.
    pub(crate) fn new_password(self) -> Result<Password, Failure> {
        if self.file.is_some() {
            return self.password();
        }
        let first = self.typed(&format!("{}: ", capital(self.what)))?;
        let second = self.typed("The same again: ")?;
        if *first == *second {
            password(&first)
        } else {
            Err(Failure::refused(
                "the two passwords are not the same",
                "Type the same password twice.",
            ))
        }
    }

    fn read(self, file: &Path) -> Result<Zeroizing<String>, Failure> {
        let line = if file == Path::new("-") {
            first_line(io::stdin().lock())
        } else {
            File::open(file).and_then(|file| first_line(io::BufReader::new(file)))
        };
        match line {
            Ok(Some(line)) => Ok(line),
            Ok(None) => Err(Failure::usage(
                format!("there is no {} in {}", self.what, file.display()),
                format!(
                    "{} takes the first line of a file in UTF-8; - is standard input.",
                    self.option
                ),
            )),
            Err(error) => Err(Failure::file(file, "read", &error)),
        }
    }

    fn typed(self, question: &str) -> Result<Zeroizing<String>, Failure> {
        if !somebody_is_there() {
            return Err(Failure::usage(
                format!("there is no terminal to ask for the {}", self.what),
                format!(
                    "Name a file that holds it with {}; - is standard input.",
                    self.option
                ),
            ));
        }
        rpassword::prompt_password(question)
            .map(Zeroizing::new)
            .map_err(|error| {
                Failure::usage(
                    format!("the {} cannot be asked for: {error}", self.what),
                    format!("Name a file that holds it with {}.", self.option),
                )
            })
    }
}

/// Whether a person can be asked: their terminal is one end of this program.
pub(crate) fn somebody_is_there() -> bool {
    io::stdin().is_terminal() || io::stderr().is_terminal()
}

fn password(text: &str) -> Result<Password, Failure> {
    Password::new(text.to_owned()).map_err(|_| Refusal::PasswordTooLong.into())
}

/// The first line without its end and without a byte order mark; none where it is empty or is not
/// text.
fn first_line(from: impl BufRead) -> io::Result<Option<Zeroizing<String>>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(1024));
    from.take(LONGEST_LINE).read_until(b'\n', &mut bytes)?;
    let Ok(text) = std::str::from_utf8(&bytes) else {
        return Ok(None);
    };
    let text = text.strip_suffix('\n').unwrap_or(text);
    let text = text.strip_suffix('\r').unwrap_or(text);
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    Ok((!text.is_empty()).then(|| Zeroizing::new(text.to_owned())))
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars
        .next()
        .map(|first| first.to_uppercase().chain(chars).collect())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_one_line_as_editors_write_it() {
        let read = |bytes: &[u8]| first_line(bytes).unwrap().map(|line| line.to_string());
        for file in [
            &b"  secret words "[..],
            b"  secret words \n",
            b"  secret words \r\nmore",
            b"\xef\xbb\xbf  secret words \n",
        ] {
            assert_eq!(
                read(file).as_deref(),
                Some("  secret words "),
                "spaces belong to it, line ends do not"
            );
        }
        for file in [&b""[..], b"\n", b"\xff\xfe\n"] {
            assert_eq!(read(file), None, "nothing to take for a secret");
        }
    }
}

//! What becomes of a letter that was handed over.

use keyholder_core::account::printable;
use lettre::transport::smtp;

/// The longest words of a mail server that are kept, in characters.
const LONGEST: usize = 200;
/// "Authentication required" (RFC 4954, 6) and "must issue STARTTLS first" (RFC 3207, 4).
const NOT_WHO_WE_SAY: u16 = 530;

/// What a mail server, or the way to it, says of a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// The server has it now.
    Taken,
    /// Not now, for that reason: the server is not there, is busy, or does not take us for who we are.
    Later(String),
    /// Never, for that reason: the server takes no such letter, or knows nobody of that name.
    Never(String),
}

impl Answer {
    /// It failed before there was talk of a letter: nothing is wrong with the letter then.
    pub(super) fn before(error: &smtp::Error) -> Self {
        Self::Later(told(&error.to_string()))
    }

    /// It failed while the letter was handed over.
    pub(super) fn of(error: &smtp::Error) -> Self {
        let about_us = error
            .status()
            .is_some_and(|code| u16::from(code) == NOT_WHO_WE_SAY);
        let why = told(&error.to_string());
        if !about_us && (error.is_permanent() || error.is_client()) {
            Self::Never(why)
        } else {
            Self::Later(why)
        }
    }
}

/// Words from elsewhere for a line of the log: cut, and with nothing in them that forges a line.
pub(super) fn told(words: &str) -> String {
    let words: String = words
        .chars()
        .map(|c| {
            if printable(c.encode_utf8(&mut [0; 4])) {
                c
            } else {
                ' '
            }
        })
        .collect();
    let words: Vec<_> = words.split_whitespace().collect();
    let words = words.join(" ");
    match words.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &words[..end]),
        None => words,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p47_a_mail_server_forges_no_line_of_the_log() {
        assert_eq!(
            told("550 no\r\n2026-01-01 ERROR \u{1b}[31mall is lost\u{202e}"),
            "550 no 2026-01-01 ERROR [31mall is lost",
            "one line, in one direction"
        );
        assert_eq!(told(&"é".repeat(5_000)).chars().count(), 201, "and no book");
    }
}

//! The range protocol without the network: what is asked, and what an answer says.

use data_encoding::HEXUPPER;
use keyholder_core::password::Password;
use sha1::{Digest as _, Sha1};
use zeroize::Zeroizing;

/// How many characters of the hash leave the machine.
const PREFIX: usize = 5;

/// How many characters of the hash stay: a SHA-1 has 40.
const SUFFIX: usize = 35;

/// The question about one password, split into what is sent and what is kept. It erases itself when
/// dropped.
pub(crate) struct RangeQuery(Zeroizing<String>);

impl RangeQuery {
    pub(crate) fn about(password: &Password) -> Self {
        let hash: Zeroizing<[u8; 20]> = Zeroizing::new(Sha1::digest(password.expose()).into());
        Self(Zeroizing::new(HEXUPPER.encode(&*hash)))
    }

    /// What is sent.
    pub(crate) fn prefix(&self) -> &str {
        &self.0[..PREFIX]
    }

    /// What never leaves the machine.
    pub(crate) fn suffix(&self) -> &str {
        &self.0[PREFIX..]
    }
}

/// The answer is not a list of rows `SUFFIX:COUNT`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NotARange;

/// How often `suffix` stands in the answer, `None` if it does not. Rows with the count 0 are padding.
///
/// Every row is read before anything is said: an answer with one bad row is cut off, or not from a
/// breach list at all, and would make a "not found" a guess.
pub(crate) fn times_found(answer: &[u8], suffix: &str) -> Result<Option<u32>, NotARange> {
    let answer = answer.strip_suffix(b"\n").unwrap_or(answer);
    let mut times = 0;
    for row in answer.split(|&byte| byte == b'\n') {
        let (row_suffix, count) = read_row(row.strip_suffix(b"\r").unwrap_or(row))?;
        if row_suffix.eq_ignore_ascii_case(suffix.as_bytes()) {
            times = times.max(count);
        }
    }
    Ok((times > 0).then_some(times))
}

fn read_row(row: &[u8]) -> Result<(&[u8], u32), NotARange> {
    let (suffix, rest) = row.split_at_checked(SUFFIX).ok_or(NotARange)?;
    let count = rest.strip_prefix(b":").ok_or(NotARange)?;
    let is_row =
        suffix.iter().all(u8::is_ascii_hexdigit) && !count.is_empty() && count.iter().all(u8::is_ascii_digit);
    if !is_row {
        return Err(NotARange);
    }
    let count = count.iter().fold(0_u32, |sum, digit| {
        sum.saturating_mul(10).saturating_add(u32::from(digit - b'0'))
    });
    Ok((suffix, count))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const OURS: &str = "1E4C9B93F3F0682250B6CF8331B7EE68FD8";
    const OTHER: &str = "0018A45C4D1DEF81644B54AB7F969B88D65";

    #[test]
    fn a_hash_is_split_into_what_is_sent_and_what_stays() {
        let query = RangeQuery::about(&Password::new("password".to_owned()).unwrap());
        assert_eq!(query.prefix(), "5BAA6", "SHA-1 of \"password\" begins so");
        assert_eq!(query.suffix(), OURS, "and goes on so");
    }

    #[test]
    fn a_password_in_the_range_is_found_with_its_count() {
        for answer in [
            format!("{OTHER}:2\r\n{OURS}:52579\r\n"),
            format!("{OTHER}:2\r\n{OURS}:52579"),
            format!("{OTHER}:2\n{OURS}:52579\n"),
            format!("{OTHER}:2\r\n{}:52579", OURS.to_lowercase()),
            format!("{OURS}:0\r\n{OURS}:52579"),
            format!("{OURS}:52579\r\n{OURS}:0"),
        ] {
            assert_eq!(
                times_found(answer.as_bytes(), OURS),
                Ok(Some(52_579)),
                "line ends, case and order do not matter: {answer:?}"
            );
        }
    }

    #[test]
    fn a_count_beyond_all_bounds_is_the_greatest() {
        let answer = format!("{OURS}:99999999999999999999999999");
        assert_eq!(
            times_found(answer.as_bytes(), OURS),
            Ok(Some(u32::MAX)),
            "breached all the same"
        );
    }

    #[test]
    fn padding_is_no_breach() {
        let answer = format!("{OTHER}:0\r\n{OURS}:0\r\n");
        assert_eq!(
            times_found(answer.as_bytes(), OURS),
            Ok(None),
            "count 0 means nothing"
        );
    }

    #[test]
    fn what_is_not_a_range_says_nothing() {
        for answer in [
            String::new(),
            "\r\n".to_owned(),
            "<html><body>Sign in to the café's network</body></html>".to_owned(),
            OURS.to_owned(),
            format!("{OURS}:"),
            format!("{OURS}:-1"),
            format!("{OURS}: 1"),
            format!("{OURS}:1:1"),
            format!("{OURS};1"),
            format!("5{OURS}:1"),
            format!("{}:1", &OURS[1..]),
            format!("{OTHER}:2\r\n\r\n{OURS}:1"),
            format!("{OURS}:1\r\n{}", &OTHER[..20]),
            format!("{OURS}:1\r\n<html>"),
            format!("\u{feff}{OURS}:1"),
            format!("{}é:1", &OURS[2..]),
        ] {
            assert_eq!(
                times_found(answer.as_bytes(), OURS),
                Err(NotARange),
                "neither breached nor not found: {answer:?}"
            );
        }
    }

    /// A suffix that is ours now and then, otherwise nearly ours.
    fn suffix() -> impl Strategy<Value = String> {
        prop_oneof![
            Just(OURS.to_owned()),
            Just(OURS.to_lowercase()),
            (0..SUFFIX, "[0-9A-F]").prop_map(|(at, digit)| OURS[..at].to_owned() + &digit + &OURS[at + 1..]),
            "[0-9a-fA-F]{35}",
        ]
    }

    proptest! {
        #[test]
        fn p48_a_range_is_read_as_it_stands(
            rows in prop::collection::vec((suffix(), 0..=u32::MAX), 1..40), crlf: bool, end: bool
        ) {
            let line_end = if crlf { "\r\n" } else { "\n" };
            let written: Vec<String> = rows.iter().map(|(suffix, count)| format!("{suffix}:{count}")).collect();
            let answer = written.join(line_end) + if end { line_end } else { "" };
            let ours = rows.iter().filter(|(suffix, count)| suffix.to_uppercase() == OURS && *count > 0);
            prop_assert_eq!(
                times_found(answer.as_bytes(), OURS),
                Ok(ours.map(|(_, count)| *count).max())
            );
        }

        #[test]
        fn p48_no_bytes_are_read_as_more_than_they_say(answer: Vec<u8>) {
            // Random bytes are never 35 hexadecimal digits, a colon and a number by chance.
            prop_assert_eq!(times_found(&answer, OURS), Err(NotARange));
        }

        #[test]
        fn p48_one_spoiled_byte_never_turns_a_breach_into_not_found(
            before in 0..40_usize, after in 0..40_usize, at: prop::sample::Index, byte: u8
        ) {
            let rows = [format!("{OTHER}:7\r\n").repeat(before), format!("{OURS}:9"), format!("\r\n{OTHER}:7").repeat(after)];
            let mut answer = rows.concat().into_bytes();
            let ours = before * (SUFFIX + 4);
            let at = at.index(answer.len());
            answer[at] = byte;
            let in_our_row = (ours..ours + SUFFIX + 2).contains(&at);
            let verdict = times_found(&answer, OURS);
            prop_assert!(
                in_our_row || verdict != Ok(None),
                "byte {} set to {}: {:?}", at, byte, verdict
            );
        }

        #[test]
        fn p48_an_answer_cut_short_inside_a_suffix_says_nothing(rows in 1..40_usize, cut in 1..=SUFFIX) {
            let whole = format!("{OTHER}:7\r\n").repeat(rows) + OURS;
            let answer = &whole.as_bytes()[..whole.len() - SUFFIX + cut];
            prop_assert_eq!(times_found(answer, OURS), Err(NotARange));
        }
    }
}

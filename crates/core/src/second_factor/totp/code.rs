//! A code as somebody typed it.

use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use super::DIGITS;

/// Six digits. Not shown by `Debug`, wiped from memory when dropped.
#[derive(Clone)]
pub struct TotpCode(Zeroizing<String>);

impl TotpCode {
    /// Reads six ASCII digits with white space anywhere between them. `None` for anything else:
    /// such a text is no attempt and need not be counted.
    pub fn parse(text: &str) -> Option<Self> {
        let mut digits = Zeroizing::new(String::with_capacity(usize::from(DIGITS)));
        for typed in text.chars().filter(|typed| !typed.is_whitespace()) {
            if !typed.is_ascii_digit() || digits.len() == usize::from(DIGITS) {
                return None;
            }
            digits.push(typed);
        }
        (digits.len() == usize::from(DIGITS)).then_some(Self(digits))
    }

    /// The code of this computed text.
    pub(super) fn computed(digits: Zeroizing<String>) -> Self {
        Self(digits)
    }

    /// Whether both are the same, in constant time.
    pub(super) fn matches(&self, other: &Self) -> bool {
        self.0.as_bytes().ct_eq(other.0.as_bytes()).into()
    }

    /// The six digits: for tests and demonstrations that play the phone.
    pub fn digits(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for TotpCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TotpCode([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spaces_are_forgiven_and_nothing_else() {
        for text in ["123456", " 123 456 ", "1 2 3 4 5 6", "\t123\u{a0}456\n"] {
            let code = TotpCode::parse(text).map(|code| code.digits().to_owned());
            assert_eq!(
                code.as_deref(),
                Some("123456"),
                "{text:?} is how apps show and people type it"
            );
        }
        for text in [
            "",
            "12345",
            "1234567",
            "12345a",
            "+12345",
            "-12345",
            "123-456",
            "\u{661}\u{662}\u{663}\u{664}\u{665}\u{666}",
            "\u{ff11}\u{ff12}\u{ff13}\u{ff14}\u{ff15}\u{ff16}",
            "0x1234",
        ] {
            assert!(TotpCode::parse(text).is_none(), "{text:?} is no code");
        }
    }

    #[test]
    fn a_code_does_not_show_itself_in_a_log() {
        let code = TotpCode::parse("123456");
        assert_eq!(
            format!("{code:?}"),
            "Some(TotpCode([redacted]))",
            "Debug must not print the digits"
        );
    }
}

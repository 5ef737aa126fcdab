//! The parts that texts of hashes share.

use data_encoding::BASE64_NOPAD;

/// Bytes written in base64, however the other system writes it: the usual alphabet, the one for
/// addresses (`-_`) or passlib's (`./`), padded or not. The three never contradict each other.
pub(super) fn base64(text: &str) -> Option<Vec<u8>> {
    let plain: String = text
        .trim_end_matches('=')
        .chars()
        .map(|c| match c {
            '.' | '-' => '+',
            '_' => '/',
            other => other,
        })
        .collect();
    BASE64_NOPAD.decode(plain.as_bytes()).ok()
}

/// A decimal number without sign or spaces.
pub(super) fn number(text: &str) -> Option<u32> {
    text.bytes()
        .all(|b| b.is_ascii_digit())
        .then(|| text.parse().ok())?
}

/// The values of `name=value,name=value`, in the order of `names`. A name that is not asked for, or
/// that comes twice, makes the whole unreadable.
pub(super) fn named<'t, const N: usize>(text: &'t str, names: [&str; N]) -> Option<[Option<&'t str>; N]> {
    let mut values = [None; N];
    for pair in text.split(',') {
        let (name, value) = pair.split_once('=')?;
        let place = names.iter().position(|known| *known == name)?;
        if values[place].replace(value).is_some() {
            return None;
        }
    }
    Some(values)
}

#[cfg(test)]
mod tests {
    use super::{base64, named, number};

    #[test]
    fn every_dialect_of_base64_gives_the_same_bytes() {
        for text in ["+/8=", "+/8", "./8", "-_8", "-_8="] {
            assert_eq!(
                base64(text).as_deref(),
                Some(&[0xfb, 0xff][..]),
                "{text} is the same two bytes"
            );
        }
        assert_eq!(base64("a b"), None, "a space is not base64");
    }

    #[test]
    fn numbers_and_named_values_are_read_strictly() {
        assert_eq!(number("100000"), Some(100_000), "a plain number");
        assert_eq!(
            [number("+5"), number("-5"), number(""), number("4294967296")],
            [None; 4],
            "no sign, no gap, no overflow"
        );
        assert_eq!(
            named("m=1,t=2", ["t", "m"]),
            Some([Some("2"), Some("1")]),
            "any order"
        );
        assert_eq!(named("m=1,m=2", ["m"]), None, "twice the same name");
        assert_eq!(named("m=1,x=2", ["m"]), None, "a name nobody asked for");
    }
}

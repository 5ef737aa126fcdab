//! For whom a limit is counted.

use std::net::{IpAddr, Ipv6Addr};

/// The most characters of a subject: an e-mail address has as many (RFC 5321, 4.5.3.1.3).
pub const SUBJECT_MAX: usize = 254;

/// What an address is counted under: an IPv4 address alone, an IPv6 address with all that share its first
/// 64 bits, which one household or one machine has for itself (RFC 6177; RFC 4291, 2.5.4). None for what is
/// no address, such as the name of a machine, and for this machine itself: whoever sits at it asks its
/// store without us.
pub fn address_of(text: &str) -> Option<String> {
    let address: IpAddr = text.parse().ok()?;
    match address.to_canonical() {
        address if address.is_loopback() => None,
        IpAddr::V4(address) => Some(address.to_string()),
        IpAddr::V6(address) => Some(network_of(address)),
    }
}

fn network_of(address: Ipv6Addr) -> String {
    let [a, b, c, d, ..] = address.segments();
    format!("{}/64", Ipv6Addr::from([a, b, c, d, 0, 0, 0, 0]))
}

/// What the shop's page names as somebody: an address counts as [`address_of`] says, everything else
/// without regard to case. None for what is empty, too long or not printable.
pub fn subject_of(text: &str) -> Option<String> {
    let text = text.trim();
    let printable =
        !text.is_empty() && text.chars().count() <= SUBJECT_MAX && crate::account::printable(text);
    printable.then(|| address_of(text).unwrap_or_else(|| text.to_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_household_is_one_address() {
        let counted = |text| address_of(text).unwrap_or_default();
        assert_eq!(counted("203.0.113.7"), "203.0.113.7", "an IPv4 address is one");
        assert_eq!(
            counted("2001:db8:1:2:3:4:5:6"),
            counted("2001:db8:1:2::9"),
            "whoever has one address of a /64 has all of them"
        );
        assert_ne!(
            counted("2001:db8:1:2::9"),
            counted("2001:db8:1:3::9"),
            "the neighbour is another household"
        );
        assert_eq!(
            counted("::ffff:203.0.113.7"),
            "203.0.113.7",
            "the same address written as IPv6 is no second chance"
        );
        for here in ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1", "till-1", ""] {
            assert_eq!(address_of(here), None, "{here}: whoever sits here is not limited");
        }
    }

    #[test]
    fn a_subject_has_one_spelling() {
        assert_eq!(
            subject_of(" Carla@Mail.Example "),
            subject_of("carla@mail.example"),
            "capitals are no second chance"
        );
        assert_eq!(
            subject_of("::1").as_deref(),
            Some("::1"),
            "the shop's page may ask for anybody"
        );
        assert_eq!(subject_of("\u{7}"), None, "what cannot be shown is nobody");
        assert_eq!(subject_of(&"a".repeat(255)), None, "nor is what has no end");
    }
}

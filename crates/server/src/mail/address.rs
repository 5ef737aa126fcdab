//! Addresses as mail servers take them.

use keyholder_core::account::Email;
use lettre::Address;
use lettre::address::AddressError;
use url::Host;

/// The same address. Its domain is in ASCII (RFC 5891) where the part before it is: then every mail server
/// can take it, also one that knows nothing of Unicode (RFC 6531, 3.2).
pub(super) fn address(email: &Email) -> Result<Address, AddressError> {
    let (local, domain) = email
        .as_str()
        .rsplit_once('@')
        .ok_or(AddressError::MissingParts)?;
    let ascii = Host::parse(domain).map(|host| host.to_string());
    match ascii {
        Ok(ascii) if local.is_ascii() => Address::new(local, ascii),
        _ => Address::new(local, domain),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_gets_the_address_that_it_can_take() {
        for (email, taken) in [
            ("Ada@Example.COM", "Ada@example.com"),
            ("anna@localhost", "anna@localhost"),
            ("anna@b\u{fc}cher.example", "anna@xn--bcher-kva.example"),
            ("zo\u{eb}@b\u{fc}cher.example", "zo\u{eb}@b\u{fc}cher.example"),
            ("\"with space\"@example.com", "\"with space\"@example.com"),
        ] {
            let email = Email::parse(email).unwrap();
            assert_eq!(address(&email).unwrap().to_string(), taken, "{email}");
        }
    }
}

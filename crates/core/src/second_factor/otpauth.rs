//! The address that an authenticator app reads from the QR picture.

use std::fmt::Write as _;

use secrecy::SecretString;

use super::TotpSecret;
use super::totp::{DIGITS, STEP_SECS};

/// The `otpauth://` address of a secret (Key Uri Format): issuer twice and equal, because apps read
/// one or the other.
///
/// Everything but RFC 3986's unreserved characters is percent-encoded. The colon parts issuer and
/// account, so that colons inside them are left out, as are control characters.
pub fn uri(issuer: &str, account: &str, secret: &TotpSecret) -> SecretString {
    let (issuer, account) = (encoded(issuer), encoded(account));
    let base32 = secret.base32();
    let parts = [
        "otpauth://totp/",
        &issuer,
        ":",
        &account,
        "?secret=",
        &base32,
        "&issuer=",
        &issuer,
        "&algorithm=SHA1",
        &format!("&digits={DIGITS}&period={STEP_SECS}"),
    ];
    // `concat` takes the whole length at once: no part of the secret is left behind by growing.
    SecretString::from(parts.concat().into_boxed_str())
}

/// Percent-encoded, without colons and control characters.
fn encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for character in text
        .chars()
        .filter(|character| *character != ':' && !character.is_control())
    {
        if character.is_ascii_alphanumeric() || "-._~".contains(character) {
            encoded.push(character);
        } else {
            for byte in character.encode_utf8(&mut [0; 4]).bytes() {
                let _written = write!(encoded, "%{byte:02X}");
            }
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;

    fn uri_of(issuer: &str, account: &str) -> String {
        let secret = TotpSecret::from_base32("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ").unwrap();
        uri(issuer, account, &secret).expose_secret().to_owned()
    }

    #[test]
    fn an_app_finds_shop_person_and_secret() {
        assert_eq!(
            uri_of("Tea & Talk", "anna@example.org"),
            "otpauth://totp/Tea%20%26%20Talk:anna%40example.org?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\
             &issuer=Tea%20%26%20Talk&algorithm=SHA1&digits=6&period=30",
            "the convention, letter by letter"
        );
    }

    #[test]
    fn no_name_can_forge_another_part_of_the_address() {
        let uri = uri_of("Shop: north/?#&issuer=Bank%3A+\n", "jürgen:x@bücher.example");
        assert!(
            uri.starts_with("otpauth://totp/Shop%20north%2F%3F%23%26issuer%3DBank%253A%2B:j%C3%BCrgenx%40b%C3%BCcher.example?"),
            "{uri} must keep every odd character inside its part"
        );
        assert_eq!(
            uri.matches("&issuer=").count(),
            1,
            "{uri} has one issuer beside the label"
        );
    }
}

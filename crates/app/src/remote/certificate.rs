//! The certificate that a service shows, looked at before anything is sent to it.

use jiff::Timestamp;
use keyholder_core::account::printable;
use keyholder_core::error::{Code, RemoteError};
use rustls::pki_types::{CertificateDer, ServerName};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::GeneralName;
use x509_parser::prelude::FromDer as _;

use super::address::Address;
use super::connection::Deadlines;
use super::failure;
use super::trust::{Fingerprint, by_hand};

/// The longest text taken out of a certificate, in characters: whoever shows it wrote it.
const LONGEST_TEXT: usize = 200;
/// The most names taken out of a certificate.
const MOST_NAMES: usize = 20;

/// What a certificate says of itself: for a person to compare, and to confirm or not. Only the
/// fingerprint cannot be made up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// Whom it was made out to.
    pub subject: String,
    /// Who made it out; the subject itself, where it vouches for itself.
    pub issuer: String,
    /// The names and addresses that it is for.
    pub names: Vec<String>,
    /// Good from then.
    pub not_before: Timestamp,
    /// Good until then.
    pub not_after: Timestamp,
    /// Names it for certain: see [`Trust::Pinned`](super::Trust::Pinned).
    pub fingerprint: Fingerprint,
}

/// The certificate shown at that address, whoever vouches for it. Nothing but the beginning of TLS is
/// sent; whoever answers has proved to hold the certificate's key.
///
/// # Errors
/// [`Code::Unreachable`], or [`Code::NotSecured`] where no TLS is spoken.
pub async fn look_at(address: &Address, deadlines: Deadlines) -> Result<Certificate, RemoteError> {
    if !address.is_https() {
        return Err(failure::of(Code::NotSecured, "plain http shows no certificate"));
    }
    let shown = tokio::time::timeout(deadlines.connect, shown_at(address))
        .await
        .map_err(|_| failure::of(Code::Unreachable, "no certificate in time"))??;
    read(&shown)
}

async fn shown_at(address: &Address) -> Result<CertificateDer<'static>, RemoteError> {
    let (host, port) = address.host_and_port();
    let not_secured = |cause: &dyn std::error::Error| failure::of(Code::NotSecured, cause);
    let name = ServerName::try_from(host.to_owned()).map_err(|cause| not_secured(&cause))?;
    let config = by_hand(None).map_err(|cause| not_secured(&cause))?;
    let line = TcpStream::connect((host, port))
        .await
        .map_err(|cause| failure::of(Code::Unreachable, &cause))?;
    let secured = TlsConnector::from(std::sync::Arc::new(config))
        .connect(name, line)
        .await
        .map_err(|cause| not_secured(&cause))?;
    let shown = secured.get_ref().1.peer_certificates().and_then(<[_]>::first);
    shown
        .map(|certificate| certificate.clone().into_owned())
        .ok_or_else(|| failure::of(Code::NotSecured, "no certificate was shown"))
}

fn read(der: &CertificateDer<'_>) -> Result<Certificate, RemoteError> {
    let unreadable = || failure::of(Code::NotSecured, "the certificate cannot be read");
    let (_, certificate) = X509Certificate::from_der(der).map_err(|_| unreadable())?;
    let moment = |seconds| Timestamp::from_second(seconds).map_err(|_| unreadable());
    let validity = certificate.validity();
    let names = certificate.subject_alternative_name().ok().flatten();
    Ok(Certificate {
        subject: shown(&certificate.subject().to_string()),
        issuer: shown(&certificate.issuer().to_string()),
        names: names.map_or_else(Vec::new, |names| {
            let names = names.value.general_names.iter().filter_map(name);
            names.take(MOST_NAMES).collect()
        }),
        not_before: moment(validity.not_before.timestamp())?,
        not_after: moment(validity.not_after.timestamp())?,
        fingerprint: Fingerprint::of(der),
    })
}

fn name(name: &GeneralName<'_>) -> Option<String> {
    match name {
        GeneralName::DNSName(name) => Some(shown(name)),
        GeneralName::IPAddress(bytes) => address(bytes),
        _ => None,
    }
}

fn address(bytes: &[u8]) -> Option<String> {
    let four: Option<[u8; 4]> = bytes.try_into().ok();
    let sixteen: Option<[u8; 16]> = bytes.try_into().ok();
    let address = four
        .map(std::net::IpAddr::from)
        .or(sixteen.map(std::net::IpAddr::from))?;
    Some(address.to_string())
}

/// A text that a stranger wrote, so that it can be shown: short, and with nothing in it that hides or
/// turns what stands beside it.
fn shown(text: &str) -> String {
    let visible = |letter: char| {
        if printable(letter.encode_utf8(&mut [0; 4])) {
            letter
        } else {
            '\u{fffd}'
        }
    };
    text.chars().take(LONGEST_TEXT).map(visible).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_in_a_certificate_hides_nothing() {
        assert_eq!(
            shown("CN=keys.example.com\u{202e}moc.live\u{0}\n"),
            "CN=keys.example.com\u{fffd}moc.live\u{fffd}\u{fffd}",
            "what turns the text round is seen"
        );
        assert_eq!(
            shown(&"a".repeat(10_000)).len(),
            LONGEST_TEXT,
            "a book is cut off"
        );
    }
}

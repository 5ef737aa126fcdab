//! Which certificate is trusted.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use data_encoding::HEXUPPER;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, aws_lc_rs, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, Error, SignatureScheme};
use sha2::{Digest as _, Sha256};

/// Who vouches for the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trust {
    /// The authorities that this machine trusts.
    System,
    /// A person: they looked at this certificate and confirmed it. It stands for itself, so that neither
    /// the name in it nor its dates are asked; no other certificate is taken in its place.
    Pinned(Fingerprint),
}

/// The SHA-256 of a certificate in DER: what two people compare over the phone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fingerprint([u8; 32]);

impl Fingerprint {
    pub(super) fn of(certificate: &CertificateDer<'_>) -> Self {
        Self(Sha256::digest(certificate).into())
    }
}

impl fmt::Display for Fingerprint {
    /// Pairs of hexadecimal digits with colons, as browsers and `openssl x509 -fingerprint` write it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, byte) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str(":")?;
            }
            write!(f, "{byte:02X}")?;
        }
        Ok(())
    }
}

/// This is no SHA-256 fingerprint: 64 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is not a SHA-256 fingerprint: 64 hexadecimal digits")]
pub struct NotAFingerprint;

impl FromStr for Fingerprint {
    type Err = NotAFingerprint;

    /// In either case, with or without colons and spaces.
    fn from_str(text: &str) -> Result<Self, NotAFingerprint> {
        let digits: String = text
            .chars()
            .filter(|typed| *typed != ':' && !typed.is_whitespace())
            .map(|typed| typed.to_ascii_uppercase())
            .collect();
        let bytes = HEXUPPER.decode(digits.as_bytes()).map_err(|_| NotAFingerprint)?;
        bytes.try_into().map(Self).map_err(|_| NotAFingerprint)
    }
}

/// TLS with a certificate that no authority has to vouch for: that one, or without one any at all,
/// which is for looking only. Its owner must prove to hold its key in either case.
pub(super) fn by_hand(pinned: Option<Fingerprint>) -> Result<ClientConfig, Error> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let verifier = ByHand {
        pinned,
        provider: Arc::clone(&provider),
    };
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

#[derive(Debug)]
struct ByHand {
    pinned: Option<Fingerprint>,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for ByHand {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        if self
            .pinned
            .is_none_or(|pinned| pinned == Fingerprint::of(end_entity))
        {
            Ok(ServerCertVerified::assertion())
        } else {
            Err(CertificateError::ApplicationVerificationFailure.into())
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let known = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signed, known)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let known = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signed, known)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_is_read_as_it_is_written() {
        let fingerprint = Fingerprint::of(&CertificateDer::from(b"not really one".to_vec()));
        let shown = fingerprint.to_string();
        assert_eq!(shown.len(), 95, "32 pairs with colons between them: {shown}");
        for written in [
            shown.clone(),
            shown.to_lowercase(),
            shown.replace(':', " "),
            shown.replace(':', ""),
        ] {
            assert_eq!(written.parse(), Ok(fingerprint), "{written} is the same");
        }
        for nonsense in ["", "AB:CD", &format!("{shown}:00"), &shown.replace(':', "-")] {
            assert_eq!(
                nonsense.parse::<Fingerprint>(),
                Err(NotAFingerprint),
                "{nonsense:?} cannot be one"
            );
        }
    }
}

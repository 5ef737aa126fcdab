//! Why a question did not come to the service.

use std::error::Error as StdError;
use std::fmt::Display;
use std::io;

use keyholder_core::error::{Code, RemoteError};
use rustls::{CertificateError, Error as TlsError};

/// What lies in between, in the words of whoever said so.
pub(super) fn of(code: Code, context: impl Display) -> RemoteError {
    RemoteError {
        code,
        until: None,
        context: context.to_string(),
    }
}

/// What kept a question from being sent. `None` if it was sent, in part or whole, as far as anybody knows.
pub(super) fn before_sent(cause: &reqwest::Error) -> Option<RemoteError> {
    if !cause.is_connect() && !cause.is_builder() {
        return None;
    }
    let code = tls_cause(cause).map_or(Code::Unreachable, of_tls);
    Some(of(code, chain(cause)))
}

/// An error with all its causes: the outermost of them alone says little.
pub(super) fn chain(error: &dyn StdError) -> String {
    let mut said = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        said.push_str(": ");
        said.push_str(&cause.to_string());
        next = cause.source();
    }
    said
}

fn tls_cause(cause: &reqwest::Error) -> Option<&TlsError> {
    let mut next: Option<&(dyn StdError + 'static)> = Some(cause);
    while let Some(error) = next {
        if let Some(tls) = error.downcast_ref::<TlsError>() {
            return Some(tls);
        }
        // An I/O error hands out what it wraps by another door than `source`.
        next = match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            Some(wrapped) => Some(wrapped),
            None => error.source(),
        };
    }
    None
}

/// Which of the reasons a person can do something about.
fn of_tls(error: &TlsError) -> Code {
    let TlsError::InvalidCertificate(why) = error else {
        return Code::NotSecured;
    };
    match why {
        CertificateError::Expired
        | CertificateError::ExpiredContext { .. }
        | CertificateError::NotValidYet
        | CertificateError::NotValidYetContext { .. } => Code::CertificateOutOfDate,
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            Code::CertificateForAnother
        }
        // Only where one certificate is trusted by hand, and it was not that one.
        CertificateError::ApplicationVerificationFailure => Code::CertificateChanged,
        // One that vouches for itself as if it were an authority comes as "other".
        CertificateError::UnknownIssuer | CertificateError::Other(_) => Code::CertificateUnknown,
        _ => Code::NotSecured,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_fault_of_a_certificate_has_its_own_way_on() {
        for (why, code) in [
            (CertificateError::Expired, Code::CertificateOutOfDate),
            (CertificateError::NotValidYet, Code::CertificateOutOfDate),
            (CertificateError::NotValidForName, Code::CertificateForAnother),
            (CertificateError::UnknownIssuer, Code::CertificateUnknown),
            (
                CertificateError::ApplicationVerificationFailure,
                Code::CertificateChanged,
            ),
            (CertificateError::BadSignature, Code::NotSecured),
            (CertificateError::Revoked, Code::NotSecured),
        ] {
            let error = TlsError::InvalidCertificate(why);
            assert_eq!(of_tls(&error), code, "{error}");
        }
        assert_eq!(
            of_tls(&TlsError::HandshakeNotComplete),
            Code::NotSecured,
            "and what has nothing to do with the certificate"
        );
    }
}

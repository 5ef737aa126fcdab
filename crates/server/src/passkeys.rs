//! Passkeys for one place on the web: the host of the public address.

use keyholder_core::account::{Account, AccountId};
use keyholder_core::credential::PasskeyId;
use keyholder_core::error::{Code, StoreError};
use keyholder_core::passkey::{Challenge, Claim, Made, NotProved, RelyingParty};
use serde::Serialize;
use serde::de::DeserializeOwned;
use url::{Host, Url};
use uuid::Uuid;
use webauthn_rs::prelude::{
    DiscoverableAuthentication, DiscoverableKey, Passkey, PasskeyRegistration, PublicKeyCredential,
    RegisterPublicKeyCredential, WebauthnError,
};
use webauthn_rs::{Webauthn, WebauthnBuilder};

use crate::settings::PublicUrl;

/// The largest answer that is read, in bytes: one of an authenticator has a few hundred, with the
/// certificates of some a few thousand.
const LARGEST: usize = 16 * 1024;

/// One place on the web, where passkeys are made and used.
pub(crate) struct Place(Webauthn);

impl Place {
    /// At that address; none where browsers make no passkeys: without TLS but for `localhost`, and where the
    /// host is a number.
    pub(crate) fn at(public_url: &PublicUrl) -> Option<Self> {
        let origin = Url::parse(public_url.as_str()).ok()?;
        let Some(Host::Domain(host)) = origin.host() else {
            return None;
        };
        if !public_url.is_https() && host != "localhost" {
            return None;
        }
        let builder = WebauthnBuilder::new(host, &origin).ok()?;
        Some(Self(builder.build().ok()?))
    }
}

impl RelyingParty for Place {
    fn ask_to_make(&self, account: &Account, known: &[PasskeyId]) -> Result<Challenge, StoreError> {
        let (email, name) = (account.email.as_str(), account.name.as_str());
        let called = if name.is_empty() { email } else { name };
        let known = known.iter().map(|id| id.as_bytes().to_vec()).collect();
        let id = account.id.uuid();
        let begun = self.0.start_passkey_registration(id, email, called, Some(known));
        let (options, state) = begun.map_err(|error| broken(&error.to_string()))?;
        let mut options = serde_json::json!(options.public_key);
        // An authenticator that keeps the account with the key, so that nobody need type an address.
        let wanted = &mut options["authenticatorSelection"];
        wanted["residentKey"] = "required".into();
        wanted["requireResidentKey"] = true.into();
        Ok(Challenge {
            options: written(&options)?,
            state: written(&state)?,
        })
    }

    fn made(&self, state: &str, answer: &str) -> Result<Made, NotProved> {
        let state: PasskeyRegistration = read(state).ok_or(NotProved::Wrong)?;
        let answer: RegisterPublicKeyCredential = read(answer).ok_or(NotProved::Wrong)?;
        let made = self.0.finish_passkey_registration(&answer, &state);
        let passkey = made.map_err(|error| not_proved(&error))?;
        let id = PasskeyId::new(passkey.cred_id().clone()).ok_or(NotProved::Wrong)?;
        let material = written(&passkey).map_err(|_| NotProved::Wrong)?;
        Ok(Made { id, material })
    }

    fn ask_to_use(&self) -> Result<Challenge, StoreError> {
        let begun = self.0.start_discoverable_authentication();
        let (options, state) = begun.map_err(|error| broken(&error.to_string()))?;
        Ok(Challenge {
            options: written(&options.public_key)?,
            state: written(&state)?,
        })
    }

    fn claim(&self, answer: &str) -> Option<Claim> {
        let answer: PublicKeyCredential = read(answer)?;
        let account = answer.get_user_unique_id();
        let account = account.and_then(|bytes| Uuid::from_slice(bytes).ok());
        Some(Claim {
            account: account.map(AccountId::from),
            id: PasskeyId::new(answer.get_credential_id().to_vec())?,
        })
    }

    fn used(&self, state: &str, answer: &str, material: &str) -> Result<String, NotProved> {
        let state: DiscoverableAuthentication = read(state).ok_or(NotProved::Wrong)?;
        let answer: PublicKeyCredential = read(answer).ok_or(NotProved::Wrong)?;
        let mut passkey: Passkey = read(material).ok_or(NotProved::Wrong)?;
        let key = DiscoverableKey::from(&passkey);
        let proved = self.0.finish_discoverable_authentication_v2(&answer, state, &key);
        let proved = proved.map_err(|error| not_proved(&error))?;
        passkey.update_credential(&proved).ok_or(NotProved::Wrong)?;
        written(&passkey).map_err(|_| NotProved::Wrong)
    }
}

fn not_proved(error: &WebauthnError) -> NotProved {
    tracing::debug!(%error, "a passkey is not taken");
    match error {
        WebauthnError::CredentialPossibleCompromise => NotProved::WentBack,
        _ => NotProved::Wrong,
    }
}

fn read<T: DeserializeOwned>(text: &str) -> Option<T> {
    if text.len() > LARGEST {
        return None;
    }
    serde_json::from_str(text).ok()
}

fn written(value: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| broken(&error.to_string()))
}

fn broken(context: &str) -> StoreError {
    StoreError {
        code: Code::Broken,
        context: format!("ask for a passkey: {context}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passkeys_are_for_places_that_browsers_make_them_at() {
        for (url, offered) in [
            ("https://keys.rose.example", true),
            ("https://keys.rose.example:8443", true),
            ("http://localhost:8700", true),
            ("http://127.0.0.1:8700", false),
            ("http://[::1]:8700", false),
            ("https://192.0.2.7", false),
        ] {
            let place = Place::at(&PublicUrl::parse(url).unwrap());
            assert_eq!(place.is_some(), offered, "{url}");
        }
    }

    #[test]
    fn the_question_is_the_same_for_everybody() {
        let place = Place::at(&PublicUrl::parse("https://keys.rose.example").unwrap()).unwrap();
        let asked = place.ask_to_use().unwrap();
        let options: serde_json::Value = serde_json::from_str(&asked.options).unwrap();
        assert_eq!(
            options["allowCredentials"],
            serde_json::json!([]),
            "no passkey is named, so that nobody learns who has one"
        );
        assert_eq!(
            options["userVerification"], "required",
            "it is both factors in one"
        );
        assert_eq!(
            options["rpId"], "keys.rose.example",
            "the host of the public address"
        );
    }
}

//! Coming in with an enrolment code.

use super::engine::Engine;
use super::sign_in::entered;
use crate::audit::Source;
use crate::directory::SignedIn;
use crate::error::{Refusal, Result};
use crate::password::Password;
use crate::rules::sign_in::{self as rules, Try};
use crate::rules::{Act, enrolment};
use crate::second_factor::EnrolmentCode;
use crate::session::DeviceKey;

impl Engine {
    /// Uses an enrolment code to set a password, and signs in.
    pub(super) async fn enrol(
        &self,
        email: &str,
        code: &str,
        password: &Password,
        source: Source,
        device: Option<DeviceKey>,
    ) -> Result<SignedIn> {
        let tried = Try::ENROLMENT;
        let policy = self.policy().await?;
        let shop = self.store.shop().await?.ok_or(Refusal::NotSetUp)?;
        let Some(person) = self.somebody(email).await? else {
            return Err(self.stranger(email, password, tried, &policy, source).await?);
        };
        let id = person.account.id;
        let act = Act::claimed(&person.account, self.now(), source);
        let code = EnrolmentCode::parse(code);
        // The same work whether the code is right or not, before anything is said.
        let (reserved, hash) = self
            .attempt(tried, person, &policy, &act, |_| async {
                self.hash(password, &mut self.rng()).await
            })
            .await?;
        let act = act.at(self.now());
        let interrupted = reserved.interrupted;
        let right = code.filter(|code| enrolment::is_right(&reserved.person, Some(code), &act));
        let Some(code) = right else {
            return self
                .decide(id, |person, _| {
                    Err::<(_, SignedIn), _>(rules::wrong(tried, &policy, person, &act, interrupted))
                })
                .await;
        };
        let account = &reserved.person.account;
        let (email, name, role) = (&account.email, &account.name, account.role);
        if let Err(weak) = self
            .strong_enough(password, email, name, &shop.name, role, &policy)
            .await
        {
            self.forgive(tried, id, &act, &Refusal::WeakPassword(Vec::new()))
                .await?;
            return Err(weak);
        }
        self.decide(id, |person, rng| {
            enrolment::redeem(&policy, person, &code, hash.clone(), &act, interrupted, rng)
                .map(|step| entered(step.bound_to(device), person.account.clone()))
        })
        .await
    }
}

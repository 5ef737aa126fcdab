//! One's own account: password, second factor, recovery codes.

use keyholder_core::directory::SecondFactorBegun;
use keyholder_core::second_factor::RecoveryCode;
use qrcode::render::svg;
use qrcode::{EcLevel, QrCode};
use secrecy::{ExposeSecret as _, SecretString};
use zeroize::Zeroizing;

use super::{Console, Sheet};
use crate::ipc::{Answer, RecoveryCodesShown, SecondFactorShown, Secret, ShownKind, Status, TotpQr};
use keyholder_core::error::Code;

impl Console {
    /// Chooses a new password, knowing the present one.
    pub async fn change_password(&self, present: Secret, new: Secret) -> Answer<Status> {
        self.inside()?
            .change_password(&present.into_password()?, &new.into_password()?)
            .await?;
        Ok(self.status().await)
    }

    /// Makes a second factor and shows it.
    pub async fn begin_second_factor(&self) -> Answer<SecondFactorShown> {
        let directory = self.inside()?;
        let me = directory.me().await?;
        let SecondFactorBegun { secret, uri } = directory.begin_second_factor().await?;
        let (account, issuer) = (me.account.email.as_str().to_owned(), self.shop_name().await?);
        self.show(
            ShownKind::SecondFactor,
            Sheet {
                file_name: "keyholder-second-factor.txt".to_owned(),
                heading: heading("Second factor", &issuer, &account, ""),
                secret: secret.base32(),
            },
        );
        Ok(SecondFactorShown {
            qr: qr(&uri)?,
            groups: secret.groups().split(' ').map(str::to_owned).collect(),
            account,
            issuer,
        })
    }

    /// Confirms it by a code; the recovery codes are shown once.
    pub async fn confirm_second_factor(&self, code: &Secret) -> Answer<RecoveryCodesShown> {
        let codes = self.inside()?.confirm_second_factor(code.expose()).await?;
        self.forget_shown(ShownKind::SecondFactor);
        self.recovery_codes_shown(&codes).await
    }

    /// Puts the second factor off.
    pub async fn put_off_second_factor(&self) -> Answer<Status> {
        self.inside()?.put_off_second_factor().await?;
        Ok(self.status().await)
    }

    /// Replaces the recovery codes; the new ones are shown once.
    pub async fn replace_recovery_codes(&self, password: Secret) -> Answer<RecoveryCodesShown> {
        let codes = self
            .inside()?
            .replace_recovery_codes(&password.into_password()?)
            .await?;
        self.recovery_codes_shown(&codes).await
    }

    /// Turns off one's own second factor.
    pub async fn remove_second_factor(&self, password: Secret) -> Answer<Status> {
        self.inside()?
            .remove_second_factor(&password.into_password()?)
            .await?;
        Ok(self.status().await)
    }

    async fn recovery_codes_shown(&self, codes: &[RecoveryCode]) -> Answer<RecoveryCodesShown> {
        let (account, shop) = (
            self.me().await?.account.email.as_str().to_owned(),
            self.shop_name().await?,
        );
        let made_at = self.surroundings.clock.now();
        let codes: Vec<String> = codes.iter().map(|code| code.printed().to_string()).collect();
        self.show(
            ShownKind::RecoveryCodes,
            Sheet {
                file_name: "keyholder-recovery-codes.txt".to_owned(),
                heading: heading(
                    "Recovery codes",
                    &shop,
                    &account,
                    &format!("Made: {made_at:.0}\nEach opens the door once.\n"),
                ),
                secret: Zeroizing::new(codes.join("\n")),
            },
        );
        Ok(RecoveryCodesShown {
            codes,
            account,
            shop,
            made_at,
        })
    }

    pub(super) async fn shop_name(&self) -> Answer<String> {
        Ok(self.front().await?.name.as_str().to_owned())
    }
}

/// The lines above a secret in a file.
pub(super) fn heading(what: &str, shop: &str, account: &str, more: &str) -> String {
    format!("{what}\n\nShop: {shop}\nAccount: {account}\n{more}")
}

/// Dark on white with a quiet zone of four modules and error correction level M, whatever the theme:
/// phones read nothing else reliably (ISO/IEC 18004, 6.3.8).
fn qr(uri: &SecretString) -> Answer<TotpQr> {
    let code = QrCode::with_error_correction_level(uri.expose_secret(), EcLevel::M).map_err(|error| {
        tracing::error!("no picture of the second factor: {error}");
        Code::Broken
    })?;
    let mut picture = code.render::<svg::Color<'_>>();
    picture
        .quiet_zone(true)
        .module_dimensions(4, 4)
        .dark_color(svg::Color("#000"))
        .light_color(svg::Color("#fff"));
    Ok(TotpQr(picture.build()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_picture_is_dark_on_white_with_a_quiet_zone_of_four() {
        let uri = SecretString::from(format!(
            "otpauth://totp/Shop:anna%40example.com?secret={}",
            "A".repeat(32)
        ));
        let TotpQr(svg) = qr(&uri).unwrap();
        assert!(
            svg.contains(r##"fill="#fff""##) && svg.contains(r##"fill="#000""##),
            "also in a dark theme: {svg}"
        );
        assert!(
            svg.contains("M16 16h"),
            "four modules of four are left white at the edge: {svg}"
        );
    }
}

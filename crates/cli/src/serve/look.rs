//! How the pages look: the logo is read here.

use keyholder_server::pages::{Logo, Look};
use keyholder_server::settings::Appearance;

use crate::failure::Failure;

/// The shop's colour and logo, as the settings name them.
pub(super) fn look(appearance: &Appearance) -> Result<Look, Failure> {
    let logo = match &appearance.logo {
        None => None,
        Some(path) => {
            let file = std::fs::read(path).map_err(|error| Failure::file(path, "read", &error))?;
            let logo = Logo::clean(&file).map_err(|refused| {
                Failure::usage(format!("{}: {refused}", path.display()), "Look at logo.")
            })?;
            Some(logo)
        }
    };
    Ok(Look::new(appearance.accent_color, logo))
}

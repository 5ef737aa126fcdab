//! `keyholder serve --check`: what holds, and from where.

use keyholder_server::serve::Certificate;
use keyholder_server::settings::{Held, Settings};

use super::look::look;
use super::run::certificate_refused;
use crate::failure::Failure;
use crate::mail;
use crate::output::Output;
use crate::table::Table;

/// Tells every setting; then looks whether logo, mail server's password and authority, and certificate could be used.
pub(super) fn tell(settings: &Settings, held: &[Held], out: &mut Output) -> Result<(), Failure> {
    out.answer(&serde_json::json!({ "settings": held }), |out| {
        let mut table = Table::new(&["Setting", "Value", "From"]);
        for held in held {
            let value = held.value.clone().unwrap_or_else(|| "-".to_owned());
            table.row([held.name.to_owned(), value, held.from.to_string()]);
        }
        out.table(&table)
    })?;
    look(&settings.appearance)?;
    mail::way(settings)?;
    let read = settings.tls.as_ref().map(Certificate::read).transpose();
    read.map(drop).map_err(|refused| certificate_refused(&refused))
}

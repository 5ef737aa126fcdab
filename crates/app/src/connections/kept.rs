//! The file in which the connections are kept between two starts. No secret is ever in it.

use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::Connection;
use crate::place::{Place, ServicePlace};
use crate::remote::{Address, Trust};
use crate::shop_file::create_dir;

/// The form of the file.
const FORM: u32 = 1;

/// What was kept: the connections, and which of them was used last.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Kept {
    pub(super) connections: Vec<Connection>,
    pub(super) last: Option<Place>,
}

#[derive(Serialize, Deserialize)]
struct Written {
    form: u32,
    last: Option<WrittenPlace>,
    connections: Vec<WrittenConnection>,
}

#[derive(Serialize, Deserialize)]
struct WrittenConnection {
    place: WrittenPlace,
    shop: Option<String>,
    label: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
enum WrittenPlace {
    Store {
        path: PathBuf,
    },
    Service {
        address: String,
        /// The fingerprint of the one certificate that is trusted; none where the system's word is taken.
        certificate: Option<String>,
    },
}

/// What the file holds. One that cannot be read is set aside and said in the log: the shops in it are
/// where they were, and can be connected to anew.
pub(super) fn read(file: &Path) -> Kept {
    let text = match std::fs::read(file) {
        Ok(text) => text,
        Err(cause) if cause.kind() == ErrorKind::NotFound => return Kept::default(),
        Err(cause) => return unreadable(file, &cause),
    };
    match serde_json::from_slice::<Written>(&text) {
        Ok(written) if written.form == FORM => written.into(),
        Ok(written) => unreadable(file, &format_args!("its form is {}", written.form)),
        Err(cause) => unreadable(file, &cause),
    }
}

fn unreadable(file: &Path, why: &dyn std::fmt::Display) -> Kept {
    tracing::warn!("{} is set aside: {why}", file.display());
    if let Err(cause) = std::fs::rename(file, file.with_extension("json.unreadable")) {
        tracing::warn!("{} stays where it is: {cause}", file.display());
    }
    Kept::default()
}

/// Writes the file anew, whole or not at all.
pub(super) fn write(
    file: &Path,
    connections: &[Connection],
    last: &Place,
) -> Result<(), Box<dyn std::error::Error>> {
    let written = Written {
        form: FORM,
        last: WrittenPlace::of(last),
        connections: connections.iter().filter_map(WrittenConnection::of).collect(),
    };
    let dir = file.parent().unwrap_or(Path::new("."));
    create_dir(dir)?;
    // Temporary files are their owner's alone from the start.
    let mut fresh = tempfile::NamedTempFile::new_in(dir)?;
    fresh.write_all(&serde_json::to_vec_pretty(&written)?)?;
    fresh.as_file().sync_all()?;
    fresh.persist(file)?;
    Ok(())
}

impl WrittenPlace {
    /// The sample shop is thrown away: nobody goes back to it.
    fn of(place: &Place) -> Option<Self> {
        match place {
            Place::File(path) => Some(Self::Store { path: path.clone() }),
            Place::Service(ServicePlace { address, trust }) => Some(Self::Service {
                address: address.as_str().to_owned(),
                certificate: match trust {
                    Trust::System => None,
                    Trust::Pinned(fingerprint) => Some(fingerprint.to_string()),
                },
            }),
            Place::Demo => None,
        }
    }

    /// None if it was written by hand and means nothing.
    fn place(self) -> Option<Place> {
        match self {
            Self::Store { path } => Some(Place::File(path)),
            Self::Service { address, certificate } => Some(Place::Service(ServicePlace {
                address: Address::parse(&address).ok()?,
                trust: match certificate {
                    None => Trust::System,
                    Some(fingerprint) => Trust::Pinned(fingerprint.parse().ok()?),
                },
            })),
        }
    }
}

impl WrittenConnection {
    fn of(connection: &Connection) -> Option<Self> {
        Some(Self {
            place: WrittenPlace::of(&connection.place)?,
            shop: connection.shop.clone(),
            label: connection.label.clone(),
        })
    }
}

impl From<Written> for Kept {
    fn from(written: Written) -> Self {
        let connection = |WrittenConnection { place, shop, label }: WrittenConnection| {
            place.place().map(|place| Connection { place, shop, label })
        };
        Self {
            connections: written.connections.into_iter().filter_map(connection).collect(),
            last: written.last.and_then(WrittenPlace::place),
        }
    }
}

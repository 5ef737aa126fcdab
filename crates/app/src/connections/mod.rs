//! The shops that this console knows: stores on this computer, and services elsewhere. One of them is
//! present. They are remembered in a file of the program's own, in which there is no secret: whoever
//! reads it learns where shops are and what they are called.

mod kept;
#[cfg(test)]
mod tests;

use std::path::PathBuf;

use crate::ipc::{ConnectionShown, PlaceShown};
use crate::place::Place;

/// A shop that is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Connection {
    place: Place,
    /// What the shop calls itself, as far as it ever said.
    shop: Option<String>,
    /// What the person calls it.
    label: Option<String>,
}

/// The shops that are known, and the present one.
pub(crate) struct Connections {
    /// Where they are kept; none if they are not.
    file: Option<PathBuf>,
    /// The place of this computer's own shop.
    home: Place,
    present: Place,
    known: Vec<Connection>,
}

impl Connections {
    /// What was kept in `file`. It begins at `home`, or with the one used last.
    pub(crate) fn read(file: Option<PathBuf>, home: Place, as_last: bool) -> Self {
        let kept = file.as_deref().map(kept::read).unwrap_or_default();
        let last = kept.last.filter(|_| as_last);
        Self {
            file,
            present: last.unwrap_or_else(|| home.clone()),
            home,
            known: kept.connections,
        }
    }

    /// The present one.
    pub(crate) fn present(&self) -> &Place {
        &self.present
    }

    /// The place of this computer's own shop.
    pub(crate) fn home(&self) -> &Place {
        &self.home
    }

    /// The place of a connection that is known.
    pub(crate) fn find(&self, id: &str) -> Option<Place> {
        let known = self.known.iter().map(|known| &known.place);
        let mut all = known.chain([&self.home]);
        all.find(|place| id_of(place) == id).cloned()
    }

    /// Makes that place the present one.
    pub(crate) fn turn_to(&mut self, place: Place) {
        self.present = place;
        self.keep();
    }

    /// The shop of the present place has said what it is called.
    pub(crate) fn note(&mut self, shop: &str) {
        // The sample shop is thrown away.
        if self.present == Place::Demo {
            return;
        }
        let id = id_of(&self.present);
        let noted = Connection {
            place: self.present.clone(),
            shop: Some(shop.to_owned()),
            label: None,
        };
        match self.known.iter_mut().find(|known| id_of(&known.place) == id) {
            Some(known) => {
                let noted = Connection {
                    label: known.label.clone(),
                    ..noted
                };
                if *known == noted {
                    return;
                }
                *known = noted;
            }
            None => self.known.push(noted),
        }
        self.keep();
    }

    /// The person calls it so; an empty name is none, and it has the shop's again.
    pub(crate) fn rename(&mut self, id: &str, label: &str) -> bool {
        let Some(known) = self.known.iter_mut().find(|known| id_of(&known.place) == id) else {
            return false;
        };
        known.label = Some(label.to_owned()).filter(|label| !label.is_empty());
        self.keep();
        true
    }

    /// Forgets a connection: what lies there stays as it is. Answers whether it was the present one,
    /// in whose stead this computer's own shop is present then.
    pub(crate) fn forget(&mut self, id: &str) -> bool {
        let present = id_of(&self.present) == id;
        self.known.retain(|known| id_of(&known.place) != id);
        if present {
            self.present = self.home.clone();
        }
        self.keep();
        present
    }

    /// All of them, for the window: those on this computer first.
    pub(crate) fn shown(&self) -> Vec<ConnectionShown> {
        let home = Connection {
            place: self.home.clone(),
            shop: None,
            label: None,
        };
        let there = matches!(&self.home, Place::File(path) if path.exists());
        let listed = self.known.iter().any(|known| known.place == self.home);
        let home = Some(&home).filter(|_| there && !listed);
        let mut shown: Vec<ConnectionShown> = home
            .into_iter()
            .chain(&self.known)
            .map(|known| ConnectionShown {
                id: id_of(&known.place),
                label: known.label.clone(),
                shop: known.shop.clone(),
                place: PlaceShown::from(&known.place),
                home: known.place == self.home,
                present: known.place == self.present,
            })
            .collect();
        shown.sort_by_key(|one| matches!(one.place, PlaceShown::Service { .. }));
        shown
    }

    /// What cannot be kept is only asked for again at the next start.
    fn keep(&self) {
        let Some(file) = &self.file else { return };
        if let Err(cause) = kept::write(file, &self.known, &self.present) {
            tracing::warn!("the connections are not kept: {cause}");
        }
    }
}

/// Names a connection: no two are at the same place, whatever certificate is trusted there.
fn id_of(place: &Place) -> String {
    match place {
        Place::File(path) => path.display().to_string(),
        Place::Service(service) => service.address.as_str().to_owned(),
        Place::Demo => String::new(),
    }
}

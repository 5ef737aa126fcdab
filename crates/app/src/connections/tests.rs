use std::path::Path;

use tempfile::TempDir;

use super::*;
use crate::ipc::Security;
use crate::place::ServicePlace;
use crate::remote::{Address, Fingerprint, Trust};

/// A computer with a shop of its own.
fn computer() -> (TempDir, Place) {
    let dir = tempfile::tempdir().unwrap();
    let store = dir.path().join("shop.keyholder");
    std::fs::write(&store, "").unwrap();
    (dir, Place::File(store))
}

fn file(dir: &TempDir) -> PathBuf {
    dir.path().join("new").join("connections.json")
}

fn started(dir: &TempDir, home: &Place) -> Connections {
    Connections::read(Some(file(dir)), home.clone(), true)
}

fn service(address: &str, trust: Trust) -> Place {
    let address = Address::parse(address).unwrap();
    Place::Service(ServicePlace { address, trust })
}

fn pinned() -> Trust {
    let fingerprint: Fingerprint = "AB".repeat(32).parse().unwrap();
    Trust::Pinned(fingerprint)
}

/// What the list shows, each on a line.
fn list(connections: &Connections) -> Vec<String> {
    let line = |one: ConnectionShown| {
        let name = one.label.or(one.shop).unwrap_or_else(|| "?".to_owned());
        let place = match one.place {
            PlaceShown::Store { .. } => "here".to_owned(),
            PlaceShown::Service { address, security } => format!("{address} {security:?}"),
            PlaceShown::Demo => "nowhere".to_owned(),
        };
        format!("{name} {place}{}", if one.present { " *" } else { "" })
    };
    connections.shown().into_iter().map(line).collect()
}

#[test]
fn the_shops_and_the_one_used_last_outlive_a_restart() {
    let (dir, home) = computer();
    let mut connections = started(&dir, &home);
    assert_eq!(
        list(&connections),
        ["? here *"],
        "its own shop is known without a word"
    );
    connections.note("Herons");
    connections.turn_to(service("https://keys.example.com", pinned()));
    connections.note("Weir");
    connections.turn_to(service("http://127.0.0.1:8080", Trust::System));
    connections.note("Till");
    assert!(
        connections.rename("https://keys.example.com", "Head office"),
        "it is known"
    );
    let shown = list(&connections);
    assert_eq!(
        shown,
        [
            "Herons here",
            "Head office https://keys.example.com Pinned",
            "Till http://127.0.0.1:8080 Loopback *"
        ],
        "each with its name and what keeps it from others"
    );
    let again = started(&dir, &home);
    assert_eq!(list(&again), shown, "as it was left");
    let asked = Connections::read(Some(file(&dir)), home.clone(), false);
    assert_eq!(asked.present(), &home, "who asks for a store gets that one");
}

#[test]
fn the_file_holds_places_and_names_and_nothing_else() {
    let (dir, home) = computer();
    let mut connections = started(&dir, &home);
    connections.turn_to(service("https://keys.example.com", pinned()));
    connections.note("Weir");
    let written: serde_json::Value = serde_json::from_slice(&std::fs::read(file(&dir)).unwrap()).unwrap();
    let fingerprint = ["AB"; 32].join(":");
    let place = serde_json::json!({ "kind": "service", "address": "https://keys.example.com", "certificate": fingerprint });
    assert_eq!(
        written,
        serde_json::json!({
            "form": 1,
            "last": place,
            "connections": [{ "place": place, "shop": "Weir", "label": null }],
        }),
        "no token, no password, no person"
    );
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(file(&dir)).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "its owner's alone");
    }
}

#[test]
fn a_shop_stands_in_the_list_once_however_it_is_trusted() {
    let (dir, home) = computer();
    let mut connections = started(&dir, &home);
    for trust in [pinned(), Trust::System] {
        connections.turn_to(service("https://keys.example.com", trust));
        connections.note("Weir");
    }
    assert_eq!(
        list(&connections),
        ["? here", "Weir https://keys.example.com Vouched *"],
        "the certificate that was confirmed before is no longer asked for"
    );
    connections.note("Weir & Sons");
    assert!(
        list(&connections).contains(&"Weir & Sons https://keys.example.com Vouched *".to_owned()),
        "a shop may change its name"
    );
    let PlaceShown::Service { security, .. } = PlaceShown::from(connections.present()) else {
        panic!("a service is present");
    };
    assert_eq!(security, Security::Vouched, "as the title bar shows it");
}

#[test]
fn a_forgotten_one_gives_way_to_this_computers_own() {
    let (dir, home) = computer();
    let mut connections = started(&dir, &home);
    connections.turn_to(service("https://keys.example.com", Trust::System));
    connections.note("Weir");
    assert!(
        connections.forget("https://keys.example.com"),
        "it was on the screen"
    );
    assert_eq!(list(&connections), ["? here *"], "and is gone");
    let id = connections.shown().remove(0).id;
    assert!(
        connections.forget(&id),
        "a file is not forgotten by forgetting its name"
    );
    assert_eq!(list(&connections), ["? here *"], "it lies there still");
    assert!(
        !connections.rename("https://keys.example.com", "x"),
        "what is not known has no name"
    );
}

#[test]
fn the_sample_shop_is_not_remembered() {
    let (dir, home) = computer();
    let mut connections = started(&dir, &home);
    connections.turn_to(Place::Demo);
    connections.note("Marigold & Finch");
    assert_eq!(list(&connections), ["? here"], "nobody goes back to it");
    assert_eq!(started(&dir, &home).present(), &home, "nor begins with it");
}

#[test]
fn a_file_that_cannot_be_read_is_set_aside() {
    let (dir, home) = computer();
    let path = file(&dir);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    for nonsense in ["", "[1", "{\"form\": 99, \"last\": null, \"connections\": []}"] {
        std::fs::write(&path, nonsense).unwrap();
        assert_eq!(
            list(&started(&dir, &home)),
            ["? here *"],
            "the console starts all the same"
        );
        let aside = std::fs::read_to_string(path.with_extension("json.unreadable")).unwrap();
        assert_eq!(aside, nonsense, "whoever wrote it can look at it");
    }
}

#[test]
fn where_nothing_can_be_written_the_list_lasts_until_the_end() {
    let (dir, home) = computer();
    let nowhere = Path::new(dir.path())
        .join("shop.keyholder")
        .join("connections.json");
    let mut connections = Connections::read(Some(nowhere), home, true);
    connections.turn_to(service("https://keys.example.com", Trust::System));
    connections.note("Weir");
    assert_eq!(
        list(&connections).len(),
        2,
        "it is only asked for again at the next start"
    );
}

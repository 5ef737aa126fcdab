//! The house as its README draws it: who may use whom. Broken when a wall is broken.

#![expect(clippy::unwrap_used, reason = "a story fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// What each of our packages is built from; what only its tests use does not count.
fn built_from() -> BTreeMap<String, BTreeSet<String>> {
    let folders = [
        "crates/core",
        "crates/store-sqlite",
        "crates/store-postgres",
        "crates/breach",
        "crates/server",
        "crates/app",
        "crates/cli",
        "src-tauri",
    ];
    let read = |folder: &str| {
        let manifest = fs::read_to_string(root().join(folder).join("Cargo.toml")).unwrap();
        (folder.to_owned(), dependencies(&manifest))
    };
    folders.into_iter().map(read).collect()
}

fn dependencies(manifest: &str) -> BTreeSet<String> {
    let mut counted = false;
    let mut found = BTreeSet::new();
    for line in manifest.lines().map(str::trim) {
        if let Some(section) = line.strip_prefix('[') {
            counted = section.trim_end_matches(']').ends_with("dependencies") && !section.contains("dev-");
        } else if counted && let Some((name, _)) = line.split_once(['.', ' ', '=']) {
            found.insert(name.to_owned());
        }
    }
    found
}

fn ours(names: &BTreeSet<String>) -> Vec<&str> {
    names
        .iter()
        .map(String::as_str)
        .filter(|name| name.starts_with("keyholder"))
        .collect()
}

#[test]
fn dependencies_point_one_way() {
    let built_from = built_from();
    let expected = [
        ("crates/core", vec![]),
        ("crates/store-sqlite", vec!["keyholder-core"]),
        ("crates/store-postgres", vec!["keyholder-core"]),
        ("crates/breach", vec!["keyholder-core"]),
    ];
    for (folder, allowed) in expected {
        assert_eq!(
            ours(&built_from[folder]),
            allowed,
            "{folder} knows nobody else of ours"
        );
    }
    let app = ours(&built_from["crates/app"]);
    assert!(
        app.iter()
            .all(|name| ["keyholder-core", "keyholder-store-sqlite", "keyholder-breach"].contains(name)),
        "the desktop without a window knows neither the window nor the service: {app:?}"
    );
    let server = ours(&built_from["crates/server"]);
    let stores = [
        "keyholder-store-sqlite",
        "keyholder-store-postgres",
        "keyholder-breach",
    ];
    assert!(
        server
            .iter()
            .all(|name| *name == "keyholder-core" || stores.contains(name)),
        "the service does not know the desktop: {server:?}"
    );
}

#[test]
fn only_the_window_knows_tauri() {
    for (folder, names) in built_from() {
        let tauri = names.iter().any(|name| name.starts_with("tauri"));
        assert_eq!(
            tauri,
            folder == "src-tauri",
            "{folder}: the framework of the window is its own business"
        );
    }
}

#[test]
fn the_rules_do_no_work_of_their_own() {
    let core = &built_from()["crates/core"];
    for outside in [
        "sqlx",
        "reqwest",
        "axum",
        "tauri",
        "libsqlite3-sys",
        "keyring-core",
    ] {
        assert!(
            !core.contains(outside),
            "rules are pure: {outside} is not for them"
        );
    }
}

/// Every source file below a folder with one of these endings.
fn sources(folder: &Path, endings: &[&str], into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            if !["node_modules", "dist", "paraglide", "target"].contains(&name.as_str()) {
                sources(&path, endings, into);
            }
        } else if endings.iter().any(|ending| name.ends_with(ending)) {
            into.push(path);
        }
    }
}

#[test]
fn only_the_client_of_the_window_calls_rust() {
    let (ui, api) = (root().join("ui/src"), root().join("ui/src/api"));
    let mut files = Vec::new();
    sources(&ui, &[".ts", ".tsx"], &mut files);
    assert!(files.len() > 50, "the UI was found: {} files", files.len());
    for file in files.iter().filter(|file| !file.starts_with(&api)) {
        let text = fs::read_to_string(file).unwrap();
        assert!(
            !text.contains("from \"@tauri-apps/"),
            "{} goes around the client",
            file.display()
        );
    }
}

#[test]
fn no_file_forbids_itself_less_than_the_workspace() {
    let mut files = Vec::new();
    for folder in ["crates", "src-tauri", "tests"] {
        sources(&root().join(folder), &[".rs"], &mut files);
    }
    assert!(files.len() > 100, "the sources were found: {} files", files.len());
    // In two parts, so that this file does not hold what it looks for.
    let allow = concat!("[", "allow(");
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        assert!(
            !text.contains(allow),
            "{}: say #[expect(…, reason = …)]",
            file.display()
        );
    }
}

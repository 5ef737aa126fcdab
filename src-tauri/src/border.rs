//! The border between page and program: every command is declared, allowed to one window, and reads
//! nothing but what it should.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use keyholder_app::keychain::MemoryKeychain;
use keyholder_app::{Console, Place, Surroundings};
use keyholder_core::audit::{Program, Source};
use keyholder_core::breach::NoBreachCheck;
use keyholder_core::clock::FixedClock;
use keyholder_core::password::Argon2Params;
use serde_json::{Value, json};
use tauri::ipc::{CallbackFn, InvokeBody};
use tauri::test::{INVOKE_KEY, MockRuntime, get_ipc_response, mock_builder};
use tauri::webview::InvokeRequest;
use tauri::{App, WebviewUrl, WebviewWindow, WebviewWindowBuilder, Wry};
use tauri_specta::{BuilderConfiguration, LanguageExt};

use crate::commands::names::NAMES;
use crate::window::LABEL;

type Outcome = Result<(), Box<dyn std::error::Error>>;

/// Takes down the registered commands with the names of their arguments.
struct Register<'a>(&'a mut BTreeMap<String, Vec<String>>);

impl LanguageExt for Register<'_> {
    type Error = std::io::Error;

    fn export(self, registered: &BuilderConfiguration, _: &Path) -> std::io::Result<()> {
        let arguments = |args: &[(std::borrow::Cow<'static, str>, _)]| {
            args.iter().map(|(name, _)| name.to_string()).collect()
        };
        self.0.extend(
            registered
                .commands
                .iter()
                .map(|command| (command.name().to_string(), arguments(command.args()))),
        );
        Ok(())
    }
}

fn registered() -> std::io::Result<BTreeMap<String, Vec<String>>> {
    let mut commands = BTreeMap::new();
    crate::bindings::commands::<Wry>().export(Register(&mut commands), "")?;
    Ok(commands)
}

/// The program with its real commands and permissions, without a screen.
fn program(dir: &Path) -> Result<App<MockRuntime>, Box<dyn std::error::Error>> {
    let console = Console::new(Surroundings {
        place: Place::File(dir.join("shop.keyholder")),
        connections: None,
        as_last: true,
        keychain: Arc::new(MemoryKeychain::default()),
        clock: Arc::new(FixedClock::at("2026-11-23T12:00:00Z".parse()?)),
        breaches: Arc::new(NoBreachCheck),
        source: Source {
            program: Program::Window,
            address: None,
            device: None,
            user_agent: None,
        },
        hashing: Argon2Params::default(),
    });
    Ok(crate::window::commands(mock_builder())
        .manage(console)
        .build(tauri::generate_context!())?)
}

fn window(program: &App<MockRuntime>, label: &str) -> tauri::Result<WebviewWindow<MockRuntime>> {
    WebviewWindowBuilder::new(program, label, WebviewUrl::default()).build()
}

fn call(window: &WebviewWindow<MockRuntime>, command: &str, payload: Value) -> Result<Value, Value> {
    let request = InvokeRequest {
        cmd: command.to_owned(),
        callback: CallbackFn(0),
        error: CallbackFn(1),
        url: if cfg!(windows) {
            "http://tauri.localhost"
        } else {
            "tauri://localhost"
        }
        .parse()
        .map_err(|_| json!("no url"))?,
        body: InvokeBody::Json(payload),
        headers: tauri::http::HeaderMap::default(),
        invoke_key: INVOKE_KEY.to_owned(),
    };
    get_ipc_response(window, request)?
        .deserialize()
        .map_err(|error| json!(error.to_string()))
}

/// Which names of the three lists are not in all of them.
fn strays(registered: &BTreeSet<&str>, declared: &[&str], allowed: &[&str]) -> BTreeSet<String> {
    let allowed: Vec<String> = allowed
        .iter()
        .map(|name| name.trim_start_matches("allow-").replace('-', "_"))
        .collect();
    let all = registered
        .iter()
        .chain(declared)
        .map(|name| (*name).to_owned())
        .chain(allowed.iter().cloned());
    let once = |name: &String| {
        registered.contains(name.as_str())
            && declared.iter().filter(|other| *other == name).count() == 1
            && allowed.iter().filter(|other| *other == name).count() == 1
    };
    all.filter(|name| !once(name)).collect()
}

fn capability() -> Result<Value, Box<dyn std::error::Error>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("capabilities/main.json");
    Ok(serde_json::from_str(&std::fs::read_to_string(path)?)?)
}

#[test]
fn p29_every_command_is_declared_and_in_exactly_one_capability() -> Outcome {
    let (registered, capability) = (registered()?, capability()?);
    let registered: BTreeSet<&str> = registered.keys().map(String::as_str).collect();
    let allowed: Vec<&str> = capability["permissions"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    assert_eq!(
        strays(&registered, NAMES, &allowed),
        BTreeSet::new(),
        "undeclared commands are open to every window"
    );
    Ok(())
}

#[test]
fn p29_mutant_a_stray_command_is_seen() {
    let registered = BTreeSet::from(["status", "wipe_store"]);
    let stray = BTreeSet::from(["wipe_store".to_owned()]);
    assert_eq!(
        strays(&registered, &["status"], &["allow-status", "allow-wipe-store"]),
        stray,
        "not declared"
    );
    assert_eq!(
        strays(&registered, &["status", "wipe_store"], &["allow-status"]),
        stray,
        "not allowed"
    );
    assert_eq!(
        strays(
            &registered,
            &["status", "wipe_store"],
            &["allow-status", "allow-wipe-store", "allow-wipe-store"]
        ),
        stray,
        "twice"
    );
    assert_eq!(
        strays(
            &BTreeSet::from(["status"]),
            &["status", "wipe_store"],
            &["allow-status"]
        ),
        stray,
        "not there"
    );
}

#[test]
fn p29_a_second_window_can_call_nothing() -> Outcome {
    let dir = tempfile::tempdir()?;
    let program = program(dir.path())?;
    let (own, other) = (window(&program, LABEL)?, window(&program, "other")?);
    assert!(
        call(&own, "status", json!({})).is_ok(),
        "the window itself can, or this test proves nothing"
    );
    for name in NAMES {
        let refused = call(&other, name, json!({}));
        assert!(
            refused
                .as_ref()
                .is_err_and(|why| why.as_str().is_some_and(|why| why.contains("not allowed"))),
            "{name}: {refused:?}"
        );
    }
    Ok(())
}

#[test]
fn p29_nonsense_is_an_error_and_never_a_panic() -> Outcome {
    let dir = tempfile::tempdir()?;
    let program = program(dir.path())?;
    let window = window(&program, LABEL)?;
    for (name, arguments) in registered()?
        .into_iter()
        .filter(|(_, arguments)| !arguments.is_empty())
    {
        for wrong in [json!(null), json!(-1), json!([[]]), json!({ "x": 1 })] {
            let payload: Value = arguments
                .iter()
                .map(|name| (name.clone(), wrong.clone()))
                .collect();
            assert!(
                call(&window, &name, payload).is_err(),
                "{name} must not read {wrong} as anything"
            );
        }
        assert!(
            call(&window, &name, json!({})).is_err(),
            "{name} without what it needs"
        );
    }
    Ok(())
}

#[test]
fn p29_a_megabyte_is_refused_by_its_code() -> Outcome {
    let dir = tempfile::tempdir()?;
    let program = program(dir.path())?;
    let window = window(&program, LABEL)?;
    let endless = "x".repeat(1 << 20);
    for (name, arguments) in registered()? {
        let payload: Value = arguments
            .iter()
            .map(|name| (name.clone(), json!(endless)))
            .chain([("more".to_owned(), json!([{ "deep": endless }]))])
            .collect();
        let refused = call(&window, &name, payload);
        assert_eq!(
            refused.map_err(|error| error["code"].clone()),
            Err(json!("bad_request")),
            "{name} says what happened"
        );
    }
    Ok(())
}

//! What keeps a hijacked page from reaching anything: asserted on the files that the window is built
//! from, and each assertion on files that break it.

use std::collections::BTreeSet;

use data_encoding::BASE64;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// The plugins the window may have. Each more widens what a hijacked page can do.
const PLUGINS: [&str; 4] = ["clipboard-manager", "dialog", "single-instance", "window-state"];

/// What the window is built from.
#[derive(Clone)]
struct Shell {
    conf: Value,
    capabilities: Vec<Value>,
    /// The window's own Cargo.toml.
    manifest: String,
    /// The line of the workspace that says with which features Tauri is built.
    tauri: String,
}

impl Shell {
    fn read() -> Result<Self, Box<dyn std::error::Error>> {
        let dir = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        let text = |path: &str| std::fs::read_to_string(dir.join(path));
        let mut capabilities = Vec::new();
        for file in std::fs::read_dir(dir.join("capabilities"))? {
            capabilities.push(serde_json::from_str(&std::fs::read_to_string(file?.path())?)?);
        }
        let workspace = text("../Cargo.toml")?;
        let tauri = workspace
            .lines()
            .find(|line| line.starts_with("tauri = "))
            .ok_or("no tauri in the workspace")?;
        Ok(Self {
            conf: serde_json::from_str(&text("tauri.conf.json")?)?,
            capabilities,
            manifest: text("Cargo.toml")?,
            tauri: tauri.to_owned(),
        })
    }

    /// Everything that is not as it must be, by name.
    fn faults(&self) -> BTreeSet<&'static str> {
        let Self {
            conf,
            capabilities,
            manifest,
            tauri,
        } = self;
        let security = &conf["app"]["security"];
        let csp = &security["csp"];
        let sources = |directive: &str| csp[directive].as_str().unwrap_or_default().to_owned();
        let all: String = csp
            .as_object()
            .into_iter()
            .flatten()
            .map(|(_, value)| value.to_string())
            .collect();
        let plugins: Vec<&str> = manifest
            .lines()
            .filter_map(|line| line.strip_prefix("tauri-plugin-")?.split('.').next())
            .collect();
        let permissions: Vec<&str> = permissions(capabilities).collect();
        let dev = manifest.find("[dev-dependencies]").unwrap_or(manifest.len());

        let checks = [
            ("global tauri", conf["app"]["withGlobalTauri"] == json!(false)),
            ("prototypes", security["freezePrototype"] == json!(true)),
            (
                "isolation",
                security["pattern"]["use"] == json!("isolation") && tauri.contains("\"isolation\""),
            ),
            (
                "asset protocol",
                security["assetProtocol"]["enable"] == json!(false) && !tauri.contains("protocol-asset"),
            ),
            (
                "csp is ours",
                security["dangerousDisableAssetCspModification"] == json!(false)
                    && security.get("devCsp").is_none(),
            ),
            ("csp default", sources("default-src") == "'none'"),
            ("csp scripts", sources("script-src") == "'self'"),
            (
                "csp unsafe",
                !all.is_empty() && !all.contains("unsafe") && !all.contains('*'),
            ),
            (
                "csp foreign",
                !all.replace("http://ipc.localhost", "").contains("://"),
            ),
            (
                "unused commands",
                conf["build"]["removeUnusedCommands"] == json!(true),
            ),
            (
                "own pages",
                conf["build"]["frontendDist"] == json!("../ui/dist") && conf["build"].get("devUrl").is_none(),
            ),
            ("window from rust", conf["app"]["windows"] == json!([])),
            (
                "one capability",
                capabilities.len() == 1 && security["capabilities"] == json!(["main"]),
            ),
            (
                "one window",
                capabilities
                    .iter()
                    .all(|one| one["windows"] == json!(["main"]) && one.get("webviews").is_none()),
            ),
            (
                "remote",
                capabilities
                    .iter()
                    .all(|one| one.get("remote").is_none() && one["local"] == json!(true)),
            ),
            (
                "permissions of tauri",
                permissions
                    .iter()
                    .all(|name| !name.contains(':') && name.starts_with("allow-")),
            ),
            (
                "plugins",
                plugins.iter().all(|name| PLUGINS.contains(name)) && conf.get("plugins").is_none(),
            ),
            (
                "updater",
                !manifest.contains("updater") && conf["bundle"].get("createUpdaterArtifacts").is_none(),
            ),
            (
                "devtools",
                !tauri.contains("devtools") && !manifest[..dev].contains("devtools"),
            ),
        ];
        checks
            .into_iter()
            .filter(|(_, kept)| !kept)
            .map(|(name, _)| name)
            .collect()
    }
}

fn permissions(capabilities: &[Value]) -> impl Iterator<Item = &str> {
    capabilities
        .iter()
        .flat_map(|one| one["permissions"].as_array().into_iter().flatten())
        .map(|name| name.as_str().unwrap_or(":"))
}

#[test]
fn p28_the_shell_is_locked_down() -> Result<(), Box<dyn std::error::Error>> {
    assert_eq!(
        Shell::read()?.faults(),
        BTreeSet::new(),
        "each is a way in for a hijacked page"
    );
    Ok(())
}

impl Shell {
    /// With another value in the configuration.
    fn conf(&self, path: &str, value: Value) -> Self {
        let mut shell = self.clone();
        put(&mut shell.conf, path, value);
        shell
    }

    /// With another value in the capability.
    fn capability(&self, path: &str, value: Value) -> Self {
        let mut shell = self.clone();
        put(&mut shell.capabilities[0], path, value);
        shell
    }

    /// With one more dependency.
    fn dependency(&self, name: &str) -> Self {
        let manifest = format!("{}\n{name}.workspace = true\n", self.manifest);
        Self {
            manifest,
            ..self.clone()
        }
    }

    /// With other features of Tauri.
    fn features(&self, features: &str) -> Self {
        Self {
            tauri: format!("tauri = {{ version = \"2\", features = [{features}] }}"),
            ..self.clone()
        }
    }
}

/// Sets a value, also one that was not there; `path` is a JSON pointer (RFC 6901).
fn put(into: &mut Value, path: &str, value: Value) {
    let (parent, key) = path.rsplit_once('/').unwrap_or(("", path));
    if let Some(parent) = into.pointer_mut(parent) {
        parent[key] = value;
    }
}

/// Tauri hides its isolated frame by a style of its own; blocked, the frame would lie under every page.
#[test]
fn p28_the_one_style_beside_our_own_is_that_of_the_isolated_frame() -> Result<(), Box<dyn std::error::Error>>
{
    let style = Sha256::digest(tauri::utils::pattern::isolation::IFRAME_STYLE);
    let allowed = format!("'self' 'sha256-{}'", BASE64.encode(&style));
    let styles = &Shell::read()?.conf["app"]["security"]["csp"]["style-src"];
    assert_eq!(styles, &json!(allowed), "the hash follows Tauri's text");
    Ok(())
}

#[test]
fn p28_mutant_every_opening_is_seen() -> Result<(), Box<dyn std::error::Error>> {
    let shell = Shell::read()?;
    let security = |key: &str, value| shell.conf(&format!("/app/security/{key}"), value);
    let twice = Shell {
        capabilities: [shell.capabilities.clone(), shell.capabilities.clone()].concat(),
        ..shell.clone()
    };
    let mutants = [
        ("global tauri", shell.conf("/app/withGlobalTauri", json!(true))),
        ("prototypes", security("freezePrototype", json!(false))),
        ("isolation", security("pattern", json!({ "use": "brownfield" }))),
        ("isolation", shell.features("")),
        (
            "asset protocol",
            security("assetProtocol", json!({ "enable": true, "scope": ["**"] })),
        ),
        (
            "asset protocol",
            shell.features("\"isolation\", \"protocol-asset\""),
        ),
        (
            "csp is ours",
            security("dangerousDisableAssetCspModification", json!(true)),
        ),
        ("csp is ours", security("devCsp", json!("default-src *"))),
        ("csp default", security("csp/default-src", json!("'self'"))),
        ("csp scripts", security("csp/script-src", json!("'self' blob:"))),
        (
            "csp unsafe",
            security("csp/style-src", json!("'self' 'unsafe-inline'")),
        ),
        (
            "csp unsafe",
            security("csp/script-src", json!("'self' 'unsafe-eval'")),
        ),
        ("csp unsafe", security("csp", Value::Null)),
        (
            "csp foreign",
            security("csp/img-src", json!("https://example.com")),
        ),
        (
            "unused commands",
            shell.conf("/build/removeUnusedCommands", json!(false)),
        ),
        (
            "own pages",
            shell.conf("/build/frontendDist", json!("https://example.com")),
        ),
        (
            "own pages",
            shell.conf("/build/devUrl", json!("http://localhost:5173")),
        ),
        (
            "window from rust",
            shell.conf("/app/windows", json!([{ "label": "other" }])),
        ),
        ("one capability", twice),
        ("one window", shell.capability("/windows", json!(["*"]))),
        (
            "remote",
            shell.capability("/remote", json!({ "urls": ["https://example.com"] })),
        ),
        (
            "permissions of tauri",
            shell.capability("/permissions", json!(["core:default"])),
        ),
        ("plugins", shell.dependency("tauri-plugin-shell")),
        ("updater", shell.dependency("tauri-plugin-updater")),
        ("devtools", shell.features("\"isolation\", \"devtools\"")),
    ];
    for (fault, mutant) in mutants {
        assert!(
            mutant.faults().contains(fault),
            "{fault:?} must be seen, only {:?} were",
            mutant.faults()
        );
    }
    Ok(())
}

//! Declares every command, so that none can be called without a capability that allows it.

#[path = "src/commands/names.rs"]
mod names;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Rust can be checked before the window's pages were built.
    std::fs::create_dir_all("../ui/dist")?;
    let manifest = tauri_build::AppManifest::new().commands(names::NAMES);
    tauri_build::try_build(tauri_build::Attributes::new().app_manifest(manifest))?;
    Ok(())
}

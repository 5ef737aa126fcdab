//! An empty window of the same Tauri: what Keyholder's own start and memory are measured against.

use std::path::PathBuf;

/// Its page has been painted: told as Keyholder tells it.
#[tauri::command]
fn reached(at: f64) {
    if let Some(path) = std::env::var_os("KEYHOLDER_STEPS_FILE").map(PathBuf::from) {
        // Whoever waits for the file notices that it does not come.
        let _ = std::fs::write(path, format!("painted {at:.0}\n"));
    }
}

fn main() -> tauri::Result<()> {
    tauri::Builder::default()
        .invoke_handler(tauri::generate_handler![reached])
        .run(tauri::generate_context!("benches/empty/tauri.conf.json"))
}

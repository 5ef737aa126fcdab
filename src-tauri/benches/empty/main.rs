//! An empty window of the same Tauri: what Keyholder's own start and memory are measured against.

use std::path::PathBuf;

/// Its page has been painted: told as Keyholder tells it.
#[tauri::command]
fn ready() {
    if let Some(path) = std::env::var_os("KEYHOLDER_READY_FILE").map(PathBuf::from) {
        // Whoever waits for the file notices that it does not come.
        let _ = std::fs::write(path, "");
    }
}

fn main() -> tauri::Result<()> {
    tauri::Builder::default()
        .invoke_handler(tauri::generate_handler![ready])
        .run(tauri::generate_context!("benches/empty/tauri.conf.json"))
}

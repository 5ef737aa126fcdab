//! The one window, with everything shut that it does not need.

use keyholder_app::Console;
use keyholder_app::ipc::IpcError;
use keyholder_core::error::Code;
use serde_json::Value;
use tauri::ipc::{Invoke, InvokeBody};
use tauri::webview::{NewWindowResponse, PageLoadEvent};
use tauri::{
    App, AppHandle, Builder, Manager as _, RunEvent, Runtime, Url, WebviewUrl, WebviewWindowBuilder,
};
use tauri_plugin_window_state::StateFlags;

use crate::desk::Desk;

/// The label that the capability is for.
pub(crate) const LABEL: &str = "main";

/// Longest text in a message, in bytes: sixteen times the longest password.
const LONGEST_TEXT: usize = 64 * 1024;

/// Opens the window and stays until it is closed.
pub(crate) fn run(console: Console) -> tauri::Result<()> {
    let kept = StateFlags::SIZE | StateFlags::MAXIMIZED;
    // A second start brings this window forward, before anything else is set up twice.
    commands(Builder::default().plugin(tauri_plugin_single_instance::init(|app, _, _| come_forward(app))))
        .plugin(
            tauri_plugin_window_state::Builder::new()
                .with_state_flags(kept)
                .build(),
        )
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_clipboard_manager::init())
        .manage(console)
        .setup(|app| {
            let desk: Box<dyn Desk> = Box::new(app.handle().clone());
            app.manage(desk);
            Ok(open(app)?)
        })
        .build(tauri::generate_context!())?
        .run(|app, event| {
            if let RunEvent::Exit = event {
                tauri::async_runtime::block_on(app.state::<Console>().close());
            }
        });
    Ok(())
}

/// Answers every command, and nothing else.
pub(crate) fn commands<R: Runtime>(builder: Builder<R>) -> Builder<R> {
    let answer = crate::bindings::commands().invoke_handler();
    builder.invoke_handler(move |invoke: Invoke<R>| {
        if readable(invoke.message.payload()) {
            return answer(invoke);
        }
        invoke.resolver.reject(IpcError::from(Code::BadRequest));
        true
    })
}

/// Whether a message is one of ours: named values, no text without end.
fn readable(body: &InvokeBody) -> bool {
    fn short(value: &Value) -> bool {
        match value {
            Value::String(text) => text.len() <= LONGEST_TEXT,
            Value::Array(values) => values.iter().all(short),
            Value::Object(values) => values.values().all(short),
            Value::Null | Value::Bool(_) | Value::Number(_) => true,
        }
    }
    match body {
        InvokeBody::Json(value) => short(value),
        InvokeBody::Raw(_) => false,
    }
}

fn open<R: Runtime>(app: &App<R>) -> tauri::Result<()> {
    WebviewWindowBuilder::new(app, LABEL, WebviewUrl::default())
        .title("Keyholder")
        .inner_size(1280.0, 800.0)
        .min_inner_size(900.0, 600.0)
        .disable_drag_drop_handler()
        .devtools(cfg!(debug_assertions))
        .on_document_title_changed(|window, title| {
            if let Err(error) = window.set_title(&title) {
                tracing::warn!("the window keeps its title: {error}");
            }
        })
        .on_page_load(|window, page| {
            // While the page loads, so that the store is open by the time the page asks for it; not
            // earlier, where it would only hold up the page.
            if page.event() == PageLoadEvent::Started {
                let app = window.app_handle().clone();
                tauri::async_runtime::spawn(async move { app.state::<Console>().status().await });
            }
        })
        .on_navigation(is_own)
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .on_download(|_, _| false)
        .build()?;
    Ok(())
}

/// Whether it is a page of the window itself. On Windows Tauri serves its pages from a host of its
/// own, elsewhere from a scheme of its own. Its isolated frame is let through before this is asked.
fn is_own(url: &Url) -> bool {
    match url.scheme() {
        "tauri" => url.host_str() == Some("localhost"),
        "http" | "https" => cfg!(windows) && url.host_str() == Some("tauri.localhost"),
        _ => false,
    }
}

fn come_forward<R: Runtime>(app: &AppHandle<R>) {
    let Some(window) = app.get_webview_window(LABEL) else {
        return;
    };
    if let Err(error) = window
        .unminimize()
        .and_then(|()| window.show())
        .and_then(|()| window.set_focus())
    {
        tracing::warn!("the window does not come forward: {error}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pages_of_its_own_get_in() {
        assert!(
            Url::parse("tauri://localhost/index.html").is_ok_and(|url| is_own(&url)),
            "its own page"
        );
        for foreign in [
            "https://example.com/",
            "http://localhost/",
            "file:///etc/passwd",
            "data:text/html,x",
            "tauri://example.com/",
            "javascript:alert(1)",
            "asset://localhost/x",
        ] {
            assert!(
                Url::parse(foreign).is_ok_and(|url| !is_own(&url)),
                "{foreign} could speak to Rust"
            );
        }
    }
}

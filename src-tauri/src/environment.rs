//! The environment the window needs before anything else starts.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::PathBuf;

/// Names the file that gets a line for each step of the start: the step, and when it was reached.
const STEPS_FILE: &str = "KEYHOLDER_STEPS_FILE";

/// Adds a line for whoever waits for the window or measures it.
pub(crate) fn note(step: &str) {
    let Some(path) = std::env::var_os(STEPS_FILE).map(PathBuf::from) else {
        return;
    };
    let file = OpenOptions::new().create(true).append(true).open(&path);
    if let Err(error) = file.and_then(|mut file| writeln!(file, "{step}")) {
        tracing::warn!("{} cannot be written: {error}", path.display());
    }
}

/// Sets what the web view needs where it is not set. Called before there is a second thread, which
/// could read the environment meanwhile.
///
/// Without a language the webview's own formatting throws (`LANG` unset or `C`), and with DMA-BUF
/// some Linux machines show nothing at all.
#[cfg(target_os = "linux")]
pub(crate) fn prepare() {
    for (name, value) in wanted(|name| std::env::var(name).ok()) {
        // Refused only for want of memory; then the window is tried as things are.
        let _ = glib::setenv(name, value, true);
    }
}

/// Elsewhere there is nothing to prepare.
#[cfg(not(target_os = "linux"))]
pub(crate) fn prepare() {}

/// What must be set that is not.
#[cfg(target_os = "linux")]
fn wanted(variable: impl Fn(&str) -> Option<String>) -> Vec<(&'static str, &'static str)> {
    let mut wanted = Vec::new();
    if variable("WEBKIT_DISABLE_DMABUF_RENDERER").is_none() {
        wanted.push(("WEBKIT_DISABLE_DMABUF_RENDERER", "1"));
    }
    // The first of these that is set decides (POSIX, 8.2).
    let language = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .into_iter()
        .find_map(|name| variable(name).filter(|value| !value.is_empty()));
    if language.is_none_or(|language| matches!(language.as_str(), "C" | "POSIX" | "C.UTF-8" | "C.utf8")) {
        wanted.push(("LC_ALL", "en_US.UTF-8"));
        wanted.push(("LANG", "en_US.UTF-8"));
    }
    wanted
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    fn names(set: &[(&str, &str)]) -> Vec<&'static str> {
        let variable = |name: &str| {
            set.iter()
                .find(|(set, _)| *set == name)
                .map(|(_, value)| (*value).to_owned())
        };
        wanted(variable).into_iter().map(|(name, _)| name).collect()
    }

    #[test]
    fn a_language_is_given_only_where_there_is_none() {
        let renderer = ("WEBKIT_DISABLE_DMABUF_RENDERER", "0");
        assert_eq!(
            names(&[renderer, ("LANG", "de_DE.UTF-8")]),
            [""; 0],
            "whoever has set them has the say"
        );
        for none in [
            &[renderer][..],
            &[renderer, ("LANG", "C.UTF-8")],
            &[renderer, ("LANG", "de_DE.UTF-8"), ("LC_ALL", "C")],
        ] {
            assert!(
                names(none).contains(&"LANG"),
                "formatting throws without a language: {none:?}"
            );
        }
    }

    #[test]
    fn the_renderer_that_blanks_windows_is_off() {
        assert_eq!(
            names(&[("LANG", "de_DE.UTF-8")]),
            ["WEBKIT_DISABLE_DMABUF_RENDERER"],
            "unless the person has decided"
        );
    }
}

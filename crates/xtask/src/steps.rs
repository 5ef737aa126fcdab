//! How far the start of a window has come, as it writes down itself.

use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// What a window has painted so far.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Step {
    /// Where its first screen will be.
    Painted,
    /// Its first screen.
    Shown,
    /// The data of that screen.
    Loaded,
}

/// When the window that writes into `file` reached a step; none as long as it has not.
pub(crate) fn reached(file: &Path, step: Step) -> Option<SystemTime> {
    // Before the first step there is no file.
    let lines = fs::read_to_string(file).unwrap_or_default();
    let name = format!("{step:?} ").to_lowercase();
    // A line that is still being written has no end.
    let mut whole = lines
        .split_inclusive('\n')
        .filter_map(|line| line.strip_suffix('\n'));
    let at = whole.find_map(|line| line.strip_prefix(&name))?;
    Some(UNIX_EPOCH + Duration::from_millis(at.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::Result;

    #[test]
    fn a_step_is_reached_when_its_line_is_whole() -> Result {
        let folder = tempfile::tempdir()?;
        let file = folder.path().join("steps");
        assert_eq!(reached(&file, Step::Painted), None, "nothing is written yet");
        fs::write(&file, "painted 1700000000123\nshown 17")?;
        let at = UNIX_EPOCH + Duration::from_millis(1_700_000_000_123);
        assert_eq!(reached(&file, Step::Painted), Some(at), "to the millisecond");
        assert_eq!(
            reached(&file, Step::Shown),
            None,
            "half a line could be any moment"
        );
        Ok(())
    }
}

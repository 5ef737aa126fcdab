//! The memory of a program with everything it has started.

use std::collections::BTreeMap;
use std::fs;

use crate::workspace::Result;

/// The proportional share of memory (PSS) of a process and all below it, in KiB: what is shared with
/// others counts by halves, thirds and so on, so that a web view of three processes counts once.
pub(crate) fn of_tree(root: u32) -> Result<u64> {
    let mut parents = BTreeMap::new();
    for entry in fs::read_dir("/proc")? {
        let Some(process) = entry?.file_name().to_str().and_then(|name| name.parse().ok()) else {
            continue;
        };
        // One that ended since its name was read is not part of the sum.
        if let Some(parent) = fs::read_to_string(format!("/proc/{process}/stat"))
            .ok()
            .and_then(|stat| parent(&stat))
        {
            parents.insert(process, parent);
        }
    }
    let mut sum = 0;
    for process in tree(root, &parents) {
        let rollup = fs::read_to_string(format!("/proc/{process}/smaps_rollup")).unwrap_or_default();
        sum += share(&rollup).unwrap_or(0);
    }
    if sum == 0 {
        return Err(format!("process {root} is gone, or its memory may not be seen").into());
    }
    Ok(sum)
}

/// The parent in `/proc/*/stat`. The program's name, in brackets before it, may hold anything.
fn parent(stat: &str) -> Option<u32> {
    stat.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse().ok()
}

/// `root` and all below it.
fn tree(root: u32, parents: &BTreeMap<u32, u32>) -> Vec<u32> {
    let mut found = vec![root];
    let mut looked_at = 0;
    while let Some(&above) = found.get(looked_at) {
        found.extend(
            parents
                .iter()
                .filter(|(_, parent)| **parent == above)
                .map(|(child, _)| child),
        );
        looked_at += 1;
    }
    found
}

fn share(rollup: &str) -> Option<u64> {
    let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:"))?;
    line.trim().trim_end_matches(" kB").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_is_the_process_with_its_children_and_theirs() {
        let parents = BTreeMap::from([(1, 0), (5, 1), (6, 5), (7, 6), (8, 1)]);
        assert_eq!(tree(5, &parents), [5, 6, 7], "not its parent, not a stranger");
    }

    #[test]
    fn a_name_with_brackets_hides_no_parent() {
        assert_eq!(
            parent("42 (Web (Content) 7) S 41 42 42 0"),
            Some(41),
            "behind the last bracket"
        );
    }

    #[test]
    fn the_share_is_read_in_kib() {
        let rollup = "00400000-7ff [rollup]\nRss:  90 kB\nPss:       64 kB\nPss_Dirty: 1 kB\n";
        assert_eq!(share(rollup), Some(64), "and nothing that begins like it");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn this_very_process_has_memory() -> Result {
        assert!(of_tree(std::process::id())? > 100, "more than 100 KiB");
        Ok(())
    }
}

//! The processor time of a program.

use std::fs;

use crate::workspace::Result;

/// Processor time that a process has taken with all its threads, in ms.
pub(crate) fn taken(process: u32) -> Result<f64> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat"))?;
    let ticks = ticks(&stat).ok_or("/proc/*/stat is not as expected")?;
    // A hundred ticks are a second wherever Linux runs a program (`USER_HZ`).
    #[expect(clippy::cast_precision_loss, reason = "far fewer ticks than 2^52")]
    Ok(ticks as f64 * 10.0)
}

/// User and system time. The program's name, in brackets before them, may hold anything.
fn ticks(stat: &str) -> Option<u64> {
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
    let mut next = || fields.next()?.parse::<u64>().ok();
    Some(next()? + next()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_and_system_time_are_added() {
        let stat = "42 (a (b) c) S 1 2 3 4 5 6 7 8 9 10 300 40 0 0 20 0 1 0 5";
        assert_eq!(ticks(stat), Some(340), "the fourteenth and fifteenth field");
    }

    #[test]
    fn this_very_process_has_taken_some() -> Result {
        assert!(taken(std::process::id())? >= 0.0, "its own time can be read");
        Ok(())
    }
}

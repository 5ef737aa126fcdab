//! Times as people say them.

use jiff::Timestamp;

/// A moment with its day and its zone: a letter is read anywhere, at any time.
pub(super) fn moment(at: Timestamp) -> String {
    at.strftime("%A, %-d %B %Y, %H:%M UTC").to_string()
}

/// How long it is until then, in the largest whole unit that leaves at least two of it, rounded down:
/// whoever believes it is never late.
pub(super) fn how_long(now: Timestamp, until: Timestamp) -> String {
    let minutes = until.duration_since(now).as_mins().max(0);
    let (hours, days) = (minutes / 60, minutes / (24 * 60));
    match (days, hours, minutes) {
        (2.., ..) => format!("{days} days"),
        (_, 2.., _) => format!("{hours} hours"),
        (_, _, 2..) => format!("{minutes} minutes"),
        _ => "a minute".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;

    #[test]
    fn times_are_told_with_their_zone() {
        let at = "2026-03-01T07:04:59Z".parse().unwrap();
        assert_eq!(moment(at), "Sunday, 1 March 2026, 07:04 UTC");
    }

    #[test]
    fn nobody_is_told_more_time_than_there_is() {
        let now = Timestamp::UNIX_EPOCH;
        for (seconds, words) in [
            (-5, "a minute"),
            (90, "a minute"),
            (30 * 60, "30 minutes"),
            (60 * 60, "60 minutes"),
            (119 * 60 + 59, "119 minutes"),
            (36 * 3600, "36 hours"),
            (72 * 3600 + 1, "3 days"),
        ] {
            let until = now + SignedDuration::from_secs(seconds);
            assert_eq!(how_long(now, until), words, "{seconds} s");
        }
    }
}

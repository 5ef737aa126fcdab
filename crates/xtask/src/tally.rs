//! Counting what passed.

use std::fmt;
use std::ops::AddAssign;

/// Checks that were really executed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// Those that held.
    pub(crate) passed: usize,
    /// Those that did not.
    pub(crate) failed: usize,
}

impl Tally {
    /// One step that is a check as a whole.
    pub(crate) fn of_one(held: bool) -> Self {
        Self {
            passed: usize::from(held),
            failed: usize::from(!held),
        }
    }

    /// A test runner's report beside its exit status: a runner that ran nothing, or that failed without
    /// a failed test (it did not compile, it crashed), is a failure too.
    pub(crate) fn of_runner(self, succeeded: bool) -> Self {
        let silent = self.passed + self.failed == 0 || (!succeeded && self.failed == 0);
        Self {
            failed: self.failed + usize::from(silent),
            ..self
        }
    }

    /// Something was executed and all of it held.
    pub(crate) fn is_green(self) -> bool {
        self.passed > 0 && self.failed == 0
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_runner_that_ran_nothing_has_failed() {
        let tally = Tally::default().of_runner(true);
        assert_eq!(tally.to_string(), "0 passed, 1 failed", "no test is no proof");
        assert!(!tally.is_green(), "nor is a run without checks green");
        assert!(!Tally::default().is_green(), "not even before it is judged");
    }

    #[test]
    fn a_runner_that_crashed_after_its_tests_has_failed() {
        let tally = Tally { passed: 3, failed: 0 }.of_runner(false);
        assert_eq!(
            tally.to_string(),
            "3 passed, 1 failed",
            "the exit status counts as well"
        );
    }

    #[test]
    fn failed_tests_are_counted_once() {
        let tally = Tally { passed: 3, failed: 2 }.of_runner(false);
        assert_eq!(
            tally.to_string(),
            "3 passed, 2 failed",
            "the exit status says nothing new here"
        );
    }
}

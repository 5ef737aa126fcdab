//! The promises the README makes, and the tests that prove them.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use crate::junit::Case;

/// A promise's number: `P08`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Promise(u8);

impl FromStr for Promise {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let number = text.strip_prefix(['P', 'p']).filter(|digits| digits.len() == 2);
        let number = number.and_then(|digits| digits.parse().ok());
        number
            .map(Self)
            .ok_or_else(|| format!("`{text}` is no promise: they are called P01, P02 and so on"))
    }
}

impl fmt::Display for Promise {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("P{:02}", self.0))
    }
}

/// The promises of the README's table: the rows that begin `| P08 |`.
pub(crate) fn promised(readme: &str) -> Vec<Promise> {
    readme
        .lines()
        .filter_map(|line| line.strip_prefix('|')?.split('|').next()?.trim().parse().ok())
        .collect()
}

/// The nextest filter that chooses the tests of these promises: a part of their path begins with `p08_`.
pub(crate) fn filter(promises: &[Promise]) -> String {
    let numbers: Vec<_> = promises
        .iter()
        .map(|promise| format!("{:02}", promise.0))
        .collect();
    format!("test(/(^|::)p({})_/)", numbers.join("|"))
}

/// What the tests of one promise showed.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Proof {
    /// Tests that measure the promise.
    pub(crate) measures: usize,
    /// Tests that show the measure failing on a build that breaks the promise.
    pub(crate) mutants: usize,
    /// The names of those that failed.
    pub(crate) failed: Vec<String>,
    /// How long all of them took together.
    pub(crate) took: Duration,
}

impl Proof {
    /// The tests of `promise` among all that ran.
    pub(crate) fn of(promise: Promise, cases: &[Case]) -> Self {
        let prefix = format!("p{:02}_", promise.0);
        let own = |case: &&Case| case.name.split("::").any(|part| part.starts_with(&prefix));
        let mut proof = Self::default();
        for case in cases.iter().filter(own) {
            proof.took += case.took;
            if case.name.contains("_mutant") {
                proof.mutants += 1;
            } else {
                proof.measures += 1;
            }
            if !case.passed {
                proof.failed.push(case.name.clone());
            }
        }
        proof
    }

    /// Kept, or why it does not count as kept: a measure nobody saw fail may be one that cannot.
    pub(crate) fn verdict(&self) -> Result<(), String> {
        match self {
            Self { measures: 0, .. } => Err("no measure".to_owned()),
            Self { mutants: 0, .. } => Err("no mutant".to_owned()),
            Self { failed, .. } if failed.is_empty() => Ok(()),
            Self { failed, .. } => Err(format!("failed: {}", failed.join(", "))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ran(tests: &[(&str, bool)]) -> Vec<Case> {
        tests
            .iter()
            .map(|&(name, passed)| Case {
                name: name.to_owned(),
                passed,
                took: Duration::from_secs(2),
            })
            .collect()
    }

    #[test]
    fn the_readme_says_what_is_promised() {
        let readme = "| Id | Promise |\n| --- | --- |\n| P01 | Length |\n| P18 | Window |\n\nP99 is none.\n";
        let read: Vec<_> = promised(readme).iter().map(ToString::to_string).collect();
        assert_eq!(read, ["P01", "P18"], "rows of the table, and nothing else");
    }

    #[test]
    fn a_promise_is_kept_by_a_measure_and_a_mutant() {
        let proof = Proof::of(
            Promise(8),
            &ran(&[
                ("lockout::p08_counts", true),
                ("p08_counts::sqlite_mutant", true),
                ("p18_window", false),
            ]),
        );
        assert_eq!(
            (proof.measures, proof.mutants),
            (1, 1),
            "each test counts for its own promise"
        );
        assert_eq!(proof.took, Duration::from_secs(4), "and so does its time");
        assert_eq!(
            proof.verdict(),
            Ok(()),
            "another promise's failure is not this one's"
        );
    }

    #[test]
    fn a_promise_nobody_measures_is_red() {
        let verdict = |tests: &[(&str, bool)]| Proof::of(Promise(8), &ran(tests)).verdict().err();
        assert_eq!(verdict(&[]).as_deref(), Some("no measure"), "nothing ran");
        assert_eq!(
            verdict(&[("p08_counts", true)]).as_deref(),
            Some("no mutant"),
            "could the measure fail?"
        );
        assert_eq!(
            verdict(&[("p08_counts", true), ("p08_counts_mutant", false)]).as_deref(),
            Some("failed: p08_counts_mutant"),
            "the mutant went unseen"
        );
    }

    #[test]
    fn a_filter_chooses_whole_numbers() {
        assert_eq!(
            filter(&[Promise(1), Promise(42)]),
            "test(/(^|::)p(01|42)_/)",
            "nextest's own notation"
        );
        assert!(
            "P8".parse::<Promise>().is_err(),
            "a promise is written as the README writes it"
        );
    }
}

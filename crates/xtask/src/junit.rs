//! Reading the report nextest leaves behind. Only what nextest writes is understood.

use std::time::Duration;

/// One executed test.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Case {
    /// The test's path in its binary: `lockout::p08_parallel_wrong_sign_ins`.
    pub(crate) name: String,
    /// It neither failed nor ran out of time nor left a process behind.
    pub(crate) passed: bool,
    /// How long it took.
    pub(crate) took: Duration,
}

/// Every test the report names.
pub(crate) fn cases(report: &str) -> Vec<Case> {
    report.split("<testcase ").skip(1).filter_map(case).collect()
}

fn case(after_tag: &str) -> Option<Case> {
    let (attributes, rest) = after_tag.split_once('>')?;
    // A test without output or failure is one empty element; what follows belongs to the suite.
    let body = if attributes.ends_with('/') {
        ""
    } else {
        rest.split_once("</testcase>").map_or(rest, |(body, _)| body)
    };
    let attribute = |key: &str| Some(attributes.split_once(key)?.1.split_once('"')?.0);
    // What the test printed is escaped, so a tag in here is one of nextest's own.
    let passed = !body.contains("<failure") && !body.contains("<error");
    Some(Case {
        name: attribute("name=\"")?.to_owned(),
        passed,
        took: Duration::try_from_secs_f64(attribute(" time=\"")?.parse().ok()?).ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const REPORT: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="keyholder" tests="3" failures="1" errors="0" time="0.01">
    <testsuite name="keyholder-core" tests="3" disabled="0" errors="0" failures="1">
        <testcase name="lockout::fifth_failure_waits" classname="keyholder-core" time="0.003"/>
        <testcase name="lockout::p08_counts" classname="keyholder-core" time="0.003">
            <failure message="assertion failed" type="test failure">left: 1</failure>
            <system-out>&lt;error&gt;</system-out>
        </testcase>
        <testcase name="password::p01_length" classname="keyholder-core" time="0.003">
            <system-out>printed &lt;failure&gt; and passed</system-out>
        </testcase>
    </testsuite>
</testsuites>"#;

    #[test]
    fn each_test_is_read_with_its_own_outcome() {
        let read: Vec<_> = cases(REPORT)
            .into_iter()
            .map(|case| {
                assert_eq!(case.took, Duration::from_millis(3), "each took as long");
                (case.name, case.passed)
            })
            .collect();
        let expected = [
            ("lockout::fifth_failure_waits", true),
            ("lockout::p08_counts", false),
            ("password::p01_length", true),
        ];
        assert_eq!(
            read,
            expected.map(|(name, passed)| (name.to_owned(), passed)),
            "a failure belongs to its own test, and printing the word is not one"
        );
    }

    #[test]
    fn an_empty_report_has_no_tests() {
        assert_eq!(cases(""), [], "what is not there was not executed");
    }
}

//! The table that is printed, as it stands in the README.

use serde_json::Value;

/// Something measured, beside what is wanted.
pub(crate) struct Figure {
    pub(crate) what: String,
    pub(crate) measured: String,
    pub(crate) goal: String,
    /// None for what is only told, without a goal.
    pub(crate) kept: Option<bool>,
}

impl Figure {
    /// From JSON; none if a part is missing.
    pub(crate) fn of(value: &Value) -> Option<Self> {
        let text = |name: &str| value[name].as_str().map(str::to_owned);
        Some(Self {
            what: text("what")?,
            measured: text("measured")?,
            goal: text("goal")?,
            kept: Some(value["kept"].as_bool()?),
        })
    }
}

/// All of them in Markdown.
pub(crate) fn of(figures: &[Figure]) -> String {
    let row = |figure: &Figure| {
        let verdict = match figure.kept {
            Some(true) => "kept",
            Some(false) => "**missed**",
            None => "",
        };
        let Figure {
            what, measured, goal, ..
        } = figure;
        format!("| {what} | {measured} | {goal} | {verdict} |\n")
    };
    let rows: String = figures.iter().map(row).collect();
    format!("| What | Measured | Goal | |\n| --- | --- | --- | --- |\n{rows}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_goal_that_is_missed_is_seen() {
        let figure = |kept| Figure {
            what: "a page".to_owned(),
            measured: "21 ms".to_owned(),
            goal: "< 20 ms".to_owned(),
            kept,
        };
        assert!(
            of(&[figure(Some(true))]).ends_with("| a page | 21 ms | < 20 ms | kept |\n"),
            "a row of the table"
        );
        assert!(of(&[figure(Some(false))]).contains("**missed**"), "in bold");
        assert!(
            !of(&[figure(None)]).contains("missed"),
            "what has no goal misses none"
        );
    }
}

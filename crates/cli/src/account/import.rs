//! `keyholder account import`: a dry run unless told otherwise, and a result for each row.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use clap::Args;
use keyholder_core::account::AccountId;
use keyholder_core::directory::{Directory, ImportMode, ImportResult};
use serde::Serialize;

use super::rows::{Read, Unreadable, read};
use crate::arguments::Options;
use crate::failure::Failure;
use crate::file::{Draft, is_stream};
use crate::operator::signed_in;
use crate::output::Output;
use crate::rows::{Format, Rows};
use crate::site::Site;
use crate::table::Table;

/// The longest file that is read, in bytes: far more than 100,000 accounts.
const LONGEST_FILE: u64 = 512 * 1024 * 1024;
/// How many refused rows people are shown.
const SHOWN: usize = 20;

/// What a file must look like, for `--help`.
pub(super) const FORMAT: &str = "\
The columns are email, name, role, password_hash, totp_secret and created_at, in any order; only \
email is needed. A hash is one of: Argon2, PBKDF2-SHA256/512 or scrypt as PHC strings, PBKDF2-SHA512 \
as Pow and pbkdf2_elixir write it, Django's pbkdf2_sha256, bcrypt, WordPress's $wp$2y and phpass. A \
second factor is a secret in base32. A cell that begins with an apostrophe before one of = + - @ is \
read without it, as the export writes it. Without --apply nothing is written.";

/// `keyholder account import`
#[derive(Debug, Args)]
pub(crate) struct Import {
    /// CSV with a header, or JSON lines; - is standard input
    file: PathBuf,

    /// Write the rows that are good
    #[arg(long)]
    apply: bool,

    /// Write all rows or none
    #[arg(long, requires = "apply")]
    strict: bool,

    /// Write a result for each row to this new file: CSV, or JSON lines by its ending
    #[arg(long, value_name = "PATH")]
    results: Option<PathBuf>,
}

/// What became of one row.
#[derive(Debug, Serialize)]
struct Outcome {
    line: u64,
    email: String,
    #[serde(flatten)]
    result: ImportResult,
}

impl Import {
    pub(super) async fn run(self, site: &Site, options: &Options, out: &mut Output) -> Result<(), Failure> {
        let draft = self.results.as_deref().map(Draft::begin).transpose()?;
        // A file is looked at before anybody is asked for a password.
        let ahead = if is_stream(&self.file) {
            None
        } else {
            Some(self.read()?)
        };
        let outcomes = signed_in(site, options, async |_, directory| {
            let rows = ahead.map_or_else(|| self.read(), Ok)?;
            self.hand_over(directory, rows).await
        })
        .await?;
        let taken = outcomes
            .iter()
            .filter(|outcome| !matches!(outcome.result, ImportResult::Refused { .. }))
            .count();
        let report = Report {
            outcomes: &outcomes,
            taken,
            refused: outcomes.len() - taken,
            mode: self.mode(),
        };
        if let Some(draft) = draft {
            report
                .write(draft, self.results.as_deref().unwrap_or(Path::new("")))
                .map_err(|failure| failure.saved(report.saved()))?;
        }
        out.answer(&report.document(), |out| report.say(out))?;
        if report.refused == 0 {
            return Ok(());
        }
        let happened = format!("{} of {} rows were refused", report.refused, outcomes.len());
        Err(Failure::refused(happened, "Mend these rows and import them again.").saved(report.saved()))
    }

    fn mode(&self) -> ImportMode {
        match (self.apply, self.strict) {
            (false, _) => ImportMode::DryRun,
            (true, false) => ImportMode::Apply,
            (true, true) => ImportMode::Strict,
        }
    }

    fn read(&self) -> Result<Vec<Read>, Failure> {
        let mut bytes = Vec::new();
        let taken = if is_stream(&self.file) {
            io::stdin().lock().take(LONGEST_FILE + 1).read_to_end(&mut bytes)
        } else {
            File::open(&self.file).and_then(|file| file.take(LONGEST_FILE + 1).read_to_end(&mut bytes))
        };
        taken.map_err(|error| Failure::file(&self.file, "read", &error))?;
        if bytes.len() as u64 > LONGEST_FILE {
            return Err(Failure::usage(
                "the file is longer than 512 MiB",
                "Split it and import the parts.",
            ));
        }
        read(&bytes, &self.file)
    }

    async fn hand_over(&self, directory: &dyn Directory, read: Vec<Read>) -> Result<Vec<Outcome>, Failure> {
        let unreadable = read.iter().any(|read| read.row.is_err());
        let mode = if unreadable && self.strict {
            ImportMode::DryRun
        } else {
            self.mode()
        };
        let mut good = Vec::new();
        let mut places = Vec::new();
        for Read { line, email, row } in read {
            let refused = match row {
                Ok(row) => {
                    good.push(row);
                    None
                }
                Err(Unreadable { column, why }) => Some(ImportResult::Refused {
                    column: column.to_owned(),
                    why,
                }),
            };
            places.push((line, email, refused));
        }
        let mut judged = directory.import(good, mode).await?.into_iter();
        let outcome = |(line, email, refused): (u64, String, Option<ImportResult>)| {
            // There is one judgement for each good row, in their order.
            let result = refused.or_else(|| judged.next())?;
            Some(Outcome { line, email, result })
        };
        Ok(places.into_iter().filter_map(outcome).collect())
    }
}

/// What became of all rows.
struct Report<'a> {
    outcomes: &'a [Outcome],
    taken: usize,
    refused: usize,
    mode: ImportMode,
}

impl Report<'_> {
    fn written(&self) -> bool {
        match self.mode {
            ImportMode::DryRun => false,
            ImportMode::Apply => true,
            ImportMode::Strict => self.refused == 0,
        }
    }

    fn saved(&self) -> String {
        if self.written() {
            format!("{} accounts were imported.", self.taken)
        } else {
            "Nothing was imported.".to_owned()
        }
    }

    fn document(&self) -> serde_json::Value {
        let written = self.written();
        serde_json::json!({
            "applied": written,
            "imported": if written { self.taken } else { 0 },
            "ready": if written { 0 } else { self.taken },
            "refused": self.refused,
            "rows": self.outcomes,
        })
    }

    fn say(&self, out: &mut Output) -> io::Result<()> {
        let rows = self.outcomes.len();
        out.line(&match self.mode {
            ImportMode::DryRun => format!(
                "Dry run: {} of {rows} rows are good. Nothing was written; --apply writes them.",
                self.taken
            ),
            _ => format!("{rows} rows. {}", self.saved()),
        })?;
        let mut table = Table::new(&["Line", "E-mail", "Column", "Why not"]);
        let refused = self.outcomes.iter().filter_map(|outcome| match &outcome.result {
            ImportResult::Refused { column, why } => Some((outcome, column, why)),
            _ => None,
        });
        for (outcome, column, why) in refused.take(SHOWN) {
            table.row([
                outcome.line.to_string(),
                outcome.email.clone(),
                column.clone(),
                why.clone(),
            ]);
        }
        if !table.is_empty() {
            out.table(&table)?;
        }
        match self.refused.saturating_sub(SHOWN) {
            0 => Ok(()),
            more => out.line(&format!(
                "… and {more} more: --results FILE has a line for each row."
            )),
        }
    }

    fn write(&self, mut draft: Draft<'_>, path: &Path) -> Result<(), Failure> {
        let columns = ["line", "email", "result", "id", "column", "why"];
        let mut rows = Rows::begin(Format::of(None, path), &columns, draft.writer())?;
        for outcome in self.outcomes {
            let line = Cow::Owned(outcome.line.to_string());
            let email = crate::text::shown(&outcome.email);
            let none = || Cow::Borrowed("");
            let id = |id: &AccountId| Cow::Owned(id.to_string());
            let cells = match &outcome.result {
                ImportResult::Ready => [line, email, "ready".into(), none(), none(), none()],
                ImportResult::Imported { id: made } => {
                    [line, email, "imported".into(), id(made), none(), none()]
                }
                ImportResult::Refused { column, why } => [
                    line,
                    email,
                    "refused".into(),
                    none(),
                    column.into(),
                    crate::text::shown(why),
                ],
            };
            rows.write(cells, outcome)?;
        }
        rows.finish()?;
        draft.finish()
    }
}

//! The settings as flags: made of the same table that the environment and the file are read by.

use std::collections::BTreeMap;
use std::path::Path;

use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches};
use keyholder_server::settings::{Kind, SETTINGS, Setting};

/// An option of every command, so it is no flag of this one.
const KEY_FILE: &str = "key-file";

/// Flags that were given, by their names.
#[derive(Debug, Clone, Default)]
pub(crate) struct Flags(BTreeMap<&'static str, String>);

impl Flags {
    /// The same with the key file, which is an option of every command.
    pub(crate) fn with_key_file(&self, key_file: Option<&Path>) -> BTreeMap<&'static str, String> {
        let mut flags = self.0.clone();
        flags.extend(key_file.map(|path| (KEY_FILE, path.display().to_string())));
        flags
    }
}

fn own() -> impl Iterator<Item = &'static Setting> {
    let own = |setting: &&Setting| setting.kind != Kind::Secret && setting.name != KEY_FILE;
    SETTINGS.iter().filter(own)
}

impl FromArgMatches for Flags {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut flags = Self::default();
        flags.update_from_arg_matches(matches)?;
        Ok(flags)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        for setting in own() {
            if let Some(values) = matches.get_many::<String>(setting.name) {
                let values: Vec<_> = values.map(String::as_str).collect();
                self.0.insert(setting.name, values.join(","));
            }
        }
        Ok(())
    }
}

impl Args for Flags {
    fn augment_args(command: Command) -> Command {
        let command = command.next_help_heading("Settings");
        let command = own().fold(command, |command, setting| {
            let Setting { name, value, .. } = *setting;
            let action = match setting.kind {
                Kind::Many => ArgAction::Append,
                Kind::One | Kind::Secret => ArgAction::Set,
            };
            command.arg(
                Arg::new(name)
                    .long(name)
                    .value_name(value)
                    .action(action)
                    .help(help(setting)),
            )
        });
        command.next_help_heading(None::<&str>)
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

fn help(setting: &Setting) -> String {
    let Setting {
        variable,
        default,
        help,
        ..
    } = setting;
    format!("{help} [default: {default}] [env: {variable}]")
}

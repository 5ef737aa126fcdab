//! Where settings come from, and which of them counts.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt;
use std::path::PathBuf;

use secrecy::SecretString;
use serde::Serialize;

use super::file::entries;
use super::table::{Kind, SETTINGS, Setting};

/// Everything that settings are read from.
#[derive(Clone, Copy)]
pub struct Sources<'a> {
    /// Flags that were given, by their names; several values of one parted by commas.
    pub flags: &'a BTreeMap<&'static str, String>,
    /// What an environment variable holds.
    pub environment: &'a dyn Fn(&str) -> Option<OsString>,
    /// The file, if one was named.
    pub file: Option<File<'a>>,
    /// What this computer says.
    pub defaults: &'a Defaults,
}

/// A TOML file that was read.
#[derive(Debug, Clone, Copy)]
pub struct File<'a> {
    /// As it was named.
    pub name: &'a str,
    /// What it holds.
    pub text: &'a str,
}

/// What a computer says of itself.
#[derive(Debug, Clone)]
pub struct Defaults {
    /// The store of this person.
    pub store: PathBuf,
    /// How many processors there are.
    pub processors: usize,
}

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// A flag of that name.
    Flag(&'static str),
    /// That environment variable.
    Environment(&'static str),
    /// That line of that file.
    File(String, usize),
    /// Nobody gave it.
    Default,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(name) => write!(f, "--{name}"),
            Self::Environment(name) => f.write_str(name),
            Self::File(name, line) => write!(f, "{name}, line {line}"),
            Self::Default => f.write_str("default"),
        }
    }
}

impl Serialize for Origin {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

/// What holds of one setting, as far as it may be seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Held {
    /// The setting.
    pub name: &'static str,
    /// Its value; none where there is none.
    pub value: Option<String>,
    /// Where it comes from.
    pub from: Origin,
}

/// Something that cannot hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    from: Origin,
    name: Option<String>,
    why: String,
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { from, name, why } = self;
        match (from, name) {
            (Origin::File(..), Some(name)) => write!(f, "{from}: {name} {why}"),
            (Origin::File(..), None) => write!(f, "{from}: {why}"),
            (Origin::Default, Some(name)) => write!(f, "{name} {why}"),
            _ => write!(f, "{from} {why}"),
        }
    }
}

/// Reads setting after setting, and collects what is said of them.
pub(super) struct Reader<'a> {
    sources: &'a Sources<'a>,
    in_file: BTreeMap<&'static str, (Origin, Option<String>)>,
    held: Vec<Held>,
    wrong: Vec<Wrong>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(sources: &'a Sources<'a>) -> Self {
        let mut reader = Self {
            sources,
            in_file: BTreeMap::new(),
            held: Vec::new(),
            wrong: Vec::new(),
        };
        if let Some(file) = sources.file {
            reader.read(file);
        }
        reader
    }

    fn read(&mut self, file: File<'_>) {
        let at = |line| Origin::File(file.name.to_owned(), line);
        let entries = match entries(file.text) {
            Ok(entries) => entries,
            Err((line, why)) => {
                let why = format!("is not TOML: {why}");
                return self.wrong.push(Wrong {
                    from: at(line),
                    name: None,
                    why,
                });
            }
        };
        for entry in entries {
            let mut wrong = |why: &str| {
                self.wrong.push(Wrong {
                    from: at(entry.line),
                    name: Some(entry.name.clone()),
                    why: why.to_owned(),
                });
            };
            match SETTINGS.iter().find(|setting| setting.name == entry.name) {
                None => wrong("is no setting"),
                Some(Setting {
                    kind: Kind::Secret, ..
                }) => {
                    wrong("does not belong into a file that others may read: give it in the environment");
                }
                Some(setting) => {
                    self.in_file.insert(setting.name, (at(entry.line), entry.value));
                }
            }
        }
    }

    /// A setting that always has a value.
    pub(super) fn one<T: fmt::Display>(
        &mut self,
        setting: &Setting,
        parse: impl FnOnce(&str) -> Result<T, String>,
        default: impl FnOnce() -> T,
    ) -> T {
        let (from, parsed) = self.parsed(setting, parse);
        let value = parsed.unwrap_or_else(default);
        self.hold(setting, Some(value.to_string()), from);
        value
    }

    /// A setting that may be left out.
    pub(super) fn optional<T: fmt::Display>(
        &mut self,
        setting: &Setting,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<T> {
        let (from, parsed) = self.parsed(setting, parse);
        self.hold(setting, parsed.as_ref().map(ToString::to_string), from);
        parsed
    }

    /// A file that may be left out. Its path is taken from where the program was started.
    pub(super) fn path(&mut self, setting: &Setting) -> Option<PathBuf> {
        self.optional(setting, |text| Ok(text.to_owned()))
            .map(PathBuf::from)
    }

    /// A secret that may be left out. Nothing of it is ever said.
    pub(super) fn secret(&mut self, setting: &Setting) -> Option<SecretString> {
        let (from, parsed) = self.parsed(setting, |text| Ok(SecretString::from(text)));
        self.hold(
            setting,
            parsed.as_ref().map(|_| "given, not shown".to_owned()),
            from,
        );
        parsed
    }

    /// Whether somebody gave a setting that was read.
    pub(super) fn is_given(&self, setting: &Setting) -> bool {
        let held = self.held.iter().find(|held| held.name == setting.name);
        held.is_some_and(|held| held.from != Origin::Default)
    }

    /// Says that a setting makes no sense with others.
    pub(super) fn wrong(&mut self, setting: &Setting, why: &str) {
        let held = self.held.iter().find(|held| held.name == setting.name);
        self.wrong.push(Wrong {
            from: held.map_or(Origin::Default, |held| held.from.clone()),
            name: Some(setting.name.to_owned()),
            why: why.to_owned(),
        });
    }

    /// What holds of every setting, in the order of the manual; or everything that is wrong.
    pub(super) fn finish(mut self) -> Result<Vec<Held>, Vec<Wrong>> {
        if !self.wrong.is_empty() {
            return Err(self.wrong);
        }
        let place = |held: &Held| SETTINGS.iter().position(|setting| setting.name == held.name);
        self.held.sort_by_key(place);
        Ok(self.held)
    }

    /// The value that counts and where it comes from; a flag before the environment before the file.
    fn parsed<T>(
        &mut self,
        setting: &Setting,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> (Origin, Option<T>) {
        let Some((from, text)) = self.given(setting) else {
            return (Origin::Default, None);
        };
        let parsed = match text.as_deref().map(str::trim) {
            None => Err("is no text".to_owned()),
            Some("") => Err("is empty: leave it out".to_owned()),
            Some(text) => parse(text),
        };
        match parsed {
            Ok(value) => (from, Some(value)),
            Err(why) => {
                let name = Some(setting.name.to_owned());
                self.wrong.push(Wrong {
                    from: from.clone(),
                    name,
                    why,
                });
                (from, None)
            }
        }
    }

    fn given(&self, setting: &Setting) -> Option<(Origin, Option<String>)> {
        if let Some(text) = self.sources.flags.get(setting.name) {
            return Some((Origin::Flag(setting.name), Some(text.clone())));
        }
        if let Some(text) = (self.sources.environment)(setting.variable) {
            return Some((Origin::Environment(setting.variable), text.into_string().ok()));
        }
        self.in_file.get(setting.name).cloned()
    }

    fn hold(&mut self, setting: &Setting, value: Option<String>, from: Origin) {
        self.held.push(Held {
            name: setting.name,
            value,
            from,
        });
    }
}

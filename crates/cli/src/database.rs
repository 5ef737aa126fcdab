//! The store as a service names it: `sqlite:PATH`.

use std::path::Path;

use keyholder_server::settings::Database;

use crate::arguments::Options;
use crate::failure::Failure;

/// Refuses where an option of every command names another store.
pub(crate) fn one_store(options: &Options, database: &Database) -> Result<(), Failure> {
    match &options.store {
        Some(store) if *database != Database::Sqlite(store.clone()) => Err(Failure::usage(
            format!("two stores are named: {database} and sqlite:{}", store.display()),
            "Keep one of them: --store or KEYHOLDER_STORE, or --database.",
        )),
        _ => Ok(()),
    }
}

/// The file of the store.
pub(crate) fn file(database: &Database) -> Result<&Path, Failure> {
    match database {
        Database::Sqlite(path) => Ok(path),
        Database::Postgres(_) => Err(Failure::usage(
            "this version keeps a shop in a file",
            "Name it as sqlite:PATH.",
        )),
    }
}

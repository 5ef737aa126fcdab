//! How a command ends.

/// What the exit status says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// It was done.
    Done = 0,
    /// It was refused, or the answer is no.
    Refused = 1,
    /// The arguments make no sense.
    Usage = 2,
    /// There is no such account.
    NotFound = 3,
    /// The account, or the way in, is locked.
    Locked = 4,
    /// The store, its key, the keychain or something else that is needed is not available.
    Unavailable = 5,
}

impl From<Exit> for std::process::ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// The table, for `--help` and the man page.
pub(crate) const STATUS: &str = "\
Exit status:
  0  done
  1  refused; also: a password that is in breaches, a trail that is not whole, rows not taken
  2  the arguments make no sense, or something needed could not be asked for
  3  there is no such account
  4  locked: the account, or this way of signing in, for now or by hand
  5  the store, its key, the keychain, the breach list, an address or a certificate is not available

Environment:
  KEYHOLDER_STORE      the store, where --store is not given
  KEYHOLDER_AS         who signs in, where --as is not given
  KEYHOLDER_RANGE_URL  the breach list: https, or http on this machine
  KEYHOLDER_LOG        what is logged to standard error, such as debug
  KEYHOLDER_CONFIG     the file of settings of keyholder serve; see there for the others
  NO_COLOR             no colours, whatever the terminal";

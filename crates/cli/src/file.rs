//! Files that commands write: whole or not at all, and their owner's alone.

use std::io::{BufWriter, Stdout, Write};
use std::path::Path;

use tempfile::NamedTempFile;

use crate::failure::Failure;
use crate::site::directory_of;

/// A file on its way; dropped before it is finished, it leaves nothing behind.
pub(crate) struct Draft<'a> {
    path: &'a Path,
    file: BufWriter<NamedTempFile>,
}

impl<'a> Draft<'a> {
    /// Begins a file beside the place where it will be. One that is there is never written over.
    pub(crate) fn begin(path: &'a Path) -> Result<Self, Failure> {
        if path.symlink_metadata().is_ok() {
            return Err(Failure::usage(
                format!("there is a file at {} already", path.display()),
                "It was left as it is; name another one.",
            ));
        }
        // Temporary files are their owner's alone from the start.
        let file = NamedTempFile::with_prefix_in(".keyholder-", directory_of(path))
            .map_err(|error| Failure::file(path, "written", &error))?;
        Ok(Self {
            path,
            file: BufWriter::new(file),
        })
    }

    /// Where to write to.
    pub(crate) fn writer(&mut self) -> &mut dyn Write {
        &mut self.file
    }

    /// Gives the file its name, once it is on the disk.
    pub(crate) fn finish(self) -> Result<(), Failure> {
        let failed = |error: &std::io::Error| Failure::file(self.path, "written", error);
        let file = self.file.into_inner().map_err(|error| failed(error.error()))?;
        file.as_file().sync_all().map_err(|error| failed(&error))?;
        file.persist_noclobber(self.path)
            .map_err(|refused| failed(&refused.error))?;
        Ok(())
    }
}

/// Where an export goes.
pub(crate) enum Sink<'a> {
    /// Standard output, named `-`.
    Stdout(BufWriter<Stdout>),
    /// A new file.
    File(Draft<'a>),
}

impl<'a> Sink<'a> {
    /// Begins to write there.
    pub(crate) fn begin(path: &'a Path) -> Result<Self, Failure> {
        if is_stream(path) {
            Ok(Self::Stdout(BufWriter::new(std::io::stdout())))
        } else {
            Draft::begin(path).map(Self::File)
        }
    }

    /// Whether it is a file, so that there is room for words on standard output.
    pub(crate) fn is_file(&self) -> bool {
        matches!(self, Self::File(_))
    }

    /// Where to write to.
    pub(crate) fn writer(&mut self) -> &mut dyn Write {
        match self {
            Self::Stdout(out) => out,
            Self::File(draft) => draft.writer(),
        }
    }

    /// Hands everything on.
    pub(crate) fn finish(self) -> Result<(), Failure> {
        match self {
            Self::Stdout(mut out) => Ok(out.flush()?),
            Self::File(draft) => draft.finish(),
        }
    }
}

/// Whether a name stands for a standard stream.
pub(crate) fn is_stream(path: &Path) -> bool {
    path == Path::new("-")
}

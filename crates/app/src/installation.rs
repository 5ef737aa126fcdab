//! This installation, as the audit trail and the lockout rules know it.

use std::path::Path;

use keyholder_core::account::printable;
use keyholder_core::audit::{Program, Source};
use keyholder_core::clock::Rng;
use keyholder_core::lockout::DeviceId;

/// The file that holds the id of the installation.
const FILE_NAME: &str = "installation";

/// Where acts from this installation come from. Its id is made at the first start and kept in `dir`;
/// where that cannot be written the installation stays unknown, which only costs its holder the
/// budget of tries of their own.
pub fn source(program: Program, dir: &Path, rng: &mut Rng) -> Source {
    let address = gethostname::gethostname().to_string_lossy().into_owned();
    let address = Some(address).filter(|name| !name.is_empty() && name.len() <= 253 && printable(name));
    let device = known(dir).or_else(|| {
        make(dir, rng)
            .inspect_err(|cause| tracing::warn!("no id of this installation: {cause}"))
            .ok()
    });
    Source {
        program,
        address,
        device,
        user_agent: None,
    }
}

fn known(dir: &Path) -> Option<DeviceId> {
    let text = std::fs::read_to_string(dir.join(FILE_NAME)).ok()?;
    text.trim().parse().ok().map(|id: uuid::Uuid| id.into())
}

fn make(dir: &Path, rng: &mut Rng) -> std::io::Result<DeviceId> {
    let id = DeviceId::fresh(rng);
    crate::shop_file::create_dir(dir)?;
    // Temporary files are their owner's alone from the start.
    let mut file = tempfile::NamedTempFile::new_in(dir)?;
    std::io::Write::write_all(&mut file, id.to_string().as_bytes())?;
    file.persist(dir.join(FILE_NAME))
        .map_err(|refused| refused.error)?;
    Ok(id)
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng as _;

    use super::*;

    #[test]
    fn an_installation_keeps_its_id() {
        let dir = tempfile::tempdir().unwrap();
        let first = source(
            Program::Window,
            &dir.path().join("new"),
            &mut Rng::seed_from_u64(1),
        );
        let second = source(
            Program::Window,
            &dir.path().join("new"),
            &mut Rng::seed_from_u64(2),
        );
        assert!(first.device.is_some(), "the first start makes one");
        assert_eq!(first.device, second.device, "a known device has tries of its own");
    }

    #[test]
    fn a_directory_that_cannot_be_written_stops_nobody() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("file"), "").unwrap();
        let source = source(
            Program::Window,
            &dir.path().join("file"),
            &mut Rng::seed_from_u64(1),
        );
        assert_eq!(source.device, None, "unknown, and still able to sign in");
    }
}

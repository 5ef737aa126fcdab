//! Packages of the operating system.

use std::path::Path;
use std::process::Command;

use super::Purpose;
use crate::workspace::{Result, Workspace};

struct Package {
    name: &'static str,
    purpose: Purpose,
    why: &'static str,
}

const fn needs(purpose: Purpose, name: &'static str, why: &'static str) -> Package {
    Package { name, purpose, why }
}

const POSTGRESQL: &str = "postgresql";
/// Where Debian's package looks whether to make a server of the system.
const SERVER_SETTINGS: &str = "/etc/postgresql-common/createcluster.conf";
/// For `sed`, in its extended notation: none is made.
const NO_SERVER: &str = "s/^#?[[:space:]]*create_main_cluster[[:space:]]*=.*/create_main_cluster = false/";

/// Everything that is asked of Debian and Ubuntu, in one place.
const PACKAGES: &[Package] = &[
    needs(
        Purpose::Build,
        "build-essential",
        "compiles SQLCipher and the TLS library's C parts",
    ),
    needs(Purpose::Build, "pkg-config", "finds the libraries below"),
    needs(
        Purpose::Build,
        "libwebkit2gtk-4.1-dev",
        "the web view, and GTK with it",
    ),
    needs(
        Purpose::Build,
        "libssl-dev",
        "libcrypto, with which SQLCipher encrypts the store",
    ),
    needs(
        Purpose::Build,
        "libdbus-1-dev",
        "the window toolkit talks to the desktop through it",
    ),
    needs(
        Purpose::Build,
        "fonts-dejavu-core",
        "letters for names in every script, where no font is there at all",
    ),
    needs(Purpose::Headless, "xvfb", "a display in memory"),
    needs(Purpose::Headless, "dbus", "a private session bus"),
    needs(Purpose::Headless, "gnome-keyring", "a keychain on that bus"),
    needs(
        Purpose::Headless,
        "imagemagick",
        "takes the picture of the window",
    ),
    needs(Purpose::Tests, "webkit2gtk-driver", "drives the real window"),
    needs(
        Purpose::Tests,
        "dbus-x11",
        "sessions that start a bus of their own",
    ),
    needs(Purpose::Tests, "x11-utils", "asks a display what it shows"),
    needs(
        Purpose::Tests,
        "zbar-tools",
        "reads the second factor's picture as a phone does",
    ),
    needs(Purpose::Tests, "oathtool", "computes codes as a phone does"),
    needs(Purpose::Tests, "argon2", "hashes as the reference program does"),
    needs(
        Purpose::Tests,
        "openssl",
        "reads the fingerprint of a certificate as its keeper does",
    ),
    needs(Purpose::Tests, "strace", "sees what reaches the disk"),
    needs(
        Purpose::Tests,
        "sqlite3",
        "the store's tables, for its SQL to be checked against",
    ),
    needs(
        Purpose::Tests,
        "ca-certificates",
        "the authorities that a console from afar believes",
    ),
    needs(
        Purpose::Tests,
        POSTGRESQL,
        "the server of the store for several nodes; each test starts one of its own",
    ),
    needs(
        Purpose::Tests,
        "chromium",
        "the pages of the service, as people see them",
    ),
    needs(Purpose::Tests, "chromium-driver", "drives it"),
    needs(
        Purpose::Tests,
        "nginx-light",
        "asks the service who somebody is, in front of a plain page",
    ),
    needs(Purpose::Tests, "faketime", "sets the clock of one program"),
    needs(Purpose::Tests, "at-spi2-core", "what a screen reader is told"),
    needs(Purpose::Tests, "python3-gi", "reads it"),
    needs(Purpose::Tests, "gir1.2-atspi-2.0", "reads it"),
    needs(
        Purpose::Tests,
        "python3-aiosmtpd",
        "a mail server for letters to reach, and to refuse them",
    ),
    needs(
        Purpose::Tests,
        "python3-venv",
        "password libraries to compare with, kept apart from the system",
    ),
    needs(Purpose::Figures, "wrk", "asks the service as many do at once"),
];

/// Installs what is missing for these purposes, or says what to install where it cannot.
pub(super) fn install(workspace: &Workspace, purposes: &[Purpose]) -> Result {
    if cfg!(target_os = "macos") {
        println!("{MACOS}");
        return Ok(());
    }
    if cfg!(windows) {
        println!("{WINDOWS}");
        return Ok(());
    }
    let wanted: Vec<_> = PACKAGES
        .iter()
        .filter(|package| purposes.contains(&package.purpose))
        .collect();
    if !Path::new("/usr/bin/dpkg-query").exists() {
        println!("This is not Debian or Ubuntu. Please install what these packages are called here:");
        list(&wanted);
        return Ok(());
    }
    // Its exit status only says that some are unknown, which is what is asked here.
    let known = workspace
        .command("dpkg-query")
        .args(["-W", "-f", FORMAT])
        .args(names(&wanted))
        .output()?;
    let missing = missing(&wanted, &String::from_utf8_lossy(&known.stdout));
    if missing.is_empty() {
        return Ok(());
    }
    println!("This machine lacks:");
    list(&missing);
    apt_get(workspace, &["update"])?;
    if names(&missing).contains(&POSTGRESQL) {
        start_no_server(workspace)?;
    }
    apt_get(
        workspace,
        &[
            &["install", "--yes", "--no-install-recommends"],
            &*names(&missing),
        ]
        .concat(),
    )
}

fn list(packages: &[&Package]) {
    for Package { name, why, .. } in packages {
        println!("  {name:<22} {why}");
    }
}

fn names(packages: &[&Package]) -> Vec<&'static str> {
    packages.iter().map(|package| package.name).collect()
}

const FORMAT: &str = "${db:Status-Status} ${Package}\n";

fn missing<'a>(wanted: &[&'a Package], known: &str) -> Vec<&'a Package> {
    let installed: Vec<_> = known
        .lines()
        .filter_map(|line| line.strip_prefix("installed "))
        .collect();
    wanted
        .iter()
        .copied()
        .filter(|package| !installed.contains(&package.name))
        .collect()
}

/// The package would start a server of the system, which nobody here has asked for: each test starts one of
/// its own. Where the package was there before, its server is none of our business.
fn start_no_server(workspace: &Workspace) -> Result {
    apt_get(
        workspace,
        &["install", "--yes", "--no-install-recommends", "postgresql-common"],
    )?;
    workspace.run(as_root(workspace).args(["sed", "-r", "-i", NO_SERVER, SERVER_SETTINGS]))
}

/// The command that runs another with every right.
fn as_root(workspace: &Workspace) -> Command {
    workspace.command(if is_root() { "env" } else { "sudo" })
}

fn apt_get(workspace: &Workspace, arguments: &[&str]) -> Result {
    // Another installation may be under way, as on a machine that was just started: wait for it.
    let words = [
        "DEBIAN_FRONTEND=noninteractive",
        "apt-get",
        "--quiet",
        "-o",
        "DPkg::Lock::Timeout=300",
    ];
    let run = workspace.run(as_root(workspace).args(words).args(arguments));
    run.map_err(|error| {
        format!(
            "{error}\nInstall these yourself and try again: {}",
            arguments.join(" ")
        )
        .into()
    })
}

fn is_root() -> bool {
    #[cfg(unix)]
    return rustix::process::geteuid().is_root();
    #[cfg(not(unix))]
    return false;
}

const MACOS: &str = "\
On macOS, once:
  xcode-select --install      the compiler; the web view and the keychain are part of macOS";

const WINDOWS: &str = "\
On Windows, once:
  winget install Microsoft.VisualStudio.2022.BuildTools --override \"--add Microsoft.VisualStudio.Workload.VCTools\"
  winget install NASM.NASM
  winget install ShiningLight.OpenSSL.Dev     then set OPENSSL_DIR to where it is
The web view is part of Windows 11; on Windows 10: winget install Microsoft.EdgeWebView2Runtime";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_not_there_is_installed() {
        let known = "installed xvfb\nnot-installed dbus\nconfig-files strace\n";
        let wanted = ["xvfb", "dbus", "strace", "oathtool"].map(|name| needs(Purpose::Tests, name, ""));
        assert_eq!(
            names(&missing(&wanted.each_ref(), known)),
            ["dbus", "strace", "oathtool"],
            "a package that was removed, or that nobody heard of, is missing"
        );
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_package_makes_no_server() -> std::io::Result<()> {
        let before = "# Default: true\n#create_main_cluster = true\nstart_conf = 'auto'\n";
        let mut sed = Command::new("sed");
        let mut sed = sed
            .args(["-r", NO_SERVER])
            .stdin(std::process::Stdio::piped())
            .stdout(std::process::Stdio::piped())
            .spawn()?;
        if let Some(mut stdin) = sed.stdin.take() {
            std::io::Write::write_all(&mut stdin, before.as_bytes())?;
        }
        let said = String::from_utf8_lossy(&sed.wait_with_output()?.stdout).into_owned();
        assert_eq!(
            said, "# Default: true\ncreate_main_cluster = false\nstart_conf = 'auto'\n",
            "its one line is changed, as Debian's file has it"
        );
        Ok(())
    }

    #[test]
    fn every_package_is_asked_for_once() {
        let mut names: Vec<_> = PACKAGES.iter().map(|package| package.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(
            names.len(),
            PACKAGES.len(),
            "one line for each package, with one reason"
        );
    }
}

//! What the machine around the console may decide, and what it may not: told in a process of its own, since
//! it is in the environment.

use std::ffi::OsStr;
use std::path::Path;
use std::process::Command;

use data_encoding::BASE64;
use keyholder_core::directory::Authentication as _;
use keyholder_core::error::Code;
use rustls::pki_types::CertificateDer;

use super::super::{Address, RemoteAuthentication, Trust};
use super::line::{Line, Reply, Shown, answer, certificate, connection};

/// Where the process of a story finds what it needs; a test that is not given it starts that process.
const FOLDER: &str = "KEYHOLDER_STORY_FOLDER";

/// Tells one story of this module in a process with that environment.
fn told(story: &str, environment: &[(&str, &OsStr)]) {
    let story = format!("{}::{story}", module_path!().split_once("::").unwrap().1);
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", &story])
        .envs(environment.iter().copied())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && said.contains("1 passed"),
        "{story} was not told well: {said}"
    );
}

async fn shop(address: &str) -> Result<(), Code> {
    let address = Address::parse(address).unwrap();
    let console = RemoteAuthentication::over(connection(address, Trust::System));
    console.front().await.map(drop).map_err(|error| error.code())
}

fn keep(folder: &Path, shown: &Shown) {
    let pem = format!(
        "-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n",
        BASE64.encode(&shown.certificate)
    );
    std::fs::write(folder.join("authority.pem"), pem).unwrap();
    std::fs::write(folder.join("certificate.der"), &shown.certificate).unwrap();
    std::fs::write(folder.join("key.der"), &shown.key).unwrap();
}

fn kept(folder: &Path) -> Shown {
    let read = |name| std::fs::read(folder.join(name)).unwrap();
    Shown {
        certificate: CertificateDer::from(read("certificate.der")),
        key: read("key.der"),
    }
}

#[tokio::test]
async fn the_authorities_of_this_machine_are_believed_about_a_name() {
    let Some(folder) = std::env::var_os(FOLDER) else {
        let folder = tempfile::tempdir().unwrap();
        keep(folder.path(), &certificate("Rose and Thorn", 2025, 2999));
        let authority = folder.path().join("authority.pem");
        told(
            "the_authorities_of_this_machine_are_believed_about_a_name",
            &[
                (FOLDER, folder.path().as_os_str()),
                ("SSL_CERT_FILE", authority.as_os_str()),
            ],
        );
        return;
    };
    let busy = vec![Reply::Say(answer("503 Service Unavailable", ""))];
    let line = Line::secured(busy, &kept(Path::new(&folder))).await;
    let at = line.address();
    assert_eq!(
        shop(at.as_str()).await,
        Err(Code::Unavailable),
        "the service is believed, and spoken to"
    );
    let spoken = line.requests().len();
    assert_eq!(
        shop(&at.as_str().replace("127.0.0.1", "localhost")).await,
        Err(Code::CertificateForAnother),
        "but not by another name"
    );
    assert_eq!(line.requests().len(), spoken, "to which nothing is said");
}

#[tokio::test]
async fn a_proxy_in_the_environment_is_not_used() {
    if std::env::var_os(FOLDER).is_none() {
        // Nobody listens there: who asks it comes nowhere.
        let proxy = OsStr::new("http://127.0.0.1:9");
        let names = [
            "HTTP_PROXY",
            "http_proxy",
            "HTTPS_PROXY",
            "https_proxy",
            "ALL_PROXY",
            "all_proxy",
        ];
        let mut environment = vec![(FOLDER, OsStr::new("none"))];
        environment.extend(names.map(|name| (name, proxy)));
        told("a_proxy_in_the_environment_is_not_used", &environment);
        return;
    }
    let line = Line::of(vec![Reply::Say(answer("503 Service Unavailable", ""))]).await;
    assert_eq!(
        shop(line.address().as_str()).await,
        Err(Code::Unavailable),
        "the service is spoken to directly"
    );
}

//! Where a service is.

use std::net::IpAddr;

use reqwest::Url;

/// The address of a service: `https`, or plain `http` on this machine, where nobody reads along. It may
/// lie below a path, as behind a proxy that serves other pages too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address(Url);

impl Address {
    /// The address as a person typed it. Without a scheme it is `https`.
    ///
    /// # Errors
    /// It is no address of a service, or what is sent there could be read on the way.
    pub fn parse(typed: &str) -> Result<Self, AddressRefused> {
        let typed = typed.trim();
        let whole = if typed.contains("://") {
            typed.to_owned()
        } else {
            format!("https://{typed}")
        };
        let mut url = Url::parse(&whole).map_err(|_| AddressRefused::NotAnAddress)?;
        let more_than_a_place = !url.username().is_empty()
            || url.password().is_some()
            || url.query().is_some()
            || url.fragment().is_some();
        if more_than_a_place || url.host_str().is_none_or(str::is_empty) {
            return Err(AddressRefused::NotAnAddress);
        }
        match url.scheme() {
            "https" => {}
            "http" if is_this_machine(&url) => {}
            "http" => return Err(AddressRefused::NotSecret),
            _ => return Err(AddressRefused::NotAnAddress),
        }
        let path = url.path().trim_end_matches('/').to_owned();
        url.set_path(&path);
        Ok(Self(url))
    }

    /// As it is shown and remembered.
    pub fn as_str(&self) -> &str {
        self.0.as_str().trim_end_matches('/')
    }

    /// Whether what is sent there is encrypted; otherwise it does not leave this machine.
    pub fn is_https(&self) -> bool {
        self.0.scheme() == "https"
    }

    /// The host without brackets, and the port.
    pub(super) fn host_and_port(&self) -> (&str, u16) {
        let host = self.0.host_str().unwrap_or_default();
        (unbracketed(host), self.0.port_or_known_default().unwrap_or(443))
    }

    /// The URL of one of the service's paths, which begin with a slash.
    pub(super) fn at(&self, path: &str) -> Result<Url, AddressRefused> {
        Url::parse(&format!("{}{path}", self.as_str())).map_err(|_| AddressRefused::NotAnAddress)
    }
}

impl std::fmt::Display for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Why an address is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AddressRefused {
    /// It cannot be read as an address, or carries a name, a password, a query or a fragment.
    #[error("this is not the address of a service, such as https://keys.example.com")]
    NotAnAddress,
    /// It is plain `http` to another machine.
    #[error("a service on another machine is spoken to over https, so that nobody on the way can read along")]
    NotSecret,
}

fn unbracketed(host: &str) -> &str {
    host.trim_start_matches('[').trim_end_matches(']')
}

/// Whether requests to `url` stay on this machine (`localhost` does by RFC 6761, section 6.3).
fn is_this_machine(url: &Url) -> bool {
    url.host_str().is_some_and(|host| {
        let address = unbracketed(host).parse::<IpAddr>();
        host == "localhost" || address.is_ok_and(|address| address.is_loopback())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(typed: &str) -> Result<String, AddressRefused> {
        Address::parse(typed).map(|address| address.as_str().to_owned())
    }

    #[test]
    fn an_address_is_taken_as_people_type_it() {
        for (typed, is) in [
            ("keys.example.com", "https://keys.example.com"),
            (" https://keys.example.com/ ", "https://keys.example.com"),
            ("https://Keys.Example.com:8443", "https://keys.example.com:8443"),
            ("https://example.com/keyholder/", "https://example.com/keyholder"),
            ("192.168.1.20:8443", "https://192.168.1.20:8443"),
        ] {
            assert_eq!(shown(typed).as_deref(), Ok(is), "{typed:?} is a place");
        }
    }

    #[test]
    fn plain_http_is_for_this_machine_only() {
        for here in ["http://127.0.0.1:8080", "http://[::1]:8080", "http://localhost:1"] {
            assert_eq!(shown(here).as_deref(), Ok(here), "it never leaves the machine");
        }
        for elsewhere in [
            "http://keys.example.com",
            "http://127.0.0.1.example.com",
            "http://localhost.example.com",
            "http://10.0.0.1",
        ] {
            assert_eq!(
                shown(elsewhere),
                Err(AddressRefused::NotSecret),
                "{elsewhere} could be read on the way"
            );
        }
    }

    #[test]
    fn an_address_is_a_place_and_nothing_more() {
        for more in [
            "",
            "https://",
            "https://olga:secret@keys.example.com",
            "https://keys.example.com/?next=1",
            "https://keys.example.com/#top",
            "ftp://127.0.0.1",
            "file:///etc/passwd",
            "two words",
        ] {
            assert_eq!(
                shown(more),
                Err(AddressRefused::NotAnAddress),
                "{more:?} is not the address of a service"
            );
        }
    }

    #[test]
    fn a_path_of_the_service_lies_below_its_address() {
        let below =
            Address::parse("https://example.com/keyholder/").and_then(|address| address.at("/v1/shop"));
        assert_eq!(
            below.map(String::from).as_deref(),
            Ok("https://example.com/keyholder/v1/shop"),
            "behind a proxy too"
        );
    }
}

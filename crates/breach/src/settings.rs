//! Whom to ask, and for how long.

use std::net::IpAddr;
use std::time::Duration;

use reqwest::Url;

/// The public service.
const PUBLIC: &str = "https://api.pwnedpasswords.com";

/// How long a check may take from its start to its answer.
const DEADLINE: Duration = Duration::from_millis(500);

/// Whom a [`RangeClient`](crate::RangeClient) asks and how long it waits. By default the public
/// service, for 500 ms in all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RangeSettings {
    base_url: String,
    deadline: Duration,
}

impl Default for RangeSettings {
    fn default() -> Self {
        Self {
            base_url: PUBLIC.to_owned(),
            deadline: DEADLINE,
        }
    }
}

impl RangeSettings {
    /// Asks another server that speaks the range protocol: a mirror, or one on this machine.
    ///
    /// # Errors
    /// The address is neither `https` nor `http` on this machine, or is more than a place.
    pub fn with_base_url(self, base_url: &str) -> Result<Self, BaseUrlRefused> {
        let url = Url::parse(base_url).map_err(|_| BaseUrlRefused::NotAnAddress)?;
        match url.scheme() {
            "https" => {}
            "http" if is_this_machine(&url) => {}
            _ => return Err(BaseUrlRefused::NotSecret),
        }
        let names_more_than_a_place = !url.username().is_empty()
            || url.password().is_some()
            || url.query().is_some()
            || url.fragment().is_some();
        if names_more_than_a_place {
            return Err(BaseUrlRefused::NotAnAddress);
        }
        Ok(Self {
            base_url: url.as_str().trim_end_matches('/').to_owned(),
            ..self
        })
    }

    /// Gives up after `deadline`, counted from the call to the answer.
    #[must_use]
    pub fn with_deadline(self, deadline: Duration) -> Self {
        Self { deadline, ..self }
    }

    /// Where the ranges are, without a slash at the end.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// The longest a check may take.
    pub fn deadline(&self) -> Duration {
        self.deadline
    }
}

/// Why an address for range queries was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BaseUrlRefused {
    /// It cannot be read as an address, or carries a user name, a query or a fragment.
    #[error("this is not the address of a breach list, such as {PUBLIC}")]
    NotAnAddress,
    /// It is not `https`. Plain `http` is taken on this machine only.
    #[error("a breach list is asked over https, so that nobody on the way can read along")]
    NotSecret,
}

/// Whether requests to `url` stay on this machine (`localhost` does by RFC 6761, section 6.3).
fn is_this_machine(url: &Url) -> bool {
    url.host_str().is_some_and(|host| {
        let address = host.trim_start_matches('[').trim_end_matches(']');
        host == "localhost"
            || address
                .parse::<IpAddr>()
                .is_ok_and(|address| address.is_loopback())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(base_url: &str) -> Option<BaseUrlRefused> {
        RangeSettings::default().with_base_url(base_url).err()
    }

    #[test]
    fn the_public_service_is_asked_by_default_for_half_a_second() {
        let settings = RangeSettings::default();
        assert_eq!(
            settings.clone().with_base_url(settings.base_url()),
            Ok(settings.clone()),
            "the default passes its own check"
        );
        assert_eq!(settings.deadline(), Duration::from_millis(500), "500 ms in all");
    }

    #[test]
    fn plain_http_is_for_this_machine_only() {
        for here in [
            "http://127.0.0.1:8080",
            "http://[::1]:8080/",
            "http://localhost:1",
        ] {
            assert_eq!(refused(here), None, "{here} never leaves the machine");
        }
        for elsewhere in [
            "http://api.pwnedpasswords.com",
            "http://127.0.0.1.example.com",
            "http://localhost.example.com",
            "http://10.0.0.1",
            "ftp://127.0.0.1",
            "file:///etc/passwd",
        ] {
            assert_eq!(
                refused(elsewhere),
                Some(BaseUrlRefused::NotSecret),
                "{elsewhere} could be read on the way"
            );
        }
    }

    #[test]
    fn an_address_is_a_place_and_nothing_more() {
        for more in [
            "",
            "api.pwnedpasswords.com",
            "https://me:secret@mirror.example.com",
            "https://mirror.example.com/?mode=ntlm",
            "https://mirror.example.com/#range",
        ] {
            assert_eq!(
                refused(more),
                Some(BaseUrlRefused::NotAnAddress),
                "{more:?} is not a plain address"
            );
        }
        let mirror = RangeSettings::default().with_base_url("https://mirror.example.com/hibp/");
        assert_eq!(
            mirror.map(|mirror| mirror.base_url),
            Ok("https://mirror.example.com/hibp".to_owned()),
            "a mirror may live below a path"
        );
    }
}

//! Moments and places in words. A page without scripts does not know the clock on the wall of its reader,
//! so that near moments are told from now on, and far ones in UTC.

use std::net::IpAddr;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use keyholder_core::audit::{Program, Source};
use keyholder_core::letter::Device;

use super::Words;

#[expect(clippy::unused_self, reason = "another language says it in its own way")]
impl Words {
    /// How long it takes until then: `in 30 seconds`.
    pub(in super::super) fn wait(&self, seconds: u64) -> String {
        match seconds {
            0..=1 => "in a second".to_owned(),
            2..=90 => format!("in {seconds} seconds"),
            _ => format!("in {} minutes", seconds.div_ceil(60)),
        }
    }

    /// How long it was ago: `5 minutes ago`; the day where that is longer than two days.
    pub(in super::super) fn ago(&self, at: Timestamp, now: Timestamp) -> String {
        let seconds = at.duration_until(now).as_secs();
        let count = |count: i64, one: &str, more: &str| match count {
            1 => format!("{one} ago"),
            count => format!("{count} {more} ago"),
        };
        match seconds {
            ..60 => "just now".to_owned(),
            60..3_600 => count(seconds / 60, "a minute", "minutes"),
            3_600..172_800 => count(seconds / 3_600, "an hour", "hours"),
            _ => format!("on {}", self.day(at)),
        }
    }

    /// `2 March 2026, 08:00`.
    pub(in super::super) fn moment(&self, at: Timestamp) -> String {
        at.to_zoned(TimeZone::UTC)
            .strftime("%-d %B %Y, %H:%M")
            .to_string()
    }

    fn day(&self, at: Timestamp) -> String {
        at.to_zoned(TimeZone::UTC).strftime("%-d %B %Y").to_string()
    }

    /// With what somebody came, and from where.
    pub(in super::super) fn device(&self, source: &Source) -> String {
        let program = match source.program {
            Program::Page => self.browser(source.user_agent.as_deref()),
            Program::Window => self.the_window.to_owned(),
            Program::CommandLine => self.the_command_line.to_owned(),
            Program::Api | Program::Keyholder => self.a_program.to_owned(),
        };
        (self.session_place)(&program, &self.place(source.address.as_deref()))
    }

    /// A browser by what it says of itself, in words of ours.
    fn browser(&self, user_agent: Option<&str>) -> String {
        let Device { browser, system } = Device::of_user_agent(user_agent.unwrap_or_default());
        match (browser, system) {
            (Some(browser), Some(system)) => (self.browser_on)(&browser.to_string(), &system.to_string()),
            (Some(browser), None) => browser.to_string(),
            (None, _) => self.a_browser.to_owned(),
        }
    }

    /// Where an address is, as far as it says so itself.
    pub(in super::super) fn place(&self, address: Option<&str>) -> String {
        let Some(text) = address.filter(|text| !text.is_empty()) else {
            return self.somewhere.to_owned();
        };
        match text.parse::<IpAddr>().map(|address| address.to_canonical()) {
            Ok(address) if address.is_loopback() => self.this_machine.to_owned(),
            Ok(IpAddr::V4(address)) if address.is_private() => (self.own_network)(text),
            Ok(IpAddr::V6(address)) if address.is_unique_local() || address.is_unicast_link_local() => {
                (self.own_network)(text)
            }
            _ => (self.at_address)(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::ENGLISH;
    use super::*;

    #[test]
    fn moments_are_told_as_people_do() {
        let now: Timestamp = "2026-03-02T08:00:00Z".parse().unwrap();
        let ago = |seconds| ENGLISH.ago(now - jiff::SignedDuration::from_secs(seconds), now);
        let told = [-5, 59, 60, 3_599, 3_600, 7_200, 172_799, 172_800].map(ago);
        assert_eq!(
            told,
            [
                "just now",
                "just now",
                "a minute ago",
                "59 minutes ago",
                "an hour ago",
                "2 hours ago",
                "47 hours ago",
                "on 28 February 2026"
            ],
            "also where a clock was set back"
        );
        let waits = [1, 30, 90, 91, 900].map(|seconds| ENGLISH.wait(seconds));
        assert_eq!(
            waits,
            [
                "in a second",
                "in 30 seconds",
                "in 90 seconds",
                "in 2 minutes",
                "in 15 minutes"
            ],
            "never too short"
        );
    }

    #[test]
    fn places_are_told_as_far_as_they_are_known() {
        let told = [
            None,
            Some("127.0.0.1"),
            Some("192.168.1.20"),
            Some("fd00::7"),
            Some("198.51.100.7"),
            Some("till-1"),
        ]
        .map(|address| ENGLISH.place(address));
        assert_eq!(
            told,
            [
                "an unknown place",
                "the shop's own computer",
                "a network like home or office (192.168.1.20)",
                "a network like home or office (fd00::7)",
                "address 198.51.100.7",
                "address till-1"
            ],
            "no more is claimed"
        );
    }
}

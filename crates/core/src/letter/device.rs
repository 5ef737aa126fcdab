//! A device in words of ours. What a program says of itself (RFC 9110, 10.1.5) is whatever somebody had it
//! say: none of it is repeated in a letter.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What somebody signed in with.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    /// The program, if it is one of those.
    pub browser: Option<Browser>,
    /// The system, if it is one of those.
    pub system: Option<System>,
}

macro_rules! named {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $words:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$variant_doc])* $variant,)+ }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(match self { $(Self::$variant => $words,)+ })
            }
        }
    };
}

named! {
    /// A program that people sign in with.
    Browser {
        /// Mozilla's.
        Firefox = "Firefox",
        /// Apple's.
        Safari = "Safari",
        /// Google's, and those that only say they are.
        Chrome = "Chrome",
        /// Microsoft's.
        Edge = "Edge",
        /// Opera's.
        Opera = "Opera",
        /// Samsung's.
        Samsung = "Samsung Internet",
        /// The window, or the program without one.
        Keyholder = "Keyholder",
    }
}

named! {
    /// What it runs on.
    System {
        /// Microsoft's.
        Windows = "Windows",
        /// Apple's, on a computer.
        MacOs = "macOS",
        /// Apple's, on a phone.
        Iphone = "iPhone",
        /// Apple's, on a tablet.
        Ipad = "iPad",
        /// Google's, on a phone or a tablet.
        Android = "Android",
        /// Google's, on a computer.
        ChromeOs = "ChromeOS",
        /// Any other.
        Linux = "Linux",
    }
}

impl Device {
    /// The device that names itself so in its User-Agent. What two programs both claim to be, the one that
    /// claims more is: each newcomer also names those before it.
    pub fn of_user_agent(text: &str) -> Self {
        let has = |(part, _): &(&str, _)| text.contains(part);
        let browsers = [
            ("Keyholder/", Browser::Keyholder),
            ("Edg", Browser::Edge),
            ("OPR/", Browser::Opera),
            ("SamsungBrowser/", Browser::Samsung),
            ("Firefox/", Browser::Firefox),
            ("FxiOS/", Browser::Firefox),
            ("Chrome/", Browser::Chrome),
            ("CriOS/", Browser::Chrome),
            ("Safari/", Browser::Safari),
        ];
        let systems = [
            ("Windows", System::Windows),
            ("iPhone", System::Iphone),
            ("iPad", System::Ipad),
            ("Android", System::Android),
            ("CrOS", System::ChromeOs),
            ("Macintosh", System::MacOs),
            ("Linux", System::Linux),
        ];
        Self {
            browser: browsers.iter().find(|browser| has(browser)).map(|found| found.1),
            system: systems
                .iter()
                .find(|(part, _)| text.contains(part))
                .map(|found| found.1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_programs_are_known_by_what_they_say() {
        let linux = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
        let edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) \
                    Chrome/138.0.0.0 Safari/537.36 Edg/138.0.0.0";
        let phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like \
                     Gecko) Version/18.5 Mobile/15E148 Safari/604.1";
        let pixel = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) \
                     Chrome/138.0.0.0 Mobile Safari/537.36";
        for (said, browser, system) in [
            (linux, Browser::Firefox, System::Linux),
            (edge, Browser::Edge, System::Windows),
            (phone, Browser::Safari, System::Iphone),
            (pixel, Browser::Chrome, System::Android),
        ] {
            let device = Device {
                browser: Some(browser),
                system: Some(system),
            };
            assert_eq!(Device::of_user_agent(said), device, "{said}");
        }
        assert_eq!(
            Device::of_user_agent("Your account is closed, call +1 555 0100"),
            Device::default(),
            "what is not on the list is not repeated"
        );
    }
}

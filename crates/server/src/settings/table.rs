//! The settings as the manual tells them.

/// A setting.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    /// The flag without its dashes, and the key in the file.
    pub name: &'static str,
    /// The environment variable.
    pub variable: &'static str,
    /// What stands for its value in the manual.
    pub value: &'static str,
    /// What it is without being given, in words.
    pub default: &'static str,
    /// What it is for.
    pub help: &'static str,
    /// Who may see it.
    pub kind: Kind,
}

/// Who may see a setting, and how it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Everybody; one value.
    One,
    /// Everybody; several values, parted by commas, or a list in the file.
    Many,
    /// Nobody: it comes from the environment alone and is never shown.
    Secret,
}

macro_rules! settings {
    ($($constant:ident = $kind:ident $name:literal $variable:literal $value:literal, $default:literal, $help:literal;)+) => {
        $(pub(super) const $constant: Setting = Setting {
            name: $name,
            variable: $variable,
            value: $value,
            default: $default,
            help: $help,
            kind: Kind::$kind,
        };)+

        /// Every setting, in the order of the manual.
        pub const SETTINGS: &[Setting] = &[$($constant,)+];
    };
}

settings! {
    DATABASE = One "database" "KEYHOLDER_DATABASE" "URL", "the store of this person on this computer",
        "Where the store is: sqlite:PATH, or postgres://USER@HOST/NAME without a password";
    DATABASE_PASSWORD = Secret "database-password" "KEYHOLDER_DATABASE_PASSWORD" "PASSWORD", "none",
        "The password of the database";
    DATABASE_PASSWORD_FILE = One "database-password-file" "KEYHOLDER_DATABASE_PASSWORD_FILE" "PATH", "none",
        "Read the password of the database from the first line of this file";
    KEY_FILE = One "key-file" "KEYHOLDER_KEY_FILE" "PATH", "the keychain",
        "Take the key of the store from this file (mode 0600)";
    LISTEN = One "listen" "KEYHOLDER_LISTEN" "ADDRESS:PORT", "127.0.0.1:8700",
        "Where to answer; for other machines only with a certificate or a named proxy";
    PUBLIC_URL = One "public-url" "KEYHOLDER_PUBLIC_URL" "URL", "the address that is listened at",
        "How people reach the service: https, or http on this machine";
    LOGO = One "logo" "KEYHOLDER_LOGO" "PATH", "none: the shop's name alone",
        "The shop's logo on the pages (SVG, at most 128 KiB): only what draws is taken from it";
    ACCENT_COLOR = One "accent-color" "KEYHOLDER_ACCENT_COLOR" "#RRGGBB", "#3548c8",
        "The shop's colour on the pages; made darker or lighter where words would be hard to read";
    RETURN_TO = Many "return-to" "KEYHOLDER_RETURN_TO" "URL,...", "none: only to places of this service",
        "Where else somebody may be sent who has signed in: scheme, host and port";
    PROXIES = Many "proxies" "KEYHOLDER_PROXIES" "NETWORK,...", "none",
        "The proxies in front, as addresses or networks: only these are believed about who asks. One that \
         writes Forwarded must take X-Forwarded-For away";
    TLS_CERTIFICATE = One "tls-certificate" "KEYHOLDER_TLS_CERTIFICATE" "PATH", "none",
        "The certificate and its chain (PEM), read again when the file changes";
    TLS_KEY = One "tls-key" "KEYHOLDER_TLS_KEY" "PATH", "none",
        "The private key of the certificate (PEM)";
    METRICS_LISTEN = One "metrics-listen" "KEYHOLDER_METRICS_LISTEN" "ADDRESS:PORT", "none",
        "Where to answer /metrics; nobody signs in there, so let nobody but the collector reach it";
    HASH_PERMITS = One "hash-permits" "KEYHOLDER_HASH_PERMITS" "NUMBER", "one a processor, at most 8",
        "Password hashes made at the same time, 1 to 64: each takes 64 MiB and a processor";
    SMTP_URL = One "smtp-url" "KEYHOLDER_SMTP_URL" "URL", "none: no letters are sent",
        "The mail server: smtps://HOST, or smtp://HOST with STARTTLS, which only a server on this machine may lack";
    SMTP_USER = One "smtp-user" "KEYHOLDER_SMTP_USER" "NAME", "none",
        "Who signs in at the mail server";
    SMTP_PASSWORD = Secret "smtp-password" "KEYHOLDER_SMTP_PASSWORD" "PASSWORD", "none",
        "The password of that user";
    SMTP_PASSWORD_FILE = One "smtp-password-file" "KEYHOLDER_SMTP_PASSWORD_FILE" "PATH", "none",
        "Read the password of that user from the first line of this file";
    SMTP_CA = One "smtp-ca" "KEYHOLDER_SMTP_CA" "PATH", "the authorities of this system",
        "The only authority whose certificate is believed of the mail server (PEM)";
    MAIL_FROM = One "mail-from" "KEYHOLDER_MAIL_FROM" "E-MAIL", "none",
        "The address that letters come from; the shop's name stands before it";
    LOG = One "log" "KEYHOLDER_LOG" "LEVEL", "info",
        "What is logged to standard error: error, warn, info, debug or trace, also by part";
    LOG_FORMAT = One "log-format" "KEYHOLDER_LOG_FORMAT" "FORMAT", "plain",
        "How it is logged: plain, or json for programs";
}

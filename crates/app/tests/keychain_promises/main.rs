//! What is promised of the keychain, measured with a real keyring on a bus of its own: it never
//! freezes the program (P33), losing it never costs the data (P34), and nothing takes its place
//! unasked (P35).

#![cfg(target_os = "linux")]

mod data;
mod measure;
mod states;

type Story<T = ()> = Result<T, Box<dyn std::error::Error>>;

const PASSWORD: &str = "correct horse battery staple";

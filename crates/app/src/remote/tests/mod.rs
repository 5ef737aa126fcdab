//! The line to a service as a console finds it: slow, cut, mute, of another kind.

mod failures;
mod line;
mod secrecy;
#[cfg(target_os = "linux")]
mod surroundings;

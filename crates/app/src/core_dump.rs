//! What is left on the disk when a program crashes.

/// Switches core dumps off, for this program and for what it starts, such as the web view: their
/// memory holds what is typed.
#[cfg(unix)]
pub fn leave_no_core_dump() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    let Rlimit { maximum, .. } = getrlimit(Resource::Core);
    // One byte is less than any dump, so that no file is written. Nought would do for a file, but Linux
    // would still hand the dump to a program that collects them, which it does not at one (core(5)).
    let byte = Some(maximum.map_or(1, |most| most.min(1)));
    // Lowering a limit is never refused (setrlimit(2)).
    let _ = setrlimit(
        Resource::Core,
        Rlimit {
            current: byte,
            maximum,
        },
    );
}

/// Elsewhere a program has no say in it.
#[cfg(not(unix))]
pub fn leave_no_core_dump() {}

use std::io;
use std::thread;
use std::time::{Duration, Instant};

/// How long anything a test starts may take to be ready.
const READY: Duration = Duration::from_secs(20);

/// Asks again and again until there is an answer, or fails naming what was waited for.
///
/// # Errors
/// Twenty seconds have passed.
pub fn until<T>(what: &str, mut answer: impl FnMut() -> Option<T>) -> io::Result<T> {
    let begun = Instant::now();
    loop {
        if let Some(answer) = answer() {
            return Ok(answer);
        }
        if begun.elapsed() > READY {
            return Err(io::Error::new(
                io::ErrorKind::TimedOut,
                format!("waited in vain for {what}"),
            ));
        }
        thread::park_timeout(Duration::from_millis(5));
    }
}

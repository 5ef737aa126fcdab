//! As much of HTTP/1.1 as a range server needs, by hand: a library would not misbehave on demand.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt as _};

/// The longest head that is read, in bytes.
const LONGEST_HEAD: usize = 16 * 1024;

/// A request as it came over the wire, to the last byte of its head.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    raw: String,
}

impl Request {
    /// Everything that was received.
    pub fn raw(&self) -> &str {
        &self.raw
    }

    /// The first line, as in `GET /range/21BD1 HTTP/1.1`.
    pub fn line(&self) -> &str {
        self.raw.lines().next().unwrap_or_default()
    }

    /// The value of a header; names are compared without case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.raw
            .lines()
            .skip(1)
            .filter_map(|line| line.split_once(':'))
            .find(|(is, _)| is.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.trim())
    }

    /// The five hexadecimal characters asked about, if the request line is exactly that of a range
    /// query.
    pub fn prefix(&self) -> Option<&str> {
        let prefix = self
            .line()
            .strip_prefix("GET /range/")?
            .strip_suffix(" HTTP/1.1")?;
        let is_prefix = prefix.len() == 5 && prefix.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_prefix.then_some(prefix)
    }

    /// Reads the next request of a connection; `None` when there is none. A body, which no range
    /// query has, would show up as the beginning of the next one.
    pub(crate) async fn read(connection: &mut (impl AsyncRead + Unpin)) -> io::Result<Option<Self>> {
        let mut raw = Vec::new();
        while !raw.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            if raw.len() == LONGEST_HEAD || connection.read(&mut byte).await? == 0 {
                return Ok(None);
            }
            raw.extend_from_slice(&byte);
        }
        Ok(Some(Self {
            raw: String::from_utf8_lossy(&raw).into_owned(),
        }))
    }
}

/// A whole response with its length.
pub(crate) fn response(status: &str, headers: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
    let mut head = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\n", body.len());
    for (name, value) in headers {
        head.extend([name, ": ", value, "\r\n"]);
    }
    head.push_str("\r\n");
    [head.as_bytes(), body].concat()
}

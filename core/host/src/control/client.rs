//! A client of the control socket. It speaks the few lines of HTTP/1.1 that one request a connection needs: the
//! other side is this same program, so that a client of its own with pools, redirects and TLS would be a
//! dependency for nothing.

use std::{
    io::{self, Read as _, Write as _},
    os::unix::net::UnixStream,
    path::{Path, PathBuf},
};

use serde_json::{Value, json};

use super::control_socket_path;
use crate::HostError;

/// A client of the shop that runs on a data folder.
#[derive(Debug, Clone)]
pub struct ControlClient {
    socket: PathBuf,
}

/// An answer of the running shop.
struct ControlAnswer {
    status: u16,
    body: Vec<u8>,
}

impl ControlClient {
    /// A client of the shop that runs on `data`; `None` where nobody listens there.
    ///
    /// # Errors
    /// Where a shop runs there whose folder is another one than `folder`.
    pub fn connect(data: &Path, folder: &Path) -> Result<Option<Self>, HostError> {
        let client = Self { socket: control_socket_path(data) };
        if UnixStream::connect(&client.socket).is_err() {
            return Ok(None);
        }
        let served = client.ask("folder", &json!({}))?;
        let served = Path::new(served.as_str().unwrap_or_default());
        if folder.canonicalize().is_ok_and(|folder| folder == served) {
            return Ok(Some(client));
        }
        let (data, served) = (data.display(), served.display());
        Err(HostError::Unusable(format!(
            "`{data}` is served for another shop folder, `{served}`; name that one"
        )))
    }

    /// Reads a route of the API, as who has every role: its status and its body.
    ///
    /// # Errors
    /// Where the running shop cannot be reached, or answers no JSON.
    pub fn read_route(&self, path: &str) -> Result<(u16, Value), HostError> {
        let answer = self.send("GET", path, &Value::Null).map_err(|source| HostError::File {
            what: "the running shop does not answer on its control socket".to_owned(),
            source,
        })?;
        let body = serde_json::from_slice(&answer.body);
        let unreadable = |_| HostError::Unusable("the running shop answers no JSON".to_owned());
        Ok((answer.status, body.map_err(unreadable)?))
    }

    /// Asks what only a command of this program asks.
    ///
    /// # Errors
    /// What the running shop says, and where it cannot be reached.
    pub(crate) fn ask(&self, name: &str, question: &Value) -> Result<Value, HostError> {
        self.post(&format!("/v1/control/{name}"), question)
    }

    /// The same, as a value of its own.
    ///
    /// # Errors
    /// As [`ControlClient::ask`], and where the answer is not one of this program.
    pub(crate) fn ask_for<T>(
        &self,
        name: &str,
        question: &Value,
        read: impl Fn(&Value) -> Option<T>,
    ) -> Result<T, HostError> {
        read(&self.ask(name, question)?).ok_or_else(|| {
            HostError::Unusable("the running shop is of another version of this program".to_owned())
        })
    }

    fn post(&self, path: &str, body: &Value) -> Result<Value, HostError> {
        let answer = self.send("POST", path, body).map_err(|source| HostError::File {
            what: "the running shop does not answer on its control socket".to_owned(),
            source,
        })?;
        let json: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        if (200..300).contains(&answer.status) {
            return Ok(json);
        }
        let text = |key: &str| json.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        Err(HostError::Unusable(format!("the running shop refuses: {} {}", text("title"), text("detail"))))
    }

    fn send(&self, method: &str, path: &str, body: &Value) -> io::Result<ControlAnswer> {
        let body = body.to_string();
        let mut stream = UnixStream::connect(&self.socket)?;
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        )?;
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes)?;
        read_answer(&bytes)
            .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "its answer was cut off"))
    }
}

/// An answer whose length its head tells.
fn read_answer(bytes: &[u8]) -> Option<ControlAnswer> {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
    let (head, body) = bytes.split_at_checked(end)?;
    let head = std::str::from_utf8(head).ok()?;
    let body = body.get(4..)?;
    let mut lines = head.split("\r\n");
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let is_length = |(name, _): &(&str, &str)| name.eq_ignore_ascii_case("content-length");
    let length = lines.filter_map(|line| line.split_once(':')).find(is_length);
    let length: usize = length.map_or(Some(0), |(_, value)| value.trim().parse().ok())?;
    Some(ControlAnswer { status, body: body.get(..length)?.to_vec() })
}

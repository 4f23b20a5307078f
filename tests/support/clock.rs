//! The machine's time, for what a server that runs on it is told.

/// Now, as events say it.
#[expect(clippy::disallowed_methods, reason = "the server under test runs on the machine's clock")]
pub fn now_text() -> String {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    jardin_model::Timestamp::from_ms(i64::try_from(since.as_millis()).unwrap()).to_string()
}

//! The origins of pages, as server.toml lists them.

use std::sync::Arc;

use jardin_diagnostics::{TomlValue, codes::INVALID_VALUE};

/// Origins as a browser writes them (RFC 6454): nothing that a browser sends would equal another form.
pub(crate) fn read_origins(node: TomlValue<'_>) -> Vec<Arc<str>> {
    let mut origins = Vec::new();
    for origin in node.list().unwrap_or_default() {
        let Some(text) = origin.text() else { continue };
        if is_origin(text) {
            origins.push(text.into());
        } else {
            let help =
                "write a scheme and a host in lower case, such as \"https://shop.example\", without a path"
                    .to_owned();
            origin.finding(INVALID_VALUE, "this is not the origin of a page", Some(help));
        }
    }
    origins
}

fn is_origin(text: &str) -> bool {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let is_of_host =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-.:[]".contains(&byte);
    host.is_some_and(|host| !host.is_empty() && host.bytes().all(is_of_host))
}

#[cfg(test)]
mod tests {
    use crate::ServerConfig;

    #[test]
    fn an_origin_is_written_as_a_browser_sends_it() {
        for (written, is_one) in [
            ("https://shop.example", true),
            ("http://localhost:3000", true),
            ("https://[::1]:8443", true),
            ("https://shop.example/", false),
            ("https://Shop.example", false),
            ("shop.example", false),
            ("https://", false),
            ("https://*.shop.example", false),
            ("*", false),
            ("null", false),
        ] {
            let source = format!("[cors]\norigins = [\"{written}\"]");
            assert_eq!(ServerConfig::load("server.toml", &source).is_ok(), is_one, "{written}");
        }
    }
}

//! Who is answered while no key exists: programs of this machine; no page of somebody else's that a browser of this
//! machine shows (DNS rebinding, cross-site requests), and nobody behind a proxy.

use std::net::IpAddr;

use hyper::{
    HeaderMap,
    header::{HOST, ORIGIN},
};

/// Headers by which a proxy says that it speaks for somebody else (RFC 7239; RFC 9110 §7.6.3).
const PROXY_HEADERS: &[&str] = &["forwarded", "via", "x-real-ip"];
const PROXY_HEADERS_BEGIN: &str = "x-forwarded-";

/// Why a request does not come straight from a program of this machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FromElsewhere {
    /// A proxy passed it on.
    #[error("a proxy passed this on, and no key exists; add `[[keys]]` to server.toml")]
    Proxy,
    /// It was sent to a name that is not this machine's own.
    #[error(
        "no key exists, so `Host` must be localhost or a loopback address with this server's port; or add `[[keys]]` to server.toml"
    )]
    Host,
    /// A page of another origin sent it.
    #[error("no key exists, so a page of another origin may not ask; add `[[keys]]` to server.toml")]
    Origin,
}

/// Refuses what did not come straight from a program of this machine to a server that listens on `port`.
pub(crate) fn check_loopback(headers: &HeaderMap, port: u16) -> Result<(), FromElsewhere> {
    let is_of_proxy = |name: &str| PROXY_HEADERS.contains(&name) || name.starts_with(PROXY_HEADERS_BEGIN);
    if headers.keys().any(|name| is_of_proxy(name.as_str())) {
        return Err(FromElsewhere::Proxy);
    }
    let host = headers.get(HOST).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !is_loopback_host(host, port) {
        return Err(FromElsewhere::Host);
    }
    match headers.get(ORIGIN) {
        Some(origin) if origin.as_bytes() != format!("http://{host}").as_bytes() => {
            Err(FromElsewhere::Origin)
        }
        _ => Ok(()),
    }
}

fn is_loopback_host(host: &str, port: u16) -> bool {
    // a port is written without leading zeros or a sign
    let is_own = |text: &str| {
        text.bytes().next().is_some_and(|b| matches!(b, b'1'..=b'9')) && text.parse() == Ok(port)
    };
    let named = host.rsplit_once(':').filter(|(_, text)| is_own(text)).map(|(name, _)| name);
    let Some(name) = named.or((port == 80).then_some(host)) else {
        return false;
    };
    let address = name.strip_prefix('[').and_then(|name| name.strip_suffix(']')).unwrap_or(name);
    name.eq_ignore_ascii_case("localhost")
        || address.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use hyper::header::{HeaderName, HeaderValue};

    use super::*;

    fn checked(headers: &[(&str, &str)]) -> Result<(), FromElsewhere> {
        let pairs = headers.iter().map(|(name, value)| {
            (HeaderName::from_bytes(name.as_bytes()).unwrap(), HeaderValue::from_str(value).unwrap())
        });
        check_loopback(&pairs.collect(), 7700)
    }

    #[test]
    fn a_host_is_a_loopback_name_with_this_servers_port() {
        for host in ["localhost:7700", "LocalHost:7700", "127.0.0.1:7700", "127.9.9.9:7700", "[::1]:7700"] {
            assert_eq!(checked(&[("host", host)]), Ok(()), "{host}");
        }
        for host in [
            "shop.example:7700",
            "localhost",
            "localhost:7701",
            "localhost.shop.example:7700",
            "shop.example.localhost:7700",
            "192.168.1.2:7700",
            "0.0.0.0:7700",
            "127.0.0.1.shop.example:7700",
            ":7700",
            "",
        ] {
            assert_eq!(checked(&[("host", host)]), Err(FromElsewhere::Host), "{host}");
        }
        assert_eq!(checked(&[]), Err(FromElsewhere::Host));
        assert_eq!(
            check_loopback(&[(HOST, HeaderValue::from_static("localhost"))].into_iter().collect(), 80),
            Ok(())
        );
    }

    #[test]
    fn an_origin_is_the_host_that_was_asked() {
        let of = |origin| checked(&[("host", "localhost:7700"), ("origin", origin)]);
        assert_eq!(of("http://localhost:7700"), Ok(()));
        let others = [
            "http://127.0.0.1:7700",
            "http://localhost:7701",
            "https://localhost:7700",
            "http://shop.example",
            "null",
            "",
        ];
        for origin in others {
            assert_eq!(of(origin), Err(FromElsewhere::Origin), "{origin}");
        }
    }

    #[test]
    fn what_a_proxy_passed_on_is_refused_whatever_it_says() {
        for name in
            ["Forwarded", "Via", "X-Real-IP", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Anything"]
        {
            assert_eq!(
                checked(&[("host", "localhost:7700"), (name, "127.0.0.1")]),
                Err(FromElsewhere::Proxy),
                "{name}"
            );
        }
    }
}

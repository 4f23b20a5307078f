//! Pages of the same origin as the API, which a program serves beside it.

use hyper::{
    HeaderMap, Response,
    body::Bytes,
    header::{
        CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue, REFERRER_POLICY,
        X_CONTENT_TYPE_OPTIONS,
    },
};

/// A page may load what this origin serves, talk to it, and nothing else.
const SAME_ORIGIN: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; \
                           base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// A page that is the same for everybody.
#[derive(Debug, Clone)]
pub struct Page {
    /// Where it is served; a path of the API goes before it.
    pub path: &'static str,
    /// Its media type.
    pub content_type: &'static str,
    /// What it says.
    pub content: Bytes,
}

impl Page {
    pub(crate) fn to_response(&self) -> Response<Bytes> {
        let mut response = Response::new(self.content.clone());
        let headers: &mut HeaderMap = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(self.content_type));
        headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(SAME_ORIGIN));
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        response
    }
}

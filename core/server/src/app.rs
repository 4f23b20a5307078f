//! The server as a whole: routes, bounds, and what every answer carries.

use std::{
    future::Future,
    io,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{FromRequest, FromRequestParts, MatchedPath, Path, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, header::CONTENT_TYPE, request::Parts},
    middleware::{self, Next},
    response::Response,
};
use http_body_util::LengthLimitError;
use jardin_engine::Engine;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::{net::TcpListener, sync::Semaphore, time::timeout};

use crate::{access::Access, connections, json, problem::Failure, routes};

/// What one client may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The longest body, in bytes.
    pub body_bytes: usize,
    /// How long a request's head may take to arrive, and its body; a connection that is idle for so long is
    /// closed.
    pub read: Duration,
    /// How many requests are answered at once.
    pub in_flight: usize,
    /// How many connections are open at once; the next ones wait.
    pub connections: usize,
}

/// What every handler reaches.
#[derive(Clone)]
pub(crate) struct App {
    pub(crate) engine: Arc<Engine>,
    pub(crate) access: Arc<Access>,
    limits: Limits,
    places: Arc<Semaphore>,
    requests: Arc<AtomicU64>,
}

/// Serves until `stopped`, then ends what is in flight.
///
/// # Errors
/// Where the listener fails.
pub async fn serve(
    listener: TcpListener,
    engine: Arc<Engine>,
    access: Access,
    limits: Limits,
    stopped: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let app = App {
        engine,
        access: Arc::new(access),
        limits,
        places: Arc::new(Semaphore::new(limits.in_flight)),
        requests: Arc::default(),
    };
    connections::serve(listener, router(app), limits.connections, limits.read, stopped).await
}

fn router(app: App) -> Router {
    let inner = routes::all(&app);
    inner
        .fallback(|| async { Failure::NoRoute })
        .method_not_allowed_fallback(|| async { Failure::NoMethod })
        .layer(middleware::from_fn_with_state(app.clone(), framed))
        .with_state(app)
}

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const NO_SNIFF: HeaderName = HeaderName::from_static("x-content-type-options");

/// Bounds how many are answered at once, and gives each answer its id and each problem its route.
async fn framed(State(app): State<App>, request: Request, next: Next) -> Response {
    let id = format!("r{}", app.requests.fetch_add(1, Ordering::Relaxed) + 1);
    let template = request.extensions().get::<MatchedPath>().map(|p| p.as_str().to_owned());
    let mut response = match Arc::clone(&app.places).try_acquire_owned() {
        Ok(place) => {
            let run = async move {
                let response = next.run(request).await;
                drop(place);
                response
            };
            if template.as_deref().is_some_and(|t| t.starts_with(LISTS)) {
                run.await
            } else {
                to_its_end(run).await
            }
        }
        Err(_) => Failure::Busy.document(template.as_deref(), &id),
    };
    if let Some(failure) = response.extensions_mut().remove::<Failure>() {
        response = failure.document(template.as_deref(), &id);
    }
    let headers = response.headers_mut();
    headers.extend(HeaderValue::from_str(&id).map(|id| (REQUEST_ID, id)));
    headers.insert(NO_SNIFF, HeaderValue::from_static("nosniff"));
    headers.insert(axum::http::header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// Recommendation requests are cancelled when the client disconnects; every other request is finished.
const LISTS: &str = "/v1/recommendations";

/// Runs to the end even if the client goes away meanwhile: an erasure that is half done would leave what was
/// learned.
async fn to_its_end(run: impl Future<Output = Response> + Send + 'static) -> Response {
    match tokio::spawn(run).await {
        Ok(response) => response,
        Err(stopped) if stopped.is_panic() => std::panic::resume_unwind(stopped.into_panic()),
        // only a runtime that ends stops a task, and its clients with it
        Err(_) => Failure::Busy.document(None, ""),
    }
}

/// A body of JSON, within the bounds, without repeated keys.
pub(crate) struct Json(pub(crate) Value);

/// A body of whatever kind, within the bounds.
pub(crate) struct Raw(pub(crate) Bytes);

/// What the path names.
pub(crate) struct Named<T>(pub(crate) T);

impl<T: DeserializeOwned + Send> FromRequestParts<App> for Named<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failure> {
        let path = Path::from_request_parts(parts, app).await;
        path.map(|Path(names)| Self(names)).map_err(|_| Failure::BadId)
    }
}

impl FromRequest<App> for Json {
    type Rejection = Failure;

    async fn from_request(request: Request, app: &App) -> Result<Self, Failure> {
        let is_json = |headers: &HeaderMap| {
            let kind = headers.get(CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or("application/json");
            let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
            kind == "application/json" || kind.ends_with("+json")
        };
        if !is_json(request.headers()) {
            return Err(Failure::ContentType);
        }
        let Raw(bytes) = Raw::from_request(request, app).await?;
        json::read(&bytes).map(Self).map_err(Failure::Json)
    }
}

impl FromRequest<App> for Raw {
    type Rejection = Failure;

    async fn from_request(request: Request, app: &App) -> Result<Self, Failure> {
        let most = app.limits.body_bytes;
        read_body(request.into_body(), most, app.limits.read).await.map(Self)
    }
}

async fn read_body(body: Body, most: usize, within: Duration) -> Result<Bytes, Failure> {
    match timeout(within, axum::body::to_bytes(body, most)).await {
        Err(_) => Err(Failure::Slow),
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(failed)) => Err(if failed.into_inner().is::<LengthLimitError>() {
            Failure::TooLong(most)
        } else {
            Failure::CutOff
        }),
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::Notify;

    use super::*;

    #[tokio::test]
    async fn a_client_that_goes_away_leaves_nothing_half_done() {
        let (begin, ended) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let (may_begin, end) = (Arc::clone(&begin), Arc::clone(&ended));
        let run = async move {
            may_begin.notified().await;
            end.notify_one();
            Response::new(Body::empty())
        };
        let client = tokio::spawn(to_its_end(run));
        tokio::task::yield_now().await;
        client.abort();
        assert!(client.await.unwrap_err().is_cancelled());
        begin.notify_one();
        timeout(Duration::from_secs(10), ended.notified()).await.expect("it was run to its end");
    }
}

//! `/v1/items`.

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, StatusCode, header::ETAG},
    response::{IntoResponse as _, Response},
    routing::{get, post, put},
};
use jardin_engine::{ItemShown, Receipt, Role};
use serde_json::json;

use super::{Reply, fields_of, for_roles, if_match, item_id, list_of, quoted};
use crate::{
    app::{App, Json, Named, Raw},
    json,
    problem::Failure,
    wire::{ItemBody, ReceiptBody, redacted},
};

pub(super) fn routes(app: &App, router: Router<App>) -> Router<App> {
    let roles: &'static [Role] = &[Role::Catalogue];
    router
        .route("/v1/items", for_roles(app, roles, put(replace)))
        .route("/v1/items/batch", for_roles(app, roles, post(batch)))
        .route("/v1/items/{id}", for_roles(app, roles, get(show).put(set).patch(change).delete(remove)))
}

async fn show(State(app): State<App>, path: Named<String>) -> Reply<Response> {
    let item = app.engine.item(&item_id(&path)?)?;
    Ok(([(ETAG, quoted(&item.version))], axum::Json(ItemBody::from(&item))).into_response())
}

async fn set(
    State(app): State<App>,
    path: Named<String>,
    headers: HeaderMap,
    Json(body): Json,
) -> Reply<Response> {
    let (item, receipt) =
        app.engine.put_item(&item_id(&path)?, fields_of(body)?, if_match(&headers).as_deref()).await?;
    Ok(changed(&item, &receipt))
}

async fn change(
    State(app): State<App>,
    path: Named<String>,
    headers: HeaderMap,
    Json(body): Json,
) -> Reply<Response> {
    let (item, receipt) =
        app.engine.patch_item(&item_id(&path)?, fields_of(body)?, if_match(&headers).as_deref()).await?;
    Ok(changed(&item, &receipt))
}

fn changed(item: &ItemShown, receipt: &Receipt) -> Response {
    let dropped: Vec<_> = receipt.redacted.iter().map(redacted).collect();
    ([(ETAG, quoted(&item.version))], axum::Json(json!({"item": ItemBody::from(item), "redacted": dropped})))
        .into_response()
}

async fn remove(State(app): State<App>, path: Named<String>, headers: HeaderMap) -> Reply<StatusCode> {
    app.engine.remove_item(&item_id(&path)?, if_match(&headers).as_deref()).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn batch(State(app): State<App>, Json(body): Json) -> Reply<axum::Json<ReceiptBody>> {
    let items = list_of(body, "items", "the body is `{\"items\": [{\"item_id\": …, \"fields\": {…}}]}`")?;
    let receipt = app.engine.put_items(items).await?;
    Ok(axum::Json(ReceiptBody::from(&receipt)))
}

/// The whole catalogue as NDJSON, an item a line; taken in one step.
async fn replace(State(app): State<App>, Raw(body): Raw) -> Reply<Response> {
    let lines = body.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
    let items = lines.map(json::read).collect::<Result<Vec<_>, _>>().map_err(Failure::Json)?;
    let receipt = app.engine.replace_items(items).await?;
    let status = if receipt.rejected.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok((status, axum::Json(ReceiptBody::from(&receipt))).into_response())
}

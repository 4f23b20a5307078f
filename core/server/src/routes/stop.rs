//! `/v1/policy/stop`: the kill switch.

use axum::{Router, extract::State, routing::get};
use jardin_engine::{Problem, Role};
use serde_json::{Value, json};

use super::{Reply, for_roles};
use crate::{
    app::{App, Json},
    wire::Object,
};

pub(super) fn routes(app: &App, router: Router<App>) -> Router<App> {
    router.route("/v1/policy/stop", for_roles(app, &[Role::Compliance], get(show).put(set)))
}

async fn show(State(app): State<App>) -> axum::Json<Value> {
    axum::Json(shown(&app.engine.stop()))
}

async fn set(State(app): State<App>, Json(body): Json) -> Reply<axum::Json<Value>> {
    let what = "the body is `{\"everything\": false, \"strategies\": []}`";
    let refuse = || Problem::Unprocessable { what, names: Vec::new() };
    let mut object = Object::new(body)?;
    let everything = object.flag("everything", what)?.unwrap_or(false);
    let strategies = object.list("strategies", what)?.unwrap_or_default();
    object.end(what)?;
    let names = strategies.iter().map(|s| s.as_str().ok_or_else(refuse)).collect::<Result<Vec<_>, _>>()?;
    Ok(axum::Json(shown(&app.engine.put_stop(everything, &names).await?)))
}

fn shown(stop: &jardin_policy::Stop) -> Value {
    let names: Vec<&str> = stop.strategies.iter().map(jardin_policy::StrategyName::as_str).collect();
    json!({"everything": stop.everything, "strategies": names})
}

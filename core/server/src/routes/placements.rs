//! `GET /v1/placements`.

use std::collections::BTreeMap;

use jardin_access::Role;
use jardin_engine::PlacementShown;
use serde::Serialize;

use crate::{
    call::Call,
    field::{Field, Shape, ValueKind},
    reply::{Outcome, Reply},
    route::{Answer, Body, Path, Route, Run, Verb},
};

pub(super) const ROUTES: &[Route] = &[Route {
    verb: Verb::Get,
    path: &Path::plain("/v1/placements"),
    name: "list_placements",
    roles: &[Role::Merchant],
    scope: None,
    summary: "what is shown where",
    parameters: &[],
    body: Body::None,
    answer: Answer::json(200, &PLACEMENTS),
    problems: &[],
    run: Run::ToItsEnd(|call| Box::pin(list_placements(call))),
}];

const PLACEMENTS: Shape = Shape {
    name: "Placements",
    says: "The placements of jardin.toml.",
    fields: &[Field::required("placements", ValueKind::List(&ValueKind::Object(&PLACEMENT)), "by name")],
    open: false,
};

const PLACEMENT: Shape = Shape {
    name: "Placement",
    says: "One place on a page.",
    fields: &[
        Field::required("name", ValueKind::Text, "as requests name it"),
        Field::required("title", ValueKind::Map(&ValueKind::Text), "by language"),
        Field::required(
            "chain",
            ValueKind::List(&ValueKind::Text),
            "its strategies in order, without the policy's fallback",
        ),
        Field::required(
            "finish",
            ValueKind::OrNull(&ValueKind::Text),
            "the strategy that is laid over every list",
        ),
        Field::required("limit", ValueKind::Whole, "how many items"),
        Field::required("leave_out", ValueKind::List(&ValueKind::Text), "what is left out"),
    ],
    open: false,
};

async fn list_placements(call: Call) -> Outcome {
    let placements: Vec<PlacementBody> =
        call.shared.engine.placements().iter().map(PlacementBody::from).collect();
    Reply::ok(&BTreeMap::from([("placements", placements)]))
}

#[derive(Serialize)]
struct PlacementBody {
    name: String,
    title: BTreeMap<String, String>,
    chain: Vec<String>,
    finish: Option<String>,
    limit: usize,
    leave_out: Vec<&'static str>,
}

impl From<&PlacementShown> for PlacementBody {
    fn from(placement: &PlacementShown) -> Self {
        Self {
            name: placement.name.to_string(),
            title: placement.title.iter().map(|(k, v)| (k.to_string(), v.to_string())).collect(),
            chain: placement.chain.iter().map(ToString::to_string).collect(),
            finish: placement.finish.as_ref().map(ToString::to_string),
            limit: placement.limit,
            leave_out: placement.leave_out.clone(),
        }
    }
}

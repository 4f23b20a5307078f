//! `/v1/policy/stop`: the kill switch.

use jardin_access::Role;
use jardin_policy::{Stop, StrategyName};
use serde_json::{Value, json};

use crate::{
    call::Call,
    field::{Field, Shape, ValueKind},
    problem_kind::ProblemKind,
    reply::{Outcome, Reply},
    route::{Answer, Body, Path, Route, Run, Verb},
};

const PATH: Path = Path::plain("/v1/policy/stop");

pub(super) const ROUTES: &[Route] = &[
    Route {
        verb: Verb::Get,
        path: &PATH,
        name: "show_stop",
        roles: &[Role::Compliance],
        scope: None,
        summary: "what is stopped beside the policy's own `[stop]`",
        parameters: &[],
        body: Body::None,
        answer: Answer::json(200, &STOP),
        problems: &[],
        run: Run::ToItsEnd(|call| Box::pin(show_stop(call))),
    },
    Route {
        verb: Verb::Put,
        path: &PATH,
        name: "put_stop",
        roles: &[Role::Compliance],
        scope: None,
        summary: "the kill switch: durable, in union with the policy's own `[stop]`",
        parameters: &[],
        body: Body::Json(&STOP),
        answer: Answer::json(200, &STOP),
        problems: &[ProblemKind::NotReady, ProblemKind::InForceNotDurable],
        run: Run::ToItsEnd(|call| Box::pin(put_stop(call))),
    },
];

const STOP: Shape = Shape {
    name: "Stop",
    says: "What is stopped.",
    fields: &[
        Field::optional("everything", ValueKind::Flag, "every strategy but the fallback").such_as("false"),
        Field::optional("strategies", ValueKind::List(&ValueKind::Text), "by name").such_as("[]"),
    ],
    open: false,
};

async fn show_stop(call: Call) -> Outcome {
    Reply::ok(&stop_body(&call.shared.engine.stop()))
}

async fn put_stop(call: Call) -> Outcome {
    let mut body = call.content.into_object();
    let everything = body.take_flag("everything").unwrap_or(false);
    let strategies = body.take_list("strategies").unwrap_or_default();
    let names: Vec<&str> = strategies.iter().filter_map(Value::as_str).collect();
    Reply::ok(&stop_body(&call.shared.engine.put_stop(everything, &names).await?))
}

fn stop_body(stop: &Stop) -> Value {
    let names: Vec<&str> = stop.strategies.iter().map(StrategyName::as_str).collect();
    json!({"everything": stop.everything, "strategies": names})
}

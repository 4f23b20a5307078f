//! `GET /v1/erasures/{id}`.

use jardin_access::Role;
use jardin_engine::ErasureReceipt;
use jardin_policy::StrategyName;
use serde::Serialize;
use serde_json::{Value, json};

use crate::{
    call::Call,
    field::{Field, Shape, ValueKind},
    problem_kind::ProblemKind,
    reply::{Outcome, Reply},
    route::{Answer, Body, Path, Route, Run, Verb},
};

pub(super) const ROUTES: &[Route] = &[Route {
    verb: Verb::Get,
    path: &Path {
        template: "/v1/erasures/{id}",
        names: &[Field::required("id", ValueKind::Text, "the `erasure_id` that an erasure answered")
            .such_as(r#""0f8e5b3c""#)],
    },
    name: "show_erasure",
    roles: &[Role::Subjects],
    scope: None,
    summary: "the receipt of an erasure",
    parameters: &[],
    body: Body::None,
    answer: Answer::json(200, &ERASURE),
    problems: &[ProblemKind::NotFound, ProblemKind::NotReady],
    run: Run::ToItsEnd(|call| Box::pin(show_erasure(call))),
}];

pub(super) const ERASURE: Shape = Shape {
    name: "Erasure",
    says: "The receipt of an erasure (GDPR Art. 17).",
    fields: &[
        Field::required("erasure_id", ValueKind::Text, "by which it is found again"),
        Field::required("erased_at", ValueKind::Time, "when it was done"),
        Field::required("events", ValueKind::Whole, "how many events were erased"),
        Field::required(
            "done",
            ValueKind::List(&ValueKind::Text),
            "from where the person is gone: `store`, `keys`, `memory`, `journal` (where the erasure is noted)",
        ),
        Field::optional(
            "learned",
            ValueKind::List(&ValueKind::Object(&LEARNED)),
            "the strategies that had learned from the person; when the erasure answers alone",
        ),
    ],
    open: false,
};

const LEARNED: Shape = Shape {
    name: "ForgottenByStrategy",
    says: "What became of what a strategy had learned from somebody.",
    fields: &[
        Field::required("strategy", ValueKind::Text, "which one"),
        Field::required(
            "state",
            ValueKind::Word(&["told", "due"]),
            "`told` where it was told to forget and acknowledged it, `due` where it will be",
        ),
    ],
    open: false,
};

/// What an erasure has removed and noted before it answers.
const DONE: [&str; 4] = ["store", "keys", "memory", "journal"];

async fn show_erasure(call: Call) -> Outcome {
    Reply::ok(&ErasureBody::from(call.shared.engine.erasure(call.name(0)).await?))
}

#[derive(Serialize)]
pub(super) struct ErasureBody {
    erasure_id: String,
    erased_at: String,
    events: u64,
    done: [&'static str; 4],
    #[serde(skip_serializing_if = "Option::is_none")]
    learned: Option<Vec<Value>>,
}

impl From<ErasureReceipt> for ErasureBody {
    fn from(receipt: ErasureReceipt) -> Self {
        Self {
            erasure_id: receipt.receipt.to_string(),
            erased_at: receipt.at.to_string(),
            events: receipt.events,
            done: DONE,
            learned: receipt.learned.map(|all| all.into_iter().map(learned_body).collect()),
        }
    }
}

fn learned_body((strategy, state): (StrategyName, &'static str)) -> Value {
    json!({"strategy": strategy.as_str(), "state": state})
}

//! `GET /v1/erasures/{id}`.

use jardin_access::Role;
use jardin_engine::ErasureReceipt;
use serde::Serialize;

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
    ],
    open: false,
};

async fn show_erasure(call: Call) -> Outcome {
    Reply::ok(&ErasureBody::from(call.shared.engine.erasure(call.name(0)).await?))
}

#[derive(Serialize)]
pub(super) struct ErasureBody {
    erasure_id: String,
    erased_at: String,
    events: u64,
}

impl From<ErasureReceipt> for ErasureBody {
    fn from(receipt: ErasureReceipt) -> Self {
        Self {
            erasure_id: receipt.receipt.to_string(),
            erased_at: receipt.at.to_string(),
            events: receipt.events,
        }
    }
}

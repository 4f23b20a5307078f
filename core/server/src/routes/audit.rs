//! `/v1/audit`: who did what to the shop and to people's data.

use std::sync::Arc;

use jardin_access::Role;
use jardin_contract::{ActQuery, AuditLog, Pseudonym, RecordedAct, UnreadableAudit};
use jardin_engine::Problem;
use serde_json::{Value, json};
use tokio::task::spawn_blocking;

use crate::{
    call::Call,
    field::{Field, Shape, ValueKind},
    problem::HttpProblem,
    problem_kind::ProblemKind,
    reply::{Outcome, Reply},
    route::{Answer, Body, Parameter, Path, Route, Run, Verb},
};

/// So many acts are shown at once at most, and where nobody says how many.
const MAX_ACTS: u64 = 1_000;
const USUAL_ACTS: u64 = 100;

pub(super) const ROUTES: &[Route] = &[
    Route {
        verb: Verb::Get,
        path: &Path::plain("/v1/audit"),
        name: "list_acts",
        roles: &[Role::Compliance],
        scope: None,
        summary: "who did what, newest first",
        parameters: &[Parameter::Before, Parameter::Limit, Parameter::Act, Parameter::Person],
        body: Body::None,
        answer: Answer::json(200, &ACTS),
        problems: &[ProblemKind::InvalidRequest, ProblemKind::NotReady],
        run: Run::ToItsEnd(|call| Box::pin(list_acts(call))),
    },
    Route {
        verb: Verb::Get,
        path: &Path::plain("/v1/audit/head"),
        name: "show_audit_head",
        roles: &[Role::Compliance, Role::Operations],
        scope: None,
        summary: "a signed checkpoint of everything that was recorded so far, to be kept elsewhere",
        parameters: &[],
        body: Body::None,
        answer: Answer::json(200, &HEAD),
        problems: &[ProblemKind::NotReady],
        run: Run::ToItsEnd(|call| Box::pin(show_head(call))),
    },
];

const ACT: Shape = Shape {
    name: "Act",
    says: "An act, as the audit records it; no id and no value of a person stands in it.",
    fields: &[
        Field::required("n", ValueKind::Whole, "its number, from 1 without a gap"),
        Field::required("at", ValueKind::Time, "when it was done"),
        Field::required("act", ValueKind::Text, "what was done, by the name of its route or command")
            .such_as(r#""export_subject""#),
        Field::required(
            "by",
            ValueKind::Text,
            "the name of a key, `token`, `local`, `folder` for changed files, `anybody`, or `audit` for the record itself",
        )
        .such_as(r#""crm""#),
        Field::required(
            "person",
            ValueKind::OrNull(&ValueKind::Text),
            "a pseudonym of the person whom it concerns, until their erasure",
        )
        .such_as(r#""5a1f0c3b9d2e4f60718293a4b5c6d7e8""#),
        Field::required("status", ValueKind::Whole, "how it ended, as an HTTP status").such_as("200"),
    ],
    open: false,
};

const ACTS: Shape = Shape {
    name: "Acts",
    says: "Acts, newest first.",
    fields: &[
        Field::required("acts", ValueKind::List(&ValueKind::Object(&ACT)), "the acts"),
        Field::required(
            "before",
            ValueKind::OrNull(&ValueKind::Whole),
            "what to send as `before` for the next page; null where none follows",
        ),
    ],
    open: false,
};

const HEAD: Shape = Shape {
    name: "AuditHead",
    says: "How far the record has come.",
    fields: &[
        Field::required(
            "public_key",
            ValueKind::Text,
            "by which its signatures are verified, in hexadecimal",
        ),
        Field::required(
            "checkpoint",
            ValueKind::OrNull(&ValueKind::Text),
            "the newest checkpoint, as `jardin audit verify --head` takes it; null where nothing was recorded yet",
        ),
    ],
    open: false,
};

async fn list_acts(call: Call) -> Outcome {
    let query = read_query(&call)?;
    let limit = query.limit;
    // one more, so that a page that ends the record says so
    let asked = ActQuery { limit: limit + 1, ..query };
    let mut acts = ask_audit(&call, move |audit| audit.read_acts(&asked)).await?;
    let is_last = acts.len() <= limit;
    acts.truncate(limit);
    let before = acts.last().filter(|_| !is_last).map(|recorded| recorded.number);
    Reply::ok(&json!({ "acts": acts.iter().map(act_json).collect::<Vec<_>>(), "before": before }))
}

async fn show_head(call: Call) -> Outcome {
    let head = ask_audit(&call, |audit| audit.read_head()).await?;
    Reply::ok(&json!({ "public_key": head.public_key, "checkpoint": head.checkpoint }))
}

fn read_query(call: &Call) -> Result<ActQuery, HttpProblem> {
    let invalid = |what| HttpProblem::from(Problem::InvalidRequest { what });
    let whole = |name: &str, what| match call.query_part(name) {
        Some(text) => text.parse::<u64>().map(Some).map_err(|_| invalid(what)),
        None => Ok(None),
    };
    let limit = whole("limit", "`limit` must be a whole number from 1 to 1000")?.unwrap_or(USUAL_ACTS);
    let limit =
        Some(limit).filter(|limit| (1..=MAX_ACTS).contains(limit)).and_then(|n| usize::try_from(n).ok());
    let person = call.query_part("person").map(str::parse::<Pseudonym>).transpose();
    Ok(ActQuery {
        before: whole("before", "`before` must be the number of an act, such as 41")?,
        what: call.query_part("act").map(Arc::from),
        person: person
            .map_err(|_| invalid("`person` must be a pseudonym as an act shows it: 32 hexadecimal digits"))?,
        limit: limit.ok_or_else(|| invalid("`limit` must be a whole number from 1 to 1000"))?,
    })
}

/// Asks the audit beside the threads that answer lists: it reads the disk.
async fn ask_audit<T: Send + 'static>(
    call: &Call,
    ask: impl FnOnce(&dyn AuditLog) -> Result<T, UnreadableAudit> + Send + 'static,
) -> Result<T, HttpProblem> {
    let audit = call.shared.audit.clone().ok_or(Problem::NotReady)?;
    let asked = spawn_blocking(move || ask(&*audit)).await;
    Ok(asked.ok().and_then(Result::ok).ok_or(Problem::NotReady)?)
}

fn act_json(recorded: &RecordedAct) -> Value {
    let RecordedAct { number, act } = recorded;
    json!({
        "n": number,
        "at": act.at.to_string(),
        "act": &*act.what,
        "by": &*act.by,
        "person": act.person.map(|person| person.to_string()),
        "status": act.status,
    })
}

//! `/v1/history` and `/v1/rollback`: what was in force, and bringing it back.

use jardin_access::Role;
use jardin_contract::{ControlError, HostControl, ShopRevision};
use jardin_engine::Problem;
use serde_json::{Value, json};

use crate::{
    access::CalledBy,
    call::Call,
    field::{Field, Shape, ValueKind},
    problem::HttpProblem,
    problem_kind::ProblemKind,
    reply::{Outcome, Reply},
    route::{Answer, Body, Path, Route, Run, Verb},
};

/// Who may see what was in force, and bring it back; another policy only by whoever looks after the policy.
const ROLES: &[Role] = &[Role::Operations, Role::Compliance];

pub(super) const ROUTES: &[Route] = &[
    Route {
        verb: Verb::Get,
        path: &Path::plain("/v1/history"),
        name: "show_history",
        roles: ROLES,
        scope: None,
        summary: "each time that a revision of policy, settings and scripts came into force, the newest first",
        parameters: &[],
        body: Body::None,
        answer: Answer::json(200, &HISTORY),
        problems: &[ProblemKind::NotReady],
        run: Run::ToItsEnd(|call| Box::pin(show_history(call))),
    },
    Route {
        verb: Verb::Post,
        path: &Path::plain("/v1/rollback"),
        name: "roll_back",
        roles: ROLES,
        scope: None,
        summary: "brings a revision back, until the folder changes to something that is neither it nor what it holds now; another policy needs the role compliance",
        parameters: &[],
        body: Body::Json(&ROLLBACK),
        answer: Answer::json(200, &REVISION),
        problems: &[ProblemKind::NotReady],
        run: Run::ToItsEnd(|call| Box::pin(roll_back(call))),
    },
];

const ROLLBACK: Shape = Shape {
    name: "Rollback",
    says: "Which revision is brought back.",
    fields: &[Field::required("to", ValueKind::Text, "its name in the history, or the beginning of it")
        .such_as("\"3f9a1c07b2d4\"")],
    open: false,
};

const REVISION: Shape = Shape {
    name: "Revision",
    says: "A revision of policy, settings and scripts that came into force.",
    fields: &[
        Field::required("revision", ValueKind::Text, "its name: the beginning of the digest of its files"),
        Field::required("at", ValueKind::Time, "when it came into force"),
        Field::required(
            "by",
            ValueKind::Text,
            "who brought it: `the shop folder`, a key by its name, or `local`",
        ),
        Field::required("policy_revision", ValueKind::Text, "`revision` of its policy"),
        Field::required("approval", ValueKind::Text, "how its policy stood to its approval"),
        Field::required(
            "changed",
            ValueKind::List(&ValueKind::Text),
            "the files that were other ones in the revision before",
        ),
    ],
    open: false,
};

const HISTORY: Shape = Shape {
    name: "History",
    says: "What was in force.",
    fields: &[
        Field::required("revisions", ValueKind::List(&ValueKind::Object(&REVISION)), "the newest first"),
        Field::required(
            "rolled_back_to",
            ValueKind::OrNull(&ValueKind::Text),
            "the revision that stands in the place of what the folder holds",
        ),
    ],
    open: false,
};

async fn show_history(call: Call) -> Outcome {
    let revisions = host_of(&call)?.list_history().map_err(refused)?;
    let back = call.shared.engine.health().approval.rolled_back_to;
    let shown: Vec<Value> = revisions.iter().rev().map(revision_body).collect();
    Reply::ok(&json!({"revisions": shown, "rolled_back_to": back.as_deref()}))
}

async fn roll_back(call: Call) -> Outcome {
    let may_change_policy = call.caller.has_role(&[Role::Compliance]);
    let by = match &call.caller.by {
        CalledBy::Key(name) => name.to_string(),
        _ => "local".to_owned(),
    };
    let shared = std::sync::Arc::clone(&call.shared);
    let host = shared.host.as_deref().ok_or(Problem::NotReady)?;
    let to = call.content.into_object().take_text("to").unwrap_or_default();
    let revision = host.roll_back(&to, &by, may_change_policy).await.map_err(refused)?;
    Reply::ok(&revision_body(&revision))
}

/// A server without a shop as a whole cannot answer.
fn host_of(call: &Call) -> Result<&dyn HostControl, HttpProblem> {
    call.shared.host.as_deref().ok_or(HttpProblem::Engine(Problem::NotReady))
}

fn refused(error: ControlError) -> HttpProblem {
    HttpProblem::Refused(error.what)
}

fn revision_body(revision: &ShopRevision) -> Value {
    json!({
        "revision": &*revision.name,
        "at": revision.at.to_string(),
        "by": &*revision.by,
        "policy_revision": &*revision.policy_revision,
        "approval": &*revision.standing,
        "changed": revision.changed.iter().map(|place| &**place).collect::<Vec<_>>(),
    })
}

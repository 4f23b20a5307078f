//! `/health` and what a browser asks for by itself.

use std::collections::BTreeMap;

use hyper::StatusCode;
use jardin_access::Role;
use jardin_engine::{HealthShown, StrategyHealth};
use jardin_policy::rules::StopSignal;
use serde::Serialize;
use serde_json::{Value, json};

use crate::{
    call::Call,
    field::{Field, Shape, ValueKind},
    reply::{Outcome, Reply},
    route::{Answer, Body, Path, Route, Run, Verb},
};

pub(super) const ROUTES: &[Route] = &[
    Route {
        verb: Verb::Get,
        path: &Path::plain("/health/live"),
        name: "show_live",
        roles: &[],
        scope: None,
        summary: "that the process answers",
        parameters: &[],
        body: Body::None,
        answer: Answer::json(200, &LIVE),
        problems: &[],
        run: Run::ToItsEnd(|call| Box::pin(show_live(call))),
    },
    Route {
        verb: Verb::Get,
        path: &Path::plain("/health/ready"),
        name: "show_ready",
        roles: &[],
        scope: None,
        summary: "whether lists are answered; to `merchant` and `compliance` also how each strategy does",
        parameters: &[],
        body: Body::None,
        answer: Answer::json(200, &HEALTH).or(503),
        problems: &[],
        run: Run::ToItsEnd(|call| Box::pin(show_ready(call))),
    },
    Route {
        verb: Verb::Get,
        path: &Path::plain("/.well-known/gpc.json"),
        name: "show_gpc",
        roles: &[],
        scope: None,
        summary: "whether a purpose of the policy stops for Global Privacy Control",
        parameters: &[],
        body: Body::None,
        answer: Answer::json(200, &GPC),
        problems: &[],
        run: Run::ToItsEnd(|call| Box::pin(show_gpc(call))),
    },
];

const LIVE: Shape = Shape {
    name: "Live",
    says: "That the process answers.",
    fields: &[Field::required("live", ValueKind::Flag, "always true")],
    open: false,
};

const GPC: Shape = Shape {
    name: "GlobalPrivacyControl",
    says: "The site's answer to Global Privacy Control.",
    fields: &[Field::required("gpc", ValueKind::Flag, "whether it is honoured")],
    open: false,
};

const COUNTERS: ValueKind = ValueKind::Map(&ValueKind::Whole);
const HEALTH: Shape = Shape {
    name: "Health",
    says: "How everything does. Strangers are told `ready` alone: counts and durations of single requests say something about people.",
    fields: &[
        Field::required("ready", ValueKind::Flag, "whether the fallback can be answered from memory"),
        Field::optional("policy_revision", ValueKind::Text, "the policy in force"),
        Field::optional(
            "policy_stale",
            ValueKind::Flag,
            "whether a newer policy was refused and the last good one stays",
        ),
        Field::optional(
            "policy_approval",
            ValueKind::Text,
            "how the policy of the folder stands to its approval: signed, recorded, stated, not needed, first start, missing or awaited",
        ),
        Field::optional(
            "policy_waiting_for_approval",
            ValueKind::List(&ValueKind::Text),
            "what reaches further and is not in force before somebody approves it",
        ),
        Field::optional(
            "rolled_back_to",
            ValueKind::OrNull(&ValueKind::Text),
            "the revision of the history that stands in the place of what the folder holds",
        ),
        Field::optional(
            "clock_stepped_back",
            ValueKind::Flag,
            "whether the clock stepped back against the last durable time",
        ),
        Field::optional("warnings", ValueKind::List(&ValueKind::Text), "what somebody must look at"),
        Field::optional(
            "strategies",
            ValueKind::List(&ValueKind::Object(&STRATEGY)),
            "each strategy of the policy",
        ),
        Field::optional(
            "not_enforced_yet",
            ValueKind::List(&ValueKind::Text),
            "what the policy says and nothing enforces",
        ),
        Field::optional("notes", ValueKind::List(&ValueKind::Text), "what is wrong with the whole, in words"),
        Field::optional("counters", COUNTERS, "counts of the whole since the start"),
    ],
    open: false,
};

const STRATEGY: Shape = Shape {
    name: "StrategyHealth",
    says: "How one strategy does.",
    fields: &[
        Field::required("name", ValueKind::Text, "which strategy"),
        Field::required("ready", ValueKind::Flag, "whether it can answer"),
        Field::required("note", ValueKind::OrNull(&ValueKind::Text), "why not, or what happened last"),
        Field::required(
            "enforcement",
            ValueKind::OrNull(&ValueKind::Text),
            "by what it is kept from the rest",
        ),
        Field::required("counters", COUNTERS, "counts since the start"),
    ],
    open: false,
};

/// Who is told how each strategy does.
const INSIDERS: &[Role] = &[Role::Merchant, Role::Compliance];

async fn show_live(_: Call) -> Outcome {
    Reply::ok(&json!({"live": true}))
}

async fn show_ready(call: Call) -> Outcome {
    let health = call.shared.engine.health();
    let status = if health.ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    if call.caller.has_role(INSIDERS) {
        let mut body = HealthBody::from(health);
        body.counters.extend(call.shared.counters());
        body.warnings.extend(call.shared.audit.iter().flat_map(|audit| audit.list_warnings()));
        Reply::json(status, &body)
    } else {
        Reply::json(status, &json!({"ready": health.ready}))
    }
}

async fn show_gpc(call: Call) -> Outcome {
    let policy = call.shared.engine.policy().policy;
    let mut purposes = policy.rules().purposes.iter();
    let honoured = purposes.any(|p| p.stop_if.contains(&StopSignal::GlobalPrivacyControl));
    Reply::ok(&json!({"gpc": honoured}))
}

#[derive(Serialize)]
struct HealthBody {
    ready: bool,
    policy_revision: String,
    policy_stale: bool,
    policy_approval: &'static str,
    policy_waiting_for_approval: Vec<String>,
    rolled_back_to: Option<String>,
    clock_stepped_back: bool,
    warnings: Vec<String>,
    strategies: Vec<Value>,
    not_enforced_yet: Vec<String>,
    notes: Vec<&'static str>,
    counters: BTreeMap<&'static str, u64>,
}

impl From<HealthShown> for HealthBody {
    fn from(health: HealthShown) -> Self {
        Self {
            ready: health.ready,
            policy_revision: health.policy_revision.to_string(),
            policy_stale: health.policy_stale,
            policy_approval: health.approval.standing,
            policy_waiting_for_approval: health.approval.waiting,
            rolled_back_to: health.approval.rolled_back_to.map(|revision| revision.to_string()),
            clock_stepped_back: health.clock_stepped_back,
            warnings: health.warnings,
            strategies: health.strategies.iter().map(strategy_health).collect(),
            not_enforced_yet: health.not_enforced_yet,
            notes: health.notes,
            counters: health.counters,
        }
    }
}

fn strategy_health(health: &StrategyHealth) -> Value {
    json!({
        "name": health.name.as_str(),
        "ready": health.ready,
        "note": health.note,
        "enforcement": health.enforcement,
        "counters": health.counters,
    })
}

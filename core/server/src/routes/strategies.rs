//! `GET /v1/strategies`.

use std::collections::BTreeMap;

use jardin_access::Role;
use jardin_engine::{AccessShown, StrategyShown};
use serde::Serialize;
use serde_json::{Value, json};

use crate::{
    call::Call,
    field::{Field, Shape, ValueKind},
    problem_kind::ProblemKind,
    reply::{Outcome, Reply},
    route::{Answer, Body, Path, Route, Run, Verb},
};

const ROLES: &[Role] = &[Role::Merchant, Role::Compliance];

pub(super) const ROUTES: &[Route] = &[
    Route {
        verb: Verb::Get,
        path: &Path::plain("/v1/strategies"),
        name: "list_strategies",
        roles: ROLES,
        scope: None,
        summary: "the strategies with what each may read",
        parameters: &[],
        body: Body::None,
        answer: Answer::json(200, &STRATEGIES),
        problems: &[],
        run: Run::ToItsEnd(|call| Box::pin(list_strategies(call))),
    },
    Route {
        verb: Verb::Get,
        path: &Path {
            template: "/v1/strategies/{name}",
            names: &[Field::required("name", ValueKind::Text, "which strategy").such_as(r#""popular-now""#)],
        },
        name: "show_strategy",
        roles: ROLES,
        scope: None,
        summary: "one strategy with what it may read",
        parameters: &[],
        body: Body::None,
        answer: Answer::json(200, &STRATEGY),
        problems: &[ProblemKind::NotFound],
        run: Run::ToItsEnd(|call| Box::pin(show_strategy(call))),
    },
];

const STRATEGIES: Shape = Shape {
    name: "Strategies",
    says: "The strategies of the policy.",
    fields: &[Field::required("strategies", ValueKind::List(&ValueKind::Object(&STRATEGY)), "by name")],
    open: false,
};

const GRANTS: ValueKind = ValueKind::List(&ValueKind::Object(&GRANT));
const STRATEGY: Shape = Shape {
    name: "Strategy",
    says: "One strategy of the policy, and what it may do.",
    fields: &[
        Field::required("name", ValueKind::Text, "which strategy"),
        Field::required("kind", ValueKind::Word(&["plugin", "script"]), "how it is written"),
        Field::required("digest", ValueKind::OrNull(&ValueKind::Text), "the sha256 of its file"),
        Field::required(
            "file",
            ValueKind::OrNull(&ValueKind::Word(&["reviewed", "not-pinned", "differs"])),
            "whether its file is the one that was reviewed",
        ),
        Field::required("purpose", ValueKind::Text, "for what it runs"),
        Field::required("learning_purpose", ValueKind::OrNull(&ValueKind::Text), "for what it learns"),
        Field::required("may_read", GRANTS, "what it may read"),
        Field::required("may_learn_from", GRANTS, "what it may learn from"),
        Field::required("may_ask", ValueKind::List(&ValueKind::Text), "on whose lists it may build"),
        Field::required(
            "enforcement",
            ValueKind::OrNull(&ValueKind::Word(&["interpreter", "sandbox", "advisory"])),
            "by what it is kept from the rest",
        ),
        Field::required(
            "measures",
            ValueKind::List(&ValueKind::Text),
            "the kernel's measures, for a sandbox",
        ),
        Field::required("stopped", ValueKind::Flag, "whether it runs for nobody now"),
    ],
    open: false,
};

pub(super) const GRANT: Shape = Shape {
    name: "GrantedField",
    says: "A field that a strategy may use.",
    fields: &[
        Field::required("field", ValueKind::Text, "such as `subject.birth_date`"),
        Field::required("as", ValueKind::Text, "in which form"),
        Field::required("newest", ValueKind::OrNull(&ValueKind::Text), "from how long ago at most"),
    ],
    open: false,
};

async fn list_strategies(call: Call) -> Outcome {
    let strategies: Vec<StrategyBody> =
        call.shared.engine.strategies().iter().map(StrategyBody::from).collect();
    Reply::ok(&BTreeMap::from([("strategies", strategies)]))
}

async fn show_strategy(call: Call) -> Outcome {
    Reply::ok(&StrategyBody::from(&call.shared.engine.strategy(call.name(0))?))
}

#[derive(Serialize)]
struct StrategyBody {
    name: String,
    kind: &'static str,
    digest: Option<String>,
    file: Option<&'static str>,
    purpose: String,
    learning_purpose: Option<String>,
    may_read: Vec<Value>,
    may_learn_from: Vec<Value>,
    may_ask: Vec<String>,
    enforcement: Option<&'static str>,
    measures: Vec<&'static str>,
    stopped: bool,
}

impl From<&StrategyShown> for StrategyBody {
    fn from(strategy: &StrategyShown) -> Self {
        Self {
            name: strategy.name.to_string(),
            kind: strategy.kind,
            digest: strategy.digest.clone(),
            file: strategy.file,
            purpose: strategy.purpose.to_string(),
            learning_purpose: strategy.learning_purpose.as_ref().map(ToString::to_string),
            may_read: strategy.may_read.iter().map(grant_body).collect(),
            may_learn_from: strategy.may_learn_from.iter().map(grant_body).collect(),
            may_ask: strategy.may_ask.iter().map(ToString::to_string).collect(),
            enforcement: strategy.enforcement,
            measures: strategy.measures.clone(),
            stopped: strategy.stopped,
        }
    }
}

fn grant_body(access: &AccessShown) -> Value {
    json!({"field": access.field, "as": access.form, "newest": access.newest})
}

//! `GET /v1/recommendations/{id}/explanation`: how an answer came about, for shoppers and for compliance.

use jardin_access::{Role, Scope};
use jardin_engine::{
    AccessShown, AnswerExplained, AskedBy, AttemptStatus, DecisionShown, ItemExplained, Level,
    StrategyAttempt, StrategyExplained,
};
use jardin_model::RecommendationId;
use serde_json::{Value, json};

use super::{explanation_words::Words, strategies::GRANT};
use crate::{
    call::Call,
    field::{Field, Shape, ValueKind},
    problem::HttpProblem,
    problem_kind::ProblemKind,
    reply::{Outcome, Reply},
    route::{Answer, Body, Parameter, Path, Route, Run, Verb},
};

pub(super) const ROUTES: &[Route] = &[Route {
    verb: Verb::Get,
    path: &Path {
        template: "/v1/recommendations/{id}/explanation",
        names: &[Field::required("id", ValueKind::Id, "the `recommendation_id` of an answer")
            .such_as(r#""ZxLgIT95L5m4ytmjVBVzKB9Lp7icKtzB""#)],
    },
    name: "explain_answer",
    roles: &[Role::Serve, Role::Compliance],
    scope: Some(Scope::Serve),
    summary: "how an answer came about, in plain words: names and forms of what was used, and no value",
    parameters: &[Parameter::Locale],
    body: Body::None,
    answer: Answer::json(200, &EXPLANATION),
    problems: &[ProblemKind::NotFound],
    run: Run::WhileConnected(|call| Box::pin(explain_answer(call))),
}];

const EXPLANATION: Shape = Shape {
    name: "Explanation",
    says: "How an answer came about. Of one that was given to a person or a visit in the last ten minutes it says what was decided; of others, to a key, what such a list may be made of now.",
    fields: &[
        Field::required("recommendation_id", ValueKind::Text, "which answer"),
        Field::required("at", ValueKind::Time, "when it was given, to the second"),
        Field::required(
            "placement",
            ValueKind::OrNull(&ValueKind::Text),
            "where; `null` where the rules have changed since",
        ),
        Field::required("title", ValueKind::OrNull(&ValueKind::Text), "what stands above it"),
        Field::required(
            "locale",
            ValueKind::Word(&["fr", "de", "en"]),
            "in which language its sentences are",
        ),
        Field::required("says", ValueKind::Text, "in a sentence what the list was made of"),
        Field::required(
            "personalised",
            ValueKind::OrNull(&ValueKind::Flag),
            "whether it was made for this person or visit; `null` where that is not remembered",
        ),
        Field::required(
            "used",
            ValueKind::List(&ValueKind::Object(&USED)),
            "what gave it its items; what may, where that is not remembered",
        ),
        Field::required(
            "withheld",
            ValueKind::List(&ValueKind::Object(&WITHHELD)),
            "what did not run for this person, and why",
        ),
        Field::required(
            "items",
            ValueKind::List(&ValueKind::Object(&ITEM)),
            "the items in their order; none where that is not remembered",
        ),
        Field::optional("compliance", ValueKind::Object(&COMPLIANCE), "to a key with the role `compliance`"),
    ],
    open: false,
};

const USED: Shape = Shape {
    name: "UsedForAnswer",
    says: "A purpose for which items were chosen, and what may be read for it.",
    fields: &[
        Field::required("purpose", ValueKind::Text, "in the words of the policy"),
        Field::required(
            "of_person",
            ValueKind::List(&ValueKind::Object(&GRANT)),
            "what of the person or visit it may read, and in which form",
        ),
    ],
    open: false,
};

const WITHHELD: Shape = Shape {
    name: "WithheldFromAnswer",
    says: "A purpose for which nothing was done, and why.",
    fields: &[
        Field::required("purpose", ValueKind::Text, "in the words of the policy"),
        Field::required("says", ValueKind::Text, "why, in a sentence"),
    ],
    open: false,
};

const ITEM: Shape = Shape {
    name: "ExplainedItem",
    says: "One item of the answer.",
    fields: &[
        Field::required("item_id", ValueKind::Text, "which item"),
        Field::required(
            "purpose",
            ValueKind::OrNull(&ValueKind::Text),
            "for which purpose it was chosen, in the words of the policy; `null` of a paid place",
        ),
        Field::required("says", ValueKind::Text, "why it is shown, in a sentence"),
    ],
    open: false,
};

const COMPLIANCE: Shape = Shape {
    name: "ExplanationForCompliance",
    says: "The same in the names of the policy.",
    fields: &[
        Field::required(
            "level",
            ValueKind::OrNull(&ValueKind::Text),
            "the widest of what was present: `full`, `session`, `contextual` or `popular`",
        ),
        Field::required(
            "policy_revision",
            ValueKind::Text,
            "under which policy; the one in force now where that is not remembered",
        ),
        Field::required(
            "strategies",
            ValueKind::List(&ValueKind::Object(&STRATEGY)),
            "those of the chain, the fallback last",
        ),
    ],
    open: false,
};

const STRATEGY: Shape = Shape {
    name: "ExplainedStrategy",
    says: "One strategy of the chain.",
    fields: &[
        Field::required("name", ValueKind::Text, "which one"),
        Field::required("purpose", ValueKind::Text, "its purpose's name"),
        Field::required(
            "status",
            ValueKind::OrNull(&ValueKind::Text),
            "`ran`, `refused`, `failed` or `starting`; `null` where it was not tried or that is not remembered",
        ),
        Field::required("why", ValueKind::OrNull(&ValueKind::Text), "why it did not run"),
        Field::required(
            "may_read",
            ValueKind::List(&ValueKind::Object(&GRANT)),
            "what it may read, and in which form",
        ),
    ],
    open: false,
};

async fn explain_answer(call: Call) -> Outcome {
    let id = RecommendationId::new(call.name(0)).map_err(|_| HttpProblem::BadId)?;
    let asked_by = call.caller.page_token().map_or(AskedBy::Shop, |token| AskedBy::Visitor {
        subject: token.person.as_ref(),
        session: token.session.as_ref(),
    });
    let explained = call.shared.engine.explain_answer(&id, asked_by, call.locale())?;
    let mut body = explanation_body(&explained, Words::of_locale(call.locale()));
    if let (true, Some(members)) = (call.caller.has_role(&[Role::Compliance]), body.as_object_mut()) {
        members.insert("compliance".to_owned(), compliance_body(&explained));
    }
    Reply::ok(&body)
}

fn explanation_body(explained: &AnswerExplained, words: Words) -> Value {
    let decision = explained.decision.as_ref();
    json!({
        "recommendation_id": explained.recommendation.as_str(),
        "at": explained.at.to_string(),
        "placement": explained.placement.as_deref(),
        "title": explained.title.as_deref(),
        "locale": words.language(),
        "says": words.of_level(decision.map(|decision| decision.level)),
        "personalised": decision.map(|decision| decision.level >= Level::Session),
        "used": used_bodies(explained),
        "withheld": decision.map(|d| withheld_bodies(d, explained, words)).unwrap_or_default(),
        "items": decision.map(|d| item_bodies(d, explained, words)).unwrap_or_default(),
    })
}

/// The purposes of the strategies that gave items; where that is not remembered, of all that may.
fn used_bodies(explained: &AnswerExplained) -> Vec<Value> {
    let decision = explained.decision.as_ref();
    let gave = |strategy: &&StrategyExplained| {
        decision.is_none_or(|d| d.items.iter().any(|item| item.strategy.as_ref() == Some(&strategy.name)))
    };
    let used = explained.strategies.iter().filter(gave);
    let told = used.map(|strategy| {
        let reads: Vec<Value> = strategy.reads_of_person.iter().map(access_body).collect();
        json!({"purpose": &*strategy.says, "of_person": reads})
    });
    told.collect()
}

fn withheld_bodies(decision: &DecisionShown, explained: &AnswerExplained, words: Words) -> Vec<Value> {
    let withheld = decision.attempts.iter().filter(|tried| tried.status != AttemptStatus::Ran);
    let told = withheld.filter_map(|tried| {
        let strategy = find_strategy(explained, tried)?;
        Some(json!({"purpose": &*strategy.says, "says": words.of_refusal(tried.why)}))
    });
    told.collect()
}

fn find_strategy<'a>(
    explained: &'a AnswerExplained,
    tried: &StrategyAttempt,
) -> Option<&'a StrategyExplained> {
    explained.strategies.iter().find(|strategy| strategy.name == tried.name)
}

fn item_bodies(decision: &DecisionShown, explained: &AnswerExplained, words: Words) -> Vec<Value> {
    let told = decision.items.iter().map(|item| {
        let by = explained.strategies.iter().find(|s| item.strategy.as_ref() == Some(&s.name));
        let says = item_sentence(item, words);
        json!({"item_id": item.item.as_str(), "purpose": by.map(|strategy| &*strategy.says), "says": says})
    });
    told.collect()
}

fn item_sentence(item: &ItemExplained, words: Words) -> &str {
    match &item.reason {
        _ if item.is_sponsored => words.of_paid_place(),
        Some(reason) => &reason.text,
        None => words.of_no_reason(),
    }
}

fn compliance_body(explained: &AnswerExplained) -> Value {
    let decision = explained.decision.as_ref();
    let revision = decision.map_or(&explained.policy_revision, |decision| &decision.policy_revision);
    let strategies = explained.strategies.iter().map(|strategy| {
        let tried = decision.and_then(|d| d.attempts.iter().find(|tried| tried.name == strategy.name));
        let reads = strategy.reads_of_person.iter().chain(&strategy.reads_else);
        json!({
            "name": strategy.name.as_str(),
            "purpose": &*strategy.purpose,
            "status": tried.map(|tried| tried.status.word()),
            "why": tried.and_then(|tried| tried.why),
            "may_read": reads.map(access_body).collect::<Vec<_>>(),
        })
    });
    json!({
        "level": decision.map(|decision| decision.level.word()),
        "policy_revision": &**revision,
        "strategies": strategies.collect::<Vec<_>>(),
    })
}

fn access_body(access: &AccessShown) -> Value {
    json!({"field": access.field, "as": access.form, "newest": access.newest})
}

//! `POST /v1/preview`: what a page would show to a made-up person, live and by a draft beside it.

use std::sync::Arc;

use jardin_access::Role;
use jardin_engine::Problem;
use serde_json::Value;

use crate::{
    call::Call,
    field::{Field, Shape, ValueKind},
    problem::HttpProblem,
    problem_kind::ProblemKind,
    reply::{Outcome, Reply},
    route::{Answer, Body, Path, Route, Run, Verb},
};

pub(super) const ROUTES: &[Route] = &[Route {
    verb: Verb::Post,
    path: &Path::plain("/v1/preview"),
    name: "preview",
    roles: &[Role::Merchant],
    scope: None,
    summary: "what a page would show to a made-up person: the live rules, and a draft beside them, which may read a secret of the shop only with `catalogue` too; ten a minute",
    parameters: &[],
    body: Body::Json(&PREVIEW),
    answer: Answer::json(200, &PREVIEWED),
    problems: &[ProblemKind::NotReady],
    run: Run::ToItsEnd(|call| Box::pin(preview(call))),
}];

const PREVIEW: Shape = Shape {
    name: "Preview",
    says: "A page, a made-up person, and what is tried. The policy is the one in force; nobody real is asked about.",
    fields: &[
        Field::required("placement", ValueKind::Text, "where").such_as("\"home\""),
        Field::optional(
            "strategy",
            ValueKind::Text,
            "the strategy that is followed; without it that of the draft, or the first rule of the place",
        )
        .such_as("\"clearance\""),
        Field::optional("at", ValueKind::Time, "when; now where it is not said"),
        Field::optional(
            "person",
            ValueKind::Object(&PERSON),
            "a made-up person; without one nobody is known",
        ),
        Field::optional("context", ValueKind::Map(&ValueKind::Any), "what the page sends of itself")
            .such_as("{}"),
        Field::optional(
            "session",
            ValueKind::Map(&ValueKind::Any),
            "the visit: its basket, and what was looked at, the last one newest",
        )
        .such_as("{}"),
        Field::optional("draft", ValueKind::Object(&DRAFT), "a rule in the place of a live one"),
        Field::optional(
            "settings",
            ValueKind::Text,
            "the text of a jardin.toml in the place of the live one",
        )
        .such_as("null"),
        Field::optional("why_not", ValueKind::Id, "an item of which is told why it is not shown")
            .such_as("\"TEN-103\""),
    ],
    open: false,
};

const PERSON: Shape = Shape {
    name: "MadeUpPerson",
    says: "Who the page is for, as `jardin try --subject` takes it.",
    fields: &[
        Field::optional("fields", ValueKind::Map(&ValueKind::Any), "their profile"),
        Field::optional("consent", ValueKind::List(&ValueKind::Text), "the questions they answered with yes")
            .such_as("[]"),
        Field::optional("objected", ValueKind::Flag, "whether they object").such_as("false"),
        Field::optional(
            "events",
            ValueKind::List(&ValueKind::Map(&ValueKind::Any)),
            "what they did, each `days_ago`",
        )
        .such_as("[]"),
    ],
    open: false,
};

const DRAFT: Shape = Shape {
    name: "DraftScript",
    says: "A rule in the place of a live one.",
    fields: &[
        Field::required("script", ValueKind::Text, "the live one: its file or its strategy")
            .such_as("\"clearance.rhai\""),
        Field::required("text", ValueKind::Text, "the rule").such_as("\"fn adjust(item) { }\""),
    ],
    open: false,
};

const PREVIEWED: Shape = Shape {
    name: "Previewed",
    says: "The page before and after.",
    fields: &[
        Field::required("placement", ValueKind::Text, "where"),
        Field::required("strategy", ValueKind::Text, "the strategy that was followed"),
        Field::required("at", ValueKind::Time, "when"),
        Field::required("live", ValueKind::Object(&VERSION), "by what is in force"),
        Field::required("draft", ValueKind::OrNull(&ValueKind::Object(&VERSION)), "by the draft"),
        Field::required(
            "why_not",
            ValueKind::OrNull(&ValueKind::Text),
            "why the item that was asked about is not shown",
        ),
    ],
    open: false,
};

const VERSION: Shape = Shape {
    name: "PreviewedVersion",
    says: "One version of the page. Of a strategy that reads a secret of the shop the direction of a move is told, and no factor.",
    fields: &[
        Field::required("runs", ValueKind::Whole, "how often the strategy was asked"),
        Field::required("failure", ValueKind::OrNull(&ValueKind::Text), "why it gave nothing"),
        Field::required("candidates", ValueKind::Whole, "how many items it was given"),
        Field::required("failed_items", ValueKind::Whole, "on how many of them it failed"),
        Field::required("took_ms", ValueKind::Any, "how long it took, in milliseconds").such_as("0.3"),
        Field::required("answer_ms", ValueKind::Any, "how long the answer took, in milliseconds")
            .such_as("1.2"),
        Field::required(
            "strategies",
            ValueKind::List(&ValueKind::Map(&ValueKind::Any)),
            "each strategy that was tried, its status and why",
        ),
        Field::required(
            "page",
            ValueKind::List(&ValueKind::Map(&ValueKind::Any)),
            "what is shown: `item_id`, `rank`, where it `was`, who gave it, what moved it, what it says",
        ),
        Field::required(
            "dropped",
            ValueKind::List(&ValueKind::Map(&ValueKind::Any)),
            "what was left out, by whom and why",
        ),
    ],
    open: false,
};

async fn preview(call: Call) -> Outcome {
    let shared = Arc::clone(&call.shared);
    let host = shared.host.as_deref().ok_or(Problem::NotReady)?;
    // whoever sets the items knows their secrets
    let may_read_secrets = call.caller.has_role(&[Role::Catalogue]);
    let question = Value::Object(call.content.into_object().into_fields());
    let answer = host
        .preview(question.to_string().as_bytes(), may_read_secrets)
        .await
        .map_err(|error| HttpProblem::Refused(error.what))?;
    let answer: Value = serde_json::from_slice(&answer).unwrap_or_default();
    Reply::ok(&answer)
}

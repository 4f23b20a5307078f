//! `GET /v1/notice` and `GET /v1/parameters`: what shoppers are told of the policy in force.

use jardin_engine::Problem;

use crate::{
    call::Call,
    field::{Field, Shape, ValueKind},
    policy_page::PolicyPage,
    problem_kind::ProblemKind,
    reply::{Outcome, Reply},
    route::{Answer, Body, Parameter, Path, Route, Run, Verb},
};

pub(super) const ROUTES: &[Route] = &[
    Route {
        verb: Verb::Get,
        path: &Path::plain("/v1/notice"),
        name: "show_notice",
        roles: &[],
        scope: None,
        summary: "what shoppers are told of the use of their data, as the policy in force says it (GDPR Art. 13)",
        parameters: &[Parameter::Locale],
        body: Body::None,
        answer: Answer::json(200, &POLICY_PAGE),
        problems: &[ProblemKind::NotFound],
        run: Run::ToItsEnd(|call| Box::pin(async move { show_page(&call, PolicyPage::Notice) })),
    },
    Route {
        verb: Verb::Get,
        path: &Path::plain("/v1/parameters"),
        name: "show_parameters",
        roles: &[],
        scope: None,
        summary: "why products are shown in this order, and how to change it, as the policy in force says it",
        parameters: &[Parameter::Locale],
        body: Body::None,
        answer: Answer::json(200, &POLICY_PAGE),
        problems: &[ProblemKind::NotFound],
        run: Run::ToItsEnd(|call| Box::pin(async move { show_page(&call, PolicyPage::Parameters) })),
    },
];

const POLICY_PAGE: Shape = Shape {
    name: "PolicyPage",
    says: "A page about the policy in force, in one language.",
    fields: &[
        Field::required("title", ValueKind::Text, "its title"),
        Field::required("language", ValueKind::Text, "the language that it is written in"),
        Field::required("sections", ValueKind::List(&ValueKind::Object(&SECTION)), "in their order"),
    ],
    open: false,
};

const SECTION: Shape = Shape {
    name: "PolicyPageSection",
    says: "A part of a page.",
    fields: &[
        Field::required("title", ValueKind::Text, "its title; empty where it continues the page's"),
        Field::required("blocks", ValueKind::List(&ValueKind::Object(&BLOCK)), "in their order"),
    ],
    open: false,
};

const BLOCK: Shape = Shape {
    name: "PolicyPageBlock",
    says: "Sentences, points or a table: one of them.",
    fields: &[
        Field::optional("paragraph", ValueKind::Text, "sentences"),
        Field::optional("list", ValueKind::List(&ValueKind::Text), "points"),
        Field::optional("head", ValueKind::List(&ValueKind::Text), "the head of a table"),
        Field::optional(
            "rows",
            ValueKind::List(&ValueKind::List(&ValueKind::Text)),
            "its rows, each of as many cells",
        ),
    ],
    open: false,
};

fn show_page(call: &Call, page: PolicyPage) -> Outcome {
    let policy = call.shared.engine.policy().policy;
    let written = call.shared.page_writer.and_then(|write| write(&policy, page, call.locale()));
    Reply::ok(
        &written
            .ok_or(Problem::NotFound { what: "page in a language of this program", known: Vec::new() })?,
    )
}

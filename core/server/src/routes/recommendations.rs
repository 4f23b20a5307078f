//! `POST /v1/recommendations` and its batch.

use std::collections::BTreeMap;

use jardin_access::{Role, Scope};
use jardin_engine::{MAX_BATCH_REQUESTS, Request};
use jardin_model::{ItemId, SessionId, SubjectId};
use serde_json::Value;

use super::{
    list::{self, ListBody},
    narrowing::{self, read_narrowing},
};
use crate::{
    body::Object,
    call::Call,
    field::{Field, Shape, ValueKind},
    problem::HttpProblem,
    problem_kind::ProblemKind,
    reply::{Outcome, Reply},
    route::{Answer, Body, Parameter, Path, Route, Run, Verb},
};

pub(super) const ROUTES: &[Route] = &[
    Route {
        verb: Verb::Post,
        path: &Path::plain("/v1/recommendations"),
        name: "recommend",
        roles: &[Role::Serve],
        scope: Some(Scope::Serve),
        summary: "a list for one placement",
        parameters: &[Parameter::SecGpc],
        body: Body::Json(&REQUEST),
        answer: Answer::json(200, &list::LIST),
        problems: &[ProblemKind::NotFound, ProblemKind::NotReady],
        run: Run::WhileConnected(|call| Box::pin(recommend(call))),
    },
    Route {
        verb: Verb::Post,
        path: &Path::plain("/v1/recommendations/batch"),
        name: "recommend_batch",
        roles: &[Role::Serve],
        scope: Some(Scope::Serve),
        summary: "the lists of one page; with `distinct` no item stands in two of them",
        parameters: &[Parameter::SecGpc],
        body: Body::Json(&BATCH),
        answer: Answer::json(200, &list::LISTS),
        problems: &[ProblemKind::NotFound, ProblemKind::NotReady],
        run: Run::WhileConnected(|call| Box::pin(recommend_batch(call))),
    },
];

const REQUEST: Shape = Shape {
    name: "RecommendationRequest",
    says: "Everything but `placement` is optional; serving with nobody known is the normal case.",
    fields: &[
        Field::required("placement", ValueKind::Text, "which place on a page").such_as(r#""product_page""#),
        Field::optional("subject_id", ValueKind::Id, "whom the list is for").such_as(r#""u1""#),
        Field::optional("session_id", ValueKind::Id, "in which visit").such_as(r#""s1""#),
        Field::optional(
            "session",
            ValueKind::Map(&ValueKind::Any),
            "what the visit holds: exactly the session fields that the policy declares",
        )
        .such_as(r#"{"basket":["TEN-103"]}"#),
        Field::optional(
            "context",
            ValueKind::Map(&ValueKind::Any),
            "what the page is about: exactly the context fields that the policy declares",
        )
        .such_as(r#"{"page_item":"TEN-103","region":"corse"}"#),
        Field::optional("locale", ValueKind::Text, "in which language reasons are told")
            .such_as(r#""fr-FR""#),
        narrowing::CONSENT,
        narrowing::OBJECTED,
        narrowing::SIGNALS,
        Field::optional("limit", ValueKind::Whole, "fewer items than the placement's own limit")
            .at_most(u32::MAX as u64)
            .such_as("8"),
        Field::optional("exclude_items", ValueKind::List(&ValueKind::Id), "items that are not shown")
            .at_most(1_000)
            .such_as(r#"["MAT-104"]"#),
        Field::optional(
            "show",
            ValueKind::List(&ValueKind::Text),
            "item fields that come with each item, of those that jardin.toml lists as `public`; the placement's own where it is not there",
        )
        .at_most(50)
        .such_as("[]"),
        Field::optional("filter", ValueKind::Text, "a filter of jardin.toml, by its name")
            .such_as(r#""affordable""#),
        Field::optional("deadline_ms", ValueKind::Whole, "how long the answer may take, in milliseconds")
            .at_most(u32::MAX as u64)
            .such_as("50"),
    ],
    open: false,
};

const BATCH: Shape = Shape {
    name: "RecommendationBatch",
    says: "The requests of one page.",
    fields: &[
        Field::required("requests", ValueKind::List(&ValueKind::Object(&REQUEST)), "in the page's order")
            .at_most(MAX_BATCH_REQUESTS as u64)
            .such_as(
                r#"[{"placement":"product_page","context":{"page_item":"TEN-103"}},{"placement":"home"}]"#,
            ),
        Field::optional("distinct", ValueKind::Flag, "no item stands in two of the lists"),
    ],
    open: false,
};

async fn recommend(call: Call) -> Outcome {
    let gpc = call.gpc();
    let request =
        Request { is_shed: call.shared.is_crowded(), ..read_request(call.content.into_object(), gpc)? };
    let answer = call.shared.engine.recommend(&request).await?;
    Reply::ok(&ListBody::told_to(&call.caller, &answer))
}

async fn recommend_batch(call: Call) -> Outcome {
    let gpc = call.gpc();
    let mut body = call.content.into_object();
    let requests = body.take_objects("requests").unwrap_or_default();
    let mut requests = requests.into_iter().map(|r| read_request(r, gpc)).collect::<Result<Vec<_>, _>>()?;
    let is_shed = call.shared.is_crowded();
    requests.iter_mut().for_each(|request| request.is_shed = is_shed);
    let distinct = body.take_flag("distinct").unwrap_or(false);
    let answers = call.shared.engine.recommend_batch(&requests, distinct).await?;
    let answers = answers.iter().map(|answer| ListBody::told_to(&call.caller, answer));
    Reply::ok(&BTreeMap::from([("answers", answers.collect::<Vec<_>>())]))
}

/// `gpc` is what the header says.
fn read_request(mut body: Object, gpc: bool) -> Result<Request, HttpProblem> {
    let placement = body.take_text("placement").ok_or_else(|| HttpProblem::missing(&REQUEST, "placement"))?;
    let subject = body.take_text("subject_id").map(|id| SubjectId::new(&id)).transpose();
    let session = body.take_text("session_id").map(|id| SessionId::new(&id)).transpose();
    let excluded = body.take_list("exclude_items").unwrap_or_default();
    let excluded = excluded.iter().filter_map(Value::as_str).map(ItemId::new).collect();
    Ok(Request {
        placement,
        subject: subject.map_err(|_| HttpProblem::BadId)?,
        session: session.map_err(|_| HttpProblem::BadId)?,
        session_fields: body.take_map("session").unwrap_or_default(),
        context: body.take_map("context").unwrap_or_default(),
        locale: body.take_text("locale"),
        limit: body.take_count("limit").and_then(|n| usize::try_from(n).ok()),
        exclude: Result::map_err(excluded, |_| HttpProblem::BadId)?,
        filter: body.take_text("filter"),
        deadline_ms: body.take_count("deadline_ms"),
        show: body
            .take_list("show")
            .map(|names| names.iter().filter_map(Value::as_str).map(str::to_owned).collect()),
        is_shed: false,
        narrowing: read_narrowing(&mut body, gpc),
    })
}

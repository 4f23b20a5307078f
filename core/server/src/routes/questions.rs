//! `GET /v1/consents`: what a banner shows.

use jardin_access::{Role, Scope};
use jardin_engine::{PermittedPurpose, QuestionShown};
use jardin_model::ChoiceStatus;
use serde_json::{Map, Value, json};

use crate::{
    call::Call,
    field::{Field, Shape, ValueKind},
    reply::{Outcome, Reply},
    route::{Answer, Body, Parameter, Path, Route, Run, Verb},
};

pub(super) const ROUTES: &[Route] = &[Route {
    verb: Verb::Get,
    path: &Path::plain("/v1/consents"),
    name: "list_questions",
    roles: &[Role::Serve, Role::Ingest],
    scope: Some(Scope::Consent),
    summary: "what people are asked, with all that a banner shows; it depends on nobody",
    parameters: &[Parameter::Locale],
    body: Body::None,
    answer: Answer::json(200, &QUESTIONS),
    problems: &[],
    run: Run::ToItsEnd(|call| Box::pin(list_questions(call))),
}];

const QUESTIONS: Shape = Shape {
    name: "Questions",
    says: "What people are asked, in one language.",
    fields: &[
        Field::required("controller", ValueKind::Text, "who asks"),
        Field::required("contact", ValueKind::Text, "where people write"),
        Field::required("locale", ValueKind::OrNull(&ValueKind::Text), "the language of the texts"),
        Field::required("consents", ValueKind::List(&ValueKind::Object(&QUESTION)), "by name"),
    ],
    open: false,
};

/// What people may answer; a withdrawal is told as easily, wherever the shop offers it (GDPR Art. 7(3)).
const ANSWERS: [ChoiceStatus; 2] = [ChoiceStatus::Refused, ChoiceStatus::Granted];

const QUESTION: Shape = Shape {
    name: "Question",
    says: "One question of the policy.",
    fields: &[
        Field::required("name", ValueKind::Text, "as paths name it"),
        Field::required(
            "text_version",
            ValueKind::Text,
            "the version that is asked now, to be sent with the answer",
        ),
        Field::optional("wording", ValueKind::Text, "what people are asked, where the policy says it"),
        Field::required("permits", ValueKind::List(&ValueKind::Object(&PERMITTED)), "what a yes permits"),
        Field::required(
            "answers",
            ValueKind::List(&ValueKind::Word(&["refused", "granted"])),
            "what to offer, each in one step and as plainly as the other; none is chosen beforehand, and closing the question is no yes",
        ),
        Field::required("lasts", ValueKind::Text, "how long a yes counts, in words"),
        Field::optional(
            "ask_again_after",
            ValueKind::Text,
            "how long after a no they are not asked again, in words",
        ),
    ],
    open: false,
};

const PERMITTED: Shape = Shape {
    name: "PermittedPurpose",
    says: "A purpose that rests on a yes.",
    fields: &[
        Field::required("purpose", ValueKind::Text, "its name"),
        Field::required("says", ValueKind::Text, "what people are told of it"),
        Field::required("profiling", ValueKind::Flag, "whether it evaluates a person (GDPR Art. 4(4))"),
    ],
    open: false,
};

async fn list_questions(call: Call) -> Outcome {
    let shown = call.shared.engine.questions(call.locale());
    Reply::ok(&json!({
        "controller": &*shown.controller,
        "contact": &*shown.contact,
        "locale": shown.language.as_deref(),
        "consents": shown.questions.iter().map(question_body).collect::<Vec<_>>(),
    }))
}

fn question_body(question: &QuestionShown) -> Value {
    let members = [
        ("name", Some(json!(&*question.name))),
        ("text_version", Some(json!(&*question.text_version))),
        ("wording", question.wording.as_deref().map(|wording| json!(wording))),
        ("permits", Some(question.permits.iter().map(purpose_body).collect())),
        ("answers", Some(ANSWERS.iter().map(|answer| json!(answer.word())).collect())),
        ("lasts", Some(json!(question.lasts))),
        ("ask_again_after", question.ask_again_after.as_ref().map(|after| json!(after))),
    ];
    let there = members.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?)));
    Value::Object(there.collect::<Map<_, _>>())
}

fn purpose_body(purpose: &PermittedPurpose) -> Value {
    json!({ "purpose": &*purpose.name, "says": &*purpose.says, "profiling": purpose.profiling })
}

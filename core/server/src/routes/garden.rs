//! `/v1/subjects/{id}/garden` and `/v1/sessions/{id}/garden`: what somebody sees of what is kept of them, and decides.

use std::{collections::BTreeMap, sync::Arc};

use jardin_access::{Role, Scope};
use jardin_engine::{ExportedEvent, ForgetSince, GardenChange, GardenOwner, GardenShown};
use jardin_model::{ItemId, SessionId};
use serde_json::{Value, json};

use super::{
    consents::{CONSENT, SUBJECT_ID, consent_body},
    person::{EVENT, SINCE, VALUE, event_body, since_body, value_body},
    sessions::SESSION_ID,
};
use crate::{
    body::Object,
    call::Call,
    field::{Field, Shape, ValueKind},
    problem::HttpProblem,
    problem_kind::ProblemKind,
    reply::{Outcome, Reply},
    route::{Answer, Body, Path, Route, Run, Verb},
};

const OF_PERSON: Path = Path { template: "/v1/subjects/{id}/garden", names: &[SUBJECT_ID] };
const OF_VISIT: Path = Path { template: "/v1/sessions/{id}/garden", names: &[SESSION_ID] };

pub(super) const ROUTES: &[Route] = &[
    Route {
        run: Run::ToItsEnd(|call| Box::pin(show_garden(call, Whose::Person))),
        ..garden_row(&OF_PERSON, "show_garden", "what is kept of a person, and what they switched")
    },
    Route {
        verb: Verb::Put,
        body: Body::Json(&CHANGE),
        answer: Answer::json(200, &CHANGED),
        problems: &[ProblemKind::InForceNotDurable, ProblemKind::NotReady],
        run: Run::ToItsEnd(|call| Box::pin(change_garden(call, Whose::Person))),
        ..garden_row(
            &OF_PERSON,
            "change_garden",
            "switches and forgets for a person, obeyed by the next answer",
        )
    },
    Route {
        run: Run::ToItsEnd(|call| Box::pin(show_garden(call, Whose::Visit))),
        ..garden_row(
            &OF_VISIT,
            "show_visit_garden",
            "what is kept of a visit of nobody known, and whether it is paused",
        )
    },
    Route {
        verb: Verb::Put,
        body: Body::Json(&VISIT_CHANGE),
        answer: Answer::json(200, &CHANGED),
        run: Run::ToItsEnd(|call| Box::pin(change_garden(call, Whose::Visit))),
        ..garden_row(
            &OF_VISIT,
            "change_visit_garden",
            "pauses a visit and forgets what it looked at, obeyed by the next answer",
        )
    },
];

const fn garden_row(path: &'static Path, name: &'static str, summary: &'static str) -> Route {
    Route {
        verb: Verb::Get,
        path,
        name,
        roles: &[Role::Subjects],
        scope: Some(Scope::Garden),
        summary,
        parameters: &[],
        body: Body::None,
        answer: Answer::json(200, &GARDEN),
        problems: &[ProblemKind::NotReady],
        run: Run::ToItsEnd(|call| Box::pin(show_garden(call, Whose::Person))),
    }
}

/// Of whom a path is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Whose {
    Person,
    Visit,
}

const PAUSED: Field = Field::optional(
    "paused",
    ValueKind::Flag,
    "while this visit is paused nothing of it is recorded, and no list in it is made for its person",
);
const FORGET: Field = Field::optional(
    "forget",
    ValueKind::Word(&ForgetSince::WORDS),
    "what was looked at since then is forgotten, and what was learned from it; what was bought stays",
)
.such_as(r#""last_hour""#);

const CHANGE: Shape = Shape {
    name: "GardenChange",
    says: "What somebody decides by themselves; what is left out stays. A page token whose shop has not just checked the person may only switch off.",
    fields: &[
        Field::optional("personal_lists", ValueKind::Flag, "whether lists are made for them")
            .such_as("false"),
        Field::optional("learning", ValueKind::Flag, "whether what they do is learned from").such_as("false"),
        PAUSED,
        FORGET,
        Field::optional(
            "session_id",
            ValueKind::Id,
            "the visit that is paused or forgotten; of a page token its own",
        )
        .such_as(r#""s1""#),
    ],
    open: false,
};

const VISIT_CHANGE: Shape = Shape {
    name: "VisitGardenChange",
    says: "What is decided for one visit; what is left out stays.",
    fields: &[PAUSED, FORGET],
    open: false,
};

const CHANGED: Shape = Shape {
    name: "ChangedGarden",
    says: "What was done.",
    fields: &[Field::required("forgotten", ValueKind::Whole, "how many events were forgotten")],
    open: false,
};

const GARDEN: Shape = Shape {
    name: "Garden",
    says: "What is kept of somebody, and what they switched. To a page token whose shop has not just checked the person it says names and counts: no value, product or date.",
    fields: &[
        Field::required(
            "personal_lists",
            ValueKind::Flag,
            "whether lists are made for them, as far as they decide it",
        ),
        Field::required(
            "learning",
            ValueKind::Flag,
            "whether what they do is learned from, as far as they decide it",
        ),
        Field::required("paused", ValueKind::Flag, "whether they paused this visit"),
        Field::required("objection", ValueKind::Flag, "whether they object"),
        Field::required("restriction", ValueKind::Flag, "whether processing is restricted"),
        Field::required(
            "consents",
            ValueKind::Map(&ValueKind::Flag),
            "of each question that was answered whether the answer permits something now",
        ),
        Field::required("fields", ValueKind::List(&ValueKind::Text), "the fields of the profile, by name"),
        Field::required("events", ValueKind::Map(&ValueKind::Whole), "how many events are kept, by type"),
        Field::required("dismissed", ValueKind::Whole, "how many products they dismissed in this visit"),
        Field::optional("details", ValueKind::Object(&DETAILS), "the same with values, products and dates"),
    ],
    open: false,
};

const DETAILS: Shape = Shape {
    name: "GardenDetails",
    says: "What is kept, with values, products and dates.",
    fields: &[
        Field::required("objection", ValueKind::Object(&SINCE), "whether they object, and since when"),
        Field::required(
            "restriction",
            ValueKind::Object(&SINCE),
            "whether processing is restricted, and since when",
        ),
        Field::required(
            "consents",
            ValueKind::List(&ValueKind::Object(&CONSENT)),
            "the last answer to each question",
        ),
        Field::required("fields", ValueKind::Map(&ValueKind::Object(&VALUE)), "the profile by field"),
        Field::required("events", ValueKind::List(&ValueKind::Object(&EVENT)), "the oldest first"),
        Field::required(
            "dismissed",
            ValueKind::List(&ValueKind::Text),
            "products that they dismissed in this visit",
        ),
    ],
    open: false,
};

async fn show_garden(call: Call, whose: Whose) -> Outcome {
    let owner = owner_of(&call, whose, None)?;
    let shown = call.shared.engine.garden(&owner).await?;
    Reply::ok(&garden_body(&shown, may_see_details(&call)))
}

async fn change_garden(mut call: Call, whose: Whose) -> Outcome {
    let mut body = call.take_object();
    let owner = owner_of(&call, whose, body.take_text("session_id"))?;
    let change = read_change(&mut body, call.source(Some("garden".to_owned())));
    if !change.only_narrows() && !may_see_details(&call) {
        return Err(HttpProblem::NotVerified);
    }
    let forgotten = call.shared.engine.change_garden(&owner, &change).await?;
    Reply::ok(&json!({"forgotten": forgotten}))
}

/// Whoever has a key looks after people; of a page the shop has to have checked the person.
fn may_see_details(call: &Call) -> bool {
    call.caller.page_token().is_none_or(|token| token.is_verified)
}

/// The person or the visit of the path; with a person goes the visit that the body or the token names.
fn owner_of(call: &Call, whose: Whose, session: Option<String>) -> Result<GardenOwner, HttpProblem> {
    if whose == Whose::Visit {
        return Ok(GardenOwner { subject: None, session: Some(call.session_id()?) });
    }
    let session = session.map(|id| SessionId::new(&id)).transpose().map_err(|_| HttpProblem::BadId)?;
    let of_token = call.caller.page_token().and_then(|token| token.session.clone());
    Ok(GardenOwner { subject: Some(call.subject_id()?), session: session.or(of_token) })
}

fn read_change(body: &mut Object, source: Arc<str>) -> GardenChange {
    GardenChange {
        personal_lists: body.take_flag("personal_lists"),
        learning: body.take_flag("learning"),
        paused: body.take_flag("paused"),
        forget: body.take_text("forget").and_then(|word| ForgetSince::from_word(&word)),
        source,
    }
}

fn garden_body(shown: &GardenShown, with_details: bool) -> Value {
    let consents: BTreeMap<&str, bool> = shown.consents.iter().map(|c| (&*c.name, c.counts)).collect();
    let fields: Vec<&str> = shown.fields.keys().map(|name| &**name).collect();
    let mut body = json!({
        "personal_lists": shown.personal_lists,
        "learning": shown.learning,
        "paused": shown.paused,
        "objection": shown.objected.is_some(),
        "restriction": shown.restricted.is_some(),
        "consents": consents,
        "fields": fields,
        "events": count_events(&shown.events),
        "dismissed": shown.dismissed.len(),
    });
    if let (true, Some(members)) = (with_details, body.as_object_mut()) {
        members.insert("details".to_owned(), details_body(shown));
    }
    body
}

fn count_events(events: &[ExportedEvent]) -> BTreeMap<&'static str, usize> {
    let mut counts = BTreeMap::new();
    for event in events {
        *counts.entry(event.kind.word()).or_insert(0) += 1;
    }
    counts
}

fn details_body(shown: &GardenShown) -> Value {
    let fields: BTreeMap<&str, Value> =
        shown.fields.iter().map(|(name, stored)| (&**name, value_body(stored))).collect();
    json!({
        "objection": since_body(shown.objected),
        "restriction": since_body(shown.restricted),
        "consents": shown.consents.iter().map(consent_body).collect::<Vec<_>>(),
        "fields": fields,
        "events": shown.events.iter().map(event_body).collect::<Vec<_>>(),
        "dismissed": shown.dismissed.iter().map(ItemId::as_str).collect::<Vec<_>>(),
    })
}

//! `POST /v1/tokens`: page tokens.

use std::{fmt::Write as _, sync::Arc};

use hyper::StatusCode;
use jardin_access::{MAX_TOKEN_MS, PageToken, Role, Scope};
use jardin_engine::Problem;
use jardin_model::{SessionId, SubjectId};
use serde_json::{Value, json};

use crate::{
    access::CalledBy,
    body::Object,
    call::Call,
    field::{Field, Shape, ValueKind},
    problem::HttpProblem,
    problem_kind::ProblemKind,
    reply::{Outcome, Reply},
    route::{Answer, Body, Path, Route, Run, Verb},
};

pub(super) const ROUTES: &[Route] = &[Route {
    verb: Verb::Post,
    path: &Path::plain("/v1/tokens"),
    name: "make_token",
    roles: &[Role::Serve, Role::Ingest],
    scope: None,
    summary: "a token with which one page of one visitor asks and tells, for an hour at most",
    parameters: &[],
    body: Body::Json(&WANTED),
    answer: Answer::json(201, &MADE),
    problems: &[ProblemKind::NotReady],
    run: Run::WhileConnected(|call| Box::pin(make_token(call))),
}];

const MINUTE_MS: i64 = 60_000;
const MAX_MINUTES: u32 = 60;
/// The most placements or filters of a token, which a request carries.
const MAX_NAMES: u64 = 50;

const WANTED: Shape = Shape {
    name: "PageTokenRequest",
    says: "Whose page it is and what it may do. With neither `subject_id` nor `visitor` its requests are nobody's.",
    fields: &[
        Field::required(
            "scopes",
            ValueKind::List(&ValueKind::Word(&Scope::WORDS)),
            "what it opens; `serve` and `ingest` need that role of the key",
        )
        .at_most(Scope::ALL.len() as u64)
        .such_as(r#"["serve","ingest"]"#),
        Field::optional("subject_id", ValueKind::Id, "the person who is signed in").such_as(r#""u1""#),
        Field::optional(
            "visitor",
            ValueKind::Flag,
            "makes a random id for somebody who is not; nothing is stored under it before a consent is",
        )
        .such_as("false"),
        Field::optional(
            "verified",
            ValueKind::Flag,
            "the shop has just checked that it is this person: their page shows products and dates, and may let more be done",
        )
        .such_as("false"),
        Field::optional("session_id", ValueKind::Id, "the visit").such_as(r#""s1""#),
        Field::optional("placements", NAMES, "the only placements that it may ask for")
            .at_most(MAX_NAMES)
            .such_as(r#"["home"]"#),
        Field::optional("filters", NAMES, "the only filters that it may ask by")
            .at_most(MAX_NAMES)
            .such_as(r#"["affordable"]"#),
        Field::optional("locale", ValueKind::Text, "the language where a request names none")
            .at_most(64)
            .such_as(r#""fr-FR""#),
        Field::optional("lasts_minutes", ValueKind::Whole, "how long it lasts; 60 where it is not there")
            .at_least(1)
            .at_most(MAX_MINUTES as u64)
            .such_as("30"),
    ],
    open: false,
};

const NAMES: ValueKind = ValueKind::List(&ValueKind::Id);

const MADE: Shape = Shape {
    name: "PageToken",
    says: "A page token. It is sealed: neither the page nor anybody else can read whom it names.",
    fields: &[
        Field::required(
            "token",
            ValueKind::Text,
            "sent as `Authorization: Bearer`, or as `token` in the body of a beacon",
        ),
        Field::required("expires_at", ValueKind::Time, "from when on it opens nothing"),
        Field::optional("subject_id", ValueKind::Text, "the id that was made for a visitor"),
    ],
    open: false,
};

async fn make_token(call: Call) -> Outcome {
    let key = match &call.caller.by {
        CalledBy::Key(name) => Some(Arc::clone(name)),
        CalledBy::Anybody => None,
        // what no key vouches for could not be taken back with one
        CalledBy::Local | CalledBy::Elsewhere(_) | CalledBy::Token(_) => return Err(HttpProblem::Forbidden),
    };
    let rules = call.shared.rules.load_full();
    let mut body = call.content.into_object();
    let scopes = read_scopes(&mut body)?;
    if !scopes.iter().all(|scope| scope.is_given_by(&call.caller.roles)) {
        return Err(HttpProblem::Forbidden);
    }
    let token = read_token(body, key, scopes, call.shared.engine.now())?;
    let text = rules.access.seal_token(&token).ok_or(Problem::NotReady)?;
    let mut made = json!({"token": text, "expires_at": token.expires.to_string()});
    if let (true, Some(person), Some(made)) = (token.is_visitor, &token.person, made.as_object_mut()) {
        made.insert("subject_id".to_owned(), person.as_str().into());
    }
    Reply::json(StatusCode::CREATED, &made)
}

fn read_scopes(body: &mut Object) -> Result<Vec<Scope>, HttpProblem> {
    let words = body.take_list("scopes").unwrap_or_default();
    let scopes: Vec<Scope> = words.iter().filter_map(|word| Scope::from_word(word.as_str()?)).collect();
    if scopes.is_empty() { Err(HttpProblem::missing(&WANTED, "scopes")) } else { Ok(scopes) }
}

fn read_token(
    mut body: Object,
    key: Option<Arc<str>>,
    scopes: Vec<Scope>,
    issued: jardin_model::Timestamp,
) -> Result<PageToken, HttpProblem> {
    let named = body.take_text("subject_id");
    let is_visitor = body.take_flag("visitor").unwrap_or(false);
    let person = match (named, is_visitor) {
        (Some(_), true) => return Err(HttpProblem::TwoPeople),
        (None, true) => Some(format!("visitor-{}", random_text()?)),
        (named, false) => named,
    };
    let minutes = body.take_count("lasts_minutes").unwrap_or(MAX_MINUTES);
    let lasts = (i64::from(minutes) * MINUTE_MS).min(MAX_TOKEN_MS);
    let session = body.take_text("session_id").map(|id| SessionId::new(&id)).transpose();
    Ok(PageToken {
        id: random_text()?.into(),
        key,
        person: person.map(|id| SubjectId::new(&id)).transpose().map_err(|_| HttpProblem::BadId)?,
        is_visitor,
        is_verified: body.take_flag("verified").unwrap_or(false) && !is_visitor,
        session: session.map_err(|_| HttpProblem::BadId)?,
        scopes,
        placements: body.take_list("placements").map(read_names),
        filters: body.take_list("filters").map(read_names),
        locale: body.take_text("locale").map(Arc::from),
        issued,
        expires: issued.plus_ms(lasts),
    })
}

fn read_names(list: Vec<Value>) -> Vec<Arc<str>> {
    list.iter().filter_map(Value::as_str).map(Arc::from).collect()
}

/// 128 random bits as text.
fn random_text() -> Result<String, HttpProblem> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes).map_err(|_| Problem::NotReady)?;
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        // writing into a text does not fail
        let _ = write!(text, "{byte:02x}");
    }
    Ok(text)
}

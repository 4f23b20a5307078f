//! The OpenAPI 3.1 document.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::schema::Schemas;
use crate::{
    field::Field,
    problem::PROBLEM,
    problem_kind::ProblemKind,
    route::{Answer, Body, Parameter, Route},
    routes,
};

/// The API as an OpenAPI 3.1 document: indented JSON with a line end.
#[must_use]
pub fn openapi() -> String {
    let mut schemas = Schemas::default();
    let mut paths: BTreeMap<&str, Map<String, Value>> = BTreeMap::new();
    for route in routes::all() {
        let verb = route.verb.word().to_ascii_lowercase();
        paths.entry(route.path.template).or_default().insert(verb, operation(route, &mut schemas));
    }
    let document = json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Jardin",
            "version": "1",
            "description": "A personalisation engine for shops. While no key exists everybody is answered, on loopback only; the names in a security requirement are the roles of which a key needs one, and the scopes of which a page token needs one.",
            "license": {"name": "Apache-2.0 OR MIT", "identifier": "Apache-2.0 OR MIT"},
        },
        "servers": [{"url": "http://127.0.0.1:7700", "description": "the address that is listened on where server.toml says nothing else"}],
        "paths": paths,
        "components": {
            "schemas": schemas.into_value(),
            "securitySchemes": {
                "key": {"type": "http", "scheme": "bearer", "description": "a key of server.toml"},
                "token": {"type": "http", "scheme": "bearer", "description": "a page token of `POST /v1/tokens`, for its own person and visit; where no header can be sent, `token` in a body that is sent as text/plain"},
            },
        },
    });
    format!("{document:#}\n")
}

fn operation(route: &'static Route, schemas: &mut Schemas) -> Value {
    let members = [
        ("operationId", Some(route.name.into())),
        ("summary", Some(route.summary.into())),
        ("deprecated", route.answer.deprecated.map(|_| true.into())),
        ("security", Some(security(route))),
        ("parameters", Some(parameters(route, schemas).into())),
        ("requestBody", request_body(route.body, schemas)),
        ("responses", Some(responses(route, schemas))),
    ];
    object_of(members)
}

/// The members that are there.
fn object_of<const N: usize>(members: [(&str, Option<Value>); N]) -> Value {
    let there = members.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?)));
    Value::Object(there.collect())
}

/// Any one of the roles, or a token of the scope; an empty list where anybody is answered.
fn security(route: &Route) -> Value {
    let keys = route.roles.iter().map(|role| json!({"key": [role.word()]}));
    keys.chain(route.scope.map(|scope| json!({"token": [scope.word()]}))).collect()
}

fn parameters(route: &'static Route, schemas: &mut Schemas) -> Vec<Value> {
    let mut named = |field: &'static Field| {
        json!({
            "name": field.key,
            "in": "path",
            "required": true,
            "schema": schemas.field_schema(field),
            "example": field.example_value(),
        })
    };
    let names: Vec<Value> = route.path.names.iter().map(&mut named).collect();
    let named = route.parameters.iter().map(|parameter| {
        let (place, name, says) = match parameter {
            Parameter::IfMatch => ("header", "If-Match", "the version that it must have, as an earlier `ETag` told it"),
            Parameter::SecGpc => {
                ("header", "Sec-GPC", "Global Privacy Control; anything but `0` counts, and only narrows")
            }
            Parameter::Remember => (
                "query",
                "remember",
                "`objection` where the person wants their no remembered, by a keyed digest of the id, for whatever comes under it later",
            ),
            Parameter::Locale => ("query", "locale", "in which language, such as `fr-FR`; the shop's or the policy's first where it is not there"),
            Parameter::Show => ("query", "show", "the public fields to show, with commas between them"),
            Parameter::Before => ("query", "before", "only acts before this number"),
            Parameter::Limit => ("query", "limit", "how many at most, from 1 to 1000; 100 where it is not said"),
            Parameter::Act => ("query", "act", "only acts of this name, such as `export_subject`"),
            Parameter::Person => ("query", "person", "only acts that concern this person, by their pseudonym"),
            Parameter::ReplaceAll => ("query", "replace", "`all` where more than a third of the catalogue is to go"),
        };
        json!({"name": name, "in": place, "required": false, "description": says, "schema": {"type": "string"}})
    });
    names.into_iter().chain(named).collect()
}

fn request_body(body: Body, schemas: &mut Schemas) -> Option<Value> {
    let content = match body {
        Body::None => return None,
        Body::Json(shape) => {
            json!({"application/json": {"schema": schemas.reference(shape), "example": shape.example_value()}})
        }
        Body::Lines(shape) => {
            // a schema would speak of the whole text, which is no JSON value
            let line = schemas.reference(shape);
            let example = format!("{}\n", shape.example_value());
            json!({"application/x-ndjson": {"schema": {"type": "string", "description": "an object a line", "x-line": line}, "example": example}})
        }
    };
    Some(json!({"required": true, "content": content}))
}

fn responses(route: &'static Route, schemas: &mut Schemas) -> Value {
    let answer = route.answer;
    let mut problems = problems_by_status(route);
    let mut responses: BTreeMap<u16, Value> = BTreeMap::new();
    for status in [Some(answer.status), answer.or].into_iter().flatten() {
        let kinds = problems.remove(&status).unwrap_or_default();
        responses.insert(status, response(Some(answer), &kinds, schemas));
    }
    for (status, kinds) in problems {
        responses.insert(status, response(None, &kinds, schemas));
    }
    json!(responses)
}

/// What one status carries: the answer, a problem document, or either.
fn response(answer: Option<Answer>, kinds: &BTreeSet<ProblemKind>, schemas: &mut Schemas) -> Value {
    let words = answer.map(|_| "done").into_iter().chain(kinds.iter().map(|kind| kind.word()));
    let description: Vec<&str> = words.collect();
    let body = answer.and_then(|answer| answer.body);
    let json = body.map(|shape| json!({"schema": schemas.reference(shape)}));
    let problem = (!kinds.is_empty()).then(|| json!({"schema": schemas.reference(&PROBLEM)}));
    let tag = answer.filter(|answer| answer.tagged).map(|_| {
        let says = "the version of what is shown, for `If-Match`";
        json!({"ETag": {"description": says, "schema": {"type": "string"}}})
    });
    let wait = kinds.iter().any(|kind| kind.may_pass()).then(|| {
        let says = "with a problem: in how many seconds to come back";
        json!({"Retry-After": {"description": says, "schema": {"type": "string"}}})
    });
    let content = object_of([("application/json", json), ("application/problem+json", problem)]);
    let content = Some(content).filter(|content| content.as_object().is_some_and(|map| !map.is_empty()));
    object_of([
        ("description", Some(description.join(", ").into())),
        ("headers", tag.or(wait)),
        ("content", content),
    ])
}

/// What a route may be refused for: its own problems, and those that follow from its roles, path and body.
fn problems_by_status(route: &Route) -> BTreeMap<u16, BTreeSet<ProblemKind>> {
    use ProblemKind::{
        Forbidden, InvalidRequest, Overloaded, RateLimited, TooLarge, Unauthenticated, Unprocessable,
        WrongContentType,
    };
    let mut kinds = vec![RateLimited, Overloaded];
    kinds.extend_from_slice(route.problems);
    if !route.roles.is_empty() {
        kinds.extend([Unauthenticated, Forbidden]);
    }
    if !route.path.names.is_empty() {
        kinds.push(Unprocessable);
    }
    match route.body {
        Body::None => {}
        Body::Json(_) => kinds.extend([InvalidRequest, WrongContentType, TooLarge, Unprocessable]),
        Body::Lines(_) => kinds.extend([InvalidRequest, WrongContentType, TooLarge]),
    }
    let mut by_status: BTreeMap<u16, BTreeSet<ProblemKind>> = BTreeMap::new();
    for kind in kinds {
        by_status.entry(kind.status().as_u16()).or_default().insert(kind);
    }
    by_status
}

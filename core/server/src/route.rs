//! A route as data: from its row come the router, the pages about the API, the OpenAPI document and the label
//! of its metrics.

use std::{future::Future, pin::Pin};

use hyper::Method;
use jardin_access::{Role, Scope};

use crate::{
    body::is_id,
    call::Call,
    field::{Field, Shape, ValueKind},
    problem::HttpProblem,
    problem_kind::ProblemKind,
    reply::Outcome,
};

/// One row of the table of routes.
pub(crate) struct Route {
    pub(crate) verb: Verb,
    pub(crate) path: &'static Path,
    /// Its operation in the OpenAPI document and its label in metrics.
    pub(crate) name: &'static str,
    /// The roles of which a key needs one; empty where anybody is answered.
    pub(crate) roles: &'static [Role],
    /// The scope by which a page token may call it, for its own person and visit; `None` where none may, but where
    /// anybody is answered.
    pub(crate) scope: Option<Scope>,
    /// What it does, in a phrase.
    pub(crate) summary: &'static str,
    /// The headers and parts of the query that change what it does.
    pub(crate) parameters: &'static [Parameter],
    pub(crate) body: Body,
    pub(crate) answer: Answer,
    /// The problems of its own, beside those that follow from its roles, path and body.
    pub(crate) problems: &'static [ProblemKind],
    pub(crate) run: Run,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verb {
    Get,
    Put,
    Post,
    Patch,
    Delete,
}

impl Verb {
    /// The word for it in requests.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Put => "PUT",
            Self::Post => "POST",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }

    /// Whether it answers a method; `HEAD` is `GET` without the answer's body.
    pub(crate) fn answers(self, method: &Method) -> bool {
        method.as_str() == self.word() || (self == Self::Get && method == Method::HEAD)
    }
}

/// A path with the ids and names that stand in it.
pub(crate) struct Path {
    pub(crate) template: &'static str,
    /// One for each `{…}` in its order.
    pub(crate) names: &'static [Field],
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Parameter {
    IfMatch,
    SecGpc,
    /// `?replace=all`
    ReplaceAll,
    /// `?show=title,price`
    Show,
    /// `?before=41`
    Before,
    /// `?limit=100`
    Limit,
    /// `?act=export_subject`
    Act,
    /// `?person=5a1f…`
    Person,
    /// `?remember=objection`
    Remember,
    /// `?locale=fr-FR`
    Locale,
}

/// What a request carries.
#[derive(Clone, Copy)]
pub(crate) enum Body {
    None,
    Json(&'static Shape),
    /// An object a line (NDJSON).
    Lines(&'static Shape),
}

/// What a request is answered where it is not refused.
#[derive(Clone, Copy)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// A second status with the same body.
    pub(crate) or: Option<u16>,
    pub(crate) body: Option<&'static Shape>,
    /// Whether it carries an `ETag`.
    pub(crate) tagged: bool,
    /// Since when the route is deprecated, in seconds since 1970 (RFC 9745); refusals say so too.
    pub(crate) deprecated: Option<i64>,
}

impl Answer {
    pub(crate) const NO_CONTENT: Self =
        Self { status: 204, or: None, body: None, tagged: false, deprecated: None };

    pub(crate) const fn json(status: u16, body: &'static Shape) -> Self {
        Self { status, body: Some(body), ..Self::NO_CONTENT }
    }

    pub(crate) const fn or(self, status: u16) -> Self {
        Self { or: Some(status), ..self }
    }

    pub(crate) const fn tagged(self) -> Self {
        Self { tagged: true, ..self }
    }
}

/// How a call is run once it was admitted and its body read.
#[derive(Clone, Copy)]
pub(crate) enum Run {
    /// Until the client disconnects.
    WhileConnected(fn(Call) -> Running),
    /// To its end: an erasure that is half done would leave what was learned.
    ToItsEnd(fn(Call) -> Running),
}

pub(crate) type Running = Pin<Box<dyn Future<Output = Outcome> + Send>>;

impl Path {
    /// A path without a name in it.
    pub(crate) const fn plain(template: &'static str) -> Self {
        Self { template, names: &[] }
    }

    /// Whether a path, as it stands in the request, is of this template.
    pub(crate) fn matches(&self, path: &str) -> bool {
        let is_same = |(t, s): (&str, &str)| if t.starts_with('{') { !s.is_empty() } else { t == s };
        self.template.split('/').count() == path.split('/').count()
            && self.template.split('/').zip(path.split('/')).all(is_same)
    }

    /// What stands in the path for each placeholder, decoded.
    pub(crate) fn read_names(&self, path: &str) -> Result<Vec<String>, HttpProblem> {
        let places = self.template.split('/').zip(path.split('/')).filter(|(t, _)| t.starts_with('{'));
        let names = places.map(|(_, segment)| decode_segment(segment)).collect::<Option<Vec<_>>>();
        let names = names.ok_or(HttpProblem::BadId)?;
        let is_wrong = |(field, name): (&Field, &String)| matches!(field.kind, ValueKind::Id) && !is_id(name);
        if self.names.iter().zip(&names).any(is_wrong) { Err(HttpProblem::BadId) } else { Ok(names) }
    }
}

/// A segment with its `%XX` decoded; what is no such triplet stays as it is. `None` where it is not UTF-8.
fn decode_segment(segment: &str) -> Option<String> {
    let mut rest = segment.as_bytes();
    let mut decoded = Vec::with_capacity(rest.len());
    while let [first, after @ ..] = rest {
        let byte = match rest {
            [b'%', high, low, ..] => hex_digit(*high).zip(hex_digit(*low)).map(|(high, low)| high << 4 | low),
            _ => None,
        };
        rest = byte.and_then(|_| rest.get(3..)).unwrap_or(after);
        decoded.push(byte.unwrap_or(*first));
    }
    String::from_utf8(decoded).ok()
}

fn hex_digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

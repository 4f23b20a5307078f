//! Tests that need to look inside.

mod contract;
mod erasure;

use std::{collections::BTreeMap, sync::Arc};

use jardin_model::{Event, EventId, EventKind, ItemId, Line, SessionId, SubjectId, Timestamp, Value};
use jardin_policy::{Admitted, AdmittedProfile, Policy, Shelf, Signals};

const POLICY: &str = r#"
language = 1
[policy]
controller = "A shop"
contact = "privacy@shop.example"
languages = ["en"]
revision = "2026-11-20.1"
time_zone = "UTC"
fallback = "window"
[fields.subject]
id = { type = "id", class = "personal", keep = "account" }
postcode = { type = "text", class = "personal", keep = "account" }
purchases = { type = "events", class = "personal", keep = "24 months", of = ["purchase"] }
[fields.session]
viewed = { type = "events", class = "personal", keep = "session", of = ["view_item"] }
[fields.item]
sku = { type = "id", class = "none", always = true }
[purposes.shop-window]
says = { en = "Show what sells well." }
profiling = false
basis = "nothing about a person is read"
[purposes.help]
says = { en = "Help." }
profiling = true
basis = "legitimate interests"
interest = { en = "To help." }
balance = "LIA-1"
[strategies.window]
script = "window.rhai"
purpose = "shop-window"
may_read = { "item.sku" = "exact" }
[strategies.mine]
script = "mine.rhai"
purpose = "help"
may_read = { "subject.purchases" = "exact", "subject.postcode" = "exact", "session.viewed" = "exact" }
"#;

/// A policy that keeps purchases of people and views of visits.
pub(super) struct Door {
    policy: Policy,
    shelf: Shelf,
}

pub(super) fn now() -> Timestamp {
    Timestamp::parse("2026-11-20T10:00:00Z").unwrap()
}

impl Door {
    pub(super) fn new() -> Self {
        let (policy, _) = Policy::load("policy.toml", POLICY).unwrap_or_else(|r| panic!("{}", r.rendered()));
        let shelf = policy.empty_shelf();
        Self { policy, shelf }
    }

    pub(super) fn profile(&self, postcode: &str) -> AdmittedProfile {
        self.policy
            .admit_profile([(Arc::from("postcode"), Value::Text(postcode.into()))].into())
    }

    fn admit(&self, event: Event) -> Admitted {
        let flags = self.policy.flags(None, &Signals::default(), now());
        self.policy.admit(event, &flags, &self.shelf, now()).unwrap()
    }

    /// A purchase of a person, perhaps in a visit.
    pub(super) fn purchase(&self, id: Option<&str>, subject: &str, session: Option<&str>, item: &str, at: Timestamp) -> Admitted {
        self.admit(event(EventKind::Purchase, id, Some(subject), session, item, at))
    }

    /// A view of nobody known.
    pub(super) fn view(&self, session: &str, item: &str, at: Timestamp) -> Admitted {
        self.admit(event(EventKind::ViewItem, None, None, Some(session), item, at))
    }
}

fn event(kind: EventKind, id: Option<&str>, subject: Option<&str>, session: Option<&str>, item: &str, at: Timestamp) -> Event {
    Event {
        id: id.map(|i| EventId::new(i).unwrap()),
        kind,
        occurred_at: at,
        subject: subject.map(|s| SubjectId::new(s).unwrap()),
        session: session.map(|s| SessionId::new(s).unwrap()),
        recommendation: None,
        lines: vec![Line {
            item: ItemId::new(item).unwrap(),
            quantity: 1,
            fields: BTreeMap::new(),
        }],
        fields: BTreeMap::new(),
    }
}

//! A shop's policy, and what it admits: only that can be stored.

use std::{collections::BTreeMap, error::Error, sync::Arc};

use jardin_model::{Event, EventId, EventKind, ItemId, Line, SubjectId, Timestamp, Value};
use jardin_policy::{Admitted, AdmittedProfile, Policy, ScreenedCatalogue, Signals};

/// A policy that keeps purchases of people.
pub struct Shop {
    policy: Policy,
    screened: ScreenedCatalogue,
    now: Timestamp,
}

impl Shop {
    /// At noon of the policy's day.
    pub fn open() -> Result<Self, Box<dyn Error + Send + Sync>> {
        let (policy, _) =
            Policy::load("policy.toml", include_str!("policy.toml")).map_err(|report| report.rendered())?;
        let screened = policy.empty_catalogue();
        let now = Timestamp::parse("2026-11-20T12:00:00Z")?;
        Ok(Self { policy, screened, now })
    }

    /// When everything happens.
    pub const fn now(&self) -> Timestamp {
        self.now
    }

    /// A purchase, `ago` milliseconds back.
    pub fn purchase(
        &self,
        id: &str,
        subject: &str,
        item: &str,
        ago: i64,
    ) -> Result<Admitted, Box<dyn Error + Send + Sync>> {
        let line = Line { item: ItemId::new(item)?, quantity: 1, fields: BTreeMap::new() };
        let event = Event {
            id: Some(EventId::new(id)?),
            kind: EventKind::Purchase,
            occurred_at: self.now.plus_ms(-ago),
            subject: Some(SubjectId::new(subject)?),
            session: None,
            recommendation: None,
            lines: vec![line],
            fields: BTreeMap::new(),
        };
        let flags = self.policy.flags(None, &Signals::default(), self.now);
        Ok(self.policy.admit(event, &flags, &self.screened, self.now)?)
    }

    /// A profile with a postcode.
    pub fn profile(&self, postcode: &str) -> AdmittedProfile {
        self.policy.admit_profile([(Arc::from("postcode"), Value::Text(postcode.into()))].into())
    }
}

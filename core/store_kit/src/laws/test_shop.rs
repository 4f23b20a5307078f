//! A policy with the events and profiles that it admits: only admitted ones can be stored.

use std::{collections::BTreeMap, sync::Arc};

use jardin_model::{
    Event, EventId, EventKind, ItemId, Line, Money, RecommendationId, SessionId, SubjectId, Timestamp, Value,
};
use jardin_policy::{Admitted, AdmittedProfile, Policy, ProfileOwner, ScreenedCatalogue, Signals, Stop};

const POLICY: &str = include_str!("../../testdata/policy.toml");

/// A policy that keeps purchases of people and views of visits.
pub struct TestShop {
    policy: Policy,
    screened: ScreenedCatalogue,
}

/// When everything happens: noon of the day of its policy.
#[must_use]
pub fn noon() -> Timestamp {
    Timestamp::parse("2026-11-20T12:00:00Z").unwrap()
}

impl TestShop {
    /// The shop, which has no products.
    #[must_use]
    pub fn open() -> Self {
        let (policy, _) = Policy::load("policy.toml", POLICY).unwrap_or_else(|r| panic!("{}", r.rendered()));
        let screened = policy.empty_catalogue();
        Self { policy, screened }
    }

    /// A profile with a postcode.
    #[must_use]
    pub fn profile_with(&self, postcode: &str) -> AdmittedProfile {
        self.admit_profile([(Arc::from("postcode"), Value::Text(postcode.into()))].into())
    }

    /// A profile with a wish list and a favourite.
    #[must_use]
    pub fn wishes(&self, wishes: &[&str], favourite: &str) -> AdmittedProfile {
        let item = |id: &str| ItemId::new(id).unwrap();
        let listed = Value::Items(wishes.iter().map(|id| item(id)).collect());
        let favourite = Value::Item(item(favourite));
        self.admit_profile([(Arc::from("wishes"), listed), (Arc::from("favourite"), favourite)].into())
    }

    /// A profile that sets nothing.
    #[must_use]
    pub fn empty_profile(&self) -> AdmittedProfile {
        self.admit_profile(BTreeMap::new())
    }

    fn admit_profile(&self, fields: BTreeMap<Arc<str>, Value>) -> AdmittedProfile {
        let nobody = ProfileOwner { record: None, stop: &Stop::default(), now: noon() };
        self.policy.admit_profile(fields, nobody, &self.screened).unwrap()
    }

    fn admit_event(&self, event: Event) -> Admitted {
        let flags = self.policy.flags(None, &Signals::default(), noon());
        self.policy.admit(event, &flags, &flags, &self.screened, noon(), &Stop::default()).unwrap()
    }

    /// A purchase of a person, perhaps in a visit.
    #[must_use]
    pub fn purchase(
        &self,
        id: Option<&str>,
        subject: &str,
        session: Option<&str>,
        item: &str,
        at: Timestamp,
    ) -> Admitted {
        self.admit_event(event_of(EventKind::Purchase, id, Some(subject), session, item, at))
    }

    /// A purchase that says more than integers: the answer that led to it, a price of the whole and one of
    /// its line.
    #[must_use]
    pub fn detailed_purchase(&self, subject: &str, session: &str, at: Timestamp) -> Admitted {
        let mut event = event_of(EventKind::Purchase, None, Some(subject), Some(session), "a", at);
        event.recommendation = RecommendationId::new("zq7~answer").ok();
        event.fields = [(Arc::from("price"), Value::Money(price()))].into();
        event.lines[0].fields = event.fields.clone();
        self.admit_event(event)
    }

    /// A view of nobody known.
    #[must_use]
    pub fn view(&self, session: &str, item: &str, at: Timestamp) -> Admitted {
        self.admit_event(event_of(EventKind::ViewItem, None, None, Some(session), item, at))
    }
}

/// The price of [`TestShop::detailed_purchase`].
#[must_use]
pub fn price() -> Money {
    "129.90".parse().unwrap()
}

fn event_of(
    kind: EventKind,
    id: Option<&str>,
    subject: Option<&str>,
    session: Option<&str>,
    item: &str,
    at: Timestamp,
) -> Event {
    Event {
        id: id.map(|i| EventId::new(i).unwrap()),
        kind,
        occurred_at: at,
        subject: subject.map(|s| SubjectId::new(s).unwrap()),
        session: session.map(|s| SessionId::new(s).unwrap()),
        recommendation: None,
        lines: vec![Line { item: ItemId::new(item).unwrap(), quantity: 1, fields: BTreeMap::new() }],
        fields: BTreeMap::new(),
    }
}

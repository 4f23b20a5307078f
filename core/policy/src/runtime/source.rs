//! From stored values to granted ones: what counts of them, in the form that is granted.

use std::{cell::OnceCell, sync::Arc};

use jardin_model::{HistoryEvent, ItemId, ItemIndex, Namespace, Timestamp, Value};

use super::{
    Grant, KeptUnder, Profile, ScreenedCatalogue, ViewValue,
    history::history,
    past_permission::PastPermission,
    retention::{account_has_ended, is_kept, session_has_ended},
};
use crate::{
    rules::{Age, FieldGrant, FieldId, FieldRule, PolicyRules},
    transforms::{Held, HeldEvents, Surroundings},
};

/// Where the values of one view come from.
pub(super) struct Source<'a> {
    grant: &'a Grant,
    rules: &'a PolicyRules,
    profile: &'a Profile,
    screened: &'a ScreenedCatalogue,
    now: Timestamp,
    /// What is stored of the person counts: she is the one decided upon and her account has not ended.
    subject_counts: bool,
    session_counts: bool,
    around: Surroundings<'a>,
}

impl<'a> Source<'a> {
    pub(super) fn new(
        grant: &'a Grant,
        profile: &'a Profile,
        screened: &'a ScreenedCatalogue,
        now: Timestamp,
    ) -> Self {
        let rules = &*grant.rules;
        let subject_counts = profile
            .subject
            .as_ref()
            .is_some_and(|r| Some(r.person) == grant.person && !account_has_ended(r, rules, now));
        let session_counts = profile.session.as_ref().is_some_and(|s| !session_has_ended(s, rules, now));
        let around = Surroundings {
            now,
            zone: &rules.zone,
            strategy: grant.rule.name.as_str(),
            secret: grant.secret.as_ref(),
            screened,
            today: OnceCell::new(),
        };
        Self { grant, rules, profile, screened, now, subject_counts, session_counts, around }
    }

    pub(super) fn value(&self, granted: &FieldGrant) -> Option<ViewValue> {
        let field = self.rules.field(granted.field)?;
        let Some(derived) = &field.derived else {
            let held = self.held(granted.field, field, granted.newest);
            return granted.transform.apply_to(held, &self.around);
        };
        let from = self.rules.field(derived.from)?;
        let window = shorter(derived.newest, granted.newest, self.now, self.rules);
        let value = derived.transform.apply_to(self.held(derived.from, from, window), &self.around);
        granted.transform.apply_to(value.map(Held::Value), &self.around)
    }

    fn held(&self, id: FieldId, field: &'a FieldRule, window: Option<Age>) -> Option<Held<'a>> {
        match field.path.namespace {
            Namespace::Subject => self.of_subject(field, window),
            Namespace::Session if !field.of.is_empty() => {
                let session = self.profile.session.as_ref().filter(|_| self.session_counts)?;
                self.permitted_events(field, window, &session.events, KeptUnder::Session)
            }
            Namespace::Session | Namespace::Context if field.from_clock => self.of_clock(field),
            Namespace::Session | Namespace::Context => {
                self.sent(field, self.profile.sent(id)?).map(Held::Value)
            }
            Namespace::Item | Namespace::Event => None,
        }
    }

    fn of_subject(&self, field: &'a FieldRule, window: Option<Age>) -> Option<Held<'a>> {
        let record = self.profile.subject.as_ref().filter(|_| self.subject_counts)?;
        if !field.of.is_empty() {
            return self.permitted_events(field, window, &record.events, KeptUnder::Subject);
        }
        if &*field.path.name == "id" {
            return self.profile.subject_id.as_ref().map(|id| Held::Value(ViewValue::Text(id.shared())));
        }
        let stored = record.fields.get(&field.path.name)?;
        let counts = is_kept(field, stored.stored_at, self.now, self.rules)
            && window.is_none_or(|age| age.is_within(stored.stored_at, self.now, &self.rules.zone));
        if counts { self.sent(field, &stored.value).map(Held::Value) } else { None }
    }

    /// The events of a history of whose time the strategy's own purpose could run. Those of a visit are judged by who
    /// makes it, where they are known.
    fn permitted_events(
        &self,
        field: &FieldRule,
        window: Option<Age>,
        events: &'a [HistoryEvent],
        keeper: KeptUnder,
    ) -> Option<Held<'a>> {
        let purpose = self.rules.purpose(self.grant.rule.purpose)?;
        let person = self.profile.subject.as_deref().filter(|r| Some(r.person) == self.grant.person);
        let permission = PastPermission::new(self.rules, purpose, person, events, self.now);
        let events: Vec<&HistoryEvent> =
            history(field, window, events, keeper, self.screened, self.now, &permission).collect();
        (!events.is_empty()).then_some(Held::Events(HeldEvents { events, keeper }))
    }

    fn of_clock(&self, field: &FieldRule) -> Option<Held<'a>> {
        let zone = &self.rules.zone;
        let value = match &*field.path.name {
            "hour" => ViewValue::Number(zone.hour(self.now)?.into()),
            "weekday" => ViewValue::Number(zone.day(self.now)?.weekday().to_monday_one_offset().into()),
            _ => ViewValue::Date(zone.day(self.now)?),
        };
        Some(Held::Value(value))
    }

    /// A raw value as it is seen; what the field cannot hold (any longer) is absent.
    fn sent(&self, field: &FieldRule, value: &Value) -> Option<ViewValue> {
        if !field.accepts(value) {
            return None;
        }
        Some(match value {
            Value::Text(text) => ViewValue::Text(Arc::clone(text)),
            Value::Texts(texts) => ViewValue::Texts(Arc::clone(texts)),
            Value::Number(n) => ViewValue::Number(*n),
            Value::Money(money) => ViewValue::Number(money.major_units()),
            Value::Flag(flag) => ViewValue::Flag(*flag),
            Value::Date(date) => ViewValue::Date(*date),
            Value::Time(time) => ViewValue::Time(*time),
            Value::TakenAway => return None,
            Value::Item(id) => ViewValue::Item(self.item(field, id)?),
            Value::Items(ids) => {
                let known: Vec<ItemIndex> = ids.iter().filter_map(|id| self.item(field, id)).collect();
                // a list of which nothing may be told must not tell that there was something
                if known.is_empty() {
                    return None;
                }
                ViewValue::Items(known.into())
            }
        })
    }

    /// A live product; one of `[never]` is absent wherever it would stand beside a person, and one of `[discreet]` where
    /// a person's own field says it.
    fn item(&self, field: &FieldRule, id: &ItemId) -> Option<ItemIndex> {
        let index = self.screened.catalogue().find_row(id)?.index();
        let beside = match field.path.namespace {
            Namespace::Subject => Some(KeptUnder::Subject),
            Namespace::Session => Some(KeptUnder::Session),
            _ => self.rules.reads_a_person(&self.grant.rule).then_some(KeptUnder::Session),
        };
        beside.is_none_or(|keeper| self.screened.may_be_tied_to(keeper, index)).then_some(index)
    }
}

fn shorter(a: Option<Age>, b: Option<Age>, now: Timestamp, rules: &PolicyRules) -> Option<Age> {
    match (a, b) {
        (Some(a), Some(b)) if a.before(now, &rules.zone) >= b.before(now, &rules.zone) => Some(a),
        (Some(_), Some(b)) => Some(b),
        (a, b) => a.or(b),
    }
}

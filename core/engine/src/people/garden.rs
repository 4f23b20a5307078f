//! What people decide by themselves: switches, the pause of a visit, forgetting. Each is obeyed by the next answer.

use std::{collections::BTreeMap, sync::Arc};

use jardin_contract::Whose;
use jardin_model::{
    Choice, ChoiceStatus, EventKind, HOUR_MS, OwnSwitch, SessionId, SubjectId, Timestamp, dismissed_items,
};

use super::{
    consents::find_consent,
    export::{export_events, export_fields, export_visit},
    profiles::People,
};
use crate::{
    api::{
        ConsentGiven, ConsentShown, ForgetSince, GardenChange, GardenOwner, GardenShown, LOOKED_AT, Problem,
    },
    world::World,
};

/// The most things that one visit remembers; somebody who decides more than that is no shopper.
pub(crate) const MAX_VISIT_CHOICES: usize = 1_000;

impl People {
    /// What somebody may see and switch. Of somebody of whom nothing is stored nothing is switched off.
    pub(crate) async fn garden(&self, of: &GardenOwner) -> Result<GardenShown, Problem> {
        let (world, now) = (self.in_force.world(), self.clock.now());
        let export = match &of.subject {
            Some(id) => self.state.export_subject(id).await?,
            None => None,
        };
        let visit = match &of.session {
            Some(id) => self.state.read_session(id).await?,
            None => None,
        };
        let decided = visit.as_deref().and_then(|visit| world.policy.visit_choices(visit, now));
        let record = export.as_ref().map(|export| Arc::clone(&export.record));
        let record = record.as_deref();
        let is_on = |switch: OwnSwitch| !record.is_some_and(|r| switch.is_off(&r.choices, LATEST));
        let mut events = visit.as_deref().map(|visit| export_visit(&world, visit)).unwrap_or_default();
        let mut consents = visit_consents(&world, decided);
        let fields = record.map(|record| export_fields(&world, record)).unwrap_or_default();
        if let Some(record) = record {
            consents = self.last_consents(record, &world);
        }
        let (objected, restricted) = record.map_or((None, None), |r| (r.objected, r.restricted));
        events.extend(export.map(|export| export_events(&world, export)).unwrap_or_default());
        events.sort_by_key(|event| event.occurred_at);
        Ok(GardenShown {
            personal_lists: is_on(OwnSwitch::PersonalLists),
            learning: is_on(OwnSwitch::Learning),
            paused: decided.is_some_and(|choices| OwnSwitch::Visit.is_off(choices, LATEST)),
            objected: objected.or_else(|| decided.and_then(objection_of_visit)),
            restricted,
            consents,
            fields,
            events,
            dismissed: decided.map(|choices| dismissed_items(choices).collect()).unwrap_or_default(),
        })
    }

    /// Does what somebody decided, and says how many events were forgotten.
    pub(crate) async fn change_garden(
        &self,
        of: &GardenOwner,
        change: &GardenChange,
    ) -> Result<usize, Problem> {
        let of_person =
            [(OwnSwitch::PersonalLists, change.personal_lists), (OwnSwitch::Learning, change.learning)];
        let set: Vec<(OwnSwitch, bool)> =
            of_person.into_iter().filter_map(|(s, on)| Some((s, on?))).collect();
        match (&of.subject, &of.session) {
            (None, _) if !set.is_empty() => {
                return Err(Problem::unprocessable(
                    "`personal_lists` and `learning` are of a person; a visit of nobody known can be paused",
                ));
            }
            (_, None) if change.paused.is_some() => {
                return Err(Problem::unprocessable("`paused` is of a visit; send its `session_id`"));
            }
            _ => {}
        }
        for (switch, is_on) in set {
            if let Some(id) = &of.subject {
                self.set_switch(id, switch, is_on, &change.source).await?;
            }
        }
        if let (Some(paused), Some(visit)) = (change.paused, &of.session) {
            self.decide_for_visit(visit, OwnSwitch::Visit.name(), status_of(!paused), &change.source).await?;
        }
        match change.forget {
            Some(span) => self.forget_looked_at(of, span).await,
            None => Ok(0),
        }
    }

    async fn set_switch(
        &self,
        id: &SubjectId,
        switch: OwnSwitch,
        is_on: bool,
        source: &Arc<str>,
    ) -> Result<(), Problem> {
        let _lock = self.locks.lock_subject(id).await;
        let stored = self.state.read_subject(id).await?;
        let choices = stored.as_deref().map(|record| &record.choices);
        let last = choices.and_then(|choices| choices.get(switch.name())?.last());
        // said again it is not written again
        if last.is_some_and(|last| last.status == status_of(is_on)) {
            return Ok(());
        }
        let at = self.time_after(choices, switch.name());
        let choice = make_choice(status_of(is_on), at, source);
        let record = self.trouble.watch(self.state.put_choice(id, switch.name(), choice).await)?;
        self.relearn_person(&record).await;
        Ok(())
    }

    /// Records what was decided for one visit alone.
    pub(crate) async fn decide_for_visit(
        &self,
        id: &SessionId,
        name: &str,
        status: ChoiceStatus,
        source: &Arc<str>,
    ) -> Result<(), Problem> {
        self.put_visit_choice(id, name, status, "", source).await.map(drop)
    }

    async fn put_visit_choice(
        &self,
        id: &SessionId,
        name: &str,
        status: ChoiceStatus,
        text_version: &str,
        source: &Arc<str>,
    ) -> Result<Choice, Problem> {
        let mut stored = self.state.read_session(id).await?;
        let policy = &self.in_force.world().policy;
        if stored.as_deref().is_some_and(|visit| policy.has_outlived_choices(visit, self.clock.now())) {
            self.state.end_visit(id).await?;
            stored = None;
        }
        let choices = stored.as_deref().map(|visit| &visit.choices);
        if choices.is_some_and(|c| c.len() >= MAX_VISIT_CHOICES && !c.contains_key(name)) {
            return Err(Problem::unprocessable(
                "a visit remembers at most 1,000 things that were decided in it",
            ));
        }
        let at = self.time_after(choices, name);
        let choice = Choice { text_version: text_version.into(), ..make_choice(status, at, source) };
        self.trouble.watch(self.state.put_visit_choice(id, name, choice.clone()).await)?;
        Ok(choice)
    }

    /// Records an answer to a question for one visit alone.
    pub(crate) async fn put_visit_consent(
        &self,
        id: &SessionId,
        name: &str,
        given: ConsentGiven,
    ) -> Result<ConsentShown, Problem> {
        let world = self.in_force.world();
        let rule = find_consent(&world.policy, name)?;
        let version = Arc::clone(&given.text_version);
        let choice = self.put_visit_choice(id, &rule.name, given.status, &version, &given.source).await?;
        let counts = choice.status == ChoiceStatus::Granted && rule.texts.contains(&choice.text_version);
        Ok(shown_of_visit(&rule.name, &choice, counts))
    }

    /// Sets or lifts an objection for one visit alone; with it goes what the visit did.
    pub(crate) async fn put_visit_objection(
        &self,
        id: &SessionId,
        active: bool,
        source: &Arc<str>,
    ) -> Result<(), Problem> {
        self.decide_for_visit(id, OwnSwitch::NoObjection.name(), status_of(!active), source).await?;
        if active {
            let gone = self.state.forget_history(Whose::Visit(id), EventKind::ALL, EARLIEST).await;
            self.learning.events_gone(&self.trouble.watch(gone)?);
            self.learning.settle().await;
        }
        Ok(())
    }

    /// Forgets what somebody looked at, in the store and in what was learned; says how many events went.
    async fn forget_looked_at(&self, of: &GardenOwner, span: ForgetSince) -> Result<usize, Problem> {
        let since = self.begin_of(span);
        let mut gone = Vec::new();
        if let Some(id) = &of.subject {
            let _lock = self.locks.lock_subject(id).await;
            let forgotten = self.state.forget_history(Whose::Person(id), LOOKED_AT, since).await;
            gone.extend(self.trouble.watch(forgotten)?);
        }
        if let Some(id) = &of.session {
            let forgotten = self.state.forget_history(Whose::Visit(id), LOOKED_AT, since).await;
            gone.extend(self.trouble.watch(forgotten)?);
        }
        self.learning.events_gone(&gone);
        self.learning.settle().await;
        Ok(gone.len())
    }

    fn begin_of(&self, span: ForgetSince) -> Timestamp {
        let (now, world) = (self.clock.now(), self.in_force.world());
        let zone = &world.policy.rules().zone;
        match span {
            ForgetSince::LastHour => now.plus_ms(-HOUR_MS),
            // where the day cannot be told more is forgotten rather than less
            ForgetSince::Today => zone.day(now).and_then(|day| zone.instant(day, 0)).unwrap_or(EARLIEST),
            ForgetSince::Beginning => EARLIEST,
        }
    }

    /// Now, or just after what was said last under a name: who changes their mind within a millisecond means the last.
    fn time_after(&self, choices: Option<&BTreeMap<Arc<str>, Vec<Choice>>>, name: &str) -> Timestamp {
        let last = choices.and_then(|choices| choices.get(name)?.last()).map(|last| last.at.plus_ms(1));
        last.map_or_else(|| self.clock.now(), |after| after.max(self.clock.now()))
    }
}

/// Switches hold whatever the clock says.
const LATEST: Timestamp = Timestamp::from_ms(i64::MAX);
const EARLIEST: Timestamp = Timestamp::from_ms(i64::MIN);

const fn status_of(is_on: bool) -> ChoiceStatus {
    if is_on { ChoiceStatus::Granted } else { ChoiceStatus::Refused }
}

fn make_choice(status: ChoiceStatus, at: Timestamp, source: &Arc<str>) -> Choice {
    Choice { status, text_version: "".into(), at, source: Arc::clone(source) }
}

fn objection_of_visit(choices: &BTreeMap<Arc<str>, Vec<Choice>>) -> Option<Timestamp> {
    let since = choices.get(OwnSwitch::NoObjection.name())?.last()?.at;
    OwnSwitch::NoObjection.is_off(choices, LATEST).then_some(since)
}

/// The last answer to each question that was given for a visit alone.
fn visit_consents(world: &World, decided: Option<&BTreeMap<Arc<str>, Vec<Choice>>>) -> Vec<ConsentShown> {
    let rules = &world.policy.rules().consents;
    let given = rules.iter().filter_map(|rule| Some((rule, decided?.get(&rule.name)?.last()?)));
    let shown = given.map(|(rule, choice)| {
        let counts = choice.status == ChoiceStatus::Granted && rule.texts.contains(&choice.text_version);
        shown_of_visit(&rule.name, choice, counts)
    });
    shown.collect()
}

fn shown_of_visit(name: &Arc<str>, choice: &Choice, counts: bool) -> ConsentShown {
    ConsentShown {
        name: Arc::clone(name),
        status: choice.status,
        text_version: Arc::clone(&choice.text_version),
        source: Arc::clone(&choice.source),
        at: choice.at,
        counts,
        ask_from: None,
    }
}

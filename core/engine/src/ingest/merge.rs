//! Carrying one visit of somebody who was not known into the account that they signed in to.

use jardin_contract::{Appended, Export, Whose};
use jardin_model::{Event, EventId, Line, SessionId, SubjectId};
use jardin_policy::{Admitted, KeptUnder, Signals};

use super::intake::EventIntake;
use crate::{
    api::{MergeReceipt, Problem},
    world::World,
};

/// An event of the visitor, as it may be kept under the account.
struct Carried {
    sequence: u64,
    admitted: Admitted,
}

impl EventIntake {
    /// Carries what a visitor did in one visit into an account: as far as a purpose that it was kept for could run for the
    /// visitor then and may run for the account now. The visitor's answers stay theirs, and the account's rule the account.
    pub(crate) async fn merge_visit(
        &self,
        into: &SubjectId,
        from: &SubjectId,
        visit: &SessionId,
    ) -> Result<MergeReceipt, Problem> {
        if into == from {
            return Err(Problem::unprocessable("`from` is the account itself"));
        }
        // an erasure, an objection or a withdrawal of either comes before or after, and never between
        let _locks = self.locks.lock_two(into, from).await;
        let export = self.state.export_subject(from).await?.ok_or(Problem::not_found("subject"))?;
        let of_visit = export.sessions.iter().filter(|session| session.as_ref() == Some(visit)).count();
        // what is restricted is stored and nothing else (GDPR Art. 18(2))
        let carried = match export.record.restricted {
            None => self.admit_carried(into, from, visit, &export).await?,
            Some(_) => Vec::new(),
        };
        let receipt = MergeReceipt { carried: carried.len(), left: of_visit - carried.len() };
        let (sequences, events): (Vec<u64>, Vec<Admitted>) =
            carried.into_iter().map(|one| (one.sequence, one.admitted)).unzip();
        if events.is_empty() {
            return Ok(receipt);
        }
        let mut stored = Vec::with_capacity(events.len());
        for verdict in self.trouble.watch(self.events.append_events(events, self.clock.now()).await)? {
            if let Appended::Stored(event) = verdict {
                stored.push(event);
            }
        }
        self.trouble.watch(self.state.remove_events(Whose::Person(from), &sequences).await)?;
        self.learning.events_gone(&sequences);
        self.learning.events_added(stored);
        self.learning.settle().await;
        Ok(receipt)
    }

    async fn admit_carried(
        &self,
        into: &SubjectId,
        from: &SubjectId,
        visit: &SessionId,
        export: &Export,
    ) -> Result<Vec<Carried>, Problem> {
        let (world, now, stopped) = (self.in_force.world(), self.clock.now(), self.stop.stopped());
        let account = self.state.read_subject(into).await?;
        let signals =
            Signals { clock_stepped_back: self.clock_watch.has_stepped_back(), ..Signals::default() };
        let policy = &world.policy;
        let seen = self.state.read_session(visit).await?;
        let signals = policy.signals_in_visit(&signals, seen.as_deref(), true, now);
        // what the visitor refused since, for themself or for this visit, rules what they did before
        let theirs = policy.flags(Some(&export.record), &signals, now);
        let flags = policy.flags(account.as_deref(), &signals, now);
        if theirs.has_switched_learning_off() && !flags.has_switched_learning_off() {
            return Ok(Vec::new());
        }
        let flags = flags.narrowed_by(&theirs);
        let mut carried = Vec::new();
        for (sequence, event) in visit_events(&world, into, from, visit, export) {
            let then = policy.flags_as_of(&export.record, event.occurred_at);
            let admitted = policy.admit(event, &flags, &then, &world.screened, now, &stopped.stop);
            carried.extend(
                admitted
                    .ok()
                    .filter(|admitted| admitted.kept_under() == KeptUnder::Subject)
                    .map(|admitted| Carried { sequence, admitted }),
            );
        }
        Ok(carried)
    }
}

/// The visitor's events of a visit as the account's, each with its number. Carried twice they are recognised.
fn visit_events(
    world: &World,
    into: &SubjectId,
    from: &SubjectId,
    visit: &SessionId,
    export: &Export,
) -> Vec<(u64, Event)> {
    let ids = world.screened.catalogue().ids();
    let stored = export.record.events.iter().zip(&export.sessions).zip(&export.details);
    let of_visit = stored.filter(|((_, session), _)| session.as_ref() == Some(visit));
    let events = of_visit.map(|((event, _), details)| {
        let said = |at: usize| details.lines.get(at).cloned().unwrap_or_default();
        let lines = event.lines.iter().enumerate().filter_map(|(at, line)| {
            Some(Line { item: ids.id(line.item)?.clone(), quantity: line.quantity, fields: said(at) })
        });
        let carried = Event {
            id: EventId::new(&format!("merged {} {}", event.sequence, short_name(from))).ok(),
            kind: event.kind,
            occurred_at: event.at,
            subject: Some(into.clone()),
            session: Some(visit.clone()),
            recommendation: details.recommendation.clone(),
            lines: lines.collect(),
            fields: details.fields.clone(),
        };
        (event.sequence, carried)
    });
    events.collect()
}

/// An id may be as long as an id may be, and the event's holds more than it.
fn short_name(from: &SubjectId) -> String {
    from.as_str().chars().take(40).collect()
}

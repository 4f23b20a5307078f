//! At the door: what of an event is kept.

use std::{collections::BTreeMap, sync::Arc};

use jardin_model::{Event, EventKind, FieldPath, Namespace, Timestamp, Value};

use super::{
    Flags, ScreenedCatalogue, decide::purpose_refuses, history::AHEAD_MS, never_lines::Cut,
    rejection::Rejection,
};
use crate::{
    Policy,
    rules::{FieldId, FieldRule, Keep, PolicyRules, Stop, StrategyName},
};

/// Under whom an event is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeptUnder {
    /// The person.
    Subject,
    /// The visit.
    Session,
}

/// What was dropped at the door, by name, and by which rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redacted {
    /// The dropped fields, as they were called.
    pub fields: Vec<Arc<str>>,
    /// The rule: `undeclared`, `wrong-type`, `never`.
    pub rule: &'static str,
}

/// An event that may be stored. Made only by [`Policy::admit`]; a store appends nothing else.
#[derive(Debug, Clone, PartialEq)]
pub struct Admitted {
    event: Event,
    keeper: KeptUnder,
    redacted: Vec<Redacted>,
    cut_lines: usize,
}

impl Admitted {
    /// The event, without what was dropped.
    #[must_use]
    pub const fn event(&self) -> &Event {
        &self.event
    }

    /// Under whom it is kept.
    #[must_use]
    pub const fn kept_under(&self) -> KeptUnder {
        self.keeper
    }

    /// What was dropped.
    #[must_use]
    pub fn redacted(&self) -> &[Redacted] {
        &self.redacted
    }

    /// How many lines were cut out because their products are never tied to a person.
    #[must_use]
    pub const fn cut_lines(&self) -> usize {
        self.cut_lines
    }
}

impl Policy {
    /// Decides what of an event is kept, and under whom. `flags` are the person's of the event now, or nobody's; `then`
    /// are those of its own time. What was not permitted when it happened is not stored because it arrives later. `stop`
    /// is what is stopped beside the file's own `[stop]`: nothing is recorded for what is switched off.
    ///
    /// # Errors
    /// [`Rejection`]: nothing of it is kept.
    pub fn admit(
        &self,
        mut event: Event,
        flags: &Flags,
        then: &Flags,
        screened: &ScreenedCatalogue,
        now: Timestamp,
        stop: &Stop,
    ) -> Result<Admitted, Rejection> {
        if event.occurred_at > now.plus_ms(AHEAD_MS) {
            return Err(Rejection::Ahead);
        }
        let cut = self.cut_never_lines(&mut event, screened)?;
        if flags.restricted {
            return Err(Rejection::Restricted);
        }
        let stop = self.rules().stop.union(stop);
        let keeper = self.choose_keeper(&event, [flags, then], now, &stop)?;
        let redacted = self.strip(&mut event, &cut);
        Ok(Admitted { event, keeper, redacted, cut_lines: cut.lines })
    }

    fn choose_keeper(
        &self,
        event: &Event,
        flags: [&Flags; 2],
        now: Timestamp,
        stop: &Stop,
    ) -> Result<KeptUnder, Rejection> {
        let running = Stop::default();
        match self.find_keeper(event, flags, now, stop) {
            Err(_) if *stop != running && self.find_keeper(event, flags, now, &running).is_ok() => {
                Err(Rejection::Stopped)
            }
            found => found,
        }
    }

    fn find_keeper(
        &self,
        event: &Event,
        flags: [&Flags; 2],
        now: Timestamp,
        stop: &Stop,
    ) -> Result<KeptUnder, Rejection> {
        let keeping = |namespace| self.keeping(namespace, event.kind, flags, stop);
        let of_subject = event.subject.is_some().then(|| keeping(Namespace::Subject));
        let of_session = event.session.is_some().then(|| keeping(Namespace::Session));
        let mut refusal = Rejection::NoPurpose;
        for (keeper, fields) in [(KeptUnder::Subject, of_subject), (KeptUnder::Session, of_session)] {
            for field in fields.into_iter().flatten() {
                if within_keep(field, event.occurred_at, now, self.rules()) {
                    return Ok(keeper);
                }
                refusal = Rejection::TooOld;
            }
        }
        Err(refusal)
    }

    /// The declared histories of a namespace that list events of that kind and for which a purpose that uses
    /// them may run now and could when the event happened.
    fn keeping(
        &self,
        namespace: Namespace,
        kind: EventKind,
        flags: [&Flags; 2],
        stop: &Stop,
    ) -> Vec<&FieldRule> {
        let rules = self.rules();
        let fields = rules
            .fields
            .iter()
            .enumerate()
            .filter(|(_, f)| f.path.namespace == namespace && f.of.contains(&kind));
        fields.filter(|(id, _)| self.is_used(FieldId(*id), flags, stop)).map(|(_, field)| field).collect()
    }

    fn is_used(&self, field: FieldId, flags: [&Flags; 2], stop: &Stop) -> bool {
        let rules = self.rules();
        // the fallback cannot be stopped
        let is_stopped = |name: &StrategyName| *name != rules.fallback && stop.strategies.contains(name);
        let uses = self.uses.get(field.0).map_or(&[][..], Vec::as_slice);
        let mut running = uses.iter().filter(|used| !used.strategy.as_ref().is_some_and(is_stopped));
        !stop.everything
            && running.any(|used| {
                let purpose = rules.purpose(used.purpose);
                purpose.is_some_and(|p| flags.iter().all(|flags| purpose_refuses(p, flags).is_none()))
            })
    }

    fn strip(&self, event: &mut Event, cut: &Cut) -> Vec<Redacted> {
        let mut dropped = Dropped::default();
        if cut.lines > 0 {
            dropped.note("never", &Arc::from("items"));
        }
        if cut.value {
            dropped.note("never", &Arc::from("value"));
        }
        dropped.strip(&mut event.fields, self.rules());
        for line in &mut event.lines {
            dropped.strip(&mut line.fields, self.rules());
        }
        dropped.redacted()
    }
}

fn within_keep(field: &FieldRule, at: Timestamp, now: Timestamp, rules: &PolicyRules) -> bool {
    let oldest = match field.keep {
        Keep::NotKept => return false,
        Keep::Session => rules.session_ends_after,
        Keep::Account => rules.account_ends_after,
        Keep::For(age) => age,
    };
    at > oldest.before(now, &rules.zone)
}

#[derive(Default)]
pub(super) struct Dropped(BTreeMap<&'static str, Vec<Arc<str>>>);

impl Dropped {
    pub(super) fn note(&mut self, rule: &'static str, name: &Arc<str>) {
        let names = self.0.entry(rule).or_default();
        if !names.contains(name) {
            names.push(Arc::clone(name));
        }
    }

    fn strip(&mut self, fields: &mut BTreeMap<Arc<str>, Value>, rules: &PolicyRules) {
        fields.retain(|name, value| {
            let rule = match rules.declared(Namespace::Event, name) {
                _ if rules.never.fields.contains(&FieldPath::new(Namespace::Event, name)) => Some("never"),
                None => Some("undeclared"),
                Some(field) => (!field.accepts(value)).then_some("wrong-type"),
            };
            if let Some(rule) = rule {
                self.note(rule, name);
            }
            rule.is_none()
        });
    }

    pub(super) fn redacted(self) -> Vec<Redacted> {
        self.0.into_iter().map(|(rule, fields)| Redacted { fields, rule }).collect()
    }
}

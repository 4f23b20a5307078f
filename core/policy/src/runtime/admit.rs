//! At the door: what of an event is kept.

use std::{collections::BTreeMap, sync::Arc};

use jardin_model::{Event, EventKind, FieldPath, Namespace, Timestamp, Value};

use super::{
    Flags, ScreenedCatalogue, decide::purpose_refuses, history::AHEAD_MS, rejection::Rejection,
    screened_catalogue::Tie,
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
    /// The rule: `undeclared`, `wrong-type`, `never`, `discreet`.
    pub rule: &'static str,
}

/// An event that may be stored. Made only by [`Policy::admit`]; a store appends nothing else.
#[derive(Debug, Clone, PartialEq)]
pub struct Admitted {
    event: Event,
    keeper: KeptUnder,
    redacted: Vec<Redacted>,
    never_lines: usize,
    discreet_lines: usize,
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
    pub const fn never_lines(&self) -> usize {
        self.never_lines
    }

    /// How many lines were cut out because they count within a visit alone, and the event is kept under a person.
    #[must_use]
    pub const fn discreet_lines(&self) -> usize {
        self.discreet_lines
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
        if self.tie_of_event(&event, screened) == Tie::Nobody {
            return Err(Rejection::Never);
        }
        let never = self.cut_lines(&mut event, KeptUnder::Session, screened);
        if flags.restricted {
            return Err(Rejection::Restricted);
        }
        if flags.paused {
            return Err(Rejection::Paused);
        }
        let is_discreet = self.tie_of_event(&event, screened) == Tie::Visit;
        let asked =
            KeepingQuestion { flags: [flags, then], now, stop: &self.rules().stop.union(stop), is_discreet };
        let keeper = self.choose_keeper(&event, &asked)?;
        let discreet = self.cut_lines(&mut event, keeper, screened);
        let mut dropped = Dropped::default();
        never.note("never", &mut dropped);
        discreet.note("discreet", &mut dropped);
        self.strip(&mut event, &mut dropped);
        let (never_lines, discreet_lines) = (never.lines, discreet.lines);
        Ok(Admitted { event, keeper, redacted: dropped.redacted(), never_lines, discreet_lines })
    }

    /// Under whom it is kept. What is refused because of a switch, or because it counts within a visit alone, is
    /// refused by that word.
    fn choose_keeper(&self, event: &Event, asked: &KeepingQuestion<'_>) -> Result<KeptUnder, Rejection> {
        self.find_keeper(event, asked).map_err(|refusal| {
            let running = KeepingQuestion { stop: &Stop::default(), ..*asked };
            let openly = KeepingQuestion { is_discreet: false, ..*asked };
            if *asked.stop != *running.stop && self.find_keeper(event, &running).is_ok() {
                Rejection::Stopped
            } else if asked.is_discreet && self.find_keeper(event, &openly).is_ok() {
                Rejection::Discreet
            } else {
                refusal
            }
        })
    }

    fn find_keeper(&self, event: &Event, asked: &KeepingQuestion<'_>) -> Result<KeptUnder, Rejection> {
        let keeping = |namespace| self.keeping(namespace, event.kind, asked);
        let is_of_person = event.subject.is_some() && !asked.is_discreet;
        let of_subject = is_of_person.then(|| keeping(Namespace::Subject));
        let of_session = event.session.is_some().then(|| keeping(Namespace::Session));
        let mut refusal = Rejection::NoPurpose;
        for (keeper, fields) in [(KeptUnder::Subject, of_subject), (KeptUnder::Session, of_session)] {
            for field in fields.into_iter().flatten() {
                if within_keep(field, event.occurred_at, asked.now, self.rules()) {
                    return Ok(keeper);
                }
                refusal = Rejection::TooOld;
            }
        }
        Err(refusal)
    }

    /// The declared histories of a namespace that list events of that kind and for which a purpose that uses
    /// them may run now and could when the event happened.
    fn keeping(&self, namespace: Namespace, kind: EventKind, asked: &KeepingQuestion<'_>) -> Vec<&FieldRule> {
        let rules = self.rules();
        let fields = rules
            .fields
            .iter()
            .enumerate()
            .filter(|(_, f)| f.path.namespace == namespace && f.of.contains(&kind));
        fields.filter(|(id, _)| self.is_used(FieldId(*id), asked)).map(|(_, field)| field).collect()
    }

    fn is_used(&self, field: FieldId, asked: &KeepingQuestion<'_>) -> bool {
        self.may_be_used(field, &asked.flags, asked.stop)
    }

    /// True where a purpose that reads a field, counts it or learns from it may run under each of these flags.
    pub(super) fn may_be_used(&self, field: FieldId, flags: &[&Flags], stop: &Stop) -> bool {
        let rules = self.rules();
        // the fallback cannot be stopped
        let is_stopped = |name: &StrategyName| *name != rules.fallback && stop.strategies.contains(name);
        let mut running =
            self.uses_of(field).iter().filter(|used| !used.strategy.as_ref().is_some_and(is_stopped));
        !stop.everything
            && running.any(|used| {
                let purpose = rules.purpose(used.purpose);
                purpose.is_some_and(|p| flags.iter().all(|flags| purpose_refuses(p, flags).is_none()))
            })
    }

    fn strip(&self, event: &mut Event, dropped: &mut Dropped) {
        dropped.strip(&mut event.fields, self.rules());
        for line in &mut event.lines {
            dropped.strip(&mut line.fields, self.rules());
        }
    }
}

/// What decides under whom an event is kept.
#[derive(Clone, Copy)]
struct KeepingQuestion<'a> {
    /// The person's now, and at the event's time.
    flags: [&'a Flags; 2],
    now: Timestamp,
    stop: &'a Stop,
    /// Nothing of it may be kept under a person.
    is_discreet: bool,
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

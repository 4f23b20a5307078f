//! What two policies both permit: the narrowings of a policy that waits for its approval act in the one that is in force.

use std::{collections::BTreeSet, sync::Arc};

use crate::{
    Policy,
    rules::{
        Age, AgesByCountry, ChildRule, ConsentRule, FieldGrant, FieldId, Isolation, LearningRule,
        ListedItems, ListedValues, PolicyRules, PurposeId, PurposeRule, RestraintRule, SignalRule, Stop,
        StrategyName, StrategyRule,
    },
};

impl Policy {
    /// This policy without what `other` would not permit: of each strategy and field the narrower grant and the
    /// stricter class, what either stops or never does, the stricter rule for children, consents and purposes. A
    /// strategy that the other one does not know, or has for another purpose, is stopped. What is stored, and for how
    /// long, stays as it is: what is removed cannot be brought back.
    #[must_use]
    pub fn meet(&self, other: &Self) -> Self {
        let sides = Sides { ours: self.rules(), theirs: other.rules() };
        let mut rules = PolicyRules::clone(self.rules());
        let mut stopped = BTreeSet::new();
        rules.consents.iter_mut().for_each(|consent| sides.narrow_consent(consent));
        for (at, purpose) in rules.purposes.iter_mut().enumerate() {
            if !sides.narrow_purpose(purpose) {
                stopped.extend(sides.strategies_for(PurposeId(at)));
            }
        }
        for (name, rule) in &mut rules.strategies {
            match sides.narrow_strategy(rule) {
                Some(narrowed) => *rule = Arc::new(narrowed),
                None => drop(stopped.insert(name.clone())),
            }
        }
        for field in &mut rules.fields {
            let theirs = sides.theirs.declared(field.path.namespace, &field.path.name);
            field.class = theirs.map_or(field.class, |theirs| field.class.max(theirs.class));
            let floor =
                theirs.and_then(|theirs| theirs.popularity.as_ref()).map(|count| count.at_least_people);
            if let (Some(count), Some(floor)) = (&mut field.popularity, floor) {
                count.at_least_people = count.at_least_people.max(floor);
            }
        }
        sides.join_never(&mut rules);
        rules.children = sides.stricter_children();
        rules.restraint = sides.stricter_restraint();
        rules.stop = sides.join_stops(stopped);
        // what waits for its approval takes no ground away
        self.with_rules(rules).with_grounds_of(self)
    }
}

/// Two policies, whose fields and purposes are known by their names alone.
struct Sides<'a> {
    ours: &'a PolicyRules,
    theirs: &'a PolicyRules,
}

impl Sides<'_> {
    fn id_of_ours(&self, theirs: FieldId) -> Option<FieldId> {
        self.ours.by_path.get(&self.theirs.field(theirs)?.path).copied()
    }

    fn id_of_theirs(&self, ours: FieldId) -> Option<FieldId> {
        self.theirs.by_path.get(&self.ours.field(ours)?.path).copied()
    }

    fn strategies_for(&self, purpose: PurposeId) -> impl Iterator<Item = StrategyName> {
        let runs_for = move |rule: &&Arc<StrategyRule>| {
            rule.purpose == purpose || rule.learning_purpose == Some(purpose)
        };
        self.ours.strategies.values().filter(runs_for).map(|rule| rule.name.clone())
    }

    fn narrow_consent(&self, consent: &mut ConsentRule) {
        let Some(theirs) = self.theirs.consents.iter().find(|theirs| theirs.name == consent.name) else {
            return;
        };
        consent.texts.retain(|text| theirs.texts.contains(text));
        consent.lasts = shorter_age(consent.lasts, theirs.lasts);
        consent.signals = join_signals(consent.signals.take(), theirs.signals.as_ref());
    }

    /// False where it rests on another ground, or needs a consent that cannot be asked for yet.
    fn narrow_purpose(&self, purpose: &mut PurposeRule) -> bool {
        let Some(theirs) = self.theirs.purposes.iter().find(|theirs| theirs.name == purpose.name) else {
            return true;
        };
        purpose.profiling |= theirs.profiling;
        purpose.stop_if.extend(theirs.stop_if.iter().filter(|stop| !self.stops(&purpose.name, **stop)));
        let mut is_known = purpose.basis == theirs.basis;
        for needed in theirs.needs.iter().filter_map(|at| self.theirs.consents.get(*at)) {
            match self.ours.consents.iter().position(|ours| ours.name == needed.name) {
                Some(at) if !purpose.needs.contains(&at) => purpose.needs.push(at),
                Some(_) => {}
                None => is_known = false,
            }
        }
        is_known
    }

    fn stops(&self, purpose: &str, stop: crate::rules::StopSignal) -> bool {
        self.ours.purposes.iter().any(|ours| &*ours.name == purpose && ours.stop_if.contains(&stop))
    }

    /// `None` where the two cannot be compared.
    fn narrow_strategy(&self, ours: &StrategyRule) -> Option<StrategyRule> {
        let theirs = self.theirs.strategies.get(&ours.name)?;
        let name =
            |rules: &PolicyRules, id: PurposeId| rules.purpose(id).map(|purpose| Arc::clone(&purpose.name));
        let is_same_purpose = name(self.ours, ours.purpose) == name(self.theirs, theirs.purpose)
            && ours.learning_purpose.and_then(|id| name(self.ours, id))
                == theirs.learning_purpose.and_then(|id| name(self.theirs, id));
        let is_sandboxed = [ours.isolation, theirs.isolation].contains(&Isolation::Sandbox);
        let narrowed = StrategyRule {
            may_read: ours.may_read.iter().filter_map(|grant| self.narrow_grant(grant, theirs)).collect(),
            may_learn_from: ours
                .may_learn_from
                .iter()
                .filter_map(|l| self.narrow_learning(l, theirs))
                .collect(),
            may_ask: ours.may_ask.iter().filter(|asked| theirs.may_ask.contains(asked)).cloned().collect(),
            people: ours.people.stricter(theirs.people),
            pinned: ours.pinned || theirs.pinned,
            isolation: if is_sandboxed { Isolation::Sandbox } else { ours.isolation },
            ..ours.clone()
        };
        is_same_purpose.then_some(narrowed)
    }

    fn narrow_grant(&self, ours: &FieldGrant, theirs: &StrategyRule) -> Option<FieldGrant> {
        let id = self.id_of_theirs(ours.field).filter(|_| self.is_made_alike(ours.field))?;
        let theirs = theirs.may_read.iter().find(|grant| grant.field == id)?;
        let transform =
            if ours.transform == theirs.transform || ours.transform.follows_from(&theirs.transform) {
                &ours.transform
            } else {
                Some(&theirs.transform).filter(|theirs| theirs.follows_from(&ours.transform))?
            };
        let newest = shorter_window(ours.newest, theirs.newest);
        let may_hide = ours.may_hide && theirs.may_hide;
        Some(FieldGrant { transform: transform.clone(), newest, may_hide, ..ours.clone() })
    }

    /// True of a field that both make of the same other field in the same form, or of none.
    fn is_made_alike(&self, id: FieldId) -> bool {
        let theirs = self.id_of_theirs(id).and_then(|id| self.theirs.field(id));
        let (Some(ours), Some(theirs)) = (self.ours.field(id), theirs) else { return false };
        match (&ours.derived, &theirs.derived) {
            (None, None) => true,
            (Some(a), Some(b)) => {
                self.id_of_theirs(a.from) == Some(b.from)
                    && (&a.transform, a.newest) == (&b.transform, b.newest)
            }
            _ => false,
        }
    }

    fn narrow_learning(&self, ours: &LearningRule, theirs: &StrategyRule) -> Option<LearningRule> {
        let id = self.id_of_theirs(ours.field)?;
        let theirs = theirs.may_learn_from.iter().find(|learned| learned.field == id)?;
        Some(LearningRule { newest: shorter_window(ours.newest, theirs.newest), ..ours.clone() })
    }

    fn join_never(&self, rules: &mut PolicyRules) {
        let theirs = &self.theirs.never;
        rules.never.separators = rules.never.separators.union(&theirs.separators);
        rules.never.fields.extend(theirs.fields.iter().cloned());
        rules.never.items = self.ours.never.items.clone().joined_with(self.listed_by_ours(&theirs.items));
        rules.discreet = self.ours.discreet.clone().joined_with(self.listed_by_ours(&self.theirs.discreet));
        let forbidden = |id: FieldId| {
            self.ours.field(id).is_some_and(|field| self.theirs.never.fields.contains(&field.path))
        };
        for rule in rules.strategies.values_mut() {
            let rule = Arc::make_mut(rule);
            rule.may_read.retain(|grant| !forbidden(grant.field));
            rule.may_learn_from.retain(|learned| !forbidden(learned.field));
        }
    }

    /// What they list, by the ids of our fields.
    fn listed_by_ours(&self, theirs: &ListedItems) -> Vec<(FieldId, ListedValues)> {
        theirs.iter().filter_map(|(id, values)| Some((self.id_of_ours(*id)?, values.clone()))).collect()
    }

    /// Their rule for children, told by our fields: where ours does not hold the age, nobody's is known.
    fn children_of_theirs(&self) -> Option<ChildRule> {
        let theirs = self.theirs.children.as_ref()?;
        let age_from = theirs.age_from.and_then(|id| self.id_of_ours(id));
        let by = theirs.by.as_ref().map(|by| AgesByCountry {
            fields: by.fields.iter().filter_map(|id| self.id_of_ours(*id)).collect(),
            ages: by.ages.clone(),
        });
        Some(ChildRule {
            also_if: theirs.also_if.iter().filter_map(|id| self.id_of_ours(*id)).collect(),
            unknown_is_child: theirs.unknown_is_child || theirs.age_from.is_some() != age_from.is_some(),
            age_from,
            by,
            ..theirs.clone()
        })
    }

    fn stricter_children(&self) -> Option<ChildRule> {
        let (ours, theirs) = match (self.ours.children.clone(), self.children_of_theirs()) {
            (Some(ours), Some(theirs)) => (ours, theirs),
            (ours, theirs) => return ours.or(theirs),
        };
        let also_if: BTreeSet<FieldId> = ours.also_if.iter().chain(&theirs.also_if).copied().collect();
        Some(ChildRule {
            consent_from: ours.consent_from.max(theirs.consent_from),
            profiling_from: ours.profiling_from.max(theirs.profiling_from),
            by: higher_ages(&ours, &theirs),
            also_if: also_if.into_iter().collect(),
            unknown_is_child: ours.unknown_is_child
                || theirs.unknown_is_child
                || ours.age_from != theirs.age_from,
            ..ours
        })
    }

    fn stricter_restraint(&self) -> RestraintRule {
        let mut theirs = self.theirs.restraint.clone();
        if let Some(rests) = &mut theirs.after_purchase {
            rests.unless = rests.unless.and_then(|id| self.id_of_ours(id));
        }
        self.ours.restraint.clone().stricter(theirs)
    }

    fn join_stops(&self, stopped: BTreeSet<StrategyName>) -> Stop {
        let may_stop =
            |name: &StrategyName| self.ours.strategies.contains_key(name) && *name != self.ours.fallback;
        let mut joined = self.ours.stop.union(&self.theirs.stop);
        joined.strategies.extend(stopped);
        let names: BTreeSet<StrategyName> = joined.strategies.into_iter().filter(may_stop).collect();
        Stop { everything: joined.everything, strategies: names.into_iter().collect() }
    }
}

/// Signals refuse: what either listens to refuses.
fn join_signals(ours: Option<SignalRule>, theirs: Option<&SignalRule>) -> Option<SignalRule> {
    let (Some(ours), Some(theirs)) = (&ours, theirs) else {
        return ours.or_else(|| theirs.cloned());
    };
    let both = ours.tcf_publisher_purposes.iter().chain(&theirs.tcf_publisher_purposes);
    let purposes: BTreeSet<u8> = both.copied().collect();
    Some(SignalRule {
        tcf_publisher_purposes: purposes.into_iter().collect(),
        consent_mode: ours.consent_mode.clone().or_else(|| theirs.consent_mode.clone()),
    })
}

/// For each country that either lists the higher age.
fn higher_ages(ours: &ChildRule, theirs: &ChildRule) -> Option<AgesByCountry> {
    let listed = [&ours.by, &theirs.by].into_iter().flatten();
    let countries: BTreeSet<Arc<str>> = listed.flat_map(|by| by.ages.keys().cloned()).collect();
    let fields = ours.by.as_ref().or(theirs.by.as_ref())?.fields.clone();
    let age = |country: &Arc<str>| ours.consent_age(Some(country)).max(theirs.consent_age(Some(country)));
    let ages = countries.into_iter().map(|country| (Arc::clone(&country), age(&country))).collect();
    Some(AgesByCountry { fields, ages })
}

fn shorter_age(ours: Age, theirs: Age) -> Age {
    if theirs.approximate_days() < ours.approximate_days() { theirs } else { ours }
}

/// The window that reaches less far back; none reaches for ever.
fn shorter_window(ours: Option<Age>, theirs: Option<Age>) -> Option<Age> {
    match (ours, theirs) {
        (Some(ours), Some(theirs)) => Some(shorter_age(ours, theirs)),
        (ours, theirs) => ours.or(theirs),
    }
}

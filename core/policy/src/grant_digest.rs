//! What concerns one strategy, as one digest: a worker whose digest is unchanged stays through a swap of
//! policies.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use crate::{
    Policy,
    rules::{Age, FieldGrant, FieldId, Keep, LearningRule, PolicyRules, PurposeId, StrategyRule},
};

impl Policy {
    /// A digest of what concerns one strategy: its resolved grants, purposes, never and children. Comments
    /// and tests do not change it.
    #[must_use]
    pub fn grant_digest(&self, name: &str) -> Option<[u8; 32]> {
        let rule = self.rules().strategies.get(name)?;
        let mut said = Said { rules: self.rules(), text: String::new() };
        said.strategy(rule);
        said.surroundings();
        Some(Sha256::digest(said.text.as_bytes()).into())
    }
}

/// A canonical text: every name by its path, never by its position in the file. Each part is quoted, so that
/// no two lists read alike.
struct Said<'a> {
    rules: &'a PolicyRules,
    text: String,
}

impl Said<'_> {
    fn part(&mut self, key: &str, value: &impl std::fmt::Debug) {
        let _ = write!(self.text, "{key}={value:?};");
    }

    fn strategy(&mut self, rule: &StrategyRule) {
        self.part("name", &(&rule.name, &rule.kind, rule.isolation, rule.pinned, rule.limits));
        self.part("asks", &rule.may_ask);
        let mut reads: Vec<&FieldGrant> = rule.may_read.iter().collect();
        reads.sort_by_cached_key(|grant| self.path(grant.field));
        for grant in reads {
            self.field("reads", grant.field);
            self.part("form", &grant.transform);
            self.part("newest", &grant.newest);
            self.part("hides", &grant.may_hide);
        }
        let mut learns: Vec<&LearningRule> = rule.may_learn_from.iter().collect();
        learns.sort_by_cached_key(|learn| self.path(learn.field));
        for learn in learns {
            self.field("learns", learn.field);
            self.part("newest", &learn.newest);
        }
        self.part("people", &rule.people);
        self.purpose("purpose", rule.purpose);
        if let Some(purpose) = rule.learning_purpose {
            self.purpose("learning", purpose);
        }
    }

    fn path(&self, id: FieldId) -> String {
        self.rules.field(id).map(|f| f.path.to_string()).unwrap_or_default()
    }

    fn field(&mut self, key: &str, id: FieldId) {
        let Some(field) = self.rules.field(id) else { return };
        let keep: (u8, Option<Age>) = match field.keep {
            Keep::NotKept => (0, None),
            Keep::Session => (1, None),
            Keep::Account => (2, None),
            Keep::For(age) => (3, Some(age)),
        };
        self.part(
            key,
            &(&field.path, field.kind, field.class, keep, &field.of, field.at_most, &field.choices),
        );
        self.part("always", &(field.always, field.from_clock));
        if let Some(derived) = &field.derived {
            self.field("made-of", derived.from);
            self.part("form", &derived.transform);
            self.part("newest", &derived.newest);
        }
        if let Some(count) = &field.popularity {
            let from: Vec<String> = count.from.iter().map(|id| self.path(*id)).collect();
            self.part("counts", &(from, count.at_least_people));
            self.purpose("counted-for", count.purpose);
        }
    }

    fn purpose(&mut self, key: &str, id: PurposeId) {
        let Some(purpose) = self.rules.purpose(id) else {
            return;
        };
        self.part(key, &(&purpose.name, purpose.profiling, purpose.basis, &purpose.stop_if));
        let needs: Vec<_> = purpose.needs.iter().filter_map(|n| self.rules.consents.get(*n)).collect();
        for consent in needs {
            self.part("needs", &(&consent.name, &consent.texts, consent.lasts, &consent.signals));
        }
    }

    /// What bears on every strategy.
    fn surroundings(&mut self) {
        let rules = self.rules;
        for (key, items) in [("never", &rules.never.items), ("discreet", &rules.discreet)] {
            let mut listed: Vec<_> = items.iter().map(|(id, values)| (self.path(*id), values)).collect();
            listed.sort();
            self.part(key, &listed);
        }
        if let Some(children) = &rules.children {
            let flags: Vec<String> = children.also_if.iter().map(|id| self.path(*id)).collect();
            let age_from = children.age_from.map(|id| self.path(id));
            let ages = (children.consent_from, children.profiling_from);
            self.part("children", &(ages, age_from, flags, children.unknown_is_child));
            if let Some(by) = &children.by {
                let fields: Vec<String> = by.fields.iter().map(|id| self.path(*id)).collect();
                self.part("countries", &(fields, &by.ages));
            }
        }
        self.part("columns", &rules.schema);
        self.part("ends", &(rules.session_ends_after, rules.account_ends_after));
        self.part("zone", &rules.zone);
    }
}

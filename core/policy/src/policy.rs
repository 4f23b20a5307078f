//! A policy that has been checked.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use jardin_diagnostics::{Finding, Span};
use jardin_model::{FieldPath, Namespace, Timestamp};
use sha2::{Digest as _, Sha256};

use crate::{
    codes::{DATED_AHEAD, REVIEW_OVERDUE},
    rules::{FieldId, FieldRule, PolicyRules, PurposeId, Stop, StrategyName, StrategyRule},
    runtime::{GrantedColumn, granted_columns},
};

/// A policy that has been checked and whose own tests have passed. Cheap to clone. It decides once it is bound to a
/// shop: [`Policy::bind`].
#[derive(Debug, Clone)]
pub struct Policy {
    rules: Arc<PolicyRules>,
    digest: [u8; 32],
    /// For each field what reads it, itself or by what is derived of it, or learns from it.
    pub(crate) uses: Arc<[Vec<FieldUse>]>,
    /// What `[never]` and `[discreet]` list.
    pub(crate) listed_digest: [u8; 32],
    /// Where each line of its text begins.
    lines: Arc<[usize]>,
    /// The columns of the catalogue that each strategy is granted.
    columns: Arc<BTreeMap<StrategyName, Arc<[GrantedColumn]>>>,
    /// The policy whose grounds keep what is stored, where that is another one.
    kept_by: Option<Arc<Self>>,
}

/// For what a field is used, and by which strategy; by none where the host itself counts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct FieldUse {
    /// The purpose.
    pub purpose: PurposeId,
    /// The strategy that reads it or learns from it.
    pub strategy: Option<StrategyName>,
}

impl Policy {
    pub(crate) fn of(rules: PolicyRules, digest: [u8; 32], lines: Arc<[usize]>) -> Self {
        let uses = field_uses(&rules).into();
        let listed_digest = listed_digest(&rules);
        let columns = rules.strategies.iter();
        let columns = columns.map(|(name, rule)| (name.clone(), granted_columns(&rules, rule))).collect();
        let (rules, columns) = (Arc::new(rules), Arc::new(columns));
        Self { rules, digest, uses, listed_digest, lines, columns, kept_by: None }
    }

    /// The policy whose grounds keep what is stored: of what two permit that which was approved.
    pub(crate) fn ground_policy(&self) -> &Self {
        self.kept_by.as_deref().unwrap_or(self)
    }

    /// The policy, with the grounds of another one.
    pub(crate) fn with_grounds_of(self, other: &Self) -> Self {
        Self { kept_by: Some(Arc::new(other.ground_policy().clone())), ..self }
    }

    /// What reads a field, itself or by what is derived of it, or learns from it.
    #[must_use]
    pub fn uses_of(&self, field: FieldId) -> &[FieldUse] {
        self.uses.get(field.0).map_or(&[][..], Vec::as_slice)
    }

    pub(crate) fn columns(&self, name: &StrategyName) -> Arc<[GrantedColumn]> {
        self.columns.get(name).cloned().unwrap_or_default()
    }

    /// The policy with one grant less, to see what a field is worth; everything else is as it was.
    #[must_use]
    pub fn without_grant(&self, strategy: &str, field: FieldId) -> Self {
        let mut rules = PolicyRules::clone(&self.rules);
        if let Some(rule) = rules.strategies.get_mut(strategy) {
            Arc::make_mut(rule).may_read.retain(|grant| grant.field != field);
        }
        self.with_rules(rules)
    }

    /// The policy with another `[stop]`; everything else is as it was.
    pub(crate) fn with_stop(&self, stop: &Stop) -> Self {
        if self.rules.stop == *stop {
            return self.clone();
        }
        self.with_rules(PolicyRules { stop: stop.clone(), ..PolicyRules::clone(&self.rules) })
    }

    /// Other rules in the place of those that its text says.
    pub(crate) fn with_rules(&self, rules: PolicyRules) -> Self {
        Self { kept_by: self.kept_by.clone(), ..Self::of(rules, self.digest, Arc::clone(&self.lines)) }
    }

    /// The place of a span of its text, such as `policy.toml:201`.
    #[must_use]
    pub fn place(&self, span: Span) -> String {
        format!("{}:{}", self.rules.file, self.lines.partition_point(|start| *start <= span.start))
    }

    /// The place that says what a strategy may read: its first grant, else where it is declared.
    #[must_use]
    pub fn place_of_grants(&self, rule: &StrategyRule) -> String {
        self.place(rule.may_read.iter().map(|g| g.span).min().unwrap_or(rule.span))
    }

    /// Everything that it says.
    #[must_use]
    pub const fn rules(&self) -> &Arc<PolicyRules> {
        &self.rules
    }

    /// The sha256 of its text.
    #[must_use]
    pub const fn digest(&self) -> &[u8; 32] {
        &self.digest
    }

    /// Its revision with the beginning of its digest: two texts never share it.
    #[must_use]
    pub fn revision(&self) -> String {
        let head: String = self.digest.iter().take(6).map(|b| format!("{b:02x}")).collect();
        format!("{}+{head}", self.rules.revision)
    }

    /// The rule of a strategy.
    #[must_use]
    pub fn strategy(&self, name: &str) -> Option<&Arc<StrategyRule>> {
        self.rules.strategies.get(name)
    }

    /// The id of a declared field.
    #[must_use]
    pub fn field_id(&self, path: &FieldPath) -> Option<FieldId> {
        self.rules.by_path.get(path).copied()
    }

    /// An approval that is dated after `now`. A clock that runs behind the date of the policy's own revision is not
    /// believed: a policy is not written before it is approved.
    #[must_use]
    pub fn dated_ahead(&self, now: Timestamp) -> Option<Finding> {
        let approved = self.rules.record.approved.as_ref()?;
        let today = self.rules.zone.day(now).max(self.rules.revised_on())?;
        (approved.on > today).then(|| Finding {
            code: DATED_AHEAD,
            span: approved.span,
            message: format!("the policy is approved on {}, which is still to come", approved.on),
            help: Some("write the day of the decision".to_owned()),
        })
    }

    /// What is overdue at `now`: the review that the approval sets a date for.
    #[must_use]
    pub fn overdue(&self, now: Timestamp) -> Option<Finding> {
        let approved = self.rules.record.approved.as_ref()?;
        let by = approved.review_by.filter(|by| self.rules.zone.day(now).is_some_and(|today| today > *by))?;
        Some(Finding {
            code: REVIEW_OVERDUE,
            span: approved.span,
            message: format!("the policy was to be reviewed by {by}"),
            help: Some("have the controller look at it again, and write the new `approved`".to_owned()),
        })
    }
}

fn field_uses(rules: &PolicyRules) -> Vec<Vec<FieldUse>> {
    let mut uses: Vec<BTreeSet<FieldUse>> = vec![BTreeSet::new(); rules.fields.len()];
    let mut add = |field: FieldId, purpose: PurposeId, strategy: Option<&StrategyName>| {
        let source = rules.field(field).and_then(|f| f.derived.as_ref()).map(|d| d.from);
        for id in [Some(field), source].into_iter().flatten() {
            if let Some(set) = uses.get_mut(id.0) {
                set.insert(FieldUse { purpose, strategy: strategy.cloned() });
            }
        }
    };
    for rule in rules.strategies.values() {
        let learning = rule.learning_purpose.unwrap_or(rule.purpose);
        rule.may_read.iter().for_each(|g| add(g.field, rule.purpose, Some(&rule.name)));
        rule.may_learn_from.iter().for_each(|l| add(l.field, learning, Some(&rule.name)));
    }
    for popularity in rules.fields.iter().filter_map(|f| f.popularity.as_ref()) {
        popularity.from.iter().for_each(|field| add(*field, popularity.purpose, None));
    }
    uses.into_iter().map(|set| set.into_iter().collect()).collect()
}

fn listed_digest(rules: &PolicyRules) -> [u8; 32] {
    let path = |id: FieldId| rules.field(id).map(|f| &f.path);
    let [never, discreet] = [&rules.never.items, &rules.discreet]
        .map(|items| items.iter().map(|(id, values)| (path(*id), values)).collect::<Vec<_>>());
    Sha256::digest(format!("{never:?} {discreet:?} {:?}", rules.schema).as_bytes()).into()
}

impl PolicyRules {
    /// The rule of a declared field by its namespace and name.
    #[must_use]
    pub fn declared(&self, namespace: Namespace, name: &str) -> Option<&FieldRule> {
        self.field(self.field_named(namespace, name)?)
    }

    /// The id of a declared field by its namespace and name.
    pub(crate) fn field_named(&self, namespace: Namespace, name: &str) -> Option<FieldId> {
        self.by_name.get(&namespace)?.get(name).copied()
    }

    /// True where a strategy is granted a subject or session field.
    #[must_use]
    pub fn reads_a_person(&self, rule: &StrategyRule) -> bool {
        rule.may_read.iter().any(|g| self.field(g.field).is_some_and(|f| f.path.namespace.is_personal()))
    }
}

//! Which names a script may read, as its strategy's grants say.

use std::{collections::BTreeMap, sync::Arc};

use jardin_model::{FieldType, Namespace};
use jardin_policy::{StrategyRule, rules::PolicyRules};

use crate::proof::Origin;

/// One granted field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrantedField {
    /// What it holds in its granted form.
    pub kind: FieldType,
    /// What a choice may be in its granted form, where that can be listed.
    pub choices: Vec<Arc<str>>,
    /// True where every product has it.
    pub always: bool,
    /// True for a field of a person that may change the order alone.
    pub order_only: bool,
}

/// The granted names of each namespace.
#[derive(Debug, Clone, Default)]
pub struct Granted {
    fields: BTreeMap<Namespace, BTreeMap<Arc<str>, GrantedField>>,
}

impl Granted {
    /// What a strategy may read.
    pub fn of_strategy(rule: &StrategyRule, valid: &PolicyRules) -> Self {
        let mut granted = Self::default();
        for grant in &rule.may_read {
            let Some(field) = valid.field(grant.field) else {
                continue;
            };
            let Some(kind) = grant.transform.gives(field.kind) else {
                continue;
            };
            let choices = grant.transform.possible_choices(&field.choices);
            let order_only = grant.is_order_only(field);
            let entry = GrantedField { kind, choices, always: field.always, order_only };
            let names = granted.fields.entry(field.path.namespace).or_default();
            names.insert(Arc::clone(&field.path.name), entry);
        }
        granted
    }

    /// A granted field; `None` for denied, undeclared and misspelt alike.
    pub fn granted_field(&self, namespace: Namespace, name: &str) -> Option<&GrantedField> {
        self.fields.get(&namespace)?.get(name)
    }

    /// What a granted field is made of.
    pub(crate) fn origin_of_field(&self, namespace: Namespace, name: &str) -> Origin {
        match self.granted_field(namespace, name) {
            Some(field) if field.order_only => Origin::OrderOnly,
            _ => Origin::Data,
        }
    }

    /// True where a field is granted that may change the order alone.
    pub fn has_order_only(&self) -> bool {
        self.fields.values().flat_map(BTreeMap::values).any(|field| field.order_only)
    }

    /// The granted names of a namespace.
    pub fn granted_names(&self, namespace: Namespace) -> impl Iterator<Item = &Arc<str>> {
        self.fields.get(&namespace).into_iter().flat_map(BTreeMap::keys)
    }

    /// True where the field holds a product.
    pub fn is_item(&self, namespace: Namespace, name: &str) -> bool {
        self.granted_field(namespace, name).is_some_and(|f| f.kind == FieldType::Item)
    }
}

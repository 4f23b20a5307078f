//! Who is called whatever the others give: a plugin may keep what it sees from call to call, so that being
//! called must not tell it about a person what it is not granted.
//!
//! A script keeps nothing: calling it only while the page is short tells nobody anything.

use std::collections::BTreeSet;

use jardin_model::Namespace;
use jardin_policy::{
    StrategyKind, StrategyName, StrategyRule,
    rules::{Basis, Class, FieldGrant, PolicyRules},
};

/// What a placement leaves out of its lists.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hidden {
    /// The basket, while a strategy of the chain may use it.
    pub(super) basket: bool,
    /// What the lists above show.
    pub(super) above: bool,
}

/// A strategy that is called for every request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct AlwaysCalled {
    pub(super) strategy: StrategyName,
    /// Itself, or a plugin that it may ask.
    pub(super) plugin: StrategyName,
    /// What being called would tell, in words.
    pub(super) tells: String,
}

/// The strategies of a chain that must be called for every request.
pub(super) fn always_called(
    rules: &PolicyRules,
    chain: &[StrategyName],
    hidden: Hidden,
) -> Vec<AlwaysCalled> {
    let own: Vec<&StrategyName> = chain.iter().filter(|name| **name != rules.fallback).collect();
    let mut found = Vec::new();
    for (at, name) in own.iter().enumerate().skip(1) {
        let before = own.get(..at).unwrap_or_default();
        let reason = asked_plugins(rules, name).into_iter().find_map(|plugin| {
            let tells = told_by_call(rules, plugin, before, &own, hidden)?;
            Some(AlwaysCalled { strategy: (*name).clone(), plugin: plugin.name.clone(), tells })
        });
        found.extend(reason);
    }
    found
}

/// Every strategy behind the first that is, or may ask, a plugin.
pub(super) fn behind_first(rules: &PolicyRules, chain: &[StrategyName]) -> Vec<StrategyName> {
    let own = chain.iter().filter(|name| **name != rules.fallback).skip(1);
    own.filter(|name| !asked_plugins(rules, name).is_empty()).cloned().collect()
}

/// What a plugin would learn from being called only while the page is short: a personal or confidential field
/// that strategies before it are granted and it is not, or an answer of the person that refuses them and not
/// it.
fn told_by_call(
    rules: &PolicyRules,
    plugin: &StrategyRule,
    before: &[&StrategyName],
    chain: &[&StrategyName],
    hidden: Hidden,
) -> Option<String> {
    if hidden.above {
        return Some("what the lists above show".to_owned());
    }
    let strategies: Vec<&StrategyRule> = before.iter().flat_map(|name| with_asked(rules, name)).collect();
    let basket = chain.iter().flat_map(|name| with_asked(rules, name)).flat_map(|rule| &rule.may_read);
    let basket = basket.filter(|grant| hidden.basket && is_basket(rules, grant));
    let mut read = strategies.iter().flat_map(|rule| &rule.may_read).chain(basket);
    let secret = read.find(|grant| is_secret(rules, grant) && !is_granted(plugin, grant));
    if let Some(field) = secret.and_then(|grant| rules.field(grant.field)) {
        return Some(format!("about `{}`, which it is not granted", field.path));
    }
    let can_be_refused = |rule: &&&StrategyRule| {
        rule.purpose != plugin.purpose
            && rules.purpose(rule.purpose).is_some_and(|p| p.basis != Basis::NothingRead)
    };
    let purpose = strategies.iter().find(can_be_refused).and_then(|rule| rules.purpose(rule.purpose));
    purpose.map(|purpose| format!("whether the person lets the purpose `{}` run", purpose.name))
}

/// A strategy and all that it may ask, directly or through others.
fn with_asked<'a>(rules: &'a PolicyRules, name: &StrategyName) -> Vec<&'a StrategyRule> {
    let mut seen = BTreeSet::new();
    let mut open = vec![name];
    let mut found: Vec<&StrategyRule> = Vec::new();
    while let Some(name) = open.pop() {
        if let Some(rule) = rules.strategies.get(name).filter(|rule| seen.insert(&rule.name)) {
            found.push(rule);
            open.extend(&rule.may_ask);
        }
    }
    found
}

/// The plugins among a strategy and all that it may ask.
pub(super) fn asked_plugins<'a>(rules: &'a PolicyRules, name: &StrategyName) -> Vec<&'a StrategyRule> {
    let mut found = with_asked(rules, name);
    found.retain(|rule| matches!(rule.kind, StrategyKind::Plugin(_)));
    found
}

fn is_secret(rules: &PolicyRules, grant: &FieldGrant) -> bool {
    rules.field(grant.field).is_some_and(|field| {
        matches!(field.path.namespace, Namespace::Subject | Namespace::Session)
            || field.class == Class::Confidential
    })
}

fn is_basket(rules: &PolicyRules, grant: &FieldGrant) -> bool {
    let field = rules.field(grant.field);
    field.is_some_and(|f| f.path.namespace == Namespace::Session && &*f.path.name == "basket")
}

/// True where the plugin itself sees the field in the same form.
fn is_granted(plugin: &StrategyRule, grant: &FieldGrant) -> bool {
    plugin
        .may_read
        .iter()
        .any(|own| own.field == grant.field && own.transform == grant.transform && own.newest == grant.newest)
}

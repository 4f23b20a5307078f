//! Who asks, where, in a trial.

use std::{collections::BTreeSet, path::Path, sync::Arc};

use jardin_engine::{Fields, Request};
use jardin_model::{FieldPath, FieldType, Namespace, SubjectId};
use jardin_policy::{Policy, StrategyKind, StrategyName};
use serde_json::{Value, json};

use crate::{HostError, ScriptSettings, ShopContent, escape_controls};

/// One question of a trial.
#[derive(Debug, Clone, Default)]
pub struct TrialQuestion {
    /// Where it is asked.
    pub placement: String,
    /// Who asks; `None` for nobody known.
    pub subject: Option<SubjectId>,
    /// What the page sends of itself.
    pub context: Fields,
    /// What the page sends of the visit; of a history, such as `viewed`, its products, the last one newest.
    pub session: Fields,
}

impl TrialQuestion {
    /// As the engine takes it, without its visit.
    pub(crate) fn to_request(&self) -> Request {
        Request {
            placement: self.placement.clone(),
            subject: self.subject.clone(),
            context: self.context.clone(),
            ..Request::default()
        }
    }
}

impl TrialQuestion {
    /// The products that the page says it shows or has in its basket, and those that the visit looked at.
    pub(crate) fn named_items(&self, policy: &Policy) -> Vec<&str> {
        let sent = [(Namespace::Context, &self.context), (Namespace::Session, &self.session)];
        let fields =
            sent.into_iter().flat_map(|(space, fields)| fields.iter().map(move |field| (space, field)));
        let names_items = |space, name: &str| {
            let kind = policy.rules().declared(space, name).map(|field| field.kind);
            matches!(kind, Some(FieldType::Item | FieldType::Items | FieldType::Events))
        };
        let named = fields.filter(|(space, (name, _))| names_items(*space, name));
        named
            .flat_map(|(_, (_, value))| value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice))
            .filter_map(Value::as_str)
            .collect()
    }
}

/// The name and the value of `name=value`, of the type that the policy declares.
///
/// # Errors
/// Where no such field can be sent, or the value is of another type.
pub fn parse_field(policy: &Policy, namespace: Namespace, text: &str) -> Result<(String, Value), HostError> {
    let (name, value) = text
        .split_once('=')
        .ok_or_else(|| HostError::Unusable(format!("`{text}` is not of the form `name=value`")))?;
    let Some(field) = policy.rules().declared(namespace, name) else {
        let known = policy.rules().fields.iter().filter(|f| f.path.namespace == namespace);
        let known: Vec<String> = known.map(|f| format!("`{}`", f.path.name)).collect();
        let (space, known) = (namespace.word(), known.join(", "));
        return Err(HostError::Unusable(format!(
            "the policy declares no `{space}.{name}`; there are {known}"
        )));
    };
    let json = match field.kind {
        FieldType::Number | FieldType::Flag => serde_json::from_str(value).unwrap_or_default(),
        FieldType::Items | FieldType::Texts | FieldType::Events => {
            value.split(',').map(str::trim).filter(|t| !t.is_empty()).collect()
        }
        _ => json!(value),
    };
    if json.is_null() {
        return Err(HostError::Unusable(format!("`{value}` is not a {}", field.kind)));
    }
    Ok((name.to_owned(), json))
}

/// The first placement where a strategy stands: in a chain, as the finish, or asked by one of the chain.
///
/// # Errors
/// Where it stands at none, with the placements that there are.
pub fn placement_of(content: &ShopContent, strategy: &StrategyName) -> Result<String, HostError> {
    let placements = &content.config.placements;
    let rules = &content.policy.rules().strategies;
    let in_chain = placements.values().find(|p| p.chain.contains(strategy));
    let found = in_chain.or_else(|| placements.values().find(|p| p.finish.as_ref() == Some(strategy)));
    let is_asked = |chain: &[StrategyName]| {
        chain.iter().filter_map(|name| rules.get(name)).any(|rule| rule.may_ask.contains(strategy))
    };
    let found = found.or_else(|| placements.values().find(|p| is_asked(&p.chain)));
    found.map(|placement| placement.name.to_string()).ok_or_else(|| {
        let known: Vec<&str> = placements.keys().map(|k| &**k).collect();
        let known = known.join(", ");
        HostError::Unusable(format!(
            "`{strategy}` stands at no placement; say one with `--placement`: {known}"
        ))
    })
}

/// The strategy of a script with the script's file, by the file, with or without its ending, or by the strategy's name.
///
/// # Errors
/// Where no strategy runs it, with the scripts that there are.
pub fn script_of(content: &ShopContent, named: &str) -> Result<(StrategyName, Arc<str>), HostError> {
    let file_name = Path::new(named).file_name().and_then(|n| n.to_str()).unwrap_or(named);
    let mut known = Vec::new();
    for rule in content.policy.rules().strategies.values() {
        let StrategyKind::Script(file) = &rule.kind else {
            continue;
        };
        let is_named =
            [named, file_name].iter().any(|n| **file == **n || file.strip_suffix(".rhai") == Some(*n));
        if is_named || rule.name.as_str() == named {
            return Ok((rule.name.clone(), Arc::clone(file)));
        }
        known.push(format!("`{file}`"));
    }
    Err(HostError::Unusable(format!(
        "no strategy of the policy runs `{}`; there are {}; a new version of one is tried as its draft",
        escape_controls(named),
        known.join(", ")
    )))
}

/// Every field that the script of a strategy reads, that of its draft where there is one.
///
/// # Errors
/// Where the script cannot be read, and the report of its errors.
pub fn script_reads(
    content: &ShopContent,
    strategy: &StrategyName,
) -> Result<BTreeSet<FieldPath>, HostError> {
    let Some(rule) = content.policy.strategy(strategy.as_str()) else {
        return Ok(BTreeSet::new());
    };
    let source = content.strategy_file(rule).script_text()?;
    let settings = ScriptSettings::of_config(&content.config);
    let (script, _) = settings.script(rule, &source).check(&content.policy)?;
    Ok(script.reads().clone())
}

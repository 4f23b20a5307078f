//! Which settings a plugin takes, as its manifest says it.

use std::{collections::BTreeMap, ops::RangeInclusive, sync::Arc};

use jardin_contract::{Param, Params};

/// The type of a setting, with its range where it is a number.
#[derive(Debug, Clone, PartialEq)]
pub enum SettingRule {
    /// Yes or no.
    Flag,
    /// A number within a range.
    Number(RangeInclusive<f64>),
    /// A text.
    Text,
    /// A list of texts.
    Texts,
}

impl SettingRule {
    /// The word for it in a manifest; `None` where there is none.
    pub(crate) fn from_word(word: &str, range: RangeInclusive<f64>) -> Option<Self> {
        Some(match word {
            "flag" => Self::Flag,
            "number" => Self::Number(range),
            "text" => Self::Text,
            "texts" => Self::Texts,
            _ => return None,
        })
    }

    #[expect(clippy::cast_precision_loss, reason = "strategies calculate in floats")]
    fn accepts(&self, param: &Param) -> bool {
        match (self, param) {
            (Self::Number(range), Param::Integer(number)) => range.contains(&(*number as f64)),
            (Self::Number(range), Param::Number(number)) => range.contains(number),
            (Self::Flag, Param::Flag(_)) | (Self::Text, Param::Text(_)) => true,
            (Self::Texts, Param::List(list)) => list.iter().all(|param| matches!(param, Param::Text(_))),
            _ => false,
        }
    }
}

impl std::fmt::Display for SettingRule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Flag => f.write_str("true or false"),
            Self::Number(range) if range.end().is_infinite() => f.write_str("a number"),
            Self::Number(range) => write!(f, "a number from {} to {}", range.start(), range.end()),
            Self::Text => f.write_str("a text"),
            Self::Texts => f.write_str("a list of texts"),
        }
    }
}

/// What is wrong with settings by these rules, a sentence each.
pub(crate) fn setting_problems(rules: &BTreeMap<Arc<str>, SettingRule>, params: &Params) -> Vec<String> {
    let problem = |(name, param): (&Arc<str>, &Param)| match rules.get(name) {
        Some(rule) if rule.accepts(param) => None,
        Some(rule) => Some(format!("`{name}` is {rule}")),
        None if rules.is_empty() => Some(format!("`{name}` is not a setting of it: it has none")),
        None => {
            let known = rules.keys().map(|known| format!("`{known}`")).collect::<Vec<_>>().join(", ");
            Some(format!("`{name}` is not a setting of it; it has {known}"))
        }
    };
    params.0.iter().filter_map(problem).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_ranges_and_names_are_held() {
        let rules: BTreeMap<Arc<str>, SettingRule> = [
            ("days".into(), SettingRule::Number(0.0..=30.0)),
            ("quiet".into(), SettingRule::Flag),
            ("shelves".into(), SettingRule::Texts),
        ]
        .into();
        let problems = |name: &str, param: Param| {
            setting_problems(&rules, &Params(Arc::new([(name.into(), param)].into())))
        };
        for (name, param) in [
            ("days", Param::Integer(30)),
            ("days", Param::Number(0.5)),
            ("quiet", Param::Flag(true)),
            ("shelves", Param::List([Param::Text("a".into())].into())),
        ] {
            assert_eq!(problems(name, param), Vec::<String>::new());
        }
        for (name, param, says) in [
            ("days", Param::Integer(31), "`days` is a number from 0 to 30"),
            ("days", Param::Text("3".into()), "`days` is a number from 0 to 30"),
            ("quiet", Param::Integer(1), "`quiet` is true or false"),
            ("shelves", Param::List([Param::Flag(true)].into()), "`shelves` is a list of texts"),
            ("day", Param::Integer(3), "`day` is not a setting of it; it has `days`, `quiet`, `shelves`"),
        ] {
            assert_eq!(problems(name, param), [says]);
        }
    }
}

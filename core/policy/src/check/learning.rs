//! `may_learn_from`: which histories a strategy learns from, and of how many people what it learned must be.

use jardin_diagnostics::{TomlEntry, TomlTable, codes::INVALID_VALUE};
use jardin_model::FieldType;

use super::{Names, strategies::named_fields};
use crate::{
    codes::{DUPLICATE_GRANT, FEW_PEOPLE, TRANSFORM_MISMATCH},
    rules::{Age, FieldId, LearningRule, PeopleRule},
};

/// The keys that say how people are counted; no history has such a name.
const PEOPLE_KEYS: [&str; 2] = ["at_least_people", "a_person_counts"];
/// The highest number of either.
const MAX_PEOPLE: i64 = 1_000_000_000;

pub(super) fn read_learning(table: &TomlTable<'_>, names: &Names<'_>) -> (Vec<LearningRule>, PeopleRule) {
    let people = read_people(table);
    let mut entries = table.entries();
    entries.retain(|entry| !PEOPLE_KEYS.contains(&entry.key));
    if let Some(node) = PEOPLE_KEYS.iter().find_map(|key| table.get(key)).filter(|_| entries.is_empty()) {
        let help = "name a history, such as `\"subject.purchases\" = { as = \"sessions\" }`".to_owned();
        node.finding(INVALID_VALUE, "people are counted of a history, and none is named", Some(help));
    }
    let mut rules: Vec<LearningRule> = Vec::new();
    for entry in &entries {
        for field in named_fields(entry, names) {
            rules.extend(read_history(entry, field, &rules, names));
        }
    }
    (rules, people)
}

fn read_people(table: &TomlTable<'_>) -> PeopleRule {
    let number = |key| {
        let node = table.get(key)?;
        let number = node.integer(1, MAX_PEOPLE).and_then(|n| u32::try_from(n).ok())?;
        Some((node, number))
    };
    let told = number("at_least_people");
    if let Some((node, few)) = told.filter(|(_, n)| *n < PeopleRule::DEFAULT.at_least) {
        let help = "write `at_least_people = 3` or more, or leave it out".to_owned();
        let message = match few {
            1 => "what a single person did may be shown to everybody",
            _ => "each of two people could tell what the other did",
        };
        node.finding(FEW_PEOPLE, message, Some(help));
    }
    let at_least = told.map_or(PeopleRule::DEFAULT.at_least, |(_, n)| n);
    let counts = number("a_person_counts").map(|(_, n)| n);
    // who is one of several must be told apart from the others
    PeopleRule { at_least, a_person_counts: counts.or((at_least > 1).then_some(1)) }
}

fn read_history(
    entry: &TomlEntry<'_>,
    field: FieldId,
    known: &[LearningRule],
    names: &Names<'_>,
) -> Option<LearningRule> {
    if names.rule(field).is_none_or(|f| f.kind != FieldType::Events) {
        let help = "name a history, a field of type events".to_owned();
        let message = format!("`{}` is not a history to learn from", entry.key);
        names.sink.add(TRANSFORM_MISMATCH, entry.span, message, Some(help));
        return None;
    }
    let table = entry.node.table(format!("`{}`", entry.key))?;
    let form =
        table.require("as", "\"sessions\"").and_then(|n| n.word("form for learning", &[("sessions", ())]));
    let newest = table.get("newest").and_then(Age::read);
    table.end();
    if known.iter().any(|rule| rule.field == field) {
        let help = "keep one of the two".to_owned();
        let message = format!("`{}` is learned from twice", entry.key);
        names.sink.add(DUPLICATE_GRANT, entry.span, message, Some(help));
        return None;
    }
    form.map(|()| LearningRule { field, newest, span: entry.span })
}

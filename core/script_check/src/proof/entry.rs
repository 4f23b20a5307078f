//! A whole script: its three functions with what their parameters hold, and the names of all others.

use jardin_diagnostics::{Code, Finding, did_you_mean};
use rhai::Position;

use super::{
    Walk,
    abstracts::{Abstract, Object, Value},
};
use crate::{
    codes::{NEVER_CALLED, NOT_CONSTANT, NOT_IN_SCRIPTS, WRONG_SIGNATURE},
    entry::{Binding, Entry},
    vocabulary,
};

/// What is known of what a parameter is bound to.
const fn bound_value(binding: Binding) -> Abstract {
    match binding {
        Binding::Item => Abstract::Item(Object::Candidate),
        Binding::Of(namespace) => Abstract::Person(namespace),
        Binding::Params => Abstract::Params,
        Binding::Sources => Abstract::Sources,
        Binding::Page => Abstract::Page,
    }
}

impl Walk<'_> {
    /// Walks the whole script.
    pub(super) fn walk_script(&mut self) {
        if let Some(statement) = self.parsed.top.first() {
            let help = "a script holds functions only; what they share comes from `params`";
            self.refuse_banned(statement.position(), "this stands outside of every function".into(), help);
        }
        self.check_definitions();
        for entry in Entry::ALL {
            self.walk_entry(entry);
        }
        self.find_uncalled();
    }

    /// The names of functions.
    fn check_definitions(&mut self) {
        for ((name, _), function) in &self.parsed.functions {
            let is_source = self.names.sources.source_words().any(|word| word == name);
            if name.starts_with("anon$") {
                continue;
            }
            if function.is_method {
                self.at_function(
                    name,
                    NOT_IN_SCRIPTS,
                    format!("`{name}` belongs to a type"),
                    "write `fn name(value)`",
                );
            } else if vocabulary::is_taken(name) || is_source {
                let help = "choose another name";
                self.at_function(name, WRONG_SIGNATURE, format!("`{name}` is a word of the language"), help);
            }
        }
        let has_entry =
            self.parsed.functions.keys().any(|(name, _)| Entry::ALL.iter().any(|e| e.name() == name));
        if !has_entry {
            let message = "the script has none of `candidates`, `adjust` and `arrange`".to_owned();
            self.at_function("", WRONG_SIGNATURE, message, "write `fn adjust(item) { … }`");
        }
    }

    fn at_function(&mut self, name: &str, code: Code, message: String, help: &str) {
        let span = if name.is_empty() { (0..0).into() } else { self.source.function_name(name) };
        let help = Some(help.to_owned());
        self.findings.push(Finding { code, span, message, help });
    }

    fn walk_entry(&mut self, entry: Entry) {
        let named = self.parsed.functions.keys().filter(|(n, _)| n == entry.name()).count();
        if named > 1 {
            let message = format!("`{}` is defined more than once", entry.name());
            self.at_function(entry.name(), WRONG_SIGNATURE, message, "keep one of them");
        }
        let Some(function) = self.parsed.function_named(entry.name()) else {
            return;
        };
        let params = function.params.clone();
        let mut args = Vec::new();
        for param in &params {
            let binding = Binding::from_name(param).filter(|binding| entry.bindings().contains(binding));
            if binding.is_none() {
                self.wrong_param(entry, param);
            }
            args.push(binding.map_or(Abstract::Value(Value::REFUSED), bound_value));
        }
        let given = self.walk_own_function((entry.name().to_owned(), params.len()), args, Position::NONE);
        if entry == Entry::Candidates {
            self.check_given_list(&given);
        }
    }

    /// What `candidates` gives must be a list, and what it asks for must not depend on data.
    fn check_given_list(&mut self, given: &Abstract) {
        let Abstract::Plan(plan) = given else {
            // what was refused within it gives no list
            if self.has_errors() {
                return;
            }
            let message = "`candidates` does not always give a list".to_owned();
            let help = "end it with a list such as `sources.catalogue(300, #{…})`";
            self.at_function(Entry::Candidates.name(), WRONG_SIGNATURE, message, help);
            return;
        };
        if let Some(at) = plan.chosen_at() {
            let message = "data decides which lists are asked for".to_owned();
            let help = "a strategy that is asked would learn of it: ask for every list before, with `let`, and join the same ones on both ways, as `a.or(b)` and `b.or(a)`";
            self.add_finding(NOT_CONSTANT, at, message, Some(help.into()));
        }
    }

    fn wrong_param(&mut self, entry: Entry, param: &str) {
        let known = entry.bindings().iter().map(|binding| binding.name());
        let near = did_you_mean(param, known.clone()).map(|n| format!("; did you mean `{n}`?"));
        let message = format!("`{}` has no parameter `{param}`{}", entry.name(), near.unwrap_or_default());
        let listed: Vec<String> = known.map(|k| format!("`{k}`")).collect();
        let help = match Binding::from_name(param) {
            Some(binding) => binding.help_elsewhere(),
            None => format!("parameters bind by name; it may have {}", listed.join(", ")),
        };
        self.at_function(entry.name(), WRONG_SIGNATURE, message, &help);
    }

    /// Functions that nothing calls: a misspelt `adjust` would do nothing.
    fn find_uncalled(&mut self) {
        let idle: Vec<String> = self
            .parsed
            .functions
            .keys()
            .filter(|key| {
                !self.called.contains(*key) && !key.0.starts_with("test_") && !key.0.starts_with("anon$")
            })
            .map(|(name, _)| name.clone())
            .collect();
        for name in idle {
            let near =
                did_you_mean(&name, Entry::ALL.map(Entry::name)).map(|n| format!("; did you mean `{n}`?"));
            let message = format!("nothing calls `{name}`{}", near.unwrap_or_default());
            self.at_function(&name, NEVER_CALLED, message, "call it, or remove it");
        }
    }
}

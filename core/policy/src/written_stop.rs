//! What a policy's text says of `[stop]`, however broken the rest of it is: a stop must act even then.

use std::collections::BTreeMap;

use jardin_diagnostics::{FindingSink, read_toml};

use crate::{
    check::read_stop,
    rules::{Stop, StrategyName},
};

/// What a policy's text says of `[stop]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WrittenStop {
    /// Nothing.
    Unsaid,
    /// This is to be stopped.
    Understood(Stop),
    /// Something that is not understood whole, for this reason: everything must be stopped.
    NotUnderstood(String),
}

impl WrittenStop {
    /// Reads `[stop]` alone. `known` are the strategies that may be stopped, beside those that the text declares where
    /// it is TOML. Where it is not, what stands from a line `[stop]` to the next line that begins with `[` is read by
    /// itself.
    #[must_use]
    pub fn read(source: &str, known: impl IntoIterator<Item = StrategyName>) -> Self {
        let source = source.strip_prefix('\u{feff}').unwrap_or(source);
        let mut known: BTreeMap<StrategyName, ()> = known.into_iter().map(|name| (name, ())).collect();
        Self::read_text(source, &mut known)
            .or_else(|| Self::read_text(&stop_lines(source)?, &mut known))
            .unwrap_or_else(|| match stop_lines(source) {
                Some(_) => Self::NotUnderstood("`[stop]` is not TOML".to_owned()),
                None => Self::Unsaid,
            })
    }

    /// The same of a text; `None` where it is not TOML.
    fn read_text(source: &str, known: &mut BTreeMap<StrategyName, ()>) -> Option<Self> {
        let sink = FindingSink::default();
        let stop = read_toml(source, &sink, |root, sink| {
            let declared = root.get("strategies").filter(|node| node.is_table());
            let declared = declared.and_then(|node| node.table("[strategies]")).map(|table| table.entries());
            known.extend(
                declared
                    .unwrap_or_default()
                    .iter()
                    .filter_map(|entry| Some((StrategyName::new(entry.key)?, ()))),
            );
            Some(root.get("stop").map(|_| read_stop(&root, known, None, sink)))
        })?;
        let report = sink.report("policy.toml", source);
        Some(match (report.findings.first(), stop) {
            (Some(finding), _) => Self::NotUnderstood(format!("`[stop]`: {}", finding.message)),
            (None, Some(stop)) => Self::Understood(stop),
            (None, None) => Self::Unsaid,
        })
    }
}

/// The lines of `[stop]` in a text that is not TOML, and those that set one of its keys without it.
fn stop_lines(source: &str) -> Option<String> {
    let mut lines = String::new();
    let mut is_inside = false;
    for line in source.lines() {
        let bare: String = line.chars().filter(|c| !c.is_whitespace()).collect();
        if bare.starts_with('[') {
            let name = bare.trim_start_matches('[');
            is_inside = name.strip_prefix("stop").is_some_and(|rest| !rest.starts_with(is_part_of_name));
        }
        let is_key = bare.strip_prefix("stop").is_some_and(|rest| rest.starts_with(['.', '=']));
        if is_inside || is_key {
            lines.push_str(line);
            lines.push('\n');
        }
    }
    (!lines.is_empty()).then_some(lines)
}

fn is_part_of_name(c: char) -> bool {
    c.is_alphanumeric() || c == '-' || c == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stop(everything: bool, strategies: &[&str]) -> WrittenStop {
        let strategies = strategies.iter().filter_map(|name| StrategyName::new(name)).collect();
        WrittenStop::Understood(Stop { everything, strategies })
    }

    fn read(source: &str) -> WrittenStop {
        WrittenStop::read(source, StrategyName::new("mine"))
    }

    #[test]
    fn a_stop_is_read_whatever_else_is_wrong_with_the_text() {
        for rest in [
            "",
            "language = 9\n[purposes.x]\n",
            "[fields\nbroken = = 1\n",
            "[a]\nb = \"open\n",
            "\u{feff}= 1\n",
        ] {
            for after in ["", "[x]\ny = = 2\n", "\n  [[test]]\nname = \"t\n"] {
                let read = |table: &str| read(&format!("{rest}{table}{after}"));
                assert_eq!(read("[stop]\neverything = true\n"), stop(true, &[]), "{rest}…{after}");
                assert_eq!(read("  [ stop ] # now\nstrategies = [\n \"mine\",\n]\n"), stop(false, &["mine"]));
                assert_eq!(read("[stop]\n"), stop(false, &[]));
                assert_eq!(read(""), WrittenStop::Unsaid);
            }
        }
    }

    #[test]
    fn a_stop_that_is_not_understood_whole_is_said_to_be_so() {
        for rest in ["", "[fields\nbroken = = 1\n"] {
            for table in [
                "[stop]\neverything = yes\n",
                "[stop]\neverything = \"true\"\n",
                "[stop]\neverythin = true\n",
                "[stop]\nstrategies = [\"mime\"]\n",
                "[stop]\nstrategies = \"mine\"\n",
                "[stop]\nstrategies = [\"mine\"\n",
                "[stop\neverything = true\n",
                "[stop]]\neverything = true\n",
                "[[stop]]\neverything = true\n",
                "[stop.all]\neverything = true\n",
                "[stop]\neverything = false\n[stop]\neverything = false\n",
            ] {
                let found = read(&format!("{rest}{table}"));
                assert!(matches!(found, WrittenStop::NotUnderstood(_)), "{rest}{table}: {found:?}");
            }
        }
    }

    #[test]
    fn a_stop_may_name_strategies_that_the_text_declares_or_that_are_in_force() {
        let named = "[stop]\nstrategies = [\"mine\", \"theirs\"]\n";
        assert_eq!(
            read(&format!("[strategies.theirs]\nscript = 1\n{named}")),
            stop(false, &["mine", "theirs"])
        );
        assert!(matches!(read(named), WrittenStop::NotUnderstood(_)));
    }

    #[test]
    fn other_names_that_begin_alike_are_no_stop() {
        for text in [
            "[stops]\na = = 1\n",
            "[stop-words]\na = = 1\n",
            "stops = = 1\n",
            "[purposes.x]\nstop_if = = 1\n",
        ] {
            assert_eq!(read(text), WrittenStop::Unsaid, "{text}");
        }
        assert_eq!(read("stop.everything = true\nx = = 1\n"), stop(true, &[]));
        assert_eq!(read("stop = { everything = true }\nx = = 1\n"), stop(true, &[]));
    }
}

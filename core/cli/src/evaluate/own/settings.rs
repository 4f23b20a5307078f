//! Texts of jardin.toml and policy.toml with little changes, as an evaluation tries them.

use std::fmt::Write as _;

use anyhow::Context as _;

/// jardin.toml with settings of a strategy laid over its own.
pub(super) fn laid_over(config: &str, strategy: &str, settings: &[(String, String)]) -> String {
    let head = format!("[strategies.{strategy}.params]");
    let lines: String = settings.iter().fold(String::new(), |mut text, (name, value)| {
        let _ = writeln!(text, "{name} = {value}");
        text
    });
    let Some((before, after)) = split_at_head(config, &head) else {
        return format!("{config}\n{head}\n{lines}");
    };
    let end = after.find("\n[").unwrap_or(after.len());
    let (own, rest) = after.split_at_checked(end).unwrap_or((after, ""));
    let is_set = |line: &&str| {
        !settings.iter().any(|(name, _)| line.split('=').next().is_some_and(|key| key.trim() == name))
    };
    let kept: Vec<&str> = own.lines().filter(is_set).collect();
    format!("{before}{head}\n{lines}{}{rest}", kept.join("\n"))
}

/// policy.toml in which a strategy may be told settings to be tried.
///
/// # Errors
/// Where the text has a shape that is not understood.
pub(super) fn with_trial(policy: &str, strategy: &str) -> anyhow::Result<String> {
    let declared = added(policy, "[fields.context]", "trial = { type = \"text\", class = \"none\" }")
        .context("the policy has no [fields.context]")?;
    let grant = "\"context.trial\" = \"exact\"";
    if let Some(text) = added(&declared, &format!("[strategies.{strategy}.may_read]"), grant) {
        return Ok(text);
    }
    let head = format!("[strategies.{strategy}]");
    let (before, after) =
        split_at_head(&declared, &head).with_context(|| format!("the policy has no {head}"))?;
    let end = after.find("\n[").unwrap_or(after.len());
    let (own, rest) = after.split_at_checked(end).unwrap_or((after, ""));
    let (up_to, from) = own
        .split_once("may_read")
        .and_then(|(up_to, from)| Some((up_to, from.split_once('{')?.1)))
        .with_context(|| format!("{head} has no `may_read = {{ … }}`"))?;
    let comma = if from.trim_start().starts_with('}') { "" } else { "," };
    Ok(format!("{before}{head}{up_to}may_read = {{ {grant}{comma}{from}{rest}"))
}

/// The text with a line after a table's head.
fn added(text: &str, head: &str, line: &str) -> Option<String> {
    let (before, after) = split_at_head(text, head)?;
    Some(format!("{before}{head}\n{line}\n{}", after.split_once('\n').map_or("", |(_, rest)| rest)))
}

/// What stands before a head at the beginning of a line, and what follows it.
fn split_at_head<'a>(text: &'a str, head: &str) -> Option<(&'a str, &'a str)> {
    let at = if text.starts_with(head) { 0 } else { text.find(&format!("\n{head}"))? + 1 };
    let (before, rest) = text.split_at_checked(at)?;
    Some((before, rest.strip_prefix(head)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect()
    }

    #[test]
    fn settings_replace_those_that_were_there_and_leave_the_rest() {
        let config = "config = 1\n[strategies.knn.params]\nrules = 0.1\nnewest = 500 # of all\n[filters.x]\nrules = 3\n";
        let expected = "config = 1\n[strategies.knn.params]\nrules = 0.5\n\nnewest = 500 # of all\n[filters.x]\nrules = 3\n";
        assert_eq!(laid_over(config, "knn", &settings(&[("rules", "0.5")])), expected);
        assert_eq!(
            laid_over("config = 1\n", "knn", &settings(&[("rules", "0.5")])),
            "config = 1\n\n[strategies.knn.params]\nrules = 0.5\n"
        );
    }

    #[test]
    fn a_trial_is_granted_in_either_shape_of_a_grant() {
        let whole = |strategy: &str| {
            format!(
                "[fields.context] # of the page\npage_item = {{ type = \"item\" }}\n[strategies.knn]\n{strategy}"
            )
        };
        for (written, expected) in [
            (
                "may_read = { a = \"exact\" }\n[x]\n",
                "may_read = { \"context.trial\" = \"exact\", a = \"exact\" }\n[x]\n",
            ),
            ("may_read = {}\n", "may_read = { \"context.trial\" = \"exact\"}\n"),
            (
                "[strategies.knn.may_read]\na = \"exact\"\n",
                "[strategies.knn.may_read]\n\"context.trial\" = \"exact\"\na = \"exact\"\n",
            ),
        ] {
            let policy = with_trial(&whole(written), "knn").unwrap();
            let declared = "[fields.context]\ntrial = { type = \"text\", class = \"none\" }\npage_item = { type = \"item\" }\n[strategies.knn]\n";
            assert_eq!(policy, format!("{declared}{expected}"));
        }
        assert!(with_trial("[fields.context]\n[strategies.other]\n", "knn").is_err());
    }
}

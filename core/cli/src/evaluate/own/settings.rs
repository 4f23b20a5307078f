//! jardin.toml with settings that were chosen.

use std::fmt::Write as _;

use jardin_host::ShopContent;

use super::super::table::toml_value;
use crate::written_file::write_file;

/// jardin.toml with settings of a strategy laid over its own.
pub(super) fn laid_over(config: &str, strategy: &str, settings: &[(String, String)]) -> String {
    let head = format!("[strategies.{strategy}.params]");
    let lines: String = settings.iter().fold(String::new(), |mut text, (name, value)| {
        let _ = writeln!(text, "{name} = {}", toml_value(value));
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

/// Writes jardin.toml, whole or not at all.
pub(super) fn write_config(shop: &ShopContent, text: &str) -> anyhow::Result<()> {
    write_file(&shop.folder.path().join("jardin.toml"), text.as_bytes())
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
}

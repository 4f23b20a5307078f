//! The comment at the head of a ready rule.

const POLICY_LINES: &str = "// Lines of policy.toml:";
const CONFIG_LINES: &str = "// Lines of jardin.toml:";
/// How far the lines of a file stand within the comment.
const INDENT: &str = "//     ";

/// What the head of a ready rule says.
pub(super) struct RuleHead {
    /// What the rule does, in a sentence.
    pub(super) title: &'static str,
    /// What policy.toml says for it.
    pub(super) policy: Vec<&'static str>,
    /// What jardin.toml says for it.
    pub(super) config: Vec<&'static str>,
}

impl RuleHead {
    /// Reads the head of a script.
    pub(super) fn read(script: &'static str) -> Self {
        let title = script.lines().next().and_then(|line| line.strip_prefix("// ")).unwrap_or_default();
        Self { title, policy: lines_below(script, POLICY_LINES), config: lines_below(script, CONFIG_LINES) }
    }
}

fn lines_below(script: &'static str, head: &str) -> Vec<&'static str> {
    let below = script.lines().skip_while(|line| *line != head).skip(1);
    below.map_while(|line| line.strip_prefix(INDENT)).collect()
}

//! `[placements.x] repeats`: whether what was just seen may come again.

use jardin_diagnostics::{TomlValue, codes::INVALID_VALUE, did_you_mean};
use jardin_model::Namespace;
use jardin_policy::{StrategyName, rules::PolicyRules};

use super::leave_out::LeaveOut;

/// Whether what was just seen may come again. It goes by what the request itself tells of the visit: a place
/// hides nothing by a history, since how long its list is would tell what stands there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Repeats {
    /// It may: where people find back to what they look at.
    Allow,
    /// All but the product of the page.
    NotTheLast,
    /// Neither the product of the page nor what lies in the basket.
    Never,
}

impl Repeats {
    /// What a page is for tells what is usual there: a place stands beside a product where a strategy of its
    /// chain is granted the page's item, and nobody needs to be shown the page that they are on.
    pub(super) fn usual_for<'a>(
        rules: &PolicyRules,
        chain: impl IntoIterator<Item = &'a StrategyName>,
    ) -> Self {
        let is_page_item = |grant| {
            let field = rules.field(grant);
            field.is_some_and(|f| f.path.namespace == Namespace::Context && &*f.path.name == "page_item")
        };
        let grants =
            chain.into_iter().filter_map(|name| rules.strategies.get(name)).flat_map(|rule| &rule.may_read);
        if grants.into_iter().any(|grant| is_page_item(grant.field)) { Self::NotTheLast } else { Self::Allow }
    }

    const ALL: [Self; 3] = [Self::Allow, Self::NotTheLast, Self::Never];

    /// The words of jardin.toml for it.
    const fn word(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::NotTheLast => "not the last",
            Self::Never => "never",
        }
    }

    /// What it leaves out.
    pub(super) const fn left_out(self) -> &'static [LeaveOut] {
        match self {
            Self::Allow => &[],
            Self::NotTheLast => &[LeaveOut::PageItem],
            Self::Never => &[LeaveOut::PageItem, LeaveOut::Basket],
        }
    }
}

pub(super) fn read_repeats(node: TomlValue<'_>) -> Option<Repeats> {
    let word = node.text()?;
    let found = Repeats::ALL.into_iter().find(|repeats| repeats.word() == word);
    if found.is_none() {
        let meant = did_you_mean(word, Repeats::ALL.into_iter().map(Repeats::word));
        let listed = || Repeats::ALL.map(|repeats| format!("`{}`", repeats.word())).join(", ");
        let help = meant
            .map_or_else(|| format!("`repeats` is one of {}", listed()), |m| format!("did you mean `{m}`?"));
        node.finding(
            INVALID_VALUE,
            format!("`{word}` does not say whether items may be repeated"),
            Some(help),
        );
    }
    found
}

//! `[placements.x] leave_out`: what a place does not show.

use jardin_diagnostics::{TomlValue, codes::INVALID_VALUE, did_you_mean};

/// What is not shown at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LeaveOut {
    /// The product of the page.
    PageItem,
    /// What lies in the basket, while a strategy of the chain that may run is granted it.
    Basket,
    /// What the lists above on the same page show.
    ShownAbove,
}

impl LeaveOut {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::PageItem, Self::Basket, Self::ShownAbove];

    /// The words of jardin.toml for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::PageItem => "page item",
            Self::Basket => "basket",
            Self::ShownAbove => "shown above",
        }
    }
}

pub(super) fn read_leave_out(node: TomlValue<'_>) -> Option<Vec<LeaveOut>> {
    let mut all = Vec::new();
    for (word, _) in node.texts()? {
        let one = LeaveOut::ALL.into_iter().find(|l| l.word() == word);
        if one.is_none() {
            let meant = did_you_mean(word, LeaveOut::ALL.into_iter().map(LeaveOut::word));
            let listed = || LeaveOut::ALL.map(|l| format!("`{}`", l.word())).join(", ");
            let help = meant.map_or_else(
                || format!("what can be left out is {}", listed()),
                |m| format!("did you mean `{m}`?"),
            );
            node.finding(INVALID_VALUE, format!("`{word}` cannot be left out"), Some(help));
        }
        all.extend(one.filter(|l| !all.contains(l)));
    }
    Some(all)
}

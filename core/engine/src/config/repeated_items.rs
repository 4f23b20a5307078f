//! `[placements.x] repeats`: whether what was just seen may come again.

use jardin_diagnostics::{TomlValue, codes::INVALID_VALUE, did_you_mean};

use super::leave_out::LeaveOut;

/// Whether what was just seen may come again. It goes by what the request itself tells of the visit: a place
/// hides nothing by a history, since how long its list is would tell what stands there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Repeats {
    /// It may: where people find back to what they look at.
    #[default]
    Allow,
    /// All but the product of the page.
    NotTheLast,
    /// Neither the product of the page nor what lies in the basket.
    Never,
}

impl Repeats {
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

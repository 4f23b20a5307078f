//! What the catalogue has beside a file: it stays, or goes where the file is said to be the whole catalogue.

use jardin_host::{HostError, OpenShop, counted};

use super::{ImportArgs, taken::Taken};
use crate::print;

/// What becomes of the items that a file does not have.
pub(super) enum Replacement {
    /// There are none, or the file has no items.
    Nothing,
    /// So many stay.
    Stay(usize),
    /// So many go.
    Go(usize),
    /// So many would go, which is more than a third of the catalogue.
    TooMany(usize),
    /// Rows could not be read, so that nobody knows what is missing.
    Unread,
}

/// Finds the items that a file does not have, and removes them where that was asked for.
pub(super) async fn settle_others(
    shop: &OpenShop,
    taken: &Taken<'_>,
    args: &ImportArgs,
    unread: u64,
) -> Result<Replacement, HostError> {
    let ids = taken.item_ids();
    if ids.is_empty() {
        return Ok(Replacement::Nothing);
    }
    let others = shop.count_items_beside(&ids).await?;
    let Some(confirmed) = args.replace.as_deref().map(|word| word == "all").filter(|_| others.count > 0)
    else {
        return Ok(if others.count == 0 { Replacement::Nothing } else { Replacement::Stay(others.count) });
    };
    if unread > 0 {
        return Ok(Replacement::Unread);
    }
    if others.is_large_loss && !confirmed {
        return Ok(Replacement::TooMany(others.count));
    }
    if !args.dry_run {
        shop.remove_items_beside(&ids).await?;
    }
    Ok(Replacement::Go(others.count))
}

impl Replacement {
    /// True where items were to go and stay.
    pub(super) const fn is_refused(&self) -> bool {
        matches!(self, Self::TooMany(_) | Self::Unread)
    }

    pub(super) fn show_replacement(&self, dry_run: bool) {
        let items = |count: usize| counted(count, "item");
        match self {
            Self::Nothing => {}
            Self::Stay(count) => print::line(&format!(
                "{} of the catalogue not in this file: kept; with --replace they go",
                items(*count)
            )),
            Self::Go(count) => {
                let went = if dry_run { "would go" } else { "gone; --put-back undoes it" };
                print::line(&format!("{} of the catalogue not in this file: {went}", items(*count)));
            }
            Self::TooMany(count) => print::line(&format!(
                "{} of the catalogue not in this file, more than a third: kept; where that is meant, import again with --replace=all",
                items(*count)
            )),
            Self::Unread => print::line(
                "nothing of the catalogue goes: rows of this file could not be read, so that it is not known what it lacks",
            ),
        }
    }
}

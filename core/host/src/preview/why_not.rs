//! Why an item does not stand on a page.

use std::sync::Arc;

use jardin_diagnostics::did_you_mean;
use jardin_model::ItemId;

use crate::{
    HostError, escape_controls,
    trial::{TrialEngine, TriedVersion},
};

impl TrialEngine {
    /// Why an item does not stand on a page that was tried, in a sentence.
    ///
    /// # Errors
    /// Where the catalogue has no such item.
    pub(super) fn why_not_shown(
        &self,
        tried: &TriedVersion,
        item: &str,
        sellable: &[Arc<str>],
    ) -> Result<String, HostError> {
        let known = ItemId::new(item).ok().filter(|id| !self.item_fields(id).is_empty());
        let Some(id) = known else {
            let ids = self.item_ids();
            let near = did_you_mean(item, ids.iter().map(ItemId::as_str));
            let meant = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            return Err(HostError::Unusable(format!(
                "the catalogue has no product `{}`{meant}",
                escape_controls(item)
            )));
        };
        let Some(row) = tried.items.iter().find(|row| row.item == id) else {
            return Ok(self.why_not_given(&id, sellable));
        };
        if let Some(rank) = row.rank {
            return Ok(format!("it is shown, at place {rank}"));
        }
        if let Some(dropped) = &row.dropped {
            let note = if dropped.note.is_empty() { String::new() } else { format!(": {}", dropped.note) };
            return Ok(format!("`{}` dropped it{note}", dropped.by));
        }
        let was = row.was.map(|was| format!(" at place {was} of its candidates")).unwrap_or_default();
        Ok(format!(
            "it was given{was}, and others stand before it: the page has {} places",
            tried.seen.answer.items.len()
        ))
    }

    /// Of an item that no strategy gave.
    fn why_not_given(&self, id: &ItemId, sellable: &[Arc<str>]) -> String {
        let fields = self.item_fields(id);
        let is_false = |flag: &&Arc<str>| fields.get(*flag).is_some_and(|value| *value == false);
        match sellable.iter().find(is_false) {
            Some(flag) => format!("it is not for sale: its `{flag}` is false"),
            None => "no strategy of this place gave it, or the page leaves it out because it was just seen"
                .to_owned(),
        }
    }
}

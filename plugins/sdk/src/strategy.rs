//! What a plugin's author writes.

use crate::{CatalogueRows, Observations, Params, Picks, Request};

/// A recommendation strategy. Every method is called from one thread, one after the other. A panic ends the
/// call and no more: the host goes on with the next strategy of the chain.
pub trait Strategy: Sized + 'static {
    /// Makes the strategy from its settings.
    ///
    /// # Errors
    /// What is wrong with the settings, for the shop's log.
    fn create(params: &Params<'_>) -> Result<Self, String>;

    /// Takes rows of the catalogue: whole before the first request, then what changed. Columns are named
    /// `item.…`; only granted ones exist.
    fn catalogue(&mut self, rows: &CatalogueRows<'_>);

    /// Answers one request. Where the host gave candidates, only these may be picked.
    fn recommend(&mut self, request: &Request<'_>, picks: &mut Picks);

    /// Learns from events. A session that comes again has grown: its rows go on where they ended.
    fn observe(&mut self, rows: &Observations<'_>) {
        let _ = rows;
    }

    /// Forgets sessions, exactly: every later answer is that of a strategy which never saw them.
    fn forget(&mut self, sessions: &[u64]) {
        let _ = sessions;
    }
}

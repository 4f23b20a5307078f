//! A request that waits for a worker to become free.

use jardin_abi::Pick;
use jardin_contract::{Failure, StrategyRequest};
use jardin_model::ItemIndex;

use super::worker_update::Reply;
use crate::link::frames::RecommendRow;

/// A request that waits for its answer. It is answered once: by its reply, which is given away with the
/// answer.
pub(super) struct WaitingRequest {
    pub(super) ask: StrategyRequest,
    pub(super) candidates: Vec<ItemIndex>,
    /// True where only candidates may be picked.
    pub(super) only_candidates: bool,
    pub(super) reply: Reply<Vec<Pick>>,
}

impl WaitingRequest {
    pub(super) fn new(row: &RecommendRow<'_>, reply: Reply<Vec<Pick>>) -> Self {
        Self {
            ask: row.ask.clone(),
            candidates: row.candidates.to_vec(),
            only_candidates: row.only_candidates,
            reply,
        }
    }

    pub(super) fn row(&self) -> RecommendRow<'_> {
        RecommendRow { ask: &self.ask, candidates: &self.candidates, only_candidates: self.only_candidates }
    }

    pub(super) fn answer(self, answer: Result<Vec<Pick>, Failure>) {
        // whoever no longer waits needs no answer
        let _ = self.reply.send(answer);
    }
}

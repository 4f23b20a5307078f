//! One version of a shop at work on one question, and how it is shown to programs.

use jardin_engine::StrategyAttempt;
use jardin_policy::StrategyName;
use serde_json::{Value, json};

use super::{
    Move, MovedItem, StrategyWork, TrialAnswer, TrialEngine, TrialQuestion, moved_items, strategy_work,
};
use crate::HostError;

/// One version of a shop at work.
pub struct TriedVersion {
    /// What came of the question.
    pub seen: TrialAnswer,
    /// Every item that the strategy was given, or that stands on the page.
    pub items: Vec<MovedItem>,
    /// What the strategy did.
    pub work: StrategyWork,
    /// Where and why the strategy failed on a product.
    pub note: Option<String>,
}

impl TriedVersion {
    /// Asks the engine, and follows one strategy.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn of_question(
        engine: &TrialEngine,
        question: &TrialQuestion,
        strategy: &StrategyName,
    ) -> Result<Self, HostError> {
        let seen = engine.ask(question).await?;
        Ok(Self {
            items: moved_items(&seen, engine, strategy),
            work: strategy_work(&seen, strategy),
            note: engine.health_note(strategy),
            seen,
        })
    }

    /// `{runs, failure, candidates, failed_items, took_ms, answer_ms, strategies, page, dropped}`. Of a strategy of which
    /// `hides_factors` is true it is told whether it moved an item up or down, and not by how much: a factor that was
    /// computed from a secret tells it.
    #[must_use]
    pub fn to_json(&self, hides_factors: &dyn Fn(&StrategyName) -> bool) -> Value {
        let tried = self.seen.answer.strategies.iter();
        let strategy =
            |t: &StrategyAttempt| json!({"name": t.name.as_str(), "status": t.status.word(), "why": t.why});
        let items = |is_shown: fn(&MovedItem) -> bool| -> Vec<Value> {
            self.items
                .iter()
                .filter(|item| is_shown(item))
                .map(|item| item_as_json(item, hides_factors))
                .collect()
        };
        json!({
            "runs": self.work.runs,
            "failure": self.work.failure,
            "candidates": self.work.candidates,
            "failed_items": self.work.failed_items,
            "took_ms": self.work.took.as_secs_f64() * 1000.0,
            "answer_ms": self.seen.took.as_secs_f64() * 1000.0,
            "strategies": tried.map(strategy).collect::<Vec<_>>(),
            "page": items(|item| item.rank.is_some()),
            "dropped": items(MovedItem::is_dropped),
        })
    }
}

fn item_as_json(item: &MovedItem, hides_factors: &dyn Fn(&StrategyName) -> bool) -> Value {
    let one = |made: &Move| {
        let factor = made.factor.filter(|_| !hides_factors(&made.by));
        let direction = made.factor.map(|factor| if factor >= 1.0 { "up" } else { "down" });
        json!({"strategy": made.by.as_str(), "factor": factor, "direction": direction, "note": &*made.note})
    };
    json!({
        "item_id": item.item.as_str(),
        "was": item.was,
        "rank": item.rank,
        "given_by": item.given_by.as_ref().map(|name| name.as_str()),
        "moves": item.moves.iter().map(one).collect::<Vec<_>>(),
        "dropped": item.dropped.as_ref().map(one),
        "says": item.says.as_deref(),
    })
}

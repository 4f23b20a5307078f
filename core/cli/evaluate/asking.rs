//! Asking the engine what a shopper would be shown.

use std::time::Duration;

use anyhow::anyhow;
use jardin_engine::{Fields, Request};
use jardin_evaluate::{Answers, Question};
use jardin_strategy::Clock as _;
use serde_json::json;

use super::ground::Ground;

/// The longest question that is sent; no strategy looks further back.
const LONGEST: usize = 100;
/// An answer that takes long is still judged by what it holds: a busy machine must not change the figures.
const DEADLINE_MS: u32 = 10_000;

/// One placement of a ground.
pub(super) struct Asking<'a> {
    pub(super) ground: &'a Ground,
    pub(super) placement: &'a str,
    /// Settings to be tried.
    pub(super) trial: Option<String>,
}

impl Answers for Asking<'_> {
    type Error = anyhow::Error;

    fn answer(&mut self, question: &Question, k: usize) -> anyhow::Result<(Vec<std::sync::Arc<str>>, Duration)> {
        let shown = question
            .shown
            .get(question.shown.len().saturating_sub(LONGEST)..)
            .unwrap_or_default();
        let mut context = Fields::new();
        if let Some(last) = shown.last() {
            context.insert("page_item".to_owned(), json!(&**last));
        }
        if let Some(trial) = &self.trial {
            context.insert("trial".to_owned(), json!(trial));
        }
        let mut session_fields = Fields::new();
        session_fields.insert("basket".to_owned(), shown.iter().map(|item| json!(&**item)).collect());
        let request = Request {
            placement: self.placement.to_owned(),
            session_fields,
            context,
            limit: Some(k),
            deadline_ms: Some(DEADLINE_MS),
            ..Request::default()
        };
        let start = self.ground.clock.instant();
        let answer = self.ground.runtime.block_on(self.ground.host.engine.recommend(&request));
        let took = self.ground.clock.instant().saturating_duration_since(start);
        let answer = answer.map_err(|p| anyhow!("a question is refused: {p}"))?;
        if let Some(failed) = answer
            .strategies
            .iter()
            .find(|s| matches!(s.why, Some("died" | "late" | "rejected" | "error" | "starting")))
        {
            return Err(anyhow!(
                "`{}` failed ({}), so that the figures would not be its own",
                failed.name,
                failed.why.unwrap_or_default()
            ));
        }
        let items = answer.items.iter().map(|shown| std::sync::Arc::from(shown.item.as_str())).collect();
        Ok((items, took))
    }
}

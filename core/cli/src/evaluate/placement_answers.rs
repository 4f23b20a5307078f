//! PlacementAnswers the engine what a shopper would be shown.

use std::{sync::Arc, time::Duration};

use anyhow::anyhow;
use jardin_contract::Clock as _;
use jardin_engine::Request;
use jardin_evaluate::{Answers, Question};
use serde_json::json;

use jardin_host::evaluation::ThrowawayShop;

/// The longest question that is sent; no strategy looks further back.
const LONGEST: usize = 100;
/// An answer that takes long is still judged by what it holds: a busy machine must not change the figures.
const DEADLINE_MS: u32 = 10_000;

/// One placement of a shop.
pub(super) struct PlacementAnswers<'a> {
    pub(super) shop: &'a ThrowawayShop,
    pub(super) placement: &'a str,
}

impl Answers for PlacementAnswers<'_> {
    type Error = anyhow::Error;

    fn answer(&mut self, question: &Question, k: usize) -> anyhow::Result<(Vec<Arc<str>>, Duration)> {
        let mut request = request_for(k);
        self.placement.clone_into(&mut request.placement);
        let shown = question.shown.get(question.shown.len().saturating_sub(LONGEST)..).unwrap_or_default();
        if let Some(last) = shown.last() {
            request.context.insert("page_item".to_owned(), json!(&**last));
        }
        let basket = shown.iter().map(|item| json!(&**item)).collect();
        request.session_fields.insert("basket".to_owned(), basket);
        ask_shop(self.shop, &request)
    }
}

/// A question for `k` items, with nothing in it yet.
pub(super) fn request_for(k: usize) -> Request {
    Request { limit: Some(k), deadline_ms: Some(DEADLINE_MS), ..Request::default() }
}

/// The items of an answer, and how long it took.
///
/// # Errors
/// Where a strategy failed: what its place was filled with would be judged in its name.
pub(super) fn ask_shop(shop: &ThrowawayShop, request: &Request) -> anyhow::Result<(Vec<Arc<str>>, Duration)> {
    let start = shop.clock.steady_now();
    let answer = shop.runtime.block_on(shop.host.engine.recommend(request));
    let took = shop.clock.steady_now().saturating_duration_since(start);
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
    let items = answer.items.iter().map(|shown| Arc::from(shown.item.as_str())).collect();
    Ok((items, took))
}
